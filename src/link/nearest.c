/* The nearest events, exactly, without weighing every pair. Blocks of rows wait in the order of the most that
 * any of their rows can weigh, so the bar rises early and the search ends at the first block that cannot
 * reach it. Whoever shares an identifier, an address or a rare item is looked up by itself, so that the
 * bounds of all others are free of them. What is weighed is weighed exactly (query_weigh.c). */
#include "base/alloc.h"
#include "base/parallel.h"
#include "link/query.h"

/* ---- the k best ------------------------------------------------------------------------------------- */

struct best {
    const struct world *w;
    struct hit *hit;
    size_t count, k;
};

/* Is x after y in the answer? */
static bool worse(const struct world *w, const struct hit *x, const struct hit *y)
{
    if (x->score_db != y->score_db) return x->score_db < y->score_db;
    return record_id_compare(world_event_id(w, x->event), world_event_id(w, y->event)) > 0;
}

static void offer(struct best *b, struct hit h)
{
    if (b->count == b->k && worse(b->w, &h, &b->hit[b->k - 1])) return;
    for (size_t i = 0; i < b->count; i++)
        if (b->hit[i].event == h.event) return; /* looked up, and met again in its block */
    size_t at = b->count < b->k ? b->count++ : b->k - 1;
    while (at > 0 && worse(b->w, &b->hit[at - 1], &h)) {
        b->hit[at] = b->hit[at - 1];
        at--;
    }
    b->hit[at] = h;
}

/* What must be reached to enter; who reaches just that may still come first by id. */
static int bar_of(const struct best *b)
{
    return b->count < b->k ? INT_MIN / 2 : b->hit[b->k - 1].score_db;
}

/* ---- what a block can weigh at most ----------------------------------------------------------------- */

static double box_gap(double at, double low, double high)
{
    return at < low ? low - at : at > high ? at - high : 0;
}

static double box_gap_east(double at, double low, double high)
{
    if (at >= low && at <= high) return 0;
    double to_low = fabs(at - low), to_high = fabs(at - high);
    to_low = to_low > 180 ? 360 - to_low : to_low;
    to_high = to_high > 180 ? 360 - to_high : to_high;
    return to_low < to_high ? to_low : to_high;
}

static int most_of_place(const struct query *q, const struct side *s, const struct block_box *b)
{
    const struct row *x = &q->x->row;
    if (x->cos_lat <= 0 || !(b->any & ANY_PLACE)) return 0;
    double ignored, north = box_gap((double)x->lat_deg, (double)b->lat_min, (double)b->lat_max),
                    east = box_gap_east((double)x->lon_deg, (double)b->lon_min, (double)b->lon_max);
    int16_t most = s->place_from[distance_scale(q->w->model, north, east,
                                                ((double)x->cos_lat + (double)b->cos_min) / 2, 0, &ignored)];
    return b->any & ANY_NO_PLACE && most < 0 ? 0 : most;
}

static int most_of_time(const struct query *q, const struct side *s, const struct block_box *b)
{
    const struct row *x = &q->x->row;
    if (x->day_from == INT32_MIN || !(b->any & ANY_TIME)) return 0;
    int32_t gap = days_apart(x->day_from, x->day_to, b->day_min, b->day_max);
    int16_t most = s->time_from[gap_scale(q->w->model, gap, 0)];
    return b->any & ANY_NO_TIME && most < 0 ? 0 : most;
}

static int most_of_rest(const struct side *s, uint32_t any)
{
    int sum = 0;
    for (int n = 0; n < ANY_NIBBLES; n++, any >>= 4)
        sum += s->any_most[n][any & 15];
    return sum;
}

#define ANY_MASK ((UINT32_C(1) << ANY_BITS) - 1)

static int most_of_box(const struct query *q, const struct side *s, int base, const struct block_box *b)
{
    return base + most_of_rest(s, b->any & ANY_MASK) + most_of_place(q, s, b) + most_of_time(q, s, b);
}

/* ---- blocks wait by their most ---------------------------------------------------------------------- */

#define STEPS    512
#define STEP_LOW (-128) /* below and above the steps all are in one */

