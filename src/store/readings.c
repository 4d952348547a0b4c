/* Who was shown a record. */
#include "store/store_private.h"

static enum status number_of(struct store *s, const struct record_id *id, uint64_t *number, struct err *e)
{
    struct reader *r = NULL;
    struct record_row row = {0};
    TRY(reader_take(s, &r, e));
    enum status status = record_row_find(r->bodies.change, id, &row, e);
    reader_give(s, r);
    *number = row.number;
    return status;
}

enum status readings_list(struct db *access_db, uint64_t number, struct arena *a, struct shown **out,
                          size_t *count, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    struct shown *list = NULL;
    size_t n = 0, room = 0;
    TRY(query_start(&q, access_db, Q_access_readings, e));
    query_u64(&q, number);
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row) break;
        ARENA_ROOM(a, list, room, n + 1, 16);
        list[n++] = (struct shown){.at_ms = query_get_i64(&q, 0),
                                   .actor = str_copy(a, query_get_str(&q, 1)),
                                   .role = str_copy(a, query_get_str(&q, 2))};
    }
    *out = list;
    *count = n;
    return OK;
}

enum status store_readings(struct store *s, const struct actor *viewer, const struct record_id *id,
                           struct arena *a, struct shown **out, size_t *count, struct err *e)
{
    uint64_t number = 0;
    struct db *access_db = NULL;
    TRY(actor_check(viewer, e));
    TRY(number_of(s, id, &number, e));
    TRY(db_open(s->dir, DB_ACCESS, DB_READ, &access_db, e));
    enum status status = readings_list(access_db, number, a, out, count, e);
    db_close(access_db);
    TRY(status);
    return access_note_records(s, viewer, OP_CONSULT, S("readings"), STR_NONE, number, id, 1, e);
}
