/* Erasing a record: first the entry and the rows, in one transaction; then every place where its
 * words may still lie. Dying in between is mended at the next opening. */
#include "store/store_private.h"

struct erase_job {
    struct write_job job; /* first */
    const struct actor *actor;
    const struct record_id *id;
    Str body;
    uint64_t number;
    struct receipt receipt;
};

static enum status erased_set(struct writer *w, uint64_t number, uint64_t seq, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, w->change, Q_record_set_erased, e));
    query_u64(&q, number);
    query_u64(&q, seq);
    return query_run(&q, e);
}

static enum status erase_run(struct writer *w, struct write_job *job, struct err *e)
{
    struct erase_job *x = (struct erase_job *)job;
    struct record_row row;
    TRY(record_row_find(w->change, x->id, &row, e));
    if (row.erased)
        return ERR(e, E_CONFLICT, "id", "%s %.*s was erased already.", kind_of(x->id->kind)->name,
                   STR_ARG(x->id->id));
    TRY(writer_note(w, x->actor, OP_ERASE, S("erase"), row.number, 0, x->body, &x->receipt, e));
    TRY(erased_set(w, row.number, x->receipt.last_seq, e));
    x->number = row.number;
    return writer_refold(w, row.number, e);
}

static enum status erase_after(struct writer *w, struct write_job *job, struct err *e)
{
    const struct erase_job *x = (const struct erase_job *)job;
    TRY(search_purge(w->store, x->number, e));
    TRY(kept_destroy(w, e));
    w->logs_due = true;
    /* the key last: while it is there, the next opening does all of this again */
    return keys_destroy(w->keys, x->number, e);
}

enum status store_erase(struct store *s, const struct actor *actor, Str approved_by,
                        const struct record_id *id, Str reason, struct receipt *out, struct err *e)
{
    struct buf body CLEANUP_BUF = {0};
    TRY(actor_check(actor, e));
    TRY(two_people_check(actor, approved_by, reason, e));
    buf_init(&body, 1 << 16);
    two_people_write(&body, actor, approved_by, reason);
    TRY(buf_status(&body, e));
    struct erase_job job = {
        .job = {.run = erase_run, .after = erase_after}, .actor = actor, .id = id, .body = buf_str(&body)};
    TRY(writer_do(s, &job.job, e));
    *out = job.receipt;
    return OK;
}
