#include "learn/validate.h"

#include "base/parallel.h"
#include "learn/measure.h"

#include <math.h>

#define FOLD_BYTES_MAX ((size_t)8 << 30)

/* ORDER enum method */
const struct method_row METHODS[METHOD_COUNT] = {
    {METHOD_ADDITIVE, "additive", "A sum of monotone curves, one a measure, smoothed by held-out parts."},
    {METHOD_BAYES, "bayes", "Naive Bayes: evidence by bins of equal count, each measure on its own."},
    {METHOD_LOGISTIC, "logistic", "Logistic regression: a straight line for each measure."},
};

int method_named(Str name)
{
    for (int i = 0; i < METHOD_COUNT; i++)
        if (str_eq(name, str_of(METHODS[i].name))) return i;
    return -1;
}

enum status train_pairs(const struct pair_table *t, const struct train_options *o, struct arena *a,
                        struct curves *out, struct err *e)
{
    struct additive_options additive = ADDITIVE_OPTIONS_DEFAULT, logistic = LOGISTIC_OPTIONS;
    struct bayes_options bayes = BAYES_OPTIONS_DEFAULT;
    additive.seed = o->seed;
    switch (o->method) {
    case METHOD_BAYES:
        return bayes_train(t, &bayes, a, out, e);
    case METHOD_LOGISTIC:
        return additive_train(t, &logistic, a, out, NULL, e);
    case METHOD_ADDITIVE:
    case METHOD_COUNT:
        break;
    }
    return additive_train(t, &additive, a, out, NULL, e);
}

struct validation {
    const struct pair_table *t;
    const struct train_options *o;
    const uint8_t *part_a, *part_b;
    double *score, *score_b;
    enum status status[UINT8_MAX];
    struct err err[UINT8_MAX];
};

static void judge_fold(void *state, size_t fold, size_t thread)
{
    struct validation *v = state;
    const struct pair_table *t = v->t;
    struct arena *arena CLEANUP_ARENA = arena_new("one fold", FOLD_BYTES_MAX);
    bool *train = NEW_ARRAY(arena, bool, t->pairs + 1);
    double *value = NEW_ARRAY(arena, double, t->features + 1);
    struct curves m;
    (void)thread;
    for (size_t i = 0; i < t->pairs; i++)
        train[i] = v->part_a[i] != fold && v->part_b[i] != fold;
    struct pair_table inside = pair_table_part(t, train, arena);
    v->status[fold] = train_pairs(&inside, v->o, arena, &m, &v->err[fold]);
    if (v->status[fold] != OK) return;
    for (size_t i = 0; i < t->pairs; i++) {
        bool a = v->part_a[i] == fold, b = v->part_b[i] == fold;
        if (v->score_b ? !a && !b : !a || !b) continue;
        pair_table_row(t, i, value);
        double score = curves_score(&m, value) + m.base;
        if (a) v->score[i] = score;
        if (b && v->score_b) v->score_b[i] = score;
    }
}

enum status validate_pairs(const struct pair_table *t, const struct train_options *o, size_t folds,
                           size_t threads, double *score, double *score_b, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("folds", FOLD_BYTES_MAX);
    struct validation *v = NEW(a, struct validation);
    uint8_t *part_a = NEW_ARRAY(a, uint8_t, t->pairs + 1), *part_b = NEW_ARRAY(a, uint8_t, t->pairs + 1);
    *v = (struct validation){
        .t = t, .o = o, .part_a = part_a, .part_b = part_b, .score = score, .score_b = score_b};
    folds_of_pairs(t, o->seed, folds, part_a, part_b, a);
    for (size_t i = 0; i < t->pairs; i++) {
        score[i] = (double)NAN;
        if (score_b) score_b[i] = (double)NAN;
    }
    parallel_run(threads, folds, judge_fold, v);
    for (size_t f = 0; f < folds; f++)
        if (v->status[f] != OK)
            return ERR(e, v->status[f], v->err[f].field, "with fold %zu of %zu held out: %s", f + 1, folds,
                       v->err[f].text);
    return OK;
}
