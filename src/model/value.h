/* The values of fields, as C holds them. Absent is always a value of its own and never zero. */
#ifndef MODEL_VALUE_H
#define MODEL_VALUE_H

#include "base/str.h"

#include <math.h>

/* A moment, or a day when only the day is known. */
enum precision { PRECISION_NONE = 0, PRECISION_DAY, PRECISION_TIME };
struct moment {
    int64_t ms; /* UTC; 00:00 of the day at day precision */
    enum precision precision;
};

/* Earliest and latest. At day precision `to` covers its whole day. Either end may be absent. */
struct span {
    struct moment from, to;
};

/* A date of birth as far as it is known; year 0: absent, month 0 or day 0: not known. */
struct date {
    int year, month, day;
};

/* WGS 84. radius_m: half-width of what the sender is sure of; 0 when not stated. */
struct place {
    double lat, lon, radius_m;
    bool present;
};

/* What an address is compared by, beside what was written. */
struct keyed {
    Str text; /* as given */
    Str key;  /* normalised (model/normalise.h); "" when nothing comparable was found */
};
struct keyed_list {
    struct keyed *item;
    size_t count;
};

/* A number; NAN when absent. */
static inline bool number_present(double v)
{
    return !isnan(v);
}

/* The interval a span covers, in ms, the last one excluded. false when both ends are absent;
 * one absent end takes the other's. */
bool span_interval(const struct span *s, int64_t *from_ms, int64_t *until_ms);

#endif
