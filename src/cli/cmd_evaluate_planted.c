/* evaluate planted: what of series planted into a real population is noticed, when, and at what price. */
#include "app/background.h"
#include "app/import.h"
#include "app/linking.h"
#include "app/planted.h"
#include "app/session.h"
#include "base/caldate.h"
#include "base/stream.h"
#include "cli/begin.h"
#include "learn/calibration_file.h"

static const char *const budget_name[PLANTED_BUDGETS] = {"one a week for the force", "twelve, one a unit"};

static void put_line(void *state, Str line)
{
    struct cli *c = state;
    print_wrapped(c->out, line, 0, 4);
}

/* What was told, for a document that is written whole. */
struct kept_lines {
    struct arena *arena;
    struct str_list lines;
    size_t room;
};

static void keep_line(void *state, Str line)
{
    struct kept_lines *k = state;
    ARENA_ROOM(k->arena, k->lines.item, k->room, k->lines.count + 1, 64);
    k->lines.item[k->lines.count++] = str_copy(k->arena, line);
}

/* ---- for people -----------------------------------------------------------------------------------------
 */

static void add_share(struct grid *g, uint64_t part, uint64_t whole)
{
    if (whole == 0)
        grid_add(g, S("-"));
    else
        grid_addf(g, "%.0f %%", 100.0 * (double)part / (double)whole);
}

static void add_kind(struct grid *g, const struct planted_kind *k, Str name, size_t budget)
{
    grid_add(g, name);
    grid_addf(g, "%llu", (unsigned long long)k->groups);
    for (size_t n = 2; n <= PLANTED_DEATHS; n++)
        add_share(g, k->found[budget][n], k->of_size[n]);
    add_share(g, k->found[budget][0], k->groups);
    add_share(g, k->rank_1, k->ranked);
    add_share(g, k->rank_10, k->ranked);
    add_share(g, k->rank_100, k->ranked);
}

static void add_up(struct planted_kind *all, const struct planted_kind *k)
{
    all->groups += k->groups;
    all->ranked += k->ranked;
    all->rank_1 += k->rank_1;
    all->rank_10 += k->rank_10;
    all->rank_100 += k->rank_100;
    for (size_t n = 2; n <= PLANTED_DEATHS; n++)
        all->of_size[n] += k->of_size[n];
    for (size_t b = 0; b < PLANTED_BUDGETS; b++)
        for (size_t n = 0; n <= PLANTED_DEATHS; n++)
            all->found[b][n] += k->found[b][n];
}

static void print_series(struct cli *c, const struct planted_report *r, size_t budget)
{
    static const struct grid_column column[] = {
        {"series", ALIGN_LEFT},  {"planted", ALIGN_RIGHT}, {"2nd", ALIGN_RIGHT},
        {"3rd", ALIGN_RIGHT},    {"4th", ALIGN_RIGHT},     {"ever", ALIGN_RIGHT},
        {"rank 1", ALIGN_RIGHT}, {"to 10", ALIGN_RIGHT},   {"to 100", ALIGN_RIGHT},
    };
    struct grid *g = grid_new(c->arena, column, COUNT_OF(column));
    struct planted_kind all = {.groups = 0};
    for (size_t k = 0; k < r->kinds; k++) {
        if (r->kind[k].nature != NATURE_SERIES || r->kind[k].groups == 0) continue;
        add_kind(g, &r->kind[k], r->kind[k].name, budget);
        add_up(&all, &r->kind[k]);
    }
    add_kind(g, &all, S("all"), budget);
    print_line(c->out, "Found by the death, %s; rank of the best earlier mate:", budget_name[budget]);
    grid_print(c->out, g);
    print_line(c->out, "%s", "");
}

static void add_rate(struct grid *g, uint64_t count, double weeks)
{
    grid_addf(g, "%.3f", weeks > 0 ? (double)count / weeks : 0);
}

