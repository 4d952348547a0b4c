/* Who and what an event is tied to by name or number: its own identifiers, those of its people, and those of
 * people who share a telephone, device or DNA with them, each with the path that leads to it. */
#include "link/world_internal.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "model/kinds.h"
#include "model/normalise.h"

#define PATHS_MAX       400 /* of one event; more are left out, in the order of the records */
#define HOP_HOLDERS_MAX 4   /* a telephone of more people than that is a house's or a service's */
#define HOP_SHARE       70  /* percent */

static Str value_key(Str type, Str ns, Str key, char out[KEY_BYTES])
{
    int n = str_empty(ns)
                ? snprintf(out, KEY_BYTES, "%.*s\x1f%.*s", STR_ARG(type), STR_ARG(key))
                : snprintf(out, KEY_BYTES, "%.*s\x1f%.*s:%.*s", STR_ARG(type), STR_ARG(ns), STR_ARG(key));
    MUST(n > 0);
    if (n >= KEY_BYTES) { /* too long to be kept whole: its start and its fingerprint */
        uint64_t rest = hash64_mix(hash64(ns), hash64(key));
        n = snprintf(out, KEY_BYTES, "%.*s\x1f%.200s#%016llx", STR_ARG(type), key.ptr,
                     (unsigned long long)rest);
    }
    return (Str){out, n < KEY_BYTES ? (size_t)n : KEY_BYTES - 1};
}

uint32_t identifiers_find(const struct world *w, Str type, Str ns, Str key)
{
    char room[KEY_BYTES];
    const uint64_t *at = table_find(w->values, value_key(type, ns, key, room));
    return at == NULL ? 0 : (uint32_t)*at;
}

static uint32_t value_number(struct world *w, Str type, Str ns, Str key)
{
    char room[KEY_BYTES];
    bool fresh;
    uint64_t *at = table_at(w->values, value_key(type, ns, key, room), &fresh);
    if (fresh) *at = table_count(w->values);
    uint32_t n = (uint32_t)*at;
    WORLD_ROOM(w, w->value_events, w->value_room, n);
    WORLD_ROOM(w, w->value_holders, w->value_holders_room, n);
    return n;
}

Str world_value(const struct world *w, uint32_t value, Str *type)
{
    Str key = table_key(w->values, value - 1);
    size_t cut = str_find_char(key, '\x1f');
    *type = str_slice(key, 0, cut);
    return str_slice(key, cut + 1, key.len);
}

/* Only these are one person's own closely enough to lead from one person to another. */
static bool type_hops(Str type)
{
    return str_eq(type, S("phone")) || str_eq(type, S("device")) || str_eq(type, S("imei")) ||
           str_eq(type, S("dna"));
}

void identifiers_index_holder(struct world *w, uint32_t slot)
{
    const struct tying *v = world_tying_at(w, slot);
    if (str_empty(v->type) || str_empty(v->key) || !type_hops(v->type)) return;
    uint32_t number =
        value_number(w, v->type, STR_NONE, v->key); /* may move the table: first this, then that */
    posting_add(w, &w->value_holders[number], slot);
}

bool identifiers_lead_on(const struct world *w, Str type, Str key)
{
    uint32_t value = type_hops(type) ? identifiers_find(w, type, STR_NONE, key) : 0;
    return value != 0 && w->value_holders[value].count <= HOP_HOLDERS_MAX;
}

struct gatherer {
    struct world *w;
    struct holding_path path[PATHS_MAX];
    size_t count;
};

static void gather(struct gatherer *g, uint32_t value, uint32_t factor, bool hop, int32_t person, Str role)
{
    struct holding_path path = {.value = value,
                                .factor = (uint8_t)factor,
                                .of_place = link_model_role_of_place(g->w->model, role),
                                .hop = hop,
                                .person = person,
                                .role = role};
    if (value == 0 || factor == 0) return;
    for (size_t i = 0; i < g->count; i++)
        if (g->path[i].value == value) { /* the strongest path to a value counts; the first of equals */
            if (g->path[i].factor >= factor) return;
            g->path[i] = path;
            return;
        }
    if (g->count == PATHS_MAX) return;
    g->path[g->count++] = path;
}

/* Does the identifier still belong to (ns, id)? References can be corrected. */
static const struct tying *held_by(const struct world *w, uint32_t slot, Str ns, Str id)
{
    const struct tying *v = world_tying_at(w, slot);
    Str to_ns, to_id;
    if (v == NULL || str_empty(v->holder) || str_empty(v->key) || str_empty(v->type)) return NULL;
    ref_split(v->holder, w->slot[slot].id.ns, &to_ns, &to_id);
    return str_eq(to_ns, ns) && str_eq(to_id, id) ? v : NULL;
}

