/* The columnar index of the events, in which the nearest are found. Insides of the linker.
 *
 * Events of one mechanism and one kind of place, all counted or all not, stand in one partition: against any
 * query the shared level and the part taken out of the counts are constant there. A partition is cut into
 * blocks of rows that lie close in place and time; a block holds columns of bytes, and a box around its
 * places and days. From the box follows the most that any row of the block can weigh against a query, so many
 * blocks are never opened. Rows arrive in a tail and are sorted into blocks by runs of growing size (each run
 * is sorted again a few times at most), so arrival costs little at any size.
 *
 * The answer never depends on how rows are laid out: bounds decide what is looked at, world_pair's own
 * functions decide what it weighs. */
#ifndef LINK_INDEX_H
#define LINK_INDEX_H

#include "link/world_internal.h"

#define BLOCK_ROWS 128

/* A code stands as a nibble: 0 not recorded, else 1 to 15 by its number modulo 15; two columns share a byte,
 * the even one low. Codes of one nibble are told apart when the pair is weighed. */
#define CODE_PAIRS ((CODE_FEATURES + 1) / 2)
#define NIBBLES    16
static inline uint8_t code_nibble(uint16_t code)
{
    return code == SILENT_CODE ? 0 : (uint8_t)(1U + (code - 1U) % (NIBBLES - 1));
}

/* What the rows of a block have recorded: a bit a code, then these. */
#define ANY_AGE_AT   CODE_FEATURES
#define ANY_SETS_AT  (CODE_FEATURES + 1)
#define ANY_LISTS_AT (ANY_SETS_AT + BIT_FEATURES)
#define ANY_BITS     (ANY_LISTS_AT + LIST_FEATURES) /* of what adds its most to a bound */
#define ANY_NIBBLES  ((ANY_BITS + 3) / 4)
#define ANY_PLACE    (UINT32_C(1) << ANY_BITS)
#define ANY_NO_PLACE (UINT32_C(1) << (ANY_BITS + 1))
#define ANY_TIME     (UINT32_C(1) << (ANY_BITS + 2))
#define ANY_NO_TIME  (UINT32_C(1) << (ANY_BITS + 3))
_Static_assert(ANY_BITS + 4 <= 32, "what a block has recorded fits a word");
_Static_assert(BIT_FEATURES + LIST_FEATURES <= 9, "small sets and lists but substances fit a byte");

/* The boxes of a partition's blocks, eight by eight, and what holds each eight. */
#define BOXES_AT_ONCE 8
struct boxes {
    float lat_min[BOXES_AT_ONCE], lat_max[BOXES_AT_ONCE], lon_min[BOXES_AT_ONCE], lon_max[BOXES_AT_ONCE],
        cos_min[BOXES_AT_ONCE];
    int32_t day_min[BOXES_AT_ONCE], day_max[BOXES_AT_ONCE];
    uint32_t any[BOXES_AT_ONCE];
};

/* The grid on which places and days of a block stand as bytes: cell i reaches from `from + i * step` to the
 * next. A degree of longitude is taken as long as it is at the row nearest to a pole, so that a cell is as
 * wide as it is high there and wider elsewhere. Days: cells of 1 << day_shift. */
#define CELLS_LAST 254 /* 255: not recorded */
struct block_grid {
    double lat_from, lon_from;
    float lat_step, lon_step;   /* 0: nothing stands on it yet */
    float lat_cells, lon_cells; /* a degree */
    int32_t day_from;
    uint32_t day_shift;
};

/* What every search reads of a block, column after column, in the order in which they are read. */
struct block {
    struct block_grid grid;
    uint8_t north[BLOCK_ROWS], east[BLOCK_ROWS], day_from[BLOCK_ROWS], day_to[BLOCK_ROWS]; /* cells */
    uint8_t codes[CODE_PAIRS][BLOCK_ROWS];
    uint8_t age[BLOCK_ROWS];   /* years + 1; 0 not recorded */
    uint8_t sets[BLOCK_ROWS];  /* a bit for each small set that is recorded, then each list but substances */
    uint8_t drugs[BLOCK_ROWS]; /* a bit for each substance and parent, by number modulo 8 */
};

