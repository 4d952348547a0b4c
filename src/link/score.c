/* The nearest events, exactly, without weighing every pair in full. What is a look-up away (codes, bits,
 * lists, identifiers) is summed for every event; age, time and place, which cost counting, are bounded from
 * above by the query's own rates and counted only where the bound still reaches the k best so far. Every
 * number comes from the same functions that world_pair uses; a test holds both to the same scores. */
#include "link/score.h"

#include "base/alloc.h"
#include "link/world_internal.h"

/* What has been gathered about one candidate from posting lists. */
struct gathered {
    uint32_t stamp;
    int16_t best[LIST_FEATURES], sum[LIST_FEATURES];
    int16_t wide_best;
    struct shared_people people;
    bool people_read;
    bool shares[LIST_FEATURES], shares_wide;
};

struct query {
    struct gathered *at;
    uint8_t *touched; /* by event: something was gathered about it; one byte, so that the rest need not be
                         looked at */
    size_t room;
    uint32_t stamp;

    const struct event *x;
    unsigned minus;
    int most_but_place[NODE_LEVELS]; /* that age, time and small sets can add */
    struct hot hot;                  /* the query's own */
    int16_t agrees[NODE_LEVELS][HOT_LANES], differs[HOT_LANES], setting_group[NODE_LEVELS];
    int16_t bit[NODE_LEVELS][BIT_FEATURES][BIT_CODES], bit_differs[BIT_FEATURES], list_differs[LIST_FEATURES];
    int16_t lists_differ[1 << LIST_FEATURES]; /* by the lists both have, when they share nothing */
    int16_t bits_most[NODE_LEVELS];           /* that small sets can add */
    int16_t age_bound[NODE_LEVELS][4], time_bound[NODE_LEVELS][TIME_SCALES + 1],
        place_bound[NODE_LEVELS][PLACE_SCALES + 1];
};

void query_free(struct query *q)
{
    if (q == NULL) return;
    alloc_free(q->at);
    alloc_free(q->touched);
    alloc_free(q);
}

static struct query *query_ready(struct world *w)
{
    if (w->query == NULL) w->query = alloc_zero(1, sizeof *w->query);
    struct query *q = w->query;
    if (q->room < w->event_count) {
        size_t room = w->event_count * 2 + 64;
        alloc_free(q->at);
        alloc_free(q->touched);
        q->at = alloc_zero(room, sizeof *q->at);
        q->touched = alloc_zero(room, 1);
        q->room = room;
        q->stamp = 0;
    }
    memset(q->touched, 0, w->event_count);
    q->stamp++;
    if (q->stamp == 0) {
        memset(q->at, 0, q->room * sizeof *q->at);
        q->stamp = 1;
    }
    return q;
}

static struct gathered *gathered_at(struct query *q, uint32_t event)
{
    struct gathered *g = &q->at[event];
    if (g->stamp != q->stamp) *g = (struct gathered){.stamp = q->stamp};
    q->touched[event] = 1;
    return g;
}

/* ---- what depends on the query alone --------------------------------------------------------------- */

/* Levels that the query has no node for are never asked. */
static bool has_level(const struct event *x, int level)
{
    return x->nodes[level] != UINT32_MAX;
}

static int16_t value_weight(const struct world *w, const struct query *q, enum feature f, int level,
                            uint32_t value)
{
    if (value == SILENT_CODE || !has_level(q->x, level)) return 0;
    return (int16_t)measure_value(w, f, q->x->nodes, (enum node_level)level, value, q->minus).weight_db;
}

static int16_t difference(const struct world *w, enum feature f)
{
    return (int16_t)weigh_difference(&w->model->feature[f], w->model->feature[f].m);
}

