/* A file as the rules see it: what is code, what is comment, what is literal. */
#include "lint.h"

bool source_is_c(Str path)
{
    return str_ends(path, S(".c")) || str_ends(path, S(".h"));
}

enum part { IN_CODE, IN_LINE_COMMENT, IN_COMMENT, IN_TEXT, IN_CHAR };

/* Where the text leads from here; *keep tells whether this byte is code. */
static enum part part_next(enum part part, const char *p, const char *end, bool *keep, size_t *step)
{
    char c = *p, next = p + 1 < end ? p[1] : '\0';
    *step = 1;
    *keep = c == '\n';
    switch (part) {
    case IN_CODE:
        if (c == '/' && (next == '/' || next == '*')) {
            *step = 2;
            return next == '/' ? IN_LINE_COMMENT : IN_COMMENT;
        }
        *keep = true;
        return c == '"' ? IN_TEXT : c == '\'' ? IN_CHAR : IN_CODE;
    case IN_LINE_COMMENT:
        return c == '\n' ? IN_CODE : part;
    case IN_COMMENT:
        if (c != '*' || next != '/') return part;
        *step = 2;
        return IN_CODE;
    case IN_TEXT:
    case IN_CHAR:
        if (c == '\\' && next != '\n') *step = 2;
        *keep = *keep || c == (part == IN_TEXT ? '"' : '\'');
        return c == (part == IN_TEXT ? '"' : '\'') || c == '\n' ? IN_CODE : part;
    }
    return IN_CODE;
}

static Str code_of(struct arena *a, Str text)
{
    char *code = NEW_ARRAY(a, char, text.len + 1);
    enum part part = IN_CODE;
    memset(code, ' ', text.len);
    for (size_t i = 0, step; i < text.len; i += step) {
        bool keep = false;
        part = part_next(part, text.ptr + i, text.ptr + text.len, &keep, &step);
        if (keep) code[i] = text.ptr[i];
    }
    return (Str){code, text.len};
}

/* Blanks directives, with the lines they go on to. */
static Str plain_of(struct arena *a, Str code)
{
    char *plain = NEW_ARRAY(a, char, code.len + 1);
    bool directive = false, fresh = true;
    for (size_t i = 0; i < code.len; i++) {
        char c = code.ptr[i];
        if (fresh && c == '#') directive = true;
        if (c == '\n') {
            if (i == 0 || code.ptr[i - 1] != '\\') directive = false;
            fresh = true;
        } else if (c != ' ') {
            fresh = false;
        }
        plain[i] = directive && c != '\n' ? ' ' : c;
    }
    return (Str){plain, code.len};
}

struct source source_read(struct arena *a, Str path, Str text)
{
    struct source s = {.path = path, .text = text};
    if (source_is_c(path)) {
        s.code = code_of(a, text);
        s.plain = plain_of(a, s.code);
    }
    return s;
}

size_t source_line(const struct source *s, size_t at)
{
    size_t line = 1;
    for (size_t i = 0; i < at && i < s->text.len; i++)
        line += s->text.ptr[i] == '\n';
    return line;
}

bool source_literal(const struct source *s, size_t *at, Str *literal, size_t *begins)
{
    Str code = s->code;
    size_t from = *at;
    while (from < code.len && code.ptr[from] != '"')
        from++;
    if (from >= code.len) return false;
    size_t until = from + 1;
    while (until < code.len && code.ptr[until] != '"' && code.ptr[until] != '\n')
        until++;
    *begins = from;
    *literal = str_slice(s->text, from + 1, until);
    *at = until + 1;
    return true;
}

static bool word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool code_word(Str code, size_t *at, Str *word, size_t *begins)
{
    size_t from = *at;
    while (from < code.len && !word_char(code.ptr[from]))
        from++;
    size_t until = from;
    while (until < code.len && word_char(code.ptr[until]))
        until++;
    if (from == until) return false;
    *begins = from;
    *word = str_slice(code, from, until);
    *at = until;
    return true;
}

size_t code_skip_blank(Str code, size_t at)
{
    while (at < code.len && (code.ptr[at] == ' ' || code.ptr[at] == '\n' || code.ptr[at] == '\\'))
        at++;
    return at;
}

size_t code_close(Str code, size_t at)
{
    size_t depth = 0;
    for (; at < code.len; at++) {
        char c = code.ptr[at];
        if (c == '(' || c == '{' || c == '[') depth++;
        if (c == ')' || c == '}' || c == ']') depth--;
        if (depth == 0) return at + 1;
    }
    return code.len;
}
