/* store_verify: opens the files for reading only, recomputes every hash, and holds the result against every
 * checkpoint, those in the store and the one that was kept elsewhere. */
#include "store/audit_body.h"
#include "store/verify_names.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

#define ULL(n) ((unsigned long long)(n))

enum { CHANGE, ACCESS, LEDGERS };

struct verifier {
    struct findings findings[LEDGERS];
    struct audit *audit[LEDGERS];
    struct db *ledger[LEDGERS], *keys;
    unsigned char public_half[32];
    bool public_half_known;
    char store[40]; /* the store's own name, "" when it cannot be read */
    bool other_store_said, other_key_said;
    struct verify_report report;
};

/* ---- files ----------------------------------------------------------------------------------------- */

/* A damaged file is a finding, like anything else that somebody may have done to it; the walk over it ends.
 */
static enum status as_finding(struct findings *f, uint64_t seq, enum status status, struct err *e)
{
    if (status != E_DB) return status;
    findings_add(f, seq, "damaged", "%s", e->text);
    err_clear(e);
    return OK;
}

static enum status open_file(const char *dir, enum db_file file, struct findings *f, struct db **out,
                             struct err *e)
{
    enum status status = db_open(dir, file, DB_READ, out, e);
    if (status == OK) status = db_begin(*out, e);
    if (status == E_NOT_FOUND) {
        findings_add(f, 0, "file missing", "%s is not there.", db_file_name(file));
        err_clear(e);
        return OK;
    }
    if (status != OK) {
        db_close(*out);
        *out = NULL;
    }
    return as_finding(f, 0, status, e);
}

static enum status open_all(struct verifier *v, const char *dir, struct err *e)
{
    enum status status = db_open(dir, DB_CHANGE, DB_READ, &v->ledger[CHANGE], e);
    if (status == E_NOT_FOUND) {
        err_clear(e);
        return ERR(e, E_NOT_FOUND, "", "There is no store in %s: make one with `colligate init`.", dir);
    }
    if (status == OK) status = db_begin(v->ledger[CHANGE], e);
    TRY(as_finding(&v->findings[CHANGE], 0, status, e));
    TRY(open_file(dir, DB_ACCESS, &v->findings[ACCESS], &v->ledger[ACCESS], e));
    return open_file(dir, DB_KEYS, &v->findings[CHANGE], &v->keys, e);
}

static enum status read_signing_key(struct verifier *v, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    if (v->keys == NULL) return OK;
    TRY(query_start(&q, v->keys, Q_key_named_get, e));
    query_str(&q, S("signing"));
    TRY(query_step(&q, &row, e));
    const Str secret = row ? query_get_blob(&q, 0) : S("");
    struct signing_key key;
    if (secret.len != sizeof key) {
        findings_add(&v->findings[CHANGE], 0, "key missing", "keys.db holds no signing key.");
        return OK;
    }
    memcpy(&key, secret.ptr, sizeof key);
    memcpy(v->public_half, key.public_half, sizeof v->public_half);
    v->public_half_known = true;
    sodium_memzero(&key, sizeof key);
    return OK;
}

static enum status read_store_name(struct verifier *v, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&q, v->ledger[CHANGE], Q_ledger_meta_get, e));
    query_str(&q, S("store"));
    TRY(query_step(&q, &row, e));
    const Str name = row ? query_get_str(&q, 0) : S("");
    if (name.len > 0 && name.len < sizeof v->store) memcpy(v->store, name.ptr, name.len);
    return OK;
}

/* ---- entries --------------------------------------------------------------------------------------- */

/* All 64 bits, so that no altered number is read as the right one. */
static uint64_t get_bits(struct query *q, int column)
{
    return (uint64_t)query_get_i64(q, column);
}

/* The columns of ledger_entries. */
enum {
    C_SEQ,
    C_STREAM,
    C_RECORDED_AT,
    C_KNOWN_AT,
    C_CONTEXT,
    C_OPERATION,
    C_VERB,
    C_RECORD,
    C_PRIOR,
    C_BATCH,
    C_LINE,
    C_SOURCE,
    C_OUTCOME,
    C_COMMITMENT,
    C_LEAF,
    C_SEALED
};

