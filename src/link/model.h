/* The linkage model: what a series is believed to look like, feature by feature. A text file
 * (policy/model-deaths.tsv), versioned and named in every explanation. */
#ifndef LINK_MODEL_H
#define LINK_MODEL_H

#include "base/err.h"
#include "base/str.h"
#include "link/feature.h"

/* m: probability that a member of a series copies the value of another member (0 < m < 1).
 * factor: shrink of the feature's group, 0 < factor <= 1: features that share a cause are not simply added.
 */
struct feature_belief {
    double m, factor;
};

#define PLACE_SCALES 5
#define TIME_SCALES  6
#define ROLES_MAX    64

struct role_belief {
    Str role;
    double factor; /* 0: a person in this role never ties events together */
    bool of_place; /* a role that a place brings along: finders, staff, neighbours */
};

struct link_model {
    Str name;
    int64_t version;
    Str parent;    /* of a learned model: the label of the one it was learned from; else empty */
    Str label;     /* what explanations call it: "deaths 1", or "north 2 (from deaths 1, digest 3f9a61c2)" */
    double belief; /* how many decisions the policy is worth (link/decisions.h) */
    struct feature_belief feature[FEATURE_COUNT];
    double place_radius_m[PLACE_SCALES], place_m[PLACE_SCALES]; /* P(within the radius | copied place) */
    double place_square_m2[PLACE_SCALES];                       /* of the radii */
    double time_days[TIME_SCALES], time_m[TIME_SCALES];
    double age_years[3], age_m[3];
    double smoothing;        /* pseudo-events of the parent node in a node's frequencies */
    double population_prior; /* pseudo-events behind the count of all events */
    double rest_share;       /* of the second, third ... shared item of one set, beside the strongest */
    int64_t
        institution_deaths;    /* an address with so many events or more is an institution: it ties nothing */
    int64_t common_deaths;     /* up to here an address counts in full */
    double prior_series_pairs; /* pairs expected to belong to one series, in a store of any size */
    int64_t start_threshold_db; /* alarm threshold while there is no history to price it by, decibans */
    double history_weeks;       /* over which an alarm is priced */
    struct role_belief role[ROLES_MAX];
    size_t role_count;
    double other_role_factor;
};

/* Lines: "key<TAB>value..." as documented at the top of the shipped file. Errors name line and key; every key
 * must be given once, unknown ones are refused. Text lives in `a`. */
MUST_USE enum status link_model_load(struct arena *a, Str text, struct link_model *out, struct err *e);
double link_model_role(const struct link_model *m, Str role);
bool link_model_role_of_place(const struct link_model *m, Str role);

#endif
