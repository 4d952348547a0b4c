/* What is learned from pairs: against values worked by hand, and what must hold of any model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "learn/boost.h"
#include "learn/measure.h"
#include "learn/validate.h"

#include <math.h>

#define NEAR(a, b, by) assert_true(fabs((a) - (b)) < (by))
#define PAIRS          3000

static struct arena *memory(void)
{
    return arena_new("learners test", (size_t)256 << 20);
}

/* near: falls with distance; noise: says nothing; rare: known for half, rises. */
static struct pair_table drawn(uint64_t seed, struct arena *a)
{
    struct rng chance;
    rng_seed(&chance, seed);
    struct pair_table t = {.pairs = PAIRS, .features = 3, .feature = NEW_ARRAY(a, struct pair_feature, 3)};
    double *near = NEW_ARRAY(a, double, PAIRS), *noise = NEW_ARRAY(a, double, PAIRS),
           *rare = NEW_ARRAY(a, double, PAIRS);
    bool *linked = NEW_ARRAY(a, bool, PAIRS);
    for (size_t i = 0; i < PAIRS; i++) {
        linked[i] = rng_chance(&chance, 0.1);
        near[i] = rng_exponential(&chance, linked[i] ? 1 : 10);
        noise[i] = rng_unit(&chance);
        rare[i] = rng_chance(&chance, 0.5) ? (double)NAN : rng_normal(&chance, linked[i] ? 1 : 0, 1);
    }
    t.feature[0] = (struct pair_feature){S("near"), DIRECTION_FALLS, near};
    t.feature[1] = (struct pair_feature){S("noise"), DIRECTION_LEARNED, noise};
    t.feature[2] = (struct pair_feature){S("rare"), DIRECTION_LEARNED, rare};
    t.linked = linked;
    return t;
}

/* One measure of two values and four of a kind each: the shares stand as they are, there being fewer bins
 * than degrees of freedom. */
static void bayes_by_hand(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    double value[] = {1, 1, 1, 0, 1, 0, 0, 0, (double)NAN};
    bool linked[] = {true, true, true, true, false, false, false, false, true};
    struct pair_feature f = {S("same"), DIRECTION_LEARNED, value};
    struct pair_table t = {.pairs = 9, .features = 1, .feature = &f, .linked = linked};
    struct curves m;
    struct err e = {0};
    assert_int_equal(bayes_train(&t, &BAYES_OPTIONS_DEFAULT, a, &m, &e), OK);
    NEAR(curve_weight(&m.curve[0], 1), log10(3), 1e-12);
    NEAR(curve_weight(&m.curve[0], 0), -log10(3), 1e-12);
    NEAR(curve_weight(&m.curve[0], (double)NAN), 0, 1e-12);
    NEAR(m.base, log10(5.0 / 4), 1e-12);
}

/* Four bins of three pairs and two degrees of freedom: 6 (4 - 2) / (4 (2 - 1)) = 3 pseudo-pairs a bin. */
static void bayes_smooths_by_freedom(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    double value[12];
    bool linked[12];
    for (size_t i = 0; i < 12; i++) {
        value[i] = (double)i;
        linked[i] = i < 5 || i == 11;
    }
    struct pair_feature f = {S("near"), DIRECTION_LEARNED, value};
    struct pair_table t = {.pairs = 12, .features = 1, .feature = &f, .linked = linked};
    struct bayes_options o = {.bins = 4, .freedom = 2};
    struct curves m;
    struct err e = {0};
    assert_int_equal(bayes_train(&t, &o, a, &m, &e), OK);
    /* 0 1 2 | 3 4 5 | 6 7 8 | 9 10 11: linked 3 2 0 1, others 0 1 3 2, each side 6 + 12 */
    NEAR(curve_weight(&m.curve[0], 1), log10(6.0 / 3), 1e-12);
    NEAR(curve_weight(&m.curve[0], 4), log10(5.0 / 4), 1e-12);
    NEAR(curve_weight(&m.curve[0], 7), log10(3.0 / 6), 1e-12);
    NEAR(curve_weight(&m.curve[0], 99), log10(4.0 / 5), 1e-12);
}

