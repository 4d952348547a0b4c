#include "learn/boost.h"

#include "base/alloc.h"
#include "learn/sorted.h"

#include <math.h>
#include <string.h>

/* ---- values in bins ---------------------------------------------------------------------------------- */

#define BINS    256
#define MISSING 0 /* bin; the others rise from 1 */

struct binned {
    size_t pairs, measures;
    uint8_t *bin;   /* measure after measure, a pair each */
    double *cut;    /* of a measure BINS: the largest value of each bin, but of the last */
    size_t *filled; /* bins of a measure, with that of the missing */
    int *way;       /* 1: more never weighs less; -1: more never weighs more; 0: any */
};

/* Cuts lie halfway between two values that occur: between all neighbours where there are few, else near
 * equal counts. */
static size_t cut_values(const struct sorted *x, double *cut)
{
    size_t cuts = 0, parts = BINS - 1;
    for (size_t i = 1; i < x->count; i++) {
        if (!(x->value[i] > x->value[i - 1])) continue;
        bool few = x->distinct <= parts;
        if (!few && i * parts / x->count == cuts) continue; /* the bin is not full yet */
        if (cuts + 2 < BINS) cut[1 + cuts++] = x->value[i - 1] + (x->value[i] - x->value[i - 1]) / 2;
    }
    return cuts;
}

static uint8_t bin_of(const double *cut, size_t cuts, double value)
{
    size_t low = 1, high = cuts + 1; /* the first whose cut is no less than the value */
    if (isnan(value)) return MISSING;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (value <= cut[middle])
            high = middle;
        else
            low = middle + 1;
    }
    return (uint8_t)low;
}

static struct binned bin_all(const struct pair_table *t, struct arena *scratch)
{
    struct binned b = {.pairs = t->pairs, .measures = t->features};
    b.bin = NEW_ARRAY(scratch, uint8_t, t->pairs * t->features + 1);
    b.cut = NEW_ARRAY(scratch, double, BINS * t->features + 1);
    b.filled = NEW_ARRAY(scratch, size_t, t->features + 1);
    b.way = NEW_ARRAY(scratch, int, t->features + 1);
    for (size_t m = 0; m < t->features; m++) {
        struct arena *sorting CLEANUP_ARENA =
            arena_new("values of a measure in order", t->pairs * sizeof(double) + (1U << 20));
        struct sorted x = sorted_of(t->feature[m].value, t->pairs, sorting);
        double *cut = b.cut + m * BINS;
        enum direction d = t->feature[m].direction;
        b.way[m] = d == DIRECTION_RISES ? 1 : d == DIRECTION_FALLS ? -1 : 0;
        size_t cuts = cut_values(&x, cut);
        b.filled[m] = cuts + 2;
        for (size_t i = 0; i < t->pairs; i++)
            b.bin[m * t->pairs + i] = bin_of(cut, cuts, t->feature[m].value[i]);
    }
    return b;
}

/* ---- one tree ---------------------------------------------------------------------------------------- */

/* Derivatives of the loss over some pairs. */
struct slope {
    double g, h;
    size_t pairs;
};

/* Between which a leaf may weigh, so that no measure of a direction turns back. */
struct limits {
    double low, high;
};

struct question {
    double worth;   /* above 0: it is asked */
    double yes, no; /* what the sides would weigh */
    size_t measure, bin;
    bool missing_yes;
};

struct leaf {
    size_t from, to; /* of the pairs in order */
    struct limits limits;
    struct slope all;
    struct slope *bin; /* by measure and bin; NULL once it has become a question */
    struct question best;
    size_t node; /* of the tree being grown */
};

struct growing {
    const struct boost_options *o;
    const struct binned *b;
    const double *g, *h; /* by pair */
    uint32_t *order, *other;
    struct leaf *leaf;
    size_t leaves;
    struct grown {
        struct question asked;
        size_t yes, no; /* nodes; 0: a leaf */
        double value;
    } * node;
    size_t nodes;
};

static void slope_add(struct slope *to, const struct slope *from)
{
    to->g += from->g;
    to->h += from->h;
    to->pairs += from->pairs;
}

static struct slope slope_less(const struct slope *all, const struct slope *part)
{
    return (struct slope){all->g - part->g, all->h - part->h, all->pairs - part->pairs};
}

/* What a leaf of these pairs weighs, and what that is worth. */
static double value_of(const struct boost_options *o, const struct slope *s, struct limits limits)
{
    double v = -s->g / (s->h + o->hold);
    return v < limits.low ? limits.low : v > limits.high ? limits.high : v;
}

static double worth_of(const struct boost_options *o, const struct slope *s, double value)
{
    return -value * (2 * s->g + (s->h + o->hold) * value);
}

