/* The space-time scan statistic: of all circles around all locations, grown neighbour by neighbour, and all
 * spans of time up to a length, the cylinder that holds more cases than chance would put there, by its
 * likelihood ratio; with a p-value that counts every window looked at.
 *
 * Models (c cases in the cylinder of C in all, mu expected):
 *   permutation   mu = (cases of the circle) x (cases of the span) / C: no population needed; what is always
 *                 so in one place, or everywhere in one season, does not count. Null: times shuffled over
 *                 places. M. Kulldorff, R. Heffernan, J. Hartman, R. Assuncao, F. Mostashari, PLoS Medicine
 *                 2(3) e59, 2005.
 *   Poisson       mu from a population, given as expected cases of every location and unit of time. Null: C
 *                 cases spread in proportion. M. Kulldorff, Communications in Statistics 26, 1997; Journal of
 *                 the Royal Statistical Society A 164, 2001.
 *   Bernoulli     cases against controls; mu = (records of the cylinder) x C / N. Null: labels shuffled.
 *                 Kulldorff 1997.
 * For the first two, LLR = c ln(c/mu) + (C-c) ln((C-c)/(C-mu)) when c > mu, else 0; for Bernoulli, with n of
 * N records in the cylinder, c ln(c/n) + (n-c) ln((n-c)/n) + (C-c) ln((C-c)/(N-n)) + (N-n-C+c)
 * ln((N-n-C+c)/(N-n)) - C ln(C/N) - (N-C) ln((N-C)/N). Only high rates are looked for.
 *
 * Exact: gives the cylinder that trying all of them gives. What makes it fast: a window that is best begins
 * and ends on a unit with a case of its own, and holds a case of the ring that was added last; and for a
 * score to be beaten, the least count that a given expectation needs is looked up, so that whole runs of
 * windows are stepped over. Shuffled data only have to say which of the found scores they reach.
 *
 * Pure: the same input, options and seed give the same result with any number of threads. */
#ifndef SCAN_SCAN_H
#define SCAN_SCAN_H

#include "scan/detection.h"

enum scan_model { SCAN_PERMUTATION, SCAN_POISSON, SCAN_BERNOULLI };

struct scan_points {
    size_t count;
    const double *x, *y; /* metres of a plane, or longitude and latitude in degrees */
    bool planar;
    double earth_radius_m; /* of the sphere on which degrees are measured */
};

/* Who is near whom: computed once, used for every run over the same locations. */
struct scan_map;
/* radius_m_max: circles grow no wider; INFINITY: no limit. E_INVALID when there is no location or a
 * coordinate is not a number; E_LIMIT when there would be more than 60 million neighbours. The points are
 * read only here. */
MUST_USE enum status scan_map_make(const struct scan_points *points, double radius_m_max, size_t threads,
                                   struct arena *a, const struct scan_map **out, struct err *e);

struct scan_input {
    size_t records;
    const uint32_t *location; /* of each record, below the number of locations */
    const uint32_t *unit;     /* of each record, unit of time, below `units` */
    const bool *control;      /* Bernoulli: which records are controls; else NULL */
    size_t units;             /* of the whole period */
    const double *expected;   /* Poisson: [location * units + unit], >= 0, at any scale; else NULL */
};

struct scan_options {
    enum scan_model model;
    bool prospective;    /* only spans that end with the last unit */
    size_t units_max;    /* longest span; 0: half of the period, at least 1 */
    double share_max;    /* a circle holds at most this share of the population at risk (of cases under
                            permutation, of expected cases, of records); 0: 0.5 */
    size_t cases_min;    /* fewest cases of a cluster; 0: 2 */
    size_t clusters_max; /* most that are given; 0: 10 */
    size_t shuffles;     /* of the Monte Carlo test; 0: no test, p is 1 */
    size_t stop_after;   /* a cluster is settled once this many shuffles have reached it (J. Besag, P.
                            Clifford, Biometrika 78, 1991); 0: never */
    bool gumbel;         /* p-values from a Gumbel distribution fitted to the shuffled maxima, by moments (A.
                            Abrams, K. Kleinman, M. Kulldorff, Int. J. Health Geographics 9, 2010); all
                            shuffles are then made */
    uint64_t seed;
    size_t threads; /* 0: as many as cores */
};

struct scan_cluster {
    uint32_t centre;
    const uint32_t *location; /* the centre first, then as far as they are away */
    size_t locations;
    double radius_m;
    uint32_t from_unit, to_unit; /* both included */
    size_t observed;
    double expected;
    double score;       /* the log-likelihood ratio */
    double probability; /* (reached + 1) / (shuffles + 1), or reached / shuffles when settled early, or
                           Gumbel's */
    bool fitted;        /* probability is Gumbel's */
    size_t reached, shuffles;
};

struct scan_result {
    struct scan_cluster *cluster; /* the strongest first; no two share a location; one a centre at most is
                                     considered: the best of its circles */
    size_t clusters;
    size_t shuffles;   /* made in all */
    double population; /* at risk: what shares are taken of */
    size_t cases;
};

/* Everything in the result lives in `a`. E_INVALID when the input does not hold together: the message says
 * where. No record at all gives no cluster. */
MUST_USE enum status scan_run(const struct scan_map *map, const struct scan_input *in,
                              const struct scan_options *options, struct arena *a, struct scan_result *out,
                              struct err *e);

/* The log-likelihood ratio of one cylinder: c cases of C, where `mass` is mu of C (permutation, Poisson) or
 * n of N records (Bernoulli; `total` is then N, else it is not read). 0 when there are not more than
 * expected. */
double scan_score(enum scan_model model, double c, double mass, double cases, double total);

/* Clusters as detections: members are the cases (no controls) in the cylinder. first_day: the first day of
 * each unit and, at [units], the day after the last. interval_weeks: how often such a run is made
 * (prospective), or what span the data cover (retrospective). strata: how many such runs are made side by
 * side; this is number `stratum`. */
struct scan_calendar {
    const int64_t *first_day; /* [units + 1] */
    double interval_weeks;
    uint32_t stratum;
    size_t strata;
};
struct detection *scan_detections(const struct scan_result *r, const struct scan_input *in,
                                  const struct scan_calendar *calendar, struct arena *a);

/* ---- what a population makes expected ------------------------------------------------------------- */

struct scan_population {
    size_t rows;
    const uint32_t *location;
    const int64_t *day; /* at whose start there were so many; since 1970-01-01 */
    const double *people;
    const uint32_t *group; /* of age, sex ...; NULL: one group */
};

/* Expected cases of every location and unit, standardised indirectly: within each group the rate of the
 * whole; the population is a straight line between the days given and level outside of them. first_day as in
 * scan_calendar. case_group: of each record, NULL with one group. E_INVALID when a group has cases and no
 * population. out: [location * units + unit], summing to the records. */
MUST_USE enum status scan_expect(const struct scan_population *p, size_t locations, const int64_t *first_day,
                                 size_t units, size_t records, const uint32_t *case_group, struct arena *a,
                                 double **out, struct err *e);

#endif
