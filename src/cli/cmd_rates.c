/* rates: groups with an abnormal share of unexplained cases in one table, without a store. */
#include "app/columns.h"
#include "app/rating.h"
#include "app/session.h"
#include "base/caldate.h"
#include "base/csv.h"
#include "cli/begin.h"
#include "cli/sink.h"
#include "cli/table_options.h"

#include <math.h>
#include <stdlib.h>

struct listing {
    struct cli *c;
    const struct sheet *sheet;
    const struct rating *r;
    size_t only_factor; /* SIZE_MAX: none */
    uint32_t only_word;
    double share_min;
    size_t cases_min, top;
};

static enum status listing_read(struct listing *l, struct err *e)
{
    struct column_choice only = {0};
    Str text = cli_text(l->c, "only");
    l->only_factor = SIZE_MAX;
    l->share_min = cli_number(l->c, "share-min", 0);
    l->cases_min = cli_count(l->c, "cases-min");
    l->top = cli_count(l->c, "top");
    if (!str_present(text)) return OK;
    TRY(column_choose(l->sheet, text, "only", &only, e));
    for (size_t k = 0; k < l->r->factors; k++)
        if (l->r->factor[k] == only.column) l->only_factor = k;
    l->only_word = only.word;
    if (l->only_factor != SIZE_MAX) return OK;
    return ERR(e, E_INVALID, "only", "--only needs a column of --by, and %.*s is none",
               STR_ARG(only.column->name));
}

static bool is_listed(const struct listing *l, size_t group)
{
    const struct rate_group *g = &l->r->groups.group[group];
    return g->cases >= l->cases_min && g->share >= l->share_min &&
           (l->only_factor == SIZE_MAX || l->r->in.level[l->only_factor][g->row] == l->only_word);
}

struct ranked {
    double tail;
    size_t cases, group;
};

static int by_tail(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->tail < b->tail || a->tail > b->tail) return a->tail < b->tail ? -1 : 1;
    if (a->cases != b->cases) return a->cases > b->cases ? -1 : 1;
    return (a->group > b->group) - (a->group < b->group);
}

/* The listed groups, the least probable first. */
static struct ranked *groups_ranked(const struct listing *l, size_t *count)
{
    const struct rate_groups *g = &l->r->groups;
    struct ranked *out = NEW_ARRAY(l->c->arena, struct ranked, g->groups);
    *count = 0;
    for (size_t i = 0; i < g->groups; i++)
        if (is_listed(l, i)) out[(*count)++] = (struct ranked){g->group[i].tail, g->group[i].cases, i};
    if (*count > 1) qsort(out, *count, sizeof *out, by_tail);
    return out;
}

static Str group_words(const struct listing *l, size_t group)
{
    struct arena *a = l->c->arena;
    struct str_list list = {NEW_ARRAY(a, Str, l->r->factors), l->r->factors};
    for (size_t k = 0; k < list.count; k++)
        list.item[k] = rating_level(l->r, group, k);
    return str_join(a, &list, S(", "));
}

/* ---- for people ------------------------------------------------------------------------------------- */

static void groups_print(const struct listing *l)
{
    static const struct grid_column heading[] = {
        {"cases", ALIGN_RIGHT},    {"unexplained", ALIGN_RIGHT}, {"share", ALIGN_RIGHT},
        {"95 %", ALIGN_RIGHT},     {"usual", ALIGN_RIGHT},       {"p", ALIGN_RIGHT},
        {"adjusted", ALIGN_RIGHT}, {"group", ALIGN_LEFT},
    };
    struct grid *grid = grid_new(l->c->arena, heading, COUNT_OF(heading));
    size_t count;
    const struct ranked *order = groups_ranked(l, &count);
    for (size_t i = 0; i < count && i < l->top; i++) {
        const struct rate_group *g = &l->r->groups.group[order[i].group];
        grid_add(grid, count_words(l->c->arena, g->cases));
        grid_add(grid, count_words(l->c->arena, g->unexplained));
        grid_addf(grid, "%.1f %%", g->share * 100);
        grid_addf(grid, "%.0f-%.0f %%", g->low * 100, g->high * 100);
        grid_addf(grid, "%.1f %%", g->base * 100);
        grid_addf(grid, "%.2g", g->tail);
        grid_addf(grid, "%.2g", g->adjusted);
        grid_add(grid, group_words(l, order[i].group));
    }
    print_line(l->c->out, "Over all time, %.*s listed, the least probable first:",
               STR_ARG(count_of(l->c->arena, count, "group", "groups")));
    if (count) grid_print(l->c->out, grid);
}

