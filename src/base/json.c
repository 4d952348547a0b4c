#include "base/json.h"

#include "base/alloc.h"

#include <pthread.h>
#include <sodium.h>

/* Jansson uses some of our names: its own are renamed while its header is read. */
#undef json_integer
#define json_type    jansson_type
#define JSON_OBJECT  JANSSON_OBJECT
#define JSON_ARRAY   JANSSON_ARRAY
#define JSON_STRING  JANSSON_STRING
#define JSON_INTEGER JANSSON_INTEGER
#define JSON_REAL    JANSSON_REAL
#define JSON_TRUE    JANSSON_TRUE
#define JSON_FALSE   JANSSON_FALSE
#define JSON_NULL    JANSSON_NULL
#include <jansson.h>
#undef json_type
#undef JSON_OBJECT
#undef JSON_ARRAY
#undef JSON_STRING
#undef JSON_INTEGER
#undef JSON_REAL
#undef JSON_TRUE
#undef JSON_FALSE
#undef JSON_NULL
static json_t *integer_new(json_int_t v)
{
    return json_integer(v);
}
#undef json_is_integer
#define json_integer json_integer_of

enum { DEPTH_MAX = 64 };

/* Allocation through our seam, and a secret seed against keys made to collide. */
static void jansson_ready(void)
{
    json_set_alloc_funcs(alloc_try, alloc_free);
    MUST(sodium_init() >= 0);
    json_object_seed(randombytes_random() | 1);
}

static const json_t *in(const Json *v)
{
    return (const json_t *)v;
}

static const Json *out_of(const json_t *v)
{
    return (const Json *)v;
}

/* Jansson's readers take pointers that are not const, though they change nothing. */
static json_t *unconst(const Json *v)
{
    union {
        const Json *from;
        json_t *to;
    } cast = {.from = v};
    return cast.to;
}

static void *unconst_iterator(const void *it)
{
    union {
        const void *from;
        void *to;
    } cast = {.from = it};
    return cast.to;
}

/* Counts brackets outside strings, before the parser builds anything. */
static enum status check_depth(Str text, struct err *e)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '"') {
            quoted = !quoted;
        } else if (quoted) {
            i += c == '\\';
        } else if (c == '{' || c == '[') {
            if (++depth <= DEPTH_MAX) continue;
            size_t line = 1;
            size_t start = 0;
            for (size_t k = 0; k < i; k++) {
                if (text.ptr[k] != '\n') continue;
                line++;
                start = k + 1;
            }
            return ERR(e, E_INVALID, "", "The JSON is nested deeper than %d levels: line %zu, column %zu.",
                       DEPTH_MAX, line, i - start + 1);
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return OK;
}

static void jansson_start(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, jansson_ready);
}

