/* Pairs and what was measured about each, in columns: what everything here is learned from. */
#ifndef LEARN_PAIR_TABLE_H
#define LEARN_PAIR_TABLE_H

#include "base/str.h"

/* How evidence for a link may go as the measure rises. */
enum direction {
    DIRECTION_LEARNED, /* one way or the other, as the linked of the training pairs say */
    DIRECTION_FALLS,   /* a distance: nearer never counts less */
    DIRECTION_RISES,   /* an agreement: rarer or more never counts less */
    DIRECTION_FREE,    /* any way */
    DIRECTION_COUNT
};
const char *direction_name(enum direction d);
int direction_named(Str name); /* -1 when there is none */

struct pair_feature {
    Str name;
    enum direction direction;
    const double *value; /* one a pair; NAN: missing */
};

struct pair_table {
    size_t pairs, features;
    struct pair_feature *feature;
    const bool *linked;
    const double *weight; /* NULL: 1 each; above 0 */
    /* Groups of the two ends (one offender's crimes), for folds that keep a group whole: numbers below
     * `groups`. NULL: pairs stand for themselves. */
    const uint32_t *group_a, *group_b;
    size_t groups;
};

/* The pairs that `keep` names, copied, in order. */
struct pair_table pair_table_part(const struct pair_table *t, const bool *keep, struct arena *a);
static inline double pair_weight(const struct pair_table *t, size_t pair)
{
    return t->weight ? t->weight[pair] : 1;
}
/* One pair's values, in the order of the features. */
void pair_table_row(const struct pair_table *t, size_t pair, double *value);
/* The fold of each end: that of its group (folds_by_group), or for pairs that stand for themselves that of
 * the pair, twice (folds_stratified). */
void folds_of_pairs(const struct pair_table *t, uint64_t seed, size_t folds, uint8_t *part_a, uint8_t *part_b,
                    struct arena *scratch);

#endif
