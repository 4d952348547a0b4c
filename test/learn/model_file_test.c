/* Learned models as files: what is written is read, to the byte; what is wrong is said with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "learn/model_file.h"

#include <math.h>

#define HEAD                                                                                                 \
    "format\tlearned 1\nname\ttrial\nversion\t2\nmethod\tadditive\ntraining\tfile\tx.csv\n"                  \
    "measured\tauc\t0.9\nbase\t-2\n"
#define NEAR    "measure\tdistance(where)\tlines\tfalls\t0\npoint\t0\t1\npoint\t2\t-1\n"
#define WAY     "measure\tsame(how)\tsteps\trises\t0.25\npoint\t-1\t-0.5\npoint\t0\t0.75\npoint\t1\t0.75\n"
#define CALIBRE "calibration\tplatt\t0.01\ncalibrated\t-4\t-3\ncalibrated\t2\t1\n"
#define RECORD                                                                                               \
    "record\tpopulation\tx.csv\nrecord\town_decisions\t250\nrecord\tpairs\t1000\nrecord\tlinked\t10\n"       \
    "record\terror\t0.001\nrecord\tbrier\t0.002\nbin\t0\t0.5\t0.1\t0.2\t500\t3\n"
#define WHOLE HEAD NEAR WAY CALIBRE RECORD

static struct arena *memory(void)
{
    return arena_new("model test", (size_t)16 << 20);
}

static Str written(const struct learned_model *m, struct arena *a)
{
    struct buf out CLEANUP_BUF;
    buf_init(&out, 1 << 20);
    model_write(m, &out);
    return str_copy(a, buf_str(&out));
}

static void what_is_read_is_written(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    struct learned_model m, again;
    struct err e = {0};
    assert_int_equal(model_read(S(WHOLE), a, &m, &e), OK);
    Str text = written(&m, a);
    assert_true(str_ends(text, S(WHOLE)));
    assert_true(model_is_learned(text));
    assert_false(model_is_learned(S("# x\nname\tdeaths\n")));
    assert_int_equal(model_read(text, a, &again, &e), OK);
    assert_true(str_eq(written(&again, a), text));
    assert_int_equal(m.curves.count, 2);
    assert_true(curve_weight(&m.curves.curve[0], 0.5) == 0.5);
    assert_true(curve_weight(&m.curves.curve[0], 9) == -1);
    assert_true(curve_weight(&m.curves.curve[1], 0) == -0.5);
    assert_true(curve_weight(&m.curves.curve[1], 1) == 0.75);
    assert_true(curve_weight(&m.curves.curve[1], (double)NAN) == 0.25);
    assert_true(calibration_allows_words(&m.record));
    /* score 1 and base -2: log10 odds half way between -3 and 1 at a prevalence of one in a hundred */
    assert_true(fabs(model_probability(&m, 1, 0.01) - 0.1 / 1.1) < 1e-12);
}

static void what_is_wrong_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *text, *word;
    } BAD[] = {
        {"", "format"},
        {HEAD, "measure"},
        {"format\tlearned 9\n", "line 1"},
        {HEAD "point\t1\t1\n", "needs a measure"},
        {HEAD NEAR NEAR, "twice"},
        {HEAD "measure\tlength(x)\tlines\tfalls\t0\n", "kind(column)"},
        {HEAD "measure\tsame(how)\tround\tfalls\t0\n", "steps or lines"},
        {HEAD "measure\tsame(how)\tsteps\tup\t0\n", "direction"},
        {HEAD "measure\tsame(how)\tsteps\trises\tnan\n", "number"},
        {HEAD "measure\tsame(how)\tsteps\trises\t0\npoint\t1\t1\npoint\t1\t2\n", "rise"},
        {HEAD "measure\tsame(how)\tsteps\trises\t0\npoint\t1\t1\n" NEAR, "one point"},
        {HEAD "measure\tsame(how)\tsteps\trises\t0\npoint\t1\t1e9\n", "range"},
        {HEAD NEAR "zeppelin\t1\n", "not known"},
        {HEAD NEAR "base\n", "values"},
        {HEAD NEAR CALIBRE, "record"},
        {HEAD NEAR "calibration\tplatt\t0.01\n" RECORD, "calibrated"},
        {HEAD NEAR CALIBRE CALIBRE, "already"},
        {HEAD NEAR CALIBRE RECORD "bin\t0\t1\t0.5\t0.5\t1\t2\n", "more links"},
        {"format\tlearned 1\nname\tx\nversion\t0\n", "counts from 1"},
    };
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        struct arena *a CLEANUP_ARENA = memory();
        struct learned_model m;
        struct err e = {0};
        assert_int_equal(model_read(str_of(BAD[i].text), a, &m, &e), E_INVALID);
        if (strstr(e.text, BAD[i].word) == NULL) fail_msg("%s: %s", BAD[i].word, e.text);
    }
}

/* Any damage is refused or read; neither ends the program. */
static void damage_is_survived(void **state)
{
    (void)state;
    struct rng chance;
    rng_seed(&chance, 8);
    for (int round = 0; round < 400; round++) {
        struct arena *a CLEANUP_ARENA = memory();
        char *text = str_cstr(a, S(WHOLE));
        struct learned_model m;
        struct err e = {0};
        for (int i = 0; i < 3; i++)
            text[rng_below(&chance, sizeof(WHOLE) - 1)] = "\t\n0-9.xe"[rng_below(&chance, 8)];
        if (model_read((Str){text, sizeof(WHOLE) - 1}, a, &m, &e) == OK)
            assert_true(written(&m, a).len > 0);
        else
            assert_int_not_equal(e.text[0], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_written),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(damage_is_survived),
    };
    return cmocka_run_group_tests_name("model file", tests, NULL, NULL);
}
