/* Several feeds as one: their lines in the order in which they became known. */
#ifndef APP_FEED_LINES_H
#define APP_FEED_LINES_H

#include "model/policy.h"
#include "model/record.h"

struct feed_lines {
    struct change *line; /* by known_at, feed, place in the feed */
    size_t count;
    uint64_t refused; /* lines that are no lines, or do not say when they became known */
    Str complaint;    /* about the first of them; "" for none */
};

/* Paths of plain, gzip or zstd files. Everything lives in `a`. */
MUST_USE enum status feed_lines_read(struct arena *a, const struct policy *policy, const char *const *path,
                                     size_t count, struct feed_lines *out, struct err *e);

#endif
