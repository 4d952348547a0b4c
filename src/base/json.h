/* JSON: reading by jansson behind opaque handles, writing straight into a buffer. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

typedef struct Json Json; /* any value; borrowed from its document */
struct json_doc {
    Json *root; /* owns everything below it */
};

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* Limits: nesting 64, repeated keys and invalid UTF-8 are refused, NUL in strings is refused.
 * The error names line, column and what was expected. */
MUST_USE enum status json_parse(Str text, struct json_doc *out, struct err *e);
void json_done(struct json_doc *doc); /* repeated calls are allowed */
#define CLEANUP_JSON __attribute__((cleanup(json_done)))

enum json_type json_type(const Json *v);   /* NULL counts as JSON_NULL */
const char *json_type_name(const Json *v); /* "a text", "a list" ...: for messages */
Str json_str(const Json *v);               /* STR_NONE unless a string; borrowed */
bool json_bool(const Json *v);
double json_number(const Json *v); /* 0 unless a number */
/* Jansson exports a function of this name: ours is linked under another. */
#define json_integer json_integer_of
/* A whole number, however written (1, 1.0, 1e3), that int64 holds exactly. */
bool json_is_integer(const Json *v);
int64_t json_integer(const Json *v); /* 0 unless json_is_integer */
size_t json_count(const Json *v);    /* elements of a list or members of an object, else 0 */
const Json *json_at(const Json *list, size_t i);
const Json *json_get(const Json *object, const char *key); /* NULL when absent */
/* Members in the order of the text: for (it = json_first(o); it; it = json_next(o, it)) */
const void *json_first(const Json *object);
const void *json_next(const Json *object, const void *it);
Str json_key(const void *it);
const Json *json_value(const void *it);

/* Building a value without its text. Texts must be valid UTF-8 and are copied. A member or item is taken over
 * by what it is put into (a member replaces one of its name); the whole is given to a json_doc to be freed by
 * json_done. */
Json *json_build_object(void);
Json *json_build_list(void);
Json *json_build_text(Str s);
Json *json_build_number(double v); /* finite */
Json *json_build_null(void);
void json_build_member(Json *object, Str key, Json *value);
void json_build_item(Json *list, Json *value);

/* Canonical text of a value: keys sorted by bytes, no blanks, shortest numbers that read back
 * equal (integers without a point), only the escapes JSON demands. Same value, same bytes. */
void json_write_canonical(struct buf *b, const Json *v);

/* An object without the members that are null, the others as above, in their order. NULL writes {}. */
void json_write_present(struct buf *b, const Json *object);

/* Writer. Commas and nesting are kept by the writer; a wrong order of calls is a BUG. */
struct json_writer {
    struct buf *out;
    uint64_t has_item; /* bit d: something was written at depth d */
    uint64_t is_object;
    int depth;
    bool after_key;
    bool pretty;
};
struct json_writer json_writer(struct buf *out, bool pretty);
void json_open(struct json_writer *w, char bracket);  /* '{' or '[' */
void json_close(struct json_writer *w, char bracket); /* '}' or ']' */
void json_put_key(struct json_writer *w, Str key);
void json_put_str(struct json_writer *w, Str s); /* STR_NONE writes null */
void json_put_i64(struct json_writer *w, int64_t v);
void json_put_f64(struct json_writer *w,
                  double v); /* shortest that reads back equal; nan and inf write null */
void json_put_fixed(struct json_writer *w, double v, int decimals);
void json_put_bool(struct json_writer *w, bool v);
void json_put_null(struct json_writer *w);
void json_put_raw(struct json_writer *w, Str json); /* already JSON */
/* key and value at once */
void json_kv_str(struct json_writer *w, Str key, Str v);
void json_kv_i64(struct json_writer *w, Str key, int64_t v);
void json_kv_f64(struct json_writer *w, Str key, double v);
void json_kv_bool(struct json_writer *w, Str key, bool v);

/* A quoted, escaped string; a number in its shortest form. */
void json_add_string(struct buf *b, Str s);
/* How many bytes at the front stand for themselves inside quotes: no quote, backslash, control character. */
size_t json_plain_run(Str s);
void json_add_number(struct buf *b, double v);

#endif
