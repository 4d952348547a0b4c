#include "link/world_internal.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/caldate.h"
#include "base/err.h"
#include "link/index.h"
#include "link/query.h"
#include "model/kinds.h"

/* ---- growing things ------------------------------------------------------------------------------- */

void *world_room(struct world *w, void *array, size_t *room, size_t need, size_t size, size_t align)
{
    if (need < *room) return array;
    size_t grown = *room < 8 ? 8 : *room * 2;
    if (grown <= need) grown = need + 1;
    void *p = arena_grow(w->arena, array, *room, grown, size, align);
    *room = grown;
    return p;
}

/* Where an event stands in a posting, or would stand: postings rise. New events have the largest numbers, so
 * the end is looked at first. */
static size_t posting_place(const struct posting *p, uint32_t event)
{
    size_t low = 0, high = p->count;
    if (high > 0 && p->event[high - 1] < event) return high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->event[middle] < event)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void posting_add(struct world *w, struct posting *p, uint32_t event)
{
    size_t at = posting_place(p, event);
    if (at < p->count && p->event[at] == event) return;
    WORLD_ROOM(w, p->event, p->room, p->count);
    memmove(p->event + at + 1, p->event + at, (p->count - at) * sizeof *p->event);
    p->event[at] = event;
    p->count++;
}

void posting_remove(struct posting *p, uint32_t event)
{
    size_t at = posting_place(p, event);
    if (at == p->count || p->event[at] != event) return;
    memmove(p->event + at, p->event + at + 1, (p->count - at - 1) * sizeof *p->event);
    p->count--;
}

bool item_list_has(const struct item_list *l, uint32_t item)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->item[i] == item) return true;
    return false;
}

void item_list_add(struct world *w, struct item_list *l, uint32_t item)
{
    size_t at = l->count;
    while (at > 0 && l->item[at - 1] > item)
        at--;
    if (at > 0 && l->item[at - 1] == item) return;
    WORLD_ROOM(w, l->item, l->room, l->count);
    memmove(l->item + at + 1, l->item + at, (l->count - at) * sizeof *l->item);
    l->item[at] = item;
    l->count++;
}

void item_list_copy(struct world *w, struct item_list *to, const struct item_list *from)
{
    if (from->count > 0) WORLD_ROOM(w, to->item, to->room, from->count);
    if (from->count > 0) memcpy(to->item, from->item, from->count * sizeof *from->item);
    to->count = from->count;
}

/* ---- making and ending ---------------------------------------------------------------------------- */

#define TABLE_ENTRIES_MAX ((size_t)1 << 30)

struct world *world_new(const struct link_model *model, const struct policy *policy, size_t memory_max_bytes)
{
    struct arena *a = arena_new("linker", memory_max_bytes);
    struct world *w = NEW(a, struct world);
    w->arena = a;
    w->model = model;
    w->policy = policy;
    w->phrases = narrative_phrases(a, policy);
    w->now_ms = INT64_MIN;
    w->frozen_ms = INT64_MIN;
    struct table **const tables[] = {&w->records,     &w->nodes,      &w->cells,  &w->addresses,
                                     &w->buildings,   &w->spots,      &w->values, &w->event_refs,
                                     &w->person_refs, &w->holder_refs};
    for (size_t i = 0; i < COUNT_OF(tables); i++)
        *tables[i] = table_new(TABLE_ENTRIES_MAX);
    for (size_t f = 0; f < FEATURE_COUNT; f++)
        w->codes[f] = table_new(TABLE_ENTRIES_MAX);
    w->index = index_new();
    w->shelf = shelf_new();
    w->counts_epoch = 1;
    uint32_t root = 0;
    MUST(world_node(w, &root, 1) == 0);
    return w;
}

void world_free(struct world *w)
{
    if (w == NULL) return;
    struct table *const tables[] = {w->records, w->nodes,  w->cells,      w->addresses,   w->buildings,
                                    w->spots,   w->values, w->event_refs, w->person_refs, w->holder_refs};
    for (size_t i = 0; i < COUNT_OF(tables); i++)
        table_free(tables[i]);
    for (size_t f = 0; f < FEATURE_COUNT; f++)
        table_free(w->codes[f]);
    for (size_t t = 0; t < THREADS_MAX; t++)
        space_free(w->space[t]);
    index_free(w->index);
    shelf_free(w->shelf);
    buf_free(&w->image);
    arena_free(w->arena);
}

