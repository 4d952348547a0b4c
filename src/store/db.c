/* Opening, closing, transactions. The queries are in query.c. */
#include "store/db_private.h"

#include "base/alloc.h"
#include "base/assets.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#define BUSY_MS_MAX     30000
#define LOG_BUSY_MS_MAX 200
#define DB_MAGIC        0x636f6c64u
#define APPLICATION_ID  0x636f6c6c /* "coll": shown by file(1) */

/* version: what it is when all is there. later: what version 2 adds to the schema, NULL: there is only one.
 */
static const struct {
    const char *name, *schema, *later;
    int version;
} db_files[DB_COUNT] = {
    [DB_CHANGE] = {"change.db", "sql/001_change.sql", NULL, 1},
    [DB_ACCESS] = {"access.db", "sql/001_access.sql", NULL, 1},
    [DB_KEYS] = {"keys.db", "sql/001_keys.sql", NULL, 1},
    [DB_SEARCH] = {"search.db", "sql/001_search.sql", NULL, 1},
    [DB_ACCOUNTS] = {"accounts.db", "sql/001_accounts.sql", "sql/002_accounts.sql", 2},
};

const char *db_file_name(enum db_file file)
{
    MUST(file < DB_COUNT);
    return db_files[file].name;
}

sqlite3 *db_handle(struct db *d)
{
    return d->handle;
}

enum status db_fail(struct db *d, struct err *e, const char *doing)
{
    int code = sqlite3_extended_errcode(d->handle);
    const char *file = db_files[d->file].name;
    switch (code & 0xff) {
    case SQLITE_FULL:
        return ERR(e, E_IO, "", "%s: the disk is full; nothing of this was taken. Make room and try again.",
                   file);
    case SQLITE_IOERR:
        return ERR(e, E_IO, "", "%s: the disk failed while %s (%s); nothing of this was taken.", file, doing,
                   sqlite3_errstr(code));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERR(e, E_BUSY, "", "%s: another process holds it; try again in a moment.", file);
    case SQLITE_CANTOPEN:
        return ERR(e, E_IO, "", "%s: cannot be opened; look at the folder and its permissions.", file);
    case SQLITE_READONLY:
        return ERR(e, E_IO, "", "%s: cannot be written; look at the permissions of the folder.", file);
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return ERR(e, E_DB, "", "%s: damaged (%s); keep a copy and restore a backup.", file,
                   sqlite3_errmsg(d->handle));
    case SQLITE_NOMEM:
        return ERR(e, E_LIMIT, "", "%s: out of memory while %s.", file, doing);
    default:
        return ERR(e, E_DB, "", "%s: %s while %s.", file, sqlite3_errmsg(d->handle), doing);
    }
}

enum status db_script(struct db *d, Str sql, struct err *e)
{
    const char *rest = sql.ptr, *end = sql.ptr + sql.len;
    while (rest < end) {
        sqlite3_stmt *stmt = NULL;
        if (sqlite3_prepare_v2(d->handle, rest, (int)(end - rest), &stmt, &rest) != SQLITE_OK)
            return db_fail(d, e, "reading a script");
        if (!stmt) continue; /* a comment */
        int code;
        do
            code = sqlite3_step(stmt);
        while (code == SQLITE_ROW);
        enum status status = code == SQLITE_DONE ? OK : db_fail(d, e, "running a script");
        sqlite3_finalize(stmt);
        TRY(status);
    }
    return OK;
}

/* The ledger only grows. What follows from it may be written, but nobody drops or attaches anything. */
static int authorize(void *state, int action, const char *one, const char *two, const char *three,
                     const char *four)
{
    static const char *const final[] = {"entry", "body", "checkpoint"};
    (void)two, (void)three, (void)four;
    const struct db *d = state;
    switch (action) {
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        if (d->file != DB_CHANGE && d->file != DB_ACCESS) return SQLITE_OK;
        for (size_t i = 0; i < COUNT_OF(final); i++) {
            if (one && strcmp(one, final[i]) == 0) return SQLITE_DENY;
        }
        return SQLITE_OK;
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
    case SQLITE_ALTER_TABLE:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_TRIGGER:
    case SQLITE_DROP_INDEX:
        return SQLITE_DENY;
    default:
        return SQLITE_OK;
    }
}

