/* The thread that writes: groups of jobs, one transaction each, a savepoint for every job. */
#include "store/store_private.h"

#include "store/references.h"

#include "base/alloc.h"
#include "base/json.h"

#include <stddef.h>

enum status actor_check(const struct actor *actor, struct err *e)
{
    if (str_empty(actor->name)) return ERR(e, E_INVALID, "actor", "who acts must be named.");
    if (str_empty(actor->role))
        return ERR(e, E_INVALID, "role", "in what role %.*s acts must be said.", STR_ARG(actor->name));
    return OK;
}

static enum status number_read(struct db *db, enum statement id, uint64_t *out, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&q, db, id, e));
    TRY(query_step(&q, &row, e));
    *out = row ? query_get_u64(&q, 0) : 0;
    return OK;
}

/* Everything kept in memory, from the file: at start and after a failure. */
static enum status writer_load(struct writer *w, struct err *e)
{
    TRY(journal_load(&w->journal, e));
    TRY(number_read(w->change, Q_record_last_number, &w->last_record, e));
    TRY(number_read(w->change, Q_batch_last_number, &w->last_batch, e));
    return withdrawals_load(&w->bodies.withdrawn, w->change, e);
}

/* A key outlives its record's erasure only when the program died in between, or a backup brought it back. */
static enum status erasures_replay(struct writer *w, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, w->change, Q_record_list_erased, e));
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        struct record_key key;
        struct err none = {0};
        uint64_t number = query_get_u64(&q, 0);
        if (keys_get(w->keys, number, &key, &none) != OK) continue;
        TRY(search_purge(w->store, number, e));
        TRY(kept_destroy(w, e));
        TRY(keys_destroy(w->keys, number, e));
    }
}

static enum status checkpoint_put(struct writer *w, struct err *e)
{
    struct store *s = w->store;
    struct buf text CLEANUP_BUF;
    struct query q CLEANUP_QUERY = {0};
    struct checkpoint c = {.at_ms = journal_time(&w->journal, &s->env.clock)};
    buf_init(&text, 1 << 14);
    memcpy(c.store, s->name, sizeof c.store);
    memcpy(c.public_half, s->keys.signing.public_half, sizeof c.public_half);
    c.change_size = w->journal.tree.size;
    c.change_root = merkle_root(&w->journal.tree);
    access_published(s, &c.access_size, &c.access_root);
    checkpoint_write(&text, &c, &s->keys.signing);
    TRY(buf_status(&text, e));
    TRY(query_start(&q, w->change, Q_checkpoint_put, e));
    query_i64(&q, c.at_ms);
    query_u64(&q, c.change_size);
    query_u64(&q, c.access_size);
    query_str(&q, buf_str(&text));
    return query_run(&q, e);
}

/* One job in its savepoint. A failure leaves no trace of it. */
static void job_run(struct writer *w, struct write_job *job)
{
    struct journal_mark mark = journal_mark(&w->journal);
    uint64_t record = w->last_record, batch = w->last_batch;
    struct err *e = &job->job.err;
    enum status status = db_savepoint(w->change, e);
    if (status == OK) {
        status = job->run(w, job, e);
        if (status == OK) status = db_savepoint_keep(w->change, e);
        if (status != OK) db_savepoint_undo(w->change);
    }
    job->job.status = status;
    if (status == OK) return;
    struct err ignored = {0};
    journal_return(&w->journal, &mark);
    w->last_record = record;
    w->last_batch = batch;
    if (db_in_transaction(w->change) && withdrawals_load(&w->bodies.withdrawn, w->change, &ignored) != OK)
        db_rollback(w->change); /* the group ends here and is read again from the file */
}

/* Keys first: a key without a record is harmless, a record without its key is lost. */
static enum status group_commit(struct writer *w, uint64_t size_before, struct err *e)
{
    if (w->journal.tree.size != size_before || w->checkpoint_due) {
        TRY(checkpoint_put(w, e));
        TRY(journal_save(&w->journal, e));
    }
    TRY(db_commit(w->keys, e));
    TRY(db_commit(w->change, e));
    w->checkpoint_due = false;
    return OK;
}

static enum status group_run(struct writer *w, struct job *jobs, struct err *e)
{
    uint64_t size_before = w->journal.tree.size;
    TRY(db_begin_write(w->change, e));
    TRY(db_begin_write(w->keys, e));
    for (struct job *j = jobs; j; j = j->next) {
        job_run(w, (struct write_job *)j);
        /* a full disk or a failing one has undone the whole transaction */
        if (!db_in_transaction(w->change)) {
            *e = j->err;
            return j->status;
        }
    }
    return group_commit(w, size_before, e);
}

void writer_empty_logs(struct writer *w)
{
    struct err ignored = {0};
    bool emptied = db_truncate_log(w->keys, &ignored) == OK && db_truncate_log(w->change, &ignored) == OK;
    if (emptied) w->logs_due = false;
}

static void write_group(void *state, struct job *jobs)
{
    struct writer *w = state;
    struct err e = {0};
    enum status status = group_run(w, jobs, &e);
    if (status != OK) {
        struct err again = {0};
        db_rollback(w->change);
        db_rollback(w->keys);
        if (writer_load(w, &again) != OK) e = again; /* the next group will say so too */
        for (struct job *j = jobs; j; j = j->next) {
            if (j->status != OK) continue;
            j->status = status;
            j->err = e;
        }
        return;
    }
    bell_publish(w->store, w->journal.tree.size);
    for (struct job *j = jobs; j; j = j->next) {
        struct write_job *job = (struct write_job *)j;
        if (j->status == OK && job->after) j->status = job->after(w, job, &j->err);
    }
    if (w->logs_due) writer_empty_logs(w);
}

