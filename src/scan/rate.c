/* Groups, what is usual for cases like theirs, and shares over all time. */
#include "scan/rate.h"

#include "base/table.h"

#include <math.h>
#include <stdlib.h>

#define RIDGE       1.0
#define RIDGE_TIME  20.0 /* a month of few cases, some of them a series, must not become its own base */
#define FIT_STEPS   60
#define FIT_ENOUGH  1e-7
#define NORMAL_95   1.959963984540054
#define TAIL_ENOUGH 1e-16

void rate_interval(double count, double n, double *low, double *high)
{
    double z2 = NORMAL_95 * NORMAL_95;
    *low = 0;
    *high = 1;
    if (!(n > 0)) return;
    double p = count / n, middle = p + z2 / (2 * n);
    double half = NORMAL_95 * sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    if (count > 0) *low = (middle - half) / (1 + z2 / n);
    if (count < n) *high = (middle + half) / (1 + z2 / n);
}

static enum status input_check(const struct rate_input *in, struct err *e)
{
    if (in->factors == 0 || in->factors > RATE_FACTORS_MAX)
        return ERR(e, E_INVALID, "by", "groups are made from 1 to %d columns, not %zu", RATE_FACTORS_MAX,
                   in->factors);
    for (size_t i = 0; i < in->rows; i++) {
        if (in->unit && in->unit[i] >= in->units)
            return ERR(e, E_INVALID, "time", "row %zu lies outside of the period", i + 1);
        for (size_t f = 0; f < in->factors; f++)
            if (in->level[f][i] >= in->levels[f])
                return ERR(e, E_INVALID, "by", "row %zu has a value that was not announced", i + 1);
    }
    return OK;
}

/* ---- the base --------------------------------------------------------------------------------------- */

struct effect {
    const uint32_t *level; /* NULL: all rows have level 0 */
    size_t levels;
    double *value, *gradient, *curvature;
};

/* One Newton step for all levels of a column; returns the largest. */
static double effect_step(struct effect *x, const struct rate_input *in, double *logit, double ridge)
{
    double most = 0;
    memset(x->gradient, 0, x->levels * sizeof *x->gradient);
    memset(x->curvature, 0, x->levels * sizeof *x->curvature);
    for (size_t i = 0; i < in->rows; i++) {
        size_t l = x->level ? x->level[i] : 0;
        double p = 1 / (1 + exp(-logit[i]));
        x->gradient[l] += in->unexplained[i] - p;
        x->curvature[l] += p * (1 - p);
    }
    for (size_t l = 0; l < x->levels; l++) {
        double bend = x->curvature[l] + ridge;
        double step = bend > 0 ? (x->gradient[l] - ridge * x->value[l]) / bend : 0;
        step = step > 1 ? 1 : step < -1 ? -1 : step;
        x->value[l] += step;
        x->gradient[l] = step;
        if (fabs(step) > most) most = fabs(step);
    }
    for (size_t i = 0; i < in->rows; i++)
        logit[i] += x->gradient[x->level ? x->level[i] : 0];
    return most;
}

static void base_fit(const struct rate_input *in, struct rate_groups *out, struct arena *a)
{
    struct effect effect[RATE_FACTORS_MAX + 2];
    size_t effects = 0, count = 0;
    double *logit = NEW_ARRAY(a, double, in->rows);
    effect[effects++] = (struct effect){.levels = 1}; /* the whole */
    for (size_t f = 0; f < in->factors; f++)
        effect[effects++] = (struct effect){.level = in->level[f], .levels = in->levels[f]};
    effect[effects++] = (struct effect){.level = in->unit, .levels = in->unit ? in->units : 1};
    for (size_t k = 0; k < effects; k++) {
        effect[k].value = NEW_ARRAY(a, double, effect[k].levels);
        effect[k].gradient = NEW_ARRAY(a, double, effect[k].levels);
        effect[k].curvature = NEW_ARRAY(a, double, effect[k].levels);
    }
    for (size_t i = 0; i < in->rows; i++)
        count += in->unexplained[i];
    double start = log(((double)count + 0.5) / ((double)(in->rows - count) + 0.5));
    effect[0].value[0] = start;
    for (size_t i = 0; i < in->rows; i++)
        logit[i] = start;
    for (int step = 0; step < FIT_STEPS; step++) {
        double most = 0;
        for (size_t k = 0; k < effects; k++)
            most = fmax(most, effect_step(&effect[k], in, logit,
                                          k == 0            ? 0
                                          : k + 1 < effects ? RIDGE
                                                            : RIDGE_TIME));
        if (most < FIT_ENOUGH) break;
    }
    const double *unit_effect = effect[effects - 1].value;
    out->odds = NEW_ARRAY(a, double, in->rows);
    out->unit_odds = NEW_ARRAY(a, double, effect[effects - 1].levels);
    for (size_t u = 0; u < effect[effects - 1].levels; u++)
        out->unit_odds[u] = exp(unit_effect[u]);
    for (size_t i = 0; i < in->rows; i++)
        out->odds[i] = exp(logit[i] - unit_effect[in->unit ? in->unit[i] : 0]);
}

