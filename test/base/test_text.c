#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "cases.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

/* After what it needs: it includes nothing itself. */
#include <cmocka.h>

static Str read_number(struct arena *a, Str kind, Str text)
{
    if (str_eq(kind, S("i64"))) {
        int64_t v = 55;
        if (str_to_i64(text, &v) == OK) return str_format(a, "%lld", (long long)v);
        assert_int_equal(v, 55);
        return S("invalid");
    }
    double v = 55;
    if (str_to_f64(text, &v) != OK) {
        assert_int_equal((int)v, 55);
        return S("invalid");
    }
    struct buf b CLEANUP_BUF;
    buf_init(&b, 100);
    json_add_number(&b, v);
    return str_copy(a, buf_str(&b));
}

static Str read_code(struct arena *a, Str kind, Str text)
{
    char out[64] = "untouched";
    if (str_eq(kind, S("hex"))) {
        if (hex_decode(text, out, text.len / 2) != OK) {
            assert_string_equal(out, "untouched");
            return S("invalid");
        }
        char *back = NEW_ARRAY(a, char, text.len + 1);
        hex_encode(out, text.len / 2, back);
        return str_of(back);
    }
    size_t n = 0;
    if (base64_decode(text, out, sizeof out, &n) != OK) {
        assert_string_equal(out, "untouched");
        return S("invalid");
    }
    assert_true(str_eq(base64_encode(a, out, n), text));
    return str_copy(a, (Str){out, n});
}

static Str run_case(struct arena *a, Str kind, Str text)
{
    size_t at = 0;
    if (str_eq(kind, S("i64")) || str_eq(kind, S("f64"))) return read_number(a, kind, text);
    if (str_eq(kind, S("hex")) || str_eq(kind, S("base64"))) return read_code(a, kind, text);
    if (str_eq(kind, S("valid"))) return utf8_valid(text, &at) ? S("yes") : str_format(a, "%zu", at);
    if (str_eq(kind, S("length"))) return str_format(a, "%zu", utf8_length(text));
    if (str_eq(kind, S("clean"))) return utf8_clean(a, text);
    if (str_eq(kind, S("fold"))) return utf8_fold(a, text);
    if (str_eq(kind, S("latin1"))) return utf8_from_latin1(a, text);
    if (str_eq(kind, S("trim"))) return str_trim(text);
    if (str_eq(kind, S("lower"))) return str_lower(a, text);
    fail_msg("unknown case %.*s", STR_ARG(kind));
    return STR_NONE;
}

static void test_cases(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", 1 << 22);
    struct str_list lines = cases_lines(a, "text.cases");
    int failures = 0;
    int cases = 0;
    for (size_t i = 0; i < lines.count; i++) {
        if (case_is_comment(lines.item[i])) continue;
        Str rest = lines.item[i];
        Str kind = case_field(&rest);
        Str text = case_unescape(a, case_field(&rest));
        Str expected = case_unescape(a, case_field(&rest));
        Str got = run_case(a, kind, text);
        case_check("text.cases", i + 1, expected, got, &failures);
        if (str_eq(kind, S("fold")) || str_eq(kind, S("clean"))) /* once more changes nothing */
            case_check("text.cases", i + 1, got, run_case(a, kind, got), &failures);
        cases++;
    }
    assert_true(cases > 100);
    assert_int_equal(failures, 0);
}

static void test_str(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", 1 << 20);
    assert_false(str_present(str_of(NULL)));
    assert_true(str_present(str_of("")));
    assert_true(str_eq(STR_NONE, S("")));
    assert_true(str_compare(S("a"), S("b")) < 0);
    assert_true(str_compare(S("b"), S("aa")) > 0);
    assert_true(str_compare(S("a"), S("aa")) < 0);
    assert_true(str_compare(S("\x7F"), S("\x80")) < 0);
    assert_int_equal(str_compare(S(""), STR_NONE), 0);
    assert_true(str_starts(S("abc"), S("ab")) && str_starts(S("abc"), STR_NONE));
    assert_false(str_starts(S("a"), S("ab")));
    assert_true(str_ends(S("abc"), S("bc")));
    assert_false(str_ends(S("c"), S("bc")));
    assert_true(str_eq_nocase(S("aBz[é"), S("AbZ[é")));
    assert_false(str_eq_nocase(S("["), S("{")));
    assert_true(str_eq(str_slice(S("abcdef"), 2, 4), S("cd")));
    assert_true(str_eq(str_slice(S("abc"), 2, 99), S("c")));
    assert_true(str_eq(str_slice(S("abc"), 9, 1), S("")));
    assert_false(str_present(str_slice(STR_NONE, 0, 1)));
    assert_int_equal(str_find(S("banana"), S("nan")), 2);
    assert_int_equal(str_find(S("banana"), S("")), 0);
    assert_true(str_find(S("ban"), S("bana")) == STR_NPOS);
    assert_true(str_find_char(S(""), 'x') == STR_NPOS);
    assert_int_equal(str_find_char(S("a\0x"), 'x'), 2);
    assert_false(str_present(str_copy(a, STR_NONE)));
    assert_true(str_present(str_copy(a, S(""))));
    assert_string_equal(str_cstr(a, S("abc")), "abc");
    assert_string_equal(str_cstr(a, STR_NONE), "");
    Str long_one = str_format(a, "%0300d|%s", 7, "x");
    assert_int_equal(long_one.len, 302);
    assert_true(str_ends(long_one, S("07|x")));
}

