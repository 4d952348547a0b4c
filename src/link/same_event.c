#include "link/same_event.h"

#include "base/caldate.h"
#include "base/utf8.h"
#include "compare/name.h"
#include "compare/place.h"
#include "link/world_internal.h"
#include "model/kinds.h"
#include "model/normalise.h"

#include <stdlib.h>

#define NAMES_ALIKE 0.90
#define NEAR_M      300.0
#define NEAR_MS     (6 * MS_PER_HOUR)

static bool contradict(const struct death *x, const struct death *y)
{
    bool sexed =
        !str_empty(x->sex) && !str_empty(y->sex) && !str_eq(x->sex, S("U")) && !str_eq(y->sex, S("U"));
    if (sexed && !str_eq(x->sex, y->sex)) return true;
    return number_present(x->age) && number_present(y->age) && fabs(x->age - y->age) > 5;
}

static bool refers(const struct death *x, Str ref)
{
    if (str_empty(ref)) return false;
    if (str_eq(x->ref, ref)) return true;
    for (size_t i = 0; i < x->other_refs.count; i++)
        if (str_eq(x->other_refs.item[i], ref)) return true;
    return false;
}

/* The dead person of an event, by the value number of "person"; 0 when not known. */
static uint32_t dead_person(const struct event *ev)
{
    for (size_t i = 0; i < ev->path_count; i++)
        if (!ev->path[i].hop && str_eq(ev->path[i].role, S("deceased"))) return ev->path[i].value;
    return 0;
}

static bool shares_dead(const struct event *x, const struct event *y, Str role_y)
{
    for (size_t i = 0; i < x->path_count; i++) {
        if (x->path[i].hop || !str_eq(x->path[i].role, S("deceased"))) continue;
        for (size_t j = 0; j < y->path_count; j++)
            if (x->path[i].value == y->path[j].value && !y->path[j].hop && str_eq(y->path[j].role, role_y))
                return true;
    }
    return false;
}

static bool names_agree(const struct death *x, const struct death *y, bool *both)
{
    *both = !str_empty(x->deceased_name) && !str_empty(y->deceased_name);
    if (!*both) return false;
    struct arena *scratch CLEANUP_ARENA = arena_new("names", (size_t)1 << 20);
    Str a = normalise_name(scratch, x->deceased_name), b = normalise_name(scratch, y->deceased_name);
    return a.len > 0 && b.len > 0 && name_alike(a, b) >= NAMES_ALIKE;
}

static bool near_in_all(const struct death *x, const struct death *y)
{
    int64_t x_from, x_until, y_from, y_until;
    if (!span_interval(&x->found, &x_from, &x_until) || !span_interval(&y->found, &y_from, &y_until))
        return false;
    if (x_from - y_until > NEAR_MS || y_from - x_until > NEAR_MS) return false;
    if (!x->place.present || !y->place.present) return false;
    if (place_distance_m(x->place.lat, x->place.lon, y->place.lat, y->place.lon) > NEAR_M) return false;
    if (str_empty(x->sex) || !str_eq(x->sex, y->sex)) return false;
    return number_present(x->age) && number_present(y->age) && fabs(x->age - y->age) <= 3;
}

static bool different_senders(const struct world *w, const struct event *x, const struct event *y)
{
    const struct record_slot *sx = &w->slot[x->record], *sy = &w->slot[y->record];
    return !str_eq(sx->id.ns, sy->id.ns) || sx->first_source != sy->first_source;
}

bool same_event_likely(const struct world *w, uint32_t x, uint32_t y)
{
    const struct record *rx = world_event_record(w, x), *ry = world_event_record(w, y);
    if (rx->id.kind != KIND_DEATH || ry->id.kind != KIND_DEATH) return false;
    const struct event *ex = &w->event[x], *ey = &w->event[y];
    const struct death *dx = rx->data, *dy = ry->data;
    if (ex->row.day_from != INT32_MIN && ey->row.day_from != INT32_MIN &&
        (ex->row.day_from - ey->row.day_to > 2 || ey->row.day_from - ex->row.day_to > 2))
        return false;
    if (contradict(dx, dy)) return false;
    if (refers(dx, dy->ref) || refers(dy, dx->ref) || shares_dead(ex, ey, S("deceased"))) return true;
    bool both_named;
    if (names_agree(dx, dy, &both_named)) return true;
    if (both_named || (dead_person(ex) != 0 && dead_person(ey) != 0)) return false;
    return near_in_all(dx, dy) && different_senders(w, ex, ey);
}

struct dated_event {
    int32_t day_from, day_to;
    uint32_t event;
};

