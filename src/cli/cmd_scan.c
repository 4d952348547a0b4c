/* scan: clusters in space and time in one table, without a store. */
#include "app/scanning.h"
#include "app/session.h"
#include "base/caldate.h"
#include "base/csv.h"
#include "cli/begin.h"
#include "cli/sink.h"
#include "cli/table_options.h"

#include <math.h>

static const char *const MODEL_NAMES[] = {"permutation", "poisson", "bernoulli"};

static enum status model_read(Str word, enum scan_model *out, struct err *e)
{
    for (size_t i = 0; i < COUNT_OF(MODEL_NAMES); i++)
        if (str_eq(word, str_of(MODEL_NAMES[i]))) {
            *out = (enum scan_model)i;
            return OK;
        }
    return ERR(e, E_INVALID, "model", "--model must be permutation, poisson or bernoulli, not \"%.*s\"",
               STR_ARG(word));
}

static enum status options_read(struct cli *c, const struct policy *policy, struct scanning_options *o,
                                struct err *e)
{
    struct sheets_account account;
    *o = (struct scanning_options){
        .when = cli_text(c, "when"),
        .where = cli_text(c, "where"),
        .count = cli_text(c, "count"),
        .cases = cli_text(c, "cases"),
        .by = cli_text(c, "by"),
        .every = cli_count(c, "every"),
        .from_day = cli_day(c, "from"),
        .to_day = cli_day(c, "to"),
        .days_max = cli_number(c, "days", 0),
        .radius_m = 1000 * cli_number(c, "radius-km", (double)INFINITY),
        .grid_m = cli_number(c, "grid-m", 0),
    };
    o->scan = (struct scan_options){
        .prospective = cli_option(c, "prospective")->given,
        .share_max = cli_number(c, "share", 0),
        .clusters_max = cli_count(c, "top"),
        .shuffles = cli_count(c, "shuffles"),
        .stop_after = cli_count(c, "stop-after"),
        .gumbel = cli_flag(c, "gumbel"),
        .seed = (uint64_t)cli_option(c, "seed")->whole,
        .threads = cli_count(c, "threads"),
    };
    if (o->scan.prospective && o->to_day != INT64_MIN)
        return ERR(e, E_INVALID, "to", "--prospective says where the period ends; leave --to away");
    if (o->scan.prospective) o->to_day = cli_day(c, "prospective");
    TRY(model_read(cli_option(c, "model")->text, &o->scan.model, e));
    TRY(period_step_read(cli_option(c, "unit")->text, &o->unit, e));
    const char *places = cli_path(c, "places"), *population = cli_path(c, "population");
    if (places) TRY(cli_table_by(c, places, cli_path(c, "places-map"), policy, &o->places, &account, e));
    if (population)
        TRY(cli_table_by(c, population, cli_path(c, "population-map"), policy, &o->population, &account, e));
    return OK;
}

/* ---- one cluster, in three forms -------------------------------------------------------------------- */

struct told {
    const struct sheet *sheet;
    const struct scanning *s;
    const struct scanned_stratum *stratum;
    const struct scan_cluster *cluster;
    const struct detection *detection;
    size_t rank;
};

static Str place_list(const struct told *t, Str between, struct arena *a)
{
    struct str_list list = {NEW_ARRAY(a, Str, t->cluster->locations), t->cluster->locations};
    for (size_t i = 0; i < list.count; i++)
        list.item[i] = t->s->place_name[t->cluster->location[i]];
    return str_join(a, &list, between);
}

/* The ids of the rows; a row that counts for several cases stands once. */
static Str member_list(const struct told *t, Str between, struct arena *a)
{
    const struct detection *d = t->detection;
    struct str_list list = {NEW_ARRAY(a, Str, d->count), 0};
    for (size_t i = 0; i < d->count; i++) {
        uint32_t row = t->stratum->row[d->member[i]];
        if (i == 0 || row != t->stratum->row[d->member[i - 1]]) list.item[list.count++] = t->sheet->id[row];
    }
    return str_join(a, &list, between);
}

static double ratio_of(const struct scan_cluster *c)
{
    return (double)c->observed / c->expected;
}

static void cluster_print(struct cli *c, const struct told *t)
{
    struct arena *a = c->arena;
    Str what = detection_sentence(a, t->detection, t->s->place_name[t->cluster->centre]);
    Str stratum = str_present(t->stratum->name) ? str_format(a, "%.*s: ", STR_ARG(t->stratum->name)) : S("");
    print_wrapped(c->out, str_format(a, "%zu. %.*s%.*s.", t->rank, STR_ARG(stratum), STR_ARG(what)), 0, 3);
    Str tested = t->cluster->shuffles
                     ? str_format(a, ", p %.4f (%zu of %zu shuffles reach it)", t->cluster->probability,
                                  t->cluster->reached, t->cluster->shuffles)
                     : S("");
    print_wrapped(c->out,
                  str_format(a, "Observed / expected %.2f, log-likelihood ratio %.6f%.*s.",
                             ratio_of(t->cluster), t->cluster->score, STR_ARG(tested)),
                  3, 3);
    Str places = place_list(t, S(", "), a);
    print_wrapped(c->out, str_format(a, "Places: %.*s", STR_ARG(places)), 3, 5);
    if (cli_flag(c, "members"))
        print_wrapped(c->out, str_format(a, "Members: %.*s", STR_ARG(member_list(t, S(", "), a))), 3, 5);
}

