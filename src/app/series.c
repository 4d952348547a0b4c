#include "app/series.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "link/alert.h"
#include "link/explain.h"
#include "link/series_shared.h"

#define SHARED_TOLD 8 /* values told of a series */

struct run {
    const struct policy *policy;
    struct world *world;
    struct arena *a;
    struct pair_weight *pair;
    size_t pairs, room;
};

static Str id_of(void *state, uint32_t event, struct arena *a)
{
    const struct run *r = state;
    (void)a;
    return world_event_id(r->world, event)->id;
}

/* "position of the body: seated and propped up (3)" */
static Str shared_words(void *state, const uint32_t *member, size_t count, struct arena *a)
{
    struct run *r = state;
    struct shared_value *shared;
    struct buf text CLEANUP_BUF;
    size_t n = series_shared(r->world, member, count, a, &shared);
    buf_init(&text, 1 << 16);
    for (size_t i = 0; i < n && i < SHARED_TOLD; i++) {
        buf_addf(&text, "%s%s", i > 0 ? "; " : "", FEATURES[shared[i].feature].topic);
        if (!str_empty(shared[i].value) && shared[i].feature != FEATURE_IDENTIFIER) {
            buf_add_cstr(&text, ": ");
            explain_value(&text, r->policy, shared[i].feature, shared[i].value);
        }
        buf_addf(&text, " (%zu)", shared[i].members);
    }
    return str_copy(a, buf_str(&text));
}

static Str tie_words(void *state, uint32_t x, uint32_t y, struct arena *a)
{
    struct run *r = state;
    struct pair_evidence ev;
    struct explain_options options = {0};
    struct buf text CLEANUP_BUF;
    buf_init(&text, 1 << 16);
    world_pair(r->world, a, x, y, &ev);
    explain_headline(&text, r->policy, &ev, &options);
    return str_copy(a, buf_str(&text));
}

static void weigh_pairs(struct run *r, size_t top)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("partners", (size_t)256 << 20);
    size_t n = world_event_count(r->world);
    for (uint32_t x = 0; x < n; x++) {
        struct hit *hit;
        arena_reset(scratch);
        size_t found = world_nearest(r->world, x, top, scratch, &hit);
        for (size_t i = 0; i < found; i++) {
            if (!alarm_may_tie(r->world, x, hit[i].event)) continue;
            r->pair = alloc_room(r->pair, &r->room, r->pairs, sizeof *r->pair);
            r->pair[r->pairs++] = (struct pair_weight){x, hit[i].event, hit[i].score_db};
        }
    }
}

static const int32_t *days_of(const struct run *r)
{
    size_t n = world_event_count(r->world);
    int32_t *day = NEW_ARRAY(r->a, int32_t, n + 1);
    for (uint32_t x = 0; x < n; x++)
        if (!world_event_day(r->world, x, &day[x])) day[x] = INT32_MAX;
    return day;
}

enum status series_run(const struct series_options *options, const struct policy *policy,
                       const struct link_model *model, void (*put)(void *state, Str line), void *state,
                       struct series_summary *out, struct err *e)
{
    int64_t began_us = clock_ticks_us();
    struct world *world CLEANUP_WORLD = world_new(model, policy, FILE_WORLD_MAX_BYTES);
    struct arena *a CLEANUP_ARENA = arena_new("days of events", (size_t)1 << 30);
    struct run r = {.policy = policy, .world = world, .a = a};
    struct series_summary sum = {0};
    struct series_asked asked = options->asked;
    TRY(file_world_fill(world, options->file, options->map, policy, &sum.rows, e));
    weigh_pairs(&r, options->top);
    asked.start_db = (int)model->start_threshold_db;
    struct series_items items = {.count = world_event_count(world),
                                 .day = days_of(&r),
                                 .one = "event",
                                 .many = "events",
                                 .id = id_of,
                                 .shared = shared_words,
                                 .tie = tie_words,
                                 .state = &r};
    enum status s =
        series_draw(&items, r.pair, r.pairs, &asked, world_now_ms(world), put, state, &sum.drawn, e);
    alloc_free(r.pair);
    sum.seconds = (double)(clock_ticks_us() - began_us) / 1e6;
    if (s == OK) *out = sum;
    return s;
}
