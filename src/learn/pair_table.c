#include "learn/pair_table.h"

#include "learn/measure.h"

/* ORDER enum direction */
static const char *const DIRECTION_NAMES[DIRECTION_COUNT] = {"learned", "falls", "rises", "free"};

const char *direction_name(enum direction d)
{
    return DIRECTION_NAMES[d];
}

int direction_named(Str name)
{
    for (int d = 0; d < DIRECTION_COUNT; d++)
        if (str_eq(name, str_of(DIRECTION_NAMES[d]))) return d;
    return -1;
}

static double *numbers_kept(const double *from, const bool *keep, size_t count, size_t kept, struct arena *a)
{
    double *to = NEW_ARRAY(a, double, kept + 1);
    for (size_t i = 0, at = 0; i < count; i++)
        if (keep[i]) to[at++] = from[i];
    return to;
}

static uint32_t *groups_kept(const uint32_t *from, const bool *keep, size_t count, size_t kept,
                             struct arena *a)
{
    uint32_t *to = NEW_ARRAY(a, uint32_t, kept + 1);
    for (size_t i = 0, at = 0; i < count; i++)
        if (keep[i]) to[at++] = from[i];
    return to;
}

struct pair_table pair_table_part(const struct pair_table *t, const bool *keep, struct arena *a)
{
    struct pair_table part = *t;
    part.pairs = 0;
    for (size_t i = 0; i < t->pairs; i++)
        part.pairs += keep[i];
    bool *linked = NEW_ARRAY(a, bool, part.pairs + 1);
    for (size_t i = 0, at = 0; i < t->pairs; i++)
        if (keep[i]) linked[at++] = t->linked[i];
    part.linked = linked;
    part.feature = NEW_ARRAY(a, struct pair_feature, t->features + 1);
    for (size_t f = 0; f < t->features; f++) {
        part.feature[f] = t->feature[f];
        part.feature[f].value = numbers_kept(t->feature[f].value, keep, t->pairs, part.pairs, a);
    }
    if (t->weight) part.weight = numbers_kept(t->weight, keep, t->pairs, part.pairs, a);
    if (t->group_a) {
        part.group_a = groups_kept(t->group_a, keep, t->pairs, part.pairs, a);
        part.group_b = groups_kept(t->group_b, keep, t->pairs, part.pairs, a);
    }
    return part;
}

void pair_table_row(const struct pair_table *t, size_t pair, double *value)
{
    for (size_t f = 0; f < t->features; f++)
        value[f] = t->feature[f].value[pair];
}

void folds_of_pairs(const struct pair_table *t, uint64_t seed, size_t folds, uint8_t *part_a, uint8_t *part_b,
                    struct arena *scratch)
{
    if (!t->group_a) {
        folds_stratified(seed, folds, t->linked, t->pairs, part_a, scratch);
        if (t->pairs > 0) memcpy(part_b, part_a, t->pairs);
        return;
    }
    uint32_t *group = NEW_ARRAY(scratch, uint32_t, t->groups + 1);
    uint8_t *fold = NEW_ARRAY(scratch, uint8_t, t->groups + 1);
    for (uint32_t g = 0; g < t->groups; g++)
        group[g] = g;
    folds_by_group(seed, folds, group, t->groups, t->groups, fold, scratch);
    for (size_t i = 0; i < t->pairs; i++) {
        part_a[i] = fold[t->group_a[i]];
        part_b[i] = fold[t->group_b[i]];
    }
}
