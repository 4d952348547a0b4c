/* What ties two events and what speaks against it: the pair, weighed. Everything that an explanation says
 * is in here, so that explanation adds words and no facts. */
#ifndef LINK_EVIDENCE_H
#define LINK_EVIDENCE_H

#include "link/feature.h"
#include "model/record.h"

/* The node of the tree on which a frequency was taken: the deepest that both events share. Under the
 * mechanism lie the kinds of place; where the mechanism is not shared or not known, the kind of place alone
 * is conditioned on. */
enum node_level {
    NODE_ALL,
    NODE_MECHANISM,
    NODE_SETTING_GROUP,
    NODE_SETTING,
    NODE_GROUP_ALONE,
    NODE_SETTING_ALONE,
    NODE_LEVELS
};

enum verdict {
    SAME,    /* agreement; counts for */
    SIMILAR, /* agreement at a wider level (parent substance, kind of setting, near in age, place or time) */
    DIFFERENT,    /* both recorded, no agreement; counts against */
    NOT_RECORDED, /* missing on one side or both; counts nothing */
};

/* One shared or compared item of a feature. */
struct reason {
    enum feature feature;
    enum verdict verdict;
    int weight_db; /* decibans: tenths of a tenfold step; already shrunk and rounded; the sum is the score */
    int full_weight_db;   /* before being counted less because it hangs together with another reason */
    Str value;            /* the shared code, term, identifier or "" */
    Str value_a, value_b; /* as recorded on each side, for side by side; STR_NONE when not recorded */
    /* rarity: of `base` comparable events with this field recorded, `count` agree so; frequency is smoothed
     * with the parent nodes, so count/base recomputes it up to smoothing */
    uint64_t count, base;
    double frequency;
    enum node_level level;
    double measure; /* metres, days or years, where the feature is measured; NAN else */
    double radius;  /* the scale it was counted at, same unit */
    /* identifiers: what kind, through whom */
    Str identifier_type;
    struct record_id via_a,
        via_b; /* the person or identifier record it comes through; id STR_NONE when direct */
    Str role_a, role_b;
    bool hop; /* through somebody who shares a telephone, device or DNA */
};

#define REASONS_MAX 96

struct pair_evidence {
    struct record_id a, b; /* in the order of their ids, so that explain A B is explain B A */
    int64_t known_a_ms, known_b_ms;
    int score_db; /* sum of weight_db: the weight of evidence, tenfold steps times ten */
    enum node_level level;
    Str mechanism, setting, setting_group; /* of the shared node; STR_NONE above it */
    uint64_t comparable;                   /* events in the shared node */
    uint64_t events;                       /* events known */
    double prior_odds, probability;
    int64_t counts_at_ms;        /* the midnight at which frequencies were frozen */
    Str model;                   /* "deaths 1" */
    size_t rank_ab, rank_ba;     /* rank of b among a's nearest and of a among b's, from 1; 0 not ranked */
    bool unverified_explanation; /* one of them has an explanation offered and not verified */
    bool same_event_likely;      /* they look like two records of one death */
    struct reason *reason;       /* strongest first, then those against, then not recorded */
    size_t count;
};

#endif
