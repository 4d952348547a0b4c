#include "base/alloc.h"
#include "base/json.h"
#include "base/rng.h"
#include "cases.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* After what it needs: it includes nothing itself. */
#include <cmocka.h>

static void test_cases(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", 1 << 22);
    struct str_list lines = cases_lines(a, "json.cases");
    int failures = 0;
    int cases = 0;
    for (size_t i = 0; i < lines.count; i++) {
        if (case_is_comment(lines.item[i])) continue;
        Str rest = lines.item[i];
        Str text = case_unescape(a, case_field(&rest));
        Str expected = case_unescape(a, case_field(&rest));
        struct json_doc doc CLEANUP_JSON = {0};
        struct err e = {0};
        struct buf got CLEANUP_BUF;
        buf_init(&got, 1 << 16);
        if (json_parse(text, &doc, &e) == OK) {
            json_write_canonical(&got, doc.root);
        } else {
            assert_int_equal(e.status, E_INVALID);
            assert_null(doc.root);
            Str wanted = str_slice(expected, 6, expected.len);
            bool said = str_starts(expected, S("error ")) && str_find(str_of(e.text), wanted) != STR_NPOS;
            if (said)
                buf_add(&got, expected);
            else
                buf_addf(&got, "error %s", e.text);
        }
        case_check("json.cases", i + 1, expected, buf_str(&got), &failures);
        cases++;
    }
    assert_true(cases > 60);
    assert_int_equal(failures, 0);
}

static void test_reading(void **state)
{
    (void)state;
    struct json_doc doc CLEANUP_JSON = {0};
    Str text = S("{\"z\":\"x\",\"a\":[1,2.5,3.0],\"m\":true,\"n\":null,\"big\":9007199254740993,\"k\":\"\"}");
    assert_int_equal(json_parse(text, &doc, NULL), OK);
    const Json *list = json_get(doc.root, "a");
    assert_int_equal(json_type(doc.root), JSON_OBJECT);
    assert_int_equal(json_count(doc.root), 6);
    assert_int_equal(json_count(list), 3);
    assert_true(str_eq(json_str(json_get(doc.root, "z")), S("x")));
    assert_true(str_present(json_str(json_get(doc.root, "k"))));
    assert_false(str_present(json_str(list)));
    assert_true(json_bool(json_get(doc.root, "m")));
    assert_false(json_bool(list));
    assert_int_equal(json_integer(json_at(list, 0)), 1);
    assert_true(json_is_integer(json_at(list, 2)));
    assert_int_equal(json_integer(json_at(list, 2)), 3);
    assert_false(json_is_integer(json_at(list, 1)));
    assert_int_equal(json_integer(json_at(list, 1)), 0);
    assert_true(fabs(json_number(json_at(list, 1)) - 2.5) < 1e-15);
    assert_int_equal(json_integer(json_get(doc.root, "big")), INT64_C(9007199254740993));
    assert_null(json_at(list, 3));
    assert_null(json_at(doc.root, 0));
    assert_null(json_get(list, "a"));
    assert_null(json_get(doc.root, "absent"));
    assert_int_equal(json_type(NULL), JSON_NULL);
    assert_int_equal(json_type(json_get(doc.root, "n")), JSON_NULL);
    assert_int_equal(json_count(NULL), 0);
    assert_string_equal(json_type_name(list), "a list");
    assert_null(json_first(list));
    json_done(&doc);
    json_done(&doc);
    assert_null(doc.root);
}

/* Members come in the order of the text, also past the sizes at which a table grows. */
static void test_order(void **state)
{
    (void)state;
    struct buf text CLEANUP_BUF;
    buf_init(&text, 1 << 20);
    struct json_writer w = json_writer(&text, false);
    json_open(&w, '{');
    for (int64_t i = 0; i < 1000; i++) {
        char key[32];
        snprintf(key, sizeof key, "k%lld", (long long)(i * 7919 % 1000));
        json_kv_i64(&w, str_of(key), i);
    }
    json_close(&w, '}');
    struct json_doc doc CLEANUP_JSON = {0};
    assert_int_equal(json_parse(buf_str(&text), &doc, NULL), OK);
    int64_t i = 0;
    for (const void *it = json_first(doc.root); it != NULL; it = json_next(doc.root, it), i++) {
        char key[32];
        snprintf(key, sizeof key, "k%lld", (long long)(i * 7919 % 1000));
        assert_true(str_eq(json_key(it), str_of(key)));
        assert_int_equal(json_integer(json_value(it)), i);
    }
    assert_int_equal(i, 1000);
}

