/* Earlier deaths near a place, out of the roll: what an officer at a scene should know at once. Pure over the
 * roll. */
#ifndef APP_NEAR_H
#define APP_NEAR_H

#include "app/sight.h"
#include "model/policy.h"

#define NEAR_HINT_RADIUS_M 500.0
#define NEAR_HINT_DAYS     730 /* 24 months */
#define NEAR_HINT_MOST     5
/* The order is by distance, each thing alike counting as if the death were so much nearer; then the later
 * one. */
#define NEAR_HINT_ALIKE_WORTH_M 100.0

/* What is known of the new death by now: what is absent is not compared. */
struct near_query {
    struct place place;
    double radius_m; /* 0: NEAR_HINT_RADIUS_M */
    int days;        /* 0: NEAR_HINT_DAYS */
    size_t most;     /* 0: NEAR_HINT_MOST */
    int64_t now_ms;
    Str setting, posture, mechanism;
    struct str_list substance, absent;
    const struct record_id *itself; /* left out; NULL: not on record yet */
};

struct near_death {
    uint32_t death; /* place in the roll */
    enum sight_level sight;
    double distance_m; /* to be told no finer than explain_metres */
    int64_t days_ago;
    struct str_list alike; /* "same drug: GHB", "no phone": facts, in words */
};

struct near_answer {
    struct near_death *item; /* at most so many as were asked for */
    size_t count, all;       /* all: how many there are in radius and time */
};

/* Deaths that may not be seen (SIGHT_NONE) are passed over before anything is counted. Between roll_hold and
 * roll_release. */
void near_find(const struct roll *r, const struct sight *sight, const struct policy *policy,
               const struct near_query *q, struct arena *a, struct near_answer *out);

/* "about 250 m away, 70 days ago: same drug: GHB; no phone" */
Str near_words(struct arena *a, const struct near_death *n);
/* "2 earlier deaths within 500 m in the last 24 months", with how many more there are than are shown. */
Str near_count_words(struct arena *a, const struct near_query *q, const struct near_answer *n);

#endif
