/* learn: a model from a table and its labels, as a file; for deaths, one that starts from policy. */
#include "app/learn_deaths.h"
#include "app/session.h"
#include "base/hash.h"
#include "cli/figures.h"
#include "cli/labelled.h"
#include "cli/sink.h"

#include <math.h>

struct learning {
    struct labelled labelled;
    struct learned_model model;
    size_t folds, judged;
    uint64_t seed;
    double auc, found, mate_first; /* on held-out folds */
    double *seen, *seen_b;
    struct scored *item;
};

/* ---- what it was trained on ------------------------------------------------------------------------------
 */

static Str base_name(Str path)
{
    for (size_t i = path.len; i > 0; i--)
        if (path.ptr[i - 1] == '/') return str_slice(path, i, path.len);
    return path;
}

static enum status note_file(struct cli *c, struct model_note *note, size_t *count, const char *key,
                             const char *digest_key, const char *path, struct err *e)
{
    Sha256 digest;
    char hex[2 * SHA256_BYTES + 1];
    TRY(file_digest(path, &digest, e));
    hex_encode(digest.byte, SHA256_BYTES, hex);
    model_note_add(note, count, key, base_name(str_of(path)));
    model_note_add(note, count, digest_key, str_copy(c->arena, str_of(hex)));
    return OK;
}

static void note_number(struct cli *c, struct model_note *note, size_t *count, const char *key, double number)
{
    model_note_add(note, count, key, str_format(c->arena, "%.10g", number));
}

static enum status note_training(struct cli *c, struct learning *v, struct err *e)
{
    struct learned_model *m = &v->model;
    const struct labels *l = &v->labelled.file.labels;
    TRY(note_file(c, m->training, &m->trainings, "file", "digest", c->operand[0], e));
    TRY(note_file(c, m->training, &m->trainings, "labels", "labels_digest", cli_path(c, "labels"), e));
    model_note_add(m->training, &m->trainings, "mapping", v->labelled.account.mapping);
    note_number(c, m->training, &m->trainings, "rows", (double)v->labelled.rows->rows);
    note_number(c, m->training, &m->trainings, "labelled", (double)l->labelled);
    note_number(c, m->training, &m->trainings, "pairs", (double)l->pairs);
    note_number(c, m->training, &m->trainings, "linked", (double)l->linked_pairs);
    note_number(c, m->training, &m->trainings, "seed", (double)v->seed);
    if (cli_option(c, "date")->given)
        model_note_add(m->training, &m->trainings, "date", cli_option(c, "date")->text);
    return OK;
}

/* ---- how it judges what it never saw ---------------------------------------------------------------------
 */

static enum status judge(struct cli *c, struct learning *v, struct err *e)
{
    struct learned_model *m = &v->model;
    const struct labels *l = &v->labelled.file.labels;
    struct train_options o = {.method = m->method, .seed = v->seed};
    v->seen = NEW_ARRAY(c->arena, double, l->pairs);
    v->seen_b = NEW_ARRAY(c->arena, double, l->pairs);
    v->item = NEW_ARRAY(c->arena, struct scored, l->pairs);
    TRY(labelled_judge(&v->labelled, &o, v->folds, (size_t)cli_option(c, "threads")->whole, false, v->seen,
                       v->seen_b, v->item, &v->judged, e));
    struct ranking r = ranking_of(v->item, v->judged, c->arena);
    struct mates first = mates_among(l, v->seen, v->seen_b, 1, c->arena);
    note_number(c, m->measured, &m->measurements, "folds", (double)v->folds);
    note_number(c, m->measured, &m->measurements, "pairs", (double)r.items);
    v->auc = ranking_auc(&r);
    v->found = ranking_found_at_false(&r, 0.05);
    v->mate_first = first.among / (double)first.rows;
    note_number(c, m->measured, &m->measurements, "auc", v->auc);
    note_number(c, m->measured, &m->measurements, "average_precision", ranking_average_precision(&r));
    note_number(c, m->measured, &m->measurements, "found_at_5_percent_false", v->found);
    note_number(c, m->measured, &m->measurements, "mate_first", v->mate_first);
    return OK;
}

/* The labels are decisions of the force itself only when --own says so. Of groups each row is one. */
static uint64_t own_decisions(struct cli *c, const struct learning *v)
{
    const struct label_file *f = &v->labelled.file;
    if (!cli_flag(c, "own")) return 0;
    return f->of_groups ? f->labels.labelled : f->labels.pairs;
}

static enum status calibrate_model(struct cli *c, struct learning *v, struct err *e)
{
    struct learned_model *m = &v->model;
    const struct option_value *population = cli_option(c, "population");
    m->calibrated = true;
    m->record.population = population->given ? population->text : base_name(str_of(c->operand[0]));
    m->record.own_decisions = own_decisions(c, v);
    TRY(calibration_judge(v->item, v->judged, CALIBRATION_PLATT, v->folds, v->seed, &m->record, e));
    return calibrate(v->item, v->judged, CALIBRATION_PLATT, c->arena, &m->calibration, e);
}