static enum status parse_nested(int depth, char open, char close)
{
    struct buf text CLEANUP_BUF;
    buf_init(&text, 1 << 20);
    for (int i = 0; i < depth; i++) {
        buf_add_char(&text, open);
        if (open == '{' && i + 1 < depth) buf_add_cstr(&text, "\"a\":");
    }
    for (int i = 0; i < depth; i++)
        buf_add_char(&text, close);
    struct json_doc doc CLEANUP_JSON = {0};
    return json_parse(buf_str(&text), &doc, NULL);
}

static void test_depth(void **state)
{
    (void)state;
    assert_int_equal(parse_nested(64, '[', ']'), OK);
    assert_int_equal(parse_nested(65, '[', ']'), E_INVALID);
    assert_int_equal(parse_nested(64, '{', '}'), OK);
    assert_int_equal(parse_nested(65, '{', '}'), E_INVALID);
    assert_int_equal(parse_nested(100000, '[', ']'), E_INVALID);
    CLEANUP_ARENA struct arena *a = arena_new("test", 10000);
    char *brackets = NEW_ARRAY(a, char, 103);
    memset(brackets, '[', 102);
    memcpy(brackets, "\"\\\"", 3);
    brackets[101] = '"';
    struct json_doc doc CLEANUP_JSON = {0};
    assert_int_equal(json_parse((Str){brackets, 102}, &doc, NULL), OK); /* brackets in a string do not nest */
    assert_int_equal(json_str(doc.root).len, 99);
    struct err e = {0};
    memset(brackets, '[', 102);
    brackets[10] = '\n';
    struct json_doc none = {0};
    assert_int_equal(json_parse((Str){brackets, 102}, &none, &e), E_INVALID);
    assert_non_null(strstr(e.text, "line 2, column 55"));
}

/* Every number written reads back the same, in at most 17 digits. */
static void test_numbers_round_trip(void **state)
{
    (void)state;
    struct rng r;
    rng_seed(&r, 3);
    struct buf b CLEANUP_BUF;
    buf_init(&b, 100);
    for (int i = 0; i < 200000; i++) {
        uint64_t bits = rng_u64(&r);
        double v;
        memcpy(&v, &bits, sizeof v);
        if (i % 2 == 0) v = (double)rng_between(&r, -1000000000, 1000000000) / pow(10, (double)(i % 11));
        if (!isfinite(v)) continue;
        buf_clear(&b);
        json_add_number(&b, v);
        double back = strtod(b.ptr, NULL);
        if (memcmp(&back, &v, sizeof v) != 0 && back != v) fail_msg("%.17g came out as %s", v, b.ptr);
        char least[40];
        snprintf(least, sizeof least, "%.15g", v);
        if (strtod(least, NULL) == v && b.len > strlen(least)) fail_msg("%s is longer than %s", b.ptr, least);
        double read_by_us;
        assert_int_equal(str_to_f64(buf_str(&b), &read_by_us), OK);
        if (read_by_us != v) fail_msg("str_to_f64 misread %s", b.ptr);
    }
    buf_clear(&b);
    json_add_number(&b, (double)NAN);
    json_add_number(&b, -(double)INFINITY);
    assert_string_equal(b.ptr, "nullnull");
}

