/* Files that break the rules of the house, each with what has to be found in it: rule and line, warnings too.
 * cases.txt holds them: "=== PATH", the findings, "---", the text of the file. The rules are those of
 * house.tsv, so a rule that goes missing there is noticed here. */
#include "base/stream.h"
#include "lint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct fixture {
    struct arena *arena;
    struct rules rules;
};

static Str load(struct arena *a, const char *path)
{
    const char *root = getenv("COLLIGATE_SOURCE_ROOT");
    struct buf b CLEANUP_BUF = {0};
    struct err e = {0};
    buf_init(&b, 1 << 20);
    enum status status = file_read(str_cstr(a, str_format(a, "%s/%s", root ? root : ".", path)), &b, &e);
    if (status != OK) fail_msg("%s", e.text);
    return str_copy(a, buf_str(&b));
}

static int setup(void **state)
{
    static struct fixture f;
    struct err e = {0};
    f.arena = arena_new("test", 64 << 20);
    assert_int_equal(rules_parse(f.arena, load(f.arena, "tools/lint/house.tsv"), &f.rules, &e), OK);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    arena_free(((struct fixture *)*state)->arena);
    return 0;
}

/* "3 call" a line, in the order of the rule and then the line. */
static Str found(struct fixture *f, Str path, Str text)
{
    struct report r = {.arena = f->arena};
    struct source s = source_read(f->arena, path, text);
    lint_source(&f->rules, &s, &r);
    struct str_list lines = {NEW_ARRAY(f->arena, Str, r.count + 1), 0};
    for (size_t i = 0; i < r.count; i++)
        lines.item[lines.count++] = str_format(f->arena, "%s %zu%s", r.finding[i].rule, r.finding[i].line,
                                               r.finding[i].warning ? " warning" : "");
    str_sort(&lines);
    return str_join(f->arena, &lines, S("\n"));
}

static Str sorted(struct arena *a, Str text)
{
    struct str_list lines = str_split(a, str_trim(text), '\n');
    str_sort(&lines);
    return str_join(a, &lines, S("\n"));
}

static void each_case_has_its_findings(void **state)
{
    struct fixture *f = *state;
    Str rest = load(f->arena, "test/lint/cases.txt");
    size_t wrong = 0, count = 0, begins = str_find(rest, S("\n=== "));
    while (begins != STR_NPOS) {
        rest = str_slice(rest, begins + strlen("\n=== "), rest.len);
        begins = str_find(rest, S("\n=== "));
        Str one = str_slice(rest, 0, begins == STR_NPOS ? rest.len : begins + 1), path;
        size_t bar = str_find(one, S("\n---\n"));
        assert_int_not_equal(bar, STR_NPOS);
        Str text = str_slice(one, bar + strlen("\n---\n"), one.len);
        one = str_slice(one, 0, bar);
        assert_true(str_next(&one, '\n', &path));
        Str expected = sorted(f->arena, one), got = found(f, path, text);
        count++;
        if (str_eq(expected, got)) continue;
        print_message("# case %zu, %.*s\n# expected: %.*s\n# found: %.*s\n", count, STR_ARG(path),
                      STR_ARG(expected), STR_ARG(got));
        wrong++;
    }
    assert_true(count > 20);
    assert_int_equal(wrong, 0);
}

/* A body of so many lines and ifs. */
static Str function_made(struct arena *a, size_t ifs, size_t lines)
{
    struct buf b CLEANUP_BUF = {0};
    buf_init(&b, 1 << 20);
    buf_add_cstr(&b, "int f(int a)\n{\n");
    for (size_t i = 0; i < ifs; i++)
        buf_add_cstr(&b, "    if (a) a++;\n");
    for (size_t i = ifs + 4; i < lines; i++)
        buf_add_cstr(&b, "    a++;\n");
    buf_add_cstr(&b, "    return a;\n}\n");
    return str_copy(a, buf_str(&b));
}

static void limits_hold_at_their_edge(void **state)
{
    static const struct {
        size_t ifs, lines;
        const char *expected;
    } rows[] = {
        {14, 70, ""},
        {15, 70, "complexity 1 warning"},
        {24, 70, "complexity 1 warning"},
        {25, 70, "complexity 1"},
        {0, 71, "function 1 warning"},
        {0, 500, "function 1 warning"},
        {0, 501, "file 1 warning\nfunction 1 warning"},
        {0, 1000, "file 1 warning\nfunction 1 warning"},
        {0, 1001, "file 1\nfunction 1 warning"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Str got = found(f, S("src/base/x.c"), function_made(f->arena, rows[i].ifs, rows[i].lines));
        assert_string_equal(str_cstr(f->arena, got), rows[i].expected);
    }
}

static void bad_rules_are_refused(void **state)
{
    static const char *const texts[] = {
        "call\tgets\t-\t-\n",                /* a column short */
        "calls\tgets\t-\t-\tunsafe\n",       /* no such rule */
        "call\tgets\t-\t-\t-\n",             /* no reason */
        "call\tgets\t-\t-\tunsafe\textra\n", /* a column too many */
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct rules rules = {NULL, 7};
        struct err e = {0};
        assert_int_equal(rules_parse(f->arena, str_of(texts[i]), &rules, &e), E_INVALID);
        assert_int_equal(rules.count, 7);
        assert_true(str_starts(str_of(e.text), S("house.tsv, line 1:")));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_case_has_its_findings),
        cmocka_unit_test(limits_hold_at_their_edge),
        cmocka_unit_test(bad_rules_are_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
