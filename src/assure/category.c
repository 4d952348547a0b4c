#include "assure/category.h"

#include "assure/selector.h"

#include <stdlib.h>

struct category_row {
    const char *category, *words;
};
/* From the lowest to the highest. */
static const struct category_row categories[] = {
    {"expected", "expected"},
    {"unexpected_not_suspicious", "unexpected, investigated and not suspicious"},
    {"unexpected_investigating", "unexpected, under investigation"},
    {"homicide", "homicide"},
};

struct fault_row {
    enum category_fault bit;
    const char *name, *words;
};
static const struct fault_row faults[] = {
    {CATEGORY_NO_REASON, "no_reason", "No reason is recorded."},
    {CATEGORY_NO_SECOND, "no_second_person", "No other person approved it."},
    {CATEGORY_NO_SUPERVISOR, "no_supervisor", "The person who approved it is not recorded as a supervisor."},
    {CATEGORY_NO_EVIDENCE, "no_evidence", "It names no evidence that it rests on."},
    {CATEGORY_NO_DECISION, "no_decision", "The report was rewritten; no decision is recorded."},
};

const char *category_direction_name(enum category_direction d)
{
    static const char *const names[] = {"first", "up", "down", "same"};
    return names[d];
}

const char *category_fault_name(enum category_fault bit)
{
    for (size_t i = 0; i < COUNT_OF(faults); i++)
        if (faults[i].bit == bit) return faults[i].name;
    return "";
}

const char *category_fault_words(enum category_fault bit)
{
    for (size_t i = 0; i < COUNT_OF(faults); i++)
        if (faults[i].bit == bit) return faults[i].words;
    return "";
}

int category_height(Str category)
{
    for (size_t i = 0; i < COUNT_OF(categories); i++)
        if (str_eq(category, str_of(categories[i].category))) return (int)i + 1;
    return 0;
}

Str category_words(Str category)
{
    int height = category_height(category);
    return height > 0 ? str_of(categories[height - 1].words) : S("none given");
}

unsigned category_step_faults(Str from, Str to, Str rationale, Str by, Str approved_by, int approver_rank,
                              size_t relied_on)
{
    unsigned fault = str_empty(str_trim(rationale)) ? CATEGORY_NO_REASON : 0;
    if (category_height(to) >= category_height(from)) return fault;
    if (str_empty(approved_by) || str_empty(by) || str_eq(by, approved_by))
        fault |= CATEGORY_NO_SECOND;
    else if (approver_rank < SUPERVISOR_RANK)
        fault |= CATEGORY_NO_SUPERVISOR;
    if (relied_on == 0) fault |= CATEGORY_NO_EVIDENCE;
    return fault;
}

/* ---- the steps -------------------------------------------------------------------------------------- */

struct steps {
    struct category_step *item;
    size_t count, room;
};

static void step_add(struct arena *a, struct steps *s, struct category_step one)
{
    ARENA_ROOM(a, s->item, s->room, s->count + 1, 4);
    s->item[s->count++] = one;
}

/* By time; what the report says before what was decided at the same moment. */
static int compare_steps(const void *left, const void *right)
{
    const struct category_step *a = left, *b = right;
    if (a->at_ms != b->at_ms) return a->at_ms < b->at_ms ? -1 : 1;
    bool da = str_eq(a->row->kind, S("decision")), db = str_eq(b->row->kind, S("decision"));
    if (da != db) return da ? 1 : -1;
    int order = str_compare(a->row->key, b->row->key);
    return order ? order : str_compare(a->to, b->to);
}

static void decision_read(struct arena *a, struct steps *s, const struct fact_row *row)
{
    const struct fact_value *to = fact_value_now(row, S("to")), *type = fact_value_now(row, S("type"));
    if (!to || !type || !str_eq(type->word, S("classify"))) return;
    /* what was first proposed holds from when it was approved */
    step_add(a, s,
             (struct category_step){.to = to->word,
                                    .at_ms = to->since_ms > type->since_ms ? to->since_ms : type->since_ms,
                                    .row = row,
                                    .by = fact_now(row, S("by")),
                                    .approved_by = fact_now(row, S("approved_by")),
                                    .rationale = fact_now(row, S("rationale"))});
}

static size_t relied_on(const struct fact_row *row)
{
    size_t n = 0;
    for (size_t i = 0; i < row->count; i++)
        n += str_eq(row->value[i].name, S("relied_on")) && row->value[i].until_ms == FOREVER_MS;
    return n;
}

static void step_judge(const struct case_facts *f, struct category_step *step, Str from)
{
    int was = category_height(from), is = category_height(step->to);
    step->from = from;
    step->direction = was == 0   ? CATEGORY_FIRST
                      : is > was ? CATEGORY_UP
                      : is < was ? CATEGORY_DOWN
                                 : CATEGORY_SAME;
    if (str_eq(step->row->kind, S("death"))) {
        step->fault = step->direction == CATEGORY_DOWN ? CATEGORY_NO_DECISION : 0;
        return;
    }
    const struct fact_row *second = facts_find(f, step->approved_by);
    int rank = second ? rank_height(fact_now(second, S("rank"))) : 0;
    step->fault = category_step_faults(from, step->to, step->rationale, step->by, step->approved_by, rank,
                                       relied_on(step->row));
}

