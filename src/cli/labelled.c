#include "cli/labelled.h"

#include "app/session.h"

#include <math.h>

/* The pairs of labelled rows with their measures, and the parts that are held out whole. */
static enum status measure_pairs(struct cli *c, const struct learned_model *model, struct labelled *v,
                                 struct err *e)
{
    const struct labels *l = &v->file.labels;
    struct measures *measures;
    uint32_t *group_a = NEW_ARRAY(c->arena, uint32_t, l->pairs + 1),
             *group_b = NEW_ARRAY(c->arena, uint32_t, l->pairs + 1);
    if (model) {
        v->spec = model->measure;
        v->specs = model->curves.count;
    } else if (cli_option(c, "measures")->given)
        TRY(measures_parse(cli_option(c, "measures")->text, c->arena, &v->spec, &v->specs, e));
    else
        TRY(measures_default(v->rows, c->arena, &v->spec, &v->specs, e));
    TRY(measures_prepare(v->rows, v->spec, v->specs, c->arena, &measures, e));
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

enum status cli_labelled(struct cli *c, const char *path, const char *map, const struct learned_model *model,
                         struct labelled *out, struct err *e)
{
    struct policy policy;
    const struct sheet *labels;
    *out = (struct labelled){0};
    TRY(session_policy(c->arena, &policy, e));
    TRY(cli_table(c, c->operand[0], &policy, &out->rows, &out->account, e));
    TRY(cli_table_by(c, path, map, &policy, &labels, &out->labels_account, e));
    TRY(label_file_take(labels, out->rows, c->arena, &out->file, e));
    return measure_pairs(c, model, out, e);
}

void print_labelled_rows(struct cli *c, const struct labelled *v)
{
    const struct labels *l = &v->file.labels;
    struct arena *a = c->arena;
    print_table_account(c->out, a, &v->account);
    if (v->file.unknown > 0)
        print_wrapped(c->out,
                      str_format(a,
                                 "Labels that name no row of the table, left out: %.*s, the first of %.*s.",
                                 STR_ARG(count_words(a, v->file.unknown)), STR_ARG(v->file.first_unknown)),
                      0, 0);
    print_wrapped(
        c->out,
        str_format(a, "%.*s with a label, %.*s with a mate, in %.*s that share nobody; %.*s, %.*s linked.",
                   STR_ARG(count_of(a, l->labelled, "row", "rows")), STR_ARG(count_words(a, l->with_mates)),
                   STR_ARG(count_of(a, l->parts, "part", "parts")),
                   STR_ARG(count_of(a, l->pairs, "pair", "pairs")), STR_ARG(count_words(a, l->linked_pairs))),
        0, 0);
}

enum status labelled_judge(const struct labelled *l, const struct train_options *o, size_t folds,
                           size_t threads, bool within, double *seen, double *seen_b, struct scored *item,
                           size_t *judged, struct err *e)
{
    const struct pair_table *t = &l->table;
    TRY(validate_pairs(t, o, folds, threads, seen, within ? NULL : seen_b, e));
    if (within) memcpy(seen_b, seen, t->pairs * sizeof *seen);
    *judged = 0;
    for (size_t i = 0; i < t->pairs; i++)
        if (!isnan(seen[i]) && !isnan(seen_b[i]))
            item[(*judged)++] = (struct scored){(seen[i] + seen_b[i]) / 2, t->linked[i]};
    return OK;
}

void labelled_judge_by(const struct labelled *l, const struct learned_model *m, double *seen,
                       struct scored *probability)
{
    const struct pair_table *t = &l->table;
    double value[MEASURES_MAX];
    double odds = pow(10, m->curves.base);
    double prevalence = m->calibrated ? m->calibration.prevalence : odds / (1 + odds);
    for (size_t i = 0; i < t->pairs; i++) {
        pair_table_row(t, i, value);
        double score = curves_score(&m->curves, value);
        seen[i] = score + m->curves.base;
        probability[i] = (struct scored){model_probability(m, score, prevalence), t->linked[i]};
    }
}
