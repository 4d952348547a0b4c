/* Looking into blocks: what the columns leave of their rows, then lists and sets by their signatures; what is
 * left after that waits and is weighed, best first. */
#include "link/nearest.h"

/* ---- looking into blocks ---------------------------------------------------------------------------- */

/* The partition as the query sees it: most blocks that are opened in turn lie in one. */
static struct aspect *look_from(struct search *s, const struct partition *p)
{
    struct aspect *v = &s->aspect;
    if (v->p == p) return v;
    const struct side *side = query_side(s->q, p);
    *v = (struct aspect){.p = p,
                         .side = side,
                         /* losses count from the most of all sets and lists, of place and of time */
                         .most = query_base(s->q, side, p) + side->sets_most - side->list_most[0] +
                                 side->drugs_most + side->measured_most};
    return v;
}

/* With the codes that a block has recorded. */
static int most_of_block(struct aspect *v, uint32_t codes)
{
    if (v->codes != codes) {
        v->codes = codes;
        v->most_of_codes = most_of_rest(v->side, codes);
    }
    return v->most + v->most_of_codes;
}

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

void prefetch_row(const struct query *q, uint32_t event)
{
    const struct event *y = &q->w->event[event];
    const char *row = (const char *)&y->row;
    for (size_t at = 0; at < sizeof(struct row); at += 64)
        __builtin_prefetch(row + at);
    __builtin_prefetch(row + sizeof(struct row) - 1);
    __builtin_prefetch(y->nodes);
}

static void prefetch_event(const struct query *q, uint32_t event)
{
    prefetch_row(q, event);
    __builtin_prefetch(&q->w->event[event].list[FEATURE_TEXT - FEATURE_SUBSTANCES]);
    __builtin_prefetch(&q->w->index->own_place[event]);
}

/* Lists and sets are looked at before the event is. */
static void look_at_row(struct search *s, const struct passed *row)
{
    struct query *q = s->q;
    const struct partition *p = &q->w->index->partition[row->partition];
    const struct side *side = look_from(s, p)->side;
    const struct block *block = &p->block[row->row / BLOCK_ROWS];
    const struct row_signs *signs = &p->signs[row->row];
    unsigned sets = block->sets[row->row % BLOCK_ROWS], drugs = block->drugs[row->row % BLOCK_ROWS];
    uint32_t event = p->event[row->row], lists_recorded = (sets >> BIT_FEATURES) << 1 | (drugs != 0);
    int bar = bar_of(&s->best), lists = INT16_MAX, most = INT16_MAX;
    sets &= (1U << BIT_FEATURES) - 1;
    if (event == NO_EVENT) return;
    q->space->work.rows++;
    if (row->loss < UINT8_MAX) { /* else the sum may be larger, and nothing follows from it */
        int gone = q->columns & SCAN_DRUGS
                       ? side->losses.drugs[0][drugs & 15] + side->losses.drugs[1][drugs >> 4]
                       : side->drugs_most;
        most = row->most - row->loss - (side->drugs_most - gone) -
               most_of_rest(side, sets << ANY_SETS_AT | (lists_recorded & ~1U) << ANY_LISTS_AT);
        lists = most_of_lists(q, side, lists_recorded, signs);
        most += lists;
        if (most + side->bits_sum < bar) return;
        q->space->work.by_lists++;
        most += most_of_sets(q, side, sets, signs->sets);
        if (most < bar) return;
    }
    if (is_met(q, event)) return;
    __builtin_prefetch(&q->w->index->glance[event]);
    struct waiting_row *waiting = queue_add(&s->rows, most);
    waiting->partition = row->partition;
    waiting->event = event;
    waiting->lists = (int16_t)lists;
}

void look_at_passed(struct search *s)
{
    for (size_t i = 0; i < s->passed_count; i++)
        look_at_row(s, &s->passed[i]);
    s->passed_count = 0;
}

/* Notes a row; what is looked at next is asked for. */
static void pass_row(struct search *s, const struct partition *p, struct passed row)
{
    __builtin_prefetch(&p->signs[row.row]);
    __builtin_prefetch((const char *)&p->signs[row.row] + sizeof *p->signs - 1);
    __builtin_prefetch(&p->event[row.row]);
    s->passed[s->passed_count++] = row;
}

