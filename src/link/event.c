/* From a record to what is compared about it: codes as small numbers, sets as bits or lists, nodes of the
 * tree. */
#include "link/world_internal.h"

#include <stdio.h>

#include "base/caldate.h"
#include "base/utf8.h"
#include "compare/text.h"
#include "model/kinds.h"
#include "model/normalise.h"

uint16_t world_code(struct world *w, enum feature f, Str word)
{
    if (str_empty(word) || feature_value_is_silent(word.ptr, word.len)) return SILENT_CODE;
    uint32_t n = table_intern(w->codes[f], word) + 1;
    return n > UINT16_MAX ? SILENT_CODE : (uint16_t)n;
}

static uint32_t wide_code(struct world *w, enum feature f, Str word)
{
    if (str_empty(word) || feature_value_is_silent(word.ptr, word.len)) return SILENT_CODE;
    return table_intern(w->codes[f], word) + 1;
}

Str world_word(const struct world *w, enum feature f, uint32_t code)
{
    return code == SILENT_CODE ? STR_NONE : table_key(w->codes[f], code - 1);
}

uint32_t world_node(struct world *w, const uint32_t *key, size_t n)
{
    bool fresh;
    uint64_t *at = table_at(w->nodes, (Str){(const char *)key, n * sizeof *key}, &fresh);
    if (fresh) {
        WORLD_ROOM(w, w->node, w->node_room, w->node_count);
        w->node[w->node_count] = NEW(w->arena, struct node);
        *at = ++w->node_count;
    }
    return (uint32_t)(*at - 1);
}

/* ---- the record by itself ------------------------------------------------------------------------- */

static void read_where(const struct place *place, const struct keyed *address, struct arena *a,
                       struct reading *out)
{
    /* To 5 decimals (a metre): two records geocoded to one point. */
    if (place->present) out->spot = str_format(a, "%.5f,%.5f", place->lat, place->lon);
    enum address_level level = address_level(address->key);
    if (level == ADDRESS_NONE || level == ADDRESS_STREET) return;
    out->building = address_building(a, address->key);
}

static void read_death_alone(const struct world *w, const struct death *d, struct arena *a,
                             struct reading *out)
{
    narrative_read(w->phrases, d->narrative, a, &out->told);
    if (!str_empty(d->narrative)) out->terms = text_terms(a, d->narrative);
    if (!str_empty(d->occupation)) out->occupation = utf8_fold(a, d->occupation);
    read_where(&d->place, &d->address, a, out);
}

static void read_incident_alone(const struct incident *d, struct arena *a, struct reading *out)
{
    if (!str_empty(d->narrative)) out->terms = text_terms(a, d->narrative);
    read_where(&d->place, &d->address, a, out);
}

void event_read(const struct world *w, uint32_t event, const struct record *r, struct arena *a,
                struct reading *out)
{
    bool is_death = r->id.kind == KIND_DEATH;
    *out = (struct reading){.event = event, .record = r};
    if (is_death) out->handle = normalise_handle(a, ((const struct death *)r->data)->last_contact_name);
    if (w->event[event].stale != STALE_FACTS) return;
    if (is_death)
        read_death_alone(w, r->data, a, out);
    else
        read_incident_alone(r->data, a, out);
}

/* ---- into numbers --------------------------------------------------------------------------------- */

static void read_span(const struct span *s, struct row *row)
{
    int64_t from, until;
    if (row->day_from != INT32_MIN || !span_interval(s, &from, &until)) return;
    row->day_from = (int32_t)caldate_day_of(from);
    row->day_to = (int32_t)caldate_day_of(until > from ? until - 1 : from);
}

