/* The record of a calibration as a file: what is written can be read, what is wrong is told. */
#include "learn/calibration_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define WHOLE                                                                                                \
    "# a record\nmodel\tdeaths 1\nmade_by\tA. Nalyst\nmade_on\t2026-11-22\npopulation\tmade "                \
    "deaths\nway\tprior\n"                                                                                   \
    "prevalence\t0.25\npairs\t400\nlinked\t100\nown_decisions\t199\nerror\t0.02\nbrier\t0.1\n"
#define BIN "bin\t0.1\t0.3\t0.2\t0.25\t400\t100\n"

static struct calibration_file read_good(struct arena *a, Str text)
{
    struct calibration_file f;
    struct err e = {0};
    if (calibration_file_read(a, text, &f, &e) != OK) fail_msg("%s", e.text);
    return f;
}

static void what_is_written_can_be_read(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("test", 1 << 20);
    struct calibration_file f = read_good(a, S(WHOLE BIN)), again;
    struct buf text CLEANUP_BUF;
    assert_true(str_eq(f.model, S("deaths 1")) && str_eq(f.made_by, S("A. Nalyst")));
    assert_true(str_eq(f.made_on, S("2026-11-22")) && str_eq(f.record.population, S("made deaths")));
    assert_true(f.record.prevalence == 0.25 && f.record.error == 0.02 && f.record.brier == 0.1);
    assert_int_equal(f.record.way, CALIBRATION_PRIOR);
    assert_int_equal(f.record.bins, 1);
    buf_init(&text, 1 << 16);
    calibration_file_write(&text, &f);
    again = read_good(a, buf_str(&text));
    assert_true(str_eq(again.model, f.model) && again.record.pairs == 400 && again.record.linked == 100);
    assert_true(again.record.bin[0].probability == 0.2 && again.record.bin[0].linked_share == 0.25);
    assert_int_equal(again.record.own_decisions, 199);
}

static void two_hundred_own_decisions_allow_words(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("test", 1 << 20);
    struct calibration_file f = read_good(a, S(WHOLE BIN));
    assert_false(calibration_allows_words(&f.record));
    f.record.own_decisions = OWN_DECISIONS_LEAST;
    assert_true(calibration_allows_words(&f.record));
    assert_false(calibration_allows_words(NULL));
}

static void faults_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *text, *told;
    } rule[] = {
        {"", "lacks model"},
        {WHOLE, "lacks bin"},
        {"model\t\n", "line 1: model has no value"},
        {"modell\tx\n", "line 1: there is no key \"modell\""},
        {WHOLE "model\tx\n", "line 13: model stands twice"},
        {"made_on\tyesterday\n", "line 1: made_on is a day"},
        {"way\tguess\n", "line 1: way is platt, isotonic or prior"},
        {"pairs\t-1\n", "line 1: pairs is a whole number from 0"},
        {"error\t1.5\n", "line 1: error is a number from 0 to 1"},
        {"bin\t0\t1\n", "line 1: a bin has low, high"},
        {"bin\t0\t1\t0.5\t0.5\t4\t5\n", "cannot hold more linked ones"},
        {BIN BIN BIN BIN BIN BIN BIN BIN BIN BIN BIN, "line 11: there are more than 10 bins"},
        {"pairs\t1\nlinked\t2\nmodel\tm\nmade_by\tb\nmade_on\t2026-11-"
         "22\npopulation\tp\nway\tplatt\nprevalence\t0\n"
         "own_decisions\t0\nerror\t0\nbrier\t0\n" BIN,
         "more linked pairs"},
    };
    for (size_t i = 0; i < COUNT_OF(rule); i++) {
        struct arena *a CLEANUP_ARENA = arena_new("test", 1 << 20);
        struct calibration_file f;
        struct err e = {0};
        assert_int_equal(calibration_file_read(a, str_of(rule[i].text), &f, &e), E_INVALID);
        if (strstr(e.text, rule[i].told) == NULL) fail_msg("\"%s\" was told as: %s", rule[i].told, e.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_can_be_read),
        cmocka_unit_test(two_hundred_own_decisions_allow_words),
        cmocka_unit_test(faults_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
