/* What ties several: three deaths that no pair shows, values written alike, what other detectors find. */
#include "worldkit.h"

#include "base/caldate.h"
#include "link/alert.h"
#include "link/trio.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define WORLD_BYTES ((size_t)2 << 30)

static struct worldkit kit;

static void put(struct world *w, const char *json)
{
    struct err e = {0};
    struct change line = worldkit_line(&kit, json);
    if (world_apply(w, &line, &e) != OK) fail_msg("%s: %s", json, e.text);
    (void)world_tick(w);
}

#define LATER "{\"known_at\":\"2014-06-01T09:00:00Z\",\"source\":\"death_report\","

static void put_death(struct world *w, const char *id, const char *more)
{
    char text[600];
    (void)snprintf(text, sizeof text, LATER "\"kind\":\"death\",\"id\":\"%s\",\"set\":{\"sex\":\"M\"%s}}", id,
                   more);
    put(w, text);
}

static int people_weight(struct world *w, const char *x, const char *y)
{
    struct pair_families f;
    world_pair_families(w, worldkit_event(w, KIND_DEATH, x), worldkit_event(w, KIND_DEATH, y), &f);
    return f.weight_db[FAMILY_IDENTIFIERS];
}

static struct world *background(void)
{
    size_t count;
    struct world *w = world_new(&kit.model, &kit.policy, WORLD_BYTES);
    struct change *line = worldkit_background(&kit, "2014-02-01", "2014-03-20", 10, 3, &count);
    worldkit_apply(w, line, count);
    return w;
}

/* A handle with a letter left out, turned round, or changed ties, but less than the same one. */
static void handles_written_alike_tie(void **state)
{
    (void)state;
    struct world *w CLEANUP_WORLD = background();
    static const char *const handle[] = {"quietheron77", "Quietheron 77", "quiethron77", "quiethreon77",
                                         "quietheran77", "quietherrin7",  "lowtidemark"};
    for (size_t i = 0; i < COUNT_OF(handle); i++) {
        char id[8], more[80];
        (void)snprintf(id, sizeof id, "H%zu", i);
        (void)snprintf(more, sizeof more, ",\"last_contact_name\":\"%s\"", handle[i]);
        put_death(w, id, more);
    }
    int same = people_weight(w, "H0", "H1");
    assert_true(same > 0);
    for (int i = 2; i <= 4; i++) {
        char id[8];
        (void)snprintf(id, sizeof id, "H%d", i);
        int alike = people_weight(w, "H0", id);
        assert_in_range(alike, 1, same);
        assert_int_equal(alike, people_weight(w, id, "H0"));
    }
    assert_int_equal(people_weight(w, "H0", "H5"), 0);
    assert_int_equal(people_weight(w, "H0", "H6"), 0);
}

static void put_carer(struct world *w, const char *death, const char *person, const char *name)
{
    char text[400];
    (void)snprintf(text, sizeof text, LATER "\"kind\":\"person\",\"id\":\"%s\",\"set\":{\"name\":\"%s\"}}",
                   person, name);
    put(w, text);
    (void)snprintf(text, sizeof text,
                   LATER
                   "\"kind\":\"involvement\",\"id\":\"V-%s\",\"set\":{\"event\":\"%s\",\"person\":\"%s\","
                   "\"role\":\"finder\"}}",
                   person, death, person);
    put(w, text);
}

/* One person entered anew: turned round, by the initial, or with two letters of the surname swapped. */
static void people_entered_anew_tie_by_name(void **state)
{
    (void)state;
    struct world *w CLEANUP_WORLD = background();
    static const char *const name[] = {"Zenobia Quillfeather", "Quillfeather, Zenobia", "Z Quillfeather",
                                       "Zenobia Quillfeahter", "Walter Quillfeather"};
    for (size_t i = 0; i < COUNT_OF(name); i++) {
        char id[8], person[8];
        (void)snprintf(id, sizeof id, "N%zu", i);
        (void)snprintf(person, sizeof person, "P%zu", i);
        put_death(w, id, "");
        put_carer(w, id, person, name[i]);
    }
    assert_true(people_weight(w, "N0", "N1") > 0);
    assert_true(people_weight(w, "N0", "N2") > 0);
    assert_true(people_weight(w, "N0", "N3") > 0);
    assert_int_equal(people_weight(w, "N0", "N4"), 0);
}

