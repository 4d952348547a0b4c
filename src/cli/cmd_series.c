/* series: the series of one table, without a store. */
#include "app/linking.h"
#include "app/series.h"
#include "app/session.h"
#include "cli/begin.h"
#include "cli/table_options.h"

#include <math.h>

static void summary_json(struct cli *c, const struct series_summary *s)
{
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_file_rows(&w, &s->rows);
    json_kv_i64(&w, S("events"), (int64_t)s->events);
    json_kv_i64(&w, S("pairs_weighed"), (int64_t)s->pairs_weighed);
    json_put_key(&w, S("weeks"));
    json_put_fixed(&w, s->weeks, 1);
    json_put_key(&w, S("bar"));
    json_put_fixed(&w, s->bar, 1);
    json_kv_i64(&w, S("series"), (int64_t)s->series);
    json_kv_i64(&w, S("members"), (int64_t)s->members);
    json_put_key(&w, S("seconds"));
    json_put_fixed(&w, s->seconds, 3);
    json_close(&w, '}');
    cli_json_end(c);
}

static void story_line(void *state, Str line)
{
    struct cli *c = state;
    size_t indent = 0; /* what is indented stays so when it wraps */
    while (indent < line.len && line.ptr[indent] == ' ')
        indent++;
    print_wrapped(c->out, line, indent, indent + 4);
}

static void summary_print(struct cli *c, const struct series_options *o, const struct series_summary *s)
{
    struct arena *a = c->arena;
    if (s->series > 0) print_line(c->out, "%s", "");
    print_file_rows(c->out, a, &s->rows);
    print_line(c->out, "%.*s over %.0f weeks, %.*s weighed in %.1f s.",
               STR_ARG(count_of(a, s->events, "event", "events")), s->weeks,
               STR_ARG(count_of(a, s->pairs_weighed, "pair", "pairs")), s->seconds);
    print_wrapped(c->out,
                  str_format(a, "%.*s of %.*s, tied by %.1f tenfold steps or more, written to %s.",
                             STR_ARG(count_of(a, s->series, "series", "series")),
                             STR_ARG(count_of(a, s->members, "event", "events")), s->bar, o->out),
                  0, 0);
}

enum status cmd_series(struct cli *c, struct err *e)
{
    struct policy policy;
    struct link_model model;
    struct series_summary s = {0};
    bool json = cli_flag(c, "json");
    struct series_options options = {
        .file = c->operand[0],
        .map = cli_path(c, "map"),
        .out = cli_path(c, "output"),
        .top = (size_t)cli_option(c, "top")->whole,
        .bar = cli_option(c, "bar")->given ? cli_option(c, "bar")->real : (double)NAN,
        .price_per_week = cli_option(c, "price")->real,
        .told = (size_t)cli_option(c, "tell")->whole,
    };
    TRY(session_policy(c->arena, &policy, e));
    TRY(linking_model(c->arena, cli_path(c, "model"), &model, e));
    TRY(series_run(&options, &policy, &model, json ? NULL : story_line, c, &s, e));
    if (json)
        summary_json(c, &s);
    else
        summary_print(c, &options, &s);
    return OK;
}
