/* Links between the rows of any table: every pair weighed, ranked pairs out. */
#ifndef APP_TABLE_LINK_H
#define APP_TABLE_LINK_H

#include "app/row_pairs.h"

struct table_link_summary {
    uint64_t pairs_weighed, pairs_written;
    uint64_t even;     /* of those written: with even odds or better */
    double prevalence; /* the share of linked pairs that the probabilities rest on */
};

/* Columns of the file `out`: rank, a, b, weight (tenfold steps), probability, about (what weighs, heaviest
 * first). Sorted by weight, then rows; each pair once. The same bytes with any number of threads. */
MUST_USE enum status table_link_run(const struct sheet *f, const struct row_pairs_options *options,
                                    const char *out, struct table_link_summary *summary, struct err *e);

#endif
