/* What finding costs and how it grows: index [whole] [EVENTS...]. For each size: a population of invented
 * deaths (src/synth; making it is not counted), then the bytes an event takes, how long one query takes, an
 * arrival with everything that follows from it, a block of arrivals linked at once, and the ten nearest of
 * every event (above 200,000 of a sample, unless the whole is asked for). The first lines are the columns
 * alone: pairs a second on one core by the number of columns looked at. */
#include "base/alloc.h"
#include "base/assets.h"
#include "base/caldate.h"
#include "base/clock.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "link/query.h"
#include "model/feed.h"
#include "synth/synth.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define NEAREST        10
#define QUERIES        1000
#define YEARS_MAX      12
#define EVENTS_A_DEATH 1.52  /* deaths bring incidents along */
#define HELD_DAYS      8     /* of lines, to arrive one by one and in a block */
#define ARRIVAL_US     20000 /* fifty a second */
#define ARRIVALS_MAX   1000
#define SCANNED_BLOCKS 64
#define SCAN_ROUNDS    20000
/* Above so many events only a part of all is searched for, and the rest reckoned from it: of so many
 * neighbours of the index each time, as all of them would be searched for, one in so many. */
#define ALL_PAIRS_MAX     200000
#define SAMPLE_NEIGHBOURS 512
#define SAMPLE_ONE_IN     20
/* How far taking in has come is told every so many events. */
#define TOLD_EVERY 100000

struct bench {
    struct arena *arena;
    struct policy policy;
    struct link_model model;
    struct world *world;
    int64_t at_ms, hold_from_ms, world_us;
    double world_processor_s, told_s; /* told_s: when it was last told how far taking in has come */
    uint64_t lines;
    size_t size; /* as asked for */
    bool whole;  /* all pairs of any number */
    size_t told; /* events then */
    struct figures {
        size_t events;
        double taken, query, arrival, all_pairs; /* us an event; us; us; s by two threads */
    } now, before;
    struct change *held;
    size_t held_count, held_room;
};

static void check(enum status status, const struct err *e)
{
    if (status == OK) return;
    fprintf(stderr, "index: %s\n", e->text);
    exit(status_exit_code(status));
}

/* Of all threads: a busy machine tells more by it than by the wall. */
static double processor_s(void)
{
    struct rusage u;
    (void)getrusage(RUSAGE_SELF, &u);
    return (double)u.ru_utime.tv_sec + (double)u.ru_utime.tv_usec / 1e6;
}

static void print_line(const char *what, uint64_t count, int64_t us, const char *more)
{
    double seconds = (double)us / 1e6;
    printf("%-56s %12llu in %9.3f s %14.0f/s%s\n", what, (unsigned long long)count, seconds,
           (double)count / seconds, more);
    (void)fflush(stdout);
}

static void print_rate(const char *what, uint64_t count, int64_t us)
{
    print_line(what, count, us, "");
}

/* "100000 events: WHAT": the size that was asked for, so that growth can be drawn (bench/plots.tsv). */
static void print_sized(const struct bench *b, const char *what, uint64_t count, int64_t us, const char *more)
{
    char line[160];
    (void)snprintf(line, sizeof line, "%zu events: %s", b->size, what);
    print_line(line, count, us, more);
}

/* ---- the columns ------------------------------------------------------------------------------------- */

static void scan_columns(scan_block scan, const char *name, int columns)
{
    const uint32_t any = ANY_PLACE | ANY_TIME;
    struct block *block = alloc_zero(SCANNED_BLOCKS, sizeof *block);
    struct losses l = {.age = 40, .cos_lat = 1, .radius_m = {1, 2, 3, 4, 5}, .days = {1, 2, 3, 4, 5, 6}};
    uint8_t loss[BLOCK_ROWS];
    uint32_t passes[BLOCK_ROWS / 32], seen = 0;
    char what[80];
    struct rng r;
    rng_seed(&r, 1);
    for (size_t b = 0; b < SCANNED_BLOCKS; b++) {
        for (size_t i = offsetof(struct block, north); i < sizeof *block; i++)
            ((uint8_t *)&block[b])[i] = (uint8_t)rng_below(&r, 200);
        block[b].grid = (struct block_grid){.lat_step = 0.001F, .lon_step = 0.001F};
    }
    int64_t began = clock_ticks_us();
    for (int round = 0; round < SCAN_ROUNDS; round++) {
        scan(&block[round % SCANNED_BLOCKS], any, &l, (UINT32_C(1) << columns) - 1, BLOCK_ROWS, 10, 0, loss,
             passes);
        seen += passes[0];
    }
    int64_t took = clock_ticks_us() - began;
    (void)snprintf(what, sizeof what, "pairs a core, %s, %d columns%s", name, columns, seen == 1 ? "." : "");
    print_rate(what, (uint64_t)SCAN_ROUNDS * BLOCK_ROWS, took < 1 ? 1 : took);
    alloc_free(block);
}

