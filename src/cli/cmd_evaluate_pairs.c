/* evaluate pairs: how well links are told from other pairs, on a table of pairs. */
#include "app/pair_file.h"
#include "cli/begin.h"
#include "learn/measure.h"
#include "learn/validate.h"

#include <math.h>

#define FALSE_SHARE     0.05
#define RELIABILITY_MAX 20
#define SEEDS_MAX       1000

/* What is told of one ranking. */
struct figure {
    const char *key, *name;
    double k; /* of the best k; 0: not of a part */
};
enum { FIGURE_AUC, FIGURE_AVERAGE, FIGURE_FOUND, FIGURE_ERROR, FIGURE_BRIER, FIGURE_TOP };
static const struct figure FIGURES[] = {
    [FIGURE_AUC] = {"auc", "area under the curve", 0},
    [FIGURE_AVERAGE] = {"average_precision", "average precision", 0},
    [FIGURE_FOUND] = {"found_at_5_percent_false", "links found at 5 % false positives", 0},
    [FIGURE_ERROR] = {"calibration_error", "calibration error", 0},
    [FIGURE_BRIER] = {"brier_score", "Brier score", 0},
    [FIGURE_TOP] = {"linked_among_50", "linked among the best 50", 50},
    {"linked_among_100", "linked among the best 100", 100},
    {"linked_among_500", "linked among the best 500", 500},
    {"linked_among_1000", "linked among the best 1000", 1000},
    {"linked_among_5000", "linked among the best 5000", 5000},
};
#define FIGURE_COUNT COUNT_OF(FIGURES)

struct evaluation {
    const struct pair_file *file;
    enum method method;
    size_t folds, seeds;
    uint64_t seed;
    double *value;          /* figure by figure, one a seed */
    uint64_t pairs, linked; /* judged */
};

/* The pairs that were judged. Scores are tenfold steps of posterior odds. */
static size_t judged(const struct pair_table *t, const double *score, struct scored *item)
{
    size_t count = 0;
    for (size_t i = 0; i < t->pairs; i++)
        if (!isnan(score[i])) item[count++] = (struct scored){score[i], t->linked[i]};
    return count;
}

static void measure(struct evaluation *v, size_t seed, struct scored *item, size_t count, struct arena *a)
{
    struct ranking r = ranking_of(item, count, a);
    struct reliability_bin bin[RELIABILITY_MAX];
    double *value = v->value;
    size_t n = v->seeds;
    v->pairs = r.items;
    v->linked = r.linked;
    for (size_t i = 0; i < count; i++)
        item[i].score = 1 / (1 + pow(10, -item[i].score));
    size_t bins = reliability_curve(item, count, RELIABILITY_MAX, bin, a);
    value[FIGURE_AUC * n + seed] = ranking_auc(&r);
    value[FIGURE_AVERAGE * n + seed] = ranking_average_precision(&r);
    value[FIGURE_FOUND * n + seed] = ranking_found_at_false(&r, FALSE_SHARE);
    value[FIGURE_ERROR * n + seed] = calibration_error(bin, bins);
    value[FIGURE_BRIER * n + seed] = brier_score(item, count);
    for (size_t f = FIGURE_TOP; f < FIGURE_COUNT; f++)
        value[f * n + seed] = ranking_linked_among(&r, (uint64_t)FIGURES[f].k);
}

/* Scores of what the column --train leaves out. */
static enum status score_rest(const struct pair_file *file, const struct train_options *o, double *score,
                              struct arena *a, struct err *e)
{
    const struct pair_table *t = &file->table;
    struct curves m;
    double *value = NEW_ARRAY(a, double, t->features + 1);
    struct pair_table part = pair_table_part(t, file->train, a);
    TRY(train_pairs(&part, o, a, &m, e));
    for (size_t i = 0; i < t->pairs; i++) {
        pair_table_row(t, i, value);
        score[i] = file->train[i] ? (double)NAN : curves_score(&m, value) + m.base;
    }
    return OK;
}

