/* Which deaths of a town belong together by the plans: real people on their real days, chosen to fit, and
 * what each group keeps to. */
#ifndef SYNTH_PLANT_H
#define SYNTH_PLANT_H

#include "synth/dossier.h"
#include "synth/town.h"

struct group {
    const struct pattern *pattern;
    const struct choice *kept[HABIT_COUNT]; /* NULL: the plan says nothing */
    const struct saying *saying;            /* NULL: none */
    struct regular person;
    Str contact;
    struct spot anchor;
    struct site *site; /* NULL: at none */
    double river_m;    /* where it begins along the river */
    uint32_t *member;  /* rows of the town, in the order of their days */
    size_t count;
};

struct planting {
    struct group *group; /* in the order of the patterns */
    size_t count;
    uint32_t *group_of;  /* of each row: number of its group from 1; 0: none */
    uint32_t *member_of; /* its place among the members */
    size_t missed;       /* groups that found too few deaths to be made of */
};

struct plant_options {
    size_t series; /* of each kind of series; 0: as the plans say */
    Str only;      /* one kind of series; STR_NONE: all */
    int warm_days; /* no series begins earlier: the alarm is priced by a history */
};

void synth_plant(struct planting *out, struct arena *a, const struct town *town,
                 const struct pattern *pattern, size_t patterns, const struct plant_options *options,
                 const struct rng *root);

/* Does this member follow the habit? The same answer whenever it is asked. */
bool synth_member_follows(const struct group *g, const struct rng *own, enum habit_kind kind);
/* What is so about a member before the rest is drawn: place, setting, cause and substances. Changes *cause.
 */
void synth_member_given(const struct town *town, const struct group *g, uint32_t index, const struct rng *own,
                        struct arena *a, struct given *given, enum cause_kind *cause);
/* What the habits change of a scene that was drawn. */
void synth_member_scene(const struct group *g, const struct rng *own, struct dossier *d);

#endif
