#include "app/records.h"

#include "app/words.h"
#include "model/feed.h"

enum { LINE_BYTES_MAX = 1 << 26 };

enum status record_find(struct session *s, Str text, struct arena *a, struct record_id *out, struct err *e)
{
    struct err why = {0};
    enum status status = store_resolve(s->store, &s->actor, a, text, out, &why);
    if (status == OK) return OK;
    if (status == E_NOT_FOUND)
        return ERR(e, status, "", "there is no record \"%.*s\"; find it with: colligate search WORDS",
                   STR_ARG(text));
    return ERR(e, status, why.field, "%s", why.text);
}

/* ---- what sources say differently ------------------------------------------------------------------- */

/* The lines of one source, folded alone, give what that source says. */
static enum status fold_source(struct session *s, struct view view, const struct history *h, Str source,
                               struct arena *a, struct record *out, struct err *e)
{
    struct entry_line *line = NEW_ARRAY(a, struct entry_line, h->count);
    size_t n = 0;
    for (size_t i = 0; i < h->count; i++)
        if (str_eq(h->line[i].line.change.source, source)) line[n++] = h->line[i].line;
    return record_fold(a, &s->policy, line, n, view, out, e);
}

static void versions_add(struct session *s, const struct record *record, Str source, struct arena *a,
                         struct record_sheet *sheet)
{
    const struct kind *kind = kind_of(record->id.kind);
    for (size_t i = 0; i < sheet->items; i++) {
        struct record_item *item = &sheet->item[i];
        const struct holding *held = &record->held[item->field];
        if (!item->held->disputed || str_eq(item->held->source, source) || !str_present(held->value))
            continue;
        item->other[item->others++] = (struct record_version){
            .source = source,
            .words = words_of(a, &s->policy, kind, item->field, held->value, held->key),
            .value = held->value,
            .key = held->key,
            .known_at_ms = held->known_at_ms,
        };
    }
}

static size_t sources_of(const struct history *h, struct arena *a, Str **out)
{
    struct str_list list = {NEW_ARRAY(a, Str, h->count + 1), 0};
    for (size_t i = 0; i < h->count; i++)
        list.item[list.count++] = h->line[i].line.change.source;
    str_sort_unique(&list);
    *out = list.item;
    return list.count;
}

static enum status versions_read(struct session *s, struct view view, struct arena *a,
                                 struct record_sheet *sheet, struct err *e)
{
    struct history h;
    Str *source = NULL;
    bool disputed = false;
    for (size_t i = 0; i < sheet->items; i++)
        disputed = disputed || sheet->item[i].held->disputed;
    if (!disputed) return OK;
    TRY(store_history(s->store, &s->actor, view, &sheet->record.id, a, &h, e));
    size_t sources = sources_of(&h, a, &source);
    for (size_t i = 0; i < sheet->items; i++)
        sheet->item[i].other = NEW_ARRAY(a, struct record_version, sources);
    for (size_t i = 0; i < sources; i++) {
        struct record record;
        struct err none = {0};
        enum status status = fold_source(s, view, &h, source[i], a, &record, &none);
        if (status == E_NOT_FOUND) continue; /* all it said was withdrawn */
        if (status != OK) return ERR(e, status, none.field, "%s", none.text);
        versions_add(s, &record, source[i], a, sheet);
    }
    return OK;
}

/* ---- names of what is referred to ------------------------------------------------------------------- */

struct naming {
    struct session *s;
    struct view view;
    struct arena *a;
    struct record_sheet *sheet; /* keeps them: each is read once */
};

static const struct record_named *named(const struct record_sheet *sheet, const struct record_id *id)
{
    for (size_t i = 0; i < sheet->names; i++)
        if (record_id_eq(&sheet->named[i].id, id)) return &sheet->named[i];
    return NULL;
}

Str record_sheet_name(const struct record_sheet *sheet, enum kind_id kind, Str ns, Str reference)
{
    struct record_id id = {.kind = kind};
    ref_split(reference, ns, &id.ns, &id.id);
    const struct record_named *found = named(sheet, &id);
    return found != NULL ? found->words : STR_NONE;
}

/* A record that cannot be read has no name: that is no fault of the one that refers to it. */
static Str name_read(const struct naming *n, const struct record_id *id)
{
    struct record_sheet *sheet = n->sheet;
    const struct record_named *known = named(sheet, id);
    struct record record;
    struct err ignored = {0};
    Str words = STR_NONE;
    if (known != NULL) return known->words;
    if (store_get(n->s->store, &n->s->actor, n->view, id, n->a, &record, &ignored) == OK)
        words = words_record(n->a, &n->s->policy, &record, NULL, NULL);
    ARENA_ROOM(n->a, sheet->named, sheet->name_room, sheet->names + 1, 16);
    sheet->named[sheet->names++] =
        (struct record_named){{str_copy(n->a, id->ns), id->kind, str_copy(n->a, id->id)}, words};
    return words;
}

static Str name_find(void *state, const struct field *field, Str ns, Str reference)
{
    const struct naming *n = state;
    Str rest = str_of(field->values), word;
    while (rest.len > 0 && str_next(&rest, '|', &word)) {
        const struct kind *kind = kind_named(word);
        if (!kind) continue;
        struct record_id id = {.kind = kind->id};
        ref_split(reference, ns, &id.ns, &id.id);
        Str words = name_read(n, &id);
        if (str_present(words)) return words;
    }
    return STR_NONE;
}