static void nothing_to_learn_is_said(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    double value[] = {1, 2};
    bool linked[] = {true, true};
    struct pair_feature f = {S("x"), DIRECTION_LEARNED, value};
    struct pair_table t = {.pairs = 2, .features = 1, .feature = &f, .linked = linked};
    struct curves m;
    for (int method = 0; method < METHOD_COUNT; method++) {
        struct err e = {0};
        struct train_options o = {.method = (enum method)method, .seed = 1};
        assert_int_equal(train_pairs(&t, &o, a, &m, &e), E_INVALID);
        assert_non_null(strstr(e.text, "linked"));
    }
}

/* Two values: the line of a logistic regression goes through the log odds of both. */
static void logistic_by_hand(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    double value[100];
    bool linked[100];
    for (size_t i = 0; i < 100; i++) {
        value[i] = i < 40; /* 40 of value 1, of them 30 linked; 60 of value 0, of them 20 linked */
        linked[i] = i < 30 || i >= 80;
    }
    struct pair_feature f = {S("x"), DIRECTION_LEARNED, value};
    struct pair_table t = {.pairs = 100, .features = 1, .feature = &f, .linked = linked};
    struct train_options o = {.method = METHOD_LOGISTIC, .seed = 1};
    struct curves m;
    struct err e = {0};
    double one = 1, zero = 0;
    assert_int_equal(train_pairs(&t, &o, a, &m, &e), OK);
    NEAR(curves_score(&m, &one) + m.base, log10(3), 1e-5);
    NEAR(curves_score(&m, &zero) + m.base, log10(0.5), 1e-5);
}

static void curves_never_turn_back(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct arena *a CLEANUP_ARENA = memory();
        struct pair_table t = drawn(seed, a);
        struct train_options o = {.method = METHOD_ADDITIVE, .seed = seed};
        struct curves m;
        struct err e = {0};
        assert_int_equal(train_pairs(&t, &o, a, &m, &e), OK);
        for (size_t f = 0; f < m.count; f++) {
            const struct curve *c = &m.curve[f];
            double way = c->direction == DIRECTION_FALLS ? -1 : 1;
            for (size_t k = 1; k < c->points; k++) {
                assert_true(c->at[k] > c->at[k - 1]);
                assert_true(way * (c->weight[k] - c->weight[k - 1]) >= 0);
            }
        }
        assert_int_equal(m.curve[0].direction, DIRECTION_FALLS);
        assert_int_equal(m.curve[2].direction, DIRECTION_RISES);
        assert_true(curve_weight(&m.curve[0], 0.1) > 0.5 && curve_weight(&m.curve[0], 30) < -0.5);
        assert_true(fabs(curve_weight(&m.curve[1], 0) - curve_weight(&m.curve[1], 1)) < 0.4);
        /* missing here has nothing to do with being linked */
        NEAR(curve_weight(&m.curve[2], (double)NAN), 0, 0.2);
        NEAR(curve_weight(&m.curve[0], (double)NAN), 0, 1e-12);
    }
}

/* Evidence is a likelihood ratio: its mean over what is not linked is 1. */
static void curves_are_neutral(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    struct pair_table t = drawn(5, a);
    struct train_options o = {.method = METHOD_ADDITIVE, .seed = 1};
    struct curves m;
    struct err e = {0};
    assert_int_equal(train_pairs(&t, &o, a, &m, &e), OK);
    for (size_t f = 0; f < 3; f++) {
        double sum = 0, all = 0;
        for (size_t i = 0; i < t.pairs; i++) {
            if (t.linked[i] || isnan(t.feature[f].value[i])) continue;
            sum += pow(10, curve_weight(&m.curve[f], t.feature[f].value[i]));
            all++;
        }
        NEAR(sum / all, 1, 1e-6);
    }
}

static double auc_of(const struct pair_table *t, const double *score, struct arena *a)
{
    struct scored *item = NEW_ARRAY(a, struct scored, t->pairs);
    for (size_t i = 0; i < t->pairs; i++)
        item[i] = (struct scored){score[i], t->linked[i]};
    struct ranking r = ranking_of(item, t->pairs, a);
    return ranking_auc(&r);
}

