/* Suggested links as people work on them: lists, one with its answers, and what may be answered. Everything
 * is filtered by what the viewer may see before anything is counted: a link is seen by who may see every
 * event in it. Reading comes from memory (live.h); who shows it notes it (store_note_shown). */
#ifndef APP_LINKS_H
#define APP_LINKS_H

#include "app/live.h"
#include "app/session.h"
#include "app/sight.h"

/* policy/link-work.tsv, as the program carries it. */
MUST_USE enum status links_policy(struct arena *a, struct link_policy *out, struct err *e);

/* Who asks, between roll_hold and roll_release. */
struct links_viewer {
    struct session *session; /* its actor: the account, in its role */
    struct live *live;
    const struct link_policy *policy;
    const struct roll *roll;
    struct sight *sight;
    enum role role;
    Str officer, unit; /* record ids, "" for none */
    int64_t now_ms;
};

/* ---- reading ----------------------------------------------------------------------------------------- */

struct link_row {
    struct link_note note; /* copied: good as long as the arena */
    struct link_work work;
    struct str_list unit; /* of its events, sorted */
    bool restricted;
    bool mine;    /* the viewer is among those whose work it is */
    bool blind;   /* somebody else has answered and the viewer is to answer without knowing what: `work` and
                     `answer` leave it out */
    double value; /* what a look is worth */
    size_t answers_seen;              /* to be sent back with an answer */
    const struct link_answer *answer; /* all that may be shown, oldest first */
    size_t answers;
};

enum links_which {
    LINKS_MINE, /* open, and the viewer's own work */
    LINKS_OPEN,
    LINKS_OVERDUE, /* open, and late or passed on because nobody answered */
    LINKS_ANSWERED,
    LINKS_BACK, /* back-records that wait for their turn */
    LINKS_ALL,
    LINKS_WHICH_COUNT
};
const char *links_which_name(enum links_which w); /* "mine" ... */

struct links_listing {
    struct link_row *row; /* by what a look is worth, then the newest; answered ones newest first */
    size_t count;
    size_t of[LINKS_WHICH_COUNT]; /* how many there are of each */
};
/* unit: only links with an event of it; "" all. */
MUST_USE enum status links_list(const struct links_viewer *v, enum links_which which, Str unit,
                                struct arena *a, struct links_listing *out, struct err *e);
/* Does the link wait for the viewer: their own work, or, for a supervisor, one of their unit that nobody has
 * answered in time? */
bool links_waits(const struct links_viewer *v, const struct link_row *row);
/* Those links, the one that is due first before all; those without a date last. count of `out` alone. */
MUST_USE enum status links_waiting(const struct links_viewer *v, Str unit, struct arena *a,
                                   struct links_listing *out, struct err *e);
/* E_NOT_FOUND also where it may not be seen. */
MUST_USE enum status links_read(const struct links_viewer *v, const struct record_id *link, struct arena *a,
                                struct link_row *out, struct err *e);
/* The links that name an event, oldest first; those of a pair when `other` is given too. */
MUST_USE enum status links_of(const struct links_viewer *v, const struct record_id *event,
                              const struct record_id *other, struct arena *a, struct link_row **out,
                              size_t *count, struct err *e);

/* "Of the last 60 scored like this, 7 were confirmed": answered links within half a tenfold step. */
struct links_likewise {
    size_t answered, confirmed;
};
#define LINKS_LIKEWISE_MAX 60
MUST_USE enum status links_likewise(const struct links_viewer *v, int score_db, struct links_likewise *out,
                                    struct err *e);

/* Open links that nobody who works here may see: somebody has to be cleared. Only their number. */
MUST_USE enum status links_unseen(const struct links_viewer *v, size_t *count, struct err *e);

/* ---- answering ---------------------------------------------------------------------------------------- */

/* The short list of reasons for "not linked". */
struct links_why {
    const char *code, *words;
};
size_t links_whys(const struct links_why **out);

struct links_answer {
    struct record_id link;
    size_t answers_seen; /* of the link_row that the viewer looked at */
    uint64_t version;    /* note.version, likewise */
    enum link_answer_kind kind;
    Str why, reason;   /* why: a code of the short list, for "not linked" */
    Str owner;         /* officer who does what is still needed; "" : whoever owns the step */
    int64_t due_ms;    /* 0: as policy has it */
    bool with_reports; /* of a link of several deaths: the answer is about its reports too, and completes
                          checks that ask about them */
};
/* Records an answer by the viewer. waits: it is on record, and a second person must agree before it is in
 * force. E_CONFLICT when the link has changed or was answered since; E_INVALID without a reason, an officer,
 * or with something that cannot be answered now. */
MUST_USE enum status links_answer(const struct links_viewer *v, const struct links_answer *given,
                                  struct arena *a, struct record_id *decision, bool *waits, struct err *e);
/* The second person: agrees with the answer that waits. E_DENIED for who gave it, by name or account. To
 * disagree is to answer. */
MUST_USE enum status links_agree(const struct links_viewer *v, const struct record_id *link,
                                 size_t answers_seen, struct arena *a, struct err *e);
/* A person ties events that the machine did not: at least two, one of them a death, all of which they may
 * see. */
MUST_USE enum status links_suggest(const struct links_viewer *v, const struct record_id *event, size_t count,
                                   Str note, struct arena *a, struct record_id *link, struct err *e);

/* ---- the morning meeting ------------------------------------------------------------------------------ */

struct links_meeting {
    Str unit;
    int64_t at_ms;
    Str chair;
    struct str_list present; /* officers */
    const struct record_id *death, *link;
    size_t deaths, links;
    Str minutes;
};
struct links_day {
    const struct roll_death **death; /* of the unit, since the time: oldest first */
    size_t deaths;
    struct links_listing open; /* LINKS_OPEN of the unit */
};
/* What there is to go through. */
MUST_USE enum status links_day(const struct links_viewer *v, Str unit, int64_t since_ms, struct arena *a,
                               struct links_day *out, struct err *e);
/* Its minutes, as a record of kind meeting. */
MUST_USE enum status links_meeting_record(const struct links_viewer *v, const struct links_meeting *m,
                                          struct arena *a, struct record_id *meeting, struct err *e);

#endif