static void sum_bins(const struct growing *t, struct leaf *l)
{
    const struct binned *b = t->b;
    l->bin = alloc_zero(b->measures * BINS, sizeof *l->bin);
    for (size_t m = 0; m < b->measures; m++) {
        struct slope *sum = l->bin + m * BINS;
        const uint8_t *bin = b->bin + m * b->pairs;
        for (size_t i = l->from; i < l->to; i++) {
            uint32_t pair = t->order[i];
            slope_add(&sum[bin[pair]], &(struct slope){t->g[pair], t->h[pair], 1});
        }
    }
}

static void try_question(const struct growing *t, struct leaf *l, const struct slope *yes, struct question q)
{
    struct slope no = slope_less(&l->all, yes);
    if (yes->pairs < t->o->least_pairs || no.pairs < t->o->least_pairs) return;
    q.yes = value_of(t->o, yes, l->limits);
    q.no = value_of(t->o, &no, l->limits);
    if ((q.no - q.yes) * t->b->way[q.measure] < 0) return;
    q.worth = worth_of(t->o, yes, q.yes) + worth_of(t->o, &no, q.no) -
              worth_of(t->o, &l->all, value_of(t->o, &l->all, l->limits));
    if (q.worth > l->best.worth) l->best = q;
}

/* The best question of a leaf. Where nothing is missing, what is missing later goes to the larger side. */
static void find_question(const struct growing *t, struct leaf *l)
{
    l->best = (struct question){0};
    for (size_t m = 0; m < t->b->measures; m++) {
        const struct slope *bin = l->bin + m * BINS;
        struct slope yes = {0}, with_missing = bin[MISSING];
        bool missing = bin[MISSING].pairs > 0;
        for (size_t k = 1; k + 1 < t->b->filled[m]; k++) {
            slope_add(&yes, &bin[k]);
            slope_add(&with_missing, &bin[k]);
            bool larger = yes.pairs * 2 > l->all.pairs;
            try_question(t, l, &yes,
                         (struct question){.measure = m, .bin = k, .missing_yes = !missing && larger});
            if (missing)
                try_question(t, l, &with_missing,
                             (struct question){.measure = m, .bin = k, .missing_yes = true});
        }
    }
}

static size_t add_node(struct growing *t, const struct leaf *l)
{
    t->node[t->nodes] = (struct grown){.value = value_of(t->o, &l->all, l->limits) * t->o->rate};
    return t->nodes++;
}

/* Puts those that say yes first, both in the order they had; how many they are. */
static size_t part_pairs(struct growing *t, const struct leaf *l)
{
    const uint8_t *bin = t->b->bin + l->best.measure * t->b->pairs;
    size_t yes = 0, no = 0;
    for (size_t i = l->from; i < l->to; i++) {
        uint32_t pair = t->order[i];
        bool says = bin[pair] == MISSING ? l->best.missing_yes : bin[pair] <= l->best.bin;
        if (says)
            t->order[l->from + yes++] = pair;
        else
            t->other[no++] = pair;
    }
    memcpy(t->order + l->from + yes, t->other, no * sizeof *t->other);
    return yes;
}

/* What follows a question about a measure of a direction stays on its side of the middle. */
static void part_limits(const struct growing *t, const struct leaf *whole, struct leaf *yes, struct leaf *no)
{
    int way = t->b->way[whole->best.measure];
    double middle = (whole->best.yes + whole->best.no) / 2;
    yes->limits = no->limits = whole->limits;
    if (way == 0) return;
    struct leaf *lower = way > 0 ? yes : no, *upper = way > 0 ? no : yes;
    lower->limits.high = middle;
    upper->limits.low = middle;
}

/* The bins of the larger half are those of the whole less those of the smaller. */
static void split(struct growing *t, size_t at)
{
    struct leaf whole = t->leaf[at], *yes = &t->leaf[at], *no = &t->leaf[t->leaves++];
    size_t says = part_pairs(t, &whole);
    *yes = (struct leaf){.from = whole.from, .to = whole.from + says};
    *no = (struct leaf){.from = whole.from + says, .to = whole.to};
    part_limits(t, &whole, yes, no);
    bool yes_smaller = says * 2 < whole.to - whole.from;
    struct leaf *small = yes_smaller ? yes : no, *large = yes_smaller ? no : yes;
    sum_bins(t, small);
    large->bin = whole.bin;
    for (size_t i = 0; i < t->b->measures * BINS; i++)
        large->bin[i] = slope_less(&large->bin[i], &small->bin[i]);
    for (size_t i = small->from; i < small->to; i++)
        slope_add(&small->all, &(struct slope){t->g[t->order[i]], t->h[t->order[i]], 1});
    large->all = slope_less(&whole.all, &small->all);
    find_question(t, yes);
    find_question(t, no);
    yes->node = add_node(t, yes);
    no->node = add_node(t, no);
    t->node[whole.node].asked = whole.best;
    t->node[whole.node].yes = yes->node;
    t->node[whole.node].no = no->node;
}

