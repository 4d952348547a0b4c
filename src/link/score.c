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
    int16_t wide_best, identifiers;
    bool shares[LIST_FEATURES], shares_wide;
};

struct query {
    struct gathered *at;
    size_t room;
    uint32_t stamp;

    const struct event *x;
    unsigned minus;
    int16_t mechanism, mechanism_differs, setting[NODE_LEVELS], setting_group[NODE_LEVELS], setting_differs;
    int16_t code[NODE_LEVELS][CODE_FEATURES], code_differs[CODE_FEATURES];
    int16_t bit[NODE_LEVELS][BIT_FEATURES][32], bit_differs[BIT_FEATURES], list_differs[LIST_FEATURES];
    int16_t age_bound[NODE_LEVELS][4], time_bound[NODE_LEVELS][TIME_SCALES + 1],
        place_bound[NODE_LEVELS][PLACE_SCALES + 1];
};

void query_free(struct query *q)
{
    if (q == NULL) return;
    alloc_free(q->at);
    alloc_free(q);
}

static struct query *query_ready(struct world *w)
{
    if (w->query == NULL) w->query = alloc_zero(1, sizeof *w->query);
    struct query *q = w->query;
    if (q->room < w->event_count) {
        size_t room = w->event_count * 2 + 64;
        alloc_free(q->at);
        q->at = alloc_zero(room, sizeof *q->at);
        q->room = room;
        q->stamp = 0;
    }
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

static void prepare_codes(const struct world *w, struct query *q)
{
    const struct row *x = &q->x->row;
    const struct link_model *m = w->model;
    q->mechanism = value_weight(w, q, FEATURE_MECHANISM, NODE_ALL, x->mechanism);
    q->mechanism_differs =
        (int16_t)weigh_difference(&m->feature[FEATURE_MECHANISM], m->feature[FEATURE_MECHANISM].m);
    q->setting_differs =
        (int16_t)weigh_difference(&m->feature[FEATURE_SETTING], m->feature[FEATURE_SETTING].m);
    for (int f = 0; f < CODE_FEATURES; f++)
        q->code_differs[f] = (int16_t)weigh_difference(&m->feature[f], m->feature[f].m);
    for (int b = 0; b < BIT_FEATURES; b++)
        q->bit_differs[b] =
            (int16_t)weigh_difference(&m->feature[FEATURE_PRESENT + b], m->feature[FEATURE_PRESENT + b].m);
    for (int l = 0; l < LIST_FEATURES; l++)
        q->list_differs[l] = (int16_t)weigh_difference(&m->feature[FEATURE_SUBSTANCES + l],
                                                       m->feature[FEATURE_SUBSTANCES + l].m);
    q->list_differs[FEATURE_TEXT - FEATURE_SUBSTANCES] = 0;
    for (int level = 0; level < NODE_LEVELS; level++) {
        if (!has_level(q->x, level)) continue;
        enum node_level counted = setting_level((enum node_level)level);
        q->setting[level] = value_weight(w, q, FEATURE_SETTING, (int)counted, x->setting);
        q->setting_group[level] =
            x->group == SILENT_CODE ? 0 : (int16_t)measure_group(w, q->x, counted, q->minus).weight_db;
        for (int f = 0; f < CODE_FEATURES; f++)
            q->code[level][f] = value_weight(w, q, (enum feature)f, level, x->code[f]);
        for (int b = 0; b < BIT_FEATURES; b++)
            for (uint32_t code = 1; code <= 32; code++)
                if (x->bits[b] & UINT32_C(1) << (code - 1))
                    q->bit[level][b][code - 1] =
                        value_weight(w, q, (enum feature)(FEATURE_PRESENT + b), level, code);
    }
}

/* The rate of a pair is the larger of both ends', so the query's own end bounds the weight from above. */
static int16_t bound(const struct feature_belief *b, double m, double p)
{
    return (int16_t)weigh_agreement(b, m, p);
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
        int16_t db = weight[row_level(&q->x->row, &y->row)];
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
            if (g->identifiers == 0) g->identifiers = (int16_t)weigh_identifiers(w, q->x, y, NULL, 0, NULL);
        }
    }
}

/* ---- one candidate --------------------------------------------------------------------------------- */

static int sum_bits(const struct world *w, const struct query *q, const struct row *y, int level)
{
    int sum = 0;
    for (int b = 0; b < BIT_FEATURES; b++) {
        uint32_t mine = q->x->row.bits[b], theirs = y->bits[b], both = mine & theirs;
        if (mine == 0 || theirs == 0) continue;
        if (both == 0) {
            sum += q->bit_differs[b];
            continue;
        }
        int best = 0, all = 0;
        for (; both != 0; both &= both - 1) {
            int db = q->bit[level][b][__builtin_ctz(both)];
            if (db > best) best = db;
            all += db;
        }
        sum += combine_set(w, best, all);
    }
    return sum;
}

