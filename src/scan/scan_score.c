/* Likelihood ratios, and the tables that say what count a score needs. */
#include "scan/scan_internal.h"

#include <math.h>

#define BUCKETS_PER_DOUBLING 32
#define ROUNDING             1e-9 /* of a score: more than all its rounding errors */

/* n ln(n / of), 0 for n = 0 */
static double part(double n, double of)
{
    return n > 0 ? n * log(n / of) : 0;
}

static double bernoulli_score(double c, double n, double cases, double records)
{
    double outside = records - n, healthy = records - cases;
    if (!(c * records > n * cases)) return 0;
    return part(c, n) + part(n - c, n) + part(cases - c, outside) + part(outside - (cases - c), outside) -
           part(cases, records) - part(healthy, records);
}

double scan_score(enum scan_model model, double c, double mass, double cases, double total)
{
    if (model == SCAN_BERNOULLI) return bernoulli_score(c, mass, cases, total);
    if (!(c > mass) || !(mass > 0)) return 0;
    double rest = cases - c;
    /* (C-c) ln((C-c)/(C-mu)) by log1p: the two are nearly equal */
    return c * log(c / mass) + (rest > 0 ? rest * log1p((mass - c) / (cases - mass)) : 0);
}

/* The least mass in a bucket. */
static double bucket_floor(size_t b)
{
    if (b == 0) return 0;
    size_t step = (b - 1) % BUCKETS_PER_DOUBLING;
    int exponent = (int)((b - 1) / BUCKETS_PER_DOUBLING) + NEED_LEAST_EXPONENT;
    return ldexp(1 + (double)step / BUCKETS_PER_DOUBLING, exponent);
}

struct need {
    enum scan_model model;
    double cases, total, level;
};

static bool falls_short(const struct need *n, double count, double mass)
{
    /* A cylinder cannot hold more cases than records: with c = n the score is the largest there is. */
    if (n->model == SCAN_BERNOULLI && count > mass) mass = count;
    double score = scan_score(n->model, count, mass, n->cases, n->total);
    return score < n->level - ROUNDING || (n->level <= 0 && !(score > 0));
}

/* The least count from `low` on that does not fall short; cases + 1 when none does. */
static uint32_t least_count(const struct need *n, uint32_t low, double mass)
{
    uint32_t high = low, step = 1, last = (uint32_t)n->cases;
    while (high <= last && falls_short(n, high, mass)) {
        low = high + 1;
        high += step;
        step *= 2;
    }
    if (high > last) high = last + 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (middle <= last && falls_short(n, middle, mass))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct scan_ladder scan_ladder_make(enum scan_model model, double cases, double total, size_t cases_min,
                                    const double *level, size_t steps, struct arena *a)
{
    uint32_t *need = NEW_ARRAY(a, uint32_t, steps * NEED_BUCKETS);
    for (size_t s = 0; s < steps; s++) {
        struct need n = {model, cases, total, level[s]};
        uint32_t *row = need + s * NEED_BUCKETS;
        uint32_t low = (uint32_t)cases_min;
        for (size_t b = 0; b < NEED_BUCKETS; b++) {
            double mass = bucket_floor(b);
            if (b > 0 && mass <= total) low = least_count(&n, low, mass);
            row[b] = low;
        }
    }
    return (struct scan_ladder){steps, level, need};
}
