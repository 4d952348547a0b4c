/* What each type of field is: its name, whether it is a set, and how its canonical value becomes a member
 * of the kind's struct. */
#include "model/field.h"

#include "base/caldate.h"
#include "model/canon.h"
#include "model/record.h"
#include "model/when.h"

static const struct {
    const char *name;
    bool set;
} types[] = {
    [FT_TEXT] = {"text", false},
    [FT_NARRATIVE] = {"narrative", false},
    [FT_NAME] = {"name", false},
    [FT_ADDRESS] = {"address", false},
    [FT_IDENTIFIER] = {"identifier", false},
    [FT_POSTCODE] = {"postcode", false},
    [FT_CODE] = {"code", false},
    [FT_YESNO] = {"yesno", false},
    [FT_TIME] = {"time", false},
    [FT_SPAN] = {"span", false},
    [FT_DATE] = {"date", false},
    [FT_NUMBER] = {"number", false},
    [FT_PLACE] = {"place", false},
    [FT_REF] = {"ref", false},
    [FT_TEXTS] = {"texts", true},
    [FT_NAMES] = {"names", true},
    [FT_CODES] = {"codes", true},
    [FT_REFS] = {"refs", true},
    [FT_ADDRESSES] = {"addresses", true},
    [FT_LEVELS] = {"levels", true},
    [FT_DATED] = {"dated", true},
};

bool field_type_is_set(enum field_type type)
{
    MUST((size_t)type < COUNT_OF(types));
    return types[type].set;
}

const char *field_type_name(enum field_type type)
{
    MUST((size_t)type < COUNT_OF(types));
    return types[type].name;
}

bool field_value_listed(const char *values, Str word)
{
    const char *p = values;

    if (str_empty(word)) return false;
    while (*p) {
        const char *from = p;
        while (*p && *p != ' ' && *p != '|')
            p++;
        if ((size_t)(p - from) == word.len && memcmp(from, word.ptr, word.len) == 0) return true;
        while (*p == ' ' || *p == '|')
            p++;
    }
    return false;
}

static bool decode_moment(struct arena *a, Str *rest, struct moment *out)
{
    Str text;

    return canon_string(a, rest, &text) && moment_parse(text, out, NULL) == OK;
}

static bool decode_span(struct arena *a, Str json, struct span *out)
{
    struct span s = {0};

    if (str_starts(json, S("{\"from\":"))) {
        json = str_slice(json, 8, json.len);
        if (!decode_moment(a, &json, &s.from)) return false;
        if (!canon_take(&json, ',')) goto close;
    } else if (!canon_take(&json, '{')) {
        return false;
    }
    if (!str_starts(json, S("\"to\":"))) return false;
    json = str_slice(json, 5, json.len);
    if (!decode_moment(a, &json, &s.to)) return false;
close:
    if (!str_eq(json, S("}"))) return false;
    *out = s;
    return true;
}

/* A member "name": number of an object; *present is false when the text goes on with something else. */
static bool decode_member(Str *rest, Str head, double *out, bool *present)
{
    *present = str_starts(*rest, head);
    if (!*present) return true;
    *rest = str_slice(*rest, head.len, rest->len);
    return canon_number(rest, out);
}

static bool decode_place(Str json, struct place *out)
{
    struct place p = {.present = true};
    bool lat, lon, radius;

    if (!decode_member(&json, S("{\"lat\":"), &p.lat, &lat) || !lat) return false;
    if (!decode_member(&json, S(",\"lon\":"), &p.lon, &lon) || !lon) return false;
    if (!decode_member(&json, S(",\"radius_m\":"), &p.radius_m, &radius)) return false;
    if (!str_eq(json, S("}"))) return false;
    *out = p;
    return true;
}

static bool decode_keyed(struct arena *a, Str value, Str key, struct keyed *out)
{
    struct keyed k = {.key = S("")};

    if (!canon_read_string(a, value, &k.text)) return false;
    if (!str_empty(key) && !canon_read_string(a, key, &k.key)) return false;
    *out = k;
    return true;
}

