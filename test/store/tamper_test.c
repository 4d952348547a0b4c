/* A store is made by the public calls and tampered with by SQL, one way at a time: verify must say these
 * findings and no others. "change:altered@40" is ledger, word, place. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/stream.h"
#include "store/ledger.h"
#include "tamper_site.h"

/* ---- tampering --------------------------------------------------------------------------------------- */

#define FREE                                                                                                 \
    "DROP TRIGGER IF EXISTS entry_is_final; DROP TRIGGER IF EXISTS entry_stays; DROP TRIGGER IF EXISTS "     \
    "body_is_final;"                                                                                         \
    "DROP TRIGGER IF EXISTS body_stays; DROP TRIGGER IF EXISTS checkpoint_is_final;"                         \
    "DROP TRIGGER IF EXISTS checkpoint_stays;"

static sqlite3 *open_sql(const char *dir, const char *file)
{
    char path[160];
    sqlite3 *db = NULL;
    snprintf(path, sizeof path, "%s/%s", dir, file);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (strcmp(file, "keys.db") != 0) assert_int_equal(sqlite3_exec(db, FREE, NULL, NULL, NULL), SQLITE_OK);
    return db;
}

/* Must change something: a row of the table below that does nothing would prove nothing. */
static void run_sql(sqlite3 *db, const char *sql)
{
    const int before = sqlite3_total_changes(db);
    char *why = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK) fail_msg("%s: %s", sql, why);
    if (sqlite3_total_changes(db) == before) fail_msg("%s: changed nothing", sql);
}

static Str column_text(sqlite3_stmt *q, int column)
{
    const unsigned char *text = sqlite3_column_text(q, column);
    return (Str){(const char *)text, (size_t)sqlite3_column_bytes(q, column)};
}

static const char select_leaf[] =
    "SELECT e.stream, e.recorded_at, e.known_at, c.actor, c.role, c.unit, c.on_behalf_of, c.session, "
    "c.origin,"
    " e.operation, e.verb, e.record, e.prior, e.batch, e.line, coalesce(s.name, ''), e.outcome, "
    "c.vocabulary_version,"
    " c.normaliser_version, e.commitment FROM entry AS e JOIN context AS c ON c.id = e.context"
    " LEFT JOIN source AS s ON s.id = e.source WHERE e.seq = ?1";

/* The hash that an insider would write beside altered columns. */
static Sha256 leaf_of(sqlite3 *db, const char *ledger, int64_t seq)
{
    sqlite3_stmt *q = NULL;
    struct buf b CLEANUP_BUF;
    buf_init(&b, 65536);
    assert_int_equal(sqlite3_prepare_v2(db, select_leaf, -1, &q, NULL), SQLITE_OK);
    sqlite3_bind_int64(q, 1, seq);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    struct leaf leaf = {
        .ledger = ledger,
        .stream = (uint64_t)sqlite3_column_int64(q, 0),
        .seq = (uint64_t)seq,
        .recorded_at_ms = sqlite3_column_int64(q, 1),
        .known_at_ms = sqlite3_column_int64(q, 2),
        .actor = column_text(q, 3),
        .role = column_text(q, 4),
        .unit = column_text(q, 5),
        .on_behalf_of = column_text(q, 6),
        .session = column_text(q, 7),
        .origin = column_text(q, 8),
        .operation = (uint32_t)sqlite3_column_int64(q, 9),
        .verb = column_text(q, 10),
        .record = (uint64_t)sqlite3_column_int64(q, 11),
        .prior = (uint64_t)sqlite3_column_int64(q, 12),
        .batch = (uint64_t)sqlite3_column_int64(q, 13),
        .line = (uint64_t)sqlite3_column_int64(q, 14),
        .source = column_text(q, 15),
        .outcome = column_text(q, 16),
        .vocabulary_version = (uint32_t)sqlite3_column_int64(q, 17),
        .normaliser_version = (uint32_t)sqlite3_column_int64(q, 18),
    };
    assert_int_equal(sqlite3_column_bytes(q, 19), SHA256_BYTES);
    memcpy(leaf.commitment.byte, sqlite3_column_blob(q, 19), SHA256_BYTES);
    leaf_write(&b, &leaf);
    sqlite3_finalize(q);
    return leaf_hash(buf_str(&b));
}

static void write_leaf(sqlite3 *db, const char *ledger, int64_t seq)
{
    const Sha256 h = leaf_of(db, ledger, seq);
    sqlite3_stmt *q = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, "UPDATE entry SET leaf = ?2 WHERE seq = ?1", -1, &q, NULL),
                     SQLITE_OK);
    sqlite3_bind_int64(q, 1, seq);
    sqlite3_bind_blob(q, 2, h.byte, SHA256_BYTES, SQLITE_TRANSIENT);
    assert_int_equal(sqlite3_step(q), SQLITE_DONE);
    sqlite3_finalize(q);
}