static void folds_judge_what_they_never_saw(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    struct pair_table t = drawn(9, a);
    double *one = NEW_ARRAY(a, double, PAIRS), *two = NEW_ARRAY(a, double, PAIRS);
    bool *random = NEW_ARRAY(a, bool, PAIRS);
    struct err e = {0};
    for (int method = 0; method < METHOD_COUNT; method++) {
        struct train_options o = {.method = (enum method)method, .seed = 1};
        assert_int_equal(validate_pairs(&t, &o, 5, 1, one, NULL, &e), OK);
        assert_int_equal(validate_pairs(&t, &o, 5, 2, two, NULL, &e), OK);
        assert_memory_equal(one, two, PAIRS * sizeof *one);
        assert_true(auc_of(&t, one, a) > 0.8);
    }
    /* labels drawn by lot cannot be told */
    struct rng chance;
    rng_seed(&chance, 3);
    for (size_t i = 0; i < PAIRS; i++)
        random[i] = rng_chance(&chance, 0.1);
    t.linked = random;
    struct train_options o = {.method = METHOD_ADDITIVE, .seed = 1};
    assert_int_equal(validate_pairs(&t, &o, 5, 1, one, NULL, &e), OK);
    NEAR(auc_of(&t, one, a), 0.5, 0.07);
}

static void groups_are_held_out_whole(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    struct pair_table t = drawn(11, a);
    uint32_t *group_a = NEW_ARRAY(a, uint32_t, PAIRS), *group_b = NEW_ARRAY(a, uint32_t, PAIRS);
    double *score = NEW_ARRAY(a, double, PAIRS);
    uint8_t *part_a = NEW_ARRAY(a, uint8_t, PAIRS), *part_b = NEW_ARRAY(a, uint8_t, PAIRS);
    struct err e = {0};
    for (uint32_t i = 0; i < PAIRS; i++) {
        group_a[i] = i % 20;
        group_b[i] = t.linked[i] ? i % 20 : (i / 20) % 20;
    }
    t.group_a = group_a;
    t.group_b = group_b;
    t.groups = 20;
    struct train_options o = {.method = METHOD_BAYES, .seed = 2};
    assert_int_equal(validate_pairs(&t, &o, 4, 1, score, NULL, &e), OK);
    folds_of_pairs(&t, 2, 4, part_a, part_b, a);
    size_t judged = 0;
    for (size_t i = 0; i < PAIRS; i++) {
        assert_int_equal(!isnan(score[i]), part_a[i] == part_b[i]);
        if (!isnan(score[i])) judged++;
    }
    assert_in_range(judged, PAIRS / 5, PAIRS / 2);
}

/* ---- trees ------------------------------------------------------------------------------------------- */

/* One measure, four of eight linked, three of the four that lie high: one question, and one Newton step from
 * even odds. g = p - y, h = p (1 - p) = 1/4 each. */
static void boost_by_hand(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    double value[] = {1, 1, 1, 1, 2, 2, 2, 2};
    bool linked[] = {false, false, false, true, true, true, true, false};
    struct pair_feature f = {S("same"), DIRECTION_FREE, value};
    struct pair_table t = {.pairs = 8, .features = 1, .feature = &f, .linked = linked};
    struct boost_options o = {1, 2, 1, 1, 1};
    struct trees m;
    struct err e = {0};
    double odds;
    assert_int_equal(boost_train(&t, &o, a, &m, &odds, &e), OK);
    NEAR(odds, 0, 1e-12);
    assert_int_equal(m.count, 1);
    assert_int_equal(m.nodes, 3);
    NEAR(m.node[0].value, 1.5, 1e-12);
    for (size_t i = 0; i < 8; i++) /* -(+-1) / (1 + hold), as tenfold steps */
        NEAR(trees_score(&m, &value[i]), (value[i] > 1.5 ? 0.5 : -0.5) / log(10), 1e-12);
    o.least_pairs = 5; /* neither side has so many: no question */
    assert_int_equal(boost_train(&t, &o, a, &m, &odds, &e), OK);
    assert_int_equal(m.nodes, 1);
    o.least_pairs = 1;
    o.hold = 3;
    o.rate = 0.5;
    assert_int_equal(boost_train(&t, &o, a, &m, &odds, &e), OK);
    NEAR(trees_score(&m, &value[7]), 0.5 * 1 / (1 + 3) / log(10), 1e-12);
}