/* *known false: the entry names a context or a source that is not there; that is then said. */
static enum status read_leaf(struct query *q, struct names *n, struct findings *f, struct leaf *leaf,
                             bool *known, struct err *e)
{
    const uint64_t seq = get_bits(q, C_SEQ);
    const struct context *c = NULL;
    Str source;
    TRY(names_context(n, q->db, get_bits(q, C_CONTEXT), &c, e));
    TRY(names_source(n, q->db, get_bits(q, C_SOURCE), &source, known, e));
    if (c == NULL || !*known) {
        *known = false;
        findings_add(f, seq, "context missing", "Entry %llu of the %s ledger names a %s that is not there.",
                     ULL(seq), f->ledger, c == NULL ? "context" : "source");
        return OK;
    }
    *leaf = (struct leaf){
        .ledger = f->ledger,
        .stream = get_bits(q, C_STREAM),
        .seq = seq,
        .recorded_at_ms = query_get_i64(q, C_RECORDED_AT),
        .known_at_ms = query_get_i64(q, C_KNOWN_AT),
        .actor = c->actor,
        .role = c->role,
        .unit = c->unit,
        .on_behalf_of = c->on_behalf_of,
        .session = c->session,
        .origin = c->origin,
        .operation = column_u32(q, C_OPERATION),
        .verb = query_get_str(q, C_VERB),
        .record = get_bits(q, C_RECORD),
        .prior = get_bits(q, C_PRIOR),
        .batch = get_bits(q, C_BATCH),
        .line = get_bits(q, C_LINE),
        .source = source,
        .outcome = query_get_str(q, C_OUTCOME),
        .vocabulary_version = c->vocabulary_version,
        .normaliser_version = c->normaliser_version,
    };
    if (!query_get_hash(q, C_COMMITMENT, &leaf->commitment))
        leaf->operation = UINT32_MAX; /* never written so */
    return OK;
}

static enum status take_entry(struct query *q, struct names *n, struct audit *audit,
                              struct body_audit *bodies, struct findings *f, struct err *e)
{
    const int64_t seq = query_get_i64(q, C_SEQ);
    if (seq < 1) {
        findings_add(f, 0, "inserted", "An entry numbered %" PRId64 " was put into the %s ledger.", seq,
                     f->ledger);
        return OK;
    }
    struct leaf leaf;
    Sha256 stored = {{0}};
    if (!query_get_hash(q, C_LEAF, &stored)) stored = (Sha256){{0}};
    bool known = false;
    TRY(read_leaf(q, n, f, &leaf, &known, e));
    if (!known) {
        audit_take_unread(audit, (uint64_t)seq, &stored);
        body_audit_take_odd(bodies, column_u32(q, C_OPERATION), get_bits(q, C_RECORD));
        return OK;
    }
    if (!audit_take(audit, &leaf, &stored)) {
        body_audit_take_odd(bodies, leaf.operation, leaf.record);
        return OK;
    }
    return body_audit_take(bodies, &leaf, query_is_null(q, C_SEALED) ? STR_NONE : query_get_blob(q, C_SEALED),
                           e);
}

static enum status walk_entries(struct db *d, struct names *n, struct audit *audit, struct body_audit *bodies,
                                struct findings *f, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, d, Q_ledger_entries, e));
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        TRY(take_entry(&q, n, audit, bodies, f, e));
    }
}

/* Bodies in the gaps between entries need no word of their own: the gap has one. */
static enum status walk_lone_bodies(struct db *d, const struct audit *audit, struct findings *f,
                                    struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, d, Q_ledger_bodies_alone, e));
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        const int64_t seq = query_get_i64(&q, 0);
        if (seq >= 1 && (uint64_t)seq <= audit_last_seq(audit)) continue;
        findings_add(f, seq < 1 ? 0 : (uint64_t)seq, "body alone",
                     "A body numbered %" PRId64 " belongs to no entry: the %s ledger ends at %llu.", seq,
                     f->ledger, ULL(audit_last_seq(audit)));
    }
}

/* What the store keeps of its own tree, to go on from after opening. */
static enum status expect_edge(struct verifier *v, int which, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&q, v->ledger[which], Q_ledger_tree_get, e));
    TRY(query_step(&q, &row, e));
    struct merkle edge;
    merkle_init(&edge);
    if (row) {
        const Str levels = query_get_blob(&q, 1);
        edge.size = get_bits(&q, 0);
        memcpy(edge.edge, levels.ptr, levels.len < sizeof edge.edge ? levels.len : sizeof edge.edge);
    }
    audit_expect_edge(v->audit[which], &edge);
    return OK;
}