static enum status evaluate_seed(struct cli *c, struct evaluation *v, size_t seed, struct err *e)
{
    const struct pair_table *t = &v->file->table;
    struct train_options o = {.method = v->method, .seed = v->seed + seed};
    size_t threads = (size_t)cli_option(c, "threads")->whole;
    struct arena_mark mark = arena_mark(c->arena);
    double *score = NEW_ARRAY(c->arena, double, t->pairs);
    struct scored *item = NEW_ARRAY(c->arena, struct scored, t->pairs);
    if (v->file->train)
        TRY(score_rest(v->file, &o, score, c->arena, e));
    else
        TRY(validate_pairs(t, &o, v->folds, threads, score, e));
    measure(v, seed, item, judged(t, score, item), c->arena);
    arena_release(c->arena, mark);
    return OK;
}

/* ---- against another program's scores ------------------------------------------------------------------ */

struct difference {
    uint64_t rows, equal; /* to six decimals */
    double greatest;
};

/* The same model scores every row, trained rows among them. */
static enum status compare_scores(struct cli *c, const struct evaluation *v, struct difference *out,
                                  struct err *e)
{
    const struct pair_table *t = &v->file->table;
    struct train_options o = {.method = v->method, .seed = v->seed};
    struct pair_table part = v->file->train ? pair_table_part(t, v->file->train, c->arena) : *t;
    struct curves m;
    double *value = NEW_ARRAY(c->arena, double, t->features + 1);
    TRY(train_pairs(&part, &o, c->arena, &m, e));
    *out = (struct difference){0};
    for (size_t i = 0; i < t->pairs; i++) {
        if (isnan(v->file->against[i])) continue;
        pair_table_row(t, i, value);
        double apart = fabs(curves_score(&m, value) * M_LN10 - v->file->against[i]);
        out->rows++;
        out->equal += apart < 5e-7;
        if (apart > out->greatest) out->greatest = apart;
    }
    return OK;
}

/* ---- telling ------------------------------------------------------------------------------------------- */

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

static bool figure_applies(const struct evaluation *v, size_t f)
{
    return FIGURES[f].k < (double)v->pairs;
}

static void tell_text(struct cli *c, const struct evaluation *v, const struct difference *apart)
{
    static const struct grid_column ONE[] = {{"measure", ALIGN_LEFT}, {"value", ALIGN_RIGHT}},
                                    MANY[] = {{"measure", ALIGN_LEFT},
                                              {"mean", ALIGN_RIGHT},
                                              {"spread", ALIGN_RIGHT},
                                              {"least", ALIGN_RIGHT},
                                              {"most", ALIGN_RIGHT}};
    bool many = v->seeds > 1;
    struct grid *g = grid_new(c->arena, many ? MANY : ONE, many ? COUNT_OF(MANY) : COUNT_OF(ONE));
    for (size_t f = 0; f < FIGURE_COUNT; f++) {
        struct spread s = spread_of(&v->value[f * v->seeds], v->seeds);
        int digits = FIGURES[f].k > 0 ? (many ? 1 : 0) : 4;
        if (!figure_applies(v, f)) continue;
        grid_add(g, str_of(FIGURES[f].name));
        grid_addf(g, "%.*f", digits, s.mean);
        if (!many) continue;
        grid_addf(g, "%.*f", digits, s.deviation);
        grid_addf(g, "%.*f", digits, s.least);
        grid_addf(g, "%.*f", digits, s.most);
    }
    grid_print(c->out, g);
    if (v->file->against)
        print_line(c->out,
                   "\n%s of %s rows equal the other program's scores to 6 decimals; the greatest difference "
                   "is %.3g.",
                   str_cstr(c->arena, count_words(c->arena, apart->equal)),
                   str_cstr(c->arena, count_words(c->arena, apart->rows)), apart->greatest);
}

