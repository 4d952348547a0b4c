/* What pairs cannot see, looked for each night in the deaths that are known: more deaths of one mechanism in
 * a circle and a span of days than elsewhere and else when (scan/scan.h); a unit, sex and mechanism of which
 * more stay unexplained than is usual (scan/rate.h); a person who had a part in more deaths than others of
 * their role (scan/exposure.h). What is found goes to the alarm, which prices it with everything else
 * (alarm_take). */
#ifndef APP_GROUP_WATCH_H
#define APP_GROUP_WATCH_H

#include "link/world.h"
#include "scan/detection.h"

struct group_watch;
struct policy;
/* policy: borrowed. threads: of the searches, 0: as many as there are cores; what is found does not depend on
 * it. */
struct group_watch *group_watch_new(const struct policy *policy, size_t threads);
void group_watch_free(struct group_watch *g); /* NULL is allowed */

/* An event that is new or has changed: a death is kept as it is known now. */
void group_watch_take(struct group_watch *g, const struct world *w, uint32_t event);
size_t group_watch_deaths(const struct group_watch *g);

struct found_group {
    const struct detection *detection;
    const uint32_t *event_of_row; /* which event each row of the detection is */
    Str words;                    /* what it is, a sentence for people */
};
/* What stands out in the days before `day` (since 1970), the rarest first; of the spans and
 * windows only those that end with it. every_weeks: how often this is asked, for "once in so many weeks". The
 * same deaths on the same day give the same. Everything lives in `a`. Where one of the three cannot be looked
 * for the others are found all the same, and the failure is told. */
MUST_USE enum status group_watch_look(const struct group_watch *g, int64_t day, double every_weeks,
                                      struct arena *a, const struct found_group **out, size_t *count,
                                      struct err *e);

#endif