/* ---- the population ---------------------------------------------------------------------------------- */

static enum status take(void *state, Str text, struct err *e)
{
    struct bench *b = state;
    struct change line;
    struct arena *scratch CLEANUP_ARENA = arena_new("line", (size_t)16 << 20);
    TRY(feed_parse_line(scratch, &b->policy, text, S("main"), &line, e));
    if (line.known_at_ms >= b->hold_from_ms) {
        if (b->held_count == b->held_room) {
            size_t room = b->held_room * 2 + 1024;
            b->held =
                arena_grow(b->arena, b->held, b->held_room, room, sizeof *b->held, _Alignof(struct change));
            b->held_room = room;
        }
        return feed_parse_line(b->arena, &b->policy, text, S("main"), &b->held[b->held_count++], e);
    }
    int64_t began = clock_ticks_us();
    double processor = processor_s();
    if (b->lines++ > 0 && line.known_at_ms != b->at_ms) (void)world_tick(b->world);
    b->at_ms = line.known_at_ms;
    enum status s = world_apply(b->world, &line, e);
    b->world_us += clock_ticks_us() - began;
    b->world_processor_s += processor_s() - processor;
    size_t n = world_event_count(b->world);
    if (n % TOLD_EVERY == 0 && n > b->told) {
        printf("  taking in, %zu to %zu: %.0f us of processor each\n", b->told, n,
               (b->world_processor_s - b->told_s) * 1e6 / (double)(n - b->told));
        (void)fflush(stdout);
        b->told = n;
        b->told_s = b->world_processor_s;
    }
    return s;
}

static void populate(struct bench *b, size_t events)
{
    struct synth_options o = {.per_day = 30, .seed = 1};
    struct err e = {0};
    bool day_only;
    char what[80];
    double days = (double)events / EVENTS_A_DEATH / o.per_day;
    if (days > YEARS_MAX * 365) {
        o.per_day *= days / (YEARS_MAX * 365);
        days = YEARS_MAX * 365;
    }
    b->world = world_new(&b->model, &b->policy, (size_t)64 << 30);
    b->lines = 0;
    b->held_count = 0;
    b->world_us = 0;
    b->world_processor_s = b->told_s = 0;
    b->told = 0;
    check(caldate_parse(S("2010-01-01"), &o.from_ms, &day_only, &e), &e);
    o.to_ms = o.from_ms + (int64_t)(days + HELD_DAYS) * MS_PER_DAY;
    b->hold_from_ms = o.to_ms - HELD_DAYS * MS_PER_DAY;
    check(synth_write(&o, take, b, NULL, NULL, &e), &e);
    (void)world_tick(b->world);
    size_t n = world_event_count(b->world);
    printf("\n");
    (void)snprintf(what, sizeof what, "  %llu lines, %.0f/s of processor", (unsigned long long)b->lines,
                   (double)n / b->world_processor_s);
    print_sized(b, "taken in", n, b->world_us, what);
    b->now = (struct figures){.events = n, .taken = (double)b->world_us / (double)n};
    int64_t began = clock_ticks_us();
    index_settle(b->world);
    struct index_size z = index_size(b->world);
    (void)snprintf(what, sizeof what, "  bytes an event: %.0f in columns, %.0f beyond them",
                   (double)z.column_bytes / (double)n, (double)z.other_bytes / (double)n);
    print_sized(b, "into the index", n, clock_ticks_us() - began + 1, what);
}

/* ---- one at a time ----------------------------------------------------------------------------------- */

static int compare_times(const void *x, const void *y)
{
    const int64_t *a = x, *b = y;
    return *a < *b ? -1 : *a > *b;
}

/* The mean. */
static double print_times(const struct bench *b, const char *what, int64_t *us, size_t n)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += us[i];
    if (n == 0) return 0;
    qsort(us, n, sizeof *us, compare_times);
    char more[120];
    (void)snprintf(more, sizeof more, "  p50 %.2f, p99 %.2f, most %.2f ms", (double)us[n / 2] / 1e3,
                   (double)us[n * 99 / 100] / 1e3, (double)us[n - 1] / 1e3);
    print_sized(b, what, n, sum + 1, more);
    return (double)sum / (double)n;
}

static void print_work(struct bench *b)
{
    struct work *k = &b->world->index->work;
    double n = (double)k->queries;
    printf("  a query: %.2f again, %.0f boxes, %.0f blocks opened, %.0f rows left, %.0f by lists, %.0f "
           "weighed, %.0f offered, "
           "%.0f looked up\n",
           (double)k->again / n, (double)k->boxes / n, (double)k->blocks / n, (double)k->rows / n,
           (double)k->by_lists / n, (double)k->weighed / n, (double)k->offered / n, (double)k->looked_up / n);
    *k = (struct work){0};
}

