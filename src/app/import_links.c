#include "app/import_links.h"

#include "base/json.h"
#include "store/follow.h"

#include <stdlib.h>

#define FOLLOW_LINES 4096
#define LOOK_BYTES   ((size_t)1 << 30)
/* what says something of an event; not what is said about links */
#define KINDS_READ (~(UINT64_C(1) << KIND_LINK | UINT64_C(1) << KIND_DECISION | UINT64_C(1) << KIND_MEETING))

struct events {
    struct record_id *item;
    size_t count, room;
    struct arena *a;
};

enum status import_batch(struct store *s, const struct actor *actor, uint64_t batch, struct arena *a,
                         struct batch_row *out, struct err *e)
{
    struct batch_row *list = NULL;
    size_t count = 0;
    TRY(store_batches(s, actor, a, &list, &count, e));
    for (size_t i = 0; i < count; i++) {
        if (list[i].batch != batch) continue;
        *out = list[i];
        return OK;
    }
    return ERR(e, E_NOT_FOUND, "batch", "there is no such batch.");
}

static void event_add(struct events *to, Str ns, enum kind_id kind, Str id)
{
    ARENA_ROOM(to->a, to->item, to->room, to->count + 1, 64);
    to->item[to->count++] =
        (struct record_id){.ns = str_copy(to->a, ns), .kind = kind, .id = str_copy(to->a, id)};
}

/* A reference says its id and not always its kind: both that it can be. */
static void reference_add(struct events *to, Str ns, Str text)
{
    Str ref_ns, ref_id;
    if (!str_present(text)) return;
    ref_split(text, ns, &ref_ns, &ref_id);
    event_add(to, ref_ns, KIND_DEATH, ref_id);
    event_add(to, ref_ns, KIND_INCIDENT, ref_id);
}

static enum status line_read(struct events *to, const struct change *line, struct err *e)
{
    const struct kind *kind = kind_of(line->record.kind);
    if (line->record.kind == KIND_DEATH || line->record.kind == KIND_INCIDENT)
        event_add(to, line->record.ns, line->record.kind, line->record.id);
    for (size_t i = 0; i < line->fact_count; i++) {
        const struct field *field = &kind->field[line->fact[i].field];
        if (field->type != FT_REF && field->type != FT_REFS) continue;
        struct json_doc doc CLEANUP_JSON = {0};
        TRY(json_parse(line->fact[i].value, &doc, e));
        if (field->type == FT_REF) reference_add(to, line->record.ns, json_str(doc.root));
        for (size_t k = 0; field->type == FT_REFS && k < json_count(doc.root); k++)
            reference_add(to, line->record.ns, json_str(json_at(doc.root, k)));
    }
    return OK;
}

static int by_id(const void *a, const void *b)
{
    return record_id_compare(a, b);
}

static enum status events_read(struct store *s, const struct batch_row *batch, struct events *out,
                               struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("the lines of a batch", LOOK_BYTES);
    for (uint64_t at = batch->first_seq - 1; at < batch->last_seq;) {
        struct followed *f = NULL;
        size_t count = 0;
        uint64_t through = at;
        arena_reset(a);
        TRY(store_follow(s, at, KINDS_READ, FOLLOW_LINES, a, &f, &count, &through, e));
        for (size_t i = 0; i < count; i++)
            if (f[i].what == FOLLOWED_LINE && f[i].batch == batch->batch) TRY(line_read(out, &f[i].line, e));
        if (through == at) break;
        at = through;
    }
    if (out->count > 1) qsort(out->item, out->count, sizeof *out->item, by_id);
    return OK;
}

static bool touches(const struct events *of, const struct link_note *note)
{
    for (size_t i = 0; i < note->events; i++)
        if (bsearch(&note->event[i], of->item, of->count, sizeof *of->item, by_id) != NULL) return true;
    return false;
}

enum status import_links(const struct links_viewer *v, const struct batch_row *batch, struct arena *a,
                         struct link_row **out, size_t *count, bool *settled, struct err *e)
{
    struct links_listing all;
    struct live_status live;
    struct events of = {.a = a};
    *out = NULL;
    *count = 0;
    live_status(v->live, &live);
    *settled = live.ready && live.linked >= batch->last_seq;
    if (batch->withdrawn || batch->first_seq == 0) return OK;
    TRY(events_read(v->session->store, batch, &of, e));
    if (of.count == 0) return OK;
    TRY(links_list(v, LINKS_ALL, S(""), a, &all, e));
    *out = all.row;
    for (size_t i = 0; i < all.count; i++)
        if (all.row[i].note.version > batch->first_seq && touches(&of, &all.row[i].note))
            (*out)[(*count)++] = all.row[i];
    return OK;
}
