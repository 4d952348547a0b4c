/* The nearest events, exactly, without weighing every pair. Blocks of rows wait in the order of the most that
 * any of their rows can weigh, so the bar rises early and the search ends at the first block that cannot
 * reach it. Whoever shares an identifier, an address or a rare item is looked up by itself, so that the
 * bounds of all others are free of them. What is weighed is weighed exactly (query_weigh.c). */
#include "base/alloc.h"
#include "link/query.h"

/* ---- the k best ------------------------------------------------------------------------------------- */

struct best {
    const struct world *w;
    struct hit *hit;
    size_t count, k;
    int floor; /* a guess that k reach so much: who falls short of it is not looked for */
};

bool hit_is_worse(const struct world *w, const struct hit *x, const struct hit *y)
{
    if (x->score_db != y->score_db) return x->score_db < y->score_db;
    return record_id_compare(world_event_id(w, x->event), world_event_id(w, y->event)) > 0;
}

static void offer(struct best *b, struct hit h)
{
    if (b->count == b->k && hit_is_worse(b->w, &h, &b->hit[b->k - 1])) return;
    size_t at = b->count < b->k ? b->count++ : b->k - 1;
    while (at > 0 && hit_is_worse(b->w, &b->hit[at - 1], &h)) {
        b->hit[at] = b->hit[at - 1];
        at--;
    }
    b->hit[at] = h;
}

/* What must be reached to enter; who reaches just that may still come first by id. */
static int bar_of(const struct best *b)
{
    int reached = b->count < b->k ? INT_MIN / 2 : b->hit[b->k - 1].score_db;
    return reached > b->floor ? reached : b->floor;
}

/* ---- what waits, by the most it can weigh ----------------------------------------------------------- */

#define STEPS    256
#define STEP_LOW (-64) /* below and above the steps all are in one */

/* A block to be opened, or a row to be weighed. */
struct waiting {
    int32_t next;
    uint32_t partition;
    uint32_t at; /* number of the block, or of the event */
    int16_t most, lists;
};

struct queue {
    struct waiting_room *room;
    int32_t head[STEPS];
    int top;
    size_t count;
};

static void queue_begin(struct queue *k, struct waiting_room *room)
{
    k->room = room;
    k->top = -1;
    k->count = 0;
    memset(k->head, -1, sizeof k->head);
}

static void queue_add(struct queue *k, struct waiting item)
{
    int step = item.most - STEP_LOW;
    step = step < 0 ? 0 : step >= STEPS ? STEPS - 1 : step;
    k->room->item = alloc_room(k->room->item, &k->room->room, k->count, sizeof *k->room->item);
    item.next = k->head[step];
    k->room->item[k->count] = item;
    k->head[step] = (int32_t)k->count++;
    if (step > k->top) k->top = step;
}

/* The next of those that can reach the bar. */
static bool queue_next(struct queue *k, int bar, struct waiting *out)
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

/* Before so many blocks were opened the bar is low, and looking up costs more. */
#define OPENED_FIRST 8
/* The rows that are left of so many blocks are looked at together, and weighed best first, so that the bar
 * rises early. */
#define OPENED_AT_ONCE 4

/* A row that passed by its bytes: what it loses from the most of its block. */
struct passed {
    uint32_t partition, row;
    int16_t most;
    uint8_t loss;
};

struct search {
    struct query *q;
    struct best best;
    struct queue blocks, rows;
    size_t opened; /* blocks */
    struct passed passed[OPENED_AT_ONCE * BLOCK_ROWS];
    size_t passed_count;
};

static size_t block_count(const struct partition *p)
{
    return (p->count + BLOCK_ROWS - 1) / BLOCK_ROWS;
}

/* The most of features that are recorded, but place and time. */
static int most_of_rest(const struct side *s, uint32_t any)
{
    int sum = 0;
    for (int n = 0; n < ANY_NIBBLES; n++, any >>= 4)
        sum += s->any_most[n][any & 15];
    return sum;
}

#define ANY_MASK ((UINT32_C(1) << ANY_BITS) - 1)

static void wait_for_blocks(struct search *s, uint32_t partition)
{
    struct query *q = s->q;
    const struct partition *p = &q->w->index->partition[partition];
    const struct side *side = query_side(q, p);
    int base = query_base(q, side, p), bar = bar_of(&s->best),
        rest = most_of_rest(side, p->any & ANY_MASK); /* of all blocks */
    size_t blocks = block_count(p);
    if (base + rest + side->measured_most < bar) return;
    q->box_most = alloc_room(q->box_most, &q->box_room, blocks + BOXES_AT_ONCE, sizeof *q->box_most);
    q->w->index->scan.boxes(&p->box, blocks, &side->box, q->box_most);
    q->work.boxes += blocks;
    for (size_t b = 0; b < blocks; b++) {
        if (base + rest + q->box_most[b] < bar) continue;
        int most = base + most_of_rest(side, p->box.any[b] & ANY_MASK) + q->box_most[b];
        if (most >= bar)
            queue_add(&s->blocks,
                      (struct waiting){.partition = partition, .at = (uint32_t)b, .most = (int16_t)most});
    }
}

