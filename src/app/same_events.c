#include "app/same_events.h"

#include "base/table.h"
#include "model/feed.h"
#include "model/kinds.h"

enum { ID_HEX_BYTES = 8 };

/* One pair has one join, however often it is joined and parted and in whichever order. */
static struct record_id join_id(struct arena *a, const struct record_id *x, const struct record_id *y)
{
    bool turn = record_id_compare(x, y) > 0;
    Str part[] = {turn ? y->ns : x->ns, S(":"), turn ? y->id : x->id, S("\n"),
                  turn ? x->ns : y->ns, S(":"), turn ? x->id : y->id};
    Sha256 hash = sha256_parts(part, COUNT_OF(part));
    char hex[2 * ID_HEX_BYTES + 1];
    hex_encode(hash.byte, ID_HEX_BYTES, hex);
    return (struct record_id){S(NAMESPACE_DEFAULT), KIND_SAME_EVENT, str_format(a, "same-%s", hex)};
}

/* Appends one line about a join; references absent: withdraws them. */
static enum status join_append(struct session *s, struct arena *a, const struct record_id *join, Str source,
                               const struct record_id *x, const struct record_id *y, Str why,
                               struct receipt *receipt, struct err *e)
{
    struct buf text CLEANUP_BUF;
    struct json_doc set CLEANUP_JSON = {0};
    struct change change = {.record = *join, .source = source, .known_at_implied = true, .line = 1};
    buf_init(&text, 1 << 16);
    struct json_writer w = json_writer(&text, false);
    json_open(&w, '{');
    json_kv_str(&w, S("a"), x ? ref_write(a, S(NAMESPACE_DEFAULT), x) : STR_NONE);
    json_kv_str(&w, S("b"), y ? ref_write(a, S(NAMESPACE_DEFAULT), y) : STR_NONE);
    json_kv_str(&w, S("why"), why);
    json_close(&w, '}');
    TRY(buf_status(&text, e));
    TRY(json_parse(buf_str(&text), &set, e));
    TRY(change_facts(a, &s->policy, kind_of(KIND_SAME_EVENT), set.root, NULL, &change, e));
    return store_append(s->store, &s->actor, 0, &change, 1, NULL, NULL, receipt, e);
}

static enum status pair_check(const struct record_id *x, const struct record_id *y, Str why, struct err *e)
{
    if (x->kind != KIND_DEATH || y->kind != KIND_DEATH)
        return ERR(e, E_INVALID, "", "only two deaths can be joined; %.*s is a %s.",
                   STR_ARG(x->kind == KIND_DEATH ? y->id : x->id),
                   kind_of(x->kind == KIND_DEATH ? y->kind : x->kind)->name);
    if (record_id_eq(x, y)) return ERR(e, E_INVALID, "", "%.*s cannot be joined to itself.", STR_ARG(x->id));
    if (str_empty(str_trim(why))) return ERR(e, E_INVALID, "why", "a reason must be given.");
    return OK;
}

enum status same_events_join(struct session *s, const struct record_id *x, const struct record_id *y, Str why,
                             bool *fresh, struct err *e)
{
    struct same_event_member *member = NULL;
    struct receipt receipt = {0};
    size_t count = 0;
    TRY(pair_check(x, y, why, e));
    TRY(same_events_of(s, VIEW_NOW, x, s->arena, &member, &count, e));
    for (size_t i = 0; i < count; i++)
        if (record_id_eq(&member[i].id, y)) {
            if (fresh) *fresh = false;
            return OK;
        }
    struct record_id id = join_id(s->arena, x, y);
    bool turn = record_id_compare(x, y) > 0;
    TRY(join_append(s, s->arena, &id, S(SAME_EVENT_SOURCE), turn ? y : x, turn ? x : y, why, &receipt, e));
    if (fresh) *fresh = true;
    return OK;
}

/* ---- reading ---------------------------------------------------------------------------------------- */

static bool refers(const struct record_id *join, Str text, const struct record_id *to)
{
    Str ns, id;
    ref_split(text, join->ns, &ns, &id);
    return str_eq(ns, to->ns) && str_eq(id, to->id);
}

