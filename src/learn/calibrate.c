#include "learn/calibrate.h"

#include <math.h>
#include <stdlib.h>

#define PLATT_ROUNDS    100
#define JUDGE_BYTES_MAX ((size_t)4 << 30)
#define POOLS_MAX       CURVE_POINTS_MAX

/* ORDER enum calibration_way */
static const char *const WAY_NAMES[CALIBRATION_WAYS] = {"platt", "isotonic", "prior"};

const char *calibration_way_name(enum calibration_way w)
{
    return WAY_NAMES[w];
}

int calibration_way_named(Str name)
{
    for (int w = 0; w < CALIBRATION_WAYS; w++)
        if (str_eq(name, str_of(WAY_NAMES[w]))) return w;
    return -1;
}

static double log1p_exp(double x)
{
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/* ---- a straight line ----------------------------------------------------------------------------------- */

struct line {
    double base, slope;          /* natural log odds = base + slope * score; slope >= 0 */
    double linked_to, others_to; /* Platt's targets: (n+ + 1) / (n+ + 2) and 1 / (n- + 2) */
};

static double line_loss(const struct scored *item, size_t count, const struct line *l)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        double odds = l->base + l->slope * item[i].score,
               target = item[i].linked ? l->linked_to : l->others_to;
        sum += target * log1p_exp(-odds) + (1 - target) * log1p_exp(odds);
    }
    return sum;
}

/* One Newton step, halved until the loss does not rise; false when nothing is gained. */
static bool line_step(const struct scored *item, size_t count, struct line *l, double *loss)
{
    double g0 = 0, g1 = 0, h00 = 1e-12, h01 = 0, h11 = 1e-12;
    for (size_t i = 0; i < count; i++) {
        double x = item[i].score, target = item[i].linked ? l->linked_to : l->others_to;
        double p = 1 / (1 + exp(-(l->base + l->slope * x))), bend = p * (1 - p);
        g0 += p - target;
        g1 += (p - target) * x;
        h00 += bend;
        h01 += bend * x;
        h11 += bend * x * x;
    }
    double det = h00 * h11 - h01 * h01;
    if (!(det > 0)) return false;
    double by0 = -(h11 * g0 - h01 * g1) / det, by1 = -(h00 * g1 - h01 * g0) / det;
    for (double by = 1; by > 1e-6; by /= 2) {
        struct line next = *l;
        next.base += by * by0;
        next.slope += by * by1;
        if (next.slope < 0) next.slope = 0;
        double next_loss = line_loss(item, count, &next);
        if (next_loss > *loss) continue;
        bool gained = *loss - next_loss > 1e-12 * (1 + *loss);
        *l = next;
        *loss = next_loss;
        return gained;
    }
    return false;
}

static void calibrate_platt(const struct scored *item, size_t count, size_t linked, struct arena *a,
                            struct calibration *out)
{
    double n = (double)linked, rest = (double)(count - linked), low = item[0].score, high = low;
    struct line l = {
        .base = log((n + 1) / (rest + 1)), .linked_to = (n + 1) / (n + 2), .others_to = 1 / (rest + 2)};
    double loss = line_loss(item, count, &l);
    for (size_t i = 0; i < count; i++) {
        if (item[i].score < low) low = item[i].score;
        if (item[i].score > high) high = item[i].score;
    }
    for (size_t round = 0; round < PLATT_ROUNDS; round++)
        if (!line_step(item, count, &l, &loss)) break;
    if (high <= low) high = low + 1;
    out->odds.points = 2;
    out->odds.at = NEW_ARRAY(a, double, 2);
    out->odds.weight = NEW_ARRAY(a, double, 2);
    out->odds.at[0] = low;
    out->odds.at[1] = high;
    for (size_t k = 0; k < 2; k++)
        out->odds.weight[k] = (l.base + l.slope * out->odds.at[k]) / M_LN10;
}

/* ---- any rising curve ---------------------------------------------------------------------------------- */

struct pool {
    double items, linked; /* half a pair of each kind included where they are smoothed */
    double score;         /* sum */
    double real;          /* items that are real, for the mean score */
};

static double pool_share(const struct pool *p)
{
    return p->linked / p->items;
}

/* Puts a pool behind the others and joins it with those before it that it does not lie above. */
static size_t pool_add(struct pool *pool, size_t pools, struct pool next)
{
    pool[pools++] = next;
    while (pools > 1 && pool_share(&pool[pools - 1]) <= pool_share(&pool[pools - 2])) {
        struct pool *into = &pool[pools - 2], *from = &pool[pools - 1];
        into->items += from->items;
        into->linked += from->linked;
        into->score += from->score;
        into->real += from->real;
        pools--;
    }
    return pools;
}