static void query(struct bench *b)
{
    struct arena *scratch = arena_new("answers", (size_t)64 << 20);
    int64_t *us = alloc_zero(QUERIES, sizeof *us);
    size_t events = world_event_count(b->world);
    struct hit *hit;
    double before = processor_s();
    for (size_t i = 0; i < QUERIES; i++) {
        int64_t began = clock_ticks_us();
        arena_reset(scratch);
        (void)world_nearest(b->world, (uint32_t)(i * events / QUERIES), NEAREST, scratch, &hit);
        us[i] = clock_ticks_us() - began;
    }
    double took = processor_s() - before;
    b->now.query = print_times(b, "one query", us, QUERIES);
    printf("  %.0f us of processor a query\n", took / QUERIES * 1e6);
    print_work(b);
    alloc_free(us);
    arena_free(scratch);
}

/* Each moment's lines, with the search for everything that is new or changed by them. */
static size_t arrive(struct bench *b, size_t at)
{
    struct arena *scratch = arena_new("answers", (size_t)64 << 20);
    int64_t *us = alloc_zero(ARRIVALS_MAX, sizeof *us);
    struct err e = {0};
    size_t n = 0;
    while (n < ARRIVALS_MAX && at < b->held_count / 2) {
        int64_t known = b->held[at].known_at_ms, began = clock_ticks_us();
        for (; at < b->held_count && b->held[at].known_at_ms == known; at++)
            check(world_apply(b->world, &b->held[at], &e), &e);
        struct tick t = world_tick(b->world);
        for (size_t i = 0; i < t.count; i++) {
            struct hit *hit;
            arena_reset(scratch);
            (void)world_nearest(b->world, t.event[i], NEAREST, scratch, &hit);
        }
        if (t.count > 0) us[n++] = clock_ticks_us() - began;
    }
    int64_t *waited = alloc_zero(n + 1, sizeof *waited), end = 0;
    for (size_t i = 0; i < n; i++) { /* one every 20 ms; who comes while another is served waits */
        int64_t came = (int64_t)i * ARRIVAL_US;
        end = (end > came ? end : came) + us[i];
        waited[i] = end - came;
    }
    b->now.arrival = print_times(b, "one arrival, applied and linked", us, n);
    (void)print_times(b, "the same, fifty a second, from arrival to answer", waited, n);
    alloc_free(waited);
    alloc_free(us);
    arena_free(scratch);
    return at;
}

/* The rest arrives as one block, as an import does: all of it is known at one moment, and what changed is
 * linked by two threads. */
static void arrive_in_block(struct bench *b, size_t at)
{
    struct err e = {0};
    int64_t began = clock_ticks_us(), known = b->held_count > 0 ? b->held[b->held_count - 1].known_at_ms : 0;
    for (; at < b->held_count; at++) {
        b->held[at].known_at_ms = known;
        check(world_apply(b->world, &b->held[at], &e), &e);
    }
    struct tick t = world_tick(b->world);
    int64_t applied = clock_ticks_us();
    struct hit *hit = alloc_zero(t.count * NEAREST + 1, sizeof *hit);
    size_t *found = alloc_zero(t.count + 1, sizeof *found);
    world_nearest_many(b->world, t.event, t.count, NEAREST, 2, hit, found);
    int64_t took = clock_ticks_us() - began;
    char more[80];
    (void)snprintf(more, sizeof more, "  of it applying %.0f %%",
                   100 * (double)(applied - began) / (double)(took + 1));
    print_sized(b, "a block, applied and linked, 2 threads", t.count, took + 1, more);
    alloc_free(hit);
    alloc_free(found);
}

/* ---- start from a snapshot --------------------------------------------------------------------------- */

#define IMAGE_MAX ((size_t)20 << 30)

static void start_again(struct bench *b)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("answers", (size_t)64 << 20);
    struct buf image CLEANUP_BUF;
    struct world *w = NULL;
    struct hit *hit;
    struct err e = {0};
    char more[80];
    size_t n = world_event_count(b->world);
    buf_init(&image, IMAGE_MAX);
    int64_t began = clock_ticks_us();
    world_save(b->world, &image);
    check(buf_status(&image, &e), &e);
    (void)snprintf(more, sizeof more, "  %.0f bytes an event", (double)image.len / (double)n);
    print_sized(b, "saved as a snapshot", n, clock_ticks_us() - began + 1, more);
    began = clock_ticks_us();
    check(world_restore(&b->model, &b->policy, (size_t)64 << 30, &image, &w, &e), &e);
    (void)world_nearest(w, (uint32_t)(n - 1), NEAREST, scratch, &hit);
    print_sized(b, "restored, until the first answer", n, clock_ticks_us() - began + 1, "");
    world_free(w);
}

