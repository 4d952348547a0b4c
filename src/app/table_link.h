/* Links between the rows of any table: every pair weighed, ranked pairs out. */
#ifndef APP_TABLE_LINK_H
#define APP_TABLE_LINK_H

#include "base/sheet.h"
#include "learn/model_file.h"

struct table_link_options {
    /* From labelled pairs (colligate learn): series of crimes and the like. NULL: the rows are taken for
     * records of persons or things, and what agreement on a column means is learned from the table itself
     * (match/match.h). */
    const struct learned_model *model;
    struct str_list
        leave_out;   /* without a model: columns that are not compared, the truth, a running number */
    size_t top;      /* partners of each row that are listed */
    size_t threads;  /* 0: all */
    const char *out; /* a CSV of pairs */
};
struct table_link_summary {
    uint64_t pairs_weighed, pairs_written;
    uint64_t even;     /* of those written: with even odds or better */
    double prevalence; /* the share of linked pairs that the probabilities rest on */
};

/* Columns of the file: rank, a, b, weight (tenfold steps), probability, about (what weighs, heaviest first).
 * Sorted by weight, then rows; each pair once. The same bytes with any number of threads. */
MUST_USE enum status table_link_run(const struct sheet *f, const struct table_link_options *options,
                                    struct table_link_summary *out, struct err *e);

#endif