struct waiting {
    int32_t next;
    uint32_t partition;
    uint32_t box; /* number of the block, or of the group */
    int16_t most;
    bool is_group;
};

struct search {
    struct query *q;
    struct best best;
    int32_t head[STEPS];
    int top;
    size_t count;
    size_t opened; /* blocks */
};

static void wait_in(struct search *s, struct waiting item)
{
    struct query *q = s->q;
    int step = item.most - STEP_LOW;
    step = step < 0 ? 0 : step >= STEPS ? STEPS - 1 : step;
    if (s->count == q->waiting_room) {
        q->waiting_room = q->waiting_room * 2 + 1024;
        q->waiting = alloc_resize(q->waiting, q->waiting_room, sizeof *q->waiting);
    }
    item.next = s->head[step];
    q->waiting[s->count] = item;
    s->head[step] = (int32_t)s->count++;
    if (step > s->top) s->top = step;
}

static bool next_waiting(struct search *s, struct waiting *out)
{
    while (s->top >= 0 && s->head[s->top] < 0)
        s->top--;
    if (s->top < 0) return false;
    *out = s->q->waiting[s->head[s->top]];
    s->head[s->top] = out->next;
    return true;
}

static size_t block_count(const struct partition *p)
{
    return (p->count + BLOCK_ROWS - 1) / BLOCK_ROWS;
}

static void wait_for_all(struct search *s)
{
    const struct index *x = s->q->w->index;
    for (size_t i = 0; i < x->partition_count; i++) {
        const struct partition *p = &x->partition[i];
        if (p->count == p->gone) continue;
        const struct side *side = query_side(s->q, p);
        int base = query_base(s->q, side, p);
        for (size_t g = 0; g * GROUP_BLOCKS < block_count(p); g++)
            wait_in(s, (struct waiting){.partition = (uint32_t)i,
                                        .box = (uint32_t)g,
                                        .most = (int16_t)most_of_box(s->q, side, base, &p->group_box[g]),
                                        .is_group = true});
    }
}

/* ---- looking into blocks ---------------------------------------------------------------------------- */

static void open_group(struct search *s, const struct waiting *item)
{
    const struct partition *p = &s->q->w->index->partition[item->partition];
    const struct side *side = query_side(s->q, p);
    int base = query_base(s->q, side, p), bar = bar_of(&s->best);
    size_t first = (size_t)item->box * GROUP_BLOCKS, blocks = block_count(p);
    for (size_t b = first; b < first + GROUP_BLOCKS && b < blocks; b++) {
        int most = most_of_box(s->q, side, base, &p->box[b]);
        if (most < bar) continue;
        wait_in(s, (struct waiting){.partition = item->partition, .box = (uint32_t)b, .most = (int16_t)most});
    }
}

/* The most that the lists of a row can weigh, by their signatures. */
static int most_of_lists(const struct query *q, const struct side *s, const struct block *b, size_t i)
{
    const unsigned text = FEATURE_TEXT - FEATURE_SUBSTANCES;
    uint32_t both = q->x->row.lists & b->cell[COLUMN_LISTS][i];
    int sum = 0;
    for (; both != 0; both &= both - 1) {
        unsigned l = (unsigned)__builtin_ctz(both);
        sum += l == 0      ? most_of_wide(q, s, b->wide[i])
               : l == text ? most_of_terms(q, s, &b->terms[i])
                           : s->list_most[l];
    }
    return sum;
}

/* A row that passed by its bytes: lists and sets are looked at before the event is. */
static void weigh_row(struct search *s, const struct side *side, const struct waiting *item, size_t at,
                      int without_sets)
{
    struct query *q = s->q;
    const struct partition *p = &q->w->index->partition[item->partition];
    const struct block *b = &p->block[item->box];
    uint32_t event = p->event[(size_t)item->box * BLOCK_ROWS + at];
    int bar = bar_of(&s->best), lists = most_of_lists(q, side, b, at);
    if (event == NO_EVENT || event == q->event || without_sets + side->bits_sum + lists < bar) return;
    if (without_sets + lists + most_of_sets(q, side, b->cell[COLUMN_SETS][at], b->sets[at]) < bar) return;
    int score = query_weigh(q, side, p, event, MET_IN_BLOCK, lists, bar);
    if (score >= bar) offer(&s->best, (struct hit){event, score});
}

