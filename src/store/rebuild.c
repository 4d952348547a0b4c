/* The typed tables made again from entries, bodies and keys, and compared with what stands there. */
#include "store/store_private.h"

#include "store/references.h"

#include <stdio.h>

#define LIST_BYTES_MAX ((size_t)16 << 30)

/* An ordered dump, hashed line by line as it is made: digest = SHA-256(digest before || line). */
static void digest_add(Sha256 *digest, Str line)
{
    Str part[2] = {{(const char *)digest->byte, SHA256_BYTES}, line};
    *digest = sha256_parts(part, 2);
}

/* ---- the dump --------------------------------------------------------------------------------------- */

typedef enum status (*line_put)(void *state, Str line, struct err *e);

/* The line of one record as its typed row and its references say, empty when it has none. */
static enum status line_stored(struct typed *t, struct db *change, const struct record_row *row,
                               struct arena *a, struct buf *line, struct err *e)
{
    struct cell cells[COLUMNS_MAX];
    bool found = false;
    buf_clear(line);
    TRY(typed_get(t, row->number, row->id.kind, a, cells, &found, e));
    if (found) typed_write_line(line, &row->id, cells);
    TRY(references_write_stored(change, row->number, line, e));
    return buf_status(line, e);
}

static enum status dump_rows(struct reader *r, const struct record_row *rows, size_t count, line_put put,
                             void *state, struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("a row being dumped", SCRATCH_BYTES_MAX);
    struct buf line CLEANUP_BUF;
    buf_init(&line, SIZE_MAX / 4);
    for (size_t i = 0; i < count; i++) {
        arena_reset(scratch);
        TRY(line_stored(&r->typed, r->bodies.change, &rows[i], scratch, &line, e));
        if (line.len) TRY(put(state, buf_str(&line), e));
    }
    return OK;
}

enum status store_dump(struct store *s, const struct actor *viewer, line_put put, void *state, struct err *e)
{
    struct arena *list CLEANUP_ARENA = arena_new("the list of records", LIST_BYTES_MAX);
    struct record_row *rows = NULL;
    size_t count = 0;
    struct reader *r = NULL;
    TRY(actor_check(viewer, e));
    TRY(access_note_records(s, viewer, OP_DISCLOSE, S("dump"), STR_NONE, 0, NULL, 0, e));
    TRY(reader_take(s, &r, e));
    enum status status = record_rows_list(r->bodies.change, UINT64_MAX, list, &rows, &count, e);
    if (status == OK) status = dump_rows(r, rows, count, put, state, e);
    reader_give(s, r);
    return status;
}

/* ---- comparing -------------------------------------------------------------------------------------- */

struct comparison {
    struct store *store;
    struct bodies *bodies;
    struct typed *typed;
    finding_visit visit;
    void *state;
    struct arena *scratch;
    struct buf stored, made;
    struct rebuild_report report;
};

/* The line of one record as its entries say, empty when it is not visible. */
static enum status line_made(struct comparison *c, const struct record_row *row, struct err *e)
{
    struct entry_line *lines = NULL;
    struct record record;
    struct cell cells[COLUMNS_MAX];
    struct err none = {0};
    size_t count = 0;
    buf_clear(&c->made);
    TRY(bodies_chain(c->bodies, row->number, row->version, UINT64_MAX, c->scratch, &lines, NULL, &count, e));
    c->report.entries += count;
    for (size_t i = 0; i < count; i++)
        if (!record_id_eq(&lines[i].change.record, &row->id))
            return ERR(e, E_DB, "", "its row has another name than its entries");
    enum status status =
        record_fold(c->scratch, c->store->env.policy, lines, count, VIEW_NOW, &record, &none);
    if (status == E_NOT_FOUND) return OK;
    if (status != OK) {
        if (e && e->status == OK) *e = none;
        return status;
    }
    typed_cells(c->scratch, &record, cells);
    typed_write_line(&c->made, &row->id, cells);
    references_write_made(c->scratch, &record, &c->made);
    return buf_status(&c->made, e);
}

static void difference_tell(struct comparison *c, const struct record_row *row, enum status status,
                            const char *text)
{
    struct finding f = {.ledger = "change", .seq = row->version, .what = "row differs"};
    const char *how = status != OK     ? text
                      : !c->stored.len ? "its typed row is missing"
                      : !c->made.len   ? "it has a typed row but no entry that counts"
                                       : "its typed row or its references are not what its entries say";
    snprintf(f.text, sizeof f.text, "%s %.*s (namespace %.*s): %.300s", kind_of(row->id.kind)->name,
             STR_ARG(row->id.id), STR_ARG(row->id.ns), how);
    c->report.differences++;
    if (c->visit) c->visit(c->state, &f);
}

static enum status record_compare(struct comparison *c, const struct record_row *row, struct err *e)
{
    struct err none = {0};
    arena_reset(c->scratch);
    TRY(line_stored(c->typed, c->bodies->change, row, c->scratch, &c->stored, e));
    enum status status = line_made(c, row, &none);
    c->report.records++;
    if (c->stored.len) digest_add(&c->report.digest_before, buf_str(&c->stored));
    if (c->made.len) digest_add(&c->report.digest_after, buf_str(&c->made));
    if (status != OK || !str_eq(buf_str(&c->stored), buf_str(&c->made)))
        difference_tell(c, row, status, none.text);
    return OK;
}

