#include "app/family.h"

#include "app/new_id.h"
#include "app/new_line.h"
#include "model/feed.h"

#include <stdlib.h>

static int64_t ms_or(const struct moment *m, int64_t otherwise)
{
    return m->precision == PRECISION_NONE ? otherwise : m->ms;
}

/* ---- reading ---------------------------------------------------------------------------------------- */

struct reading {
    struct session *s;
    struct view view;
    const struct record_id *death;
    const struct sight *sight;
    struct arena *a;
    struct family *out;
    size_t person_room, contact_room, concern_room;
    struct err *e;
};

/* found false: it is not there yet, as seen from the view. */
static enum status get(struct reading *r, const struct record_id *id, struct record *record, bool *found)
{
    struct err why = {0};
    enum status status = store_get(r->s->store, &r->s->actor, r->view, id, r->a, record, &why);
    *found = status == OK;
    return status == OK || status == E_NOT_FOUND ? OK : ERR(r->e, status, why.field, "%s", why.text);
}

static bool is_close(Str role)
{
    return field_value_listed("next_of_kin family partner former_partner friend", role);
}

static enum status take_person(struct reading *r, const struct record *involvement)
{
    const struct involvement *x = involvement->data;
    struct record_id id = {.kind = KIND_PERSON};
    struct record record;
    bool found = false;
    if (!is_close(x->role) || str_empty(x->person)) return OK;
    ref_split(x->person, involvement->id.ns, &id.ns, &id.id);
    TRY(get(r, &id, &record, &found));
    Str name = found ? ((const struct person *)record.data)->name : S("");
    ARENA_ROOM(r->a, r->out->person, r->person_room, r->out->persons + 1, 8);
    r->out->person[r->out->persons++] = (struct family_person){id, name, x->role, false};
    return OK;
}

static void take_contact(struct reading *r, const struct record *record)
{
    const struct contact *x = record->data;
    ARENA_ROOM(r->a, r->out->contact, r->contact_room, r->out->contacts + 1, 8);
    r->out->contact[r->out->contacts++] =
        (struct family_contact){.id = record->id,
                                .data = x,
                                .at_ms = ms_or(&x->at, record->first_known_ms),
                                .with = roll_ref_key(r->a, record->id.ns, x->person),
                                .by = roll_ref_key(r->a, record->id.ns, x->by)};
}

static bool all_seen(const struct reading *r, const struct record *record)
{
    const struct concern *x = record->data;
    for (size_t i = 0; i < x->events.count; i++) {
        struct record_id id = {.kind = KIND_DEATH};
        ref_split(x->events.item[i], record->id.ns, &id.ns, &id.id);
        if (sight_of(r->sight, &id) != SIGHT_NONE) continue;
        id.kind =
            KIND_INCIDENT; /* a key does not say which it is; a death that is not to be seen is barred */
        if (sight_of(r->sight, &id) == SIGHT_NONE) return false;
    }
    return true;
}

static struct family_concern concern_of(struct arena *a, const struct record *record)
{
    const struct concern *x = record->data;
    return (struct family_concern){.id = record->id,
                                   .version = record->version,
                                   .data = x,
                                   .at_ms = ms_or(&x->at, record->first_known_ms),
                                   .due_ms = ms_or(&x->due_at, INT64_MAX),
                                   .answered_ms = ms_or(&x->answered_at, INT64_MIN),
                                   .owner = roll_ref_key(a, record->id.ns, x->owner)};
}

static void take_concern(struct reading *r, const struct record *record)
{
    if (!all_seen(r, record)) return;
    ARENA_ROOM(r->a, r->out->concern, r->concern_room, r->out->concerns + 1, 8);
    r->out->concern[r->out->concerns++] = concern_of(r->a, record);
}

