/* The nearest events, exactly, without weighing every pair. Blocks of rows wait in the order of the most that
 * any of their rows can weigh, so the bar rises early and the search ends at the first block that cannot
 * reach it. Whoever shares an identifier, an address or a rare item is looked up by itself, so that the
 * bounds of all others are free of them. What is weighed is weighed exactly (query_weigh.c).
 *
 * Neighbours are searched for together: each opens its few best blocks, then every block that some still want
 * is opened once for all of them while it is at hand, in the order in which blocks lie. */
#include "link/nearest.h"

#include "base/alloc.h"

/* ---- guesses ---------------------------------------------------------------------------------------- */

/* Guesses learn from how far the last searches of the same partition came: most should come a little farther
 * than the guess, for a guess too high costs a second search. */
#define FLOOR_SCALE 8
#define FLOOR_DOWN  16
#define FLOOR_UP    2
#define FLOOR_LESS  12

static void begin_guessing(struct space *s, size_t k)
{
    s->floor = alloc_room(s->floor, &s->floor_room, s->w->index->partition_count, sizeof *s->floor);
    if (k == s->floor_k) return;
    for (size_t i = 0; i < s->floor_room; i++) /* other answers */
        s->floor[i] = 0;
    s->floor_k = k;
}

static int *guess_for(const struct query *q)
{
    return &q->space->floor[q->w->index->seat[q->event].partition];
}

/* Is the answer whole? If not the search is to be repeated: with k found, from what these reach; they are
 * kept. */
static bool is_whole(struct search *s)
{
    struct best *b = &s->best;
    int *guess = guess_for(s->q), reached = b->count < b->k ? FLOOR_NONE : b->hit[b->k - 1].score_db;
    if (b->floor == FLOOR_NONE || reached >= b->floor) {
        if (s->again) return true;
        if (b->count == b->k) *guess = *guess == 0 ? (reached - FLOOR_LESS) * FLOOR_SCALE : *guess + FLOOR_UP;
        if (*guess < 0) *guess = 0;
        return true;
    }
    *guess = *guess - FLOOR_DOWN > 0 ? *guess - FLOOR_DOWN : 0;
    b->floor = b->count == b->k || b->floor <= FLOOR_LESS ? FLOOR_NONE : b->floor - FLOOR_LESS;
    s->again = true;
    s->q->space->work.again++;
    return false;
}

/* ---- one of a group --------------------------------------------------------------------------------- */

static void begin_search(struct search *s, struct query *q, uint32_t event, size_t k, struct hit *out)
{
    query_begin(q, event);
    int guess = *guess_for(q);
    s->q = q;
    s->best =
        (struct best){.w = q->w, .hit = out, .k = k, .floor = guess == 0 ? FLOOR_NONE : guess / FLOOR_SCALE};
    s->again = false;
}

/* Who is looked up, and the best blocks: the bar is good after that, and the other blocks wait. near: events
 * that are likely to be among the nearest; what was found by a search before is met, and stays. */
static void search_first(struct search *s, const struct hit *near, size_t near_count)
{
    struct query *q = s->q;
    list_begin(&s->blocks, &q->blocks_waiting);
    queue_begin(&s->rows, &q->rows_waiting);
    s->aspect.p = NULL;
    s->passed_count = 0;
    begin_meeting(q);
    query_hold(q);
    for (size_t i = 0; i < s->best.count; i++)
        (void)meet(q, s->best.hit[i].event);
    meet_who_share(q);
    for (size_t i = 0; i < near_count; i++)
        if (meet(q, near[i].event)) weigh_met(s, &(struct met){near[i].event, true, 0, INT_MAX});
    wait_for_all(s);
}

/* ---- a group ---------------------------------------------------------------------------------------- */

struct group *group_new(void)
{
    return alloc_zero(1, sizeof(struct group));
}

void group_free(struct group *g)
{
    alloc_free(g->block);
    alloc_free(g->first);
    alloc_free(g->mark);
    alloc_free(g->wanted);
    alloc_free(g);
}

static void number_blocks(struct group *g, const struct index *x)
{
    size_t blocks = 0;
    g->first = alloc_room(g->first, &g->first_room, x->partition_count, sizeof *g->first);
    for (size_t i = 0; i < x->partition_count; i++) {
        g->first[i] = blocks;
        blocks += (x->partition[i].count + BLOCK_ROWS - 1) / BLOCK_ROWS;
    }
    g->first[x->partition_count] = blocks;
    g->block = alloc_room(g->block, &g->block_room, blocks, sizeof *g->block);
    g->mark = alloc_room(g->mark, &g->mark_room, blocks / 64, sizeof *g->mark);
}

static void want(struct group *g, uint32_t partition, uint32_t block)
{
    struct wanting *b = &g->block[g->first[partition] + block];
    g->wanted = alloc_room(g->wanted, &g->wanted_room, g->wanted_count, sizeof *g->wanted);
    g->wanted[g->wanted_count++] = (struct wanted){partition, block, b->by, b->least};
    b->by = 0;
}

