#include "app/table_link.h"

#include "base/csv.h"
#include "base/parallel.h"
#include "base/stream.h"
#include "match/match.h"

#include <stdlib.h>

#define WORK_BYTES_MAX ((size_t)16 << 30)
#define OUT_BYTES_MAX  ((size_t)4 << 30)
#define ROWS_A_PART    16

struct linked_pair {
    uint32_t a, b; /* rows; b == a: none */
    double steps;
};

struct linked {
    const struct sheet *sheet;
    const struct table_link_options *options;
    struct arena *arena;
    struct match_model identity; /* without a learned model */
    struct match_index *index;
    struct model_scorer scorer; /* with one */
    double prevalence;
    struct linked_pair *pair;
    size_t count;
};

static double probability_of(const struct linked *l, double steps)
{
    if (l->options->model) return model_probability(l->options->model, steps, l->prevalence);
    double odds = pow(10, steps) * l->prevalence / (1 - l->prevalence);
    return odds / (1 + odds);
}

/* ---- the nearest of each row -----------------------------------------------------------------------------
 */

static enum status nearest_by_identity(struct linked *l, struct linked_pair *nearest, struct err *e)
{
    const struct table_link_options *o = l->options;
    struct match_pair *found = NULL;
    for (size_t i = 0; i < o->leave_out.count; i++) {
        const struct column *c = NULL;
        TRY(sheet_need(l->sheet, o->leave_out.item[i], ~0U, &c, e));
    }
    TRY(match_model_begin(l->sheet, &o->leave_out, &l->identity, e));
    TRY(match_index_new(l->sheet, &l->identity, o->threads, l->arena, &l->index, e));
    TRY(match_learn(&l->identity, l->index, e));
    l->prevalence = l->identity.prior;
    TRY(match_nearest(l->index, o->top, l->arena, &found, e));
    for (size_t i = 0; i < l->sheet->rows * o->top; i++)
        nearest[i] = (struct linked_pair){found[i].a, found[i].b, found[i].weight_db / 10.0};
    return OK;
}

struct nearest_work {
    const struct linked *linked;
    struct linked_pair *nearest;
};

/* Keeps the heaviest `top`, of equals the first seen. */
static void keep_nearest(struct linked_pair *kept, size_t top, struct linked_pair p)
{
    size_t at = top;
    if (kept[top - 1].b != kept[top - 1].a && kept[top - 1].steps >= p.steps) return;
    while (at > 0 && (kept[at - 1].a == kept[at - 1].b || kept[at - 1].steps < p.steps))
        at--;
    memmove(&kept[at + 1], &kept[at], (top - at - 1) * sizeof *kept);
    kept[at] = p;
}

static void nearest_of_rows(void *state, size_t part, size_t thread)
{
    const struct nearest_work *w = state;
    size_t rows = w->linked->sheet->rows, top = w->linked->options->top;
    size_t end = (part + 1) * ROWS_A_PART < rows ? (part + 1) * ROWS_A_PART : rows;
    (void)thread;
    for (size_t row = part * ROWS_A_PART; row < end; row++) {
        struct linked_pair *kept = &w->nearest[row * top];
        for (size_t i = 0; i < top; i++)
            kept[i] = (struct linked_pair){(uint32_t)row, (uint32_t)row, 0};
        for (size_t other = 0; other < rows; other++) {
            if (other == row) continue;
            double steps = model_score(&w->linked->scorer, row, other, NULL);
            keep_nearest(kept, top, (struct linked_pair){(uint32_t)row, (uint32_t)other, steps});
        }
    }
}

static enum status nearest_by_model(struct linked *l, struct linked_pair *nearest, struct err *e)
{
    const struct learned_model *m = l->options->model;
    struct nearest_work work = {l, nearest};
    TRY(model_scorer_for(m, l->sheet, l->arena, &l->scorer, e));
    double odds = pow(10, m->curves.base);
    l->prevalence = m->calibrated ? m->calibration.prevalence : odds / (1 + odds);
    parallel_run(l->options->threads, (l->sheet->rows + ROWS_A_PART - 1) / ROWS_A_PART, nearest_of_rows,
                 &work);
    return OK;
}

/* ---- each pair once, the heaviest first
 * ---------------------------------------------------------------------- */

static int heaviest_first(const void *x, const void *y)
{
    const struct linked_pair *p = x, *q = y;
    if (p->steps < q->steps || p->steps > q->steps) return p->steps < q->steps ? 1 : -1;
    if (p->a != q->a) return p->a < q->a ? -1 : 1;
    return p->b < q->b ? -1 : p->b > q->b;
}

