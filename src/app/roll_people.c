/* The roll's units and officers, and what bars people from an event. */
#include "app/roll_private.h"

#include "base/alloc.h"
#include "model/kinds.h"

#define ARENA_BYTES_MAX ((size_t)4 << 30)
#define KEY_BYTES_MAX   1024

void people_init(struct roll_people *p)
{
    *p = (struct roll_people){.arena = arena_new("units and officers", ARENA_BYTES_MAX),
                              .place = table_new(UINT32_MAX),
                              .key = table_new(UINT32_MAX)};
}

void people_done(struct roll_people *p)
{
    arena_free(p->arena);
    table_free(p->place);
    table_free(p->key);
    *p = (struct roll_people){0};
}

/* Where the row of a record stands in its list of `count`; a new one stands at the end. */
static size_t place_of(struct roll_people *p, const struct record_id *id, size_t count)
{
    struct buf key CLEANUP_BUF = {0};
    bool fresh = false;
    buf_init(&key, KEY_BYTES_MAX);
    buf_addf(&key, "%d %.*s:%.*s", (int)id->kind, STR_ARG(id->ns), STR_ARG(id->id));
    uint64_t *at = table_at(p->place, buf_str(&key), &fresh);
    if (fresh) *at = count + 1;
    return *at - 1;
}

Str roll_ref_key(struct arena *a, Str ns, Str reference)
{
    Str to_ns, to_id;
    if (str_empty(reference)) return S("");
    ref_split(reference, ns, &to_ns, &to_id);
    return str_format(a, "%.*s:%.*s", STR_ARG(to_ns), STR_ARG(to_id));
}

static struct str_list keys_of(struct arena *a, Str ns, const struct str_list *reference)
{
    struct str_list keys = {NEW_ARRAY(a, Str, reference->count + 1), reference->count};
    for (size_t i = 0; i < keys.count; i++)
        keys.item[i] = roll_ref_key(a, ns, reference->item[i]);
    return keys;
}

static struct record_id id_copy(struct arena *a, const struct record_id *id)
{
    return (struct record_id){str_copy(a, id->ns), id->kind, str_copy(a, id->id)};
}

static void take_officer(struct roll_people *p, const struct row_now *row)
{
    const struct officer *o = row->data;
    size_t at = place_of(p, &row->id, p->officers);
    ARENA_ROOM(p->arena, p->officer, p->officer_room, at + 1, 64);
    if (at == p->officers) p->officers++;
    p->officer[at] = (struct roll_officer){.id = id_copy(p->arena, &row->id),
                                           .name = str_copy(p->arena, o->name),
                                           .number = str_copy(p->arena, o->number),
                                           .rank = str_copy(p->arena, o->rank),
                                           .unit = str_copy(p->arena, o->unit)};
}

static void take_unit(struct roll_people *p, const struct row_now *row)
{
    const struct unit *u = row->data;
    size_t at = place_of(p, &row->id, p->units);
    ARENA_ROOM(p->arena, p->unit, p->unit_room, at + 1, 16);
    if (at == p->units) p->units++;
    p->unit[at] = (struct roll_unit){.id = id_copy(p->arena, &row->id),
                                     .name = str_copy(p->arena, u->name),
                                     .kind = str_copy(p->arena, u->kind),
                                     .parent = str_copy(p->arena, u->parent)};
}

static void take_restriction(struct roll_people *p, const struct row_now *row)
{
    const struct restriction *x = row->data;
    size_t at = place_of(p, &row->id, p->restrictions);
    ARENA_ROOM(p->arena, p->restriction, p->restriction_room, at + 1, 16);
    if (at == p->restrictions) p->restrictions++;
    p->restriction[at] = (struct roll_restriction){0};
    if (x == NULL) return;
    struct str_list units = {NEW_ARRAY(p->arena, Str, x->units.count + 1), x->units.count};
    for (size_t i = 0; i < units.count; i++)
        units.item[i] = str_copy(p->arena, x->units.item[i]);
    p->restriction[at] = (struct roll_restriction){.event = keys_of(p->arena, row->id.ns, &x->events),
                                                   .officer = keys_of(p->arena, row->id.ns, &x->cleared),
                                                   .unit = units,
                                                   .in_force = x->lifted_at.precision == PRECISION_NONE};
}

static void take_conflict(struct roll_people *p, const struct row_now *row)
{
    const struct conflict *x = row->data;
    size_t at = place_of(p, &row->id, p->conflicts);
    ARENA_ROOM(p->arena, p->conflict, p->conflict_room, at + 1, 16);
    if (at == p->conflicts) p->conflicts++;
    p->conflict[at] = (struct roll_conflict){0};
    if (x == NULL) return;
    p->conflict[at] = (struct roll_conflict){.officer = roll_ref_key(p->arena, row->id.ns, x->officer),
                                             .with = keys_of(p->arena, row->id.ns, &x->with),
                                             .in_force = x->ended_at.precision == PRECISION_NONE};
}

static void take_part(struct roll_people *p, const struct row_now *row)
{
    const struct involvement *x = row->data;
    struct arena *scratch CLEANUP_ARENA = arena_new("a part in an event", (size_t)1 << 20);
    if (str_empty(x->event) || str_empty(x->person)) return;
    size_t at = place_of(p, &row->id, p->parts);
    ARENA_ROOM(p->arena, p->part, p->part_room, at + 1, 1024);
    if (at == p->parts) p->parts++;
    p->part[at] = (struct roll_part){table_intern(p->key, roll_ref_key(scratch, row->id.ns, x->event)),
                                     table_intern(p->key, roll_ref_key(scratch, row->id.ns, x->person))};
}

