#include "base/str.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static char lower_char(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

Str str_of(const char *cstr)
{
    return cstr != NULL ? (Str){cstr, strlen(cstr)} : STR_NONE;
}

int str_compare(Str a, Str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n > 0 ? memcmp(a.ptr, b.ptr, n) : 0;
    if (order != 0) return order < 0 ? -1 : 1;
    return (a.len > b.len) - (a.len < b.len);
}

bool str_starts(Str s, Str prefix)
{
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

bool str_ends(Str s, Str suffix)
{
    return s.len >= suffix.len &&
           (suffix.len == 0 || memcmp(s.ptr + s.len - suffix.len, suffix.ptr, suffix.len) == 0);
}

bool str_eq_nocase(Str a, Str b)
{
    if (a.len != b.len) return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower_char(a.ptr[i]) != lower_char(b.ptr[i])) return false;
    return true;
}

Str str_slice(Str s, size_t from, size_t to)
{
    if (s.ptr == NULL) return s;
    if (to > s.len) to = s.len;
    if (from > to) from = to;
    return (Str){s.ptr + from, to - from};
}

Str str_trim(Str s)
{
    size_t from = 0;
    size_t to = s.len;
    while (from < to && is_blank(s.ptr[from]))
        from++;
    while (to > from && is_blank(s.ptr[to - 1]))
        to--;
    return str_slice(s, from, to);
}

size_t str_find(Str s, Str needle)
{
    if (needle.len == 0) return 0;
    if (needle.len > s.len) return STR_NPOS;
    const char *at = memmem(s.ptr, s.len, needle.ptr, needle.len);
    return at != NULL ? (size_t)(at - s.ptr) : STR_NPOS;
}

size_t str_find_char(Str s, char c)
{
    const char *at = s.len > 0 ? memchr(s.ptr, c, s.len) : NULL;
    return at != NULL ? (size_t)(at - s.ptr) : STR_NPOS;
}

/* The end is marked by `rest` becoming STR_NONE, so that "a," still gives its last, empty piece. */
bool str_next(Str *rest, char sep, Str *piece)
{
    if (rest->ptr == NULL) return false;
    size_t at = str_find_char(*rest, sep);
    if (at == STR_NPOS) {
        *piece = *rest;
        *rest = STR_NONE;
    } else {
        *piece = (Str){rest->ptr, at};
        *rest = (Str){rest->ptr + at + 1, rest->len - at - 1};
    }
    return true;
}

enum status str_to_i64(Str s, int64_t *out)
{
    size_t i = s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+');
    bool negative = i == 1 && s.ptr[0] == '-';
    if (i == s.len) return E_INVALID;
    int64_t value = 0; /* kept negative: the negative range is the larger one */
    for (; i < s.len; i++) {
        int digit = s.ptr[i] - '0';
        if (digit < 0 || digit > 9) return E_INVALID;
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, digit, &value))
            return E_INVALID;
    }
    if (!negative && value == INT64_MIN) return E_INVALID;
    *out = negative ? value : -value;
    return OK;
}

/* A decimal number taken apart: value = digits * 10^exponent. */
struct decimal {
    uint64_t digits;
    int exponent;
    bool negative;
    bool exact; /* all digits fit */
};

static size_t decimal_digits(Str s, size_t i, int scale, struct decimal *d)
{
    for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++) {
        if (d->digits > (UINT64_C(1) << 53) / 10 - 1) d->exact = false;
        if (!d->exact) continue;
        d->digits = d->digits * 10 + (uint64_t)(s.ptr[i] - '0');
        d->exponent -= scale;
    }
    return i;
}

