#include "base/rng.h"

#include <math.h>
#include <pthread.h>
#include <sodium.h>

/* Normal and exponential numbers use only operations that IEEE 754 rounds exactly
 * (+ - * / sqrt), never a library's log or exp, which differ between machines. */

__extension__ typedef unsigned __int128 Wide;

static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

void rng_seed(struct rng *r, uint64_t seed)
{
    for (size_t i = 0; i < 4; i++)
        r->s[i] = splitmix64(&seed);
}

struct rng rng_fork(const struct rng *r, uint64_t label)
{
    uint64_t seed = label;
    for (size_t i = 0; i < 4; i++)
        seed = splitmix64(&seed) ^ r->s[i];
    struct rng child;
    rng_seed(&child, seed);
    return child;
}

static uint64_t rotl(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

uint64_t rng_u64(struct rng *r)
{
    uint64_t *s = r->s;
    uint64_t result = rotl(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return result;
}

/* Multiply and reject (Lemire 2019). */
uint64_t rng_below(struct rng *r, uint64_t bound)
{
    MUST(bound > 0);
    Wide product = (Wide)rng_u64(r) * bound;
    if ((uint64_t)product < bound) {
        uint64_t reject = (0 - bound) % bound;
        while ((uint64_t)product < reject)
            product = (Wide)rng_u64(r) * bound;
    }
    return (uint64_t)(product >> 64);
}

int64_t rng_between(struct rng *r, int64_t low, int64_t high)
{
    MUST(low <= high);
    uint64_t span = (uint64_t)high - (uint64_t)low;
    uint64_t offset = span == UINT64_MAX ? rng_u64(r) : rng_below(r, span + 1);
    return (int64_t)((uint64_t)low + offset);
}

double rng_unit(struct rng *r)
{
    return (double)(rng_u64(r) >> 11) * 0x1p-53;
}

bool rng_chance(struct rng *r, double p)
{
    return rng_unit(r) < p;
}

/* Natural logarithm of a normal x > 0: ln x = k ln 2 + 2 atanh((m-1)/(m+1)), m in [sqrt 1/2, sqrt 2). */
static double portable_log(double x)
{
    int k;
    double m = frexp(x, &k);
    if (m < 0.70710678118654752) {
        m *= 2;
        k--;
    }
    double s = (m - 1) / (m + 1);
    double square = s * s;
    double sum = 0;
    for (int i = 25; i >= 1; i -= 2)
        sum = sum * square + 1.0 / i;
    return k * 0.69314718055994531 + 2 * s * sum;
}

/* Marsaglia's polar method; the second number of the pair is dropped, so there is no hidden state. */
double rng_normal(struct rng *r, double mean, double sd)
{
    double u;
    double square;
    do {
        u = 2 * rng_unit(r) - 1;
        double v = 2 * rng_unit(r) - 1;
        square = u * u + v * v;
    } while (square >= 1 || square <= 0);
    return mean + sd * u * sqrt(-2 * portable_log(square) / square);
}

double rng_exponential(struct rng *r, double mean)
{
    return -mean * portable_log(1 - rng_unit(r));
}

/* Counts exponential waits that fit into `mean`; exact up to POISSON_EXACT, a rounded normal above. */
unsigned rng_poisson(struct rng *r, double mean)
{
    enum { POISSON_EXACT = 1000 };
    if (!(mean > 0)) return 0;
    if (mean > POISSON_EXACT) {
        double x = floor(rng_normal(r, mean, sqrt(mean)) + 0.5);
        return x <= 0 ? 0 : x >= 4294967295.0 ? 4294967295U : (unsigned)x;
    }
    unsigned count = 0;
    for (double waited = rng_exponential(r, 1); waited <= mean; waited += rng_exponential(r, 1))
        count++;
    return count;
}

size_t rng_pick(struct rng *r, const double *weight, size_t count)
{
    double total = 0;
    for (size_t i = 0; i < count; i++)
        total += weight[i];
    MUST(total > 0);
    double left = rng_unit(r) * total;
    size_t last = 0;
    for (size_t i = 0; i < count; i++) {
        if (weight[i] <= 0) continue;
        if (left < weight[i]) return i;
        left -= weight[i];
        last = i; /* rounding may leave a crumb at the end */
    }
    return last;
}

static void sodium_ready(void)
{
    MUST(sodium_init() >= 0);
}

static void system_fill(void *state, void *out, size_t bytes)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)state;
    pthread_once(&once, sodium_ready);
    randombytes_buf(out, bytes);
}

struct entropy entropy_system(void)
{
    return (struct entropy){system_fill, NULL};
}

static void seeded_fill(void *state, void *out, size_t bytes)
{
    unsigned char *byte = out;
    uint64_t word = 0;
    for (size_t i = 0; i < bytes; i++) {
        if (i % 8 == 0) word = rng_u64(state);
        byte[i] = (unsigned char)(word >> (8 * (i % 8)));
    }
}

struct entropy entropy_seeded(struct rng *r)
{
    return (struct entropy){seeded_fill, r};
}
