#include "cli/figures.h"

#include <math.h>

#define FALSE_SHARE     0.05
#define RELIABILITY_MAX 20
#define FOLDS_MAX       100

struct figures figures_for(struct arena *a, size_t seeds)
{
    return (struct figures){.arena = a, .seeds = seeds};
}

void figures_put(struct figures *f, size_t seed, const char *key, const char *name, int digits, double value)
{
    size_t i = 0;
    while (i < f->count && strcmp(f->figure[i].key, key) != 0)
        i++;
    if (i == f->count) {
        MUST(f->count < FIGURES_MAX);
        f->figure[f->count++] = (struct figure){key, name, digits, NEW_ARRAY(f->arena, double, f->seeds)};
    }
    f->figure[i].value[seed] = value;
}

struct best {
    uint64_t k;
    const char *key, *name;
};
static const struct best BEST[] = {
    {50, "linked_among_50", "linked among the best 50"},
    {100, "linked_among_100", "linked among the best 100"},
    {500, "linked_among_500", "linked among the best 500"},
    {1000, "linked_among_1000", "linked among the best 1000"},
    {5000, "linked_among_5000", "linked among the best 5000"},
};

void figures_put_probabilities(struct figures *f, size_t seed, const struct scored *probability, size_t count)
{
    struct arena *a CLEANUP_ARENA = arena_new("figures", (size_t)8 << 30);
    struct reliability_bin bin[RELIABILITY_MAX];
    size_t bins = reliability_curve(probability, count, RELIABILITY_MAX, bin, a);
    figures_put(f, seed, "calibration_error", "calibration error", 4, calibration_error(bin, bins));
    figures_put(f, seed, "brier_score", "Brier score", 4, brier_score(probability, count));
}

void figures_put_ranking(struct figures *f, size_t seed, const struct scored *item, size_t count)
{
    struct arena *a CLEANUP_ARENA = arena_new("figures", (size_t)8 << 30);
    struct ranking r = ranking_of(item, count, a);
    struct scored *probability = NEW_ARRAY(a, struct scored, count + 1);
    for (size_t i = 0; i < count; i++)
        probability[i] = (struct scored){1 / (1 + pow(10, -item[i].score)), item[i].linked};
    figures_put(f, seed, "auc", "area under the curve", 4, ranking_auc(&r));
    figures_put(f, seed, "average_precision", "average precision", 4, ranking_average_precision(&r));
    figures_put(f, seed, "found_at_5_percent_false", "links found at 5 % false positives", 4,
                ranking_found_at_false(&r, FALSE_SHARE));
    figures_put_probabilities(f, seed, probability, count);
    for (size_t i = 0; i < COUNT_OF(BEST); i++)
        if (BEST[i].k < r.items)
            figures_put(f, seed, BEST[i].key, BEST[i].name, f->seeds > 1 ? 1 : 0,
                        ranking_linked_among(&r, BEST[i].k));
}

struct spread {
    double mean, deviation, least, most;
};

static struct spread spread_of(const double *value, size_t count)
{
    struct spread s = {.least = value[0], .most = value[0]};
    for (size_t i = 0; i < count; i++) {
        s.mean += value[i] / (double)count;
        if (value[i] < s.least) s.least = value[i];
        if (value[i] > s.most) s.most = value[i];
    }
    for (size_t i = 0; i < count && count > 1; i++)
        s.deviation += (value[i] - s.mean) * (value[i] - s.mean) / (double)(count - 1);
    s.deviation = sqrt(s.deviation);
    return s;
}

void figures_print(struct screen *out, const struct figures *f)
{
    static const struct grid_column ONE[] = {{"measure", ALIGN_LEFT}, {"value", ALIGN_RIGHT}},
                                    MANY[] = {{"measure", ALIGN_LEFT},
                                              {"mean", ALIGN_RIGHT},
                                              {"spread", ALIGN_RIGHT},
                                              {"least", ALIGN_RIGHT},
                                              {"most", ALIGN_RIGHT}};
    bool many = f->seeds > 1;
    struct grid *g = grid_new(f->arena, many ? MANY : ONE, many ? COUNT_OF(MANY) : COUNT_OF(ONE));
    for (size_t i = 0; i < f->count; i++) {
        const struct figure *x = &f->figure[i];
        struct spread s = spread_of(x->value, f->seeds);
        grid_add(g, str_of(x->name));
        grid_addf(g, "%.*f", x->digits, s.mean);
        if (!many) continue;
        grid_addf(g, "%.*f", x->digits, s.deviation);
        grid_addf(g, "%.*f", x->digits, s.least);
        grid_addf(g, "%.*f", x->digits, s.most);
    }
    grid_print(out, g);
}

void figures_json(struct json_writer *w, const struct figures *f)
{
    for (size_t i = 0; i < f->count; i++) {
        json_put_key(w, str_of(f->figure[i].key));
        json_open(w, '[');
        for (size_t s = 0; s < f->seeds; s++)
            json_put_fixed(w, f->figure[i].value[s], 6);
        json_close(w, ']');
    }
}

Str figures_seeds(struct arena *a, size_t folds, uint64_t seed, size_t seeds)
{
    unsigned long long first = seed, last = seed + seeds - 1;
    return seeds > 1 ? str_format(a, "%zu folds, seeds %llu to %llu", folds, first, last)
                     : str_format(a, "%zu folds, seed %llu", folds, first);
}

enum status figures_limits(size_t folds, size_t seeds, struct err *e)
{
    if (folds < 2 || folds > FOLDS_MAX) return ERR(e, E_INVALID, "folds", "give 2 to %d folds", FOLDS_MAX);
    if (seeds > SEEDS_MAX) return ERR(e, E_INVALID, "seeds", "give at most %d seeds", SEEDS_MAX);
    return OK;
}

enum status figures_method(Str name, enum method *out, struct err *e)
{
    int method = method_named(name);
    if (method < 0)
        return ERR(e, E_INVALID, "method", "the method is additive, bayes or logistic, not \"%.*s\"",
                   STR_ARG(name));
    *out = (enum method)method;
    return OK;
}