/* ---- telling ---------------------------------------------------------------------------------------------
 */

struct weights {
    double least, most;
};

static struct weights weights_of(const struct curve *k)
{
    struct weights s = {0, 0};
    for (size_t i = 0; i < k->points; i++) {
        s.least = i == 0 ? k->weight[i] : fmin(s.least, k->weight[i]);
        s.most = i == 0 ? k->weight[i] : fmax(s.most, k->weight[i]);
    }
    return s;
}

static void tell_text(struct cli *c, const struct learning *v)
{
    static const struct grid_column COLUMNS[] = {{"measure", ALIGN_LEFT},
                                                 {"as it rises", ALIGN_LEFT},
                                                 {"least", ALIGN_RIGHT},
                                                 {"most", ALIGN_RIGHT},
                                                 {"missing", ALIGN_RIGHT}};
    const struct learned_model *m = &v->model;
    struct grid *g = grid_new(c->arena, COLUMNS, COUNT_OF(COLUMNS));
    print_labelled_rows(c, &v->labelled);
    print_wrapped(
        c->out,
        str_format(c->arena,
                   "On parts held out (%s): area under the curve %.4f; %.1f %% of links found at 5 %% false "
                   "positives; a true mate ranked first for %.1f %% of rows; calibration error %.4f.",
                   str_cstr(c->arena, figures_seeds(c->arena, v->folds, v->seed, 1)), v->auc, v->found * 100,
                   v->mate_first * 100, m->record.error),
        0, 0);
    print_line(c->out, "\nEvidence for a link, in tenfold steps:");
    for (size_t i = 0; i < m->curves.count; i++) {
        const struct curve *k = &m->curves.curve[i];
        struct weights s = weights_of(k);
        bool level = s.most - s.least < 0.005;
        grid_add(g, k->feature);
        grid_add(g, level ? S("level") : str_of(direction_name(k->direction)));
        grid_addf(g, "%+.2f", s.least);
        grid_addf(g, "%+.2f", s.most);
        grid_addf(g, "%+.2f", k->missing);
    }
    grid_print(c->out, g);
}

/* Counts and figures as numbers, names and digests as texts. */
static void json_note(struct json_writer *w, const struct model_note *note)
{
    double number;
    if (note->value.len < 20 && str_to_f64(note->value, &number) == OK)
        json_kv_f64(w, note->key, number);
    else
        json_kv_str(w, note->key, note->value);
}

static void tell_json(struct cli *c, const struct learning *v)
{
    const struct learned_model *m = &v->model;
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_kv_str(&w, S("name"), m->name);
    json_kv_str(&w, S("method"), str_of(METHODS[m->method].name));
    json_table_account(&w, &v->labelled.account);
    json_kv_i64(&w, S("labels_unknown"), (int64_t)v->labelled.file.unknown);
    for (size_t i = 0; i < m->trainings; i++)
        json_note(&w, &m->training[i]);
    json_put_key(&w, S("measured"));
    json_open(&w, '{');
    for (size_t i = 0; i < m->measurements; i++)
        json_note(&w, &m->measured[i]);
    json_close(&w, '}');
    json_kv_i64(&w, S("own_decisions"), (int64_t)m->record.own_decisions);
    json_kv_bool(&w, S("words_of_probability"), calibration_allows_words(&m->record));
    json_close(&w, '}');
    cli_json_end(c);
}

static enum status write_model(struct cli *c, const struct learning *v, struct err *e)
{
    struct sink file CLEANUP_SINK = {.fd = -1};
    TRY(sink_open(&file, cli_path(c, "output"), e));
    model_write(&v->model, &file.buf);
    return sink_finish(&file, e);
}

static enum status learn_table(struct cli *c, struct err *e)
{
    struct learning v = {.folds = (size_t)cli_option(c, "folds")->whole,
                         .seed = (uint64_t)cli_option(c, "seed")->whole};
    struct learned_model *m = &v.model;
    struct train_options o = {.seed = v.seed};
    TRY(figures_limits(v.folds, 1, e));
    TRY(figures_method(cli_option(c, "method")->text, &m->method, e));
    o.method = m->method;
    TRY(cli_labelled(c, cli_path(c, "labels"), cli_path(c, "labels-map"), NULL, &v.labelled, e));
    m->name = cli_option(c, "name")->text;
    m->version = 1;
    m->measure = v.labelled.spec;
    TRY(note_training(c, &v, e));
    TRY(judge(c, &v, e));
    TRY(calibrate_model(c, &v, e));
    TRY(train_pairs(&v.labelled.table, &o, c->arena, &m->curves, e));
    TRY(write_model(c, &v, e));
    if (str_eq(cli_option(c, "output")->text, S("-"))) return OK; /* the model stands there */
    if (cli_flag(c, "json"))
        tell_json(c, &v);
    else
        tell_text(c, &v);
    return OK;
}

