/* What keeps people from a record: restrictions and conflicts of interest. Both are in force from the moment
 * they are recorded; a restriction is then approved, and in the end lifted, by a second person. */
#ifndef APP_BARRIERS_H
#define APP_BARRIERS_H

#include "app/session.h"
#include "app/sight.h"
#include "model/kinds.h"

struct barrier {
    struct record_id id;
    uint64_t version;
    const struct restriction *restriction; /* one of the two */
    const struct conflict *conflict;
};
/* Restrictions on events that the viewer may see, newest first. */
MUST_USE enum status restrictions_read(struct session *s, const struct sight *sight, struct arena *a,
                                       struct barrier **out, size_t *count, struct err *e);
/* officer: only theirs; "" : all. */
MUST_USE enum status conflicts_read(struct session *s, Str officer, struct arena *a, struct barrier **out,
                                    size_t *count, struct err *e);

struct restriction_wanted {
    struct record_id death;
    Str reason, officer;     /* who restricts: cleared too */
    struct str_list cleared; /* officers */
    struct str_list units;
};
MUST_USE enum status restriction_set(struct session *s, const struct restriction_wanted *x, int64_t now_ms,
                                     struct arena *a, struct err *e);
/* By another account and officer than who set it. E_DENIED, E_CONFLICT. */
MUST_USE enum status restriction_approve(struct session *s, const struct record_id *id, Str officer,
                                         struct arena *a, struct err *e);
MUST_USE enum status restriction_lift(struct session *s, const struct record_id *id, Str officer,
                                      int64_t now_ms, struct arena *a, struct err *e);

/* officer has an interest in an event; by: who records it. */
MUST_USE enum status conflict_declare(struct session *s, Str officer, const struct record_id *event, Str why,
                                      Str by, int64_t now_ms, struct arena *a, struct err *e);
MUST_USE enum status conflict_end(struct session *s, const struct record_id *id, int64_t now_ms,
                                  struct arena *a, struct err *e);

#endif