static bool decode_keyed_list(struct arena *a, Str value, Str key, struct keyed_list *out)
{
    struct str_list text, keys = {NULL, 0};
    struct keyed_list list;

    if (!canon_read_strings(a, value, &text)) return false;
    if (!str_empty(key) && (!canon_read_strings(a, key, &keys) || keys.count != text.count)) return false;
    list = (struct keyed_list){NEW_ARRAY(a, struct keyed, text.count ? text.count : 1), text.count};
    for (size_t i = 0; i < text.count; i++) {
        list.item[i] = (struct keyed){text.item[i], keys.count ? keys.item[i] : S("")};
    }
    *out = list;
    return true;
}

static bool decode_number(Str json, double *out)
{
    double v;

    if (!canon_number(&json, &v) || json.len != 0) return false;
    *out = v;
    return true;
}

static void decode_absent(const struct field *field, void *member)
{
    switch (field->type) {
    case FT_TEXT:
    case FT_NARRATIVE:
    case FT_NAME:
    case FT_POSTCODE:
    case FT_CODE:
    case FT_YESNO:
    case FT_REF:
        *(Str *)member = STR_NONE;
        break;
    case FT_ADDRESS:
    case FT_IDENTIFIER:
        *(struct keyed *)member = (struct keyed){STR_NONE, STR_NONE};
        break;
    case FT_TIME:
        *(struct moment *)member = (struct moment){0};
        break;
    case FT_SPAN:
        *(struct span *)member = (struct span){0};
        break;
    case FT_DATE:
        *(struct date *)member = (struct date){0};
        break;
    case FT_NUMBER:
        *(double *)member = (double)NAN;
        break;
    case FT_PLACE:
        *(struct place *)member = (struct place){0};
        break;
    case FT_TEXTS:
    case FT_NAMES:
    case FT_CODES:
    case FT_REFS:
    case FT_LEVELS:
    case FT_DATED:
        *(struct str_list *)member = (struct str_list){NULL, 0};
        break;
    case FT_ADDRESSES:
        *(struct keyed_list *)member = (struct keyed_list){NULL, 0};
        break;
    }
}

static bool decode_value(struct arena *a, enum field_type type, Str value, Str key, void *member)
{
    Str text;

    switch (type) {
    case FT_TEXT:
    case FT_NARRATIVE:
    case FT_NAME:
    case FT_POSTCODE:
    case FT_CODE:
    case FT_YESNO:
    case FT_REF:
        return canon_read_string(a, value, member);
    case FT_ADDRESS:
    case FT_IDENTIFIER:
        return decode_keyed(a, value, key, member);
    case FT_TIME: {
        struct moment m;
        if (!decode_moment(a, &value, &m) || value.len != 0) return false;
        *(struct moment *)member = m;
        return true;
    }
    case FT_SPAN:
        return decode_span(a, value, member);
    case FT_DATE:
        return canon_read_string(a, value, &text) && date_parse(text, member, NULL) == OK;
    case FT_NUMBER:
        return decode_number(value, member);
    case FT_PLACE:
        return decode_place(value, member);
    case FT_TEXTS:
    case FT_NAMES:
    case FT_CODES:
    case FT_REFS:
        return canon_read_strings(a, value, member);
    case FT_LEVELS:
    case FT_DATED:
        return canon_read_objects(a, value, member);
    case FT_ADDRESSES:
        return decode_keyed_list(a, value, key, member);
    }
    return false;
}

enum status field_decode(struct arena *a, const struct field *field, Str value, Str key, void *data,
                         struct err *e)
{
    void *member = (char *)data + field->offset;

    if (str_empty(value) || str_eq(value, S("null"))) {
        decode_absent(field, member);
        return OK;
    }
    if (!decode_value(a, field->type, value, key, member))
        return ERR(e, E_INVALID, field->name, "%s: \"%.*s\" is not a stored %s; the record's body is damaged",
                   field->name, (int)(value.len < 80 ? value.len : 80), value.ptr,
                   field_type_name(field->type));
    return OK;
}
