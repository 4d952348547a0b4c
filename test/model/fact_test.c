/* Given values and feed lines against fact.cases and feed.cases; limits and odd bytes beside them. */
#include "kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static enum status make(struct arena *a, const struct policy *policy, Str where, Str json, struct fact *out,
                        struct err *e)
{
    struct json_doc doc CLEANUP_JSON = {NULL};
    size_t dot = str_find_char(where, '.');
    const struct kind *kind = kind_named(str_slice(where, 0, dot));
    int field = kind ? field_index(kind, str_slice(where, dot + 1, where.len)) : -1;

    if (field < 0) fail_msg("no field %.*s", STR_ARG(where));
    if (json_parse(json, &doc, e) != OK) fail_msg("%.*s: %s", STR_ARG(json), e->text);
    return fact_make(a, policy, kind, field, doc.root, S(""), out, e);
}

static void test_fact_cases(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", (size_t)1 << 26);
    struct policy policy = kit_policy(a);
    struct str_list lines = kit_lines(a, "test/model/fact.cases");
    int cases = 0, failures = 0;

    for (size_t i = 0; i < lines.count; i++) {
        Str rest = lines.item[i];
        if (str_empty(rest) || str_starts(rest, S("#"))) continue;
        Str where = kit_field(&rest), json = kit_field(&rest), value = kit_field(&rest);
        struct fact f = {.field = -7};
        struct err e = {0};
        enum status status = make(a, &policy, where, json, &f, &e);
        cases++;
        if (str_eq(value, S("!"))) {
            if (status != E_INVALID || f.field != -7 || !kit_holds_all(str_of(e.text), rest)) {
                print_error("line %zu: status %d, \"%s\"\n", i + 1, (int)status, e.text);
                failures++;
            }
            assert_true(str_eq(str_of(e.field), str_slice(where, str_find_char(where, '.') + 1, where.len)));
            continue;
        }
        Str key = kit_field(&rest), given = kit_field(&rest);
        if (status != OK || !str_eq(f.value, value) || !str_eq(f.key, key) || !str_eq(f.given, given)) {
            print_error("line %zu: %s value %.*s key %.*s given %.*s\n", i + 1, e.text, STR_ARG(f.value),
                        STR_ARG(f.key), STR_ARG(f.given));
            failures++;
            continue;
        }
        /* a value that went in once goes in again as it is */
        struct fact again = {0};
        if (make(a, &policy, where, f.value, &again, &e) != OK)
            fail_msg("line %zu: again: %s", i + 1, e.text);
        assert_true(str_eq(again.value, value) && str_eq(again.key, key) && str_empty(again.given));
    }
    assert_int_equal(failures, 0);
    assert_true(cases > 100);
}

static void test_feed_cases(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", (size_t)1 << 26);
    struct policy policy = kit_policy(a);
    struct str_list lines = kit_lines(a, "test/model/feed.cases");

    for (size_t i = 0; i < lines.count; i++) {
        Str line = lines.item[i], expected;
        struct change c = {.line = 77};
        struct err e = {0};
        if (str_empty(line) || str_starts(line, S("#"))) continue;
        assert_true(++i < lines.count);
        expected = str_trim(str_slice(lines.item[i], 1, lines.item[i].len));
        enum status status = feed_parse_line(a, &policy, line, S("main"), &c, &e);
        if (str_starts(lines.item[i], S("!"))) {
            Str field = STR_NONE;
            str_next(&expected, ';', &field);
            if (str_eq(field, S("-"))) field = S("");
            if (status != E_INVALID || c.line != 77 || !kit_holds_all(str_of(e.text), expected) ||
                (!str_empty(field) && !str_eq(str_of(e.field), field)))
                fail_msg("line %zu: status %d, %s: \"%s\"", i, (int)status, e.field, e.text);
            continue;
        }
        if (status != OK) fail_msg("line %zu: %s", i, e.text);
        Str out = kit_feed(a, &c, false);
        if (!str_eq(out, expected)) fail_msg("line %zu: %.*s", i, STR_ARG(out));
        struct change again = kit_change(a, &policy, out);
        assert_true(change_same(&c, &again));
    }
}

