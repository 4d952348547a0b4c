/* What belongs to a session or an account and is no fact: reasons that were given, drafts, saved searches. */
#include "store/accounts_private.h"

#define NOTE_LEDGER "note" /* tells sealed notes from the bodies of entries */

/* ---- reasons ---------------------------------------------------------------------------------------- */

enum status session_reason_keep(struct store *s, Str token, const struct record_id *id, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    struct db *db = NULL;
    Sha256 hash = token_hash(token);
    TRY(accounts_take(s, &db, e));
    enum status status = query_start(&q, db, Q_session_reason_put, e);
    if (status == OK) {
        query_blob(&q, hash.byte, SHA256_BYTES);
        query_str(&q, id->ns);
        query_str(&q, str_of(kind_of(id->kind)->name));
        query_str(&q, id->id);
        status = query_run(&q, e);
    }
    query_done(&q);
    accounts_give(s);
    return status;
}

enum status session_reason_given(struct store *s, Str token, const struct record_id *id, bool *given,
                                 struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    struct db *db = NULL;
    Sha256 hash = token_hash(token);
    TRY(accounts_take(s, &db, e));
    enum status status = query_start(&q, db, Q_session_reason_get, e);
    if (status == OK) {
        query_blob(&q, hash.byte, SHA256_BYTES);
        query_str(&q, str_of(kind_of(id->kind)->name));
        query_str(&q, id->id);
        query_str(&q, id->ns);
        status = query_step(&q, given, e);
    }
    query_done(&q);
    accounts_give(s);
    return status;
}

/* ---- notes ------------------------------------------------------------------------------------------ */

static enum status number_next(struct db *db, uint64_t *out, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&q, db, Q_note_last_number, e));
    TRY(query_step(&q, &row, e));
    *out = query_get_u64(&q, 0) + 1;
    return OK;
}

static enum status put(struct store *s, struct db *db, uint64_t account, Str name, Str text, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    struct buf sealed CLEANUP_BUF = {0};
    uint64_t number = 0;
    buf_init(&sealed, 2 * NOTE_BYTES_MAX);
    TRY(number_next(db, &number, e));
    body_seal(&sealed, &s->keys.admin, &s->env.entropy, NOTE_LEDGER, account, number, text);
    TRY(buf_status(&sealed, e));
    TRY(query_start(&q, db, Q_note_put, e));
    query_u64(&q, account);
    query_str(&q, name);
    query_u64(&q, number);
    query_i64(&q, sign_in_now_ms(s));
    query_blob(&q, sealed.ptr, sealed.len);
    return query_run(&q, e);
}

enum status note_put(struct store *s, uint64_t account, Str name, Str text, struct err *e)
{
    struct db *db = NULL;
    if (text.len > NOTE_BYTES_MAX)
        return ERR(e, E_LIMIT, "", "what is kept here is at most %zu KB.", NOTE_BYTES_MAX >> 10);
    TRY(accounts_take(s, &db, e));
    enum status status = put(s, db, account, name, text, e);
    accounts_give(s);
    return status;
}

/* The columns number, changed, sealed from `first` on. */
static enum status read_row(struct store *s, struct query *q, int first, uint64_t account, struct arena *a,
                            struct note *out, struct err *e)
{
    struct buf text CLEANUP_BUF = {0};
    buf_init(&text, 2 * NOTE_BYTES_MAX);
    TRY(body_open(&text, &s->keys.admin, NOTE_LEDGER, account, query_get_u64(q, first),
                  query_get_blob(q, first + 2), e));
    out->changed_ms = query_get_i64(q, first + 1);
    out->text = str_copy(a, buf_str(&text));
    return OK;
}

static enum status get(struct store *s, struct db *db, uint64_t account, Str name, struct arena *a,
                       struct note *out, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&q, db, Q_note_get, e));
    query_u64(&q, account);
    query_str(&q, name);
    TRY(query_step(&q, &row, e));
    if (!row) return ERR(e, E_NOT_FOUND, "", "there is nothing kept under that name.");
    out->name = str_copy(a, name);
    return read_row(s, &q, 0, account, a, out, e);
}

enum status note_get(struct store *s, uint64_t account, Str name, struct arena *a, struct note *out,
                     struct err *e)
{
    struct db *db = NULL;
    struct note found = {0};
    TRY(accounts_take(s, &db, e));
    enum status status = get(s, db, account, name, a, &found, e);
    accounts_give(s);
    if (status == OK) *out = found;
    return status;
}

enum status note_drop(struct store *s, uint64_t account, Str name, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    struct db *db = NULL;
    TRY(accounts_take(s, &db, e));
    enum status status = query_start(&q, db, Q_note_drop, e);
    if (status == OK) {
        query_u64(&q, account);
        query_str(&q, name);
        status = query_run(&q, e);
    }
    query_done(&q);
    accounts_give(s);
    return status;
}

static enum status list(struct store *s, struct db *db, uint64_t account, Str beginning, struct arena *a,
                        struct note **out, size_t *count, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    Str end = str_format(a, "%.*s\x7f", STR_ARG(beginning));
    size_t room = 0;
    TRY(query_start(&q, db, Q_note_list, e));
    query_u64(&q, account);
    query_str(&q, beginning);
    query_str(&q, end);
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        ARENA_ROOM(a, *out, room, *count + 1, 8);
        struct note *note = &(*out)[*count];
        note->name = str_copy(a, query_get_str(&q, 0));
        TRY(read_row(s, &q, 1, account, a, note, e));
        ++*count;
    }
}

enum status note_list(struct store *s, uint64_t account, Str beginning, struct arena *a, struct note **out,
                      size_t *count, struct err *e)
{
    struct db *db = NULL;
    *out = NULL;
    *count = 0;
    TRY(accounts_take(s, &db, e));
    enum status status = list(s, db, account, beginning, a, out, count, e);
    accounts_give(s);
    return status;
}
