/* The rows of kind_*.h as tables, and finding a kind or a field by name. */
#include "model/kinds.h"

#define FIELD_ROW(kind, name, type, values, asked, sensitivity, compare, unit, label, hint)                  \
    {#name,   FT_##type, values, ASKED_##asked, SENS_##sensitivity,                                          \
     compare, unit,      label,  hint,          offsetof(struct kind, name)},
#define KIND_FIELDS(ID, kind, about)                                                                         \
    static const struct field kind##_fields[] = {ID##_FIELDS(FIELD_ROW, kind)};
#define KIND_ROW(ID, kind, about)                                                                            \
    {KIND_##ID, #kind, about, kind##_fields, COUNT_OF(kind##_fields), sizeof(struct kind)},

KINDS(KIND_FIELDS)

static const struct kind kind_table[] = {KINDS(KIND_ROW)};

_Static_assert(COUNT_OF(kind_table) == KIND_COUNT, "a row in KINDS for every kind_id");

const struct kind *kind_of(enum kind_id id)
{
    MUST((size_t)id < KIND_COUNT);
    return &kind_table[id];
}

const struct kind *kind_named(Str name)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (str_eq(str_of(kind_table[i].name), name)) return &kind_table[i];
    }
    return NULL;
}

bool kind_kept_apart(enum kind_id id)
{
    static const bool APART[KIND_COUNT] = {
        [KIND_CHARACTERISTICS] = true, [KIND_SAME_EVENT] = true, [KIND_LINK] = true,
        [KIND_RESTRICTION] = true,     [KIND_CONFLICT] = true,   [KIND_MEETING] = true};
    MUST((size_t)id < KIND_COUNT);
    return APART[id];
}

int field_index(const struct kind *kind, Str name)
{
    if (str_empty(name)) return -1;
    for (size_t i = 0; i < kind->field_count; i++) {
        const char *candidate = kind->field[i].name;
        if (candidate[0] == name.ptr[0] && str_eq(str_of(candidate), name)) return (int)i;
    }
    return -1;
}

static bool name_ok(const char *name)
{
    if (name[0] < 'a' || name[0] > 'z') return false;
    for (const char *p = name; *p; p++) {
        if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '_')) return false;
    }
    return true;
}

/* Do the `values` of a reference name kinds that exist? */
static bool ref_values_ok(const char *values)
{
    Str rest = str_of(values), word;
    if (str_empty(rest) || str_eq(rest, S("any"))) return true;
    while (str_next(&rest, '|', &word)) {
        if (!kind_named(word)) return false;
    }
    return true;
}

static enum status field_check(const struct kind *k, const struct field *f, struct err *e)
{
    bool is_ref = f->type == FT_REF || f->type == FT_REFS;
    bool is_code = f->type == FT_CODE || f->type == FT_CODES;

    if (!name_ok(f->name)) return ERR(e, E_INTERNAL, f->name, "kind %s has a badly named field", k->name);
    if (f->sensitivity == SENS_NOT_STATED)
        return ERR(e, E_INTERNAL, f->name, "%s.%s states no sensitivity", k->name, f->name);
    if (f->sensitivity == SENS_RESTRICTED && f->compare[0])
        return ERR(e, E_INTERNAL, f->name, "%s.%s is restricted and must never be compared", k->name,
                   f->name);
    if (!f->label[0]) return ERR(e, E_INTERNAL, f->name, "%s.%s has no label", k->name, f->name);
    if (f->offset >= k->size) return ERR(e, E_INTERNAL, f->name, "%s.%s lies outside", k->name, f->name);
    if ((f->type == FT_NUMBER) != (f->unit[0] != '\0'))
        return ERR(e, E_INTERNAL, f->name, "%s.%s: a number has a unit, others have none", k->name, f->name);
    if (f->values[0] && !is_ref && !is_code)
        return ERR(e, E_INTERNAL, f->name, "%s.%s lists values but is no code", k->name, f->name);
    if (is_ref && !ref_values_ok(f->values))
        return ERR(e, E_INTERNAL, f->name, "%s.%s refers to a kind that does not exist", k->name, f->name);
    return OK;
}

enum status kinds_check(struct err *e)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        const struct kind *k = &kind_table[i];
        if ((size_t)k->id != i || kind_named(str_of(k->name)) != k)
            return ERR(e, E_INTERNAL, k->name, "kind %s is out of order or named twice", k->name);
        if (!name_ok(k->name) || !k->about[0])
            return ERR(e, E_INTERNAL, k->name, "kind %s has a bad name or says nothing about itself",
                       k->name);
        if (k->field_count > FIELDS_MAX)
            return ERR(e, E_INTERNAL, k->name, "kind %s has more than %d fields", k->name, FIELDS_MAX);
        for (size_t j = 0; j < k->field_count; j++) {
            if (field_index(k, str_of(k->field[j].name)) != (int)j)
                return ERR(e, E_INTERNAL, k->field[j].name, "kind %s has a field twice", k->name);
            TRY(field_check(k, &k->field[j], e));
        }
    }
    return OK;
}
