/* The examination of one ledger, entry by entry, without a database: what was altered, is missing, was put
 * in, stands at another place, or contradicts a checkpoint. Pure; store_verify feeds it. */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include "store/ledger.h"
#include "store/store.h"

/* Where findings go. After FINDINGS_SHOWN of a ledger they are only counted; findings_close says so. */
#define FINDINGS_SHOWN 1000
struct findings {
    const char *ledger;
    finding_visit visit; /* NULL: only counted */
    void *state;
    uint64_t count;
};
/* `what`: a literal, one of the words of doc/ledger.md. */
void findings_add(struct findings *f, uint64_t seq, const char *what, const char *fmt, ...) PRINTF_LIKE(4, 5);
void findings_close(struct findings *f);

struct audit;
/* `findings` must outlive the audit. */
struct audit *audit_new(struct findings *findings);
void audit_free(struct audit *a); /* NULL is allowed */

/* The next row in ascending order of seq, from 1; `stored` is the hash written beside it. False when hash and
 * columns do not agree: that is noted, and settled later. */
bool audit_take(struct audit *a, const struct leaf *leaf, const Sha256 *stored);
/* A row whose columns cannot be read; the caller has said why. */
void audit_take_unread(struct audit *a, uint64_t seq, const Sha256 *stored);

/* A root that the first `size` entries must have, by a checkpoint of `at_ms`; `outside`: it was kept
 * elsewhere. */
void audit_expect(struct audit *a, uint64_t size, const Sha256 *root, int64_t at_ms, bool outside);
/* What the store itself says of the tree's right edge. */
void audit_expect_edge(struct audit *a, const struct merkle *edge);

/* After the last row and the last expectation: says everything that was found. */
void audit_settle(struct audit *a);

uint64_t audit_rows(const struct audit *a);
uint64_t audit_last_seq(const struct audit *a); /* 0 when empty */

#endif
