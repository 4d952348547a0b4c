/* The index held against weighing every pair: random models, random records that change and come today, the
 * fastest columns and the portable ones, one thread and two. */
#include "worldkit.h"

#include "base/caldate.h"
#include "base/rng.h"
#include "link/query.h"
#include "model/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define WORLD_BYTES ((size_t)2 << 30)

/* ---- the columns ------------------------------------------------------------------------------------- */

/* Rows with and without a place and a day, on a grid near the query or far from it. */
static void random_block(struct rng *r, struct block *b)
{
    uint8_t *byte = (uint8_t *)b;
    for (size_t i = offsetof(struct block, north); i < sizeof *b; i++)
        byte[i] = (uint8_t)(rng_chance(r, 0.3) ? 0 : rng_below(r, rng_chance(r, 0.5) ? 256 : 40));
    for (size_t i = 0; i < BLOCK_ROWS; i++)
        if (b->day_to[i] < b->day_from[i]) b->day_to[i] = b->day_from[i];
    b->grid = (struct block_grid){
        .lat_from = rng_unit(r) * (rng_chance(r, 0.5) ? 0.01 : 60),
        .lon_from = rng_unit(r) * (rng_chance(r, 0.5) ? 0.01 : 360) - 180,
        .lat_step = (float)(0.0002 + 0.001 * rng_unit(r)),
        .day_from = (int32_t)rng_below(r, 20000),
        .day_shift = (uint32_t)rng_below(r, 6),
    };
    b->grid.lon_step = b->grid.lat_step * (float)(1 + rng_unit(r));
    b->grid.lat_cells = 1 / b->grid.lat_step;
    b->grid.lon_cells = 1 / b->grid.lon_step;
}

static void random_losses(struct rng *r, struct losses *l)
{
    uint8_t *byte = (uint8_t *)l;
    for (size_t i = 0; i < offsetof(struct losses, lat_deg); i++)
        byte[i] = (uint8_t)rng_below(r, rng_chance(r, 0.1) ? 256 : 20);
    l->age = (uint8_t)rng_below(r, 132);
    l->cos_lat = (float)rng_unit(r);
    l->lat_deg = rng_unit(r) * 0.01;
    l->lon_deg = rng_unit(r) * 0.01 - 180;
    l->day_from = (int32_t)rng_below(r, 20000);
    l->day_to = l->day_from + (int32_t)rng_below(r, 10);
    for (int s = 0; s < PLACE_SCALES; s++)
        l->radius_m[s] = 100.0F * (float)((s + 1) * (s + 1) * (s + 1));
    for (int s = 0; s < TIME_SCALES; s++)
        l->days[s] = 1 << (2 * s);
}

static void every_way_of_adding_columns_gives_the_same(void **state)
{
    (void)state;
    static struct block block;
    const scan_block fastest = scan_fastest().block, portable = scan_portable().block;
    struct rng r;
    size_t passed = 0;
    rng_seed(&r, 5);
    for (int round = 0; round < 2000; round++) {
        struct losses l;
        uint8_t one[BLOCK_ROWS], other[BLOCK_ROWS];
        uint32_t passes_one[BLOCK_ROWS / 32], passes_other[BLOCK_ROWS / 32];
        uint32_t columns = (uint32_t)rng_u64(&r) & ((UINT32_C(1) << SCAN_BITS) - 1);
        uint8_t budget = (uint8_t)rng_below(&r, 256),
                least = (uint8_t)(rng_chance(&r, 0.5) ? 0 : rng_below(&r, 40));
        size_t rows = 1 + rng_below(&r, BLOCK_ROWS), whole = (rows + 31) / 32;
        random_block(&r, &block);
        random_losses(&r, &l);
        portable(&block, ANY_PLACE | ANY_TIME, &l, columns, rows, budget, least, one, passes_one);
        fastest(&block, ANY_PLACE | ANY_TIME, &l, columns, rows, budget, least, other, passes_other);
        assert_memory_equal(passes_one, passes_other, whole * sizeof *passes_one);
        for (size_t i = 0; i < whole * 32; i++) {
            if (!(passes_one[i / 32] >> i % 32 & 1)) continue;
            assert_int_equal(one[i], other[i]);
            passed++;
        }
    }
    assert_in_range(passed, 1000, 2000 * BLOCK_ROWS - 1000);
}

