/* What belongs together, for judging a replay: a table of groups (demo/truth.tsv). */
#ifndef APP_TRUTH_H
#define APP_TRUTH_H

#include "base/table.h"
#include "model/record.h"

struct truth_group {
    Str name;
    bool series;     /* else benign or same_event: a true tie that is no series */
    bool look_alike; /* no tie: planted to look like a series */
    Str *event;      /* ids, in the order of linkable_from */
    int64_t *linkable_from_ms;
    size_t count, room;
};

struct truth {
    struct truth_group *group;
    size_t count, room;
    struct table *of_event; /* id -> index of its first membership + 1 */
    struct truth_member {
        uint32_t group, next; /* next membership of the same event, 0: none */
    } * member;
    size_t member_count, member_room;
};

/* Columns group, nature (series, benign, same_event, look_alike), event, kind, linkable_from; # starts a
 * comment. The text must live as long as `a`; truth_done frees the table. */
MUST_USE enum status truth_load(struct arena *a, Str text, struct truth *out, struct err *e);
void truth_done(struct truth *t);

/* How many pairs among some events share a series, how many only a benign group, how many only look so; and
 * the last look-alike group that was seen, -1: none. */
struct truth_pairs {
    size_t pairs, series, benign, look_alike;
    int look_alike_group;
};
struct truth_pairs truth_pairs(const struct truth *t, const Str *event, size_t count);
/* The group of series in which an event is, or -1. */
int truth_series_of(const struct truth *t, Str event);
/* Do two events share a series? The group's index, or -1. */
int truth_same_series(const struct truth *t, Str x, Str y);

enum truth_verdict { TRUTH_HIT, TRUTH_BENIGN, TRUTH_FALSE };
/* A hit when at least half of the pairs among its members are true, benign when most of the true ones are. */
enum truth_verdict truth_judge(struct truth_pairs p);

#endif