/* Rows of nobody: put there by another hand. */
static void nobody_tell(struct comparison *c, const char *table, uint64_t number, const char *lacks)
{
    struct finding f = {.ledger = "change", .what = "row differs"};
    struct buf line CLEANUP_BUF;
    snprintf(f.text, sizeof f.text, "the table %s holds a row of number %llu, which is no record%s", table,
             (unsigned long long)number, lacks);
    c->report.differences++;
    buf_init(&line, 1 << 10);
    buf_addf(&line, "%s %llu", table, (unsigned long long)number);
    digest_add(&c->report.digest_before, buf_str(&line));
    if (c->visit) c->visit(c->state, &f);
}

static enum status row_examine(void *state, uint64_t number, enum kind_id kind, struct err *e)
{
    struct comparison *c = state;
    struct record_row row;
    struct err none = {0};
    arena_reset(c->scratch);
    enum status status = record_row_get(c->bodies->change, number, c->scratch, &row, &none);
    if (status == OK && !row.erased && row.id.kind == kind) return OK;
    if (status != OK && status != E_NOT_FOUND) return ERR(e, status, "", "%s", none.text);
    nobody_tell(c, kind_of(kind)->name, number, " of that kind");
    return OK;
}

static enum status references_examine(struct comparison *c, struct err *e)
{
    uint64_t *number = NULL;
    size_t count = 0;
    arena_reset(c->scratch);
    TRY(references_of_nobody(c->bodies->change, c->scratch, &number, &count, e));
    for (size_t i = 0; i < count; i++)
        nobody_tell(c, "reference_to", number[i], "");
    return OK;
}

static enum status compare_all(struct comparison *c, struct db *change, struct err *e)
{
    struct arena *list CLEANUP_ARENA = arena_new("the list of records", LIST_BYTES_MAX);
    struct record_row *rows = NULL;
    size_t count = 0;
    TRY(record_rows_list(change, UINT64_MAX, list, &rows, &count, e));
    for (size_t i = 0; i < count; i++)
        TRY(record_compare(c, &rows[i], e));
    for (int kind = 0; kind < KIND_COUNT; kind++)
        TRY(typed_each(c->typed, (enum kind_id)kind, row_examine, c, e));
    return references_examine(c, e);
}

static void comparison_init(struct comparison *c, struct store *s, struct bodies *bodies, struct typed *typed,
                            finding_visit visit, void *state)
{
    *c = (struct comparison){.store = s, .bodies = bodies, .typed = typed, .visit = visit, .state = state};
    c->scratch = arena_new("a record being rebuilt", SCRATCH_BYTES_MAX);
    buf_init(&c->stored, SIZE_MAX / 4);
    buf_init(&c->made, SIZE_MAX / 4);
}

static void comparison_done(struct comparison *c)
{
    arena_free(c->scratch);
    buf_free(&c->stored);
    buf_free(&c->made);
}

/* ---- replacing -------------------------------------------------------------------------------------- */

struct rebuild_job {
    struct write_job job; /* first */
    const struct actor *actor;
    finding_visit visit;
    void *state;
    struct rebuild_report report;
};

static enum status replace_all(struct writer *w, struct err *e)
{
    struct arena *list CLEANUP_ARENA = arena_new("the list of records", LIST_BYTES_MAX);
    struct record_row *rows = NULL;
    uint64_t *nobody = NULL;
    size_t count = 0, strangers = 0;
    for (int kind = 0; kind < KIND_COUNT; kind++)
        TRY(typed_clear(&w->typed, (enum kind_id)kind, e));
    TRY(record_rows_list(w->change, UINT64_MAX, list, &rows, &count, e));
    for (size_t i = 0; i < count; i++)
        TRY(writer_refold(w, rows[i].number, e));
    TRY(references_of_nobody(w->change, list, &nobody, &strangers, e));
    for (size_t i = 0; i < strangers; i++)
        TRY(references_clear(w->change, nobody[i], e));
    return OK;
}

static enum status rebuild_run(struct writer *w, struct write_job *job, struct err *e)
{
    struct rebuild_job *b = (struct rebuild_job *)job;
    struct comparison c;
    struct receipt r;
    comparison_init(&c, w->store, &w->bodies, &w->typed, b->visit, b->state);
    enum status status = compare_all(&c, w->change, e);
    b->report = c.report;
    comparison_done(&c);
    TRY(status);
    if (b->report.differences) TRY(replace_all(w, e));
    return writer_note(w, b->actor, OP_ADMINISTER, S("rebuild"), 0, 0, S("{}"), &r, e);
}

enum status store_rebuild(struct store *s, const struct actor *actor, bool check, finding_visit visit,
                          void *state, struct rebuild_report *out, struct err *e)
{
    TRY(actor_check(actor, e));
    if (!check) {
        struct rebuild_job job = {.job.run = rebuild_run, .actor = actor, .visit = visit, .state = state};
        TRY(writer_do(s, &job.job, e));
        *out = job.report;
        return OK;
    }
    struct comparison c;
    struct reader *r = NULL;
    TRY(access_note_records(s, actor, OP_ADMINISTER, S("rebuild_check"), STR_NONE, 0, NULL, 0, e));
    TRY(reader_take(s, &r, e));
    comparison_init(&c, s, &r->bodies, &r->typed, visit, state);
    enum status status = compare_all(&c, r->bodies.change, e);
    reader_give(s, r);
    if (status == OK) *out = c.report;
    comparison_done(&c);
    return status;
}
