/* The nearest of many events at once, by several threads; and the place of one among the nearest of another.
 */
#include "base/alloc.h"
#include "base/parallel.h"
#include "link/query.h"

#include <stdlib.h>

void work_add(struct work *sum, struct work *part)
{
    sum->queries += part->queries;
    sum->boxes += part->boxes;
    sum->again += part->again;
    sum->blocks += part->blocks;
    sum->rows += part->rows;
    sum->by_lists += part->by_lists;
    sum->weighed += part->weighed;
    sum->looked_up += part->looked_up;
    sum->offered += part->offered;
    *part = (struct work){0};
}

/* ---- many at once ----------------------------------------------------------------------------------- */

/* So many neighbours of the index are one part of the work. */
#define PART_EVENTS 64

struct many {
    struct world *w;
    struct space *space[THREADS_MAX];
    uint32_t *order; /* places in `event`, in the order of the index: neighbours open the same blocks */
    const uint32_t *event;
    size_t count, k;
    struct hit *hit;
    size_t *found;
};

static void search_part(void *state, size_t part, size_t thread)
{
    struct many *m = state;
    const struct hit *near = NULL;
    size_t near_count = 0, end = (part + 1) * PART_EVENTS < m->count ? (part + 1) * PART_EVENTS : m->count;
    for (size_t from = part * PART_EVENTS; from < end; from += GROUP) {
        uint32_t event[GROUP];
        struct hit *out[GROUP];
        size_t found[GROUP] = {0}, count = end - from < GROUP ? end - from : GROUP;
        for (size_t i = 0; i < count; i++) {
            event[i] = m->event[m->order[from + i]];
            out[i] = m->hit + m->order[from + i] * m->k;
        }
        nearest_of_group(m->space[thread], event, count, m->k, near, near_count, out, found);
        for (size_t i = 0; i < count; i++)
            m->found[m->order[from + i]] = found[i];
        near = out[count - 1];
        near_count = found[count - 1];
    }
}

/* Where an event sits, as a number that rises with partition and row, and its place in `event`. */
struct seated {
    uint64_t seat;
    uint32_t place;
};

static int compare_seats(const void *x, const void *y)
{
    const struct seated *a = x, *b = y;
    return a->seat != b->seat ? (a->seat < b->seat ? -1 : 1) : a->place < b->place ? -1 : 1;
}

/* By seat: first those of partition 0 in the order of their rows, and so on. A block of few costs what few
 * cost, however many the index holds. */
static void order_by_seat(struct many *m)
{
    struct seated *all = alloc_zero(m->count + 1, sizeof *all);
    for (size_t i = 0; i < m->count; i++) {
        const struct seat *s = &m->w->index->seat[m->event[i]];
        all[i] = (struct seated){(uint64_t)s->partition << 32 | s->row, (uint32_t)i};
    }
    qsort(all, m->count, sizeof *all, compare_seats);
    for (size_t i = 0; i < m->count; i++)
        m->order[i] = all[i].place;
    alloc_free(all);
}

void world_nearest_many(struct world *w, const uint32_t *event, size_t count, size_t k, size_t threads,
                        struct hit *hit, size_t *found)
{
    struct many m = {.w = w, .event = event, .count = count, .k = k, .hit = hit, .found = found};
    threads = parallel_threads(threads);
    index_settle(w);
    m.order = alloc_zero(count + 1, sizeof *m.order);
    order_by_seat(&m);
    for (size_t t = 0; t < threads; t++) {
        m.space[t] = space_for(w, t);
        space_learn_from(m.space[t], m.space[0]);
    }
    parallel_run(threads, (count + PART_EVENTS - 1) / PART_EVENTS, search_part, &m);
    for (size_t t = 0; t < threads; t++)
        work_add(&w->index->work, &m.space[t]->work);
    alloc_free(m.order);
}

/* ---- rank ------------------------------------------------------------------------------------------- */

size_t world_rank_near(struct world *w, uint32_t of, uint32_t among)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("rank", (size_t)1 << 20);
    struct hit *hit;
    size_t n = world_nearest(w, among, RANK_NEAR, scratch, &hit);
    for (size_t i = 0; i < n; i++)
        if (hit[i].event == of) return i + 1;
    return 0;
}

/* Most that are asked for stand near the top; for the others every pair is weighed. */
size_t world_rank(struct world *w, uint32_t of, uint32_t among)
{
    size_t near = world_rank_near(w, of, among), rank = 1;
    if (near > 0) return near;
    struct hit own = {of, world_pair_score(w, among, of)};
    for (uint32_t y = 0; y < w->event_count; y++) {
        if (y == among || y == of) continue;
        struct hit other = {y, world_pair_score(w, among, y)};
        rank += hit_is_worse(w, &own, &other);
    }
    return rank;
}
