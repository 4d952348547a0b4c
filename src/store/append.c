/* Appending lines: what is new is written, what says the same again is not. */
#include "store/store_private.h"

#include "base/alloc.h"

#include <stddef.h>

#define NAME_BYTES_MAX 400u

/* A line as its sender gave it, made ready by the caller's thread: the writer is the narrow place. */
struct ready_line {
    struct change change;      /* known_at settled */
    size_t body_from, body_to; /* in the ticket's bodies */
};

struct store_ticket {
    struct write_job job; /* first */
    const struct actor *actor;
    uint64_t batch;
    const uint64_t *expected;
    struct ready_line *line;
    size_t count;
    struct buf bodies;
    enum taken *taken;
    struct receipt receipt;
};

/* ---- in the caller's thread ------------------------------------------------------------------------- */

static enum status line_check(const struct change *c, int64_t now_ms, struct err *e)
{
    unsigned long long line = c->line;
    if (c->record.kind >= KIND_COUNT)
        return ERR(e, E_INVALID, "kind", "line %llu: there is no such kind.", line);
    if (!namespace_valid(c->record.ns))
        return ERR(e, E_INVALID, "ns", "line %llu: a namespace is 1 to 32 of a-z 0-9 _ -.", line);
    if (str_empty(c->record.id) || c->record.id.len > NAME_BYTES_MAX)
        return ERR(e, E_INVALID, "id", "line %llu: an id has 1 to %u bytes.", line, NAME_BYTES_MAX);
    if (str_empty(c->source) || c->source.len > NAME_BYTES_MAX)
        return ERR(e, E_INVALID, "source", "line %llu: a source has 1 to %u bytes.", line, NAME_BYTES_MAX);
    if (c->fact_count == 0)
        return ERR(e, E_INVALID, "set", "line %llu: at least one field must be given.", line);
    if (c->line > INT64_MAX) return ERR(e, E_INVALID, "line", "a line number is below 2^63.");
    if (!c->known_at_implied && c->known_at_ms > now_ms)
        return ERR(e, E_INVALID, "known_at",
                   "line %llu: known_at is later than now; nothing can be known before it is known.", line);
    return OK;
}

static enum status ticket_fill(struct store_ticket *t, const struct change *changes, int64_t now_ms,
                               struct err *e)
{
    for (size_t i = 0; i < t->count; i++) {
        struct ready_line *line = &t->line[i];
        TRY(line_check(&changes[i], now_ms, e));
        line->change = changes[i];
        if (line->change.known_at_implied &&
            (line->change.known_at_ms <= 0 || line->change.known_at_ms > now_ms))
            line->change.known_at_ms = now_ms;
        line->body_from = t->bodies.len;
        change_write_body(&t->bodies, &line->change);
        line->body_to = t->bodies.len;
    }
    return buf_status(&t->bodies, e);
}

static void ticket_free(struct store_ticket *t)
{
    buf_free(&t->bodies);
    alloc_free(t->line);
    alloc_free(t);
}

/* ---- in the writer ---------------------------------------------------------------------------------- */

/* What is already known of the record that a line is about. */
struct standing {
    struct record_row row;
    bool known; /* it has a number */
    bool live;  /* and a line that counts */
    struct record_key key;
    struct entry_line *line;
    Str *text;
    size_t count;
};

static enum status standing_read(struct writer *w, const struct change *c, struct standing *s, struct err *e)
{
    struct err none = {0};
    enum status status = record_row_find(w->change, &c->record, &s->row, &none);
    if (status == E_NOT_FOUND) return OK;
    if (status != OK) {
        *e = none;
        return status;
    }
    if (s->row.erased)
        return ERR(e, E_DENIED, "id", "%.*s %.*s was erased and cannot come back under the same id.",
                   STR_ARG(str_of(kind_of(c->record.kind)->name)), STR_ARG(c->record.id));
    s->known = true;
    TRY(keys_get(w->keys, s->row.number, &s->key, e));
    TRY(bodies_chain(&w->bodies, s->row.number, s->row.version, UINT64_MAX, w->scratch, &s->line, &s->text,
                     &s->count, e));
    for (size_t i = 0; i < s->count; i++)
        s->live = s->live || !s->line[i].withdrawn;
    return OK;
}