/* ---- one record ------------------------------------------------------------------------------------- */

static void items_read(struct session *s, struct view view, struct arena *a, struct record_sheet *sheet)
{
    const struct kind *kind = kind_of(sheet->record.id.kind);
    struct naming naming = {s, view, a, sheet};
    struct words_names names = {name_find, &naming};
    sheet->item = NEW_ARRAY(a, struct record_item, kind->field_count);
    for (size_t i = 0; i < kind->field_count; i++) {
        const struct holding *held = &sheet->record.held[i];
        if (!str_present(held->value)) continue;
        Str words = words_of(a, &s->policy, kind, (int)i, held->value, held->key);
        if (kind->field[i].type == FT_REF)
            words = words_reference(a, &names, &kind->field[i], sheet->record.id.ns, words);
        sheet->item[sheet->items++] = (struct record_item){.field = (int)i, .held = held, .words = words};
    }
}

static enum status relatives_read(struct session *s, struct view view, struct arena *a,
                                  struct record_sheet *sheet, struct err *e)
{
    struct record_id *from = NULL;
    size_t count = 0;
    struct naming naming = {s, view, a, sheet};
    struct words_names names = {name_find, &naming};
    TRY(store_referrers(s->store, &s->actor, &sheet->record.id, a, &from, &count, e));
    sheet->relative = NEW_ARRAY(a, struct record_relative, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct record record;
        struct err none = {0};
        if (kind_kept_apart(from[i].kind)) continue;
        enum status status = store_get(s->store, &s->actor, view, &from[i], a, &record, &none);
        if (status == E_NOT_FOUND) continue; /* not known at that time */
        if (status != OK) return ERR(e, status, none.field, "%s", none.text);
        sheet->relative[sheet->relatives++] = (struct record_relative){
            from[i], words_record(a, &s->policy, &record, &sheet->record.id, &names), record};
    }
    return OK;
}

enum status record_sheet_read(struct session *s, struct view view, const struct record_id *id,
                              struct arena *a, struct record_sheet *out, struct err *e)
{
    struct record_sheet sheet = {0};
    struct naming naming = {s, view, a, &sheet};
    struct err why = {0};
    enum status status = store_get(s->store, &s->actor, view, id, a, &sheet.record, &why);
    bool now = view.known_at_ms == INT64_MAX && view.seq == UINT64_MAX;
    if (status == E_NOT_FOUND)
        return ERR(e, status, "",
                   now ? "all that was said of %.*s was withdrawn or erased."
                       : "%.*s was not on record then.",
                   STR_ARG(words_id(a, id)));
    if (status != OK) return ERR(e, status, why.field, "%s", why.text);
    sheet.words = words_record(a, &s->policy, &sheet.record, NULL, &(struct words_names){name_find, &naming});
    items_read(s, view, a, &sheet);
    TRY(versions_read(s, view, a, &sheet, e));
    TRY(relatives_read(s, view, a, &sheet, e));
    *out = sheet;
    return OK;
}

enum status record_dossier_read(struct session *s, struct view view, const struct record_id *id,
                                struct arena *a, struct record_dossier *out, struct err *e)
{
    struct record_dossier dossier = {0};
    size_t joined = 0;
    if (id->kind == KIND_DEATH) TRY(same_events_of(s, view, id, a, &dossier.joined, &joined, e));
    dossier.sheet = NEW_ARRAY(a, struct record_sheet, joined + 1);
    TRY(record_sheet_read(s, view, id, a, &dossier.sheet[dossier.sheets++], e));
    size_t kept = 0;
    for (size_t i = 0; i < joined; i++) {
        struct err none = {0};
        enum status status =
            record_sheet_read(s, view, &dossier.joined[i].id, a, &dossier.sheet[dossier.sheets], &none);
        if (status == E_NOT_FOUND) continue; /* joined to a record that has not arrived, or not by then */
        if (status != OK) return ERR(e, status, none.field, "%s", none.text);
        dossier.sheets++;
        dossier.joined[kept++] = dossier.joined[i];
    }
    *out = dossier;
    return OK;
}

/* ---- export ----------------------------------------------------------------------------------------- */

struct export
{
    struct buf line;
    feed_line_sink put;
    void *state;
    uint64_t lines;
};

static enum status export_visit(void *state, const struct change *change, uint64_t seq, struct err *e)
{
    struct export *x = state;
    (void)seq;
    buf_clear(&x->line);
    change_write_feed(&x->line, change, !str_eq(change->record.ns, S(NAMESPACE_DEFAULT)));
    TRY(buf_status(&x->line, e));
    x->lines++;
    return x->put(x->state, buf_str(&x->line), e);
}

enum status records_export(struct session *s, struct view view, uint64_t kinds, feed_line_sink put,
                           void *state, uint64_t *lines, struct err *e)
{
    struct export x = {.put = put, .state = state};
    buf_init(&x.line, LINE_BYTES_MAX);
    enum status status = store_export(s->store, &s->actor, view, kinds, export_visit, &x, e);
    buf_free(&x.line);
    if (status == OK) *lines = x.lines;
    return status;
}