static void windows_print(const struct listing *l)
{
    struct arena *a = l->c->arena;
    size_t rank = 0;
    print_line(l->c->out, "%s", "");
    print_line(l->c->out, "In a window of time, the strongest first:");
    for (size_t i = 0; i < l->r->windows && rank < l->top; i++) {
        const struct rate_window *w = &l->r->window[i];
        if (!is_listed(l, w->group)) continue;
        Str what = detection_sentence(a, &l->r->detection[i], group_words(l, w->group));
        print_wrapped(l->c->out, str_format(a, "%zu. %.*s.", ++rank, STR_ARG(what)), 0, 3);
        Str tested = w->shuffles ? str_format(a, ", p %.4f (%zu of %zu shuffles reach it)", w->probability,
                                              w->reached, w->shuffles)
                                 : S("");
        print_wrapped(
            l->c->out,
            str_format(a,
                       "%zu of %zu cases, where it usually has %.1f; share at least %.0f %% with 95 %% "
                       "confidence; log-likelihood ratio %.4f%.*s.",
                       w->unexplained, w->cases, w->usual, w->low * 100, w->score, STR_ARG(tested)),
            3, 3);
    }
    if (rank == 0) print_line(l->c->out, "None.");
}

static void rates_print(const struct listing *l)
{
    struct arena *a = l->c->arena;
    const struct rating *r = l->r;
    const struct {
        size_t rows;
        const char *why;
    } left[] = {{r->no_value, "without a value in every column of --by"},
                {r->no_outcome, "without the outcome"},
                {r->no_time, "without a time, or with one too vague"},
                {r->outside, "outside of the period"}};
    print_wrapped(l->c->out,
                  str_format(a, "%.*s in %.*s, %.*s of them unexplained.",
                             STR_ARG(count_of(a, r->in.rows, "case", "cases")),
                             STR_ARG(count_of(a, r->groups.groups, "group", "groups")),
                             STR_ARG(count_words(a, r->unexplained))),
                  0, 0);
    for (size_t i = 0; i < COUNT_OF(left); i++)
        if (left[i].rows)
            print_line(l->c->out, "    %.*s left out, %s.", STR_ARG(count_of(a, left[i].rows, "row", "rows")),
                       left[i].why);
    print_line(l->c->out, "%s", "");
    groups_print(l);
    windows_print(l);
}

/* ---- for programs ----------------------------------------------------------------------------------- */

/* The first and last day of a window. */
static void window_days(const struct rating *r, const struct rate_window *w, char from[32], char to[32])
{
    caldate_format_day(r->period.first_day[w->from_unit] * MS_PER_DAY, from);
    caldate_format_day((r->period.first_day[w->to_unit + 1] - 1) * MS_PER_DAY, to);
}

static void group_json(struct json_writer *w, const struct listing *l, size_t group)
{
    const struct rate_group *g = &l->r->groups.group[group];
    const struct rate_window *x = l->r->window_of[group];
    char from[32], to[32];
    json_open(w, '{');
    for (size_t k = 0; k < l->r->factors; k++)
        json_kv_str(w, l->r->factor[k]->name, rating_level(l->r, group, k));
    json_kv_i64(w, S("cases"), (int64_t)g->cases);
    json_kv_i64(w, S("unexplained"), (int64_t)g->unexplained);
    json_kv_f64(w, S("share"), g->share);
    json_kv_f64(w, S("low"), g->low);
    json_kv_f64(w, S("high"), g->high);
    json_kv_f64(w, S("base"), g->base);
    json_kv_f64(w, S("p"), g->tail);
    json_kv_f64(w, S("adjusted"), g->adjusted);
    json_put_key(w, S("window"));
    if (!x) {
        json_put_null(w);
        json_close(w, '}');
        return;
    }
    window_days(l->r, x, from, to);
    json_open(w, '{');
    json_kv_str(w, S("from"), str_of(from));
    json_kv_str(w, S("to"), str_of(to));
    json_kv_i64(w, S("cases"), (int64_t)x->cases);
    json_kv_i64(w, S("unexplained"), (int64_t)x->unexplained);
    json_kv_f64(w, S("usual"), x->usual);
    json_kv_f64(w, S("base"), x->base);
    json_kv_f64(w, S("expected"), x->expected);
    json_kv_f64(w, S("llr"), x->score);
    json_kv_f64(w, S("p"), x->shuffles ? x->probability : (double)NAN);
    const struct detection *d = &l->r->detection[x - l->r->window];
    json_kv_f64(w, S("recurrence_weeks"), d->recurrence_weeks);
    json_put_key(w, S("members"));
    json_open(w, '[');
    for (size_t i = 0; i < d->count; i++)
        json_put_str(w, l->sheet->id[l->r->row[d->member[i]]]);
    json_close(w, ']');
    json_close(w, '}');
    json_close(w, '}');
}

