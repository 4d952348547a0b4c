/* What a run knows before any window is looked at: mass of places and times, and how far circles may grow. */
#include "scan/scan_internal.h"

#include <math.h>

static enum status expected_check(const struct scan_map *map, const struct scan_input *in, struct err *e)
{
    double sum = 0;
    for (size_t i = 0; i < map->locations * in->units; i++) {
        if (!(in->expected[i] >= 0) || !isfinite(in->expected[i]))
            return ERR(e, E_INVALID, "expected", "an expected number of cases is negative or no number");
        sum += in->expected[i];
    }
    if (!(sum > 0))
        return ERR(e, E_INVALID, "expected", "no case is expected anywhere; is the population empty?");
    for (size_t i = 0; i < in->records; i++)
        if (!(in->expected[in->location[i] * in->units + in->unit[i]] > 0))
            return ERR(e, E_INVALID, "expected", "record %zu lies where and when no case is expected", i + 1);
    return OK;
}

static enum status input_check(const struct scan_map *map, const struct scan_input *in,
                               const struct scan_options *o, struct err *e)
{
    if (in->units == 0 || in->units > 1000000)
        return ERR(e, E_INVALID, "time", "there are %zu units of time; 1 to 1,000,000 can be scanned",
                   in->units);
    if (in->records > UINT32_MAX / 2)
        return ERR(e, E_LIMIT, "", "%zu records are too many to scan", in->records);
    if ((o->model == SCAN_BERNOULLI) != (in->control != NULL) ||
        (o->model == SCAN_POISSON) != (in->expected != NULL))
        return ERR(
            e, E_INVALID, "model",
            "controls belong to the Bernoulli model, expected cases to the Poisson model, and neither to "
            "the permutation model");
    for (size_t i = 0; i < in->records; i++)
        if (in->location[i] >= map->locations || in->unit[i] >= in->units)
            return ERR(e, E_INVALID, "record", "record %zu lies outside of the locations or units given",
                       i + 1);
    return OK;
}

/* A unit as the plan counts it; `span` or more: not looked at. */
static uint32_t plan_unit(const struct scan_plan *p, const struct scan_input *in, uint32_t unit)
{
    return p->anchored ? (uint32_t)in->units - 1 - unit : unit;
}

/* Records (cases only or all) of the span in order of unit: counting sort. Returns how many. */
static size_t records_by_unit(const struct scan_plan *p, const struct scan_input *in, bool controls_too,
                              uint32_t *location, uint32_t *unit, struct arena *a)
{
    struct arena_mark mark = arena_mark(a);
    size_t *at = NEW_ARRAY(a, size_t, (size_t)p->span + 1);
    for (size_t i = 0; i < in->records; i++) {
        uint32_t u = plan_unit(p, in, in->unit[i]);
        if (u < p->span && (controls_too || in->control == NULL || !in->control[i])) at[u + 1]++;
    }
    for (size_t u = 0; u < p->span; u++)
        at[u + 1] += at[u];
    size_t count = at[p->span];
    for (size_t i = 0; i < in->records; i++) {
        uint32_t u = plan_unit(p, in, in->unit[i]);
        if (u >= p->span || !(controls_too || in->control == NULL || !in->control[i])) continue;
        size_t k = at[u]++;
        if (location) location[k] = in->location[i];
        if (unit) unit[k] = u;
    }
    arena_release(a, mark);
    return count;
}

/* Permutation: mass of a place is its cases; of a span the share of cases in it. */
static void plan_permutation(struct scan_plan *p, const struct scan_input *in, struct arena *a)
{
    double *shared = NEW_ARRAY(a, double, (size_t)p->span + 1);
    uint32_t *label = NEW_ARRAY(a, uint32_t, in->records), *unit = NEW_ARRAY(a, uint32_t, in->records);
    for (size_t i = 0; i < in->records; i++) {
        uint32_t u = plan_unit(p, in, in->unit[i]);
        p->weight[in->location[i]]++;
        label[i] = in->location[i];
        if (u < p->span) shared[u + 1]++;
    }
    for (size_t u = 0; u < p->span; u++)
        shared[u + 1] += shared[u];
    for (size_t u = 0; u <= p->span; u++)
        shared[u] /= p->cases;
    p->recent = records_by_unit(p, in, true, NULL, unit, a);
    p->shared = shared;
    p->label = label;
    p->case_unit = unit;
}

static void own_cumulate(const struct scan_plan *p, double *own)
{
    for (size_t z = 0; z < p->map->locations; z++)
        for (size_t u = 0; u < p->span; u++)
            own[z * (p->span + 1) + u + 1] += own[z * (p->span + 1) + u];
}

