/* The model file: every fault named by line, and the formulas by hand-computed values. */
#include "worldkit.h"

#include "base/buf.h"
#include "base/stream.h"
#include "link/world_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct worldkit kit;
static struct buf shipped;

static void read_shipped(void)
{
    struct err e = {0};
    char path[1024];
    const char *root = getenv("COLLIGATE_SOURCE_ROOT");
    (void)snprintf(path, sizeof path, "%s/policy/model-deaths.tsv", root ? root : ".");
    buf_init(&shipped, (size_t)1 << 20);
    assert_int_equal(file_read(path, &shipped, &e), OK);
}

/* The shipped text with one piece replaced. */
static enum status load_with(const char *from, const char *to, struct err *e)
{
    struct buf text CLEANUP_BUF;
    struct link_model m;
    Str all = buf_str(&shipped);
    size_t at = str_find(all, str_of(from));
    assert_true(at != STR_NPOS);
    buf_init(&text, (size_t)1 << 20);
    buf_add(&text, str_slice(all, 0, at));
    buf_add(&text, str_of(to));
    buf_add(&text, str_slice(all, at + str_of(from).len, all.len));
    *e = (struct err){0};
    return link_model_load(kit.arena, str_copy(kit.arena, buf_str(&text)), &m, e);
}

static void faults_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *says;
    } cases[] = {
        {"feature\tsex\t0.50", "feature\tsecks\t0.50", "no such feature"},
        {"feature\tsex\t0.50", "feature\tsex\t1.50", "not between"},
        {"feature\tsex\t0.50", "feature\tsex\tx", "number"},
        {"feature\tsex\t0.50\t1.00\n", "", "not given"},
        {"feature\tsex\t0.50\t1.00\n", "feature\taccess\t0.50\t0.7\n", "twice"},
        {"place\t300", "place\t50", "widen"},
        {"time\t1\t", "tyme\t1\t", "not known"},
        {"age\t2\t0.35\n", "", "3 of age"},
        {"version\t2\n", "version\t0\n", "version"},
        {"institution_deaths\t8", "institution_deaths\t3", "larger than"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct err e;
        assert_int_equal(load_with(cases[i].from, cases[i].to, &e), E_INVALID);
        if (str_find(str_of(e.text), str_of(cases[i].says)) == STR_NPOS)
            fail_msg("\"%s\" does not say %s", e.text, cases[i].says);
    }
}

/* log10(1 + m (1 - p) / p) in decibans, worked out by hand. */
static void agreement_and_difference_follow_the_formula(void **state)
{
    (void)state;
    const struct feature_belief whole = {0.5, 1.0}, half = {0.5, 0.5};
    assert_int_equal(weigh_agreement(&whole, 0.5, 0.001), 27); /* log10(1 + 0.5 * 999) = 2.699 */
    assert_int_equal(weigh_agreement(&half, 0.5, 0.001), 13);  /* 1.350, rounded once */
    assert_int_equal(weigh_agreement(&whole, 0.5, 0.5), 2);    /* log10(1.5) = 0.176 */
    assert_int_equal(weigh_agreement(&whole, 0.5, 1.0), 0);
    assert_int_equal(weigh_difference(&whole, 0.5), -3); /* log10(0.5) = -0.301 */
    assert_int_equal(weigh_difference(&whole, 0.9), -10);
}

static void an_address_fades_with_its_deaths(void **state)
{
    (void)state;
    assert_int_equal(place_share(&kit.model, 2), 100);
    assert_int_equal(place_share(&kit.model, 3), 100);
    assert_int_equal(place_share(&kit.model, 5), 60);
    assert_int_equal(place_share(&kit.model, 7), 20);
    assert_int_equal(place_share(&kit.model, 8), 0);
    assert_int_equal(place_share(&kit.model, 400), 0);
}

static void scales_are_read_from_both_ends(void **state)
{
    (void)state;
    double square;
    assert_int_equal(distance_scale(&kit.model, 0, 0, 1, 0, &square), 0);
    assert_int_equal(distance_scale(&kit.model, 0, 0, 1, 150, &square), 1);  /* no finer than what is sure */
    assert_int_equal(distance_scale(&kit.model, 0.01, 0, 1, 0, &square), 3); /* 1112 m */
    assert_int_equal(distance_scale(&kit.model, 0, 359.9999, 1, 0, &square), 0); /* across the date line */
    assert_int_equal(distance_scale(&kit.model, 1, 0, 1, 0, &square), PLACE_SCALES);
    assert_int_equal(gap_scale(&kit.model, 0, 0), 0);
    assert_int_equal(gap_scale(&kit.model, 0, 30), 2);
    assert_int_equal(gap_scale(&kit.model, 2000, 0), TIME_SCALES);
    assert_int_equal(age_scale(&kit.model, 22, 24), 0);
    assert_int_equal(age_scale(&kit.model, 25, 22), 1);
    assert_int_equal(age_scale(&kit.model, 20, 60), 3);
}

static void the_lesser_of_a_set_share_what_is_kept(void **state)
{
    (void)state;
    struct reason r[3] = {
        {.weight_db = 20, .full_weight_db = 20}, {.full_weight_db = 9}, {.full_weight_db = 4}};
    share_rest(r, 3, 0, 5);
    assert_int_equal(r[0].weight_db, 20);
    assert_int_equal(r[1].weight_db + r[2].weight_db, 5);
    assert_true(r[1].weight_db >= r[2].weight_db);
}

static void every_small_set_fits_its_bits(void **state)
{
    (void)state;
    assert_true(vocabulary_count(kit.policy.items) <= BIT_CODES);
    assert_true(vocabulary_count(kit.policy.injuries) <= BIT_CODES);
    for (int k = 0; k < KIND_COUNT; k++) {
        const struct kind *kind = kind_of((enum kind_id)k);
        for (size_t i = 0; i < kind->field_count; i++) {
            int f = feature_named(kind->field[i].compare, strlen(kind->field[i].compare));
            if (f < FEATURE_PRESENT || f >= FEATURE_SUBSTANCES) continue;
            assert_true(str_split(kit.arena, str_of(kind->field[i].values), ' ').count <= BIT_CODES);
        }
    }
}

int main(void)
{
    worldkit_open(&kit);
    read_shipped();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_are_named),
        cmocka_unit_test(agreement_and_difference_follow_the_formula),
        cmocka_unit_test(an_address_fades_with_its_deaths),
        cmocka_unit_test(scales_are_read_from_both_ends),
        cmocka_unit_test(every_small_set_fits_its_bits),
        cmocka_unit_test(the_lesser_of_a_set_share_what_is_kept),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buf_free(&shipped);
    worldkit_close(&kit);
    return failed;
}
