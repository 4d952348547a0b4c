/* Naive Bayes with binned evidence, as M. D. Porter, "A Statistical Approach to Crime Linkage", The American
 * Statistician 70 (2016), p. 152, and the R package crimelinkage describe it: each measure is cut into bins
 * of equal count, and a bin weighs log10( P(bin | linked) / P(bin | not linked) ), both shares smoothed by
 * the same pseudo-count in each of the k bins, so many that the k shares have about `freedom` degrees of
 * freedom:
 *
 *     pseudo-count = N (k - freedom) / (k (freedom - 1))     N: the weight of that side; 0 when k <= freedom
 *
 * Bins are cut at quantiles of the training values (type 7 of R. J. Hyndman, Y. Fan, The American
 * Statistician 50 (1996), p. 361), each holding its upper end. Measures that are only ever 0 or 1 are not
 * cut.
 *
 * Two things differ from the package. A missing value weighs 0 and is left out of the counts, where the
 * package takes "missing" for a level of its own; a value beyond the training range weighs what the outermost
 * bin does, where the package says nothing. */
#ifndef LEARN_BAYES_H
#define LEARN_BAYES_H

#include "base/err.h"
#include "learn/curves.h"

struct bayes_options {
    size_t bins;    /* 2 .. CURVE_POINTS_MAX - 1 */
    double freedom; /* above 1 */
};
#define BAYES_OPTIONS_DEFAULT ((struct bayes_options){15, 10})

/* E_INVALID unless there are linked pairs and others. Curves live in `a`. */
MUST_USE enum status bayes_train(const struct pair_table *t, const struct bayes_options *options,
                                 struct arena *a, struct curves *out, struct err *e);

#endif