static void plan_poisson(struct scan_plan *p, const struct scan_input *in, struct arena *a)
{
    size_t n = p->map->locations;
    double *own = NEW_ARRAY(a, double, n *(p->span + 1)), *pick = NEW_ARRAY(a, double, n + 1), sum = 0;
    for (size_t i = 0; i < n * in->units; i++)
        sum += in->expected[i];
    for (size_t z = 0; z < n; z++)
        for (uint32_t unit = 0; unit < in->units; unit++) {
            double mass = in->expected[z * in->units + unit] / sum * p->cases;
            uint32_t u = plan_unit(p, in, unit);
            p->weight[z] += mass;
            if (u < p->span) own[z * (p->span + 1) + u + 1] += mass;
        }
    own_cumulate(p, own);
    for (size_t z = 0; z < n; z++)
        pick[z + 1] = pick[z] + own[z * (p->span + 1) + p->span];
    p->own = own;
    p->pick = pick;
}

static void plan_bernoulli(struct scan_plan *p, const struct scan_input *in, struct arena *a)
{
    double *own = NEW_ARRAY(a, double, p->map->locations *(p->span + 1));
    uint32_t *location = NEW_ARRAY(a, uint32_t, in->records), *unit = NEW_ARRAY(a, uint32_t, in->records);
    for (size_t i = 0; i < in->records; i++) {
        uint32_t u = plan_unit(p, in, in->unit[i]);
        p->weight[in->location[i]]++;
        if (u < p->span) own[in->location[i] * (p->span + 1) + u + 1]++;
    }
    own_cumulate(p, own);
    p->mixed = records_by_unit(p, in, true, location, unit, a);
    p->mix_location = location;
    p->mix_unit = unit;
    p->own = own;
}

/* How far each centre's circles grow: whole rings while they hold at most the share. */
static const size_t *reach_find(const struct scan_plan *p, double share_max, struct arena *a)
{
    const struct scan_map *m = p->map;
    size_t *reach = NEW_ARRAY(a, size_t, m->locations);
    double limit = p->weights * share_max * (1 + 1e-12);
    for (size_t z = 0; z < m->locations; z++) {
        size_t i = m->at[z], end = m->at[z + 1];
        double held = 0;
        while (i < end) {
            size_t ring = scan_ring_end(m, i, end);
            for (size_t k = i; k < ring; k++)
                held += p->weight[m->near[k]];
            if (held > limit) break;
            i = ring;
        }
        reach[z] = i;
    }
    return reach;
}

static uint32_t longest_span(const struct scan_input *in, const struct scan_options *o)
{
    size_t longest = o->units_max ? o->units_max : in->units / 2;
    if (longest > in->units) longest = in->units;
    return longest ? (uint32_t)longest : 1;
}

/* What each model weighs places and times by. */
static void plan_model(struct scan_plan *p, const struct scan_input *in, struct arena *a)
{
    if (p->model == SCAN_PERMUTATION)
        plan_permutation(p, in, a);
    else if (p->model == SCAN_POISSON)
        plan_poisson(p, in, a);
    else
        plan_bernoulli(p, in, a);
}

enum status scan_plan_make(const struct scan_map *map, const struct scan_input *in,
                           const struct scan_options *o, struct arena *a, struct scan_plan *out,
                           struct err *e)
{
    TRY(input_check(map, in, o, e));
    if (in->expected) TRY(expected_check(map, in, e));
    double share_max = o->share_max > 0 ? o->share_max : 0.5;
    if (share_max > 1)
        return ERR(e, E_INVALID, "share", "a circle cannot hold more than all of the population: 0 to 1");
    struct scan_plan p = {.map = map, .model = o->model, .anchored = o->prospective};
    p.longest = longest_span(in, o);
    p.span = o->prospective ? p.longest : (uint32_t)in->units;
    p.cases_min = o->cases_min ? o->cases_min : 2;
    for (size_t i = 0; i < in->records; i++)
        p.cases += in->control == NULL || !in->control[i];
    p.total = o->model == SCAN_BERNOULLI ? (double)in->records : p.cases;
    p.weight = NEW_ARRAY(a, double, map->locations);
    if (p.cases > 0) plan_model(&p, in, a);
    for (size_t z = 0; z < map->locations; z++)
        p.weights += p.weight[z];
    p.reach = reach_find(&p, share_max, a);
    if (o->model != SCAN_PERMUTATION) p.recent = records_by_unit(&p, in, false, NULL, NULL, a);
    *out = p;
    return OK;
}