enum status json_parse(Str text, struct json_doc *out, struct err *e)
{
    jansson_start();
    TRY(check_depth(text, e));
    json_error_t error;
    json_t *root =
        json_loadb(text.len > 0 ? text.ptr : "", text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (root == NULL) {
        enum status status = json_error_code(&error) == json_error_out_of_memory ? E_LIMIT : E_INVALID;
        return ERR(e, status, "", "This is not valid JSON: line %d, column %d: %s.", error.line, error.column,
                   error.text);
    }
    out->root = (Json *)root;
    return OK;
}

void json_done(struct json_doc *doc)
{
    if (doc == NULL || doc->root == NULL) return;
    json_decref((json_t *)doc->root);
    doc->root = NULL;
}

enum json_type json_type(const Json *v)
{
    if (v == NULL) return JSON_NULL;
    switch (json_typeof(in(v))) {
    case JANSSON_OBJECT:
        return JSON_OBJECT;
    case JANSSON_ARRAY:
        return JSON_ARRAY;
    case JANSSON_STRING:
        return JSON_STRING;
    case JANSSON_INTEGER:
    case JANSSON_REAL:
        return JSON_NUMBER;
    case JANSSON_TRUE:
    case JANSSON_FALSE:
        return JSON_BOOL;
    case JANSSON_NULL:
    default:
        return JSON_NULL;
    }
}

const char *json_type_name(const Json *v)
{
    static const char *const name[] = {"null", "true or false", "a number", "a text", "a list", "an object"};
    return name[json_type(v)];
}

Str json_str(const Json *v)
{
    if (json_type(v) != JSON_STRING) return STR_NONE;
    return (Str){json_string_value(in(v)), json_string_length(in(v))};
}

bool json_bool(const Json *v)
{
    return v != NULL && json_typeof(in(v)) == JANSSON_TRUE;
}

double json_number(const Json *v)
{
    return v != NULL ? json_number_value(in(v)) : 0;
}

/* Doubles hold every whole number up to 2^53; above, a real need not be the number written. */
static bool real_is_integer(double v)
{
    return v >= -0x1p53 && v <= 0x1p53 && (double)(int64_t)v == v;
}

static Json *built(json_t *v, size_t bytes)
{
    if (v == NULL) alloc_exhausted("a JSON value", bytes);
    return (Json *)v;
}

Json *json_build_object(void)
{
    jansson_start();
    return built(json_object(), sizeof(void *));
}

Json *json_build_list(void)
{
    jansson_start();
    return built(json_array(), sizeof(void *));
}

Json *json_build_text(Str s)
{
    jansson_start();
    return built(json_stringn_nocheck(s.len > 0 ? s.ptr : "", s.len), s.len);
}

Json *json_build_number(double v)
{
    jansson_start();
    return built(real_is_integer(v) ? integer_new((json_int_t)v) : json_real(v), sizeof v);
}

Json *json_build_null(void)
{
    jansson_start();
    return built(json_null(), 0);
}

void json_build_member(Json *object, Str key, Json *value)
{
    if (json_object_setn_new_nocheck((json_t *)object, key.ptr, key.len, (json_t *)value) != 0)
        alloc_exhausted("a JSON object", key.len);
}

void json_build_item(Json *list, Json *value)
{
    if (json_array_append_new((json_t *)list, (json_t *)value) != 0)
        alloc_exhausted("a JSON list", sizeof(void *));
}

bool json_is_integer(const Json *v)
{
    if (json_type(v) != JSON_NUMBER) return false;
    return json_typeof(in(v)) == JANSSON_INTEGER || real_is_integer(json_real_value(in(v)));
}

int64_t json_integer(const Json *v)
{
    if (!json_is_integer(v)) return 0;
    if (json_typeof(in(v)) == JANSSON_INTEGER) return json_integer_value(in(v));
    return (int64_t)json_real_value(in(v));
}

size_t json_count(const Json *v)
{
    enum json_type type = json_type(v);
    return type == JSON_ARRAY ? json_array_size(in(v)) : type == JSON_OBJECT ? json_object_size(in(v)) : 0;
}

const Json *json_at(const Json *list, size_t i)
{
    return json_type(list) == JSON_ARRAY ? out_of(json_array_get(in(list), i)) : NULL;
}

const Json *json_get(const Json *object, const char *key)
{
    return json_type(object) == JSON_OBJECT ? out_of(json_object_get(in(object), key)) : NULL;
}

const void *json_first(const Json *object)
{
    return json_type(object) == JSON_OBJECT ? json_object_iter(unconst(object)) : NULL;
}

const void *json_next(const Json *object, const void *it)
{
    return json_object_iter_next(unconst(object), unconst_iterator(it));
}

Str json_key(const void *it)
{
    void *at = unconst_iterator(it);
    return (Str){json_object_iter_key(at), json_object_iter_key_len(at)};
}

const Json *json_value(const void *it)
{
    return out_of(json_object_iter_value(unconst_iterator(it)));
}

void json_write_present(struct buf *b, const Json *object)
{
    bool any = false;
    buf_add_char(b, '{');
    for (const void *at = json_first(object); at != NULL; at = json_next(object, at)) {
        if (json_type(json_value(at)) == JSON_NULL) continue;
        if (any) buf_add_char(b, ',');
        any = true;
        json_add_string(b, json_key(at));
        buf_add_char(b, ':');
        json_write_canonical(b, json_value(at));
    }
    buf_add_char(b, '}');
}
