/* What is found in the blood, and in whose: profiles of overdoses, medicines and poisons. */
#ifndef SYNTH_SUBSTANCES_H
#define SYNTH_SUBSTANCES_H

#include "synth/causes.h"
#include "synth/draw.h"

#define SUBSTANCES_MAX 5

struct intake {
    const char *name[SUBSTANCES_MAX]; /* the first is the main one */
    size_t count;
};

/* A kind of overdose: what is taken, and where it differs from its cause in who and where. */
struct profile {
    const char *main[4]; /* one of these, NULL for nothing named */
    uint16_t weight;
    const char *with[6];
    double with_share[6];
    double men;      /* 0: as the cause has it */
    double age_mean; /* 0: as the cause has it */
    double age_sd;
    double at_home; /* share in private homes; 0: as the cause has it */
    bool injected;
    const char *source;
};

/* The kinds of a cause; NULL and 0 for causes that are not an intake. */
const struct profile *synth_profiles(enum cause_kind kind, size_t *count);
size_t synth_profile_draw(struct rng *r, enum cause_kind kind);
struct intake synth_intake(struct rng *r, const struct profile *p);
/* What a laboratory finds in somebody who died of something else: most often nothing or alcohol. */
struct intake synth_intake_incidental(struct rng *r);
void synth_intake_add(struct intake *in, const char *name);

#endif