static enum status take(struct reading *r, const struct record_id *id)
{
    struct record record;
    bool found = false;
    if (id->kind != KIND_INVOLVEMENT && id->kind != KIND_CONTACT && id->kind != KIND_CONCERN) return OK;
    TRY(get(r, id, &record, &found));
    if (!found) return OK;
    if (id->kind == KIND_INVOLVEMENT) return take_person(r, &record);
    if (id->kind == KIND_CONTACT) take_contact(r, &record);
    if (id->kind == KIND_CONCERN) take_concern(r, &record);
    return OK;
}

static int latest_first(const void *x, const void *y)
{
    const struct family_contact *a = x, *b = y;
    if (a->at_ms != b->at_ms) return a->at_ms > b->at_ms ? -1 : 1;
    return record_id_compare(&a->id, &b->id);
}

static int open_first(const void *x, const void *y)
{
    const struct family_concern *a = x, *b = y;
    bool a_open = a->answered_ms == INT64_MIN, b_open = b->answered_ms == INT64_MIN;
    if (a_open != b_open) return a_open ? -1 : 1;
    if (a_open && a->due_ms != b->due_ms) return a->due_ms < b->due_ms ? -1 : 1;
    if (!a_open && a->answered_ms != b->answered_ms) return a->answered_ms > b->answered_ms ? -1 : 1;
    return record_id_compare(&a->id, &b->id);
}

static bool is_key_of(const struct record_id *id, Str key)
{
    size_t ns = id->ns.len;
    return key.len == ns + 1 + id->id.len && str_starts(key, id->ns) && key.ptr[ns] == ':' &&
           str_ends(key, id->id);
}

static void judge(struct family *f)
{
    f->told = FAMILY_NOBODY_KNOWN;
    for (size_t i = 0; i < f->persons; i++) {
        struct family_person *p = &f->person[i];
        for (size_t j = 0; j < f->contacts; j++)
            if (is_key_of(&p->id, f->contact[j].with) && !str_empty(f->contact[j].data->told) &&
                !str_empty(f->contact[j].by))
                p->told = true;
        if (str_eq(p->role, S("friend")) || str_eq(p->role, S("former_partner"))) continue;
        if (p->told)
            f->told = FAMILY_TOLD;
        else if (f->told == FAMILY_NOBODY_KNOWN)
            f->told = FAMILY_NOT_TOLD;
    }
}

enum status family_read(struct session *s, struct view view, const struct record_id *death,
                        const struct sight *sight, struct arena *a, struct family *out, struct err *e)
{
    struct reading r = {.s = s, .view = view, .death = death, .sight = sight, .a = a, .out = out, .e = e};
    struct record_id *from = NULL;
    size_t count = 0;
    *out = (struct family){0};
    TRY(store_referrers(s->store, &s->actor, death, a, &from, &count, e));
    for (size_t i = 0; i < count; i++)
        TRY(take(&r, &from[i]));
    if (out->contacts > 0) qsort(out->contact, out->contacts, sizeof *out->contact, latest_first);
    if (out->concerns > 0) qsort(out->concern, out->concerns, sizeof *out->concern, open_first);
    judge(out);
    return OK;
}

Str family_person_name(const struct family *f, Str key)
{
    for (size_t i = 0; i < f->persons; i++)
        if (is_key_of(&f->person[i].id, key)) return f->person[i].name;
    return S("");
}

enum status family_concern_read(struct session *s, struct view view, const struct record_id *id,
                                struct arena *a, struct family_concern *out, struct record *record,
                                struct err *e)
{
    TRY(store_get(s->store, &s->actor, view, id, a, record, e));
    *out = concern_of(a, record);
    return OK;
}

/* ---- writing ---------------------------------------------------------------------------------------- */

static struct record_id made(struct session *s, struct arena *a, enum kind_id kind, Str prefix)
{
    return (struct record_id){S(NAMESPACE_DEFAULT), kind, new_id(a, &s->env.entropy, prefix)};
}

static bool has(const Json *set, const char *field)
{
    const Json *value = json_get(set, field);
    return value != NULL && json_type(value) != JSON_NULL;
}

