/* From entries back to lines: the chain of a record's entries, opened with its key. */
#ifndef STORE_BODIES_H
#define STORE_BODIES_H

#include "model/record.h"
#include "store/db.h"
#include "store/ledger.h"

/* Batches that no longer count, each with the entry that withdrew it. */
struct withdrawals {
    struct withdrawal {
        uint64_t batch, seq;
    } * item; /* by batch */
    size_t count, room;
};
MUST_USE enum status withdrawals_load(struct withdrawals *w, struct db *change, struct err *e);
void withdrawals_free(struct withdrawals *w);
/* Is the batch withdrawn as seen from `seq`? */
bool withdrawals_has(const struct withdrawals *w, uint64_t batch, uint64_t seq);

struct bodies {
    struct db *change, *keys;
    struct withdrawals withdrawn;
    struct buf plain;
};
void bodies_init(struct bodies *b, struct db *change, struct db *keys);
void bodies_done(struct bodies *b);

/* The text of one entry's body, in `a`; prior is the entry of the record before it. */
MUST_USE enum status bodies_text(struct bodies *b, const struct record_key *key, uint64_t seq,
                                 struct arena *a, Str *text, uint64_t *prior, uint64_t *batch, struct err *e);
/* A record's lines from its version back to the first, those after seq_max left out, newest first;
 * `text` (NULL allowed) are their bodies. E_NOT_FOUND when the record's key was destroyed. */
MUST_USE enum status bodies_chain(struct bodies *b, uint64_t record, uint64_t version, uint64_t seq_max,
                                  struct arena *a, struct entry_line **lines, Str **text, size_t *count,
                                  struct err *e);

#endif
