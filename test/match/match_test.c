/* Tables against themselves: the fast way against weighing every pair, joining against doing it the slow way,
 * learning on persons of our own making. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/caldate.h"
#include "base/rng.h"
#include "match/match.h"

#include <math.h>

static struct arena *memory(void)
{
    return arena_new("match test", (size_t)512 << 20);
}

static const char *const GIVEN[] = {"john", "jon",  "johnny", "mary",     "maria", "william",
                                    "bill", "anne", "ann",    "paul",     "peter", "george",
                                    "j",    "liz",  "martha", "frederick"};
static const char *const FAMILY[] = {"smith", "smyth", "jones",   "taylor", "brown",   "clifford", "whitaker",
                                     "cole",  "burn",  "bennett", "watts",  "vickers", "morata",   "hammond"};
static const char *const TOWN[] = {"leeds", "london", "bath", "york", "hull", "dover"};

struct person {
    Str name, born, post, sex;
};

static struct person person_some(struct arena *a, struct rng *r)
{
    struct person p;
    p.name =
        str_format(a, "%s %s", GIVEN[rng_below(r, COUNT_OF(GIVEN))], FAMILY[rng_below(r, COUNT_OF(FAMILY))]);
    if (rng_chance(r, 0.3))
        p.name = str_format(a, "%.*s %s", STR_ARG(p.name), GIVEN[rng_below(r, COUNT_OF(GIVEN))]);
    p.born = str_format(a, "19%02d-%02d-%02d", (int)rng_below(r, 60), (int)rng_below(r, 12) + 1,
                        (int)rng_below(r, 28) + 1);
    p.post = str_format(a, "%c%c%d %d%c%c", (int)('a' + rng_below(r, 4)), (int)('a' + rng_below(r, 3)),
                        (int)rng_below(r, 9), (int)rng_below(r, 9), (int)('a' + rng_below(r, 6)),
                        (int)('a' + rng_below(r, 6)));
    p.sex = rng_chance(r, 0.5) ? S("f") : S("m");
    return p;
}

/* One letter or digit typed wrongly. */
static Str slip(struct arena *a, struct rng *r, Str s, char low, char high)
{
    char *text = str_cstr(a, s);
    size_t at = rng_below(r, s.len);
    if (text[at] >= low && text[at] <= high)
        text[at] = (char)(low + (char)rng_below(r, (uint64_t)(high - low) + 1));
    return (Str){text, s.len};
}

static struct person person_again(struct arena *a, struct rng *r, struct person p)
{
    if (rng_chance(r, 0.2)) p.name = slip(a, r, p.name, 'a', 'z');
    if (rng_chance(r, 0.2)) p.born = slip(a, r, p.born, '0', '9');
    if (rng_chance(r, 0.2)) p.post = slip(a, r, p.post, 'a', 'z');
    if (rng_chance(r, 0.1)) p.born = STR_NONE;
    if (rng_chance(r, 0.1)) p.post = STR_NONE;
    if (rng_chance(r, 0.1)) p.name = S("Watts");
    return p;
}

static void put(struct sheet_maker *m, size_t column, Str word)
{
    if (word.len > 0) sheet_put_word(m, column, word);
}

/* Rows of some persons, several each; truth[row] from 1. */
static const struct sheet *persons(struct arena *a, uint64_t seed, size_t rows, size_t rows_a_person,
                                   uint32_t *truth)
{
    struct rng r;
    struct err e = {0};
    struct person p = {0};
    struct sheet_maker *m = sheet_maker_new(a, S("persons"), rows);
    rng_seed(&r, seed);
    sheet_add_column(m, S("name"), COLUMN_TEXT, S("full_name"), false);
    sheet_add_column(m, S("born"), COLUMN_TEXT, S("date"), false);
    sheet_add_column(m, S("post"), COLUMN_TEXT, S("postcode"), false);
    sheet_add_column(m, S("town"), COLUMN_TEXT, S("spelling"), false);
    sheet_add_column(m, S("sex"), COLUMN_CODE, S(""), false);
    for (size_t i = 0; i < rows; i++) {
        if (i % rows_a_person == 0) p = person_some(a, &r);
        struct person q = person_again(a, &r, p);
        assert_int_equal(sheet_begin_row(m, str_format(a, "%zu", i), i + 1, &e), OK);
        put(m, 0, q.name);
        put(m, 1, q.born);
        put(m, 2, q.post);
        put(m, 3, str_of(TOWN[rng_below(&r, COUNT_OF(TOWN))]));
        put(m, 4, q.sex);
        if (truth) truth[i] = (uint32_t)(i / rows_a_person + 1);
    }
    return sheet_finish(m);
}