static void head_text(struct cli *c, const struct evaluation *v)
{
    Str how =
        v->file->train
            ? S("judged on the rest of a given part")
            : str_format(c->arena, "%zu folds, %s %llu%s", v->folds, v->seeds > 1 ? "seeds from" : "seed",
                         (unsigned long long)v->seed,
                         v->seeds > 1
                             ? str_cstr(c->arena, str_format(c->arena, " to %llu",
                                                             (unsigned long long)(v->seed + v->seeds - 1)))
                             : "");
    print_wrapped(c->out,
                  str_format(c->arena, "%.*s judged, %.*s linked; %.*s; method %s, %.*s.",
                             STR_ARG(count_of(c->arena, v->pairs, "pair", "pairs")),
                             STR_ARG(count_words(c->arena, v->linked)),
                             STR_ARG(count_of(c->arena, v->file->table.features, "measure", "measures")),
                             METHODS[v->method].name, STR_ARG(how)),
                  0, 0);
    if (v->file->refused > 0)
        print_wrapped(c->out,
                      str_format(c->arena, "%.*s left out: %s.",
                                 STR_ARG(count_of(c->arena, v->file->refused, "row", "rows")),
                                 v->file->first.text),
                      0, 0);
    print_line(c->out, "%s", "");
}

static void tell_json(struct cli *c, const struct evaluation *v, const struct difference *apart)
{
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_kv_str(&w, S("method"), str_of(METHODS[v->method].name));
    json_kv_i64(&w, S("pairs"), (int64_t)v->pairs);
    json_kv_i64(&w, S("linked"), (int64_t)v->linked);
    json_kv_i64(&w, S("refused"), (int64_t)v->file->refused);
    if (!v->file->train) json_kv_i64(&w, S("folds"), (int64_t)v->folds);
    json_kv_i64(&w, S("seed"), (int64_t)v->seed);
    json_kv_i64(&w, S("seeds"), (int64_t)v->seeds);
    for (size_t f = 0; f < FIGURE_COUNT; f++) {
        if (!figure_applies(v, f)) continue;
        json_put_key(&w, str_of(FIGURES[f].key));
        json_open(&w, '[');
        for (size_t s = 0; s < v->seeds; s++)
            json_put_fixed(&w, v->value[f * v->seeds + s], 6);
        json_close(&w, ']');
    }
    if (v->file->against) {
        json_kv_i64(&w, S("rows_compared"), (int64_t)apart->rows);
        json_kv_i64(&w, S("rows_equal"), (int64_t)apart->equal);
        json_put_key(&w, S("greatest_difference"));
        json_put_fixed(&w, apart->greatest, 9);
    }
    json_close(&w, '}');
    cli_json_end(c);
}

enum status cmd_evaluate_pairs(struct cli *c, struct err *e)
{
    struct pair_file file;
    struct difference apart = {0};
    struct pair_file_options o = {
        .file = c->operand[0],
        .label = cli_option(c, "label")->text,
        .columns = cli_option(c, "columns")->text,
        .weight = cli_option(c, "weight")->text,
        .train = cli_option(c, "train")->text,
        .against = cli_option(c, "against")->text,
    };
    int method = method_named(cli_option(c, "method")->text);
    struct evaluation v = {.file = &file,
                           .folds = (size_t)cli_option(c, "folds")->whole,
                           .seed = (uint64_t)cli_option(c, "seed")->whole,
                           .seeds = (size_t)cli_option(c, "seeds")->whole};
    if (method < 0)
        return ERR(e, E_INVALID, "method", "the method is additive, bayes or logistic, not \"%.*s\"",
                   STR_ARG(cli_option(c, "method")->text));
    if (v.folds < 2 || v.folds > 100) return ERR(e, E_INVALID, "folds", "give 2 to 100 folds");
    if (v.seeds > SEEDS_MAX) return ERR(e, E_INVALID, "seeds", "give at most %d seeds", SEEDS_MAX);
    v.method = (enum method)method;
    TRY(pair_file_read(&o, c->arena, &file, e));
    v.value = NEW_ARRAY(c->arena, double, FIGURE_COUNT *v.seeds);
    for (size_t s = 0; s < v.seeds; s++)
        TRY(evaluate_seed(c, &v, s, e));
    if (file.against) TRY(compare_scores(c, &v, &apart, e));
    if (cli_flag(c, "json")) {
        tell_json(c, &v, &apart);
        return OK;
    }
    head_text(c, &v);
    tell_text(c, &v, &apart);
    return OK;
}
