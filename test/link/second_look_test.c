/* The second look: the same from both ends, read as written, refused where bad. */
#include "worldkit.h"

#include "base/rng.h"
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
            int sum = 0, in_favour = 0, against = 0;
            for (int m = 0; m < FEATURE_COUNT; m++) {
                bool recorded = (f.recorded & UINT64_C(1) << m) != 0;
                sum += f.weight_db[m];
                assert_true(recorded || f.weight_db[m] == 0);
                in_favour += look_counts((enum feature)m) && f.weight_db[m] > 0;
                against += look_counts((enum feature)m) && f.weight_db[m] < 0;
            }
            assert_int_equal(sum, f.sum_db);
            assert_true(a[LOOK_WEIGH_FOR] == in_favour && a[LOOK_WEIGH_AGAINST] == against);
            assert_int_equal(g.sum_db, f.sum_db);
        }
    assert_true(looked > 500);
}

/* Nearly every measure is asked for somewhere, and a pair of everything missing has an answer too. */
static void the_shipped_trees_are_whole(void **state)
{
    (void)state;
    const struct trees *t = &kit.look.trees;
    double share = 0, value[LOOK_MEASURES];
    size_t asked = 0;
    for (size_t m = 0; m < LOOK_MEASURES; m++) {
        double part = trees_share(t, m);
        share += part;
        asked += part > 0;
        value[m] = (double)NAN;
    }
    assert_true(t->count > 20 && asked > 20);
    assert_true(fabs(share - 1) < 1e-9);
    assert_true(isfinite(trees_score(t, value)));
    for (size_t i = 0; i < t->nodes; i++)
        assert_true(t->node[i].measure == TREE_LEAF || (t->node[i].measure < LOOK_MEASURES &&
                                                        t->node[i].no > i + 1 && t->node[i].no < t->nodes));
    assert_true(kit.look.start_threshold_db > 0);
}

/* More evidence never counts less, whatever else is known. */
static void more_evidence_never_counts_less(void **state)
{
    (void)state;
    struct rng chance;
    size_t asked = 0;
    rng_seed(&chance, 4);
    for (int m = 0; m < LOOK_MEASURES; m++) {
        if (look_measure_direction((enum look_measure)m) != DIRECTION_RISES) continue;
        asked++;
        for (int i = 0; i < 40; i++) {
            double value[LOOK_MEASURES], before = 0;
            for (size_t k = 0; k < LOOK_MEASURES; k++)
                value[k] = rng_chance(&chance, 0.3) ? (double)NAN : rng_normal(&chance, 3, 8);
            for (int db = -30; db <= 90; db++) {
                value[m] = db;
                double now = trees_score(&kit.look.trees, value);
                assert_true(db == -30 || now >= before - 1e-9);
                before = now;
            }
        }
    }
    assert_true(asked > 20);
}

/* Two questions, and what is missing on either side. */
static void questions_lead_to_leaves(void **state)
{
    (void)state;
    struct second_look look;
    struct err e = {0};
    double value[LOOK_MEASURES] = {0};
    assert_int_equal(second_look_load(kit.arena,
                                      S("tree\nask\tdays\t1.5\tno\nask\tyears\t10\tyes\nleaf\t1\n"
                                        "leaf\t2\nleaf\t4\ntree\nleaf\t8\n"),
                                      &look, &e),
                     OK);
    static const struct {
        double days, years, sum;
    } given[] = {{1.5, 10, 9}, {1.5, 10.1, 10}, {1.6, 3, 12}, {0, (double)NAN, 9}, {(double)NAN, 3, 12}};
    for (size_t i = 0; i < COUNT_OF(given); i++) {
        value[LOOK_DAYS] = given[i].days;
        value[LOOK_YEARS] = given[i].years;
        assert_true(trees_score(&look.trees, value) == given[i].sum);
    }
    assert_true(trees_share(&look.trees, LOOK_DAYS) == 0.5 && trees_share(&look.trees, LOOK_METRES) == 0);
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
        {"tree\nask\tweight(sex)\t1\n", "line 2, ask: give ask, measure, limit"},
        {"tree\nask\tweight(moon)\t0\tno\n", "there is no such measure"},
        {"tree\nask\tdays\t0\tperhaps\n", "yes or no is expected here"},
        {"tree\nask\tdays\tmany\tno\n", "a number is expected here"},
        {"leaf\t1\n", "line 1, leaf: this belongs to no tree"},
        {"tree\nleaf\t1\nleaf\t2\n", "line 3, leaf: this belongs to no tree"},
        {"tree\nask\tdays\t1\tno\nleaf\t1\n", "the last tree is not whole"},
        {"tree\nask\tdays\t1\tno\nleaf\t1\ntree\n", "line 4, tree: the tree before it is not whole"},
        {"name\tempty\n", "tree: there is none"},
        {"tree\nleaf\t1e9\n", "a leaf weighs at most a thousand steps"},
        {"tree\nleaf\tnan\n", "a number is expected here"},
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
        cmocka_unit_test(the_shipped_trees_are_whole),
        cmocka_unit_test(more_evidence_never_counts_less),
        cmocka_unit_test(questions_lead_to_leaves),
        cmocka_unit_test(what_is_written_is_read_and_what_is_bad_is_refused),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    worldkit_close(&kit);
    return failed;
}
