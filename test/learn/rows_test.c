/* Rows of a table: what is measured about two of them, which belong together, how their mates stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/caldate.h"
#include "base/rng.h"
#include "learn/labels.h"
#include "learn/profile.h"

#include <math.h>

#define NEAR(a, b, by) assert_true(fabs((a) - (b)) < (by))

static struct arena *memory(void)
{
    return arena_new("rows test", (size_t)64 << 20);
}

/* Five rows on a line of kilometres; the last says nothing but its id. */
static const struct sheet *five(struct arena *a)
{
    static const double x[] = {0, 1000, 3000, 6000};
    static const char *const how[] = {"door", "door", "roof", "door"};
    struct sheet_maker *m = sheet_maker_new(a, S("five"), 10);
    struct err e = {0};
    size_t where = sheet_add_column(m, S("where"), COLUMN_PLACE, S(""), true),
           when = sheet_add_column(m, S("when"), COLUMN_TIME, S(""), false),
           way = sheet_add_column(m, S("how"), COLUMN_CODE, S(""), false),
           taken = sheet_add_column(m, S("taken"), COLUMN_SET, S(""), false),
           age = sheet_add_column(m, S("age"), COLUMN_NUMBER, S(""), false),
           name = sheet_add_column(m, S("name"), COLUMN_TEXT, S(""), false);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(sheet_begin_row(m, str_slice(S("abcde"), i, i + 1), i + 2, &e), OK);
        if (i == 4) continue;
        int64_t day = (int64_t)i * MS_PER_DAY;
        sheet_put_place(m, where, x[i], 0, 0);
        sheet_put_time(m, when, day, day + (i == 3 ? MS_PER_DAY : 0));
        sheet_put_word(m, way, str_of(how[i]));
        sheet_put_word(m, taken, S("cash"));
        if (i < 2) sheet_put_word(m, taken, S("ring"));
        sheet_put_number(m, age, (double)(20 + i * i));
        sheet_put_word(m, name, i == 1 ? S("martha") : S("marhta"));
    }
    return sheet_finish(m);
}

static double one(const struct sheet *f, const char *spec, size_t x, size_t y, struct arena *a)
{
    struct measure_spec *list;
    struct measures *m;
    size_t count;
    double value, back;
    struct err e = {0};
    assert_int_equal(measures_parse(str_of(spec), a, &list, &count, &e), OK);
    assert_int_equal(count, 1);
    assert_true(str_eq(measure_title(list, a), str_of(spec)));
    assert_int_equal(measures_prepare(f, list, count, a, &m, &e), OK);
    measures_pair(m, x, y, &value);
    measures_pair(m, y, x, &back);
    assert_true(isnan(value) ? isnan(back) : value == back);
    return value;
}

static void measures_by_hand(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    const struct sheet *f = five(a);
    NEAR(one(f, "distance(where)", 0, 2, a), 3, 1e-12);
    NEAR(one(f, "gap(when)", 0, 2, a), 2, 1e-12);
    NEAR(one(f, "gap(when)", 2, 3, a), 1.5, 1e-12);
    NEAR(one(f, "hour(when)", 0, 3, a), 6, 1e-9);
    NEAR(one(f, "weekday(when)", 0, 2, a), 2, 1e-9);
    NEAR(one(f, "vague(when)", 0, 3, a), 24, 1e-9);
    NEAR(one(f, "same(how)", 0, 1, a), 1, 1e-12);
    NEAR(one(f, "same(how)", 0, 2, a), 0, 1e-12);
    NEAR(one(f, "rarity(how)", 0, 1, a), log10(4.0 / 3), 1e-12); /* 3 of the 4 that say how */
    NEAR(one(f, "rarity(how)", 0, 2, a), 0, 1e-12);
    NEAR(one(f, "shared(taken)", 0, 1, a), log10(4.0 / 2), 1e-12); /* all have cash: it weighs nothing */
    NEAR(one(f, "difference(age)", 1, 3, a), 8, 1e-12);
    NEAR(one(f, "alike(name)", 0, 1, a), 0.961111, 1e-6);
    /* of the three others two lie within 2 km of b, one of c: the busier end counts */
    NEAR(one(f, "nearer(where)", 1, 2, a), log10(2.0 / 3), 1e-12);
    NEAR(one(f, "crowd(where,when)", 1, 2, a), log10(2.0 / 3) + log10(2.0 / 3), 1e-12);
}

static void missing_is_missing(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    const struct sheet *f = five(a);
    struct measure_spec *spec;
    struct measures *m;
    struct err e = {0};
    size_t count;
    double value[MEASURES_MAX];
    assert_int_equal(measures_default(f, a, &spec, &count, &e), OK);
    assert_int_equal(count, 11);
    assert_int_equal(measures_prepare(f, spec, count, a, &m, &e), OK);
    measures_pair(m, 0, 4, value);
    for (size_t i = 0; i < count; i++)
        assert_true(isnan(value[i]));
    measures_pair(m, 0, 0, value);
    for (size_t i = 0; i < count; i++)
        assert_true(value[i] > -100); /* nor missing */
}