static void test_str_lists(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", 1 << 20);
    static const struct {
        const char *text;
        size_t count;
        const char *joined;
    } splits[] = {{"", 1, ""},   {"a", 1, "a"},   {"a,,b", 3, "a||b"},
                  {",", 2, "|"}, {"a,", 2, "a|"}, {",,,", 4, "|||"}};
    for (size_t i = 0; i < COUNT_OF(splits); i++) {
        struct str_list list = str_split(a, str_of(splits[i].text), ',');
        assert_int_equal(list.count, splits[i].count);
        assert_true(str_eq(str_join(a, &list, S("|")), str_of(splits[i].joined)));
    }
    assert_int_equal(str_split(a, STR_NONE, ',').count, 0);
    struct str_list none = {0};
    assert_true(str_eq(str_join(a, &none, S("|")), S("")));
    struct str_list list = str_split(a, S("b,a,,b,aa,B,a"), ',');
    str_sort(&list);
    assert_true(str_eq(str_join(a, &list, S(",")), S(",B,a,a,aa,b,b")));
    str_sort_unique(&list);
    assert_true(str_eq(str_join(a, &list, S(",")), S(",B,a,aa,b")));
    str_sort_unique(&none);
}

static Str hex(struct arena *a, Sha256 digest)
{
    char *text = NEW_ARRAY(a, char, 2 * SHA256_BYTES + 1);
    hex_encode(digest.byte, SHA256_BYTES, text);
    return str_of(text);
}