static enum status walk_ledger(struct verifier *v, int which, struct body_audit *bodies, struct err *e)
{
    struct db *d = v->ledger[which];
    struct findings *f = &v->findings[which];
    struct names n;
    names_init(&n);
    enum status status = expect_edge(v, which, e);
    if (status == OK) status = walk_entries(d, &n, v->audit[which], bodies, f, e);
    names_free(&n);
    if (status == OK) status = walk_lone_bodies(d, v->audit[which], f, e);
    return status;
}

/* Which entry of a record counts, and whether it was erased or its batch withdrawn, stands beside the entries
 * and can be altered alone: a record is hidden so, or an older word of it shown. Asked of sound entries only.
 */
/* Rows that no entry made: one finding a table. */
static enum status walk_strangers(struct db *d, enum statement which, const char *table, const char *what,
                                  struct findings *f, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    uint64_t count = 0, first = 0;
    TRY(query_start(&q, d, which, e));
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row) break;
        if (count++ == 0) first = get_bits(&q, 0);
    }
    if (count > 0)
        findings_add(f, 0, what, "The table %s holds %llu rows that no entry made, the first of number %llu.",
                     table, ULL(count), ULL(first));
    return OK;
}

static enum status walk_standings(struct db *d, struct findings *f, struct err *e)
{
    struct query r CLEANUP_QUERY = {0}, b CLEANUP_QUERY = {0};
    TRY(query_start(&r, d, Q_record_unfit, e));
    for (bool row = true;;) {
        TRY(query_step(&r, &row, e));
        if (!row) break;
        const char *what = query_get_i64(&r, 2)   ? "its row was removed"
                           : query_get_i64(&r, 3) ? "its mark of erasure was altered"
                                                  : "its row names another entry as its last";
        findings_add(f, get_bits(&r, 1), "record row", "Record %llu does not stand as its entries say: %s.",
                     ULL(get_bits(&r, 0)), what);
    }
    TRY(query_start(&b, d, Q_batch_unfit, e));
    for (bool row = true;;) {
        TRY(query_step(&b, &row, e));
        if (!row) break;
        findings_add(f, get_bits(&b, 1), "batch row",
                     "Batch %llu does not stand as its entries say: its row or its withdrawal was altered.",
                     ULL(get_bits(&b, 0)));
    }
    TRY(walk_strangers(d, Q_record_nobody, "record", "record row", f, e));
    return walk_strangers(d, Q_batch_nobody, "batch", "batch row", f, e);
}

static enum status verify_ledger(struct verifier *v, int which, struct err *e)
{
    if (v->ledger[which] == NULL) return OK;
    struct findings *f = &v->findings[which];
    struct body_audit *bodies = body_audit_new(v->keys, f);
    enum status status = walk_ledger(v, which, bodies, e);
    if (status == OK) {
        audit_settle(v->audit[which]);
        status = body_audit_settle(bodies, &v->report.bodies_opened, &v->report.bodies_erased, e);
    }
    body_audit_free(bodies);
    if (status == OK && which == CHANGE && f->count == 0) status = walk_standings(v->ledger[which], f, e);
    return as_finding(f, audit_last_seq(v->audit[which]) + 1, status, e);
}

/* ---- checkpoints ----------------------------------------------------------------------------------- */

static void expect_both(struct verifier *v, const struct checkpoint *c, bool outside)
{
    audit_expect(v->audit[CHANGE], c->change_size, &c->change_root, c->at_ms, outside);
    audit_expect(v->audit[ACCESS], c->access_size, &c->access_root, c->at_ms, outside);
}

static bool signed_by_us(const struct verifier *v, const struct checkpoint *c)
{
    return !v->public_half_known || memcmp(c->public_half, v->public_half, sizeof v->public_half) == 0;
}

static void take_outside(struct verifier *v, const struct checkpoint *c)
{
    struct findings *f = &v->findings[CHANGE];
    if (v->store[0] != '\0' && strcmp(v->store, c->store) != 0)
        findings_add(f, 0, "other store",
                     "The checkpoint that was kept elsewhere is of the store %s; this is the store %s.",
                     c->store, v->store);
    if (!signed_by_us(v, c))
        findings_add(f, 0, "other key",
                     "The checkpoint that was kept elsewhere was signed with another key than this store's: "
                     "the key was "
                     "replaced.");
    expect_both(v, c, true);
}

