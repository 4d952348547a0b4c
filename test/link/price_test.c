/* Prices by the force's own history; decisions that are looked at again; back-records that wait. */
#include "base/caldate.h"
#include "base/rng.h"
#include "link/backlog.h"
#include "link/price.h"
#include "link/reopen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* What no threshold holds counts from the next midnight on, and for the window only. */
static void what_was_told_is_counted_by_the_week(void **state)
{
    (void)state;
    struct prices *p = prices_new(1, 26);
    assert_true(prices_told_per_week(p, 0).all == 0);
    for (int64_t day = 0; day < 70; day++) {
        prices_note_day(p, day * MS_PER_DAY);
        if (day % 7 == 3) prices_note_told(p, day * MS_PER_DAY + MS_PER_HOUR, day < 35, 0, (uint64_t)day);
    }
    assert_true(prices_told_per_week(p, 66 * MS_PER_DAY + 2 * MS_PER_HOUR).all ==
                0.9); /* not that of today */
    struct told_rate rate = prices_told_per_week(p, 70 * MS_PER_DAY);
    assert_true(rate.all == 1 && rate.free == 0.5);
    assert_true(prices_told_per_week(p, 1000 * MS_PER_DAY).all == 0);
    prices_free(p);
}

/* Scores of chance alone, exponential, 30 a day: what exceeds the threshold keeps to the budget. */
static void chance_alone_keeps_to_the_budget(void **state)
{
    (void)state;
    for (int budget = 1; budget <= 12; budget += 11) {
        struct prices *p = prices_new(2, 26);
        struct rng r;
        uint64_t key = 0;
        double over = 0, weeks = 0;
        bool priced = false;
        rng_seed(&r, 21);
        for (int64_t day = 0; day < 2000; day++) {
            for (int i = 0; i < 30; i++) {
                int64_t now = day * MS_PER_DAY + i * MS_PER_HOUR / 2;
                int score = (int)rng_exponential(&r, 100),
                    bar = prices_threshold_db(p, 1, now, budget, 900, &priced);
                over += priced && score > bar;
                prices_remember(p, 1, now, key++, score);
                prices_note_day(p, now);
            }
            weeks += priced ? 1.0 / 7 : 0;
        }
        assert_true(weeks > 250);
        assert_true(over / weeks < 1.2 * budget && over / weeks > 0.7 * budget);
        prices_free(p);
    }
}

static void without_history_the_start_stands_and_keys_count_once(void **state)
{
    (void)state;
    struct prices *p = prices_new(1, 26);
    bool priced = true;
    assert_int_equal(prices_threshold_db(p, 0, 0, 1, 77, &priced), 77);
    assert_false(priced);
    for (int64_t day = 0; day < 70; day++) {
        prices_note_day(p, day * MS_PER_DAY);
        prices_remember(p, 0, day * MS_PER_DAY, 5, 10 + (int)day); /* one event, told more of every day */
    }
    assert_int_equal(prices_threshold_db(p, 0, 70 * MS_PER_DAY, 1, 77, &priced),
                     77); /* one score for ten alerts */
    assert_true(priced);
    assert_true(prices_once_in_weeks(p, 0, 80) == 10);
    assert_true(prices_once_in_weeks(p, 0, 50) == 5);
    prices_free(p);
}

/* Less than one in the window: what history can say is that nothing was higher; the start stays the least. */
static void a_budget_below_one_takes_the_highest(void **state)
{
    (void)state;
    struct prices *p = prices_new(3, 26);
    bool priced;
    for (int64_t day = 0; day < 70; day++) {
        prices_note_day(p, day * MS_PER_DAY);
        for (size_t d = 0; d < 2; d++)
            prices_remember(p, d, day * MS_PER_DAY, (uint64_t)day, (int)day);
    }
    assert_int_equal(prices_threshold_db(p, 0, 70 * MS_PER_DAY, 0.02, 50, &priced), 69);
    assert_int_equal(prices_threshold_db(p, 1, 70 * MS_PER_DAY, 0.02, 90, &priced), 90);
    assert_int_equal(prices_threshold_db(p, 2, 70 * MS_PER_DAY, 0.02, 50, &priced), 50); /* never spoke */
    prices_free(p);
}