static void wait_for_all(struct search *s)
{
    const struct index *x = s->q->w->index;
    for (size_t i = 0; i < x->partition_count; i++)
        if (x->partition[i].count > x->partition[i].gone) wait_for_blocks(s, (uint32_t)i);
}

/* ---- looking into blocks ---------------------------------------------------------------------------- */

/* The most that the lists of a row can weigh, by their signatures. */
static int most_of_lists(const struct query *q, const struct side *s, uint32_t recorded,
                         const struct row_signs *signs)
{
    const unsigned text = FEATURE_TEXT - FEATURE_SUBSTANCES;
    int sum = 0;
    for (uint32_t both = q->x->row.lists & recorded; both != 0; both &= both - 1) {
        unsigned l = (unsigned)__builtin_ctz(both);
        sum += l == 0      ? most_of_wide(q, s, signs->wide)
               : l == text ? most_of_terms(q, s, &signs->terms)
                           : s->list_most[l];
    }
    return sum;
}

static void prefetch_event(const struct query *q, uint32_t event)
{
    const char *row = (const char *)&q->w->event[event].row;
    for (size_t at = 0; at < sizeof(struct row); at += 64)
        __builtin_prefetch(row + at);
    __builtin_prefetch(&q->w->event[event].list[FEATURE_TEXT - FEATURE_SUBSTANCES]);
    __builtin_prefetch(&q->w->index->own_place[event]);
}

/* Lists and sets are looked at before the event is. */
static void look_at_row(struct search *s, const struct passed *row)
{
    struct query *q = s->q;
    const struct partition *p = &q->w->index->partition[row->partition];
    const struct side *side = query_side(q, p);
    const struct block *block = &p->block[row->row / BLOCK_ROWS];
    const struct row_signs *signs = &p->signs[row->row];
    unsigned sets = block->sets[row->row % BLOCK_ROWS], drugs = block->drugs[row->row % BLOCK_ROWS];
    uint32_t event = p->event[row->row], lists_recorded = (sets >> BIT_FEATURES) << 1 | (drugs != 0);
    int bar = bar_of(&s->best), lists = INT16_MAX, most = INT16_MAX;
    sets &= (1U << BIT_FEATURES) - 1;
    if (event == NO_EVENT) return;
    q->work.rows++;
    if (row->loss < UINT8_MAX) { /* else the sum may be larger, and nothing follows from it */
        int gone = q->columns & SCAN_DRUGS
                       ? side->losses.drugs[0][drugs & 15] + side->losses.drugs[1][drugs >> 4]
                       : side->drugs_most;
        most = row->most - row->loss - (side->drugs_most - gone) -
               most_of_rest(side, sets << ANY_SETS_AT | (lists_recorded & ~1U) << ANY_LISTS_AT);
        lists = most_of_lists(q, side, lists_recorded, signs);
        most += lists;
        if (most + side->bits_sum < bar) return;
        q->work.by_lists++;
        most += most_of_sets(q, side, sets, signs->sets);
        if (most < bar) return;
    }
    if (q->met[event] == q->met_now) return;
    prefetch_event(q, event);
    queue_add(&s->rows,
              (struct waiting){
                  .partition = row->partition, .at = event, .most = (int16_t)most, .lists = (int16_t)lists});
}

static void look_at_passed(struct search *s)
{
    for (size_t i = 0; i < s->passed_count; i++)
        look_at_row(s, &s->passed[i]);
    s->passed_count = 0;
}

/* Notes a row; what is looked at next is asked for. */
static void pass_row(struct search *s, struct passed row)
{
    const struct partition *p = &s->q->w->index->partition[row.partition];
    __builtin_prefetch(&p->signs[row.row]);
    __builtin_prefetch((const char *)&p->signs[row.row] + sizeof *p->signs - 1);
    __builtin_prefetch(&p->event[row.row]);
    s->passed[s->passed_count++] = row;
}