static void prepare_level(const struct world *w, struct query *q, int level)
{
    const struct row *x = &q->x->row;
    enum node_level counted = setting_level((enum node_level)level);
    int16_t *agrees = q->agrees[level];
    for (int f = 0; f < CODE_FEATURES; f++)
        agrees[f] = value_weight(w, q, (enum feature)f, level, x->code[f]);
    agrees[HOT_MECHANISM] = value_weight(w, q, FEATURE_MECHANISM, NODE_ALL, x->mechanism);
    agrees[HOT_SETTING] = value_weight(w, q, FEATURE_SETTING, (int)counted, x->setting);
    if (x->group != SILENT_CODE && has_level(q->x, (int)counted))
        q->setting_group[level] = (int16_t)measure_group(w, q->x, counted, q->minus).weight_db;
    for (int b = 0; b < BIT_FEATURES; b++)
        for (uint64_t bits = x->bits[b]; bits != 0; bits &= bits - 1) {
            uint32_t code = (uint32_t)__builtin_ctzll(bits) + 1;
            q->bit[level][b][code - 1] = value_weight(w, q, (enum feature)(FEATURE_PRESENT + b), level, code);
        }
    q->bits_most[level] = 0;
    for (int b = 0; b < BIT_FEATURES; b++) {
        int best = 0, all = 0;
        for (uint64_t bits = x->bits[b]; bits != 0; bits &= bits - 1) {
            int db = q->bit[level][b][__builtin_ctzll(bits)];
            if (db > best) best = db;
            all += db;
        }
        q->bits_most[level] = (int16_t)(q->bits_most[level] + combine_set(w, best, all));
    }
}

/* Lists that both have recorded and that share nothing. */
static int differing_lists(const struct query *q, uint32_t both)
{
    int sum = 0;
    for (uint32_t l = 0; l < LIST_FEATURES; l++)
        if (both & UINT32_C(1) << l) sum += q->list_differs[l];
    return sum;
}

static void prepare_codes(const struct world *w, struct query *q)
{
    for (int f = 0; f < CODE_FEATURES; f++)
        q->differs[f] = difference(w, (enum feature)f);
    q->differs[HOT_MECHANISM] = difference(w, FEATURE_MECHANISM);
    q->differs[HOT_SETTING] = difference(w, FEATURE_SETTING);
    for (int b = 0; b < BIT_FEATURES; b++)
        q->bit_differs[b] = difference(w, (enum feature)(FEATURE_PRESENT + b));
    for (int l = 0; l < LIST_FEATURES; l++)
        q->list_differs[l] = difference(w, (enum feature)(FEATURE_SUBSTANCES + l));
    q->list_differs[FEATURE_TEXT - FEATURE_SUBSTANCES] = 0;
    for (uint32_t both = 0; both < 1 << LIST_FEATURES; both++)
        q->lists_differ[both] = (int16_t)differing_lists(q, both);
    for (int level = 0; level < NODE_LEVELS; level++)
        if (has_level(q->x, level)) prepare_level(w, q, level);
}

/* The rate of a pair is the larger of both ends', so the query's own end bounds the weight from above. */
static int16_t bound(const struct feature_belief *b, double m, double p)
{
    return (int16_t)weigh_agreement(b, m, p);
}

static int16_t largest(const int16_t *v, size_t n)
{
    int16_t most = 0;
    for (size_t i = 0; i < n; i++)
        if (v[i] > most) most = v[i];
    return most;
}

static void prepare_bounds(const struct world *w, struct query *q)
{
    const struct link_model *m = w->model;
    const struct event *x = q->x;
    for (int level = 0; level < NODE_LEVELS; level++) {
        if (!has_level(x, level)) continue;
        enum node_level at = (enum node_level)level;
        for (size_t s = 0; s < COUNT_OF(m->age_years) && x->row.age >= 0; s++)
            q->age_bound[level][s] =
                bound(&m->feature[FEATURE_AGE], m->age_m[s],
                      counts_age(w, x->nodes, at, x->row.age, (int)m->age_years[s], q->minus).p);
        q->age_bound[level][3] = (int16_t)weigh_difference(&m->feature[FEATURE_AGE], m->age_m[2]);
        for (size_t s = 0; s < TIME_SCALES && x->row.day_from != INT32_MIN; s++) {
            int32_t days = (int32_t)m->time_days[s];
            struct frequency f =
                counts_days(w, x->nodes, at, x->row.day_from - days, x->row.day_to + days, q->minus);
            q->time_bound[level][s] = bound(&m->feature[FEATURE_TIME], m->time_m[s], f.p);
        }
        q->time_bound[level][TIME_SCALES] =
            (int16_t)weigh_difference(&m->feature[FEATURE_TIME], m->time_m[TIME_SCALES - 1]);
        for (size_t s = 0; s < PLACE_SCALES && x->row.cos_lat > 0; s++)
            q->place_bound[level][s] = bound(&m->feature[FEATURE_PLACE], m->place_m[s],
                                             counts_place(w, x->nodes, at, &x->row, s, q->minus).p);
        q->place_bound[level][PLACE_SCALES] =
            (int16_t)weigh_difference(&m->feature[FEATURE_PLACE], m->place_m[PLACE_SCALES - 1]);
    }
    for (int level = 0; level < NODE_LEVELS; level++)
        q->most_but_place[level] = q->bits_most[level] + largest(q->age_bound[level], 4) +
                                   largest(q->time_bound[level], TIME_SCALES + 1);
}