static int compare_dated(const void *x, const void *y)
{
    const struct dated_event *a = x, *b = y;
    if (a->day_from != b->day_from) return a->day_from < b->day_from ? -1 : 1;
    return a->event < b->event ? -1 : a->event > b->event;
}

static int compare_same(const void *x, const void *y)
{
    const struct same_event_pair *p = x, *q = y;
    if (p->score_db != q->score_db) return p->score_db < q->score_db ? 1 : -1;
    int order = record_id_compare(p->a, q->a);
    return order != 0 ? order : record_id_compare(p->b, q->b);
}

struct same_list {
    struct arena *arena;
    struct same_event_pair *pair;
    size_t count, room;
};

static void add_if_same(struct world *w, struct same_list *l, uint32_t x, uint32_t y)
{
    if (!same_event_likely(w, x, y)) return;
    ARENA_ROOM(l->arena, l->pair, l->room, l->count + 1, 16);
    const struct record_id *a = world_event_id(w, x), *b = world_event_id(w, y);
    bool swap = record_id_compare(a, b) > 0;
    l->pair[l->count++] = (struct same_event_pair){swap ? b : a, swap ? a : b, world_pair_score(w, x, y)};
}

/* Sorted by day, so that each is held against its own days only; undated ones (first in order) against all.
 */
size_t world_same_events(struct world *w, struct arena *a, struct same_event_pair **out)
{
    size_t n = world_event_count(w), deaths = 0;
    struct same_list l = {.arena = a};
    struct dated_event *all = NEW_ARRAY(a, struct dated_event, n + 1);
    int32_t widest = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct row *r = &w->event[i].row;
        if (world_event_id(w, i)->kind != KIND_DEATH) continue;
        all[deaths++] = (struct dated_event){r->day_from, r->day_to, i};
        if (r->day_from != INT32_MIN && r->day_to - r->day_from > widest) widest = r->day_to - r->day_from;
    }
    qsort(all, deaths, sizeof *all, compare_dated);
    for (size_t i = 0; i < deaths; i++)
        for (size_t j = i; j-- > 0;) {
            bool dated = all[j].day_from != INT32_MIN;
            if (dated && all[i].day_from - all[j].day_from > widest + 2) {
                while (j > 0 && all[j - 1].day_from != INT32_MIN)
                    j--; /* on to the undated */
                continue;
            }
            add_if_same(w, &l, all[i].event, all[j].event);
        }
    if (l.count > 0) qsort(l.pair, l.count, sizeof *l.pair, compare_same);
    *out = l.pair;
    return l.count;
}

#define CALL_NEAR_M  300.0
#define CALL_NEAR_MS (6 * MS_PER_HOUR)

static bool share_any(const struct event *x, const struct event *y)
{
    for (size_t i = 0, j = 0; i < x->path_count && j < y->path_count;) {
        if (x->path[i].value == y->path[j].value) return true;
        if (x->path[i].value < y->path[j].value)
            i++;
        else
            j++;
    }
    return false;
}

static bool within_ms(const struct span *x, const struct span *y, int64_t reach_ms)
{
    int64_t x_from, x_until, y_from, y_until;
    if (!span_interval(x, &x_from, &x_until) || !span_interval(y, &y_from, &y_until)) return false;
    return x_from - y_until <= reach_ms && y_from - x_until <= reach_ms;
}

bool reports_the_death(const struct world *w, uint32_t death, uint32_t incident)
{
    const struct record *rd = world_event_record(w, death), *ri = world_event_record(w, incident);
    if (rd->id.kind != KIND_DEATH || ri->id.kind != KIND_INCIDENT) return false;
    const struct death *dead = rd->data;
    const struct incident *call = ri->data;
    if (!str_eq(call->type, S("emergency_call")) || !within_ms(&dead->found, &call->at, CALL_NEAR_MS))
        return false;
    if (share_any(&w->event[death], &w->event[incident])) return true;
    if (!dead->place.present || !call->place.present) return false;
    return place_distance_m(dead->place.lat, dead->place.lon, call->place.lat, call->place.lon) <=
           CALL_NEAR_M;
}

bool concerns_the_dead(const struct world *w, uint32_t death, uint32_t incident)
{
    const struct record *rd = world_event_record(w, death), *ri = world_event_record(w, incident);
    if (rd->id.kind != KIND_DEATH || ri->id.kind != KIND_INCIDENT) return false;
    const struct event *d = &w->event[death], *i = &w->event[incident];
    return shares_dead(d, i, S("missing")) || shares_dead(d, i, S("subject"));
}