static void open_block(struct search *s, const struct waiting *item)
{
    struct query *q = s->q;
    const struct partition *p = &q->w->index->partition[item->partition];
    const struct side *side = query_side(q, p);
    const uint32_t byte_codes = (UINT32_C(1) << (CODE_FEATURES + 1)) - 1; /* with age */
    uint8_t *loss = q->loss;
    uint32_t passes[BLOCK_ROWS / 32], any = p->box.any[item->at], codes = any & byte_codes,
                                      first = item->at * BLOCK_ROWS;
    size_t rows = p->count - first;
    /* losses count from the most of all sets and lists, of place and of time */
    int most = query_base(q, side, p) + most_of_rest(side, codes) + side->sets_most - side->list_most[0] +
               side->drugs_most + side->measured_most,
        budget = most - bar_of(&s->best);
    if (budget < 0) return;
    s->opened++;
    q->work.blocks++;
    q->w->index->scan.block(&p->block[item->at], any, &side->losses, q->columns & (codes | ~byte_codes),
                            rows < BLOCK_ROWS ? rows : BLOCK_ROWS,
                            budget > UINT8_MAX ? UINT8_MAX : (uint8_t)budget, loss, passes);
    for (uint32_t i = 0; i < BLOCK_ROWS / 32; i++)
        for (uint32_t left = passes[i]; left != 0; left &= left - 1) {
            uint32_t at = i * 32 + (uint32_t)__builtin_ctz(left);
            pass_row(s, (struct passed){item->partition, first + at, (int16_t)most, loss[at]});
        }
}

/* What is read of every block that is opened; its other columns are only read where a row may still pass. */
#define READ_FIRST offsetof(struct block, codes)

static void prefetch_block(const struct search *s, const struct waiting *item, size_t from, size_t to)
{
    const char *block = (const char *)&s->q->w->index->partition[item->partition].block[item->at];
    for (size_t at = from; at < to; at += 64)
        __builtin_prefetch(block + at);
}

/* Weighs the rows that wait, best first. */
static void weigh_waiting(struct search *s)
{
    struct query *q = s->q;
    struct waiting item;
    if (s->rows.count == 0) return;
    while (queue_next(&s->rows, bar_of(&s->best), &item)) {
        const struct partition *p = &q->w->index->partition[item.partition];
        struct met met = {item.at, true, 0, item.lists == INT16_MAX ? INT_MAX : item.lists};
        int bar = bar_of(&s->best), score = query_weigh(q, query_side(q, p), p, &met, bar);
        q->work.weighed++;
        q->work.offered += score >= bar;
        if (score >= bar) offer(&s->best, (struct hit){item.at, score});
    }
    queue_begin(&s->rows, &q->rows_waiting);
}

/* Opens what waits, best first, until `blocks` were opened or nothing can reach the bar. Several are asked
 * for together, and rows are weighed after the next blocks were asked for: by then all are at hand. */
static void open_waiting(struct search *s, size_t blocks)
{
    struct waiting next[OPENED_AT_ONCE];
    size_t count;
    do {
        for (count = 0; count < OPENED_AT_ONCE && s->opened + count < blocks; count++) {
            if (!queue_next(&s->blocks, bar_of(&s->best), &next[count])) break;
            prefetch_block(s, &next[count], 0, READ_FIRST);
        }
        weigh_waiting(s);
        for (size_t i = 0; i < count; i++) {
            if (i + 1 < count) prefetch_block(s, &next[i + 1], READ_FIRST, sizeof(struct block));
            if (next[i].most >= bar_of(&s->best)) open_block(s, &next[i]);
        }
        look_at_passed(s);
    } while (count > 0);
    weigh_waiting(s);
}

/* ---- who is looked up ------------------------------------------------------------------------------- */

/* Is met by itself from now on; false when it was before. */
static bool meet(struct query *q, uint32_t event)
{
    if (q->met[event] == q->met_now) return false;
    q->met[event] = q->met_now;
    return true;
}

static void weigh_met(struct search *s, const struct met *met)
{
    struct query *q = s->q;
    const struct partition *p = &q->w->index->partition[q->w->index->seat[met->event].partition];
    int bar = bar_of(&s->best), score = query_weigh(q, query_side(q, p), p, met, bar);
    q->work.looked_up++;
    if (score >= bar) offer(&s->best, (struct hit){met->event, score});
}

/* What was met is asked for so long before it is weighed. */
#define MET_AHEAD 8

static void weigh_all_met(struct search *s)
{
    struct query *q = s->q;
    for (size_t i = 0; i < q->met_count; i++) {
        if (i + MET_AHEAD < q->met_count) prefetch_event(q, q->met_list[i + MET_AHEAD].event);
        weigh_met(s, &q->met_list[i]);
    }
}

