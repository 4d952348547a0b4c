/* link: the pairs of one table, without a store. */
#include "app/linking.h"
#include "app/pairs.h"
#include "app/session.h"
#include "cli/begin.h"

static void summary_json(struct cli *c, const struct pairs_summary *s)
{
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_kv_i64(&w, S("rows"), (int64_t)s->read);
    json_kv_i64(&w, S("refused"), (int64_t)s->refused);
    json_kv_i64(&w, S("dropped"), (int64_t)s->dropped);
    json_kv_i64(&w, S("events"), (int64_t)s->events);
    json_kv_i64(&w, S("pairs_weighed"), (int64_t)s->pairs_weighed);
    json_kv_i64(&w, S("pairs_written"), (int64_t)s->pairs_written);
    json_put_key(&w, S("seconds"));
    json_put_fixed(&w, s->seconds, 3);
    json_close(&w, '}');
    cli_json_end(c);
}

enum status cmd_link(struct cli *c, struct err *e)
{
    struct policy policy;
    struct link_model model;
    struct pairs_summary s = {0};
    struct arena *a = c->arena;
    struct pairs_options options = {
        .file = c->operand[0],
        .map = cli_path(c, "map"),
        .out = cli_path(c, "output"),
        .top = (size_t)cli_option(c, "top")->whole,
    };
    TRY(session_policy(a, &policy, e));
    TRY(linking_model(a, cli_path(c, "model"), &model, e));
    TRY(pairs_run(&options, &policy, &model, &s, e));
    if (cli_flag(c, "json")) {
        summary_json(c, &s);
        return OK;
    }
    print_line(c->out, "%.*s read, %.*s refused, %.*s dropped.", STR_ARG(count_of(a, s.read, "row", "rows")),
               STR_ARG(count_words(a, s.refused)), STR_ARG(count_words(a, s.dropped)));
    print_line(c->out, "%.*s, %.*s weighed in %.1f s.", STR_ARG(count_of(a, s.events, "event", "events")),
               STR_ARG(count_of(a, s.pairs_weighed, "pair", "pairs")), s.seconds);
    print_line(c->out, "%.*s written to %s.", STR_ARG(count_of(a, s.pairs_written, "pair", "pairs")),
               options.out);
    return OK;
}
