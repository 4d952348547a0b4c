/* How fast the linker takes lines in and finds the nearest of an event among all: nearest [YEARS...]. The
 * population is the synthetic one, 30 deaths a day; each further row shows the growth. */
#include "base/assets.h"
#include "base/caldate.h"
#include "base/clock.h"
#include "link/world.h"
#include "model/feed.h"
#include "synth/synth.h"

#include <stdio.h>
#include <stdlib.h>

#define QUERIES 300
#define NEAREST 10

struct bench {
    struct arena *arena;
    struct policy policy;
    struct link_model model;
    struct world *world;
    int64_t at_ms;
    uint64_t lines;
};

static void check(enum status status, const struct err *e)
{
    if (status == OK) return;
    fprintf(stderr, "nearest: %s\n", e->text);
    exit(status_exit_code(status));
}

static enum status take(void *state, Str text, struct err *e)
{
    struct bench *b = state;
    struct change line;
    struct arena *scratch CLEANUP_ARENA = arena_new("line", (size_t)16 << 20);
    TRY(feed_parse_line(scratch, &b->policy, text, S("main"), &line, e));
    if (b->lines++ > 0 && line.known_at_ms != b->at_ms) (void)world_tick(b->world);
    b->at_ms = line.known_at_ms;
    return world_apply(b->world, &line, e);
}

static void print_rate(const char *what, uint64_t count, int64_t us)
{
    double seconds = (double)us / 1e6;
    printf("%-44s %12llu in %8.2f s %14.0f/s\n", what, (unsigned long long)count, seconds,
           (double)count / seconds);
}

static void run(struct bench *b, int years)
{
    struct synth_options o = {.per_day = 30, .seed = 1};
    struct err e = {0};
    bool day_only;
    char what[64];
    b->world = world_new(&b->model, &b->policy, (size_t)32 << 30);
    b->lines = 0;
    check(caldate_parse(S("2010-01-01"), &o.from_ms, &day_only, &e), &e);
    o.to_ms = o.from_ms + years * 365 * MS_PER_DAY;
    int64_t began = clock_ticks_us();
    check(synth_write(&o, take, b, NULL, NULL, &e), &e);
    (void)world_tick(b->world);
    world_count_all(b->world);
    size_t events = world_event_count(b->world);
    (void)snprintf(what, sizeof what, "lines into the linker, %zu events", events);
    print_rate(what, b->lines, clock_ticks_us() - began);

    struct arena *scratch = arena_new("answers", (size_t)64 << 20);
    struct hit *hit;
    long sum = 0;
    began = clock_ticks_us();
    for (size_t i = 0; i < QUERIES; i++) {
        arena_reset(scratch);
        if (world_nearest(b->world, (uint32_t)(i * events / QUERIES), NEAREST, scratch, &hit) > 0)
            sum += hit[0].score_db;
    }
    int64_t took = clock_ticks_us() - began;
    (void)snprintf(what, sizeof what, "pairs, nearest of %d among %zu (mean best %.1f)", QUERIES, events,
                   (double)sum / QUERIES / 10);
    print_rate(what, QUERIES * (events - 1), took);
    arena_free(scratch);
    world_free(b->world);
}

int main(int argc, char **argv)
{
    struct bench b = {.arena = arena_new("bench", (size_t)1 << 30)};
    struct err e = {0};
    check(policy_load(b.arena, asset_find_for, NULL, &b.policy, &e), &e);
    check(link_model_load(b.arena, asset_find(S("policy/model-deaths.tsv")), &b.model, &e), &e);
    for (int i = 1; i < argc; i++) {
        int64_t years;
        if (str_to_i64(str_of(argv[i]), &years) != OK || years < 1 || years > 20) {
            fprintf(stderr, "nearest: \"%s\" is no number of years from 1 to 20\n", argv[i]);
            return 65;
        }
        run(&b, (int)years);
    }
    for (int years = 1; argc < 2 && years <= 4; years *= 2)
        run(&b, years);
    arena_free(b.arena);
    return 0;
}
