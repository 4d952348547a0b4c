/* The links on record with what was answered, and what is restricted: in memory, from the lines of the
 * ledger, so that lists are made without opening a thousand records. One writer; readers hold a lock of the
 * caller's (live.h). */
#ifndef APP_LINK_BOOK_H
#define APP_LINK_BOOK_H

#include "assure/link_work.h"
#include "model/kinds.h"
#include "store/follow.h"

struct link_book;

#define LINK_SOURCE           "linker"     /* of what the machine says of a link */
#define LINK_SUGGESTED_SOURCE "suggestion" /* of a link that a person suggests */
/* What a follower must hand in. */
#define LINK_BOOK_KINDS                                                                                      \
    (UINT64_C(1) << KIND_LINK | UINT64_C(1) << KIND_DECISION | UINT64_C(1) << KIND_RESTRICTION)

struct link_book *link_book_new(const struct policy *policy);
void link_book_free(struct link_book *b); /* NULL is allowed */

enum link_book_news {
    LINK_BOOK_NOTHING, /* taken before, or none of its business */
    LINK_BOOK_LINK,    /* a link is new or changed: *at */
    LINK_BOOK_ANSWER,  /* link *at was answered */
    LINK_BOOK_RESTRICTION,
    LINK_BOOK_WITHDRAWN, /* a batch was withdrawn, or a record erased that is in the book: make it anew */
};
/* Takes one entry; a line that was taken before is passed over. */
enum link_book_news link_book_take(struct link_book *b, const struct followed *f, size_t *at);

/* ---- links ------------------------------------------------------------------------------------------- */

struct link_note { /* a link as it stands on record */
    struct record_id id;
    uint64_t version; /* of the record: for store_append's expected versions */
    int64_t raised_ms, changed_ms;
    const struct record_id *event; /* deaths first, each by id */
    size_t events, deaths;
    Str raised_by; /* "pair" ... */
    struct record_id first, second;
    int score_db, threshold_db;
    bool looked; /* a second look raised it, and the threshold is of it */
    int look_db;
    double once_in_weeks; /* 0: not given */
    bool unverified, back_record, merged;
    int64_t told_ms, counts_ms;
    uint64_t facts;
    struct record_id part_of;
    Str model, by, note;
};

/* A cluster, a rate, a person in common: found together, without ties of two that say what it is. */
bool link_note_is_group(const struct link_note *n);

size_t link_book_count(const struct link_book *b);
/* In the order in which they came on record; good until the next entry is taken. NULL where nothing of the
 * record is in view any more. */
const struct link_note *link_book_at(const struct link_book *b, size_t at);
/* SIZE_MAX when there is none. */
size_t link_book_find(const struct link_book *b, const struct record_id *id);
/* The links that name an event, oldest first. */
size_t link_book_of_event(const struct link_book *b, const struct record_id *event, const uint32_t **at);
/* The case of a link for link_work_judge: its answers with the facts they were given on. Not filled in:
 * units, restricted. */
void link_book_case(const struct link_book *b, size_t at, struct arena *a, struct link_case *out);

/* ---- what is restricted (who is cleared: app/roll.h) ------------------------------------------------- */

/* Is something about the event restricted at that time? */
bool link_book_restricted(const struct link_book *b, const struct record_id *event, int64_t at_ms);
/* Their keys, "ns:id", into a table of text keys. */
struct table;
void link_book_restricted_each(const struct link_book *b, int64_t at_ms, struct table *out);
size_t link_book_restricted_count(const struct link_book *b, int64_t at_ms); /* events */

#endif