/* ---- written alike ---------------------------------------------------------------------------------- */

#define ALIKE_SHARE 70 /* percent of what the same value would weigh */
#define NAME_SHARE  50 /* percent: unlike numbers, names recur by themselves */
#define ALIKE_LEAST 6  /* shorter ones are alike by chance */
#define ALIKE_MOST  24
#define NAME_LEAST  4

static void gather_alike(struct gatherer *g, Str type, Str key, uint32_t factor, int32_t person, Str role)
{
    size_t before = g->count;
    gather(g, value_number(g->w, type, STR_NONE, key), factor, false, person, role);
    if (g->count > before) g->path[g->count - 1].alike = true;
}

/* Two texts that differ by one letter left out, put in, changed or turned round with its neighbour share one
 * of these: the text itself, and the text without one of its letters (the symmetric deletes of spelling
 * correctors).
 */
static void gather_spellings(struct gatherer *g, Str type, Str key, Str role)
{
    char room[ALIKE_MOST];
    Str like = str_eq(type, S("phone")) ? S("phone_like") : S("handle_like");
    if (key.len < ALIKE_LEAST || key.len > ALIKE_MOST) return;
    gather_alike(g, like, key, ALIKE_SHARE, -1, role);
    for (size_t out = 0; out < key.len; out++) {
        if (out > 0 && key.ptr[out] == key.ptr[out - 1]) continue; /* the same text again */
        memcpy(room, key.ptr, out);
        memcpy(room + out, key.ptr + out + 1, key.len - out - 1);
        gather_alike(g, like, (Str){room, key.len - 1}, ALIKE_SHARE, -1, role);
    }
}

static int compare_letters(const void *x, const void *y)
{
    const char *a = x, *b = y;
    return *a < *b ? -1 : *a > *b;
}

/* A person entered anew: by the name as it is, and by the initial and the letters of the surname in any
 * order. */
static void gather_name(struct gatherer *g, Str name, uint32_t factor, int32_t person, Str role)
{
    char room[ALIKE_MOST + 2];
    Str rest = name, part, family = STR_NONE;
    size_t parts = 0;
    while (str_next(&rest, ' ', &part))
        if (!str_empty(part)) family = part, parts++;
    if (parts < 2 || family.len < NAME_LEAST || family.len > ALIKE_MOST) return;
    factor = factor * NAME_SHARE / 100;
    gather_alike(g, S("name"), name, factor, person, role);
    room[0] = name.ptr[0];
    room[1] = ' ';
    memcpy(room + 2, family.ptr, family.len);
    qsort(room + 2, family.len, 1, compare_letters);
    gather_alike(g, S("name_like"), (Str){room, family.len + 2}, factor * ALIKE_SHARE / 100, person, role);
}

static void gather_person(struct gatherer *g, Str ns, Str id, uint32_t factor, Str role, bool hop);

/* The other people who hold the same telephone, device or DNA. */
static void gather_hop(struct gatherer *g, uint32_t value, Str from_id, uint32_t factor, Str role)
{
    struct posting holders = g->w->value_holders[value]; /* a copy: gathering may move the table */
    if (holders.count < 1 || holders.count > HOP_HOLDERS_MAX) return;
    for (size_t i = 0; i < holders.count; i++) {
        const struct tying *v = world_tying_at(g->w, holders.event[i]);
        Str ns, id;
        if (str_empty(v->holder)) continue;
        ref_split(v->holder, g->w->slot[holders.event[i]].id.ns, &ns, &id);
        struct record_id person = {ns, KIND_PERSON, id};
        if (str_eq(id, from_id) || world_find_slot(g->w, &person) == NO_EVENT) continue;
        gather_person(g, ns, id, factor * HOP_SHARE / 100, role, true);
    }
}

static void gather_identifiers(struct gatherer *g, Str ns, Str id, uint32_t factor, Str role, int32_t person,
                               bool hop)
{
    const struct posting *held = world_refs(g->w, g->w->holder_refs, ns, id);
    for (size_t i = 0; held != NULL && i < held->count; i++) {
        uint32_t slot = held->event[i];
        const struct tying *v = held_by(g->w, slot, ns, id);
        if (v == NULL) continue;
        uint32_t value = value_number(g->w, v->type, STR_NONE, v->key);
        gather(g, value, factor, hop, person, person >= 0 ? role : v->role);
        if (!hop && person < 0 && (str_eq(v->type, S("phone")) || str_eq(v->type, S("handle"))))
            gather_spellings(g, v->type, v->key, v->role);
        if (!hop && type_hops(v->type)) gather_hop(g, value, id, factor, role);
    }
}