#define BOXES 24

static float random_degrees(struct rng *r, float low, float high)
{
    return low + (high - low) * (float)rng_unit(r);
}

static void every_way_of_bounding_boxes_gives_the_same(void **state)
{
    (void)state;
    static struct boxes box[BOXES / BOXES_AT_ONCE], wide[1];
    struct rng r;
    rng_seed(&r, 6);
    for (int round = 0; round < 2000; round++) {
        struct box_query q = {.lat_deg = random_degrees(&r, 50, 51),
                              .lon_deg = random_degrees(&r, -180, 180),
                              .cos_lat = random_degrees(&r, 0.1F, 1),
                              .day_from = 1000,
                              .day_to = 1000 + (int32_t)rng_below(&r, 9),
                              .has_place = rng_chance(&r, 0.8),
                              .has_time = rng_chance(&r, 0.8)};
        struct near_box one[BOXES + BOXES_AT_ONCE], other[BOXES + BOXES_AT_ONCE];
        size_t count = 1 + rng_below(&r, BOXES);
        int32_t need = (int32_t)rng_below(&r, 60) - 40;
        for (int s = 0; s < 8; s++) {
            q.place[s] =
                s == 0 ? 30 : q.place[s - 1] - (int32_t)rng_below(&r, 15); /* farther is never more */
            q.time[s] = s == 0 ? 30 : q.time[s - 1] - (int32_t)rng_below(&r, 15);
            if (s < PLACE_SCALES) q.square_m2[s] = (float)(1e4 * pow(10, s * 2));
            if (s < TIME_SCALES) q.days[s] = 1 << (2 * s);
        }
        for (size_t i = 0; i < BOXES; i++) {
            struct boxes *b = &box[i / BOXES_AT_ONCE];
            size_t at = i % BOXES_AT_ONCE;
            b->lat_min[at] = random_degrees(&r, 40, 60);
            b->lat_max[at] = b->lat_min[at] + random_degrees(&r, 0, 3);
            b->lon_min[at] = random_degrees(&r, -180, 180);
            b->lon_max[at] = b->lon_min[at] + random_degrees(&r, 0, 180 - b->lon_min[at]);
            b->cos_min[at] = random_degrees(&r, 0.1F, 1);
            b->day_min[at] = (int32_t)rng_below(&r, 2000);
            b->day_max[at] = b->day_min[at] + (int32_t)rng_below(&r, 500);
            b->any[at] = (uint32_t)rng_u64(&r); /* each row has a place or has none, has a day or has none */
            if (!(b->any[at] & ANY_NO_TIME)) b->any[at] |= ANY_TIME;
            if (!(b->any[at] & ANY_NO_PLACE)) b->any[at] |= ANY_PLACE;
            if (b->any[at] & ANY_PLACE) continue;
            b->lat_min[at] = b->lon_min[at] = b->cos_min[at] = INFINITY;
            b->lat_max[at] = b->lon_max[at] = -INFINITY;
        }
        for (size_t at = 0; at * BOXES_AT_ONCE < count; at++)
            boxes_join(wide, at, box, count);
        size_t found = scan_portable().boxes(box, wide, count, &q, need, one), by_eights = 0;
        assert_int_equal(scan_fastest().boxes(box, wide, count, &q, need, other), found);
        if (found > 0) assert_memory_equal(one, other, found * sizeof *one);
        for (size_t i = 0; i < count; i += BOXES_AT_ONCE) /* one eight is looked at without what holds it */
            by_eights +=
                scan_portable().boxes(&box[i / BOXES_AT_ONCE], NULL,
                                      count - i < BOXES_AT_ONCE ? count - i : BOXES_AT_ONCE, &q, need, other);
        assert_int_equal(by_eights, found);
    }
}

/* ---- the search -------------------------------------------------------------------------------------- */