static bool line_later(const struct entry_line *a, const struct entry_line *b)
{
    if (a->change.known_at_ms != b->change.known_at_ms) return a->change.known_at_ms > b->change.known_at_ms;
    if (a->change.line != b->change.line) return a->change.line > b->change.line;
    return a->seq > b->seq;
}

static const struct fact *fact_of(const struct change *c, int field)
{
    for (size_t i = 0; i < c->fact_count; i++) {
        if (c->fact[i].field == field) return &c->fact[i];
    }
    return NULL;
}

/* Does this source hold exactly this fact already? Withdrawing what it does not hold changes nothing. */
static bool fact_held(const struct standing *s, Str source, const struct fact *fact)
{
    const struct entry_line *latest = NULL;
    const struct fact *held = NULL;
    for (size_t i = 0; i < s->count; i++) {
        const struct entry_line *line = &s->line[i];
        if (line->withdrawn || !str_eq(line->change.source, source)) continue;
        const struct fact *mine = fact_of(&line->change, fact->field);
        if (!mine || (latest && !line_later(line, latest))) continue;
        latest = line;
        held = mine;
    }
    if (!held) return str_eq(fact->value, S("null"));
    return str_eq(held->value, fact->value) && str_eq(held->given, fact->given);
}

static bool says_nothing_new(const struct standing *s, const struct change *c, Str body)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->line[i].withdrawn) continue;
        if (str_eq(s->text[i], body) || change_same(&s->line[i].change, c)) return true;
    }
    if (!c->known_at_implied || !s->live) return false;
    for (size_t i = 0; i < c->fact_count; i++) {
        if (!fact_held(s, c->source, &c->fact[i])) return false;
    }
    return true;
}

static enum status record_make(struct writer *w, const struct record_id *id, uint64_t version,
                               struct standing *s, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, w->change, Q_record_put, e));
    query_u64(&q, s->row.number);
    query_str(&q, id->ns);
    query_str(&q, str_of(kind_of(id->kind)->name));
    query_str(&q, id->id);
    query_u64(&q, version);
    return query_run(&q, e);
}

static enum status version_set(struct writer *w, uint64_t number, uint64_t version, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, w->change, Q_record_set_version, e));
    query_u64(&q, number);
    query_u64(&q, version);
    return query_run(&q, e);
}

/* Entry, body, record, typed row. */
static enum status line_write(struct writer *w, struct store_ticket *t, const struct change *c, Str body,
                              struct standing *s, struct err *e)
{
    bool fresh = !s->known;
    if (fresh) {
        s->row.number = ++w->last_record;
        w->entropy.fill(w->entropy.state, s->key.byte, RECORD_KEY_BYTES);
        TRY(keys_put(w->keys, s->row.number, &s->key, e));
    }
    struct journal_entry entry = {
        .actor = t->actor,
        .op = fresh ? OP_COLLECT : OP_ALTER,
        .verb = S("append"),
        .source = c->source,
        .recorded_at_ms = t->receipt.recorded_at_ms,
        .known_at_ms = c->known_at_ms,
        .record = s->row.number,
        .prior = s->row.version,
        .batch = t->batch,
        .line = c->line,
        .key = &s->key,
        .body = body,
    };
    uint64_t seq = 0;
    TRY(journal_append(&w->journal, &entry, &seq, e));
    if (fresh)
        TRY(record_make(w, &c->record, seq, s, e));
    else
        TRY(version_set(w, s->row.number, seq, e));
    if (!t->receipt.first_seq) t->receipt.first_seq = seq;
    t->receipt.last_seq = seq;
    struct entry_line *lines = NEW_ARRAY(w->scratch, struct entry_line, s->count + 1);
    if (s->count) memcpy(lines, s->line, s->count * sizeof lines[0]);
    lines[s->count] = (struct entry_line){.change = *c, .seq = seq};
    return writer_fold(w, s->row.number, c->record.kind, lines, s->count + 1, fresh, e);
}

