/* The events that a tick touched, brought up to date. What a record says by itself is read by several threads
 * when there are many; what of it is new gets its number, and its place in the linker, on one thread and in
 * the order in which the events were touched: the linker is the same, byte for byte, with any number of
 * threads. */
#include "link/index.h"
#include "link/world_internal.h"

#define READ_AT_ONCE 8 /* a part of a thread's work */
#define PARTS        16
#define READING_MAX  ((size_t)1 << 30)

static void refresh(struct world *w, const struct reading *of)
{
    uint32_t event = of->event;
    struct event *ev = &w->event[event];
    bool changed = ev->stale == STALE_FACTS && event_read_facts(w, of);
    ev->stale = UP_TO_DATE;
    if (changed || ev->fresh) index_touch(w, event); /* ties are not in the columns */
    if (event_read_identifiers(w, of)) changed = true;
    if (!changed && !ev->fresh) return;
    ev->fresh = false;
    WORLD_ROOM(w, w->changed, w->changed_room, w->changed_count);
    w->changed[w->changed_count++] = event;
    if (!ev->waiting) {
        ev->waiting = true;
        WORLD_ROOM(w, w->uncounted, w->uncounted_room, w->uncounted_count);
        w->uncounted[w->uncounted_count++] = event;
    }
}

static void refresh_few(struct world *w)
{
    struct arena *a CLEANUP_ARENA = arena_new("event facts", READING_MAX);
    for (size_t i = 0; i < w->touched_count; i++) {
        struct reading of;
        uint32_t event = w->touched[i];
        arena_reset(a);
        event_read(w, event, world_record_at(w, w->event[event].record), a, &of);
        refresh(w, &of);
    }
}

struct batch {
    struct arena *arena[PARTS];
    struct reading reading[PARTS * READ_AT_ONCE];
    const uint32_t *event;
    size_t count;
};
struct refreshing {
    struct world *w;
    struct batch *taken, *read; /* while one is taken in, the next is read */
};

static void read_part(const struct world *w, struct batch *b, size_t part)
{
    struct arena *a = b->arena[part];
    arena_reset(a);
    for (size_t i = part * READ_AT_ONCE; i < b->count && i < (part + 1) * READ_AT_ONCE; i++)
        event_read(w, b->event[i], shelf_read(w, w->event[b->event[i]].record, a), a, &b->reading[i]);
}

/* The first part takes in, for it takes longest. What it writes (tables, postings, the events of its own
 * batch) the others do not look at. */
static void refresh_part(void *state, size_t part, size_t thread)
{
    const struct refreshing *r = state;
    (void)thread;
    if (part > 0)
        read_part(r->w, r->read, part - 1);
    else
        for (size_t i = 0; i < r->taken->count; i++)
            refresh(r->w, &r->taken->reading[i]);
}

static void refresh_many(struct world *w)
{
    struct arena *own CLEANUP_ARENA = arena_new("batches of events", READING_MAX);
    struct batch *batch = NEW_ARRAY(own, struct batch, 2);
    struct refreshing r = {w, &batch[0], &batch[1]};
    for (size_t i = 0; i < 2 * PARTS; i++)
        batch[i / PARTS].arena[i % PARTS] = arena_new("event facts", READING_MAX);
    for (size_t from = 0; from < w->touched_count || r.taken->count > 0;) {
        size_t left = w->touched_count - from, n = left < PARTS * READ_AT_ONCE ? left : PARTS * READ_AT_ONCE;
        r.read->event = w->touched + from;
        r.read->count = n;
        parallel_run(w->threads, 1 + (n + READ_AT_ONCE - 1) / READ_AT_ONCE, refresh_part, &r);
        struct batch *swap = r.taken;
        r.taken = r.read;
        r.read = swap;
        from += n;
    }
    for (size_t i = 0; i < 2 * PARTS; i++)
        arena_free(batch[i / PARTS].arena[i % PARTS]);
}

void refresh_touched(struct world *w)
{
    if (w->touched_count < TICK_LARGE)
        refresh_few(w);
    else
        refresh_many(w);
    w->touched_count = 0;
}