static struct match_index *index_of(const struct sheet *f, struct match_model *model, size_t threads,
                                    struct arena *a)
{
    struct err e = {0};
    struct match_index *x = NULL;
    if (match_model_begin(f, NULL, model, &e) != OK || match_index_new(f, model, threads, a, &x, &e) != OK)
        fail_msg("%s", e.text);
    return x;
}

/* m of any kind, so that weights are not only those of good models. */
static void shuffle_model(struct match_model *model, struct rng *r)
{
    for (size_t c = 0; c < model->columns; c++) {
        double sum = 0, *same = model->column[c].same;
        int levels = comparison_levels(model->column[c].comparison);
        for (int l = 0; l < levels; l++)
            sum += same[l] = rng_unit(r) + 0.001;
        for (int l = 0; l < levels; l++)
            same[l] /= sum;
    }
}

static void check_against_all(const struct match_index *x, size_t rows, struct arena *a)
{
    struct err e = {0};
    for (int least_db = -40; least_db <= 80; least_db += 20) {
        struct match_pairs got;
        size_t at = 0;
        assert_int_equal(match_pairs_over(x, least_db, a, &got, &e), OK);
        for (uint32_t i = 0; i < rows; i++)
            for (uint32_t j = i + 1; j < rows; j++) {
                int weight = match_weigh(x, i, j, NULL);
                if (weight != match_weigh(x, j, i, NULL))
                    fail_msg("rows %u and %u: not the same both ways", i, j);
                if (weight < least_db) continue;
                if (at >= got.count || got.item[at].a != i || got.item[at].b != j ||
                    got.item[at].weight_db != weight)
                    fail_msg("over %d: rows %u and %u are missing", least_db, i, j);
                at++;
            }
        assert_int_equal(at, got.count);
    }
}

static void the_fast_way_gives_what_weighing_all_gives(void **state)
{
    (void)state;
    struct rng r;
    rng_seed(&r, 5);
    for (uint64_t round = 0; round < 12; round++) {
        struct arena *a CLEANUP_ARENA = memory();
        struct match_model model;
        const struct sheet *f = persons(a, round, 300, 1 + round % 4, NULL);
        struct match_index *x = index_of(f, &model, 1 + round % 2, a);
        if (round > 1) shuffle_model(&model, &r);
        match_reweigh(x);
        check_against_all(x, f->rows, a);
    }
}

/* Rows of what is measured: numbers, times, places on the sphere and on a plane, sets. */
static const struct sheet *measured_rows(struct arena *a, uint64_t seed, size_t rows)
{
    struct rng r;
    struct err e = {0};
    struct sheet_maker *m = sheet_maker_new(a, S("measured"), rows);
    rng_seed(&r, seed);
    sheet_add_column(m, S("age"), COLUMN_NUMBER, S(""), false);
    sheet_add_column(m, S("when"), COLUMN_TIME, S(""), false);
    sheet_add_column(m, S("where"), COLUMN_PLACE, S(""), false);
    sheet_add_column(m, S("grid"), COLUMN_PLACE, S(""), true);
    sheet_add_column(m, S("taken"), COLUMN_SET, S(""), false);
    sheet_add_column(m, S("town"), COLUMN_CODE, S(""), false);
    for (size_t i = 0; i < rows; i++) {
        int64_t at = (int64_t)rng_below(&r, 500) * MS_PER_DAY;
        assert_int_equal(sheet_begin_row(m, str_format(a, "%zu", i), i + 1, &e), OK);
        if (!rng_chance(&r, 0.1)) sheet_put_number(m, 0, (double)rng_below(&r, 90) - 10);
        if (!rng_chance(&r, 0.1)) sheet_put_time(m, 1, at, at + (int64_t)rng_below(&r, 3) * MS_PER_DAY);
        if (!rng_chance(&r, 0.1)) sheet_put_place(m, 2, -rng_unit(&r), 51 + rng_unit(&r), 0);
        if (!rng_chance(&r, 0.1))
            sheet_put_place(m, 3, 500.0 * (double)rng_below(&r, 30), 500.0 * (double)rng_below(&r, 30), 0);
        for (size_t k = rng_below(&r, 3); k > 0; k--)
            sheet_put_word(m, 4, str_of(TOWN[rng_below(&r, COUNT_OF(TOWN))]));
        sheet_put_word(m, 5, str_of(TOWN[rng_below(&r, COUNT_OF(TOWN))]));
    }
    return sheet_finish(m);
}

