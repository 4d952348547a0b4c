/* The full-text index: follows the ledger by watermark. It can be deleted; the next reading makes it again.
 */
#include "store/store_private.h"

#include "base/table.h"
#include "store/search_document.h"

#include <stdio.h>
#include <unistd.h>

enum { CHUNK_ENTRIES = 1000, HITS_MAX = 1000 };

static enum status watermark_read(struct db *db, uint64_t *out, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&q, db, Q_search_watermark_get, e));
    TRY(query_step(&q, &row, e));
    *out = row ? query_get_u64(&q, 0) : 0;
    return OK;
}

static enum status watermark_set(struct db *db, uint64_t seq, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, db, Q_search_watermark_set, e));
    query_u64(&q, seq);
    return query_run(&q, e);
}

/* With search_mutex held. */
static enum status search_open(struct store *s, struct err *e)
{
    struct err none = {0};
    if (s->search) return OK;
    enum status status = db_open(s->dir, DB_SEARCH, DB_WRITE, &s->search, &none);
    if (status == E_NOT_FOUND) return db_open(s->dir, DB_SEARCH, DB_MAKE, &s->search, e);
    if (status != OK && e && e->status == OK) *e = none;
    return status;
}

/* ---- following -------------------------------------------------------------------------------------- */

static enum status document_drop(struct db *db, uint64_t number, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, db, Q_search_document_drop, e));
    query_u64(&q, number);
    return query_run(&q, e);
}

static enum status document_put(struct db *db, uint64_t number, const struct search_document *d,
                                struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, db, Q_search_document_put, e));
    query_u64(&q, number);
    query_str(&q, d->title);
    query_str(&q, d->text);
    query_str(&q, d->keys);
    query_str(&q, d->fields);
    return query_run(&q, e);
}

/* The record as it is now, or nothing when it is not visible any more. */
static enum status record_index(struct store *s, struct reader *r, uint64_t number, struct arena *a,
                                struct err *e)
{
    struct record_row row;
    struct record record;
    struct search_document document;
    struct err none = {0};
    TRY(record_row_get(r->bodies.change, number, a, &row, e));
    TRY(document_drop(s->search, number, e));
    if (row.erased) return OK;
    enum status status = reader_fold(s, r, &row, VIEW_NOW, a, &record, &none);
    if (status == E_NOT_FOUND) return OK;
    if (status != OK) {
        if (e && e->status == OK) *e = none;
        return status;
    }
    return search_document_make(a, &record, &document) ? document_put(s->search, number, &document, e) : OK;
}

static enum status chunk_apply(struct store *s, struct reader *r, uint64_t from, uint64_t to, struct err *e)
{
    struct table *records CLEANUP_TABLE = table_new(UINT32_MAX);
    struct arena *scratch CLEANUP_ARENA = arena_new("a record being indexed", SCRATCH_BYTES_MAX);
    TRY(records_changed(r, from, to, records, e));
    for (size_t i = 0; i < table_count(records); i++) {
        arena_reset(scratch);
        TRY(record_index(s, r, table_key_number(records, i), scratch, e));
    }
    return watermark_set(s->search, to, e);
}

/* One chunk: true in *more while there is more. The index is locked before the snapshot is taken: a record
 * that is erased after it waits with its purge until this is done, and takes out what was written here. */
static enum status follow_chunk(struct store *s, uint64_t *at, uint64_t *to, uint64_t *head, struct err *e)
{
    struct reader *r = NULL;
    TRY(watermark_read(s->search, at, e));
    TRY(reader_take(s, &r, e));
    *head = r->head;
    *to = *head > *at + CHUNK_ENTRIES ? *at + CHUNK_ENTRIES : *head;
    enum status status = *at < *head ? chunk_apply(s, r, *at, *to, e) : OK;
    reader_give(s, r);
    return status;
}

static enum status follow_next(struct store *s, uint64_t *at, uint64_t *to, uint64_t *head, struct err *e)
{
    TRY(search_open(s, e));
    TRY(db_begin_write(s->search, e));
    enum status status = follow_chunk(s, at, to, head, e);
    if (status == OK) status = db_commit(s->search, e);
    if (status != OK) db_rollback(s->search);
    return status;
}

/* Between chunks others may search: what is not read yet, they are told. */
enum status store_search_catch_up(struct store *s, store_progress progress, void *state, uint64_t *read,
                                  struct err *e)
{
    uint64_t done = 0;
    for (uint64_t at = 0, to = 0, head = 1; to < head;) {
        pthread_mutex_lock(&s->search_mutex);
        enum status status = follow_next(s, &at, &to, &head, e);
        pthread_mutex_unlock(&s->search_mutex);
        TRY(status);
        done += to - at;
        if (to < head) clock_pause_ms(1); /* who waits gets it */
        if (progress && to > at) progress(state, to, head);
    }
    if (read) *read = done;
    return OK;
}