static int sum_lists(const struct world *w, const struct query *q, uint32_t event, const struct row *y)
{
    const struct gathered *g = &q->at[event];
    bool fresh = g->stamp == q->stamp;
    int sum = fresh ? g->identifiers : 0;
    uint32_t both = q->x->row.lists & y->lists;
    for (uint32_t l = 0; both != 0 && l < LIST_FEATURES; l++) {
        if (!(both & UINT32_C(1) << l)) continue;
        if (fresh && g->shares[l])
            sum += combine_set(w, g->best[l], g->sum[l]);
        else if (l == 0 && fresh && g->shares_wide)
            sum += g->wide_best > 0 ? g->wide_best : 0;
        else
            sum += q->list_differs[l];
    }
    return sum;
}

static int sum_codes(const struct query *q, const struct row *y, int level)
{
    const struct row *x = &q->x->row;
    int sum = 0;
    if (x->mechanism != SILENT_CODE && y->mechanism != SILENT_CODE)
        sum += x->mechanism == y->mechanism ? q->mechanism : q->mechanism_differs;
    if (x->setting != SILENT_CODE && y->setting != SILENT_CODE) {
        if (x->setting == y->setting)
            sum += q->setting[level];
        else if (x->group != SILENT_CODE && x->group == y->group)
            sum += q->setting_group[level];
        else
            sum += q->setting_differs;
    }
    for (int f = 0; f < CODE_FEATURES; f++) {
        uint16_t a = x->code[f], b = y->code[f];
        if (a == SILENT_CODE || b == SILENT_CODE) continue;
        sum += a == b ? q->code[level][f] : q->code_differs[f];
    }
    return sum;
}

static int sum_bounds(const struct world *w, const struct query *q, const struct event *ev, int level)
{
    const struct row *x = &q->x->row, *y = &ev->row;
    int sum = 0, place = 0;
    double ignored;
    if (x->age >= 0 && y->age >= 0) sum += q->age_bound[level][age_scale(w, x->age, y->age)];
    if (x->day_from != INT32_MIN && y->day_from != INT32_MIN)
        sum += q->time_bound[level][time_scale(w, x, y, &ignored)];
    if (x->cos_lat > 0 && y->cos_lat > 0) place = q->place_bound[level][place_scale(w, x, y, &ignored)];
    if (x->address != 0 && x->address == y->address) {
        int address = measure_address(w, q->x, ev).weight_db;
        if (address > place) place = address;
    }
    return sum + place;
}

/* Exactly what weigh_measured and weigh_place of pair.c add. */
static int sum_measured(const struct world *w, const struct event *x, const struct event *y,
                        enum node_level level)
{
    struct measured place = measure_place(w, x, y, level), address = measure_address(w, x, y);
    bool by_address = address.verdict == SAME && address.weight_db >= place.weight_db;
    return measure_age(w, x, y, level).weight_db + measure_time(w, x, y, level).weight_db +
           (by_address ? address.weight_db : place.weight_db);
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
    const struct event *y = &w->event[c];
    if (pair_minus(q->x, y) != q->minus) { /* what came today, beside a query that is in the counts */
        offer(b, (struct hit){c, world_pair_score(w, (uint32_t)(q->x - w->event), c)});
        return;
    }
    enum node_level level = row_level(&q->x->row, &y->row);
    int sum =
        sum_codes(q, &y->row, (int)level) + sum_bits(w, q, &y->row, (int)level) + sum_lists(w, q, c, &y->row);
    if (!can_still_enter(b, sum + sum_bounds(w, q, y, (int)level))) return;
    offer(b, (struct hit){c, sum + sum_measured(w, q->x, y, level)});
}

size_t world_nearest(struct world *w, uint32_t event, size_t k, struct arena *scratch, struct hit **out)
{
    MUST(event < w->event_count);
    struct query *q = query_ready(w);
    q->x = &w->event[event];
    q->minus = q->x->is_counted ? 1 : 0;
    struct best b = {.w = w, .k = k};
    b.hit = NEW_ARRAY(scratch, struct hit, k);
    *out = b.hit;
    if (k == 0) return 0;
    prepare_codes(w, q);
    prepare_bounds(w, q);
    gather_lists(w, q);
    gather_identifiers(w, q);
    for (uint32_t c = 0; c < w->event_count; c++)
        if (c != event) consider(&b, q, c);
    return b.count;
}