static void what_is_measured_is_weighed_too(void **state)
{
    (void)state;
    struct rng r;
    rng_seed(&r, 9);
    for (uint64_t round = 0; round < 5; round++) {
        struct arena *a CLEANUP_ARENA = memory();
        struct match_model model;
        const struct sheet *f = measured_rows(a, 70 + round, 200);
        struct match_index *x = index_of(f, &model, 1 + round % 2, a);
        struct match_reason reason[MATCH_COLUMNS_MAX];
        if (round > 1) shuffle_model(&model, &r);
        match_reweigh(x);
        check_against_all(x, f->rows, a);
        match_weigh(x, 3, 3, reason);
        for (size_t c = 0; c < model.columns; c++)
            assert_int_equal(reason[c].level, column_missing(&f->column[c], 3) ? -1 : 0);
    }
}

static void the_nearest_are_the_nearest(void **state)
{
    (void)state;
    enum { K = 4 };
    for (uint64_t round = 0; round < 4; round++) {
        struct arena *a CLEANUP_ARENA = memory();
        struct match_model model;
        struct match_pair *got = NULL;
        struct err e = {0};
        const struct sheet *f = persons(a, 50 + round, round == 3 ? 3 : 200, 3, NULL);
        struct match_index *x = index_of(f, &model, 2, a);
        assert_int_equal(match_nearest(x, K, a, &got, &e), OK);
        for (size_t i = 0; i < f->rows; i++)
            for (size_t k = 0; k < K; k++) {
                const struct match_pair *p = &got[i * K + k];
                size_t before = 0;
                if (p->b == i) {
                    assert_true(k >= f->rows - 1);
                    continue;
                }
                assert_int_equal(p->weight_db, match_weigh(x, i, p->b, NULL));
                for (size_t j = 0; j < f->rows; j++) {
                    int weight = match_weigh(x, i, j, NULL);
                    before += j != i && (weight > p->weight_db || (weight == p->weight_db && j < p->b));
                }
                assert_int_equal(before, k);
            }
    }
}

static void reasons_add_up(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    struct match_model model;
    struct match_reason reason[MATCH_COLUMNS_MAX];
    const struct sheet *f = persons(a, 3, 60, 3, NULL);
    struct match_index *x = index_of(f, &model, 1, a);
    for (size_t i = 0; i < f->rows; i++)
        for (size_t j = 0; j < f->rows; j++) {
            int sum = 0, weight = match_weigh(x, i, j, reason);
            for (size_t c = 0; c < model.columns; c++) {
                bool missing = column_missing(&f->column[c], i) || column_missing(&f->column[c], j);
                assert_int_equal(reason[c].level < 0, missing);
                if (missing) assert_int_equal(reason[c].weight_db, 0);
                assert_non_null(reason[c].words);
                sum += reason[c].weight_db;
            }
            assert_int_equal(sum, weight);
        }
}

/* Average link done by looking at every pair of groups each time. */
static void join_slowly(const struct match_index *x, int prior_db, size_t n, uint32_t *group)
{
    for (size_t i = 0; i < n; i++)
        group[i] = (uint32_t)i;
    for (;;) {
        double best = 0;
        uint32_t join_a = 0, join_b = 0;
        for (uint32_t p = 0; p < n; p++)
            for (uint32_t q = p + 1; q < n; q++) {
                double sum = 0, pairs = 0;
                for (size_t i = 0; i < n; i++)
                    for (size_t j = 0; j < n; j++)
                        if (group[i] == p && group[j] == q) {
                            sum += fmax(fmin(match_weigh(x, i, j, NULL) + prior_db, 60), -60);
                            pairs++;
                        }
                if (pairs > 0 && sum / pairs > best) {
                    best = sum / pairs;
                    join_a = p;
                    join_b = q;
                }
            }
        if (best <= 0) return;
        for (size_t i = 0; i < n; i++)
            if (group[i] == join_b) group[i] = join_a;
    }
}

static void groups_are_those_of_average_link(void **state)
{
    (void)state;
    enum { ROWS = 40 };
    for (uint64_t round = 0; round < 12; round++) {
        struct arena *a CLEANUP_ARENA = memory();
        struct match_model model;
        struct match_pairs pairs;
        struct err e = {0};
        uint32_t fast[ROWS], slow[ROWS];
        const struct sheet *f = persons(a, 100 + round, ROWS, 1 + round % 6, NULL);
        struct match_index *x = index_of(f, &model, 1, a);
        assert_int_equal(match_pairs_over(x, 1 - match_prior_db(&model), a, &pairs, &e), OK);
        assert_int_equal(match_groups(x, &pairs, fast, &e), OK);
        join_slowly(x, match_prior_db(&model), ROWS, slow);
        assert_memory_equal(fast, slow, sizeof fast);
    }
}

