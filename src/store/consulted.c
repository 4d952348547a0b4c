#include "store/consulted.h"

#include "store/store_private.h"

static enum status entry_read(struct reader *r, struct query *q, struct arena *a, struct consulted *out,
                              struct err *e)
{
    struct record_row row;
    *out = (struct consulted){.at_ms = query_get_i64(q, 0),
                              .verb = str_copy(a, query_get_str(q, 1)),
                              .actor = str_copy(a, query_get_str(q, 3)),
                              .role = str_copy(a, query_get_str(q, 4)),
                              .unit = str_copy(a, query_get_str(q, 5))};
    TRY(record_row_get(r->bodies.change, query_get_u64(q, 2), a, &row, e));
    out->record = row.id;
    return OK;
}

static enum status entries_read(struct reader *r, struct db *access_db, const struct consulted_ask *ask,
                                uint64_t record, struct arena *a, struct consulted **out, size_t *count,
                                struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    struct consulted *list = NULL;
    size_t n = 0, room = 0;
    TRY(query_start(&q, access_db, Q_access_consulted, e));
    query_i64(&q, ask->from_ms);
    query_i64(&q, ask->until_ms);
    query_str(&q, ask->actor);
    query_u64(&q, record);
    query_u64(&q, ask->most);
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row) break;
        ARENA_ROOM(a, list, room, n + 1, 64);
        TRY(entry_read(r, &q, a, &list[n++], e));
    }
    *out = list;
    *count = n;
    return OK;
}

static enum status read_all(struct store *s, struct reader *r, const struct consulted_ask *ask,
                            struct arena *a, struct consulted **out, size_t *count, struct err *e)
{
    struct record_row row = {0};
    struct db *access_db = NULL;
    if (ask->record != NULL) TRY(record_row_find(r->bodies.change, ask->record, &row, e));
    TRY(db_open(s->dir, DB_ACCESS, DB_READ, &access_db, e));
    enum status status = entries_read(r, access_db, ask, row.number, a, out, count, e);
    db_close(access_db);
    return status;
}

enum status store_consulted(struct store *s, const struct actor *viewer, const struct consulted_ask *ask,
                            struct arena *a, struct consulted **out, size_t *count, struct err *e)
{
    struct reader *r = NULL;
    TRY(actor_check(viewer, e));
    TRY(reader_take(s, &r, e));
    enum status status = read_all(s, r, ask, a, out, count, e);
    reader_give(s, r);
    TRY(status);
    return access_note_records(s, viewer, OP_CONSULT, S("consulted"), ask->actor, 0, ask->record,
                               ask->record != NULL ? 1 : 0, e);
}