/* Checks the grammar: sign, digits with at most one point, exponent. */
static bool decimal_scan(Str s, struct decimal *d)
{
    size_t i = s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+');
    d->negative = i == 1 && s.ptr[0] == '-';
    size_t first = i;
    i = decimal_digits(s, i, 0, d);
    size_t digits = i - first;
    if (i < s.len && s.ptr[i] == '.') {
        first = ++i;
        i = decimal_digits(s, i, 1, d);
        digits += i - first;
    }
    if (digits == 0) return false;
    if (i == s.len) return true;
    if (s.ptr[i] != 'e' && s.ptr[i] != 'E') return false;
    int64_t exponent;
    if (str_to_i64(str_slice(s, i + 1, s.len), &exponent) != OK) return false;
    if (exponent < -400 || exponent > 400)
        d->exact = false;
    else
        d->exponent += (int)exponent;
    return true;
}

enum status str_to_f64(Str s, double *out)
{
    static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    struct decimal d = {.exact = true};
    if (!decimal_scan(s, &d)) return E_INVALID;
    /* Both factors are exact doubles, so one rounding gives the right answer (Clinger 1990). */
    if (d.exact && d.exponent >= -22 && d.exponent <= 22) {
        double m = (double)d.digits;
        double v = d.exponent < 0 ? m / power[-d.exponent] : m * power[d.exponent];
        *out = d.negative ? -v : v;
        return OK;
    }
    char text[800];
    if (s.len >= sizeof text) return E_INVALID;
    memcpy(text, s.ptr, s.len);
    text[s.len] = '\0';
    double v = strtod(text, NULL);
    if (!isfinite(v)) return E_INVALID;
    *out = v;
    return OK;
}

Str str_copy(struct arena *a, Str s)
{
    if (s.ptr == NULL) return STR_NONE;
    return (Str){str_cstr(a, s), s.len};
}

char *str_cstr(struct arena *a, Str s)
{
    char *p = arena_alloc(a, s.len + 1, 1, 1);
    if (s.len > 0) memcpy(p, s.ptr, s.len);
    return p;
}

Str str_lower(struct arena *a, Str s)
{
    if (s.ptr == NULL) return STR_NONE;
    char *p = str_cstr(a, s);
    for (size_t i = 0; i < s.len; i++)
        p[i] = lower_char(p[i]);
    return (Str){p, s.len};
}

Str str_format(struct arena *a, const char *fmt, ...)
{
    char small[256];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(small, sizeof small, fmt, args);
    va_end(args);
    MUST(n >= 0);
    size_t len = (size_t)n;
    if (len < sizeof small) return str_copy(a, (Str){small, len});
    char *p = arena_alloc(a, len + 1, 1, 1);
    va_start(args, fmt);
    vsnprintf(p, len + 1, fmt, args);
    va_end(args);
    return (Str){p, len};
}

Str str_join(struct arena *a, const struct str_list *list, Str between)
{
    size_t len = 0;
    for (size_t i = 0; i < list->count; i++)
        len += list->item[i].len + (i > 0 ? between.len : 0);
    char *p = arena_alloc(a, len + 1, 1, 1);
    char *to = p;
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0 && between.len > 0) to = mempcpy(to, between.ptr, between.len);
        if (list->item[i].len > 0) to = mempcpy(to, list->item[i].ptr, list->item[i].len);
    }
    return (Str){p, len};
}

struct str_list str_split(struct arena *a, Str s, char sep)
{
    struct str_list list = {0};
    if (s.ptr == NULL) return list;
    size_t count = 1;
    for (size_t i = 0; i < s.len; i++)
        count += s.ptr[i] == sep;
    list.item = NEW_ARRAY(a, Str, count);
    while (str_next(&s, sep, &list.item[list.count]))
        if (++list.count == count) break;
    return list;
}

static int compare_items(const void *a, const void *b)
{
    return str_compare(*(const Str *)a, *(const Str *)b);
}

void str_sort(struct str_list *list)
{
    if (list->count > 1) qsort(list->item, list->count, sizeof list->item[0], compare_items);
}

void str_sort_unique(struct str_list *list)
{
    str_sort(list);
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (kept == 0 || !str_eq(list->item[kept - 1], list->item[i])) list->item[kept++] = list->item[i];
    list->count = kept;
}
