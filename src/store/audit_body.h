/* The bodies beside the entries of one ledger: does each open with its key at its place, and does it fit what
 * its entry committed to? What does not open is tried at the other places that are odd, to tell a moved body
 * from an altered one. */
#ifndef STORE_AUDIT_BODY_H
#define STORE_AUDIT_BODY_H

#include "store/audit.h"
#include "store/db.h"

struct body_audit;
/* keys: the key store, NULL when there is none (then no body is opened, and the caller says so). Both must
 * outlive it. */
struct body_audit *body_audit_new(struct db *keys, struct findings *findings);
void body_audit_free(struct body_audit *b); /* NULL is allowed */

/* An entry whose hash and columns agree; sealed: STR_NONE when it has no body. */
MUST_USE enum status body_audit_take(struct body_audit *b, const struct leaf *leaf, Str sealed,
                                     struct err *e);

/* An entry whose hash and columns do not agree, which is said elsewhere: where it claims to be an erasure,
 * the key that is gone is no further finding. */
void body_audit_take_odd(struct body_audit *b, uint32_t operation, uint64_t record);

/* After the last: says what was found; adds how many bodies were opened and how many are erased. */
MUST_USE enum status body_audit_settle(struct body_audit *b, uint64_t *opened, uint64_t *erased,
                                       struct err *e);

#endif
