/* evaluate pairs: how well links are told from other pairs, on a table of pairs. */
#include "app/pair_file.h"
#include "cli/figures.h"
#include "learn/validate.h"

#include <math.h>

struct evaluation {
    const struct pair_file *file;
    enum method method;
    size_t folds, seeds;
    uint64_t seed;
    struct figures figures;
    size_t pairs, linked; /* judged */
};

/* The pairs that were judged. Scores are tenfold steps of posterior odds. */
static size_t judged(const struct pair_table *t, const double *score, struct scored *item)
{
    size_t count = 0;
    for (size_t i = 0; i < t->pairs; i++)
        if (!isnan(score[i])) item[count++] = (struct scored){score[i], t->linked[i]};
    return count;
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
    double *score = NEW_ARRAY(c->arena, double, t->pairs);
    struct scored *item = NEW_ARRAY(c->arena, struct scored, t->pairs);
    if (v->file->train)
        TRY(score_rest(v->file, &o, score, c->arena, e));
    else
        TRY(validate_pairs(t, &o, v->folds, threads, score, NULL, e));
    v->pairs = judged(t, score, item);
    v->linked = 0;
    for (size_t i = 0; i < v->pairs; i++)
        v->linked += item[i].linked;
    figures_put_ranking(&v->figures, seed, item, v->pairs);
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

static void tell_text(struct cli *c, const struct evaluation *v, const struct difference *apart)
{
    Str how = v->file->train ? S("judged on the rest of a given part")
                             : figures_seeds(c->arena, v->folds, v->seed, v->seeds);
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
    figures_print(c->out, &v->figures);
    if (v->file->against)
        print_line(c->out,
                   "\n%s of %s rows equal the other program's scores to 6 decimals; the greatest difference "
                   "is %.3g.",
                   str_cstr(c->arena, count_words(c->arena, apart->equal)),
                   str_cstr(c->arena, count_words(c->arena, apart->rows)), apart->greatest);
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
    figures_json(&w, &v->figures);
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
    struct evaluation v = {.file = &file,
                           .folds = (size_t)cli_option(c, "folds")->whole,
                           .seed = (uint64_t)cli_option(c, "seed")->whole,
                           .seeds = (size_t)cli_option(c, "seeds")->whole};
    TRY(figures_limits(v.folds, v.seeds, e));
    TRY(figures_method(cli_option(c, "method")->text, &v.method, e));
    TRY(pair_file_read(&o, c->arena, &file, e));
    v.figures = figures_for(c->arena, v.seeds);
    for (size_t s = 0; s < v.seeds; s++)
        TRY(evaluate_seed(c, &v, s, e));
    if (file.against) TRY(compare_scores(c, &v, &apart, e));
    if (cli_flag(c, "json")) {
        tell_json(c, &v, &apart);
        return OK;
    }
    tell_text(c, &v, &apart);
    return OK;
}
