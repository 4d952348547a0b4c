/* The access ledger: who was shown what. Written before it is shown, in a file and by a thread of its own, so
 * that a reading never waits for an import. Several processes may write it: each group looks where it stands.
 */
#include "store/store_private.h"

#include "base/json.h"

#define IDS_NAMED_MAX  100u /* more are given as count and digest */
#define EACH_BYTES_MAX ((size_t)1 << 26)

struct access_job {
    struct job job; /* first */
    const struct actor *viewer;
    enum operation op;
    Str verb;
    uint64_t record;
    Str body;
};

static enum status group_append(struct store *s, struct job *jobs, struct err *e)
{
    struct access_log *log = &s->access;
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&q, log->db, Q_ledger_size, e));
    TRY(query_step(&q, &row, e));
    uint64_t size = row ? query_get_u64(&q, 0) : 0;
    query_done(&q);
    if (size != log->journal.tree.size) TRY(journal_load(&log->journal, e));
    for (struct job *j = jobs; j; j = j->next) {
        const struct access_job *a = (const struct access_job *)j;
        struct journal_entry entry = {
            .actor = a->viewer,
            .op = a->op,
            .verb = a->verb,
            .recorded_at_ms = journal_time(&log->journal, &s->env.clock),
            .record = a->record,
            .key = &s->keys.access,
            .body = a->body,
        };
        uint64_t seq = 0;
        TRY(journal_append(&log->journal, &entry, &seq, e));
    }
    return journal_save(&log->journal, e);
}

static void access_publish(struct access_log *log)
{
    Sha256 root = merkle_root(&log->journal.tree);
    pthread_mutex_lock(&log->mutex);
    log->size = log->journal.tree.size;
    log->root = root;
    pthread_mutex_unlock(&log->mutex);
}

static void access_group(void *state, struct job *jobs)
{
    struct store *s = state;
    struct access_log *log = &s->access;
    struct err e = {0}, ignored = {0};
    enum status status = db_begin_write(log->db, &e);
    if (status == OK) status = group_append(s, jobs, &e);
    if (status == OK) status = db_commit(log->db, &e);
    if (status == OK) {
        access_publish(log);
        return;
    }
    db_rollback(log->db);
    if (journal_load(&log->journal, &ignored) != OK)
        log->journal.tree.size = UINT64_MAX; /* looked at again */
    for (struct job *j = jobs; j; j = j->next) {
        j->status = status;
        j->err = e;
    }
}

enum status access_open(struct store *s, struct err *e)
{
    struct access_log *log = &s->access;
    TRY(db_open(s->dir, DB_ACCESS, DB_WRITE, &log->db, e));
    journal_init(&log->journal, "access", log->db, entropy_pooled(&log->pool, &s->env.entropy),
                 s->env.policy->vocabulary_version);
    TRY(journal_load(&log->journal, e));
    access_publish(log);
    return queue_start(access_group, s, GROUP_JOBS_MAX, &log->queue, e);
}

void access_close(struct store *s)
{
    struct access_log *log = &s->access;
    queue_stop(log->queue);
    log->queue = NULL;
    if (log->db) journal_done(&log->journal);
    db_close(log->db);
    log->db = NULL;
}

void access_published(struct store *s, uint64_t *size, Sha256 *root)
{
    pthread_mutex_lock(&s->access.mutex);
    *size = s->access.size;
    *root = s->access.root;
    pthread_mutex_unlock(&s->access.mutex);
}

enum status access_note(struct store *s, const struct actor *viewer, enum operation op, Str verb,
                        uint64_t record, Str body, struct err *e)
{
    struct access_job job = {.viewer = viewer, .op = op, .verb = verb, .record = record, .body = body};
    TRY(actor_check(viewer, e));
    TRY(queue_push(s->access.queue, &job.job, e));
    return queue_wait(s->access.queue, &job.job, e);
}

static void id_write(struct buf *b, const struct record_id *id)
{
    buf_addf(b, "%.*s:%s:%.*s", STR_ARG(id->ns), kind_of(id->kind)->name, STR_ARG(id->id));
}

/* What a reading was of: {"count":2,"ids":["main:death:D1","main:death:D2"],"query":"..."} */
static enum status reading_write(struct buf *body, Str query, const struct record_id *ids, size_t count,
                                 struct err *e)
{
    struct buf id CLEANUP_BUF;
    buf_init(&id, SIZE_MAX / 4);
    struct json_writer w = json_writer(body, false);
    json_open(&w, '{');
    json_kv_i64(&w, S("count"), (int64_t)count);
    if (count <= IDS_NAMED_MAX) {
        json_put_key(&w, S("ids"));
        json_open(&w, '[');
        for (size_t i = 0; i < count; i++) {
            buf_clear(&id);
            id_write(&id, &ids[i]);
            json_put_str(&w, buf_str(&id));
        }
        json_close(&w, ']');
    } else {
        char hex[2 * SHA256_BYTES + 1];
        for (size_t i = 0; i < count; i++) {
            id_write(&id, &ids[i]);
            buf_add_char(&id, '\n');
        }
        TRY(buf_status(&id, e));
        Sha256 digest = sha256(buf_str(&id));
        hex_encode(digest.byte, SHA256_BYTES, hex);
        json_kv_str(&w, S("digest"), str_of(hex));
    }
    if (!str_empty(query)) json_kv_str(&w, S("query"), query);
    json_close(&w, '}');
    return buf_status(body, e);
}

enum status access_note_records(struct store *s, const struct actor *viewer, enum operation op, Str verb,
                                Str query, uint64_t record, const struct record_id *ids, size_t count,
                                struct err *e)
{
    struct buf body CLEANUP_BUF;
    buf_init(&body, 1 << 20);
    TRY(reading_write(&body, query, ids, count, e));
    return access_note(s, viewer, op, verb, record, buf_str(&body), e);
}

/* Pushed together and then waited for, so that they are one group of the ledger. */
enum status access_note_each(struct store *s, const struct actor *viewer, Str verb, Str query,
                             const uint64_t *record, const struct record_id *ids, size_t count, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("readings being noted", EACH_BYTES_MAX);
    struct access_job *job = NEW_ARRAY(a, struct access_job, count + 1);
    enum status status = actor_check(viewer, e);
    size_t pushed = 0;
    for (; status == OK && pushed < count; pushed++) {
        struct buf body CLEANUP_BUF;
        buf_init(&body, 1 << 20);
        status = reading_write(&body, query, &ids[pushed], 1, e);
        if (status != OK) break;
        job[pushed] = (struct access_job){.viewer = viewer,
                                          .op = OP_CONSULT,
                                          .verb = verb,
                                          .record = record[pushed],
                                          .body = str_copy(a, buf_str(&body))};
        status = queue_push(s->access.queue, &job[pushed].job, e);
        if (status != OK) break;
    }
    for (size_t i = 0; i < pushed; i++) {
        struct err late = {0};
        enum status waited = queue_wait(s->access.queue, &job[i].job, &late);
        if (status == OK && waited != OK) status = ERR(e, waited, late.field, "%s", late.text);
    }
    return status;
}