static void test_writer(void **state)
{
    (void)state;
    struct buf b CLEANUP_BUF;
    buf_init(&b, 10000);
    struct json_writer w = json_writer(&b, false);
    json_open(&w, '{');
    json_kv_str(&w, S("a\n"), S("x\x01\"\xFF\xC3\xA9\xE2\x82"));
    json_kv_str(&w, S("none"), STR_NONE);
    json_kv_str(&w, S("empty"), S(""));
    json_kv_i64(&w, S("low"), INT64_MIN);
    json_kv_f64(&w, S("f"), 0.25);
    json_kv_bool(&w, S("t"), true);
    json_put_key(&w, S("list"));
    json_open(&w, '[');
    json_open(&w, '[');
    json_close(&w, ']');
    json_put_fixed(&w, -0.004, 2);
    json_put_fixed(&w, -0.006, 2);
    json_put_fixed(&w, (double)NAN, 2);
    json_put_null(&w);
    json_put_raw(&w, S("{\"r\":1}"));
    json_close(&w, ']');
    json_close(&w, '}');
    assert_string_equal(
        b.ptr, "{\"a\\n\":\"x\\u0001\\\"\xEF\xBF\xBD\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBD\",\"none\":null,"
               "\"empty\":\"\",\"low\":-9223372036854775808,\"f\":0.25,\"t\":true,"
               "\"list\":[[],0.00,-0.01,null,null,{\"r\":1}]}");
    struct json_doc doc CLEANUP_JSON = {0};
    assert_int_equal(json_parse(buf_str(&b), &doc, NULL), OK);
    buf_clear(&b);
    w = json_writer(&b, true);
    json_open(&w, '{');
    json_put_key(&w, S("a"));
    json_open(&w, '[');
    json_put_i64(&w, 1);
    json_put_i64(&w, 2);
    json_close(&w, ']');
    json_put_key(&w, S("b"));
    json_open(&w, '{');
    json_close(&w, '}');
    json_close(&w, '}');
    assert_string_equal(b.ptr, "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}");
}

/* A document that canonical text goes round unchanged, though keys outgrow the stack's array. */
static void test_canonical_many_keys(void **state)
{
    (void)state;
    struct buf b CLEANUP_BUF;
    struct buf again CLEANUP_BUF;
    buf_init(&b, 100000);
    buf_init(&again, 100000);
    struct json_writer w = json_writer(&b, true);
    json_open(&w, '{');
    for (int i = 99; i >= 10; i--) {
        char key[16];
        snprintf(key, sizeof key, "%d", i);
        json_kv_i64(&w, str_of(key), i);
    }
    json_close(&w, '}');
    struct json_doc doc CLEANUP_JSON = {0};
    assert_int_equal(json_parse(buf_str(&b), &doc, NULL), OK);
    buf_clear(&b);
    json_write_canonical(&b, doc.root);
    assert_true(str_starts(buf_str(&b), S("{\"10\":10,\"11\":11,")));
    struct json_doc second CLEANUP_JSON = {0};
    assert_int_equal(json_parse(buf_str(&b), &second, NULL), OK);
    json_write_canonical(&again, second.root);
    assert_string_equal(b.ptr, again.ptr);
}

struct countdown {
    int left;
};

static bool count_down(void *state, size_t bytes)
{
    struct countdown *c = state;
    (void)bytes;
    return c->left-- > 0;
}

/* Every allocation of the parser fails once: it must say so and leak nothing. */
/* Every byte value at every place of a word and across its end. */
static void test_plain_run(void **state)
{
    (void)state;
    char text[24];
    for (size_t at = 0; at < sizeof text; at++) {
        for (unsigned byte = 0; byte < 256; byte++) {
            for (size_t len = at; len <= sizeof text; len++) {
                memset(text, '!', sizeof text); /* next to the quote: a borrow would show */
                text[at] = (char)byte;
                bool special = byte < 0x20 || byte == '"' || byte == '\\';
                size_t expected = special && at < len ? at : len;
                assert_int_equal(json_plain_run((Str){text, len}), expected);
            }
        }
    }
    assert_int_equal(json_plain_run(STR_NONE), 0);
}

static void test_failing_memory(void **state)
{
    (void)state;
    Str text = S(
        "{\"a\":[1,2.5,\"x\",{\"b\":[true,null]}],\"longer key\":\"longer text, longer than a few bytes\"}");
    struct json_doc first CLEANUP_JSON = {0};
    assert_int_equal(json_parse(text, &first, NULL), OK);
    int steps = 0;
    for (;; steps++) {
        struct countdown c = {steps};
        struct json_doc doc CLEANUP_JSON = {0};
        struct err e = {0};
        alloc_set_gate(count_down, &c);
        enum status status = json_parse(text, &doc, &e);
        alloc_set_gate(NULL, NULL);
        if (status == OK) break;
        assert_null(doc.root);
        assert_true(e.text[0] != '\0');
        assert_true(steps < 1000);
    }
    assert_true(steps > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_reading),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_numbers_round_trip),
        cmocka_unit_test(test_writer),
        cmocka_unit_test(test_canonical_many_keys),
        cmocka_unit_test(test_plain_run),
        cmocka_unit_test(test_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
