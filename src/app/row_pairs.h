/* The pairs of the rows of any table: each row against every other, its best partners kept. */
#ifndef APP_ROW_PAIRS_H
#define APP_ROW_PAIRS_H

#include "base/buf.h"
#include "base/sheet.h"

struct learned_model;
struct row_pairs_options {
    /* From labelled pairs (colligate learn): series of crimes and the like. NULL: the rows are taken for
     * records of persons or things, and what agreement on a column means is learned from the table itself
     * (match/match.h). */
    const struct learned_model *model;
    struct str_list
        leave_out;  /* without a model: columns that are not compared, the truth, a running number */
    size_t top;     /* partners of each row that are kept */
    size_t threads; /* 0: all */
};

struct row_pair_found {
    uint32_t a, b; /* rows, a < b */
    double steps;  /* evidence, tenfold steps */
};

struct row_pairs;
/* Weighs every pair and keeps the best of each row. The sheet, the options and the arena must outlive it. The
 * same with any number of threads. E_INVALID when there is no pair, or a column is not there. */
MUST_USE enum status row_pairs_find(const struct sheet *f, const struct row_pairs_options *options,
                                    struct arena *a, struct row_pairs **out, struct err *e);
/* Those kept, each once, by falling weight, then rows. How many. */
size_t row_pairs_list(const struct row_pairs *l, const struct row_pair_found **out);
double row_pairs_prevalence(const struct row_pairs *l); /* the share of linked pairs that is reckoned with */
double row_pairs_probability(const struct row_pairs *l, double steps);
/* What weighs, heaviest first: "surname: the same (+2.1); dob: different (-0.8)", "distance(where) (+1.3);
 * same(how) (+0.4)". */
void row_pairs_about(const struct row_pairs *l, uint32_t a, uint32_t b, struct buf *out);

#endif
