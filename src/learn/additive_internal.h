/* Inside the additive model: the design (which hats a pair touches) and the solver. */
#ifndef LEARN_ADDITIVE_INTERNAL_H
#define LEARN_ADDITIVE_INTERNAL_H

#include "learn/additive.h"

#define KNOTS_MAX 50

/* A measure's block of columns: one hat a knot, then one for missing. A value lies between two knots and
 * touches both hats; a missing one touches the last column. */
struct block {
    size_t first; /* column of its first hat */
    size_t knots; /* 0: the measure says nothing */
    double at[KNOTS_MAX];
    double mean[KNOTS_MAX]; /* mean[k]: share of the others that lie beyond step k, in parts */
    enum direction direction;
    bool has_missing;
    size_t first_step; /* parameter of its first step; the steps, then missing when has_missing */
};

struct touch {
    uint16_t column;
    float part; /* of the next column; 1 - part of this one */
};

struct design {
    size_t pairs, features, columns, parameters;
    struct block *block;
    struct touch *touch; /* pair by pair, one a feature */
    const bool *linked;
    double *weight;
};

struct design design_of(const struct pair_table *t, size_t knots, struct arena *a);
/* Parameters into heights of the columns: step sums, centred on the others. */
void design_heights(const struct design *d, const double *parameter, double *height);
double design_score(const struct design *d, size_t pair, const double *height);

/* Parameter 0 is the base. Begins at what `parameter` holds. */
void additive_solve(const struct design *d, double smoothness, double *parameter, struct arena *scratch);
/* The curves of a solution, in tenfold steps, each at its neutral height. */
void design_curves(const struct design *d, const struct pair_table *t, const double *parameter,
                   struct arena *a, struct curves *out);

#endif
