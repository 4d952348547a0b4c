/* Windows in time: of each group the one in which most cases stayed unexplained beyond what is usual. */
#include "base/parallel.h"
#include "base/rng.h"
#include "scan/rate.h"

#include <math.h>
#include <stdlib.h>

#define BASE_MOST   0.99
#define PRIOR_CASES 2.0 /* of the base, beside a group's own cases outside of the window */
#define BATCH       64
#define SAME_SCORE  1e-10

struct tally {
    uint32_t unit;
    uint32_t cases, unexplained;
    double base; /* sum of the bases */
};

struct work { /* of one thread */
    uint32_t *unit;
    bool *unexplained;
    struct tally *tally;
    uint32_t *at; /* [units] place of a unit in tally, plus 1; 0: none */
};

struct scan {
    const struct rate_input *in;
    const struct rate_groups *groups;
    size_t units_max, cases_min;
    size_t *start;  /* [groups + 1] into row */
    uint32_t *row;  /* the rows of each group */
    double *before; /* [units + 1] share of all cases before the unit */
    struct work *work;
    struct rng rng;
    size_t first;    /* number of the batch's first shuffle */
    double beat;     /* scores below are of no interest */
    double *maximum; /* of each shuffle of the batch */
};

static int by_unit(const void *left, const void *right)
{
    const struct tally *a = left, *b = right;
    return (a->unit > b->unit) - (a->unit < b->unit);
}

/* The group's cases by unit, ascending; returns how many units. */
static size_t group_tally(const struct scan *s, struct work *w, size_t group)
{
    size_t n = 0;
    for (size_t k = s->start[group]; k < s->start[group + 1]; k++) {
        uint32_t row = s->row[k], unit = w->unit[row];
        if (w->at[unit] == 0) {
            w->tally[n++] = (struct tally){.unit = unit};
            w->at[unit] = (uint32_t)n;
        }
        struct tally *t = &w->tally[w->at[unit] - 1];
        double odds = s->groups->odds[row] * s->groups->unit_odds[unit];
        t->cases++;
        t->unexplained += w->unexplained[row];
        t->base += odds / (1 + odds);
    }
    for (size_t k = 0; k < n; k++)
        w->at[w->tally[k].unit] = 0;
    if (n > 1) qsort(w->tally, n, sizeof *w->tally, by_unit);
    return n;
}

/* Tries one window; keeps it when it scores above best->score. */
static void try_window(const struct tally *in, const struct tally *all, double usual, uint32_t from,
                       uint32_t to, struct rate_window *best)
{
    double c = in->unexplained, n = in->cases, low, high;
    double outside = (all->unexplained - c + PRIOR_CASES) / (all->base - in->base + PRIOR_CASES);
    double base = fmin(BASE_MOST, in->base / n * fmax(1, outside)), mu = usual * base;
    /* ln x <= x - 1 spares most of the logarithms */
    if (!(c > mu) || c * (c / mu - 1) - (c - mu) <= best->score) return;
    double score = c * log(c / mu) - (c - mu);
    if (!(score > best->score)) return;
    rate_interval(c, n, &low, &high);
    if (!(low > base)) return;
    *best = (struct rate_window){.group = best->group,
                                 .from_unit = from,
                                 .to_unit = to,
                                 .cases = in->cases,
                                 .unexplained = in->unexplained,
                                 .usual = usual,
                                 .low = low,
                                 .high = high,
                                 .base = base,
                                 .expected = mu,
                                 .score = score,
                                 .probability = 1};
}