static void gather_person(struct gatherer *g, Str ns, Str id, uint32_t factor, Str role, bool hop)
{
    struct world *w = g->w;
    struct record_id rid = {ns, KIND_PERSON, id};
    uint32_t slot = world_find_slot(w, &rid);
    int32_t person = slot == NO_EVENT ? -1 : (int32_t)slot;
    gather(g, value_number(w, S("person"), ns, id), factor, hop, person, role);
    if (slot != NO_EVENT) {
        const struct tying *p = world_tying_at(w, slot);
        if (!hop) gather_name(g, p->key, factor, person, role);
        for (size_t i = 0; i < p->address.count; i++) {
            Str key = p->address.item[i];
            enum address_level level = address_level(key);
            if (level == ADDRESS_HOUSE || level == ADDRESS_FLAT)
                gather(g, value_number(w, S("address"), STR_NONE, key), factor, hop, person, role);
        }
    }
    gather_identifiers(g, ns, id, factor, role, person, hop);
}

/* An involvement that belongs to the event, and whom it brings in; NULL when it does not: references can be
 * corrected. */
static const struct tying *brings_in(const struct world *w, uint32_t involved, const struct record_id *event,
                                     struct record_id *person)
{
    const struct tying *v = world_tying_at(w, involved);
    Str own_ns = w->slot[involved].id.ns, ns, id;
    if (v == NULL || str_empty(v->event) || str_empty(v->person)) return NULL;
    ref_split(v->event, own_ns, &ns, &id);
    if (!str_eq(ns, event->ns) || !str_eq(id, event->id)) return NULL;
    ref_split(v->person, own_ns, &ns, &id);
    *person = (struct record_id){ns, KIND_PERSON, id};
    return v;
}

static void gather_people(struct gatherer *g, const struct record_id *event)
{
    const struct posting *involved = world_refs(g->w, g->w->event_refs, event->ns, event->id);
    struct record_id person;
    for (size_t i = 0; involved != NULL && i < involved->count; i++) {
        const struct tying *v = brings_in(g->w, involved->event[i], event, &person);
        if (v == NULL) continue;
        uint32_t factor = (uint32_t)lround(100 * link_model_role(g->w->model, v->role));
        if (factor > 0) gather_person(g, person.ns, person.id, factor, v->role, false);
    }
}

static void gather_scene(struct gatherer *g, const struct event *ev)
{
    struct world *w = g->w;
    if (ev->row.address == 0) return;
    Str key = table_key(w->addresses, ev->row.address - 1);
    enum address_level level = address_level(key);
    if (level != ADDRESS_HOUSE && level != ADDRESS_FLAT) return; /* a named place is the place family's */
    size_t before = g->count;
    gather(g, value_number(w, S("address"), STR_NONE, key), 100, false, -1, S("scene"));
    if (g->count > before) g->path[g->count - 1].scene = true;
}

static int compare_paths(const void *x, const void *y)
{
    const struct holding_path *a = x, *b = y;
    return a->value < b->value ? -1 : a->value > b->value;
}

static uint64_t digest_of(const struct holding_path *path, size_t count)
{
    uint64_t h = count;
    for (size_t i = 0; i < count; i++) {
        h = hash64_mix(h, path[i].value);
        h = hash64_mix(h, (uint64_t)path[i].factor << 3 | (uint64_t)path[i].alike << 2 |
                              (uint64_t)path[i].scene << 1 | (uint64_t)path[i].hop);
        h = hash64_mix(h, hash64(path[i].role));
    }
    return h;
}

bool event_read_identifiers(struct world *w, const struct reading *of)
{
    uint32_t event = of->event;
    struct event *ev = &w->event[event];
    struct record_id id = w->slot[ev->record].id;
    struct gatherer g; /* its paths are written before they are read */
    g.w = w;
    g.count = 0;
    gather_scene(&g, ev);
    gather_identifiers(&g, id.ns, id.id, 100, STR_NONE, -1, false);
    gather_people(&g, &id);
    if (!str_empty(of->handle)) {
        gather(&g, value_number(w, S("handle"), STR_NONE, of->handle), 100, false, -1, S("contact"));
        gather_spellings(&g, S("handle"), of->handle, S("contact"));
    }
    qsort(g.path, g.count, sizeof g.path[0], compare_paths);
    uint64_t digest = digest_of(g.path, g.count);
    if (digest == ev->path_digest && g.count == ev->path_count) return false;
    for (size_t i = 0; i < ev->path_count; i++)
        posting_remove(&w->value_events[ev->path[i].value], event);
    ev->path = NEW_ARRAY(w->arena, struct holding_path, g.count);
    if (g.count > 0) memcpy(ev->path, g.path, g.count * sizeof g.path[0]);
    ev->path_count = g.count;
    ev->path_digest = digest;
    for (size_t i = 0; i < g.count; i++)
        posting_add(w, &w->value_events[g.path[i].value], event);
    return true;
}

