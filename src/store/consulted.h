/* Who read what: the entries of the access ledger that name one record, newest first. What was shown in a
 * list is not among them. The question is a reading too. */
#ifndef STORE_CONSULTED_H
#define STORE_CONSULTED_H

#include "store/store.h"

struct consulted_ask {
    int64_t from_ms, until_ms;      /* until_ms excluded */
    Str actor;                      /* "" : anybody */
    const struct record_id *record; /* NULL: any */
    size_t most;
};
struct consulted {
    int64_t at_ms;
    Str verb, actor, role, unit;
    struct record_id record;
};
/* E_NOT_FOUND: there is no such record. */
MUST_USE enum status store_consulted(struct store *s, const struct actor *viewer,
                                     const struct consulted_ask *ask, struct arena *a, struct consulted **out,
                                     size_t *count, struct err *e);

#endif