/* Hours and weekdays say something only when they are known closely. */
static void read_hour(struct world *w, const struct span *s, struct row *row)
{
    const Str PART[] = {S("night"), S("morning"), S("afternoon"), S("evening")};
    const Str DAY[] = {S("monday"), S("tuesday"),  S("wednesday"), S("thursday"),
                       S("friday"), S("saturday"), S("sunday")};
    int64_t from, until;
    if (!span_interval(s, &from, &until)) return;
    if (caldate_day_of(from) == caldate_day_of(until > from ? until - 1 : from))
        row->code[FEATURE_WEEKDAY] =
            world_code(w, FEATURE_WEEKDAY, DAY[caldate_weekday(caldate_day_of(from))]);
    if (s->from.precision != PRECISION_TIME || until - from > 6 * MS_PER_HOUR) return;
    int64_t middle = from + (until - from) / 2;
    size_t hour = (size_t)((middle - caldate_midnight(middle)) / MS_PER_HOUR);
    row->code[FEATURE_DAY_PART] = world_code(w, FEATURE_DAY_PART, PART[hour / 6]);
}

static uint32_t number_of(struct world *w, struct table *t, struct posting **events, size_t *room, Str key)
{
    if (str_empty(key)) return 0;
    uint32_t n = table_intern(t, key) + 1;
    *events = world_room(w, *events, room, n, sizeof **events, _Alignof(struct posting));
    return n;
}

static void read_place(struct world *w, const struct reading *of, const struct place *place,
                       const struct keyed *address, struct row *row)
{
    if (place->present) {
        row->lat_deg = (float)place->lat;
        row->lon_deg = (float)place->lon;
        row->cos_lat = (float)cos(place->lat * (M_PI / 180));
        row->radius_m = (float)place->radius_m;
        row->spot = number_of(w, w->spots, &w->spot_events, &w->spot_room, of->spot);
    }
    if (str_empty(of->building)) return;
    row->address = number_of(w, w->addresses, &w->address_events, &w->address_room, address->key);
    row->building = number_of(w, w->buildings, &w->building_events, &w->building_room, of->building);
}

static void read_bits(struct world *w, enum feature f, const struct str_list *words, struct row *row)
{
    for (size_t i = 0; i < words->count; i++) {
        uint32_t code = world_code(w, f, words->item[i]);
        if (code > 0 && code <= BIT_CODES) row->bits[f - FEATURE_PRESENT] |= UINT64_C(1) << (code - 1);
    }
}

static void read_list(struct world *w, struct event *ev, enum feature f, const struct str_list *words)
{
    for (size_t i = 0; i < words->count; i++) {
        uint32_t code = wide_code(w, f, words->item[i]);
        if (code != SILENT_CODE) item_list_add(w, &ev->list[f - FEATURE_SUBSTANCES], code);
    }
}

static void read_substances(struct world *w, struct event *ev, const struct str_list *words)
{
    read_list(w, ev, FEATURE_SUBSTANCES, words);
    for (size_t i = 0; i < words->count; i++) {
        struct str_list parents = vocabulary_parents(w->policy->substances, words->item[i]);
        uint32_t code = wide_code(w, FEATURE_SUBSTANCES, words->item[i]);
        if (code != SILENT_CODE) item_list_add(w, &ev->wide, code);
        for (size_t p = 0; p < parents.count; p++)
            item_list_add(w, &ev->wide, wide_code(w, FEATURE_SUBSTANCES, parents.item[p]));
    }
}

static void read_setting(struct world *w, Str setting, struct row *row)
{
    row->setting = world_code(w, FEATURE_SETTING, setting);
    if (row->setting == SILENT_CODE) return;
    Str group = vocabulary_group(w->policy->settings, setting);
    char name[80];
    if (str_empty(group) || group.len > 60) return;
    int n = snprintf(name, sizeof name, "@%.*s", STR_ARG(group));
    row->group = world_code(w, FEATURE_SETTING, (Str){name, (size_t)n});
}

static Str first_present(Str a, Str b)
{
    return str_empty(a) ? b : a;
}

static struct str_list first_list(struct str_list a, struct str_list b)
{
    return a.count > 0 ? a : b;
}

