/* SQLite as the store uses it: one file opened, its statements by name, and queries that are reset by
 * themselves. Nothing outside src/store includes this. A struct db is used by one thread at a time. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/buf.h"
#include "base/hash.h"
#include "base/str.h"

#include <sqlite3.h>

enum db_file { DB_CHANGE, DB_ACCESS, DB_KEYS, DB_SEARCH, DB_ACCOUNTS, DB_COUNT };
enum db_use {
    DB_READ,  /* nothing can be written through it */
    DB_WRITE, /* ledgers: entries, bodies and checkpoints can be added but not changed */
    DB_MAKE,  /* makes the file (mode 0600) and its schema; E_CONFLICT when there is one */
};

/* "change.db" ... */
const char *db_file_name(enum db_file file);

/* Every statement of sql/, by the file it is for and the name before it. */
/* Of access.db alone. The groups stand in the order in which statement_belongs divides them. */
#define STATEMENTS_ACCESS(X) X(access_readings) X(access_consulted)
#define STATEMENTS_LEDGER(X)                                                                                 \
    X(ledger_meta_get)                                                                                       \
    X(ledger_meta_put)                                                                                       \
    X(ledger_tree_get)                                                                                       \
    X(ledger_tree_put)                                                                                       \
    X(ledger_size)                                                                                           \
    X(ledger_leaf_hashes)                                                                                    \
    X(ledger_context_put)                                                                                    \
    X(ledger_context_get)                                                                                    \
    X(ledger_source_find)                                                                                    \
    X(ledger_source_put)                                                                                     \
    X(ledger_source_get)                                                                                     \
    X(ledger_entry_put)                                                                                      \
    X(ledger_body_put)                                                                                       \
    X(ledger_entries)                                                                                        \
    X(ledger_bodies_alone)
#define STATEMENTS_CHANGE(X)                                                                                 \
    X(record_find)                                                                                           \
    X(record_get)                                                                                            \
    X(record_put)                                                                                            \
    X(record_set_version)                                                                                    \
    X(record_set_erased)                                                                                     \
    X(record_last_number)                                                                                    \
    X(record_list)                                                                                           \
    X(record_list_erased)                                                                                    \
    X(record_unfit)                                                                                          \
    X(record_find_ident)                                                                                     \
    X(record_find_in_ns)                                                                                     \
    X(record_find_death_ref)                                                                                 \
    X(chain_step)                                                                                            \
    X(chain_header)                                                                                          \
    X(export_list)                                                                                           \
    X(entries_since)                                                                                         \
    X(entries_follow)                                                                                        \
    X(entries_link_runs)                                                                                     \
    X(batch_put)                                                                                             \
    X(batch_last_number)                                                                                     \
    X(batch_get)                                                                                             \
    X(batch_extend)                                                                                          \
    X(batch_set_withdrawn)                                                                                   \
    X(batch_list_withdrawn)                                                                                  \
    X(batch_unfit)                                                                                           \
    X(record_nobody)                                                                                         \
    X(batch_nobody)                                                                                          \
    X(batch_list)                                                                                            \
    X(batch_records)                                                                                         \
    X(reference_put)                                                                                         \
    X(reference_clear)                                                                                       \
    X(reference_from)                                                                                        \
    X(reference_from_unless)                                                                                 \
    X(reference_list)                                                                                        \
    X(reference_of)                                                                                          \
    X(reference_nobody)                                                                                      \
    X(checkpoint_put)                                                                                        \
    X(checkpoint_last)                                                                                       \
    X(checkpoint_list)
#define STATEMENTS_KEYS(X)                                                                                   \
    X(key_get)                                                                                               \
    X(key_put)                                                                                               \
    X(key_overwrite)                                                                                         \
    X(key_delete)                                                                                            \
    X(key_named_get)                                                                                         \
    X(key_named_put)
#define STATEMENTS_SEARCH(X)                                                                                 \
    X(search_watermark_get)                                                                                  \
    X(search_watermark_set)                                                                                  \
    X(search_document_put)                                                                                   \
    X(search_document_drop)                                                                                  \
    X(search_optimise)                                                                                       \
    X(search_find)