static enum status version_read(struct db *d, int *out, struct err *e)
{
    sqlite3_stmt *stmt = NULL;
    TRY(db_prepare(d, S("PRAGMA user_version"), &stmt, e));
    bool row = sqlite3_step(stmt) == SQLITE_ROW;
    if (row) *out = sqlite3_column_int(stmt, 0);
    enum status status = row ? OK : db_fail(d, e, "reading its version");
    sqlite3_finalize(stmt);
    return status;
}

static enum status schema_end(struct db *d, struct err *e)
{
    char versions[120];
    const char *later = db_files[d->file].later;
    if (later != NULL) TRY(db_script(d, asset_find(str_of(later)), e));
    snprintf(versions, sizeof versions, "PRAGMA user_version = %d; PRAGMA application_id = %d; COMMIT;",
             db_files[d->file].version, APPLICATION_ID);
    return db_script(d, str_of(versions), e);
}

static enum status schema_make(struct db *d, struct err *e)
{
    TRY(db_script(d, S("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; BEGIN IMMEDIATE;"), e));
    TRY(db_script(d, asset_find(str_of(db_files[d->file].schema)), e));
    return schema_end(d, e);
}

/* A file of an earlier version gets what it lacks. All or nothing: when it fails the file is closed. */
static enum status schema_complete(struct db *d, struct err *e)
{
    TRY(db_script(d, S("BEGIN IMMEDIATE;"), e));
    return schema_end(d, e);
}

