#include "cli/begin.h"

#include "app/words.h"
#include "base/caldate.h"

enum status cli_session(const struct cli *c, enum store_mode mode, struct session *out, struct err *e)
{
    struct actor actor = {
        .name = cli_option(c, "as")->text, .role = cli_option(c, "role")->text, .origin = S("command line")};
    return session_open(c->arena, cli_path(c, "data"), mode, &actor, out, e);
}

struct view cli_view(const struct cli *c)
{
    struct view view = VIEW_NOW;
    const struct option_value *at = cli_option(c, "at"), *ledger = cli_option(c, "ledger");
    if (at->given) view.known_at_ms = at->whole;
    if (ledger->given) view.seq = (uint64_t)ledger->whole;
    return view;
}

Str cli_view_words(const struct cli *c)
{
    const struct option_value *at = cli_option(c, "at"), *ledger = cli_option(c, "ledger");
    Str words = S("");
    if (at->given) words = str_format(c->arena, "as known on %.*s", STR_ARG(words_time(c->arena, at->whole)));
    if (ledger->given)
        words = str_format(c->arena, "%.*s%sas the ledger stood at entry %.*s", STR_ARG(words),
                           at->given ? ", " : "", STR_ARG(ledger->text));
    return words;
}

enum status cli_world(const struct cli *c, struct session *s, struct link_model *model, struct world **out,
                      struct err *e)
{
    TRY(linking_model(c->arena, cli_path(c, "model"), model, e));
    return linking_load(s->store, &s->actor, cli_view(c), &s->policy, model, out, NULL, e);
}

enum status cli_catch_up(struct session *s, struct err *e)
{
    uint64_t read = 0;
    return store_search_catch_up(s->store, NULL, NULL, &read, e);
}

struct json_writer cli_json(struct cli *c)
{
    return json_writer(&c->out->buf, true);
}

void cli_json_end(struct cli *c)
{
    buf_add_char(&c->out->buf, '\n');
}

void json_put_record(struct json_writer *w, const struct record_id *id)
{
    json_kv_str(w, S("ns"), id->ns);
    json_kv_str(w, S("kind"), str_of(kind_of(id->kind)->name));
    json_kv_str(w, S("id"), id->id);
}

void json_kv_time(struct json_writer *w, Str key, int64_t ms)
{
    char text[32];
    caldate_format(ms, text);
    json_kv_str(w, key, str_of(text));
}
