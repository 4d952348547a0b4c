/* One pair, weighed with its reasons. world_nearest (query_weigh.c) must come to the same sum by a shorter
 * way: a test holds the two together. */
#include "link/world_internal.h"

#include "compare/place.h"
#include "link/same_event.h"
#include "model/kinds.h"

#include <stdlib.h>

#define ITEMS_MAX 40 /* shared items of one set that are told one by one; the sum holds them all */

struct weighing {
    const struct world *w;
    const struct event *x, *y;
    enum node_level level;
    unsigned minus;
    struct pair_features seen;
    struct shared_people people;
    struct reason *reason; /* NULL: only the sum */
    size_t count, room;
};

static void add_weight(struct weighing *g, enum feature f, enum verdict v, int db)
{
    g->seen.sum_db += db;
    g->seen.weight_db[f] += db;
    if (v != NOT_RECORDED) g->seen.recorded |= UINT64_C(1) << f;
}

static struct reason *add_reason(struct weighing *g, enum feature f, const struct measured *m,
                                 enum node_level level, int kept_db)
{
    if (g->reason == NULL || g->count == g->room) return NULL;
    struct reason *r = &g->reason[g->count++];
    *r = (struct reason){.feature = f,
                         .verdict = m->verdict,
                         .weight_db = kept_db,
                         .full_weight_db = m->weight_db,
                         .count = m->rate.count,
                         .base = m->rate.base,
                         .frequency = m->rate.p,
                         .level = level,
                         .measure = m->measure,
                         .radius = m->radius};
    return r;
}

static struct measured differing(const struct weighing *g, enum feature f)
{
    const struct feature_belief *b = &g->w->model->feature[f];
    return (struct measured){.weight_db = weigh_difference(b, b->m),
                             .verdict = DIFFERENT,
                             .measure = (double)NAN,
                             .radius = (double)NAN};
}

static void not_recorded(struct weighing *g, enum feature f, Str a, Str b)
{
    struct measured m = {.verdict = NOT_RECORDED, .measure = (double)NAN, .radius = (double)NAN};
    struct reason *r = add_reason(g, f, &m, g->level, 0);
    if (r != NULL) r->value_a = a, r->value_b = b;
}

static void weigh_code(struct weighing *g, enum feature f, uint32_t a, uint32_t b, enum node_level level)
{
    Str word_a = world_word(g->w, f, a), word_b = world_word(g->w, f, b);
    if (a == SILENT_CODE || b == SILENT_CODE) {
        not_recorded(g, f, word_a, word_b);
        return;
    }
    struct measured m = a == b ? measure_value(g->w, f, g->x->nodes, level, a, g->minus) : differing(g, f);
    add_weight(g, f, m.verdict, m.weight_db);
    struct reason *r = add_reason(g, f, &m, level, m.weight_db);
    if (r == NULL) return;
    r->value_a = word_a, r->value_b = word_b;
    if (a == b) r->value = word_a;
}

static void weigh_setting(struct weighing *g)
{
    const struct row *x = &g->x->row, *y = &g->y->row;
    enum node_level level = setting_level(g->level);
    if (x->setting == y->setting || x->setting == SILENT_CODE || y->setting == SILENT_CODE ||
        x->group == SILENT_CODE || x->group != y->group) {
        weigh_code(g, FEATURE_SETTING, x->setting, y->setting, level);
        return;
    }
    struct measured m = measure_group(g->w, g->x, level, g->minus);
    add_weight(g, FEATURE_SETTING, m.verdict, m.weight_db);
    struct reason *r = add_reason(g, FEATURE_SETTING, &m, level, m.weight_db);
    if (r == NULL) return;
    r->value = world_word(g->w, FEATURE_SETTING, x->group);
    r->value_a = world_word(g->w, FEATURE_SETTING, x->setting);
    r->value_b = world_word(g->w, FEATURE_SETTING, y->setting);
}

/* The shared items of one set: the strongest in full, the others less. */
struct shared {
    int best, sum;
    size_t first, count; /* among the reasons */
    size_t best_at;
    bool any;
};

