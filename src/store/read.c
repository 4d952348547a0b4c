/* Reading records: one, many, their lines. The access entry comes first, then the data. */
#include "store/follow.h"
#include "store/store_private.h"

#include "base/alloc.h"
#include "base/caldate.h"

#include <stdlib.h>

#define LIST_BYTES_MAX ((size_t)16 << 30)

enum status store_head(struct store *s, struct store_place *out, struct err *e)
{
    struct reader *r = NULL;
    struct merkle tree;
    int64_t recorded_ms = 0, known_ms = 0;
    TRY(reader_take(s, &r, e));
    enum status status = journal_read_tree(r->bodies.change, &tree, &recorded_ms, &known_ms, e);
    if (status == OK) *out = (struct store_place){.seq = r->head, .known_ms = known_ms};
    reader_give(s, r);
    return status;
}

/* ---- one record ------------------------------------------------------------------------------------- */

static enum status get(struct store *s, struct reader *r, const struct actor *viewer, struct view view,
                       const struct record_id *id, struct arena *a, struct record *out, struct err *e)
{
    struct record_row row;
    TRY(record_row_find(r->bodies.change, id, &row, e));
    if (row.erased)
        return ERR(e, E_NOT_FOUND, "", "%s %.*s was erased.", kind_of(id->kind)->name, STR_ARG(id->id));
    TRY(reader_fold(s, r, &row, view, a, out, e));
    return access_note_records(s, viewer, OP_CONSULT, S("show"), STR_NONE, row.number, id, 1, e);
}

enum status store_get(struct store *s, const struct actor *viewer, struct view view,
                      const struct record_id *id, struct arena *a, struct record *out, struct err *e)
{
    struct reader *r = NULL;
    struct record found;
    TRY(actor_check(viewer, e));
    TRY(reader_take(s, &r, e));
    enum status status = get(s, r, viewer, view, id, a, &found, e);
    reader_give(s, r);
    if (status == OK) *out = found;
    return status;
}

/* ---- history ---------------------------------------------------------------------------------------- */

static enum status history_header(struct reader *r, struct arena *a, struct history_line *line, struct err *e)
{
    struct query head CLEANUP_QUERY = {0}, who CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&head, r->bodies.change, Q_chain_header, e));
    query_u64(&head, line->line.seq);
    TRY(query_step(&head, &row, e));
    if (!row)
        return ERR(e, E_DB, "", "entry %llu is missing; run verify.", (unsigned long long)line->line.seq);
    line->recorded_at_ms = query_get_i64(&head, 0);
    line->op = (enum operation)query_get_i64(&head, 1);
    line->batch = query_get_u64(&head, 2);
    TRY(query_start(&who, r->bodies.change, Q_ledger_context_get, e));
    query_u64(&who, query_get_u64(&head, 3));
    TRY(query_step(&who, &row, e));
    if (!row)
        return ERR(e, E_DB, "", "entry %llu does not say who acted; run verify.",
                   (unsigned long long)line->line.seq);
    line->actor = str_copy(a, query_get_str(&who, 0));
    line->role = str_copy(a, query_get_str(&who, 1));
    line->unit = str_copy(a, query_get_str(&who, 2));
    return OK;
}

static enum status history_read(struct reader *r, struct view view, const struct record_id *id,
                                struct arena *a, struct history *out, uint64_t *number, struct err *e)
{
    struct record_row row;
    struct entry_line *lines = NULL;
    size_t count = 0, n = 0;
    TRY(record_row_find(r->bodies.change, id, &row, e));
    if (row.erased)
        return ERR(e, E_NOT_FOUND, "", "%s %.*s was erased.", kind_of(id->kind)->name, STR_ARG(id->id));
    TRY(bodies_chain(&r->bodies, row.number, row.version, view.seq, a, &lines, NULL, &count, e));
    struct history_line *list = NEW_ARRAY(a, struct history_line, count + 1);
    for (size_t i = count; i-- > 0;) { /* the oldest entry first */
        if (lines[i].change.known_at_ms > view.known_at_ms) continue;
        list[n].line = lines[i];
        TRY(history_header(r, a, &list[n++], e));
    }
    if (n == 0)
        return ERR(e, E_NOT_FOUND, "", "there is no %s %.*s at that time.", kind_of(id->kind)->name,
                   STR_ARG(id->id));
    *out = (struct history){list, n};
    *number = row.number;
    return OK;
}

