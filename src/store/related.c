/* From a name to a record, and from records to those that name them. */
#include "store/store_private.h"

#include <stdlib.h>

/* ---- resolving -------------------------------------------------------------------------------------- */

struct candidates {
    struct record_id id[20];
    size_t count;
};

/* Which of the records found are meant: STR_NONE and -1 leave it open. */
struct narrowing {
    Str ns;
    int kind;
};

static enum status collect(struct reader *r, enum statement id, Str text, struct narrowing only,
                           struct arena *a, struct candidates *out, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, r->bodies.change, id, e));
    query_str(&q, text);
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row || out->count == COUNT_OF(out->id)) return OK;
        const struct kind *kind = kind_named(query_get_str(&q, 1));
        if (!kind || (only.kind >= 0 && (int)kind->id != only.kind)) continue;
        if (str_present(only.ns) && !str_eq(only.ns, query_get_str(&q, 0))) continue;
        out->id[out->count++] = (struct record_id){str_copy(a, query_get_str(&q, 0)), kind->id,
                                                   str_copy(a, query_get_str(&q, 2))};
    }
}

/* "kind:id", "namespace:id", "namespace:kind:id". */
static enum status collect_prefixed(struct reader *r, Str text, struct narrowing only, struct arena *a,
                                    struct candidates *out, struct err *e)
{
    size_t colon = str_find_char(text, ':');
    if (colon == STR_NPOS) return OK;
    Str prefix = str_slice(text, 0, colon), rest = str_slice(text, colon + 1, text.len);
    const struct kind *kind = kind_named(prefix);
    if (kind && only.kind < 0)
        only.kind = (int)kind->id;
    else if (namespace_valid(prefix) && !str_present(only.ns))
        only.ns = prefix;
    else
        return OK;
    TRY(collect(r, Q_record_find_ident, rest, only, a, out, e));
    return out->count ? OK : collect_prefixed(r, rest, only, a, out, e);
}

static enum status resolve(struct reader *r, Str text, struct arena *a, struct candidates *out, struct err *e)
{
    struct narrowing open = {STR_NONE, -1};
    TRY(collect(r, Q_record_find_ident, text, open, a, out, e));
    if (!out->count) TRY(collect_prefixed(r, text, open, a, out, e));
    if (!out->count) TRY(collect(r, Q_record_find_death_ref, text, open, a, out, e));
    return OK;
}

static enum status several(const struct candidates *c, Str text, struct err *e)
{
    struct buf names CLEANUP_BUF;
    buf_init(&names, 1 << 16);
    for (size_t i = 0; i < c->count && i < 6; i++)
        buf_addf(&names, "%s%.*s:%s:%.*s", i ? ", " : "", STR_ARG(c->id[i].ns), kind_of(c->id[i].kind)->name,
                 STR_ARG(c->id[i].id));
    return ERR(e, E_CONFLICT, "id", "several records are called %.*s: %.*s%s. Say which.", STR_ARG(text),
               STR_ARG(buf_str(&names)), c->count > 6 ? " ..." : "");
}

enum status store_resolve(struct store *s, const struct actor *viewer, struct arena *a, Str text,
                          struct record_id *out, struct err *e)
{
    struct reader *r = NULL;
    struct candidates found = {0};
    text = str_trim(text);
    if (str_empty(text))
        return ERR(e, E_INVALID, "id", "name a record: an id such as D1, death:D1, or a force reference.");
    TRY(actor_check(viewer, e));
    TRY(reader_take(s, &r, e));
    enum status status = resolve(r, text, a, &found, e);
    reader_give(s, r);
    TRY(status);
    if (found.count != 1)
        TRY(access_note_records(s, viewer, OP_CONSULT, S("resolve"), text, 0, found.id, found.count, e));
    if (found.count == 0) return ERR(e, E_NOT_FOUND, "id", "there is no record called %.*s.", STR_ARG(text));
    if (found.count > 1) return several(&found, text, e);
    *out = found.id[0];
    return OK;
}

/* ---- referrers -------------------------------------------------------------------------------------- */

struct id_list {
    struct record_id *id;
    size_t count, room;
};

static void id_add(struct arena *a, struct id_list *l, const struct record_id *id)
{
    ARENA_ROOM(a, l->id, l->room, l->count + 1, 16);
    l->id[l->count++] = *id;
}

static int id_compare(const void *left, const void *right)
{
    const struct record_id *a = left, *b = right;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    int order = str_compare(a->ns, b->ns);
    return order ? order : str_compare(a->id, b->id);
}

static void ids_sort_unique(struct id_list *l)
{
    size_t kept = 0;
    if (l->count) qsort(l->id, l->count, sizeof *l->id, id_compare);
    for (size_t i = 0; i < l->count; i++) {
        if (kept == 0 || id_compare(&l->id[kept - 1], &l->id[i]) != 0) l->id[kept++] = l->id[i];
    }
    l->count = kept;
}

static const struct field *field_named(const struct kind *kind, Str name)
{
    int index = field_index(kind, name);
    return index < 0 ? NULL : &kind->field[index];
}