static bool comes_before(const struct world *w, const struct hit *x, const struct hit *y)
{
    if (x->score_db != y->score_db) return x->score_db > y->score_db;
    return record_id_compare(world_event_id(w, x->event), world_event_id(w, y->event)) < 0;
}

/* The k best by weighing every pair, kept in order. */
static size_t weigh_all(struct world *w, uint32_t event, size_t k, struct hit *best)
{
    size_t n = 0;
    for (uint32_t y = 0; y < world_event_count(w); y++) {
        struct hit h = {y, 0};
        if (y == event) continue;
        h.score_db = world_pair_score(w, event, y);
        assert_int_equal(world_pair_score(w, y, event), h.score_db);
        if (n == k && !comes_before(w, &h, &best[n - 1])) continue;
        size_t at = n < k ? n++ : n - 1;
        for (; at > 0 && comes_before(w, &h, &best[at - 1]); at--)
            best[at] = best[at - 1];
        best[at] = h;
    }
    return n;
}

#define K_MAX 40

static void check_search(struct world *w, uint32_t event, size_t k, struct scanning scan)
{
    struct arena *a CLEANUP_ARENA = arena_new("check", (size_t)1 << 20);
    struct hit every[K_MAX], *quick;
    size_t n = weigh_all(w, event, k, every);
    w->index->scan = scan;
    assert_int_equal(world_nearest(w, event, k, a, &quick), n);
    for (size_t i = 0; i < n; i++)
        if (quick[i].event != every[i].event || quick[i].score_db != every[i].score_db)
            fail_msg("event %u, place %zu of %zu: the search says %u at %d, weighing every pair %u at %d",
                     event, i + 1, k, quick[i].event, quick[i].score_db, every[i].event, every[i].score_db);
}

/* A model in which every belief is drawn anew; scales still widen. */
static void random_model(struct rng *r, struct link_model *m)
{
    for (int f = 0; f < FEATURE_COUNT; f++)
        m->feature[f] = (struct feature_belief){0.001 + 0.998 * rng_unit(r),
                                                rng_chance(r, 0.2) ? 1 : 0.05 + 0.9 * rng_unit(r)};
    double scale = 30, days = 1, years = 1;
    for (int s = 0; s < PLACE_SCALES; s++) {
        m->place_radius_m[s] = scale += 1 + rng_unit(r) * scale * 3;
        m->place_square_m2[s] = m->place_radius_m[s] * m->place_radius_m[s];
        m->place_m[s] = 0.1 + 0.17 * s + 0.1 * rng_unit(r);
    }
    for (int s = 0; s < TIME_SCALES; s++) {
        m->time_days[s] = days += 1 + rng_unit(r) * days * 2;
        m->time_m[s] = 0.02 + 0.15 * s + 0.1 * rng_unit(r);
    }
    for (int s = 0; s < 3; s++) {
        m->age_years[s] = years += 1 + (double)rng_below(r, 9);
        m->age_m[s] = 0.2 + 0.2 * s + 0.1 * rng_unit(r);
    }
    m->smoothing = 0.5 + 20 * rng_unit(r);
    m->rest_share = rng_unit(r);
    m->common_deaths = 2 + (int64_t)rng_below(r, 3);
    m->institution_deaths = m->common_deaths + 1 + (int64_t)rng_below(r, 6);
}

/* Lines of a background, each taken with its tick; while they come, a few events are searched for: what came
 * today, what has changed, what is long known. */
static void check_world(struct worldkit *k, struct link_model *m, uint64_t seed, size_t k_best)
{
    size_t count;
    struct rng r;
    struct change *line = worldkit_background(k, "2014-03-01", "2014-03-20", 14, seed, &count);
    struct world *w CLEANUP_WORLD = world_new(m, &k->policy, WORLD_BYTES);
    struct err e = {0};
    rng_seed(&r, seed);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && line[i].known_at_ms != line[i - 1].known_at_ms) {
            struct tick t = world_tick(w);
            size_t n = world_event_count(w);
            if (t.count > 0 && rng_chance(&r, 0.04)) check_search(w, t.event[0], k_best, scan_fastest());
            if (n > 0 && rng_chance(&r, 0.02))
                check_search(w, (uint32_t)rng_below(&r, n), k_best, scan_portable());
        }
        assert_int_equal(world_apply(w, &line[i], &e), OK);
    }
    (void)world_tick(w);
    if (seed % 2 == 0) world_count_all(w);
    for (uint32_t event = 0; event < world_event_count(w); event += 5)
        check_search(w, event, k_best, event % 2 ? scan_fastest() : scan_portable());
}