static enum status line_take(struct writer *w, struct store_ticket *t, size_t i, struct err *e)
{
    const struct change *c = &t->line[i].change;
    Str body = str_slice(buf_str(&t->bodies), t->line[i].body_from, t->line[i].body_to);
    struct standing s = {0};
    arena_reset(w->scratch);
    TRY(standing_read(w, c, &s, e));
    if (t->expected && t->expected[i] != UINT64_MAX && t->expected[i] != s.row.version)
        return ERR(
            e, E_CONFLICT, "version", "%.*s was changed by somebody else: it is at version %llu, not %llu.",
            STR_ARG(c->record.id), (unsigned long long)s.row.version, (unsigned long long)t->expected[i]);
    enum taken taken = s.live ? TAKEN_UPDATED : TAKEN_NEW;
    if (says_nothing_new(&s, c, body))
        taken = TAKEN_UNCHANGED;
    else
        TRY(line_write(w, t, c, body, &s, e));
    t->receipt.count[taken]++;
    if (t->taken) t->taken[i] = taken;
    return OK;
}

static enum status batch_check(struct writer *w, uint64_t batch, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&q, w->change, Q_batch_get, e));
    query_u64(&q, batch);
    TRY(query_step(&q, &row, e));
    if (!row) return ERR(e, E_NOT_FOUND, "batch", "there is no batch %llu.", (unsigned long long)batch);
    if (query_get_u64(&q, 5) > 0)
        return ERR(e, E_CONFLICT, "batch", "batch %llu was withdrawn; open another one.",
                   (unsigned long long)batch);
    return OK;
}

static enum status batch_extend(struct writer *w, const struct store_ticket *t, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, w->change, Q_batch_extend, e));
    query_u64(&q, t->batch);
    query_u64(&q, t->receipt.count[TAKEN_NEW] + t->receipt.count[TAKEN_UPDATED]);
    query_u64(&q, t->receipt.first_seq);
    query_u64(&q, t->receipt.last_seq);
    return query_run(&q, e);
}

static enum status append_run(struct writer *w, struct write_job *job, struct err *e)
{
    struct store_ticket *t = (struct store_ticket *)job;
    if (t->batch) TRY(batch_check(w, t->batch, e));
    t->receipt = (struct receipt){.recorded_at_ms = journal_time(&w->journal, &w->store->env.clock)};
    for (size_t i = 0; i < t->count; i++)
        TRY(line_take(w, t, i, e));
    return t->batch && t->receipt.last_seq ? batch_extend(w, t, e) : OK;
}

/* ---- the calls -------------------------------------------------------------------------------------- */

static enum status submit(struct store *s, const struct actor *actor, uint64_t batch,
                          const struct change *changes, size_t count, const uint64_t *expected,
                          enum taken *taken, struct store_ticket **out, struct err *e)
{
    MUST(s->magic == STORE_MAGIC);
    TRY(actor_check(actor, e));
    if (count == 0) return ERR(e, E_INVALID, "", "there is nothing to append.");
    struct store_ticket *t = alloc_zero(1, sizeof *t);
    t->job.run = append_run;
    t->actor = actor;
    t->batch = batch;
    t->expected = expected;
    t->count = count;
    t->line = alloc_zero(count, sizeof t->line[0]);
    t->taken = taken;
    buf_init(&t->bodies, SIZE_MAX / 4);
    enum status status = ticket_fill(t, changes, clock_now_ms(&s->env.clock), e);
    if (status == OK) status = writer_submit(s, &t->job, e);
    if (status != OK) {
        ticket_free(t);
        return status;
    }
    *out = t;
    return OK;
}

enum status store_submit(struct store *s, const struct actor *actor, uint64_t batch,
                         const struct change *changes, size_t count, enum taken *taken,
                         struct store_ticket **out, struct err *e)
{
    return submit(s, actor, batch, changes, count, NULL, taken, out, e);
}

enum status store_wait(struct store *s, struct store_ticket *ticket, struct receipt *out, struct err *e)
{
    enum status status = queue_wait(s->write_queue, &ticket->job.job, e);
    if (status == OK) *out = ticket->receipt;
    ticket_free(ticket);
    return status;
}

enum status store_append(struct store *s, const struct actor *actor, uint64_t batch,
                         const struct change *changes, size_t count, const uint64_t *expected,
                         enum taken *taken, struct receipt *out, struct err *e)
{
    struct store_ticket *t = NULL;
    TRY(submit(s, actor, batch, changes, count, expected, taken, &t, e));
    return store_wait(s, t, out, e);
}
