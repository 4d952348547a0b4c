/* Links in a file, without a store: a CSV and a mapping in, ranked pairs out. */
#ifndef APP_PAIRS_H
#define APP_PAIRS_H

#include "app/file_world.h"
#include "base/stream.h"
#include "link/model.h"
#include "model/policy.h"

struct pairs_options {
    const char *file, *map, *out; /* out: a CSV of pairs */
    size_t top;                   /* partners of each event that are listed, 10 */
};
struct pairs_summary {
    struct file_rows rows;
    uint64_t events, pairs_weighed, pairs_written;
    double seconds;
};
/* Columns: rank, a, b, weight (tenfold steps), probability, about (the headline). Sorted by weight, then ids;
 * each pair once. */
MUST_USE enum status pairs_run(const struct pairs_options *options, const struct policy *policy,
                               const struct link_model *model, struct pairs_summary *out, struct err *e);

#endif