static void add_raised_by(struct grid *g, const struct planted_report *r)
{
    for (int by = 0; by < ALERT_BY_COUNT; by++) {
        const struct planted_by n[PLANTED_BUDGETS] = {r->budget[0].by[by], r->budget[1].by[by]};
        if (n[0].alerts + n[1].alerts == 0) continue;
        grid_addf(g, "raised by %s", alert_by_name((enum alert_by)by));
        for (size_t b = 0; b < PLANTED_BUDGETS; b++)
            add_rate(g, n[b].alerts, r->weeks);
        grid_add(g, S("  planted series"));
        for (size_t b = 0; b < PLANTED_BUDGETS; b++)
            add_rate(g, n[b].hits, r->weeks);
    }
}

static void print_alerts(struct cli *c, const struct planted_report *r)
{
    static const struct grid_column column[] = {
        {"alerts a week", ALIGN_LEFT}, {"force", ALIGN_RIGHT}, {"twelve", ALIGN_RIGHT}};
    const struct planted_budget *b = r->budget;
    struct grid *g = grid_new(c->arena, column, COUNT_OF(column));
    const struct {
        const char *label;
        uint64_t count[PLANTED_BUDGETS];
    } row[] = {
        {"all", {b[0].alerts, b[1].alerts}},
        {"planted series", {b[0].hits, b[1].hits}},
        {"true ties, no series", {b[0].benign, b[1].benign}},
        {"false", {b[0].look_alike + b[0].other, b[1].look_alike + b[1].other}},
        {"  around a true pair", {b[0].around, b[1].around}},
        {"  unrelated", {b[0].other - b[0].around, b[1].other - b[1].around}},
    };
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        grid_add(g, str_of(row[i].label));
        for (size_t k = 0; k < PLANTED_BUDGETS; k++)
            add_rate(g, row[i].count[k], r->weeks);
    }
    for (size_t k = 0; k < r->kinds; k++) {
        if (r->kind[k].nature != NATURE_LOOK_ALIKE) continue;
        grid_addf(g, "  %.*s (%llu)", STR_ARG(r->kind[k].name), (unsigned long long)r->kind[k].groups);
        for (size_t i = 0; i < PLANTED_BUDGETS; i++)
            add_rate(g, r->kind[k].alerts[i], r->weeks);
    }
    add_raised_by(g, r);
    for (size_t p = 0; p < PLANTED_PRECISIONS; p++) {
        grid_addf(g, "precision at %zu", planted_precision_at[p]);
        for (size_t k = 0; k < PLANTED_BUDGETS; k++)
            if (isnan(b[k].precision[p]))
                grid_add(g, S("-"));
            else
                grid_addf(g, "%.2f", b[k].precision[p]);
    }
    grid_print(c->out, g);
    print_line(c->out, "%s", "");
}

static void print_calibration(struct cli *c, const struct planted_calibration *r, const char *whose)
{
    static const struct grid_column column[] = {{"probability", ALIGN_LEFT},
                                                {"said", ALIGN_RIGHT},
                                                {"came true", ALIGN_RIGHT},
                                                {"pairs", ALIGN_RIGHT}};
    struct grid *g = grid_new(c->arena, column, COUNT_OF(column));
    for (size_t i = 0; i < PLANTED_BANDS; i++) {
        const struct reliability_bin *b = &r->band[i];
        if (b->items == 0) continue;
        grid_addf(g, "%g to %g", b->low, b->high);
        grid_addf(g, "%.3g", b->probability);
        grid_addf(g, "%.3g", b->linked_share);
        grid_addf(g, "%llu", (unsigned long long)b->items);
    }
    print_line(c->out, "Calibration of %s, %.*s, %.*s of them true: error %.4f, Brier score %.4f", whose,
               STR_ARG(count_of(c->arena, r->pairs, "pair", "pairs")),
               STR_ARG(count_words(c->arena, r->linked)), r->error, r->brier);
    grid_print(c->out, g);
}