static void read_codes(struct world *w, const struct death *d, const struct reading *of, struct row *row)
{
    const struct narrative_facts *told = &of->told;
    const struct {
        enum feature f;
        Str word;
    } codes[] = {
        {FEATURE_SEX, d->sex},
        {FEATURE_ACCESS, d->access},
        {FEATURE_POSTURE, first_present(d->posture, told->posture)},
        {FEATURE_MOVED, d->signs_moved},
        {FEATURE_COVERING, d->covering},
        {FEATURE_FOUND_BY, first_present(d->found_by, told->found_by)},
        {FEATURE_TIE, d->tie_to_place},
        {FEATURE_EXPLANATION, d->explanation},
        {FEATURE_HOUSING, d->housing},
        {FEATURE_OCCUPATION, of->occupation},
    };
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        row->code[codes[i].f] = world_code(w, codes[i].f, codes[i].word);
}

/* The mechanism is what everything else is conditioned on: where nobody coded it, the account or the position
 * tells. */
static Str apparent_mechanism(const struct death *d, const struct narrative_facts *told)
{
    Str coded =
        str_eq(d->mechanism, S("unknown")) || str_eq(d->mechanism, S("other")) ? STR_NONE : d->mechanism;
    Str posture = first_present(d->posture, told->posture), said = first_present(coded, told->mechanism);
    if (!str_empty(said)) return said;
    if (str_eq(posture, S("hanging_full")) || str_eq(posture, S("hanging_partial"))) return S("hanging");
    return STR_NONE;
}

static void read_death(struct world *w, struct event *ev, const struct reading *of)
{
    const struct death *d = of->record->data;
    const struct narrative_facts *told = &of->told;
    struct row *row = &ev->row;
    row->mechanism = world_code(w, FEATURE_MECHANISM, apparent_mechanism(d, told));
    read_setting(w, d->setting, row);
    read_codes(w, d, of, row);
    struct str_list present = first_list(d->present, told->present),
                    absent = first_list(d->absent, told->absent);
    read_bits(w, FEATURE_PRESENT, &present, row);
    read_bits(w, FEATURE_ABSENT, &absent, row);
    read_bits(w, FEATURE_CLOTHING, &d->clothing, row);
    read_bits(w, FEATURE_INJURIES, &d->injuries, row);
    read_bits(w, FEATURE_CONFLICT, &d->account_conflict, row);
    read_bits(w, FEATURE_ROUTE, &d->contact_route, row);
    struct str_list substances = first_list(d->substances, told->substances);
    read_substances(w, ev, &substances);
    read_list(w, ev, FEATURE_SITE, &d->contact_site);
    if (number_present(d->age) && d->age >= 0 && d->age <= 130) row->age = (int16_t)d->age;
    read_span(&d->found, row);
    read_span(&d->died, row);
    read_span(&d->last_seen_alive, row);
    if (row->day_from == INT32_MIN) {
        struct span reported = {d->reported_at, d->reported_at};
        read_span(&reported, row);
    }
    read_hour(w, &d->found, row);
    read_place(w, of, &d->place, &d->address, row);
}

static void read_incident(struct world *w, struct event *ev, const struct reading *of)
{
    const struct incident *d = of->record->data;
    read_substances(w, ev, &d->substances);
    read_span(&d->at, &ev->row);
    read_hour(w, &d->at, &ev->row);
    read_place(w, of, &d->place, &d->address, &ev->row);
}

static uint32_t node_for(struct world *w, enum node_level level, uint32_t mechanism, uint32_t place)
{
    uint32_t key[3] = {level, mechanism, place};
    return world_node(w, key, COUNT_OF(key));
}

static void read_nodes(struct world *w, struct event *ev)
{
    const struct row *r = &ev->row;
    ev->nodes[NODE_ALL] = 0;
    for (int l = NODE_MECHANISM; l < NODE_LEVELS; l++)
        ev->nodes[l] = UINT32_MAX;
    if (r->group != SILENT_CODE) ev->nodes[NODE_GROUP_ALONE] = node_for(w, NODE_GROUP_ALONE, 0, r->group);
    if (r->setting != SILENT_CODE)
        ev->nodes[NODE_SETTING_ALONE] = node_for(w, NODE_SETTING_ALONE, 0, r->setting);
    if (r->mechanism == SILENT_CODE) return;
    ev->nodes[NODE_MECHANISM] = node_for(w, NODE_MECHANISM, r->mechanism, 0);
    if (r->group != SILENT_CODE)
        ev->nodes[NODE_SETTING_GROUP] = node_for(w, NODE_SETTING_GROUP, r->mechanism, r->group);
    if (r->setting != SILENT_CODE)
        ev->nodes[NODE_SETTING] = node_for(w, NODE_SETTING, r->mechanism, r->setting);
}

