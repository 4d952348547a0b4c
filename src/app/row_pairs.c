#include "app/row_pairs.h"

#include "base/parallel.h"
#include "learn/model_file.h"
#include "match/match.h"

#include <stdlib.h>

#define ROWS_A_PART 16

struct row_pairs {
    const struct sheet *sheet;
    const struct row_pairs_options *options;
    struct arena *arena;
    struct match_model identity; /* without a learned model */
    struct match_index *index;
    struct model_scorer scorer; /* with one */
    double prevalence;
    struct row_pair_found *pair;
    size_t count;
};

double row_pairs_probability(const struct row_pairs *l, double steps)
{
    if (l->options->model) return model_probability(l->options->model, steps, l->prevalence);
    double odds = pow(10, steps) * l->prevalence / (1 - l->prevalence);
    return odds / (1 + odds);
}

/* ---- the nearest of each row ----------------------------------------------------------------------------
 */

static enum status nearest_by_identity(struct row_pairs *l, struct row_pair_found *nearest, struct err *e)
{
    const struct row_pairs_options *o = l->options;
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
        nearest[i] = (struct row_pair_found){found[i].a, found[i].b, found[i].weight_db / 10.0};
    return OK;
}

struct nearest_work {
    const struct row_pairs *of;
    struct row_pair_found *nearest;
};

/* Keeps the heaviest `top`, of equals the first seen. */
static void keep_nearest(struct row_pair_found *kept, size_t top, struct row_pair_found p)
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
    size_t rows = w->of->sheet->rows, top = w->of->options->top;
    size_t end = (part + 1) * ROWS_A_PART < rows ? (part + 1) * ROWS_A_PART : rows;
    (void)thread;
    for (size_t row = part * ROWS_A_PART; row < end; row++) {
        struct row_pair_found *kept = &w->nearest[row * top];
        for (size_t i = 0; i < top; i++)
            kept[i] = (struct row_pair_found){(uint32_t)row, (uint32_t)row, 0};
        for (size_t other = 0; other < rows; other++) {
            if (other == row) continue;
            double steps = model_score(&w->of->scorer, row, other, NULL);
            keep_nearest(kept, top, (struct row_pair_found){(uint32_t)row, (uint32_t)other, steps});
        }
    }
}

static enum status nearest_by_model(struct row_pairs *l, struct row_pair_found *nearest, struct err *e)
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

/* ---- each pair once, the heaviest first -----------------------------------------------------------------
 */

static int heaviest_first(const void *x, const void *y)
{
    const struct row_pair_found *p = x, *q = y;
    if (p->steps < q->steps || p->steps > q->steps) return p->steps < q->steps ? 1 : -1;
    if (p->a != q->a) return p->a < q->a ? -1 : 1;
    return p->b < q->b ? -1 : p->b > q->b;
}

static void gather(struct row_pairs *l, struct row_pair_found *nearest)
{
    size_t kept = 0;
    l->pair = nearest; /* in place: it only gets shorter */
    for (size_t i = 0; i < l->sheet->rows * l->options->top; i++) {
        struct row_pair_found p = nearest[i];
        if (p.a == p.b) continue;
        l->pair[l->count++] = p.a < p.b ? p : (struct row_pair_found){p.b, p.a, p.steps};
    }
    if (l->count > 0) qsort(l->pair, l->count, sizeof *l->pair, heaviest_first);
    for (size_t i = 0; i < l->count; i++)
        if (kept == 0 || l->pair[kept - 1].a != l->pair[i].a || l->pair[kept - 1].b != l->pair[i].b)
            l->pair[kept++] = l->pair[i];
    l->count = kept;
}

/* ---- in words ------------------------------------------------------------------------------------------ */

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
static size_t say(const struct row_pairs *l, uint32_t a, uint32_t b, struct said *said)
{
    const struct learned_model *m = l->options->model;
    if (m) {
        double weight[MEASURES_MAX];
        model_score(&l->scorer, a, b, weight);
        for (size_t i = 0; i < m->curves.count; i++)
            said[i] = (struct said){m->curves.curve[i].feature, NULL, weight[i]};
        return m->curves.count;
    }
    struct match_reason reason[MATCH_COLUMNS_MAX];
    match_weigh(l->index, a, b, reason);
    for (size_t i = 0; i < l->identity.columns; i++)
        said[i] = (struct said){reason[i].column->name, reason[i].words, reason[i].weight_db / 10.0};
    return l->identity.columns;
}

void row_pairs_about(const struct row_pairs *l, uint32_t a, uint32_t b, struct buf *out)
{
    struct said said[MEASURES_MAX];
    size_t count = say(l, a, b, said);
    qsort(said, count, sizeof *said, most_said_first);
    for (size_t i = 0; i < count && fabs(said[i].steps) >= 0.05; i++)
        buf_addf(out, "%s%.*s%s%s (%+.1f)", i > 0 ? "; " : "", STR_ARG(said[i].title),
                 said[i].words ? ": " : "", said[i].words ? said[i].words : "", said[i].steps);
}

/* ---- all of it ------------------------------------------------------------------------------------------
 */

enum status row_pairs_find(const struct sheet *f, const struct row_pairs_options *options, struct arena *a,
                           struct row_pairs **out, struct err *e)
{
    struct row_pairs *l = NEW(a, struct row_pairs);
    *l = (struct row_pairs){.sheet = f, .options = options, .arena = a};
    if (f->rows < 2) return ERR(e, E_INVALID, "", "a table of %zu rows has no pairs", f->rows);
    struct row_pair_found *nearest = NEW_ARRAY(a, struct row_pair_found, f->rows * options->top);
    TRY(options->model ? nearest_by_model(l, nearest, e) : nearest_by_identity(l, nearest, e));
    gather(l, nearest);
    *out = l;
    return OK;
}

size_t row_pairs_list(const struct row_pairs *l, const struct row_pair_found **out)
{
    *out = l->pair;
    return l->count;
}

double row_pairs_prevalence(const struct row_pairs *l)
{
    return l->prevalence;
}
