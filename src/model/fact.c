/* Given values as facts: checked, normalised, in canonical form, with what the sender wrote beside it. */
#include "model/accept.h"
#include "model/canon.h"
#include "model/normalise.h"
#include "model/record.h"
#include "model/suggest.h"

#define AGE_YEARS_MAX   130.0
#define GIVEN_BYTES_MAX ((size_t)64 << 20)

/* The canonical text of what was given. */
static Str given_canonical(struct arena *a, const Json *v)
{
    struct buf b CLEANUP_BUF = {0};

    buf_init(&b, GIVEN_BYTES_MAX);
    json_write_canonical(&b, v);
    return canon_from_buf(a, &b);
}

static Str region_of(const struct policy *policy)
{
    return str_empty(policy->default_region) ? S("GB") : policy->default_region;
}

/* "" when nothing comparable was found, else the key as canonical JSON. */
static Str key_json(struct arena *a, Str key)
{
    return str_empty(key) ? S("") : canon_quote(a, key);
}

/* One item of a set, as text (as canonical JSON for levels and courses). */
static enum status accept_item(const struct accept *c, const struct field *f, const Json *v, Str *out)
{
    switch (f->type) {
    case FT_TEXTS:
    case FT_NAMES:
    case FT_ADDRESSES:
        return accept_text(c, v, ACCEPT_TEXT_BYTES_MAX, true, out);
    case FT_CODES:
        if (f->values[0] == '@') return accept_substance(c, v, out);
        return accept_code(c, v, f->values, out);
    case FT_REFS:
        return accept_id(c, v, out);
    case FT_LEVELS:
        return accept_level(c, v, out);
    case FT_DATED:
        return accept_dated(c, v, out);
    case FT_TEXT:
    case FT_NARRATIVE:
    case FT_NAME:
    case FT_ADDRESS:
    case FT_IDENTIFIER:
    case FT_POSTCODE:
    case FT_CODE:
    case FT_YESNO:
    case FT_TIME:
    case FT_SPAN:
    case FT_DATE:
    case FT_NUMBER:
    case FT_PLACE:
    case FT_REF:
        break;
    }
    return ERR(c->e, E_INTERNAL, c->field, "%s is no set", field_type_name(f->type));
}

static enum status accept_set(const struct accept *c, const struct field *f, const Json *v, struct fact *out)
{
    size_t count = json_count(v);
    struct str_list list;

    if (json_type(v) != JSON_ARRAY)
        return ERR(c->e, E_INVALID, c->field, "%s was given; write a list in [ ], also for a single value",
                   json_type_name(v));
    if (count == 0)
        return ERR(c->e, E_INVALID, c->field,
                   "the list is empty; leave the field out, or write null to withdraw it");
    if (count > ACCEPT_ITEMS_MAX)
        return ERR(c->e, E_INVALID, c->field, "the list has %zu items; at most %d are taken", count,
                   ACCEPT_ITEMS_MAX);
    list = (struct str_list){NEW_ARRAY(c->a, Str, count), count};
    for (size_t i = 0; i < count; i++)
        TRY(accept_item(c, f, json_at(v, i), &list.item[i]));
    str_sort_unique(&list);
    if (f->type == FT_LEVELS || f->type == FT_DATED) {
        out->value = canon_objects(c->a, &list);
        return OK;
    }
    out->value = canon_strings(c->a, &list);
    if (f->type == FT_ADDRESSES) {
        for (size_t i = 0; i < list.count; i++)
            list.item[i] = normalise_address(c->a, list.item[i], region_of(c->policy));
        out->key = canon_strings(c->a, &list);
    }
    return OK;
}

