/* The work space of a thread that searches: made once, kept with what it has learned. */
#include "base/alloc.h"
#include "link/nearest.h"

struct space *space_new(struct world *w)
{
    struct space *s = alloc_zero(1, sizeof *s);
    s->w = w;
    s->weights = weights_new(w);
    for (size_t i = 0; i < GROUP; i++) {
        s->query[i] = alloc_zero(1, sizeof *s->query[i]);
        s->query[i]->w = w;
        s->query[i]->space = s;
    }
    s->group = group_new();
    return s;
}

struct space *space_for(struct world *w, size_t thread)
{
    if (w->space[thread] == NULL) w->space[thread] = space_new(w);
    return w->space[thread];
}

static void query_free(struct query *q)
{
    alloc_free(q->item_room);
    alloc_free(q->weight_room);
    alloc_free(q->blocks_waiting.item);
    alloc_free(q->blocks_waiting.sorted);
    alloc_free(q->rows_waiting.item);
    alloc_free(q->met.slot);
    alloc_free(q->met.spare);
    alloc_free(q->met_list);
    alloc_free(q->tie);
    alloc_free(q);
}

void space_free(struct space *s)
{
    if (s == NULL) return;
    weights_free(s->weights);
    for (size_t i = 0; i < GROUP; i++)
        query_free(s->query[i]);
    alloc_free(s->near_box);
    group_free(s->group);
    alloc_free(s->floor);
    for (size_t l = 0; l < LIST_FEATURES; l++)
        alloc_free(s->place_of[l]);
    alloc_free(s->place_of_wide);
    alloc_free(s);
}

void space_learn_from(struct space *s, const struct space *other)
{
    bool same = s->floor_k == other->floor_k || s->floor_k == 0; /* guesses of the same answers */
    if (s == other || !same || other->floor_room == 0) return;
    s->floor_k = other->floor_k;
    s->floor = alloc_room(s->floor, &s->floor_room, other->floor_room - 1, sizeof *s->floor);
    for (size_t i = 0; i < other->floor_room; i++)
        if (s->floor[i] == 0) s->floor[i] = other->floor[i];
}
