/* Which checks a death asks for, and how each stands: from the facts of the case and the clock alone. Pure:
 * the same facts, pack and moment give the same answer, to the byte.
 *
 * A check is asked once for each of its subjects (each caller, each device, each concern). What has opened
 * stays open: a corrected record closes nothing; evidence does, or a decision that it is not needed. */
#ifndef ASSURE_EVALUATE_H
#define ASSURE_EVALUATE_H

#include "assure/facts.h"
#include "assure/pack.h"

enum check_state {
    CHECK_OVERDUE,
    CHECK_NOT_STARTED,
    CHECK_IN_PROGRESS,
    CHECK_WAITING,
    CHECK_COMPLETED,
    CHECK_NOT_NEEDED,
    CHECK_STATES
};
const char *check_state_name(enum check_state state); /* "not_started" ... */
const char *check_state_words(enum check_state state);

#define EVIDENCE_MAX SELECTOR_STEPS_MAX

/* One subject of a check. Rows point into the facts. */
struct check_item {
    Str subject; /* key of what it is asked for, or a word such as "lividity"; the death's own key when it is
                    asked once */
    enum check_state state;
    bool late; /* completed after it was due */
    int64_t opened_ms;
    const struct fact_row *opened_by;
    int64_t due_ms;   /* FOREVER_MS: no clock */
    int64_t since_ms; /* completed, not needed, or waiting since; INT64_MIN else */
    Str whom;         /* waiting for: words, or a key; who completed it or decided that it is not needed */
    Str second;       /* the second person of "not needed" */
    Str reason;       /* the same decision's */
    Str refused;      /* why a decision that it is not needed does not count; STR_NONE: there was none */
    const struct fact_row **evidence;
    size_t evidences;
    const struct fact_row *reopened_by; /* NULL: it never was */
    int64_t reopened_ms;
};

struct check_status {
    const struct check *check;
    enum check_state state; /* the least finished of its items */
    int64_t opened_ms,
        due_ms;              /* the first opening; the nearest date among what is not done, else FOREVER_MS */
    struct check_item *item; /* by opening, then subject; at least one */
    size_t items;
    size_t next; /* the item that comes first: overdue, then by date, then by opening */
};

struct check_report {
    struct check_status *status; /* the checks that have opened, in the order of the pack */
    size_t count;
    size_t in_state[CHECK_STATES];
    size_t done;                     /* completed and not needed */
    const struct check_status *next; /* what to do first; NULL when nothing is open */
    int64_t changes_ms;              /* when the clock alone will change something; FOREVER_MS: never */
};

/* now_ms must not lie before f->at_ms. */
void checks_evaluate(struct arena *a, const struct check_pack *pack, const struct case_facts *f,
                     int64_t now_ms, struct check_report *out);

#endif