/* What a join says of `id` at the view: true and the other record when it ties one to it. */
static enum status join_read(struct session *s, struct view view, const struct record_id *join,
                             const struct record_id *id, struct arena *a, struct same_event_member *out,
                             bool *ties, struct err *e)
{
    struct record record;
    struct err none = {0};
    enum status status = store_get(s->store, &s->actor, view, join, a, &record, &none);
    *ties = false;
    if (status == E_NOT_FOUND) return OK; /* not known at that time */
    if (status != OK) return ERR(e, status, none.field, "%s", none.text);
    const struct same_event *data = record.data;
    const struct holding *held = record.held;
    if (!str_present(held[same_event_field_a].value) || !str_present(held[same_event_field_b].value))
        return OK;
    bool first = refers(join, data->a, id);
    if (!first && !refers(join, data->b, id)) return OK;
    Str ns, other;
    ref_split(first ? data->b : data->a, join->ns, &ns, &other);
    *out = (struct same_event_member){.id = {ns, KIND_DEATH, other},
                                      .join = *join,
                                      .why = data->why,
                                      .source = held[same_event_field_a].source,
                                      .known_at_ms = held[same_event_field_a].known_at_ms};
    *ties = !record_id_eq(&out->id, id);
    return OK;
}

struct members {
    struct same_event_member *list;
    size_t count, room;
};

static bool member_has(const struct members *m, const struct record_id *id)
{
    for (size_t i = 0; i < m->count; i++)
        if (record_id_eq(&m->list[i].id, id)) return true;
    return false;
}

static void member_add(struct arena *a, struct members *m, const struct same_event_member *one)
{
    ARENA_ROOM(a, m->list, m->room, m->count + 1, 8);
    m->list[m->count++] = *one;
}

/* Adds every join that ties another record to `id`. */
static enum status joins_of(struct session *s, struct view view, const struct record_id *id, struct arena *a,
                            struct members *m, struct err *e)
{
    struct record_id *from = NULL;
    struct same_event_member one;
    size_t referrers = 0;
    TRY(store_referrers(s->store, &s->actor, id, a, &from, &referrers, e));
    for (size_t i = 0; i < referrers; i++) {
        bool ties = false;
        if (from[i].kind != KIND_SAME_EVENT) continue;
        TRY(join_read(s, view, &from[i], id, a, &one, &ties, e));
        if (ties) member_add(a, m, &one);
    }
    return OK;
}

enum status same_events_of(struct session *s, struct view view, const struct record_id *id, struct arena *a,
                           struct same_event_member **out, size_t *count, struct err *e)
{
    struct members all = {0};
    for (size_t at = 0; at <= all.count; at++) { /* the record itself, then each found through it */
        struct members near = {0};
        struct record_id from = at == 0 ? *id : all.list[at - 1].id;
        TRY(joins_of(s, view, &from, a, &near, e));
        for (size_t i = 0; i < near.count; i++)
            if (!record_id_eq(&near.list[i].id, id) && !member_has(&all, &near.list[i].id))
                member_add(a, &all, &near.list[i]);
    }
    *out = all.list;
    *count = all.count;
    return OK;
}

/* ---- all of them ------------------------------------------------------------------------------------ */

/* Each record leads to one of its set, and in the end to the set's first (union and find). */
struct same_event_sets {
    struct table *index; /* "ns:id" to a place in `leads` */
    uint32_t *leads;
    size_t room;
    struct arena *a;
};

static Str set_key(struct arena *a, Str ns, Str id)
{
    return str_format(a, "%.*s:%.*s", STR_ARG(ns), STR_ARG(id));
}

static uint32_t set_first(const struct same_event_sets *sets, uint32_t at)
{
    while (sets->leads[at] != at)
        at = sets->leads[at];
    return at;
}

