#include "base/json.h"

#include "base/alloc.h"
#include "base/utf8.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { WRITER_DEPTH_MAX = 63 };

#define EVERY_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

/* Is a byte of the word below `limit` (1 to 128)? Bytes from 128 on count as high. */
static bool any_below(uint64_t word, uint64_t limit)
{
    return ((word - EVERY_BYTE(limit)) & ~word & EVERY_BYTE(0x80)) != 0;
}

size_t json_plain_run(Str s)
{
    const char *p = s.ptr;
    size_t i = 0;
    for (; s.len - i >= 8; i += 8) {
        uint64_t word;
        memcpy(&word, p + i, 8);
        if (any_below(word, 0x20) || any_below(word ^ EVERY_BYTE('"'), 1) ||
            any_below(word ^ EVERY_BYTE('\\'), 1))
            break;
    }
    while (i < s.len && (unsigned char)p[i] >= 0x20 && p[i] != '"' && p[i] != '\\')
        i++;
    return i;
}

static void add_escape(struct buf *b, char c)
{
    switch (c) {
    case '"':
        buf_add(b, S("\\\""));
        break;
    case '\\':
        buf_add(b, S("\\\\"));
        break;
    case '\b':
        buf_add(b, S("\\b"));
        break;
    case '\f':
        buf_add(b, S("\\f"));
        break;
    case '\n':
        buf_add(b, S("\\n"));
        break;
    case '\r':
        buf_add(b, S("\\r"));
        break;
    case '\t':
        buf_add(b, S("\\t"));
        break;
    default:
        buf_addf(b, "\\u%04x", (unsigned)(unsigned char)c);
    }
}

static void add_escaped(struct buf *b, Str s)
{
    while (s.len > 0) {
        size_t run = json_plain_run(s);
        buf_add_bytes(b, s.ptr, run);
        if (run == s.len) return;
        add_escape(b, s.ptr[run]);
        s = str_slice(s, run + 1, s.len);
    }
}

void json_add_string(struct buf *b, Str s)
{
    buf_add_char(b, '"');
    size_t bad;
    while (!utf8_valid(s, &bad)) { /* whatever came in, what goes out is JSON */
        add_escaped(b, str_slice(s, 0, bad));
        buf_add(b, S("\xEF\xBF\xBD"));
        s = str_slice(s, bad + 1, s.len);
    }
    add_escaped(b, s);
    buf_add_char(b, '"');
}

static void add_i64(struct buf *b, int64_t v)
{
    char text[24];
    char *at = text + sizeof text;
    uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (v < 0) *--at = '-';
    buf_add_bytes(b, at, (size_t)(text + sizeof text - at));
}

/* Numbers with few decimals, without printf: the least k with |v| = m / 10^k, both exact in a
 * double, gives the shortest digits, for the division rounds as reading does. False when v is not so. */
static bool add_short_decimal(struct buf *b, double v)
{
    static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};
    double size = fabs(v);
    if (size < 1e-4 || size > 1e6) return false;
    for (size_t k = 1; k < COUNT_OF(power); k++) {
        double m = nearbyint(size * power[k]);
        if (m / power[k] != size) continue;
        char text[32];
        char *at = text + sizeof text;
        uint64_t digits = (uint64_t)m;
        for (size_t i = 0; digits > 0 || i <= k; i++) {
            if (i == k) *--at = '.';
            *--at = (char)('0' + digits % 10);
            digits /= 10;
        }
        if (v < 0) *--at = '-';
        buf_add_bytes(b, at, (size_t)(text + sizeof text - at));
        return true;
    }
    return false;
}

/* "1e+07" and "1e-07" become "1e7" and "1e-7". */
static void tidy_exponent(char *text)
{
    char *from = strchr(text, 'e');
    if (from == NULL) return;
    char *to = ++from;
    if (*from == '-') to++;
    from++;
    while (*from == '0')
        from++;
    memmove(to, from, strlen(from) + 1);
}

void json_add_number(struct buf *b, double v)
{
    if (!isfinite(v)) {
        buf_add(b, S("null"));
        return;
    }
    if (v >= -0x1p53 && v <= 0x1p53 && (double)(int64_t)v == v) {
        add_i64(b, (int64_t)v); /* also turns -0 into 0 */
        return;
    }
    if (add_short_decimal(b, v)) return;
    char text[40];
    /* Fifteen digits always survive; fewer can do only among the subnormal numbers. */
    for (int digits = fabs(v) < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, v);
        if (strtod(text, NULL) == v) break;
    }
    tidy_exponent(text);
    buf_add_cstr(b, text);
}

struct member {
    Str key;
    const Json *value;
};

static int compare_members(const void *a, const void *b)
{
    return str_compare(((const struct member *)a)->key, ((const struct member *)b)->key);
}

static void canonical_object(struct buf *b, const Json *v)
{
    struct member few[24];
    size_t count = json_count(v);
    struct member *member = count <= COUNT_OF(few) ? few : alloc_zero(count, sizeof member[0]);
    size_t n = 0;
    for (const void *it = json_first(v); it != NULL; it = json_next(v, it))
        member[n++] = (struct member){json_key(it), json_value(it)};
    if (n > 1) qsort(member, n, sizeof member[0], compare_members);
    buf_add_char(b, '{');
    for (size_t i = 0; i < n; i++) {
        if (i > 0) buf_add_char(b, ',');
        json_add_string(b, member[i].key);
        buf_add_char(b, ':');
        json_write_canonical(b, member[i].value);
    }
    buf_add_char(b, '}');
    if (member != few) alloc_free(member);
}

