#include "learn/bayes.h"

#include "learn/sorted.h"

#include <math.h>

/* The ends of the bins, rising; 0 when all values are missing or equal. */
static size_t edges_of(const struct sorted *x, size_t bins, double *edge)
{
    size_t count = 0;
    if (x->count == 0) return 0;
    if (x->distinct == 2) { /* one bin for each value */
        edge[0] = x->value[0] - 1;
        edge[1] = x->value[0];
        edge[2] = x->value[x->count - 1];
        return 3;
    }
    for (size_t i = 0; i <= bins; i++) {
        double q = sorted_quantile(x, (double)i / (double)bins);
        if (count == 0 || q > edge[count - 1]) edge[count++] = q;
    }
    return count < 2 ? 0 : count;
}

struct bin_counts {
    double linked[CURVE_POINTS_MAX], others[CURVE_POINTS_MAX], linked_all, others_all;
};

static struct bin_counts count_bins(const struct pair_table *t, const double *value, const struct curve *c)
{
    struct bin_counts n = {0};
    struct curve index = *c; /* a curve that weighs the number of its bin */
    double number[CURVE_POINTS_MAX];
    index.weight = number;
    for (size_t k = 0; k < c->points; k++)
        number[k] = (double)k;
    for (size_t i = 0; i < t->pairs; i++) {
        if (isnan(value[i])) continue;
        size_t k = (size_t)curve_weight(&index, value[i]);
        (t->linked[i] ? n.linked : n.others)[k] += pair_weight(t, i);
        *(t->linked[i] ? &n.linked_all : &n.others_all) += pair_weight(t, i);
    }
    return n;
}

static double share(double count, double all, size_t bins, double freedom)
{
    double k = (double)bins;
    double pseudo = k > freedom ? all * (k - freedom) / (k * (freedom - 1)) : 0;
    return (count + pseudo) / (all + k * pseudo);
}

/* Where smoothing leaves a share of nothing, half a pair stands for it: no value proves or excludes a link.
 */
static double bin_weight(double linked, double others)
{
    return log10(linked / others);
}

static struct curve train_feature(const struct pair_table *t, const struct pair_feature *f,
                                  const struct bayes_options *o, struct arena *a)
{
    struct curve c = {.feature = f->name, .shape = CURVE_STEPS, .direction = DIRECTION_FREE};
    struct arena_mark mark = arena_mark(a);
    double edge[CURVE_POINTS_MAX];
    struct sorted x = sorted_of(f->value, t->pairs, a);
    size_t edges = edges_of(&x, o->bins, edge);
    arena_release(a, mark);
    if (edges == 0) return c;
    c.at = NEW_ARRAY(a, double, edges);
    c.weight = NEW_ARRAY(a, double, edges);
    memcpy(c.at, edge, edges * sizeof *edge);
    c.points = edges;
    struct bin_counts n = count_bins(t, f->value, &c);
    size_t bins = edges - 1;
    if (n.linked_all <= 0 || n.others_all <= 0) return (struct curve){.feature = f->name};
    for (size_t k = 0; k < bins; k++) {
        double linked = share(n.linked[k], n.linked_all, bins, o->freedom),
               others = share(n.others[k], n.others_all, bins, o->freedom);
        if (linked <= 0) linked = 0.5 / (n.linked_all + 1);
        if (others <= 0) others = 0.5 / (n.others_all + 1);
        c.weight[k] = bin_weight(linked, others);
    }
    c.weight[bins] = c.weight[bins - 1];
    return c;
}

enum status bayes_train(const struct pair_table *t, const struct bayes_options *options, struct arena *a,
                        struct curves *out, struct err *e)
{
    double linked = 0, others = 0;
    MUST(options->bins >= 2 && options->bins < CURVE_POINTS_MAX && options->freedom > 1);
    for (size_t i = 0; i < t->pairs; i++)
        *(t->linked[i] ? &linked : &others) += pair_weight(t, i);
    if (linked <= 0 || others <= 0)
        return ERR(e, E_INVALID, "pairs",
                   "nothing can be learned from these pairs: there must be linked ones and others");
    struct curves m = {.count = t->features, .curve = NEW_ARRAY(a, struct curve, t->features + 1)};
    for (size_t f = 0; f < t->features; f++)
        m.curve[f] = train_feature(t, &t->feature[f], options, a);
    m.base = log10(linked / others);
    *out = m;
    return OK;
}