/* Types whose value is one text; the text is left as it is compared and shown. */
static enum status accept_single(const struct accept *c, const struct field *f, const Json *v, Str *out)
{
    switch (f->type) {
    case FT_NARRATIVE:
        return accept_text(c, v, ACCEPT_NARRATIVE_BYTES_MAX, false, out);
    case FT_CODE:
        if (f->values[0] == '@') return accept_substance(c, v, out);
        return accept_code(c, v, f->values, out);
    case FT_YESNO:
        return accept_yesno(c, v, out);
    case FT_POSTCODE:
        return accept_postcode(c, v, out);
    case FT_REF:
        return accept_id(c, v, out);
    case FT_TEXT:
    case FT_NAME:
    case FT_ADDRESS:
    case FT_IDENTIFIER:
    case FT_TIME:
    case FT_SPAN:
    case FT_DATE:
    case FT_NUMBER:
    case FT_PLACE:
    case FT_TEXTS:
    case FT_NAMES:
    case FT_CODES:
    case FT_REFS:
    case FT_ADDRESSES:
    case FT_LEVELS:
    case FT_DATED:
        break;
    }
    return accept_text(c, v, ACCEPT_TEXT_BYTES_MAX, true, out);
}

static enum status accept_keyed(const struct accept *c, const struct field *f, const Json *v,
                                Str identifier_type, struct fact *out)
{
    Str text, key;

    TRY(accept_text(c, v, ACCEPT_TEXT_BYTES_MAX, true, &text));
    if (f->type == FT_ADDRESS) {
        key = normalise_address(c->a, text, region_of(c->policy));
    } else {
        key = normalise_identifier(c->a, identifier_type, text, region_of(c->policy));
    }
    out->value = canon_quote(c->a, text);
    out->key = key_json(c->a, key);
    return OK;
}

static enum status accept_measure(const struct accept *c, const struct field *f, const Json *v, Str *json)
{
    struct buf b CLEANUP_BUF = {0};
    bool years = strcmp(f->unit, "years") == 0;
    double n = 0;

    TRY(accept_number(c, v, years ? 0 : -1e15, years ? AGE_YEARS_MAX : 1e15, f->unit, &n));
    buf_init(&b, 64);
    json_add_number(&b, n);
    *json = canon_from_buf(c->a, &b);
    return OK;
}

static enum status accept_value(const struct accept *c, const struct field *f, const Json *v,
                                Str identifier_type, struct fact *out)
{
    Str text;

    if (field_type_is_set(f->type)) return accept_set(c, f, v, out);
    if (f->type == FT_ADDRESS || f->type == FT_IDENTIFIER) return accept_keyed(c, f, v, identifier_type, out);
    if (f->type == FT_TIME) return accept_time(c, v, &out->value);
    if (f->type == FT_SPAN) return accept_span(c, v, &out->value);
    if (f->type == FT_DATE) return accept_date(c, v, &out->value);
    if (f->type == FT_NUMBER) return accept_measure(c, f, v, &out->value);
    if (f->type == FT_PLACE) return accept_place(c, v, &out->value);
    TRY(accept_single(c, f, v, &text));
    out->value = canon_quote(c->a, text);
    return OK;
}

enum status fact_make(struct arena *a, const struct policy *policy, const struct kind *kind, int field,
                      const Json *given, Str identifier_type, struct fact *out, struct err *e)
{
    struct fact made = {field, S("null"), S(""), S("")};
    const struct field *f;
    Str as_given;

    if (field < 0 || (size_t)field >= kind->field_count)
        return ERR(e, E_INTERNAL, kind->name, "kind %s has no field %d", kind->name, field);
    f = &kind->field[field];
    if (json_type(given) != JSON_NULL) {
        struct accept c = {a, policy, f->name, e};
        TRY(accept_value(&c, f, given, identifier_type, &made));
        as_given = given_canonical(a, given);
        if (!str_eq(as_given, made.value)) made.given = as_given;
    }
    *out = made;
    return OK;
}

static enum status refuse_field(struct arena *a, const struct kind *kind, Str name, struct err *e)
{
    struct str_list names = {NEW_ARRAY(a, Str, kind->field_count), kind->field_count};
    struct suggest s = suggest_for(name);
    Str best, all;