/* What is looked at of the rows that are left: a signature of each list, a bit for each item by its number
 * modulo 64 (terms: 256), and of the small sets. */
struct term_bits {
    uint64_t word[4];
};
struct row_signs {
    uint64_t wide, sets;
    struct term_bits terms;
};

struct partition {
    uint16_t mechanism, setting, group;
    bool counted;
    size_t count, room; /* rows; room is a multiple of BLOCK_ROWS */
    size_t gone;        /* rows whose event has moved on */
    size_t sorted;      /* rows before this stand in sorted runs */
    uint32_t *event;    /* by row; NO_EVENT: gone */
    struct block *block;
    struct row_signs *signs;  /* by row */
    struct boxes *box, *wide; /* wide: of BOXES_AT_ONCE blocks each; larger than need be while they change */
    uint32_t any;             /* of all blocks */
};

struct seat {
    uint32_t partition; /* NO_EVENT: in none yet */
    uint32_t row;
};

/* What a first bound of an event needs, in one line of the cache: whoever was met by a value of many falls
 * short by it mostly, and its row is never fetched. As in the row, but codes modulo 255, from 1. */
#define CODE_ROOM 16
struct glance {
    uint32_t partition, address;
    float lat_deg, lon_deg, cos_lat, radius_m;
    int32_t day_from, day_to;
    uint8_t code[CODE_ROOM];
    int16_t age;
    uint8_t sets, lists; /* a bit for each that is recorded */
    uint8_t unused[12];
};
_Static_assert(sizeof(struct glance) == 64 && CODE_FEATURES <= CODE_ROOM, "one line of the cache");
_Static_assert(BIT_FEATURES <= 8 && LIST_FEATURES <= 8, "a bit each");
void glance_take(struct glance *g, const struct event *ev, uint32_t partition);

/* An event's own weights of a shared place, by scale, node level and what is taken out: constant between two
 * midnights, and counted when first asked for. INT8_MIN: does not fit, to be counted each time. */
struct own_place {
    uint32_t state; /* epoch of the counts (0: never read), then a bit for each scale that was read */
    int8_t weight_db[PLACE_SCALES][NODE_LEVELS][2];
};
_Static_assert(sizeof(struct own_place) == 64, "one line of the cache");
#define COUNTS_EPOCHS (UINT32_C(1) << 27)

/* Limits of scales stand with so much room, to be reckoned with at once. */
#define SCALES_ROOM 8
_Static_assert(PLACE_SCALES < SCALES_ROOM && TIME_SCALES < SCALES_ROOM, "one more: beyond them all");

/* What is taken off the most that a row can weigh, by what stands in it: sums saturate at 255, which is
 * beyond any budget. */
struct losses {
    uint8_t code[CODE_FEATURES][NIBBLES];
    uint8_t age, age_missing, age_gap[NIBBLES]; /* age: years + 1; the last gap stands for it and all wider */
    uint8_t sets[2][NIBBLES], drugs[2][NIBBLES]; /* by the low nibble and the high one */
    uint8_t place[NIBBLES], place_missing, time[NIBBLES], time_missing; /* by scale; what is not recorded */
    double lat_deg, lon_deg;
    float cos_lat, radius_m[SCALES_ROOM];
    int32_t day_from, day_to, days[SCALES_ROOM];
};

/* Columns that are looked at: a bit a code, then these. */
#define SCAN_AGE   (UINT32_C(1) << CODE_FEATURES)
#define SCAN_SETS  (UINT32_C(1) << (CODE_FEATURES + 1))
#define SCAN_DRUGS (UINT32_C(1) << (CODE_FEATURES + 2))
#define SCAN_PLACE (UINT32_C(1) << (CODE_FEATURES + 3))
#define SCAN_TIME  (UINT32_C(1) << (CODE_FEATURES + 4))
#define SCAN_BITS  (CODE_FEATURES + 5)

