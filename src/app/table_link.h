/* Links between the rows of any table: every pair weighed column by column (match/match.h), ranked pairs out.
 */
#ifndef APP_TABLE_LINK_H
#define APP_TABLE_LINK_H

#include "base/sheet.h"

struct table_link_options {
    struct str_list leave_out; /* columns that are not compared: the truth, a running number */
    size_t top;                /* partners of each row that are listed */
    size_t threads;            /* 0: all */
    const char *out;           /* a CSV of pairs */
};
struct table_link_summary {
    uint64_t pairs_weighed, pairs_written;
    uint64_t even; /* of those written: with even odds or better to be one */
};

/* What the columns say is learned from the table itself, without labels. Columns of the file: rank, a, b,
 * weight (tenfold steps), probability (by the learned model: calibrated by nothing), about (what agrees and
 * what does not, heaviest first). Sorted by weight, then rows; each pair once. */
MUST_USE enum status table_link_run(const struct sheet *f, const struct table_link_options *options,
                                    struct table_link_summary *out, struct err *e);

#endif
