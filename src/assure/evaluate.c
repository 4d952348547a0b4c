#include "assure/evaluate.h"

#include "assure/find.h"
#include "base/caldate.h"

#include <stdlib.h>

/* ---- words ------------------------------------------------------------------------------------------ */

struct state_row {
    const char *name, *words;
};
static const struct state_row states[CHECK_STATES] = {
    [CHECK_OVERDUE] = {"overdue", "overdue"},
    [CHECK_NOT_STARTED] = {"not_started", "not started"},
    [CHECK_IN_PROGRESS] = {"in_progress", "in progress"},
    [CHECK_WAITING] = {"waiting", "waiting"},
    [CHECK_COMPLETED] = {"completed", "completed"},
    [CHECK_NOT_NEEDED] = {"not_needed", "not needed"},
};

const char *check_state_name(enum check_state state)
{
    return states[state].name;
}

const char *check_state_words(enum check_state state)
{
    return states[state].words;
}

/* ---- one evaluation --------------------------------------------------------------------------------- */

struct judging {
    struct arena *a;
    const struct case_facts *f;
    const struct check *check;
    int64_t now_ms;
    struct check_report *out;
    struct check_item *item;
    size_t items, room;
};

static void changes_at(struct judging *j, int64_t ms)
{
    if (ms > j->now_ms && ms < j->out->changes_ms) j->out->changes_ms = ms;
}

/* ---- opening ---------------------------------------------------------------------------------------- */

struct candidate {
    Str subject;
    const struct fact_row *row;
    int64_t at_ms; /* may lie ahead */
};
struct candidates {
    struct candidate *item;
    size_t count, room;
};

static void candidate_add(struct arena *a, struct candidates *c, Str subject, const struct fact_row *row,
                          int64_t at_ms)
{
    ARENA_ROOM(a, c->item, c->room, c->count + 1, 8);
    c->item[c->count++] = (struct candidate){subject, row, at_ms};
}

/* The first moment at which a period had lasted long enough. False: never so far. */
static bool lasting_from(const struct periods *p, int64_t since_ms, int64_t until_ms, int64_t lasts_ms,
                         int64_t *at_ms)
{
    for (size_t i = 0; i < p->count; i++) {
        int64_t from = p->item[i].since_ms > since_ms ? p->item[i].since_ms : since_ms;
        int64_t until = p->item[i].until_ms < until_ms ? p->item[i].until_ms : until_ms;
        if (from >= until) continue;
        if (until != FOREVER_MS && until - from < lasts_ms) continue;
        *at_ms = from + lasts_ms;
        return true;
    }
    return false;
}

static void candidates_of_row(struct judging *j, const struct opening *o, const struct fact_row *row,
                              struct candidates *c)
{
    int64_t at_ms = 0;
    struct periods p = find_periods(j->a, j->f, &o->first, row, STR_NONE);
    if (p.count == 0) return;
    if (!str_present(o->by)) {
        if (lasting_from(&p, INT64_MIN, FOREVER_MS, o->lasts_ms, &at_ms))
            candidate_add(j->a, c, o->each ? row->key : j->f->death, row, at_ms);
        return;
    }
    for (size_t i = 0; i < row->count; i++) {
        const struct fact_value *v = &row->value[i];
        if (str_eq(v->name, o->by) && lasting_from(&p, v->since_ms, v->until_ms, o->lasts_ms, &at_ms))
            candidate_add(j->a, c, v->word, row, at_ms);
    }
}

static int compare_candidates(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->at_ms != b->at_ms) return a->at_ms < b->at_ms ? -1 : 1;
    int order = str_compare(a->subject, b->subject);
    return order ? order : str_compare(a->row->key, b->row->key);
}

