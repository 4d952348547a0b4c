/* mentions.cases: what texts mention; and properties over texts that nobody wrote. */
#include "base/rng.h"
#include "base/stream.h"
#include "base/utf8.h"
#include "compare/mentions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct arena *arena;
static struct policy policy;
static struct mention_reader *reader;

static Str file_of(void *state, Str path)
{
    (void)state;
    struct err e = {0};
    struct buf b CLEANUP_BUF;
    const char *root = getenv("COLLIGATE_SOURCE_ROOT");
    buf_init(&b, (size_t)16 << 20);
    Str full = str_format(arena, "%s/%.*s", root ? root : ".", STR_ARG(path));
    if (file_read(str_cstr(arena, full), &b, &e) != OK) return STR_NONE;
    return str_copy(arena, buf_str(&b));
}

static int set_up(void **state)
{
    (void)state;
    struct err e = {0};
    arena = arena_new("mentions", (size_t)1 << 30);
    if (policy_load(arena, file_of, NULL, &policy, &e) != OK) {
        fprintf(stderr, "%s\n", e.text);
        return -1;
    }
    reader = mention_reader_new(arena, &policy, policy.substances, true);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static Str shown(Str text)
{
    struct buf b CLEANUP_BUF;
    struct mentions m = mentions_find(reader, text, arena);
    buf_init(&b, 1 << 20);
    for (size_t i = 0; i < m.count; i++) {
        const struct mention *one = &m.item[i];
        buf_addf(&b, "%s%.*s ", i > 0 ? " " : "", STR_ARG(one->code));
        if (one->edits > 0) buf_addf(&b, "~%u ", one->edits);
        if (one->negated) buf_add_cstr(&b, "! ");
        buf_addf(&b, "[%.*s]", STR_ARG(str_slice(text, one->start, one->start + one->length)));
    }
    return str_copy(arena, buf_str(&b));
}

static void the_cases_hold(void **state)
{
    (void)state;
    Str rest = file_of(NULL, S("test/compare/mentions.cases")), line;
    size_t cases = 0, failed = 0;
    while (str_next(&rest, '\n', &line)) {
        size_t at = str_find(line, S("=>"));
        if (at == STR_NPOS || str_starts(line, S("#"))) continue;
        Str text = str_trim(str_slice(line, 0, at)), expected = str_trim(str_slice(line, at + 2, line.len));
        Str got = shown(text);
        cases++;
        if (str_eq(got, expected)) continue;
        failed++;
        fprintf(stderr, "%.*s\n  expected %.*s\n  but got  %.*s\n", STR_ARG(text), STR_ARG(expected),
                STR_ARG(got));
    }
    assert_true(cases > 30);
    assert_int_equal(failed, 0);
}

/* Texts of known words, cues and rubbish: what comes out lies in the text, in order, and says what stands
 * there. */
static Str made_text(struct rng *r)
{
    static const char *const words[] = {"no",
                                        "fentanyl",
                                        "HEROIN",
                                        "and",
                                        ",",
                                        ";",
                                        "negative",
                                        "for",
                                        "cocaine",
                                        "é",
                                        "4-",
                                        "ANPP",
                                        ".",
                                        "not detected",
                                        "acetyl",
                                        "methadne",
                                        "\xF0\x9F\x98\x80",
                                        "(",
                                        "½",
                                        "overdose",
                                        "but"};
    struct buf b CLEANUP_BUF;
    buf_init(&b, 1 << 16);
    for (size_t n = rng_below(r, 40); n > 0; n--) {
        buf_add_cstr(&b, words[rng_below(r, COUNT_OF(words))]);
        if (rng_chance(r, 0.8)) buf_add_char(&b, ' ');
    }
    return str_copy(arena, buf_str(&b));
}

static void every_mention_lies_in_its_text(void **state)
{
    (void)state;
    struct rng r;
    rng_seed(&r, 11);
    size_t found = 0, denied = 0;
    for (int run = 0; run < 3000; run++) {
        Str text = made_text(&r);
        struct mentions m = mentions_find(reader, text, arena);
        size_t at = 0;
        for (size_t i = 0; i < m.count; i++) {
            const struct mention *one = &m.item[i];
            assert_true(one->start >= at && one->length > 0 && one->start + one->length <= text.len);
            assert_true(utf8_valid(str_slice(text, one->start, one->start + one->length), NULL));
            assert_true(vocabulary_has(policy.substances, one->code));
            assert_true(one->negated == (one->cue_length > 0));
            assert_true(one->cue_start + one->cue_length <= text.len);
            at = one->start + one->length;
            denied += one->negated;
        }
        found += m.count;
    }
    assert_true(found > 5000 && denied > 500 && denied < found);
}

/* Names of ten letters and more with one letter dropped, doubled or changed, or two swapped, not the first.
 */
static Str slip(struct rng *r, Str name)
{
    struct buf b CLEANUP_BUF;
    size_t at = 1 + rng_below(r, name.len - 2), kind = rng_below(r, 4);
    buf_init(&b, 256);
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (i == at && kind == 0) continue;
        if (i == at && kind == 1) buf_add_char(&b, c);
        if (i == at && kind == 2) c = (char)('a' + rng_below(r, 26));
        if (kind == 3 && (i == at || i == at + 1)) c = name.ptr[i == at ? at + 1 : at];
        buf_add_char(&b, c);
    }
    return str_copy(arena, buf_str(&b));
}

static void a_slip_in_a_long_name_is_seen_through(void **state)
{
    (void)state;
    struct rng r;
    rng_seed(&r, 12);
    size_t tried = 0, right = 0, wrong = 0;
    for (size_t i = 0; i < vocabulary_count(policy.substances); i++) {
        Str code = vocabulary_code(policy.substances, i);
        Str name = utf8_fold(arena, vocabulary_label(policy.substances, code));
        if (name.len < 10 || str_find_char(name, ' ') != STR_NPOS || name.ptr[0] < 'a') continue;
        for (int times = 0; times < 5; times++) {
            struct mentions m = mentions_find(reader, slip(&r, name), arena);
            tried++;
            right += m.count == 1 && str_eq(m.item[0].code, code);
            wrong += m.count == 1 && !str_eq(m.item[0].code, code);
        }
    }
    /* Some names are a letter apart (metonitazene, etonitazene): those are left alone. */
    assert_true(tried > 1000);
    assert_true(right * 100 > tried * 93);
    assert_true(wrong * 100 < tried * 2);
}

static void without_correction_only_what_is_listed_is_found(void **state)
{
    (void)state;
    const struct mention_reader *exact = mention_reader_new(arena, &policy, policy.substances, false);
    assert_int_equal(mentions_find(exact, S("fentanxl"), arena).count, 0);
    assert_int_equal(mentions_find(exact, S("fentanly"), arena).count, 1);
    assert_int_equal(mentions_find(reader, S(""), arena).count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cases_hold),
        cmocka_unit_test(every_mention_lies_in_its_text),
        cmocka_unit_test(a_slip_in_a_long_name_is_seen_through),
        cmocka_unit_test(without_correction_only_what_is_listed_is_found),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
