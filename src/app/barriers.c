#include "app/barriers.h"

#include "app/new_id.h"
#include "app/new_line.h"
#include "model/feed.h"

#include <stdlib.h>

/* ---- reading ---------------------------------------------------------------------------------------- */

struct gathering {
    struct session *s;
    const struct sight *sight;
    Str officer; /* key; "" : all */
    struct arena *a;
    struct record_id *id;
    size_t count, room;
};

static bool events_seen(const struct gathering *g, Str ns, const struct str_list *event)
{
    for (size_t i = 0; i < event->count; i++) {
        struct record_id id = {.kind = KIND_DEATH};
        ref_split(event->item[i], ns, &id.ns, &id.id);
        if (sight_of(g->sight, &id) != SIGHT_NONE) continue;
        id.kind = KIND_INCIDENT;
        if (sight_of(g->sight, &id) == SIGHT_NONE) return false;
    }
    return true;
}

static enum status gather(void *state, const struct row_now *record, struct err *e)
{
    struct gathering *g = state;
    (void)e;
    if (record->data == NULL) return OK;
    if (record->id.kind == KIND_RESTRICTION) {
        const struct restriction *x = record->data;
        if (!events_seen(g, record->id.ns, &x->events)) return OK;
    } else if (!str_empty(g->officer)) {
        const struct conflict *x = record->data;
        if (!str_eq(roll_ref_key(g->a, record->id.ns, x->officer), g->officer)) return OK;
    }
    ARENA_ROOM(g->a, g->id, g->room, g->count + 1, 16);
    g->id[g->count++] =
        (struct record_id){str_copy(g->a, record->id.ns), record->id.kind, str_copy(g->a, record->id.id)};
    return OK;
}

/* The walk is the service's; what is shown is read by the person. */
static const struct actor SELF = {
    .name = S_INIT("colligate"), .role = S_INIT("service"), .origin = S_INIT("permission")};

static int newest_first(const void *x, const void *y)
{
    const struct barrier *a = x, *b = y;
    if (a->version != b->version) return a->version > b->version ? -1 : 1;
    return record_id_compare(&a->id, &b->id);
}

static enum status read_all(struct gathering *g, enum kind_id kind, struct barrier **out, size_t *count,
                            struct err *e)
{
    uint64_t head = 0;
    TRY(store_rows(g->s->store, &SELF, UINT64_C(1) << kind, 0, S("what keeps people from records"), gather, g,
                   &head, e));
    *out = NEW_ARRAY(g->a, struct barrier, g->count + 1);
    *count = g->count;
    for (size_t i = 0; i < g->count; i++) {
        struct record record;
        TRY(store_get(g->s->store, &g->s->actor, VIEW_NOW, &g->id[i], g->a, &record, e));
        (*out)[i] = (struct barrier){.id = record.id,
                                     .version = record.version,
                                     .restriction = kind == KIND_RESTRICTION ? record.data : NULL,
                                     .conflict = kind == KIND_CONFLICT ? record.data : NULL};
    }
    qsort(*out, *count, sizeof **out, newest_first);
    return OK;
}

enum status restrictions_read(struct session *s, const struct sight *sight, struct arena *a,
                              struct barrier **out, size_t *count, struct err *e)
{
    struct gathering g = {.s = s, .sight = sight, .officer = S(""), .a = a};
    return read_all(&g, KIND_RESTRICTION, out, count, e);
}

enum status conflicts_read(struct session *s, Str officer, struct arena *a, struct barrier **out,
                           size_t *count, struct err *e)
{
    struct gathering g = {.s = s, .officer = roll_ref_key(a, S(NAMESPACE_DEFAULT), officer), .a = a};
    return read_all(&g, KIND_CONFLICT, out, count, e);
}

/* ---- writing ---------------------------------------------------------------------------------------- */

static struct record_id made(struct session *s, struct arena *a, enum kind_id kind, Str prefix)
{
    return (struct record_id){S(NAMESPACE_DEFAULT), kind, new_id(a, &s->env.entropy, prefix)};
}

static enum status append(struct session *s, const struct record_id *id, const Json *set,
                          const uint64_t *version, struct arena *a, struct err *e)
{
    struct change line;
    struct receipt receipt;
    TRY(new_line(s, a, id, S(NEW_LINE_SOURCE), set, &line, e));
    return store_append(s->store, &s->actor, 0, &line, 1, version, NULL, &receipt, e);
}

static void put_list(Json *set, const char *field, const struct str_list *list, Str also)
{
    Json *items = json_build_list();
    for (size_t i = 0; i < list->count; i++)
        if (!str_eq(list->item[i], also)) json_build_item(items, json_build_text(list->item[i]));
    if (!str_empty(also)) json_build_item(items, json_build_text(also));
    json_build_member(set, str_of(field), items);
}

