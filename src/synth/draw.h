/* Drawing: one generator for each concern and each record, so that changing one rule leaves
 * what the others draw as it was; and London's clock. */
#ifndef SYNTH_DRAW_H
#define SYNTH_DRAW_H

#include "base/arena.h"
#include "base/rng.h"
#include "base/str.h"

enum draw_concern {
    CONCERN_PLAN = 1,
    CONCERN_COUPLES,
    CONCERN_BATCHES,
    CONCERN_TWINS,
    CONCERN_SITES,
    CONCERN_STAFF,
    CONCERN_PERSON,
    CONCERN_SETTING,
    CONCERN_PLACE,
    CONCERN_SCENE,
    CONCERN_SUBSTANCES,
    CONCERN_TIMES,
    CONCERN_FIELDS,
    CONCERN_NARRATIVE,
    CONCERN_FINDER,
    CONCERN_IDENTIFIERS,
    CONCERN_ATTENDANCE,
    CONCERN_FOLLOW_UP,
    CONCERN_CALL,
    CONCERN_STOLEN_PHONES,
    CONCERN_DEALERS,
    CONCERN_INCIDENTS,
};

struct rng synth_rng(const struct rng *root, enum draw_concern concern, uint64_t index);

/* An index drawn by weights in parts of any whole; the weights are not all zero. */
size_t synth_pick(struct rng *r, const uint16_t *weight, size_t count);
/* A member of a constant list of words. */
const char *synth_choose(struct rng *r, const char *const *word, size_t count);
/* Zipf-like: index 0 is drawn most, the last least; exponent 0 is uniform. */
size_t synth_pick_skewed(struct rng *r, size_t count, double exponent);
/* Normal, cut to [low, high] by drawing anew (and clamping after a few tries). */
double synth_normal_within(struct rng *r, double mean, double sd, double low, double high);

/* How far London's clock is before UTC at this instant: 0, or an hour in summer time (from the
 * last Sunday of March to that of October, 01:00 UTC). */
int64_t synth_london_offset_ms(int64_t utc_ms);
/* The hour 0-23 on London's clock. */
int synth_london_hour(int64_t utc_ms);
int64_t synth_round_minute(int64_t ms);

/* A telephone number in +446, a range of the UK plan given to nobody, as people write it. */
Str synth_phone(struct arena *a, struct rng *r);
/* The same number as another hand would write it. */
Str synth_phone_rewrite(struct arena *a, struct rng *r, Str phone);

#endif
