#include "learn/additive_internal.h"

#include "base/rng.h"
#include "learn/measure.h"

#include <math.h>

#define TRAINING_BYTES_MAX ((size_t)8 << 30)
/* A smoother curve whose held-out loss is worse by no more than this share is taken. */
#define NO_WORSE 0.01

/* The pairs that are looked at: all that are linked, and of the others a drawn share that weighs for all. */
static struct pair_table thinned(const struct pair_table *t, const struct additive_options *o,
                                 struct arena *a)
{
    size_t linked = 0, others = 0;
    for (size_t i = 0; i < t->pairs; i++)
        linked += t->linked[i];
    others = t->pairs - linked;
    size_t most = o->others_per_linked * linked;
    if (o->others_per_linked == 0 || others <= most) return *t;
    struct rng chance;
    rng_seed(&chance, o->seed);
    bool *keep = NEW_ARRAY(a, bool, t->pairs);
    size_t left = others, wanted = most;
    for (size_t i = 0; i < t->pairs; i++) { /* selection sampling: Knuth, 3.4.2 S */
        keep[i] = t->linked[i];
        if (t->linked[i]) continue;
        if (rng_below(&chance, left) < wanted) {
            keep[i] = true;
            wanted--;
        }
        left--;
    }
    struct pair_table part = pair_table_part(t, keep, a);
    double *weight = NEW_ARRAY(a, double, part.pairs + 1);
    for (size_t i = 0; i < part.pairs; i++)
        weight[i] = pair_weight(&part, i) * (part.linked[i] ? 1 : (double)others / (double)most);
    part.weight = weight;
    return part;
}

/* Mean log loss of the probabilities that curves and base give. */
static double loss_of(const struct curves *m, const struct pair_table *t, double *value)
{
    double sum = 0, all = 0;
    for (size_t i = 0; i < t->pairs; i++) {
        pair_table_row(t, i, value);
        double odds = (curves_score(m, value) + m->base) * M_LN10;
        double miss = t->linked[i] ? -odds : odds;
        sum += pair_weight(t, i) * (miss > 0 ? miss + log1p(exp(-miss)) : log1p(exp(miss)));
        all += pair_weight(t, i);
    }
    return all > 0 ? sum / all : 0;
}

/* One inner fold: trained outside it, for each smoothness in turn from the smoothest, and judged on it. */
static void judge_fold(const struct pair_table *t, const struct additive_options *o, const uint8_t *part_a,
                       const uint8_t *part_b, uint8_t fold, double *loss, struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    bool *train = NEW_ARRAY(scratch, bool, t->pairs), *judge = NEW_ARRAY(scratch, bool, t->pairs);
    for (size_t i = 0; i < t->pairs; i++) {
        train[i] = part_a[i] != fold && part_b[i] != fold;
        judge[i] = part_a[i] == fold && part_b[i] == fold;
    }
    struct pair_table inside = pair_table_part(t, train, scratch), held = pair_table_part(t, judge, scratch);
    struct design d = design_of(&inside, o->knots, scratch);
    double *parameter = NEW_ARRAY(scratch, double, d.parameters);
    for (size_t s = o->smoothness_count; s-- > 0;) {
        struct curves m;
        additive_solve(&d, o->smoothness[s], parameter, scratch);
        struct arena_mark inner = arena_mark(scratch);
        design_curves(&d, &inside, parameter, scratch, &m);
        loss[s] += loss_of(&m, &held, NEW_ARRAY(scratch, double, t->features + 1));
        arena_release(scratch, inner);
    }
    arena_release(scratch, mark);
}

/* The smoothness under which held-out parts are likeliest, or a smoother one that is as good as that. */
static double choose(const struct pair_table *t, const struct additive_options *o, struct arena *scratch)
{
    if (o->smoothness_count == 1) return o->smoothness[0];
    struct arena_mark mark = arena_mark(scratch);
    uint8_t *part_a = NEW_ARRAY(scratch, uint8_t, t->pairs), *part_b = NEW_ARRAY(scratch, uint8_t, t->pairs);
    double loss[SMOOTHNESS_MAX] = {0};
    size_t best = o->smoothness_count - 1;
    folds_of_pairs(t, o->seed, o->inner_folds, part_a, part_b, scratch);
    for (size_t fold = 0; fold < o->inner_folds; fold++)
        judge_fold(t, o, part_a, part_b, (uint8_t)fold, loss, scratch);
    for (size_t s = o->smoothness_count; s-- > 0;)
        if (loss[s] < loss[best]) best = s;
    while (best + 1 < o->smoothness_count && loss[best + 1] <= loss[best] * (1 + NO_WORSE))
        best++;
    arena_release(scratch, mark);
    return o->smoothness[best];
}

enum status additive_train(const struct pair_table *t, const struct additive_options *options,
                           struct arena *a, struct curves *out, double *chosen, struct err *e)
{
    size_t linked = 0;
    MUST(options->smoothness_count >= 1 && options->smoothness_count <= SMOOTHNESS_MAX);
    for (size_t i = 0; i < t->pairs; i++)
        linked += t->linked[i];
    if (linked == 0 || linked == t->pairs)
        return ERR(e, E_INVALID, "pairs",
                   "nothing can be learned from these pairs: there must be linked ones and others");
    struct arena *scratch CLEANUP_ARENA = arena_new("training the additive model", TRAINING_BYTES_MAX);
    struct pair_table seen = thinned(t, options, scratch);
    double smoothness = choose(&seen, options, scratch);
    struct design d = design_of(&seen, options->knots, scratch);
    double *parameter = NEW_ARRAY(scratch, double, d.parameters);
    additive_solve(&d, smoothness, parameter, scratch);
    design_curves(&d, &seen, parameter, a, out);
    if (chosen) *chosen = smoothness;
    return OK;
}
