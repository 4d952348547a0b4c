/* Knots, directions, and which columns each pair touches. */
#include "learn/additive_internal.h"
#include "learn/measure.h"
#include "learn/sorted.h"

#include <math.h>
#include <stdlib.h>

#define DISTINCT_AS_THEY_ARE 8

static int by_rising_number(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

/* The values of one side. */
static struct sorted side_of(const struct pair_table *t, const double *value, bool linked, struct arena *a)
{
    double *side = NEW_ARRAY(a, double, t->pairs + 1);
    size_t count = 0;
    for (size_t i = 0; i < t->pairs; i++)
        if (t->linked[i] == linked) side[count++] = value[i];
    return sorted_of(side, count, a);
}

static size_t quantiles_add(const struct sorted *x, size_t knots, double *at, size_t count)
{
    for (size_t i = 0; i <= knots && x->count > 0; i++)
        at[count++] = sorted_quantile(x, (double)i / (double)knots);
    return count;
}

static size_t distinct_add(const struct sorted *x, double *at)
{
    size_t count = 0;
    for (size_t i = 0; i < x->count; i++)
        if (i == 0 || x->value[i] > x->value[i - 1]) at[count++] = x->value[i];
    return count;
}

/* Knots at the quantiles of both sides; knots 0: one straight line from end to end. */
static size_t knots_of(const struct pair_table *t, const double *value, size_t knots, double *at,
                       struct arena *a)
{
    struct sorted all = sorted_of(value, t->pairs, a);
    if (all.distinct < 2) return 0;
    double low = all.value[0], high = all.value[all.count - 1];
    size_t count = 0, kept = 1;
    if (knots == 0) {
        at[0] = low;
        at[1] = high;
        return 2;
    }
    if (all.distinct <= DISTINCT_AS_THEY_ARE) return distinct_add(&all, at);
    struct sorted linked = side_of(t, value, true, a), others = side_of(t, value, false, a);
    count = quantiles_add(&linked, knots, at, count);
    count = quantiles_add(&others, knots, at, count);
    at[count++] = low;
    at[count++] = high;
    qsort(at, count, sizeof *at, by_rising_number);
    /* what lies closer than a thousandth of the middle half is one knot, but for the ends */
    double least = 1e-3 * (sorted_quantile(&all, 0.75) - sorted_quantile(&all, 0.25));
    for (size_t i = 1; i < count; i++)
        if (at[i] > at[kept - 1] + least) at[kept++] = at[i];
    if (at[kept - 1] < high) at[kept - 1] = high;
    return kept < 2 ? 0 : kept;
}

/* Which way the linked lie: rises when a linked pair tends to have more than another. */
static enum direction direction_found(const struct pair_table *t, const double *value, struct arena *a)
{
    struct scored *item = NEW_ARRAY(a, struct scored, t->pairs + 1);
    size_t count = 0;
    for (size_t i = 0; i < t->pairs; i++)
        if (!isnan(value[i])) item[count++] = (struct scored){value[i], t->linked[i]};
    struct ranking r = ranking_of(item, count, a);
    return ranking_auc(&r) >= 0.5 ? DIRECTION_RISES : DIRECTION_FALLS;
}

static struct touch touch_of(const struct block *b, double value)
{
    if (b->knots == 0) return (struct touch){(uint16_t)b->first, 0};
    if (isnan(value)) return (struct touch){(uint16_t)(b->first + b->knots), 0};
    size_t low = 0, high = b->knots - 1;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (value > b->at[middle])
            low = middle;
        else
            high = middle;
    }
    double part = (value - b->at[low]) / (b->at[low + 1] - b->at[low]);
    part = part < 0 ? 0 : part > 1 ? 1 : part;
    return (struct touch){(uint16_t)(b->first + low), (float)part};
}

/* mean[k], k from 1: how far, on average over the others, a pair has climbed step k. */
static void centre(struct design *d, const struct pair_table *t, size_t feature)
{
    struct block *b = &d->block[feature];
    double all = 0;
    for (size_t i = 0; i < d->pairs; i++) {
        struct touch touch = d->touch[i * d->features + feature];
        size_t k = touch.column - b->first;
        if (t->linked[i] || k >= b->knots) continue;
        all += d->weight[i];
        for (size_t j = 1; j <= k; j++)
            b->mean[j] += d->weight[i];
        if (k + 1 < b->knots) b->mean[k + 1] += d->weight[i] * (double)touch.part;
    }
    for (size_t j = 1; j < b->knots; j++)
        b->mean[j] = all > 0 ? b->mean[j] / all : 0;
}

