/* The values of a column in order, without the missing ones. */
#ifndef LEARN_SORTED_H
#define LEARN_SORTED_H

#include "base/arena.h"

#include <stddef.h>

struct sorted {
    double *value; /* rising */
    size_t count, distinct;
};
struct sorted sorted_of(const double *value, size_t count, struct arena *a);
/* Type 7 of Hyndman and Fan; share 0..1; count > 0. */
double sorted_quantile(const struct sorted *x, double share);

#endif
