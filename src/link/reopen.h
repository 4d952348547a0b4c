/* When what was decided about a link has to be looked at again. Pure rules: a decision is bound to the facts
 * it was taken on, and stands until a new fact speaks against it. Nothing here decides by itself. */
#ifndef LINK_REOPEN_H
#define LINK_REOPEN_H

#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

enum decision_kind {
    DECISION_LINKED,
    DECISION_NOT_LINKED,
    DECISION_REFUSED, /* a team that was asked to take it on declined */
};

/* What was known of a link when it was looked at. */
struct link_facts {
    int64_t at_ms;
    int score_db;    /* weight of evidence, decibans */
    uint64_t digest; /* of the comparable facts of its members; the same facts give the same digest */
    size_t members;
    Str model; /* by name and version */
};

struct link_decision {
    enum decision_kind kind;
    struct link_facts facts;
    Str by, second, reason; /* second: who approved; empty: nobody */
};

struct reopen_rules {
    int strong_db; /* from so much evidence on, "not linked" and a refusal need a second person */
};

/* May the decision be recorded? E_INVALID: no reason (a refusal or "not linked" always has one), or nobody
 * who decides. E_DENIED: the evidence is strong and no second person, other than the first, approves. */
MUST_USE enum status decision_check(const struct reopen_rules *rules, const struct link_decision *d,
                                    struct err *e);

enum reopen_why {
    REOPEN_NOT,         /* it stands */
    REOPEN_WEIGHT_ROSE, /* not linked or refused, and a new fact raises the weight */
    REOPEN_STRONG,      /* the same, and it now is strong evidence that one person alone had decided on */
    REOPEN_GREW,        /* a member has joined since: the question is another one */
    REOPEN_WEIGHT_FELL, /* linked, and a new fact takes at least half of the weight away */
};

/* Facts as they are now, at or after those of the decision. What moves the weight without a new fact
 * (frequencies that drift, another model) reopens nothing: the digest tells. */
enum reopen_why decision_reopens(const struct reopen_rules *rules, const struct link_decision *d,
                                 const struct link_facts *now);
const char *reopen_words(enum reopen_why why); /* a sentence for people; "" for REOPEN_NOT */

/* Folds one more part (an id and what is known of it) into a digest that does not depend on their order. */
uint64_t facts_digest_add(uint64_t digest, Str id, uint64_t facts);

#endif