/* A text of `len` letters in quotes. */
static Str long_text(struct arena *a, size_t len)
{
    char *p = NEW_ARRAY(a, char, len + 2);

    memset(p, 'a', len + 2);
    p[0] = p[len + 1] = '"';
    return (Str){p, len + 2};
}

static Str long_list(struct arena *a, size_t count)
{
    struct str_list list = {NEW_ARRAY(a, Str, count), count};

    for (size_t i = 0; i < count; i++)
        list.item[i] = str_format(a, "\"n%zu\"", i);
    return str_format(a, "[%.*s]", STR_ARG(str_join(a, &list, S(","))));
}

static void test_limits(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", (size_t)1 << 27);
    struct policy policy = kit_policy(a);
    const struct {
        const char *field;
        size_t most;
    } rows[] = {{"death.ref", 2000}, {"death.narrative", 200000}, {"death.certifier", 200}};

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fact f;
        struct err e = {0};
        assert_int_equal(make(a, &policy, str_of(rows[i].field), long_text(a, rows[i].most), &f, &e), OK);
        assert_int_equal(make(a, &policy, str_of(rows[i].field), long_text(a, rows[i].most + 1), &f, &e),
                         E_INVALID);
        assert_non_null(strstr(e.text, "bytes long; at most"));
    }
    struct fact f;
    struct err e = {0};
    assert_int_equal(make(a, &policy, S("death.aliases"), long_list(a, 1000), &f, &e), OK);
    assert_int_equal(make(a, &policy, S("death.aliases"), long_list(a, 1001), &f, &e), E_INVALID);
    assert_non_null(strstr(e.text, "1001 items; at most 1000"));
}

/* Every prefix of a good line, and the line with each byte spoilt, is an answer and no crash. */
static void test_damaged_lines(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", (size_t)1 << 26);
    struct policy policy = kit_policy(a);
    Str line = S(
        "{\"known_at\":\"2014-08-28T08:00:00Z\",\"kind\":\"incident\",\"id\":\"I\",\"source\":\"x\",\"set\":"
        "{\"at\":{\"from\":\"2014-08-28\"},\"place\":{\"lat\":51.5,\"lon\":0.07},\"address\":\"1 High St\","
        "\"substances\":[\"ghb\"]},\"given\":{\"place\":\"there\"}}");
    struct arena_mark mark = arena_mark(a);

    for (size_t n = 0; n < line.len; n++) {
        struct change c;
        struct err e = {0};
        assert_int_equal(feed_parse_line(a, &policy, str_slice(line, 0, n), S(""), &c, &e), E_INVALID);
        assert_true(e.text[0] != '\0');
        arena_release(a, mark);
    }
    static const char spoil[] = {'\0', '"', '{', ']', ',', '0', '\\', '\x80', '\xff', '\n'};
    for (size_t n = 0; n < line.len; n++) {
        for (size_t k = 0; k < sizeof spoil; k++) {
            char *copy = str_cstr(a, line);
            struct change c, again;
            struct err e = {0};
            copy[n] = spoil[k];
            if (feed_parse_line(a, &policy, (Str){copy, line.len}, S(""), &c, &e) == OK) {
                again = kit_change(a, &policy, kit_feed(a, &c, true));
                assert_true(change_same(&c, &again));
            } else {
                assert_true(e.text[0] != '\0');
            }
            arena_release(a, mark);
        }
    }
}

static void test_implied_time_and_namespace(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", (size_t)1 << 24);
    struct policy policy = kit_policy(a);
    Str line = S("{\"kind\":\"death\",\"id\":\"D\",\"source\":\"x\",\"set\":{\"age\":1}}");
    struct change c;
    struct err e = {0};

    assert_int_equal(feed_parse_line(a, &policy, line, S("nord"), &c, &e), OK);
    assert_true(c.known_at_implied && c.known_at_ms == 0);
    assert_true(str_eq(c.record.ns, S("nord")));
    assert_int_equal(feed_parse_line(a, &policy, line, S(""), &c, &e), OK);
    assert_true(str_eq(c.record.ns, S("main")));
    assert_int_equal(feed_parse_line(a, &policy, line, S("no:rd"), &c, &e), E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fact_cases),
        cmocka_unit_test(test_feed_cases),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_damaged_lines),
        cmocka_unit_test(test_implied_time_and_namespace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
