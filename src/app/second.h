/* What one person may not settle alone: that a check is not needed, and a step of the category downwards. The
 * first person's decision goes on record at once but does not count; a second person, signed in by another
 * account, agrees by a later line on the same decision, or declines with a reason. */
#ifndef APP_SECOND_H
#define APP_SECOND_H

#include "app/casework.h"

enum second_kind { SECOND_NOT_NEEDED, SECOND_LOWER };

/* A decision that waits for its second person. */
struct second_request {
    struct record_id id;
    enum second_kind kind;
    Str to; /* the check's name; the category */
    Str by; /* key of the officer who asked; STR_NONE: it is not said */
    Str rationale;
    int64_t asked_ms;
    int rank; /* the least height of the second person's rank */
};
/* Those of a death, oldest first. What nobody may agree to is left out. */
size_t second_requests(const struct casework *c, const struct check_pack *pack, struct arena *a,
                       struct second_request **out);

/* Who acts: an account with its officer. */
struct person_acting {
    Str account; /* name */
    Str officer; /* record id; "" : none */
    Str rank;    /* the officer's, as a code; "" : not known */
    Str role;    /* words, for by_role */
};

/* May this person be the second one? E_DENIED says why not. account: who wrote lines of the decision. */
MUST_USE enum status second_check(const struct second_request *r, const struct person_acting *who,
                                  const Str *account, size_t accounts, struct err *e);

/* Agrees, after second_check over the decision's history. E_CONFLICT when somebody else wrote meanwhile. */
MUST_USE enum status second_agree(struct session *s, const struct person_acting *who,
                                  const struct second_request *r, struct arena *a, struct err *e);
/* Declines: a decision of its own. E_INVALID without a reason. */
MUST_USE enum status second_decline(struct session *s, const struct person_acting *who,
                                    const struct record_id *death, const struct second_request *r, Str reason,
                                    struct arena *a, struct err *e);

#endif
