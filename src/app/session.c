#include "app/session.h"

#include "base/assets.h"

#include <pwd.h>
#include <unistd.h>

enum status session_policy(struct arena *a, struct policy *out, struct err *e)
{
    TRY(kinds_check(e));
    return policy_load(a, asset_find_for, NULL, out, e);
}

static Str account_name(struct arena *a)
{
    struct passwd entry, *found = NULL;
    char text[4096];
    if (getpwuid_r(getuid(), &entry, text, sizeof text, &found) == 0 && found && found->pw_name[0] != '\0')
        return str_copy(a, str_of(found->pw_name));
    return str_format(a, "uid %lu", (unsigned long)getuid());
}

enum status session_prepare(struct arena *a, const char *dir, const struct actor *actor, struct session *out,
                            struct err *e)
{
    *out = (struct session){.arena = a, .dir = dir, .actor = *actor};
    TRY(session_policy(a, &out->policy, e));
    out->env =
        (struct store_env){.clock = clock_system(), .entropy = entropy_system(), .policy = &out->policy};
    if (str_empty(out->actor.name)) out->actor.name = account_name(a);
    if (str_empty(out->actor.role)) out->actor.role = S("administrator");
    return OK;
}

enum status session_open(struct arena *a, const char *dir, enum store_mode mode, const struct actor *actor,
                         struct session *out, struct err *e)
{
    TRY(session_prepare(a, dir, actor, out, e));
    return store_open(dir, mode, &out->env, &out->store, e);
}

void session_close(struct session *s)
{
    store_close(s->store);
    s->store = NULL;
}
