#include "learn/trees.h"

#include <math.h>

static double tree_score(const struct tree_node *node, uint32_t at, const double *value)
{
    while (node[at].measure != TREE_LEAF) {
        double v = value[node[at].measure];
        bool yes = isnan(v) ? node[at].missing_yes : v <= node[at].value;
        at = yes ? at + 1 : node[at].no;
    }
    return node[at].value;
}

double trees_score(const struct trees *t, const double *value)
{
    double sum = 0;
    for (size_t i = 0; i < t->count; i++)
        sum += tree_score(t->node, t->root[i], value);
    return sum;
}

double trees_share(const struct trees *t, size_t measure)
{
    size_t asked = 0, all = 0;
    for (size_t i = 0; i < t->nodes; i++) {
        all += t->node[i].measure != TREE_LEAF;
        asked += t->node[i].measure == measure;
    }
    return all > 0 ? (double)asked / (double)all : 0;
}
