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

/* The rank of each point among `count` neighbours: 1, 2, 3 ... then wider, the last being all. */
static void ranks_of(size_t count, uint16_t rank[PROFILE_POINTS])
{
    for (size_t k = 0; k < PROFILE_POINTS; k++) {
        size_t r = (size_t)(pow((double)count, (double)k / (PROFILE_POINTS - 1)) + 0.5);
        if (k > 0 && r <= rank[k - 1]) r = rank[k - 1] + 1U;
        rank[k] = (uint16_t)(r < count ? r : count);
    }
}

static void profile_row(struct profiles *p, size_t row, profile_distance distance_of, const void *state)
{
    float found[PROFILE_SAMPLE], *at = &p->distance[row * PROFILE_POINTS];
    size_t sample = p->rows < PROFILE_SAMPLE ? p->rows : PROFILE_SAMPLE, count = 0;
    for (size_t i = 0; i < sample; i++) {
        size_t other = i * p->rows / sample;
        double d = other == row ? (double)NAN : distance_of(state, row, other);
        if (!isnan(d)) found[count++] = (float)d;
    }
    qsort(found, count, sizeof *found, by_rising_distance);
    p->count[row] = (uint16_t)count;
    for (size_t k = 0; k < PROFILE_POINTS; k++)
        at[k] = count == 0 ? NAN : found[p->rank[count][k] - 1];
}

struct profiles profiles_of(size_t rows, profile_distance distance_of, const void *state, double power,
                            struct arena *a)
{
    struct profiles p = {.rows = rows, .power = power};
    p.distance = NEW_ARRAY(a, float, rows *PROFILE_POINTS + 1);
    p.count = NEW_ARRAY(a, uint16_t, rows + 1);
    p.rank = arena_alloc(a, PROFILE_SAMPLE + 1, sizeof *p.rank, _Alignof(uint16_t));
    for (size_t count = 1; count <= PROFILE_SAMPLE; count++)
        ranks_of(count, p.rank[count]);
    for (size_t row = 0; row < rows; row++)
        profile_row(&p, row, distance_of, state);
    return p;
}

double profile_share(const struct profiles *p, size_t row, double distance)
{
    const float *at = &p->distance[row * PROFILE_POINTS];
    if (isnan(at[0]) || isnan(distance)) return (double)NAN;
    distance = (double)(float)distance; /* as those it is compared with were kept */
    const uint16_t *rank = p->rank[p->count[row]];
    double all = p->count[row];
    if (distance < (double)at[0]) {
        double part = pow(distance / (double)at[0], p->power);
        return rank[0] / all * (part > SHARE_LEAST ? part : SHARE_LEAST);
    }
    size_t low = 0, high = PROFILE_POINTS; /* at[low] <= distance; the first beyond it is high */
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if ((double)at[middle] <= distance)
            low = middle;
        else
            high = middle;
    }
    if (high == PROFILE_POINTS) return 1;
    double part = (distance - (double)at[low]) / ((double)at[high] - (double)at[low]);
    return (rank[low] + part * (rank[high] - rank[low])) / all;
}
