/* Whose a suggested link is, since when, by when, and how it stands: from what is on record and the time
 * alone. Pure; nothing here decides by itself, and nothing can make a link disappear: it is either somebody's
 * work or it was answered by a person, with a reason, and where the evidence is strong by two.
 *
 * An answer is bound to the facts it was given on (link/reopen.h): a new fact that speaks against it reopens
 * the link, and the clock starts again. */
#ifndef ASSURE_LINK_WORK_H
#define ASSURE_LINK_WORK_H

#include "base/arena.h"
#include "link/reopen.h"

/* ---- policy (policy/link-work.tsv) ------------------------------------------------------------------- */

enum link_owner {
    OWNER_UNIT_ANALYST, /* the analyst of the one unit concerned */
    OWNER_CENTRAL_DESK, /* between units; both see it */
    OWNER_SPECIALISTS,  /* the specialist team */
    OWNER_CLEARED,      /* whoever is cleared for everything restricted in it */
    OWNER_OFFICER,      /* one person by name: who is to do what is still needed */
    OWNER_COUNT
};
const char *link_owner_name(enum link_owner o);  /* "unit_analyst" ... as in the policy file */
const char *link_owner_words(enum link_owner o); /* "the unit's analyst" */

enum link_route {
    ROUTE_ONE_UNIT,
    ROUTE_UNITS,      /* its events belong to several units, or to none */
    ROUTE_RESTRICTED, /* something in it is restricted */
    ROUTE_BACK,       /* a back-record */
    ROUTE_COUNT
};
const char *link_route_name(enum link_route r); /* "one_unit" ... */

#define LINK_STEPS_MAX 6
struct link_step {
    enum link_owner owner;
    int64_t within_ms; /* the answer is due so long after the step began; then comes the next one */
};
struct link_policy {
    struct link_step step[ROUTE_COUNT][LINK_STEPS_MAX];
    size_t steps[ROUTE_COUNT];
    struct reopen_rules rules;
    int64_t second_ms, request_ms; /* how long a second person, and the specialist team when asked, have */
    int64_t back_after_ms;         /* what is raised about facts older than this is a back-record */
    size_t back_daily;             /* how many of them are told a day */
    unsigned blind_percent; /* of pairs that go to a second analyst who does not see the first answer */
    Str version;
};
/* The file's rows: see policy/link-work.tsv. E_INVALID with the line. Borrows nothing but the version. */
MUST_USE enum status link_policy_load(struct arena *a, Str text, struct link_policy *out, struct err *e);

/* ---- a link as it stands ------------------------------------------------------------------------------ */

enum link_answer_kind {
    ANSWER_LINKED,
    ANSWER_NEEDS_WORK,
    ANSWER_NOT_LINKED,
    ANSWER_REQUESTS, /* the specialist team is asked to take it on */
    ANSWER_ACCEPTS,
    ANSWER_DECLINES,
    ANSWER_COUNT
};
const char *link_answer_words(enum link_answer_kind k); /* "linked" ... */

/* A decision about it, in the order of the ledger. */
struct link_answer {
    Str id; /* of the decision record */
    enum link_answer_kind kind;
    int64_t at_ms;
    Str by, reason;                /* officer; the rationale */
    Str why;                       /* of "not linked": a code of the short list */
    Str approved_by;               /* "" : nobody yet */
    int64_t approved_ms;           /* 0: not yet, or with the answer itself */
    Str account, approved_account; /* who was signed in; "" where it came with a feed */
    Str owner;                     /* who does what is still needed */
    int64_t due_ms;                /* 0: none given */
    struct link_facts facts;       /* what was known of the link when it was given */
};

struct link_case {
    int64_t raised_ms; /* when it came on record */
    int64_t told_ms;   /* when work on it began; 0: a back-record that waits for its turn */
    bool back_record, restricted;
    size_t units; /* of its events */
    bool blind;   /* two people answer it, neither knowing the other's answer */
    bool merged;  /* became part of another: that one is worked */
    struct link_facts now;
    const struct link_answer *answer;
    size_t answers;
};

enum link_stage {
    STAGE_WAITING,    /* a back-record not yet told */
    STAGE_NEW,        /* nobody has answered */
    STAGE_NEEDS_WORK, /* looked at, and something is still to be done */
    STAGE_SECOND,     /* "not linked" or "declined" on strong evidence: a second person must agree */
    STAGE_REQUESTED,  /* with the specialist team, who have not answered */
    STAGE_ACCEPTED,   /* the specialist team has taken it on */
    STAGE_DECLINED,   /* they declined with a reason; who asked decides how to go on */
    STAGE_DISPUTED,   /* two people answered differently without knowing: a third decides */
    STAGE_LINKED,
    STAGE_NOT_LINKED,
    STAGE_MERGED,
    STAGE_COUNT
};
const char *link_stage_name(enum link_stage s);  /* "new", "needs_work" ... */
const char *link_stage_words(enum link_stage s); /* "New: nobody has answered yet" */
/* Is it somebody's work? */
bool link_stage_open(enum link_stage s);

/* One line of how it came to where it is. */
struct link_event {
    int64_t at_ms;
    enum link_event_kind {
        LINK_EVENT_RAISED,
        LINK_EVENT_TOLD,
        LINK_EVENT_ESCALATED,
        LINK_EVENT_ANSWERED,
        LINK_EVENT_APPROVED,
        LINK_EVENT_REOPENED,
        LINK_EVENT_INVALID, /* an answer that does not count: no reason, nobody who decides */
    } kind;
    enum link_owner owner;            /* of ESCALATED, RAISED, TOLD: with whom it is from then on */
    const struct link_answer *answer; /* of ANSWERED, APPROVED, INVALID, and the one that REOPENED undid */
    enum reopen_why why;              /* of REOPENED */
};
const char *link_event_words(enum link_event_kind kind);

struct link_work {
    enum link_stage stage;
    enum link_owner owner;    /* while it is open */
    Str officer;              /* of OWNER_OFFICER */
    size_t step;              /* how often it went on because nobody answered */
    int64_t since_ms, due_ms; /* of the present step; due 0: nothing is due */
    bool overdue, escalated;
    bool reopened; /* it had been answered, and new facts speak against that */
    enum reopen_why why;
    const struct link_answer *standing; /* the answer that decides the stage; NULL: none */
    struct link_event *event;           /* oldest first */
    size_t events;
};
/* How it stands at `now_ms`. */
void link_work_judge(const struct link_policy *policy, const struct link_case *c, int64_t now_ms,
                     struct arena *a, struct link_work *out);

/* Would this answer be in force, or wait for a second person? E_INVALID as decision_check: no reason, nobody
 * who decides. */
MUST_USE enum status link_answer_check(const struct link_policy *policy, const struct link_answer *answer,
                                       bool *waits, struct err *e);
/* Do two different people stand behind it? Names and accounts must both differ, where both are known. */
bool link_answer_seconded(const struct link_answer *answer);

#endif