/* FIPS 180-4's examples; BLAKE2b's keyed answer is pinned. */
static void test_hashes(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", 1 << 20);
    Str empty = S("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    Str abc = S("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_true(str_eq(hex(a, sha256(STR_NONE)), empty));
    assert_true(str_eq(hex(a, sha256(S("abc"))), abc));
    Str part[] = {S("a"), STR_NONE, S("bc")};
    assert_true(str_eq(hex(a, sha256_parts(part, 3)), abc));
    assert_true(str_eq(hex(a, sha256_parts(NULL, 0)), empty));
    Sha256 one = sha256(S("1"));
    Sha256 two = sha256(S("2"));
    assert_true(sha256_eq(&one, &one));
    assert_false(sha256_eq(&one, &two));
    unsigned char key[32] = {1};
    Sha256 keyed = blake2b_keyed(key, S("x"));
    key[31] = 1;
    Sha256 other = blake2b_keyed(key, S("x"));
    assert_false(sha256_eq(&keyed, &other));
    assert_true(hash64(S("a")) != hash64(S("b")));
    assert_int_equal(hash64(STR_NONE), hash64(S("")));
    assert_int_equal(hash64(S("")), UINT64_C(0x2D06800538D394C2)); /* XXH3's published answer for nothing */
    assert_true(hash64_mix(1, 2) != hash64_mix(2, 1));
    size_t n = 9;
    char small[2];
    assert_int_equal(base64_decode(S("Zm9v"), small, sizeof small, &n), E_LIMIT);
    assert_int_equal(n, 9);
}

static void test_errors(void **state)
{
    (void)state;
    struct err e = {0};
    assert_int_equal(ERR(&e, E_LIMIT, "age", "At most %d.", 120), E_LIMIT);
    assert_int_equal(ERR(&e, E_IO, "name", "later"), E_IO); /* the first one stays */
    assert_int_equal(e.status, E_LIMIT);
    assert_string_equal(e.text, "At most 120.");
    assert_string_equal(e.field, "age");
    assert_int_equal(ERR(NULL, E_IO, NULL, "nowhere"), E_IO);
    err_clear(&e);
    err_clear(NULL);
    char text[1200];
    memset(text, 'x', sizeof text);
    text[597] = '\xE2', text[598] = '\x82', text[599] = '\xAC'; /* a euro sign that the end cuts in two */
    text[1199] = '\0';
    ERR(&e, E_INVALID, NULL, "%s", text);
    assert_int_equal(strlen(e.text), 597);
    assert_string_equal(e.field, "");
    assert_string_equal(status_name(E_NOT_FOUND), "not found");
    assert_non_null(status_name((enum status)99));
    assert_int_equal(status_exit_code(OK), 0);
    for (enum status s = E_NOT_FOUND; s <= E_INTERNAL; s++)
        assert_in_range(status_exit_code(s), 64, 78);
}

/* The first numbers of xoshiro256** for the state 1, 2, 3, 4, from its authors' code. */
static void test_rng_known(void **state)
{
    (void)state;
    struct rng r = {{1, 2, 3, 4}};
    static const uint64_t first[] = {11520, 0, 1509978240, UINT64_C(1215971899390074240)};
    for (size_t i = 0; i < COUNT_OF(first); i++)
        assert_int_equal(rng_u64(&r), first[i]);
    struct rng seeded;
    rng_seed(&seeded, 0);
    assert_int_equal(seeded.s[0], UINT64_C(0xE220A8397B1DCDAF)); /* splitmix64 from 0 */
    struct rng before = seeded;
    struct rng one = rng_fork(&seeded, 1);
    struct rng two = rng_fork(&seeded, 2);
    assert_memory_equal(&before, &seeded, sizeof seeded);
    assert_true(rng_u64(&one) != rng_u64(&two));
}

static void test_rng_shapes(void **state)
{
    (void)state;
    enum { DRAWS = 200000 };
    struct rng r;
    rng_seed(&r, 42);
    double sum = 0, squares = 0, waits = 0, events = 0, many = 0;
    size_t bucket[7] = {0}, picked[4] = {0};
    static const double weight[4] = {1, 0, 2, 1};
    for (int i = 0; i < DRAWS; i++) {
        double x = rng_normal(&r, 10, 2);
        sum += x;
        squares += (x - 10) * (x - 10);
        waits += rng_exponential(&r, 3);
        events += rng_poisson(&r, 2.5);
        many += rng_poisson(&r, 5000);
        bucket[rng_below(&r, 7)]++;
        picked[rng_pick(&r, weight, 4)]++;
        double u = rng_unit(&r);
        assert_true(u >= 0 && u < 1);
        int64_t v = rng_between(&r, -2, 2);
        assert_true(v >= -2 && v <= 2);
    }
    assert_true(fabs(sum / DRAWS - 10) < 0.03);
    assert_true(fabs(squares / DRAWS - 4) < 0.08);
    assert_true(fabs(waits / DRAWS - 3) < 0.05);
    assert_true(fabs(events / DRAWS - 2.5) < 0.03);
    assert_true(fabs(many / DRAWS - 5000) < 2);
    for (size_t i = 0; i < 7; i++)
        assert_true(fabs((double)bucket[i] / DRAWS - 1.0 / 7) < 0.005);
    assert_int_equal(picked[1], 0);
    assert_true(fabs((double)picked[2] / DRAWS - 0.5) < 0.01);
    assert_int_equal(rng_below(&r, 1), 0);
    assert_int_equal(rng_between(&r, INT64_MAX, INT64_MAX), INT64_MAX);
    (void)rng_between(&r, INT64_MIN, INT64_MAX);
    assert_false(rng_chance(&r, 0));
    assert_true(rng_chance(&r, 1));
    assert_int_equal(rng_poisson(&r, 0), 0);
}

/* Our own logarithm behind the exponential agrees with the library's: -mean ln(1 - u). */
static void test_exponential_exact(void **state)
{
    (void)state;
    struct rng r;
    rng_seed(&r, 9);
    for (int i = 0; i < 100000; i++) {
        struct rng same = r;
        double expected = -log(1 - rng_unit(&same));
        double got = rng_exponential(&r, 1);
        if (fabs(got - expected) > 4e-16 * fmax(1, expected)) fail_msg("%.17g is not %.17g", got, expected);
    }
}

static void test_entropy_and_clocks(void **state)
{
    (void)state;
    unsigned char one[40] = {0}, two[40] = {0};
    struct entropy system = entropy_system();
    system.fill(system.state, one, 32);
    system.fill(system.state, two, 32);
    assert_memory_not_equal(one, two, 32);
    assert_int_equal(one[32], 0);
    struct rng r;
    rng_seed(&r, 1);
    struct rng same = r;
    struct entropy seeded = entropy_seeded(&r);
    struct entropy again = entropy_seeded(&same);
    seeded.fill(seeded.state, one, 37);
    again.fill(again.state, two, 37);
    assert_memory_equal(one, two, 37);
    int64_t now = 5;
    struct clock manual = clock_manual(&now);
    now = 17;
    assert_int_equal(clock_now_ms(&manual), 17);
    struct clock real = clock_system();
    assert_true(clock_now_ms(&real) > INT64_C(1600000000000));
    int64_t ticks = clock_ticks_us();
    assert_true(clock_ticks_us() >= ticks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_str),
        cmocka_unit_test(test_str_lists),
        cmocka_unit_test(test_hashes),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_rng_known),
        cmocka_unit_test(test_rng_shapes),
        cmocka_unit_test(test_exponential_exact),
        cmocka_unit_test(test_entropy_and_clocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
