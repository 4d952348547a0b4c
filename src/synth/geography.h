/* Where people live and die: boroughs, their units and their postcode districts. */
#ifndef SYNTH_GEOGRAPHY_H
#define SYNTH_GEOGRAPHY_H

#include "synth/draw.h"

/* Basic command units. East is written KG here, as its Barking part was in 2014. The City has a
 * force of its own and is counted with its neighbour. */
enum police_unit {
    UNIT_KG,
    UNIT_AW,
    UNIT_CE,
    UNIT_CN,
    UNIT_AS,
    UNIT_NA,
    UNIT_NE,
    UNIT_NW,
    UNIT_SE,
    UNIT_SN,
    UNIT_SW,
    UNIT_WA,
    UNIT_COUNT
};
extern const char *const synth_unit_code[UNIT_COUNT];

struct borough {
    const char *name;
    enum police_unit unit;
    uint16_t people_thousands;
    uint16_t outcode_first;
    uint16_t outcode_count;
};
#define BOROUGH_COUNT 33
extern const struct borough synth_borough[BOROUGH_COUNT];

struct outcode {
    const char *code;
    const char *locality;
    double lat, lon;
    double spread_km; /* half the mean distance to the three nearest districts, 0.25 to 1.6 */
    uint16_t borough;
};
#define OUTCODE_COUNT 222
extern const struct outcode synth_outcode[OUTCODE_COUNT];

/* A place with the words for it. */
struct spot {
    uint16_t outcode;
    double lat, lon;
    int radius_m;
    Str address;
    Str postcode; /* absent: its district's */
};

Str synth_postcode(const struct spot *s);

/* A district, its borough drawn by people. */
uint16_t synth_outcode_draw(struct rng *r);
uint16_t synth_outcode_in(struct rng *r, uint16_t borough);
/* Another district within km of the first (the first itself where there is none). */
uint16_t synth_outcode_near(struct rng *r, uint16_t outcode, double km);
uint16_t synth_outcode_nearest(double lat, double lon);
double synth_distance_km(double lat_a, double lon_a, double lat_b, double lon_b);

/* A point of the plane near (lat, lon), normally scattered. */
void synth_scatter(struct rng *r, double lat, double lon, double sd_km, double *out_lat, double *out_lon);

/* A dwelling: street, number and often a flat; the same address always lies at the same point. */
struct spot synth_home(struct arena *a, struct rng *r, uint16_t outcode, bool shared);
/* A street without a number. */
struct spot synth_street(struct arena *a, struct rng *r, uint16_t outcode);
/* "Marlow Road": for names of sites. */
Str synth_street_name(struct arena *a, struct rng *r);

#endif
