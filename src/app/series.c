#include "app/series.h"

#include "app/file_world.h"
#include "base/alloc.h"
#include "base/caldate.h"
#include "base/clock.h"
#include "base/csv.h"
#include "base/stream.h"
#include "link/alert.h"
#include "link/explain.h"
#include "link/series_find.h"
#include "link/series_shared.h"

#include <math.h>
#include <stdlib.h>

#define OUT_MAX_BYTES   ((size_t)1 << 30)
#define FOUND_MAX_BYTES ((size_t)4 << 30)
#define SHARED_TOLD     8 /* values told of a series */

struct run {
    const struct series_options *o;
    const struct policy *policy;
    const struct link_model *model;
    struct world *world;
    struct arena *a, *scratch;
    struct pair_weight *pair;
    size_t pairs, room;
    int *best; /* by event: the strongest tie to an earlier one; INT32_MIN: none */
    int bar_db;
    struct series_summary sum;
    struct buf out;
    void (*put)(void *state, Str line);
    void *put_state;
};

/* ---- pairs and the bar ------------------------------------------------------------------------------ */

static int32_t day_of(const struct run *r, uint32_t event)
{
    int32_t day;
    return world_event_day(r->world, event, &day) ? day : INT32_MAX;
}

static bool is_later(const struct run *r, uint32_t x, uint32_t y)
{
    int32_t day_x = day_of(r, x), day_y = day_of(r, y);
    return day_x != day_y ? day_x > day_y : x > y;
}

static void add_pair(struct run *r, uint32_t x, const struct hit *h)
{
    if (!alarm_may_tie(r->world, x, h->event)) return;
    r->pair = alloc_room(r->pair, &r->room, r->pairs, sizeof *r->pair);
    r->pair[r->pairs++] = (struct pair_weight){x, h->event, h->score_db};
    uint32_t later = is_later(r, x, h->event) ? x : h->event;
    if (h->score_db > r->best[later]) r->best[later] = h->score_db;
}

static void weigh_pairs(struct run *r)
{
    size_t n = world_event_count(r->world);
    r->best = NEW_ARRAY(r->a, int, n + 1);
    for (uint32_t x = 0; x < n; x++)
        r->best[x] = INT32_MIN;
    for (uint32_t x = 0; x < n; x++) {
        struct hit *hit;
        arena_reset(r->scratch);
        size_t found = world_nearest(r->world, x, r->o->top, r->scratch, &hit);
        for (size_t i = 0; i < found; i++)
            add_pair(r, x, &hit[i]);
    }
    r->sum.events = n;
    r->sum.pairs_weighed = n * (n - 1) / 2;
}

static int compare_rising(const void *x, const void *y)
{
    const int *a = x, *b = y;
    return *a < *b ? -1 : *a > *b;
}