void open_block(struct search *s, uint32_t partition, uint32_t block, uint8_t least)
{
    struct query *q = s->q;
    const struct partition *p = &q->w->index->partition[partition];
    const uint32_t byte_codes = (UINT32_C(1) << (CODE_FEATURES + 1)) - 1; /* with age */
    uint8_t *loss = q->space->loss;
    uint32_t passes[BLOCK_ROWS / 32], any = p->box[block / BOXES_AT_ONCE].any[block % BOXES_AT_ONCE],
                                      codes = any & byte_codes, first = block * BLOCK_ROWS;
    size_t rows = p->count - first;
    struct aspect *v = look_from(s, p);
    int most = most_of_block(v, codes), budget = most - bar_of(&s->best);
    if (budget < 0) return;
    q->space->work.blocks++;
    q->w->index->scan.block(
        &p->block[block], any, &v->side->losses, q->columns & (codes | ~byte_codes),
        rows < BLOCK_ROWS ? rows : BLOCK_ROWS, budget > UINT8_MAX ? UINT8_MAX : (uint8_t)budget,
        budget > UINT8_MAX ? 0 : least, /* a budget cut short leaves nothing to take off */
        loss, passes);
    for (uint32_t i = 0; i < BLOCK_ROWS / 32; i++)
        for (uint32_t left = passes[i]; left != 0; left &= left - 1) {
            uint32_t at = i * 32 + (uint32_t)__builtin_ctz(left);
            pass_row(s, p, (struct passed){partition, first + at, (int16_t)most, loss[at]});
        }
}

void prefetch_block(const struct world *w, uint32_t partition, uint32_t block, size_t from, size_t to)
{
    const char *bytes = (const char *)&w->index->partition[partition].block[block];
    for (size_t at = from; at < to; at += 64)
        __builtin_prefetch(bytes + at);
}

/* Once the event is at hand: what it lists. */
static void prefetch_lists(const struct query *q, uint32_t event)
{
    const struct event *y = &q->w->event[event];
    for (size_t l = 0; l < LIST_FEATURES; l++)
        __builtin_prefetch(y->list[l].item);
    __builtin_prefetch(y->list[FEATURE_TEXT - FEATURE_SUBSTANCES].item + 16);
}

/* What waits is asked for so long before it is weighed, and its lists half as long. */
#define WEIGHED_AHEAD 8

static struct met met_in_block(const struct waiting_row *row)
{
    return (struct met){row->event, true, 0, row->lists == INT16_MAX ? INT_MAX : row->lists};
}

static bool may_reach(struct search *s, const struct waiting_row *row)
{
    struct query *q = s->q;
    const struct index *x = q->w->index;
    const struct partition *p = &x->partition[row->partition];
    const struct side *side = query_side(q, p);
    struct met met = met_in_block(row);
    return glance_most(q, side, query_base(q, side, p), &x->glance[row->event], &met) >= bar_of(&s->best);
}

static void weigh_row(struct search *s, const struct waiting_row *row)
{
    struct query *q = s->q;
    const struct partition *p = &q->w->index->partition[row->partition];
    struct met met = met_in_block(row);
    int bar = bar_of(&s->best);
    if (row->most < bar) return;
    int score = query_weigh(q, query_side(q, p), p, &met, bar);
    q->space->work.weighed++;
    q->space->work.offered += score >= bar;
    if (score >= bar) offer(&s->best, (struct hit){row->event, score});
}

void weigh_waiting(struct search *s)
{
    struct waiting_row ahead[WEIGHED_AHEAD];
    size_t asked = 0, weighed = 0;
    bool more = true;
    if (s->rows.count == 0) return;
    query_hold(s->q);
    while (more || weighed < asked) {
        while (more && asked < weighed + WEIGHED_AHEAD) {
            struct waiting_row *row = &ahead[asked % WEIGHED_AHEAD];
            more = queue_next(&s->rows, bar_of(&s->best), row);
            if (!more) break;
            if (!may_reach(s, row)) continue;
            prefetch_event(s->q, row->event);
            asked++;
        }
        if (weighed + WEIGHED_AHEAD / 2 < asked)
            prefetch_lists(s->q, ahead[(weighed + WEIGHED_AHEAD / 2) % WEIGHED_AHEAD].event);
        if (weighed < asked) weigh_row(s, &ahead[weighed++ % WEIGHED_AHEAD]);
    }
    queue_begin(&s->rows, &s->q->rows_waiting);
}
