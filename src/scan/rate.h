/* Groups (area x sex x mechanism ...) with an abnormal share of unsolved or unexplained cases, over all time
 * and in a window of time.
 *
 * The base of a case is how probable it is that a case like it stays unexplained: a logistic model with one
 * effect for each level of each column and of the unit of time, fitted by Newton's steps with a ridge of one
 * case (twenty for time), so that a county, a weapon or a decade in which little is ever explained is no
 * surprise.
 *
 * Over all time: share with Wilson's interval (E. B. Wilson, JASA 22, 1927), base share, and the binomial
 * probability of as many or more, adjusted for the number of groups (S. Holm, Scand. J. Statistics 6, 1979).
 *
 * In a window: c unexplained of n cases, where mu = nu p would be expected. nu: the group's usual number of
 * cases in such a span, its total x the share of all cases that fall into the span. p: the base of its cases
 * there, raised where the group is unexplained more often than its base outside of the window too: a group
 * that is always so does not stand out by being so. The score is the Poisson log-likelihood ratio c ln(c/mu)
 * - (c - mu), counted only where the share is above p with Wilson's 95 % interval: more cases that are as
 * well explained as ever do not count. So a window must show both, more cases than usual and more of them
 * unexplained. The p-value is that of the largest score among all groups and windows when times are shuffled
 * over all cases and each is unexplained by its base.
 *
 * Pure: same input and seed, same result with any number of threads. */
#ifndef SCAN_RATE_H
#define SCAN_RATE_H

#include "scan/detection.h"

#define RATE_FACTORS_MAX 8

struct rate_input {
    size_t rows;
    const bool *unexplained;
    const uint32_t *unit; /* of time, of each row, below `units`; NULL: no time is known, units is 1 */
    size_t units;
    size_t factors;                          /* the columns that make the groups, 1 to RATE_FACTORS_MAX */
    const uint32_t *level[RATE_FACTORS_MAX]; /* of each row, below `levels` */
    size_t levels[RATE_FACTORS_MAX];
};

struct rate_group {
    uint32_t row; /* the first of the group: names its levels */
    size_t cases, unexplained;
    double share, low, high; /* Wilson, 95 % */
    double base;             /* mean base of its cases */
    double tail, adjusted;   /* probability of as many or more; after Holm */
};

struct rate_groups {
    size_t groups;
    struct rate_group *group; /* in order of first sight */
    uint32_t *of_row;         /* group of each row */
    double *odds;             /* base of each row, as odds without the effect of its unit */
    double *unit_odds;        /* [units] factor of the unit */
};
/* E_INVALID when a number is out of its range; no row gives no group. */
MUST_USE enum status rate_measure(const struct rate_input *in, struct arena *a, struct rate_groups *out,
                                  struct err *e);

struct rate_options {
    size_t units_max;  /* longest window; 0: a tenth of the period, at least 1 */
    size_t cases_min;  /* fewest unexplained cases of a window; 0: 2 */
    size_t shuffles;   /* 0: no test, p is 1 */
    size_t stop_after; /* as in scan.h; 0: never */
    uint64_t seed;
    size_t threads; /* 0: as many as cores */
};

struct rate_window {
    uint32_t group;
    uint32_t from_unit, to_unit; /* both included */
    size_t cases, unexplained;
    double usual; /* nu: cases that the group usually has in such a span */
    double low, high, base;
    double expected, score, probability;
    size_t reached, shuffles;
};
/* Of each group its best window, the highest score first; groups without one are left out. */
MUST_USE enum status rate_scan(const struct rate_input *in, const struct rate_groups *g,
                               const struct rate_options *options, struct arena *a, struct rate_window **out,
                               size_t *count, struct err *e);

/* Windows as detections: members are the unexplained rows in them. first_day [units + 1] and weeks (of the
 * whole period) as in scan_calendar. */
struct detection *rate_detections(const struct rate_input *in, const struct rate_groups *g,
                                  const struct rate_window *window, size_t count, const int64_t *first_day,
                                  double weeks, struct arena *a);

/* Wilson's 95 % interval of a share of n; 0 to 1 when n is 0. */
void rate_interval(double count, double n, double *low, double *high);

#endif
