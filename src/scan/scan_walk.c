/* The walk: around one centre, ring by ring; in each circle only the windows that hold a case of the last
 * ring, begin and end on a case, and can hold enough cases to matter. */
#include "scan/scan_internal.h"

#include <stdlib.h>

#define SAME_SCORE 1e-10 /* relative: shuffles that repeat the data's own counts reach their score */

void scan_space_room(const struct scan_plan *p, struct arena *a, struct scan_space *s)
{
    size_t most = (size_t)p->cases;
    s->time = NEW_ARRAY(a, uint32_t, most + 1);
    s->added = NEW_ARRAY(a, uint32_t, most + 1);
    s->added_at = NEW_ARRAY(a, size_t, most + 1);
    s->mass = NEW_ARRAY(a, double, (size_t)p->span + 1);
    s->held = NEW_ARRAY(a, uint32_t, p->span);
}

/* ---- what is to be beaten ------------------------------------------------------------------------- */

static void hunt_aim(struct scan_hunt *h, size_t step)
{
    h->need = h->ladder->need + step * NEED_BUCKETS;
    if (h->by_steps) h->beat = h->ladder->level[step] * (1 - SAME_SCORE);
}

void scan_hunt_begin(struct scan_hunt *h, size_t step_from)
{
    h->best = (struct scan_window){0};
    h->beat = 0;
    h->reached = step_from;
    h->over = step_from >= h->ladder->steps;
    if (!h->over) hunt_aim(h, step_from);
}

/* A score above h->beat was found. */
static void hunt_raise(struct scan_hunt *h, double score)
{
    const struct scan_ladder *l = h->ladder;
    if (h->by_steps) {
        while (h->reached < l->steps && score > l->level[h->reached] * (1 - SAME_SCORE))
            h->reached++;
        h->over = h->reached == l->steps;
        if (!h->over) hunt_aim(h, h->reached);
        return;
    }
    h->beat = score;
    while (h->reached + 1 < l->steps && l->level[h->reached + 1] <= score)
        h->reached++;
    hunt_aim(h, h->reached);
}

/* ---- one circle ----------------------------------------------------------------------------------- */

struct circle {
    uint32_t centre;
    size_t reach;       /* holds the neighbours before this one */
    const double *mass; /* before each unit, in units of `scale` */
    double scale;
    size_t cases; /* in space->time, ascending */
};

/* A window that may matter: its score decides. */
static void try_window(struct scan_hunt *h, const struct circle *c, uint32_t from, uint32_t to, size_t count,
                       double mass)
{
    double score = scan_score(h->plan->model, (double)count, mass, h->plan->cases, h->plan->total);
    if (!(score > h->beat)) return;
    h->best = (struct scan_window){score, c->centre, from, to, c->reach, count, mass};
    hunt_raise(h, score);
}

/* The windows that begin at `from` with case `first` and hold the case `must`: ends on each case in turn, but
 * steps over those with too few. */
static void try_spans(struct scan_hunt *h, const struct circle *c, uint32_t from, size_t first, size_t must)
{
    const struct scan_plan *p = h->plan;
    const uint32_t *time = h->space->time;
    size_t end = c->cases, j = must;
    uint32_t limit = from + p->longest - 1;
    double before = c->mass[from];
    while (j < end && time[j] <= limit) {
        while (j + 1 < end && time[j + 1] == time[j])
            j++;
        double mass = c->scale * (c->mass[time[j] + 1] - before);
        size_t count = j + 1 - first, need = h->need[scan_bucket(mass)];
        if (count < need) {
            j = first + need - 1;
            continue;
        }
        try_window(h, c, from, time[j], count, mass);
        if (h->over) return;
        j++;
    }
}