/* The best window of a group that scores above best->score. */
static void scan_group(const struct scan *s, struct work *w, size_t group, struct rate_window *best)
{
    size_t n = group_tally(s, w, group);
    struct tally all = {0};
    for (size_t k = 0; k < n; k++) {
        all.cases += w->tally[k].cases;
        all.unexplained += w->tally[k].unexplained;
        all.base += w->tally[k].base;
    }
    if (all.unexplained < s->cases_min) return;
    for (size_t i = 0; i < n; i++) {
        struct tally in = {0};
        uint32_t from = w->tally[i].unit;
        if (w->tally[i].unexplained == 0) continue;
        for (size_t k = i; k < n && w->tally[k].unit - from < s->units_max; k++) {
            const struct tally *t = &w->tally[k];
            in.cases += t->cases;
            in.unexplained += t->unexplained;
            in.base += t->base;
            if (t->unexplained == 0 || in.unexplained < s->cases_min) continue;
            double usual = (double)all.cases * (s->before[t->unit + 1] - s->before[from]);
            try_window(&in, &all, usual, from, t->unit, best);
        }
    }
}

/* Times shuffled over all cases; each unexplained by its base. */
static void shuffle(const struct scan *s, struct work *w, struct rng *r)
{
    size_t n = s->in->rows;
    memcpy(w->unit, s->in->unit, n * sizeof *w->unit);
    for (size_t i = 0; i < n; i++) {
        size_t k = i + (size_t)rng_below(r, n - i);
        uint32_t unit = w->unit[k];
        w->unit[k] = w->unit[i];
        w->unit[i] = unit;
        double odds = s->groups->odds[i] * s->groups->unit_odds[unit];
        w->unexplained[i] = rng_unit(r) * (1 + odds) < odds;
    }
}

static void scan_shuffle(void *state, size_t part, size_t thread)
{
    struct scan *s = state;
    struct work *w = &s->work[thread];
    struct rng r = rng_fork(&s->rng, s->first + part);
    struct rate_window best = {.score = s->beat};
    shuffle(s, w, &r);
    for (size_t g = 0; g < s->groups->groups; g++)
        scan_group(s, w, g, &best);
    s->maximum[part] = best.score;
}

/* Counts a shuffle for each window that is not settled; from `*open` on, backwards, they are. */
static void count_shuffle(struct rate_window *w, size_t *open, size_t stop_after, double maximum)
{
    for (size_t i = 0; i < *open; i++) {
        w[i].shuffles++;
        w[i].reached += maximum >= w[i].score * (1 - SAME_SCORE);
    }
    while (stop_after > 0 && *open > 0 && w[*open - 1].reached >= stop_after)
        --*open;
}

static void test_windows(struct scan *s, const struct rate_options *o, struct rate_window *w, size_t count,
                         struct arena *a)
{
    size_t open = count, done = 0;
    s->maximum = NEW_ARRAY(a, double, BATCH);
    rng_seed(&s->rng, o->seed);
    while (done < o->shuffles && open > 0) {
        size_t batch = o->shuffles - done < BATCH ? o->shuffles - done : BATCH;
        s->first = done;
        s->beat = w[open - 1].score * (1 - 2 * SAME_SCORE);
        parallel_run(o->threads, batch, scan_shuffle, s);
        for (size_t i = 0; i < batch && open > 0; i++, done++)
            count_shuffle(w, &open, o->stop_after, s->maximum[i]);
    }
    for (size_t i = 0; i < count; i++) {
        bool stopped = o->stop_after > 0 && w[i].reached >= o->stop_after && w[i].shuffles < o->shuffles;
        w[i].probability = stopped ? (double)w[i].reached / (double)w[i].shuffles
                                   : (double)(w[i].reached + 1) / (double)(w[i].shuffles + 1);
    }
}

