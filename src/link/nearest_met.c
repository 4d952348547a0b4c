/* Whoever shares an identifier, an address or a rare item is looked up by itself, so that the bounds of all
 * others are free of them. */
#include "base/alloc.h"
#include "link/nearest.h"

/* ---- who was met ------------------------------------------------------------------------------------ */

/* So small that those of a whole group stay near at hand. */
#define MET_SLOTS 1024

static size_t met_place(const struct met_set *m, uint32_t event)
{
    size_t mask = m->slots - 1, at = event * UINT64_C(0x9e3779b97f4a7c15) >> 32 & mask;
    while (m->slot[at] != 0 && m->slot[at] != event + 1)
        at = (at + 1) & mask;
    return at;
}

bool is_met(const struct query *q, uint32_t event)
{
    return q->met.slot[met_place(&q->met, event)] != 0;
}

static void empty_slots(struct met_set *m, size_t slots)
{
    if (slots > m->room) m->slot = alloc_resize(m->slot, m->room = slots, sizeof *m->slot);
    memset(m->slot, 0, slots * sizeof *m->slot);
    m->slots = slots;
}

static void grow_slots(struct met_set *m)
{
    struct met_set before = *m;
    m->slot = before.spare;
    m->room = before.spare_room;
    m->spare = before.slot;
    m->spare_room = before.room;
    empty_slots(m, before.slots * 2);
    for (size_t i = 0; i < before.slots; i++)
        if (before.slot[i] != 0) m->slot[met_place(m, before.slot[i] - 1)] = before.slot[i];
}

bool meet(struct query *q, uint32_t event)
{
    struct met_set *m = &q->met;
    size_t at = met_place(m, event);
    if (m->slot[at] != 0) return false;
    m->slot[at] = event + 1;
    if (++m->count * 2 > m->slots) grow_slots(m);
    return true;
}

void begin_meeting(struct query *q)
{
    empty_slots(&q->met, MET_SLOTS);
    q->met.count = 0;
    q->met_count = 0;
    (void)meet(q, q->event);
}

/* ---- weighing them ---------------------------------------------------------------------------------- */

void weigh_met(struct search *s, const struct met *met)
{
    struct query *q = s->q;
    const struct partition *p = &q->w->index->partition[q->w->index->seat[met->event].partition];
    int bar = bar_of(&s->best), score = query_weigh(q, query_side(q, p), p, met, bar);
    q->space->work.looked_up++;
    if (score >= bar) offer(&s->best, (struct hit){met->event, score});
}

/* What was met is asked for so long before it is looked at. */
#define MET_AHEAD 16

/* Keeps those that may reach the bar, by a glance at each; few do. */
static void glance_at_met(struct search *s)
{
    struct query *q = s->q;
    const struct index *x = q->w->index;
    size_t kept = 0;
    int bar = bar_of(&s->best);
    for (size_t i = 0; i < q->met_count; i++) {
        const struct met *met = &q->met_list[i];
        const struct glance *y = &x->glance[met->event];
        const struct partition *p = &x->partition[y->partition];
        if (i + MET_AHEAD < q->met_count) __builtin_prefetch(&x->glance[met[MET_AHEAD].event]);
        const struct side *side = query_side(q, p);
        if (glance_most(q, side, query_base(q, side, p), y, met) < bar) continue;
        prefetch_row(q, met->event);
        q->met_list[kept++] = *met;
    }
    q->space->work.looked_up += q->met_count - kept;
    q->met_count = kept;
}

void weigh_all_met(struct search *s)
{
    struct query *q = s->q;
    query_hold(q);
    glance_at_met(s);
    for (size_t i = 0; i < q->met_count; i++)
        weigh_met(s, &q->met_list[i]);
}

static void meet_all(struct query *q, const struct posting *p, int people)
{
    for (size_t i = 0; i < p->count; i++) {
        if (!meet(q, p->event[i])) continue;
        q->met_list = alloc_room(q->met_list, &q->met_list_room, q->met_count, sizeof *q->met_list);
        q->met_list[q->met_count++] = (struct met){p->event[i], false, (int16_t)people, INT_MAX};
        __builtin_prefetch(&q->w->index->glance[p->event[i]]);
    }
}

static void meet_by_items(struct query *q, size_t list, const struct query_item *item, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (item[i].rare && !item[i].common) meet_all(q, &q->w->list_events[list][item[i].item], 0);
}

/* Those who share people come first: who is met by an item after that shares none. */
void meet_who_share(struct query *q)
{
    const struct world *w = q->w;
    const struct event *x = q->x;
    for (size_t i = 0; i < q->tie_count; i++)
        meet_all(q, &w->value_events[q->tie[i].value], q->tie[i].most);
    if (x->row.address != 0 && address_weight(w, x->row.address) > 0)
        meet_all(q, &w->address_events[x->row.address], 0);
    meet_by_items(q, 0, q->wide, x->wide.count);
    for (size_t l = 1; l < LIST_FEATURES; l++)
        meet_by_items(q, l, q->item[l], x->list[l].count);
}