static void it_finds_what_weighing_every_pair_finds_under_any_model(void **state)
{
    struct worldkit *k = *state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        struct link_model m = k->model;
        struct rng r;
        rng_seed(&r, seed * 77);
        if (seed > 1) random_model(&r, &m);
        check_world(k, &m, seed, seed == 3 ? 1 : seed == 4 ? K_MAX : 10);
    }
}

static void many_at_once_are_found_like_each_alone(void **state)
{
    struct worldkit *k = *state;
    size_t count, n;
    struct change *line = worldkit_background(k, "2014-03-01", "2014-03-25", 20, 6, &count);
    struct world *w CLEANUP_WORLD = world_new(&k->model, &k->policy, WORLD_BYTES);
    struct arena *a CLEANUP_ARENA = arena_new("many", (size_t)64 << 20);
    worldkit_apply(w, line, count);
    n = world_event_count(w) / 2; /* every second event, from the last to the first */
    uint32_t *event = NEW_ARRAY(a, uint32_t, n);
    for (size_t i = 0; i < n; i++)
        event[i] = (uint32_t)((n - i) * 2 - 1);
    struct hit *one = NEW_ARRAY(a, struct hit, n * 10), *two = NEW_ARRAY(a, struct hit, n * 10), *alone;
    size_t *found_one = NEW_ARRAY(a, size_t, n), *found_two = NEW_ARRAY(a, size_t, n);
    world_nearest_many(w, event, n, 10, 1, one, found_one);
    world_nearest_many(w, event, n, 10, 2, two, found_two);
    assert_memory_equal(found_one, found_two, n * sizeof *found_one);
    assert_memory_equal(one, two, n * 10 * sizeof *one);
    for (size_t i = 0; i < n; i += 7) {
        assert_int_equal(world_nearest(w, event[i], 10, a, &alone), found_one[i]);
        assert_memory_equal(alone, one + i * 10, found_one[i] * sizeof *alone);
    }
}

/* Groups of every size, from one partition and from several, with the same event twice, and with more answers
 * asked for than there are events; by random models, whose guesses fail. */
static void check_groups(struct world *w, struct arena *a, struct rng *r, size_t count, size_t k)
{
    uint32_t *event = NEW_ARRAY(a, uint32_t, count);
    struct hit *one = NEW_ARRAY(a, struct hit, count * k), *two = NEW_ARRAY(a, struct hit, count * k), *alone;
    size_t *found_one = NEW_ARRAY(a, size_t, count), *found_two = NEW_ARRAY(a, size_t, count);
    for (size_t i = 0; i < count; i++)
        event[i] = i > 0 && rng_chance(r, 0.1) ? event[i - 1] : (uint32_t)rng_below(r, world_event_count(w));
    w->index->scan = rng_chance(r, 0.5) ? scan_fastest() : scan_portable();
    world_nearest_many(w, event, count, k, 1, one, found_one);
    world_nearest_many(w, event, count, k, 2, two, found_two);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(found_one[i], found_two[i]);
        assert_memory_equal(one + i * k, two + i * k, found_one[i] * sizeof *one);
        assert_int_equal(world_nearest(w, event[i], k, a, &alone), found_one[i]);
        assert_memory_equal(alone, one + i * k, found_one[i] * sizeof *one);
    }
    struct hit *every = NEW_ARRAY(a, struct hit, k);
    size_t at = (size_t)rng_below(r, count), n = weigh_all(w, event[at], k, every);
    assert_int_equal(found_one[at], n);
    assert_memory_equal(one + at * k, every, n * sizeof *every);
}

