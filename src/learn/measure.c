#include "learn/measure.h"

#include "base/err.h"
#include "base/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_falling_score(const void *x, const void *y)
{
    double a = ((const struct scored *)x)->score, b = ((const struct scored *)y)->score;
    return (a < b) - (a > b);
}

static struct scored *sorted_copy(const struct scored *item, size_t count, struct arena *a)
{
    struct scored *copy = NEW_ARRAY(a, struct scored, count + 1);
    if (count > 0) memcpy(copy, item, count * sizeof *copy);
    for (size_t i = 0; i < count; i++)
        MUST(!isnan(copy[i].score));
    qsort(copy, count, sizeof *copy, by_falling_score);
    return copy;
}

struct ranking ranking_of(const struct scored *item, size_t count, struct arena *a)
{
    const struct scored *sorted = sorted_copy(item, count, a);
    struct ranking r = {.items = count};
    for (size_t i = 0; i < count; i++)
        r.levels += i == 0 || sorted[i].score < sorted[i - 1].score;
    r.level = NEW_ARRAY(a, struct ranking_level, r.levels + 1);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && sorted[i].score < sorted[i - 1].score) at++;
        r.linked += sorted[i].linked;
        r.level[at] = (struct ranking_level){sorted[i].score, i + 1, r.linked};
    }
    return r;
}

/* What a level adds to those above it. */
struct step {
    uint64_t items, linked, others;
    uint64_t linked_above, others_above;
};

static struct step step_of(const struct ranking *r, size_t level)
{
    struct ranking_level above = level > 0 ? r->level[level - 1] : (struct ranking_level){0};
    struct step s = {.items = r->level[level].items - above.items,
                     .linked = r->level[level].linked - above.linked,
                     .linked_above = above.linked,
                     .others_above = above.items - above.linked};
    s.others = s.items - s.linked;
    return s;
}

double ranking_auc(const struct ranking *r)
{
    uint64_t others = r->items - r->linked;
    if (r->linked == 0 || others == 0) return (double)NAN;
    /* Twice the number of pairs put right, whole numbers all along: exact up to 2^63 pairs. */
    uint64_t twice = 0;
    for (size_t i = 0; i < r->levels; i++) {
        struct step s = step_of(r, i);
        twice += s.others * (2 * s.linked_above + s.linked);
    }
    return (double)twice / 2 / ((double)r->linked * (double)others);
}

double ranking_average_precision(const struct ranking *r)
{
    double sum = 0;
    if (r->linked == 0) return (double)NAN;
    for (size_t i = 0; i < r->levels; i++)
        sum += (double)step_of(r, i).linked * ((double)r->level[i].linked / (double)r->level[i].items);
    return sum / (double)r->linked;
}

double ranking_linked_among(const struct ranking *r, uint64_t k)
{
    for (size_t i = 0; i < r->levels; i++) {
        if (r->level[i].items <= k) continue;
        struct step s = step_of(r, i);
        uint64_t left = k - (s.linked_above + s.others_above);
        return (double)s.linked_above + (double)s.linked * (double)left / (double)s.items;
    }
    return (double)r->linked;
}

double ranking_precision_at(const struct ranking *r, uint64_t k)
{
    return k == 0 ? (double)NAN : ranking_linked_among(r, k) / (double)k;
}

double ranking_found_at_false(const struct ranking *r, double share)
{
    uint64_t others = r->items - r->linked;
    if (r->linked == 0 || others == 0) return (double)NAN;
    double allowed = share * (double)others;
    for (size_t i = 0; i < r->levels; i++) {
        struct step s = step_of(r, i);
        if ((double)(s.others_above + s.others) <= allowed) continue;
        double part = (allowed - (double)s.others_above) / (double)s.others;
        return ((double)s.linked_above + (double)s.linked * part) / (double)r->linked;
    }
    return 1;
}

/* ---- probabilities ------------------------------------------------------------------------------------- */

size_t reliability_curve(const struct scored *item, size_t count, size_t bins, struct reliability_bin *out,
                         struct arena *scratch)
{
    const struct scored *sorted = sorted_copy(item, count, scratch);
    size_t filled = 0;
    for (size_t done = 0, cut = 1; done < count; cut++) {
        /* the end of this bin, moved on to where the probability changes */
        size_t end = (size_t)((double)cut * (double)count / (double)bins + 0.5);
        if (end <= done) continue;
        if (cut >= bins || end > count) end = count;
        while (end < count && sorted[count - 1 - end].score <= sorted[count - end].score)
            end++;
        struct reliability_bin b = {.items = end - done};
        double sum = 0;
        for (size_t i = done; i < end; i++) {
            sum += sorted[count - 1 - i].score;
            b.linked += sorted[count - 1 - i].linked;
        }
        b.low = sorted[count - 1 - done].score;
        b.high = sorted[count - end].score;
        b.probability = sum / (double)b.items;
        b.linked_share = (double)b.linked / (double)b.items;
        out[filled++] = b;
        done = end;
    }
    return filled;
}

double calibration_error(const struct reliability_bin *bin, size_t bins)
{
    double sum = 0, items = 0;
    for (size_t i = 0; i < bins; i++) {
        sum += fabs(bin[i].probability - bin[i].linked_share) * (double)bin[i].items;
        items += (double)bin[i].items;
    }
    return items > 0 ? sum / items : (double)NAN;
}

double brier_score(const struct scored *item, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        double difference = item[i].score - (item[i].linked ? 1 : 0);
        sum += difference * difference;
    }
    return count > 0 ? sum / (double)count : (double)NAN;
}

/* ---- folds --------------------------------------------------------------------------------------------- */

/* 0 .. count-1 in an order drawn from the generator (Fisher and Yates). */
static uint32_t *shuffled(struct rng *r, size_t count, struct arena *a)
{
    uint32_t *order = NEW_ARRAY(a, uint32_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        size_t j = (size_t)rng_below(r, i + 1);
        order[i] = order[j];
        order[j] = (uint32_t)i;
    }
    return order;
}

void folds_stratified(uint64_t seed, size_t folds, const bool *linked, size_t count, uint8_t *fold,
                      struct arena *scratch)
{
    MUST(folds >= 2 && folds <= UINT8_MAX);
    struct rng r;
    rng_seed(&r, seed);
    const uint32_t *order = shuffled(&r, count, scratch);
    size_t dealt[2] = {0, 0};
    for (size_t i = 0; i < count; i++)
        fold[order[i]] = (uint8_t)(dealt[linked[order[i]]]++ % folds);
}

void folds_by_group(uint64_t seed, size_t folds, const uint32_t *group, size_t groups, size_t count,
                    uint8_t *fold, struct arena *scratch)
{
    MUST(folds >= 2 && folds <= UINT8_MAX);
    struct rng r;
    rng_seed(&r, seed);
    const uint32_t *order = shuffled(&r, groups, scratch);
    size_t *size = NEW_ARRAY(scratch, size_t, groups + 1), *held = NEW_ARRAY(scratch, size_t, folds);
    uint8_t *of_group = NEW_ARRAY(scratch, uint8_t, groups + 1);
    for (size_t i = 0; i < count; i++)
        size[group[i]]++;
    for (size_t i = 0; i < groups; i++) {
        size_t smallest = 0;
        for (size_t f = 1; f < folds; f++)
            if (held[f] < held[smallest]) smallest = f;
        of_group[order[i]] = (uint8_t)smallest;
        held[smallest] += size[order[i]];
    }
    for (size_t i = 0; i < count; i++)
        fold[i] = of_group[group[i]];
}