/* The clauses after the first selector: moves the moment on, or says that it does not open. */
static bool steps_allow(struct judging *j, const struct opening *o, struct candidate *c)
{
    for (size_t i = 0; i < o->steps; i++) {
        const struct step *step = &o->step[i];
        const struct fact_row *first = NULL;
        int64_t first_ms = 0;
        for (size_t s = 0; s < step->alternatives; s++) {
            int64_t at_ms = 0, floor = step->link == STEP_THEN ? c->at_ms : INT64_MIN;
            const struct fact_row *row = find_beginning(j->a, j->f, &step->any[s], c->subject, floor, &at_ms);
            if (!row || (first && at_ms >= first_ms)) continue;
            first = row;
            first_ms = at_ms;
        }
        if (step->link == STEP_WITHOUT) {
            if (first && first_ms <= c->at_ms) return false;
            continue;
        }
        if (!first) return false;
        if (first_ms <= c->at_ms) continue;
        c->at_ms = first_ms;
        c->row = first;
    }
    return true;
}

static bool has_subject(const struct judging *j, Str subject, size_t variant_from)
{
    for (size_t i = variant_from; i < j->items; i++)
        if (str_eq(j->item[i].subject, subject)) return true;
    return false;
}

static void item_add(struct judging *j, const struct candidate *c)
{
    ARENA_ROOM(j->a, j->item, j->room, j->items + 1, 4);
    j->item[j->items++] = (struct check_item){.subject = c->subject,
                                              .opened_ms = c->at_ms,
                                              .opened_by = c->row,
                                              .due_ms = FOREVER_MS,
                                              .since_ms = INT64_MIN,
                                              .whom = STR_NONE,
                                              .second = STR_NONE,
                                              .reason = STR_NONE,
                                              .refused = STR_NONE};
}

/* All that a variant's lines open, the earliest of each subject. */
static void variant_open(struct judging *j, const struct variant *v)
{
    struct candidates all = {0};
    size_t from = j->items;
    for (size_t o = 0; o < v->openings; o++) {
        const struct opening *opening = &v->opens[o];
        struct candidates c = {0};
        for (size_t i = 0; i < j->f->count; i++)
            candidates_of_row(j, opening, &j->f->row[i], &c);
        if (c.count == 0 || c.count < opening->at_least) continue;
        qsort(c.item, c.count, sizeof *c.item, compare_candidates);
        int64_t enough_ms = opening->at_least > 0 ? c.item[opening->at_least - 1].at_ms : INT64_MIN;
        for (size_t i = 0; i < c.count; i++) {
            if (c.item[i].at_ms < enough_ms) c.item[i].at_ms = enough_ms;
            if (steps_allow(j, opening, &c.item[i]))
                candidate_add(j->a, &all, c.item[i].subject, c.item[i].row, c.item[i].at_ms);
        }
    }
    if (all.count > 1) qsort(all.item, all.count, sizeof *all.item, compare_candidates);
    for (size_t i = 0; i < all.count; i++) {
        if (all.item[i].at_ms > j->now_ms)
            changes_at(j, all.item[i].at_ms);
        else if (!has_subject(j, all.item[i].subject, from))
            item_add(j, &all.item[i]);
    }
}

/* ---- closing ---------------------------------------------------------------------------------------- */

struct closing {
    const struct fact_row *row[EVIDENCE_MAX];
    size_t found;
    int64_t at_ms;
    bool complete;
};