size_t world_event_people(const struct world *w, uint32_t event, struct event_person *out, size_t room)
{
    const struct record_id *id = world_event_id(w, event);
    const struct posting *involved = world_refs(w, w->event_refs, id->ns, id->id);
    struct record_id person;
    size_t count = 0;
    for (size_t i = 0; involved != NULL && i < involved->count; i++) {
        const struct tying *v = brings_in(w, involved->event[i], id, &person);
        uint32_t slot = v == NULL ? NO_EVENT : world_find_slot(w, &person);
        if (slot == NO_EVENT) continue;
        if (count < room) out[count] = (struct event_person){&w->slot[slot].id, v->role};
        count++;
    }
    return count;
}

/* ---- weighing ------------------------------------------------------------------------------------- */

/* log10(m n / d^2): a value shared by d of n events; nothing once d >= sqrt(m n). */
static int value_weight(const struct world *w, size_t holders, double factor)
{
    const struct feature_belief *b = &w->model->feature[FEATURE_IDENTIFIER];
    double n = (double)w->event_count + w->model->population_prior, d = (double)(holders < 2 ? 2 : holders);
    double weight = log10(b->m * n / (d * d));
    return weight <= 0 ? 0 : (int)lround(10 * b->factor * factor * weight);
}

int identifier_most(const struct world *w, const struct holding_path *path)
{
    size_t holders = w->value_events[path->value].count;
    return holders < 2 ? 0 : value_weight(w, holders, path->factor / 100.0);
}

static struct record_id path_person(const struct world *w, const struct holding_path *p)
{
    return p->person < 0 ? (struct record_id){STR_NONE, KIND_PERSON, STR_NONE} : w->slot[p->person].id;
}

static void reason_fill(const struct world *w, const struct holding_path *px, const struct holding_path *py,
                        int weight, struct reason *r)
{
    size_t holders = w->value_events[px->value].count;
    *r = (struct reason){.feature = FEATURE_IDENTIFIER,
                         .verdict = SAME,
                         .weight_db = weight,
                         .full_weight_db = weight,
                         .count = holders,
                         .base = w->event_count,
                         .frequency = (double)holders / (double)w->event_count,
                         .measure = (double)NAN,
                         .radius = (double)NAN,
                         .role_a = px->role,
                         .role_b = py->role,
                         .via_a = path_person(w, px),
                         .via_b = path_person(w, py),
                         .hop = px->hop || py->hop};
    r->value = world_value(w, px->value, &r->identifier_type);
    r->value_a = r->value_b = r->value;
}

/* Staff of a place where many die meet many deaths: what they weigh fades with the place, down to a half.
 * The strongest shared value counts in full, the others together at most as much again, times rest_share:
 * one person brings a name, a number and an address along. */
struct shared_people weigh_identifiers(const struct world *w, const struct event *x, const struct event *y,
                                       struct reason *reasons, size_t room, size_t *count)
{
    struct shared_people out = {0};
    int best = 0, sum = 0;
    size_t best_at = 0, n = 0, site = shared_site(w, &x->row, &y->row);
    for (size_t i = 0, j = 0; i < x->path_count && j < y->path_count;) {
        const struct holding_path *px = &x->path[i], *py = &y->path[j];
        if (px->value != py->value) {
            if (px->value < py->value)
                i++;
            else
                j++;
            continue;
        }
        i++, j++;
        if (px->scene && py->scene) continue; /* the place family's */
        uint8_t least = px->factor < py->factor ? px->factor : py->factor;
        int weight = value_weight(w, w->value_events[px->value].count, least / 100.0);
        if (site > 0 && px->of_place && py->of_place)
            weight = weight * (100 + place_share(w->model, site)) / 200;
        bool only_alike = px->alike || py->alike;
        if (only_alike && weight <= best) continue; /* the same told less surely */
        if (reasons != NULL && n < room) reason_fill(w, px, py, weight, &reasons[n]);
        if (weight > best) {
            best = weight;
            best_at = n;
            out.of_place = px->of_place && py->of_place;
        }
        if (!only_alike) sum += weight;
        n++;
    }
    out.weight_db = combine_set(w, best, sum > best ? sum : best);
    if (reasons == NULL) return out;
    *count = n < room ? n : room;
    for (size_t i = 0; i < *count; i++)
        if (i != best_at) reasons[i].weight_db = 0;
    share_rest(reasons, *count, best_at, out.weight_db - best);
    return out;
}
