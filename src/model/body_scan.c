#include "model/body_scan.h"

#include "base/caldate.h"
#include "base/json.h"
#include "base/utf8.h"
#include "model/canon.h"

#define NESTING_MAX 8

/* Past a string, its quotes included. */
static bool string_skip(Str *rest)
{
    Str s = *rest;
    if (!canon_take(&s, '"')) return false;
    for (;;) {
        s = str_slice(s, json_plain_run(s), s.len);
        if (canon_take(&s, '"')) break;
        if (s.len < 2 || s.ptr[0] != '\\') return false; /* cut short, or a control character */
        s = str_slice(s, 2, s.len);
    }
    *rest = s;
    return true;
}

static bool word_skip(Str *rest)
{
    static const char *const words[] = {"null", "true", "false"};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        Str word = str_of(words[i]);
        if (!str_starts(*rest, word)) continue;
        *rest = str_slice(*rest, word.len, rest->len);
        return true;
    }
    size_t n = 0;
    while (n < rest->len && rest->ptr[n] && strchr("+-.0123456789eE", rest->ptr[n]))
        n++;
    *rest = str_slice(*rest, n, rest->len);
    return n > 0;
}

/* Past any value; *out is its text. */
static bool value_take(Str *rest, int depth, Str *out)
{
    const char *from = rest->ptr;
    char first = rest->len ? from[0] : '\0', last = first == '{' ? '}' : ']';
    Str ignored;
    if (first == '"') {
        if (!string_skip(rest)) return false;
    } else if (first != '{' && first != '[') {
        if (!word_skip(rest)) return false;
    } else {
        if (depth == NESTING_MAX) return false;
        *rest = str_slice(*rest, 1, rest->len);
        bool empty = canon_take(rest, last);
        while (!empty) {
            if (first == '{' && (!string_skip(rest) || !canon_take(rest, ':'))) return false;
            if (!value_take(rest, depth + 1, &ignored)) return false;
            if (canon_take(rest, last)) break;
            if (!canon_take(rest, ',')) return false;
        }
    }
    *out = (Str){from, (size_t)(rest->ptr - from)};
    return true;
}

/* "name": without escapes; names come in ascending order, so that none comes twice. */
static bool name_take(Str *rest, Str *name)
{
    Str before = *name;
    if (!canon_take(rest, '"')) return false;
    size_t end = str_find_char(*rest, '"');
    if (end == STR_NPOS) return false;
    *name = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end + 1, rest->len);
    return canon_take(rest, ':') && (!str_present(before) || str_compare(before, *name) < 0);
}

enum part { PART_GIVEN, PART_KEY, PART_VALUE };

/* The members of "g", "k" or "v" into their facts. */
static bool parts_scan(const struct kind *kind, Str parts, enum part part, struct fact fact[FIELDS_MAX])
{
    Str name = STR_NONE, value;
    if (!str_present(parts)) return part != PART_VALUE;
    if (!canon_take(&parts, '{')) return false;
    for (;;) {
        if (!name_take(&parts, &name) || str_empty(name) || !value_take(&parts, 0, &value)) return false;
        int i = field_index(kind, name);
        if (i < 0 || (part != PART_VALUE && !str_present(fact[i].value))) return false;
        if (part == PART_VALUE)
            fact[i] = (struct fact){i, value, S(""), S("")};
        else if (part == PART_KEY)
            fact[i].key = value;
        else
            fact[i].given = value;
        if (canon_take(&parts, '}')) return parts.len == 0;
        if (!canon_take(&parts, ',')) return false;
    }
}

struct members {
    Str g, id, implied, k, kind, known_at, line, ns, source, v;
};

static Str *member_named(struct members *m, Str name)
{
    const struct {
        Str name;
        Str *at;
    } places[] = {{S("g"), &m->g},       {S("id"), &m->id},     {S("implied"), &m->implied},
                  {S("k"), &m->k},       {S("kind"), &m->kind}, {S("known_at"), &m->known_at},
                  {S("line"), &m->line}, {S("ns"), &m->ns},     {S("source"), &m->source},
                  {S("v"), &m->v}};
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        if (str_eq(places[i].name, name)) return places[i].at;
    }
    return NULL;
}

static bool members_scan(Str body, struct members *m)
{
    Str name = STR_NONE;
    if (!canon_take(&body, '{')) return false;
    for (;;) {
        Str *at = name_take(&body, &name) ? member_named(m, name) : NULL;
        if (!at || !value_take(&body, 0, at)) return false;
        if (canon_take(&body, '}')) return body.len == 0;
        if (!canon_take(&body, ',')) return false;
    }
}

static bool head_scan(struct arena *a, const struct members *m, struct change *c)
{
    Str kind, known_at;
    int64_t line;
    bool day_only;
    if (!canon_read_string(a, m->kind, &kind) || !canon_read_string(a, m->known_at, &known_at)) return false;
    const struct kind *found = kind_named(kind);
    if (!found || caldate_parse(known_at, &c->known_at_ms, &day_only, NULL) != OK || day_only) return false;
    if (str_to_i64(m->line, &line) != OK || line < 0) return false;
    c->record.kind = found->id;
    c->line = (uint64_t)line;
    c->known_at_implied = str_eq(m->implied, S("true"));
    if (str_present(m->implied) && !c->known_at_implied) return false;
    return canon_read_string(a, m->id, &c->record.id) && canon_read_string(a, m->ns, &c->record.ns) &&
           canon_read_string(a, m->source, &c->source) && c->record.id.len && c->record.ns.len &&
           c->source.len;
}

bool body_scan(struct arena *a, Str body, struct change *out)
{
    struct members m = {0};
    struct change c = {0};
    struct fact fact[FIELDS_MAX] = {0}, *facts;
    if (!utf8_valid(body, NULL) || !members_scan(body, &m) || !head_scan(a, &m, &c)) return false;
    const struct kind *kind = kind_of(c.record.kind);
    if (!parts_scan(kind, m.v, PART_VALUE, fact) || !parts_scan(kind, m.k, PART_KEY, fact) ||
        !parts_scan(kind, m.g, PART_GIVEN, fact))
        return false;
    for (size_t i = 0; i < kind->field_count; i++)
        c.fact_count += str_present(fact[i].value);
    facts = c.fact = NEW_ARRAY(a, struct fact, c.fact_count);
    for (size_t i = 0; i < kind->field_count; i++) {
        if (str_present(fact[i].value)) *facts++ = fact[i];
    }
    *out = c;
    return true;
}