/* How far one line of evidence is met by what became known after the floor. */
static void evidence_weigh(struct judging *j, const struct check_item *item, const struct evidence *v,
                           int64_t floor_ms, struct closing *out)
{
    int64_t before_ms = INT64_MIN;
    bool reopened = floor_ms != INT64_MIN;
    *out = (struct closing){.at_ms = INT64_MIN, .complete = true};
    for (size_t i = 0; i < v->steps; i++) {
        const struct step *step = &v->step[i];
        const struct fact_row *row = NULL;
        int64_t row_ms = 0;
        for (size_t s = 0; s < step->alternatives; s++) {
            const struct selector *sel = &step->any[s];
            int64_t floor = reopened ? floor_ms : sel->later ? item->opened_ms : INT64_MIN, at_ms = 0;
            if (step->link == STEP_THEN && before_ms > floor) floor = before_ms;
            const struct fact_row *one = find_standing(j->a, j->f, sel, item->subject, floor, &at_ms);
            if (!one || (row && at_ms >= row_ms)) continue;
            row = one;
            row_ms = at_ms;
        }
        if (!row) {
            out->complete = false;
            while (i + 1 < v->steps && v->step[i + 1].link == STEP_THEN)
                i++; /* what should have come after it is nothing yet */
            continue;
        }
        before_ms = row_ms;
        if (row_ms > out->at_ms) out->at_ms = row_ms;
        out->row[out->found++] = row;
    }
}

/* The line that is met first; else the one that is met furthest. */
static struct closing closing_best(struct judging *j, const struct check_item *item, const struct variant *v,
                                   int64_t floor_ms)
{
    struct closing best = {0}, one;
    for (size_t i = 0; i < v->closings; i++) {
        evidence_weigh(j, item, &v->closed[i], floor_ms, &one);
        bool better = one.complete ? !best.complete || one.at_ms < best.at_ms
                                   : !best.complete && one.found > best.found;
        if (i == 0 || better) best = one;
    }
    return best;
}

static Str who_did(const struct fact_row *row)
{
    static const char *const fields[] = {"by",          "owner",  "taken_by",   "read_by",
                                         "log_kept_by", "reader", "approved_by"};
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        Str who = fact_now(row, str_of(fields[i]));
        if (str_present(who)) return who;
    }
    return STR_NONE;
}

/* Completion, and what undoes it: a fact that reopens is answered only by evidence that came after it. */
static struct closing close_item(struct judging *j, struct check_item *item, const struct variant *v)
{
    int64_t floor_ms = INT64_MIN;
    for (;;) {
        struct closing c = closing_best(j, item, v, floor_ms);
        if (!c.complete) return c;
        int64_t done_ms = c.at_ms > item->opened_ms ? c.at_ms : item->opened_ms, first_ms = 0;
        const struct fact_row *first = NULL;
        for (size_t i = 0; i < j->check->reopenings; i++) {
            int64_t at_ms = 0;
            const struct fact_row *row =
                find_beginning(j->a, j->f, &j->check->reopens[i], item->subject, done_ms, &at_ms);
            if (!row || (first && at_ms >= first_ms)) continue;
            first = row;
            first_ms = at_ms;
        }
        if (!first) return c;
        item->reopened_by = first;
        item->reopened_ms = first_ms;
        floor_ms = first_ms;
    }
}

/* ---- not needed ------------------------------------------------------------------------------------- */

/* Why a decision that a check is not needed does not count; NULL when it does. */
static const char *waiver_fault(const struct judging *j, const struct fact_row *row)
{
    const struct fact_row *second = facts_find(j->f, fact_now(row, S("approved_by")));
    if (j->check->waive_rank == 0) return "nobody may decide that this check is not needed";
    if (!str_present(fact_now(row, S("rationale")))) return "no reason is given";
    if (!str_present(fact_now(row, S("approved_by")))) return "no second person approved it";
    if (!str_present(fact_now(row, S("second"))))
        return "the second person is the one who decided, or it is not said who decided";
    if (!second || rank_height(fact_now(second, S("rank"))) < j->check->waive_rank)
        return "the second person does not hold the rank that this check asks for";
    return NULL;
}

/* From when the decision had all that it needs. */
static int64_t waiver_since(const struct fact_row *row, const struct fact_value *to)
{
    static const char *const fields[] = {"by", "approved_by", "rationale"};
    int64_t since_ms = to->since_ms;
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        const struct fact_value *v = fact_value_now(row, str_of(fields[i]));
        if (v && v->since_ms > since_ms) since_ms = v->since_ms;
    }
    return since_ms;
}