enum status writer_open(struct writer *w, struct store *s, struct err *e)
{
    w->store = s;
    TRY(db_open(s->dir, DB_CHANGE, DB_WRITE, &w->change, e));
    TRY(db_open(s->dir, DB_KEYS, DB_WRITE, &w->keys, e));
    w->entropy = entropy_pooled(&w->pool, &s->env.entropy);
    journal_init(&w->journal, "change", w->change, w->entropy, s->env.policy->vocabulary_version);
    bodies_init(&w->bodies, w->change, w->keys);
    typed_init(&w->typed, w->change);
    w->scratch = arena_new("a record being written", SCRATCH_BYTES_MAX);
    TRY(writer_load(w, e));
    TRY(erasures_replay(w, e));
    bell_publish(s, w->journal.tree.size);
    writer_empty_logs(w); /* an erasure may have ended before they were: they may still hold its key */
    return queue_start(write_group, w, GROUP_JOBS_MAX, &s->write_queue, e);
}

/* The last checkpoint covers what was read since the last change. */
static enum status nothing_run(struct writer *w, struct write_job *job, struct err *e)
{
    (void)job, (void)e;
    w->checkpoint_due = true;
    return OK;
}

static bool access_uncovered(struct writer *w)
{
    struct query q CLEANUP_QUERY = {0};
    struct err ignored = {0};
    bool row = false;
    uint64_t size;
    Sha256 root;
    access_published(w->store, &size, &root);
    if (query_start(&q, w->change, Q_checkpoint_last, &ignored) != OK) return false;
    if (query_step(&q, &row, &ignored) != OK) return false;
    return (row ? query_get_u64(&q, 1) : 0) != size;
}

void writer_close(struct writer *w)
{
    struct store *s = w->store;
    struct write_job last = {.run = nothing_run};
    struct err ignored = {0};
    if (!s) return;
    if (s->write_queue) {
        queue_stop(s->write_queue);
        s->write_queue = NULL;
        /* the thread has gone: its work is done here; a failure costs a checkpoint, no entry */
        if (access_uncovered(w)) write_group(w, &last.job);
        err_clear(&ignored);
    }
    typed_done(&w->typed);
    if (w->change) {
        bodies_done(&w->bodies);
        journal_done(&w->journal);
    }
    arena_free(w->scratch);
    db_close(w->change);
    db_close(w->keys);
    explicit_bzero(&w->pool, sizeof w->pool);
    *w = (struct writer){0};
}

enum status writer_submit(struct store *s, struct write_job *job, struct err *e)
{
    MUST(s->magic == STORE_MAGIC);
    if (!s->write_queue) return ERR(e, E_DENIED, "", "the store was opened for reading only.");
    return queue_push(s->write_queue, &job->job, e);
}

enum status writer_do(struct store *s, struct write_job *job, struct err *e)
{
    TRY(writer_submit(s, job, e));
    return queue_wait(s->write_queue, &job->job, e);
}

enum status writer_note(struct writer *w, const struct actor *actor, enum operation op, Str verb,
                        uint64_t record, uint64_t batch, Str body, struct receipt *out, struct err *e)
{
    struct journal_entry entry = {
        .actor = actor,
        .op = op,
        .verb = verb,
        .recorded_at_ms = journal_time(&w->journal, &w->store->env.clock),
        .record = record,
        .batch = batch,
        .key = &w->store->keys.admin,
        .body = body,
    };
    uint64_t seq = 0;
    TRY(journal_append(&w->journal, &entry, &seq, e));
    *out = (struct receipt){.first_seq = seq, .last_seq = seq, .recorded_at_ms = entry.recorded_at_ms};
    return OK;
}

/* ---- folding ---------------------------------------------------------------------------------------- */

enum status writer_fold(struct writer *w, uint64_t number, enum kind_id kind, const struct entry_line *lines,
                        size_t count, bool fresh, struct err *e)
{
    struct record record;
    struct cell cells[COLUMNS_MAX];
    struct err none = {0};
    enum status status =
        count ? record_fold(w->scratch, w->store->env.policy, lines, count, VIEW_NOW, &record, &none)
              : E_NOT_FOUND;
    if (!fresh) TRY(references_clear(w->change, number, e));
    if (status == E_NOT_FOUND) return typed_drop(&w->typed, number, kind, e);
    if (status != OK) {
        if (e && e->status == OK) *e = none;
        return status;
    }
    typed_cells(w->scratch, &record, cells);
    TRY(typed_put(&w->typed, number, kind, cells, e));
    return references_put(w->change, number, w->scratch, &record, e);
}

enum status writer_refold(struct writer *w, uint64_t number, struct err *e)
{
    struct record_row row;
    struct entry_line *lines = NULL;
    size_t count = 0;
    arena_reset(w->scratch);
    TRY(record_row_get(w->change, number, w->scratch, &row, e));
    if (row.erased) {
        TRY(references_clear(w->change, number, e));
        return typed_drop(&w->typed, number, row.id.kind, e);
    }
    TRY(bodies_chain(&w->bodies, number, row.version, UINT64_MAX, w->scratch, &lines, NULL, &count, e));
    return writer_fold(w, number, row.id.kind, lines, count, false, e);
}