/* One score a day, rising; a budget of one a week takes the tenth best of ten weeks. */
static void what_was_found_to_be_so_is_not_counted(void **state)
{
    (void)state;
    struct prices *p = prices_new(2, 26);
    bool priced;
    int64_t day = 0;
    for (; day < 70; day++) {
        prices_note_day(p, day * MS_PER_DAY);
        prices_remember(p, 1, day * MS_PER_DAY, (uint64_t)day, (int)day);
        if (day % 7 == 3) prices_note_told(p, day * MS_PER_DAY, true, 1, (uint64_t)day);
    }
    assert_int_equal(prices_threshold_db(p, 1, 70 * MS_PER_DAY, 1, 900, &priced), 60);
    prices_excuse(p, 1, 66); /* a Friday that was told */
    prices_excuse(p, 1, 65);
    prices_excuse(p, 0, 64); /* another detector's */
    assert_int_equal(prices_threshold_db(p, 1, 70 * MS_PER_DAY, 1, 900, &priced), 60); /* it stands today */
    assert_int_equal(prices_threshold_db(p, 1, 71 * MS_PER_DAY, 1, 900, &priced), 58);
    assert_true(prices_told_per_week(p, 71 * MS_PER_DAY).all == 0.9);
    prices_remember(p, 1, 71 * MS_PER_DAY, 66, 500); /* more of it comes in */
    assert_int_equal(prices_threshold_db(p, 1, 72 * MS_PER_DAY, 1, 900, &priced), 58);
    assert_true(prices_once_in_weeks(p, 1, 60) == 70.0 / 7 / 9); /* 60 to 69, without two, and itself */
    for (uint64_t key = 0; key < 65; key++)
        prices_excuse(p, 1, key);
    assert_int_equal(prices_threshold_db(p, 1, 72 * MS_PER_DAY + 1, 1, 900, &priced), 58);
    prices_excuse_none(p);
    assert_int_equal(prices_threshold_db(p, 1, 73 * MS_PER_DAY, 1, 900, &priced), 60);
    assert_true(prices_told_per_week(p, 73 * MS_PER_DAY).all == 1);
    prices_free(p);
}

/* ---- decisions -------------------------------------------------------------------------------------- */

static const struct reopen_rules RULES = {.strong_db = 60};

static struct link_decision not_linked(int score_db, uint64_t digest)
{
    return (struct link_decision){
        .kind = DECISION_NOT_LINKED,
        .facts = {.score_db = score_db, .digest = digest, .members = 2},
        .by = S("R. Okafor"),
        .reason = S("different dealers, both known"),
    };
}

static void not_linked_needs_a_reason_and_at_strong_evidence_a_second_person(void **state)
{
    (void)state;
    struct err e = {0};
    struct link_decision d = not_linked(40, 1);
    assert_int_equal(decision_check(&RULES, &d, &e), OK);
    d.reason = S("  ");
    assert_int_equal(decision_check(&RULES, &d, &e), E_INVALID);
    assert_string_equal(e.field, "reason");
    d = not_linked(60, 1);
    e = (struct err){0};
    assert_int_equal(decision_check(&RULES, &d, &e), E_DENIED);
    d.second = S("r. okafor "); /* the same person is nobody else */
    assert_int_equal(decision_check(&RULES, &d, &e), E_DENIED);
    d.second = S("M. Lindqvist");
    assert_int_equal(decision_check(&RULES, &d, &e), OK);
    d.kind = DECISION_REFUSED;
    d.second = STR_NONE;
    assert_int_equal(decision_check(&RULES, &d, &e), E_DENIED);
    d.kind = DECISION_LINKED;
    d.reason = STR_NONE;
    assert_int_equal(decision_check(&RULES, &d, &e), OK);
    d.by = STR_NONE;
    assert_int_equal(decision_check(&RULES, &d, &e), E_INVALID);
}

