/* link: the pairs of one table, without a store: of deaths by the linkage model, of the rows of any other
 * table by what their columns say. */
#include "app/linking.h"
#include "app/pairs.h"
#include "app/session.h"
#include "app/table_link.h"
#include "base/clock.h"
#include "cli/begin.h"
#include "cli/table_options.h"

static void deaths_json(struct cli *c, const struct pairs_summary *s)
{
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_file_rows(&w, &s->rows);
    json_kv_i64(&w, S("events"), (int64_t)s->events);
    json_kv_i64(&w, S("pairs_weighed"), (int64_t)s->pairs_weighed);
    json_kv_i64(&w, S("pairs_written"), (int64_t)s->pairs_written);
    json_put_key(&w, S("seconds"));
    json_put_fixed(&w, s->seconds, 3);
    json_close(&w, '}');
    cli_json_end(c);
}

static enum status link_deaths(struct cli *c, const struct policy *policy, struct err *e)
{
    struct link_model model;
    struct pairs_summary s = {0};
    struct arena *a = c->arena;
    struct pairs_options options = {
        .file = c->operand[0],
        .map = cli_path(c, "map"),
        .out = cli_path(c, "output"),
        .top = (size_t)cli_option(c, "top")->whole,
    };
    TRY(linking_model(a, cli_path(c, "model"), &model, e));
    TRY(pairs_run(&options, policy, &model, &s, e));
    if (cli_flag(c, "json")) {
        deaths_json(c, &s);
        return OK;
    }
    print_file_rows(c->out, a, &s.rows);
    print_line(c->out, "%.*s, %.*s weighed in %.1f s.", STR_ARG(count_of(a, s.events, "event", "events")),
               STR_ARG(count_of(a, s.pairs_weighed, "pair", "pairs")), s.seconds);
    print_line(c->out, "%.*s written to %s.", STR_ARG(count_of(a, s.pairs_written, "pair", "pairs")),
               options.out);
    return OK;
}

/* ---- rows of a [table] ----------------------------------------------------------------------------------
 */

struct rows_linked {
    struct sheets_account account;
    struct table_link_summary sum;
    double seconds;
};

static void rows_json(struct cli *c, const struct rows_linked *r)
{
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_table_account(&w, &r->account);
    json_kv_i64(&w, S("pairs_weighed"), (int64_t)r->sum.pairs_weighed);
    json_kv_i64(&w, S("pairs_written"), (int64_t)r->sum.pairs_written);
    json_kv_i64(&w, S("pairs_over_even_odds"), (int64_t)r->sum.even);
    json_kv_f64(&w, S("prevalence"), r->sum.prevalence);
    json_put_key(&w, S("seconds"));
    json_put_fixed(&w, r->seconds, 3);
    json_close(&w, '}');
    cli_json_end(c);
}

/* learned NULL: the rows are learned from themselves. */
static enum status link_rows(struct cli *c, const struct policy *policy, const struct learned_model *learned,
                             struct err *e)
{
    struct arena *a = c->arena;
    struct rows_linked r = {0};
    const struct sheet *f = NULL;
    struct sheets_options read = {.mapping = cli_path(c, "map")};
    const char *out = cli_path(c, "output");
    struct row_pairs_options options;
    TRY(cli_row_pairs(c, learned, &options, e));
    TRY(sheets_read(c->operand[0], policy, &read, a, &f, &r.account, e));
    int64_t began_us = clock_ticks_us();
    TRY(table_link_run(f, &options, out, &r.sum, e));
    r.seconds = (double)(clock_ticks_us() - began_us) / 1e6;
    if (cli_flag(c, "json")) {
        rows_json(c, &r);
        return OK;
    }
    print_table_account(c->out, a, &r.account);
    print_line(c->out, "%.*s weighed in %.1f s.", STR_ARG(count_of(a, r.sum.pairs_weighed, "pair", "pairs")),
               r.seconds);
    print_wrapped(
        c->out,
        str_format(a,
                   "%.*s written to %s, %.*s of them with even odds or better, where one pair in %.*s "
                   "is linked.",
                   STR_ARG(count_of(a, r.sum.pairs_written, "pair", "pairs")), out,
                   STR_ARG(count_words(a, r.sum.even)),
                   STR_ARG(count_words(a, (uint64_t)(1 / r.sum.prevalence + 0.5)))),
        0, 4);
    return OK;
}

enum status cmd_link(struct cli *c, struct err *e)
{
    struct policy policy;
    struct cli_matter matter;
    TRY(session_policy(c->arena, &policy, e));
    TRY(cli_matter(c, &policy, &matter, e));
    return matter.rows ? link_rows(c, &policy, matter.learned, e) : link_deaths(c, &policy, e);
}
