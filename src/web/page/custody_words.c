#include "web/page/custody_words.h"

#include "app/words.h"
#include "model/feed.h"

#define RECEIVERS_MAX 400

struct custody_person custody_visitor(struct visit *v)
{
    return exhibit_person(v->arena, v->who.account.name, v->viewer.officer, v->viewer.unit);
}

Str custody_key_words(struct visit *v, Str key)
{
    Str own = S(NAMESPACE_DEFAULT);
    if (str_empty(key)) return S("nobody");
    const struct roll_officer *officer = roll_officer(v->service->roll, own, key);
    if (officer != NULL && !str_empty(officer->name)) return officer->name;
    const struct roll_unit *unit = roll_unit(v->service->roll, own, key);
    if (unit != NULL && !str_empty(unit->name)) return unit->name;
    Str prefix = S(NAMESPACE_DEFAULT ":");
    return str_starts(key, prefix) ? str_slice(key, prefix.len, key.len) : key;
}

Str custody_holder_words(struct visit *v, const struct custody *c)
{
    Str holder = custody_key_words(v, c->holder);
    if (!c->booked) return S("Not booked in yet");
    if (c->out && str_empty(c->holder)) return S("Disposed of");
    if (c->out) return str_format(v->arena, "Returned to %.*s", STR_ARG(holder));
    if (c->missing) return str_format(v->arena, "Missing, last held by %.*s", STR_ARG(holder));
    if (c->waiting && c->begun == CUSTODY_HAND_OVER)
        return str_format(v->arena, "%.*s, being handed to %.*s", STR_ARG(holder),
                          STR_ARG(custody_key_words(v, c->to)));
    if (c->waiting)
        return str_format(v->arena, "%.*s, to be %s", STR_ARG(holder), custody_act_words(c->begun));
    return holder;
}

Str custody_exhibit_words(struct visit *v, const struct record_id *id, Str ref)
{
    return str_empty(ref) ? visit_id_words(v->arena, id) : ref;
}

Url custody_exhibit_url(struct visit *v, const struct record_id *id, const char *page)
{
    Str words = visit_id_words(v->arena, id);
    if (page[0] == '\0') return url(v->arena, "/exhibits/%.*s", STR_ARG(words));
    return url(v->arena, "/exhibits/%.*s/%s", STR_ARG(words), page);
}

Str custody_code_words(struct visit *v, int field, Str code)
{
    if (str_empty(code)) return S("");
    return words_code(v->arena, &v->service->session.policy, kind_of(KIND_EXHIBIT), field, code);
}

Str custody_time_words(struct visit *v, int64_t ms)
{
    return ms == INT64_MIN || ms == INT64_MAX ? S("no time") : words_time(v->arena, ms);
}

enum part_meaning custody_state_meaning(Str state)
{
    if (str_eq(state, S("missing"))) return MEANING_URGENT;
    if (str_eq(state, S("in_transit"))) return MEANING_WAITING;
    if (str_eq(state, S("seized"))) return MEANING_ATTENTION;
    return MEANING_PLAIN;
}

static bool keeps_exhibits(Str kind)
{
    return str_eq(kind, S("exhibits")) || str_eq(kind, S("store")) || str_eq(kind, S("laboratory"));
}

static void receiver_add(struct visit *v, struct part_choice *choice, size_t *count,
                         const struct record_id *id, Str words, Str chosen)
{
    Str key = str_format(v->arena, "%.*s:%.*s", STR_ARG(id->ns), STR_ARG(id->id));
    if (*count < RECEIVERS_MAX)
        choice[(*count)++] =
            (struct part_choice){.value = key, .label = words, .chosen = str_eq(key, chosen)};
}

size_t custody_receivers(struct visit *v, Str chosen, struct part_choice **out)
{
    const struct roll *roll = v->service->roll;
    const struct roll_officer *officer = NULL;
    const struct roll_unit *unit = NULL;
    size_t officers = roll_officers(roll, &officer), units = roll_units(roll, &unit), count = 0;
    *out = NEW_ARRAY(v->arena, struct part_choice, RECEIVERS_MAX);
    for (size_t i = 0; i < units; i++)
        if (keeps_exhibits(unit[i].kind)) receiver_add(v, *out, &count, &unit[i].id, unit[i].name, chosen);
    for (size_t i = 0; i < officers; i++) {
        const struct roll_unit *of = roll_unit(roll, S(NAMESPACE_DEFAULT), officer[i].unit);
        bool own = !str_empty(v->viewer.unit) && str_eq(officer[i].unit, v->viewer.unit);
        if (str_eq(visit_id_words(v->arena, &officer[i].id), v->viewer.officer)) continue;
        if (own || (of != NULL && keeps_exhibits(of->kind)))
            receiver_add(v, *out, &count, &officer[i].id,
                         str_format(v->arena, "%.*s, %.*s", STR_ARG(officer[i].name),
                                    STR_ARG(roll_unit_words(roll, officer[i].unit))),
                         chosen);
    }
    return count;
}