/* A bit for each of the first rows of a block that loses no more than the budget, and what these lose.
 * columns: a bit for each that is looked at; any: what the block has recorded. rows: rounded up to a multiple
 * of 32. least: what every row loses by place and time, by the box of the block: rows whose other columns
 * lose too much with that do not pass either. */
typedef void (*scan_block)(const struct block *block, uint32_t any, const struct losses *l, uint32_t columns,
                           size_t rows, uint8_t budget, uint8_t least, uint8_t loss[BLOCK_ROWS],
                           uint32_t passes[BLOCK_ROWS / 32]);
/* The most that place and time can weigh in each of `count` boxes, together. */
struct box_query {
    float lat_deg, lon_deg, cos_lat, square_m2[PLACE_SCALES];
    int32_t day_from, day_to, days[TIME_SCALES];
    int32_t place[SCALES_ROOM], time[SCALES_ROOM]; /* the most at this scale or wider; beyond the scales 0 */
    bool has_place, has_time;
};
/* Those that reach `need`, in turn, and their number. wide: what holds BOXES_AT_ONCE of them each; where it
 * does not reach, they are not looked at; it is not asked where all are but one eight. out: room for `count`
 * and BOXES_AT_ONCE more. */
struct near_box {
    uint32_t box;
    int32_t most;
};
typedef size_t (*scan_boxes)(const struct boxes *box, const struct boxes *wide, size_t count,
                             const struct box_query *q, int32_t need, struct near_box *out);
static inline void boxes_ask(const struct boxes *b) /* soon it is read */
{
    for (size_t at = 0; at < sizeof *b; at += 64)
        __builtin_prefetch((const char *)b + at);
}
/* The wide box `at` anew, from those of the first `count` boxes that it holds. */
void boxes_join(struct boxes *wide, size_t at, const struct boxes *box, size_t count);
struct scanning {
    scan_block block;
    scan_boxes boxes;
};
struct scanning scan_fastest(void); /* for the processor at hand */
struct scanning scan_portable(void);

/* The signature of a list, and of the small sets: each has some bits of the 64, and wraps within them. */
uint64_t list_signature(const struct item_list *l);
#define DRUG_BITS 8
struct term_bits term_signature(const struct item_list *l);
static inline bool term_signed(const struct term_bits *t, uint32_t term)
{
    return t->word[term / 64 % 4] >> term % 64 & 1;
}
static inline void term_sign(struct term_bits *t, uint32_t term)
{
    t->word[term / 64 % 4] |= UINT64_C(1) << term % 64;
}
uint64_t set_signature(const uint64_t bits[BIT_FEATURES]);
unsigned set_signature_bit(int set, unsigned code);

/* What searches have done so far, for those who measure. */
struct work {
    uint64_t queries, again, boxes, blocks; /* searched twice; boxes looked at; opened */
    uint64_t rows, by_lists;                /* left by the columns; by the signatures of lists too */
    uint64_t weighed, looked_up,
        offered; /* exactly, met in blocks and by themselves; that entered an answer */
};

struct index {
    struct work work;
    struct table *by_key; /* mechanism, setting, counted -> partition + 1 */
    struct partition *partition;
    size_t partition_count, partition_room;
    struct seat *seat; /* by event */
    struct glance *glance;
    struct own_place *own_place;
    size_t event_room;
    uint32_t *moved; /* events to be seated anew at the next search */
    bool *is_moved;
    size_t moved_count, moved_room;
    struct scanning scan;
};

struct index *index_new(void);
void index_free(struct index *x);
/* An event is new or has changed, or has come into the counts. */
void index_touch(struct world *w, uint32_t event);
/* Seats what was touched; before every search. */
void index_settle(struct world *w);
/* Bytes held: columns, and everything beyond them. */
struct index_size {
    size_t rows, column_bytes, other_bytes;
};
struct index_size index_size(const struct world *w);

/* The event's own weight of a shared place at a scale, counted if it is out of date; INT8_MIN: does not fit.
 * Several threads may ask at once: who finds nothing counts, and all that count come to the same. */
int8_t index_own_place(struct world *w, uint32_t event, size_t scale, enum node_level level, unsigned minus);

#endif