/* ---- over all time ---------------------------------------------------------------------------------- */

/* P(X >= c), X binomial(n, p): sums from c up, or below c down, whichever holds less. */
static double binomial_tail(double c, double n, double p)
{
    int sign;
    if (!(c > 0)) return 1;
    if (!(p > 0)) return 0;
    if (p >= 1) return 1;
    bool above = c > n * p;
    double k = above ? c : c - 1, sum = 0;
    double term = exp(lgamma_r(n + 1, &sign) - lgamma_r(k + 1, &sign) - lgamma_r(n - k + 1, &sign) +
                      k * log(p) + (n - k) * log1p(-p));
    while (term > sum * TAIL_ENOUGH) {
        sum += term;
        term *= above ? (n - k) / (k + 1) * p / (1 - p) : k / (n - k + 1) * (1 - p) / p;
        k += above ? 1 : -1;
    }
    return above ? sum : 1 - sum;
}

struct tail_order {
    double tail;
    size_t group;
};

static int by_tail(const void *left, const void *right)
{
    const struct tail_order *a = left, *b = right;
    if (a->tail < b->tail || a->tail > b->tail) return a->tail < b->tail ? -1 : 1;
    return (a->group > b->group) - (a->group < b->group);
}

/* Holm: the k-th smallest of m times m - k + 1, never below one before it. */
static void adjust_tails(struct rate_groups *out, struct arena *a)
{
    struct tail_order *order = NEW_ARRAY(a, struct tail_order, out->groups);
    double held = 0;
    for (size_t g = 0; g < out->groups; g++)
        order[g] = (struct tail_order){out->group[g].tail, g};
    if (out->groups > 1) qsort(order, out->groups, sizeof *order, by_tail);
    for (size_t k = 0; k < out->groups; k++) {
        double p = fmin(1, order[k].tail * (double)(out->groups - k));
        held = fmax(held, p);
        out->group[order[k].group].adjusted = held;
    }
}

static void group_rows(const struct rate_input *in, struct rate_groups *out, struct arena *a)
{
    struct table *known CLEANUP_TABLE = table_new(in->rows + 1);
    out->of_row = NEW_ARRAY(a, uint32_t, in->rows);
    uint32_t *first = NEW_ARRAY(a, uint32_t, in->rows);
    for (size_t i = 0; i < in->rows; i++) {
        uint32_t key[RATE_FACTORS_MAX];
        for (size_t f = 0; f < in->factors; f++)
            key[f] = in->level[f][i];
        bool fresh;
        uint64_t *at = table_at(known, (Str){(const char *)key, in->factors * sizeof *key}, &fresh);
        if (fresh) {
            *at = out->groups;
            first[out->groups++] = (uint32_t)i;
        }
        out->of_row[i] = (uint32_t)*at;
    }
    out->group = NEW_ARRAY(a, struct rate_group, out->groups);
    for (size_t g = 0; g < out->groups; g++)
        out->group[g].row = first[g];
}

enum status rate_measure(const struct rate_input *in, struct arena *a, struct rate_groups *out, struct err *e)
{
    struct rate_groups r = {0};
    TRY(input_check(in, e));
    group_rows(in, &r, a);
    base_fit(in, &r, a);
    for (size_t i = 0; i < in->rows; i++) {
        struct rate_group *g = &r.group[r.of_row[i]];
        double odds = r.odds[i] * r.unit_odds[in->unit ? in->unit[i] : 0];
        g->cases++;
        g->unexplained += in->unexplained[i];
        g->base += odds / (1 + odds);
    }
    for (size_t k = 0; k < r.groups; k++) {
        struct rate_group *g = &r.group[k];
        double n = (double)g->cases, c = (double)g->unexplained;
        g->share = c / n;
        g->base /= n;
        rate_interval(c, n, &g->low, &g->high);
        g->tail = binomial_tail(c, n, g->base);
    }
    adjust_tails(&r, a);
    *out = r;
    return OK;
}