static void groups_find_what_each_finds_alone(void **state)
{
    struct worldkit *k = *state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        size_t count;
        struct link_model m = k->model;
        struct rng r;
        rng_seed(&r, seed * 5);
        if (seed > 1) random_model(&r, &m);
        struct change *line = worldkit_background(k, "2014-03-01", "2014-04-10", 20, seed, &count);
        struct world *w CLEANUP_WORLD = world_new(&m, &k->policy, WORLD_BYTES);
        struct arena *a CLEANUP_ARENA = arena_new("groups", (size_t)1 << 30);
        worldkit_apply(w, line, count);
        if (seed == 2) world_count_all(w);
        for (size_t size = 1; size <= GROUP * 5; size += 1 + size / 3)
            check_groups(w, a, &r, size, seed == 3 ? 1 : 10);
        check_groups(w, a, &r, GROUP + 1, world_event_count(w) + 5);
        check_groups(w, a, &r, GROUP * 3, 3); /* other answers: nothing is known of how far they come */
    }
}

/* Runs of every size are sorted, rows leave and are packed, and every event still stands once in its seat. */
static void seats_and_rows_agree_at_any_size(void **state)
{
    struct worldkit *k = *state;
    struct world *w CLEANUP_WORLD = world_new(&k->model, &k->policy, WORLD_BYTES);
    struct rng r;
    struct err e = {0};
    rng_seed(&r, 3);
    for (unsigned i = 0; i < 9000; i++) {
        char text[300];
        unsigned id = i < 6000 ? i : (unsigned)rng_below(&r, 6000); /* the later ones change what is there */
        (void)snprintf(text, sizeof text,
                       "{\"known_at\":\"2014-03-01T00:00:00Z\",\"kind\":\"death\",\"id\":\"X%u\",\"source\":"
                       "\"death_report\",\"set\":{\"age\":%u,\"mechanism\":\"%s\",\"place\":{\"lat\":%.4f,"
                       "\"lon\":%.4f}}}",
                       id, (unsigned)rng_below(&r, 90), rng_chance(&r, 0.9) ? "overdose" : "natural",
                       51 + rng_unit(&r), rng_unit(&r));
        struct arena *a CLEANUP_ARENA = arena_new("line", (size_t)1 << 20);
        struct change line;
        assert_int_equal(feed_parse_line(a, &k->policy, str_of(text), S("main"), &line, &e), OK);
        line.known_at_ms = 0;
        assert_int_equal(world_apply(w, &line, &e), OK);
        if (i % 100 != 99) continue;
        (void)world_tick(w);
        index_settle(w);
    }
    size_t seated = 0;
    for (size_t i = 0; i < w->index->partition_count; i++) {
        const struct partition *p = &w->index->partition[i];
        size_t gone = 0;
        for (size_t row = 0; row < p->count; row++) {
            gone += p->event[row] == NO_EVENT;
            if (p->event[row] == NO_EVENT) continue;
            const struct seat *s = &w->index->seat[p->event[row]];
            assert_int_equal(s->partition, i);
            assert_int_equal(s->row, row);
            assert_int_equal(p->block[row / BLOCK_ROWS].age[row % BLOCK_ROWS],
                             w->event[p->event[row]].row.age + 1);
            seated++;
        }
        assert_int_equal(gone, p->gone);
    }
    assert_int_equal(seated, world_event_count(w));
    for (uint32_t event = 0; event < 6000; event += 1500)
        check_search(w, event, 10, scan_fastest());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_of_adding_columns_gives_the_same),
        cmocka_unit_test(every_way_of_bounding_boxes_gives_the_same),
        cmocka_unit_test(it_finds_what_weighing_every_pair_finds_under_any_model),
        cmocka_unit_test(many_at_once_are_found_like_each_alone),
        cmocka_unit_test(groups_find_what_each_finds_alone),
        cmocka_unit_test(seats_and_rows_agree_at_any_size),
    };
    return cmocka_run_group_tests(tests, worldkit_setup, worldkit_teardown);
}