static void boost_takes_weights_and_what_is_missing(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    /* what is missing is like what lies low */
    double value[] = {1, (double)NAN, 2, 2, (double)NAN, 1};
    bool linked[] = {false, false, true, true, false, false};
    double weight[] = {1, 1, 4, 4, 1, 1};
    struct pair_feature f = {S("same"), DIRECTION_FREE, value};
    struct pair_table t = {.pairs = 6, .features = 1, .feature = &f, .linked = linked, .weight = weight};
    struct boost_options o = {3, 4, 1, 0.3, 1};
    struct trees m;
    struct err e = {0};
    double odds, missing = (double)NAN, low = 0, high = 9;
    assert_int_equal(boost_train(&t, &o, a, &m, &odds, &e), OK);
    NEAR(odds, log10(2), 1e-12);
    assert_true(m.node[m.root[0]].missing_yes);
    assert_true(trees_score(&m, &missing) == trees_score(&m, &low));
    assert_true(trees_score(&m, &missing) < 0 && trees_score(&m, &high) > 0);
}

/* Two measures of which neither says anything by itself: a sum of curves finds nothing, trees do. */
static void trees_ask_for_one_thing_after_another(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    struct rng chance;
    rng_seed(&chance, 11);
    double *x = NEW_ARRAY(a, double, PAIRS), *y = NEW_ARRAY(a, double, PAIRS), row[2];
    bool *linked = NEW_ARRAY(a, bool, PAIRS);
    for (size_t i = 0; i < PAIRS; i++) {
        x[i] = rng_unit(&chance);
        y[i] = rng_unit(&chance);
        linked[i] = (x[i] > 0.5) == (y[i] > 0.5) && rng_chance(&chance, 0.9);
    }
    struct pair_feature f[] = {{S("x"), DIRECTION_FREE, x}, {S("y"), DIRECTION_FREE, y}};
    struct pair_table t = {.pairs = PAIRS, .features = 2, .feature = f, .linked = linked};
    struct boost_options o = {40, 6, 20, 0.2, 1};
    struct trees m, again;
    struct err e = {0};
    double odds;
    assert_int_equal(boost_train(&t, &o, a, &m, &odds, &e), OK);
    assert_int_equal(boost_train(&t, &o, a, &again, &odds, &e), OK);
    assert_int_equal(m.nodes, again.nodes);
    for (size_t i = 0; i < m.nodes; i++)
        assert_true(m.node[i].value == again.node[i].value && m.node[i].no == again.node[i].no);
    struct curves curves;
    assert_int_equal(additive_train(&t, &ADDITIVE_OPTIONS_DEFAULT, a, &curves, NULL, &e), OK);
    struct scored *by_trees = NEW_ARRAY(a, struct scored, PAIRS),
                  *by_curves = NEW_ARRAY(a, struct scored, PAIRS);
    for (size_t i = 0; i < PAIRS; i++) { /* on others than it learned from */
        row[0] = rng_unit(&chance);
        row[1] = rng_unit(&chance);
        bool is = (row[0] > 0.5) == (row[1] > 0.5);
        by_trees[i] = (struct scored){trees_score(&m, row), is};
        by_curves[i] = (struct scored){curves_score(&curves, row), is};
    }
    struct ranking trees = ranking_of(by_trees, PAIRS, a), flat = ranking_of(by_curves, PAIRS, a);
    assert_true(ranking_auc(&trees) > 0.97);
    assert_true(ranking_auc(&flat) < 0.6);
}

