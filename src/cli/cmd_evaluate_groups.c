/* evaluate groups: rows of a table whose true groups are known, judged by models that never saw their groups,
 * or by one that was learned before. */
#include "base/hash.h"
#include "cli/figures.h"
#include "cli/labelled.h"

struct evaluation {
    const struct learned_model *model; /* learned before; NULL: learned here, on what is not held out */
    bool trained_on;                   /* the same file */
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

static void put_mates(struct evaluation *v, size_t seed, const double *seen, const double *seen_b,
                      struct arena *a)
{
    for (size_t k = 0; k < COUNT_OF(RANKS); k++) {
        struct mates m = mates_among(&v->labelled.file.labels, seen, seen_b, RANKS[k].k, a);
        figures_put(&v->figures, seed, RANKS[k].key, RANKS[k].name, 4, m.among / (double)m.rows);
    }
}

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
    put_mates(v, seed, seen, seen_b, a);
    return OK;
}

static void evaluate_model(struct evaluation *v)
{
    const struct labels *l = &v->labelled.file.labels;
    struct arena *a CLEANUP_ARENA = arena_new("one model", (size_t)8 << 30);
    double *seen = NEW_ARRAY(a, double, l->pairs);
    struct scored *item = NEW_ARRAY(a, struct scored, l->pairs),
                  *probability = NEW_ARRAY(a, struct scored, l->pairs);
    labelled_judge_by(&v->labelled, v->model, seen, probability);
    for (size_t i = 0; i < l->pairs; i++)
        item[i] = (struct scored){seen[i], l->linked[i]};
    v->judged = l->pairs;
    figures_put_ranking(&v->figures, 0, item, v->judged);
    figures_put_probabilities(&v->figures, 0, probability, v->judged);
    put_mates(v, 0, seen, seen, a);
}

/* Was the model learned from this very file? */
static enum status find_trained_on(struct cli *c, struct evaluation *v, struct err *e)
{
    Sha256 digest;
    char hex[2 * SHA256_BYTES + 1];
    TRY(file_digest(c->operand[0], &digest, e));
    hex_encode(digest.byte, SHA256_BYTES, hex);
    for (size_t i = 0; i < v->model->trainings; i++)
        if (str_eq(v->model->training[i].key, S("digest")) &&
            str_eq(v->model->training[i].value, str_of(hex)))
            v->trained_on = true;
    return OK;
}

static enum status read_model(struct cli *c, struct evaluation *v, struct err *e)
{
    static const char *const OF_FOLDS[] = {"measures", "within"};
    for (size_t i = 0; i < COUNT_OF(OF_FOLDS); i++)
        if (cli_option(c, OF_FOLDS[i])->given)
            return ERR(e, E_INVALID, OF_FOLDS[i], "this is for learning; a model is judged as it stands");
    TRY(cli_learned_model(c, &v->model, e));
    v->method = v->model->method;
    v->seeds = 1;
    return find_trained_on(c, v, e);
}

/* "method additive, 5 folds, seed 1", "by the model burglars, version 2" */
static Str way_words(struct cli *c, const struct evaluation *v)
{
    struct arena *a = c->arena;
    if (v->model)
        return str_format(a, "judged by the model %.*s, version %lld%s", STR_ARG(v->model->name),
                          (long long)v->model->version,
                          v->trained_on ? ", which was learned from this file: the figures flatter it" : "");
    return str_format(a, "judged %s; method %s, %.*s",
                      cli_flag(c, "within") ? "within the folds" : "against all", METHODS[v->method].name,
                      STR_ARG(figures_seeds(a, v->folds, v->seed, v->seeds)));
}

static void tell_text(struct cli *c, const struct evaluation *v)
{
    struct arena *a = c->arena;
    print_labelled_rows(c, &v->labelled);
    print_wrapped(c->out,
                  str_format(a, "%.*s, %.*s.", STR_ARG(count_of(a, v->labelled.specs, "measure", "measures")),
                             STR_ARG(way_words(c, v))),
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
    if (v->model) {
        json_kv_str(&w, S("model"), v->model->name);
        json_kv_i64(&w, S("model_version"), v->model->version);
        json_kv_bool(&w, S("learned_from_this_file"), v->trained_on);
    } else {
        json_kv_i64(&w, S("folds"), (int64_t)v->folds);
        json_kv_i64(&w, S("seed"), (int64_t)v->seed);
        json_kv_i64(&w, S("seeds"), (int64_t)v->seeds);
    }
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
    if (cli_option(c, "model")->given) TRY(read_model(c, &v, e));
    TRY(cli_labelled(c, cli_path(c, "groups"), cli_path(c, "groups-map"), v.model, &v.labelled, e));
    v.figures = figures_for(c->arena, v.seeds);
    if (v.model) evaluate_model(&v);
    for (size_t s = 0; !v.model && s < v.seeds; s++)
        TRY(evaluate_seed(c, &v, s, e));
    if (cli_flag(c, "json"))
        tell_json(c, &v);
    else
        tell_text(c, &v);
    return OK;
}
