#include "store/references.h"

#include "store/store_private.h"

#include <stdlib.h>

enum status references_put(struct db *db, uint64_t number, struct arena *a, const struct record *record,
                           struct err *e)
{
    struct typed_reference *list = NULL;
    size_t count = typed_references(a, record, &list);
    for (size_t i = 0; i < count; i++) {
        struct query q CLEANUP_QUERY = {0};
        TRY(query_start(&q, db, Q_reference_put, e));
        query_u64(&q, number);
        query_str(&q, str_of(list[i].field));
        query_str(&q, list[i].ns);
        query_str(&q, list[i].ident);
        TRY(query_run(&q, e));
    }
    return OK;
}

enum status references_clear(struct db *db, uint64_t number, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, db, Q_reference_clear, e));
    query_u64(&q, number);
    return query_run(&q, e);
}

/* ---- comparing -------------------------------------------------------------------------------------- */

static void write_one(struct buf *line, Str field, Str ns, Str ident)
{
    buf_addf(line, " %.*s>%.*s:%.*s", STR_ARG(field), STR_ARG(ns), STR_ARG(ident));
}

enum status references_write_stored(struct db *db, uint64_t number, struct buf *line, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, db, Q_reference_of, e));
    query_u64(&q, number);
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        write_one(line, query_get_str(&q, 0), query_get_str(&q, 1), query_get_str(&q, 2));
    }
}

/* Byte by byte, as SQLite orders text. */
static int bytes_compare(Str a, Str b)
{
    int order = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int reference_compare(const void *left, const void *right)
{
    const struct typed_reference *a = left, *b = right;
    int order = strcmp(a->field, b->field);
    if (!order) order = bytes_compare(a->ns, b->ns);
    return order ? order : bytes_compare(a->ident, b->ident);
}

void references_write_made(struct arena *a, const struct record *record, struct buf *line)
{
    struct typed_reference *list = NULL;
    size_t count = typed_references(a, record, &list);
    if (count > 0) qsort(list, count, sizeof *list, reference_compare);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || reference_compare(&list[i - 1], &list[i]) != 0)
            write_one(line, str_of(list[i].field), list[i].ns, list[i].ident);
}

enum status references_of_nobody(struct db *db, struct arena *a, uint64_t **out, size_t *count, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    size_t room = 0;
    *out = NULL;
    *count = 0;
    TRY(query_start(&q, db, Q_reference_nobody, e));
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        ARENA_ROOM(a, *out, room, *count + 1, 16);
        (*out)[(*count)++] = query_get_u64(&q, 0);
    }
}