static void cluster_json(struct json_writer *w, struct cli *c, const struct told *t)
{
    const struct scan_cluster *x = t->cluster;
    char day[32];
    json_open(w, '{');
    json_kv_str(w, S("stratum"), t->stratum->name);
    json_kv_i64(w, S("rank"), (int64_t)t->rank);
    json_kv_str(w, S("centre"), t->s->place_name[x->centre]);
    json_kv_f64(w, S("x"), t->s->points.x[x->centre]);
    json_kv_f64(w, S("y"), t->s->points.y[x->centre]);
    json_kv_f64(w, S("radius_m"), x->radius_m);
    caldate_format_day(t->detection->from_day * MS_PER_DAY, day);
    json_kv_str(w, S("from"), str_of(day));
    caldate_format_day(t->detection->to_day * MS_PER_DAY, day);
    json_kv_str(w, S("to"), str_of(day));
    json_kv_i64(w, S("observed"), (int64_t)x->observed);
    json_kv_f64(w, S("expected"), x->expected);
    json_kv_f64(w, S("ratio"), ratio_of(x));
    json_kv_f64(w, S("llr"), x->score);
    json_kv_f64(w, S("p"), x->shuffles ? x->probability : (double)NAN);
    json_kv_i64(w, S("reached"), (int64_t)x->reached);
    json_kv_i64(w, S("shuffles"), (int64_t)x->shuffles);
    json_kv_f64(w, S("recurrence_weeks"), t->detection->recurrence_weeks);
    json_put_key(w, S("places"));
    json_open(w, '[');
    for (size_t i = 0; i < x->locations; i++)
        json_put_str(w, t->s->place_name[x->location[i]]);
    json_close(w, ']');
    json_put_key(w, S("members"));
    json_open(w, '[');
    Str rest = member_list(t, S("\n"), c->arena), id;
    while (str_next(&rest, '\n', &id))
        json_put_str(w, id);
    json_close(w, ']');
    json_close(w, '}');
}

static void cluster_csv(struct buf *line, const struct told *t, struct arena *a)
{
    const struct scan_cluster *x = t->cluster;
    char from[32], to[32];
    caldate_format_day(t->detection->from_day * MS_PER_DAY, from);
    caldate_format_day(t->detection->to_day * MS_PER_DAY, to);
    csv_add_cell(line, str_present(t->stratum->name) ? t->stratum->name : S(""), true, true);
    csv_add_cell(line, str_format(a, "%zu", t->rank), false, false);
    csv_add_cell(line, t->s->place_name[x->centre], false, true);
    const double number[] = {t->s->points.x[x->centre], t->s->points.y[x->centre], x->radius_m};
    for (size_t i = 0; i < COUNT_OF(number); i++)
        csv_add_cell(line, str_format(a, "%.10g", number[i]), false, false);
    csv_add_cell(line, str_of(from), false, false);
    csv_add_cell(line, str_of(to), false, false);
    csv_add_cell(line, str_format(a, "%zu", x->observed), false, false);
    csv_add_cell(line, str_format(a, "%.6g", x->expected), false, false);
    csv_add_cell(line, str_format(a, "%.6g", ratio_of(x)), false, false);
    csv_add_cell(line, str_format(a, "%.6f", x->score), false, false);
    csv_add_cell(line, x->shuffles ? str_format(a, "%.6g", x->probability) : S(""), false, false);
    csv_add_cell(line, x->shuffles ? str_format(a, "%.6g", t->detection->recurrence_weeks) : S(""), false,
                 false);
    csv_add_cell(line, place_list(t, S(";"), a), false, true);
    csv_add_cell(line, member_list(t, S(";"), a), false, true);
}

/* ---- the whole -------------------------------------------------------------------------------------- */

static struct told told_of(const struct sheet *f, const struct scanning *s, size_t stratum, size_t i)
{
    const struct scanned_stratum *x = &s->stratum[stratum];
    return (struct told){f, s, x, &x->result.cluster[i], &x->detection[i], i + 1};
}

static enum status write_csv(const struct sheet *f, const struct scanning *s, const char *path,
                             struct arena *a, struct err *e)
{
    struct sink sink CLEANUP_SINK = {.fd = -1};
    struct buf line CLEANUP_BUF;
    buf_init(&line, (size_t)256 << 20);
    TRY(sink_open(&sink, path, e));
    TRY(sink_line(&sink,
                  S("stratum,rank,centre,x,y,radius_m,from,to,observed,expected,ratio,llr,p,recurrence_weeks,"
                    "places,members"),
                  e));
    for (size_t k = 0; k < s->strata; k++)
        for (size_t i = 0; i < s->stratum[k].result.clusters; i++) {
            struct told t = told_of(f, s, k, i);
            buf_clear(&line);
            cluster_csv(&line, &t, a);
            TRY(buf_status(&line, e));
            TRY(sink_line(&sink, buf_str(&line), e));
        }
    return sink_finish(&sink, e);
}