static enum node_level hot_level(const struct hot *x, const struct hot *y)
{
    const uint16_t *a = x->code, *b = y->code;
    return level_of((a[HOT_MECHANISM] != SILENT_CODE) & (a[HOT_MECHANISM] == b[HOT_MECHANISM]),
                    (a[HOT_SETTING] != SILENT_CODE) & (a[HOT_SETTING] == b[HOT_SETTING]),
                    (a[HOT_GROUP] != SILENT_CODE) & (a[HOT_GROUP] == b[HOT_GROUP]));
}

/* ---- posting lists --------------------------------------------------------------------------------- */

static void gather_item(const struct world *w, struct query *q, size_t list, uint32_t item, bool wide)
{
    enum feature f = (enum feature)(FEATURE_SUBSTANCES + list);
    int16_t weight[NODE_LEVELS];
    for (int l = 0; l < NODE_LEVELS; l++)
        weight[l] = value_weight(w, q, f, l, item);
    const struct posting *p = &w->list_events[list][item];
    for (size_t i = 0; i < p->count; i++) {
        uint32_t c = p->event[i];
        const struct event *y = &w->event[c];
        if (y == q->x) continue;
        int16_t db = weight[hot_level(&q->hot, &w->hot[c])];
        struct gathered *g = gathered_at(q, c);
        if (wide) {
            if (!g->shares_wide || db > g->wide_best) g->wide_best = db;
            g->shares_wide = true;
        }
        if (list == 0 && !item_list_has(&y->list[0], item))
            continue; /* postings of substances hold parents too */
        if (list == 0 && !item_list_has(&q->x->list[0], item)) continue;
        if (db > g->best[list]) g->best[list] = db;
        g->sum[list] = (int16_t)(g->sum[list] + db);
        g->shares[list] = true;
    }
}

static void gather_lists(const struct world *w, struct query *q)
{
    for (size_t i = 0; i < q->x->wide.count; i++)
        gather_item(w, q, 0, q->x->wide.item[i], true);
    for (size_t l = 1; l < LIST_FEATURES; l++)
        for (size_t i = 0; i < q->x->list[l].count; i++) {
            uint32_t item = q->x->list[l].item[i];
            if (FEATURE_SUBSTANCES + l == FEATURE_TEXT && term_is_common(w, item)) continue;
            gather_item(w, q, l, item, false);
        }
}

static void gather_identifiers(const struct world *w, struct query *q)
{
    for (size_t i = 0; i < q->x->path_count; i++) {
        const struct posting *p = &w->value_events[q->x->path[i].value];
        for (size_t j = 0; j < p->count; j++) {
            const struct event *y = &w->event[p->event[j]];
            if (y == q->x) continue;
            struct gathered *g = gathered_at(q, p->event[j]);
            if (!g->people_read) g->people = weigh_identifiers(w, q->x, y, NULL, 0, NULL);
            g->people_read = true;
        }
    }
}

/* ---- one candidate --------------------------------------------------------------------------------- */

void world_warm(struct world *w, uint32_t event)
{
    const struct event *ev = &w->event[event];
    const struct row *r = &ev->row;
    WORLD_ROOM(w, w->hot, w->hot_room, event);
    WORLD_ROOM(w, w->hot_bits, w->hot_bits_room, event);
    struct hot *h = &w->hot[event];
    *h = (struct hot){.lat_deg = r->lat_deg,
                      .lon_deg = r->lon_deg,
                      .cos_lat = r->cos_lat,
                      .radius_m = r->radius_m,
                      .day_from = r->day_from,
                      .day_to = r->day_to,
                      .age = r->age,
                      .lists = (uint8_t)r->lists,
                      .is_counted = ev->is_counted,
                      .address = r->address};
    memcpy(h->code, r->code, sizeof r->code);
    h->code[HOT_MECHANISM] = r->mechanism;
    h->code[HOT_SETTING] = r->setting;
    h->code[HOT_GROUP] = r->group;
    memcpy(w->hot_bits[event].set, r->bits, sizeof r->bits);
    for (int b = 0; b < BIT_FEATURES; b++)
        h->has_bits |= r->bits[b] != 0;
}

