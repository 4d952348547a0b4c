/* What pairs cannot see: planted in a quiet year, found; and nothing where nothing is. */
#include "../link/worldkit.h"
#include "app/group_watch.h"
#include "base/caldate.h"
#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define WORLD_BYTES ((size_t)1 << 30)
#define YEAR_DEATHS 700
#define FIRST_DAY   16071 /* 1 January 2014 */
#define DAYS        360

static struct worldkit kit;

struct told {
    const char *id, *mechanism, *sex, *manner;
    int day;
    double lat, lon;
};

static void put(struct world *w, const char *json)
{
    struct change line = worldkit_line(&kit, json);
    struct err e = {0};
    if (world_apply(w, &line, &e) != OK) fail_msg("%s", e.text);
}

static void put_death(struct world *w, const struct told *t)
{
    char json[600], day[32];
    caldate_format_day((FIRST_DAY + (int64_t)t->day) * MS_PER_DAY, day);
    (void)snprintf(
        json, sizeof json,
        "{\"known_at\":\"2015-01-01T00:00:00Z\",\"kind\":\"death\",\"id\":\"%s\",\"source\":\"x\","
        "\"set\":{\"found\":{\"from\":\"%sT08:00:00Z\",\"to\":\"%sT09:00:00Z\"},\"unit\":\"N\","
        "\"place\":{\"lat\":%.5f,\"lon\":%.5f},\"mechanism\":\"%s\",\"sex\":\"%s\",\"manner\":\"%s\"}}",
        t->id, day, day, t->lat, t->lon, t->mechanism, t->sex, t->manner);
    put(w, json);
}

static void put_part(struct world *w, const char *id, const char *person, const char *death, const char *role)
{
    char json[400];
    (void)snprintf(
        json, sizeof json,
        "{\"known_at\":\"2015-01-01T00:00:00Z\",\"kind\":\"person\",\"id\":\"%s\",\"source\":\"x\","
        "\"set\":{\"name\":\"Person %s\"}}",
        person, person);
    put(w, json);
    (void)snprintf(
        json, sizeof json,
        "{\"known_at\":\"2015-01-01T00:00:00Z\",\"kind\":\"involvement\",\"id\":\"I-%s\",\"source\":"
        "\"x\",\"set\":{\"event\":\"%s\",\"person\":\"%s\",\"role\":\"%s\"}}",
        id, death, person, role);
    put(w, json);
}

/* A year of deaths all over a town, seven of ten overdoses certified by now, each with a finder of its own.
 */
static struct world *quiet_year(void)
{
    struct world *w = world_new(&kit.model, &kit.policy, WORLD_BYTES);
    struct rng r;
    rng_seed(&r, 5);
    for (int i = 0; i < YEAR_DEATHS; i++) {
        char id[16], person[16];
        (void)snprintf(id, sizeof id, "B%d", i);
        (void)snprintf(person, sizeof person, "P%d", i);
        bool natural = i % 3 != 0;
        put_death(w, &(struct told){.id = id,
                                    .mechanism = natural ? "natural" : "overdose",
                                    .sex = i % 2 ? "M" : "F",
                                    .manner = natural               ? "natural"
                                              : rng_chance(&r, 0.3) ? "undetermined"
                                                                    : "accident",
                                    .day = (int)rng_below(&r, DAYS),
                                    .lat = 51.5 + 0.2 * rng_unit(&r),
                                    .lon = 0.3 * rng_unit(&r)});
        put_part(w, id, person, id, "finder");
    }
    return w;
}

struct look {
    struct arena *a;
    const struct found_group *found;
    size_t count;
};

static struct look look(struct world *w, size_t threads)
{
    struct look l = {.a = arena_new("group test", WORLD_BYTES)};
    struct group_watch *g = group_watch_new(&kit.policy, threads);
    struct err e = {0};
    (void)world_tick(w);
    for (uint32_t i = 0; i < world_event_count(w); i++)
        group_watch_take(g, w, i);
    for (uint32_t i = 0; i < world_event_count(w); i++) /* told more of: the same once */
        group_watch_take(g, w, i);
    assert_int_equal(group_watch_deaths(g), world_event_count(w));
    if (group_watch_look(g, FIRST_DAY + DAYS, 1.0 / 7, l.a, &l.found, &l.count, &e) != OK)
        fail_msg("%s", e.text);
    group_watch_free(g);
    return l;
}

