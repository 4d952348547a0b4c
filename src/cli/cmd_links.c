/* links and explain: what the linker says of one event, or of two. */
#include "cli/begin.h"

#include "app/records.h"
#include "app/words.h"
#include "base/stream.h"
#include "learn/calibration_file.h"
#include "link/explain.h"
#include "model/kinds.h"

enum { EXPLAIN_BYTES_MAX = 1 << 24, CALIBRATION_BYTES_MAX = 1 << 20 };

/* May words of probability be used? Only with a record of this model that allows them. */
static enum status calibrated(struct cli *c, const struct link_model *model, bool *out, struct err *e)
{
    struct calibration_file file;
    struct buf text CLEANUP_BUF = {0};
    const char *path = cli_path(c, "calibration");
    *out = false;
    if (path == NULL) return OK;
    buf_init(&text, CALIBRATION_BYTES_MAX);
    TRY(file_read(path, &text, e));
    TRY(calibration_file_read(c->arena, buf_str(&text), &file, e));
    Str name = str_format(c->arena, "%.*s %lld", STR_ARG(model->name), (long long)model->version);
    if (!str_eq(file.model, name))
        return ERR(e, E_INVALID, "calibration", "%s is about the model %.*s, but %.*s is in use", path,
                   STR_ARG(file.model), STR_ARG(name));
    *out = calibration_allows_words(&file.record);
    return OK;
}

/* A name for people in explanations. */
static Str person_title(void *state, const struct record_id *id)
{
    const struct cli *c = ((void **)state)[0];
    const struct world *w = ((void **)state)[1];
    return world_record(w, id) ? linking_title(w, id, c->arena) : STR_NONE;
}

static Str narrative_of(const struct world *w, const struct record_id *id)
{
    const struct record *record = world_record(w, id);
    if (!record) return STR_NONE;
    if (id->kind == KIND_DEATH) return ((const struct death *)record->data)->narrative;
    return id->kind == KIND_INCIDENT ? ((const struct incident *)record->data)->narrative : STR_NONE;
}

/* state holds c, w and whether words are allowed. */
static struct explain_options options_for(struct cli *c, struct world *w, const struct pair_evidence *ev,
                                          bool *words, void **state)
{
    state[0] = c;
    state[1] = w;
    state[2] = words;
    return (struct explain_options){
        .width = c->out->width,
        .calibrated = *(const bool *)state[2],
        .title_a = linking_title(w, &ev->a, c->arena),
        .title_b = linking_title(w, &ev->b, c->arena),
        .narrative_a = narrative_of(w, &ev->a),
        .narrative_b = narrative_of(w, &ev->b),
        .title = person_title,
        .title_state = state,
    };
}

static Str steps(struct arena *a, int db)
{
    struct buf text CLEANUP_BUF;
    buf_init(&text, 64);
    explain_steps(&text, db, true);
    return str_copy(a, buf_str(&text));
}

static void links_json(struct cli *c, struct session *s, struct world *w, const struct record_id *id,
                       const struct linked *link, size_t count, bool words)
{
    struct json_writer j = cli_json(c);
    json_open(&j, '{');
    json_put_record(&j, id);
    json_put_key(&j, S("links"));
    json_open(&j, '[');
    for (size_t i = 0; i < count; i++) {
        void *state[3];
        struct explain_options o = options_for(c, w, &link[i].evidence, &words, state);
        json_open(&j, '{');
        json_kv_i64(&j, S("rank"), (int64_t)link[i].rank);
        json_put_record(&j, world_event_id(w, link[i].event));
        json_put_key(&j, S("evidence"));
        explain_json(&j, &s->policy, &link[i].evidence, &o);
        json_close(&j, '}');
    }
    json_close(&j, ']');
    json_close(&j, '}');
    cli_json_end(c);
}

