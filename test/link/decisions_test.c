/* A model of deaths moves with decisions: the right way, by no more than they are worth, and stays a model.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/assets.h"
#include "base/stream.h"
#include "link/decisions.h"
#include "worldkit.h"

#include <math.h>
#include <stdlib.h>

#define DEATHS 40

/* Even numbers are men, odd ones women; all drowned, each third seated. */
static struct world *forty(struct worldkit *k)
{
    struct world *w = world_new(&k->model, &k->policy, (size_t)1 << 30);
    struct change line[DEATHS];
    for (int i = 0; i < DEATHS; i++) {
        Str text = str_format(
            k->arena,
            "{\"known_at\":\"2020-01-01T00:00:00Z\",\"source\":\"report\",\"kind\":\"death\",\"id\":"
            "\"D%02d\",\"set\":{\"sex\":\"%s\",\"mechanism\":\"drowning\",\"posture\":\"%s\"}}",
            i, i % 2 ? "F" : "M", i % 3 ? "supine" : "seated_propped");
        line[i] = worldkit_line(k, str_cstr(k->arena, text));
    }
    worldkit_apply(w, line, DEATHS);
    world_count_all(w);
    return w;
}

static struct decision pair(struct worldkit *k, const struct world *w, int a, int b, bool linked)
{
    const char *x = str_cstr(k->arena, str_format(k->arena, "D%02d", a)),
               *y = str_cstr(k->arena, str_format(k->arena, "D%02d", b));
    return (struct decision){worldkit_event(w, KIND_DEATH, x), worldkit_event(w, KIND_DEATH, y), linked, 1};
}

static void decisions_move_beliefs(void **state)
{
    struct worldkit *k = *state;
    struct world *w CLEANUP_WORLD = forty(k);
    struct decision same[10], different[10], dismissed[10];
    struct link_model m;
    struct feature_seen seen[FEATURE_COUNT];
    double policy = k->model.feature[FEATURE_SEX].m, factor = k->model.feature[FEATURE_SEX].factor;
    for (int i = 0; i < 10; i++) {
        same[i] = pair(k, w, i, i + 10, true);
        different[i] = pair(k, w, i, i + 11, true);
        dismissed[i] = pair(k, w, i, i + 20, false);
    }
    link_model_learn(w, same, 10, k->arena, &m, seen);
    assert_true(m.feature[FEATURE_SEX].m > policy);
    /* at most as if all ten had been copied */
    assert_true(m.feature[FEATURE_SEX].m <= (20 * policy + 10) / 30);
    assert_true(seen[FEATURE_SEX].agreed == 10 && seen[FEATURE_SEX].differed == 0);
    assert_true(m.feature[FEATURE_SEX].factor == factor);
    link_model_learn(w, different, 10, k->arena, &m, seen);
    assert_true(fabs(m.feature[FEATURE_SEX].m - 20 * policy / 30) < 1e-12);
    assert_true(seen[FEATURE_SEX].differed == 10);
    /* what nobody recorded stays, and so does what only ever speaks for a link */
    assert_true(fabs(m.feature[FEATURE_HOUSING].m - k->model.feature[FEATURE_HOUSING].m) < 1e-12);
    assert_true(m.feature[FEATURE_IDENTIFIER].m == k->model.feature[FEATURE_IDENTIFIER].m);
    link_model_learn(w, dismissed, 10, k->arena, &m, seen);
    assert_true(fabs(m.feature[FEATURE_SEX].m - policy) < 1e-12);
    assert_true(m.feature[FEATURE_SEX].factor < factor && m.feature[FEATURE_SEX].factor >= factor / 2);
    assert_true(seen[FEATURE_SEX].dismissed_agreed == 10);
    link_model_learn(w, NULL, 0, k->arena, &m, seen);
    for (int f = 0; f < FEATURE_COUNT; f++)
        assert_true(m.feature[f].m == k->model.feature[f].m &&
                    m.feature[f].factor == k->model.feature[f].factor);
}

static Str policy_text(struct worldkit *k)
{
    struct buf text CLEANUP_BUF;
    struct err e = {0};
    buf_init(&text, 1 << 20);
    assert_int_equal(file_read(str_cstr(k->arena, str_format(k->arena, "%s/policy/model-deaths.tsv",
                                                             getenv("COLLIGATE_SOURCE_ROOT"))),
                               &text, &e),
                     OK);
    return str_copy(k->arena, buf_str(&text));
}

static void learned_models_are_read_back(void **state)
{
    struct worldkit *k = *state;
    struct world *w CLEANUP_WORLD = forty(k);
    struct decision d[] = {pair(k, w, 0, 6, true), pair(k, w, 1, 7, true), pair(k, w, 2, 5, false)};
    struct link_model m, read;
    struct feature_seen seen[FEATURE_COUNT];
    struct buf out CLEANUP_BUF;
    struct err e = {0};
    Str note[] = {S("file\tdeaths.csv"), S("date\t2021-01-01")};
    struct str_list notes = {note, 2};
    buf_init(&out, 1 << 20);
    link_model_learn(w, d, 3, k->arena, &m, seen);
    link_model_write(policy_text(k), &m, S("north"), k->model.label, &notes, &out);
    assert_int_equal(link_model_load(k->arena, buf_str(&out), &read, &e), OK);
    for (int f = 0; f < FEATURE_COUNT; f++) {
        assert_true(fabs(read.feature[f].m - m.feature[f].m) < 1e-4);
        assert_true(fabs(read.feature[f].factor - m.feature[f].factor) < 1e-4);
    }
    assert_true(read.version == k->model.version + 1 && read.role_count == k->model.role_count);
    assert_true(str_eq(read.parent, S("deaths 2")));
    assert_true(str_starts(read.label, S("north 3 (from deaths 2, digest ")));
    assert_true(str_eq(k->model.label, S("deaths 2")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decisions_move_beliefs),
        cmocka_unit_test(learned_models_are_read_back),
    };
    return cmocka_run_group_tests_name("decisions", tests, worldkit_setup, worldkit_teardown);
}
