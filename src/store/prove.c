/* The signed checkpoint of both ledgers, for somebody else to keep. */
#include "store/store_private.h"

static enum status trees_read(struct store *s, struct reader *r, struct checkpoint *c, struct err *e)
{
    struct merkle tree;
    int64_t recorded_ms = 0, known_ms = 0;
    struct db *access_db = NULL;
    TRY(journal_read_tree(r->bodies.change, &tree, &recorded_ms, &known_ms, e));
    c->change_size = tree.size;
    c->change_root = merkle_root(&tree);
    TRY(db_open(s->dir, DB_ACCESS, DB_READ, &access_db, e));
    enum status status = db_begin(access_db, e); /* size and edge of one moment */
    if (status == OK) status = journal_read_tree(access_db, &tree, &recorded_ms, &known_ms, e);
    db_rollback(access_db);
    db_close(access_db);
    c->access_size = tree.size;
    c->access_root = merkle_root(&tree);
    return status;
}

enum status store_checkpoint(struct store *s, struct buf *out, struct err *e)
{
    struct reader *r = NULL;
    struct checkpoint c = {.at_ms = clock_now_ms(&s->env.clock)};
    memcpy(c.store, s->name, sizeof c.store);
    memcpy(c.public_half, s->keys.signing.public_half, sizeof c.public_half);
    TRY(reader_take(s, &r, e));
    enum status status = trees_read(s, r, &c, e);
    reader_give(s, r);
    TRY(status);
    checkpoint_write(out, &c, &s->keys.signing);
    return buf_status(out, e);
}
