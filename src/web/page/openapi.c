/* The API document, out of the routes table (OpenAPI 3.1). */
#include "web/page/pages.h"

#include "model/field.h"

static const char *schema_type(enum input_type type)
{
    return type == INPUT_WHOLE ? "integer" : type == INPUT_NUMBER ? "number" : "string";
}

static void parameter(struct json_writer *w, Str name, const char *in, bool required, const char *type,
                      const char *about)
{
    json_open(w, '{');
    json_kv_str(w, S("name"), name);
    json_kv_str(w, S("in"), str_of(in));
    json_kv_bool(w, S("required"), required);
    json_kv_str(w, S("description"), str_of(about));
    json_put_key(w, S("schema"));
    json_open(w, '{');
    json_kv_str(w, S("type"), str_of(type));
    json_close(w, '}');
    json_close(w, '}');
}

static void parameters(struct json_writer *w, const struct route *r)
{
    Str path = str_of(r->path), segment;
    json_put_key(w, S("parameters"));
    json_open(w, '[');
    while (str_next(&path, '/', &segment))
        if (segment.len > 2 && segment.ptr[0] == '{')
            parameter(w, str_slice(segment, 1, segment.len - 1), "path", true, "string",
                      "an id or a reference");
    for (const struct input *i = r->input; i != NULL && i->name != NULL; i++)
        if (i->in == INPUT_QUERY)
            parameter(w, str_of(i->name), "query", i->required, schema_type(i->type), i->about);
    json_close(w, ']');
}

static void property(struct json_writer *w, Str name, const char *type, bool many, const char *about)
{
    json_put_key(w, name);
    json_open(w, '{');
    if (many) {
        json_kv_str(w, S("type"), S("array"));
        json_put_key(w, S("items"));
        json_open(w, '{');
    }
    json_kv_str(w, S("type"), str_of(type));
    if (many) json_close(w, '}');
    json_kv_str(w, S("description"), str_of(about));
    json_close(w, '}');
}

/* Those of a kind of record, unless the path says which kind. */
static void field_properties(struct json_writer *w, struct arena *a, const struct input *i)
{
    const struct kind *kind = kind_named(str_of(i->values));
    for (size_t n = 0; kind != NULL && n < kind->field_count; n++)
        property(w, str_format(a, "%s%s", i->name, kind->field[n].name), "string",
                 field_type_is_set(kind->field[n].type), kind->field[n].label);
}

static void form(struct json_writer *w, struct arena *a, const struct route *r)
{
    json_put_key(w, S("requestBody"));
    json_open(w, '{');
    json_put_key(w, S("content"));
    json_open(w, '{');
    json_put_key(w, S("application/x-www-form-urlencoded"));
    json_open(w, '{');
    json_put_key(w, S("schema"));
    json_open(w, '{');
    json_kv_str(w, S("type"), S("object"));
    json_put_key(w, S("properties"));
    json_open(w, '{');
    for (const struct input *i = r->input; i != NULL && i->name != NULL; i++) {
        if (i->in != INPUT_FORM) continue;
        if (i->type == INPUT_FIELDS)
            field_properties(w, a, i);
        else
            property(w, str_of(i->name), schema_type(i->type), i->many, i->about);
    }
    for (int i = 0; i < 4; i++)
        json_close(w, '}');
    json_close(w, '}');
}

static void operation(struct json_writer *w, struct arena *a, const struct route *r)
{
    bool get = strcmp(r->method, "GET") == 0;
    json_put_key(w, get ? S("get") : S("post"));
    json_open(w, '{');
    json_kv_str(w, S("summary"), str_of(r->title));
    json_kv_str(w, S("description"), str_of(r->about));
    json_kv_str(w, S("x-permission"), str_of(PERMISSIONS[r->permission].code));
    parameters(w, r);
    if (!get && r->input != NULL) form(w, a, r);
    json_put_key(w, S("responses"));
    json_open(w, '{');
    json_put_key(w, get ? S("200") : S("303"));
    json_open(w, '{');
    json_kv_str(w, S("description"),
                get ? S("What is known, as far as you may see it.") : S("Done; where to go on."));
    json_close(w, '}');
    json_close(w, '}');
    json_close(w, '}');
}

/* GET routes that have JSON stand below /api/v1; forms at their own address. */
static bool is_told(const struct route *r)
{
    return r->json || strcmp(r->method, "POST") == 0;
}

static void path(struct json_writer *w, struct arena *a, size_t first)
{
    const struct route *r = &ROUTES[first];
    json_put_key(w, r->json ? str_format(a, "/api/v1%s", r->path) : str_of(r->path));
    json_open(w, '{');
    for (size_t i = first; i < ROUTES_COUNT; i++)
        if (strcmp(ROUTES[i].path, r->path) == 0 && ROUTES[i].json == r->json && is_told(&ROUTES[i]))
            operation(w, a, &ROUTES[i]);
    json_close(w, '}');
}

static bool is_first(size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(ROUTES[i].path, ROUTES[at].path) == 0 && ROUTES[i].json == ROUTES[at].json &&
            is_told(&ROUTES[i]))
            return false;
    return is_told(&ROUTES[at]);
}

enum status page_openapi(struct visit *v, struct err *e)
{
    struct json_writer w = visit_json(v);
    (void)e;
    json_open(&w, '{');
    json_kv_str(&w, S("openapi"), S("3.1.0"));
    json_put_key(&w, S("info"));
    json_open(&w, '{');
    json_kv_str(&w, S("title"), S("Colligate"));
    json_kv_str(&w, S("version"), S(COLLIGATE_VERSION));
    json_kv_str(&w, S("description"),
                S("The same data as the pages, with the same permissions. Times are UTC."));
    json_close(&w, '}');
    json_put_key(&w, S("paths"));
    json_open(&w, '{');
    for (size_t i = 0; i < ROUTES_COUNT; i++)
        if (is_first(i)) path(&w, v->arena, i);
    json_close(&w, '}');
    json_close(&w, '}');
    visit_json_end(v);
    return OK;
}