/* The first of a kind whose members are at least `least` of those named P0, P1 ... with the prefix. */
static const struct found_group *named(const struct look *l, struct world *w, enum detection_kind kind,
                                       const char *prefix, size_t least)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct found_group *f = &l->found[i];
        size_t in = 0;
        for (size_t k = 0; k < f->detection->count; k++)
            in += str_starts(world_event_id(w, f->event_of_row[f->detection->member[k]])->id, str_of(prefix));
        if (f->detection->kind == kind && in >= least) return f;
    }
    return NULL;
}

static double rarest(const struct look *l)
{
    double weeks = 0;
    for (size_t i = 0; i < l->count; i++)
        if (l->found[i].detection->recurrence_weeks > weeks) weeks = l->found[i].detection->recurrence_weeks;
    return weeks;
}

static void a_quiet_year_holds_nothing_rare(void **state)
{
    (void)state;
    struct world *w CLEANUP_WORLD = quiet_year();
    struct look l = look(w, 1);
    assert_true(rarest(&l) < 200);
    arena_free(l.a);
}

/* Seven overdoses in a week within a kilometre; others had lain there, long before. */
static void put_cluster(struct world *w)
{
    for (int i = 0; i < 7; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "ALONE%d", i);
        put_death(w, &(struct told){.id = id,
                                    .mechanism = "overdose",
                                    .sex = "M",
                                    .manner = "accident",
                                    .day = 20 + 40 * i,
                                    .lat = 51.55 + 0.001 * i,
                                    .lon = 0.15});
    }
    for (int i = 0; i < 7; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "C%d", i);
        put_death(w, &(struct told){.id = id,
                                    .mechanism = "overdose",
                                    .sex = "M",
                                    .manner = "accident",
                                    .day = DAYS - 1 - i,
                                    .lat = 51.55 + 0.001 * i,
                                    .lon = 0.15});
    }
}

static void deaths_close_together_are_a_cluster(void **state)
{
    (void)state;
    struct world *w CLEANUP_WORLD = quiet_year();
    put_cluster(w);
    struct look l = look(w, 1), two = look(w, 2);
    const struct found_group *f = named(&l, w, DETECTION_CLUSTER, "C", 5);
    assert_non_null(f);
    assert_true(f->detection->recurrence_weeks > 26);
    assert_non_null(strstr(str_cstr(l.a, f->words), "verdose"));
    assert_null(strstr(str_cstr(l.a, f->words), "ALONE")); /* lay there long before, and is no member */
    assert_non_null(strstr(str_cstr(l.a, f->words), "near where "));
    assert_int_equal(two.count, l.count); /* with two threads the same */
    for (size_t i = 0; i < l.count; i++)
        assert_true(str_eq(l.found[i].words, two.found[i].words) &&
                    l.found[i].detection->subject == two.found[i].detection->subject);
    arena_free(l.a);
    arena_free(two.a);
}

/* More deaths of a mechanism than are compared place by place. */
static void of_many_deaths_squares_are_compared(void **state)
{
    (void)state;
    struct world *w CLEANUP_WORLD = world_new(&kit.model, &kit.policy, WORLD_BYTES);
    struct rng r;
    rng_seed(&r, 8);
    for (int i = 0; i < 5200; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "%c%d", i < 5190 ? 'B' : 'C', i);
        bool quiet = i < 5190;
        put_death(w, &(struct told){.id = id,
                                    .mechanism = "natural",
                                    .sex = "M",
                                    .manner = "natural",
                                    .day = quiet ? (int)rng_below(&r, DAYS) : DAYS - 1 - i % 5,
                                    .lat = quiet ? 51.5 + 0.2 * rng_unit(&r) : 51.6 + i % 7 * 0.0002,
                                    .lon = quiet ? 0.3 * rng_unit(&r) : 0.15});
    }
    struct look l = look(w, 1);
    const struct found_group *f = named(&l, w, DETECTION_CLUSTER, "C", 9);
    assert_non_null(f);
    assert_true(f->detection->recurrence_weeks > 100);
    arena_free(l.a);
}

