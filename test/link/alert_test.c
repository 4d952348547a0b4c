/* Alarms: priced by history, said once, growing and never vanishing. */
#include "worldkit.h"

#include "base/caldate.h"
#include "base/table.h"
#include "link/alert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WORLD_BYTES ((size_t)2 << 30)

static struct worldkit kit;

struct counted {
    size_t alerts, repeats, shrunk;
    size_t after_warm_up;
    int64_t first_ms, last_ms;
};

#define SERIES_MAX 100000

/* A pair by itself is told once; a series only with a member more. */
static void count_alert(struct counted *c, struct alarm *alarm, const struct alert *al, size_t *size_of,
                        struct table *pairs, int64_t at)
{
    bool holds = false, priced;
    for (size_t m = 0; m < al->member_count; m++)
        holds = holds || al->member[m] == al->event;
    assert_true(holds);
    assert_true(al->member_count >= 2);
    assert_true(al->series < SERIES_MAX);
    c->alerts++;
    if (al->series == 0) { /* by themselves */
        assert_int_equal(al->member_count, al->by == ALERT_THREE ? 3 : 2);
        uint32_t x = al->member[0], y = al->member[1];
        bool fresh = true;
        if (al->by != ALERT_THREE)
            (void)table_at_number(pairs, (uint64_t)(x < y ? x : y) << 32 | (x < y ? y : x), &fresh);
        c->repeats += !fresh;
    } else {
        c->repeats += al->member_count == size_of[al->series];
        c->shrunk += al->member_count < size_of[al->series];
        size_of[al->series] = al->member_count;
    }
    (void)alarm_threshold_db(alarm, at, &priced);
    c->after_warm_up += priced;
}

/* Every event of a feed is considered as it comes in; what is told is counted, where `c` is given. */
static void watch(struct world *w, struct alarm *alarm, const struct change *line, size_t count,
                  struct counted *c)
{
    struct arena *a CLEANUP_ARENA = arena_new("alerts", (size_t)64 << 20);
    struct table *pairs = table_new((size_t)1 << 20);
    static size_t size_of[SERIES_MAX];
    struct err e = {0};
    memset(size_of, 0, sizeof size_of);
    for (size_t i = 0; i < count;) {
        int64_t at = line[i].known_at_ms;
        for (; i < count && line[i].known_at_ms == at; i++)
            assert_int_equal(world_apply(w, &line[i], &e), OK);
        struct tick t = world_tick(w);
        for (size_t n = 0; n < t.count; n++) {
            struct hit *hit;
            struct alert al[ALERTS_MAX];
            arena_reset(a);
            size_t found = world_nearest(w, t.event[n], SECOND_LOOK_NEAREST, a, &hit),
                   told = alarm_consider(alarm, w, t.event[n], hit, found, al);
            for (size_t k = 0; c != NULL && k < told; k++)
                count_alert(c, alarm, &al[k], size_of, pairs, at);
        }
    }
    table_free(pairs);
}

/* Runs a feed; checks on the way that no alert repeats the members of an earlier one of its series and that
 * none loses a member. */
static struct counted run(const struct change *line, size_t count, const struct second_look *look,
                          double price)
{
    struct counted c = {.first_ms = line[0].known_at_ms, .last_ms = line[count - 1].known_at_ms};
    struct world *w CLEANUP_WORLD = world_new(&kit.model, &kit.policy, WORLD_BYTES);
    struct alarm *alarm CLEANUP_ALARM = alarm_new(&kit.model, look, price);
    watch(w, alarm, line, count, &c);
    return c;
}

static void the_price_is_kept_and_nothing_is_said_twice(void **state)
{
    (void)state;
    size_t count;
    struct change *line = worldkit_background(&kit, "2014-01-01", "2014-06-01", 6, 11, &count);
    for (int look = 0; look < 2; look++) {
        const struct second_look *by = look ? &kit.look : NULL;
        struct counted one = run(line, count, by, 1), four = run(line, count, by, 4);
        double weeks = (double)(one.last_ms - one.first_ms) / (7.0 * (double)MS_PER_DAY) - 8;
        assert_int_equal(one.repeats + four.repeats, 0);
        assert_int_equal(one.shrunk + four.shrunk, 0);
        assert_true((double)one.after_warm_up <= 1.8 * weeks);
        assert_true(four.alerts > one.alerts);
    }
}

