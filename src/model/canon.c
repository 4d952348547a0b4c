#include "model/canon.h"

#include "base/json.h"

/* Far above any value that passes the checks of fact.c, and above the union of hundreds of them. */
#define CANON_BYTES_MAX ((size_t)1 << 30)

bool canon_take(Str *rest, char c)
{
    if (rest->len == 0 || rest->ptr[0] != c) return false;
    *rest = (Str){rest->ptr + 1, rest->len - 1};
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* One escape, `at` on its letter; our writer escapes nothing beyond ASCII. Returns the letters used, 0 when
 * bad. */
static size_t unescape(Str s, size_t at, char *out)
{
    static const char letters[] = "\"\\/bfnrt", plain[] = "\"\\/\b\f\n\r\t";
    int code = 0;

    if (at >= s.len) return 0;
    if (s.ptr[at] != 'u') {
        const char *found = s.ptr[at] ? strchr(letters, s.ptr[at]) : NULL;
        if (!found) return 0;
        *out = plain[found - letters];
        return 1;
    }
    if (s.len - at < 5) return 0;
    for (size_t i = 1; i <= 4; i++) {
        int digit = hex_digit(s.ptr[at + i]);
        if (digit < 0) return 0;
        code = code * 16 + digit;
    }
    if (code == 0 || code > 127) return 0;
    *out = (char)code;
    return 5;
}

bool canon_string(struct arena *a, Str *rest, Str *out)
{
    size_t end = 0, escapes = 0, len = 0;
    Str body;
    char *text;

    if (!canon_take(rest, '"')) return false;
    while (end < rest->len && rest->ptr[end] != '"') {
        if (rest->ptr[end] == '\\') {
            escapes++;
            end++;
        }
        end++;
    }
    if (end >= rest->len) return false;
    body = (Str){rest->ptr, end};
    *rest = (Str){rest->ptr + end + 1, rest->len - end - 1};
    if (escapes == 0) {
        *out = body;
        return true;
    }
    text = NEW_ARRAY(a, char, body.len);
    for (size_t i = 0; i < body.len;) {
        if (body.ptr[i] != '\\') {
            text[len++] = body.ptr[i++];
            continue;
        }
        size_t used = unescape(body, i + 1, &text[len]);
        if (used == 0) return false;
        len++;
        i += used + 1;
    }
    *out = (Str){text, len};
    return true;
}

bool canon_number(Str *rest, double *out)
{
    size_t end = 0;

    while (end < rest->len && rest->ptr[end] && strchr("+-.0123456789eE", rest->ptr[end]))
        end++;
    if (end == 0 || str_to_f64((Str){rest->ptr, end}, out) != OK) return false;
    *rest = (Str){rest->ptr + end, rest->len - end};
    return true;
}

bool canon_object(Str *rest, Str *out)
{
    size_t depth = 0;
    bool quoted = false;

    if (rest->len == 0 || rest->ptr[0] != '{') return false;
    for (size_t i = 0; i < rest->len; i++) {
        char c = rest->ptr[i];
        if (quoted) {
            if (c == '\\') i++;
            if (c == '"') quoted = false;
            continue;
        }
        if (c == '"') quoted = true;
        if (c == '{') depth++;
        if (c == '}' && --depth == 0) {
            *out = (Str){rest->ptr, i + 1};
            *rest = (Str){rest->ptr + i + 1, rest->len - i - 1};
            return true;
        }
    }
    return false;
}

bool canon_read_string(struct arena *a, Str json, Str *out)
{
    Str text;

    if (!canon_string(a, &json, &text) || json.len != 0) return false;
    *out = text;
    return true;
}

/* Commas bound the number of items from above; those inside strings only make the array a little long. */
static size_t items_max(Str json)
{
    size_t n = 1;

    for (size_t i = 0; i < json.len; i++)
        n += json.ptr[i] == ',';
    return n;
}

static bool read_list(struct arena *a, Str json, bool objects, struct str_list *out)
{
    struct str_list list = {NULL, 0};

    if (!canon_take(&json, '[')) return false;
    if (!canon_take(&json, ']')) {
        list.item = NEW_ARRAY(a, Str, items_max(json));
        do {
            Str item;
            if (!(objects ? canon_object(&json, &item) : canon_string(a, &json, &item))) return false;
            list.item[list.count++] = item;
        } while (canon_take(&json, ','));
        if (!canon_take(&json, ']')) return false;
    }
    if (json.len != 0) return false;
    *out = list;
    return true;
}

bool canon_read_strings(struct arena *a, Str json, struct str_list *out)
{
    return read_list(a, json, false, out);
}

bool canon_read_objects(struct arena *a, Str json, struct str_list *out)
{
    return read_list(a, json, true, out);
}

Str canon_from_buf(struct arena *a, struct buf *b)
{
    MUST(!b->failed);
    Str text = str_copy(a, buf_str(b));
    buf_free(b);
    return text;
}

Str canon_quote(struct arena *a, Str s)
{
    struct buf b CLEANUP_BUF = {0};

    buf_init(&b, CANON_BYTES_MAX);
    json_add_string(&b, s);
    return canon_from_buf(a, &b);
}

static Str write_list(struct arena *a, const struct str_list *list, void (*add)(struct buf *, Str))
{
    struct buf b CLEANUP_BUF = {0};

    buf_init(&b, CANON_BYTES_MAX);
    buf_add_char(&b, '[');
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0) buf_add_char(&b, ',');
        add(&b, list->item[i]);
    }
    buf_add_char(&b, ']');
    return canon_from_buf(a, &b);
}

Str canon_strings(struct arena *a, const struct str_list *list)
{
    return write_list(a, list, json_add_string);
}

Str canon_objects(struct arena *a, const struct str_list *list)
{
    return write_list(a, list, buf_add);
}
