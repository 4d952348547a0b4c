/* Random numbers: a seedable generator for simulation (xoshiro256**, Blackman and Vigna 2018,
 * seeded by splitmix64), the same numbers on every machine; and a seam for secrets. */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct rng {
    uint64_t s[4];
};

void rng_seed(struct rng *r, uint64_t seed);
/* A generator of its own for a named part, so that adding a part leaves the others as they were. */
struct rng rng_fork(const struct rng *r, uint64_t label);
uint64_t rng_u64(struct rng *r);
uint64_t rng_below(struct rng *r, uint64_t bound);             /* 0 .. bound-1, unbiased; bound > 0 */
int64_t rng_between(struct rng *r, int64_t low, int64_t high); /* both included */
double rng_unit(struct rng *r);                                /* [0, 1) with 53 bits */
bool rng_chance(struct rng *r, double p);
double rng_normal(struct rng *r, double mean, double sd);
double rng_exponential(struct rng *r, double mean);
unsigned rng_poisson(struct rng *r, double mean);
/* An index drawn by weight; the weights are >= 0 and not all zero. */
size_t rng_pick(struct rng *r, const double *weight, size_t count);

/* Where keys, salts and nonces come from. */
struct entropy {
    void (*fill)(void *state, void *out, size_t bytes);
    void *state;
};
struct entropy entropy_system(void);
struct entropy entropy_seeded(struct rng *r); /* tests only */

#endif
