/* How much lies how near to a row: what makes a distance rare or common where it is. For each row the
 * distances to a sample of the others, kept at ranks that widen (1, 2, 3 ... then by a quarter); asked for
 * any distance, the share of rows that lie nearer. 128 bytes a row; making it costs rows * min(rows, 512)
 * comparisons, an answer a search among 32. */
#ifndef LEARN_PROFILE_H
#define LEARN_PROFILE_H

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>

#define PROFILE_POINTS 32
#define PROFILE_SAMPLE 512

struct profiles {
    size_t rows;
    float *distance;                  /* PROFILE_POINTS a row, rising; NAN: the row has no value */
    uint16_t *count;                  /* of each row: how many of the sample have a value */
    uint16_t (*rank)[PROFILE_POINTS]; /* by that count: which neighbour each point is */
    double power; /* below the first point the share falls with this power of the distance: 2 on a plane, 1 in
                     time */
};

/* distance_of gives NAN when either row has no value. */
typedef double (*profile_distance)(const void *state, size_t a, size_t b);
struct profiles profiles_of(size_t rows, profile_distance distance_of, const void *state, double power,
                            struct arena *a);
/* Above 0, at most 1; NAN when the row has no value, or no other has one. */
double profile_share(const struct profiles *p, size_t row, double distance);

#endif
