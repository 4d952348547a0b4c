/* From scores to probabilities that hold, and the record of how far they were seen to hold. A calibration is
 * found on scores that the model gave to pairs it never saw, on a stated population with a stated prevalence.
 *
 * Two ways: a straight line of log odds on the score (J. Platt, Advances in Large Margin Classifiers, 1999,
 * with his targets a little inside 0 and 1), or any rising curve (isotonic regression by pooling adjacent
 * violators: B. Zadrozny, C. Elkan, KDD 2002; half a linked and half an unlinked pair stand in every pool, so
 * that nothing is ever sure). Carried to another prevalence by prior odds: odds' = odds * prior odds' / prior
 * odds. */
#ifndef LEARN_CALIBRATE_H
#define LEARN_CALIBRATE_H

#include "base/err.h"
#include "learn/curves.h"
#include "learn/measure.h"

enum calibration_way {
    CALIBRATION_PLATT,
    CALIBRATION_ISOTONIC,
    CALIBRATION_PRIOR, /* nothing was fitted: weight and stated prior odds, as the model gives them */
    CALIBRATION_WAYS
};
const char *calibration_way_name(enum calibration_way w);
int calibration_way_named(Str name); /* -1 when there is none */

struct calibration {
    struct curve odds; /* from score to log10 odds of a link; CURVE_LINES, level beyond the scores seen */
    double prevalence; /* share of linked pairs that it was found on */
};

/* Finds it. E_INVALID unless there are linked pairs and others, and when the way is to fit nothing. Lives in
 * `a`.
 */
MUST_USE enum status calibrate(const struct scored *item, size_t count, enum calibration_way way,
                               struct arena *a, struct calibration *out, struct err *e);
/* 0..1, where a share `prevalence` of pairs is linked (c->prevalence: as found). */
double calibration_probability(const struct calibration *c, double score, double prevalence);

/* ---- the record ---------------------------------------------------------------------------------------- */

#define RECORD_BINS 10
/* From here on a force's own decisions allow words of probability. */
#define OWN_DECISIONS_LEAST 200

/* How a calibration was seen to hold: part of a model file. Texts say who and what, for people. */
struct calibration_record {
    Str population; /* "Milwaukee deaths 2020-2026 with 200 planted series of each kind, seed 1" */
    enum calibration_way way;
    double prevalence;
    uint64_t pairs, linked;
    uint64_t own_decisions; /* decisions of the force itself among them: confirmed and dismissed */
    struct reliability_bin bin[RECORD_BINS];
    size_t bins;
    double error, brier; /* of held-out pairs */
};

/* Deals the items into folds, finds the calibration outside each and judges it inside: bins, error and Brier
 * score are those of held-out items. Fills all but population and own_decisions, which it leaves. */
MUST_USE enum status calibration_judge(const struct scored *item, size_t count, enum calibration_way way,
                                       size_t folds, uint64_t seed, struct calibration_record *out,
                                       struct err *e);
/* May words of probability be used? Only when the force's own decisions, enough of them, stand behind the
 * calibration; NULL: there is none. Otherwise rank and "unusual: 1 in N". */
bool calibration_allows_words(const struct calibration_record *r);

#endif
