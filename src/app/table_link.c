#include "app/table_link.h"

#include "base/csv.h"
#include "base/stream.h"
#include "match/match.h"

#include <stdlib.h>

#define WORK_BYTES_MAX ((size_t)16 << 30)
#define OUT_BYTES_MAX  ((size_t)4 << 30)

struct linked {
    const struct sheet *sheet;
    struct match_model model;
    struct match_index *index;
    struct match_pair *pair;
    size_t count;
    int prior_db;
};

static int heaviest_first(const void *x, const void *y)
{
    const struct match_pair *p = x, *q = y;
    if (p->weight_db != q->weight_db) return p->weight_db < q->weight_db ? 1 : -1;
    if (p->a != q->a) return p->a < q->a ? -1 : 1;
    return p->b < q->b ? -1 : p->b > q->b;
}

/* A pair that is among the nearest of both its ends is listed once. */
static void gather(struct linked *l, const struct match_pair *nearest, size_t top)
{
    size_t kept = 0;
    for (size_t row = 0; row < l->sheet->rows; row++)
        for (size_t i = 0; i < top; i++) {
            struct match_pair p = nearest[row * top + i];
            if (p.a == p.b) break;
            if (p.a > p.b) p = (struct match_pair){p.b, p.a, p.weight_db};
            l->pair[l->count++] = p;
        }
    if (l->count > 0) qsort(l->pair, l->count, sizeof *l->pair, heaviest_first);
    for (size_t i = 0; i < l->count; i++)
        if (kept == 0 || l->pair[kept - 1].a != l->pair[i].a || l->pair[kept - 1].b != l->pair[i].b)
            l->pair[kept++] = l->pair[i];
    l->count = kept;
}

static int by_weight(const void *x, const void *y)
{
    const struct match_reason *a = x, *b = y;
    int p = abs(a->weight_db), q = abs(b->weight_db);
    if (p != q) return p < q ? 1 : -1;
    return a->column < b->column ? -1 : a->column > b->column;
}

/* "surname: the same (+2.1); dob: different (-0.8)" */
static void add_about(const struct linked *l, const struct match_pair *p, struct buf *out)
{
    struct match_reason reason[MATCH_COLUMNS_MAX];
    match_weigh(l->index, p->a, p->b, reason);
    qsort(reason, l->model.columns, sizeof *reason, by_weight);
    for (size_t i = 0; i < l->model.columns && reason[i].weight_db != 0; i++)
        buf_addf(out, "%s%.*s: %s (%+.1f)", i > 0 ? "; " : "", STR_ARG(reason[i].column->name),
                 reason[i].words, reason[i].weight_db / 10.0);
}

static void add_pair(const struct linked *l, size_t i, struct buf *about, struct arena *scratch,
                     struct buf *out)
{
    const struct match_pair *p = &l->pair[i];
    double odds = pow(10, (p->weight_db + l->prior_db) / 10.0);
    buf_clear(about);
    add_about(l, p, about);
    csv_add_cell(out, str_format(scratch, "%zu", i + 1), true, false);
    csv_add_cell(out, l->sheet->id[p->a], false, true);
    csv_add_cell(out, l->sheet->id[p->b], false, true);
    csv_add_cell(out, str_format(scratch, "%.1f", p->weight_db / 10.0), false, false);
    csv_add_cell(out, str_format(scratch, "%.3g", odds / (1 + odds)), false, false);
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
    struct linked l = {.sheet = f};
    struct match_pair *nearest = NULL;
    if (f->rows < 2) return ERR(e, E_INVALID, "", "a table of %zu rows has no pairs", f->rows);
    for (size_t i = 0; i < options->leave_out.count; i++) {
        const struct column *c = NULL;
        TRY(sheet_need(f, options->leave_out.item[i], ~0U, &c, e));
    }
    TRY(match_model_begin(f, &options->leave_out, &l.model, e));
    TRY(match_index_new(f, &l.model, options->threads, a, &l.index, e));
    TRY(match_learn(&l.model, l.index, e));
    l.prior_db = match_prior_db(&l.model);
    TRY(match_nearest(l.index, options->top, a, &nearest, e));
    l.pair = NEW_ARRAY(a, struct match_pair, f->rows * options->top);
    gather(&l, nearest, options->top);
    struct table_link_summary sum = {.pairs_weighed = (uint64_t)f->rows * (f->rows - 1) / 2,
                                     .pairs_written = l.count};
    for (size_t i = 0; i < l.count && l.pair[i].weight_db + l.prior_db >= 0; i++)
        sum.even++;
    TRY(write_pairs(&l, options->out, e));
    *out = sum;
    return OK;
}