static void print_report(struct cli *c, const struct background *b, const struct planted_report *r,
                         double seconds)
{
    struct arena *a = c->arena;
    print_line(c->out, "%.*s of %.*s, %.*s without a day; %.*s, %.*s in planted series (%.1f %%)",
               STR_ARG(count_of(a, r->runs, "run", "runs")), STR_ARG(count_of(a, b->rows, "row", "rows")),
               STR_ARG(count_words(a, b->without_day)), STR_ARG(count_of(a, r->deaths, "death", "deaths")),
               STR_ARG(count_words(a, r->in_series)), 100.0 * (double)r->in_series / (double)r->deaths);
    print_line(c->out,
               "%.*s over %.0f weeks with a priced alarm; %.1f s; %.*s by the file itself; "
               "scene fields recorded: %.0f %% of series, %.0f %% of others",
               STR_ARG(count_of(a, r->events, "event", "events")), r->weeks, seconds,
               STR_ARG(count_of(a, r->joint, "joint pair", "joint pairs")), 100 * r->recorded_series,
               100 * r->recorded_others);
    if (r->missed_groups > 0)
        print_line(c->out, "%.*s found too few deaths to be made of",
                   STR_ARG(count_of(a, r->missed_groups, "planned group", "planned groups")));
    print_line(c->out, "%s", "");
    for (size_t i = 0; i < PLANTED_BUDGETS; i++)
        print_series(c, r, i);
    print_alerts(c, r);
    print_calibration(c, &r->calibration[PLANTED_BY_WEIGHT], "the weight of evidence");
    print_line(c->out, "%s", "");
    print_calibration(c, &r->calibration[PLANTED_BY_LOOK], "the second look");
}

/* ---- for programs ------------------------------------------------------------------------------------- */

static void json_counts(struct json_writer *w, Str key, const uint64_t *count, size_t from, size_t to)
{
    json_put_key(w, key);
    json_open(w, '[');
    for (size_t i = from; i <= to; i++)
        json_put_i64(w, (int64_t)count[i]);
    json_close(w, ']');
}