size_t category_steps(struct arena *a, const struct case_facts *f, struct category_step **out)
{
    struct steps s = {0};
    for (size_t i = 0; i < f->count; i++) {
        const struct fact_row *row = &f->row[i];
        if (str_eq(row->kind, S("decision"))) decision_read(a, &s, row);
        if (!str_eq(row->kind, S("death"))) continue;
        for (size_t v = 0; v < row->count; v++)
            if (str_eq(row->value[v].name, S("category")))
                step_add(a, &s,
                         (struct category_step){
                             .to = row->value[v].word, .at_ms = row->value[v].since_ms, .row = row});
    }
    if (s.count > 1) qsort(s.item, s.count, sizeof *s.item, compare_steps);
    Str from = STR_NONE;
    for (size_t i = 0; i < s.count; i++) {
        step_judge(f, &s.item[i], from);
        from = s.item[i].to;
    }
    *out = s.item;
    return s.count;
}

/* ---- as facts --------------------------------------------------------------------------------------- */

/* A look at the record that answers a challenge. */
static int64_t answered_after(const struct case_facts *f, const struct category_step *step, size_t steps,
                              int64_t since_ms)
{
    int64_t first_ms = FOREVER_MS;
    for (size_t i = 0; i < steps; i++)
        if (str_eq(step[i].row->kind, S("decision")) && step[i].at_ms > since_ms && step[i].at_ms < first_ms)
            first_ms = step[i].at_ms;
    for (size_t i = 0; i < f->count; i++) {
        const struct fact_value *kind =
            str_eq(f->row[i].kind, S("review")) ? fact_value_now(&f->row[i], S("kind")) : NULL;
        if (!kind || !str_eq(kind->word, S("after_new_link")) ||
            !str_present(fact_now(&f->row[i], S("outcome"))))
            continue;
        const struct fact_value *outcome = fact_value_now(&f->row[i], S("outcome"));
        if (outcome->since_ms > since_ms && outcome->since_ms < first_ms) first_ms = outcome->since_ms;
    }
    return first_ms;
}

/* A link is a challenge to a category that calls the death explained: from the later of both on, until
 * somebody has looked after the link came up. */
static void challenge(struct arena *a, struct case_facts *f, struct fact_row *row,
                      const struct category_step *step, size_t steps)
{
    for (size_t i = 0; i < f->count; i++) {
        const struct fact_value *strong =
            str_eq(f->row[i].kind, S("link")) ? fact_value_now(&f->row[i], S("strong")) : NULL;
        if (!strong || !str_eq(strong->word, S("yes")) || !str_eq(fact_now(&f->row[i], S("of")), S("death")))
            continue;
        int64_t until_ms = answered_after(f, step, steps, strong->since_ms);
        for (size_t s = 0; s < steps; s++) {
            int64_t from_ms = step[s].at_ms > strong->since_ms ? step[s].at_ms : strong->since_ms;
            int64_t to_ms = s + 1 < steps && step[s + 1].at_ms < until_ms ? step[s + 1].at_ms : until_ms;
            int height = category_height(step[s].to);
            if (height == 1 || height == 2)
                facts_add_value(a, row, S("challenged"), S("yes"), from_ms, to_ms);
        }
    }
}

static void decision_facts(struct arena *a, struct case_facts *f, const struct category_step *step)
{
    for (size_t i = 0; i < f->count; i++) {
        struct fact_row *row = &f->row[i];
        if (row != step->row) continue;
        facts_add_value(a, row, S("step"), str_of(category_direction_name(step->direction)), step->at_ms,
                        FOREVER_MS);
        for (size_t b = 0; b < COUNT_OF(faults); b++)
            if (step->direction == CATEGORY_DOWN && (step->fault & (unsigned)faults[b].bit))
                facts_add_value(a, row, S("breaks"), str_of(faults[b].name), step->at_ms, FOREVER_MS);
    }
}

void category_facts(struct arena *a, struct case_facts *f)
{
    struct category_step *step = NULL;
    if (f->count == 0) return;
    size_t steps = category_steps(a, f, &step);
    int64_t known_ms = f->row[0].known_ms;
    for (size_t i = 0; i < steps; i++)
        if (str_eq(step[i].row->kind, S("decision"))) decision_facts(a, f, &step[i]);
    struct fact_row row = {.kind = S("category"), .key = f->death, .known_ms = known_ms};
    if (steps == 0 || step[0].at_ms > known_ms) {
        int64_t until_ms = steps == 0 ? FOREVER_MS : step[0].at_ms;
        facts_add_value(a, &row, S("is"), S("none"), known_ms, until_ms);
        facts_add_value(a, &row, S("unexpected"), S("yes"), known_ms, until_ms);
    }
    for (size_t i = 0; i < steps; i++) {
        int64_t until_ms = i + 1 < steps ? step[i + 1].at_ms : FOREVER_MS;
        facts_add_value(a, &row, S("is"), step[i].to, step[i].at_ms, until_ms);
        if (category_height(step[i].to) != 1)
            facts_add_value(a, &row, S("unexpected"), S("yes"), step[i].at_ms, until_ms);
    }
    challenge(a, f, &row, step, steps);
    struct fact_row *into = facts_add_row(a, f, row.kind, row.key, known_ms);
    *into = row;
}
