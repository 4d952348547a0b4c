/* How long files and functions are, and how many ways lead through a function. */
#include "lint.h"

struct function {
    Str name;
    size_t head, opens, closes; /* places: of the name, of the brackets */
};

/* The name in front of a list of parameters that ends before `at`; false when no function begins there. */
static bool head_read(Str code, size_t at, struct function *f)
{
    size_t i = at, depth = 0;
    while (i > 0 && (code.ptr[i - 1] == ' ' || code.ptr[i - 1] == '\n'))
        i--;
    if (i == 0 || code.ptr[i - 1] != ')') return false;
    do {
        i--;
        if (code.ptr[i] == ')') depth++;
        if (code.ptr[i] == '(') depth--;
    } while (i > 0 && depth > 0);
    size_t from = i;
    while (from > 0 && code.ptr[from - 1] != ' ' && code.ptr[from - 1] != '*' && code.ptr[from - 1] != '\n')
        from--;
    f->name = str_slice(code, from, i);
    f->head = from;
    return true;
}

/* A case counts once however many labels it has: they are one way. */
static bool is_branch(Str code, Str word, size_t end)
{
    static const char *const branches[] = {"if", "for", "while"};
    for (size_t i = 0; i < COUNT_OF(branches); i++)
        if (str_eq(word, str_of(branches[i]))) return true;
    if (!str_eq(word, S("case"))) return false;
    while (end < code.len && code.ptr[end] != ':')
        end++;
    size_t next = code_skip_blank(code, end + 1), begins;
    Str follows = STR_NONE;
    if (next < code.len && code_word(code, &next, &follows, &begins) &&
        begins == code_skip_blank(code, end + 1))
        return !str_eq(follows, S("case")) && !str_eq(follows, S("default"));
    return true;
}

/* McCabe's number: one, and one more for every decision. */
static size_t complexity(Str body)
{
    size_t ways = 1;
    Str word;
    for (size_t at = 0, begins; code_word(body, &at, &word, &begins);)
        ways += is_branch(body, word, at);
    for (size_t i = 0; i < body.len; i++) {
        bool twice = i + 1 < body.len && body.ptr[i + 1] == body.ptr[i];
        if (body.ptr[i] == '?') ways++;
        if (twice && (body.ptr[i] == '&' || body.ptr[i] == '|')) ways++, i++;
    }
    return ways;
}

static void check_function(const struct source *s, const struct function *f, struct report *r)
{
    size_t lines = source_line(s, f->closes) - source_line(s, f->head) + 1;
    size_t ways = complexity(str_slice(s->plain, f->opens, f->closes));
    if (lines > FUNCTION_LINES_HABIT)
        report_warn(r, s, "function", f->head,
                    str_format(r->arena, "%.*s has %zu lines, %d is the habit", STR_ARG(f->name), lines,
                               FUNCTION_LINES_HABIT));
    if (ways > COMPLEXITY_MAX)
        report_add(r, s, "complexity", f->head,
                   str_format(r->arena, "%.*s has a cyclomatic complexity of %zu, %d is the most",
                              STR_ARG(f->name), ways, COMPLEXITY_MAX));
    else if (ways > COMPLEXITY_HABIT)
        report_warn(r, s, "complexity", f->head,
                    str_format(r->arena, "%.*s has a cyclomatic complexity of %zu, %d is the habit",
                               STR_ARG(f->name), ways, COMPLEXITY_HABIT));
}

void lint_functions(const struct rules *rules, const struct source *s, struct report *r)
{
    (void)rules;
    size_t lines = source_line(s, s->text.len) - 1;
    if (lines > FILE_LINES_MAX)
        report_add(r, s, "file", SIZE_MAX,
                   str_format(r->arena, "%zu lines, %d is the most", lines, FILE_LINES_MAX));
    else if (lines > FILE_LINES_HABIT)
        report_warn(r, s, "file", SIZE_MAX,
                    str_format(r->arena, "%zu lines, %d is the habit", lines, FILE_LINES_HABIT));
    for (size_t i = 0; i < s->plain.len; i++) {
        struct function f = {.opens = i};
        if (s->plain.ptr[i] != '{') continue;
        f.closes = code_close(s->plain, i) - 1;
        if (head_read(s->plain, i, &f)) check_function(s, &f, r);
        i = f.closes;
    }
}
