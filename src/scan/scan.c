/* A run: the strongest cylinder of every centre, those that do not overlap, and what chance says to them. */
#include "scan/scan.h"

#include "base/parallel.h"
#include "scan/scan_internal.h"

#include <math.h>
#include <stdlib.h>

#define EXACT_STEPS 60 /* levels 0, 0.5, 1 ... of the exact hunt; above the last its table serves */
#define BATCH_FIRST 16
#define BATCH_LAST  256

struct run {
    const struct scan_plan *plan;
    const struct scan_options *options;
    const struct scan_ladder *ladder;
    struct scan_sample *sample; /* of each thread; the data themselves are sample[0] of the first pass */
    struct scan_space *space;   /* of each thread */
    struct scan_window *best;   /* of each centre */
    struct rng rng;
    size_t step_from;    /* by steps: levels below this are settled */
    size_t shuffle_from; /* number of the batch's first shuffle */
    size_t *reached;     /* of each shuffle of the batch: how many levels */
    double *score;       /* of each shuffle: its maximum, where the hunt is exact */
};

/* ---- the data themselves -------------------------------------------------------------------------- */

static void hunt_data(void *state, size_t part, size_t thread)
{
    struct run *r = state;
    struct scan_hunt h = {
        .plan = r->plan, .sample = &r->sample[0], .ladder = r->ladder, .space = &r->space[thread]};
    scan_hunt_begin(&h, 0);
    scan_hunt_centre(&h, (uint32_t)part);
    r->best[part] = h.best;
}

struct candidate {
    struct scan_window window;
    double radius_m;
};

/* The higher score first; equal ones: the smaller circle, then the lower number. */
static int by_score(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->window.score > b->window.score || a->window.score < b->window.score)
        return a->window.score > b->window.score ? -1 : 1;
    if (a->radius_m > b->radius_m || a->radius_m < b->radius_m) return a->radius_m < b->radius_m ? -1 : 1;
    return (a->window.centre > b->window.centre) - (a->window.centre < b->window.centre);
}

static struct scan_cluster cluster_of(const struct scan_plan *p, const struct candidate *c, size_t units)
{
    const struct scan_window *w = &c->window;
    const struct scan_map *map = p->map;
    double mass = p->model == SCAN_BERNOULLI ? w->mass * p->cases / p->total : w->mass;
    return (struct scan_cluster){
        .centre = w->centre,
        .location = map->near + map->at[w->centre],
        .locations = w->reach - map->at[w->centre],
        .radius_m = c->radius_m,
        .from_unit = p->anchored ? (uint32_t)units - 1 - w->to : w->from,
        .to_unit = p->anchored ? (uint32_t)units - 1 : w->to,
        .observed = w->count,
        .expected = mass,
        .score = w->score,
        .probability = 1,
    };
}

static void choose_clusters(const struct run *r, size_t units, struct arena *a, struct scan_result *out)
{
    const struct scan_map *map = r->plan->map;
    size_t most = r->options->clusters_max ? r->options->clusters_max : 10, n = 0;
    struct candidate *c = NEW_ARRAY(a, struct candidate, map->locations);
    bool *taken = NEW_ARRAY(a, bool, map->locations);
    for (size_t z = 0; z < map->locations; z++)
        if (r->best[z].score > 0)
            c[n++] = (struct candidate){r->best[z], map->distance_m[r->best[z].reach - 1]};
    if (n > 1) qsort(c, n, sizeof *c, by_score);
    out->cluster = NEW_ARRAY(a, struct scan_cluster, most < n ? most : n);
    for (size_t i = 0; i < n && out->clusters < most; i++) {
        struct scan_cluster found = cluster_of(r->plan, &c[i], units);
        bool overlaps = false;
        for (size_t k = 0; k < found.locations; k++)
            overlaps = overlaps || taken[found.location[k]];
        if (overlaps) continue;
        for (size_t k = 0; k < found.locations; k++)
            taken[found.location[k]] = true;
        out->cluster[out->clusters++] = found;
    }
}

/* ---- the shuffled data ---------------------------------------------------------------------------- */

static void hunt_shuffle(void *state, size_t part, size_t thread)
{
    struct run *r = state;
    struct rng rng = rng_fork(&r->rng, r->shuffle_from + part);
    struct scan_sample *s = &r->sample[thread];
    struct scan_hunt h = {.plan = r->plan,
                          .sample = s,
                          .ladder = r->ladder,
                          .space = &r->space[thread],
                          .by_steps = !r->options->gumbel};
    scan_sample_shuffled(r->plan, &rng, s);
    scan_hunt_begin(&h, r->step_from);
    for (uint32_t z = 0; z < r->plan->map->locations && !h.over; z++)
        scan_hunt_centre(&h, z);
    r->reached[part] = h.reached;
    r->score[part] = h.best.score;
}

/* Counts one shuffle for every cluster that is not settled; level 0 is the weakest cluster. */
static void count_shuffle(struct scan_result *out, size_t reached, size_t stop_after, size_t *settled)
{
    for (size_t level = *settled; level < out->clusters; level++) {
        struct scan_cluster *c = &out->cluster[out->clusters - 1 - level];
        c->shuffles++;
        c->reached += level < reached;
    }
    while (stop_after > 0 && *settled < out->clusters &&
           out->cluster[out->clusters - 1 - *settled].reached >= stop_after)
        ++*settled;
}