static bool waive_item(struct judging *j, struct check_item *item)
{
    int64_t floor_ms = item->reopened_by ? item->reopened_ms : item->opened_ms - 1;
    for (size_t i = 0; i < j->f->count; i++) {
        const struct fact_row *row = &j->f->row[i];
        if (!str_eq(row->kind, S("decision")) || !str_eq(fact_now(row, S("type")), S("not_needed"))) continue;
        const struct fact_value *to = fact_value_now(row, S("to"));
        if (!to || !str_eq(to->word, j->check->id) || to->since_ms <= floor_ms) continue;
        const char *fault = waiver_fault(j, row);
        if (fault) {
            item->refused = str_of(fault);
            continue;
        }
        item->state = CHECK_NOT_NEEDED;
        item->since_ms = waiver_since(row, to);
        item->whom = fact_now(row, S("by"));
        item->second = fact_now(row, S("approved_by"));
        item->reason = fact_now(row, S("rationale"));
        item->refused = STR_NONE;
        item->evidence = NEW_ARRAY(j->a, const struct fact_row *, 1);
        item->evidence[item->evidences++] = row;
        return true;
    }
    return false;
}

/* ---- the state of an item --------------------------------------------------------------------------- */

static int64_t due_of(const struct judging *j, const struct check_item *item)
{
    const struct check *c = j->check;
    int64_t own_ms = str_present(c->due_field) ? fact_time_now(item->opened_by, c->due_field) : INT64_MIN;
    if (own_ms != INT64_MIN && !item->reopened_by) return own_ms;
    if (c->due_ms == 0) return FOREVER_MS;
    int64_t from_ms = item->reopened_by ? item->reopened_ms : item->opened_ms;
    if (str_present(c->due_from) && !item->reopened_by) {
        const struct fact_row *death = facts_find(j->f, j->f->death);
        int64_t named_ms = fact_time_now(item->opened_by, c->due_from);
        if (named_ms == INT64_MIN && death) named_ms = fact_time_now(death, c->due_from);
        if (named_ms != INT64_MIN) from_ms = named_ms;
    }
    return from_ms + c->due_ms;
}

/* What shows that somebody is at it counts from the opening on where it says "later". */
static int64_t floor_for(const struct selector *s, const struct check_item *item, int64_t floor_ms)
{
    return s->later && item->opened_ms > floor_ms ? item->opened_ms : floor_ms;
}

static bool waiting_now(struct judging *j, struct check_item *item, int64_t floor_ms)
{
    for (size_t i = 0; i < j->check->waits; i++) {
        const struct waiting *w = &j->check->waiting[i];
        int64_t since_ms = 0;
        const struct fact_row *row =
            find_standing(j->a, j->f, &w->on, item->subject, floor_for(&w->on, item, floor_ms), &since_ms);
        if (!row) continue;
        item->whom = w->whom;
        if (w->whom.ptr[0] == '{') item->whom = fact_now(row, str_slice(w->whom, 1, w->whom.len - 1));
        if (!str_present(item->whom)) continue;
        item->state = CHECK_WAITING;
        item->since_ms = since_ms;
        return true;
    }
    return false;
}

static bool begun_now(struct judging *j, const struct check_item *item, int64_t floor_ms)
{
    int64_t since_ms = 0;
    for (size_t i = 0; i < j->check->begins; i++) {
        const struct selector *s = &j->check->begun[i];
        if (find_standing(j->a, j->f, s, item->subject, floor_for(s, item, floor_ms), &since_ms)) return true;
    }
    return false;
}

