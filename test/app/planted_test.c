/* evaluate planted from end to end on a made town: what it counts adds up, and does not depend on threads. */
#include "app/import.h"
#include "app/linking.h"
#include "app/planted.h"
#include "app/session.h"
#include "base/caldate.h"
#include "base/stream.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define DEATHS 420
#define DAYS   700

struct bed {
    struct arena *a;
    struct policy policy;
    struct link_model model;
    struct second_look look;
    const struct mapping *mapping;
    char folder[64];
    const char *file;
    char plans[1024];
    struct buf told;
};

static struct bed bed;

static void take_line(void *state, Str line)
{
    (void)state;
    buf_add(&bed.told, line);
    buf_add_char(&bed.told, '\n');
}

/* A table such as the mapping milwaukee reads, of made deaths. */
static void make_table(struct buf *out)
{
    static const char *const kind[] = {"Natural,,,", "Accident,Fentanyl toxicity,,Drug Related",
                                       "Accident,Blunt trauma,,Falls",
                                       "Homicide,Gunshot wound,,Gunshot Injury"};
    static const double weight[] = {55, 30, 10, 5};
    struct rng r;
    rng_seed(&r, 9);
    buf_add_cstr(
        out, "CaseNum_STR,DeathDate,EventDate,Age,Gender,Race,Mode,CauseA,CauseOther,DeathType,DeathSubType,"
             "CaseType,DeathAddr,DeathCity,DeathZip,DeathState,lat,lon\n");
    for (int i = 0; i < DEATHS; i++) {
        char day[32];
        caldate_format_day((18262 + (int64_t)rng_below(&r, DAYS)) * MS_PER_DAY, day);
        size_t k = rng_pick(&r, weight, COUNT_OF(kind));
        buf_addf(out, "M-%d,%s,,%d,%s,,%s,,,%d W Marl Street,Made Town,53200,WI,%.4f,%.4f\n", i, day,
                 (int)rng_between(&r, k == 0 ? 50 : 18, k == 0 ? 95 : 70),
                 rng_chance(&r, 0.6) ? "Male" : "Female", kind[k], (int)rng_between(&r, 1, 99999),
                 43 + 0.2 * rng_unit(&r), -88 + 0.2 * rng_unit(&r));
    }
}

static const char *put_file(const char *name, Str text)
{
    struct err e = {0};
    char *path = str_cstr(bed.a, str_format(bed.a, "%s/%s", bed.folder, name));
    if (file_write(path, text, 0600, &e) != OK) fail_msg("%s", e.text);
    return path;
}

static void read_background(struct background *out)
{
    struct err e = {0};
    if (background_read(bed.a, &bed.policy, bed.file, bed.mapping, bed.plans, out, &e) != OK)
        fail_msg("%s", e.text);
}

static void run(const struct background *b, size_t threads, bool learn, struct planted_report *out)
{
    struct err e = {0};
    struct planted_run_options o = {.background = b,
                                    .policy = &bed.policy,
                                    .model = &bed.model,
                                    .look = &bed.look,
                                    .learn = learn,
                                    .groups = true,
                                    .decided_days = 7,
                                    .seed = 4,
                                    .runs = 2,
                                    .plant = {.series = 2},
                                    .threads = threads,
                                    .top = 5,
                                    .missed = true,
                                    .false_alerts = true};
    buf_clear(&bed.told);
    if (planted_run(&o, take_line, NULL, bed.a, out, &e) != OK) fail_msg("%s", e.text);
}

static void check_kind(const struct planted_kind *k)
{
    for (size_t b = 0; b < PLANTED_BUDGETS; b++) {
        assert_true(k->found[b][0] <= k->groups);
        for (size_t n = 2; n <= PLANTED_DEATHS; n++)
            assert_true(k->found[b][n] <= k->of_size[n] && k->of_size[n] <= k->groups);
    }
    assert_true(k->rank_1 <= k->rank_10 && k->rank_10 <= k->rank_100 && k->rank_100 <= k->ranked);
}

