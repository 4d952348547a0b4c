#include "base/utf8.h"

#include <utf8proc.h>

/* The length of the run of ASCII bytes at the front. */
static size_t ascii_run(const char *p, size_t n)
{
    size_t i = 0;
    for (; n - i >= 8; i += 8) {
        uint64_t word;
        memcpy(&word, p + i, 8);
        if ((word & UINT64_C(0x8080808080808080)) != 0) break;
    }
    while (i < n && (unsigned char)p[i] < 0x80)
        i++;
    return i;
}

/* The length of the well-formed sequence at p, 0 when there is none (RFC 3629, section 4). */
static size_t sequence_length(const unsigned char *p, size_t n)
{
    unsigned char lead = p[0];
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    size_t need = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (n < need) return 0;
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (p[1] < low || p[1] > high) return 0;
    for (size_t i = 2; i < need; i++)
        if ((p[i] & 0xC0) != 0x80) return 0;
    return need;
}

bool utf8_valid(Str s, size_t *at)
{
    size_t i = 0;
    while (i < s.len) {
        i += ascii_run(s.ptr + i, s.len - i);
        while (i < s.len && (unsigned char)s.ptr[i] >= 0x80) {
            size_t n = sequence_length((const unsigned char *)s.ptr + i, s.len - i);
            if (n == 0) {
                if (at != NULL) *at = i;
                return false;
            }
            i += n;
        }
    }
    return true;
}

size_t utf8_length(Str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++)
        count += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
    return count;
}

/* WHATWG's windows-1252: the five unassigned bytes keep their C1 code points. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

Str utf8_from_latin1(struct arena *a, Str s)
{
    if (s.ptr == NULL) return STR_NONE;
    size_t high = 0;
    for (size_t i = 0; i < s.len; i++)
        high += (unsigned char)s.ptr[i] >= 0x80;
    char *text = arena_alloc(a, s.len + 2 * high + 1, 1, 1);
    char *to = text;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char byte = (unsigned char)s.ptr[i];
        unsigned c = byte >= 0x80 && byte < 0xA0 ? windows_1252[byte - 0x80] : byte;
        if (c < 0x80) {
            *to++ = (char)c;
        } else if (c < 0x800) {
            *to++ = (char)(0xC0 | c >> 6);
            *to++ = (char)(0x80 | (c & 0x3F));
        } else {
            *to++ = (char)(0xE0 | c >> 12);
            *to++ = (char)(0x80 | (c >> 6 & 0x3F));
            *to++ = (char)(0x80 | (c & 0x3F));
        }
    }
    return (Str){text, (size_t)(to - text)};
}

/* Code points in an arena, with one more place at the end, as utf8proc_reencode wants. */
struct code_points {
    utf8proc_int32_t *item;
    utf8proc_ssize_t count;
};

static struct code_points decompose(struct arena *a, Str s, utf8proc_option_t options)
{
    const utf8proc_uint8_t *text = (const utf8proc_uint8_t *)s.ptr;
    utf8proc_ssize_t length = (utf8proc_ssize_t)s.len;
    struct code_points points = {NULL, utf8proc_decompose(text, length, NULL, 0, options)};
    MUST(points.count >= 0);
    points.item = NEW_ARRAY(a, utf8proc_int32_t, (size_t)points.count + 1);
    MUST(utf8proc_decompose(text, length, points.item, points.count, options) == points.count);
    return points;
}

/* Writes UTF-8 over the code points: it never takes more room than they do. */
static Str recompose(struct code_points points, utf8proc_option_t options)
{
    utf8proc_ssize_t n = utf8proc_reencode(points.item, points.count, options);
    MUST(n >= 0);
    return (Str){(const char *)points.item, (size_t)n};
}

static bool is_control(utf8proc_int32_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7F && c < 0xA0);
}

