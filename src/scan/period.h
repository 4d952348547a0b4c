/* A period of time cut into units: days, weeks, months or years, one or several together. Pure over base. */
#ifndef SCAN_PERIOD_H
#define SCAN_PERIOD_H

#include "base/str.h"

enum period_step { PERIOD_DAY, PERIOD_WEEK, PERIOD_MONTH, PERIOD_YEAR };
/* "day", "week", "month", "year"; E_INVALID for another word. */
MUST_USE enum status period_step_read(Str word, enum period_step *out, struct err *e);
const char *period_step_name(enum period_step s);
double period_step_days(enum period_step s); /* on average */

struct period {
    size_t units;
    int64_t *first_day; /* [units + 1] of each unit, since 1970-01-01; the last is the day after the period */
};
/* Counted back from the last day, so that the newest unit is whole: a week ends on it, a month or a year is
 * the calendar's that holds it. The first unit is the one that holds first_day. E_INVALID when first_day is
 * later than last_day, E_LIMIT with more than a million units. */
MUST_USE enum status period_make(int64_t first_day, int64_t last_day, enum period_step step, size_t every,
                                 struct arena *a, struct period *out, struct err *e);
/* The unit of a day; UINT32_MAX outside of the period. */
uint32_t period_unit(const struct period *p, int64_t day);

#endif
