/* Scans of a table: which rows are cases, where, when, and against what; one scan for each stratum. */
#ifndef APP_SCANNING_H
#define APP_SCANNING_H

#include "base/sheet.h"
#include "scan/period.h"
#include "scan/scan.h"

struct scanning_options {
    Str when;  /* column of times; STR_NONE: the only one */
    Str where; /* column of places, or of names of places when `places` is given; STR_NONE: the only one */
    const struct sheet
        *places; /* ids are names of places, its only column of places says where; NULL: none */
    Str count;   /* column of numbers: cases of a row; STR_NONE: one each */
    Str cases;   /* "COLUMN=VALUE": rows that are cases, the others are controls (Bernoulli) or left out */
    Str by;      /* column of words: each is scanned by itself; STR_NONE: all together */
    const struct sheet *population; /* Poisson: a column named as `where`, a number of people, perhaps a time;
                                       columns of codes that the table has too are groups of their own */
    enum period_step unit;
    size_t every;             /* steps a unit */
    int64_t from_day, to_day; /* of the period; INT64_MIN: the first and last case */
    double days_max;          /* longest span; 0: half of the period */
    double radius_m;          /* widest circle; INFINITY: no limit */
    double grid_m;            /* places are rounded to squares of so many metres; 0: as they are */
    struct scan_options scan; /* units_max is set from days_max */
};

struct scanned_stratum {
    Str name; /* STR_NONE when all are scanned together */
    struct scan_input in;
    const uint32_t *row; /* of the table, of each record */
    struct scan_result result;
    struct detection *detection; /* [result.clusters] */
};

struct scanning {
    struct scan_points points;
    Str *place_name; /* [points.count] */
    struct period period;
    size_t strata;
    struct scanned_stratum *stratum;
    size_t cases, controls;
    /* Rows left out, and why. */
    size_t no_time, no_place, vague_place, outside, no_count, no_stratum, not_cases;
};

/* Everything in the result lives in `a`. */
MUST_USE enum status scanning_run(const struct sheet *f, const struct scanning_options *o, struct arena *a,
                                  struct scanning *out, struct err *e);

#endif
