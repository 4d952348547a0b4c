/* Binding, stepping, reading columns. */
#include "store/db_private.h"

enum status db_prepare(struct db *d, Str sql, sqlite3_stmt **out, struct err *e)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v3(d->handle, sql.ptr, (int)sql.len, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) !=
        SQLITE_OK)
        return db_fail(d, e, "preparing a statement");
    *out = stmt;
    return OK;
}

enum status query_start_prepared(struct query *q, struct db *d, sqlite3_stmt *stmt, struct err *e)
{
    *q = (struct query){.db = d, .stmt = stmt};
    if (sqlite3_stmt_busy(stmt)) {
        q->stmt = NULL;
        return ERR(e, E_INTERNAL, "", "a statement was started again before it was done: %s",
                   sqlite3_sql(stmt));
    }
    return OK;
}

enum status query_start(struct query *q, struct db *d, enum statement id, struct err *e)
{
    *q = (struct query){0};
    MUST(statement_belongs(id, d->file));
    if (!d->stmt[id]) TRY(db_prepare(d, statement_text(id), &d->stmt[id], e));
    return query_start_prepared(q, d, d->stmt[id], e);
}

void query_done(struct query *q)
{
    if (q->stmt) sqlite3_reset(q->stmt);
    q->stmt = NULL;
}

static void bound(struct query *q, int code)
{
    if (code != SQLITE_OK) q->failed = true;
}

void query_i64(struct query *q, int64_t v)
{
    bound(q, sqlite3_bind_int64(q->stmt, ++q->bound, v));
}

void query_u64(struct query *q, uint64_t v)
{
    MUST(v <= INT64_MAX);
    query_i64(q, (int64_t)v);
}

void query_f64(struct query *q, double v)
{
    bound(q, sqlite3_bind_double(q->stmt, ++q->bound, v));
}

void query_null(struct query *q)
{
    bound(q, sqlite3_bind_null(q->stmt, ++q->bound));
}

void query_str(struct query *q, Str s)
{
    if (!str_present(s))
        query_null(q);
    else
        bound(q, sqlite3_bind_text64(q->stmt, ++q->bound, s.ptr, s.len, SQLITE_STATIC, SQLITE_UTF8));
}

void query_blob(struct query *q, const void *p, size_t n)
{
    bound(q, sqlite3_bind_blob64(q->stmt, ++q->bound, p, n, SQLITE_STATIC));
}

enum status query_step(struct query *q, bool *row, struct err *e)
{
    if (q->failed) return ERR(e, E_INTERNAL, "", "a value could not be bound to: %s", sqlite3_sql(q->stmt));
    int code = sqlite3_step(q->stmt);
    if (code == SQLITE_ROW || code == SQLITE_DONE) {
        *row = code == SQLITE_ROW;
        return OK;
    }
    enum status status = db_fail(q->db, e, "running a statement");
    query_done(q);
    return status;
}

enum status query_run(struct query *q, struct err *e)
{
    bool row = false;
    TRY(query_step(q, &row, e));
    MUST(!row);
    query_done(q);
    return OK;
}

int64_t query_get_i64(struct query *q, int column)
{
    return sqlite3_column_int64(q->stmt, column);
}

uint64_t query_get_u64(struct query *q, int column)
{
    int64_t v = sqlite3_column_int64(q->stmt, column);
    return v < 0 ? 0 : (uint64_t)v;
}

double query_get_f64(struct query *q, int column)
{
    return sqlite3_column_double(q->stmt, column);
}

bool query_is_null(struct query *q, int column)
{
    return sqlite3_column_type(q->stmt, column) == SQLITE_NULL;
}

Str query_get_str(struct query *q, int column)
{
    const unsigned char *text = sqlite3_column_text(q->stmt, column);
    if (!text) return STR_NONE;
    return (Str){(const char *)text, (size_t)sqlite3_column_bytes(q->stmt, column)};
}

Str query_get_blob(struct query *q, int column)
{
    const void *p = sqlite3_column_blob(q->stmt, column);
    return (Str){p ? p : "", (size_t)sqlite3_column_bytes(q->stmt, column)};
}

bool query_get_hash(struct query *q, int column, Sha256 *out)
{
    Str blob = query_get_blob(q, column);
    if (blob.len != SHA256_BYTES) return false;
    memcpy(out->byte, blob.ptr, SHA256_BYTES);
    return true;
}