void world_cleanup(struct world **w)
{
    world_free(*w);
}

/* ---- records -------------------------------------------------------------------------------------- */

static bool kind_ties(enum kind_id kind)
{
    return kind == KIND_DEATH || kind == KIND_INCIDENT || kind == KIND_PERSON || kind == KIND_INVOLVEMENT ||
           kind == KIND_IDENTIFIER;
}

static Str record_key(const struct record_id *id, char out[KEY_BYTES])
{
    int n = snprintf(out, KEY_BYTES, "%d\x1f%.*s\x1f%.*s", (int)id->kind, STR_ARG(id->ns), STR_ARG(id->id));
    MUST(n > 0 && n < KEY_BYTES);
    return (Str){out, (size_t)n};
}

static Str target_key(Str ns, Str id, char out[KEY_BYTES])
{
    int n = snprintf(out, KEY_BYTES, "%.*s\x1f%.*s", STR_ARG(ns), STR_ARG(id));
    MUST(n > 0 && n < KEY_BYTES);
    return (Str){out, (size_t)n};
}

static struct record_slot *slot_of(const struct world *w, const struct record_id *id)
{
    char key[KEY_BYTES];
    const uint64_t *at = table_find(w->records, record_key(id, key));
    return at == NULL ? NULL : &w->slot[*at - 1];
}

static uint32_t slot_make(struct world *w, const struct record_id *id)
{
    char key[KEY_BYTES];
    bool fresh;
    uint64_t *at = table_at(w->records, record_key(id, key), &fresh);
    if (!fresh) return (uint32_t)(*at - 1);
    WORLD_ROOM(w, w->slot, w->slot_room, w->slot_count);
    *at = w->slot_count + 1;
    w->slot[w->slot_count] = (struct record_slot){
        .id = {str_copy(w->arena, id->ns), id->kind, str_copy(w->arena, id->id)}, .event = NO_EVENT};
    return (uint32_t)w->slot_count++;
}

enum status world_apply(struct world *w, const struct change *line, struct err *e)
{
    if (line->known_at_ms < w->now_ms)
        return ERR(
            e, E_INVALID, "known_at",
            "a line known earlier than one already taken: the linker takes lines in the order of known_at");
    int64_t midnight = caldate_midnight(line->known_at_ms);
    if (midnight > w->frozen_ms) {
        MUST(w->stale_count == 0 && w->touched_count == 0); /* the tick before was ended */
        counts_freeze(w, midnight);
    }
    w->now_ms = line->known_at_ms;
    if (!kind_ties(line->record.kind)) return OK;

    uint32_t at = slot_make(w, &line->record);
    struct record_slot *s = &w->slot[at];
    s->last_line = shelf_pack(w, line, ++w->next_seq, s->last_line);
    if (s->line_count++ == 0) s->first_source = s->last_line->source;
    if (!s->stale) {
        s->stale = true;
        WORLD_ROOM(w, w->stale_slot, w->stale_room, w->stale_count);
        w->stale_slot[w->stale_count++] = at;
    }
    return OK;
}

/* ---- the tick ------------------------------------------------------------------------------------- */

static void touch(struct world *w, uint32_t event, enum stale stale)
{
    struct event *ev = &w->event[event];
    bool waits = ev->stale != UP_TO_DATE;
    if (ev->stale < stale) ev->stale = (uint8_t)stale;
    if (waits) return;
    WORLD_ROOM(w, w->touched, w->touched_room, w->touched_count);
    w->touched[w->touched_count++] = event;
}

static void touch_value(struct world *w, Str type, Str ns, Str key)
{
    uint32_t v = identifiers_find(w, type, ns, key);
    if (v == 0) return;
    for (size_t i = 0; i < w->value_events[v].count; i++)
        touch(w, w->value_events[v].event[i], STALE_TIES);
}

