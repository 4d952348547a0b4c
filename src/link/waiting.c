/* What waits in a search, by the most it can weigh; and the k best found so far. */
#include "base/alloc.h"
#include "link/nearest.h"

bool hit_is_worse(const struct world *w, const struct hit *x, const struct hit *y)
{
    if (x->score_db != y->score_db) return x->score_db < y->score_db;
    return record_id_compare(world_event_id(w, x->event), world_event_id(w, y->event)) > 0;
}

void offer(struct best *b, struct hit h)
{
    if (b->count == b->k && hit_is_worse(b->w, &h, &b->hit[b->k - 1])) return;
    size_t at = b->count < b->k ? b->count++ : b->k - 1;
    while (at > 0 && hit_is_worse(b->w, &b->hit[at - 1], &h)) {
        b->hit[at] = b->hit[at - 1];
        at--;
    }
    b->hit[at] = h;
}

void queue_begin(struct row_queue *k, struct row_room *room)
{
    k->room = room;
    k->top = -1;
    k->count = 0;
    memset(k->head, -1, sizeof k->head);
}

struct waiting_row *queue_add(struct row_queue *k, int most)
{
    int step = step_of(most);
    k->room->item = alloc_room(k->room->item, &k->room->room, k->count, sizeof *k->room->item);
    struct waiting_row *item = &k->room->item[k->count];
    item->most = (int16_t)most;
    item->next = k->head[step];
    k->head[step] = (int32_t)k->count++;
    if (step > k->top) k->top = step;
    return item;
}

bool queue_next(struct row_queue *k, int bar, struct waiting_row *out)
{
    while (k->top >= 0) {
        if (k->head[k->top] < 0) {
            k->top--;
            continue;
        }
        *out = k->room->item[k->head[k->top]];
        if (out->most < bar && k->top > 0 && k->top < STEPS - 1) return false; /* the others reach no more */
        k->head[k->top] = out->next;
        if (out->most >= bar) return true;
    }
    return false;
}

void list_begin(struct block_list *l, struct block_room *room)
{
    l->room = room;
    l->count = 0;
    l->below = STEPS;
    l->taken = 0;
    memset(l->of_step, 0, sizeof l->of_step);
}

void list_make_room(struct block_list *l, size_t more)
{
    l->room->item = alloc_room(l->room->item, &l->room->room, l->count + more, sizeof *l->room->item);
}

void list_sort(struct block_list *l)
{
    struct block_room *room = l->room;
    uint32_t at[STEPS], sum = 0;
    room->sorted = alloc_room(room->sorted, &room->sorted_room, l->count, sizeof *room->sorted);
    for (int step = STEPS; step-- > 0;) {
        at[step] = sum;
        sum += l->of_step[step];
    }
    for (size_t i = 0; i < l->count; i++)
        room->sorted[at[room->item[i].step]++] = room->item[i];
}

size_t list_take(struct block_list *l, size_t count, int bar, const struct waiting_block **out)
{
    size_t taken = 0;
    int least = step_of(bar);
    while (l->below > least && taken < count)
        taken += l->of_step[--l->below];
    *out = l->room->sorted + l->taken;
    l->taken += taken;
    return taken;
}
