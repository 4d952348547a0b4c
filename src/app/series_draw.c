#include "app/series_draw.h"

#include "base/caldate.h"
#include "base/csv.h"
#include "base/stream.h"

#include <math.h>
#include <stdlib.h>

#define OUT_MAX_BYTES   ((size_t)1 << 30)
#define FOUND_MAX_BYTES ((size_t)4 << 30)

struct drawing {
    const struct series_items *items;
    const struct series_asked *asked;
    struct arena *a, *scratch;
    int bar_db;
    struct series_drawn sum;
    struct buf out;
    void (*put)(void *state, Str line);
    void *put_state;
};

/* ---- the bar ---------------------------------------------------------------------------------------- */

static int32_t day_of(const struct drawing *d, uint32_t item)
{
    return d->items->day ? d->items->day[item] : INT32_MAX;
}

static bool is_later(const struct drawing *d, uint32_t x, uint32_t y)
{
    int32_t day_x = day_of(d, x), day_y = day_of(d, y);
    return day_x != day_y ? day_x > day_y : x > y;
}

static int compare_rising(const void *x, const void *y)
{
    const int32_t *a = x, *b = y;
    return *a < *b ? -1 : *a > *b;
}

/* Weeks of days on which something happened: one date far off is no history. */
static double weeks_of(const struct drawing *d)
{
    int32_t *day = NEW_ARRAY(d->a, int32_t, d->items->count + 1);
    size_t dated = 0, days = 0;
    for (uint32_t x = 0; x < d->items->count; x++)
        if (day_of(d, x) != INT32_MAX) day[dated++] = day_of(d, x);
    qsort(day, dated, sizeof *day, compare_rising);
    for (size_t i = 0; i < dated; i++)
        days += i == 0 || day[i] != day[i - 1];
    return (double)days / 7;
}

static int compare_falling(const void *x, const void *y)
{
    const int *a = x, *b = y;
    return *a < *b ? 1 : *a > *b ? -1 : 0;
}

/* As an alarm would be priced: so many items a week may be tied to an earlier one by chance. */
static int bar_by_price(const struct drawing *d, const struct pair_weight *pair, size_t pairs)
{
    size_t n = d->items->count, k = (size_t)(d->asked->price_per_week * d->sum.weeks);
    int *best = NEW_ARRAY(d->a, int, n + 1);
    if (k == 0 || k > n) return d->asked->start_db;
    for (size_t x = 0; x < n; x++)
        best[x] = INT32_MIN;
    for (size_t i = 0; i < pairs; i++) {
        uint32_t later = is_later(d, pair[i].a, pair[i].b) ? pair[i].a : pair[i].b;
        if (pair[i].weight_db > best[later]) best[later] = pair[i].weight_db;
    }
    qsort(best, n, sizeof *best, compare_falling);
    return best[k - 1] > 0 ? best[k - 1] : d->asked->start_db;
}

static void set_bar(struct drawing *d, const struct pair_weight *pair, size_t pairs)
{
    d->sum.weeks = weeks_of(d);
    d->bar_db = d->asked->start_db;
    if (!isnan(d->asked->bar))
        d->bar_db = (int)lround(10 * d->asked->bar);
    else if (!isnan(d->asked->price_per_week))
        d->bar_db = bar_by_price(d, pair, pairs);
    d->sum.bar = d->bar_db / 10.0;
}

/* ---- telling ---------------------------------------------------------------------------------------- */

static Str day_words(const struct drawing *d, uint32_t item, bool for_people)
{
    char text[48];
    int32_t day = day_of(d, item);
    if (day == INT32_MAX) return S("");
    if (for_people)
        caldate_words_day(day * MS_PER_DAY, text);
    else
        caldate_format_day(day * MS_PER_DAY, text);
    return str_format(d->scratch, "%s%s", for_people ? ", " : "", text);
}

static Str id_of(const struct drawing *d, uint32_t item)
{
    return d->items->id(d->items->state, item, d->scratch);
}

static Str shared_of(const struct drawing *d, const struct held_group *g)
{
    uint32_t *member = NEW_ARRAY(d->scratch, uint32_t, g->count);
    for (size_t i = 0; i < g->count; i++)
        member[i] = g->member[i].item;
    return d->items->shared(d->items->state, member, g->count, d->scratch);
}

static void sort_members(const struct drawing *d, struct held_group *g)
{
    for (size_t i = 1; i < g->count; i++) {
        struct held_member m = g->member[i];
        size_t j = i;
        for (; j > 0 && is_later(d, g->member[j - 1].item, m.item); j--)
            g->member[j] = g->member[j - 1];
        g->member[j] = m;
    }
}

