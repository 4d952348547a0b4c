/* The figures of an evaluation: one or several seeds, told as value, or as mean and spread. */
#ifndef CLI_FIGURES_H
#define CLI_FIGURES_H

#include "cli/begin.h"
#include "learn/measure.h"
#include "learn/validate.h"

#define FIGURES_MAX 32
#define SEEDS_MAX   1000

struct figure {
    const char *key, *name; /* for programs, for people */
    int digits;
    double *value; /* one a seed */
};
struct figures {
    struct arena *arena;
    size_t seeds, count;
    struct figure figure[FIGURES_MAX];
};

struct figures figures_for(struct arena *a, size_t seeds);
/* Figures keep the order in which they are first put. */
void figures_put(struct figures *f, size_t seed, const char *key, const char *name, int digits, double value);
/* Area under the curve, average precision, found at 5 % false positives, linked among the best so many; and,
 * of scores that are tenfold steps of odds, how well their probabilities hold. */
void figures_put_ranking(struct figures *f, size_t seed, const struct scored *item, size_t count);
/* How well probabilities hold; in place of those before. */
void figures_put_probabilities(struct figures *f, size_t seed, const struct scored *probability,
                               size_t count);
void figures_print(struct screen *out, const struct figures *f);
/* As members of the open object: each an array, one value a seed. */
void figures_json(struct json_writer *w, const struct figures *f);

/* "5 folds, seed 3" or "5 folds, seeds 1 to 5". */
Str figures_seeds(struct arena *a, size_t folds, uint64_t seed, size_t seeds);
/* --folds and --seeds within their limits. */
MUST_USE enum status figures_limits(size_t folds, size_t seeds, struct err *e);
/* --method by its name. */
MUST_USE enum status figures_method(Str name, enum method *out, struct err *e);

#endif
