#include "model/feed.h"

#include "model/accept.h"
#include "model/suggest.h"
#include "model/when.h"

#define FEED_KEYS "known_at ns kind id source set given"

bool source_valid(Str source)
{
    if (source.len == 0 || source.len > SOURCE_BYTES_MAX) return false;
    for (size_t i = 0; i < source.len; i++) {
        char c = source.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
    }
    return true;
}

static enum status refuse_key(Str key, struct err *e)
{
    struct suggest s = suggest_for(key);
    Str rest = S(FEED_KEYS), one, best;

    while (str_next(&rest, ' ', &one))
        suggest_try(&s, one);
    best = suggest_best(&s);
    if (str_present(best))
        return ERR(e, E_INVALID, "",
                   "a line has no key \"%.*s\"; did you mean %.*s? Fields stand inside \"set\"",
                   accept_shown(key), key.ptr, STR_ARG(best));
    return ERR(e, E_INVALID, "",
               "a line has no key \"%.*s\". Accepted: " FEED_KEYS "; fields stand inside \"set\"",
               accept_shown(key), key.ptr);
}

static enum status parse_kind(const Json *v, enum kind_id *out, struct err *e)
{
    struct suggest s = suggest_for(json_str(v));
    const struct kind *kind = kind_named(json_str(v));
    Str best;

    if (kind) {
        *out = kind->id;
        return OK;
    }
    if (json_type(v) != JSON_STRING)
        return ERR(e, E_INVALID, "kind", "\"kind\" is missing; write the kind of record, \"kind\":\"death\"");
    for (int i = 0; i < KIND_COUNT; i++)
        suggest_try(&s, str_of(kind_of((enum kind_id)i)->name));
    best = suggest_best(&s);
    if (str_present(best))
        return ERR(e, E_INVALID, "kind", "there is no kind \"%.*s\"; did you mean %.*s?",
                   accept_shown(json_str(v)), json_str(v).ptr, STR_ARG(best));
    return ERR(e, E_INVALID, "kind",
               "there is no kind \"%.*s\"; write death, person, incident or another of the list",
               accept_shown(json_str(v)), json_str(v).ptr);
}

static enum status parse_source(struct arena *a, const Json *v, Str *out, struct err *e)
{
    if (json_type(v) != JSON_STRING)
        return ERR(e, E_INVALID, "source",
                   "\"source\" is missing; name the feed the line comes from, \"source\":\"death_report\"");
    if (!source_valid(json_str(v)))
        return ERR(e, E_INVALID, "source",
                   "\"%.*s\" is no name of a source; write at most %d small letters, digits and _",
                   accept_shown(json_str(v)), json_str(v).ptr, SOURCE_BYTES_MAX);
    *out = str_copy(a, json_str(v));
    return OK;
}

static enum status parse_namespace(struct arena *a, const Json *v, Str ns_default, Str *out, struct err *e)
{
    Str ns = str_empty(ns_default) ? S(NAMESPACE_DEFAULT) : ns_default;

    if (v) ns = json_str(v);
    if (!namespace_valid(ns))
        return ERR(e, E_INVALID, "ns",
                   "\"ns\" is not a namespace; write at most 32 small letters, digits, _ and -");
    *out = str_copy(a, ns);
    return OK;
}

static enum status parse_known_at(const Json *v, struct change *c, struct err *e)
{
    struct moment m = {0};
    struct err why = {0};

    if (json_type(v) == JSON_NULL) {
        c->known_at_implied = true;
        return OK;
    }
    if (json_type(v) != JSON_STRING)
        return ERR(e, E_INVALID, "known_at", "%s was given; write a time in quotes, \"2014-08-28T08:00:00Z\"",
                   json_type_name(v));
    if (moment_parse(json_str(v), &m, &why) != OK) return ERR(e, E_INVALID, "known_at", "%s", why.text);
    if (m.precision != PRECISION_TIME)
        return ERR(
            e, E_INVALID, "known_at",
            "\"known_at\" needs the time of day, 2014-08-28T08:00:00Z; when only the day is known, send the "
            "end of that day");
    c->known_at_ms = m.ms;
    return OK;
}

enum status feed_take(struct arena *a, const struct policy *policy, const Json *line, Str ns_default,
                      struct change *out, struct err *e)
{
    struct change c = {0};
    struct accept id = {a, policy, "id", e};

    if (json_type(line) != JSON_OBJECT)
        return ERR(e, E_INVALID, "", "%s was given; a line is an object with " FEED_KEYS,
                   json_type_name(line));
    for (const void *it = json_first(line); it; it = json_next(line, it)) {
        if (!field_value_listed(FEED_KEYS, json_key(it))) return refuse_key(json_key(it), e);
    }
    TRY(parse_kind(json_get(line, "kind"), &c.record.kind, e));
    if (json_type(json_get(line, "id")) == JSON_NULL)
        return ERR(e, E_INVALID, "id",
                   "\"id\" is missing; write your own, stable id of the record, \"id\":\"D2\"");
    TRY(accept_id(&id, json_get(line, "id"), &c.record.id));
    TRY(parse_source(a, json_get(line, "source"), &c.source, e));
    TRY(parse_namespace(a, json_get(line, "ns"), ns_default, &c.record.ns, e));
    TRY(parse_known_at(json_get(line, "known_at"), &c, e));
    if (!json_get(line, "set"))
        return ERR(e, E_INVALID, "set",
                   "\"set\" is missing; write the fields given now, \"set\":{\"age\":22}");
    TRY(change_facts(a, policy, kind_of(c.record.kind), json_get(line, "set"), json_get(line, "given"), &c,
                     e));
    *out = c;
    return OK;
}

enum status feed_parse_line(struct arena *a, const struct policy *policy, Str line, Str ns_default,
                            struct change *out, struct err *e)
{
    struct json_doc doc CLEANUP_JSON = {NULL};

    if (str_empty(str_trim(line)))
        return ERR(e, E_INVALID, "", "the line is empty; each line holds one change");
    TRY(json_parse(line, &doc, e));
    return feed_take(a, policy, doc.root, ns_default, out, e);
}