/* What the bytes of a row leave of the most of sets and lists. */
static int most_recorded(const struct side *s, uint32_t sets, uint32_t lists)
{
    return most_of_rest(s, sets << ANY_SETS_AT | lists << ANY_LISTS_AT);
}

static void open_block(struct search *s, const struct waiting *item)
{
    struct query *q = s->q;
    const struct partition *p = &q->w->index->partition[item->partition];
    const struct side *side = query_side(q, p);
    const struct block *block = &p->block[item->box];
    const uint32_t byte_codes = (UINT32_C(1) << (CODE_FEATURES + 1)) - 1;
    uint8_t loss[BLOCK_ROWS];
    uint32_t passes[BLOCK_ROWS / 32], codes = p->box[item->box].any & byte_codes;
    /* losses count from the most of all sets and lists, of place and of time */
    int most = query_base(q, side, p) + most_of_rest(side, codes) + side->sets_most + side->measured_most;
    int budget = most - bar_of(&s->best);
    if (budget < 0) return;
    s->opened++;
    q->w->index->scan(block, &side->losses, q->columns & (codes | ~byte_codes),
                      budget > UINT8_MAX ? UINT8_MAX : (uint8_t)budget, loss, passes);
    for (size_t i = 0; i < BLOCK_ROWS / 32; i++)
        for (uint32_t left = passes[i]; left != 0; left &= left - 1) {
            size_t at = i * 32 + (size_t)__builtin_ctz(left);
            int sets = most_recorded(side, block->cell[COLUMN_SETS][at], block->cell[COLUMN_LISTS][at]);
            bool beyond = loss[at] == UINT8_MAX; /* the sum may be larger, and then nothing follows */
            weigh_row(s, side, item, at, beyond ? INT_MAX / 2 : most - loss[at] - sets);
        }
}

/* Opens what waits, best first, until `blocks` were opened or nothing can reach the bar. */
static void open_waiting(struct search *s, size_t blocks)
{
    struct waiting item;
    while (s->opened < blocks && next_waiting(s, &item)) {
        if (item.most < bar_of(&s->best)) {
            if (s->top > 0 && s->top < STEPS - 1) return; /* the others can reach no more */
            continue;
        }
        if (item.is_group)
            open_group(s, &item);
        else
            open_block(s, &item);
    }
}

/* ---- who is looked up ------------------------------------------------------------------------------- */

static void look_up(struct search *s, const struct posting *p, enum met_by how)
{
    struct query *q = s->q;
    const struct index *x = q->w->index;
    for (size_t i = 0; i < p->count; i++) {
        uint32_t event = p->event[i];
        if (event == q->event) continue;
        const struct partition *at = &x->partition[x->seat[event].partition];
        int bar = bar_of(&s->best), score = query_weigh(q, query_side(q, at), at, event, how, INT_MAX, bar);
        if (score >= bar) offer(&s->best, (struct hit){event, score});
    }
}

static void look_up_items(struct search *s, size_t list, const struct query_item *item, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (item[i].rare && !item[i].common)
            look_up(s, &s->q->w->list_events[list][item[i].item], MET_BY_ITEM);
}

static void look_up_all(struct search *s)
{
    const struct query *q = s->q;
    const struct world *w = q->w;
    const struct event *x = q->x;
    for (size_t i = 0; i < x->path_count; i++)
        if (identifier_ties(w, &x->path[i])) look_up(s, &w->value_events[x->path[i].value], MET_BY_PEOPLE);
    if (x->row.address != 0 && address_weight(w, x->row.address) > 0)
        look_up(s, &w->address_events[x->row.address], MET_BY_ITEM);
    look_up_items(s, 0, q->wide, x->wide.count);
    for (size_t l = 1; l < LIST_FEATURES; l++)
        look_up_items(s, l, q->item[l], x->list[l].count);
}

