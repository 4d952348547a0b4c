/* Linking runs: each an entry of combination, with what it used and a digest of what came out. */
#include "store/follow.h"
#include "store/store_private.h"

#include "base/json.h"

#define BODY_BYTES_MAX ((size_t)1 << 16)

struct link_job {
    struct write_job job; /* first */
    const struct actor *actor;
    const struct link_run *run;
    size_t count;
    uint64_t through;
    struct receipt receipt;
};

static void run_write(struct buf *body, const struct link_run *run, uint64_t through)
{
    char hex[2 * SHA256_BYTES + 1];
    struct json_writer w = json_writer(body, false);
    hex_encode(run->digest.byte, SHA256_BYTES, hex);
    json_open(&w, '{');
    json_kv_str(&w, S("digest"), str_of(hex));
    json_kv_i64(&w, S("epoch_ms"), run->epoch_ms);
    json_kv_str(&w, S("model"), run->model);
    if (through > 0) json_kv_i64(&w, S("through"), (int64_t)through);
    json_close(&w, '}');
}

static enum status link_runs(struct writer *w, struct write_job *job, struct err *e)
{
    struct link_job *l = (struct link_job *)job;
    struct buf body CLEANUP_BUF;
    buf_init(&body, BODY_BYTES_MAX);
    for (size_t i = 0; i < l->count; i++) {
        struct record_row row;
        struct receipt one = {0};
        buf_clear(&body);
        run_write(&body, &l->run[i], l->through);
        TRY(buf_status(&body, e));
        TRY(record_row_find(w->change, &l->run[i].event, &row, e));
        TRY(writer_note(w, l->actor, OP_COMBINE, S("link_run"), row.number, 0, buf_str(&body), &one, e));
        if (i == 0) l->receipt = one;
        l->receipt.last_seq = one.last_seq;
    }
    return OK;
}

enum status store_link_runs(struct store *s, const struct actor *actor, const struct link_run *run,
                            size_t count, uint64_t through, struct receipt *out, struct err *e)
{
    struct link_job job = {
        .job.run = link_runs, .actor = actor, .run = run, .count = count, .through = through};
    TRY(actor_check(actor, e));
    for (size_t i = 0; i < count; i++)
        if (str_empty(run[i].model)) return ERR(e, E_INVALID, "model", "a linking run must name its model.");
    TRY(writer_do(s, &job.job, e));
    *out = job.receipt;
    return OK;
}

enum status store_link_run(struct store *s, const struct actor *actor, const struct link_run *run,
                           struct receipt *out, struct err *e)
{
    return store_link_runs(s, actor, run, 1, 0, out, e);
}

/* ---- how far linking has come ------------------------------------------------------------------------ */

static uint64_t through_of(Str body)
{
    struct json_doc doc CLEANUP_JSON = {0};
    struct err ignored = {0};
    if (json_parse(body, &doc, &ignored) != OK) return 0;
    int64_t through = json_integer(json_get(doc.root, "through"));
    return through > 0 ? (uint64_t)through : 0;
}

static enum status linked_through(struct store *s, struct reader *r, uint64_t *out, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("a linking run", SCRATCH_BYTES_MAX);
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, r->bodies.change, Q_entries_link_runs, e));
    *out = 0;
    for (bool row = true; *out == 0;) {
        uint64_t prior = 0, batch = 0;
        Str text;
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        arena_reset(a);
        TRY(bodies_text(&r->bodies, &s->keys.admin, query_get_u64(&q, 0), a, &text, &prior, &batch, e));
        *out = through_of(text);
    }
    return OK;
}

enum status store_linked_through(struct store *s, uint64_t *through, struct err *e)
{
    struct reader *r = NULL;
    uint64_t found = 0;
    TRY(reader_take(s, &r, e));
    enum status status = linked_through(s, r, &found, e);
    reader_give(s, r);
    if (status == OK) *through = found;
    return status;
}
