/* Scores of pairs by models that never saw them. */
#ifndef LEARN_VALIDATE_H
#define LEARN_VALIDATE_H

#include "learn/additive.h"
#include "learn/bayes.h"

enum method { METHOD_ADDITIVE, METHOD_BAYES, METHOD_LOGISTIC, METHOD_COUNT };
struct method_row {
    enum method id;
    const char *name, *doc;
};
extern const struct method_row METHODS[METHOD_COUNT];
int method_named(Str name); /* -1 when there is none */

struct train_options {
    enum method method;
    uint64_t seed; /* of what the method draws */
};
MUST_USE enum status train_pairs(const struct pair_table *t, const struct train_options *o, struct arena *a,
                                 struct curves *out, struct err *e);

/* Holds out each fold in turn, trains on the rest and scores the fold: score[i] = evidence + base, tenfold
 * steps; NAN for pairs that no fold judges. A pair without groups lies in the fold dealt by the seed; one
 * with groups is trained on where the fold holds neither. score_b (NULL: not wanted, and only pairs within a
 * fold are judged): a pair of two folds has two scores, score[i] by the model that never saw the group of end
 * a, score_b[i] by the one that never saw that of end b. threads 0: all cores; the result does not depend on
 * it. */
MUST_USE enum status validate_pairs(const struct pair_table *t, const struct train_options *o, size_t folds,
                                    size_t threads, double *score, double *score_b, struct err *e);

#endif
