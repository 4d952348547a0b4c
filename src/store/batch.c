/* Batches, and the entries that belong to no line: linking runs. */
#include "store/store_private.h"

#include "base/json.h"

static void hash_put(struct json_writer *w, Str key, const Sha256 *hash)
{
    char hex[2 * SHA256_BYTES + 1];
    hex_encode(hash->byte, SHA256_BYTES, hex);
    json_kv_str(w, key, str_of(hex));
}

/* ---- opening ---------------------------------------------------------------------------------------- */

struct open_job {
    struct write_job job; /* first */
    const struct actor *actor;
    const struct batch_info *info;
    Str body;
    uint64_t batch;
};

static enum status open_run(struct writer *w, struct write_job *job, struct err *e)
{
    struct open_job *o = (struct open_job *)job;
    struct receipt r;
    struct query q CLEANUP_QUERY = {0};
    o->batch = ++w->last_batch;
    TRY(writer_note(w, o->actor, OP_COLLECT, S("open_batch"), 0, o->batch, o->body, &r, e));
    TRY(query_start(&q, w->change, Q_batch_put, e));
    query_u64(&q, o->batch);
    query_u64(&q, r.last_seq);
    query_str(&q, o->info->ns);
    query_str(&q, o->info->name);
    query_str(&q, str_present(o->info->mapping) ? o->info->mapping : S(""));
    query_str(&q, o->actor->name);
    query_i64(&q, r.recorded_at_ms);
    return query_run(&q, e);
}

enum status store_batch_open(struct store *s, const struct actor *actor, const struct batch_info *info,
                             uint64_t *batch, struct err *e)
{
    struct buf body CLEANUP_BUF = {0};
    TRY(actor_check(actor, e));
    if (!namespace_valid(info->ns)) return ERR(e, E_INVALID, "ns", "a namespace is 1 to 32 of a-z 0-9 _ -.");
    if (str_empty(info->name)) return ERR(e, E_INVALID, "name", "a batch needs the name of its file.");
    buf_init(&body, 1 << 16);
    struct json_writer w = json_writer(&body, false);
    json_open(&w, '{');
    hash_put(&w, S("digest"), &info->digest);
    json_kv_str(&w, S("mapping"), info->mapping);
    json_kv_str(&w, S("name"), info->name);
    json_kv_str(&w, S("ns"), info->ns);
    json_close(&w, '}');
    TRY(buf_status(&body, e));
    struct open_job job = {.job.run = open_run, .actor = actor, .info = info, .body = buf_str(&body)};
    TRY(writer_do(s, &job.job, e));
    *batch = job.batch;
    return OK;
}

/* ---- withdrawing ------------------------------------------------------------------------------------ */

struct withdraw_job {
    struct write_job job; /* first */
    const struct actor *actor;
    uint64_t batch;
    Str body;
    struct receipt receipt;
};

static enum status batch_places(struct writer *w, uint64_t batch, uint64_t *first, uint64_t *last,
                                struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&q, w->change, Q_batch_get, e));
    query_u64(&q, batch);
    TRY(query_step(&q, &row, e));
    if (!row) return ERR(e, E_NOT_FOUND, "batch", "there is no batch %llu.", (unsigned long long)batch);
    if (query_get_u64(&q, 5) > 0)
        return ERR(e, E_CONFLICT, "batch", "batch %llu was withdrawn already.", (unsigned long long)batch);
    *first = query_get_u64(&q, 3);
    *last = query_get_u64(&q, 4);
    return OK;
}

static enum status withdrawn_set(struct writer *w, uint64_t batch, uint64_t seq, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, w->change, Q_batch_set_withdrawn, e));
    query_u64(&q, batch);
    query_u64(&q, seq);
    TRY(query_run(&q, e));
    return withdrawals_load(&w->bodies.withdrawn, w->change, e);
}

static enum status batch_refold(struct writer *w, uint64_t batch, uint64_t first, uint64_t last,
                                struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, w->change, Q_batch_records, e));
    query_u64(&q, batch);
    query_u64(&q, first);
    query_u64(&q, last);
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        TRY(writer_refold(w, query_get_u64(&q, 0), e));
    }
}

