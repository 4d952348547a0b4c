#include "cli/begin.h"

enum status cmd_init(struct cli *c, struct err *e)
{
    struct session s CLEANUP_SESSION = {0};
    struct actor actor = {.origin = S("command line")};
    const char *dir = c->operand[0];
    TRY(session_prepare(c->arena, dir, &actor, &s, e));
    TRY(store_init(dir, &s.env, e));
    if (cli_flag(c, "json")) {
        struct json_writer w = cli_json(c);
        json_open(&w, '{');
        json_kv_str(&w, S("data"), str_of(dir));
        json_close(&w, '}');
        cli_json_end(c);
        return OK;
    }
    print_line(c->out, "An empty store is in %s.", dir);
    print_line(c->out, "Bring in records with: colligate import --data %s FILE", dir);
    return OK;
}
