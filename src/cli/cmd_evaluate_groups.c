/* evaluate groups: rows of a table whose true groups are known; whole groups are held out. */
#include "cli/figures.h"
#include "cli/labelled.h"

struct evaluation {
    struct labelled labelled;
    enum method method;
    size_t folds, seeds, judged;
    uint64_t seed;
    struct figures figures;
};

struct rank {
    size_t k;
    const char *key, *name;
};
static const struct rank RANKS[] = {
    {1, "mate_first", "a true mate ranked first"},
    {5, "mate_among_5", "a true mate among the first 5"},
    {10, "mate_among_10", "a true mate among the first 10"},
};

static enum status evaluate_seed(struct cli *c, struct evaluation *v, size_t seed, struct err *e)
{
    const struct labels *l = &v->labelled.file.labels;
    struct train_options o = {.method = v->method, .seed = v->seed + seed};
    struct arena *a CLEANUP_ARENA = arena_new("one seed", (size_t)8 << 30);
    double *seen = NEW_ARRAY(a, double, l->pairs), *seen_b = NEW_ARRAY(a, double, l->pairs);
    struct scored *item = NEW_ARRAY(a, struct scored, l->pairs);
    TRY(labelled_judge(&v->labelled, &o, v->folds, (size_t)cli_option(c, "threads")->whole,
                       cli_flag(c, "within"), seen, seen_b, item, &v->judged, e));
    figures_put_ranking(&v->figures, seed, item, v->judged);
    for (size_t k = 0; k < COUNT_OF(RANKS); k++) {
        struct mates m = mates_among(l, seen, seen_b, RANKS[k].k, a);
        figures_put(&v->figures, seed, RANKS[k].key, RANKS[k].name, 4, m.among / (double)m.rows);
    }
    return OK;
}

static void tell_text(struct cli *c, const struct evaluation *v)
{
    struct arena *a = c->arena;
    print_labelled_rows(c, &v->labelled);
    print_wrapped(c->out,
                  str_format(a, "%.*s, judged %s; method %s, %.*s.",
                             STR_ARG(count_of(a, v->labelled.specs, "measure", "measures")),
                             cli_flag(c, "within") ? "within the folds" : "against all",
                             METHODS[v->method].name, STR_ARG(figures_seeds(a, v->folds, v->seed, v->seeds))),
                  0, 0);
    print_line(c->out, "%s", "");
    figures_print(c->out, &v->figures);
}

static void tell_json(struct cli *c, const struct evaluation *v)
{
    const struct labels *l = &v->labelled.file.labels;
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_kv_str(&w, S("method"), str_of(METHODS[v->method].name));
    json_table_account(&w, &v->labelled.account);
    json_kv_i64(&w, S("labelled"), (int64_t)l->labelled);
    json_kv_i64(&w, S("with_mates"), (int64_t)l->with_mates);
    json_kv_i64(&w, S("parts"), (int64_t)l->parts);
    json_kv_i64(&w, S("labels_unknown"), (int64_t)v->labelled.file.unknown);
    json_kv_i64(&w, S("pairs"), (int64_t)l->pairs);
    json_kv_i64(&w, S("linked"), (int64_t)l->linked_pairs);
    json_kv_i64(&w, S("judged"), (int64_t)v->judged);
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
    TRY(cli_labelled(c, cli_path(c, "groups"), cli_path(c, "groups-map"), &v.labelled, e));
    v.figures = figures_for(c->arena, v.seeds);
    for (size_t s = 0; s < v.seeds; s++)
        TRY(evaluate_seed(c, &v, s, e));
    if (cli_flag(c, "json"))
        tell_json(c, &v);
    else
        tell_text(c, &v);
    return OK;
}