static void persons_are_found_without_the_truth(void **state)
{
    (void)state;
    enum { ROWS = 1500 };
    uint32_t truth[ROWS], group[2][ROWS];
    double prior[2];
    for (size_t threads = 1; threads <= 2; threads++) {
        struct arena *a CLEANUP_ARENA = memory();
        struct match_model model;
        struct match_pairs pairs;
        struct err e = {0};
        const struct sheet *f = persons(a, 9, ROWS, 5, truth);
        struct match_index *x = index_of(f, &model, threads, a);
        assert_int_equal(match_learn(&model, x, &e), OK);
        assert_int_equal(match_pairs_over(x, 1 - match_prior_db(&model), a, &pairs, &e), OK);
        assert_int_equal(match_groups(x, &pairs, group[threads - 1], &e), OK);
        prior[threads - 1] = model.prior;
        struct match_quality q = match_quality(group[threads - 1], truth, ROWS);
        if (!(q.precision > 0.95 && q.recall > 0.85))
            fail_msg("precision %.3f, recall %.3f", q.precision, q.recall);
        /* the town says nothing of a person, and learning has noticed: about as often the same as by chance
         */
        assert_true(model.column[3].same[0] < 0.3);
        assert_true(model.column[4].same[0] > 0.95);
    }
    assert_memory_equal(group[0], group[1], sizeof group[0]);
    assert_memory_equal(&prior[0], &prior[1], sizeof prior[0]);
}

/* Towns that are written by the name of the town or of its district, which share no letter. */
static void what_goes_together_is_learned(void **state)
{
    (void)state;
    static const char *const PLACE[][2] = {{"leek", "moorlands"}, {"bath", "somerset"}, {"hull", "riding"}};
    struct arena *a CLEANUP_ARENA = memory();
    struct match_model model;
    struct match_reason reason[MATCH_COLUMNS_MAX];
    struct err e = {0};
    struct rng r;
    struct sheet_maker *m = sheet_maker_new(a, S("places"), 400);
    rng_seed(&r, 4);
    sheet_add_column(m, S("name"), COLUMN_TEXT, S("full_name"), false);
    sheet_add_column(m, S("born"), COLUMN_TEXT, S("date"), false);
    sheet_add_column(m, S("town"), COLUMN_TEXT, S("town"), false);
    struct person p = {0};
    for (size_t i = 0; i < 400; i++) {
        if (i % 4 == 0) p = person_some(a, &r);
        assert_int_equal(sheet_begin_row(m, str_format(a, "%zu", i), i + 1, &e), OK);
        put(m, 0, p.name);
        put(m, 1, p.born);
        put(m, 2, str_of(PLACE[i / 4 % 3][i % 2]));
    }
    const struct sheet *f = sheet_finish(m);
    struct match_index *x = index_of(f, &model, 2, a);
    match_weigh(x, 0, 1, reason);
    assert_true(reason[2].weight_db < 0);
    assert_int_equal(match_learn(&model, x, &e), OK);
    match_weigh(x, 0, 1, reason);
    assert_true(reason[2].weight_db > 0);
    assert_string_equal(reason[2].words, "known to go together");
    assert_int_equal(model.column[2].relations, 3);
    match_weigh(x, 0, 5, reason);
    assert_true(reason[2].weight_db < 0);
    check_against_all(x, f->rows, a);

    /* written, read and used on the same table it says the same */
    struct buf text CLEANUP_BUF, again CLEANUP_BUF;
    struct match_model read;
    struct match_index *y = NULL;
    buf_init(&text, 1 << 20);
    buf_init(&again, 1 << 20);
    match_model_write(&model, &text);
    if (match_model_read(buf_str(&text), a, &read, &e) != OK) fail_msg("%s", e.text);
    match_model_write(&read, &again);
    assert_true(str_eq(buf_str(&text), buf_str(&again)));
    assert_int_equal(match_index_new(f, &read, 1, a, &y, &e), OK);
    for (size_t i = 0; i < f->rows; i++)
        for (size_t j = 0; j < f->rows; j += 7)
            assert_int_equal(match_weigh(x, i, j, NULL), match_weigh(y, i, j, NULL));
}

