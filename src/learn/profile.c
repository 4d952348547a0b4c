#include "learn/profile.h"

#include <math.h>
#include <stdlib.h>

/* Nothing is nearer than this share of the first point's: equal places are not infinitely near. */
#define SHARE_LEAST 1e-3

static int by_rising_distance(const void *x, const void *y)
{
    float a = *(const float *)x, b = *(const float *)y;
    return (a > b) - (a < b);
}

/* Rank of each point among the sample: 1, 2, 3 ... then wider, the last being all. */
static void ranks_of(size_t sample, size_t rank[PROFILE_POINTS])
{
    double last = (double)(sample > 0 ? sample : 1);
    for (size_t k = 0; k < PROFILE_POINTS; k++) {
        double wide = pow(last, (double)k / (PROFILE_POINTS - 1));
        size_t r = (size_t)(wide + 0.5);
        if (k > 0 && r <= rank[k - 1]) r = rank[k - 1] + 1;
        rank[k] = r < (size_t)last ? r : (size_t)last;
    }
}

struct profiles profiles_of(size_t rows, profile_distance distance_of, const void *state, double power,
                            struct arena *a)
{
    struct profiles p = {.rows = rows, .power = power};
    size_t sample = rows < PROFILE_SAMPLE ? rows : PROFILE_SAMPLE, rank[PROFILE_POINTS];
    float found[PROFILE_SAMPLE];
    p.distance = NEW_ARRAY(a, float, rows *PROFILE_POINTS + 1);
    ranks_of(sample > 1 ? sample - 1 : 1, rank);
    for (size_t k = 0; k < PROFILE_POINTS; k++)
        p.share[k] = (double)rank[k] / (double)rank[PROFILE_POINTS - 1];
    for (size_t row = 0; row < rows; row++) {
        size_t count = 0;
        for (size_t i = 0; i < sample; i++) {
            size_t other = i * rows / sample;
            double d = other == row ? (double)NAN : distance_of(state, row, other);
            if (!isnan(d)) found[count++] = (float)d;
        }
        qsort(found, count, sizeof *found, by_rising_distance);
        for (size_t k = 0; k < PROFILE_POINTS; k++) {
            /* of fewer values, those at the same shares */
            size_t at = (size_t)ceil(p.share[k] * (double)count);
            p.distance[row * PROFILE_POINTS + k] = count == 0 ? NAN : found[at > 0 ? at - 1 : 0];
        }
    }
    return p;
}

double profile_share(const struct profiles *p, size_t row, double distance)
{
    const float *at = &p->distance[row * PROFILE_POINTS];
    if (isnan(at[0]) || isnan(distance)) return (double)NAN;
    if (distance <= (double)at[0]) {
        double part = at[0] > 0 ? pow(distance / (double)at[0], p->power) : 1;
        return p->share[0] * (part > SHARE_LEAST ? part : SHARE_LEAST);
    }
    size_t low = 0, high = PROFILE_POINTS; /* at[low] < distance; the first not below it is high */
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if ((double)at[middle] < distance)
            low = middle;
        else
            high = middle;
    }
    if (high == PROFILE_POINTS) return 1;
    double part = (distance - (double)at[low]) / ((double)at[high] - (double)at[low]);
    return p->share[low] + part * (p->share[high] - p->share[low]);
}