/* A measure of a direction never turns back, whatever the others are; left free it does, for chance alone. */
static size_t turns(const struct trees *m, size_t measure, int way, struct rng *chance)
{
    size_t turned = 0;
    for (int i = 0; i < 300; i++) {
        double row[3] = {rng_exponential(chance, 5), rng_unit(chance),
                         i % 3 == 0 ? (double)NAN : rng_normal(chance, 0, 1)};
        double before = 0;
        for (int k = 0; k < 40; k++) {
            row[measure] = measure == 0 ? k * 0.7 : (k - 20) * 0.15;
            double now = trees_score(m, row);
            turned += k > 0 && (now - before) * way < -1e-12;
            before = now;
        }
    }
    return turned;
}

static void trees_never_turn_back(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    struct pair_table t = drawn(5, a);
    struct boost_options o = {60, 12, 10, 0.2, 1};
    struct trees free, held;
    struct err e = {0};
    struct rng chance;
    double odds;
    rng_seed(&chance, 8);
    t.feature[0].direction = t.feature[2].direction = DIRECTION_FREE;
    assert_int_equal(boost_train(&t, &o, a, &free, &odds, &e), OK);
    t.feature[0].direction = DIRECTION_FALLS;
    t.feature[2].direction = DIRECTION_RISES;
    assert_int_equal(boost_train(&t, &o, a, &held, &odds, &e), OK);
    assert_true(turns(&free, 0, -1, &chance) > 0 && turns(&free, 2, 1, &chance) > 0);
    assert_int_equal(turns(&held, 0, -1, &chance), 0);
    assert_int_equal(turns(&held, 2, 1, &chance), 0);
    assert_true(trees_share(&held, 0) > 0 && trees_share(&held, 2) > 0);
}

/* More distinct values than bins: cuts stand at equal counts, and every side keeps its least. */
static void boost_keeps_enough_on_either_side(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    struct pair_table t = drawn(3, a);
    struct boost_options o = {20, 15, 50, 0.1, 5};
    struct trees m;
    struct err e = {0};
    double odds, row[3];
    assert_int_equal(boost_train(&t, &o, a, &m, &odds, &e), OK);
    assert_int_equal(m.count, 20);
    for (size_t k = 0; k < m.count; k++) {
        size_t *reached = NEW_ARRAY(a, size_t, m.nodes);
        for (size_t i = 0; i < t.pairs; i++) {
            uint32_t at = m.root[k];
            pair_table_row(&t, i, row);
            while (m.node[at].measure != TREE_LEAF) {
                double v = row[m.node[at].measure];
                at = (isnan(v) ? m.node[at].missing_yes : v <= m.node[at].value) ? at + 1 : m.node[at].no;
            }
            reached[at]++;
        }
        size_t end = k + 1 < m.count ? m.root[k + 1] : m.nodes, leaves = 0;
        for (size_t at = m.root[k]; at < end; at++)
            if (m.node[at].measure == TREE_LEAF) {
                assert_true(reached[at] >= 50);
                leaves++;
            }
        assert_true(leaves > 1 && leaves <= 15);
    }
    struct scored *item = NEW_ARRAY(a, struct scored, t.pairs);
    for (size_t i = 0; i < t.pairs; i++) {
        pair_table_row(&t, i, row);
        item[i] = (struct scored){trees_score(&m, row), t.linked[i]};
    }
    struct ranking r = ranking_of(item, t.pairs, a);
    assert_true(ranking_auc(&r) > 0.85);
    bool none[PAIRS] = {false};
    t.linked = none;
    assert_int_equal(boost_train(&t, &o, a, &m, &odds, &e), E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bayes_by_hand),
        cmocka_unit_test(bayes_smooths_by_freedom),
        cmocka_unit_test(nothing_to_learn_is_said),
        cmocka_unit_test(logistic_by_hand),
        cmocka_unit_test(curves_never_turn_back),
        cmocka_unit_test(curves_are_neutral),
        cmocka_unit_test(folds_judge_what_they_never_saw),
        cmocka_unit_test(groups_are_held_out_whole),
        cmocka_unit_test(boost_by_hand),
        cmocka_unit_test(boost_takes_weights_and_what_is_missing),
        cmocka_unit_test(trees_ask_for_one_thing_after_another),
        cmocka_unit_test(trees_never_turn_back),
        cmocka_unit_test(boost_keeps_enough_on_either_side),
    };
    return cmocka_run_group_tests_name("learners", tests, NULL, NULL);
}
