#include "learn/sorted.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static int by_rising_number(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

struct sorted sorted_of(const double *value, size_t count, struct arena *a)
{
    struct sorted x = {.value = NEW_ARRAY(a, double, count + 1)};
    for (size_t i = 0; i < count; i++)
        if (!isnan(value[i])) x.value[x.count++] = value[i];
    qsort(x.value, x.count, sizeof *x.value, by_rising_number);
    for (size_t i = 0; i < x.count; i++)
        x.distinct += i == 0 || x.value[i] > x.value[i - 1];
    return x;
}

double sorted_quantile(const struct sorted *x, double share)
{
    /* a place that is whole but for rounding is whole */
    double place = share * (double)(x->count - 1), fuzz = 4 * DBL_EPSILON;
    size_t below = (size_t)floor(place + fuzz);
    if (below + 1 >= x->count) return x->value[x->count - 1];
    double part = place - (double)below;
    if (fabs(part) < fuzz) return x->value[below];
    return (1 - part) * x->value[below] + part * x->value[below + 1];
}
