#include "store/notices.h"

#include "store/accounts_private.h"

static void read_row(struct query *q, struct arena *a, struct notice *out)
{
    *out = (struct notice){.id = str_copy(a, query_get_str(q, 0)),
                           .receiver = str_copy(a, query_get_str(q, 1)),
                           .kind = str_copy(a, query_get_str(q, 2)),
                           .reference = str_copy(a, query_get_str(q, 3)),
                           .path = str_copy(a, query_get_str(q, 4)),
                           .made_ms = query_get_i64(q, 5),
                           .due_ms = query_get_i64(q, 6),
                           .tries = (unsigned)query_get_i64(q, 7),
                           .problem = str_copy(a, query_get_str(q, 8))};
}

enum status notice_put(struct store *s, const struct notice *n, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    struct db *db = NULL;
    TRY(accounts_take(s, &db, e));
    enum status status = query_start(&q, db, Q_notice_put, e);
    if (status == OK) {
        const Str text[] = {n->id, n->receiver, n->kind, n->reference, n->path};
        for (size_t i = 0; i < COUNT_OF(text); i++)
            query_str(&q, text[i]);
        query_i64(&q, n->made_ms);
        status = query_run(&q, e);
    }
    query_done(&q);
    accounts_give(s);
    return status;
}

enum status notice_next(struct store *s, int64_t now_ms, struct arena *a, struct notice *out, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    struct db *db = NULL;
    bool row = false;
    TRY(accounts_take(s, &db, e));
    enum status status = query_start(&q, db, Q_notice_next, e);
    if (status == OK) {
        query_i64(&q, now_ms);
        status = query_step(&q, &row, e);
    }
    if (status == OK && row) read_row(&q, a, out);
    query_done(&q);
    accounts_give(s);
    if (status == OK && !row) return ERR(e, E_NOT_FOUND, "", "no notice is due.");
    return status;
}

enum status notice_tried(struct store *s, Str id, enum notice_state state, int64_t due_ms, unsigned tries,
                         Str problem, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    struct db *db = NULL;
    TRY(accounts_take(s, &db, e));
    enum status status = query_start(&q, db, Q_notice_tried, e);
    if (status == OK) {
        query_str(&q, id);
        query_i64(&q, (int64_t)state);
        query_i64(&q, due_ms);
        query_i64(&q, (int64_t)tries);
        query_str(&q, problem);
        status = query_run(&q, e);
    }
    query_done(&q);
    accounts_give(s);
    return status;
}

static enum status count_in(struct db *db, enum notice_state state, size_t *all, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&q, db, Q_notice_count, e));
    query_i64(&q, (int64_t)state);
    TRY(query_step(&q, &row, e));
    *all = row ? (size_t)query_get_i64(&q, 0) : 0;
    return OK;
}

static enum status list_in(struct db *db, enum notice_state state, size_t most, struct arena *a,
                           struct notice **out, size_t *count, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    *out = NEW_ARRAY(a, struct notice, most + 1);
    *count = 0;
    TRY(query_start(&q, db, Q_notice_list, e));
    query_i64(&q, (int64_t)state);
    query_i64(&q, (int64_t)most);
    for (;;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        read_row(&q, a, &(*out)[(*count)++]);
    }
}

enum status notice_list(struct store *s, enum notice_state state, size_t most, struct arena *a,
                        struct notice **out, size_t *count, size_t *all, struct err *e)
{
    struct db *db = NULL;
    TRY(accounts_take(s, &db, e));
    enum status status = count_in(db, state, all, e);
    if (status == OK) status = list_in(db, state, most, a, out, count, e);
    accounts_give(s);
    return status;
}

static enum status again_in(struct db *db, Str id, int64_t now_ms, bool *found, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, db, Q_notice_again, e));
    query_str(&q, id);
    query_i64(&q, now_ms);
    TRY(query_step(&q, found, e));
    bool more = *found;
    while (more) /* to its end, so that it is done */
        TRY(query_step(&q, &more, e));
    return OK;
}

enum status notice_again(struct store *s, const struct actor *actor, Str id, int64_t now_ms, struct err *e)
{
    struct db *db = NULL;
    bool found = false;
    TRY(administration_note(s, actor, S("notice_again"), id, e));
    TRY(accounts_take(s, &db, e));
    enum status status = again_in(db, id, now_ms, &found, e);
    accounts_give(s);
    if (status == OK && !found) return ERR(e, E_NOT_FOUND, "", "no notice of that name was given up.");
    return status;
}

static enum status since_in(struct db *db, Str receiver, int64_t now_ms, int64_t *since_ms, struct err *e)
{
    struct query put CLEANUP_QUERY = {0}, get CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&put, db, Q_notice_receiver_put, e));
    query_str(&put, receiver);
    query_i64(&put, now_ms);
    TRY(query_run(&put, e));
    TRY(query_start(&get, db, Q_notice_receiver_get, e));
    query_str(&get, receiver);
    TRY(query_step(&get, &row, e));
    *since_ms = row ? query_get_i64(&get, 0) : now_ms;
    return OK;
}

enum status notice_since(struct store *s, Str receiver, int64_t now_ms, int64_t *since_ms, struct err *e)
{
    struct db *db = NULL;
    TRY(accounts_take(s, &db, e));
    enum status status = since_in(db, receiver, now_ms, since_ms, e);
    accounts_give(s);
    return status;
}