struct design design_of(const struct pair_table *t, size_t knots, struct arena *a)
{
    MUST(2 * knots + 4 <= KNOTS_MAX);
    struct design d = {
        .pairs = t->pairs, .features = t->features, .linked = t->linked, .columns = 1, .parameters = 1};
    d.block = NEW_ARRAY(a, struct block, t->features + 1);
    d.touch = NEW_ARRAY(a, struct touch, t->pairs * t->features + 1);
    d.weight = NEW_ARRAY(a, double, t->pairs + 1);
    for (size_t i = 0; i < t->pairs; i++)
        d.weight[i] = pair_weight(t, i);
    for (size_t f = 0; f < t->features; f++) {
        const double *value = t->feature[f].value;
        struct block *b = &d.block[f];
        struct arena_mark mark = arena_mark(a);
        b->knots = knots_of(t, value, knots, b->at, a);
        b->direction = t->feature[f].direction;
        if (b->direction == DIRECTION_LEARNED) b->direction = direction_found(t, value, a);
        if (knots == 0) b->direction = DIRECTION_FREE;
        arena_release(a, mark);
        b->first = d.columns;
        b->first_step = d.parameters;
        for (size_t i = 0; i < t->pairs; i++) {
            d.touch[i * t->features + f] = touch_of(b, value[i]);
            b->has_missing |= isnan(value[i]);
        }
        if (b->knots == 0) b->has_missing = false;
        centre(&d, t, f);
        d.columns += b->knots + 1;
        d.parameters += (b->knots > 0 ? b->knots - 1 : 0) + b->has_missing;
    }
    d.columns++; /* the column beside the last, touched with part 0 */
    MUST(d.columns < UINT16_MAX);
    return d;
}

void design_heights(const struct design *d, const double *parameter, double *height)
{
    memset(height, 0, d->columns * sizeof *height);
    height[0] = parameter[0];
    for (size_t f = 0; f < d->features; f++) {
        const struct block *b = &d->block[f];
        double sum = 0;
        if (b->knots == 0) continue;
        for (size_t k = 1; k < b->knots; k++)
            sum -= parameter[b->first_step + k - 1] * b->mean[k];
        height[b->first] = sum;
        for (size_t k = 1; k < b->knots; k++) {
            sum += parameter[b->first_step + k - 1];
            height[b->first + k] = sum;
        }
        if (b->has_missing) height[b->first + b->knots] = parameter[b->first_step + b->knots - 1];
    }
}

double design_score(const struct design *d, size_t pair, const double *height)
{
    const struct touch *touch = &d->touch[pair * d->features];
    double sum = height[0];
    for (size_t f = 0; f < d->features; f++) {
        double part = (double)touch[f].part;
        sum += (1 - part) * height[touch[f].column] + part * height[touch[f].column + 1];
    }
    return sum;
}

/* ln of the mean likelihood ratio of a curve over the others that have a value. */
static double neutral_of(const struct design *d, const struct pair_table *t, size_t feature,
                         const double *height)
{
    const struct block *b = &d->block[feature];
    double sum = 0, all = 0;
    for (size_t i = 0; i < d->pairs; i++) {
        struct touch touch = d->touch[i * d->features + feature];
        double part = (double)touch.part;
        if (t->linked[i] || touch.column >= b->first + b->knots) continue;
        sum += d->weight[i] * exp((1 - part) * height[touch.column] + part * height[touch.column + 1]);
        all += d->weight[i];
    }
    return all > 0 ? log(sum / all) : 0;
}

static double *copied(const double *from, size_t count, struct arena *a)
{
    double *to = NEW_ARRAY(a, double, count);
    memcpy(to, from, count * sizeof *to);
    return to;
}

void design_curves(const struct design *d, const struct pair_table *t, const double *parameter,
                   struct arena *a, struct curves *out)
{
    struct curves m = {.count = d->features, .curve = NEW_ARRAY(a, struct curve, d->features + 1)};
    double *height = NEW_ARRAY(a, double, d->columns), base = parameter[0];
    design_heights(d, parameter, height);
    for (size_t f = 0; f < d->features; f++) {
        const struct block *b = &d->block[f];
        struct curve c = {.feature = t->feature[f].name, .shape = CURVE_LINES, .direction = b->direction};
        if (b->knots > 0) {
            double neutral = neutral_of(d, t, f, height);
            base += neutral;
            c.points = b->knots;
            c.at = copied(b->at, b->knots, a);
            c.weight = copied(&height[b->first], b->knots, a);
            for (size_t k = 0; k < b->knots; k++)
                c.weight[k] = (c.weight[k] - neutral) / M_LN10;
            if (b->has_missing) c.missing = (height[b->first + b->knots] - neutral) / M_LN10;
        }
        m.curve[f] = c;
    }
    m.base = base / M_LN10;
    *out = m;
}
