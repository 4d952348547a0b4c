#include "assure/find.h"

#include <stdlib.h>

enum { PERIODS_FROM = 4 };

/* ---- periods ---------------------------------------------------------------------------------------- */

static void period_add(struct arena *a, struct periods *p, int64_t since_ms, int64_t until_ms)
{
    if (since_ms >= until_ms) return;
    ARENA_ROOM(a, p->item, p->room, p->count + 1, PERIODS_FROM);
    p->item[p->count++] = (struct period){since_ms, until_ms};
}

static int compare_periods(const void *left, const void *right)
{
    const struct period *a = left, *b = right;
    if (a->since_ms != b->since_ms) return a->since_ms < b->since_ms ? -1 : 1;
    return a->until_ms < b->until_ms ? -1 : a->until_ms > b->until_ms;
}

static void periods_settle(struct periods *p)
{
    size_t kept = 0;
    if (p->count > 1) qsort(p->item, p->count, sizeof *p->item, compare_periods);
    for (size_t i = 0; i < p->count; i++) {
        struct period *last = kept > 0 ? &p->item[kept - 1] : NULL;
        if (last && p->item[i].since_ms <= last->until_ms) {
            if (p->item[i].until_ms > last->until_ms) last->until_ms = p->item[i].until_ms;
        } else {
            p->item[kept++] = p->item[i];
        }
    }
    p->count = kept;
}

static struct periods periods_both(struct arena *a, const struct periods *x, const struct periods *y)
{
    struct periods both = {0};
    for (size_t i = 0; i < x->count; i++)
        for (size_t j = 0; j < y->count; j++) {
            const struct period *p = &x->item[i], *q = &y->item[j];
            period_add(a, &both, p->since_ms > q->since_ms ? p->since_ms : q->since_ms,
                       p->until_ms < q->until_ms ? p->until_ms : q->until_ms);
        }
    return both;
}

/* The rest of the row's life. */
static struct periods periods_gaps(struct arena *a, const struct periods *x, int64_t from_ms)
{
    struct periods gaps = {0};
    for (size_t i = 0; i < x->count; i++) {
        period_add(a, &gaps, from_ms, x->item[i].since_ms);
        from_ms = x->item[i].until_ms;
    }
    period_add(a, &gaps, from_ms, FOREVER_MS);
    return gaps;
}

/* ---- one test --------------------------------------------------------------------------------------- */

static bool holds_nocase(Str text, Str part)
{
    for (size_t i = 0; i + part.len <= text.len; i++)
        if (str_eq_nocase(str_slice(text, i, i + part.len), part)) return true;
    return false;
}

static double measure_of(Str word, bool *known)
{
    double number = rank_height(word);
    *known = number > 0 || str_to_f64(word, &number) == OK;
    return number;
}

static bool listed(const struct test *t, Str word, Str subject)
{
    for (size_t i = 0; i < t->word.count; i++)
        if (str_eq(word, str_eq(t->word.item[i], S("@")) ? subject : t->word.item[i])) return true;
    return false;
}

static bool word_answers(const struct test *t, Str word, Str subject)
{
    bool known = false;
    double number = 0;
    switch (t->op) {
    case TEST_STANDS:
    case TEST_ABSENT:
        return true;
    case TEST_IS:
        return listed(t, word, subject);
    case TEST_IS_NOT:
        return !listed(t, word, subject);
    case TEST_HOLDS:
        for (size_t i = 0; i < t->word.count; i++)
            if (holds_nocase(word, t->word.item[i])) return true;
        return false;
    case TEST_AT_MOST:
        number = measure_of(word, &known);
        return known && number <= t->number;
    case TEST_AT_LEAST:
        number = measure_of(word, &known);
        return known && number >= t->number;
    }
    return false;
}

