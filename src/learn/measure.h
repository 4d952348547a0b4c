/* How well scores tell linked from not linked. Pure. What has the same score is in no order: every measure
 * that looks at a part of the ranking takes its expected value over all orders of equals, so that nothing
 * depends on how a file was sorted. Scores are never NAN.
 *
 * AUC: share of (linked, other) pairs in which the linked one scores higher, equals counting one half: the
 * Mann-Whitney statistic (J. A. Hanley, B. J. McNeil, Radiology 143, 1982, p. 29). Brier score: mean squared
 * difference of probability and outcome (G. W. Brier, Monthly Weather Review 78, 1950, p. 1). Expected
 * calibration error: mean over bins, by their size, of |mean probability - share linked| (M. P. Naeini,
 * G. F. Cooper, M. Hauskrecht, AAAI 2015, p. 2901), here with bins of equal count. */
#ifndef LEARN_MEASURE_H
#define LEARN_MEASURE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scored {
    double score; /* higher: more likely linked; for calibration a probability */
    bool linked;  /* the truth */
};

/* One distinct score, and how much stands at it or above. */
struct ranking_level {
    double score;
    uint64_t items, linked; /* so far, this level included */
};

/* Items by falling score. */
struct ranking {
    struct ranking_level *level;
    size_t levels;
    uint64_t items, linked;
};

struct ranking ranking_of(const struct scored *item, size_t count, struct arena *a);
/* NAN unless there are linked ones and others. */
double ranking_auc(const struct ranking *r);
/* Sum over levels of (recall gained) x (precision there); NAN when nothing is linked. */
double ranking_average_precision(const struct ranking *r);
/* How many of the best k are linked; of all when k is more. */
double ranking_linked_among(const struct ranking *r, uint64_t k);
/* The same as a share of k; NAN for k 0. */
double ranking_precision_at(const struct ranking *r, uint64_t k);
/* The share of the linked that is found while `share` (0..1) of the others is raised falsely; between levels
 * along a straight line. NAN unless there are linked ones and others. */
double ranking_found_at_false(const struct ranking *r, double share);

/* ---- probabilities ------------------------------------------------------------------------------------- */

struct reliability_bin {
    double low, high;       /* the probabilities it spans */
    double probability;     /* their mean */
    double linked_share;    /* what came true */
    uint64_t items, linked; /* never empty */
};

/* By rising probability, about items / bins in each; equal probabilities stay together, so there may be fewer
 * bins. Returns how many were filled. */
size_t reliability_curve(const struct scored *item, size_t count, size_t bins, struct reliability_bin *out,
                         struct arena *scratch);
double calibration_error(const struct reliability_bin *bin, size_t bins); /* NAN for no bins */
double brier_score(const struct scored *item, size_t count);              /* NAN for no items */

/* ---- folds: parts that are held out in turn ------------------------------------------------------------ */

/* Deals the linked ones and the others each evenly over the folds, in an order drawn from the seed. folds
 * 2..255; fold[i] below it. */
void folds_stratified(uint64_t seed, size_t folds, const bool *linked, size_t count, uint8_t *fold,
                      struct arena *scratch);
/* Whole groups (numbers 0 .. groups-1, each item in one) go to one fold: drawn in an order from the seed,
 * each to the fold that is smallest by then. */
void folds_by_group(uint64_t seed, size_t folds, const uint32_t *group, size_t groups, size_t count,
                    uint8_t *fold, struct arena *scratch);

#endif