static void put_event(struct arena *a, Json *set, const char *field, const struct record_id *event)
{
    struct str_list none = {NULL, 0};
    put_list(set, field, &none, ref_write(a, S(NAMESPACE_DEFAULT), event));
}

enum status restriction_set(struct session *s, const struct restriction_wanted *x, int64_t now_ms,
                            struct arena *a, struct err *e)
{
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    struct record_id id = made(s, a, KIND_RESTRICTION, S("RS-"));
    if (str_empty(x->officer))
        return ERR(e, E_DENIED, "", "Your account names no officer, so nobody would be cleared.");
    if (str_empty(x->reason)) return ERR(e, E_INVALID, "reason", "Say why it must be restricted.");
    size_t others = 0;
    for (size_t i = 0; i < x->cleared.count; i++)
        others += !str_eq(x->cleared.item[i], x->officer);
    if (others == 0)
        return ERR(
            e, E_INVALID, "cleared",
            "Name at least one other officer: a second person must approve the restriction, and lift it.");
    put_event(a, set.root, "events", &x->death);
    new_line_put(set.root, "reason", x->reason);
    new_line_put(set.root, "by", x->officer);
    new_line_put_time(set.root, "from", now_ms);
    put_list(set.root, "cleared", &x->cleared, x->officer);
    if (x->units.count > 0) put_list(set.root, "units", &x->units, S(""));
    return append(s, &id, set.root, NULL, a, e);
}

/* Nobody approves or lifts alone what they set. */
static enum status second_person(struct session *s, const struct record_id *id, Str officer, struct arena *a,
                                 struct record *record, struct err *e)
{
    struct history h;
    TRY(store_get(s->store, &s->actor, VIEW_NOW, id, a, record, e));
    TRY(store_history(s->store, &s->actor, VIEW_NOW, id, a, &h, e));
    const struct restriction *x = record->data;
    Str own = roll_ref_key(a, S(NAMESPACE_DEFAULT), officer);
    if (str_empty(own)) return ERR(e, E_DENIED, "", "Your account names no officer.");
    if (str_eq(roll_ref_key(a, id->ns, x->by), own) ||
        (h.count > 0 && str_eq(h.line[0].actor, s->actor.name)))
        return ERR(e, E_DENIED, "", "You set this restriction, so a second person must do this.");
    if (x->lifted_at.precision != PRECISION_NONE)
        return ERR(e, E_CONFLICT, "", "This restriction has been lifted.");
    return OK;
}

enum status restriction_approve(struct session *s, const struct record_id *id, Str officer, struct arena *a,
                                struct err *e)
{
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    struct record record;
    TRY(second_person(s, id, officer, a, &record, e));
    if (!str_empty(((const struct restriction *)record.data)->approved_by))
        return ERR(e, E_CONFLICT, "", "It has been approved before.");
    new_line_put(set.root, "approved_by", officer);
    return append(s, id, set.root, &record.version, a, e);
}

enum status restriction_lift(struct session *s, const struct record_id *id, Str officer, int64_t now_ms,
                             struct arena *a, struct err *e)
{
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    struct record record;
    TRY(second_person(s, id, officer, a, &record, e));
    new_line_put_time(set.root, "lifted_at", now_ms);
    return append(s, id, set.root, &record.version, a, e);
}

enum status conflict_declare(struct session *s, Str officer, const struct record_id *event, Str why, Str by,
                             int64_t now_ms, struct arena *a, struct err *e)
{
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    struct record_id id = made(s, a, KIND_CONFLICT, S("CI-"));
    if (str_empty(officer)) return ERR(e, E_INVALID, "officer", "Say whose interest it is.");
    if (str_empty(why)) return ERR(e, E_INVALID, "why", "Say in a few words what the interest is.");
    new_line_put(set.root, "officer", officer);
    put_event(a, set.root, "with", event);
    new_line_put(set.root, "why", why);
    new_line_put(set.root, "recorded_by", by);
    new_line_put_time(set.root, "declared_at", now_ms);
    return append(s, &id, set.root, NULL, a, e);
}

enum status conflict_end(struct session *s, const struct record_id *id, int64_t now_ms, struct arena *a,
                         struct err *e)
{
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    struct record record;
    TRY(store_get(s->store, &s->actor, VIEW_NOW, id, a, &record, e));
    if (((const struct conflict *)record.data)->ended_at.precision != PRECISION_NONE)
        return ERR(e, E_CONFLICT, "", "It has ended before.");
    new_line_put_time(set.root, "ended_at", now_ms);
    return append(s, id, set.root, &record.version, a, e);
}