static void link_print(struct cli *c, struct session *s, struct world *w, const struct linked *link,
                       bool words)
{
    enum { INDENT = 13 };
    void *state[3];
    struct explain_options o = options_for(c, w, &link->evidence, &words, state);
    struct buf headline CLEANUP_BUF;
    buf_init(&headline, EXPLAIN_BYTES_MAX);
    explain_headline(&headline, &s->policy, &link->evidence, &o);
    Str place =
        str_format(c->arena, "%4zu  %5.*s", link->rank, STR_ARG(steps(c->arena, link->evidence.score_db)));
    print_labelled(c->out, place, INDENT, linking_title(w, world_event_id(w, link->event), c->arena));
    if (headline.len > 0) print_wrapped(c->out, buf_str(&headline), INDENT, INDENT);
    if (words)
        print_wrapped(
            c->out,
            str_format(
                c->arena, "%.*s; about %.*f %% likely: %.*s",
                STR_ARG(policy_scale_words(&s->policy, SCALE_STRENGTH, link->evidence.score_db / 10.0)),
                link->evidence.probability < 0.01 ? 2 : 0, 100 * link->evidence.probability,
                STR_ARG(policy_scale_words(&s->policy, SCALE_PROBABILITY, link->evidence.probability))),
            INDENT, INDENT);
    if (link->evidence.same_event_likely)
        print_wrapped(c->out, S("These look like two records of one death; see: colligate joins"), INDENT,
                      INDENT);
}

static void links_print(struct cli *c, struct session *s, struct world *w, const struct record_id *id,
                        const struct linked *link, size_t count, bool words)
{
    Str when = cli_view_words(c), title = linking_title(w, id, c->arena);
    Str head =
        str_format(c->arena, "The nearest to %.*s among %.*s%s%.*s:", STR_ARG(title),
                   STR_ARG(count_of(c->arena, world_event_count(w) - 1, "other event", "other events")),
                   when.len > 0 ? ", " : "", STR_ARG(when));
    print_wrapped(c->out, head, 0, 0);
    print_line(c->out, "%s", "");
    if (count > 0) print_line(c->out, "rank  steps  event and what ties them");
    for (size_t i = 0; i < count; i++)
        link_print(c, s, w, &link[i], words);
    if (count == 0) print_line(c->out, "There is nothing to compare it with.");
    print_line(c->out, "%s", "");
    print_wrapped(c->out,
                  S("Steps are tenfold: +2.0 means a hundred times as likely in one series as by chance. For "
                    "all the reasons: colligate explain A B"),
                  0, 0);
}

enum status cmd_links(struct cli *c, struct err *e)
{
    struct session s CLEANUP_SESSION = {0};
    struct world *w CLEANUP_WORLD = NULL;
    struct link_model model;
    struct record_id id;
    struct linked *link = NULL;
    size_t count = 0;
    bool words;
    TRY(cli_session(c, STORE_WRITE, &s, e));
    TRY(record_find(&s, cli_operand(c, 0), c->arena, &id, e));
    TRY(cli_world(c, &s, &model, &w, e));
    TRY(calibrated(c, &model, &words, e));
    TRY(linking_nearest(s.store, &s.actor, w, &id, (size_t)cli_option(c, "top")->whole, c->arena, &link,
                        &count, e));
    if (cli_flag(c, "json"))
        links_json(c, &s, w, &id, link, count, words);
    else
        links_print(c, &s, w, &id, link, count, words);
    return OK;
}

enum status cmd_explain(struct cli *c, struct err *e)
{
    struct session s CLEANUP_SESSION = {0};
    struct world *w CLEANUP_WORLD = NULL;
    struct link_model model;
    struct record_id x, y;
    struct pair_evidence ev;
    bool words;
    void *state[3];
    TRY(cli_session(c, STORE_WRITE, &s, e));
    TRY(record_find(&s, cli_operand(c, 0), c->arena, &x, e));
    TRY(record_find(&s, cli_operand(c, 1), c->arena, &y, e));
    TRY(cli_world(c, &s, &model, &w, e));
    TRY(calibrated(c, &model, &words, e));
    TRY(linking_pair(s.store, &s.actor, w, &x, &y, c->arena, &ev, e));
    struct explain_options o = options_for(c, w, &ev, &words, state);
    if (cli_flag(c, "json")) {
        struct json_writer j = cli_json(c);
        explain_json(&j, &s.policy, &ev, &o);
        cli_json_end(c);
        return OK;
    }
    explain_text(&c->out->buf, &s.policy, &ev, &o);
    return OK;
}