static void json_kinds(struct json_writer *w, const struct planted_report *r)
{
    json_put_key(w, S("kinds"));
    json_open(w, '[');
    for (size_t i = 0; i < r->kinds; i++) {
        const struct planted_kind *k = &r->kind[i];
        if (k->groups == 0) continue;
        json_open(w, '{');
        json_kv_str(w, S("name"), k->name);
        json_kv_bool(w, S("series"), k->nature == NATURE_SERIES);
        json_kv_i64(w, S("groups"), (int64_t)k->groups);
        json_counts(w, S("alerts"), k->alerts, 0, PLANTED_BUDGETS - 1);
        if (k->nature == NATURE_SERIES) {
            json_counts(w, S("with_2_3_4_deaths"), k->of_size, 2, PLANTED_DEATHS);
            json_counts(w, S("found_by_2_3_4_force"), k->found[0], 2, PLANTED_DEATHS);
            json_counts(w, S("found_by_2_3_4_twelve"), k->found[1], 2, PLANTED_DEATHS);
            json_kv_i64(w, S("ranked"), (int64_t)k->ranked);
            json_kv_i64(w, S("rank_1"), (int64_t)k->rank_1);
            json_kv_i64(w, S("rank_10"), (int64_t)k->rank_10);
            json_kv_i64(w, S("rank_100"), (int64_t)k->rank_100);
        }
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void json_budgets(struct json_writer *w, const struct planted_report *r)
{
    json_put_key(w, S("budgets"));
    json_open(w, '[');
    for (size_t i = 0; i < PLANTED_BUDGETS; i++) {
        const struct planted_budget *b = &r->budget[i];
        json_open(w, '{');
        json_kv_f64(w, S("price_per_week"), planted_price[i]);
        json_kv_i64(w, S("alerts"), (int64_t)b->alerts);
        json_kv_i64(w, S("hits"), (int64_t)b->hits);
        json_kv_i64(w, S("benign"), (int64_t)b->benign);
        json_kv_i64(w, S("false"), (int64_t)(b->look_alike + b->other));
        json_kv_i64(w, S("look_alike"), (int64_t)b->look_alike);
        json_kv_i64(w, S("around_a_true_pair"), (int64_t)b->around);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void json_calibration(struct json_writer *w, Str key, const struct planted_calibration *p)
{
    json_put_key(w, key);
    json_open(w, '{');
    json_kv_i64(w, S("pairs"), (int64_t)p->pairs);
    json_kv_i64(w, S("linked"), (int64_t)p->linked);
    json_kv_f64(w, S("calibration_error"), p->error);
    json_kv_f64(w, S("brier"), p->brier);
    json_close(w, '}');
}

static void tell_json(struct cli *c, const struct planted_run_options *o, const struct planted_report *r,
                      const struct str_list *told)
{
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_kv_str(&w, S("model"), o->model->label);
    json_kv_i64(&w, S("seed"), (int64_t)o->seed);
    json_kv_i64(&w, S("runs"), (int64_t)r->runs);
    json_kv_i64(&w, S("deaths"), (int64_t)r->deaths);
    json_kv_i64(&w, S("in_series"), (int64_t)r->in_series);
    json_kv_i64(&w, S("events"), (int64_t)r->events);
    json_kv_f64(&w, S("weeks"), r->weeks);
    json_kv_f64(&w, S("recorded_series"), r->recorded_series);
    json_kv_f64(&w, S("recorded_others"), r->recorded_others);
    json_kinds(&w, r);
    json_budgets(&w, r);
    json_calibration(&w, S("by_weight"), &r->calibration[PLANTED_BY_WEIGHT]);
    json_calibration(&w, S("by_second_look"), &r->calibration[PLANTED_BY_LOOK]);
    json_put_key(&w, S("told"));
    json_open(&w, '[');
    for (size_t i = 0; i < told->count; i++)
        json_put_str(&w, told->item[i]);
    json_close(&w, ']');
    json_close(&w, '}');
    cli_json_end(c);
}

/* ---- files --------------------------------------------------------------------------------------------- */

/* The record of what the probabilities were worth here. No decision of a force stands behind it: it allows no
 * words.
 */
static enum status write_record(struct cli *c, const char *path, const struct planted_run_options *o,
                                const struct planted_report *r, struct err *e)
{
    struct buf text CLEANUP_BUF;
    const struct planted_calibration *p = &r->calibration[PLANTED_BY_WEIGHT];
    char today[32];
    struct clock clock = clock_system();
    caldate_format_day(clock_now_ms(&clock), today);
    struct calibration_file f = {
        .model = str_format(c->arena, "%.*s %lld", STR_ARG(o->model->name), (long long)o->model->version),
        .made_by = S("colligate evaluate planted"),
        .made_on = str_of(today),
        .record = {.way = CALIBRATION_PRIOR,
                   .pairs = p->pairs,
                   .linked = p->linked,
                   .prevalence = p->pairs > 0 ? (double)p->linked / (double)p->pairs : 0,
                   .bins = p->bins,
                   .error = p->error,
                   .brier = p->brier}};
    f.record.population = str_format(
        c->arena,
        "%s as %s, the %zu nearest of each event on arrival; %llu deaths in planted series, seeds "
        "%llu to %llu, plans of %s",
        cli_path(c, "background"), cli_path(c, "map"), o->top, (unsigned long long)r->in_series,
        (unsigned long long)o->seed, (unsigned long long)(o->seed + o->runs - 1), cli_path(c, "plans"));
    memcpy(f.record.bin, p->bin, sizeof p->bin);
    buf_init(&text, 1 << 16);
    calibration_file_write(&text, &f);
    TRY(buf_status(&text, e));
    return file_write(path, buf_str(&text), 0644, e);
}

static void tell_lessons(struct cli *c, struct lessons *l, const struct planted_run_options *o, size_t first)
{
    size_t linked = 0;
    for (size_t i = first; i < l->count; i++)
        linked += l->item[i].linked;
    lessons_tell(l, c->arena,
                 str_format(c->arena,
                            "%s, seeds %llu to %llu, model %.*s: %zu pairs, %zu of them of one series",
                            cli_path(c, "map"), (unsigned long long)o->seed,
                            (unsigned long long)(o->seed + o->runs - 1), STR_ARG(o->model->label),
                            l->count - first, linked));
}

static enum status write_second_look(struct cli *c, const char *path, const struct lessons *l, struct err *e)
{
    struct buf text CLEANUP_BUF;
    struct second_look look;
    TRY(lessons_learn(l, c->arena, &look, e));
    buf_init(&text, SECOND_LOOK_MAX_BYTES);
    second_look_write(&look, &l->told, &text);
    TRY(buf_status(&text, e));
    return file_write(path, buf_str(&text), 0644, e);
}

/* The lessons of these runs behind those that were kept before; and what they teach, where that is wanted. */
static enum status learn_second_look(struct cli *c, const struct planted_run_options *o,
                                     const struct lessons *own, struct lessons *l, struct err *e)
{
    const char *kept = cli_path(c, "lessons"), *learn = cli_path(c, "learn");
    if (kept != NULL) TRY(lessons_read(kept, c->arena, l, e));
    size_t first = l->count;
    for (size_t i = 0; i < own->count; i++)
        lessons_add(l, own->item[i]);
    tell_lessons(c, l, o, first);
    if (kept != NULL) TRY(lessons_write(kept, l, e));
    return learn != NULL ? write_second_look(c, learn, l, e) : OK;
}

/* ---- the command ----------------------------------------------------------------------------------------
 */

static enum status check_kind(const struct background *b, Str only, struct err *e)
{
    if (!str_present(only)) return OK;
    for (size_t i = 0; i < b->patterns; i++)
        if (b->pattern[i].nature == NATURE_SERIES && str_eq(b->pattern[i].name, only)) return OK;
    return ERR(e, E_NOT_FOUND, "kind", "no plan of a series is called %.*s", STR_ARG(only));
}

/* Later than a hundred years is never. */
static size_t decided_days(struct cli *c)
{
    int64_t days = cli_option(c, "decided")->whole;
    return days > 36525 ? 0 : (size_t)days;
}

enum status cmd_evaluate_planted(struct cli *c, struct err *e)
{
    struct policy policy;
    struct link_model model;
    struct second_look look;
    const struct mapping *mapping;
    struct background background;
    struct planted_report *report = NEW(c->arena, struct planted_report);
    struct kept_lines kept = {.arena = c->arena};
    const struct option_value *kind = cli_option(c, "kind"), *series = cli_option(c, "series");
    TRY(session_policy(c->arena, &policy, e));
    TRY(linking_model(c->arena, cli_path(c, "model"), &model, e));
    TRY(linking_second_look(c->arena, cli_path(c, "second-look"), &look, e));
    TRY(import_mapping(c->arena, &policy, cli_path(c, "map"), &mapping, e));
    TRY(background_read(c->arena, &policy, cli_path(c, "background"), mapping, cli_path(c, "plans"),
                        &background, e));
    struct planted_run_options options = {
        .background = &background,
        .policy = &policy,
        .model = &model,
        .look = &look,
        .seed = (uint64_t)cli_option(c, "seed")->whole,
        .runs = (size_t)cli_option(c, "runs")->whole,
        .plant = {.series = series->given ? (size_t)series->whole : 0,
                  .only = kind->given ? kind->text : STR_NONE},
        .threads = (size_t)cli_option(c, "threads")->whole,
        .top = (size_t)cli_option(c, "top")->whole,
        .groups = cli_flag(c, "groups"),
        .decided_days = decided_days(c),
        .missed = cli_flag(c, "missed"),
        .false_alerts = cli_flag(c, "false"),
        .learn = cli_path(c, "learn") != NULL || cli_path(c, "lessons") != NULL,
    };
    TRY(check_kind(&background, options.plant.only, e));
    int64_t began_us = clock_ticks_us();
    bool json = cli_flag(c, "json");
    TRY(planted_run(&options, json ? keep_line : put_line, json ? (void *)&kept : c, c->arena, report, e));
    if (json)
        tell_json(c, &options, report, &kept.lines);
    else
        print_report(c, &background, report, (double)(clock_ticks_us() - began_us) / 1e6);
    struct lessons lessons = {0};
    enum status learned = options.learn ? learn_second_look(c, &options, &report->lessons, &lessons, e) : OK;
    lessons_free(&report->lessons);
    lessons_free(&lessons);
    TRY(learned);
    const char *record = cli_path(c, "record");
    return record == NULL ? OK : write_record(c, record, &options, report, e);
}
