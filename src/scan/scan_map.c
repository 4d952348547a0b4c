/* Who is near whom: for every location its neighbours, sorted once. */
#include "base/parallel.h"
#include "scan/scan_internal.h"

#include <math.h>
#include <stdlib.h>

#define NEIGHBOURS_MAX     60000000
#define RADIANS_PER_DEGREE 0.017453292519943295
#define SAME_DISTANCE      1e-9 /* relative; and a nanometre */

struct spot {
    double x, y, z; /* metres, of the plane or in space */
};
struct neighbour {
    double distance_m;
    uint32_t location;
};

struct map_work {
    struct scan_map *map;
    const struct spot *spot;
    double earth_radius_m; /* 0: plane */
    double radius_m_max;
    struct neighbour **room; /* of each thread */
};

/* On a sphere by the chord, which has no trouble with small angles. */
static double spot_distance_m(const struct map_work *w, const struct spot *a, const struct spot *b)
{
    double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
    double chord = sqrt(dx * dx + dy * dy + dz * dz);
    if (!(w->earth_radius_m > 0)) return chord;
    double half = chord / (2 * w->earth_radius_m);
    return 2 * w->earth_radius_m * asin(half > 1 ? 1 : half);
}

static void count_neighbours(void *state, size_t part, size_t thread)
{
    const struct map_work *w = state;
    size_t count = 0;
    (void)thread;
    for (size_t i = 0; i < w->map->locations; i++)
        count += i == part || spot_distance_m(w, &w->spot[part], &w->spot[i]) <= w->radius_m_max;
    w->map->at[part + 1] = count;
}

static int by_distance(const void *left, const void *right)
{
    const struct neighbour *a = left, *b = right;
    if (a->distance_m < b->distance_m || a->distance_m > b->distance_m)
        return a->distance_m < b->distance_m ? -1 : 1;
    return (a->location > b->location) - (a->location < b->location);
}

static void sort_neighbours(void *state, size_t part, size_t thread)
{
    const struct map_work *w = state;
    struct scan_map *m = w->map;
    struct neighbour *near = w->room[thread];
    size_t n = 0;
    for (size_t i = 0; i < m->locations; i++) {
        double d = i == part ? -1 : spot_distance_m(w, &w->spot[part], &w->spot[i]);
        if (d <= w->radius_m_max) near[n++] = (struct neighbour){d, (uint32_t)i};
    }
    qsort(near, n, sizeof *near, by_distance);
    near[0].distance_m = 0; /* the centre came first whatever lies on the same spot */
    for (size_t i = 0; i < n; i++) {
        m->near[m->at[part] + i] = near[i].location;
        m->distance_m[m->at[part] + i] = near[i].distance_m;
    }
}

static enum status spots_make(const struct scan_points *p, struct spot *out, struct err *e)
{
    for (size_t i = 0; i < p->count; i++) {
        if (!isfinite(p->x[i]) || !isfinite(p->y[i]))
            return ERR(e, E_INVALID, "place", "location %zu has no coordinates; leave it out of the scan",
                       i + 1);
        if (p->planar) {
            out[i] = (struct spot){p->x[i], p->y[i], 0};
            continue;
        }
        double lat = p->y[i] * RADIANS_PER_DEGREE, lon = p->x[i] * RADIANS_PER_DEGREE;
        double r = p->earth_radius_m;
        out[i] = (struct spot){r * cos(lat) * cos(lon), r * cos(lat) * sin(lon), r * sin(lat)};
    }
    return OK;
}

enum status scan_map_make(const struct scan_points *points, double radius_m_max, size_t threads,
                          struct arena *a, const struct scan_map **out, struct err *e)
{
    size_t n = points->count, many = parallel_threads(threads);
    if (n == 0)
        return ERR(e, E_INVALID, "place", "there is no location to scan; is the column of places right?");
    if (!(radius_m_max >= 0)) return ERR(e, E_INVALID, "radius", "the largest radius must not be negative");
    struct scan_map *m = NEW(a, struct scan_map);
    struct spot *spot = NEW_ARRAY(a, struct spot, n);
    struct map_work w = {.map = m, .spot = spot, .radius_m_max = radius_m_max};
    if (!points->planar) w.earth_radius_m = points->earth_radius_m;
    TRY(spots_make(points, spot, e));
    m->locations = n;
    m->at = NEW_ARRAY(a, size_t, n + 1);
    parallel_run(threads, n, count_neighbours, &w);
    size_t most = 0;
    for (size_t i = 0; i < n; i++) {
        if (m->at[i + 1] > most) most = m->at[i + 1];
        m->at[i + 1] += m->at[i];
    }
    if (m->at[n] > NEIGHBOURS_MAX)
        return ERR(
            e, E_LIMIT, "radius",
            "%zu locations would have %zu neighbours, more than %d: set a largest radius, or round the "
            "places to a grid",
            n, m->at[n], NEIGHBOURS_MAX);
    m->near = NEW_ARRAY(a, uint32_t, m->at[n]);
    m->distance_m = NEW_ARRAY(a, double, m->at[n]);
    w.room = NEW_ARRAY(a, struct neighbour *, many);
    for (size_t i = 0; i < many; i++)
        w.room[i] = NEW_ARRAY(a, struct neighbour, most);
    parallel_run(threads, n, sort_neighbours, &w);
    *out = m;
    return OK;
}

size_t scan_ring_end(const struct scan_map *m, size_t i, size_t end)
{
    double limit = m->distance_m[i] * (1 + SAME_DISTANCE) + SAME_DISTANCE;
    do
        i++;
    while (i < end && m->distance_m[i] <= limit);
    return i;
}
