#include "app/table_link.h"

#include "base/csv.h"
#include "base/stream.h"

#define WORK_BYTES_MAX ((size_t)16 << 30)
#define OUT_BYTES_MAX  ((size_t)4 << 30)

static void add_pair(const struct sheet *f, const struct row_pairs *l, const struct row_pair_found *p,
                     size_t rank, struct buf *about, struct arena *scratch, struct buf *out)
{
    buf_clear(about);
    row_pairs_about(l, p->a, p->b, about);
    csv_add_cell(out, str_format(scratch, "%zu", rank), true, false);
    csv_add_cell(out, f->id[p->a], false, true);
    csv_add_cell(out, f->id[p->b], false, true);
    csv_add_cell(out, str_format(scratch, "%.1f", p->steps), false, false);
    csv_add_cell(out, str_format(scratch, "%.3g", row_pairs_probability(l, p->steps)), false, false);
    csv_add_cell(out, buf_str(about), false, true);
    csv_end_row(out);
}

static enum status write_pairs(const struct sheet *f, const struct row_pairs *l,
                               const struct row_pair_found *pair, size_t count, const char *path,
                               struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("a pair", (size_t)1 << 20);
    struct buf out CLEANUP_BUF, about CLEANUP_BUF;
    static const char *const head[] = {"rank", "a", "b", "weight", "probability", "about"};
    buf_init(&out, OUT_BYTES_MAX);
    buf_init(&about, (size_t)1 << 20);
    for (size_t i = 0; i < COUNT_OF(head); i++)
        csv_add_cell(&out, str_of(head[i]), i == 0, false);
    csv_end_row(&out);
    for (size_t i = 0; i < count; i++) {
        arena_reset(scratch);
        add_pair(f, l, &pair[i], i + 1, &about, scratch, &out);
    }
    TRY(buf_status(&out, e));
    return file_write(path, buf_str(&out), 0600, e);
}

enum status table_link_run(const struct sheet *f, const struct row_pairs_options *options, const char *out,
                           struct table_link_summary *summary, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("links of a table", WORK_BYTES_MAX);
    struct row_pairs *l = NULL;
    const struct row_pair_found *pair = NULL;
    TRY(row_pairs_find(f, options, a, &l, e));
    size_t count = row_pairs_list(l, &pair);
    struct table_link_summary sum = {.pairs_weighed = (uint64_t)f->rows * (f->rows - 1) / 2,
                                     .pairs_written = count,
                                     .prevalence = row_pairs_prevalence(l)};
    while (sum.even < count && row_pairs_probability(l, pair[sum.even].steps) >= 0.5)
        sum.even++;
    TRY(write_pairs(f, l, pair, count, out, e));
    *summary = sum;
    return OK;
}