/* ---- samples -------------------------------------------------------------------------------------- */

void scan_sample_room(const struct scan_plan *p, struct arena *a, struct scan_sample *s)
{
    size_t most = (size_t)p->cases;
    *s = (struct scan_sample){
        .location = NEW_ARRAY(a, uint32_t, most),
        .unit = NEW_ARRAY(a, uint32_t, most),
        .start = NEW_ARRAY(a, size_t, p->map->locations + 1),
        .time = NEW_ARRAY(a, uint32_t, most),
        .fill = NEW_ARRAY(a, size_t, p->map->locations),
        .label = NEW_ARRAY(a, uint32_t, most),
        .order = NEW_ARRAY(a, uint32_t, (size_t)p->span + 1),
    };
}

/* Deals the cases, in order of time, out to their locations. */
static void sample_deal(const struct scan_plan *p, struct scan_sample *s)
{
    size_t n = p->map->locations;
    memset(s->start, 0, (n + 1) * sizeof *s->start);
    for (size_t i = 0; i < s->count; i++)
        s->start[s->location[i] + 1]++;
    for (size_t z = 0; z < n; z++)
        s->start[z + 1] += s->start[z];
    memcpy(s->fill, s->start, n * sizeof *s->fill);
    for (size_t i = 0; i < s->count; i++)
        s->time[s->fill[s->location[i]]++] = s->unit[i];
}

void scan_sample_given(const struct scan_plan *p, const struct scan_input *in, struct scan_sample *s)
{
    struct arena *a CLEANUP_ARENA = arena_new("scan sort", (size_t)64 << 20);
    s->count = records_by_unit(p, in, false, s->location, s->unit, a);
    sample_deal(p, s);
}

/* The cases of the span get the first of the shuffled places. */
static void shuffle_permutation(const struct scan_plan *p, struct rng *r, struct scan_sample *s)
{
    size_t all = (size_t)p->cases;
    memcpy(s->label, p->label, all * sizeof *s->label);
    for (size_t i = 0; i < p->recent; i++) {
        size_t k = i + (size_t)rng_below(r, all - i);
        s->location[i] = s->label[k];
        s->label[k] = s->label[i];
        s->unit[i] = p->case_unit[i];
    }
    s->count = p->recent;
}

/* The last entry of an ascending row that is at or below x. */
static size_t place_of(const double *row, size_t count, double x)
{
    size_t low = 0, high = count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (row[middle] <= x)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Each case falls anywhere in proportion to what is expected there; then in order of time. */
static void shuffle_poisson(const struct scan_plan *p, struct rng *r, struct scan_sample *s)
{
    size_t n = p->map->locations, all = (size_t)p->cases, row = (size_t)p->span + 1;
    double inside = p->pick[n], outside = p->cases - inside;
    memset(s->order, 0, row * sizeof *s->order);
    s->count = 0;
    for (size_t i = 0; i < all; i++) {
        if (p->anchored && rng_unit(r) * (inside + outside) >= inside) continue;
        size_t z = place_of(p->pick, n, rng_unit(r) * inside);
        const double *own = p->own + z * row;
        size_t u = place_of(own, p->span, rng_unit(r) * own[p->span]);
        s->label[s->count] = (uint32_t)z;
        s->time[s->count++] = (uint32_t)u;
        s->order[u + 1]++;
    }
    for (size_t u = 0; u < p->span; u++)
        s->order[u + 1] += s->order[u];
    for (size_t i = 0; i < s->count; i++) {
        uint32_t k = s->order[s->time[i]]++;
        s->location[k] = s->label[i];
        s->unit[k] = s->time[i];
    }
}

/* C of the N records are the cases: record by record, by what is left (Knuth, TAOCP 2, 3.4.2, algorithm S).
 */
static void shuffle_bernoulli(const struct scan_plan *p, struct rng *r, struct scan_sample *s)
{
    uint64_t left = (uint64_t)p->cases, records = (uint64_t)p->total;
    s->count = 0;
    for (size_t i = 0; i < p->mixed; i++, records--) {
        if (rng_below(r, records) >= left) continue;
        left--;
        s->location[s->count] = p->mix_location[i];
        s->unit[s->count++] = p->mix_unit[i];
    }
}

void scan_sample_shuffled(const struct scan_plan *p, struct rng *r, struct scan_sample *s)
{
    if (p->model == SCAN_PERMUTATION)
        shuffle_permutation(p, r, s);
    else if (p->model == SCAN_POISSON)
        shuffle_poisson(p, r, s);
    else
        shuffle_bernoulli(p, r, s);
    sample_deal(p, s);
}
