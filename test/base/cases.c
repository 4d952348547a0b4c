#include "cases.h"

#include "base/stream.h"

#include <stdio.h>
#include <stdlib.h>

struct str_list cases_lines(struct arena *a, const char *name)
{
    const char *root = getenv("COLLIGATE_SOURCE_ROOT");
    Str path = str_format(a, "%s/test/base/%s", root != NULL ? root : ".", name);
    struct buf text CLEANUP_BUF;
    buf_init(&text, 1 << 20);
    struct err e = {0};
    if (file_read(path.ptr, &text, &e) != OK) BUG("%s", e.text);
    return str_split(a, str_copy(a, buf_str(&text)), '\n');
}

bool case_is_comment(Str line)
{
    return str_empty(str_trim(line)) || str_starts(line, S("#"));
}

Str case_unescape(struct arena *a, Str s)
{
    char *text = str_cstr(a, s);
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] != '\\') {
            text[n++] = s.ptr[i];
            continue;
        }
        MUST(i + 1 < s.len);
        char code = s.ptr[++i];
        static const char from[] = "nrts0\\";
        static const char to[] = "\n\r\t \0\\";
        const char *at = strchr(from, code);
        if (code == 'x') {
            MUST(i + 2 < s.len);
            char digits[3] = {s.ptr[i + 1], s.ptr[i + 2], '\0'};
            text[n++] = (char)strtoul(digits, NULL, 16);
            i += 2;
        } else if (code != 'e') {
            MUST(at != NULL);
            text[n++] = to[at - from];
        }
    }
    return (Str){text, n};
}

void case_escape(struct buf *b, Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '\n')
            buf_add_cstr(b, "\\n");
        else if (c == '\r')
            buf_add_cstr(b, "\\r");
        else if (c == '\t')
            buf_add_cstr(b, "\\t");
        else if (c == '\\')
            buf_add_cstr(b, "\\\\");
        else if (c < 0x20 || c == 0x7F)
            buf_addf(b, "\\x%02X", c);
        else
            buf_add_char(b, (char)c);
    }
}

Str case_field(Str *rest)
{
    if (rest->ptr == NULL) return STR_NONE;
    size_t at = str_find(*rest, S(" | "));
    Str field = str_trim(str_slice(*rest, 0, at));
    *rest = at == STR_NPOS ? STR_NONE : str_slice(*rest, at + 3, rest->len);
    return field;
}

void case_check(const char *name, size_t line, Str expected, Str got, int *failures)
{
    if (str_eq(expected, got)) return;
    fprintf(stderr, "%s:%zu: expected \"%.*s\"\n  but got \"%.*s\"\n", name, line, STR_ARG(expected),
            STR_ARG(got));
    ++*failures;
}
