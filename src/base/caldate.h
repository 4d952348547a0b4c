/* Calendar dates and times in text. Proleptic Gregorian, UTC, years 1 to 9999. */
#ifndef BASE_CALDATE_H
#define BASE_CALDATE_H

#include "base/err.h"
#include "base/str.h"

#define MS_PER_SECOND INT64_C(1000)
#define MS_PER_HOUR   INT64_C(3600000)
#define MS_PER_DAY    INT64_C(86400000)

/* Days since 1970-01-01; the month is 1-12, the day 1-31 (checked by caldate_valid). */
int64_t caldate_to_days(int year, int month, int day);
void caldate_from_days(int64_t days, int *year, int *month, int *day);
bool caldate_valid(int year, int month, int day);
/* The days of the week from Monday = 0. */
int caldate_weekday(int64_t days);
/* Floor division, right for times before 1970. */
int64_t caldate_day_of(int64_t ms);
int64_t caldate_midnight(int64_t ms); /* 00:00 UTC of that day */

/* RFC 3339 with any offset, "2014-08-28T08:00:00Z" or "...+01:00", fractions to the
 * millisecond; seconds may be absent. day_only is set when the text is just "2014-08-28". */
MUST_USE enum status caldate_parse(Str text, int64_t *ms, bool *day_only, struct err *e);
/* "2014-08-28T08:00:00Z", with ".123" only when the milliseconds are not zero. out >= 32 bytes. */
void caldate_format(int64_t ms, char out[32]);
/* "2014-08-28" */
void caldate_format_day(int64_t ms, char out[32]);
/* "28 August 2014" and "28 August 2014, 8:05am": the words people read. */
void caldate_words_day(int64_t ms, char out[48]);
void caldate_words(int64_t ms, char out[48]);

/* By a pattern of a mapping file: %Y %y %m %d %H %I %p %M %S %b %B %z, %f (fraction), other
 * characters literal, a blank matches any run of blanks. %y: 00-68 is 2000-2068.
 * 24:00 is the end of the day. The whole text must match. has_time tells whether the pattern gave an hour. */
MUST_USE enum status caldate_parse_pattern(Str text, Str pattern, int64_t *ms, bool *has_time, struct err *e);

#endif