/* All codes at once: lanes that agree take the weight of their value, lanes recorded on both sides that
 * differ take the difference, the others nothing. The compiler's vectors of sixteen bytes, which every
 * machine of ours has. */
#define LANES_AT_ONCE 8
typedef int16_t lanes __attribute__((vector_size(LANES_AT_ONCE * sizeof(int16_t))));

static inline lanes load_lanes(const void *p)
{
    lanes v;
    memcpy(&v, p, sizeof v);
    return v;
}

static int sum_codes(const struct query *q, const struct hot *y, enum node_level level)
{
    lanes sums = {0};
    for (int at = 0; at < HOT_LANES; at += LANES_AT_ONCE) {
        lanes mine = load_lanes(q->hot.code + at), theirs = load_lanes(y->code + at);
        lanes same = mine == theirs, missing = (mine == 0) | (theirs == 0);
        lanes agrees = load_lanes(q->agrees[level] + at), differs = load_lanes(q->differs + at);
        sums += ~missing & ((same & agrees) | (~same & differs));
    }
    int sum = 0;
    for (int i = 0; i < LANES_AT_ONCE; i++)
        sum += sums[i];
    uint16_t mine = q->hot.code[HOT_SETTING], theirs = y->code[HOT_SETTING];
    bool near_setting = y->code[HOT_GROUP] != SILENT_CODE && y->code[HOT_GROUP] == q->hot.code[HOT_GROUP] &&
                        mine != theirs && mine != SILENT_CODE && theirs != SILENT_CODE;
    return near_setting ? sum - q->differs[HOT_SETTING] + q->setting_group[level] : sum;
}

static int sum_bits(const struct world *w, const struct query *q, const struct hot_bits *y,
                    enum node_level level)
{
    int sum = 0;
    for (int b = 0; b < BIT_FEATURES; b++) {
        uint64_t mine = q->x->row.bits[b], theirs = y->set[b], both = mine & theirs;
        if (mine == 0 || theirs == 0) continue;
        if (both == 0) {
            sum += q->bit_differs[b];
            continue;
        }
        int best = 0, all = 0;
        for (; both != 0; both &= both - 1) {
            int db = q->bit[level][b][__builtin_ctzll(both)];
            if (db > best) best = db;
            all += db;
        }
        sum += combine_set(w, best, all);
    }
    return sum;
}

static int sum_lists(const struct world *w, const struct query *q, uint32_t event, const struct hot *y)
{
    uint32_t both = (uint32_t)(q->hot.lists & y->lists);
    if (!q->touched[event]) return q->lists_differ[both];
    const struct gathered *g = &q->at[event];
    int sum = g->people.weight_db;
    for (uint32_t l = 0; both != 0 && l < LIST_FEATURES; l++) {
        if (!(both & UINT32_C(1) << l)) continue;
        if (g->shares[l])
            sum += combine_set(w, g->best[l], g->sum[l]);
        else if (l == 0 && g->shares_wide)
            sum += g->wide_best > 0 ? g->wide_best : 0;
        else
            sum += q->list_differs[l];
    }
    return sum;
}

/* The most that age and time can add. */
static int bound_age_and_time(const struct world *w, const struct query *q, const struct hot *y,
                              enum node_level level)
{
    const struct hot *x = &q->hot;
    int sum = 0;
    if (x->age >= 0 && y->age >= 0) sum += q->age_bound[level][age_scale(w->model, x->age, y->age)];
    if (x->day_from == INT32_MIN || y->day_from == INT32_MIN) return sum;
    int32_t width_x = x->day_to - x->day_from, width_y = y->day_to - y->day_from;
    int32_t gap = days_apart(x->day_from, x->day_to, y->day_from, y->day_to);
    return sum + q->time_bound[level][gap_scale(w->model, gap, width_x > width_y ? width_x : width_y)];
}

static int bound_place(const struct world *w, const struct query *q, uint32_t event, const struct hot *y,
                       enum node_level level)
{
    const struct hot *x = &q->hot;
    int place = 0;
    if (x->cos_lat > 0 && y->cos_lat > 0) {
        double ignored;
        place = q->place_bound[level][distance_scale(
            w->model, (double)x->lat_deg - (double)y->lat_deg, (double)x->lon_deg - (double)y->lon_deg,
            ((double)x->cos_lat + (double)y->cos_lat) / 2, ((double)x->radius_m + (double)y->radius_m) / 2,
            &ignored)];
    }
    if (x->address == 0 || x->address != y->address) return place;
    int address = measure_address(w, q->x, &w->event[event]).weight_db;
    return address > place ? address : place;
}