/* The tree over the leaves as they now stand, written as its kept edge. */
static struct merkle write_edge(sqlite3 *db)
{
    struct merkle m;
    sqlite3_stmt *q = NULL;
    size_t levels = 0;
    merkle_init(&m);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT leaf FROM entry ORDER BY seq", -1, &q, NULL), SQLITE_OK);
    while (sqlite3_step(q) == SQLITE_ROW) {
        Sha256 leaf;
        memcpy(leaf.byte, sqlite3_column_blob(q, 0), SHA256_BYTES);
        merkle_append(&m, &leaf);
    }
    sqlite3_finalize(q);
    while (m.size >> levels)
        levels++;
    assert_int_equal(sqlite3_prepare_v2(db, "UPDATE tree SET size = ?1, edge = ?2", -1, &q, NULL), SQLITE_OK);
    sqlite3_bind_int64(q, 1, (int64_t)m.size);
    sqlite3_bind_blob(q, 2, m.edge, (int)(levels * SHA256_BYTES), SQLITE_TRANSIENT);
    assert_int_equal(sqlite3_step(q), SQLITE_DONE);
    sqlite3_finalize(q);
    return m;
}

/* Alters entry `seq` and makes hash and edge fit. */
static void rewrite(const char *file, const char *ledger, int64_t seq, const char *sql)
{
    sqlite3 *db = open_sql(site.work, file);
    run_sql(db, sql);
    write_leaf(db, ledger, seq);
    write_edge(db);
    sqlite3_close(db);
}

static void rewrite_early(void)
{
    rewrite("change.db", "change", 40, "UPDATE entry SET outcome = 'noted' WHERE seq = 40");
}
static void rewrite_last(void)
{
    rewrite("change.db", "change", 300, "UPDATE entry SET line = 1 WHERE seq = 300");
}
static void rewrite_time(void)
{
    rewrite("change.db", "change", 300,
            "UPDATE entry SET recorded_at = 1409212800001, known_at = 0 WHERE seq = 300");
}
static void rewrite_access(void)
{
    rewrite("access.db", "access", 3, "UPDATE entry SET record = 99 WHERE seq = 3");
}

static void rewrite_without_body(void)
{
    rewrite("change.db", "change", 263, "UPDATE entry SET commitment = zeroblob(32) WHERE seq = 263");
}

/* What somebody with the keys does: another body, sealed as it should be; only the commitment tells. */
static void seal_another_body(void)
{
    struct record_key key;
    struct rng r;
    struct buf sealed CLEANUP_BUF;
    rng_seed(&r, 6);
    const struct entropy entropy = entropy_seeded(&r);
    sqlite3 *db = open_sql(site.work, "keys.db");
    sqlite3_stmt *q = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT secret FROM record_key WHERE record = 39", -1, &q, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    memcpy(key.byte, sqlite3_column_blob(q, 0), RECORD_KEY_BYTES);
    sqlite3_finalize(q);
    sqlite3_close(db);
    buf_init(&sealed, 4096);
    body_seal(&sealed, &key, &entropy, "change", 1, 40, S("{}"));
    db = open_sql(site.work, "change.db");
    assert_int_equal(sqlite3_prepare_v2(db, "UPDATE body SET sealed = ?1 WHERE seq = 40", -1, &q, NULL),
                     SQLITE_OK);
    sqlite3_bind_blob(q, 1, sealed.ptr, (int)sealed.len, SQLITE_TRANSIENT);
    assert_int_equal(sqlite3_step(q), SQLITE_DONE);
    sqlite3_finalize(q);
    sqlite3_close(db);
}