static void touch_target(struct world *w, Str ns, Str id)
{
    for (int k = 0; k < 2; k++) {
        struct record_id rid = {ns, k == 0 ? KIND_DEATH : KIND_INCIDENT, id};
        const struct record_slot *s = slot_of(w, &rid);
        if (s != NULL && s->event != NO_EVENT) touch(w, s->event, STALE_TIES);
    }
}

/* Notes that `slot` refers to (ns, id), in one of the three tables of references. */
static void refer(struct world *w, struct table *t, Str ns, Str id, uint32_t slot)
{
    char key[KEY_BYTES];
    bool fresh;
    uint64_t *at = table_at(t, target_key(ns, id, key), &fresh);
    if (fresh) {
        WORLD_ROOM(w, w->refs, w->refs_room, w->refs_count);
        *at = ++w->refs_count;
    }
    posting_add(w, &w->refs[*at - 1], slot);
}

const struct posting *world_refs(const struct world *w, const struct table *t, Str ns, Str id)
{
    char key[KEY_BYTES];
    const uint64_t *at = table_find(t, target_key(ns, id, key));
    return at == NULL ? NULL : &w->refs[*at - 1];
}

uint32_t world_find_slot(const struct world *w, const struct record_id *id)
{
    const struct record_slot *s = slot_of(w, id);
    return s == NULL || !s->folded ? NO_EVENT : (uint32_t)(s - w->slot);
}

const struct record *world_record_at(const struct world *w, uint32_t slot)
{
    return w->slot[slot].folded ? shelf_record(w, slot) : NULL;
}

const struct tying *world_tying_at(const struct world *w, uint32_t slot)
{
    return w->slot[slot].folded ? w->slot[slot].tying : NULL;
}

static void connect_involvement(struct world *w, uint32_t slot)
{
    const struct record_slot *s = &w->slot[slot];
    const struct tying *v = s->tying;
    Str ns, id;
    if (!str_empty(v->event)) {
        ref_split(v->event, s->id.ns, &ns, &id);
        refer(w, w->event_refs, ns, id, slot);
        touch_target(w, ns, id);
    }
    if (!str_empty(v->person)) {
        ref_split(v->person, s->id.ns, &ns, &id);
        refer(w, w->person_refs, ns, id, slot);
    }
}

static void connect_identifier(struct world *w, uint32_t slot)
{
    const struct record_slot *s = &w->slot[slot];
    const struct tying *v = s->tying;
    if (str_empty(v->holder)) return;
    Str ns, id;
    ref_split(v->holder, s->id.ns, &ns, &id);
    refer(w, w->holder_refs, ns, id, slot);
    touch_target(w, ns, id);
    touch_value(w, S("person"), ns, id);
    if (identifiers_lead_on(w, v->type, v->key)) touch_value(w, v->type, STR_NONE, v->key);
    identifiers_index_holder(w, slot);
}

static void event_make(struct world *w, uint32_t slot)
{
    struct record_slot *s = &w->slot[slot];
    if (s->event == NO_EVENT) {
        WORLD_ROOM(w, w->event, w->event_room, w->event_count);
        s->event = (uint32_t)w->event_count++;
        struct event *ev = &w->event[s->event];
        *ev = (struct event){.record = slot, .known_ms = w->now_ms, .fresh = true};
        for (int l = 0; l < NODE_LEVELS; l++)
            ev->nodes[l] = ev->counted_nodes[l] = UINT32_MAX;
    }
    touch(w, s->event, STALE_FACTS);
}

/* A correction may move an involvement or an identifier elsewhere: whom it belonged to loses it. */
static void touch_old_target(struct world *w, const struct record_slot *s)
{
    Str target = STR_NONE, ns, id;
    if (s->id.kind == KIND_INVOLVEMENT) target = s->tying->event;
    if (s->id.kind == KIND_IDENTIFIER) target = s->tying->holder;
    if (str_empty(target)) return;
    ref_split(target, s->id.ns, &ns, &id);
    touch_target(w, ns, id);
    touch_value(w, S("person"), ns, id);
}

