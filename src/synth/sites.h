/* Look-alikes that are places: where deaths recur because of what the place is. And the people whose
 * work it is to be there, so that they find many. Nothing here ties two deaths together. */
#ifndef SYNTH_SITES_H
#define SYNTH_SITES_H

#include "synth/causes.h"
#include "synth/geography.h"
#include "synth/people.h"

enum site_kind {
    SITE_HOSTEL,
    SITE_CARE_HOME,
    SITE_HOSPITAL,
    SITE_PRISON,
    SITE_HOTEL,
    SITE_STATION,
    SITE_BRIDGE,
    SITE_HIGH_PLACE,
    SITE_PARK,
    SITE_CHURCHYARD,
    SITE_PUB,
    SITE_KIND_COUNT
};

/* One rule a row: how many such places, how uneven, and why the row is here. */
struct site_rule {
    const char *name;
    uint16_t count;
    double skew;       /* exponent of synth_pick_skewed over the places */
    uint8_t staff_low; /* people whose work is there */
    uint8_t staff_high;
    bool central;  /* most lie in the inner boroughs */
    int scatter_m; /* how far apart two deaths at one place lie */
    const char *doc;
};
extern const struct site_rule synth_site_rule[SITE_KIND_COUNT];

/* The share of rough sleepers' deaths in parks and churchyards that fall to the one busy park and the
 * one busy corner, beyond what the skew gives them. */
#define BUSY_CORNER_SHARE 0.30

/* Somebody whose work brings them to many deaths; `person` is the number of the record, 0 before. */
struct regular {
    struct name name;
    char sex;
    uint32_t person;
};

struct site {
    enum site_kind kind;
    struct spot spot;
    struct regular *staff;
    size_t staff_count;
};

enum pool_kind {
    POOL_PARAMEDIC, /* first on the scene, named as finder */
    POOL_WARDEN,    /* street and park wardens, by borough */
    POOL_DOCTOR,    /* general practitioners, who certify, by borough */
    POOL_PATHOLOGIST,
    POOL_KIND_COUNT
};

struct sites {
    struct site *site[SITE_KIND_COUNT];
    struct regular *pool[POOL_KIND_COUNT];
};

void synth_sites_make(struct sites *sites, struct arena *a, const struct rng *root);
/* The place for a death in this setting and of this cause, or NULL where it lies at none. */
struct site *synth_site_draw(struct sites *sites, struct rng *r, enum setting setting, enum cause_kind cause,
                             bool rough_sleeper);
/* A point at the site: hostels and homes are exact, parks are wide. */
struct spot synth_site_spot(struct arena *a, struct rng *r, const struct site *site);
/* One of the pool; those of a borough for wardens and doctors. */
struct regular *synth_pool_draw(struct sites *sites, struct rng *r, enum pool_kind pool, uint16_t borough);

#endif