/* ---- deaths ----------------------------------------------------------------------------------------------
 */

static enum status notes_of_deaths(struct cli *c, struct str_list *out, struct err *e)
{
    struct model_note note[MODEL_NOTES_MAX];
    size_t count = 0;
    TRY(note_file(c, note, &count, "file", "digest", c->operand[0], e));
    TRY(note_file(c, note, &count, "labels", "labels_digest", cli_path(c, "labels"), e));
    model_note_add(note, &count, "mapping", base_name(cli_option(c, "map")->text));
    if (cli_option(c, "date")->given) model_note_add(note, &count, "date", cli_option(c, "date")->text);
    *out = (struct str_list){NEW_ARRAY(c->arena, Str, count), count};
    for (size_t i = 0; i < count; i++)
        out->item[i] = str_format(c->arena, "%.*s\t%.*s", STR_ARG(note[i].key), STR_ARG(note[i].value));
    return OK;
}

static void tell_deaths(struct cli *c, const struct learn_deaths_result *r)
{
    static const struct grid_column COLUMNS[] = {
        {"feature", ALIGN_LEFT},      {"m", ALIGN_RIGHT},   {"now", ALIGN_RIGHT},
        {"factor", ALIGN_RIGHT},      {"now", ALIGN_RIGHT}, {"agreed/differed", ALIGN_RIGHT},
        {"of dismissed", ALIGN_RIGHT}};
    struct grid *g = grid_new(c->arena, COLUMNS, COUNT_OF(COLUMNS));
    print_file_rows(c->out, c->arena, &r->rows);
    print_wrapped(
        c->out,
        str_format(c->arena, "%.*s: %.*s confirmed and %zu dismissed, on a policy worth %g decisions.",
                   STR_ARG(r->after.label), STR_ARG(count_of(c->arena, r->confirmed, "pair", "pairs")),
                   r->dismissed, r->before.belief),
        0, 0);
    print_line(c->out, "%s", "");
    for (int f = 0; f < FEATURE_COUNT; f++) {
        const struct feature_seen *s = &r->seen[f];
        if (s->agreed + s->differed + s->dismissed_agreed + s->dismissed_differed <= 0) continue;
        grid_add(g, str_of(FEATURES[f].name));
        grid_addf(g, "%.2f", r->before.feature[f].m);
        grid_addf(g, "%.2f", r->after.feature[f].m);
        grid_addf(g, "%.2f", r->before.feature[f].factor);
        grid_addf(g, "%.2f", r->after.feature[f].factor);
        grid_addf(g, "%.4g/%.4g", s->agreed, s->differed);
        grid_addf(g, "%.4g/%.4g", s->dismissed_agreed, s->dismissed_differed);
    }
    grid_print(c->out, g);
}

static void tell_deaths_json(struct cli *c, const struct learn_deaths_result *r)
{
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_kv_str(&w, S("name"), r->after.label);
    json_kv_str(&w, S("parent"), r->before.label);
    json_kv_i64(&w, S("rows"), (int64_t)r->rows.read);
    json_kv_i64(&w, S("refused"), (int64_t)r->rows.refused);
    json_kv_i64(&w, S("dropped"), (int64_t)r->rows.dropped);
    json_kv_i64(&w, S("labels_unknown"), (int64_t)r->labels.unknown);
    json_kv_i64(&w, S("confirmed"), (int64_t)r->confirmed);
    json_kv_i64(&w, S("dismissed"), (int64_t)r->dismissed);
    json_close(&w, '}');
    cli_json_end(c);
}

static enum status learn_of_deaths(struct cli *c, const struct policy *policy, struct err *e)
{
    struct sink file CLEANUP_SINK = {.fd = -1};
    struct sheets_account account;
    struct learn_deaths_result r;
    struct str_list notes;
    struct learn_deaths_options o = {.file = c->operand[0],
                                     .map = cli_path(c, "map"),
                                     .parent = cli_path(c, "model"),
                                     .name = cli_option(c, "name")->text,
                                     .notes = &notes};
    TRY(notes_of_deaths(c, &notes, e));
    TRY(cli_table_by(c, cli_path(c, "labels"), cli_path(c, "labels-map"), policy, &o.labels, &account, e));
    TRY(sink_open(&file, cli_path(c, "output"), e));
    TRY(learn_deaths(&o, policy, c->arena, &r, &file.buf, e));
    TRY(sink_finish(&file, e));
    if (str_eq(cli_option(c, "output")->text, S("-"))) return OK; /* the model stands there */
    if (cli_flag(c, "json"))
        tell_deaths_json(c, &r);
    else
        tell_deaths(c, &r);
    return OK;
}

enum status cmd_learn(struct cli *c, struct err *e)
{
    struct policy policy;
    bool deaths;
    TRY(session_policy(c->arena, &policy, e));
    TRY(learn_deaths_asked(cli_path(c, "map"), &policy, &deaths, e));
    return deaths ? learn_of_deaths(c, &policy, e) : learn_table(c, e);
}