/* A person and their part in the death. */
static enum status newcomer_lines(struct session *s, const struct record_id *death,
                                  const struct family_newcomer *newcomer, struct arena *a,
                                  struct change line[2], struct record_id *person, struct err *e)
{
    struct json_doc who CLEANUP_JSON = {json_build_object()}, part CLEANUP_JSON = {json_build_object()};
    *person = made(s, a, KIND_PERSON, S("P-"));
    struct record_id involvement = made(s, a, KIND_INVOLVEMENT, S("V-"));
    if (!is_close(newcomer->role))
        return ERR(e, E_INVALID, "new_role", "Say what this person is to the dead.");
    new_line_put(who.root, "name", newcomer->name);
    new_line_put_ref(part.root, "event", death);
    new_line_put_ref(part.root, "person", person);
    new_line_put(part.root, "role", newcomer->role);
    TRY(new_line(s, a, person, S(NEW_LINE_SOURCE), who.root, &line[0], e));
    return new_line(s, a, &involvement, S(NEW_LINE_SOURCE), part.root, &line[1], e);
}

enum status family_log_contact(struct session *s, const struct record_id *death, Str officer,
                               const struct family_newcomer *newcomer, Json *set, int64_t now_ms,
                               struct arena *a, struct err *e)
{
    struct change line[3];
    struct receipt receipt;
    struct record_id person, contact = made(s, a, KIND_CONTACT, S("CT-"));
    size_t count = 0;
    if (!str_empty(newcomer->name)) {
        TRY(newcomer_lines(s, death, newcomer, a, line, &person, e));
        new_line_put_ref(set, "person", &person);
        count = 2;
    }
    if (!has(set, "person"))
        return ERR(e, E_INVALID, "person", "Say who this contact was with: choose, or give a name below.");
    if (!has(set, "told") && !has(set, "said"))
        return ERR(e, E_INVALID, "told", "Say what they were told, or what they said.");
    if (!has(set, "at")) new_line_put_time(set, "at", now_ms);
    new_line_put_ref(set, "death", death);
    new_line_put(set, "by", officer);
    TRY(new_line(s, a, &contact, S(NEW_LINE_SOURCE), set, &line[count++], e));
    return store_append(s->store, &s->actor, 0, line, count, NULL, NULL, &receipt, e);
}

enum status family_raise(struct session *s, const struct record_id *death, Json *set, int64_t now_ms,
                         struct arena *a, struct record_id *out, struct err *e)
{
    struct json_doc one CLEANUP_JSON = {json_build_object()};
    struct change line;
    struct receipt receipt;
    *out = made(s, a, KIND_CONCERN, S("K-"));
    if (!has(set, "text"))
        return ERR(e, E_INVALID, "text", "Say what was raised, in their own words if you can.");
    if (!has(set, "channel")) return ERR(e, E_INVALID, "channel", "Say who raised it.");
    if (!has(set, "owner")) return ERR(e, E_INVALID, "owner", "Name who will see to it that it is answered.");
    if (!has(set, "at")) new_line_put_time(set, "at", now_ms);
    new_line_put_ref(one.root, "event", death);
    Json *events = json_build_list();
    json_build_item(events, json_build_text(json_str(json_get(one.root, "event"))));
    json_build_member(set, S("events"), events);
    TRY(new_line(s, a, out, S(NEW_LINE_SOURCE), set, &line, e));
    return store_append(s->store, &s->actor, 0, &line, 1, NULL, NULL, &receipt, e);
}

enum status family_change(struct session *s, const struct record_id *concern, uint64_t version,
                          const Json *set, struct arena *a, struct err *e)
{
    struct change line;
    struct receipt receipt;
    TRY(new_line(s, a, concern, S(NEW_LINE_SOURCE), set, &line, e));
    return store_append(s->store, &s->actor, 0, &line, 1, &version, NULL, &receipt, e);
}
