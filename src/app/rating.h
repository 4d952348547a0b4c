/* Rates of a table: groups made of columns, and in which of them cases stay unexplained beyond what is usual.
 */
#ifndef APP_RATING_H
#define APP_RATING_H

#include "base/sheet.h"
#include "scan/period.h"
#include "scan/rate.h"

struct rating_options {
    Str by;      /* names of columns, commas between */
    Str outcome; /* "COLUMN=VALUE": unexplained cases; rows without a value in that column are left out */
    Str when;    /* column of times; STR_NONE: the only one */
    enum period_step unit;
    int64_t from_day, to_day; /* INT64_MIN: the first and last case */
    struct rate_options rate;
};

struct rating {
    const struct column *factor[RATE_FACTORS_MAX];
    size_t factors;
    struct period period;
    struct rate_input in;
    const uint32_t *row; /* of the table, of each case */
    struct rate_groups groups;
    struct rate_window **window_of; /* of each group; NULL: none */
    struct rate_window *window;     /* the highest score first */
    size_t windows;
    struct detection *detection; /* [windows] */
    size_t unexplained;
    size_t no_time, no_outcome, no_value, outside; /* rows left out */
};

/* Everything in the result lives in `a`. */
MUST_USE enum status rating_run(const struct sheet *f, const struct rating_options *o, struct arena *a,
                                struct rating *out, struct err *e);
/* The values that make a group, in the order of --by. */
Str rating_level(const struct rating *r, size_t group, size_t factor);

#endif