static uint32_t set_member(struct same_event_sets *sets, const struct record *record, Str reference_text)
{
    Str ns, id;
    ref_split(reference_text, record->id.ns, &ns, &id);
    uint32_t at = table_intern(sets->index, set_key(sets->a, ns, id));
    if (at >= sets->room) {
        size_t room = sets->room ? 2 * sets->room : 64;
        sets->leads =
            arena_grow(sets->a, sets->leads, sets->room, room, sizeof *sets->leads, _Alignof(uint32_t));
        for (size_t i = sets->room; i < room; i++)
            sets->leads[i] = (uint32_t)i;
        sets->room = room;
    }
    return at;
}

static enum status set_visit(void *state, const struct record *record, struct err *e)
{
    struct same_event_sets *sets = state;
    const struct same_event *data = record->data;
    (void)e;
    if (!str_present(record->held[same_event_field_a].value)) return OK;
    if (!str_present(record->held[same_event_field_b].value)) return OK;
    uint32_t x = set_first(sets, set_member(sets, record, data->a));
    uint32_t y = set_first(sets, set_member(sets, record, data->b));
    sets->leads[x < y ? y : x] = x < y ? x : y;
    return OK;
}

enum status same_events_all(struct session *s, struct view view, struct arena *a,
                            struct same_event_sets **out, struct err *e)
{
    struct same_event_sets *sets = NEW(a, struct same_event_sets);
    sets->a = a;
    sets->index = table_new(UINT32_MAX);
    enum status status =
        store_each(s->store, &s->actor, view, UINT64_C(1) << KIND_SAME_EVENT, S("joins"), set_visit, sets, e);
    if (status == OK)
        *out = sets;
    else
        table_free(sets->index);
    return status;
}

bool same_events_joined(const struct same_event_sets *sets, const struct record_id *x,
                        const struct record_id *y)
{
    const uint64_t *at_x = table_find(sets->index, set_key(sets->a, x->ns, x->id));
    const uint64_t *at_y = table_find(sets->index, set_key(sets->a, y->ns, y->id));
    return at_x && at_y && set_first(sets, (uint32_t)*at_x) == set_first(sets, (uint32_t)*at_y);
}

void same_events_free(struct same_event_sets *sets)
{
    if (sets) table_free(sets->index);
}

/* ---- parting ---------------------------------------------------------------------------------------- */

/* Does this source still hold a value for the join's records, by its last word in the history? */
static bool source_holds(const struct history *h, Str source)
{
    bool holds = false;
    for (size_t i = 0; i < h->count; i++) {
        const struct change *c = &h->line[i].line.change;
        if (h->line[i].line.withdrawn || !str_eq(c->source, source)) continue;
        for (size_t f = 0; f < c->fact_count; f++)
            if (c->fact[f].field == same_event_field_a) holds = !str_eq(c->fact[f].value, S("null"));
    }
    return holds;
}

static bool source_seen(const struct history *h, size_t before, Str source)
{
    for (size_t i = 0; i < before; i++)
        if (str_eq(h->line[i].line.change.source, source)) return true;
    return false;
}

static enum status join_undo(struct session *s, const struct record_id *join, Str why, struct err *e)
{
    struct history h;
    struct receipt receipt = {0};
    TRY(store_history(s->store, &s->actor, VIEW_NOW, join, s->arena, &h, e));
    for (size_t i = 0; i < h.count; i++) {
        Str source = h.line[i].line.change.source;
        if (source_seen(&h, i, source) || !source_holds(&h, source)) continue;
        TRY(join_append(s, s->arena, join, source, NULL, NULL, why, &receipt, e));
    }
    return OK;
}

enum status same_events_part(struct session *s, const struct record_id *x, const struct record_id *y, Str why,
                             struct err *e)
{
    struct members near = {0};
    size_t undone = 0;
    TRY(pair_check(x, y, why, e));
    TRY(joins_of(s, VIEW_NOW, x, s->arena, &near, e));
    for (size_t i = 0; i < near.count; i++) {
        if (!record_id_eq(&near.list[i].id, y)) continue;
        TRY(join_undo(s, &near.list[i].join, why, e));
        undone++;
    }
    if (undone > 0) return OK;
    return ERR(e, E_NOT_FOUND, "", "%.*s and %.*s are not joined to each other.", STR_ARG(x->id),
               STR_ARG(y->id));
}
