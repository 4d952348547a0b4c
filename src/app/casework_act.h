/* What people do about the checks, the category and the review of a death: each is a record of its own, by
 * the officer of the account. E_INVALID names the input and says how to mend it; nothing is written then. */
#ifndef APP_CASEWORK_ACT_H
#define APP_CASEWORK_ACT_H

#include "app/second.h"

struct casework_act {
    struct session *session;
    const struct person_acting *who;
    const struct casework *work; /* as it was shown, read now */
    const struct check_pack *pack;
    struct arena *arena;
};

/* "Not needed": goes on record and waits for a second person. */
MUST_USE enum status act_not_needed(const struct casework_act *act, const struct check *check, Str rationale,
                                    struct err *e);

/* "It waits for somebody": the record that says so in the words of the pack, an action with owner and date.
 * False: this check has no such record to make here. */
bool act_can_wait(const struct check *check);
struct act_wait {
    Str owner;   /* officer's id */
    Str due;     /* as typed, a day or a time; "" : none */
    Str subject; /* key of the item; STR_NONE: the check is asked once */
};
MUST_USE enum status act_wait(const struct casework_act *act, const struct check *check,
                              const struct act_wait *wait, struct err *e);

/* An answer to what a check asks, where the pack wants one. */
bool act_can_answer(const struct check *check);
struct act_reasons {
    Str rationale;
    const struct record_id *relied_on;
    size_t count;
};
MUST_USE enum status act_answer(const struct casework_act *act, const struct check *check, Str subject,
                                const struct act_reasons *why, struct err *e);

/* A category. Up, or the same after another look: at once. Down: `proposed`, until a second person agrees. */
MUST_USE enum status act_classify(const struct casework_act *act, Str to, const struct act_reasons *why,
                                  bool *proposed, struct err *e);

/* A review of the whole record. E_DENIED: it is their own report. */
MUST_USE enum status act_review(const struct casework_act *act, Str kind, Str outcome, Str findings,
                                struct err *e);
/* Did this person report the death: first line of its record, or first at the scene? */
MUST_USE enum status act_is_own_report(const struct casework_act *act, bool *own, struct err *e);

#endif
