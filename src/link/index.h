/* The columnar index of the events, in which the nearest are found. Insides of the linker.
 *
 * Events of one mechanism and one kind of place, all counted or all not, stand in one partition: against any
 * query the shared level and the part taken out of the counts are constant there. A partition is cut into
 * blocks of rows that lie close in place and time; a block holds a column of bytes for each code and a box
 * around its places and days. From the box follows the most that any row of the block can weigh against a
 * query, so most blocks are never opened. Rows arrive in a tail and are sorted into blocks by runs of 512,
 * 4,096 and 32,768 (each run is sorted again at most three times), so arrival costs little at any size.
 *
 * The answer never depends on how rows are laid out: bounds decide what is looked at, world_pair's own
 * functions decide what it weighs. */
#ifndef LINK_INDEX_H
#define LINK_INDEX_H

#include "link/world_internal.h"

#define BLOCK_ROWS   128
#define GROUP_BLOCKS 16

/* Columns of bytes. A code above 254 stands as CODE_MANY and is told apart when the pair is weighed. */
enum index_column {
    COLUMN_AGE = CODE_FEATURES, /* years + 1; 0 not recorded */
    COLUMN_SETS,                /* bit per small set that is recorded */
    COLUMN_LISTS,               /* bit per list that is recorded */
    COLUMN_COUNT
};
#define CODE_MANY 255

/* What the rows of a block have recorded: a bit a code, then these. */
#define ANY_AGE      (UINT32_C(1) << CODE_FEATURES)
#define ANY_SETS_AT  (CODE_FEATURES + 1)
#define ANY_LISTS_AT (ANY_SETS_AT + BIT_FEATURES)
#define ANY_BITS     (ANY_LISTS_AT + LIST_FEATURES) /* of what adds its most to a bound */
#define ANY_NIBBLES  ((ANY_BITS + 3) / 4)
#define ANY_PLACE    (UINT32_C(1) << ANY_BITS)
#define ANY_NO_PLACE (UINT32_C(1) << (ANY_BITS + 1))
#define ANY_TIME     (UINT32_C(1) << (ANY_BITS + 2))
#define ANY_NO_TIME  (UINT32_C(1) << (ANY_BITS + 3))
_Static_assert(ANY_BITS + 4 <= 32, "what a block has recorded fits a word");
_Static_assert(BIT_FEATURES <= 8 && LIST_FEATURES <= 4, "small sets fit a byte, lists a nibble");

/* Around the rows of a block, or of GROUP_BLOCKS blocks. */
struct block_box {
    float lat_min, lat_max, lon_min, lon_max, cos_min;
    int32_t day_min, day_max;
    uint32_t any;
};

/* What stands in a block, column after column: bytes, then places (cos_lat 0: none), days (day_from
 * INT32_MIN: none), and a signature of each list: a bit for each item, by its number modulo 64. */
struct term_bits {
    uint64_t word[4];
};
struct block {
    uint8_t cell[COLUMN_COUNT][BLOCK_ROWS];
    float lat_deg[BLOCK_ROWS], lon_deg[BLOCK_ROWS], cos_lat[BLOCK_ROWS], radius_m[BLOCK_ROWS];
    int32_t day_from[BLOCK_ROWS], day_to[BLOCK_ROWS];
    uint64_t wide[BLOCK_ROWS], sets[BLOCK_ROWS];
    struct term_bits terms[BLOCK_ROWS];
};

struct partition {
    uint16_t mechanism, setting, group;
    bool counted;
    size_t count, room; /* rows; room is a multiple of BLOCK_ROWS */
    size_t gone;        /* rows whose event has moved on */
    size_t sorted;      /* rows before this stand in sorted runs */
    uint32_t *event;    /* by row; NO_EVENT: gone */
    struct block *block;
    struct block_box *box, *group_box;
};

struct seat {
    uint32_t partition; /* NO_EVENT: in none yet */
    uint32_t row;
};

/* An event's own weights of a shared place, by scale, node level and what is taken out: constant between two
 * midnights, and counted when first asked for. INT8_MIN: does not fit, to be counted each time. */
struct own_place {
    uint32_t state; /* epoch of the counts (0: never read), then a bit for each scale that was read */
    int8_t weight_db[PLACE_SCALES][NODE_LEVELS][2];
};
_Static_assert(sizeof(struct own_place) == 64, "one line of the cache");
#define COUNTS_EPOCHS (UINT32_C(1) << 27)

/* What is taken off the most that a row can weigh, by what stands in it: sums saturate at 255, which is
 * beyond any budget. Places and days by their scale; the last of eight stands for "not recorded". */
struct losses {
    uint8_t wanted[CODE_FEATURES]; /* never 0 in a column that is looked at */
    uint8_t agrees[CODE_FEATURES], differs[CODE_FEATURES], missing[CODE_FEATURES];
    uint8_t age, age_missing, age_gap[16]; /* age: years + 1; the last gap stands for it and all wider */
    uint8_t sets_low[16], sets_high[16], lists[16];
    float lat_deg, lon_deg, cos_lat, radius_m, square_m2[PLACE_SCALES];
    int32_t day_from, day_to, days[TIME_SCALES];
    int32_t place[8], time[8];
};
_Static_assert(PLACE_SCALES < 7 && TIME_SCALES < 7, "scales and the missing one fit eight lanes");

/* Beyond the columns of bytes. */
#define SCAN_PLACE (UINT32_C(1) << COLUMN_COUNT)
#define SCAN_TIME  (UINT32_C(1) << (COLUMN_COUNT + 1))

/* The losses of the 128 rows of a block, and a bit for each row that loses no more than the budget. columns:
 * a bit for each that is looked at. */
typedef void (*scan_block)(const struct block *block, const struct losses *l, uint32_t columns,
                           uint8_t budget, uint8_t loss[BLOCK_ROWS], uint32_t passes[BLOCK_ROWS / 32]);
scan_block scan_fastest(void); /* for the processor at hand */
void scan_portable(const struct block *block, const struct losses *l, uint32_t columns, uint8_t budget,
                   uint8_t loss[BLOCK_ROWS], uint32_t passes[BLOCK_ROWS / 32]);

/* The signature of a list, and of the small sets: each has some bits of the 64, and wraps within them. */
uint64_t list_signature(const struct item_list *l);
struct term_bits term_signature(const struct item_list *l);
static inline bool term_signed(const struct term_bits *t, uint32_t term)
{
    return t->word[term / 64 % 4] >> term % 64 & 1;
}
uint64_t set_signature(const uint64_t bits[BIT_FEATURES]);
unsigned set_signature_bit(int set, unsigned code);

struct index {
    struct table *by_key; /* mechanism, setting, counted -> partition + 1 */
    struct partition *partition;
    size_t partition_count, partition_room;
    struct seat *seat; /* by event */
    struct own_place *own_place;
    size_t event_room;
    uint32_t *moved; /* events to be seated anew at the next search */
    bool *is_moved;
    size_t moved_count, moved_room;
    scan_block scan;
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
