/* Measures against values worked by hand, and against counting every pair. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "learn/measure.h"

#include <math.h>

#define ROUGHLY(a, b) assert_true(fabs((a) - (b)) < 1e-12)

static struct arena *memory(void)
{
    return arena_new("measure test", 1 << 22);
}

/* 0.9 y, 0.8 n, 0.7 y, 0.7 n, 0.4 y, 0.1 n */
static const struct scored SIX[] = {{0.4, true},  {0.7, false}, {0.9, true},
                                    {0.8, false}, {0.1, false}, {0.7, true}};

static void six_by_hand(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    struct ranking r = ranking_of(SIX, 6, a);
    assert_int_equal(r.levels, 5);
    assert_int_equal(r.items, 6);
    assert_int_equal(r.linked, 3);
    /* 0.9 beats 3, 0.7 beats 1 and draws with 1, 0.4 beats 1: 5.5 of 9 */
    ROUGHLY(ranking_auc(&r), 5.5 / 9);
    /* (1/1 + 2/4 + 3/5) / 3 */
    ROUGHLY(ranking_average_precision(&r), (1 + 0.5 + 0.6) / 3);
    ROUGHLY(ranking_linked_among(&r, 0), 0);
    ROUGHLY(ranking_linked_among(&r, 1), 1);
    ROUGHLY(ranking_linked_among(&r, 3), 1.5); /* one of the two at 0.7 */
    ROUGHLY(ranking_linked_among(&r, 99), 3);
    ROUGHLY(ranking_precision_at(&r, 4), 0.5);
    assert_true(isnan(ranking_precision_at(&r, 0)));
    /* the curve goes (0,1/3), (1/3,1/3), (2/3,2/3), (2/3,1), (1,1) */
    ROUGHLY(ranking_found_at_false(&r, 0), 1.0 / 3);
    ROUGHLY(ranking_found_at_false(&r, 0.5), 0.5);
    ROUGHLY(ranking_found_at_false(&r, 0.9), 1);
}

static void nothing_to_tell_apart(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    struct scored two[] = {{1, true}, {2, true}};
    struct ranking none = ranking_of(NULL, 0, a), linked = ranking_of(two, 2, a);
    assert_true(isnan(ranking_auc(&none)) && isnan(ranking_auc(&linked)));
    assert_true(isnan(ranking_average_precision(&none)));
    assert_true(isnan(ranking_found_at_false(&linked, 0.05)));
    ROUGHLY(ranking_linked_among(&none, 5), 0);
    assert_true(isnan(brier_score(NULL, 0)));
    assert_true(isnan(calibration_error(NULL, 0)));
}

static void auc_counts_every_pair(void **state)
{
    (void)state;
    struct rng chance;
    rng_seed(&chance, 7);
    for (int round = 0; round < 50; round++) {
        struct arena *a CLEANUP_ARENA = memory();
        struct scored item[60];
        size_t count = (size_t)rng_between(&chance, 2, 60);
        for (size_t i = 0; i < count; i++)
            item[i] =
                (struct scored){(double)rng_below(&chance, 12), i < 1 || (i > 1 && rng_chance(&chance, 0.3))};
        double won = 0, pairs = 0;
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < count; j++) {
                if (!item[i].linked || item[j].linked) continue;
                pairs++;
                won += item[i].score > item[j].score ? 1 : item[i].score < item[j].score ? 0 : 0.5;
            }
        struct ranking r = ranking_of(item, count, a);
        ROUGHLY(ranking_auc(&r), won / pairs);
    }
}

static void reliability_by_hand(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    const struct scored item[] = {{0.1, false}, {0.2, false}, {0.2, true},
                                  {0.6, true},  {0.8, true},  {1.0, false}};
    struct reliability_bin bin[3];
    /* bins of two: the second 0.2 stays with the first, and fills the first bin with three */
    assert_int_equal(reliability_curve(item, 6, 3, bin, a), 3);
    assert_int_equal(bin[0].items, 3);
    assert_int_equal(bin[1].items, 1);
    assert_int_equal(bin[2].items, 2);
    ROUGHLY(bin[0].probability, 0.5 / 3);
    ROUGHLY(bin[0].linked_share, 1.0 / 3);
    ROUGHLY(bin[2].low, 0.8);
    ROUGHLY(bin[2].high, 1.0);
    ROUGHLY(calibration_error(bin, 3), (0.5 + 0.4 + 0.8) / 6);
    ROUGHLY(brier_score(item, 6), (0.01 + 0.04 + 0.64 + 0.16 + 0.04 + 1) / 6);
}

static void equal_probabilities_are_one_bin(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    struct scored item[10];
    struct reliability_bin bin[4];
    for (size_t i = 0; i < 10; i++)
        item[i] = (struct scored){0.3, i < 3};
    assert_int_equal(reliability_curve(item, 10, 4, bin, a), 1);
    assert_int_equal(bin[0].items, 10);
    ROUGHLY(calibration_error(bin, 1), 0);
}

static void folds_are_even(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    bool linked[103];
    uint8_t fold[103], again[103];
    size_t of_linked[5] = {0}, of_others[5] = {0};
    for (size_t i = 0; i < 103; i++)
        linked[i] = i % 7 == 0; /* 15 */
    folds_stratified(3, 5, linked, 103, fold, a);
    folds_stratified(3, 5, linked, 103, again, a);
    assert_memory_equal(fold, again, sizeof fold);
    for (size_t i = 0; i < 103; i++)
        (linked[i] ? of_linked : of_others)[fold[i]]++;
    for (size_t f = 0; f < 5; f++) {
        assert_int_equal(of_linked[f], 3);
        assert_in_range(of_others[f], 17, 18);
    }
    folds_stratified(4, 5, linked, 103, again, a);
    assert_memory_not_equal(fold, again, sizeof fold);
}

static void groups_stay_whole(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    uint32_t group[90];
    uint8_t fold[90];
    size_t size[3] = {0};
    for (uint32_t i = 0; i < 90; i++)
        group[i] = i % 30;
    folds_by_group(11, 3, group, 30, 90, fold, a);
    for (size_t i = 0; i < 90; i++) {
        assert_int_equal(fold[i], fold[i % 30]);
        size[fold[i]]++;
    }
    for (size_t f = 0; f < 3; f++)
        assert_int_equal(size[f], 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(six_by_hand),
        cmocka_unit_test(nothing_to_tell_apart),
        cmocka_unit_test(auc_counts_every_pair),
        cmocka_unit_test(reliability_by_hand),
        cmocka_unit_test(equal_probabilities_are_one_bin),
        cmocka_unit_test(folds_are_even),
        cmocka_unit_test(groups_stay_whole),
    };
    return cmocka_run_group_tests_name("measure", tests, NULL, NULL);
}