static void share_item(struct weighing *g, struct shared *s, enum feature f, uint32_t item, enum verdict v)
{
    struct measured m = measure_value(g->w, f, g->x->nodes, g->level, item, g->minus);
    m.verdict = v;
    struct reason *r = s->count < ITEMS_MAX ? add_reason(g, f, &m, g->level, m.weight_db) : NULL;
    if (r != NULL) {
        r->value = r->value_a = r->value_b = world_word(g->w, f, item);
        if (m.weight_db > s->best || !s->any) s->best_at = s->count;
        s->count++;
    }
    s->any = true;
    if (m.weight_db > s->best) s->best = m.weight_db;
    s->sum += m.weight_db;
}

static void finish_set(struct weighing *g, struct shared *s, enum feature f)
{
    int whole = combine_set(g->w, s->best, s->sum);
    add_weight(g, f, SAME, whole);
    if (g->reason == NULL || s->count == 0) return;
    for (size_t i = 0; i < s->count; i++)
        if (i != s->best_at) g->reason[s->first + i].weight_db = 0;
    share_rest(g->reason + s->first, s->count, s->best_at,
               whole - g->reason[s->first + s->best_at].weight_db);
}

static void weigh_bits(struct weighing *g, enum feature f)
{
    uint64_t a = g->x->row.bits[f - FEATURE_PRESENT], b = g->y->row.bits[f - FEATURE_PRESENT];
    if (a == 0 || b == 0) {
        not_recorded(g, f, a ? S("recorded") : STR_NONE, b ? S("recorded") : STR_NONE);
        return;
    }
    if ((a & b) == 0) {
        struct measured m = differing(g, f);
        add_weight(g, f, m.verdict, m.weight_db);
        struct reason *r = add_reason(g, f, &m, g->level, m.weight_db);
        if (r != NULL) r->value_a = r->value_b = S("recorded");
        return;
    }
    struct shared s = {.first = g->count};
    for (uint32_t code = 1; code <= BIT_CODES; code++)
        if (a & b & UINT64_C(1) << (code - 1)) share_item(g, &s, f, code, SAME);
    finish_set(g, &s, f);
}

static void weigh_list(struct weighing *g, enum feature f)
{
    size_t l = (size_t)(f - FEATURE_SUBSTANCES);
    const struct item_list *a = &g->x->list[l], *b = &g->y->list[l];
    if (a->count == 0 || b->count == 0) {
        not_recorded(g, f, a->count ? S("recorded") : STR_NONE, b->count ? S("recorded") : STR_NONE);
        return;
    }
    struct shared s = {.first = g->count};
    for (size_t i = 0; i < a->count; i++)
        if (item_list_has(b, a->item[i]) && !(f == FEATURE_TEXT && term_is_common(g->w, a->item[i])))
            share_item(g, &s, f, a->item[i], SAME);
    if (f == FEATURE_SUBSTANCES && !s.any) {
        for (size_t i = 0; i < g->x->wide.count; i++)
            if (item_list_has(&g->y->wide, g->x->wide.item[i]))
                share_item(g, &s, f, g->x->wide.item[i], SIMILAR);
        s.sum = s.best; /* parents of one another: the nearest tells it all */
    }
    if (s.any) {
        finish_set(g, &s, f);
        return;
    }
    if (f == FEATURE_TEXT) return; /* accounts of different words say nothing */
    struct measured m = differing(g, f);
    add_weight(g, f, m.verdict, m.weight_db);
    struct reason *r = add_reason(g, f, &m, g->level, m.weight_db);
    if (r != NULL) r->value_a = r->value_b = S("recorded");
}

static void weigh_measured(struct weighing *g, enum feature f, const struct measured *m, int kept_db)
{
    add_weight(g, f, m->verdict, kept_db);
    add_reason(g, f, m, g->level, kept_db);
}

static void weigh_people(struct weighing *g)
{
    size_t found = 0;
    struct reason *into = g->reason == NULL ? NULL : g->reason + g->count;
    g->people = weigh_identifiers(g->w, g->x, g->y, into, g->reason == NULL ? 0 : g->room - g->count, &found);
    add_weight(g, FEATURE_IDENTIFIER, g->people.weight_db > 0 ? SAME : NOT_RECORDED, g->people.weight_db);
    if (g->reason != NULL) g->count += found;
}