static enum status referrers_list(struct query *q, const struct record_id *id, struct arena *a,
                                  struct record_id **out, size_t *count, struct err *e)
{
    struct id_list list = {0};
    for (bool row = true;;) {
        TRY(query_step(q, &row, e));
        if (!row) break;
        const struct kind *kind = kind_named(query_get_str(q, 3));
        const struct field *field = kind ? field_named(kind, query_get_str(q, 1)) : NULL;
        if (!field || !typed_reference_allows(field, id->kind)) continue;
        struct record_id from = {str_copy(a, query_get_str(q, 2)), kind->id,
                                 str_copy(a, query_get_str(q, 4))};
        id_add(a, &list, &from);
    }
    ids_sort_unique(&list);
    *out = list.id;
    *count = list.count;
    return OK;
}

enum status referrers_read(struct reader *r, const struct record_id *id, struct arena *a,
                           struct record_id **out, size_t *count, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, r->bodies.change, Q_reference_from, e));
    query_str(&q, id->id);
    query_str(&q, id->ns);
    return referrers_list(&q, id, a, out, count, e);
}

enum status referrers_unless_read(struct reader *r, const struct record_id *id, enum kind_id from,
                                  enum kind_id unless, struct arena *a, struct record_id **out, size_t *count,
                                  struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, r->bodies.change, Q_reference_from_unless, e));
    query_str(&q, id->id);
    query_str(&q, id->ns);
    query_str(&q, str_of(kind_of(from)->name));
    query_str(&q, str_of(kind_of(unless)->name));
    return referrers_list(&q, id, a, out, count, e);
}

enum status store_referrers(struct store *s, const struct actor *viewer, const struct record_id *id,
                            struct arena *a, struct record_id **out, size_t *count, struct err *e)
{
    struct reader *r = NULL;
    TRY(actor_check(viewer, e));
    TRY(reader_take(s, &r, e));
    enum status status = referrers_read(r, id, a, out, count, e);
    reader_give(s, r);
    TRY(status);
    return access_note_records(s, viewer, OP_CONSULT, S("referrers"), id->id, 0, *out, *count, e);
}

/* ---- references into nothing ------------------------------------------------------------------------ */

struct unresolved {
    struct dangling *item;
    size_t limit, count, total;
};

static enum status target_exists(struct reader *r, const struct field *field, Str ns, Str ident, bool *out,
                                 struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, r->bodies.change, Q_record_find_in_ns, e));
    query_str(&q, ident);
    query_str(&q, ns);
    *out = false;
    for (bool row = true; !*out;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        const struct kind *kind = kind_named(query_get_str(&q, 0));
        *out = kind && typed_reference_allows(field, kind->id);
    }
    return OK;
}

static enum status reference_examine(struct reader *r, struct query *q, struct arena *a, struct unresolved *u,
                                     struct err *e)
{
    struct record_row from;
    bool exists = false;
    struct arena_mark mark = arena_mark(a);
    TRY(record_row_get(r->bodies.change, query_get_u64(q, 0), a, &from, e));
    const struct field *field = field_named(kind_of(from.id.kind), query_get_str(q, 1));
    Str ns = query_get_str(q, 2), ident = query_get_str(q, 3);
    if (!field) return OK;
    TRY(target_exists(r, field, ns, ident, &exists, e));
    if (exists || u->count == u->limit) {
        u->total += !exists;
        arena_release(a, mark);
        return OK;
    }
    Str to =
        str_eq(ns, from.id.ns) ? str_copy(a, ident) : str_format(a, "%.*s:%.*s", STR_ARG(ns), STR_ARG(ident));
    u->item[u->count++] = (struct dangling){from.id, str_of(field->name), to};
    u->total++;
    return OK;
}

static enum status unresolved_read(struct reader *r, struct arena *a, struct unresolved *u, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, r->bodies.change, Q_reference_list, e));
    for (bool row = true;;) {
        TRY(query_step(&q, &row, e));
        if (!row) return OK;
        TRY(reference_examine(r, &q, a, u, e));
    }
}

enum status store_unresolved(struct store *s, const struct actor *viewer, struct arena *a, size_t limit,
                             struct dangling **out, size_t *count, size_t *total, struct err *e)
{
    struct reader *r = NULL;
    struct unresolved u = {.item = NEW_ARRAY(a, struct dangling, limit + 1), .limit = limit};
    TRY(actor_check(viewer, e));
    TRY(reader_take(s, &r, e));
    enum status status = unresolved_read(r, a, &u, e);
    reader_give(s, r);
    TRY(status);
    struct record_id *shown = NEW_ARRAY(a, struct record_id, u.count + 1);
    for (size_t i = 0; i < u.count; i++)
        shown[i] = u.item[i].from;
    TRY(access_note_records(s, viewer, OP_CONSULT, S("unresolved"), STR_NONE, 0, shown, u.count, e));
    *out = u.item;
    *count = u.count;
    *total = u.total;
    return OK;
}