static void deaths_that_stay_unexplained_are_a_rate(void **state)
{
    (void)state;
    struct world *w CLEANUP_WORLD = quiet_year();
    struct rng r;
    rng_seed(&r, 6);
    for (int i = 0; i < 18; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "R%d", i);
        put_death(w, &(struct told){.id = id,
                                    .mechanism = "overdose",
                                    .sex = "F",
                                    .manner = "undetermined",
                                    .day = DAYS - 1 - (int)rng_below(&r, 50),
                                    .lat = 51.5 + 0.2 * rng_unit(&r),
                                    .lon = 0.3 * rng_unit(&r)});
    }
    struct look l = look(w, 1);
    const struct found_group *f = named(&l, w, DETECTION_RATE, "R", 14);
    assert_non_null(f);
    assert_non_null(strstr(str_cstr(l.a, f->words), "unexplained"));
    arena_free(l.a);
}

static void put_finder_of_nine(struct world *w)
{
    for (int i = 0; i < 9; i++) {
        char id[16], part[16];
        (void)snprintf(id, sizeof id, "B%d", i * 50);
        (void)snprintf(part, sizeof part, "X%d", i);
        put_part(w, part, "PX", id, "finder");
    }
}

static void a_person_with_a_part_in_many_is_in_common(void **state)
{
    (void)state;
    struct world *w CLEANUP_WORLD = quiet_year();
    put_finder_of_nine(w);
    struct look l = look(w, 1);
    const struct found_group *f = named(&l, w, DETECTION_EXPOSURE, "B", 9);
    assert_non_null(f);
    assert_int_equal(f->detection->count, 9);
    assert_non_null(strstr(str_cstr(l.a, f->words), "Person PX, the finder: a part in 9 deaths"));
    arena_free(l.a);
}

/* Of very many deaths the last are listed, and all are said. */
static void a_person_with_a_part_in_very_many_is_not_lost(void **state)
{
    (void)state;
    struct world *w CLEANUP_WORLD = quiet_year();
    for (int i = 0; i < YEAR_DEATHS; i += 3) {
        char id[16], part[16], person[16];
        (void)snprintf(id, sizeof id, "B%d", i);
        (void)snprintf(part, sizeof part, "X%d", i);
        (void)snprintf(person, sizeof person, "D%d", i % 5 == 0 ? 0 : i);
        put_part(w, part, person, id, "carer");
    }
    struct look l = look(w, 1);
    const struct found_group *f = named(&l, w, DETECTION_EXPOSURE, "B", 20);
    assert_non_null(f);
    assert_int_equal(f->detection->count, 24);
    assert_non_null(strstr(str_cstr(l.a, f->words), "Person D0, "));
    assert_null(strstr(str_cstr(l.a, f->words), "a part in 24 ")); /* but in more */
    assert_non_null(strstr(str_cstr(l.a, f->words), "less than once in 1000 years"));
    arena_free(l.a);
}

/* Prices outlive a start, at which deaths are met in another order. */
static void what_is_found_is_the_same_in_any_order(void **state)
{
    (void)state;
    struct world *w CLEANUP_WORLD = quiet_year();
    put_finder_of_nine(w);
    put_cluster(w);
    struct look l = look(w, 1), back = {.a = arena_new("group test", WORLD_BYTES)};
    struct group_watch *g = group_watch_new(&kit.policy, 1);
    struct err e = {0};
    for (uint32_t i = (uint32_t)world_event_count(w); i-- > 0;)
        group_watch_take(g, w, i);
    assert_int_equal(group_watch_look(g, FIRST_DAY + DAYS, 1.0 / 7, back.a, &back.found, &back.count, &e),
                     OK);
    group_watch_free(g);
    assert_true(l.count > 1 && l.count == back.count);
    for (size_t i = 0; i < l.count; i++) {
        const struct detection *x = l.found[i].detection, *y = NULL;
        for (size_t k = 0; k < back.count; k++) /* mechanisms and roles may come in another order */
            if (str_eq(l.found[i].words, back.found[k].words)) y = back.found[k].detection;
        assert_non_null(y);
        assert_true(x->subject == y->subject && x->count == y->count &&
                    x->recurrence_weeks == y->recurrence_weeks);
    }
    arena_free(l.a);
    arena_free(back.a);
}

int main(void)
{
    worldkit_open(&kit);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quiet_year_holds_nothing_rare),
        cmocka_unit_test(deaths_close_together_are_a_cluster),
        cmocka_unit_test(of_many_deaths_squares_are_compared),
        cmocka_unit_test(deaths_that_stay_unexplained_are_a_rate),
        cmocka_unit_test(a_person_with_a_part_in_many_is_in_common),
        cmocka_unit_test(a_person_with_a_part_in_very_many_is_not_lost),
        cmocka_unit_test(what_is_found_is_the_same_in_any_order),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    worldkit_close(&kit);
    return failed;
}