static void item_judge(struct judging *j, struct check_item *item, const struct variant *v)
{
    struct closing c = close_item(j, item, v);
    item->due_ms = due_of(j, item);
    if (c.complete || c.found > 0) {
        item->evidence = NEW_ARRAY(j->a, const struct fact_row *, c.found + 1);
        memcpy(item->evidence, c.row, c.found * sizeof c.row[0]);
        item->evidences = c.found;
    }
    if (c.complete) {
        item->state = CHECK_COMPLETED;
        item->since_ms = c.at_ms;
        item->whom = who_did(c.row[c.found - 1]);
        item->late = c.at_ms > item->due_ms;
        return;
    }
    if (waive_item(j, item)) return;
    int64_t floor_ms = item->reopened_by ? item->reopened_ms : INT64_MIN;
    if (!waiting_now(j, item, floor_ms))
        item->state = c.found > 0 || begun_now(j, item, floor_ms) ? CHECK_IN_PROGRESS : CHECK_NOT_STARTED;
    if (item->due_ms == FOREVER_MS) return;
    if (j->now_ms > item->due_ms)
        item->state = CHECK_OVERDUE;
    else
        changes_at(j, item->due_ms + 1);
}

/* ---- a check, and all of them ----------------------------------------------------------------------- */

static bool item_done(const struct check_item *item)
{
    return item->state == CHECK_COMPLETED || item->state == CHECK_NOT_NEEDED;
}

static int compare_items(const void *left, const void *right)
{
    const struct check_item *a = left, *b = right;
    if (a->opened_ms != b->opened_ms) return a->opened_ms < b->opened_ms ? -1 : 1;
    int order = str_compare(a->subject, b->subject);
    return order ? order : str_compare(a->opened_by->key, b->opened_by->key);
}

/* Does an item that is not done come before another? */
static bool item_before(const struct check_item *a, const struct check_item *b)
{
    if (item_done(a) != item_done(b)) return item_done(b);
    if ((a->state == CHECK_OVERDUE) != (b->state == CHECK_OVERDUE)) return a->state == CHECK_OVERDUE;
    if (a->due_ms != b->due_ms) return a->due_ms < b->due_ms;
    return a->opened_ms < b->opened_ms;
}

static void status_sum(struct check_status *s)
{
    bool begun = false;
    s->state = CHECK_NOT_NEEDED;
    s->due_ms = FOREVER_MS;
    s->opened_ms = s->item[0].opened_ms;
    for (size_t i = 0; i < s->items; i++) {
        const struct check_item *item = &s->item[i];
        begun = begun || item_done(item);
        if (item->state < s->state) s->state = item->state;
        if (!item_done(item) && item->due_ms < s->due_ms) s->due_ms = item->due_ms;
        if (item_before(item, &s->item[s->next])) s->next = i;
    }
    if (s->state == CHECK_NOT_STARTED && begun) s->state = CHECK_IN_PROGRESS;
}

static bool status_open(const struct check_status *s)
{
    return s->state != CHECK_COMPLETED && s->state != CHECK_NOT_NEEDED;
}

void checks_evaluate(struct arena *a, const struct check_pack *pack, const struct case_facts *f,
                     int64_t now_ms, struct check_report *out)
{
    *out = (struct check_report){.status = NEW_ARRAY(a, struct check_status, pack->count + 1),
                                 .changes_ms = FOREVER_MS};
    for (size_t i = 0; i < pack->count; i++) {
        struct judging j = {.a = a, .f = f, .check = &pack->check[i], .now_ms = now_ms, .out = out};
        for (size_t v = 0; v < j.check->variants; v++) {
            size_t from = j.items;
            variant_open(&j, &j.check->variant[v]);
            for (size_t n = from; n < j.items; n++)
                item_judge(&j, &j.item[n], &j.check->variant[v]);
        }
        if (j.items == 0) continue;
        qsort(j.item, j.items, sizeof *j.item, compare_items);
        struct check_status *s = &out->status[out->count++];
        *s = (struct check_status){.check = j.check, .item = j.item, .items = j.items};
        status_sum(s);
        out->in_state[s->state]++;
        out->done += !status_open(s);
        if (status_open(s) &&
            (!out->next || item_before(&s->item[s->next], &out->next->item[out->next->next])))
            out->next = s;
    }
}
