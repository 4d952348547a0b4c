#include "app/new_line.h"

#include "base/caldate.h"
#include "model/feed.h"

void new_line_put(Json *set, const char *field, Str text)
{
    if (!str_empty(text)) json_build_member(set, str_of(field), json_build_text(text));
}

void new_line_put_time(Json *set, const char *field, int64_t ms)
{
    char stamp[32];
    caldate_format(ms, stamp);
    new_line_put(set, field, str_of(stamp));
}

static Json *reference(const struct record_id *to)
{
    struct buf words CLEANUP_BUF = {0};
    buf_init(&words, 1 << 12);
    if (!str_eq(to->ns, S(NAMESPACE_DEFAULT))) buf_addf(&words, "%.*s:", STR_ARG(to->ns));
    buf_add(&words, to->id);
    return json_build_text(buf_str(&words));
}

void new_line_put_ref(Json *set, const char *field, const struct record_id *to)
{
    if (!str_empty(to->id)) json_build_member(set, str_of(field), reference(to));
}

void new_line_put_refs(Json *set, const char *field, const struct record_id *to, size_t count)
{
    if (count == 0) return;
    Json *list = json_build_list();
    for (size_t i = 0; i < count; i++)
        json_build_item(list, reference(&to[i]));
    json_build_member(set, str_of(field), list);
}

enum status new_line(struct session *s, struct arena *a, const struct record_id *id, Str source,
                     const Json *set, struct change *out, struct err *e)
{
    *out = (struct change){.record = *id, .source = source, .known_at_implied = true, .line = 1};
    return change_facts(a, &s->policy, kind_of(id->kind), set, NULL, out, e);
}