static void broken_models_are_refused(void **state)
{
    (void)state;
    static const char *const BROKEN[] = {
        "",
        "colligate-match\t2\nprior\t0.1\ncolumn\tx\tcode\twhole\nsame\t0.9\t0.1\n",
        "colligate-match\t1\nprior\t0.1\n",
        "colligate-match\t1\nprior\t0.1\ncolumn\tx\tcode\twhole\n",
        "colligate-match\t1\nprior\t0.1\ncolumn\tx\tcode\twhole\nsame\t0.9\t0.3\n",
        "colligate-match\t1\nprior\t0.1\ncolumn\tx\tcode\twhole\nsame\t0.9\n",
        "colligate-match\t1\nprior\t0.1\ncolumn\tx\tcolour\twhole\nsame\t0.9\t0.1\n",
        "colligate-match\t1\nprior\t0.1\ncolumn\tx\tplace\tparts\nsame\t0.9\t0.05\t0.03\t0.01\t0.01\n",
        "colligate-match\t1\nprior\t2\ncolumn\tx\tcode\twhole\nsame\t0.9\t0.1\n",
        "colligate-match\t1\nsame\t0.9\t0.1\n",
        "colligate-match\t1\nprior\t0.1\ncolumn\tx\tcode\twhole\nsame\t0.9\t0.1\nrelated\ta\tb\t999\n",
        "colligate-match\t1\nprior\t0.1\ncolumn\tx\tcode\twhole\nsame\t.1\t.1\t.1\t.1\t.1\t.1\t.1\t.1\t.1\t."
        "1\n",
    };
    for (size_t i = 0; i < COUNT_OF(BROKEN); i++) {
        struct arena *a CLEANUP_ARENA = memory();
        struct match_model model;
        struct err e = {0};
        if (match_model_read(str_of(BROKEN[i]), a, &model, &e) != E_INVALID)
            fail_msg("model %zu was taken", i);
        assert_true(strlen(e.text) > 0);
    }
}

static void quality_by_hand(void **state)
{
    (void)state;
    const uint32_t group[] = {0, 0, 0, 3, 3, 5, 5}, truth[] = {1, 1, 2, 2, 2, 3, 0};
    struct match_quality q = match_quality(group, truth, COUNT_OF(group));
    assert_int_equal(q.rows, 6);
    assert_int_equal(q.found_pairs, 4);
    assert_int_equal(q.true_pairs, 4);
    assert_int_equal(q.right_pairs, 2);
    assert_true(fabs(q.f1 - 0.5) < 1e-12);
    assert_true(isnan(match_quality(group, truth, 0).f1));
}

static void bad_columns_are_refused(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = memory();
    struct match_model model;
    struct err e = {0}, e2 = {0}, e3 = {0};
    struct sheet_maker *m = sheet_maker_new(a, S("t"), 2);
    sheet_add_column(m, S("x"), COLUMN_TEXT, S("colour"), false);
    sheet_add_column(m, S("n"), COLUMN_NUMBER, S("postcode"), false);
    const struct sheet *f = sheet_finish(m);
    struct str_list out = {(Str[]){S("x"), S("n")}, 1};
    assert_int_equal(match_model_begin(f, NULL, &model, &e), E_INVALID);
    assert_non_null(strstr(e.text, "colour"));
    assert_int_equal(match_model_begin(f, &out, &model, &e2), E_INVALID);
    assert_non_null(strstr(e2.text, "\"n\""));
    out.count = 2;
    assert_int_equal(match_model_begin(f, &out, &model, &e3), E_INVALID);
}

static void empty_tables_end_well(void **state)
{
    (void)state;
    for (size_t rows = 0; rows < 3; rows++) {
        struct arena *a CLEANUP_ARENA = memory();
        struct match_model model;
        struct match_pairs pairs;
        struct err e = {0};
        uint32_t group[3];
        const struct sheet *f = persons(a, 1, rows, 1, NULL);
        struct match_index *x = index_of(f, &model, 0, a);
        assert_int_equal(match_learn(&model, x, &e), OK);
        assert_int_equal(match_pairs_over(x, 1, a, &pairs, &e), OK);
        assert_int_equal(match_groups(x, &pairs, group, &e), OK);
        for (size_t r = 0; r < rows; r++)
            assert_true(group[r] <= r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fast_way_gives_what_weighing_all_gives),
        cmocka_unit_test(what_is_measured_is_weighed_too),
        cmocka_unit_test(the_nearest_are_the_nearest),
        cmocka_unit_test(reasons_add_up),
        cmocka_unit_test(groups_are_those_of_average_link),
        cmocka_unit_test(persons_are_found_without_the_truth),
        cmocka_unit_test(what_goes_together_is_learned),
        cmocka_unit_test(broken_models_are_refused),
        cmocka_unit_test(quality_by_hand),
        cmocka_unit_test(bad_columns_are_refused),
        cmocka_unit_test(empty_tables_end_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
