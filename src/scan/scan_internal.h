/* Shared by the files of the scan: the map of neighbours, the plan of a run, samples, and the walk. */
#ifndef SCAN_SCAN_INTERNAL_H
#define SCAN_SCAN_INTERNAL_H

#include "base/rng.h"
#include "scan/scan.h"

struct scan_map {
    size_t locations;
    size_t *at;         /* [locations + 1] into the two below */
    uint32_t *near;     /* of each centre: itself and its neighbours, nearest first */
    double *distance_m; /* ascending */
};
/* Where the ring that begins at neighbour i ends: the first that lies farther away, or `end`. Distances
 * within a billionth of each other are equal: circles do not depend on rounding. */
size_t scan_ring_end(const struct scan_map *m, size_t i, size_t end);

/* ---- what counts are needed to reach a score ------------------------------------------------------ */

#define NEED_BUCKETS        1409 /* of the mass: 32 for each doubling, from 2^-20 to 2^24; 0: all below */
#define NEED_LEAST_EXPONENT (-20)
struct scan_ladder {
    size_t steps;
    const double *level;  /* ascending */
    const uint32_t *need; /* [steps][NEED_BUCKETS]: with fewer cases the level is surely not reached */
};
/* The exponent of a number above 0 and the first five bits behind its point are its bucket. */
static inline size_t scan_bucket(double mass)
{
    uint64_t bits;
    memcpy(&bits, &mass, sizeof bits);
    int64_t b = (int64_t)(bits >> 47) - ((INT64_C(1023) + NEED_LEAST_EXPONENT) * 32 - 1);
    return b < 0 ? 0 : b < NEED_BUCKETS ? (size_t)b : NEED_BUCKETS - 1;
}
struct scan_ladder scan_ladder_make(enum scan_model model, double cases, double total, size_t cases_min,
                                    const double *level, size_t steps, struct arena *a);

/* ---- the plan of a run: what no shuffle changes --------------------------------------------------- */

/* Units are counted backwards from the last when `anchored` (prospective), and only the first `span` of them
 * are looked at. */
struct scan_plan {
    const struct scan_map *map;
    enum scan_model model;
    bool anchored;
    uint32_t span, longest;
    size_t cases_min;
    double cases, total;   /* C; and N (Bernoulli) or C */
    double *weight;        /* [locations] mass over the whole period */
    double weights;        /* their sum */
    const size_t *reach;   /* [locations] of each centre: its circles end before this neighbour */
    const double *shared;  /* [span + 1] share of the mass before each unit, the same everywhere; or NULL */
    const double *own;     /* [locations][span + 1] mass before each unit; or NULL */
    const uint32_t *label; /* permutation: location of every case */
    const uint32_t *mix_location, *mix_unit; /* Bernoulli: records within the span, by unit */
    size_t mixed;
    const uint32_t *case_unit; /* permutation: units within the span, ascending */
    size_t recent;             /* cases within the span */
    const double *pick;        /* Poisson: [locations + 1] mass of the span, cumulated over locations */
};
MUST_USE enum status scan_plan_make(const struct scan_map *map, const struct scan_input *in,
                                    const struct scan_options *o, struct arena *a, struct scan_plan *out,
                                    struct err *e);

/* ---- a sample: the data as they are, or shuffled -------------------------------------------------- */

struct scan_sample {
    size_t count;
    uint32_t *location, *unit; /* of the cases within the span, in order of time */
    size_t *start;             /* [locations + 1] */
    uint32_t *time;            /* of each location its cases' units, ascending */
    size_t *fill;              /* [locations] */
    uint32_t *label;           /* room for a shuffle */
    uint32_t *order;           /* [span + 1] room for sorting */
};
void scan_sample_room(const struct scan_plan *p, struct arena *a, struct scan_sample *s);
void scan_sample_given(const struct scan_plan *p, const struct scan_input *in, struct scan_sample *s);
void scan_sample_shuffled(const struct scan_plan *p, struct rng *r, struct scan_sample *s);

/* ---- the walk over circles and spans -------------------------------------------------------------- */

struct scan_window {
    double score;
    uint32_t centre, from, to; /* units as the plan counts them */
    size_t reach;              /* the circle ends before this neighbour */
    size_t count;
    double mass;
};

struct scan_space { /* of one thread */
    uint32_t *time;
    uint32_t *added;
    size_t *added_at;
    double *mass;
    uint32_t *held; /* [span] prospective: cases of the circle up to each unit */
};
void scan_space_room(const struct scan_plan *p, struct arena *a, struct scan_space *s);

/* What a walk looks for. Exactly: the best window above best.score. By steps: only which level is reached. */
struct scan_hunt {
    const struct scan_plan *plan;
    const struct scan_sample *sample;
    const struct scan_ladder *ladder;
    struct scan_space *space;
    struct scan_window best;
    double beat;          /* a window counts when its score is above this */
    const uint32_t *need; /* of the ladder's step at or below `beat` */
    bool by_steps;
    size_t reached; /* by steps: how many levels, from the lowest, were reached */
    bool over;      /* by steps: all of them */
};
void scan_hunt_begin(struct scan_hunt *h, size_t step_from);
void scan_hunt_centre(struct scan_hunt *h, uint32_t centre);

#endif