/* An integer that some double equals is written as that double, so that 1e17 and
 * 100000000000000000 give the same bytes; the others keep all their digits. */
static void canonical_number(struct buf *b, const Json *v)
{
    if (json_is_integer(v)) {
        int64_t whole = json_integer(v);
        double real = (double)whole;
        bool equal = real < 0x1p63 && (int64_t)real == whole;
        if (!equal) {
            add_i64(b, whole);
            return;
        }
    }
    json_add_number(b, json_number(v));
}

void json_write_canonical(struct buf *b, const Json *v)
{
    switch (json_type(v)) {
    case JSON_OBJECT:
        canonical_object(b, v);
        break;
    case JSON_ARRAY:
        buf_add_char(b, '[');
        for (size_t i = 0; i < json_count(v); i++) {
            if (i > 0) buf_add_char(b, ',');
            json_write_canonical(b, json_at(v, i));
        }
        buf_add_char(b, ']');
        break;
    case JSON_STRING:
        json_add_string(b, json_str(v));
        break;
    case JSON_NUMBER:
        canonical_number(b, v);
        break;
    case JSON_BOOL:
        buf_add(b, json_bool(v) ? S("true") : S("false"));
        break;
    case JSON_NULL:
        buf_add(b, S("null"));
        break;
    }
}

struct json_writer json_writer(struct buf *out, bool pretty)
{
    return (struct json_writer){.out = out, .pretty = pretty};
}

static uint64_t depth_bit(const struct json_writer *w)
{
    return UINT64_C(1) << w->depth;
}

static void new_line(const struct json_writer *w)
{
    if (!w->pretty) return;
    buf_add_char(w->out, '\n');
    for (int i = 0; i < w->depth; i++)
        buf_add(w->out, S("  "));
}

/* The comma and line break before an item of the list or object we are in. */
static void begin_item(struct json_writer *w)
{
    if (w->has_item & depth_bit(w)) {
        if (w->depth == 0) BUG("a second value at the top of a JSON text");
        buf_add_char(w->out, ',');
    }
    if (w->depth > 0) new_line(w);
    w->has_item |= depth_bit(w);
}

static void begin_value(struct json_writer *w)
{
    if (w->after_key) {
        w->after_key = false;
        return;
    }
    if (w->is_object & depth_bit(w)) BUG("a value without a key in a JSON object");
    begin_item(w);
}

void json_open(struct json_writer *w, char bracket)
{
    MUST(bracket == '{' || bracket == '[');
    MUST(w->depth < WRITER_DEPTH_MAX);
    begin_value(w);
    buf_add_char(w->out, bracket);
    w->depth++;
    w->has_item &= ~depth_bit(w);
    if (bracket == '{')
        w->is_object |= depth_bit(w);
    else
        w->is_object &= ~depth_bit(w);
}

void json_close(struct json_writer *w, char bracket)
{
    bool object = (w->is_object & depth_bit(w)) != 0;
    MUST(w->depth > 0 && !w->after_key);
    MUST(bracket == (object ? '}' : ']'));
    bool empty = (w->has_item & depth_bit(w)) == 0;
    w->depth--;
    if (!empty) new_line(w);
    buf_add_char(w->out, bracket);
}

void json_put_key(struct json_writer *w, Str key)
{
    MUST((w->is_object & depth_bit(w)) != 0 && !w->after_key);
    begin_item(w);
    json_add_string(w->out, key);
    buf_add(w->out, w->pretty ? S(": ") : S(":"));
    w->after_key = true;
}

void json_put_str(struct json_writer *w, Str s)
{
    begin_value(w);
    if (str_present(s))
        json_add_string(w->out, s);
    else
        buf_add(w->out, S("null"));
}

void json_put_i64(struct json_writer *w, int64_t v)
{
    begin_value(w);
    add_i64(w->out, v);
}

void json_put_f64(struct json_writer *w, double v)
{
    begin_value(w);
    json_add_number(w->out, v);
}

/* Never "-0.00": a reader would wonder. */
void json_put_fixed(struct json_writer *w, double v, int decimals)
{
    begin_value(w);
    if (!isfinite(v)) {
        buf_add(w->out, S("null"));
        return;
    }
    size_t start = w->out->len;
    buf_addf(w->out, "%.*f", decimals, v);
    Str text = str_slice(buf_str(w->out), start, w->out->len);
    if (v <= 0 && str_starts(text, S("-")) && strspn(text.ptr, "-0.") == text.len) {
        w->out->len = start;
        buf_addf(w->out, "%.*f", decimals, 0.0);
    }
}

void json_put_bool(struct json_writer *w, bool v)
{
    json_put_raw(w, v ? S("true") : S("false"));
}

void json_put_null(struct json_writer *w)
{
    json_put_raw(w, S("null"));
}

void json_put_raw(struct json_writer *w, Str json)
{
    begin_value(w);
    buf_add(w->out, json);
}

void json_kv_str(struct json_writer *w, Str key, Str v)
{
    json_put_key(w, key);
    json_put_str(w, v);
}

void json_kv_i64(struct json_writer *w, Str key, int64_t v)
{
    json_put_key(w, key);
    json_put_i64(w, v);
}

void json_kv_f64(struct json_writer *w, Str key, double v)
{
    json_put_key(w, key);
    json_put_f64(w, v);
}

void json_kv_bool(struct json_writer *w, Str key, bool v)
{
    json_put_key(w, key);
    json_put_bool(w, v);
}