static void gather(struct linked *l, struct linked_pair *nearest)
{
    size_t kept = 0;
    l->pair = nearest; /* in place: it only gets shorter */
    for (size_t i = 0; i < l->sheet->rows * l->options->top; i++) {
        struct linked_pair p = nearest[i];
        if (p.a == p.b) continue;
        l->pair[l->count++] = p.a < p.b ? p : (struct linked_pair){p.b, p.a, p.steps};
    }
    if (l->count > 0) qsort(l->pair, l->count, sizeof *l->pair, heaviest_first);
    for (size_t i = 0; i < l->count; i++)
        if (kept == 0 || l->pair[kept - 1].a != l->pair[i].a || l->pair[kept - 1].b != l->pair[i].b)
            l->pair[kept++] = l->pair[i];
    l->count = kept;
}

/* ---- in words
 * ------------------------------------------------------------------------------------------------ */

struct said {
    Str title;
    const char *words; /* NULL: none */
    double steps;
};

static int most_said_first(const void *x, const void *y)
{
    const struct said *a = x, *b = y;
    double p = fabs(a->steps), q = fabs(b->steps);
    if (p < q || p > q) return p < q ? 1 : -1;
    return str_compare(a->title, b->title);
}

/* What each column or measure says of the pair. */
static size_t say(const struct linked *l, const struct linked_pair *p, struct said *said)
{
    const struct learned_model *m = l->options->model;
    if (m) {
        double weight[MEASURES_MAX];
        model_score(&l->scorer, p->a, p->b, weight);
        for (size_t i = 0; i < m->curves.count; i++)
            said[i] = (struct said){m->curves.curve[i].feature, NULL, weight[i]};
        return m->curves.count;
    }
    struct match_reason reason[MATCH_COLUMNS_MAX];
    match_weigh(l->index, p->a, p->b, reason);
    for (size_t i = 0; i < l->identity.columns; i++)
        said[i] = (struct said){reason[i].column->name, reason[i].words, reason[i].weight_db / 10.0};
    return l->identity.columns;
}

/* "surname: the same (+2.1); dob: different (-0.8)", "distance(where) (+1.3); same(how) (+0.4)" */
static void add_about(const struct linked *l, const struct linked_pair *p, struct buf *out)
{
    struct said said[MEASURES_MAX];
    size_t count = say(l, p, said);
    qsort(said, count, sizeof *said, most_said_first);
    for (size_t i = 0; i < count && fabs(said[i].steps) >= 0.05; i++)
        buf_addf(out, "%s%.*s%s%s (%+.1f)", i > 0 ? "; " : "", STR_ARG(said[i].title),
                 said[i].words ? ": " : "", said[i].words ? said[i].words : "", said[i].steps);
}

static void add_pair(const struct linked *l, size_t i, struct buf *about, struct arena *scratch,
                     struct buf *out)
{
    const struct linked_pair *p = &l->pair[i];
    buf_clear(about);
    add_about(l, p, about);
    csv_add_cell(out, str_format(scratch, "%zu", i + 1), true, false);
    csv_add_cell(out, l->sheet->id[p->a], false, true);
    csv_add_cell(out, l->sheet->id[p->b], false, true);
    csv_add_cell(out, str_format(scratch, "%.1f", p->steps), false, false);
    csv_add_cell(out, str_format(scratch, "%.3g", probability_of(l, p->steps)), false, false);
    csv_add_cell(out, buf_str(about), false, true);
    csv_end_row(out);
}

static enum status write_pairs(const struct linked *l, const char *path, struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("a pair", (size_t)1 << 20);
    struct buf out CLEANUP_BUF, about CLEANUP_BUF;
    static const char *const head[] = {"rank", "a", "b", "weight", "probability", "about"};
    buf_init(&out, OUT_BYTES_MAX);
    buf_init(&about, (size_t)1 << 20);
    for (size_t i = 0; i < COUNT_OF(head); i++)
        csv_add_cell(&out, str_of(head[i]), i == 0, false);
    csv_end_row(&out);
    for (size_t i = 0; i < l->count; i++) {
        arena_reset(scratch);
        add_pair(l, i, &about, scratch, &out);
    }
    TRY(buf_status(&out, e));
    return file_write(path, buf_str(&out), 0600, e);
}

enum status table_link_run(const struct sheet *f, const struct table_link_options *options,
                           struct table_link_summary *out, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("links of a table", WORK_BYTES_MAX);
    struct linked l = {.sheet = f, .options = options, .arena = a};
    if (f->rows < 2) return ERR(e, E_INVALID, "", "a table of %zu rows has no pairs", f->rows);
    struct linked_pair *nearest = NEW_ARRAY(a, struct linked_pair, f->rows * options->top);
    TRY(options->model ? nearest_by_model(&l, nearest, e) : nearest_by_identity(&l, nearest, e));
    gather(&l, nearest);
    struct table_link_summary sum = {.pairs_weighed = (uint64_t)f->rows * (f->rows - 1) / 2,
                                     .pairs_written = l.count,
                                     .prevalence = l.prevalence};
    while (sum.even < l.count && probability_of(&l, l.pair[sum.even].steps) >= 0.5)
        sum.even++;
    TRY(write_pairs(&l, options->out, e));
    *out = sum;
    return OK;
}