static void what_is_counted_adds_up(void **state)
{
    (void)state;
    struct background b;
    struct planted_report *r = NEW(bed.a, struct planted_report);
    read_background(&b);
    assert_int_equal(b.count, DEATHS);
    assert_int_equal(b.patterns, 17);
    run(&b, 1, false, r);
    assert_int_equal(r->deaths, 2 * DEATHS);
    uint64_t series = 0, members = 0, ranked = 0, alerts[PLANTED_BUDGETS] = {0};
    for (size_t k = 0; k < r->kinds; k++) {
        check_kind(&r->kind[k]);
        for (size_t i = 0; i < PLANTED_BUDGETS; i++)
            alerts[i] += r->kind[k].alerts[i];
        if (r->kind[k].nature != NATURE_SERIES) continue;
        series += r->kind[k].groups;
        members += r->kind[k].members;
        ranked += r->kind[k].ranked;
    }
    assert_in_range(series, 12, 24);
    assert_int_equal(members, r->in_series);
    assert_true(ranked > 0 && ranked <= members - series);
    for (size_t i = 0; i < PLANTED_BUDGETS; i++) {
        const struct planted_budget *p = &r->budget[i];
        assert_int_equal(p->alerts, p->hits + p->benign + p->look_alike + p->other);
        assert_int_equal(alerts[i], p->hits + p->look_alike);
        uint64_t raised = 0, hits = 0;
        for (size_t by = 0; by < ALERT_BY_COUNT; by++) {
            raised += p->by[by].alerts;
            hits += p->by[by].hits;
        }
        assert_true(raised == p->alerts && hits == p->hits);
    }
    for (size_t k = 0; k < PLANTED_SAID; k++) {
        const struct planted_calibration *p = &r->calibration[k];
        uint64_t items = 0, linked = 0;
        for (size_t i = 0; i < p->bins; i++) {
            items += p->bin[i].items;
            linked += p->bin[i].linked;
        }
        assert_true(p->pairs > 0 && p->linked > 0);
        assert_int_equal(items, p->pairs);
        for (size_t i = 0; i < PLANTED_BANDS; i++) {
            items -= p->band[i].items;
            assert_true(p->band[i].items == 0 || (p->band[i].probability >= p->band[i].low &&
                                                  p->band[i].probability <= p->band[i].high));
        }
        assert_int_equal(items, 0);
        assert_int_equal(linked, p->linked);
    }
    /* two years, less the half year in which the alarm has no price yet */
    assert_true(r->weeks > 2 * (DAYS - 182 - 60) / 7.0 && r->weeks < 2 * (DAYS - 182 + 30) / 7.0);
}

static void check_lesson(const struct lesson *x, const struct lesson *y)
{
    assert_int_equal(x->linked, y->linked);
    for (size_t m = 0; m < LOOK_MEASURES; m++)
        assert_true(x->value[m] == y->value[m] || (isnan(x->value[m]) && isnan(y->value[m])));
}

/* The lessons are the same, can be kept beside others, and teach what can be read. */
static void check_lessons(struct planted_report *one, struct planted_report *two)
{
    struct buf text CLEANUP_BUF, again CLEANUP_BUF;
    struct lessons kept = {0};
    struct second_look look, read;
    struct err e = {0};
    size_t count = one->lessons.count, linked = 0;
    assert_int_equal(count, two->lessons.count);
    for (size_t i = 0; i < count; i++)
        check_lesson(&one->lessons.item[i], &two->lessons.item[i]);
    for (size_t i = 0; i < count; i++)
        linked += one->lessons.item[i].linked;
    assert_true(linked > 0 && linked < count);
    Str path = str_format(bed.a, "%s/lessons.tsv", bed.folder);
    lessons_tell(&one->lessons, bed.a, S("a made town"));
    assert_int_equal(lessons_read(path.ptr, bed.a, &kept, &e), OK); /* not there yet */
    assert_int_equal(kept.count, 0);
    assert_int_equal(lessons_write(path.ptr, &one->lessons, &e), OK);
    assert_int_equal(lessons_read(path.ptr, bed.a, &kept, &e), OK);
    assert_int_equal(kept.count, count);
    for (size_t i = 0; i < count; i++)
        check_lesson(&kept.item[i], &one->lessons.item[i]);
    assert_true(kept.told.count == 1 && str_eq(kept.told.item[0], S("a made town")));
    buf_init(&text, SECOND_LOOK_MAX_BYTES);
    buf_init(&again, SECOND_LOOK_MAX_BYTES);
    assert_int_equal(lessons_learn(&kept, bed.a, &look, &e), OK);
    second_look_write(&look, &kept.told, &text);
    assert_int_equal(second_look_load(bed.a, buf_str(&text), &read, &e), OK);
    second_look_write(&read, &kept.told, &again);
    assert_true(str_eq(buf_str(&text), buf_str(&again)));
    lessons_free(&kept);
    lessons_free(&one->lessons);
    lessons_free(&two->lessons);
}

