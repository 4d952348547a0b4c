/* series: the series of one table, without a store: of deaths by the linkage model, of the rows of any other
 * table by what their columns say. */
#include "app/linking.h"
#include "app/series.h"
#include "app/session.h"
#include "app/table_series.h"
#include "base/clock.h"
#include "cli/begin.h"
#include "cli/table_options.h"

#include <math.h>

/* The members that follow those about the rows. */
static void drawn_json(struct json_writer *w, const struct series_drawn *d, const char *items, double seconds)
{
    json_kv_i64(w, str_of(items), (int64_t)d->items);
    json_kv_i64(w, S("pairs_weighed"), (int64_t)d->pairs_weighed);
    json_put_key(w, S("weeks"));
    json_put_fixed(w, d->weeks, 1);
    json_put_key(w, S("bar"));
    json_put_fixed(w, d->bar, 1);
    json_kv_i64(w, S("series"), (int64_t)d->series);
    json_kv_i64(w, S("members"), (int64_t)d->members);
    json_put_key(w, S("seconds"));
    json_put_fixed(w, seconds, 3);
}

static void story_line(void *state, Str line)
{
    struct cli *c = state;
    size_t indent = 0; /* what is indented stays so when it wraps */
    while (indent < line.len && line.ptr[indent] == ' ')
        indent++;
    print_wrapped(c->out, line, indent, indent + 4);
}

static void drawn_print(struct cli *c, const struct series_drawn *d, const char *one, const char *many,
                        double seconds)
{
    struct arena *a = c->arena;
    Str over = d->weeks > 0 ? str_format(a, " over %.0f weeks", d->weeks) : S("");
    print_line(c->out, "%.*s%.*s, %.*s weighed in %.1f s.", STR_ARG(count_of(a, d->items, one, many)),
               STR_ARG(over), STR_ARG(count_of(a, d->pairs_weighed, "pair", "pairs")), seconds);
    print_wrapped(c->out,
                  str_format(a, "%.*s of %.*s, tied by %.1f tenfold steps or more, written to %s.",
                             STR_ARG(count_of(a, d->series, "series", "series")),
                             STR_ARG(count_of(a, d->members, one, many)), d->bar, cli_path(c, "output")),
                  0, 0);
}

/* usual_price: where none is given. */
static struct series_asked asked_of(struct cli *c, double usual_price)
{
    return (struct series_asked){
        .out = cli_path(c, "output"),
        .bar = cli_option(c, "bar")->given ? cli_option(c, "bar")->real : (double)NAN,
        .price_per_week = cli_option(c, "price")->given ? cli_option(c, "price")->real : usual_price,
        .told = (size_t)cli_option(c, "tell")->whole,
    };
}

static enum status series_deaths(struct cli *c, const struct policy *policy, struct err *e)
{
    struct link_model model;
    struct series_summary s = {0};
    bool json = cli_flag(c, "json");
    struct series_options options = {
        .file = c->operand[0],
        .map = cli_path(c, "map"),
        .top = (size_t)cli_option(c, "top")->whole,
        .asked = asked_of(c, 1),
    };
    TRY(linking_model(c->arena, cli_path(c, "model"), &model, e));
    TRY(series_run(&options, policy, &model, json ? NULL : story_line, c, &s, e));
    if (json) {
        struct json_writer w = cli_json(c);
        json_open(&w, '{');
        json_file_rows(&w, &s.rows);
        drawn_json(&w, &s.drawn, "events", s.seconds);
        json_close(&w, '}');
        cli_json_end(c);
        return OK;
    }
    if (s.drawn.series > 0) print_line(c->out, "%s", "");
    print_file_rows(c->out, c->arena, &s.rows);
    drawn_print(c, &s.drawn, "event", "events", s.seconds);
    return OK;
}

static enum status series_rows(struct cli *c, const struct policy *policy,
                               const struct learned_model *learned, struct err *e)
{
    const struct sheet *f = NULL;
    struct sheets_account account;
    struct series_drawn drawn;
    bool json = cli_flag(c, "json");
    struct sheets_options read = {.mapping = cli_path(c, "map")};
    struct table_series_options options = {.asked = asked_of(c, (double)NAN)};
    TRY(cli_row_pairs(c, learned, &options.pairs, e));
    TRY(sheets_read(c->operand[0], policy, &read, c->arena, &f, &account, e));
    int64_t began_us = clock_ticks_us();
    TRY(table_series_run(f, &options, json ? NULL : story_line, c, &drawn, e));
    double seconds = (double)(clock_ticks_us() - began_us) / 1e6;
    if (json) {
        struct json_writer w = cli_json(c);
        json_open(&w, '{');
        json_table_account(&w, &account);
        drawn_json(&w, &drawn, "compared", seconds);
        json_close(&w, '}');
        cli_json_end(c);
        return OK;
    }
    if (drawn.series > 0) print_line(c->out, "%s", "");
    print_table_account(c->out, c->arena, &account);
    drawn_print(c, &drawn, "row", "rows", seconds);
    return OK;
}

enum status cmd_series(struct cli *c, struct err *e)
{
    struct policy policy;
    struct cli_matter matter;
    TRY(session_policy(c->arena, &policy, e));
    TRY(cli_matter(c, &policy, &matter, e));
    return matter.rows ? series_rows(c, &policy, matter.learned, e) : series_deaths(c, &policy, e);
}
