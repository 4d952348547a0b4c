/* The words: the phrase language, the narratives as sentences, London's clock, telephone numbers. */
#include "probe.h"

#include "base/caldate.h"
#include "synth/draw.h"
#include "synth/narrative.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void fill_name(struct buf *out, const void *facts, Str name, struct rng *r)
{
    (void)r;
    buf_addf(out, "<%.*s%s>", STR_ARG(name), (const char *)facts);
}

static void phrases_expand(void **state)
{
    static const struct {
        const char *phrase;
        const char *either[3]; /* every outcome is one of these, and each comes up */
    } rule[] = {
        {"", {""}},
        {"plain, with | a bar", {"plain, with | a bar"}},
        {"[a|b]", {"a", "b"}},
        {"x[|y]z", {"xz", "xyz"}},
        {"[a[b|c]|d]", {"ab", "ac", "d"}},
        {"[[a]]{it}", {"a<it!>"}},
        {"[{one}|{two}]", {"<one!>", "<two!>"}},
    };
    (void)state;
    struct rng r;
    rng_seed(&r, 3);
    for (size_t i = 0; i < COUNT_OF(rule); i++) {
        size_t times[3] = {0};
        for (int n = 0; n < 200; n++) {
            struct buf b CLEANUP_BUF;
            buf_init(&b, 1000);
            synth_phrase_expand(&b, str_of(rule[i].phrase), &r, fill_name, "!");
            size_t k = 0;
            while (k < 3 && rule[i].either[k] != NULL && !str_eq(buf_str(&b), str_of(rule[i].either[k])))
                k++;
            if (k == 3 || rule[i].either[k] == NULL)
                fail_msg("%s gave %.*s", rule[i].phrase, STR_ARG(buf_str(&b)));
            times[k]++;
        }
        for (size_t k = 0; k < 3 && rule[i].either[k] != NULL; k++)
            assert_true(times[k] > 20);
    }
}

static enum status check_narrative(void *state, Str line, struct err *e)
{
    static const char *const never[] = {"[",  "]",  "{",  "}",  "|",    "  ",   " .",
                                        " ,", "..", ",,", ",.", " a a", " a e", " a o"};
    size_t *texts = state;
    struct json_doc doc CLEANUP_JSON = {.root = NULL};
    TRY(json_parse(line, &doc, e));
    const Json *set = json_get(doc.root, "set");
    Str text = json_str(json_get(set, "narrative"));
    if (!str_present(text)) return OK;
    ++*texts;
    assert_true(text.len >= 8 && text.len < 2000);
    assert_int_equal(text.ptr[text.len - 1], '.');
    assert_true((text.ptr[0] >= 'A' && text.ptr[0] <= 'Z') || (text.ptr[0] >= '0' && text.ptr[0] <= '9'));
    for (size_t i = 0; i < COUNT_OF(never); i++)
        if (str_find(text, str_of(never[i])) != STR_NPOS) fail_msg("'%s' in: %.*s", never[i], STR_ARG(text));
    for (size_t i = 0; i + 2 < text.len; i++)
        if (text.ptr[i] == '.' && text.ptr[i + 1] == ' ' && text.ptr[i + 2] >= 'a' && text.ptr[i + 2] <= 'z')
            fail_msg("a sentence begins small: %.*s", STR_ARG(text));
    return OK;
}

static void narratives_are_sentences(void **state)
{
    (void)state;
    struct err e = {.status = OK};
    size_t texts = 0;
    struct synth_options o = probe_options("2014-01-01", "2015-01-01", 40, 21);
    if (synth_write(&o, check_narrative, &texts, NULL, NULL, &e) != OK) fail_msg("%s", e.text);
    assert_true(texts > 14000);
}

/* What is there is not missing, in the same line. */
static enum status check_scene(void *state, Str line, struct err *e)
{
    size_t *scenes = state;
    struct json_doc doc CLEANUP_JSON = {.root = NULL};
    TRY(json_parse(line, &doc, e));
    const Json *set = json_get(doc.root, "set");
    const Json *present = json_get(set, "present"), *absent = json_get(set, "absent");
    Str text = json_str(json_get(set, "narrative"));
    *scenes += present != NULL && absent != NULL;
    for (size_t i = 0; i < json_count(present); i++) {
        Str thing = json_str(json_at(present, i));
        if (str_eq(thing, S("phone")) && str_find(text, S("No phone")) != STR_NPOS)
            fail_msg("a phone is there: %.*s", STR_ARG(text));
        if (str_eq(thing, S("medication"))) continue; /* some of it there, some not */
        for (size_t k = 0; k < json_count(absent); k++)
            assert_false(str_eq(thing, json_str(json_at(absent, k))));
    }
    return OK;
}

static void scenes_agree_with_themselves(void **state)
{
    (void)state;
    struct err e = {.status = OK};
    size_t scenes = 0;
    struct synth_options o = probe_options("2014-01-01", "2014-07-01", 40, 22);
    if (synth_write(&o, check_scene, &scenes, NULL, NULL, &e) != OK) fail_msg("%s", e.text);
    assert_true(scenes > 50);
}

static void london_keeps_summer_time(void **state)
{
    static const struct {
        const char *utc;
        int hour;
    } at[] = {
        {"2014-01-15T12:00:00Z", 12}, {"2014-03-30T00:59:00Z", 0}, {"2014-03-30T01:00:00Z", 2},
        {"2014-06-30T23:30:00Z", 0},  {"2014-10-26T00:59:00Z", 1}, {"2014-10-26T01:00:00Z", 1},
        {"2013-03-31T00:59:00Z", 0},  {"2013-03-31T01:00:00Z", 2}, {"2015-10-25T00:30:00Z", 1},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(at); i++) {
        int64_t ms;
        bool day_only;
        assert_int_equal(caldate_parse(str_of(at[i].utc), &ms, &day_only, NULL), OK);
        assert_int_equal(synth_london_hour(ms), at[i].hour);
    }
}

static void a_number_rewritten_is_the_same_number(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("phones", 1 << 20);
    struct rng r;
    rng_seed(&r, 4);
    size_t forms = 0;
    for (int i = 0; i < 300; i++) {
        Str one = synth_phone(a, &r), two = synth_phone_rewrite(a, &r, one);
        Str plain[2] = {one, two};
        char digit[2][10] = {{0}};
        for (int k = 0; k < 2; k++) {
            size_t n = 0;
            for (size_t c = str_starts(plain[k], S("+44")) ? 3 : 1; c < plain[k].len; c++)
                if (plain[k].ptr[c] != ' ') digit[k][n++] = plain[k].ptr[c];
            assert_int_equal(n, 10);
        }
        assert_memory_equal(digit[0], digit[1], 10);
        forms += !str_eq(one, two);
    }
    assert_true(forms > 100);
}

static void skewed_draws_favour_the_first(void **state)
{
    (void)state;
    struct rng r;
    rng_seed(&r, 5);
    size_t count[10] = {0};
    for (int i = 0; i < 20000; i++)
        count[synth_pick_skewed(&r, 10, 0.5)]++;
    for (int i = 0; i + 1 < 10; i++)
        assert_true(count[i] > count[i + 1]);
    for (int i = 0; i < 100; i++)
        assert_int_equal(synth_pick_skewed(&r, 1, 3), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phrases_expand),
        cmocka_unit_test(narratives_are_sentences),
        cmocka_unit_test(scenes_agree_with_themselves),
        cmocka_unit_test(london_keeps_summer_time),
        cmocka_unit_test(a_number_rewritten_is_the_same_number),
        cmocka_unit_test(skewed_draws_favour_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
