/* A search for the nearest of an event, step by step: who is looked up, which blocks may hold one, what is in
 * them. A group of neighbours, or one event alone, takes these steps together (nearest.c). Insides of the
 * search. */
#ifndef LINK_NEAREST_H
#define LINK_NEAREST_H

#include "link/query.h"

/* ---- the k best ------------------------------------------------------------------------------------- */

struct best {
    const struct world *w;
    struct hit *hit;
    size_t count, k;
    int floor; /* a guess that k reach so much: who falls short of it is not looked for */
};
#define FLOOR_NONE (INT_MIN / 2)

/* What must be reached to enter; who reaches just that may still come first by id. */
static inline int bar_of(const struct best *b)
{
    int reached = b->count < b->k ? FLOOR_NONE : b->hit[b->k - 1].score_db;
    return reached > b->floor ? reached : b->floor;
}

/* ---- what waits, by the most it can weigh ----------------------------------------------------------- */

#define STEPS    256
#define STEP_LOW (-64) /* below and above the steps all are in one */
static inline uint8_t step_of(int most)
{
    return most <= STEP_LOW ? 0 : most - STEP_LOW >= STEPS ? STEPS - 1 : (uint8_t)(most - STEP_LOW);
}

/* A row to be weighed. */
struct waiting_row {
    int32_t next;
    uint32_t partition, event;
    int16_t most, lists;
};

struct row_queue {
    struct row_room *room;
    int32_t head[STEPS];
    int top;
    size_t count;
};

void queue_begin(struct row_queue *k, struct row_room *room);
/* The place of one more that waits, but for what it is. */
struct waiting_row *queue_add(struct row_queue *k, int most);
/* The next of those that can reach the bar, the largest first. */
bool queue_next(struct row_queue *k, int bar, struct waiting_row *out);

/* A block to be opened. They are listed in the order in which they lie, and put in the order of their steps.
 */
struct waiting_block {
    uint32_t partition, block;
    uint8_t step, least; /* least: what every row loses by place and time */
};

struct block_list {
    struct block_room *room;
    size_t count;
    uint32_t of_step[STEPS];
    int below; /* this step and those above it have been taken */
    size_t taken;
};

void list_begin(struct block_list *l, struct block_room *room);
void list_make_room(struct block_list *l, size_t more);
/* After room was made for it. */
static inline void list_add(struct block_list *l, uint32_t partition, uint32_t block, int most, uint8_t least)
{
    struct waiting_block *item = &l->room->item[l->count++];
    item->partition = partition;
    item->block = block;
    item->step = step_of(most);
    item->least = least;
    l->of_step[item->step]++;
}
/* When all are listed. */
void list_sort(struct block_list *l);
/* Takes so many of the best that reach the bar or a few more; gives how many, 0 when none is left. */
size_t list_take(struct block_list *l, size_t count, int bar, const struct waiting_block **out);

/* ---- the search ------------------------------------------------------------------------------------- */

/* A row that passed by its bytes: what it loses from the most of its block. */
struct passed {
    uint32_t partition, row;
    int16_t most;
    uint8_t loss;
};

/* A partition as the query sees it, and the last block of it. */
struct aspect {
    const struct partition *p;
    const struct side *side;
    uint32_t codes; /* that the block has recorded */
    int most, most_of_codes;
};

struct search {
    struct query *q;
    struct best best;
    struct block_list blocks;
    struct row_queue rows;
    struct aspect aspect;
    bool again;
    struct passed passed[BLOCK_ROWS]; /* of one block */
    size_t passed_count;
};

/* Asks for what weighing an event reads first. */
void prefetch_row(const struct query *q, uint32_t event);
void offer(struct best *b, struct hit h);

/* nearest_met.c: who is met by themselves, and passed over in their blocks. */
bool is_met(const struct query *q, uint32_t event);
/* Is met from now on; false when it was before. */
bool meet(struct query *q, uint32_t event);
void begin_meeting(struct query *q);
void meet_who_share(struct query *q);
void weigh_met(struct search *s, const struct met *met);
void weigh_all_met(struct search *s);

/* nearest_boxes.c */
/* The most of features that are recorded, but place and time. */
static inline int most_of_rest(const struct side *s, uint32_t any)
{
    int sum = 0;
    for (int n = 0; n < ANY_NIBBLES; n++, any >>= 4)
        sum += s->any_most[n][any & 15];
    return sum;
}
#define ANY_MASK ((UINT32_C(1) << ANY_BITS) - 1)
/* Blocks that may hold one of the nearest wait to be opened. */
void wait_for_all(struct search *s);

/* nearest_blocks.c: looking into blocks. */
void open_block(struct search *s, uint32_t partition, uint32_t block, uint8_t least);
void look_at_passed(struct search *s);
void weigh_waiting(struct search *s);
/* Of a block, from here on it is read always; what stands before only where a row may still pass. */
#define READ_FIRST offsetof(struct block, codes)
void prefetch_block(const struct world *w, uint32_t partition, uint32_t block, size_t from, size_t to);

/* ---- a group ---------------------------------------------------------------------------------------- */

/* A block that some of the group want to open: a bit for each. */
struct wanted {
    uint32_t partition, block, by;
    const uint8_t *least;
};

struct group {
    struct search search[GROUP], *active[GROUP]; /* active: those that have no answer yet */
    size_t count;                                /* of the active */
    struct wanting {                             /* by block of all partitions */
        uint32_t by;                             /* a bit for each of the active that wants it */
        uint8_t least[GROUP];
    } * block;
    size_t *first;  /* by partition: its first block in these */
    uint64_t *mark; /* a bit for each block that any wants */
    size_t block_room, first_room, mark_room;
    struct wanted *wanted;
    size_t wanted_count, wanted_room;
};
_Static_assert(GROUP <= 32, "a bit each");

struct group *group_new(void);
void group_free(struct group *g);

#endif