static size_t levels_reached(const double *level, size_t levels, double score)
{
    size_t n = 0;
    while (n < levels && score >= level[n] * (1 - 1e-10))
        n++;
    return n;
}

static void run_batches(struct run *r, const double *level, struct scan_result *out, double *maxima)
{
    size_t settled = 0, batch = BATCH_FIRST, stop = r->options->gumbel ? 0 : r->options->stop_after;
    while (out->shuffles < r->options->shuffles && settled < out->clusters) {
        size_t left = r->options->shuffles - out->shuffles;
        if (batch > left) batch = left;
        r->step_from = r->options->gumbel ? 0 : settled;
        r->shuffle_from = out->shuffles;
        parallel_run(r->options->threads, batch, hunt_shuffle, r);
        for (size_t i = 0; i < batch && settled < out->clusters; i++, out->shuffles++) {
            size_t reached =
                r->options->gumbel ? levels_reached(level, out->clusters, r->score[i]) : r->reached[i];
            if (maxima) maxima[out->shuffles] = r->score[i];
            count_shuffle(out, reached, stop, &settled);
        }
        if (batch < BATCH_LAST) batch *= 2;
    }
}

/* Gumbel by moments: beta = s sqrt(6) / pi, mu = mean - 0.5772 beta; P(max >= x) = 1 -
 * exp(-exp(-(x-mu)/beta)). */
static void gumbel_probabilities(const double *maxima, struct scan_result *out)
{
    double n = (double)out->shuffles, sum = 0, squares = 0;
    for (size_t i = 0; i < out->shuffles; i++)
        sum += maxima[i];
    for (size_t i = 0; i < out->shuffles; i++)
        squares += (maxima[i] - sum / n) * (maxima[i] - sum / n);
    if (out->shuffles < 2 || !(squares > 0)) return;
    double beta = sqrt(squares / (n - 1) * 6) / 3.14159265358979324,
           mu = sum / n - 0.57721566490153286 * beta;
    for (size_t i = 0; i < out->clusters; i++) {
        out->cluster[i].fitted = true;
        out->cluster[i].probability = -expm1(-exp(-(out->cluster[i].score - mu) / beta));
    }
}

static void test_clusters(struct run *r, struct arena *a, struct scan_result *out)
{
    const struct scan_plan *p = r->plan;
    double *level = NEW_ARRAY(a, double, out->clusters);
    double *maxima = r->options->gumbel ? NEW_ARRAY(a, double, r->options->shuffles) : NULL;
    struct scan_ladder steps;
    for (size_t i = 0; i < out->clusters; i++)
        level[i] = out->cluster[out->clusters - 1 - i].score;
    if (!r->options->gumbel) {
        steps = scan_ladder_make(p->model, p->cases, p->total, p->cases_min, level, out->clusters, a);
        r->ladder = &steps;
    }
    r->reached = NEW_ARRAY(a, size_t, BATCH_LAST);
    r->score = NEW_ARRAY(a, double, BATCH_LAST);
    rng_seed(&r->rng, r->options->seed);
    run_batches(r, level, out, maxima);
    for (size_t i = 0; i < out->clusters; i++) {
        struct scan_cluster *c = &out->cluster[i];
        bool stopped = r->options->stop_after > 0 && c->reached >= r->options->stop_after;
        c->probability = stopped && c->shuffles < r->options->shuffles
                             ? (double)c->reached / (double)c->shuffles
                             : (double)(c->reached + 1) / (double)(c->shuffles + 1);
    }
    if (maxima) gumbel_probabilities(maxima, out);
}

enum status scan_run(const struct scan_map *map, const struct scan_input *in,
                     const struct scan_options *options, struct arena *a, struct scan_result *out,
                     struct err *e)
{
    struct scan_plan plan;
    struct scan_result result = {0};
    size_t threads = parallel_threads(options->threads);
    TRY(scan_plan_make(map, in, options, a, &plan, e));
    result.population = plan.weights;
    result.cases = (size_t)plan.cases;
    if (plan.recent == 0) {
        *out = result;
        return OK;
    }
    double level[EXACT_STEPS];
    for (size_t i = 0; i < EXACT_STEPS; i++)
        level[i] = 0.5 * (double)i;
    struct scan_ladder exact =
        scan_ladder_make(plan.model, plan.cases, plan.total, plan.cases_min, level, EXACT_STEPS, a);
    struct run r = {.plan = &plan, .options = options, .ladder = &exact};
    r.sample = NEW_ARRAY(a, struct scan_sample, threads);
    r.space = NEW_ARRAY(a, struct scan_space, threads);
    for (size_t i = 0; i < threads; i++) {
        scan_sample_room(&plan, a, &r.sample[i]);
        scan_space_room(&plan, a, &r.space[i]);
    }
    r.best = NEW_ARRAY(a, struct scan_window, map->locations);
    scan_sample_given(&plan, in, &r.sample[0]);
    parallel_run(options->threads, map->locations, hunt_data, &r);
    choose_clusters(&r, in->units, a, &result);
    if (options->shuffles > 0 && result.clusters > 0) test_clusters(&r, a, &result);
    *out = result;
    return OK;
}
