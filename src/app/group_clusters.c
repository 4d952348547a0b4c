/* Clusters of a night: deaths of one mechanism, close together in place and time, up to the day before. */
#include "app/group_watch_internal.h"
#include "base/hash.h"
#include "compare/place.h"
#include "scan/scan.h"

#include <math.h>

#define RADIUS_M     3000
#define DAYS_MAX     28
#define CLUSTERS_MAX 5 /* of one mechanism */
#define SHUFFLES     199
/* So many places are compared with each other; where there are more, the deaths of one square lie together:
 * of half a kilometre, or as large as need be. */
#define PLACES_MAX  5000
#define SQUARE_M    500.0
#define STRATUM_MIN 5 /* fewer deaths of a mechanism in a year have no usual place and time */

struct clusters {
    struct group_look *l;
    uint32_t mechanism;
    uint32_t *event;    /* of each row */
    uint32_t *location; /* of each row, and its unit of time: the days of the year before */
    uint32_t *unit;
    double *x, *y;
    Str *name; /* of each row */
    size_t rows, locations;
    double square_m; /* deaths of one square lie together; 0: each where it was found */
};

/* How many deaths of each mechanism there are in the year, and whether any is of the last days. */
static size_t *count_mechanisms(const struct group_look *l, bool **fresh)
{
    size_t words = table_count(l->g->words), *count = NEW_ARRAY(l->a, size_t, words);
    *fresh = NEW_ARRAY(l->a, bool, words);
    for (size_t i = 0; i < l->deaths; i++) {
        const struct watched_death *d = l->death[i];
        if (!d->placed || !group_in_year(l, d)) continue;
        count[d->mechanism]++;
        if (d->day >= l->day - DAYS_MAX) (*fresh)[d->mechanism] = true;
    }
    return count;
}

static void to_square(double at[2], double side_m)
{
    double degree_m = EARTH_RADIUS_M * M_PI / 180, step = side_m / degree_m;
    at[1] = (floor(at[1] / step) + 0.5) * step;
    double wide = step / fmax(cos(at[1] * M_PI / 180), 0.01);
    at[0] = (floor(at[0] / wide) + 0.5) * wide;
}

static uint32_t location_of(struct clusters *c, struct table *places, const struct watched_death *d)
{
    double at[2] = {d->lon, d->lat};
    if (c->square_m > 0) to_square(at, c->square_m);
    uint32_t location = table_intern(places, (Str){(const char *)at, sizeof at});
    if (location == c->locations) {
        c->x[location] = at[0];
        c->y[location] = at[1];
        c->locations++;
    }
    return location;
}

static void place_all(struct clusters *c)
{
    const struct group_look *l = c->l;
    struct table *places CLEANUP_TABLE = table_new(SIZE_MAX / 2);
    c->rows = c->locations = 0;
    for (size_t i = 0; i < l->deaths; i++) {
        const struct watched_death *d = l->death[i];
        if (d->mechanism != c->mechanism || !d->placed || !group_in_year(l, d)) continue;
        c->event[c->rows] = d->event;
        c->name[c->rows] = d->name;
        c->location[c->rows] = location_of(c, places, d);
        c->unit[c->rows++] = (uint32_t)(d->day - (l->day - GROUP_YEAR_DAYS));
    }
}

static void gather(struct clusters *c, size_t room)
{
    struct arena *a = c->l->a;
    c->event = NEW_ARRAY(a, uint32_t, room);
    c->name = NEW_ARRAY(a, Str, room);
    c->location = NEW_ARRAY(a, uint32_t, room);
    c->unit = NEW_ARRAY(a, uint32_t, room);
    c->x = NEW_ARRAY(a, double, room);
    c->y = NEW_ARRAY(a, double, room);
    place_all(c);
    for (double side_m = SQUARE_M; c->locations > PLACES_MAX; side_m *= 2) {
        c->square_m = side_m;
        place_all(c);
    }
}

/* About where it lies, to a kilometre: the centre itself moves from night to night. */
static uint64_t key_of(const struct clusters *c, uint32_t centre)
{
    int64_t about[] = {(int64_t)floor(c->y[centre] * 100), (int64_t)floor(c->x[centre] * 100)};
    return hash64_mix(hash64(table_key(c->l->g->words, c->mechanism)),
                      hash64((Str){(const char *)about, sizeof about}));
}

/* The place is told by a death of the cluster: whoever may see these may read of it. */
static void tell(struct clusters *c, struct detection *d)
{
    struct arena *a = c->l->a;
    uint64_t key = key_of(c, d->subject);
    if (d->count == 0) return;
    Str first = c->name[d->member[0]], what = group_mechanism_words(c->l, c->mechanism);
    group_cap(d);
    Str words = detection_sentence(a, d, str_format(a, "a place near where %.*s lay", STR_ARG(first)));
    group_found(c->l, d, c->event, key, str_format(a, "%.*s: %.*s.", STR_ARG(what), STR_ARG(words)));
}

static enum status of_mechanism(struct clusters *c, size_t room, size_t stratum, size_t strata, struct err *e)
{
    struct arena *a = c->l->a;
    const struct scan_map *map;
    struct scan_result result;
    gather(c, room);
    struct scan_points points = {
        .count = c->locations, .x = c->x, .y = c->y, .earth_radius_m = EARTH_RADIUS_M};
    struct scan_input in = {
        .records = c->rows, .location = c->location, .unit = c->unit, .units = GROUP_YEAR_DAYS};
    struct scan_options options = {.model = SCAN_PERMUTATION,
                                   .prospective = true,
                                   .units_max = DAYS_MAX,
                                   .cases_min = GROUP_LEAST,
                                   .clusters_max = CLUSTERS_MAX,
                                   .shuffles = SHUFFLES,
                                   .gumbel = true,
                                   .seed = (uint64_t)c->l->day,
                                   .threads = c->l->g->threads};
    int64_t *first_day = NEW_ARRAY(a, int64_t, GROUP_YEAR_DAYS + 1);
    for (int64_t i = 0; i <= GROUP_YEAR_DAYS; i++)
        first_day[i] = c->l->day - GROUP_YEAR_DAYS + i;
    struct scan_calendar calendar = {first_day, c->l->every_weeks, (uint32_t)stratum, strata};
    TRY(scan_map_make(&points, RADIUS_M, options.threads, a, &map, e));
    TRY(scan_run(map, &in, &options, a, &result, e));
    struct detection *d = scan_detections(&result, &in, &calendar, a);
    for (size_t i = 0; i < result.clusters; i++)
        if (d[i].recurrence_weeks >= GROUP_WEEKS_MIN) tell(c, &d[i]);
    return OK;
}

enum status group_clusters(struct group_look *l, struct err *e)
{
    bool *fresh;
    size_t *count = count_mechanisms(l, &fresh), words = table_count(l->g->words), strata = 0, stratum = 0;
    for (size_t m = 1; m < words; m++)
        strata += count[m] >= STRATUM_MIN;
    for (uint32_t m = 1; m < words; m++) {
        struct clusters c = {.l = l, .mechanism = m};
        if (count[m] < STRATUM_MIN) continue;
        if (fresh[m]) TRY(of_mechanism(&c, count[m], stratum, strata, e));
        stratum++;
    }
    return OK;
}
