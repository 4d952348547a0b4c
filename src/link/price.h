/* What chance costs. Every detector's scores of the force's own last weeks are kept; a score's price is how
 * rarely one so high has come up in them ("once in 9 weeks"), and a threshold is the score that came up just
 * so often as the detector's part of the budget allows (the k-th best of the window). The honest clock: a
 * threshold is set at midnight from what was scored before it and stands for the day. */
#ifndef LINK_PRICE_H
#define LINK_PRICE_H

#include "link/image.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct prices;
struct prices *prices_new(size_t detectors, double history_weeks);
void prices_free(struct prices *p); /* NULL is allowed */
void prices_save(const struct prices *p, struct buf *out);
bool prices_restore(struct prices *p, struct image_rest *from); /* into new ones; false: not whole */

/* Says that something was looked at on this day. Weeks of history are such days, not days of the calendar: a
 * quiet start is no history. */
void prices_note_day(struct prices *p, int64_t now_ms);
/* Keeps a score. What is scored again under its key because facts came in keeps one place, with its best
 * score. */
void prices_remember(struct prices *p, size_t detector, int64_t now_ms, uint64_t key, int score_db);

/* Keeps that an alert was told, and of what: a key of a detector. held: its own detector is given what the
 * others leave (alert.c). */
void prices_note_told(struct prices *p, int64_t now_ms, bool held, size_t detector, uint64_t key);
/* What people found to be so was not brought by chance: from the next midnight on neither the score under the
 * key counts, nor the alerts that were told of it. */
void prices_excuse(struct prices *p, size_t detector, uint64_t key);
/* Everything counts again. */
void prices_excuse_none(struct prices *p);
/* How many a week there were in the window, up to the last midnight; and of those not held. */
struct told_rate {
    double all, free;
};
struct told_rate prices_told_per_week(struct prices *p, int64_t now_ms);

/* per_week: how many alerts of this detector chance alone may cause. start_db stands while there is no
 * history; with little (priced: false) the own threshold counts only where it is the higher. */
int prices_threshold_db(struct prices *p, size_t detector, int64_t now_ms, double per_week, int start_db,
                        bool *priced);
/* How rarely a score as high has come up in the window. */
double prices_once_in_weeks(const struct prices *p, size_t detector, int score_db);

#endif