/* ---- all pairs --------------------------------------------------------------------------------------- */

/* Every event, or of every so many neighbours of the index the first ones. */
static size_t choose_events(const struct bench *b, size_t step, uint32_t *event)
{
    const struct index *x = b->world->index;
    size_t count = 0, seen = 0;
    for (size_t p = 0; p < x->partition_count; p++)
        for (size_t row = 0; row < x->partition[p].count; row++) {
            uint32_t at = x->partition[p].event[row];
            if (at != NO_EVENT && seen++ / SAMPLE_NEIGHBOURS % step == 0) event[count++] = at;
        }
    return count;
}

static void all_pairs(struct bench *b, size_t threads)
{
    size_t n = world_event_count(b->world), step = n > ALL_PAIRS_MAX && !b->whole ? SAMPLE_ONE_IN : 1;
    uint32_t *event = alloc_zero(n + 1, sizeof *event);
    size_t count = choose_events(b, step, event);
    struct hit *hit = alloc_zero(count * NEAREST + 1, sizeof *hit);
    size_t *found = alloc_zero(count + 1, sizeof *found);
    char what[80], more[100] = "";
    int64_t began = clock_ticks_us();
    double before = processor_s();
    world_nearest_many(b->world, event, count, NEAREST, threads, hit, found);
    int64_t took = clock_ticks_us() - began;
    double processor = processor_s() - before, part = (double)n / (double)count;
    if (step > 1)
        (void)snprintf(more, sizeof more, "  a sample: all in %.0f s, reckoned from 1 in %.1f",
                       (double)took / 1e6 * part, part);
    (void)snprintf(what, sizeof what, "all pairs, ten nearest of %s, %zu threads", step > 1 ? "some" : "each",
                   threads);
    b->now.all_pairs = (double)took / 1e6 * part;
    print_sized(b, what, (uint64_t)count * (n - 1), took + 1, more);
    printf("  %.0f us of processor each: %.0f s of processor for all\n", processor / (double)count * 1e6,
           processor * part);
    print_work(b);
    alloc_free(event);
    alloc_free(hit);
    alloc_free(found);
}

/* What twice as many events make of the cost, between this size and the one before. */
static void print_growth(const struct bench *b)
{
    const struct figures *x = &b->before, *y = &b->now;
    if (x->events == 0 || x->events == y->events) return;
    double doublings = log2((double)y->events / (double)x->events);
    printf("cost per doubling, %zu to %zu events: taking an event in x %.2f, one query x %.2f, one arrival x "
           "%.2f, "
           "all pairs x %.2f\n",
           x->events, y->events, pow(y->taken / x->taken, 1 / doublings),
           pow(y->query / x->query, 1 / doublings), pow(y->arrival / x->arrival, 1 / doublings),
           pow(y->all_pairs / x->all_pairs, 1 / doublings));
}

static void run(struct bench *b, size_t events)
{
    b->size = events;
    populate(b, events);
    query(b);
    arrive_in_block(b, arrive(b, 0));
    b->world->index->work = (struct work){0};
    start_again(b);
    if (!b->whole) all_pairs(b, 1); /* of a million on one thread: ten minutes that tell nothing new */
    all_pairs(b, 2);
    print_growth(b);
    b->before = b->now;
    world_free(b->world);
}

int main(int argc, char **argv)
{
    struct bench b = {.arena = arena_new("bench", (size_t)8 << 30)};
    struct err e = {0};
    check(policy_load(b.arena, asset_find_for, NULL, &b.policy, &e), &e);
    check(link_model_load(b.arena, asset_find(S("policy/model-deaths.tsv")), &b.model, &e), &e);
    for (int columns = 1; columns <= SCAN_BITS; columns += 4) {
        scan_columns(scan_fastest().block, "fastest", columns);
        scan_columns(scan_portable().block, "portable", columns);
    }
    for (int i = 1; i < argc; i++) {
        int64_t events;
        if (str_eq(str_of(argv[i]), S("whole"))) {
            b.whole = true;
            continue;
        }
        if (str_to_i64(str_of(argv[i]), &events) != OK || events < 1000 || events > 4000000) {
            fprintf(stderr,
                    "index: \"%s\" is neither \"whole\" nor a number of events from 1000 to 4000000\n",
                    argv[i]);
            return 65;
        }
        run(&b, (size_t)events);
    }
    if (argc < 2) run(&b, 10000);
    if (argc < 2) run(&b, 100000);
    arena_free(b.arena);
    return 0;
}