/* Keeps the alarm of a short feed, with and without a second look; *events: of its world. */
static void kept(const struct second_look *look, struct buf *image, size_t *events)
{
    size_t count;
    struct change *line = worldkit_background(&kit, "2014-01-01", "2014-01-22", 6, 12, &count);
    struct world *w CLEANUP_WORLD = world_new(&kit.model, &kit.policy, WORLD_BYTES);
    struct alarm *alarm CLEANUP_ALARM = alarm_new(&kit.model, look, 40);
    watch(w, alarm, line, count, NULL);
    alarm_save(alarm, image);
    *events = world_event_count(w);
}

static enum status restore(const struct second_look *look, double price, size_t events, Str image)
{
    struct err e = {0};
    struct buf again CLEANUP_BUF;
    struct alarm *alarm CLEANUP_ALARM = alarm_new(&kit.model, look, price);
    enum status status = alarm_restore(alarm, events, image, &e);
    if (status != OK) return status;
    buf_init(&again, WORLD_BYTES);
    alarm_save(alarm, &again);
    assert_int_equal(again.len, image.len); /* it holds what it held */
    return OK;
}

static void what_was_kept_is_believed_only_when_it_fits(void **state)
{
    (void)state;
    for (int look = 0; look < 2; look++) {
        const struct second_look *by = look ? &kit.look : NULL;
        struct buf image CLEANUP_BUF;
        size_t events;
        buf_init(&image, WORLD_BYTES);
        kept(by, &image, &events);
        Str whole = buf_str(&image);
        assert_int_equal(restore(by, 40, events, whole), OK);
        assert_int_equal(restore(by, 41, events, whole), E_INVALID);
        assert_int_equal(restore(look ? NULL : &kit.look, 40, events, whole), E_INVALID);
        for (size_t part = 0; part < 200; part++)
            assert_int_equal(restore(by, 40, events, str_slice(whole, 0, whole.len * part / 200)), E_INVALID);
        buf_add_char(&image, 'x');
        assert_int_equal(restore(by, 40, events, buf_str(&image)), E_INVALID);
    }
}

/* Two alarms over one feed; one is told that its alerts were found to be so. */
static void what_is_decided_as_linked_lowers_the_threshold(void **state)
{
    (void)state;
    size_t count;
    bool priced;
    struct change *line = worldkit_background(&kit, "2014-01-01", "2014-04-01", 6, 12, &count);
    struct world *w CLEANUP_WORLD = world_new(&kit.model, &kit.policy, WORLD_BYTES);
    struct alarm *told CLEANUP_ALARM = alarm_new(&kit.model, &kit.look, 12);
    watch(w, told, line, count, NULL);
    int64_t day = world_now_ms(w) + MS_PER_DAY;
    int before = alarm_threshold_db(told, day, &priced);
    assert_true(priced);
    for (uint32_t x = 0; x < world_event_count(w); x++) /* as though half of all were of one series */
        for (uint32_t y = x + 1; y < world_event_count(w) && (x & 1) == 0; y++)
            alarm_decided(told, (uint32_t[]){x, y}, 2);
    assert_int_equal(alarm_threshold_db(told, day, &priced), before); /* it stands for the day */
    int after = alarm_threshold_db(told, day + MS_PER_DAY, &priced);
    assert_true(after < before);
    alarm_undecide(told);
    assert_true(alarm_threshold_db(told, day + 2 * MS_PER_DAY, &priced) > after);
}

/* The replay, alone in the world, has no history to price it by: the model's own threshold stands. */
static void without_history_the_starting_threshold_stands(void **state)
{
    (void)state;
    bool priced = true;
    struct alarm *alarm CLEANUP_ALARM = alarm_new(&kit.model, NULL, 1);
    assert_int_equal(alarm_threshold_db(alarm, INT64_C(1400000000000), &priced),
                     kit.model.start_threshold_db);
    assert_false(priced);
    assert_int_equal(alarm_series_of(alarm, 7), 0);
}

int main(void)
{
    worldkit_open(&kit);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_price_is_kept_and_nothing_is_said_twice),
        cmocka_unit_test(what_was_kept_is_believed_only_when_it_fits),
        cmocka_unit_test(what_is_decided_as_linked_lowers_the_threshold),
        cmocka_unit_test(without_history_the_starting_threshold_stands),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    worldkit_close(&kit);
    return failed;
}