static enum status withdraw_run(struct writer *w, struct write_job *job, struct err *e)
{
    struct withdraw_job *d = (struct withdraw_job *)job;
    uint64_t first = 0, last = 0;
    TRY(batch_places(w, d->batch, &first, &last, e));
    TRY(writer_note(w, d->actor, OP_ALTER, S("withdraw_batch"), 0, d->batch, d->body, &d->receipt, e));
    TRY(withdrawn_set(w, d->batch, d->receipt.last_seq, e));
    return batch_refold(w, d->batch, first, last, e);
}

enum status store_batch_withdraw(struct store *s, const struct actor *actor, Str approved_by, uint64_t batch,
                                 Str reason, struct receipt *out, struct err *e)
{
    struct buf body CLEANUP_BUF = {0};
    TRY(actor_check(actor, e));
    TRY(two_people_check(actor, approved_by, reason, e));
    buf_init(&body, 1 << 16);
    two_people_write(&body, actor, approved_by, reason);
    TRY(buf_status(&body, e));
    struct withdraw_job job = {
        .job.run = withdraw_run, .actor = actor, .batch = batch, .body = buf_str(&body)};
    TRY(writer_do(s, &job.job, e));
    *out = job.receipt;
    return OK;
}

enum status two_people_check(const struct actor *actor, Str approved_by, Str reason, struct err *e)
{
    if (str_empty(str_trim(approved_by)))
        return ERR(e, E_DENIED, "approved_by", "a second person must approve this and be named.");
    if (str_eq_nocase(str_trim(approved_by), str_trim(actor->name)))
        return ERR(e, E_DENIED, "approved_by", "%.*s cannot approve their own act; another person must.",
                   STR_ARG(actor->name));
    if (str_empty(str_trim(reason))) return ERR(e, E_INVALID, "reason", "a reason must be given.");
    return OK;
}

void two_people_write(struct buf *body, const struct actor *actor, Str approved_by, Str reason)
{
    struct json_writer w = json_writer(body, false);
    json_open(&w, '{');
    json_kv_str(&w, S("approved_by"), approved_by);
    json_kv_str(&w, S("by"), actor->name);
    json_kv_str(&w, S("reason"), reason);
    json_close(&w, '}');
}

/* ---- listing ---------------------------------------------------------------------------------------- */

static enum status batches_read(struct reader *r, struct arena *a, struct batch_row **out, size_t *count,
                                struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    struct batch_row *list = NULL;
    size_t n = 0, room = 0;
    TRY(query_start(&q, r->bodies.change, Q_batch_list, e));
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row) break;
        ARENA_ROOM(a, list, room, n + 1, 16);
        list[n++] = (struct batch_row){
            .batch = query_get_u64(&q, 0),
            .ns = str_copy(a, query_get_str(&q, 1)),
            .name = str_copy(a, query_get_str(&q, 2)),
            .mapping = str_copy(a, query_get_str(&q, 3)),
            .by = str_copy(a, query_get_str(&q, 4)),
            .opened_at_ms = query_get_i64(&q, 5),
            .entries = query_get_u64(&q, 6),
            .withdrawn = query_get_u64(&q, 7) > 0,
            .first_seq = query_get_u64(&q, 8),
            .last_seq = query_get_u64(&q, 9),
        };
    }
    *out = list;
    *count = n;
    return OK;
}

enum status store_batches(struct store *s, const struct actor *viewer, struct arena *a,
                          struct batch_row **out, size_t *count, struct err *e)
{
    struct reader *r = NULL;
    struct batch_row *list = NULL;
    size_t n = 0;
    TRY(actor_check(viewer, e));
    TRY(reader_take(s, &r, e));
    enum status status = batches_read(r, a, &list, &n, e);
    reader_give(s, r);
    TRY(status);
    TRY(access_note_records(s, viewer, OP_CONSULT, S("batches"), STR_NONE, 0, NULL, 0, e));
    *out = list;
    *count = n;
    return OK;
}
