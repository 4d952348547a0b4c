/* What is learned from pairs: for each measure a curve that says what a value of it weighs, in tenfold steps
 * of evidence for a link (log10 of a likelihood ratio). The score of a pair is the sum. Naive Bayes, logistic
 * regression and the monotone additive model differ in how they find the curves, not in what they are. */
#ifndef LEARN_CURVES_H
#define LEARN_CURVES_H

#include "base/str.h"
#include "learn/pair_table.h"

enum curve_shape {
    CURVE_STEPS, /* weight[k] for values above at[k] up to at[k + 1]; the last weight repeats the one before
                  */
    CURVE_LINES, /* straight between (at[k], weight[k]) and the next */
};
#define CURVE_POINTS_MAX 64
#define CURVES_MAX       256

/* Beyond its ends a curve goes on level: a distance greater than any seen weighs what the greatest did. */
struct curve {
    Str feature;
    enum curve_shape shape;
    enum direction direction;
    size_t points; /* 2 .. CURVE_POINTS_MAX; 0: the measure said nothing, and weighs 0 */
    double *at;    /* rising */
    double *weight;
    double missing; /* what an absent value weighs: 0, unless absence itself was learned to tell */
};

struct curves {
    size_t count;
    struct curve *curve;
    double base; /* log10 of the odds of a link among the training pairs: score + base are the posterior odds
                    there */
};

double curve_weight(const struct curve *c, double value); /* NAN: missing */
double curves_score(const struct curves *m, const double *value);

#endif