/* The two neighbours whose shares lie closest, made one, until there are few enough to keep. */
static size_t pools_limit(struct pool *pool, size_t pools, size_t most)
{
    while (pools > most) {
        size_t best = 0;
        double least = (double)INFINITY;
        for (size_t i = 0; i + 1 < pools; i++) {
            double apart = pool_share(&pool[i + 1]) - pool_share(&pool[i]);
            if (apart < least) {
                least = apart;
                best = i;
            }
        }
        pool[best].items += pool[best + 1].items;
        pool[best].linked += pool[best + 1].linked;
        pool[best].score += pool[best + 1].score;
        pool[best].real += pool[best + 1].real;
        for (size_t i = best + 1; i + 1 < pools; i++)
            pool[i] = pool[i + 1];
        pools--;
    }
    return pools;
}

static void calibrate_isotonic(const struct scored *item, size_t count, struct arena *a,
                               struct calibration *out)
{
    struct ranking r = ranking_of(item, count, a);
    struct pool *pool = NEW_ARRAY(a, struct pool, r.levels + 1),
                *even = NEW_ARRAY(a, struct pool, r.levels + 1);
    size_t pools = 0, kept = 0;
    for (size_t i = r.levels; i-- > 0;) { /* from the lowest score */
        struct ranking_level above = i > 0 ? r.level[i - 1] : (struct ranking_level){0};
        double items = (double)(r.level[i].items - above.items);
        struct pool next = {items, (double)(r.level[i].linked - above.linked), items * r.level[i].score,
                            items};
        pools = pool_add(pool, pools, next);
    }
    for (size_t i = 0; i < pools; i++) { /* again, with half a pair of each kind in every pool */
        pool[i].items += 1;
        pool[i].linked += 0.5;
        kept = pool_add(even, kept, pool[i]);
    }
    kept = pools_limit(even, kept, POOLS_MAX);
    /* a single pool: the same odds at any score */
    size_t points = kept == 1 ? 2 : kept;
    out->odds.points = points;
    out->odds.at = NEW_ARRAY(a, double, points);
    out->odds.weight = NEW_ARRAY(a, double, points);
    for (size_t i = 0; i < points; i++) {
        const struct pool *p = &even[i < kept ? i : kept - 1];
        out->odds.at[i] = p->score / p->real + (i < kept ? 0 : 1);
        out->odds.weight[i] = log10(p->linked / (p->items - p->linked));
    }
}

enum status calibrate(const struct scored *item, size_t count, enum calibration_way way, struct arena *a,
                      struct calibration *out, struct err *e)
{
    size_t linked = 0;
    for (size_t i = 0; i < count; i++)
        linked += item[i].linked;
    if (linked == 0 || linked == count)
        return ERR(e, E_INVALID, "calibration",
                   "nothing can be calibrated on these pairs: there must be linked ones and others");
    if (way == CALIBRATION_PRIOR)
        return ERR(e, E_INVALID, "calibration",
                   "to fit nothing is no way to find a calibration; take platt or isotonic");
    struct calibration c = {.odds = {.shape = CURVE_LINES, .direction = DIRECTION_RISES},
                            .prevalence = (double)linked / (double)count};
    if (way == CALIBRATION_PLATT)
        calibrate_platt(item, count, linked, a, &c);
    else
        calibrate_isotonic(item, count, a, &c);
    *out = c;
    return OK;
}

double calibration_probability(const struct calibration *c, double score, double prevalence)
{
    double odds = pow(10, curve_weight(&c->odds, score));
    odds *= prevalence / (1 - prevalence) * ((1 - c->prevalence) / c->prevalence);
    return odds / (1 + odds);
}

/* ---- the record ---------------------------------------------------------------------------------------- */

enum status calibration_judge(const struct scored *item, size_t count, enum calibration_way way, size_t folds,
                              uint64_t seed, struct calibration_record *out, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("judging a calibration", JUDGE_BYTES_MAX);
    struct scored *held = NEW_ARRAY(a, struct scored, count + 1),
                  *rest = NEW_ARRAY(a, struct scored, count + 1);
    bool *linked = NEW_ARRAY(a, bool, count + 1);
    uint8_t *fold = NEW_ARRAY(a, uint8_t, count + 1);
    uint64_t linked_count = 0;
    for (size_t i = 0; i < count; i++) {
        linked[i] = item[i].linked;
        linked_count += item[i].linked;
    }
    folds_stratified(seed, folds, linked, count, fold, a);
    for (size_t f = 0; f < folds; f++) {
        struct arena_mark mark = arena_mark(a);
        struct calibration c;
        size_t outside = 0;
        for (size_t i = 0; i < count; i++)
            if (fold[i] != f) rest[outside++] = item[i];
        TRY(calibrate(rest, outside, way, a, &c, e));
        for (size_t i = 0; i < count; i++)
            if (fold[i] == f)
                held[i] =
                    (struct scored){calibration_probability(&c, item[i].score, c.prevalence), linked[i]};
        arena_release(a, mark);
    }
    out->way = way;
    out->pairs = count;
    out->linked = linked_count;
    out->prevalence = (double)linked_count / (double)count;
    out->bins = reliability_curve(held, count, RECORD_BINS, out->bin, a);
    out->error = calibration_error(out->bin, out->bins);
    out->brier = brier_score(held, count);
    return OK;
}

bool calibration_allows_words(const struct calibration_record *r)
{
    return r != NULL && r->own_decisions >= OWN_DECISIONS_LEAST;
}