static void rates_json(const struct listing *l, const struct sheets_account *account)
{
    struct json_writer w = cli_json(l->c);
    size_t count;
    const struct ranked *order = groups_ranked(l, &count);
    json_open(&w, '{');
    json_table_account(&w, account);
    json_kv_i64(&w, S("cases"), (int64_t)l->r->in.rows);
    json_kv_i64(&w, S("unexplained"), (int64_t)l->r->unexplained);
    json_kv_i64(&w, S("no_value"), (int64_t)l->r->no_value);
    json_kv_i64(&w, S("no_outcome"), (int64_t)l->r->no_outcome);
    json_kv_i64(&w, S("no_time"), (int64_t)l->r->no_time);
    json_kv_i64(&w, S("outside"), (int64_t)l->r->outside);
    json_put_key(&w, S("groups"));
    json_open(&w, '[');
    for (size_t i = 0; i < count; i++)
        group_json(&w, l, order[i].group);
    json_close(&w, ']');
    json_close(&w, '}');
    cli_json_end(l->c);
}

static void group_csv(struct buf *line, const struct listing *l, size_t group)
{
    struct arena *a = l->c->arena;
    const struct rate_group *g = &l->r->groups.group[group];
    const struct rate_window *w = l->r->window_of[group];
    for (size_t k = 0; k < l->r->factors; k++)
        csv_add_cell(line, rating_level(l->r, group, k), k == 0, true);
    const double number[] = {
        (double)g->cases, (double)g->unexplained, g->share, g->low, g->high, g->base, g->tail, g->adjusted};
    for (size_t i = 0; i < COUNT_OF(number); i++)
        csv_add_cell(line, str_format(a, "%.6g", number[i]), false, false);
    if (!w) {
        buf_add(line, S(",,,,,,,,,"));
        return;
    }
    char from[32], to[32];
    window_days(l->r, w, from, to);
    csv_add_cell(line, str_of(from), false, false);
    csv_add_cell(line, str_of(to), false, false);
    const double more[] = {(double)w->cases, (double)w->unexplained, w->usual, w->base, w->expected};
    for (size_t i = 0; i < COUNT_OF(more); i++)
        csv_add_cell(line, str_format(a, "%.6g", more[i]), false, false);
    csv_add_cell(line, str_format(a, "%.6f", w->score), false, false);
    csv_add_cell(line, w->shuffles ? str_format(a, "%.6g", w->probability) : S(""), false, false);
}

static enum status write_csv(const struct listing *l, const char *path, struct err *e)
{
    struct sink sink CLEANUP_SINK = {.fd = -1};
    struct buf line CLEANUP_BUF;
    size_t count;
    const struct ranked *order = groups_ranked(l, &count);
    buf_init(&line, (size_t)64 << 20);
    TRY(sink_open(&sink, path, e));
    for (size_t k = 0; k < l->r->factors; k++)
        csv_add_cell(&line, l->r->factor[k]->name, k == 0, true);
    buf_add(&line, S(",cases,unexplained,share,low,high,base,p,adjusted,window_from,window_to,window_cases,"
                     "window_unexplained,window_usual,window_base,window_expected,window_llr,window_p"));
    TRY(sink_line(&sink, buf_str(&line), e));
    for (size_t i = 0; i < count; i++) {
        buf_clear(&line);
        group_csv(&line, l, order[i].group);
        TRY(buf_status(&line, e));
        TRY(sink_line(&sink, buf_str(&line), e));
    }
    return sink_finish(&sink, e);
}

static enum status options_read(const struct cli *c, struct rating_options *o, struct err *e)
{
    *o = (struct rating_options){
        .by = cli_text(c, "by"),
        .outcome = cli_text(c, "outcome"),
        .when = cli_text(c, "when"),
        .from_day = cli_day(c, "from"),
        .to_day = cli_day(c, "to"),
        .rate = {.units_max = cli_count(c, "longest"),
                 .shuffles = cli_count(c, "shuffles"),
                 .stop_after = cli_count(c, "stop-after"),
                 .seed = (uint64_t)cli_option(c, "seed")->whole,
                 .threads = cli_count(c, "threads")},
    };
    return period_step_read(cli_option(c, "unit")->text, &o->unit, e);
}

enum status cmd_rates(struct cli *c, struct err *e)
{
    struct policy policy;
    struct sheets_account account;
    struct rating_options o;
    struct rating r;
    struct listing l = {.c = c, .r = &r};
    const char *out = cli_path(c, "output");
    TRY(session_policy(c->arena, &policy, e));
    TRY(options_read(c, &o, e));
    TRY(cli_table(c, c->operand[0], &policy, &l.sheet, &account, e));
    TRY(rating_run(l.sheet, &o, c->arena, &r, e));
    TRY(listing_read(&l, e));
    if (out) TRY(write_csv(&l, out, e));
    if (out && strcmp(out, "-") == 0) return OK;
    if (cli_flag(c, "json")) {
        rates_json(&l, &account);
        return OK;
    }
    print_table_account(c->out, c->arena, &account);
    rates_print(&l);
    return OK;
}
