/* Which blocks may hold one of the nearest: by the most that place and time leave in their boxes. */
#include "base/alloc.h"
#include "link/nearest.h"

static size_t block_count(const struct partition *p)
{
    return (p->count + BLOCK_ROWS - 1) / BLOCK_ROWS;
}

static uint8_t to_byte(int loss)
{
    return loss > UINT8_MAX ? UINT8_MAX : (uint8_t)loss;
}

static void wait_for_blocks(struct search *s, uint32_t partition)
{
    struct query *q = s->q;
    struct space *space = q->space;
    const struct partition *p = &q->w->index->partition[partition];
    const struct side *side = query_side(q, p);
    int base = query_base(q, side, p), bar = bar_of(&s->best),
        rest = most_of_rest(side, p->any & ANY_MASK); /* of all blocks */
    size_t blocks = block_count(p);
    uint32_t any = p->any & ANY_MASK;
    if (base + rest + side->measured_most < bar) return;
    space->near_box =
        alloc_room(space->near_box, &space->box_room, blocks + BOXES_AT_ONCE, sizeof *space->near_box);
    size_t found =
        q->w->index->scan.boxes(p->box, p->wide, blocks, &side->box, bar - base - rest, space->near_box);
    space->work.boxes += blocks;
    list_make_room(&s->blocks, found);
    for (size_t i = 0; i < found; i++) {
        const struct near_box *near = &space->near_box[i];
        uint32_t own = p->box[near->box / BOXES_AT_ONCE].any[near->box % BOXES_AT_ONCE] & ANY_MASK;
        if (own != any) { /* mostly as the block before */
            any = own;
            rest = most_of_rest(side, any);
        }
        if (base + rest + near->most >= bar)
            list_add(&s->blocks, partition, near->box, base + rest + near->most,
                     to_byte(side->measured_most - near->most));
    }
}

/* Most partitions are small, and their boxes lie here and there. */
#define PARTITIONS_AHEAD 4

void wait_for_all(struct search *s)
{
    const struct index *x = s->q->w->index;
    for (size_t i = 0; i < x->partition_count; i++) {
        const struct partition *p = &x->partition[i], *ahead = p + PARTITIONS_AHEAD;
        if (i + PARTITIONS_AHEAD < x->partition_count)
            boxes_ask(block_count(ahead) <= BOXES_AT_ONCE ? ahead->box : ahead->wide);
        if (p->count > p->gone) wait_for_blocks(s, (uint32_t)i);
    }
    list_sort(&s->blocks);
}