/* Address and distance are one thing told twice: the stronger counts. */
static void weigh_place(struct weighing *g)
{
    struct measured place = measure_place(g->w, g->x, g->y, g->level),
                    address = measure_address(g->w, g->x, g->y);
    bool by_address = address.verdict == SAME && address.weight_db >= place.weight_db;
    int whole = by_address ? address.weight_db : place.weight_db;
    int kept = whole - told_by_people(g->w, &g->people, &place, &address, whole);
    g->seen.metres = place.measure;
    if (g->reason != NULL && place.verdict != NOT_RECORDED)
        place.measure = place_distance_m((double)g->x->row.lat_deg, (double)g->x->row.lon_deg,
                                         (double)g->y->row.lat_deg, (double)g->y->row.lon_deg);
    weigh_measured(g, FEATURE_PLACE, &place, by_address ? 0 : kept);
    if (address.verdict == SAME) weigh_measured(g, FEATURE_ADDRESS, &address, by_address ? kept : 0);
}

static void weigh_all(struct weighing *g)
{
    const struct row *x = &g->x->row, *y = &g->y->row;
    g->level = row_level(x, y);
    g->minus = pair_minus(g->x, g->y);
    weigh_people(g);
    weigh_code(g, FEATURE_MECHANISM, x->mechanism, y->mechanism, NODE_ALL);
    weigh_setting(g);
    for (int f = 0; f < CODE_FEATURES; f++)
        weigh_code(g, (enum feature)f, x->code[f], y->code[f], g->level);
    for (int f = FEATURE_PRESENT; f < FEATURE_SUBSTANCES; f++)
        weigh_bits(g, (enum feature)f);
    for (int f = FEATURE_SUBSTANCES; f < FEATURE_MECHANISM; f++)
        weigh_list(g, (enum feature)f);
    struct measured age = measure_age(g->w, g->x, g->y, g->level),
                    time = measure_time(g->w, g->x, g->y, g->level);
    weigh_measured(g, FEATURE_AGE, &age, age.weight_db);
    weigh_measured(g, FEATURE_TIME, &time, time.weight_db);
    g->seen.years = age.measure;
    g->seen.days = time.measure;
    weigh_place(g);
}

void share_rest(struct reason *reasons, size_t count, size_t best_at, int kept_db)
{
    int sum = 0, given = 0, seen = 0;
    for (size_t i = 0; i < count; i++)
        if (i != best_at) sum += reasons[i].full_weight_db;
    if (sum <= 0) return;
    for (size_t i = 0; i < count; i++) {
        if (i == best_at) continue;
        seen += reasons[i].full_weight_db;
        int upto = (int)((int64_t)kept_db * seen / sum); /* whole decibans, and nothing lost in rounding */
        reasons[i].weight_db = upto - given;
        given = upto;
    }
}

int world_pair_score(struct world *w, uint32_t x, uint32_t y)
{
    struct weighing g = {.w = w, .x = &w->event[x], .y = &w->event[y]};
    weigh_all(&g);
    return g.seen.sum_db;
}

int world_place_weight(const struct world *w, uint32_t x, uint32_t y)
{
    const struct event *a = &w->event[x], *b = &w->event[y];
    int place = measure_place(w, a, b, row_level(&a->row, &b->row)).weight_db,
        address = measure_address(w, a, b).weight_db;
    return address > place ? address : place;
}

void world_pair_families(struct world *w, uint32_t x, uint32_t y, struct pair_families *out)
{
    struct weighing g = {.w = w, .x = &w->event[x], .y = &w->event[y]};
    weigh_all(&g);
    *out = (struct pair_families){.sum_db = g.seen.sum_db, .same_event_likely = same_event_likely(w, x, y)};
    for (int f = 0; f < FEATURE_COUNT; f++)
        out->weight_db[FEATURES[f].family] += g.seen.weight_db[f];
}

