/* Back-records: alerts about years that were brought in at once. They wait in a queue of their own, the most
 * valuable first, and come out so many a day, so that a first import does not bury what happens today. */
#ifndef LINK_BACKLOG_H
#define LINK_BACKLOG_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct waiting_alert {
    uint64_t id;      /* the caller's: its series, or what else tells it apart; one waits once */
    double value;     /* what it is worth to look at; higher comes first */
    int64_t since_ms; /* of its first fact; of equal value the newer comes first */
    uint32_t event;   /* the caller's own, handed back */
};

struct backlog;
struct backlog *backlog_new(size_t a_day); /* how many may come out a day */
void backlog_free(struct backlog *b);      /* NULL is allowed */
#define CLEANUP_BACKLOG __attribute__((cleanup(backlog_cleanup)))
void backlog_cleanup(struct backlog **b);

/* Puts one in. One that waits already under its id keeps its place and takes the new value where that is
 * higher; one that came out is put in again (false: it waited already). */
bool backlog_put(struct backlog *b, struct waiting_alert w);
size_t backlog_waiting(const struct backlog *b);
/* The most valuable, as long as fewer than `a_day` came out on that day (days since 1970). */
bool backlog_take(struct backlog *b, int64_t day, struct waiting_alert *out);
/* It was told otherwise: it waits no longer. false: it did not wait. */
bool backlog_drop(struct backlog *b, uint64_t id);
/* All that wait, in the order in which they would come out; nothing is taken. */
size_t backlog_list(const struct backlog *b, struct arena *a, struct waiting_alert **out);

/* What an alert is worth to look at, for the order: the weight in tenfold steps, one more for every further
 * member (a series that may still grow), one less for every ten years since its last death. */
double backlog_value(int score_db, size_t members, double years_since);

#endif