/* The columns of checkpoint_list: id, at, change_size, access_size, text. */
static void take_checkpoint(struct verifier *v, struct query *q, struct checkpoint *last)
{
    struct findings *f = &v->findings[CHANGE];
    const int64_t id = query_get_i64(q, 0);
    struct checkpoint c;
    struct err why = {0};
    if (checkpoint_read(query_get_str(q, 4), &c, &why) != OK) {
        findings_add(f, 0, "checkpoint", "Checkpoint %" PRId64 " was altered: %s", id, why.text);
        return;
    }
    if (c.at_ms != query_get_i64(q, 1) || c.change_size != get_bits(q, 2) || c.access_size != get_bits(q, 3))
        findings_add(f, c.change_size, "checkpoint",
                     "The columns of checkpoint %" PRId64 " do not say what it says.", id);
    if (!signed_by_us(v, &c)) {
        if (!v->other_key_said)
            findings_add(
                f, c.change_size, "other key",
                "Checkpoint %" PRId64 " was not signed with this store's key: one of them was replaced.", id);
        v->other_key_said = true;
        return;
    }
    if (v->store[0] != '\0' && strcmp(v->store, c.store) != 0 && !v->other_store_said) {
        findings_add(f, c.change_size, "other store",
                     "Checkpoint %" PRId64 " is of the store %s; this is the store %s.", id, c.store,
                     v->store);
        v->other_store_said = true;
    }
    if (c.change_size < last->change_size || c.access_size < last->access_size)
        findings_add(f, c.change_size, "checkpoint",
                     "Checkpoint %" PRId64 " covers less than the one before it.", id);
    *last = c;
    v->report.checkpoints++;
    expect_both(v, &c, false);
}

static enum status take_checkpoints(struct verifier *v, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    struct checkpoint last = {0};
    int64_t next = 1;
    TRY(query_start(&q, v->ledger[CHANGE], Q_checkpoint_list, e));
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        const int64_t id = query_get_i64(&q, 0);
        if (id != next)
            findings_add(&v->findings[CHANGE], last.change_size, "checkpoint",
                         "Checkpoint %" PRId64 " is missing.", next);
        take_checkpoint(v, &q, &last);
        next = id + 1;
    }
}

/* ---- all ------------------------------------------------------------------------------------------- */

/* A file is seen as it stood at its first query. So change.db is asked first, then keys.db, which holds every
 * key that was there before its record; access.db last, which holds every reading that a checkpoint in
 * change.db speaks of. A store can be verified while it is written. */
static enum status verify_all(struct verifier *v, const char *dir, const struct checkpoint *outside,
                              struct err *e)
{
    struct findings *f = &v->findings[CHANGE];
    TRY(open_all(v, dir, e));
    if (v->ledger[CHANGE]) TRY(as_finding(f, 0, read_store_name(v, e), e));
    TRY(as_finding(f, 0, read_signing_key(v, e), e));
    if (v->ledger[CHANGE]) TRY(as_finding(f, 0, take_checkpoints(v, e), e));
    if (outside) take_outside(v, outside);
    for (int which = 0; which < LEDGERS; which++)
        TRY(verify_ledger(v, which, e));
    return OK;
}

static void close_all(struct verifier *v)
{
    for (int which = 0; which < LEDGERS; which++) {
        audit_free(v->audit[which]);
        if (v->ledger[which]) db_rollback(v->ledger[which]);
        db_close(v->ledger[which]);
    }
    if (v->keys) db_rollback(v->keys);
    db_close(v->keys);
}

enum status store_verify(const char *dir, const struct store_env *env, Str checkpoint, finding_visit visit,
                         void *state, struct verify_report *out, struct err *e)
{
    (void)env; /* nothing here depends on the time, on chance or on policy */
    struct checkpoint outside;
    struct err own = {0};
    if (str_present(checkpoint)) TRY(checkpoint_read(checkpoint, &outside, e));
    if (sodium_init() < 0) return ERR(e, E_INTERNAL, "", "The library of ciphers does not start.");
    struct verifier v = {.findings = {{.ledger = "change", .visit = visit, .state = state},
                                      {.ledger = "access", .visit = visit, .state = state}}};
    for (int which = 0; which < LEDGERS; which++)
        v.audit[which] = audit_new(&v.findings[which]);
    const enum status status = verify_all(&v, dir, str_present(checkpoint) ? &outside : NULL, &own);
    v.report.change_entries = audit_rows(v.audit[CHANGE]);
    v.report.access_entries = audit_rows(v.audit[ACCESS]);
    for (int which = 0; which < LEDGERS; which++) {
        findings_close(&v.findings[which]);
        v.report.findings += v.findings[which].count;
    }
    close_all(&v);
    if (status != OK) return ERR(e, status, own.field, "%s", own.text);
    *out = v.report;
    return OK;
}
