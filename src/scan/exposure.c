#include "scan/exposure.h"

#include <math.h>
#include <stdlib.h>

#define WINSORISED     0.1 /* share pulled in at each end */
#define DAYS_PER_WEEK  7.0
#define TAIL_PRECISION 1e-17

/* ---- what is expected ------------------------------------------------------------------------------ */

enum status exposure_expect(size_t rows, const double *exposure, const double *count, const uint32_t *stratum,
                            struct arena *a, double **out, struct err *e)
{
    size_t strata = 1;
    for (size_t i = 0; i < rows; i++) {
        if (!(exposure[i] >= 0) || !isfinite(exposure[i]))
            return ERR(e, E_INVALID, "exposure", "row %zu has a negative exposure, or none", i + 1);
        if (stratum && stratum[i] >= strata) strata = (size_t)stratum[i] + 1;
    }
    double *events = NEW_ARRAY(a, double, strata), *at_risk = NEW_ARRAY(a, double, strata);
    double *expected = NEW_ARRAY(a, double, rows);
    for (size_t i = 0; i < rows; i++) {
        events[stratum ? stratum[i] : 0] += count[i];
        at_risk[stratum ? stratum[i] : 0] += exposure[i];
    }
    for (size_t i = 0; i < rows; i++) {
        size_t s = stratum ? stratum[i] : 0;
        if (events[s] > 0 && !(at_risk[s] > 0))
            return ERR(e, E_INVALID, "exposure", "row %zu is of a stratum with events and no exposure",
                       i + 1);
        expected[i] = at_risk[s] > 0 ? exposure[i] * events[s] / at_risk[s] : 0;
    }
    *out = expected;
    return OK;
}

/* ---- the funnel ------------------------------------------------------------------------------------ */

/* Sums of the distribution from `count` up, or below it from 1 down: whichever is the smaller part. */
double exposure_tail(double count, double expected, double variance)
{
    double k = ceil(count - 1e-9), size = variance > 0 ? 1 / variance : 0, sum = 0, log_first;
    double odds = size > 0 ? expected / (size + expected) : 0;
    int sign;
    if (!(k > 0)) return 1;
    if (!(expected > 0)) return 0;
    bool above = k > expected;
    double j = above ? k : k - 1;
    if (size > 0)
        log_first = lgamma_r(size + j, &sign) - lgamma_r(size, &sign) - lgamma_r(j + 1, &sign) +
                    size * log(size / (size + expected)) + j * log(odds);
    else
        log_first = j * log(expected) - expected - lgamma_r(j + 1, &sign);
    double term = exp(log_first);
    while (term > sum * TAIL_PRECISION) {
        sum += term;
        if (!above && j <= 0) break;
        if (above) {
            term *= size > 0 ? (size + j) / (j + 1) * odds : expected / (j + 1);
            j++;
        } else {
            term *= size > 0 ? j / ((size + j - 1) * odds) : j / expected;
            j--;
        }
    }
    return above ? sum : 1 - sum;
}

