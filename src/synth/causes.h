/* How people die when the police are told of it: how often, who, where, when. One row a kind. */
#ifndef SYNTH_CAUSES_H
#define SYNTH_CAUSES_H

#include "synth/words.h"

#include <stddef.h>
#include <stdint.h>

enum cause_kind {
    CAUSE_NATURAL,
    CAUSE_INFANT,
    CAUSE_UNASCERTAINED, /* long dead or nothing to see: unknown at first */
    CAUSE_DRUGS,
    CAUSE_MEDICINES,
    CAUSE_POISON,
    CAUSE_HANGING,
    CAUSE_ASPHYXIA,
    CAUSE_STRANGLED,
    CAUSE_DROWNING,
    CAUSE_FALL_AT_HOME,
    CAUSE_FALL_FROM_HEIGHT,
    CAUSE_BLUNT,
    CAUSE_SHARP,
    CAUSE_GUNSHOT,
    CAUSE_FIRE,
    CAUSE_COLD,
    CAUSE_ELECTRIC,
    CAUSE_ROAD,
    CAUSE_RAIL,
    CAUSE_OTHER,
    CAUSE_COUNT
};

enum day_shape { SHAPE_FOUND_BY_DAY, SHAPE_EVENING, SHAPE_NIGHT, SHAPE_RUSH, SHAPE_COUNT };
enum week_shape { WEEK_FLAT, WEEK_MONDAY, WEEK_END, WEEK_SHAPE_COUNT };

struct ages {
    double mean, sd, low, high;
    double second_share, second_mean, second_sd; /* a second hump; share 0 for none */
};

struct cause {
    enum cause_kind kind;
    const char *mechanism; /* code of death.mechanism */
    double per_thousand;   /* of all reports */
    double men;            /* share */
    struct ages age;
    uint16_t setting[SETTING_COUNT]; /* weights */
    double winter;                   /* relative swing of a yearly wave that is highest in mid-January */
    enum week_shape week;
    enum day_shape day;
    double toxicology;    /* share with a laboratory's answer */
    double homicide;      /* share taken for a killing at once */
    double investigating; /* of the others: share first held "under investigation" */
    const char *source;   /* where the figures come from */
};

extern const struct cause synth_cause[CAUSE_COUNT];
/* Weights of the 24 hours on London's clock at which somebody is found; of Monday to Sunday. */
extern const uint16_t synth_hours[SHAPE_COUNT][24];
extern const uint16_t synth_week[WEEK_SHAPE_COUNT][7];

#endif
