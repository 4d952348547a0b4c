/* Trees learned one after the other, each from what those before it still get wrong: gradient boosting of
 * the logistic likelihood (J. Friedman, Annals of Statistics 29, 2001, p. 1189) by Newton steps, as in
 * T. Chen and C. Guestrin, KDD 2016: with G the sum of first derivatives of the loss and H of second ones, a
 * leaf weighs -G / (H + hold), and a question is worth
 *
 *     Gyes^2 / (Hyes + hold) + Gno^2 / (Hno + hold) - G^2 / (H + hold).
 *
 * A measure of a direction (DIRECTION_RISES, DIRECTION_FALLS) never turns back, everything else being equal:
 * a question about it is only asked where its sides weigh that way round, and what follows on either side
 * stays on its side of the middle between the two. A leaf that is held so weighs the nearest it may, v, and
 * -2 G v - (H + hold) v^2 takes the place of G^2 / (H + hold).
 *
 * The leaf whose best question is worth most is split next, until the tree has its leaves. Values stand in
 * bins of about equal count, so a question is found by one pass over the bins; what is missing goes to the
 * side where it serves better. No chance is involved: the same pairs in the same order give the same trees.
 */
#ifndef LEARN_BOOST_H
#define LEARN_BOOST_H

#include "base/err.h"
#include "learn/pair_table.h"
#include "learn/trees.h"

struct boost_options {
    size_t trees;       /* 1 .. TREES_MAX */
    size_t leaves;      /* of a tree at most, 2 .. 64 */
    size_t least_pairs; /* on either side of a question */
    double rate;        /* so much of each step is taken, above 0 to 1 */
    double hold;        /* holds leaves of few pairs towards 0 */
};
#define BOOST_OPTIONS_DEFAULT ((struct boost_options){300, 15, 40, 0.05, 5})

/* E_INVALID unless there are linked pairs and others. odds_log10: log10 of the odds of a link among the
 * pairs, by weight; that and trees_score together are the posterior log odds there. The trees live in `a`. */
MUST_USE enum status boost_train(const struct pair_table *t, const struct boost_options *options,
                                 struct arena *a, struct trees *out, double *odds_log10, struct err *e);

#endif
