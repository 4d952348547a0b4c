/* Connections for reading, and the rows and folds that every reading call needs. */
#include "store/store_private.h"

#include "base/alloc.h"

#include <stdlib.h>

static void reader_free(struct reader *r)
{
    struct db *change = r->bodies.change, *keys = r->bodies.keys;
    typed_done(&r->typed);
    bodies_done(&r->bodies);
    db_close(change);
    db_close(keys);
    db_close(r->search);
    alloc_free(r);
}

static enum status reader_open(struct store *s, struct reader **out, struct err *e)
{
    struct reader *r = alloc_zero(1, sizeof *r);
    struct db *change = NULL, *keys = NULL;
    enum status status = db_open(s->dir, DB_CHANGE, DB_READ, &change, e);
    if (status == OK) status = db_open(s->dir, DB_KEYS, DB_READ, &keys, e);
    bodies_init(&r->bodies, change, keys);
    typed_init(&r->typed, change);
    if (status != OK) {
        reader_free(r);
        return status;
    }
    *out = r;
    return OK;
}

/* An idle connection, or leave to open one more. */
static struct reader *reader_idle(struct store *s)
{
    pthread_mutex_lock(&s->mutex);
    while (!s->readers && s->readers_open >= READERS_MAX)
        pthread_cond_wait(&s->reader_free, &s->mutex);
    struct reader *r = s->readers;
    if (r)
        s->readers = r->next;
    else
        s->readers_open++;
    pthread_mutex_unlock(&s->mutex);
    return r;
}

static void reader_gone(struct store *s)
{
    pthread_mutex_lock(&s->mutex);
    s->readers_open--;
    pthread_cond_signal(&s->reader_free);
    pthread_mutex_unlock(&s->mutex);
}

static enum status snapshot_begin(struct reader *r, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(db_begin(r->bodies.change, e));
    TRY(db_begin(r->bodies.keys, e));
    TRY(query_start(&q, r->bodies.change, Q_ledger_size, e)); /* the first read fixes the snapshot */
    TRY(query_step(&q, &row, e));
    r->head = row ? query_get_u64(&q, 0) : 0;
    return withdrawals_load(&r->bodies.withdrawn, r->bodies.change, e);
}

enum status reader_take(struct store *s, struct reader **out, struct err *e)
{
    MUST(s->magic == STORE_MAGIC);
    struct reader *r = reader_idle(s);
    if (!r) {
        enum status status = reader_open(s, &r, e);
        if (status != OK) {
            reader_gone(s);
            return status;
        }
    }
    enum status status = snapshot_begin(r, e);
    if (status != OK) {
        reader_give(s, r);
        return status;
    }
    *out = r;
    return OK;
}

void reader_give(struct store *s, struct reader *r)
{
    db_rollback(r->bodies.change);
    db_rollback(r->bodies.keys);
    if (r->search) db_rollback(r->search);
    pthread_mutex_lock(&s->mutex);
    r->next = s->readers;
    s->readers = r;
    pthread_cond_signal(&s->reader_free);
    pthread_mutex_unlock(&s->mutex);
}

void readers_close(struct store *s)
{
    while (s->readers) {
        struct reader *r = s->readers;
        s->readers = r->next;
        s->readers_open--;
        reader_free(r);
    }
    MUST(s->readers_open == 0); /* else a reading call is still under way */
}

/* ---- rows ------------------------------------------------------------------------------------------- */

enum status record_row_find(struct db *change, const struct record_id *id, struct record_row *out,
                            struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&q, change, Q_record_find, e));
    query_str(&q, id->id);
    query_str(&q, str_of(kind_of(id->kind)->name));
    query_str(&q, id->ns);
    TRY(query_step(&q, &row, e));
    if (!row)
        return ERR(e, E_NOT_FOUND, "", "there is no %s %.*s.", kind_of(id->kind)->name, STR_ARG(id->id));
    *out = (struct record_row){.number = query_get_u64(&q, 0),
                               .version = query_get_u64(&q, 1),
                               .erased = query_get_u64(&q, 2),
                               .id = *id};
    return OK;
}

static enum status kind_read(Str name, enum kind_id *out, struct err *e)
{
    const struct kind *kind = kind_named(name);
    if (!kind)
        return ERR(e, E_DB, "", "the store holds a kind that this program does not know: %.*s.",
                   STR_ARG(name));
    *out = kind->id;
    return OK;
}

enum status record_row_get(struct db *change, uint64_t number, struct arena *a, struct record_row *out,
                           struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    enum kind_id kind = KIND_DEATH;
    TRY(query_start(&q, change, Q_record_get, e));
    query_u64(&q, number);
    TRY(query_step(&q, &row, e));
    if (!row) return ERR(e, E_NOT_FOUND, "", "there is no record number %llu.", (unsigned long long)number);
    TRY(kind_read(query_get_str(&q, 1), &kind, e));
    *out = (struct record_row){
        .number = number, .version = query_get_u64(&q, 3), .erased = query_get_u64(&q, 4)};
    out->id = (struct record_id){str_copy(a, query_get_str(&q, 0)), kind, str_copy(a, query_get_str(&q, 2))};
    return OK;
}

static int row_compare(const void *left, const void *right)
{
    const struct record_row *a = left, *b = right;
    if (a->id.kind != b->id.kind) return a->id.kind < b->id.kind ? -1 : 1;
    int order = str_compare(a->id.ns, b->id.ns);
    return order ? order : str_compare(a->id.id, b->id.id);
}

enum status record_rows_list(struct db *change, uint64_t kinds, struct arena *a, struct record_row **out,
                             size_t *count, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    struct record_row *list = NULL;
    size_t n = 0, room = 0;
    Str ns = STR_NONE; /* mostly the same: kept once */
    TRY(query_start(&q, change, Q_record_list, e));
    for (bool row = true;;) {
        enum kind_id kind = KIND_DEATH;
        TRY(query_step(&q, &row, e));
        if (!row) break;
        TRY(kind_read(query_get_str(&q, 2), &kind, e));
        if (!(kinds >> kind & 1)) continue;
        ARENA_ROOM(a, list, room, n + 1, 256);
        if (!str_present(ns) || !str_eq(ns, query_get_str(&q, 1))) ns = str_copy(a, query_get_str(&q, 1));
        list[n++] = (struct record_row){.number = query_get_u64(&q, 0),
                                        .version = query_get_u64(&q, 4),
                                        .id = {ns, kind, str_copy(a, query_get_str(&q, 3))}};
    }
    if (n) qsort(list, n, sizeof *list, row_compare);
    *out = list;
    *count = n;
    return OK;
}

enum status reader_fold(struct store *s, struct reader *r, const struct record_row *row, struct view view,
                        struct arena *a, struct record *out, struct err *e)
{
    struct entry_line *lines = NULL;
    size_t count = 0;
    TRY(bodies_chain(&r->bodies, row->number, row->version, view.seq, a, &lines, NULL, &count, e));
    if (count == 0)
        return ERR(e, E_NOT_FOUND, "", "there is no %s %.*s at that time.", kind_of(row->id.kind)->name,
                   STR_ARG(row->id.id));
    return record_fold(a, s->env.policy, lines, count, view, out, e);
}