static void bad_lessons_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *line, *part;
    } bad[] = {{"linked\tcolour\n", "line 1: these lessons were kept by another version"},
               {"HEAD1\t2\n", "line 2: there is not a value for every measure"},
               {"HEAD2ROW", "line 2: 1 (of one series) or 0 is expected first"},
               {"HEAD1ROWx", "line 2: a number is expected"}};
    struct buf head CLEANUP_BUF, text CLEANUP_BUF;
    buf_init(&head, 1 << 16);
    buf_init(&text, 1 << 16);
    buf_add(&head, S("linked"));
    for (int m = 0; m < LOOK_MEASURES; m++) {
        Str name = look_measure_name(bed.a, (enum look_measure)m);
        buf_addf(&head, "\t%.*s", STR_ARG(name));
    }
    buf_add_char(&head, '\n');
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct lessons l = {0};
        struct err e = {0};
        Str line = str_of(bad[i].line);
        buf_clear(&text);
        if (str_starts(line, S("HEAD"))) {
            buf_add(&text, buf_str(&head));
            line = str_slice(line, 4, line.len);
        }
        size_t row = str_find(line, S("ROW"));
        buf_add(&text, row == STR_NPOS ? line : str_slice(line, 0, row));
        for (int m = 0; row != STR_NPOS && m < LOOK_MEASURES; m++)
            buf_add(&text, S("\t"));
        if (row != STR_NPOS) buf_add(&text, str_slice(line, row + 3, line.len));
        assert_int_equal(lessons_read(put_file("bad.tsv", buf_str(&text)), bed.a, &l, &e), E_INVALID);
        if (strstr(e.text, bad[i].part) == NULL) fail_msg("%s", e.text);
        lessons_free(&l);
    }
    struct lessons none = {0};
    struct second_look look;
    struct err e = {0};
    assert_int_equal(lessons_learn(&none, bed.a, &look, &e), E_INVALID);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    struct background b;
    struct planted_report *one = NEW(bed.a, struct planted_report), *two = NEW(bed.a, struct planted_report);
    read_background(&b);
    run(&b, 1, true, one);
    Str told = str_copy(bed.a, buf_str(&bed.told));
    run(&b, 2, true, two);
    assert_true(told.len > 0);
    assert_true(str_eq(told, buf_str(&bed.told)));
    assert_memory_equal(one->kind, two->kind, sizeof one->kind);
    assert_memory_equal(one->calibration, two->calibration, sizeof one->calibration);
    check_lessons(one, two);
    for (size_t i = 0; i < PLANTED_BUDGETS; i++)
        assert_int_equal(one->budget[i].alerts, two->budget[i].alerts);
}

static void bad_plans_are_told(void **state)
{
    (void)state;
    struct background b;
    struct err e = {0};
    assert_int_equal(background_read(bed.a, &bed.policy, bed.file, bed.mapping, "/nowhere", &b, &e),
                     E_NOT_FOUND);
    e = (struct err){0};
    assert_int_equal(background_read(bed.a, &bed.policy, bed.file, bed.mapping, bed.folder, &b, &e),
                     E_INVALID);
    assert_non_null(strstr(e.text, "holds no file NAME.plan"));
    (void)put_file("a.plan", S("[plan]\nname = a\nnature = series\nabout = x\nsource = y\ncount = 1\n"
                               "members = 2-2\ngap_days = 1-2\n"));
    e = (struct err){0};
    assert_int_equal(background_read(bed.a, &bed.policy, bed.file, bed.mapping, bed.folder, &b, &e), OK);
    struct planted_report *r = NEW(bed.a, struct planted_report);
    struct planted_run_options o = {
        .background = &b, .policy = &bed.policy, .model = &bed.model, .runs = 1, .threads = 1, .top = 5};
    e = (struct err){0};
    assert_int_equal(planted_run(&o, NULL, NULL, bed.a, r, &e), E_INVALID);
    assert_non_null(strstr(e.text, "dressing.plan"));
}

static int set_up(void **state)
{
    (void)state;
    struct err e = {0};
    struct buf table CLEANUP_BUF = {0};
    bed.a = arena_new("bed", (size_t)2 << 30);
    if (session_policy(bed.a, &bed.policy, &e) != OK || linking_model(bed.a, NULL, &bed.model, &e) != OK ||
        linking_second_look(bed.a, NULL, &bed.look, &e) != OK ||
        import_mapping(bed.a, &bed.policy, "milwaukee", &bed.mapping, &e) != OK)
        fail_msg("%s", e.text);
    (void)snprintf(bed.folder, sizeof bed.folder, "%s", "/tmp/planted-XXXXXX");
    assert_non_null(mkdtemp(bed.folder));
    (void)snprintf(bed.plans, sizeof bed.plans, "%s/demo/plans", getenv("COLLIGATE_SOURCE_ROOT"));
    buf_init(&table, 1 << 20);
    make_table(&table);
    bed.file = put_file("deaths.csv", buf_str(&table));
    buf_init(&bed.told, 1 << 24);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(bed.file);
    (void)unlink(str_cstr(bed.a, str_format(bed.a, "%s/a.plan", bed.folder)));
    (void)rmdir(bed.folder);
    buf_free(&bed.told);
    arena_free(bed.a);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_counted_adds_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(threads_change_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bad_lessons_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bad_plans_are_told, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