/* The best blocks that wait for the i-th of the active; false when there are none. */
static bool choose_best(struct group *g, size_t i, size_t count, bool alone)
{
    struct search *s = g->active[i];
    const struct waiting_block *b;
    size_t taken = list_take(&s->blocks, count, bar_of(&s->best), &b);
    for (size_t n = 0; n < taken; n++, b++) {
        size_t at = g->first[b->partition] + b->block;
        g->block[at].by |= UINT32_C(1) << i;
        g->block[at].least[i] = b->least;
        if (alone)
            want(g, b->partition, b->block);
        else
            g->mark[at / 64] |= UINT64_C(1) << at % 64;
    }
    return taken > 0;
}

/* The best of each, in the order in which they lie. */
static void choose_for_all(struct group *g, const struct index *x, size_t count)
{
    bool any = false;
    for (size_t i = 0; i < g->count; i++)
        any |= choose_best(g, i, count, false);
    if (!any) return;
    uint32_t partition = 0;
    for (size_t n = 0; n <= g->first[x->partition_count] / 64; n++) {
        for (; g->mark[n] != 0; g->mark[n] &= g->mark[n] - 1) {
            size_t at = n * 64 + (size_t)__builtin_ctzll(g->mark[n]);
            while (at >= g->first[partition + 1])
                partition++;
            want(g, partition, (uint32_t)(at - g->first[partition]));
        }
    }
}

/* Rows are weighed when so many wait, so that the bar rises. */
#define ROWS_WAIT 32

static void open_for_all(struct group *g, const struct wanted *at)
{
    for (uint32_t left = at->by; left != 0; left &= left - 1)
        open_block(g->active[__builtin_ctz(left)], at->partition, at->block, at->least[__builtin_ctz(left)]);
    for (uint32_t left = at->by; left != 0; left &= left - 1) {
        struct search *s = g->active[__builtin_ctz(left)];
        look_at_passed(s);
        if (s->rows.count >= ROWS_WAIT) weigh_waiting(s);
    }
}

/* Blocks are asked for before they are opened: the columns that are read of each first, and the places and
 * days that few come to while the one before is looked at. */
static void open_wanted(struct group *g, const struct world *w)
{
    for (size_t i = 0; i < g->wanted_count; i++) {
        const struct wanted *at = &g->wanted[i];
        if (i + 2 < g->wanted_count)
            prefetch_block(w, at[2].partition, at[2].block, READ_FIRST, sizeof(struct block));
        if (i + 1 < g->wanted_count) prefetch_block(w, at[1].partition, at[1].block, 0, READ_FIRST);
        open_for_all(g, at);
    }
    for (size_t i = 0; i < g->count; i++)
        weigh_waiting(g->active[i]);
}

/* Before so many blocks were opened the bar is low, and looking up costs more. */
#define OPENED_FIRST 8
/* So many are opened then, and so many times as many after that: the bar rises in between, but the more
 * blocks are opened at once the more of them serve several. */
#define OPENED_NEXT 32
#define OPENED_MORE 8

/* Once for all that are active. */
static void search_group(struct group *g, struct space *space, const struct hit *near, size_t near_count)
{
    const struct world *w = space->w;
    bool alone = g->count == 1;
    number_blocks(g, w->index);
    for (size_t i = 0; i < g->count; i++) {
        struct search *s = g->active[i];
        search_first(s, near, near_count);
        g->wanted_count = 0;
        (void)choose_best(g, i, OPENED_FIRST, true);
        open_wanted(g, w);
        weigh_all_met(s);
        near = s->best.hit;
        near_count = s->best.count;
    }
    size_t count = OPENED_NEXT;
    do {
        g->wanted_count = 0;
        if (alone)
            (void)choose_best(g, 0, count, true);
        else
            choose_for_all(g, w->index, count);
        open_wanted(g, w);
        count *= OPENED_MORE;
    } while (g->wanted_count > 0);
}

void nearest_of_group(struct space *space, const uint32_t *event, size_t count, size_t k,
                      const struct hit *near, size_t near_count, struct hit *const *out, size_t *found)
{
    struct group *g = space->group;
    if (k == 0) count = 0;
    g->count = 0;
    begin_guessing(space, k);
    for (size_t i = 0; i < count; i++) {
        space->work.queries++;
        g->active[g->count++] = &g->search[i];
        begin_search(&g->search[i], space->query[i], event[i], k, out[i]);
    }
    while (g->count > 0) {
        size_t left = 0;
        search_group(g, space, near, near_count);
        for (size_t i = 0; i < g->count; i++)
            if (!is_whole(g->active[i])) g->active[left++] = g->active[i];
        g->count = left;
    }
    for (size_t i = 0; i < count; i++)
        found[i] = g->search[i].best.count;
}

size_t world_nearest(struct world *w, uint32_t event, size_t k, struct arena *scratch, struct hit **out)
{
    MUST(event < w->event_count);
    if (k > w->event_count) k = w->event_count;
    *out = NEW_ARRAY(scratch, struct hit, k + 1);
    index_settle(w);
    struct space *space = space_for(w, 0);
    size_t found = 0;
    nearest_of_group(space, &event, 1, k, NULL, 0, out, &found);
    work_add(&w->index->work, &space->work);
    return found;
}