double exposure_limit(double expected, double variance, double tail)
{
    double low = 0, high = ceil(expected) + 1;
    if (!(tail > 0)) return (double)INFINITY;
    while (exposure_tail(high, expected, variance) >= tail)
        high *= 2;
    while (high - low > 1) {
        double middle = floor((low + high) / 2);
        if (exposure_tail(middle, expected, variance) >= tail)
            low = middle;
        else
            high = middle;
    }
    return high;
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* phi and tau^2 over the subjects of whom anything is expected. */
static void spread_find(struct exposure_result *r, size_t subjects, struct arena *a)
{
    struct arena_mark mark = arena_mark(a);
    double *z = NEW_ARRAY(a, double, subjects), squares = 0, weights = 0, weights2 = 0;
    size_t n = 0;
    for (size_t i = 0; i < subjects; i++) {
        const struct exposure_subject *s = &r->subject[i];
        if (!(s->expected > 0)) continue;
        z[n++] = 2 * (sqrt(s->observed) - sqrt(s->expected));
        weights += s->expected;
        weights2 += s->expected * s->expected;
    }
    r->phi = 1;
    if (n >= 2) {
        qsort(z, n, sizeof *z, ascending);
        size_t cut = (size_t)((double)n * WINSORISED);
        for (size_t i = 0; i < n; i++) {
            double pulled = i < cut ? z[cut] : i >= n - cut ? z[n - 1 - cut] : z[i];
            squares += pulled * pulled;
        }
        double free = weights - weights2 / weights;
        if (squares > (double)(n - 1)) {
            r->phi = squares / (double)n > 1 ? squares / (double)n : 1;
            if (free > 0) r->variance = (squares - (double)(n - 1)) / free;
        }
    }
    arena_release(a, mark);
}

/* ---- the sequence ---------------------------------------------------------------------------------- */

struct row_order {
    int64_t day;
    size_t row;
};

static int by_day(const void *left, const void *right)
{
    const struct row_order *a = left, *b = right;
    if (a->day != b->day) return a->day < b->day ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

/* One row. Within a day all of the exposure counts before the events, so that rows of one day may come in any
 * order: they are added up first. */
static void sequence_add(struct exposure_subject *s, int64_t day, double count, double expected, double ratio)
{
    if (s->value <= 0 && count > 0) {
        s->since_day = day;
        s->run_observed = s->run_expected = 0;
    }
    s->value += count * log(ratio) - (ratio - 1) * expected;
    s->run_observed += count;
    s->run_expected += expected;
    if (count > 0) s->last_day = day;
    if (s->value <= 0) s->value = s->run_observed = s->run_expected = 0;
}

static void run_sequences(const struct exposure_input *in, double ratio, struct exposure_result *out,
                          struct arena *a)
{
    struct arena_mark mark = arena_mark(a);
    struct row_order *order = NEW_ARRAY(a, struct row_order, in->rows);
    double *count = NEW_ARRAY(a, double, in->subjects), *expected = NEW_ARRAY(a, double, in->subjects);
    for (size_t i = 0; i < in->rows; i++)
        order[i] = (struct row_order){in->day[i], i};
    if (in->rows > 1) qsort(order, in->rows, sizeof *order, by_day);
    for (size_t from = 0, to; from < in->rows; from = to) {
        for (to = from; to < in->rows && order[to].day == order[from].day; to++) {
            count[in->subject[order[to].row]] += in->count[order[to].row];
            expected[in->subject[order[to].row]] += in->expected[order[to].row];
        }
        for (size_t i = from; i < to; i++) {
            uint32_t s = in->subject[order[i].row];
            if (count[s] > 0 || expected[s] > 0)
                sequence_add(&out->subject[s], order[from].day, count[s], expected[s], ratio);
            count[s] = expected[s] = 0;
        }
    }
    arena_release(a, mark);
}

static enum status input_check(const struct exposure_input *in, double ratio, struct err *e)
{
    if (!(ratio >= EXPOSURE_RATIO_MIN) || !isfinite(ratio))
        return ERR(e, E_INVALID, "ratio", "the ratio that is looked for must be %g or more",
                   EXPOSURE_RATIO_MIN);
    for (size_t i = 0; i < in->rows; i++) {
        if (in->subject[i] >= in->subjects)
            return ERR(e, E_INVALID, "subject", "row %zu is of no subject given", i + 1);
        if (!(in->count[i] >= 0) || !isfinite(in->count[i]) || !(in->expected[i] >= 0) ||
            !isfinite(in->expected[i]))
            return ERR(e, E_INVALID, "count", "row %zu has a negative count or expectation, or none", i + 1);
    }
    return OK;
}

enum status exposure_measure(const struct exposure_input *in, double ratio, struct arena *a,
                             struct exposure_result *out, struct err *e)
{
    TRY(input_check(in, ratio, e));
    struct exposure_result r = {.subject = NEW_ARRAY(a, struct exposure_subject, in->subjects)};
    double all = 0;
    for (size_t i = 0; i < in->rows; i++) {
        struct exposure_subject *s = &r.subject[in->subject[i]];
        s->observed += in->count[i];
        s->expected += in->expected[i];
        all += in->expected[i];
        if (i == 0 || in->day[i] < r.from_day) r.from_day = in->day[i];
        if (i == 0 || in->day[i] > r.to_day) r.to_day = in->day[i];
    }
    r.weeks = in->rows ? (double)(r.to_day - r.from_day + 1) / DAYS_PER_WEEK : 0;
    spread_find(&r, in->subjects, a);
    run_sequences(in, ratio, &r, a);
    for (size_t i = 0; i < in->subjects; i++) {
        struct exposure_subject *s = &r.subject[i];
        s->tail = exposure_tail(s->observed, s->expected, r.variance);
        if (s->value > 0 && all > 0)
            s->recurrence_weeks = exposure_run_length(ratio, s->value) * r.weeks / all;
    }
    *out = r;
    return OK;
}

/* ---- how long chance takes ------------------------------------------------------------------------- */

#define STEPS_A_JUMP    128
#define GRID_MAX        6000
#define SLOPES_MAX      25.0 /* higher, errors of rounding grow; from there on it grows as e^h - 1 - h does */
#define VALUE_EXACT_MAX 24.0

/* Just after an event at height x, 1 + G(x) further events are expected until the threshold h. With L = ln R
 * and b = R - 1, G solves b G'(x) = -G(x) + N(x + L), N = 1 + G below h and 0 from h on, and G(0) = N(L). G
 * is linear in its value at h: both parts are carried down from h in steps, and the condition at 0 gives it.
 */
double exposure_run_length(double ratio, double value)
{
    double jump = log(ratio), slope = ratio - 1, step = jump / STEPS_A_JUMP;
    double most = fmax(fmin(SLOPES_MAX * slope, VALUE_EXACT_MAX), 2 * jump);
    if (value <= jump) return 1;
    if (value > most) return exposure_run_length(ratio, most) * (expm1(value) - value) / (expm1(most) - most);
    struct {
        double fixed, free; /* G = fixed + A free, A its value at h */
    } g[GRID_MAX];
    size_t n = (size_t)(value / step) + 1; /* the first point below 0 */
    MUST(n < GRID_MAX);
    double beyond = (double)n - value / step, fade = exp(-step / slope);
    double late = 1 + slope / step * expm1(-step / slope), early = 1 - fade - late;
    g[0].fixed = 0;
    g[0].free = 1;
    for (size_t i = 1; i <= n; i++) { /* from x + step, i - 1, to x, i */
        double fixed = g[i - 1].fixed, free = g[i - 1].free;
        if (i > STEPS_A_JUMP) {
            size_t k = i - STEPS_A_JUMP; /* x + L */
            fixed -= late * (1 + g[k - 1].fixed) + early * (1 + g[k].fixed);
            free -= late * g[k - 1].free + early * g[k].free;
        }
        g[i].fixed = fixed / fade;
        g[i].free = free / fade;
    }
    size_t k = n - STEPS_A_JUMP;
    double fixed_0 = g[n].fixed + beyond * (g[n - 1].fixed - g[n].fixed);
    double free_0 = g[n].free + beyond * (g[n - 1].free - g[n].free);
    double fixed_jump = g[k].fixed + beyond * (g[k - 1].fixed - g[k].fixed);
    double free_jump = g[k].free + beyond * (g[k - 1].free - g[k].free);
    double at_top = (1 + fixed_jump - fixed_0) / (free_0 - free_jump);
    return 1 + fixed_0 + at_top * free_0;
}

/* ---- detections ------------------------------------------------------------------------------------ */

static int by_rarity(const void *left, const void *right)
{
    const struct detection *a = left, *b = right;
    if (a->recurrence_weeks > b->recurrence_weeks || a->recurrence_weeks < b->recurrence_weeks)
        return a->recurrence_weeks > b->recurrence_weeks ? -1 : 1;
    return (a->subject > b->subject) - (a->subject < b->subject);
}

static struct detection subject_detection(const struct exposure_input *in, const struct exposure_result *r,
                                          enum exposure_test test, uint32_t subject)
{
    const struct exposure_subject *s = &r->subject[subject];
    bool whole = test == EXPOSURE_WHOLE;
    double o = s->observed, n = (double)in->subjects, all = s->tail * n;
    return (struct detection){
        .kind = DETECTION_EXPOSURE,
        .expected = whole ? s->expected : s->run_expected,
        .score = !whole            ? s->value
                 : o > s->expected ? o * log(o / s->expected) - (o - s->expected)
                                   : 0,
        .probability = !whole    ? 1
                       : all < 1 ? all
                                 : 1,
        .recurrence_weeks = whole ? r->weeks / all : s->recurrence_weeks,
        .subject = subject,
        .from_day = whole ? r->from_day : s->since_day,
        .to_day = whole ? r->to_day : s->last_day,
        .radius_m = (double)NAN,
        .share = (double)NAN,
        .base = r->phi,
    };
}

struct detection *exposure_detections(const struct exposure_input *in, const struct exposure_result *r,
                                      enum exposure_test test, double weeks_min, struct arena *a,
                                      size_t *count)
{
    struct detection *d = NEW_ARRAY(a, struct detection, in->subjects);
    size_t n = 0;
    for (uint32_t s = 0; s < in->subjects; s++) {
        struct detection one = subject_detection(in, r, test, s);
        if (r->subject[s].observed > 0 && one.score > 0 && one.recurrence_weeks >= weeks_min) d[n++] = one;
    }
    if (n > 1) qsort(d, n, sizeof *d, by_rarity);
    for (size_t i = 0; i < n; i++) {
        uint32_t *member = NULL;
        for (int pass = 0; pass < 2; pass++) { /* how many, then which */
            if (pass == 1) member = NEW_ARRAY(a, uint32_t, d[i].count);
            d[i].count = 0;
            for (size_t k = 0; k < in->rows; k++) {
                if (in->subject[k] != d[i].subject || !(in->count[k] > 0) || in->day[k] < d[i].from_day)
                    continue;
                if (member) member[d[i].count] = (uint32_t)k;
                d[i].count++;
            }
        }
        d[i].member = member;
    }
    *count = n;
    return d;
}