/* r: what is known of it now; NULL: nothing. */
static void take_folded(struct world *w, uint32_t slot, const struct record *r)
{
    struct record_slot *s = &w->slot[slot];
    s->stale = false;
    if (s->folded) touch_old_target(w, s);
    if (r == NULL) return;
    s->folded = true;
    if (s->id.kind != KIND_DEATH && s->id.kind != KIND_INCIDENT) shelf_keep_tying(w, slot, r);
    switch ((int)s->id.kind) {
    case KIND_DEATH:
    case KIND_INCIDENT:
        event_make(w, slot);
        break;
    case KIND_INVOLVEMENT:
        connect_involvement(w, slot);
        break;
    case KIND_IDENTIFIER:
        connect_identifier(w, slot);
        break;
    case KIND_PERSON:
        touch_value(w, S("person"), s->id.ns, s->id.id);
        break;
    default:
        break;
    }
}

#define FOLDED_AT_ONCE 512 /* of RECORDS_KEPT */

static void fold_stale(struct world *w)
{
    const uint32_t *slot = w->stale_slot;
    for (size_t left = w->stale_count, n; left > 0; left -= n, slot += n) {
        n = left < FOLDED_AT_ONCE ? left : FOLDED_AT_ONCE;
        shelf_fold(w, slot, n, n < TICK_LARGE ? 1 : w->threads);
        for (size_t i = 0; i < n; i++)
            take_folded(w, slot[i], shelf_kept(w, slot[i]));
    }
    w->stale_count = 0;
}

static int compare_events(const void *x, const void *y, void *world)
{
    const uint32_t *a = x, *b = y;
    return record_id_compare(world_event_id(world, *a), world_event_id(world, *b));
}

static void sort_changed(struct world *w)
{
    if (w->changed_count > 1) qsort_r(w->changed, w->changed_count, sizeof *w->changed, compare_events, w);
}

void world_read_by(struct world *w, size_t threads)
{
    w->threads = threads;
}

struct tick world_tick(struct world *w)
{
    w->changed_count = 0;
    fold_stale(w);
    refresh_touched(w);
    sort_changed(w);
    return (struct tick){w->changed, w->changed_count};
}

void world_count_all(struct world *w)
{
    counts_freeze(w, w->now_ms);
}

/* ---- looking -------------------------------------------------------------------------------------- */

size_t world_event_count(const struct world *w)
{
    return w->event_count;
}

int64_t world_find(const struct world *w, const struct record_id *id)
{
    const struct record_slot *s = slot_of(w, id);
    return s == NULL || s->event == NO_EVENT ? -1 : (int64_t)s->event;
}

const struct record_id *world_event_id(const struct world *w, uint32_t event)
{
    MUST(event < w->event_count);
    return &w->slot[w->event[event].record].id;
}

const struct record *world_event_record(const struct world *w, uint32_t event)
{
    MUST(event < w->event_count);
    return world_record_at(w, w->event[event].record);
}

const struct record *world_record(const struct world *w, const struct record_id *id)
{
    const struct record_slot *s = slot_of(w, id);
    return s == NULL ? NULL : world_record_at(w, (uint32_t)(s - w->slot));
}

int64_t world_event_known_ms(const struct world *w, uint32_t event)
{
    MUST(event < w->event_count);
    return w->event[event].known_ms;
}

bool world_event_day(const struct world *w, uint32_t event, int32_t *day)
{
    MUST(event < w->event_count);
    *day = w->event[event].row.day_from;
    return *day != INT32_MIN;
}

int64_t world_now_ms(const struct world *w)
{
    return w->now_ms;
}

int64_t world_counts_ms(const struct world *w)
{
    return w->frozen_ms;
}

const struct link_model *world_model(const struct world *w)
{
    return w->model;
}

double world_probability(const struct world *w, int score_db)
{
    double n = (double)w->event_count + w->model->population_prior;
    double prior = w->model->prior_series_pairs / (n * (n - 1) / 2);
    double odds = prior / (1 - prior) * pow(10, score_db / 10.0);
    return odds / (1 + odds);
}
