/* The custody of an exhibit: from its booking on it has exactly one holder at any time, an officer or a
 * store. A hand-over is begun by the holder and done when the receiver has confirmed it with the number that
 * stands on the seal; until then the giver answers for it. What leaves for good (returned, disposed of) is
 * confirmed by a second person. Nobody is both sides of a step. Time never goes back. Pure.
 *
 * Keys are "ns:id" of officers, units and persons. Texts are borrowed. */
#ifndef ASSURE_CUSTODY_H
#define ASSURE_CUSTODY_H

#include "base/str.h"

enum custody_act {
    CUSTODY_BOOK,      /* the first step: whoever books it in holds it */
    CUSTODY_SEAL,      /* by the holder; a second seal says why the first was opened */
    CUSTODY_HAND_OVER, /* to an officer, or to a unit: a store, a laboratory */
    CUSTODY_RETURN,    /* to a person, for good */
    CUSTODY_DISPOSE,   /* destroyed, or given up, for good */
    CUSTODY_CONFIRM,   /* what was begun is done */
    CUSTODY_TAKE_BACK, /* what was begun is not done: by the giver, or not accepted by the receiver */
    CUSTODY_MISSING,   /* the holder cannot find it, and goes on answering for it */
    CUSTODY_FOUND,     /* whoever found it holds it */
    CUSTODY_ACTS
};
/* The code in movement.type; "" for acts that end another's line (confirm, take back). */
const char *custody_act_code(enum custody_act act);
/* -1 when there is none; "" is a hand-over. */
int custody_act_of_code(Str code);
const char *custody_act_words(enum custody_act act); /* "handed over" */

/* Who does something. unit "": of none. */
struct custody_person {
    Str account, officer, unit;
};

struct custody_step {
    enum custody_act act;
    struct custody_person by;
    Str to;         /* of a hand-over or a return */
    Str seal;       /* the number read from the seal, or the new one */
    Str why;        /* needed to open, return, dispose, miss, take back */
    int64_t at_ms;  /* when it happened */
    int64_t now_ms; /* nothing happens later than now */
};

/* How it stands. */
struct custody {
    bool booked, missing, out; /* out: returned or disposed of */
    Str holder;                /* "" before booking and after disposal */
    Str seal;                  /* "" : not sealed yet */
    int64_t at_ms;             /* of the last step; INT64_MIN before the first */
    bool waiting;              /* begun and not confirmed: */
    enum custody_act begun;    /* hand over, return or dispose */
    Str to, giver_account, giver_officer;
    int64_t begun_ms;
};
#define CUSTODY_NONE ((struct custody){.at_ms = INT64_MIN})

/* Whether this person has it in hand: as the holder, or as one of the unit that holds it. */
bool custody_holds(const struct custody *c, const struct custody_person *who);
/* Whether this person is the one whose confirmation is waited for. */
bool custody_may_confirm(const struct custody *c, const struct custody_person *who);
/* Numbers as they are read out: blanks, hyphens and the case of letters do not count. */
bool custody_seal_same(Str a, Str b);

/* Takes one step, or refuses it and changes nothing: E_DENIED when somebody else must do it, E_CONFLICT when
 * it does not fit how it stands, E_INVALID when what was given is wrong. The sentence is for whoever tried.
 */
MUST_USE enum status custody_take(struct custody *c, const struct custody_step *step, struct err *e);

/* ---- what is on record, from wherever it came -------------------------------------------------------- */

/* One line of the chain (struct movement). Times INT64_MIN: not given. */
struct custody_line {
    Str id; /* of the movement */
    enum custody_act act;
    Str from, to;
    Str by, confirmed_by; /* officers */
    Str account;          /* who entered it; "" : not known */
    Str seal, why;
    int64_t at_ms, confirmed_ms, ended_ms;
    uint64_t seq;   /* its place in the ledger: orders lines of one time */
    unsigned fault; /* of enum custody_fault, set by custody_read */
};

/* What is wrong with a chain that was not made here. */
enum custody_fault {
    CUSTODY_GAP = 1,         /* handed over by somebody who did not hold it */
    CUSTODY_BACKWARDS = 2,   /* confirmed before it was handed over */
    CUSTODY_UNCONFIRMED = 4, /* moved on although nobody had confirmed the step before */
    CUSTODY_OTHER_SEAL = 8,  /* the receiver read another number than the one on record */
    CUSTODY_ONE_PERSON = 16, /* the giver confirmed the receipt */
    CUSTODY_NO_TIME = 32,
    CUSTODY_FAULTS = 6
};
const char *custody_fault_words(enum custody_fault bit); /* a sentence */

/* Puts the lines in order of time, marks their faults and says how it stands after them. What is on record is
 * never refused: the holder is the last who was named. seal: on the exhibit's own record. */
struct custody custody_read(struct custody_line *line, size_t count, Str seal);

#endif