Str utf8_clean(struct arena *a, Str s)
{
    if (s.ptr == NULL) return STR_NONE;
    if (ascii_run(s.ptr, s.len) == s.len) {
        char *text = str_cstr(a, s);
        for (size_t i = 0; i < s.len; i++)
            if (is_control(text[i])) text[i] = ' ';
        return (Str){text, s.len};
    }
    if (!utf8_valid(s, NULL)) s = utf8_from_latin1(a, s);
    utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    struct code_points points = decompose(a, s, options);
    for (utf8proc_ssize_t i = 0; i < points.count; i++)
        if (is_control(points.item[i])) points.item[i] = ' ';
    return recompose(points, options);
}

static bool is_ascii_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static Str fold_ascii(struct arena *a, Str s)
{
    char *text = arena_alloc(a, s.len + 1, 1, 1);
    size_t len = 0;
    bool gap = false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!is_ascii_word(c)) {
            gap = len > 0;
            continue;
        }
        if (gap) text[len++] = ' ';
        gap = false;
        text[len++] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    text[len] = '\0';
    return (Str){text, len};
}

/* Letters with a stroke have no decomposition, though people see o with a mark. */
static utf8proc_int32_t fold_stroke(utf8proc_int32_t c)
{
    static const struct {
        utf8proc_int32_t from, to;
    } stroke[] = {{0x00F8, 'o'}, {0x0111, 'd'}, {0x0127, 'h'}, {0x0131, 'i'}, {0x0142, 'l'}, {0x0167, 't'}};
    for (size_t i = 0; i < COUNT_OF(stroke); i++)
        if (stroke[i].from == c) return stroke[i].to;
    return c;
}

static bool is_word(const utf8proc_property_t *property)
{
    switch ((int)property->category) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return true;
    default:
        return false;
    }
}

/* Marks with a combining class are accents and go; those without (vowel signs of Indic
 * scripts) are letters in all but name and stay. */
Str utf8_fold(struct arena *a, Str s)
{
    if (s.ptr == NULL) return STR_NONE;
    if (ascii_run(s.ptr, s.len) == s.len) return fold_ascii(a, s);
    if (!utf8_valid(s, NULL)) s = utf8_from_latin1(a, s);
    struct code_points points = decompose(
        a, s, UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    utf8proc_ssize_t kept = 0;
    bool gap = false;
    for (utf8proc_ssize_t i = 0; i < points.count; i++) {
        const utf8proc_property_t *property = utf8proc_get_property(points.item[i]);
        if (property->combining_class > 0) continue;
        if (!is_word(property)) {
            gap = kept > 0;
            continue;
        }
        utf8proc_int32_t c = fold_stroke(points.item[i]);
        if (gap) points.item[kept++] = ' ';
        gap = false;
        points.item[kept++] = c;
    }
    points.count = kept;
    return recompose(points, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

Str utf8_cut(Str s, size_t bytes_max)
{
    if (s.len <= bytes_max) return s;
    size_t n = bytes_max;
    while (n > 0 && ((unsigned char)s.ptr[n] & 0xC0) == 0x80)
        n--;
    return str_slice(s, 0, n);
}

/* The character at `at`: its length in bytes and whether it belongs to a word. Invalid bytes part words. */
static size_t character_at(Str text, size_t at, bool *in_word)
{
    utf8proc_int32_t c;
    if ((unsigned char)text.ptr[at] < 0x80) {
        *in_word = is_ascii_word(text.ptr[at]);
        return 1;
    }
    utf8proc_ssize_t len =
        utf8proc_iterate((const utf8proc_uint8_t *)text.ptr + at, (utf8proc_ssize_t)(text.len - at), &c);
    if (len <= 0) {
        *in_word = false;
        return 1;
    }
    utf8proc_category_t kind = utf8proc_category(c);
    *in_word = (kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_ME) ||
               (kind >= UTF8PROC_CATEGORY_ND && kind <= UTF8PROC_CATEGORY_NO);
    return (size_t)len;
}

bool utf8_word_next(Str text, size_t *at, size_t *from, size_t *to)
{
    bool in_word = false;
    size_t i = *at, len = 0;
    for (; i < text.len; i += len) {
        len = character_at(text, i, &in_word);
        if (in_word) break;
    }
    size_t start = i;
    for (; i < text.len; i += len) {
        len = character_at(text, i, &in_word);
        if (!in_word) break;
    }
    *at = i;
    *from = start;
    *to = i;
    return i > start;
}
