/* mapping.cases: a mapping, a table, and what comes out, as text. */
#include "kit.h"

#include "base/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct mapping_case {
    Str name, map, csv, expected;
};

static Str section(Str text, const char *from, const char *until)
{
    size_t start = str_find(text, str_of(from));
    if (start == STR_NPOS) return S("");
    start += strlen(from);
    /* From the line end before, so that an empty section is found to be empty. */
    Str rest = str_slice(text, start - 1, text.len);
    size_t end = until ? str_find(rest, str_of(until)) : rest.len;
    return str_slice(rest, 1, end == STR_NPOS ? rest.len : end);
}

static bool next_case(Str *rest, struct mapping_case *c)
{
    size_t start = str_find(*rest, S("\n== "));
    if (start == STR_NPOS) return false;
    Str body = str_slice(*rest, start + 4, rest->len);
    size_t end = str_find(body, S("\n== "));
    *rest = end == STR_NPOS ? S("") : str_slice(body, end, body.len);
    body = str_slice(body, 0, end == STR_NPOS ? body.len : end);
    c->name = str_slice(body, 0, str_find_char(body, '\n'));
    c->map = section(body, "\n-- map\n", "\n-- csv\n");
    c->csv = section(body, "\n-- csv\n", "\n-- out\n");
    c->expected = str_trim(section(body, "\n-- out\n", NULL));
    return true;
}

/* "+++" in a case stands for the usual head of a mapping. */
static Str with_head(struct arena *a, Str map)
{
    size_t at = str_find(map, S("+++"));
    if (at == STR_NPOS) return map;
    return str_format(a, "%.*s[mapping]\nname = t\nversion = 1\nnamespace = test\nsource = t\n%.*s",
                      STR_ARG(str_slice(map, 0, at)), STR_ARG(str_slice(map, at + 3, map.len)));
}

static Str run_case(struct arena *a, const struct policy *policy, const struct mapping_case *c,
                    bool in_process)
{
    const struct mapping *mapping = NULL;
    struct err e = {0};
    if (mapping_parse(a, policy, with_head(a, c->map), &mapping, &e) != OK)
        return str_format(a, "error: %s", e.text);
    const char *path = kit_file(a, "case.csv", c->csv);
    struct intake_options o = {
        .policy = policy, .mapping = mapping, .ns = STR_NONE, .in_process = in_process};
    o.known_at_ms_max = INT64_C(1700000000000);
    o.as_table = mapping_table(mapping) != NULL;
    Str out = kit_read_all(a, path, &o);
    unlink(path);
    return str_trim(out);
}

static void test_cases(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("mapping cases", (size_t)1 << 30);
    struct policy policy = kit_policy(a);
    Str rest = kit_source_file(a, "test/intake/mapping.cases");
    struct mapping_case c = {0};
    size_t cases = 0, failed = 0;
    assert_true(str_present(rest));
    while (next_case(&rest, &c)) {
        Str inside = run_case(a, &policy, &c, true), outside = run_case(a, &policy, &c, false);
        cases++;
        if (!str_eq(inside, c.expected)) {
            failed++;
            fprintf(stderr, "case \"%.*s\": expected\n%.*s\nbut got\n%.*s\n\n", STR_ARG(c.name),
                    STR_ARG(c.expected), STR_ARG(inside));
        }
        if (!str_eq(inside, outside)) {
            failed++;
            fprintf(stderr, "case \"%.*s\": the child gives something else:\n%.*s\n\n", STR_ARG(c.name),
                    STR_ARG(outside));
        }
    }
    assert_true(cases > 40);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
