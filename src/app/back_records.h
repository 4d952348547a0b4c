/* Alerts about years that were brought in at once: kept apart, told by value and so many a day. */
#ifndef APP_BACK_RECORDS_H
#define APP_BACK_RECORDS_H

#include "link/alert.h"

struct back_records;
struct back_records *back_records_new(size_t a_day);
void back_records_free(struct back_records *b); /* NULL is allowed */

/* Keeps an alert about the past. One of a series that waits already takes its place. */
void back_records_keep(struct back_records *b, const struct alert *al, int64_t now_ms);
/* An alert of today told all of its series: what waited of it waits no longer. */
void back_records_told(struct back_records *b, const struct alert *al);
/* The next for a day (days since 1970), its members as they are now, in `a`; false: enough for this day, or
 * none is left. */
bool back_records_take(struct back_records *b, const struct alarm *alarm, int64_t day, struct arena *a,
                       struct alert *out);
size_t back_records_waiting(const struct back_records *b);

#endif
