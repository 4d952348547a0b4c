/* Which record is meant: namespaces, ids, references. */
#include "model/record.h"

#define NAMESPACE_BYTES_MAX 32

bool record_id_eq(const struct record_id *a, const struct record_id *b)
{
    return a->kind == b->kind && str_eq(a->id, b->id) && str_eq(a->ns, b->ns);
}

int record_id_compare(const struct record_id *a, const struct record_id *b)
{
    int order = str_compare(a->ns, b->ns);

    if (order != 0) return order;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    return str_compare(a->id, b->id);
}

bool namespace_valid(Str ns)
{
    if (ns.len == 0 || ns.len > NAMESPACE_BYTES_MAX) return false;
    for (size_t i = 0; i < ns.len; i++) {
        char c = ns.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-')) return false;
    }
    return true;
}

void ref_split(Str text, Str ns, Str *ref_ns, Str *ref_id)
{
    size_t colon = str_find_char(text, ':');
    Str prefix = colon == STR_NPOS ? STR_NONE : str_slice(text, 0, colon);

    if (colon != STR_NPOS && colon + 1 < text.len && namespace_valid(prefix)) {
        *ref_ns = prefix;
        *ref_id = str_slice(text, colon + 1, text.len);
    } else {
        *ref_ns = ns;
        *ref_id = text;
    }
}

Str ref_write(struct arena *a, Str ns, const struct record_id *id)
{
    if (str_eq(id->ns, ns) && str_find_char(id->id, ':') == STR_NPOS) return id->id;
    return str_format(a, "%.*s:%.*s", STR_ARG(id->ns), STR_ARG(id->id));
}
