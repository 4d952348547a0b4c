/* When deaths come: a Poisson number of each cause for each day, by season and weekday, plus the rules that
 * make deaths come together. Planned first, for the whole time, in order. */
#ifndef SYNTH_PLAN_H
#define SYNTH_PLAN_H

#include "synth/causes.h"
#include "synth/geography.h"
#include "synth/substances.h"
#include "synth/synth.h"

/* Look-alikes that are events, in occurrences per thousand reports. The first three are true ties. */
#define COUPLES_PER_THOUSAND                                                                                 \
    0.8 /* two die together at home: gas, fire, a pact, or one soon after the other */
#define BATCHES_PER_THOUSAND                                                                                 \
    0.55 /* a bad batch: 3-7 overdoses of the same drug in a week, neighbouring boroughs */
#define TWINS_PER_THOUSAND 1.5 /* the ambulance service's own report of a death that police report too */
#define BATCH_SIZE_LOW     3
#define BATCH_SIZE_HIGH    7
#define BATCH_SPREAD_KM    7.0

struct site;

enum rule { RULE_NONE, RULE_COUPLE, RULE_BATCH, RULE_TWIN };

/* What is known of a death before anything is drawn: real people get what a file does not say (town.h). */
struct given {
    char sex; /* 0: drawn */
    int age;  /* -1: drawn */
    enum setting setting;
    struct site *site; /* NULL: at no recurring place */
    struct spot place; /* radius_m 0: none is known */
    struct spot home;  /* where they live when it is not there */
    struct intake found;
    bool homicide, thin;
    double thoroughness;
    Str remark; /* a sentence of the narrative for what has no code; STR_NONE: none */
};

struct planned {
    const struct given *given; /* NULL: all is drawn */
    int64_t found_ms;
    uint64_t number; /* names its generators: the same under every other rule */
    enum cause_kind cause;
    enum rule rule;
    uint32_t group; /* of batches: an index; of couples and twins: their own */
};

struct batch {
    uint16_t outcode; /* where it is sold */
    struct intake intake;
    const char *look; /* "blue tablets stamped with a star" */
};

struct plan {
    struct planned *item; /* by found_ms, then number */
    size_t count;
    struct batch *batch;
    size_t batch_count;
};

/* A moment of London's day by the hours of a cause, in UTC, to the minute. */
int64_t synth_moment_in(struct rng *r, int64_t day, enum day_shape shape);

void synth_plan_make(struct plan *plan, struct arena *a, const struct synth_options *options,
                     const struct rng *root);

#endif