static void meet_all(struct query *q, const struct posting *p, int people)
{
    for (size_t i = 0; i < p->count; i++) {
        if (i + MET_AHEAD < p->count) __builtin_prefetch(&q->met[p->event[i + MET_AHEAD]], 1);
        if (!meet(q, p->event[i])) continue;
        q->met_list = alloc_room(q->met_list, &q->met_list_room, q->met_count, sizeof *q->met_list);
        q->met_list[q->met_count++] = (struct met){p->event[i], false, (int16_t)people, INT_MAX};
        __builtin_prefetch(&q->w->index->seat[p->event[i]]);
    }
}

static void meet_by_items(struct query *q, size_t list, const struct query_item *item, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (item[i].rare && !item[i].common) meet_all(q, &q->w->list_events[list][item[i].item], 0);
}

/* Those who share people come first: who is met by an item after that shares none. */
static void meet_who_share(struct query *q)
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

static void begin_meeting(struct query *q)
{
    q->met = alloc_room(q->met, &q->met_room, q->w->event_count, sizeof *q->met);
    if (++q->met_now == 0) { /* the numbers are used up */
        memset(q->met, 0, q->met_room * sizeof *q->met);
        q->met_now = 1;
    }
    q->met_count = 0;
    (void)meet(q, q->event);
}

/* near: events that are likely to be among the nearest (none needed). */
static size_t search_above(struct search *s, const struct hit *near, size_t near_count)
{
    struct query *q = s->q;
    queue_begin(&s->blocks, &q->blocks_waiting);
    queue_begin(&s->rows, &q->rows_waiting);
    begin_meeting(q);
    meet_who_share(q);
    for (size_t i = 0; i < near_count; i++)
        if (meet(q, near[i].event)) weigh_met(s, &(struct met){near[i].event, true, 0, INT_MAX});
    wait_for_all(s);
    open_waiting(s, OPENED_FIRST);
    weigh_all_met(s);
    open_waiting(s, SIZE_MAX);
    return s->best.count;
}

/* Guesses learn from how far the last searches of the same partition came: most should come a little farther
 * than the guess, for a guess too high costs a second search. */
#define FLOOR_NONE  (INT_MIN / 2)
#define FLOOR_SCALE 8
#define FLOOR_DOWN  16
#define FLOOR_UP    2
#define FLOOR_LESS  12

static int *guess_for(struct query *q, size_t k)
{
    uint32_t partition = q->w->index->seat[q->event].partition;
    if (k != q->floor_k) { /* other answers */
        for (size_t i = 0; i < q->floor_room; i++)
            q->floor[i] = 0;
        q->floor_k = k;
    }
    q->floor = alloc_room(q->floor, &q->floor_room, partition, sizeof *q->floor);
    return &q->floor[partition];
}

void query_learn_from(struct query *q, const struct query *other)
{
    bool same = q->floor_k == other->floor_k || q->floor_k == 0; /* guesses of the same answers */
    if (q == other || !same || other->floor_room == 0) return;
    q->floor_k = other->floor_k;
    q->floor = alloc_room(q->floor, &q->floor_room, other->floor_room - 1, sizeof *q->floor);
    for (size_t i = 0; i < other->floor_room; i++)
        if (q->floor[i] == 0) q->floor[i] = other->floor[i];
}

size_t query_nearest(struct query *q, uint32_t event, size_t k, const struct hit *near, size_t near_count,
                     struct hit *out)
{
    if (k == 0) return 0;
    q->work.queries++;
    query_begin(q, event);
    int *guess = guess_for(q, k), floor = *guess == 0 ? FLOOR_NONE : *guess / FLOOR_SCALE;
    for (;;) {
        struct search s; /* room that needs no clearing */
        s.q = q;
        s.best = (struct best){.w = q->w, .hit = out, .k = k, .floor = floor};
        s.opened = s.passed_count = 0;
        size_t found = search_above(&s, near, near_count);
        int reached = found < k ? FLOOR_NONE : out[k - 1].score_db;
        if (floor > FLOOR_NONE && reached < floor) {
            *guess -= FLOOR_DOWN;
            floor = floor - FLOOR_LESS > 0 ? floor - FLOOR_LESS : FLOOR_NONE;
            q->work.again++;
            continue;
        }
        if (found == k) *guess = *guess == 0 ? (reached - FLOOR_LESS) * FLOOR_SCALE : *guess + FLOOR_UP;
        if (*guess < 0) *guess = 0;
        return found;
    }
}

size_t world_nearest(struct world *w, uint32_t event, size_t k, struct arena *scratch, struct hit **out)
{
    MUST(event < w->event_count);
    if (k > w->event_count) k = w->event_count;
    *out = NEW_ARRAY(scratch, struct hit, k + 1);
    index_settle(w);
    struct query *q = query_for(w, 0);
    size_t found = query_nearest(q, event, k, NULL, 0, *out);
    work_add(&w->index->work, &q->work);
    return found;
}