#define ALIKE                                                                                                \
    ",\"mechanism\":\"drowning\",\"setting\":\"churchyard\",\"posture\":\"kneeling\",\"covering\":\"sheet_"  \
    "under\","                                                                                               \
    "\"absent\":[\"shoes\"]"

static void three_that_agree_weigh_more_than_two(void **state)
{
    (void)state;
    struct world *w CLEANUP_WORLD = background();
    struct arena *a CLEANUP_ARENA = arena_new("trio test", (size_t)16 << 20);
    struct trio t;
    struct hit *hit;
    put_death(w, "T1", ALIKE);
    put_death(w, "T2", ALIKE);
    put_death(w, "T3", ALIKE);
    uint32_t x = worldkit_event(w, KIND_DEATH, "T3");
    size_t count = world_nearest(w, x, 10, a, &hit);
    assert_true(trio_strongest(w, x, hit, count, &t));
    uint32_t other[] = {worldkit_event(w, KIND_DEATH, "T1"), worldkit_event(w, KIND_DEATH, "T2")};
    assert_true((t.a == other[0] && t.b == other[1]) || (t.a == other[1] && t.b == other[0]));
    int pair = world_pair_score(w, x, other[0]);
    assert_true(t.score_db > 2 * pair);
    assert_int_equal(t.score_db, 2 * pair + pair / 3);
    assert_false(trio_strongest(w, x, hit, 1, &t)); /* two are no three */
}

/* Detections are told once, at their price, and again only with a member that is new and when they are rarer.
 */
static void other_detectors_share_the_stream(void **state)
{
    (void)state;
    struct world *w CLEANUP_WORLD = background();
    struct alarm *alarm CLEANUP_ALARM = alarm_new(&kit.model, NULL, 1);
    struct arena *a CLEANUP_ARENA = arena_new("detection test", (size_t)1 << 20);
    const uint32_t event_of_row[] = {3, 1, 4, 9, 5}, member[] = {0, 2, 3, 4};
    struct detection d = {
        .kind = DETECTION_EXPOSURE, .member = member, .count = 3, .recurrence_weeks = 4, .subject = 7};
    struct alert al;
    assert_false(alarm_take(alarm, w, &d, event_of_row, a, &al)); /* chance brings it too often */
    d.recurrence_weeks = 500;
    assert_true(alarm_take(alarm, w, &d, event_of_row, a, &al));
    assert_int_equal(al.by, ALERT_EXPOSURE);
    assert_int_equal(al.member_count, 3);
    assert_int_equal(al.member[1], 4);
    assert_true(al.once_in_weeks == 500);
    uint32_t group = al.group;
    assert_false(alarm_take(alarm, w, &d, event_of_row, a, &al)); /* the same members */
    d.count = 4;
    assert_false(alarm_take(alarm, w, &d, event_of_row, a, &al)); /* one more, but no rarer */
    d.recurrence_weeks = 1200;
    assert_true(alarm_take(alarm, w, &d, event_of_row, a, &al));
    assert_int_equal(al.group, group);
    const uint32_t *now;
    assert_int_equal(series_members(alarm_groups(alarm, DETECTION_EXPOSURE), group, &now), 4);
    assert_int_equal(alarm_series_of(alarm, 4), 0); /* no series: found together, not tied */
    assert_string_equal(alert_by_name(al.by), "exposure");
    /* the same deaths are told by another detector all the same */
    d.kind = DETECTION_CLUSTER;
    assert_true(alarm_take(alarm, w, &d, event_of_row, a, &al));
    assert_int_equal(al.by, ALERT_SCAN);
    /* and a group that is half as large again is news, though it can be no rarer */
    d = (struct detection){.kind = DETECTION_RATE, .member = member, .count = 2, .recurrence_weeks = 1e300};
    assert_true(alarm_take(alarm, w, &d, event_of_row, a, &al));
    d.count = 3;
    assert_true(alarm_take(alarm, w, &d, event_of_row, a, &al));
    d.count = 4;
    assert_false(alarm_take(alarm, w, &d, event_of_row, a, &al));
}

int main(void)
{
    worldkit_open(&kit);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handles_written_alike_tie),
        cmocka_unit_test(people_entered_anew_tie_by_name),
        cmocka_unit_test(three_that_agree_weigh_more_than_two),
        cmocka_unit_test(other_detectors_share_the_stream),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    worldkit_close(&kit);
    return failed;
}
