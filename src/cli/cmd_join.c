/* join, part, joins: two records of one death. */
#include "app/records.h"
#include "app/same_events.h"
#include "app/words.h"
#include "cli/begin.h"
#include "link/same_event.h"

struct two {
    struct record_id x, y;
};

static enum status two_find(struct cli *c, struct session *s, struct two *out, struct err *e)
{
    TRY(record_find(s, cli_operand(c, 0), c->arena, &out->x, e));
    return record_find(s, cli_operand(c, 1), c->arena, &out->y, e);
}

static void two_say(struct cli *c, const struct two *two, const char *what, const char *words)
{
    if (cli_flag(c, "json")) {
        struct json_writer w = cli_json(c);
        json_open(&w, '{');
        json_kv_str(&w, S("done"), str_of(what));
        json_put_key(&w, S("a"));
        json_open(&w, '{');
        json_put_record(&w, &two->x);
        json_close(&w, '}');
        json_put_key(&w, S("b"));
        json_open(&w, '{');
        json_put_record(&w, &two->y);
        json_close(&w, '}');
        json_close(&w, '}');
        cli_json_end(c);
        return;
    }
    Str x = words_id(c->arena, &two->x), y = words_id(c->arena, &two->y);
    print_line(c->out, "%.*s and %.*s %s.", STR_ARG(x), STR_ARG(y), words);
}

enum status cmd_join(struct cli *c, struct err *e)
{
    struct session s CLEANUP_SESSION = {0};
    struct two two;
    bool fresh = false;
    TRY(cli_session(c, STORE_WRITE, &s, e));
    TRY(two_find(c, &s, &two, e));
    TRY(same_events_join(&s, &two.x, &two.y, cli_option(c, "why")->text, &fresh, e));
    if (fresh) TRY(cli_catch_up(&s, e));
    two_say(c, &two, fresh ? "joined" : "unchanged",
            fresh ? "are now read as one death" : "were joined already");
    return OK;
}

enum status cmd_part(struct cli *c, struct err *e)
{
    struct session s CLEANUP_SESSION = {0};
    struct two two;
    TRY(cli_session(c, STORE_WRITE, &s, e));
    TRY(two_find(c, &s, &two, e));
    TRY(same_events_part(&s, &two.x, &two.y, cli_option(c, "why")->text, e));
    TRY(cli_catch_up(&s, e));
    two_say(c, &two, "parted", "are read apart again");
    return OK;
}

/* ---- proposals -------------------------------------------------------------------------------------- */

static enum status proposals_read(struct cli *c, struct session *s, struct world *w,
                                  struct same_event_pair **out, size_t *count, struct err *e)
{
    struct same_event_sets *joined = NULL;
    size_t kept = 0;
    *count = world_same_events(w, c->arena, out);
    TRY(same_events_all(s, cli_view(c), c->arena, &joined, e));
    for (size_t i = 0; i < *count; i++)
        if (!same_events_joined(joined, (*out)[i].a, (*out)[i].b)) (*out)[kept++] = (*out)[i];
    same_events_free(joined);
    *count = kept;
    return OK;
}

static void proposals_json(struct cli *c, const struct same_event_pair *p, size_t count)
{
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_put_key(&w, S("proposals"));
    json_open(&w, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(&w, '{');
        json_put_key(&w, S("a"));
        json_open(&w, '{');
        json_put_record(&w, p[i].a);
        json_close(&w, '}');
        json_put_key(&w, S("b"));
        json_open(&w, '{');
        json_put_record(&w, p[i].b);
        json_close(&w, '}');
        json_put_key(&w, S("weight"));
        json_put_fixed(&w, p[i].score_db / 10.0, 1);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    cli_json_end(c);
}

static Str titled(struct cli *c, const struct world *w, const struct record_id *id)
{
    Str name = words_id(c->arena, id), title = linking_title(w, id, c->arena);
    /* What linking_title adds to the id. */
    Str more = str_starts(title, id->id) ? str_slice(title, id->id.len, title.len) : S("");
    return str_format(c->arena, "%.*s%.*s", STR_ARG(name), STR_ARG(more));
}

static void proposals_print(struct cli *c, const struct world *w, const struct same_event_pair *p,
                            size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Str pair = str_format(c->arena, "%.*s and %.*s", STR_ARG(titled(c, w, p[i].a)),
                              STR_ARG(titled(c, w, p[i].b)));
        print_labelled(c->out, str_format(c->arena, "%3zu", i + 1), 5, pair);
    }
    if (count == 0)
        print_line(c->out, "No two records look like one death, but for those already joined.");
    else
        print_line(c->out,
                   "Compare two with: colligate explain A B; join them with: colligate join A B --why TEXT");
}

enum status cmd_joins(struct cli *c, struct err *e)
{
    struct session s CLEANUP_SESSION = {0};
    struct world *w CLEANUP_WORLD = NULL;
    struct link_model model;
    struct same_event_pair *proposal = NULL;
    size_t count = 0;
    TRY(cli_session(c, STORE_READ, &s, e));
    TRY(linking_model(c->arena, NULL, &model, e));
    TRY(linking_load(s.store, &s.actor, cli_view(c), &s.policy, &model, &w, NULL, e));
    TRY(proposals_read(c, &s, w, &proposal, &count, e));
    if (cli_flag(c, "json"))
        proposals_json(c, proposal, count);
    else
        proposals_print(c, w, proposal, count);
    return OK;
}
