/* Two records of one death, from two feeds: joined for reading when somebody says so, both kept, parted at
 * will. A join is a record of kind same_event like any other: it has a history, a source and a ledger entry.
 */
#ifndef APP_SAME_EVENTS_H
#define APP_SAME_EVENTS_H

#include "app/session.h"

#define SAME_EVENT_SOURCE "decision"

/* Joins two deaths. fresh (NULL allowed): false when they were joined already. E_INVALID when they are no
 * deaths or the same record. */
MUST_USE enum status same_events_join(struct session *s, const struct record_id *x, const struct record_id *y,
                                      Str why, bool *fresh, struct err *e);

/* Undoes every join of the two: each source that says so has its word withdrawn, in an entry of its own.
 * E_NOT_FOUND when they are not joined to each other. */
MUST_USE enum status same_events_part(struct session *s, const struct record_id *x, const struct record_id *y,
                                      Str why, struct err *e);

struct same_event_member {
    struct record_id id;
    struct record_id join; /* the record that says so */
    Str why, source;
    int64_t known_at_ms;
};
/* The other records of the same death at a view, through any number of joins, nearest first. */
MUST_USE enum status same_events_of(struct session *s, struct view view, const struct record_id *id,
                                    struct arena *a, struct same_event_member **out, size_t *count,
                                    struct err *e);

/* Which deaths are joined, all of them at once: for leaving them out of proposals. */
struct same_event_sets;
MUST_USE enum status same_events_all(struct session *s, struct view view, struct arena *a,
                                     struct same_event_sets **out, struct err *e);
/* Are both of one set? */
bool same_events_joined(const struct same_event_sets *sets, const struct record_id *x,
                        const struct record_id *y);
void same_events_free(struct same_event_sets *sets); /* NULL is allowed */

#endif
