/* What the files of this folder share: the values of a column, where they stand and which are near. */
#ifndef MATCH_MATCH_INTERNAL_H
#define MATCH_MATCH_INTERNAL_H

#include "match/match.h"

#define PARTS_MAX 12 /* of one name */

struct neighbour {
    uint32_t value;
    int16_t weight_db;
    int16_t level;
};

/* One column: its distinct values 1 .. values-1, which rows hold them, and which values are near each other.
 */
struct level_map {
    const struct match_column *model;
    size_t values;
    Str *text;                    /* of a value, folded; NULL of what is measured */
    struct comparand *comparand;  /* of a value */
    uint64_t *packed;             /* of a value, for the levels that are not listed; NULL: by comparand */
    uint32_t *row_at, *row_item;  /* values of row r, ascending: row_item[row_at[r]] .. */
    uint32_t *holder_at, *holder; /* rows of value v, ascending: holder[holder_at[v]] .. */
    uint32_t *near_at;            /* neighbours of v, ascending, itself among them */
    struct neighbour *near;
    uint32_t *alike_at; /* the same without what was learned to go together */
    struct neighbour *alike;
    size_t present;                          /* rows that have a value */
    int levels, listed;                      /* the levels from `listed` on are not in the lists */
    double unrelated[COMPARISON_LEVELS_MAX]; /* u of the column */
    int16_t loose_db[COMPARISON_LEVELS_MAX]; /* weights of the levels that are not listed */
    int loose_most_db;                       /* the highest of them, at least 0 */
};

struct match_index {
    const struct sheet *sheet;
    const struct match_model *model;
    size_t rows, columns, threads;
    struct arena *arena;
    struct level_map map[MATCH_COLUMNS_MAX];
    uint32_t *cell; /* row by row: the value in each column, 0 missing, CELL_PARTS for several */
};
#define CELL_PARTS UINT32_MAX

/* values.c: the values of a column, as numbers from 1, and the rows that hold them. */
void level_map_number(struct level_map *m, const struct column *c, size_t rows, struct arena *a);
bool match_has_words(enum column_type t); /* else its values are measured: numbers, times, places, sets */

/* level_map.c */
MUST_USE enum status level_map_make(struct level_map *m, const struct column *c, size_t rows, size_t threads,
                                    struct arena *a, struct err *e);
void level_map_weigh(struct level_map *m);
const struct neighbour *level_map_near(const struct level_map *m, uint32_t a, uint32_t b);
/* The level of two values that are not near: one that is not listed. */
int level_map_loose(const struct level_map *m, uint32_t a, uint32_t b);

/* Adds neighbours at MATCH_RELATED to those that are alike; those given are by a, then b, and stand both ways
 * round. */
struct related {
    uint32_t a, b;
    int weight_db;
};
void level_map_relate(struct level_map *m, const struct related *r, size_t count, struct arena *a);

/* relation.c: finds what goes together in groups (next: the next row of the same group, 0: none) and takes it
 * into the maps and the model. */
/* Takes in the relations that a model brings; those of values that the table has not are passed over. */
void relations_take(struct match_index *x);
void relations_learn(struct match_index *x, struct match_model *model, const uint32_t *next);

static inline size_t level_map_items(const struct level_map *m, size_t row)
{
    return m->row_at[row + 1] - m->row_at[row];
}

/* scan.c: as match_pairs_over, of every step-th row with all others; each pair as often as one of its rows
 * was such a row. */
MUST_USE enum status match_pairs_some(const struct match_index *x, size_t step, int least_db, struct arena *a,
                                      struct match_pairs *out, struct err *e);

/* pair.c: parts of two names that may be one, paired heaviest first. */
struct part_match {
    uint32_t a, b; /* values */
    uint8_t slot_a, slot_b;
    int16_t weight_db, level;
    bool taken;
};
/* All parts of one row that are near parts of the other. */
size_t parts_of_pair(const struct level_map *m, size_t a, size_t b,
                     struct part_match match[PARTS_MAX * PARTS_MAX]);
/* The weight of the column; marks those taken. */
int parts_weigh(const struct level_map *m, struct part_match *match, size_t count, size_t in_a, size_t in_b);

#endif