static enum status settings_apply(struct db *d, enum db_use use, struct err *e)
{
    sqlite3_busy_timeout(d->handle, BUSY_MS_MAX);
    sqlite3_extended_result_codes(d->handle, 1);
    sqlite3_db_config(d->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(d->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    TRY(db_script(d,
                  S("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
                    "PRAGMA secure_delete = ON; PRAGMA cell_size_check = ON;"
                    "PRAGMA recursive_triggers = ON;" /* so that REPLACE is a deletion too */),
                  e));
    if (use == DB_READ) return db_script(d, S("PRAGMA query_only = ON; PRAGMA cache_size = -8000;"), e);
    return db_script(d,
                     S("PRAGMA cache_size = -64000; PRAGMA wal_autocheckpoint = 4000;"
                       "PRAGMA journal_size_limit = 67108864;"),
                     e);
}

static enum status file_make(const char *path, const char *name, struct err *e)
{
    int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST) return ERR(e, E_CONFLICT, "", "%s is there already.", path);
    if (fd < 0) return ERR(e, E_IO, "", "%s: cannot be made: %s.", name, strerror(errno));
    close(fd);
    return OK;
}

static enum status handle_open(struct db *d, const char *path, enum db_use use, struct err *e)
{
    int flags = SQLITE_OPEN_NOMUTEX | (use == DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    if (sqlite3_open_v2(path, &d->handle, flags, NULL) != SQLITE_OK) return db_fail(d, e, "opening it");
    TRY(settings_apply(d, use, e));
    if (use == DB_MAKE) TRY(schema_make(d, e));
    int version = 0;
    TRY(version_read(d, &version, e));
    if (version == 0) return ERR(e, E_DB, "", "%s is no part of a store.", path);
    if (version > db_files[d->file].version)
        return ERR(e, E_DB, "", "%s was made by a newer version of this program.", path);
    if (version < db_files[d->file].version && use == DB_WRITE) TRY(schema_complete(d, e));
    sqlite3_set_authorizer(d->handle, authorize, d);
    return OK;
}

/* SQLite's own count of its memory costs a lock at each allocation, and nobody asks for it. */
static void library_set_up(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* refused once it is in use, and then it counts on */
}

enum status db_open(const char *dir, enum db_file file, enum db_use use, struct db **out, struct err *e)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    char path[4096];
    pthread_once(&once, library_set_up);
    int len = snprintf(path, sizeof path, "%s/%s", dir, db_file_name(file));
    if (len < 0 || (size_t)len >= sizeof path)
        return ERR(e, E_LIMIT, "", "the path of the folder is too long.");
    if (use == DB_MAKE) TRY(file_make(path, db_file_name(file), e));
    if (access(path, F_OK) != 0) return ERR(e, E_NOT_FOUND, "", "%s is not there.", path);
    struct db *d = alloc_zero(1, sizeof *d);
    d->magic = DB_MAGIC;
    d->file = file;
    enum status status = handle_open(d, path, use, e);
    if (status != OK) {
        db_close(d);
        return status;
    }
    *out = d;
    return OK;
}

void db_close(struct db *d)
{
    if (!d) return;
    MUST(d->magic == DB_MAGIC);
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(d->stmt[i]);
    for (size_t i = 0; i < DB_STEERING_COUNT; i++)
        sqlite3_finalize(d->steering[i]);
    int code = sqlite3_close(d->handle);
    MUST(code == SQLITE_OK); /* else a statement was left behind */
    d->magic = 0;
    alloc_free(d);
}

static enum status steer(struct db *d, enum db_steering which, struct err *e)
{
    static const char *const text[DB_STEERING_COUNT] = {
        [DB_STEER_BEGIN] = "BEGIN",
        [DB_STEER_BEGIN_WRITE] = "BEGIN IMMEDIATE",
        [DB_STEER_COMMIT] = "COMMIT",
        [DB_STEER_ROLLBACK] = "ROLLBACK",
        [DB_STEER_SAVEPOINT] = "SAVEPOINT job",
        [DB_STEER_RELEASE] = "RELEASE job",
        [DB_STEER_UNDO] = "ROLLBACK TO job",
    };
    if (!d->steering[which]) TRY(db_prepare(d, str_of(text[which]), &d->steering[which], e));
    int code = sqlite3_step(d->steering[which]);
    enum status status = code == SQLITE_DONE ? OK : db_fail(d, e, text[which]);
    sqlite3_reset(d->steering[which]);
    return status;
}

enum status db_begin(struct db *d, struct err *e)
{
    return steer(d, DB_STEER_BEGIN, e);
}

enum status db_begin_write(struct db *d, struct err *e)
{
    return steer(d, DB_STEER_BEGIN_WRITE, e);
}

enum status db_commit(struct db *d, struct err *e)
{
    return steer(d, DB_STEER_COMMIT, e);
}

bool db_in_transaction(struct db *d)
{
    return sqlite3_get_autocommit(d->handle) == 0;
}

void db_rollback(struct db *d)
{
    struct err ignored = {0};
    if (db_in_transaction(d) && steer(d, DB_STEER_ROLLBACK, &ignored) != OK) err_clear(&ignored);
}

enum status db_savepoint(struct db *d, struct err *e)
{
    return steer(d, DB_STEER_SAVEPOINT, e);
}

enum status db_savepoint_keep(struct db *d, struct err *e)
{
    return steer(d, DB_STEER_RELEASE, e);
}

void db_savepoint_undo(struct db *d)
{
    struct err ignored = {0};
    if (!db_in_transaction(d)) return; /* a full disk has rolled back everything already */
    if (steer(d, DB_STEER_UNDO, &ignored) != OK || steer(d, DB_STEER_RELEASE, &ignored) != OK) db_rollback(d);
}

enum status db_truncate_log(struct db *d, struct err *e)
{
    sqlite3_busy_timeout(d->handle, LOG_BUSY_MS_MAX); /* readers of older snapshots are not waited for */
    int code = sqlite3_wal_checkpoint_v2(d->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(d->handle, BUSY_MS_MAX);
    return code == SQLITE_OK ? OK : db_fail(d, e, "emptying its log");
}
