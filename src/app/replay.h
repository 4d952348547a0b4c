/* The past, day by day, as it would have been said: feeds merged by known_at, an honest clock, alerts at a
 * price. */
#ifndef APP_REPLAY_H
#define APP_REPLAY_H

#include "link/second_look.h"
#include "model/policy.h"

struct replay_options {
    const char *const *feed; /* paths, plain, gzip or zstd */
    size_t feed_count;
    const char *truth; /* TSV as demo/truth.tsv, NULL: none */
    const char
        *json; /* where to write the JSON, NULL: nowhere; "-" standard output is the caller's business */
    const struct second_look *look; /* NULL: alerts by weight alone */
    size_t top;                     /* suggestions an event, 10 */
    double price_per_week;          /* 1 */
    int64_t back_until_ms;          /* alerts about what was known before are back-records: INT64_MIN: none */
    size_t back_daily;              /* how many of them are told a day from then on */
    bool story;                     /* tell every alert and every member of a truth series, day by day */
};

struct replay_summary {
    uint64_t lines, refused, events, pairs_weighed;
    double weeks; /* after the back-records */
    uint64_t alerts, hits, benign, false_alerts;
    uint64_t sizes[8]; /* alerts by number of members: 2, 3, 4, 5, 6-9, 10-19, 20 and more; [0] unused */
    double false_per_week;
    uint64_t back_told, back_hits, back_waiting; /* of the back-records; they are in no other count */
};

/* put: a line of the story for people (NULL: none). The JSON has the shape that doc/replay.md tells. */
MUST_USE enum status replay_run(const struct replay_options *options, const struct policy *policy,
                                const struct link_model *model, void (*put)(void *state, Str line),
                                void *state, struct replay_summary *out, struct err *e);

#endif
