/* Rows as they are now, all or those that changed: for whatever follows the ledger. */
#include "store/store_private.h"

static enum status batch_collect(struct reader *r, uint64_t batch, struct table *records, struct err *e)
{
    struct query b CLEANUP_QUERY = {0}, q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&b, r->bodies.change, Q_batch_get, e));
    query_u64(&b, batch);
    TRY(query_step(&b, &row, e));
    if (!row) return OK;
    TRY(query_start(&q, r->bodies.change, Q_batch_records, e));
    query_u64(&q, batch);
    query_u64(&q, query_get_u64(&b, 3));
    query_u64(&q, query_get_u64(&b, 4));
    for (;;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        *table_at_number(records, query_get_u64(&q, 0), NULL) = 1;
    }
}

enum status records_changed(struct reader *r, uint64_t from, uint64_t to, struct table *records,
                            struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, r->bodies.change, Q_entries_since, e));
    query_u64(&q, from);
    query_u64(&q, to);
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        Str verb = query_get_str(&q, 3);
        if (str_eq(verb, S("append")) || str_eq(verb, S("erase")))
            *table_at_number(records, query_get_u64(&q, 1), NULL) = 1;
        else if (str_eq(verb, S("withdraw_batch")))
            TRY(batch_collect(r, query_get_u64(&q, 2), records, e));
    }
}

struct rows {
    struct store *store;
    struct reader *reader;
    uint64_t kinds;
    row_visit visit;
    void *state;
    struct arena *scratch, *shown_arena;
    struct record_id *shown;
    size_t count, room;
};

static enum status row_tell(struct rows *x, const struct record_row *row, struct err *e)
{
    const struct kind *kind = kind_of(row->id.kind);
    struct cell cells[COLUMNS_MAX];
    struct row_now now = {.id = row->id, .version = row->version};
    bool found = false;
    if (!row->erased)
        TRY(typed_get(&x->reader->typed, row->number, row->id.kind, x->scratch, cells, &found, e));
    if (found) {
        void *data = arena_alloc(x->scratch, 1, kind->size, _Alignof(max_align_t));
        TRY(typed_read(x->scratch, kind, cells, data, e));
        now.data = data;
        ARENA_ROOM(x->shown_arena, x->shown, x->room, x->count + 1, 64);
        x->shown[x->count++] = row->id;
    }
    return x->visit(x->state, &now, e);
}

static enum status rows_all(struct rows *x, struct err *e)
{
    struct record_row *row = NULL;
    size_t count = 0;
    TRY(record_rows_list(x->reader->bodies.change, x->kinds, x->shown_arena, &row, &count, e));
    for (size_t i = 0; i < count; i++) {
        arena_reset(x->scratch);
        TRY(row_tell(x, &row[i], e));
    }
    return OK;
}

static enum status rows_changed(struct rows *x, uint64_t since, struct err *e)
{
    struct table *records CLEANUP_TABLE = table_new(UINT32_MAX);
    TRY(records_changed(x->reader, since, x->reader->head, records, e));
    for (size_t i = 0; i < table_count(records); i++) {
        struct record_row row;
        TRY(record_row_get(x->reader->bodies.change, table_key_number(records, i), x->shown_arena, &row, e));
        if (!(x->kinds >> row.id.kind & 1)) continue;
        arena_reset(x->scratch);
        TRY(row_tell(x, &row, e));
    }
    return OK;
}

enum status store_rows(struct store *s, const struct actor *viewer, uint64_t kinds, uint64_t since,
                       Str purpose, row_visit visit, void *state, uint64_t *head, struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("a row being read", SCRATCH_BYTES_MAX);
    struct arena *shown CLEANUP_ARENA = arena_new("the rows that were read", SIZE_MAX / 4);
    struct rows x = {
        .store = s, .kinds = kinds, .visit = visit, .state = state, .scratch = scratch, .shown_arena = shown};
    TRY(actor_check(viewer, e));
    TRY(reader_take(s, &x.reader, e));
    uint64_t at = x.reader->head;
    enum status status = OK;
    if (since == 0)
        status = rows_all(&x, e);
    else if (since < at)
        status = rows_changed(&x, since, e);
    reader_give(s, x.reader);
    TRY(status);
    if (x.count > 0)
        TRY(access_note_records(s, viewer, OP_CONSULT, S("rows"), purpose, 0, x.shown, x.count, e));
    *head = at;
    return OK;
}

enum status store_note_shown(struct store *s, const struct actor *viewer, Str verb, Str query,
                             const struct record_id *ids, size_t count, struct err *e)
{
    TRY(actor_check(viewer, e));
    return access_note_records(s, viewer, OP_CONSULT, verb, query, 0, ids, count, e);
}

enum status store_note_read(struct store *s, const struct actor *viewer, Str verb, Str query,
                            const struct record_id *ids, size_t count, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("the numbers of what was read", SCRATCH_BYTES_MAX);
    uint64_t *record = NEW_ARRAY(a, uint64_t, count + 1);
    struct reader *r = NULL;
    enum status status = OK;
    TRY(actor_check(viewer, e));
    if (count == 0) return OK;
    TRY(reader_take(s, &r, e));
    for (size_t i = 0; status == OK && i < count; i++) {
        struct record_row row;
        status = record_row_find(r->bodies.change, &ids[i], &row, e);
        record[i] = row.number;
    }
    reader_give(s, r);
    TRY(status);
    return access_note_each(s, viewer, verb, query, record, ids, count, e);
}

enum status store_note_reason(struct store *s, const struct actor *viewer, const struct record_id *id,
                              Str reason, struct err *e)
{
    struct reader *r = NULL;
    struct record_row row;
    TRY(actor_check(viewer, e));
    if (str_empty(str_trim(reason)))
        return ERR(e, E_INVALID, "reason", "say why you need to see this record.");
    TRY(reader_take(s, &r, e));
    enum status status = record_row_find(r->bodies.change, id, &row, e);
    reader_give(s, r);
    TRY(status);
    return access_note_records(s, viewer, OP_CONSULT, S("reason"), reason, row.number, id, 1, e);
}