static void wrong_measures_are_said(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    const struct sheet *f = five(a);
    static const char *const BAD[] = {
        "", "length(where)", "distance", "distance(where", "distance(where,when)", "same(how)), x"};
    struct measure_spec *spec;
    struct measures *m;
    size_t count;
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        struct err e = {0};
        assert_int_equal(measures_parse(str_of(BAD[i]), a, &spec, &count, &e), E_INVALID);
    }
    struct err e = {0};
    assert_int_equal(measures_parse(S("gap(where), same(how)"), a, &spec, &count, &e), OK);
    assert_int_equal(count, 2);
    assert_int_equal(measures_prepare(f, spec, count, a, &m, &e), E_INVALID);
}

static double line_apart(const void *x, size_t a, size_t b)
{
    return fabs(((const double *)x)[a] - ((const double *)x)[b]);
}

/* The share of a profile is that of counting. */
static void profiles_count(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    struct rng chance;
    double x[300];
    rng_seed(&chance, 4);
    for (size_t i = 0; i < 300; i++)
        x[i] = rng_exponential(&chance, 10);
    struct profiles p = profiles_of(300, line_apart, x, 1, a);
    for (size_t row = 0; row < 300; row += 13) {
        double before = 0;
        for (double d = 0; d < 30; d += 0.5) {
            size_t nearer = 0;
            for (size_t i = 0; i < 300; i++)
                if (i != row && fabs(x[i] - x[row]) <= d) nearer++;
            double share = profile_share(&p, row, d);
            assert_true(share >= before && share > 0 && share <= 1);
            NEAR(share, (double)nearer / 299, 0.15); /* between ranks a fifth apart */
            before = share;
        }
    }
    assert_true(isnan(profile_share(&p, 0, (double)NAN)));
}

/* a b share offender 0, b c share offender 1, d is alone, e is not labelled. */
static void groups_by_hand(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    const struct membership m[] = {{0, 0}, {1, 0}, {2, 1}, {1, 1}, {3, 2}};
    struct labels l;
    struct err e = {0};
    assert_int_equal(labels_of_groups(m, 5, 5, 3, a, &l, &e), OK);
    assert_int_equal(l.pairs, 6);
    assert_int_equal(l.linked_pairs, 2);
    assert_int_equal(l.labelled, 4);
    assert_int_equal(l.with_mates, 3);
    assert_int_equal(l.parts, 2);
    assert_int_equal(l.part[0], l.part[2]);
    assert_int_equal(l.part[4], UINT32_MAX);
    assert_true(l.linked[0] && !l.linked[1]); /* a b, a c */
    NEAR(l.weight[0], 1, 1e-12);
    assert_int_equal(labels_of_groups(m + 4, 1, 5, 3, a, &l, &e), E_INVALID);
}

/* Three crimes of one offender are three pairs that count for two. */
static void series_do_not_dominate(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    const struct membership m[] = {{0, 0}, {1, 0}, {2, 0}, {3, 1}};
    struct labels l;
    struct err e = {0};
    double sum = 0;
    assert_int_equal(labels_of_groups(m, 4, 4, 2, a, &l, &e), OK);
    for (size_t i = 0; i < l.pairs; i++)
        sum += l.linked[i] ? l.weight[i] : 0;
    NEAR(sum, 2, 1e-12);
}

static void pairs_by_hand(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    const struct row_pair pair[] = {{3, 1}, {0, 1}, {1, 3}, {2, 4}};
    const bool linked[] = {true, false, true, false}, torn[] = {true, false, false, false};
    struct labels l;
    struct err e = {0};
    assert_int_equal(labels_of_pairs(pair, linked, 4, 5, a, &l, &e), OK);
    assert_int_equal(l.pairs, 3);
    assert_int_equal(l.linked_pairs, 1);
    assert_true(l.pair[1].a == 1 && l.pair[1].b == 3 && l.linked[1]);
    assert_int_equal(labels_of_pairs(pair, torn, 4, 5, a, &l, &e), E_INVALID);
}

static void mates_by_hand(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    const struct membership m[] = {{0, 0}, {1, 0}, {2, 1}, {3, 2}};
    struct labels l;
    struct err e = {0};
    assert_int_equal(labels_of_groups(m, 4, 4, 3, a, &l, &e), OK);
    /* ab ac ad bc bd cd: for a the mate b stands first with c at the same score, for b second behind c */
    const double score[] = {5, 5, 1, 6, 2, 0};
    struct mates first = mates_among(&l, score, score, 1, a), two = mates_among(&l, score, score, 2, a);
    assert_int_equal(first.rows, 2);
    NEAR(first.among, 0.5, 1e-12);
    NEAR(two.among, 2, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_by_hand),        cmocka_unit_test(missing_is_missing),
        cmocka_unit_test(wrong_measures_are_said), cmocka_unit_test(profiles_count),
        cmocka_unit_test(groups_by_hand),          cmocka_unit_test(series_do_not_dominate),
        cmocka_unit_test(pairs_by_hand),           cmocka_unit_test(mates_by_hand),
    };
    return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