static bool lists_equal(const struct item_list *x, const struct item_list *y)
{
    return x->count == y->count &&
           (x->count == 0 || memcmp(x->item, y->item, x->count * sizeof *x->item) == 0);
}

/* Moves an event from the postings of what it no longer says to those of what it says now. */
static void repost(struct world *w, uint32_t event, struct posting *p, uint32_t old, uint32_t now)
{
    if (old == now) return;
    if (old != 0) posting_remove(&p[old], event);
    if (now != 0) posting_add(w, &p[now], event);
}

static void repost_list(struct world *w, uint32_t event, size_t list, const struct item_list *old,
                        const struct item_list *now)
{
    for (size_t i = 0; i < now->count; i++) {
        WORLD_ROOM(w, w->list_events[list], w->list_room[list], now->item[i]);
        if (!item_list_has(old, now->item[i])) {
            struct posting *p = &w->list_events[list][now->item[i]];
            WORLD_ROOM(w, p->event, p->room, p->count);
            p->event[p->count++] = event;
        }
    }
    for (size_t i = 0; i < old->count; i++)
        if (!item_list_has(now, old->item[i])) posting_remove(&w->list_events[list][old->item[i]], event);
}

/* Lists are read into the same room again and again, and copied into the event's own when they differ. */
static void borrow_spare(struct world *w, struct event *ev)
{
    for (size_t l = 0; l <= LIST_FEATURES; l++) {
        struct item_list *own = l < LIST_FEATURES ? &ev->list[l] : &ev->wide;
        *own = w->spare[l];
        own->count = 0;
    }
}

static void return_spare(struct world *w, struct event *ev, const struct event *before)
{
    for (size_t l = 0; l <= LIST_FEATURES; l++) {
        struct item_list *own = l < LIST_FEATURES ? &ev->list[l] : &ev->wide;
        const struct item_list *old = l < LIST_FEATURES ? &before->list[l] : &before->wide;
        w->spare[l] = *own;
        *own = *old;
        if (!lists_equal(own, &w->spare[l])) item_list_copy(w, own, &w->spare[l]);
    }
}

bool event_read_facts(struct world *w, const struct reading *of)
{
    struct event *ev = &w->event[of->event];
    struct event before = *ev;

    memset(&ev->row, 0, sizeof ev->row);
    ev->row.age = -1;
    ev->row.day_from = ev->row.day_to = INT32_MIN;
    borrow_spare(w, ev);
    if (of->record->id.kind == KIND_DEATH)
        read_death(w, ev, of);
    else
        read_incident(w, ev, of);
    read_list(w, ev, FEATURE_TEXT, &of->terms);
    for (size_t l = 0; l < LIST_FEATURES; l++)
        if (ev->list[l].count > 0) ev->row.lists |= UINT32_C(1) << l;
    read_nodes(w, ev);

    repost(w, of->event, w->address_events, before.row.address, ev->row.address);
    repost(w, of->event, w->building_events, before.row.building, ev->row.building);
    repost(w, of->event, w->spot_events, before.row.spot, ev->row.spot);
    bool same = memcmp(&before.row, &ev->row, sizeof ev->row) == 0 && lists_equal(&before.wide, &ev->wide);
    for (size_t l = 0; l < LIST_FEATURES; l++) {
        bool substances = l == 0;
        repost_list(w, of->event, l, substances ? &before.wide : &before.list[l],
                    substances ? &ev->wide : &ev->list[l]);
        same = same && lists_equal(&before.list[l], &ev->list[l]);
    }
    return_spare(w, ev, &before);
    return !same;
}