static void grow(struct growing *t)
{
    t->leaves = 1;
    t->nodes = 0;
    t->leaf[0] = (struct leaf){.to = t->b->pairs, .limits = {-HUGE_VAL, HUGE_VAL}};
    for (size_t i = 0; i < t->b->pairs; i++) {
        t->order[i] = (uint32_t)i;
        slope_add(&t->leaf[0].all, &(struct slope){t->g[i], t->h[i], 1});
    }
    sum_bins(t, &t->leaf[0]);
    find_question(t, &t->leaf[0]);
    t->leaf[0].node = add_node(t, &t->leaf[0]);
    while (t->leaves < t->o->leaves) {
        size_t best = 0;
        for (size_t i = 1; i < t->leaves; i++)
            if (t->leaf[i].best.worth > t->leaf[best].best.worth) best = i;
        if (!(t->leaf[best].best.worth > 0)) break;
        split(t, best);
    }
    for (size_t i = 0; i < t->leaves; i++)
        alloc_free(t->leaf[i].bin);
}

/* ---- all trees --------------------------------------------------------------------------------------- */

struct boosting {
    const struct pair_table *t;
    double *log_odds, *g, *h; /* by pair; natural logarithm */
    struct growing tree;
    struct trees *out;
};

static void take_slopes(struct boosting *b)
{
    for (size_t i = 0; i < b->t->pairs; i++) {
        double p = 1 / (1 + exp(-b->log_odds[i])), weight = pair_weight(b->t, i);
        b->g[i] = (p - (b->t->linked[i] ? 1 : 0)) * weight;
        b->h[i] = p * (1 - p) * weight;
    }
}

static void take_values(struct boosting *b)
{
    for (size_t l = 0; l < b->tree.leaves; l++) {
        const struct leaf *leaf = &b->tree.leaf[l];
        for (size_t i = leaf->from; i < leaf->to; i++)
            b->log_odds[b->tree.order[i]] += b->tree.node[leaf->node].value;
    }
}

/* A question, what follows its yes, what follows its no. */
static void put_node(struct boosting *b, size_t node)
{
    const struct grown *n = &b->tree.node[node];
    struct tree_node *to = &b->out->node[b->out->nodes++];
    if (n->yes == 0) {
        *to = (struct tree_node){TREE_LEAF, false, 0, n->value / log(10)};
        return;
    }
    *to = (struct tree_node){(uint16_t)n->asked.measure, n->asked.missing_yes, 0,
                             b->tree.b->cut[n->asked.measure * BINS + n->asked.bin]};
    put_node(b, n->yes);
    to->no = (uint32_t)b->out->nodes;
    put_node(b, n->no);
}

static enum status odds_of(const struct pair_table *t, double *log_odds, struct err *e)
{
    double linked = 0, others = 0;
    for (size_t i = 0; i < t->pairs; i++)
        *(t->linked[i] ? &linked : &others) += pair_weight(t, i);
    if (!(linked > 0) || !(others > 0))
        return ERR(e, E_INVALID, "pairs",
                   "nothing can be learned from these pairs: there must be linked ones and others");
    *log_odds = log(linked / others);
    return OK;
}

enum status boost_train(const struct pair_table *t, const struct boost_options *o, struct arena *a,
                        struct trees *out, double *odds_log10, struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("growing trees", (size_t)16 << 30);
    double start;
    MUST(o->trees > 0 && o->trees <= TREES_MAX && o->leaves >= 2 && o->leaves <= 64 && t->pairs < UINT32_MAX);
    TRY(odds_of(t, &start, e));
    struct binned binned = bin_all(t, scratch);
    struct boosting b = {.t = t, .out = out};
    b.log_odds = NEW_ARRAY(scratch, double, t->pairs);
    b.g = NEW_ARRAY(scratch, double, t->pairs);
    b.h = NEW_ARRAY(scratch, double, t->pairs);
    b.tree = (struct growing){.o = o, .b = &binned, .g = b.g, .h = b.h};
    b.tree.order = NEW_ARRAY(scratch, uint32_t, t->pairs);
    b.tree.other = NEW_ARRAY(scratch, uint32_t, t->pairs);
    b.tree.leaf = NEW_ARRAY(scratch, struct leaf, o->leaves);
    b.tree.node = NEW_ARRAY(scratch, struct grown, 2 * o->leaves);
    *out = (struct trees){.root = NEW_ARRAY(a, uint32_t, o->trees),
                          .node = NEW_ARRAY(a, struct tree_node, o->trees * 2 * o->leaves)};
    for (size_t i = 0; i < t->pairs; i++)
        b.log_odds[i] = start;
    while (out->count < o->trees) {
        take_slopes(&b);
        grow(&b.tree);
        take_values(&b);
        out->root[out->count++] = (uint32_t)out->nodes;
        put_node(&b, 0);
    }
    *odds_log10 = start / log(10);
    return OK;
}