static void take_signing_key(struct signing_key *key)
{
    sqlite3 *db = open_sql(site.work, "keys.db");
    sqlite3_stmt *q = NULL;
    assert_int_equal(
        sqlite3_prepare_v2(db, "SELECT secret FROM named_key WHERE name = 'signing'", -1, &q, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    assert_int_equal(sqlite3_column_bytes(q, 0), sizeof *key);
    memcpy(key, sqlite3_column_blob(q, 0), sizeof *key);
    sqlite3_finalize(q);
    sqlite3_close(db);
}

/* What an insider with the signing key does: another history, all checkpoints from there on signed anew. */
static void sign_again(sqlite3 *db, const struct signing_key *key, uint64_t change_size,
                       const Sha256 *change_root)
{
    sqlite3_stmt *q = NULL;
    struct checkpoint c;
    struct buf b CLEANUP_BUF;
    buf_init(&b, 4096);
    assert_ok(checkpoint_read(str_of(site.checkpoint), &c, &e));
    c.change_size = change_size;
    c.change_root = *change_root;
    checkpoint_write(&b, &c, key);
    run_sql(db, "DELETE FROM checkpoint");
    assert_int_equal(
        sqlite3_prepare_v2(db, "INSERT INTO checkpoint VALUES (1, ?1, ?2, ?3, ?4)", -1, &q, NULL), SQLITE_OK);
    sqlite3_bind_int64(q, 1, c.at_ms);
    sqlite3_bind_int64(q, 2, (int64_t)c.change_size);
    sqlite3_bind_int64(q, 3, (int64_t)c.access_size);
    sqlite3_bind_text(q, 4, b.ptr, (int)b.len, SQLITE_TRANSIENT);
    assert_int_equal(sqlite3_step(q), SQLITE_DONE);
    sqlite3_finalize(q);
}

static void rewrite_and_sign(void)
{
    struct signing_key key;
    take_signing_key(&key);
    sqlite3 *db = open_sql(site.work, "change.db");
    run_sql(db, "UPDATE entry SET verb = 'amend' WHERE seq = 263");
    write_leaf(db, "change", 263);
    const struct merkle m = write_edge(db);
    const Sha256 root = merkle_root(&m);
    sign_again(db, &key, m.size, &root);
    sqlite3_close(db);
}

static void replace_signing_key(void)
{
    struct rng r;
    struct signing_key key;
    rng_seed(&r, 5);
    const struct entropy entropy = entropy_seeded(&r);
    signing_key_make(&entropy, &key);
    sqlite3 *db = open_sql(site.work, "keys.db");
    sqlite3_stmt *q = NULL;
    assert_int_equal(
        sqlite3_prepare_v2(db, "UPDATE named_key SET secret = ?1 WHERE name = 'signing'", -1, &q, NULL),
        SQLITE_OK);
    sqlite3_bind_blob(q, 1, &key, sizeof key, SQLITE_TRANSIENT);
    assert_int_equal(sqlite3_step(q), SQLITE_DONE);
    sqlite3_finalize(q);
    sqlite3_close(db);
}

static void rewrite_and_sign_with_new_key(void)
{
    replace_signing_key();
    rewrite_and_sign();
}

static void cut_and_sign(void)
{
    struct signing_key key;
    take_signing_key(&key);
    sqlite3 *db = open_sql(site.work, "change.db");
    run_sql(db, "DELETE FROM body WHERE seq > 280; DELETE FROM entry WHERE seq > 280;"
                "DELETE FROM record WHERE version > 280");
    const struct merkle m = write_edge(db);
    const Sha256 root = merkle_root(&m);
    sign_again(db, &key, m.size, &root);
    sqlite3_close(db);
}

static void cut_but_rows(void)
{
    sqlite3 *db = open_sql(site.work, "change.db");
    run_sql(db, "DELETE FROM body WHERE seq > 280; DELETE FROM entry WHERE seq > 280;"
                "DELETE FROM checkpoint WHERE change_size > 280");
    write_edge(db);
    sqlite3_close(db);
}

/* As careful as can be without the signing key: entries, bodies, edge, checkpoints and rows of the end are
 * gone. */
static void cut_with_checkpoints(void)
{
    cut_but_rows();
    sqlite3 *db = open_sql(site.work, "change.db");
    run_sql(db, "DELETE FROM record WHERE version > 280");
    sqlite3_close(db);
}

static void forge_last(void)
{
    sqlite3 *db = open_sql(site.work, "change.db");
    run_sql(db, "INSERT INTO entry SELECT 301, stream, recorded_at + 100000, known_at, context, operation, "
                "verb, record,"
                " 300, batch, line, source, outcome, commitment, leaf FROM entry WHERE seq = 300;"
                "INSERT INTO body SELECT 301, sealed FROM body WHERE seq = 300");
    write_leaf(db, "change", 301);
    sqlite3_close(db);
}

static void restore_change(void)
{
    site_copy_part(site.older, site.work, "change.db");
}
static void restore_access(void)
{
    site_copy_part(site.older, site.work, "access.db");
}
static void restore_keys(void)
{
    site_copy_part(site.older, site.work, "keys.db");
}
static void restore_all(void)
{
    site_copy_store(site.older, site.work);
}
static void remove_part(const char *name)
{
    char path[160];
    snprintf(path, sizeof path, "%s/%s", site.work, name);
    unlink(path);
    snprintf(path, sizeof path, "%s/%s-wal", site.work, name);
    unlink(path);
}
static void drop_access(void)
{
    remove_part("access.db");
}
static void drop_keys(void)
{
    remove_part("keys.db");
}
static void scribble(void)
{
    char path[160];
    struct buf b CLEANUP_BUF;
    snprintf(path, sizeof path, "%s/access.db", site.work);
    buf_init(&b, FILE_BYTES_MAX);
    assert_ok(file_read(path, &b, &e));
    memset(b.ptr, 'x', 4096);
    assert_ok(file_write(path, buf_str(&b), 0600, &e));
}

#define BIT(column)                    "UPDATE entry SET " column " = " column " + 1 WHERE seq = 40"
#define BLOB_BIT(table, column, where) "UPDATE " table " SET " column " = unhex_flip(" column ") WHERE " where

/* Changes one bit of a blob. */
static void sql_flip(sqlite3_context *context, int count, sqlite3_value **value)
{
    unsigned char raw[65536];
    (void)count;
    const int n = sqlite3_value_bytes(value[0]);
    assert_in_range(n, 1, sizeof raw);
    memcpy(raw, sqlite3_value_blob(value[0]), (size_t)n);
    raw[n - 1] ^= 4;
    sqlite3_result_blob(context, raw, n, SQLITE_TRANSIENT);
}

enum against { ALONE, OUTSIDE, OUTSIDE_OLDER };

static const struct tamper {
    const char *name, *file, *sql;
    void (*act)(void); /* instead of file and sql */
    enum against against;
    const char *found;
} rows[] = {
    /* one column of one entry */
    {"stream", "change.db", BIT("stream"), NULL, ALONE, "change:altered@40"},
    {"recorded_at", "change.db", BIT("recorded_at"), NULL, ALONE, "change:altered@40"},
    {"known_at", "change.db", BIT("known_at"), NULL, ALONE, "change:altered@40"},
    {"operation", "change.db", BIT("operation"), NULL, ALONE, "change:altered@40"},
    {"operation beyond 32 bits", "change.db",
     "UPDATE entry SET operation = operation + 4294967296 WHERE seq = 40", NULL, ALONE, "change:altered@40"},
    {"verb", "change.db", "UPDATE entry SET verb = 'appenD' WHERE seq = 40", NULL, ALONE,
     "change:altered@40"},
    {"record", "change.db", BIT("record"), NULL, ALONE, "change:altered@40"},
    {"record of none made negative", "change.db", "UPDATE entry SET record = -1 WHERE seq = 202", NULL, ALONE,
     "change:altered@202"},
    {"prior", "change.db", BIT("prior"), NULL, ALONE, "change:altered@40"},
    {"batch", "change.db", BIT("batch"), NULL, ALONE, "change:altered@40"},
    {"line", "change.db", BIT("line"), NULL, ALONE, "change:altered@40"},
    {"outcome", "change.db", "UPDATE entry SET outcome = 'refused' WHERE seq = 40", NULL, ALONE,
     "change:altered@40"},
    {"commitment", "change.db", BLOB_BIT("entry", "commitment", "seq = 40"), NULL, ALONE,
     "change:altered@40"},
    {"commitment cut short", "change.db", "UPDATE entry SET commitment = x'00' WHERE seq = 40", NULL, ALONE,
     "change:altered@40"},
    {"leaf", "change.db", BLOB_BIT("entry", "leaf", "seq = 40"), NULL, ALONE, "change:altered@40"},
    {"leaf cut short", "change.db", "UPDATE entry SET leaf = x'' WHERE seq = 40", NULL, ALONE,
     "change:altered@40"},
    {"context of another", "change.db",
     "UPDATE entry SET context = (SELECT context FROM entry WHERE seq = 263) WHERE seq = 40", NULL, ALONE,
     "change:altered@40"},
    {"context of nobody", "change.db", "UPDATE entry SET context = 999 WHERE seq = 40", NULL, ALONE,
     "change:context missing@40"},
    {"source of nobody", "change.db", "UPDATE entry SET source = 999 WHERE seq = 40", NULL, ALONE,
     "change:context missing@40"},
    {"source taken away", "change.db", "UPDATE entry SET source = 0 WHERE seq = 40", NULL, ALONE,
     "change:altered@40"},
    {"the last entry", "change.db", "UPDATE entry SET line = 7 WHERE seq = 300", NULL, ALONE,
     "change:altered@300"},
    {"the first entry", "change.db", "UPDATE entry SET line = 7 WHERE seq = 1", NULL, ALONE,
     "change:altered@1"},
    {"a reading", "access.db", "UPDATE entry SET record = record + 1 WHERE seq = 4", NULL, ALONE,
     "access:altered@4"},
    {"who read", "access.db",
     "UPDATE context SET actor = 'other' WHERE id = (SELECT context FROM entry WHERE seq = 1)", NULL, ALONE,
     "access:altered@1"},

    /* what entries name by number: the keeper's three entries stand together */
    {"actor", "change.db", "UPDATE context SET actor = 'other' WHERE actor = 'keeper'", NULL, ALONE,
     "change:altered@263"},
    {"role", "change.db", "UPDATE context SET role = 'other' WHERE actor = 'keeper'", NULL, ALONE,
     "change:altered@263"},
    {"unit", "change.db", "UPDATE context SET unit = 'other' WHERE actor = 'keeper'", NULL, ALONE,
     "change:altered@263"},
    {"on behalf of", "change.db", "UPDATE context SET on_behalf_of = 'x' WHERE actor = 'keeper'", NULL, ALONE,
     "change:altered@263"},
    {"session", "change.db", "UPDATE context SET session = 'x' WHERE actor = 'keeper'", NULL, ALONE,
     "change:altered@263"},
    {"origin", "change.db", "UPDATE context SET origin = 'x' WHERE actor = 'keeper'", NULL, ALONE,
     "change:altered@263"},
    {"vocabulary version", "change.db", "UPDATE context SET vocabulary_version = 8 WHERE actor = 'keeper'",
     NULL, ALONE, "change:altered@263"},
    {"normaliser version", "change.db", "UPDATE context SET normaliser_version = 9 WHERE actor = 'keeper'",
     NULL, ALONE, "change:altered@263"},
    {"a context row is gone", "change.db", "DELETE FROM context WHERE actor = 'keeper'", NULL, ALONE,
     "change:context missing@263 change:context missing@264 change:context missing@265"},

    /* rows in and out */
    {"deleted", "change.db", "DELETE FROM entry WHERE seq = 40", NULL, ALONE,
     "change:missing@40 change:unproven@40"},
    {"deleted with its body", "change.db",
     "DELETE FROM entry WHERE seq = 40; DELETE FROM body WHERE seq = 40", NULL, ALONE,
     "change:missing@40 change:unproven@40"},
    {"ten deleted", "change.db", "DELETE FROM entry WHERE seq BETWEEN 40 AND 49", NULL, ALONE,
     "change:missing@40 change:unproven@40"},
    {"deleted and the gap closed", "change.db",
     "DELETE FROM entry WHERE seq = 40; UPDATE entry SET seq = -seq WHERE seq > 40;"
     "UPDATE entry SET seq = -seq - 1 WHERE seq < 0",
     NULL, ALONE, "change:body alone@300 change:reordered@40 change:missing@40 change:unproven@40"},
    {"a reading deleted", "access.db", "DELETE FROM entry WHERE seq = 2", NULL, ALONE,
     "access:missing@2 access:unproven@2"},
    {"swapped", "change.db",
     "UPDATE entry SET seq = -1 WHERE seq = 40; UPDATE entry SET seq = 40 WHERE seq = 41;"
     "UPDATE entry SET seq = 41 WHERE seq = -1",
     NULL, ALONE, "change:reordered@40 change:reordered@41"},
    {"swapped far apart", "change.db",
     "UPDATE entry SET seq = -1 WHERE seq = 40; UPDATE entry SET seq = 40 WHERE seq = 240;"
     "UPDATE entry SET seq = 240 WHERE seq = -1",
     NULL, ALONE, "change:reordered@40 change:reordered@240"},
    {"moved behind the end", "change.db", "UPDATE entry SET seq = 5000 WHERE seq = 40", NULL, ALONE,
     "change:reordered@5000"},
    {"put in at the end", "change.db", NULL, forge_last, ALONE,
     "change:inserted@301 change:body altered@301"},
    {"copied to the end", "change.db",
     "INSERT INTO entry SELECT 301, stream, recorded_at, known_at, context, operation, verb, record, prior, "
     "batch, line,"
     " source, outcome, commitment, leaf FROM entry WHERE seq = 5",
     NULL, ALONE, "change:copied@301"},
    {"put in between, the rest moved on", "change.db",
     "UPDATE entry SET seq = -seq WHERE seq >= 40; UPDATE entry SET seq = 1 - seq WHERE seq < 0;"
     "INSERT INTO entry SELECT 40, stream, recorded_at, known_at, context, operation, 'amend', record, "
     "prior, batch,"
     " line, source, outcome, commitment, leaf FROM entry WHERE seq = 39",
     NULL, ALONE, "change:inserted@40 change:reordered@41"},
    {"numbered nought", "change.db", "UPDATE entry SET seq = 0 WHERE seq = 40", NULL, ALONE,
     "change:inserted@0 change:missing@40 change:unproven@40"},
    {"everything deleted", "access.db", "DELETE FROM entry; DELETE FROM body", NULL, ALONE,
     "access:truncated@1"},

    /* the end cut off */
    {"tail cut", "change.db", "DELETE FROM body WHERE seq > 280; DELETE FROM entry WHERE seq > 280", NULL,
     ALONE, "change:truncated@281"},
    {"tail cut, bodies left", "change.db", "DELETE FROM entry WHERE seq > 298", NULL, ALONE,
     "change:body alone@299 change:body alone@300 change:truncated@299"},
    {"tail cut with its checkpoints, rows left", NULL, NULL, cut_but_rows, ALONE, "change:record row@0"},
    {"tail cut with its checkpoints", NULL, NULL, cut_with_checkpoints, ALONE, ""},
    {"tail cut with its checkpoints, one kept elsewhere", NULL, NULL, cut_with_checkpoints, OUTSIDE,
     "change:rolled back@281"},
    {"tail cut and signed", NULL, NULL, cut_and_sign, ALONE, ""},
    {"tail cut and signed, a checkpoint kept elsewhere", NULL, NULL, cut_and_sign, OUTSIDE,
     "change:rolled back@281"},
    {"last reading cut", "access.db", "DELETE FROM body WHERE seq > 10; DELETE FROM entry WHERE seq > 10",
     NULL, ALONE, "access:truncated@11"},

    /* hashes made to fit */
    {"rewritten with hash and edge", NULL, NULL, rewrite_early, ALONE, "change:rewritten@22"},
    {"the last rewritten with hash and edge", NULL, NULL, rewrite_last, ALONE, "change:rewritten@300"},
    {"a reading rewritten with hash and edge", NULL, NULL, rewrite_access, ALONE, "access:rewritten@1"},
    {"recorded earlier than before", NULL, NULL, rewrite_time, ALONE, "change:time@300 change:rewritten@300"},
    {"rewritten and signed: nothing inside can tell", NULL, NULL, rewrite_and_sign, ALONE, ""},
    {"rewritten and signed, a checkpoint kept elsewhere", NULL, NULL, rewrite_and_sign, OUTSIDE,
     "change:rewritten@1"},
    {"rewritten and signed, an earlier one kept elsewhere", NULL, NULL, rewrite_and_sign, OUTSIDE_OLDER, ""},
    {"rewritten, signed with a new key", NULL, NULL, rewrite_and_sign_with_new_key, OUTSIDE,
     "change:other key@0 change:rewritten@1"},
    {"edge", "change.db", BLOB_BIT("tree", "edge", "id = 1"), NULL, ALONE, "change:edge@300"},
    {"edge shorter", "change.db", "UPDATE tree SET size = 299", NULL, ALONE, "change:edge@300"},
    {"edge longer", "change.db", "UPDATE tree SET size = 301", NULL, ALONE, "change:truncated@301"},

    /* checkpoints and the signing key */
    {"checkpoint text", "change.db",
     "UPDATE checkpoint SET text = replace(text, 'at 2014', 'at 2015') WHERE id = 3", NULL, ALONE,
     "change:checkpoint@0"},
    {"checkpoint column", "change.db", "UPDATE checkpoint SET change_size = change_size + 1 WHERE id = 3",
     NULL, ALONE, "change:checkpoint@41"},
    {"checkpoint deleted", "change.db", "DELETE FROM checkpoint WHERE id = 3", NULL, ALONE,
     "change:checkpoint@21"},
    {"checkpoint replaced by an older one", "change.db",
     "UPDATE checkpoint SET (at, change_size, access_size, text) = (SELECT at, change_size, access_size, "
     "text FROM"
     " checkpoint WHERE id = 3) WHERE id = 5",
     NULL, ALONE, "change:checkpoint@41"},
    {"checkpoint by another key", NULL, NULL, replace_signing_key, ALONE, "change:other key@1"},
    {"signing key gone", "keys.db", "DELETE FROM named_key WHERE name = 'signing'", NULL, ALONE,
     "change:key missing@0"},

    /* bodies and their keys */
    {"body", "change.db", BLOB_BIT("body", "sealed", "seq = 40"), NULL, ALONE, "change:body altered@40"},
    {"body emptied", "change.db", "UPDATE body SET sealed = x'' WHERE seq = 40", NULL, ALONE,
     "change:body altered@40"},
    {"body sealed anew with the right key", NULL, NULL, seal_another_body, ALONE, "change:body altered@40"},
    {"body disowned by its entry", NULL, NULL, rewrite_without_body, ALONE,
     "change:body added@263 change:rewritten@263"},
    {"body of a reading", "access.db", BLOB_BIT("body", "sealed", "seq = 2"), NULL, ALONE,
     "access:body altered@2"},
    {"body gone", "change.db", "DELETE FROM body WHERE seq = 40", NULL, ALONE, "change:body missing@40"},
    {"bodies swapped", "change.db",
     "UPDATE body SET seq = -1 WHERE seq = 40; UPDATE body SET seq = 40 WHERE seq = 41;"
     "UPDATE body SET seq = 41 WHERE seq = -1",
     NULL, ALONE, "change:body moved@40 change:body moved@41"},
    {"bodies of one record swapped", "change.db",
     "UPDATE body SET seq = -1 WHERE seq = 2; UPDATE body SET seq = 2 WHERE seq = 203;"
     "UPDATE body SET seq = 203 WHERE seq = -1",
     NULL, ALONE, "change:body moved@2 change:body moved@203"},
    {"body copied over another", "change.db",
     "UPDATE body SET sealed = (SELECT sealed FROM body WHERE seq = 41) WHERE seq = 40", NULL, ALONE,
     "change:body altered@40"},
    {"body moved behind the end", "change.db", "UPDATE body SET seq = 400 WHERE seq = 40", NULL, ALONE,
     "change:body alone@400 change:body missing@40"},
    {"body without an entry", "change.db", "INSERT INTO body VALUES (301, x'00')", NULL, ALONE,
     "change:body alone@301"},
    {"key of a record", "keys.db", BLOB_BIT("record_key", "secret", "record = 39"), NULL, ALONE,
     "change:body altered@40 change:body altered@241"},
    {"keys of two records swapped", "keys.db",
     "UPDATE record_key SET record = -1 WHERE record = 138; UPDATE record_key SET record = 138 WHERE record "
     "= 139;"
     "UPDATE record_key SET record = 139 WHERE record = -1",
     NULL, ALONE, "change:body altered@139 change:body altered@140"},
    {"key of a record gone, no erasure", "keys.db", "DELETE FROM record_key WHERE record = 39", NULL, ALONE,
     "change:key missing@40"},
    {"key of an erased record put back", "keys.db", "INSERT INTO record_key VALUES (100, zeroblob(32))", NULL,
     ALONE, "change:body altered@101 change:not erased@265"},
    {"key of the access ledger", "keys.db", "DELETE FROM named_key WHERE name = 'access'", NULL, ALONE,
     "access:key missing@1"},
    {"key of administration", "keys.db", "DELETE FROM named_key WHERE name = 'admin'", NULL, ALONE,
     "change:key missing@1"},

    /* what stands beside the entries */
    {"a record hidden as erased", "change.db", "UPDATE record SET erased = 9 WHERE number = 39", NULL, ALONE,
     "change:record row@241"},
    {"a record put back to an older word", "change.db", "UPDATE record SET version = 40 WHERE number = 39",
     NULL, ALONE, "change:record row@241"},
    {"a record removed", "change.db", "DELETE FROM record WHERE number = 40", NULL, ALONE,
     "change:record row@242"},
    {"a record that nobody told", "change.db",
     "INSERT INTO record (number, ns, kind, ident, version) VALUES (9999, 'main', 'death', 'X', 7)", NULL,
     ALONE, "change:record row@0"},
    {"a batch that nobody opened", "change.db",
     "INSERT INTO batch (number, entry, ns, name, mapping, opened_by, opened_at) "
     "VALUES (99, 7, 'main', 'x', '', 'x', 0)",
     NULL, ALONE, "change:batch row@0"},
    {"a batch hidden as withdrawn", "change.db", "UPDATE batch SET withdrawn = 9 WHERE number = 1", NULL,
     ALONE, "change:batch row@1"},

    /* older files put back, files lost */
    {"older change.db", NULL, NULL, restore_change, OUTSIDE, "change:rolled back@202 change:key missing@101"},
    {"older access.db", NULL, NULL, restore_access, ALONE, "access:truncated@11"},
    {"older keys.db", NULL, NULL, restore_keys, ALONE, "change:key missing@266 change:not erased@265"},
    {"everything older: nothing inside can tell", NULL, NULL, restore_all, ALONE, ""},
    {"everything older, a checkpoint kept elsewhere", NULL, NULL, restore_all, OUTSIDE,
     "change:rolled back@202 access:rolled back@11"},
    {"everything older, as old a checkpoint", NULL, NULL, restore_all, OUTSIDE_OLDER, ""},
    {"access.db gone", NULL, NULL, drop_access, ALONE, "access:file missing@0"},
    {"keys.db gone", NULL, NULL, drop_keys, ALONE, "change:file missing@0"},
    {"access.db overwritten", NULL, NULL, scribble, ALONE, "access:damaged@0"},
    {"another store's name", "change.db", "UPDATE meta SET value = 'x' WHERE name = 'store'", NULL, ALONE,
     "change:other store@1"},
};

/* ---- what verify says -------------------------------------------------------------------------------- */

static void note(void *state, const struct finding *f)
{
    struct buf *b = state;
    assert_true(strlen(f->text) > 20 && f->text[strlen(f->text) - 1] == '.');
    buf_addf(b, "%s%s:%s@%llu", b->len ? " " : "", f->ledger, f->what, (unsigned long long)f->seq);
}

static struct verify_report verify(const char *dir, enum against against, struct buf *found)
{
    const struct store_env env = site_environment();
    struct verify_report report;
    const Str text = against == ALONE     ? STR_NONE
                     : against == OUTSIDE ? str_of(site.checkpoint)
                                          : str_of(site.older_checkpoint);
    buf_clear(found);
    assert_ok(store_verify(dir, &env, text, note, found, &report, &e));
    return report;
}

static void untouched_store_is_clean(void **state)
{
    (void)state;
    struct buf found CLEANUP_BUF;
    buf_init(&found, 65536);
    for (int i = ALONE; i <= OUTSIDE_OLDER; i++) {
        const struct verify_report report = verify(site.clean, (enum against)i, &found);
        assert_string_equal(buf_str(&found).ptr, "");
        assert_int_equal(report.findings, 0);
        assert_int_equal(report.change_entries, 300);
        assert_true(report.access_entries >= 20);
        assert_int_equal(report.bodies_erased, 1);
        assert_int_equal(report.bodies_opened, report.change_entries + report.access_entries - 1);
        assert_true(report.checkpoints >= 50);
    }
}

static void tamper(const struct tamper *t)
{
    site_remove_store(site.work);
    site_copy_store(site.clean, site.work);
    if (t->act) {
        t->act();
        return;
    }
    sqlite3 *db = open_sql(site.work, t->file);
    assert_int_equal(sqlite3_create_function(db, "unhex_flip", 1, SQLITE_UTF8, NULL, sql_flip, NULL, NULL),
                     SQLITE_OK);
    run_sql(db, t->sql);
    sqlite3_close(db);
}

static void every_tampering_is_named(void **state)
{
    (void)state;
    bool all = true;
    struct buf found CLEANUP_BUF;
    buf_init(&found, 65536);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        tamper(&rows[i]);
        const struct verify_report report = verify(site.work, rows[i].against, &found);
        assert_int_equal(report.findings == 0, found.len == 0);
        if (strcmp(buf_str(&found).ptr, rows[i].found) == 0) continue;
        print_error("%s: found \"%s\", wanted \"%s\"\n", rows[i].name, buf_str(&found).ptr, rows[i].found);
        all = false;
    }
    assert_true(all);
}

/* More odd bodies than are tried against each other are still all named. */
static void many_odd_bodies_are_all_named(void **state)
{
    (void)state;
    struct buf found CLEANUP_BUF;
    buf_init(&found, 65536);
    site_remove_store(site.work);
    site_copy_store(site.clean, site.work);
    sqlite3 *db = open_sql(site.work, "change.db");
    run_sql(db, "UPDATE body SET sealed = zeroblob(60) WHERE seq BETWEEN 2 AND 80");
    run_sql(db, "DELETE FROM body WHERE seq BETWEEN 81 AND 100");
    sqlite3_close(db);
    assert_int_equal(verify(site.work, ALONE, &found).findings, 99);
    assert_true(str_find(buf_str(&found), S("change:body altered@80")) != STR_NPOS);
    assert_true(str_find(buf_str(&found), S("change:body missing@100")) != STR_NPOS);
}

static void *write_more(void *state)
{
    site_write_more(site.work, 60);
    atomic_store((atomic_bool *)state, true);
    return NULL;
}

/* Nothing is found wrong with a store because somebody is writing to it. */
static void store_in_use_is_clean(void **state)
{
    (void)state;
    struct buf found CLEANUP_BUF;
    buf_init(&found, 65536);
    site_remove_store(site.work);
    site_copy_store(site.clean, site.work);
    pthread_t thread;
    atomic_bool done = false;
    uint64_t entries = 0;
    assert_int_equal(pthread_create(&thread, NULL, write_more, &done), 0);
    while (!atomic_load(&done)) {
        const struct verify_report report = verify(site.work, OUTSIDE, &found);
        assert_string_equal(buf_str(&found).ptr, "");
        assert_true(report.change_entries >= entries);
        entries = report.change_entries;
    }
    pthread_join(thread, NULL);
    assert_int_equal(verify(site.work, OUTSIDE, &found).change_entries, 360);
    assert_string_equal(buf_str(&found).ptr, "");
}

/* Verifying must not mend, write or need anything but the files. */
static void no_store_is_an_error(void **state)
{
    (void)state;
    const struct store_env env = site_environment();
    struct verify_report report = {.findings = 77};
    struct err e = {0};
    assert_int_equal(store_verify(site.root, &env, STR_NONE, NULL, NULL, &report, &e), E_NOT_FOUND);
    assert_int_equal(report.findings, 77);
    err_clear(&e);
    assert_int_equal(store_verify(site.clean, &env, S("not a checkpoint"), NULL, NULL, &report, &e),
                     E_INVALID);
    assert_int_equal(report.findings, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(untouched_store_is_clean),      cmocka_unit_test(every_tampering_is_named),
        cmocka_unit_test(many_odd_bodies_are_all_named), cmocka_unit_test(store_in_use_is_clean),
        cmocka_unit_test(no_store_is_an_error),
    };
    return cmocka_run_group_tests_name("tamper", tests, site_make, site_remove);
}
