/* What is to be told outside the program, and how far that has come (app/notices.h): references and
 * addresses, no facts, so outside the ledger. An id stays for ever, so that nothing is queued a second time.
 */
#ifndef STORE_NOTICES_H
#define STORE_NOTICES_H

#include "store/store.h"

/* Dropped: when its turn came it was not so any more, or might not be told any more. */
enum notice_state { NOTICE_WAITING, NOTICE_SENT, NOTICE_GIVEN_UP, NOTICE_DROPPED };
struct notice {
    Str id;                  /* what it is about and to whom, so always the same */
    Str receiver, kind;      /* names: app/notices.h */
    Str reference, path;     /* of a record, and of its page */
    int64_t made_ms, due_ms; /* due: tried next, or last tried */
    unsigned tries;
    Str problem; /* why the last try failed; "" */
};
/* Queues it to be sent at once, unless it ever was. One that was dropped waits again. */
MUST_USE enum status notice_put(struct store *s, const struct notice *n, struct err *e);
/* The one that waits longest of those due; E_NOT_FOUND: none is. */
MUST_USE enum status notice_next(struct store *s, int64_t now_ms, struct arena *a, struct notice *out,
                                 struct err *e);
MUST_USE enum status notice_tried(struct store *s, Str id, enum notice_state state, int64_t due_ms,
                                  unsigned tries, Str problem, struct err *e);
/* Those of a state, the latest first; *all: how many there are. */
MUST_USE enum status notice_list(struct store *s, enum notice_state state, size_t most, struct arena *a,
                                 struct notice **out, size_t *count, size_t *all, struct err *e);
/* One that was given up is sent again; E_NOT_FOUND: there is none such. An entry of administration. */
MUST_USE enum status notice_again(struct store *s, const struct actor *actor, Str id, int64_t now_ms,
                                  struct err *e);
/* Since when the receiver is told: the first time it was asked. */
MUST_USE enum status notice_since(struct store *s, Str receiver, int64_t now_ms, int64_t *since_ms,
                                  struct err *e);

#endif
