/* A person or a place in common: carers, certifiers, finders, wards with more deaths than their exposure
 * explains. For the series that neither place nor method shows.
 *
 * Over a whole period: a funnel. Observed against expected counts, with limits that widen where less is
 * expected. Where subjects differ among themselves by more than chance, for reasons nobody recorded, the
 * limits widen for all: the spread is taken from winsorised z-scores, z = 2 (sqrt(O) - sqrt(E)), the
 * outermost tenth at both ends pulled in, so that the subjects looked for do not hide themselves; phi = mean
 * z^2, and tau^2 = (I phi - (I - 1)) / (sum w - sum w^2 / sum w), w = E, the variance of the true ratios.
 * Tails are those of the Poisson, or with tau^2 > 0 of the negative binomial distribution with mean E and
 * variance E + tau^2 E^2, exact for small counts. D. J. Spiegelhalter, Statistics in Medicine 24, 2005, p.
 * 1185; Quality and Safety in Health Care 14, 2005, p. 347.
 *
 * As time goes on: a sequence. The log-likelihood ratio of "R times as many as expected" against "as many as
 * expected", O ln R - (R - 1) E, summed, and held at 0 from below: a sequential probability ratio test that
 * starts anew whenever all is well. E is risk-adjusted when what is given is. D. J. Spiegelhalter, O. Grigg,
 * R. Kinsman, T. Treasure, International Journal for Quality in Health Care 15, 2003, p. 7 (Bristol,
 * Shipman); S. H. Steiner et al., Biostatistics 1, 2000. How long chance alone takes to reach a value is
 * computed, not simulated: exposure_run_length.
 *
 * Pure functions on arrays. */
#ifndef SCAN_EXPOSURE_H
#define SCAN_EXPOSURE_H

#include "scan/detection.h"

struct exposure_input {
    size_t rows;
    const uint32_t *subject; /* of each row, below `subjects` */
    size_t subjects;
    const int64_t *day;     /* of each row, since 1970-01-01 */
    const double *count;    /* events of that subject in that row */
    const double *expected; /* how many its exposure in that row makes expected; see exposure_expect */
};

/* Expected events of every row: the exposure (hours, shifts, patients, deaths of all kinds) times the rate of
 * its stratum over all subjects; indirect standardisation. stratum NULL: one. E_INVALID when an exposure is
 * negative or no number, or a stratum has events and no exposure. */
MUST_USE enum status exposure_expect(size_t rows, const double *exposure, const double *count,
                                     const uint32_t *stratum, struct arena *a, double **out, struct err *e);

#define EXPOSURE_RATIO_MIN 1.2

struct exposure_subject {
    double observed, expected;
    double tail; /* probability of as many or more, with the spread found */
    /* The sequence as it stands at the last row. */
    double value;      /* 0: all is well */
    int64_t since_day; /* when it last left 0 */
    int64_t last_day;  /* of the subject's last event in the sequence */
    double run_observed, run_expected;
    double recurrence_weeks; /* chance alone brings any subject to `value` once in so many weeks */
};

struct exposure_result {
    struct exposure_subject *subject; /* [subjects] */
    double phi;                       /* 1: no more spread than chance */
    double variance;                  /* tau^2 */
    int64_t from_day, to_day;
    double weeks; /* of the period */
};

/* ratio: R, how many times as many the sequence looks for, from EXPOSURE_RATIO_MIN. E_INVALID when a value is
 * negative or no number. The order of the rows does not matter. */
MUST_USE enum status exposure_measure(const struct exposure_input *in, double ratio, struct arena *a,
                                      struct exposure_result *out, struct err *e);

/* P(count or more) where `expected` are expected and true ratios vary by `variance`. */
double exposure_tail(double count, double expected, double variance);
/* The funnel: the least count whose tail is below `tail`. */
double exposure_limit(double expected, double variance, double tail);
/* How many expected events pass, on average, until chance alone brings the sequence of one subject from 0 to
 * `value`: the solution of the run-length equation of the Poisson CUSUM (jumps of ln R at events, a slope of
 * -(R - 1) between them; E. S. Page, Biometrika 41, 1954), by steps from the threshold down; far up, where
 * that loses digits, continued as e^h - 1 - h (D. Siegmund, Sequential Analysis, 1985, 2.6). */
double exposure_run_length(double ratio, double value);

enum exposure_test { EXPOSURE_WHOLE, EXPOSURE_SEQUENCE };
/* The subjects that chance alone would bring up at most once in `weeks_min`, rarest first; members are the
 * rows with events (of the sequence: those since it left 0). */
struct detection *exposure_detections(const struct exposure_input *in, const struct exposure_result *r,
                                      enum exposure_test test, double weeks_min, struct arena *a,
                                      size_t *count);

#endif