enum status store_history(struct store *s, const struct actor *viewer, struct view view,
                          const struct record_id *id, struct arena *a, struct history *out, struct err *e)
{
    struct reader *r = NULL;
    struct history found;
    uint64_t number = 0;
    TRY(actor_check(viewer, e));
    TRY(reader_take(s, &r, e));
    enum status status = history_read(r, view, id, a, &found, &number, e);
    reader_give(s, r);
    TRY(status);
    TRY(access_note_records(s, viewer, OP_CONSULT, S("history"), STR_NONE, number, id, 1, e));
    *out = found;
    return OK;
}

/* ---- every record ----------------------------------------------------------------------------------- */

static Str view_words(struct arena *a, struct view view, uint64_t kinds, Str purpose)
{
    char at[32] = "now";
    if (view.known_at_ms != INT64_MAX) caldate_format(view.known_at_ms, at);
    Str seq = view.seq == UINT64_MAX ? S("head") : str_format(a, "%llu", (unsigned long long)view.seq);
    return str_format(a, "%.*s kinds=%llx known_at=%s seq=%.*s", STR_ARG(purpose), (unsigned long long)kinds,
                      at, STR_ARG(seq));
}

static enum status rows_note(struct store *s, const struct actor *viewer, enum operation op, Str verb,
                             Str query, const struct record_row *rows, size_t count, struct err *e)
{
    struct record_id *ids = alloc_zero(count + 1, sizeof *ids);
    for (size_t i = 0; i < count; i++)
        ids[i] = rows[i].id;
    enum status status = access_note_records(s, viewer, op, verb, query, 0, ids, count, e);
    alloc_free(ids);
    return status;
}

static enum status each(struct store *s, struct reader *r, struct view view, const struct record_row *rows,
                        size_t count, record_visit visit, void *state, struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("a record being read", SCRATCH_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        struct record record;
        struct err none = {0};
        arena_reset(scratch);
        enum status status = reader_fold(s, r, &rows[i], view, scratch, &record, &none);
        if (status == E_NOT_FOUND) continue; /* not visible in this view, or erased meanwhile */
        if (status != OK) {
            if (e && e->status == OK) *e = none;
            return status;
        }
        TRY(visit(state, &record, e));
    }
    return OK;
}

enum status store_each(struct store *s, const struct actor *viewer, struct view view, uint64_t kinds,
                       Str purpose, record_visit visit, void *state, struct err *e)
{
    struct arena *list CLEANUP_ARENA = arena_new("the list of records", LIST_BYTES_MAX);
    struct record_row *rows = NULL;
    size_t count = 0;
    struct reader *r = NULL;
    TRY(actor_check(viewer, e));
    TRY(reader_take(s, &r, e));
    enum status status = record_rows_list(r->bodies.change, kinds, list, &rows, &count, e);
    if (status == OK)
        status = rows_note(s, viewer, OP_CONSULT, S("each"), view_words(list, view, kinds, purpose), rows,
                           count, e);
    if (status == OK) status = each(s, r, view, rows, count, visit, state, e);
    reader_give(s, r);
    return status;
}

/* ---- every line ------------------------------------------------------------------------------------- */

struct export_place {
    int64_t known_at_ms;
    uint64_t line, seq, record;
};

static int export_compare(const void *left, const void *right)
{
    const struct export_place *a = left, *b = right;
    if (a->known_at_ms != b->known_at_ms) return a->known_at_ms < b->known_at_ms ? -1 : 1;
    if (a->line != b->line) return a->line < b->line ? -1 : 1;
    return a->seq < b->seq ? -1 : a->seq > b->seq;
}

