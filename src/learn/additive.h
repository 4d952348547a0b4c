/* The monotone additive model: log odds of a link = base + a sum of curves, one a measure, each of straight
 * pieces between knots and, where a direction is given or found, never turning back. Fitted by penalised
 * logistic likelihood:
 *
 *     minimise  - sum of log likelihood  +  smoothness/2 * sum over curves of
 *                   [ sum (step k - step k+1)^2  +  RIDGE * sum (step k)^2 ]  +  RIDGE_MISSING/2 *
 * (missing)^2
 *
 * over the steps from knot to knot, which are of one sign where the curve is monotone: penalised splines of
 * degree one (P. H. C. Eilers, B. D. Marx, Statistical Science 11, 1996, p. 89) in a generalised additive
 * model (T. Hastie, R. Tibshirani, 1990), with signs held as in non-negative least squares, by Newton steps
 * whose quadratic is solved coordinate by coordinate (J. Friedman, T. Hastie, R. Tibshirani, J. of
 * Statistical Software 33, 2010). Knots stand at quantiles of the linked pairs and at quantiles of the
 * others, so that a curve is fine where either side lives. The smoothness is chosen among a few by the
 * likelihood of held-out parts of the training pairs alone.
 *
 * A missing value is an indicator of its own, held towards 0; a measure that was never missing in training
 * weighs 0 when it is. Each curve is put at that height at which the mean likelihood ratio over the training
 * pairs that are not linked is 1, as it is for true likelihood ratios: so 0 is neutral. */
#ifndef LEARN_ADDITIVE_H
#define LEARN_ADDITIVE_H

#include "base/err.h"
#include "learn/curves.h"

#define SMOOTHNESS_MAX 8
struct additive_options {
    size_t knots;                      /* quantiles on each side, 2 .. 24 */
    double smoothness[SMOOTHNESS_MAX]; /* to choose from, rising; one: no choice */
    size_t smoothness_count;
    size_t inner_folds;       /* to choose by */
    size_t others_per_linked; /* at most so many pairs that are not linked are looked at for each that is,
                          with weights that make up for those left out; 0: all */
    uint64_t seed;
};
#define ADDITIVE_OPTIONS_DEFAULT ((struct additive_options){5, {1, 10, 100, 1000}, 4, 3, 60, 1})
/* Logistic regression: one straight line a measure, hardly held. */
#define LOGISTIC_OPTIONS ((struct additive_options){0, {1e-9}, 1, 0, 0, 1})

/* E_INVALID unless there are linked pairs and others. chosen (NULL allowed): the smoothness taken. Curves
 * live in `a`. */
MUST_USE enum status additive_train(const struct pair_table *t, const struct additive_options *options,
                                    struct arena *a, struct curves *out, double *chosen, struct err *e);

#endif
