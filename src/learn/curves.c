#include "learn/curves.h"

#include <math.h>

/* The piece that holds a value: the last k with at[k] below it; steps take their upper end in, lines either.
 */
static size_t piece_of(const struct curve *c, double value)
{
    size_t low = 0, high = c->points - 1; /* the piece is in low .. high - 1 */
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (value > c->at[middle])
            low = middle;
        else
            high = middle;
    }
    return low;
}

double curve_weight(const struct curve *c, double value)
{
    if (isnan(value)) return c->missing;
    if (c->points == 0) return 0;
    size_t k = piece_of(c, value);
    if (c->shape == CURVE_STEPS) return c->weight[k];
    double part = (value - c->at[k]) / (c->at[k + 1] - c->at[k]);
    part = part < 0 ? 0 : part > 1 ? 1 : part;
    return c->weight[k] + part * (c->weight[k + 1] - c->weight[k]);
}

double curves_score(const struct curves *m, const double *value)
{
    double sum = 0;
    for (size_t i = 0; i < m->count; i++)
        sum += curve_weight(&m->curve[i], value[i]);
    return sum;
}