static enum status export_list(struct reader *r, int64_t after_ms, struct view view,
                               struct export_place **out, size_t *count, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    uint64_t seq_max = view.seq < r->head ? view.seq : r->head;
    size_t room = 0;
    TRY(query_start(&q, r->bodies.change, Q_export_list, e));
    query_u64(&q, seq_max);
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        struct export_place p = {query_get_i64(&q, 1), query_get_u64(&q, 2), query_get_u64(&q, 0),
                                 query_get_u64(&q, 3)};
        if (p.known_at_ms > view.known_at_ms || p.known_at_ms <= after_ms) continue;
        if (withdrawals_has(&r->bodies.withdrawn, query_get_u64(&q, 4), view.seq)) continue;
        if (*count == room) {
            room = room ? 2 * room : 1024;
            *out = alloc_resize(*out, room, sizeof **out);
        }
        (*out)[(*count)++] = p;
    }
}

/* One line of an export; those of erased records and of other kinds are passed over. */
static enum status export_line(struct reader *r, const struct export_place *p, uint64_t kinds,
                               struct arena *a, line_visit visit, void *state, struct err *e)
{
    struct record_key key;
    struct err none = {0};
    struct change change;
    uint64_t prior = 0, batch = 0;
    Str text;
    enum status status = keys_get(r->bodies.keys, p->record, &key, &none);
    if (status == E_NOT_FOUND) return OK;
    if (status != OK) {
        if (e && e->status == OK) *e = none;
        return status;
    }
    TRY(bodies_text(&r->bodies, &key, p->seq, a, &text, &prior, &batch, e));
    TRY(change_read_body(a, text, &change, e));
    return kinds >> change.record.kind & 1 ? visit(state, &change, p->seq, e) : OK;
}

/* Why lines are read: what the access ledger says of it. */
struct line_purpose {
    enum operation op;
    Str verb, words;
    int64_t after_ms; /* only what was known later */
};

static enum status lines_all(struct store *s, struct reader *r, const struct actor *viewer, struct view view,
                             uint64_t kinds, struct line_purpose why, line_visit visit, void *state,
                             struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("a line being exported", SCRATCH_BYTES_MAX);
    struct export_place *place = NULL;
    struct record_row *rows = NULL;
    size_t count = 0, records = 0;
    struct arena *list CLEANUP_ARENA = arena_new("the list of records", LIST_BYTES_MAX);
    enum status status = record_rows_list(r->bodies.change, kinds, list, &rows, &records, e);
    if (status == OK)
        status = rows_note(s, viewer, why.op, why.verb, view_words(list, view, kinds, why.words), rows,
                           records, e);
    if (status == OK) status = export_list(r, why.after_ms, view, &place, &count, e);
    if (count) qsort(place, count, sizeof *place, export_compare);
    for (size_t i = 0; i < count && status == OK; i++) {
        arena_reset(scratch);
        status = export_line(r, &place[i], kinds, scratch, visit, state, e);
    }
    alloc_free(place);
    return status;
}

static enum status lines_read(struct store *s, const struct actor *viewer, struct view view, uint64_t kinds,
                              struct line_purpose why, line_visit visit, void *state, struct err *e)
{
    struct reader *r = NULL;
    TRY(actor_check(viewer, e));
    TRY(reader_take(s, &r, e));
    enum status status = lines_all(s, r, viewer, view, kinds, why, visit, state, e);
    reader_give(s, r);
    return status;
}

enum status store_export(struct store *s, const struct actor *viewer, struct view view, uint64_t kinds,
                         line_visit visit, void *state, struct err *e)
{
    struct line_purpose why = {OP_DISCLOSE, S("export"), S("export"), INT64_MIN};
    return lines_read(s, viewer, view, kinds, why, visit, state, e);
}

enum status store_lines(struct store *s, const struct actor *viewer, struct view view, uint64_t kinds,
                        Str purpose, line_visit visit, void *state, struct err *e)
{
    struct line_purpose why = {OP_CONSULT, S("lines"), purpose, INT64_MIN};
    return lines_read(s, viewer, view, kinds, why, visit, state, e);
}

enum status store_lines_since(struct store *s, const struct actor *viewer, int64_t after_ms, struct view view,
                              uint64_t kinds, Str purpose, line_visit visit, void *state, struct err *e)
{
    struct line_purpose why = {OP_CONSULT, S("lines"), purpose, after_ms};
    return lines_read(s, viewer, view, kinds, why, visit, state, e);
}
