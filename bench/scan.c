/* How fast the space-time scan is: scan [CASES LOCATIONS YEARS]. Invented cases, with a cluster of eight in
 * the last week: ten years of a force as it is scanned every night, every fortnight of the ten years, and the
 * same year as in the data of SaTScan's comparison (5,006 cases at 2,000 places). Counted are
 * shuffles. */
#include "scan/scan.h"
#include "base/clock.h"
#include "base/rng.h"

#include <stdio.h>
#include <stdlib.h>

struct data {
    struct arena *arena;
    struct scan_points points;
    struct scan_input in;
};

/* Places differ in size a hundredfold, on a square of `side_m`. */
static void make(struct data *d, size_t cases, size_t locations, size_t units, double side_m)
{
    struct rng r;
    rng_seed(&r, 1);
    d->arena = arena_new("bench", (size_t)8 << 30);
    double *x = NEW_ARRAY(d->arena, double, locations), *y = NEW_ARRAY(d->arena, double, locations);
    double *before = NEW_ARRAY(d->arena, double, locations + 1);
    uint32_t *location = NEW_ARRAY(d->arena, uint32_t, cases), *unit = NEW_ARRAY(d->arena, uint32_t, cases);
    for (size_t i = 0; i < locations; i++) {
        x[i] = rng_unit(&r) * side_m;
        y[i] = rng_unit(&r) * side_m;
        before[i + 1] = before[i] + 1 / (0.01 + rng_unit(&r));
    }
    for (size_t i = 0; i < cases; i++) {
        double at = rng_unit(&r) * before[locations];
        size_t low = 0, high = locations;
        while (high - low > 1) {
            size_t middle = (low + high) / 2;
            if (before[middle] <= at)
                low = middle;
            else
                high = middle;
        }
        location[i] = i < 8 ? 0 : (uint32_t)low;
        unit[i] = (uint32_t)(i < 8 ? units - 1 - i % 7 : rng_below(&r, units));
    }
    d->points = (struct scan_points){locations, x, y, .planar = true};
    d->in = (struct scan_input){.records = cases, .location = location, .unit = unit, .units = units};
}

static void run(const struct data *d, const char *what, double radius_m, struct scan_options o)
{
    const struct scan_map *map;
    struct scan_result r;
    struct err e = {0};
    char line[160];
    struct arena *a = arena_new("run", (size_t)8 << 30);
    int64_t began = clock_ticks_us();
    if (scan_map_make(&d->points, radius_m, 0, a, &map, &e) != OK ||
        scan_run(map, &d->in, &o, a, &r, &e) != OK) {
        fprintf(stderr, "scan: %s\n", e.text);
        exit(1);
    }
    double seconds = (double)(clock_ticks_us() - began) / 1e6;
    (void)snprintf(line, sizeof line, "shuffles, %s, %zu cases, %zu places (best %.2f, p %.4f)", what,
                   d->in.records, d->points.count, r.clusters ? r.cluster[0].score : 0,
                   r.clusters ? r.cluster[0].probability : 1);
    printf("%-84s %8zu in %8.2f s %10.0f/s\n", line, r.shuffles, seconds, (double)r.shuffles / seconds);
    arena_free(a);
}

int main(int argc, char **argv)
{
    int64_t size[3] = {100000, 1000, 10};
    struct data d;
    for (int i = 1; i < argc && i < 4; i++)
        if (str_to_i64(str_of(argv[i]), &size[i - 1]) != OK || size[i - 1] < 1) {
            fprintf(stderr, "scan: \"%s\" is no number from 1\n", argv[i]);
            return 65;
        }
    struct scan_options night = {
        .prospective = true, .units_max = 30, .shuffles = 999, .stop_after = 50, .seed = 1};
    make(&d, 5006, 2000, 365, 60000);
    struct scan_options all = night;
    all.stop_after = 0;
    run(&d, "a year, nightly, 3 km, 30 days, all", 3000, all);
    run(&d, "a year, nightly, 3 km, 30 days", 3000, night);
    arena_free(d.arena);
    make(&d, (size_t)size[0], (size_t)size[1], (size_t)size[2] * 365, 60000);
    run(&d, "nightly, 3 km, 30 days", 3000, night);
    run(&d, "nightly, 3 km, 30 days, all", 3000, all);
    night.shuffles = 99;
    run(&d, "nightly, any radius, 30 days", 1e9, night);
    struct scan_options ever = {
        .units_max = 14, .shuffles = 99, .stop_after = 50, .clusters_max = 3, .seed = 1};
    run(&d, "all fortnights, 3 km", 3000, ever);
    arena_free(d.arena);
    return 0;
}