static struct periods field_answers(struct arena *a, const struct test *t, const struct fact_row *row,
                                    Str subject)
{
    struct periods p = {0};
    if (str_eq(t->field, S("id"))) {
        if (word_answers(t, row->key, subject)) period_add(a, &p, row->known_ms, FOREVER_MS);
        return p;
    }
    for (size_t i = 0; i < row->count; i++) {
        const struct fact_value *v = &row->value[i];
        if (str_eq(v->name, t->field) && word_answers(t, v->word, subject))
            period_add(a, &p, v->since_ms, v->until_ms);
    }
    periods_settle(&p);
    return t->op == TEST_ABSENT ? periods_gaps(a, &p, row->known_ms) : p;
}

/* Through a reference: while it stood, and while what it leads to answered. */
static struct periods path_answers(struct arena *a, const struct case_facts *f, const struct test *t,
                                   const struct fact_row *row, Str subject)
{
    struct periods all = {0};
    for (size_t i = 0; i < row->count; i++) {
        const struct fact_value *v = &row->value[i];
        if (!str_eq(v->name, t->path)) continue;
        for (size_t r = 0; r < f->count; r++) {
            if (!str_eq(f->row[r].key, v->word)) continue;
            struct periods stood = {0};
            period_add(a, &stood, v->since_ms, v->until_ms);
            struct periods there = field_answers(a, t, &f->row[r], subject);
            struct periods both = periods_both(a, &stood, &there);
            for (size_t p = 0; p < both.count; p++)
                period_add(a, &all, both.item[p].since_ms, both.item[p].until_ms);
        }
    }
    periods_settle(&all);
    return all;
}

/* ---- a selector ------------------------------------------------------------------------------------- */

struct periods find_periods(struct arena *a, const struct case_facts *f, const struct selector *s,
                            const struct fact_row *row, Str subject)
{
    struct periods all = {0};
    if (!str_eq(row->kind, s->kind)) return all;
    period_add(a, &all, row->known_ms, FOREVER_MS);
    for (size_t i = 0; i < s->tests && all.count > 0; i++) {
        const struct test *t = &s->test[i];
        struct periods one =
            str_present(t->path) ? path_answers(a, f, t, row, subject) : field_answers(a, t, row, subject);
        all = periods_both(a, &all, &one);
    }
    return all;
}

const struct fact_row *find_standing(struct arena *a, const struct case_facts *f, const struct selector *s,
                                     Str subject, int64_t floor_ms, int64_t *since_ms)
{
    const struct fact_row *first = NULL;
    for (size_t i = 0; i < f->count; i++) {
        struct periods p = find_periods(a, f, s, &f->row[i], subject);
        if (p.count == 0 || p.item[p.count - 1].until_ms != FOREVER_MS) continue;
        int64_t since = p.item[p.count - 1].since_ms;
        if (since <= floor_ms || (first && since >= *since_ms)) continue;
        first = &f->row[i];
        *since_ms = since;
    }
    return first;
}

static void earlier(const struct fact_row *row, int64_t at_ms, int64_t floor_ms,
                    const struct fact_row **first, int64_t *since_ms)
{
    if (at_ms <= floor_ms || (*first && at_ms >= *since_ms)) return;
    *first = row;
    *since_ms = at_ms;
}

const struct fact_row *find_beginning(struct arena *a, const struct case_facts *f, const struct selector *s,
                                      Str subject, int64_t floor_ms, int64_t *since_ms)
{
    const struct fact_row *first = NULL;
    for (size_t i = 0; i < f->count; i++) {
        const struct fact_row *row = &f->row[i];
        struct periods p = find_periods(a, f, s, row, subject);
        for (size_t n = 0; n < p.count; n++)
            earlier(row, p.item[n].since_ms, floor_ms, &first, since_ms);
        if (s->tests > 0 || p.count == 0) continue;
        for (size_t n = 0; n < row->count; n++)
            earlier(row, row->value[n].since_ms, floor_ms, &first, since_ms);
    }
    return first;
}
