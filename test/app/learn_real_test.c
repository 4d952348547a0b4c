/* Learning on public data: the figures of the R package crimelinkage reached or beaten. Reads ../shared/data
 * (or COLLIGATE_DATA); skipped, with the reason, where that is not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "app/pair_file.h"
#include "base/stream.h"
#include "learn/measure.h"
#include "learn/validate.h"

#include <math.h>

static const char *data_file(const char *name, char path[1024])
{
    const char *folder = getenv("COLLIGATE_DATA"), *root = getenv("COLLIGATE_SOURCE_ROOT");
    if (folder != NULL)
        (void)snprintf(path, 1024, "%s/linkage/%s", folder, name);
    else
        (void)snprintf(path, 1024, "%s/../shared/data/linkage/%s", root ? root : ".", name);
    if (file_exists(path)) return path;
    print_message("skipped: %s is not there\n", path);
    return NULL;
}

/* The pairs of the package's own example, and its score. */
static bool baltimore(struct arena *a, struct pair_file *out)
{
    char path[1024];
    struct err e = {0};
    struct pair_file_options o = {.file = data_file("baltimore_pairs_scored.csv.gz", path),
                                  .label = S("Y"),
                                  .columns = S("spatial,temporal,tod,dow,MO1,MO2,MO3"),
                                  .weight = S("weight"),
                                  .train = S("train"),
                                  .against = S("nb")};
    if (o.file == NULL) return false;
    if (pair_file_read(&o, a, out, &e) != OK) fail_msg("%s", e.text);
    return true;
}

static void naive_bayes_is_that_of_the_package(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("learn real test", (size_t)1 << 30);
    struct pair_file f;
    struct curves m;
    struct err e = {0};
    double value[7];
    size_t equal = 0;
    if (!baltimore(a, &f)) skip();
    struct pair_table part = pair_table_part(&f.table, f.train, a);
    assert_int_equal(bayes_train(&part, &BAYES_OPTIONS_DEFAULT, a, &m, &e), OK);
    for (size_t i = 0; i < f.table.pairs; i++) {
        pair_table_row(&f.table, i, value);
        if (fabs(curves_score(&m, value) * M_LN10 - f.against[i]) < 5e-7) equal++;
    }
    /* one pair lies beyond the training range, where the package says nothing; two lie on the edge of a bin,
     * to the 15 digits that the file holds */
    assert_int_equal(f.table.pairs, 11155);
    assert_int_equal(equal, 11152);
}

static double auc_of_rest(const struct pair_file *f, enum method method, struct arena *a)
{
    struct pair_table part = pair_table_part(&f->table, f->train, a);
    struct train_options o = {.method = method, .seed = 1};
    struct scored *item = NEW_ARRAY(a, struct scored, f->table.pairs);
    struct curves m;
    struct err e = {0};
    double value[7];
    size_t count = 0;
    assert_int_equal(train_pairs(&part, &o, a, &m, &e), OK);
    for (size_t i = 0; i < f->table.pairs; i++) {
        if (f->train[i]) continue;
        pair_table_row(&f->table, i, value);
        item[count++] = (struct scored){curves_score(&m, value), f->table.linked[i]};
    }
    struct ranking r = ranking_of(item, count, a);
    return ranking_auc(&r);
}

static void the_additive_model_finds_no_fewer(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("learn real test", (size_t)1 << 30);
    struct pair_file f;
    if (!baltimore(a, &f)) skip();
    double additive = auc_of_rest(&f, METHOD_ADDITIVE, a), bayes = auc_of_rest(&f, METHOD_BAYES, a);
    assert_true(bayes > 0.93);
    assert_true(additive > bayes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(naive_bayes_is_that_of_the_package),
        cmocka_unit_test(the_additive_model_finds_no_fewer),
    };
    return cmocka_run_group_tests_name("learning on real data", tests, NULL, NULL);
}
