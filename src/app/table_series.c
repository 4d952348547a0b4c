#include "app/table_series.h"

#include "app/rows_shared.h"
#include "base/caldate.h"

#include <math.h>

#define WORK_BYTES_MAX ((size_t)16 << 30)
#define BAR_LEAST_DB   1
#define BAR_MOST_DB    1000

struct rows {
    const struct sheet *sheet;
    struct row_pairs *pairs;
    struct rows_shared *shared;
};

static Str id_of(void *state, uint32_t row, struct arena *a)
{
    const struct rows *r = state;
    (void)a;
    return r->sheet->id[row];
}

static Str shared_words(void *state, const uint32_t *member, size_t count, struct arena *a)
{
    const struct rows *r = state;
    struct buf text CLEANUP_BUF;
    buf_init(&text, 1 << 16);
    rows_shared_words(r->shared, member, count, &text);
    return str_copy(a, buf_str(&text));
}

static Str tie_words(void *state, uint32_t x, uint32_t y, struct arena *a)
{
    const struct rows *r = state;
    struct buf text CLEANUP_BUF;
    buf_init(&text, 1 << 16);
    row_pairs_about(r->pairs, x, y, &text);
    return str_copy(a, buf_str(&text));
}

/* The least evidence with which two rows are linked as likely as not. */
static int even_odds_db(const struct row_pairs *l)
{
    int db = BAR_LEAST_DB;
    while (db < BAR_MOST_DB && row_pairs_probability(l, db / 10.0) < 0.5)
        db++;
    return db;
}

static const int32_t *days_of(const struct sheet *f, struct arena *a)
{
    const struct column *times = NULL;
    for (size_t c = 0; c < f->columns && times == NULL; c++)
        if (f->column[c].type == COLUMN_TIME) times = &f->column[c];
    if (times == NULL) return NULL;
    int32_t *day = NEW_ARRAY(a, int32_t, f->rows + 1);
    for (size_t r = 0; r < f->rows; r++)
        day[r] = column_missing(times, r)
                     ? INT32_MAX
                     : (int32_t)floor((double)times->time[r].from_ms / (double)MS_PER_DAY);
    return day;
}

static struct pair_weight *weights_of(const struct row_pairs *l, struct arena *a, size_t *count)
{
    const struct row_pair_found *found;
    *count = row_pairs_list(l, &found);
    struct pair_weight *pair = NEW_ARRAY(a, struct pair_weight, *count + 1);
    for (size_t i = 0; i < *count; i++)
        pair[i] = (struct pair_weight){found[i].a, found[i].b, (int)lround(10 * found[i].steps)};
    return pair;
}

enum status table_series_run(const struct sheet *f, const struct table_series_options *options,
                             void (*put)(void *state, Str line), void *state, struct series_drawn *out,
                             struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("series of a table", WORK_BYTES_MAX);
    struct rows r = {.sheet = f};
    struct series_asked asked = options->asked;
    struct series_items items = {.count = f->rows,
                                 .day = days_of(f, a),
                                 .one = "row",
                                 .many = "rows",
                                 .id = id_of,
                                 .shared = shared_words,
                                 .tie = tie_words,
                                 .state = &r};
    size_t pairs = 0;
    if (items.day == NULL && isnan(asked.bar) && !isnan(asked.price_per_week))
        return ERR(
            e, E_INVALID, "price",
            "%.*s: a price is for a week, and no column of the table is a time; give --bar, or nothing",
            STR_ARG(f->name));
    TRY(row_pairs_find(f, &options->pairs, a, &r.pairs, e));
    TRY(rows_shared_new(f, &options->pairs.leave_out, a, &r.shared, e));
    asked.start_db = even_odds_db(r.pairs);
    struct pair_weight *pair = weights_of(r.pairs, a, &pairs);
    return series_draw(&items, pair, pairs, &asked, 0, put, state, out, e);
}
