/* A table of pairs: one row a pair, its measures and whether it is linked. */
#ifndef APP_PAIR_FILE_H
#define APP_PAIR_FILE_H

#include "learn/pair_table.h"

struct pair_file_options {
    const char *file; /* CSV, plain, gzip or zstd */
    Str label;        /* the column that says linked: 1 true yes linked y, 0 false no unlinked n */
    Str columns;      /* the measures, commas between; absent: every column that is not named otherwise */
    Str weight;       /* a column of weights above 0; absent: 1 each */
    Str train;        /* a column that says which pairs to train on, the others being judged; absent: folds */
    Str against;      /* a column with scores of another program; absent: none */
};

struct pair_file {
    struct pair_table table;
    const bool *train;     /* NULL without the column */
    const double *against; /* NULL without the column */
    uint64_t refused;      /* rows with a wrong cell, or too few */
    struct err first;      /* why the first of them was */
};

/* Empty cells and NA, NaN, null are missing values. Rows that cannot be read are counted and left out;
 * E_INVALID when none can, with the reason. */
MUST_USE enum status pair_file_read(const struct pair_file_options *o, struct arena *a, struct pair_file *out,
                                    struct err *e);

#endif