struct left_out {
    const char *name, *words;
    size_t rows;
};

static size_t left_out_list(const struct scanning *s, struct left_out out[7])
{
    const struct left_out all[7] = {
        {"no_time", "without a time, or with one too vague", s->no_time},
        {"no_place", "without a place", s->no_place},
        {"vague_place", "with a place less sure than the largest circle", s->vague_place},
        {"outside", "outside of the period", s->outside},
        {"no_count", "without cases", s->no_count},
        {"no_stratum", "without a value to scan by", s->no_stratum},
        {"not_cases", "that are no cases", s->not_cases},
    };
    memcpy(out, all, sizeof all);
    return COUNT_OF(all);
}

/* "365 days", "52 units of 2 weeks" */
static Str units_words(const struct cli *c, const struct scanning *s, enum period_step unit)
{
    struct arena *a = c->arena;
    const char *one = period_step_name(unit), *many = str_cstr(a, str_format(a, "%ss", one));
    size_t every = cli_count(c, "every");
    if (every <= 1) return count_of(a, s->period.units, one, many);
    return str_format(a, "%.*s of %zu %s", STR_ARG(count_of(a, s->period.units, "unit", "units")), every,
                      many);
}

static void scan_print(struct cli *c, const struct sheet *f, const struct scanning *s, enum period_step unit)
{
    struct arena *a = c->arena;
    char from[48], to[48];
    struct left_out left[7];
    caldate_words_day(s->period.first_day[0] * MS_PER_DAY, from);
    caldate_words_day((s->period.first_day[s->period.units] - 1) * MS_PER_DAY, to);
    Str cases = count_of(a, s->cases, "case", "cases"),
        places = count_of(a, s->points.count, "place", "places");
    Str controls = s->controls
                       ? str_format(a, ", %.*s", STR_ARG(count_of(a, s->controls, "control", "controls")))
                       : S("");
    print_wrapped(c->out,
                  str_format(a, "%.*s%.*s at %.*s, %s to %s, in %.*s.", STR_ARG(cases), STR_ARG(controls),
                             STR_ARG(places), from, to, STR_ARG(units_words(c, s, unit))),
                  0, 0);
    for (size_t i = 0, n = left_out_list(s, left); i < n; i++)
        if (left[i].rows)
            print_line(c->out, "    %.*s left out, %s.", STR_ARG(count_of(a, left[i].rows, "row", "rows")),
                       left[i].words);
    size_t clusters = 0;
    for (size_t k = 0; k < s->strata; k++)
        for (size_t i = 0; i < s->stratum[k].result.clusters; i++, clusters++) {
            struct told t = told_of(f, s, k, i);
            print_line(c->out, "%s", "");
            cluster_print(c, &t);
        }
    if (clusters == 0) print_line(c->out, "No circle and span holds more cases than expected.");
}

static void scan_json(struct cli *c, const struct sheet *f, const struct scanning *s,
                      const struct sheets_account *account)
{
    struct json_writer w = cli_json(c);
    struct left_out left[7];
    json_open(&w, '{');
    json_table_account(&w, account);
    for (size_t i = 0, n = left_out_list(s, left); i < n; i++)
        json_kv_i64(&w, str_of(left[i].name), (int64_t)left[i].rows);
    json_kv_i64(&w, S("cases"), (int64_t)s->cases);
    json_kv_i64(&w, S("controls"), (int64_t)s->controls);
    json_kv_i64(&w, S("locations"), (int64_t)s->points.count);
    json_kv_i64(&w, S("units"), (int64_t)s->period.units);
    json_put_key(&w, S("clusters"));
    json_open(&w, '[');
    for (size_t k = 0; k < s->strata; k++)
        for (size_t i = 0; i < s->stratum[k].result.clusters; i++) {
            struct told t = told_of(f, s, k, i);
            cluster_json(&w, c, &t);
        }
    json_close(&w, ']');
    json_close(&w, '}');
    cli_json_end(c);
}

enum status cmd_scan(struct cli *c, struct err *e)
{
    struct policy policy;
    struct sheets_account account;
    struct scanning_options o;
    struct scanning s;
    const struct sheet *f = NULL;
    const char *out = cli_path(c, "output");
    TRY(session_policy(c->arena, &policy, e));
    TRY(cli_table(c, c->operand[0], &policy, &f, &account, e));
    TRY(options_read(c, &policy, &o, e));
    TRY(scanning_run(f, &o, c->arena, &s, e));
    if (out) TRY(write_csv(f, &s, out, c->arena, e));
    if (out && strcmp(out, "-") == 0) return OK;
    if (cli_flag(c, "json")) {
        scan_json(c, f, &s, &account);
        return OK;
    }
    print_table_account(c->out, c->arena, &account);
    scan_print(c, f, &s, o.unit);
    return OK;
}
