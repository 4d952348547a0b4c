/* Calibration: probabilities that hold, by hand and on drawn scores; and when words may be used. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "learn/calibrate.h"

#include <math.h>

#define NEAR(a, b, by) assert_true(fabs((a) - (b)) < (by))
#define ITEMS          20000

static struct arena *memory(void)
{
    return arena_new("calibrate test", (size_t)64 << 20);
}

/* Scores whose true log odds are 3 * score - 4: far too sure of themselves when taken as tenfold steps. */
static struct scored *drawn(uint64_t seed, struct arena *a)
{
    struct rng chance;
    struct scored *item = NEW_ARRAY(a, struct scored, ITEMS);
    rng_seed(&chance, seed);
    for (size_t i = 0; i < ITEMS; i++) {
        double score = rng_normal(&chance, 0, 1);
        item[i] = (struct scored){score, rng_chance(&chance, 1 / (1 + exp(4 - 3 * score)))};
    }
    return item;
}

static void lines_find_the_truth(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    struct calibration c;
    struct err e = {0};
    assert_int_equal(calibrate(drawn(1, a), ITEMS, CALIBRATION_PLATT, a, &c, &e), OK);
    for (double score = -1; score < 2.6; score += 0.5)
        NEAR(calibration_probability(&c, score, c.prevalence), 1 / (1 + exp(4 - 3 * score)), 0.02);
}

static void curves_rise(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    struct calibration c;
    struct err e = {0};
    assert_int_equal(calibrate(drawn(2, a), ITEMS, CALIBRATION_ISOTONIC, a, &c, &e), OK);
    double before = 0;
    for (double score = -5; score < 5; score += 0.01) {
        double p = calibration_probability(&c, score, c.prevalence);
        assert_true(p >= before && p > 0 && p < 1);
        before = p;
    }
    for (double score = 0; score < 2.1; score += 0.5)
        NEAR(calibration_probability(&c, score, c.prevalence), 1 / (1 + exp(4 - 3 * score)), 0.06);
}

/* 1 n, 2 y, 3 n, 4 y, 5 y: 2 and 3 pool to a half; with half a pair of each kind: 0.5/2, 1.5/3, 2.5/3 */
static void isotonic_by_hand(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    const struct scored item[] = {{1, false}, {2, true}, {3, false}, {4, true}, {5, true}};
    struct calibration c;
    struct err e = {0};
    assert_int_equal(calibrate(item, 5, CALIBRATION_ISOTONIC, a, &c, &e), OK);
    assert_int_equal(c.odds.points, 3);
    NEAR(c.prevalence, 0.6, 1e-12);
    NEAR(calibration_probability(&c, 1, 0.6), 0.25, 1e-12);
    NEAR(calibration_probability(&c, 2.5, 0.6), 0.5, 1e-12);
    NEAR(calibration_probability(&c, 9, 0.6), 2.5 / 3, 1e-12);
    /* odds of 1 at a prevalence of 0.6 are odds of (1/99) / (6/4) at 0.01 */
    double odds = 1.0 / 99 / 1.5;
    NEAR(calibration_probability(&c, 2.5, 0.01), odds / (1 + odds), 1e-12);
}

static void what_says_nothing_is_level(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    const struct scored item[] = {{1, true}, {2, false}, {3, false}};
    struct calibration c;
    struct err e = {0};
    for (int way = 0; way < CALIBRATION_PRIOR; way++) {
        assert_int_equal(calibrate(item, 3, (enum calibration_way)way, a, &c, &e), OK);
        NEAR(calibration_probability(&c, 1, c.prevalence), calibration_probability(&c, 3, c.prevalence),
             1e-9);
        assert_int_equal(calibrate(item, 1, (enum calibration_way)way, a, &c, &e), E_INVALID);
        err_clear(&e);
    }
}

static void the_record_is_of_held_out_pairs(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    struct scored *item = drawn(3, a);
    for (int way = 0; way < CALIBRATION_PRIOR; way++) {
        struct calibration_record r = {.population = S("drawn"), .own_decisions = 7};
        struct err e = {0};
        assert_int_equal(calibration_judge(item, ITEMS, (enum calibration_way)way, 5, 1, &r, &e), OK);
        assert_int_equal(r.pairs, ITEMS);
        assert_int_equal(r.own_decisions, 7);
        assert_int_equal(r.bins, RECORD_BINS);
        assert_true(r.error < 0.01);
        assert_true(r.brier < r.prevalence * (1 - r.prevalence));
        NEAR(r.bin[9].probability, r.bin[9].linked_share, 0.03);
    }
}

static void words_need_own_decisions(void **state)
{
    (void)state;
    struct calibration_record r = {.own_decisions = OWN_DECISIONS_LEAST - 1, .pairs = 1000000};
    assert_false(calibration_allows_words(NULL));
    assert_false(calibration_allows_words(&r));
    r.own_decisions = OWN_DECISIONS_LEAST;
    assert_true(calibration_allows_words(&r));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_find_the_truth),
        cmocka_unit_test(curves_rise),
        cmocka_unit_test(isotonic_by_hand),
        cmocka_unit_test(what_says_nothing_is_level),
        cmocka_unit_test(the_record_is_of_held_out_pairs),
        cmocka_unit_test(words_need_own_decisions),
    };
    return cmocka_run_group_tests_name("calibrate", tests, NULL, NULL);
}
