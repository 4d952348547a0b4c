/* Appending to one ledger file: entry, sealed body and tree edge, inside the transaction of the caller. */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include "store/db.h"
#include "store/ledger.h"
#include "store/store.h"

#define STREAM_ONLY 1u /* until there is a sequencer for several */

/* Secrets in small amounts without a system call for each. */
struct entropy_pool {
    struct entropy source;
    unsigned char byte[4096];
    size_t left;
};
struct entropy entropy_pooled(struct entropy_pool *pool, const struct entropy *source);

struct journal {
    const char *ledger; /* "change" or "access" */
    struct db *db;
    struct entropy entropy;
    uint32_t vocabulary_version;
    struct merkle tree; /* its size is the last seq */
    int64_t last_recorded_ms, last_known_ms;
    struct table *sources;                /* name -> id, of what this process has met */
    struct table *contexts;               /* the same of who acts */
    struct buf context_key, context_next; /* of the entry before: mostly the same again */
    uint64_t context_id;
    struct buf leaf, sealed;
};

struct journal_entry {
    const struct actor *actor;
    enum operation op;
    Str verb, source;
    int64_t recorded_at_ms, known_at_ms;
    uint64_t record, prior, batch, line;
    const struct record_key *key;
    Str body;
};

void journal_init(struct journal *j, const char *ledger, struct db *db, struct entropy entropy,
                  uint32_t vocabulary_version);
void journal_done(struct journal *j);
/* Reads where the file stands. To be called after opening, after a rollback, and within a transaction when
 * another process may have written. */
MUST_USE enum status journal_load(struct journal *j, struct err *e);
/* The tree's state of a file, also through a read-only connection. */
MUST_USE enum status journal_read_tree(struct db *db, struct merkle *tree, int64_t *recorded_at_ms,
                                       int64_t *known_at_ms, struct err *e);
/* The time to put on an entry made now. */
int64_t journal_time(const struct journal *j, const struct clock *clock);
/* recorded_at_ms must come from journal_time. */
MUST_USE enum status journal_append(struct journal *j, const struct journal_entry *entry, uint64_t *seq,
                                    struct err *e);
/* Writes the tree's edge; before each commit. */
MUST_USE enum status journal_save(struct journal *j, struct err *e);

/* A place to return to when a savepoint is undone. */
struct journal_mark {
    struct merkle tree;
    int64_t last_recorded_ms, last_known_ms;
};
struct journal_mark journal_mark(const struct journal *j);
void journal_return(struct journal *j, const struct journal_mark *mark);

#endif