static void scan_prepare(struct scan *s, const struct rate_options *o, struct arena *a)
{
    const struct rate_input *in = s->in;
    size_t groups = s->groups->groups, threads = parallel_threads(o->threads);
    s->start = NEW_ARRAY(a, size_t, groups + 2);
    s->row = NEW_ARRAY(a, uint32_t, in->rows);
    s->before = NEW_ARRAY(a, double, in->units + 1);
    for (size_t i = 0; i < in->rows; i++) {
        s->start[s->groups->of_row[i] + 2]++;
        s->before[in->unit[i] + 1] += 1 / (double)in->rows;
    }
    for (size_t g = 0; g < groups; g++)
        s->start[g + 2] += s->start[g + 1];
    for (size_t i = 0; i < in->rows; i++)
        s->row[s->start[s->groups->of_row[i] + 1]++] = (uint32_t)i;
    for (size_t u = 0; u < in->units; u++)
        s->before[u + 1] += s->before[u];
    s->work = NEW_ARRAY(a, struct work, threads);
    for (size_t i = 0; i < threads; i++)
        s->work[i] = (struct work){NEW_ARRAY(a, uint32_t, in->rows), NEW_ARRAY(a, bool, in->rows),
                                   NEW_ARRAY(a, struct tally, in->units), NEW_ARRAY(a, uint32_t, in->units)};
}

static int by_score(const void *left, const void *right)
{
    const struct rate_window *a = left, *b = right;
    if (a->score < b->score || a->score > b->score) return a->score > b->score ? -1 : 1;
    return (a->group > b->group) - (a->group < b->group);
}

enum status rate_scan(const struct rate_input *in, const struct rate_groups *g,
                      const struct rate_options *options, struct arena *a, struct rate_window **out,
                      size_t *count, struct err *e)
{
    if (in->unit == NULL || in->units == 0)
        return ERR(e, E_INVALID, "time", "windows need the time of every case");
    struct scan s = {.in = in, .groups = g};
    s.units_max = options->units_max ? options->units_max : in->units / 10 ? in->units / 10 : 1;
    s.cases_min = options->cases_min ? options->cases_min : 2;
    scan_prepare(&s, options, a);
    if (in->rows) {
        memcpy(s.work[0].unit, in->unit, in->rows * sizeof *in->unit);
        memcpy(s.work[0].unexplained, in->unexplained, in->rows * sizeof *in->unexplained);
    }
    struct rate_window *w = NEW_ARRAY(a, struct rate_window, g->groups);
    size_t n = 0;
    for (size_t i = 0; i < g->groups; i++) {
        struct rate_window best = {.group = (uint32_t)i};
        scan_group(&s, &s.work[0], i, &best);
        if (best.score > 0) w[n++] = best;
    }
    if (n > 1) qsort(w, n, sizeof *w, by_score);
    if (options->shuffles > 0) test_windows(&s, options, w, n, a);
    *out = w;
    *count = n;
    return OK;
}

struct detection *rate_detections(const struct rate_input *in, const struct rate_groups *g,
                                  const struct rate_window *window, size_t count, const int64_t *first_day,
                                  double weeks, struct arena *a)
{
    struct detection *d = NEW_ARRAY(a, struct detection, count);
    for (size_t i = 0; i < count; i++) {
        const struct rate_window *w = &window[i];
        uint32_t *member = NEW_ARRAY(a, uint32_t, w->unexplained);
        size_t n = 0;
        for (size_t k = 0; k < in->rows && n < w->unexplained; k++)
            if (g->of_row[k] == w->group && in->unexplained[k] && in->unit[k] >= w->from_unit &&
                in->unit[k] <= w->to_unit)
                member[n++] = (uint32_t)k;
        d[i] = (struct detection){
            .kind = DETECTION_RATE,
            .member = member,
            .count = n,
            .expected = w->expected,
            .score = w->score,
            .probability = w->probability,
            .recurrence_weeks = w->shuffles ? weeks / w->probability : (double)NAN,
            .rarer = w->shuffles > 0 && w->reached == 0,
            .subject = w->group,
            .from_day = first_day[w->from_unit],
            .to_day = first_day[w->to_unit + 1] - 1,
            .radius_m = (double)NAN,
            .share = (double)w->unexplained / (double)w->cases,
            .base = w->base,
        };
    }
    return d;
}