bool people_take(struct roll_people *p, const struct row_now *row)
{
    switch ((int)row->id.kind) {
    case KIND_RESTRICTION:
        take_restriction(p, row);
        return false;
    case KIND_CONFLICT:
        take_conflict(p, row);
        return false;
    case KIND_OFFICER:
        if (row->data != NULL) take_officer(p, row);
        break;
    case KIND_UNIT:
        if (row->data != NULL) take_unit(p, row);
        break;
    case KIND_INVOLVEMENT:
        if (row->data != NULL) take_part(p, row);
        break;
    default:
        BUG("the roll does not read %s", kind_of(row->id.kind)->name);
    }
    return row->data == NULL;
}

void people_each_restricted(const struct roll_people *p, void (*visit)(void *state, Str key), void *state)
{
    for (size_t i = 0; i < p->restrictions; i++)
        for (size_t j = 0; p->restriction[i].in_force && j < p->restriction[i].event.count; j++)
            visit(state, p->restriction[i].event.item[j]);
}

/* ---- reading ---------------------------------------------------------------------------------------- */

static bool listed(const struct str_list *l, Str s)
{
    for (size_t i = 0; i < l->count; i++)
        if (str_eq(l->item[i], s)) return true;
    return false;
}

/* Calls of every restriction on an event; true: all of those in force clear the officer. */
static bool restrictions_clear(const struct roll *r, const struct record_id *event, Str officer, Str unit,
                               bool *any)
{
    struct buf key CLEANUP_BUF = {0};
    buf_init(&key, KEY_BYTES_MAX);
    Str wanted = roll_key(event, &key);
    bool cleared = true;
    *any = false;
    for (size_t i = 0; i < r->people.restrictions; i++) {
        const struct roll_restriction *x = &r->people.restriction[i];
        if (!x->in_force || !listed(&x->event, wanted)) continue;
        *any = true;
        cleared = cleared && ((!str_empty(officer) && listed(&x->officer, officer)) ||
                              (!str_empty(unit) && listed(&x->unit, unit)));
    }
    return cleared;
}

bool roll_is_restricted(const struct roll *r, const struct record_id *event)
{
    bool any = false;
    restrictions_clear(r, event, S(""), S(""), &any);
    return any;
}

/* An account names an officer as people do: the default namespace is left out. */
static Str officer_key(Str officer, struct buf *out)
{
    struct record_id id = {.kind = KIND_OFFICER};
    if (str_empty(officer)) return S("");
    ref_split(officer, S("main"), &id.ns, &id.id);
    return roll_key(&id, out);
}

bool roll_is_cleared(const struct roll *r, const struct record_id *event, Str officer, Str unit)
{
    struct buf key CLEANUP_BUF = {0};
    bool any = false;
    buf_init(&key, KEY_BYTES_MAX);
    return restrictions_clear(r, event, officer_key(officer, &key), unit, &any);
}

/* The event itself, or those in which the person has a part: a key does not say which it is. */
static void add_conflicted(const struct roll_people *p, Str with, struct table *events)
{
    *table_at(events, with, NULL) = 1;
    for (size_t i = 0; i < p->parts; i++)
        if (str_eq(table_key(p->key, p->part[i].person), with))
            *table_at(events, table_key(p->key, p->part[i].event), NULL) = 1;
}

void roll_conflicts(const struct roll *r, Str officer, struct table *events)
{
    struct buf key CLEANUP_BUF = {0};
    buf_init(&key, KEY_BYTES_MAX);
    Str wanted = officer_key(officer, &key);
    if (str_empty(wanted)) return;
    for (size_t i = 0; i < r->people.conflicts; i++) {
        const struct roll_conflict *c = &r->people.conflict[i];
        if (!c->in_force || !str_eq(c->officer, wanted)) continue;
        for (size_t j = 0; j < c->with.count; j++)
            add_conflicted(&r->people, c->with.item[j], events);
    }
}

static size_t people_place(const struct roll *r, enum kind_id kind, Str ns, Str reference)
{
    struct buf key CLEANUP_BUF = {0};
    Str to_ns, to_id;
    buf_init(&key, KEY_BYTES_MAX);
    ref_split(reference, ns, &to_ns, &to_id);
    buf_addf(&key, "%d %.*s:%.*s", (int)kind, STR_ARG(to_ns), STR_ARG(to_id));
    const uint64_t *at = table_find(r->people.place, buf_str(&key));
    return at == NULL ? SIZE_MAX : *at - 1;
}

const struct roll_officer *roll_officer(const struct roll *r, Str ns, Str reference)
{
    size_t at = people_place(r, KIND_OFFICER, ns, reference);
    return at == SIZE_MAX ? NULL : &r->people.officer[at];
}

const struct roll_unit *roll_unit(const struct roll *r, Str ns, Str reference)
{
    size_t at = people_place(r, KIND_UNIT, ns, reference);
    return at == SIZE_MAX ? NULL : &r->people.unit[at];
}

size_t roll_officers(const struct roll *r, const struct roll_officer **out)
{
    *out = r->people.officer;
    return r->people.officers;
}

size_t roll_units(const struct roll *r, const struct roll_unit **out)
{
    *out = r->people.unit;
    return r->people.units;
}

Str roll_unit_words(const struct roll *r, Str unit)
{
    const struct roll_unit *found = str_empty(unit) ? NULL : roll_unit(r, S("main"), unit);
    return found != NULL && !str_empty(found->name) ? found->name : unit;
}