/* Before so many blocks were opened the bar is low, and looking up costs more. */
#define OPENED_FIRST 8

static size_t search_nearest(struct query *q, uint32_t event, size_t k, struct hit *out)
{
    struct search s = {.q = q, .best = {.w = q->w, .hit = out, .k = k}, .top = -1};
    for (size_t i = 0; i < STEPS; i++)
        s.head[i] = -1;
    if (k == 0) return 0;
    query_begin(q, event);
    wait_for_all(&s);
    open_waiting(&s, OPENED_FIRST);
    look_up_all(&s);
    open_waiting(&s, SIZE_MAX);
    return s.best.count;
}

size_t world_nearest(struct world *w, uint32_t event, size_t k, struct arena *scratch, struct hit **out)
{
    MUST(event < w->event_count);
    if (k > w->event_count) k = w->event_count;
    *out = NEW_ARRAY(scratch, struct hit, k + 1);
    if (w->query == NULL) w->query = query_new(w);
    index_settle(w);
    return search_nearest(w->query, event, k, *out);
}

/* ---- many at once ----------------------------------------------------------------------------------- */

/* So many neighbours of the index are one part of the work. */
#define PART_EVENTS 64

struct many {
    struct world *w;
    struct query *query[THREADS_MAX];
    uint32_t *order; /* places in `event`, in the order of the index: neighbours open the same blocks */
    const uint32_t *event;
    size_t count, k;
    struct hit *hit;
    size_t *found;
};

static void search_part(void *state, size_t part, size_t thread)
{
    struct many *m = state;
    for (size_t i = part * PART_EVENTS; i < (part + 1) * PART_EVENTS && i < m->count; i++) {
        size_t at = m->order[i];
        m->found[at] = search_nearest(m->query[thread], m->event[at], m->k, m->hit + at * m->k);
    }
}

/* By seat: first those of partition 0 in the order of their rows, and so on. */
static void order_by_seat(struct many *m)
{
    const struct index *x = m->w->index;
    uint32_t *place = alloc_zero(m->w->event_count + 1, sizeof *place); /* of an event, from 1 */
    size_t n = 0;
    for (size_t i = 0; i < m->count; i++)
        place[m->event[i]] = (uint32_t)i + 1;
    for (size_t p = 0; p < x->partition_count; p++)
        for (size_t row = 0; row < x->partition[p].count; row++) {
            uint32_t event = x->partition[p].event[row];
            if (event != NO_EVENT && place[event] != 0) m->order[n++] = place[event] - 1;
        }
    MUST(n == m->count);
    alloc_free(place);
}

void world_nearest_many(struct world *w, const uint32_t *event, size_t count, size_t k, size_t threads,
                        struct hit *hit, size_t *found)
{
    struct many m = {.w = w, .event = event, .count = count, .k = k, .hit = hit, .found = found};
    threads = parallel_threads(threads);
    index_settle(w);
    m.order = alloc_zero(count + 1, sizeof *m.order);
    order_by_seat(&m);
    for (size_t t = 0; t < threads; t++)
        m.query[t] = query_new(w);
    parallel_run(threads, (count + PART_EVENTS - 1) / PART_EVENTS, search_part, &m);
    for (size_t t = 0; t < threads; t++)
        query_free(m.query[t]);
    alloc_free(m.order);
}

/* ---- rank ------------------------------------------------------------------------------------------- */

/* Most that are asked for stand near the top; for the others every pair is weighed. */
#define RANK_LOOKED_UP 100

size_t world_rank(struct world *w, uint32_t of, uint32_t among)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("rank", (size_t)1 << 20);
    struct hit *hit;
    size_t n = world_nearest(w, among, RANK_LOOKED_UP, scratch, &hit), rank = 1;
    for (size_t i = 0; i < n; i++)
        if (hit[i].event == of) return i + 1;
    struct hit own = {of, world_pair_score(w, among, of)};
    for (uint32_t y = 0; y < w->event_count; y++) {
        if (y == among || y == of) continue;
        struct hit other = {y, world_pair_score(w, among, y)};
        rank += worse(w, &own, &other);
    }
    return rank;
}