/* Weeks of days on which something happened: one date far off is no history. */
static double weeks_of(const struct run *r)
{
    int *day = NEW_ARRAY(r->a, int, r->sum.events + 1);
    size_t dated = 0, days = 0;
    for (uint32_t x = 0; x < r->sum.events; x++)
        dated += world_event_day(r->world, x, &day[dated]);
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

/* As an alarm would be priced: so many events a week may be tied to an earlier one by chance. */
static void set_bar(struct run *r)
{
    r->sum.weeks = weeks_of(r);
    size_t n = r->sum.events, k = (size_t)(r->o->price_per_week * r->sum.weeks);
    r->bar_db = (int)r->model->start_threshold_db;
    if (!isnan(r->o->bar))
        r->bar_db = (int)lround(10 * r->o->bar);
    else if (k > 0 && k <= n) {
        qsort(r->best, n, sizeof *r->best, compare_falling);
        if (r->best[k - 1] > 0) r->bar_db = r->best[k - 1];
    }
    r->sum.bar = r->bar_db / 10.0;
}

/* ---- telling ---------------------------------------------------------------------------------------- */

static Str day_words(const struct run *r, uint32_t event, bool for_people)
{
    char text[48];
    int32_t day;
    if (!world_event_day(r->world, event, &day)) return S("");
    if (for_people)
        caldate_words_day(day * MS_PER_DAY, text);
    else
        caldate_format_day(day * MS_PER_DAY, text);
    return str_format(r->scratch, "%s", text);
}

static Str id_of(const struct run *r, uint32_t event)
{
    return world_event_id(r->world, event)->id;
}

/* "position of the body: seated or propped up (3)" */
static Str shared_words(struct run *r, const struct held_group *g)
{
    struct shared_value *shared;
    struct buf text CLEANUP_BUF;
    uint32_t *member = NEW_ARRAY(r->scratch, uint32_t, g->count);
    for (size_t i = 0; i < g->count; i++)
        member[i] = g->member[i].item;
    size_t n = series_shared(r->world, member, g->count, r->scratch, &shared), told = 0;
    buf_init(&text, 1 << 16);
    for (size_t i = 0; i < n && told < SHARED_TOLD; i++, told++) {
        buf_addf(&text, "%s%s", told > 0 ? "; " : "", FEATURES[shared[i].feature].topic);
        if (!str_empty(shared[i].value) && shared[i].feature != FEATURE_IDENTIFIER) {
            buf_add_cstr(&text, ": ");
            explain_value(&text, r->policy, shared[i].feature, shared[i].value);
        }
        buf_addf(&text, " (%zu)", shared[i].members);
    }
    return str_copy(r->scratch, buf_str(&text));
}

static void sort_members(const struct run *r, struct held_group *g)
{
    for (size_t i = 1; i < g->count; i++) {
        struct held_member m = g->member[i];
        size_t j = i;
        for (; j > 0 && is_later(r, g->member[j - 1].item, m.item); j--)
            g->member[j] = g->member[j - 1];
        g->member[j] = m;
    }
}

static void write_member(struct run *r, size_t rank, const struct found_series *s,
                         const struct held_member *m, Str shared)
{
    const struct held_group *g = &s->group;
    csv_add_cell(&r->out, str_format(r->scratch, "%zu", rank), true, false);
    csv_add_cell(&r->out, id_of(r, m->item), false, true);
    csv_add_cell(&r->out, day_words(r, m->item, false), false, false);
    csv_add_cell(&r->out, id_of(r, m->mate), false, true);
    csv_add_cell(&r->out, str_format(r->scratch, "%.1f", m->mate_db / 10.0), false, false);
    csv_add_cell(&r->out, str_format(r->scratch, "%zu", m->ties), false, false);
    csv_add_cell(&r->out, str_format(r->scratch, "%zu", m->parts), false, false);
    csv_add_cell(&r->out, str_format(r->scratch, "%zu", s->count), false, false);
    csv_add_cell(&r->out, str_format(r->scratch, "%.2f", g->cohesion), false, false);
    csv_add_cell(&r->out, str_format(r->scratch, "%.2g", pow(10, s->expected_log10)), false, false);
    csv_add_cell(&r->out, shared, false, true);
    csv_end_row(&r->out);
}

static void say(struct run *r, Str line)
{
    if (r->put != NULL) r->put(r->put_state, line);
}

static void tell_member(struct run *r, const struct held_group *g, const struct held_member *m)
{
    Str breaks = m->parts > 1
                     ? str_format(r->scratch, "; without it the others fall into %zu parts", m->parts)
                     : S("");
    say(r, str_format(r->scratch, "    %.*s, %.*s: %+.1f with %.*s, tied to %zu of %zu%.*s",
                      STR_ARG(id_of(r, m->item)), STR_ARG(day_words(r, m->item, true)), m->mate_db / 10.0,
                      STR_ARG(id_of(r, m->mate)), m->ties, g->count - 1, STR_ARG(breaks)));
}

static void tell(struct run *r, size_t rank, const struct found_series *s, Str shared)
{
    const struct held_group *g = &s->group;
    say(r,
        str_format(r->scratch,
                   "%zu. %zu events; chance alone would bring %.2g such groups; %zu of %zu pairs tied", rank,
                   s->count, pow(10, s->expected_log10), g->tied_pairs, g->count * (g->count - 1) / 2));
    if (!str_empty(shared)) say(r, str_format(r->scratch, "    In common: %.*s.", STR_ARG(shared)));
    for (size_t i = 0; i < g->count; i++)
        tell_member(r, g, &g->member[i]);
    if (g->count > 2 && g->hinges > 0)
        say(r, str_format(r->scratch, "    It hangs on the tie of %.*s and %.*s (%+.1f).",
                          STR_ARG(id_of(r, g->hinge[0].a)), STR_ARG(id_of(r, g->hinge[0].b)),
                          g->hinge[0].weight_db / 10.0));
}

static enum status write_series(struct run *r, struct found_series *found, size_t count, struct err *e)
{
    static const char *const HEADER[] = {"series",      "member", "day",      "tied_to",   "weight", "ties",
                                         "falls_apart", "size",   "cohesion", "by_chance", "shared"};
    for (size_t i = 0; i < COUNT_OF(HEADER); i++)
        csv_add_cell(&r->out, str_of(HEADER[i]), i == 0, false);
    csv_end_row(&r->out);
    for (size_t s = 0; s < count; s++) {
        arena_reset(r->scratch);
        Str shared = shared_words(r, &found[s].group);
        sort_members(r, &found[s].group);
        for (size_t i = 0; i < found[s].group.count; i++)
            write_member(r, s + 1, &found[s], &found[s].group.member[i], shared);
        if (s < r->o->told) tell(r, s + 1, &found[s], shared);
        r->sum.members += found[s].count;
    }
    r->sum.series = count;
    TRY(buf_status(&r->out, e));
    return file_write(r->o->out, buf_str(&r->out), 0600, e);
}

static enum status run_all(struct run *r, struct err *e)
{
    struct series_book *book CLEANUP_SERIES_BOOK = series_book_new();
    struct found_series *found;
    TRY(file_world_fill(r->world, r->o->file, r->o->map, r->policy, &r->sum.rows, e));
    weigh_pairs(r);
    set_bar(r);
    struct series_rules rules = {.bar_db = r->bar_db,
                                 .all_pairs =
                                     (double)r->sum.pairs_weighed > 0 ? (double)r->sum.pairs_weighed : 1};
    size_t count = series_find(book, r->pair, r->pairs, (size_t)r->sum.events, &rules, world_now_ms(r->world),
                               r->a, &found);
    return write_series(r, found, count, e);
}

enum status series_run(const struct series_options *options, const struct policy *policy,
                       const struct link_model *model, void (*put)(void *state, Str line), void *state,
                       struct series_summary *out, struct err *e)
{
    int64_t began_us = clock_ticks_us();
    struct run r = {.o = options, .policy = policy, .model = model, .put = put, .put_state = state};
    r.world = world_new(model, policy, FILE_WORLD_MAX_BYTES);
    r.a = arena_new("series", FOUND_MAX_BYTES);
    r.scratch = arena_new("one series", (size_t)256 << 20);
    buf_init(&r.out, OUT_MAX_BYTES);
    enum status s = run_all(&r, e);
    r.sum.seconds = (double)(clock_ticks_us() - began_us) / 1e6;
    if (s == OK) *out = r.sum;
    buf_free(&r.out);
    alloc_free(r.pair);
    arena_free(r.scratch);
    arena_free(r.a);
    world_free(r.world);
    return s;
}
