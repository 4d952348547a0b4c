/* evaluate groups: rows of a table whose true groups are known; whole groups are held out. */
#include "app/label_file.h"
#include "cli/figures.h"
#include "cli/table_options.h"
#include "learn/validate.h"

#include <math.h>

struct evaluation {
    const struct sheet *rows;
    struct sheets_account account, labels_account;
    struct label_file labels;
    struct pair_table table;
    enum method method;
    size_t folds, seeds, judged;
    uint64_t seed;
    struct figures figures;
};

static enum status read_both(struct cli *c, struct evaluation *v, struct err *e)
{
    struct policy policy;
    const struct sheet *labels;
    const char *path = cli_path(c, "groups");
    TRY(session_policy(c->arena, &policy, e));
    TRY(cli_table(c, c->operand[0], &policy, &v->rows, &v->account, e));
    TRY(cli_table_by(c, path, cli_path(c, "groups-map"), &policy, &labels, &v->labels_account, e));
    return label_file_take(labels, v->rows, c->arena, &v->labels, e);
}

/* The pairs of labelled rows with their measures, and the groups that are held out whole. */
static enum status measure_pairs(struct cli *c, struct evaluation *v, struct err *e)
{
    const struct labels *l = &v->labels.labels;
    struct measure_spec *spec;
    struct measures *measures;
    size_t count;
    uint32_t *group_a = NEW_ARRAY(c->arena, uint32_t, l->pairs + 1),
             *group_b = NEW_ARRAY(c->arena, uint32_t, l->pairs + 1);
    if (cli_option(c, "measures")->given)
        TRY(measures_parse(cli_option(c, "measures")->text, c->arena, &spec, &count, e));
    else
        TRY(measures_default(v->rows, c->arena, &spec, &count, e));
    TRY(measures_prepare(v->rows, spec, count, c->arena, &measures, e));
    v->table = measures_table(measures, l->pair, l->pairs, (size_t)cli_option(c, "threads")->whole, c->arena);
    v->table.linked = l->linked;
    v->table.weight = l->weight;
    for (size_t i = 0; i < l->pairs; i++) {
        group_a[i] = l->part[l->pair[i].a];
        group_b[i] = l->part[l->pair[i].b];
    }
    v->table.group_a = group_a;
    v->table.group_b = group_b;
    v->table.groups = l->parts;
    return OK;
}

struct rank {
    size_t k;
    const char *key, *name;
};
static const struct rank RANKS[] = {
    {1, "mate_first", "a true mate ranked first"},
    {5, "mate_among_5", "a true mate among the first 5"},
    {10, "mate_among_10", "a true mate among the first 10"},
};

/* A pair of two folds has two scores: it is judged by their mean. */
static size_t judged_pairs(const struct pair_table *t, const double *score, const double *score_b,
                           struct scored *item)
{
    size_t count = 0;
    for (size_t i = 0; i < t->pairs; i++)
        if (!isnan(score[i]) && !isnan(score_b[i]))
            item[count++] = (struct scored){(score[i] + score_b[i]) / 2, t->linked[i]};
    return count;
}

static enum status evaluate_seed(struct cli *c, struct evaluation *v, size_t seed, struct err *e)
{
    const struct pair_table *t = &v->table;
    struct train_options o = {.method = v->method, .seed = v->seed + seed};
    struct arena *a CLEANUP_ARENA = arena_new("one seed", (size_t)8 << 30);
    double *score = NEW_ARRAY(a, double, t->pairs), *score_b = NEW_ARRAY(a, double, t->pairs);
    struct scored *item = NEW_ARRAY(a, struct scored, t->pairs);
    bool within = cli_flag(c, "within");
    TRY(validate_pairs(t, &o, v->folds, (size_t)cli_option(c, "threads")->whole, score,
                       within ? NULL : score_b, e));
    if (within) memcpy(score_b, score, t->pairs * sizeof *score);
    v->judged = judged_pairs(t, score, score_b, item);
    figures_put_ranking(&v->figures, seed, item, v->judged);
    for (size_t k = 0; k < COUNT_OF(RANKS); k++) {
        struct mates m = mates_among(&v->labels.labels, score, score_b, RANKS[k].k, a);
        figures_put(&v->figures, seed, RANKS[k].key, RANKS[k].name, 4, m.among / (double)m.rows);
    }
    return OK;
}

static void tell_text(struct cli *c, const struct evaluation *v)
{
    const struct labels *l = &v->labels.labels;
    struct arena *a = c->arena;
    print_table_account(c->out, a, &v->account);
    if (v->labels.unknown > 0)
        print_wrapped(
            c->out,
            str_format(a, "Labels that name no row of the table, left out: %.*s, the first of %.*s.",
                       STR_ARG(count_words(a, v->labels.unknown)), STR_ARG(v->labels.first_unknown)),
            0, 0);
    print_wrapped(
        c->out,
        str_format(a,
                   "%.*s with a known group, %.*s with a mate; %.*s that share nobody. %.*s judged%s, "
                   "%.*s linked; %.*s; method %s, %.*s.",
                   STR_ARG(count_of(a, l->labelled, "row", "rows")), STR_ARG(count_words(a, l->with_mates)),
                   STR_ARG(count_of(a, l->parts, "part", "parts")),
                   STR_ARG(count_of(a, v->judged, "pair", "pairs")),
                   cli_flag(c, "within") ? " within the folds" : "", STR_ARG(count_words(a, l->linked_pairs)),
                   STR_ARG(count_of(a, v->table.features, "measure", "measures")), METHODS[v->method].name,
                   STR_ARG(figures_seeds(a, v->folds, v->seed, v->seeds))),
        0, 0);
    print_line(c->out, "%s", "");
    figures_print(c->out, &v->figures);
}

static void tell_json(struct cli *c, const struct evaluation *v)
{
    const struct labels *l = &v->labels.labels;
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_kv_str(&w, S("method"), str_of(METHODS[v->method].name));
    json_table_account(&w, &v->account);
    json_kv_i64(&w, S("labelled"), (int64_t)l->labelled);
    json_kv_i64(&w, S("with_mates"), (int64_t)l->with_mates);
    json_kv_i64(&w, S("parts"), (int64_t)l->parts);
    json_kv_i64(&w, S("labels_unknown"), (int64_t)v->labels.unknown);
    json_kv_i64(&w, S("pairs"), (int64_t)l->pairs);
    json_kv_i64(&w, S("linked"), (int64_t)l->linked_pairs);
    json_kv_i64(&w, S("folds"), (int64_t)v->folds);
    json_kv_i64(&w, S("seed"), (int64_t)v->seed);
    json_kv_i64(&w, S("seeds"), (int64_t)v->seeds);
    figures_json(&w, &v->figures);
    json_close(&w, '}');
    cli_json_end(c);
}

enum status cmd_evaluate_groups(struct cli *c, struct err *e)
{
    struct evaluation v = {.folds = (size_t)cli_option(c, "folds")->whole,
                           .seed = (uint64_t)cli_option(c, "seed")->whole,
                           .seeds = (size_t)cli_option(c, "seeds")->whole};
    TRY(figures_limits(v.folds, v.seeds, e));
    TRY(figures_method(cli_option(c, "method")->text, &v.method, e));
    TRY(read_both(c, &v, e));
    TRY(measure_pairs(c, &v, e));
    v.figures = figures_for(c->arena, v.seeds);
    for (size_t s = 0; s < v.seeds; s++)
        TRY(evaluate_seed(c, &v, s, e));
    if (cli_flag(c, "json"))
        tell_json(c, &v);
    else
        tell_text(c, &v);
    return OK;
}
