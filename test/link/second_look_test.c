/* The second look: the same from both ends, monotone where it says so, read as written, refused where bad. */
#include "worldkit.h"

#include "link/second_look.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct worldkit kit;

static void both_ends_say_the_same(void **state)
{
    (void)state;
    size_t count, looked = 0;
    struct world *w CLEANUP_WORLD = world_new(&kit.model, &kit.policy, (size_t)2 << 30);
    struct change *line = worldkit_background(&kit, "2014-02-01", "2014-03-10", 10, 5, &count);
    worldkit_apply(w, line, count);
    for (uint32_t x = 0; x < world_event_count(w); x += 7)
        for (uint32_t y = x + 1; y < world_event_count(w); y += 11, looked++) {
            double a[LOOK_MEASURES], b[LOOK_MEASURES];
            struct pair_features f;
            struct pair_families g;
            look_measure(w, x, y, a);
            look_measure(w, y, x, b);
            for (int m = 0; m < LOOK_MEASURES; m++)
                assert_true(a[m] == b[m] || (isnan(a[m]) && isnan(b[m])));
            assert_int_equal(look_weigh(&kit.look, w, x, y), look_weigh(&kit.look, w, y, x));
            world_pair_features(w, x, y, &f);
            world_pair_families(w, x, y, &g);
            assert_int_equal(f.sum_db, world_pair_score(w, x, y));
            int sum = 0;
            for (int m = 0; m < FEATURE_COUNT; m++) {
                bool recorded = (f.recorded & UINT64_C(1) << m) != 0;
                sum += f.weight_db[m];
                assert_true(recorded || f.weight_db[m] == 0);
                assert_true((f.agreed & ~f.recorded) == 0);
            }
            assert_int_equal(sum, f.sum_db);
            assert_int_equal(g.sum_db, f.sum_db);
        }
    assert_true(looked > 500);
}

/* A rarer agreement never counts less, a greater distance never more. */
static void the_shipped_curves_never_turn_back(void **state)
{
    (void)state;
    size_t curves = 0;
    for (int m = 0; m < LOOK_MEASURES; m++) {
        const struct curve *c = &kit.look.curves.curve[m];
        enum direction d = look_measure_direction((enum look_measure)m);
        curves += c->points > 0;
        for (size_t k = 1; k < c->points && d != DIRECTION_FREE; k++) {
            double step = c->weight[k] - c->weight[k - 1];
            assert_true(d == DIRECTION_RISES ? step >= 0 : step <= 0);
        }
    }
    assert_true(curves > 20);
    assert_true(kit.look.start_threshold_db > 0);
}

static void what_is_written_is_read_and_what_is_bad_is_refused(void **state)
{
    (void)state;
    struct buf text CLEANUP_BUF, again CLEANUP_BUF;
    Str note = S("population\tmade");
    struct str_list notes = {.item = &note, .count = 1};
    struct second_look look;
    struct err e = {0};
    buf_init(&text, 1 << 20);
    buf_init(&again, 1 << 20);
    second_look_write(&kit.look, &notes, &text);
    assert_int_equal(second_look_load(kit.arena, buf_str(&text), &look, &e), OK);
    second_look_write(&look, &notes, &again);
    assert_true(str_eq(buf_str(&text), buf_str(&again)));
    static const struct {
        const char *text, *part;
    } bad[] = {
        {"colour\tred\n", "line 1, colour: this key is not known"},
        {"measure\tweight(sex)\n", "give measure, name and what a missing one weighs"},
        {"measure\tweight(moon)\t0\n", "there is no such measure"},
        {"measure\tdays\t0\nmeasure\tdays\t0\n", "line 2, days: this measure stands twice"},
        {"point\t1\t2\n", "needs a measure before it"},
        {"measure\tdays\t0\npoint\t1\t2\n", "a curve needs two points"},
        {"measure\tdays\t0\npoint\t1\t2\npoint\t1\t3\n", "line 3, 1: points must rise"},
        {"measure\tdays\tmany\n", "a number is expected here"},
        {"base\tnan\n", "a number is expected here"},
        {"start_threshold_db\t1e99\n", "a number is expected here"},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        e = (struct err){0};
        assert_int_equal(second_look_load(kit.arena, str_of(bad[i].text), &look, &e), E_INVALID);
        assert_non_null(strstr(e.text, bad[i].part));
    }
}

int main(void)
{
    worldkit_open(&kit);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ends_say_the_same),
        cmocka_unit_test(the_shipped_curves_never_turn_back),
        cmocka_unit_test(what_is_written_is_read_and_what_is_bad_is_refused),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    worldkit_close(&kit);
    return failed;
}