/* The first case at or after `low` whose unit is `unit` or later. */
static size_t first_from(const uint32_t *time, size_t low, size_t high, uint32_t unit)
{
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (time[middle] < unit)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* All windows that hold at least one of the added cases. */
static void try_added(struct scan_hunt *h, const struct circle *c, size_t added)
{
    const uint32_t *time = h->space->time;
    uint32_t longest = h->plan->longest;
    size_t next = 0; /* starts before this case were tried */
    for (size_t k = 0; k < added && !h->over; k++) {
        size_t must = h->space->added_at[k];
        uint32_t earliest = time[must] >= longest ? time[must] - longest + 1 : 0;
        for (size_t i = first_from(time, next, must, earliest); i <= must && !h->over; i++) {
            if (i > 0 && time[i - 1] == time[i]) continue;
            try_spans(h, c, time[i], i, must);
        }
        next = must + 1;
    }
}

/* ---- growing -------------------------------------------------------------------------------------- */

static int by_unit(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* Takes in the cases of one location; returns how many. Their places in the circle go to space->added_at. */
static size_t merge_location(struct scan_hunt *h, struct circle *c, uint32_t location)
{
    const struct scan_sample *s = h->sample;
    const uint32_t *more = s->time + s->start[location];
    size_t m = s->start[location + 1] - s->start[location], i = c->cases, k = m;
    uint32_t *time = h->space->time;
    while (k > 0) {
        size_t to = i + k - 1;
        if (i > 0 && time[i - 1] > more[k - 1]) {
            time[to] = time[i - 1];
            i--;
        } else {
            time[to] = more[k - 1];
            h->space->added_at[--k] = to;
        }
    }
    c->cases += m;
    return m;
}

/* A ring of several locations: the added cases are found again by their units. */
static size_t merge_ring(struct scan_hunt *h, struct circle *c, size_t from, size_t to)
{
    const struct scan_map *map = h->plan->map;
    if (to == from + 1) return merge_location(h, c, map->near[from]);
    const struct scan_sample *s = h->sample;
    struct scan_space *space = h->space;
    size_t added = 0;
    for (size_t i = from; i < to; i++) {
        uint32_t z = map->near[i];
        size_t m = merge_location(h, c, z);
        memcpy(space->added + added, s->time + s->start[z], m * sizeof *space->added);
        added += m;
    }
    if (added > 1) qsort(space->added, added, sizeof *space->added, by_unit);
    for (size_t k = 0, at = 0; k < added; k++) {
        at = first_from(space->time, at, c->cases, space->added[k]);
        space->added_at[k] = at;
    }
    return added;
}

/* Where all spans begin with unit 0 it is enough to know how many cases each holds: counted up by the ring's
 * cases. Returns the shortest span that holds one of them; the plan's span when there is none. */
static uint32_t count_ring(struct scan_hunt *h, size_t from, size_t to)
{
    const struct scan_sample *s = h->sample;
    uint32_t span = h->plan->span, earliest = span, *held = h->space->held;
    for (size_t i = from; i < to; i++) {
        uint32_t z = h->plan->map->near[i];
        for (size_t k = s->start[z]; k < s->start[z + 1]; k++) {
            if (s->time[k] < earliest) earliest = s->time[k];
            for (uint32_t u = s->time[k]; u < span; u++)
                held[u]++;
        }
    }
    return earliest;
}

/* The windows that begin with unit 0 and reach to `u` or farther. */
static void try_anchored(struct scan_hunt *h, const struct circle *c, uint32_t u)
{
    const uint32_t *held = h->space->held;
    uint32_t span = h->plan->span;
    while (u < span && !h->over) {
        uint32_t need = h->need[scan_bucket(c->scale * c->mass[u + 1])];
        if (held[span - 1] < need) return; /* longer spans need no fewer */
        while (held[u] < need)
            u++;
        if (h->need[scan_bucket(c->scale * c->mass[u + 1])] > held[u]) continue;
        try_window(h, c, 0, u, held[u], c->scale * c->mass[u + 1]);
        u++;
    }
}

static void grow_mass(struct scan_hunt *h, struct circle *c, size_t from, size_t to)
{
    const struct scan_plan *p = h->plan;
    size_t row = (size_t)p->span + 1;
    for (size_t i = from; i < to; i++) {
        uint32_t z = p->map->near[i];
        if (p->shared) {
            c->scale += p->weight[z];
            continue;
        }
        const double *own = p->own + z * row;
        for (size_t u = 0; u < row; u++)
            h->space->mass[u] += own[u];
    }
}

void scan_hunt_centre(struct scan_hunt *h, uint32_t centre)
{
    const struct scan_plan *p = h->plan;
    struct circle c = {.centre = centre, .mass = p->shared ? p->shared : h->space->mass};
    if (p->anchored) memset(h->space->held, 0, p->span * sizeof *h->space->held);
    if (!p->shared) {
        memset(h->space->mass, 0, ((size_t)p->span + 1) * sizeof *h->space->mass);
        c.scale = 1;
    }
    for (size_t i = p->map->at[centre]; i < p->reach[centre] && !h->over; i = c.reach) {
        c.reach = scan_ring_end(p->map, i, p->reach[centre]);
        grow_mass(h, &c, i, c.reach);
        if (p->anchored)
            try_anchored(h, &c, count_ring(h, i, c.reach));
        else
            try_added(h, &c, merge_ring(h, &c, i, c.reach));
    }
}