static void only_a_new_fact_reopens(void **state)
{
    (void)state;
    struct link_decision d = not_linked(40, 1);
    const struct {
        int score_db;
        uint64_t digest;
        size_t members;
        enum reopen_why then;
    } cases[] = {
        {40, 1, 2, REOPEN_NOT},         {55, 1, 2, REOPEN_NOT}, /* frequencies drifted: no new fact */
        {40, 2, 2, REOPEN_NOT},                                 /* a fact that weighs nothing */
        {30, 2, 2, REOPEN_NOT},                                 /* one that speaks against it */
        {41, 2, 2, REOPEN_WEIGHT_ROSE}, {60, 2, 2, REOPEN_STRONG}, {30, 2, 3, REOPEN_GREW},
    };
    for (int kind = DECISION_NOT_LINKED; kind <= DECISION_REFUSED; kind++) {
        d.kind = (enum decision_kind)kind;
        for (size_t i = 0; i < COUNT_OF(cases); i++) {
            struct link_facts now = {
                .score_db = cases[i].score_db, .digest = cases[i].digest, .members = cases[i].members};
            assert_int_equal(decision_reopens(&RULES, &d, &now), cases[i].then);
            assert_int_equal(reopen_words(cases[i].then)[0] != '\0', cases[i].then != REOPEN_NOT);
        }
    }
    d.kind = DECISION_LINKED;
    struct link_facts fallen = {.score_db = 20, .digest = 2, .members = 2};
    assert_int_equal(decision_reopens(&RULES, &d, &fallen), REOPEN_WEIGHT_FELL);
    fallen.digest = 1;
    assert_int_equal(decision_reopens(&RULES, &d, &fallen), REOPEN_NOT);
    uint64_t one = facts_digest_add(facts_digest_add(0, S("D1"), 3), S("D2"), 4),
             other = facts_digest_add(facts_digest_add(0, S("D2"), 4), S("D1"), 3);
    assert_true(one == other);
    assert_true(one != facts_digest_add(facts_digest_add(0, S("D1"), 4), S("D2"), 3));
}

/* ---- back-records ------------------------------------------------------------------------------------ */

static void back_records_come_out_by_value_so_many_a_day(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("backlog test", (size_t)1 << 20);
    struct backlog *b CLEANUP_BACKLOG = backlog_new(3);
    struct waiting_alert w, *list;
    struct rng r;
    rng_seed(&r, 2);
    for (uint64_t id = 1; id <= 20; id++)
        assert_true(backlog_put(
            b, (struct waiting_alert){.id = id, .value = (double)rng_below(&r, 8), .since_ms = (int64_t)id}));
    assert_false(backlog_put(b, (struct waiting_alert){.id = 7, .value = 99}));
    assert_false(backlog_put(b, (struct waiting_alert){.id = 7, .value = 1})); /* keeps the higher */
    assert_int_equal(backlog_list(b, a, &list), 20);
    assert_int_equal(list[0].id, 7);
    size_t at = 0;
    for (int64_t day = 0; backlog_waiting(b) > 0; day++) {
        size_t today = 0;
        while (backlog_take(b, day, &w)) {
            assert_int_equal(w.id, list[at++].id);
            today++;
        }
        assert_true(today == 3 || (today == 2 && at == 20));
    }
    assert_int_equal(at, 20);
    assert_true(backlog_put(b, (struct waiting_alert){.id = 7, .value = 1})); /* it came out: new evidence */
    assert_true(backlog_drop(b, 7));
    assert_false(backlog_drop(b, 7));
    assert_int_equal(backlog_waiting(b), 0);
    assert_true(backlog_value(60, 3, 0) > backlog_value(60, 2, 0));
    assert_true(backlog_value(60, 2, 0) > backlog_value(60, 2, 15));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_told_is_counted_by_the_week),
        cmocka_unit_test(chance_alone_keeps_to_the_budget),
        cmocka_unit_test(without_history_the_start_stands_and_keys_count_once),
        cmocka_unit_test(a_budget_below_one_takes_the_highest),
        cmocka_unit_test(what_was_found_to_be_so_is_not_counted),
        cmocka_unit_test(not_linked_needs_a_reason_and_at_strong_evidence_a_second_person),
        cmocka_unit_test(only_a_new_fact_reopens),
        cmocka_unit_test(back_records_come_out_by_value_so_many_a_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