static void write_member(struct drawing *d, size_t rank, const struct found_series *s,
                         const struct held_member *m, Str shared)
{
    const struct held_group *g = &s->group;
    csv_add_cell(&d->out, str_format(d->scratch, "%zu", rank), true, false);
    csv_add_cell(&d->out, id_of(d, m->item), false, true);
    csv_add_cell(&d->out, day_words(d, m->item, false), false, false);
    csv_add_cell(&d->out, id_of(d, m->mate), false, true);
    csv_add_cell(&d->out, str_format(d->scratch, "%.1f", m->mate_db / 10.0), false, false);
    csv_add_cell(&d->out, str_format(d->scratch, "%zu", m->ties), false, false);
    csv_add_cell(&d->out, str_format(d->scratch, "%zu", m->parts), false, false);
    csv_add_cell(&d->out, str_format(d->scratch, "%zu", s->count), false, false);
    csv_add_cell(&d->out, str_format(d->scratch, "%.2f", g->cohesion), false, false);
    csv_add_cell(&d->out, str_format(d->scratch, "%.2g", pow(10, s->expected_log10)), false, false);
    csv_add_cell(&d->out, shared, false, true);
    csv_add_cell(&d->out, d->items->tie(d->items->state, m->item, m->mate, d->scratch), false, true);
    csv_end_row(&d->out);
}

static void say(struct drawing *d, Str line)
{
    if (d->put != NULL) d->put(d->put_state, line);
}

static void tell_member(struct drawing *d, const struct held_group *g, const struct held_member *m)
{
    Str breaks = m->parts > 1
                     ? str_format(d->scratch, "; without it the others fall into %zu parts", m->parts)
                     : S("");
    say(d, str_format(d->scratch, "    %.*s%.*s: %+.1f with %.*s, tied to %zu of %zu%.*s",
                      STR_ARG(id_of(d, m->item)), STR_ARG(day_words(d, m->item, true)), m->mate_db / 10.0,
                      STR_ARG(id_of(d, m->mate)), m->ties, g->count - 1, STR_ARG(breaks)));
}

static void tell(struct drawing *d, size_t rank, const struct found_series *s, Str shared)
{
    const struct held_group *g = &s->group;
    say(d, str_format(d->scratch,
                      "%zu. %zu %s; chance alone would bring %.2g such groups; %zu of %zu pairs tied", rank,
                      s->count, d->items->many, pow(10, s->expected_log10), g->tied_pairs,
                      g->count * (g->count - 1) / 2));
    if (!str_empty(shared)) say(d, str_format(d->scratch, "    In common: %.*s.", STR_ARG(shared)));
    for (size_t i = 0; i < g->count; i++)
        tell_member(d, g, &g->member[i]);
    if (g->count > 2 && g->hinges > 0)
        say(d, str_format(d->scratch, "    It hangs on the tie of %.*s and %.*s (%+.1f).",
                          STR_ARG(id_of(d, g->hinge[0].a)), STR_ARG(id_of(d, g->hinge[0].b)),
                          g->hinge[0].weight_db / 10.0));
}

static enum status write_series(struct drawing *d, struct found_series *found, size_t count, struct err *e)
{
    static const char *const HEADER[] = {"series",      "member", "day",      "tied_to",   "weight", "ties",
                                         "falls_apart", "size",   "cohesion", "by_chance", "shared", "tie"};
    for (size_t i = 0; i < COUNT_OF(HEADER); i++)
        csv_add_cell(&d->out, str_of(HEADER[i]), i == 0, false);
    csv_end_row(&d->out);
    for (size_t s = 0; s < count; s++) {
        arena_reset(d->scratch);
        Str shared = shared_of(d, &found[s].group);
        sort_members(d, &found[s].group);
        for (size_t i = 0; i < found[s].group.count; i++)
            write_member(d, s + 1, &found[s], &found[s].group.member[i], shared);
        if (s < d->asked->told) tell(d, s + 1, &found[s], shared);
        d->sum.members += found[s].count;
    }
    d->sum.series = count;
    TRY(buf_status(&d->out, e));
    return file_write(d->asked->out, buf_str(&d->out), 0600, e);
}

enum status series_draw(const struct series_items *items, const struct pair_weight *pair, size_t pairs,
                        const struct series_asked *asked, int64_t now_ms, void (*put)(void *state, Str line),
                        void *put_state, struct series_drawn *out, struct err *e)
{
    struct series_book *book CLEANUP_SERIES_BOOK = series_book_new();
    struct arena *a CLEANUP_ARENA = arena_new("series", FOUND_MAX_BYTES);
    struct arena *scratch CLEANUP_ARENA = arena_new("one series", (size_t)256 << 20);
    struct found_series *found;
    struct drawing d = {
        .items = items, .asked = asked, .a = a, .scratch = scratch, .put = put, .put_state = put_state};
    uint64_t n = items->count;
    d.sum.items = n;
    d.sum.pairs_weighed = n > 0 ? n * (n - 1) / 2 : 0;
    set_bar(&d, pair, pairs);
    struct series_rules rules = {.bar_db = d.bar_db,
                                 .all_pairs = d.sum.pairs_weighed > 0 ? (double)d.sum.pairs_weighed : 1};
    size_t count = series_find(book, pair, pairs, n, &rules, now_ms, a, &found);
    buf_init(&d.out, OUT_MAX_BYTES);
    enum status s = write_series(&d, found, count, e);
    buf_free(&d.out);
    if (s == OK) *out = d.sum;
    return s;
}