static size_t events_at(const struct world *w, uint32_t address)
{
    return address == 0 ? 0 : w->address_events[address].count;
}

void world_pair_features(struct world *w, uint32_t x, uint32_t y, struct pair_features *out)
{
    struct weighing g = {.w = w, .x = &w->event[x], .y = &w->event[y]};
    weigh_all(&g);
    g.seen.level = g.level;
    size_t at_x = events_at(w, g.x->row.address), at_y = events_at(w, g.y->row.address);
    g.seen.at_address = at_x > at_y ? at_x : at_y;
    *out = g.seen;
}

/* ---- the whole of it ------------------------------------------------------------------------------ */

static int order_of(const struct reason *r)
{
    if (r->verdict == NOT_RECORDED) return 2;
    return r->weight_db < 0 ? 1 : 0;
}

static int compare_reasons(const void *x, const void *y)
{
    const struct reason *a = x, *b = y;
    int oa = order_of(a), ob = order_of(b);
    if (oa != ob) return oa - ob;
    int wa = abs(a->weight_db), wb = abs(b->weight_db);
    if (wa != wb) return wb - wa;
    if (a->full_weight_db != b->full_weight_db) return b->full_weight_db - a->full_weight_db;
    if (a->feature != b->feature) return (int)a->feature - (int)b->feature;
    return str_compare(a->value, b->value);
}

static bool unverified(const struct world *w, uint32_t event)
{
    const struct record *r = world_event_record(w, event);
    if (r->id.kind != KIND_DEATH) return false;
    const struct death *d = r->data;
    bool offered = !str_empty(d->explanation) && !str_eq(d->explanation, S("none"));
    return offered && !str_eq(d->explanation_verified, S("yes"));
}

bool world_unverified(const struct world *w, uint32_t event)
{
    return unverified(w, event);
}

static void fill_node(const struct world *w, const struct event *x, struct pair_evidence *out)
{
    enum node_level l = out->level;
    out->comparable = w->node[x->nodes[l]]->events;
    if (l == NODE_MECHANISM || l == NODE_SETTING_GROUP || l == NODE_SETTING)
        out->mechanism = world_word(w, FEATURE_MECHANISM, x->row.mechanism);
    if (l == NODE_SETTING || l == NODE_SETTING_ALONE)
        out->setting = world_word(w, FEATURE_SETTING, x->row.setting);
    if (l != NODE_ALL && l != NODE_MECHANISM)
        out->setting_group = world_word(w, FEATURE_SETTING, x->row.group);
}

void world_pair(struct world *w, struct arena *a, uint32_t x, uint32_t y, struct pair_evidence *out)
{
    MUST(x != y && x < w->event_count && y < w->event_count);
    if (record_id_compare(world_event_id(w, x), world_event_id(w, y)) > 0) {
        uint32_t swap = x;
        x = y;
        y = swap;
    }
    struct weighing g = {.w = w, .x = &w->event[x], .y = &w->event[y], .room = REASONS_MAX};
    g.reason = NEW_ARRAY(a, struct reason, REASONS_MAX);
    weigh_all(&g);
    qsort(g.reason, g.count, sizeof *g.reason, compare_reasons);
    *out = (struct pair_evidence){
        .a = *world_event_id(w, x),
        .b = *world_event_id(w, y),
        .known_a_ms = world_event_known_ms(w, x),
        .known_b_ms = world_event_known_ms(w, y),
        .score_db = g.seen.sum_db,
        .level = g.level,
        .events = w->event_count,
        .probability = world_probability(w, g.seen.sum_db),
        .counts_at_ms = w->frozen_ms,
        .model = w->model->label,
        .unverified_explanation = unverified(w, x) || unverified(w, y),
        .same_event_likely = same_event_likely(w, x, y),
        .reason = g.reason,
        .count = g.count,
    };
    double n = (double)w->event_count + w->model->population_prior;
    double prior = w->model->prior_series_pairs / (n * (n - 1) / 2);
    out->prior_odds = prior / (1 - prior);
    fill_node(w, g.x, out);
}