/* Exactly what weigh_measured and weigh_place of pair.c add. */
static int sum_measured(const struct world *w, const struct query *q, uint32_t event, enum node_level level)
{
    const struct event *x = q->x, *y = &w->event[event];
    struct measured place = measure_place(w, x, y, level), address = measure_address(w, x, y);
    bool by_address = address.verdict == SAME && address.weight_db >= place.weight_db;
    int whole = by_address ? address.weight_db : place.weight_db;
    const struct gathered *g = &q->at[event];
    if (q->touched[event]) whole -= told_by_people(w, &g->people, &place, &address, whole);
    return measure_age(w, x, y, level).weight_db + measure_time(w, x, y, level).weight_db + whole;
}

/* ---- the k best ------------------------------------------------------------------------------------ */

struct best {
    struct world *w;
    struct hit *hit;
    size_t count, k;
};

/* Is x after y in the answer? */
static bool worse(const struct best *b, const struct hit *x, const struct hit *y)
{
    if (x->score_db != y->score_db) return x->score_db < y->score_db;
    return record_id_compare(world_event_id(b->w, x->event), world_event_id(b->w, y->event)) > 0;
}

static void offer(struct best *b, struct hit h)
{
    if (b->count == b->k && worse(b, &h, &b->hit[b->k - 1])) return;
    size_t at = b->count < b->k ? b->count++ : b->k - 1;
    while (at > 0 && worse(b, &b->hit[at - 1], &h)) {
        b->hit[at] = b->hit[at - 1];
        at--;
    }
    b->hit[at] = h;
}

static bool can_still_enter(const struct best *b, int upper)
{
    return b->count < b->k || upper >= b->hit[b->k - 1].score_db;
}

static void consider(struct best *b, struct query *q, uint32_t c)
{
    struct world *w = b->w;
    const struct hot *y = &w->hot[c];
    if ((q->hot.is_counted && y->is_counted) !=
        q->minus) { /* what came today, beside a query that is in the counts */
        offer(b, (struct hit){c, world_pair_score(w, (uint32_t)(q->x - w->event), c)});
        return;
    }
    enum node_level level = hot_level(&q->hot, y);
    int sum = sum_codes(q, y, level) + sum_lists(w, q, c, y), place = bound_place(w, q, c, y, level);
    if (!can_still_enter(b, sum + place + q->most_but_place[level])) return; /* four of five end here */
    int rest = place + bound_age_and_time(w, q, y, level);
    if (q->hot.has_bits && y->has_bits) {
        if (!can_still_enter(b, sum + rest + q->bits_most[level])) return;
        sum += sum_bits(w, q, &w->hot_bits[c], level);
    }
    if (!can_still_enter(b, sum + rest)) return;
    offer(b, (struct hit){c, sum + sum_measured(w, q, c, level)});
}

size_t world_nearest(struct world *w, uint32_t event, size_t k, struct arena *scratch, struct hit **out)
{
    MUST(event < w->event_count);
    struct query *q = query_ready(w);
    q->x = &w->event[event];
    q->minus = q->x->is_counted ? 1 : 0;
    struct best b = {.w = w, .k = k};
    b.hit = NEW_ARRAY(scratch, struct hit, k + 1);
    *out = b.hit;
    if (k == 0) return 0;
    q->hot = w->hot[event];
    prepare_codes(w, q);
    prepare_bounds(w, q);
    gather_lists(w, q);
    gather_identifiers(w, q);
    /* From the newest: what is close in time comes first, and the bar is high early. */
    for (uint32_t c = (uint32_t)w->event_count; c-- > 0;)
        if (c != event) consider(&b, q, c);
    return b.count;
}

/* Most that are asked for stand near the top; for the others every pair is weighed. */
#define RANK_LOOKED_UP 100

size_t world_rank(struct world *w, uint32_t of, uint32_t among)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("rank", (size_t)1 << 20);
    struct hit *hit;
    size_t n = world_nearest(w, among, RANK_LOOKED_UP, scratch, &hit), rank = 1;
    for (size_t i = 0; i < n; i++)
        if (hit[i].event == of) return i + 1;
    struct best b = {.w = w};
    struct hit own = {of, world_pair_score(w, among, of)};
    for (uint32_t y = 0; y < w->event_count; y++) {
        if (y == among || y == of) continue;
        struct hit other = {y, world_pair_score(w, among, y)};
        rank += worse(&b, &own, &other);
    }
    return rank;
}
