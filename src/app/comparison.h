/* Two deaths compared, as a person reads it: every reason as a sentence with its weight, what was recorded on
 * both sides, the accounts with what they share marked. Words only, copied out of the linker, so that a page
 * keeps nothing of it. */
#ifndef APP_COMPARISON_H
#define APP_COMPARISON_H

#include "compare/text.h"
#include "link/alert.h"
#include "link/evidence.h"
#include "link/explain.h"
#include "link/world.h"
#include "model/policy.h"

struct compared_reason {
    enum feature feature;
    enum family family;
    enum verdict verdict;
    int weight_db,
        full_weight_db;   /* full: before it was counted less because it hangs together with another */
    Str topic;            /* "position of the body" */
    Str text;             /* the sentence, with its rarity */
    Str words_a, words_b; /* what each side has: "seated and propped up"; "not recorded" */
    int worth;            /* of what is missing: how much it helps to ask; 0 nothing */
    struct record_id via_a, via_b; /* the person or identifier behind it; id STR_NONE: none */
};

struct comparison {
    struct record_id a, b; /* in the order of their ids */
    Str title_a, title_b;
    Str headline; /* "about 250 m and 70 days apart; both GHB; both without a phone" */
    int score_db;
    struct alarm_sight alarm; /* how the alarm saw them at that moment */
    double probability;
    size_t rank_ab, rank_ba; /* 0: not among the RANK_NEAR nearest */
    uint64_t events;
    bool unverified_a, unverified_b; /* an explanation was offered and not verified: explanation_a, ..._b */
    Str explanation_a, explanation_b;
    bool same_event_likely;
    Str model;
    int64_t counts_at_ms;
    Str working;               /* the whole explanation, as `explain` prints it */
    struct explained_tie *tie; /* what ties them, strongest first, in brief: "(1 in 59)" for the rarity */
    size_t ties;
    struct compared_reason *reason; /* for, strongest first; then against; then not recorded */
    size_t reasons;
    struct str_list shared;
    bool people_shared;       /* of brief: some name, number or address is in both, whatever it weighs */
    Str account_a, account_b; /* narratives */
    struct text_spots spots_a, spots_b;
};

/* alarm NULL: the model's starting threshold. E_BUSY: one of them is unknown to the linker yet. Everything in
 * `a`. */
MUST_USE enum status comparison_make(struct world *w, const struct policy *policy, const struct record_id *x,
                                     const struct record_id *y, struct alarm *alarm, struct arena *a,
                                     struct comparison *out, struct err *e);

/* "Aidan Warden, KG/2014/0619"; "Missing person, 19 June 2014, Flat 26, Crane Street". */
Str comparison_title(const struct world *w, const struct policy *policy, const struct record_id *id,
                     struct arena *a);
/* What is told in the record of an incident; STR_NONE: nothing, or it is none. */
Str comparison_account(const struct world *w, const struct record_id *id, struct arena *a);

/* The same with its headline, its sum and, in `shared`, who and what comes up in both: "Stuart Pell", "the
 * telephone number 07700 900417". */
MUST_USE enum status comparison_brief(struct world *w, const struct policy *policy, const struct record_id *x,
                                      const struct record_id *y, struct arena *a, struct comparison *out,
                                      struct err *e);

/* The nearest of an event that may be seen, best first, in a line each. How many others stand between
 * them and may not be seen is not told. */
struct near_link {
    struct record_id other;
    Str title, headline;
    int score_db;
    size_t rank;
};
typedef bool (*comparison_may_see)(void *state, const struct record_id *id);
MUST_USE enum status comparison_nearest(struct world *w, const struct policy *policy,
                                        const struct record_id *id, size_t most, comparison_may_see may_see,
                                        void *state, struct arena *a, struct near_link **out, size_t *count,
                                        struct err *e);

#endif