    for (size_t i = 0; i < kind->field_count; i++) {
        names.item[i] = str_of(kind->field[i].name);
        suggest_try(&s, names.item[i]);
    }
    best = suggest_best(&s);
    if (str_present(best))
        return ERR(e, E_INVALID, "set", "a record of kind %s has no field \"%.*s\"; did you mean %.*s?",
                   kind->name, accept_shown(name), name.ptr, STR_ARG(best));
    all = str_join(a, &names, S(" "));
    return ERR(e, E_INVALID, "set", "a record of kind %s has no field \"%.*s\". Accepted: %.*s", kind->name,
               accept_shown(name), name.ptr, STR_ARG(all));
}

/* An identifier's text is normalised by its type, so that one without the other cannot be taken. */
static enum status check_identifier(const Json *set, struct err *e)
{
    const Json *type = json_get(set, "type"), *value = json_get(set, "value");

    if ((type == NULL) != (value == NULL))
        return ERR(e, E_INVALID, type ? "value" : "type",
                   "an identifier's type and value are given together; write both");
    if ((json_type(type) == JSON_NULL) != (json_type(value) == JSON_NULL))
        return ERR(e, E_INVALID, json_type(type) == JSON_NULL ? "type" : "value",
                   "an identifier's type and value are withdrawn together; write null for both");
    return OK;
}

/* What the sender first wrote, carried along by an export: it stands in for what stands in `set`. */
static enum status take_given(struct arena *a, const struct kind *kind, const Json *given,
                              struct fact *at[FIELDS_MAX], struct err *e)
{
    if (json_type(given) == JSON_NULL) return OK;
    if (json_type(given) != JSON_OBJECT)
        return ERR(e, E_INVALID, "given",
                   "%s stands in \"given\"; it holds fields of \"set\" as first written",
                   json_type_name(given));
    for (const void *it = json_first(given); it; it = json_next(given, it)) {
        int i = field_index(kind, json_key(it));
        Str text;
        if (i < 0) return refuse_field(a, kind, json_key(it), e);
        if (!at[i])
            return ERR(e, E_INVALID, kind->field[i].name,
                       "%s stands in \"given\" but not in \"set\"; give it in both", kind->field[i].name);
        if (json_type(json_value(it)) == JSON_NULL || str_eq(at[i]->value, S("null"))) continue;
        text = given_canonical(a, json_value(it));
        at[i]->given = str_eq(text, at[i]->value) ? S("") : text;
    }
    return OK;
}

enum status change_facts(struct arena *a, const struct policy *policy, const struct kind *kind,
                         const Json *set, const Json *given, struct change *out, struct err *e)
{
    struct fact made[FIELDS_MAX], *at[FIELDS_MAX] = {NULL}, *facts;
    Str identifier_type = S("");
    size_t count = 0;

    if (json_type(set) != JSON_OBJECT)
        return ERR(e, E_INVALID, "set", "%s stands in \"set\"; write an object of fields, {\"age\":22}",
                   json_type_name(set));
    if (json_count(set) == 0) return ERR(e, E_INVALID, "set", "\"set\" is empty; give at least one field");
    if (kind->id == KIND_IDENTIFIER) {
        TRY(check_identifier(set, e));
        if (json_type(json_get(set, "type")) == JSON_STRING)
            identifier_type = str_trim(json_str(json_get(set, "type")));
    }
    for (const void *it = json_first(set); it; it = json_next(set, it)) {
        int i = field_index(kind, json_key(it));
        if (i < 0) return refuse_field(a, kind, json_key(it), e);
        TRY(fact_make(a, policy, kind, i, json_value(it), identifier_type, &made[i], e));
        at[i] = &made[i];
    }
    TRY(take_given(a, kind, given, at, e));
    facts = NEW_ARRAY(a, struct fact, json_count(set));
    for (size_t i = 0; i < kind->field_count; i++) {
        if (at[i]) facts[count++] = *at[i];
    }
    out->fact = facts;
    out->fact_count = count;
    return OK;
}
