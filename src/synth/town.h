/* A town made from a file of real deaths: who died of what, when and where stays as it is; what the file does
 * not say (settings, institutions and their staff, a river, streets for thefts) is drawn. */
#ifndef SYNTH_TOWN_H
#define SYNTH_TOWN_H

#include "synth/pattern.h"
#include "synth/sites.h"
#include "synth/substances.h"

/* What a file knows of a death. Texts are borrowed. */
struct known_death {
    Str id;
    int64_t day;
    char sex;                        /* 0: not known */
    int age;                         /* -1: not known */
    int mechanism;                   /* of synth_mechanism_word; -1: not known */
    bool natural, homicide, suicide; /* by the manner */
    enum setting setting;            /* SETTING_COUNT: the file says nothing */
    bool placed;
    double lat, lon;
    Str address, postcode; /* STR_NONE: not known */
    struct intake found;
};

#define DISTRICT_ROWS    6
#define DISTRICTS        (DISTRICT_ROWS * DISTRICT_ROWS)
#define RIVER_POINTS     33
#define HOUSE_DEATHS_MAX 7 /* an address with more is an institution */

/* One death of the file, with what was drawn. */
struct townsman {
    const struct known_death *known;
    enum cause_kind cause;
    enum setting setting;
    struct site *site; /* NULL: no institution */
    uint32_t house;    /* number of its address from 1; 0: none */
    uint16_t outcode;  /* stands for its district: whose doctors, wardens and officers come */
};

struct town {
    struct townsman *row; /* by day, then id */
    size_t count;
    uint32_t *in_house; /* deaths by number of the address */
    struct site **care_home;
    size_t care_homes;
    double river[RIVER_POINTS][2]; /* latitude and longitude, from source to mouth */
    double river_m;                /* its length; 0: no place is known in the whole file */
    const struct spot *street;
    size_t streets;
    double lat_cut[DISTRICT_ROWS - 1], lon_cut[DISTRICT_ROWS - 1];
    bool placed;
};

/* Everything lives in `a`; `known` is borrowed. The same deaths and generator give the same town. */
void synth_town_make(struct town *town, struct arena *a, const struct known_death *known, size_t count,
                     const struct rng *root);
/* The cause a mechanism stands for, given age and manner. */
enum cause_kind synth_town_cause(int mechanism, int age, bool suicide);
uint16_t synth_town_outcode(const struct town *town, double lat, double lon);
/* A point of the river so many metres from its source (clamped). */
void synth_town_river(const struct town *town, double metres, double *lat, double *lon);
/* An address as those nearby are written, with another number; its postcode too. STR_NONE where there is
 * none. */
void synth_town_address(const struct town *town, struct arena *a, struct rng *r, struct spot *spot);

#endif