#define STATEMENTS_ACCOUNTS(X)                                                                               \
    X(account_put)                                                                                           \
    X(account_find)                                                                                          \
    X(account_get)                                                                                           \
    X(account_list)                                                                                          \
    X(account_change)                                                                                        \
    X(account_secrets)                                                                                       \
    X(account_set_password)                                                                                  \
    X(account_set_failures)                                                                                  \
    X(account_set_totp)                                                                                      \
    X(invitation_put)                                                                                        \
    X(invitation_get)                                                                                        \
    X(invitation_drop_all)                                                                                   \
    X(session_put)                                                                                           \
    X(session_get)                                                                                           \
    X(session_set_seen)                                                                                      \
    X(session_drop)                                                                                          \
    X(session_drop_all)                                                                                      \
    X(session_drop_older)                                                                                    \
    X(session_reason_put)                                                                                    \
    X(session_reason_get)                                                                                    \
    X(note_put)                                                                                              \
    X(note_get)                                                                                              \
    X(note_drop)                                                                                             \
    X(note_list)                                                                                             \
    X(note_last_number)                                                                                      \
    X(notice_put)                                                                                            \
    X(notice_next)                                                                                           \
    X(notice_list)                                                                                           \
    X(notice_count)                                                                                          \
    X(notice_tried)                                                                                          \
    X(notice_again)                                                                                          \
    X(notice_receiver_put)                                                                                   \
    X(notice_receiver_get)
#define STATEMENT_ID(name) Q_##name,
enum statement {
    STATEMENTS_ACCESS(STATEMENT_ID) STATEMENTS_LEDGER(STATEMENT_ID) STATEMENTS_CHANGE(STATEMENT_ID)
        STATEMENTS_KEYS(STATEMENT_ID) STATEMENTS_SEARCH(STATEMENT_ID) STATEMENTS_ACCOUNTS(STATEMENT_ID)
            STATEMENT_COUNT
};
const char *statement_name(enum statement id);
/* Is it one that this file is asked? */
bool statement_belongs(enum statement id, enum db_file file);
/* Its text, from sql/. BUG when sql/ does not hold it: a test looks at all. */
Str statement_text(enum statement id);

struct db;
/* E_NOT_FOUND when the file is not there, E_DB when it is no database of ours or of a newer program. */
MUST_USE enum status db_open(const char *dir, enum db_file file, enum db_use use, struct db **out,
                             struct err *e);
void db_close(struct db *d); /* NULL is allowed */
sqlite3 *db_handle(struct db *d);
/* Fills `e` from the last failure: a full disk and I/O errors are E_IO, a locked file E_BUSY, else E_DB. */
enum status db_fail(struct db *d, struct err *e, const char *doing);
/* Several statements without parameters: migrations. */
MUST_USE enum status db_script(struct db *d, Str sql, struct err *e);

MUST_USE enum status db_begin(struct db *d, struct err *e);       /* for reading: one snapshot */
MUST_USE enum status db_begin_write(struct db *d, struct err *e); /* waits for other writers, up to 30 s */
MUST_USE enum status db_commit(struct db *d, struct err *e);
void db_rollback(struct db *d); /* does nothing outside a transaction */
bool db_in_transaction(struct db *d);
MUST_USE enum status db_savepoint(struct db *d, struct err *e);
MUST_USE enum status db_savepoint_keep(struct db *d, struct err *e);
void db_savepoint_undo(struct db *d);
/* Moves the write-ahead log into the file and empties it. E_BUSY while somebody reads. */
MUST_USE enum status db_truncate_log(struct db *d, struct err *e);

/* One execution. Values are bound in the order of the calls; the texts must stay until the query is done.
 *     struct query q CLEANUP_QUERY;
 *     TRY(query_start(&q, db, Q_record_find, e));
 *     query_str(&q, id); ...
 *     TRY(query_step(&q, &row, e)); */
struct query {
    struct db *db;
    sqlite3_stmt *stmt;
    int bound;
    bool failed;
};
void query_done(struct query *q); /* repeated calls are allowed */
#define CLEANUP_QUERY __attribute__((cleanup(query_done)))
MUST_USE enum status query_start(struct query *q, struct db *d, enum statement id, struct err *e);
/* Of a statement prepared by the caller (built from field tables). */
MUST_USE enum status query_start_prepared(struct query *q, struct db *d, sqlite3_stmt *stmt, struct err *e);
MUST_USE enum status db_prepare(struct db *d, Str sql, sqlite3_stmt **out, struct err *e);
void query_i64(struct query *q, int64_t v);
void query_u64(struct query *q, uint64_t v); /* MUST fit 63 bits */
void query_f64(struct query *q, double v);
void query_str(struct query *q, Str s); /* STR_NONE binds NULL */
void query_blob(struct query *q, const void *p, size_t n);
void query_null(struct query *q);
MUST_USE enum status query_step(struct query *q, bool *row, struct err *e);
/* Runs to the end; for statements that return no rows. */
MUST_USE enum status query_run(struct query *q, struct err *e);
/* Columns from 0; texts and blobs are borrowed until the next step. */
int64_t query_get_i64(struct query *q, int column);
uint64_t query_get_u64(struct query *q, int column);
double query_get_f64(struct query *q, int column);
Str query_get_str(struct query *q, int column); /* STR_NONE for NULL */
Str query_get_blob(struct query *q, int column);
bool query_get_hash(struct query *q, int column, Sha256 *out); /* false unless 32 bytes */
bool query_is_null(struct query *q, int column);

#endif