enum status search_purge(struct store *s, uint64_t number, struct err *e)
{
    pthread_mutex_lock(&s->search_mutex);
    struct query q CLEANUP_QUERY = {0};
    enum status status = search_open(s, e);
    if (status == OK) status = document_drop(s->search, number, e);
    if (status == OK) status = query_start(&q, s->search, Q_search_optimise, e);
    if (status == OK) status = query_run(&q, e);
    query_done(&q);
    struct err busy = {0};
    if (status == OK && db_truncate_log(s->search, &busy) != OK) err_clear(&busy); /* at closing, then */
    pthread_mutex_unlock(&s->search_mutex);
    return status;
}

/* ---- asking ----------------------------------------------------------------------------------------- */

enum { ROWS_LOOKED_AT = 5000 }; /* of a search whose answers may mostly not be seen */

struct asking {
    struct reader *reader;
    struct arena *arena;
    Str expression;
};

static enum status row_read(const struct asking *x, struct query *q, struct search_row *out, bool *there,
                            struct err *e)
{
    struct err none = {0};
    enum status status =
        record_row_get(x->reader->bodies.change, query_get_u64(q, 0), x->arena, &out->row, &none);
    *there = status == OK && out->row.erased == 0;
    if (status != OK && status != E_NOT_FOUND) return ERR(e, status, "", "%s", none.text);
    if (!*there) return OK;
    out->hit = (struct search_hit){
        .id = out->row.id, .title = str_copy(x->arena, query_get_str(q, 1)), .rank = query_get_f64(q, 4)};
    search_snippet(x->arena, query_get_str(q, 3), query_get_str(q, 2), &out->hit.field, &out->hit.snippet);
    if (str_empty(out->hit.snippet)) out->hit.snippet = out->hit.title;
    return OK;
}

static enum status visit_rows(const struct asking *x, search_visit visit, void *state, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    enum status status = OK;
    TRY(query_start(&q, x->reader->search, Q_search_find, e));
    query_str(&q, x->expression);
    query_u64(&q, ROWS_LOOKED_AT);
    for (bool row = true, more = true; more;) {
        struct search_row found;
        bool there = false;
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        TRY(row_read(x, &q, &found, &there, e));
        if (there) more = visit(state, x->reader, &found, &status, e);
    }
    return status;
}

/* By the reader's own connection to the index, so that nobody waits for another's search, nor for what is
 * being read in. E_NOT_FOUND: there is no index yet. */
static enum status each(struct store *s, struct reader *r, Str expression, struct arena *a,
                        search_visit visit, void *state, uint64_t *behind, struct err *e)
{
    const struct asking x = {r, a, expression};
    uint64_t at = 0;
    if (!r->search) TRY(db_open(s->dir, DB_SEARCH, DB_READ, &r->search, e));
    TRY(db_begin(r->search, e));
    TRY(watermark_read(r->search, &at, e));
    *behind = r->head > at ? r->head - at : 0;
    return str_present(expression) ? visit_rows(&x, visit, state, e) : OK;
}

static enum status index_make(struct store *s, struct err *e)
{
    pthread_mutex_lock(&s->search_mutex); /* never while a reader is held: who reads in waits for one */
    enum status status = search_open(s, e);
    pthread_mutex_unlock(&s->search_mutex);
    return status;
}

enum status search_each(struct store *s, Str words, struct arena *a, search_visit visit, void *state,
                        uint64_t *behind, struct err *e)
{
    Str expression = search_expression(a, words, s->env.policy->default_region);
    for (bool made = false;; made = true) {
        struct reader *r = NULL;
        struct err why = {0};
        TRY(reader_take(s, &r, e));
        enum status status = each(s, r, expression, a, visit, state, behind, &why);
        bool unopened = r->search == NULL;
        reader_give(s, r);
        if (status == E_NOT_FOUND && unopened && !made) {
            TRY(index_make(s, e));
            continue;
        }
        if (status != OK) return ERR(e, status, why.field, "%s", why.text);
        return OK;
    }
}

struct hits {
    struct search_hit *hit;
    size_t count, limit;
};

static bool take_hit(void *state, struct reader *r, const struct search_row *row, enum status *status,
                     struct err *e)
{
    struct hits *hits = state;
    (void)r, (void)status, (void)e;
    hits->hit[hits->count++] = row->hit;
    return hits->count < hits->limit;
}

enum status search_limit_check(size_t limit, struct err *e)
{
    if (limit > 0 && limit <= HITS_MAX) return OK;
    return ERR(e, E_INVALID, "limit", "between 1 and %d hits can be asked for.", HITS_MAX);
}

enum status store_search(struct store *s, const struct actor *viewer, Str words, size_t limit,
                         struct arena *a, struct search_hit **out, size_t *count, uint64_t *behind,
                         struct err *e)
{
    struct hits hits = {.limit = limit};
    uint64_t late = 0;
    TRY(actor_check(viewer, e));
    TRY(search_limit_check(limit, e));
    hits.hit = NEW_ARRAY(a, struct search_hit, limit);
    TRY(search_each(s, words, a, take_hit, &hits, &late, e));
    struct record_id *shown = NEW_ARRAY(a, struct record_id, hits.count + 1);
    for (size_t i = 0; i < hits.count; i++)
        shown[i] = hits.hit[i].id;
    TRY(access_note_records(s, viewer, OP_CONSULT, S("search"), words, 0, shown, hits.count, e));
    *out = hits.hit;
    *count = hits.count;
    if (behind) *behind = late;
    return OK;
}
