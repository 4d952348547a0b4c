/* Do the nearest hold against weighing every pair on real deaths? exact FOLDER [QUERIES]: the folder with the
 * public files (shared/data/deaths); QUERIES (1000) random queries of each. Prints the rate of both ways, and
 * ends with an error when any answer differs. */
#include "base/assets.h"
#include "base/clock.h"
#include "base/rng.h"
#include "intake/intake.h"
#include "link/world.h"

#include <stdio.h>
#include <stdlib.h>

#define NEAREST 10

static const struct {
    const char *file, *map;
} SETS[] = {
    {"milwaukee_me_2020_2026.csv.gz", "policy/maps/milwaukee.map"},
    {"cook_opioid_deaths_geo.csv.gz", "policy/maps/cook_opioid.map"},
    {"ct_drug_deaths_2012_2018.csv.gz", "policy/maps/connecticut.map"},
    {"cook_me_archive_2014_2021_nogeo.csv.gz", "policy/maps/cook_archive.map"},
    {"us_homicides_west_1976_2018.csv.gz", "policy/maps/us_homicides.map"},
};

static void check(enum status status, const struct err *e)
{
    if (status == OK) return;
    fprintf(stderr, "exact: %s\n", e->text);
    exit(status_exit_code(status));
}

static void take_file(struct world *w, const struct policy *policy, struct arena *a, const char *path,
                      Str map)
{
    const struct mapping *mapping;
    struct intake *in;
    struct intake_item item;
    struct err e = {0};
    struct arena *row CLEANUP_ARENA = arena_new("row", (size_t)64 << 20);
    check(mapping_parse(a, policy, map, &mapping, &e), &e);
    struct intake_options options = {.policy = policy, .mapping = mapping, .in_process = true};
    check(intake_open(path, &options, &in, &e), &e);
    do {
        arena_reset(row);
        check(intake_next(in, row, &item, &e), &e);
        if (item.kind != INTAKE_CHANGE) continue;
        item.change.known_at_ms = 0;
        check(world_apply(w, &item.change, &e), &e);
    } while (item.kind != INTAKE_DONE);
    intake_close(in);
    (void)world_tick(w);
    world_count_all(w);
}

static bool comes_before(const struct world *w, const struct hit *x, const struct hit *y)
{
    if (x->score_db != y->score_db) return x->score_db > y->score_db;
    return record_id_compare(world_event_id(w, x->event), world_event_id(w, y->event)) < 0;
}

static size_t weigh_all(struct world *w, uint32_t event, struct hit best[NEAREST])
{
    size_t n = 0;
    for (uint32_t y = 0; y < world_event_count(w); y++) {
        if (y == event) continue;
        struct hit h = {y, world_pair_score(w, event, y)};
        if (n == NEAREST && !comes_before(w, &h, &best[n - 1])) continue;
        size_t at = n < NEAREST ? n++ : n - 1;
        for (; at > 0 && comes_before(w, &h, &best[at - 1]); at--)
            best[at] = best[at - 1];
        best[at] = h;
    }
    return n;
}

static bool is_same(const struct hit *x, const struct hit *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (x[i].event != y[i].event || x[i].score_db != y[i].score_db) return false;
    return true;
}

static void print_line(const char *name, const char *how, size_t queries, int64_t us)
{
    printf("%s, %-*s %12zu in %9.3f s %14.0f/s", name, 40, how, queries, (double)us / 1e6,
           (double)queries * 1e6 / (double)(us + 1));
}

static size_t compare(struct world *w, const char *name, size_t queries)
{
    struct arena *a CLEANUP_ARENA = arena_new("answers", (size_t)16 << 20);
    struct rng r;
    size_t n = world_event_count(w), differ = 0;
    int64_t quick_us = 0, every_us = 0;
    rng_seed(&r, 1);
    for (size_t q = 0; q < queries; q++) {
        struct hit every[NEAREST], *quick;
        uint32_t event = (uint32_t)rng_below(&r, n);
        arena_reset(a);
        int64_t began = clock_ticks_us();
        size_t found = world_nearest(w, event, NEAREST, a, &quick);
        int64_t between = clock_ticks_us();
        size_t all = weigh_all(w, event, every);
        quick_us += between - began;
        every_us += clock_ticks_us() - between;
        differ += found != all || !is_same(quick, every, all);
    }
    print_line(name, "found", queries, quick_us);
    printf(", %zu differ from every pair weighed, among %zu events\n", differ, n);
    print_line(name, "every pair weighed", queries, every_us);
    printf("\n");
    (void)fflush(stdout);
    return differ;
}

int main(int argc, char **argv)
{
    struct arena *a CLEANUP_ARENA = arena_new("bench", (size_t)1 << 30);
    struct policy policy;
    struct link_model model;
    struct err e = {0};
    size_t differ = 0;
    int64_t queries = 1000;
    if (argc < 2 || (argc > 2 && (str_to_i64(str_of(argv[2]), &queries) != OK || queries < 1))) {
        fprintf(stderr, "exact: give the folder with the public files of deaths, and perhaps a number\n");
        return 64;
    }
    check(policy_load(a, asset_find_for, NULL, &policy, &e), &e);
    check(link_model_load(a, asset_find(S("policy/model-deaths.tsv")), &model, &e), &e);
    for (size_t i = 0; i < COUNT_OF(SETS); i++) {
        char path[1024];
        struct world *w CLEANUP_WORLD = world_new(&model, &policy, (size_t)16 << 30);
        (void)snprintf(path, sizeof path, "%s/%s", argv[1], SETS[i].file);
        take_file(w, &policy, a, path, asset_find(str_of(SETS[i].map)));
        differ += compare(w, SETS[i].file, (size_t)queries);
    }
    return differ == 0 ? 0 : 1;
}
