#include "web/route.h"

#include "model/kinds.h"
#include "model/when.h"
#include "web/part_field.h"

/* ---- matching --------------------------------------------------------------------------------------- */

static bool is_parameter(Str segment)
{
    return segment.len > 2 && segment.ptr[0] == '{' && segment.ptr[segment.len - 1] == '}';
}

static bool matches(struct visit *v, const struct route *route, Str path)
{
    Str pattern = str_of(route->path), wanted, given;
    v->params = 0;
    for (;;) {
        bool more = str_next(&pattern, '/', &wanted), more_given = str_next(&path, '/', &given);
        if (more != more_given) return false;
        if (!more) return true;
        if (!is_parameter(wanted)) {
            if (!str_eq(wanted, given)) return false;
            continue;
        }
        if (given.len == 0) return false;
        MUST(v->params < VISIT_PARAMS_MAX);
        v->param[v->params++] = (struct http_pair){.name = str_slice(wanted, 1, wanted.len - 1),
                                                   .value = url_segment(v->arena, given)};
    }
}

const struct route *route_find(struct visit *v, Str method, Str path, bool *other)
{
    *other = false;
    if (str_eq(method, S("HEAD"))) method = S("GET");
    for (size_t i = 0; i < ROUTES_COUNT; i++) {
        if (!matches(v, &ROUTES[i], path)) continue;
        if (str_eq(str_of(ROUTES[i].method), method)) return &ROUTES[i];
        *other = true;
    }
    v->params = 0;
    return NULL;
}

/* ---- inputs ----------------------------------------------------------------------------------------- */

static enum status check_value(const struct input *in, Str value, struct err *e)
{
    int64_t whole = 0;
    double number = 0;
    struct moment moment;
    if (str_empty(value)) return OK;
    switch (in->type) {
    case INPUT_LINE:
        if (str_find_char(value, '\n') == STR_NPOS && value.len <= 2000) return OK;
        return ERR(e, E_INVALID, in->name, "%s is one line of at most 2,000 characters.", in->name);
    case INPUT_WHOLE:
        if (str_to_i64(value, &whole) == OK && whole >= 0) return OK;
        return ERR(e, E_INVALID, in->name, "%s is a whole number, 0 or more; this is \"%.*s\".", in->name,
                   STR_ARG(str_slice(value, 0, 40)));
    case INPUT_NUMBER:
        if (str_to_f64(value, &number) == OK) return OK;
        return ERR(e, E_INVALID, in->name, "%s is a number; this is \"%.*s\".", in->name,
                   STR_ARG(str_slice(value, 0, 40)));
    case INPUT_TIME:
    case INPUT_DAY:
        return moment_parse(value, &moment, e);
    case INPUT_CODE:
        if (field_value_listed(in->values, value)) return OK;
        return ERR(e, E_INVALID, in->name, "%s is one of: %s.", in->name, in->values);
    case INPUT_ID:
        if (value.len <= 200 && str_find_char(value, '\n') == STR_NPOS) return OK;
        return ERR(e, E_INVALID, in->name, "%s is the id of a record.", in->name);
    case INPUT_PROSE:
    case INPUT_FIELDS:
    case INPUT_FILE:
        return OK;
    }
    BUG("input %s has no type", in->name);
}

/* Parts of a field have names of their own: "found-from-day" is of found; the input's own name stands before
 * them: "finder-" for "finder-name". */
static bool is_of_field(const struct visit *v, const struct input *i, Str name)
{
    Str before = str_of(i->name);
    Str kind_name = str_eq(str_of(i->values), S("{kind}")) ? visit_param(v, "kind") : str_of(i->values);
    const struct kind *kind = kind_named(kind_name);
    if (str_eq(name, S(PART_FIELD_MARK))) return true;
    if (kind == NULL || !str_starts(name, before)) return false;
    name = str_slice(name, before.len, name.len);
    size_t end = str_find_char(name, '-');
    return field_index(kind, end == STR_NPOS ? name : str_slice(name, 0, end)) >= 0;
}

static const struct input *input_named(const struct visit *v, enum input_in in, Str name)
{
    for (const struct input *i = v->route->input; i != NULL && i->name != NULL; i++) {
        if (i->in != in) continue;
        if (i->type == INPUT_FIELDS ? is_of_field(v, i, name) : str_eq(name, str_of(i->name))) return i;
    }
    return NULL;
}

/* Of the address, what is not known is passed over; of a form it is refused: nothing may be lost unsaid. */
static enum status check_pairs(const struct visit *v, const struct http_pairs *pairs, enum input_in in,
                               struct err *e)
{
    for (size_t i = 0; i < pairs->count; i++) {
        Str name = pairs->pair[i].name;
        const struct input *declared = input_named(v, in, name);
        if (declared == NULL && in == INPUT_QUERY) continue;
        if (declared == NULL && str_eq(name, S(PART_CSRF_NAME))) continue;
        if (declared == NULL)
            return ERR(e, E_INVALID, "", "this form has no field \"%.*s\".", STR_ARG(str_slice(name, 0, 60)));
        if (memchr(pairs->pair[i].value.ptr, '\0', pairs->pair[i].value.len) != NULL)
            return ERR(e, E_INVALID, declared->name, "%s holds a character that no text has (NUL).",
                       declared->name);
        TRY(check_value(declared, str_trim(pairs->pair[i].value), e));
    }
    return OK;
}

static enum status check_required(const struct visit *v, struct err *e)
{
    bool posts = strcmp(v->route->method, "POST") == 0;
    for (const struct input *i = v->route->input; i != NULL && i->name != NULL; i++) {
        if (!i->required || (i->in == INPUT_FORM) != posts) continue;
        const struct http_pairs *pairs = posts ? &v->request->form : &v->request->query;
        if (!str_present(http_pair_of(pairs, str_of(i->name))))
            return ERR(e, E_INVALID, i->name, "%s is missing.", i->name);
    }
    return OK;
}

enum status route_inputs_check(const struct visit *v, struct err *e)
{
    TRY(check_required(v, e));
    TRY(check_pairs(v, &v->request->query, INPUT_QUERY, e));
    return check_pairs(v, &v->request->form, INPUT_FORM, e);
}

/* ---- the table itself ------------------------------------------------------------------------------- */

enum status routes_check(struct err *e)
{
    TRY(permissions_check(e));
    for (size_t i = 0; i < ROUTES_COUNT; i++) {
        const struct route *r = &ROUTES[i];
        if (r->permission == PERMISSION_NOT_STATED || r->permission >= PERMISSION_COUNT)
            return ERR(e, E_INTERNAL, r->path, "the route %s %s states no permission.", r->method, r->path);
        if (r->run == NULL || r->title == NULL || r->about == NULL)
            return ERR(e, E_INTERNAL, r->path, "the route %s %s lacks a handler, a title or a description.",
                       r->method, r->path);
        for (size_t j = 0; j < i; j++)
            if (strcmp(ROUTES[j].path, r->path) == 0 && strcmp(ROUTES[j].method, r->method) == 0)
                return ERR(e, E_INTERNAL, r->path, "the route %s %s stands twice.", r->method, r->path);
    }
    return OK;
}
