/* init: an empty store, and with it the first person who may sign in. */
#include "cli/begin.h"
#include "store/accounts.h"

static enum status check_no_administrator(struct cli *c, struct store *store, struct err *e)
{
    struct account *list = NULL;
    size_t count = 0;
    TRY(account_list(store, c->arena, &list, &count, e));
    for (size_t i = 0; i < count; i++)
        if (list[i].roles & ROLE_BIT(ROLE_ADMINISTRATOR) && !list[i].disabled)
            return ERR(e, E_CONFLICT, "administrator",
                       "%.*s is an administrator already; they make accounts in the pages, under Settings, "
                       "People.",
                       STR_ARG(list[i].name));
    return OK;
}

/* The link stands on the terminal and nowhere else: no password is ever set for anybody. */
static enum status administrator_make(struct cli *c, const char *dir, Str name, Token *link, struct err *e)
{
    struct session s CLEANUP_SESSION = {0};
    struct actor actor = {.origin = S("command line")};
    struct account given = {
        .name = name, .person = name, .unit = S(""), .officer = S(""), .roles = ROLE_BIT(ROLE_ADMINISTRATOR)};
    TRY(session_open(c->arena, dir, STORE_WRITE, &actor, &s, e));
    TRY(check_no_administrator(c, s.store, e));
    return account_make(s.store, &s.actor, &given, link, e);
}

/* A store that is there already is left alone, but may still lack its administrator. */
static enum status store_make(struct cli *c, const char *dir, bool may_exist, bool *made, struct err *e)
{
    struct session s CLEANUP_SESSION = {0};
    struct actor actor = {.origin = S("command line")};
    struct err why = {0};
    TRY(session_prepare(c->arena, dir, &actor, &s, e));
    enum status status = store_init(dir, &s.env, &why);
    *made = status == OK;
    if (status == OK || (status == E_CONFLICT && may_exist)) return OK;
    return ERR(e, status, why.field, "%s", why.text);
}

static void say_json(struct cli *c, const char *dir, bool asked, const Token *link)
{
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_kv_str(&w, S("data"), str_of(dir));
    if (asked) json_kv_str(&w, S("invitation"), str_format(c->arena, "/invitation/%s", link->text));
    json_close(&w, '}');
    cli_json_end(c);
}

enum status cmd_init(struct cli *c, struct err *e)
{
    const char *dir = c->operand[0];
    const struct option_value *who = cli_option(c, "administrator");
    bool made = false, asked = who->given;
    Token link = {""};
    TRY(store_make(c, dir, asked, &made, e));
    if (asked) TRY(administrator_make(c, dir, who->text, &link, e));
    if (cli_flag(c, "json")) {
        say_json(c, dir, asked, &link);
        return OK;
    }
    if (made) {
        print_line(c->out, "An empty store is in %s.", dir);
        print_line(c->out, "Bring in records with: colligate import --data %s FILE", dir);
    }
    if (!asked) return OK;
    print_line(c->out, "%.*s is the administrator. Start the pages with: colligate serve --data %s",
               STR_ARG(who->text), dir);
    print_line(c->out, "Then choose a password there, within 7 days; this address serves once:");
    print_line(c->out, "  /invitation/%s", link.text);
    return OK;
}
