/* Custody: thousands of random steps by honest and dishonest people. Whatever is tried, there is one holder,
 * time does not go back, nobody is both sides, and a wrong number moves nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "assure/custody.h"
#include "base/rng.h"

#define PEOPLE 5
#define STEPS  4000
#define CHAINS 40

static const struct custody_person WHO[PEOPLE] = {
    {S_INIT("ann"), S_INIT("main:O-1"), S_INIT("main:A")},
    {S_INIT("ben"), S_INIT("main:O-2"), S_INIT("main:A")},
    {S_INIT("cleo"), S_INIT("main:O-3"), S_INIT("main:STORE")},
    {S_INIT("dev"), S_INIT("main:O-4"), S_INIT("main:STORE")},
    {S_INIT("eve"), S_INIT("main:O-2"), S_INIT("")}, /* a second account of ben's */
};
static const Str PLACES[] = {S_INIT("main:O-1"),   S_INIT("main:O-2"), S_INIT("main:O-3"), S_INIT("main:O-4"),
                             S_INIT("main:STORE"), S_INIT("main:P-1"), S_INIT("")};
static const Str SEALS[] = {S_INIT("AB-1"), S_INIT("AB-2"), S_INIT("ab 1"), S_INIT(""), S_INIT("CD-9")};
static const Str WHYS[] = {S_INIT(""), S_INIT("for examination")};

static struct custody_step random_step(struct rng *rng, int64_t *now_ms)
{
    *now_ms += (int64_t)rng_below(rng, 3) * 60000;
    return (struct custody_step){.act = (enum custody_act)rng_below(rng, CUSTODY_ACTS),
                                 .by = WHO[rng_below(rng, PEOPLE)],
                                 .to = PLACES[rng_below(rng, COUNT_OF(PLACES))],
                                 .seal = SEALS[rng_below(rng, COUNT_OF(SEALS))],
                                 .why = WHYS[rng_below(rng, COUNT_OF(WHYS))],
                                 .at_ms = *now_ms - (int64_t)rng_below(rng, 4) * 30000 +
                                          (rng_chance(rng, 0.05) ? 60000 : 0),
                                 .now_ms = *now_ms};
}

static bool same(const struct custody *a, const struct custody *b)
{
    return a->booked == b->booked && a->missing == b->missing && a->out == b->out &&
           str_eq(a->holder, b->holder) && str_eq(a->seal, b->seal) && a->at_ms == b->at_ms &&
           a->waiting == b->waiting && a->begun == b->begun && str_eq(a->to, b->to);
}

/* What must hold of a step that was taken. */
static void check_taken(const struct custody *before, const struct custody *after,
                        const struct custody_step *step)
{
    assert_true(step->at_ms <= step->now_ms);
    assert_true(before->at_ms == INT64_MIN || step->at_ms >= before->at_ms);
    assert_int_equal(after->at_ms, step->at_ms);
    assert_false(before->out);
    assert_true(after->booked);
    bool disposed = after->out && after->begun == CUSTODY_DISPOSE;
    assert_int_equal(str_empty(after->holder), disposed); /* exactly one holder, until it is destroyed */
    if (step->act == CUSTODY_CONFIRM) {
        assert_true(before->waiting);
        assert_false(str_eq(step->by.account, before->giver_account));
        assert_false(str_eq(step->by.officer, before->giver_officer));
        assert_true(custody_seal_same(step->seal, before->seal));
        assert_true(str_eq(after->holder, before->to));
    } else if (step->act == CUSTODY_BOOK) {
        assert_false(before->booked);
        assert_true(str_eq(after->holder, step->by.officer));
    } else if (step->act == CUSTODY_FOUND) {
        assert_true(before->missing);
        assert_true(str_eq(after->holder, step->by.officer));
    } else {
        assert_true(str_eq(after->holder, before->holder)); /* nothing else moves it */
    }
    bool begins =
        step->act == CUSTODY_HAND_OVER || step->act == CUSTODY_RETURN || step->act == CUSTODY_DISPOSE;
    if (begins || step->act == CUSTODY_SEAL || step->act == CUSTODY_MISSING) {
        assert_true(custody_holds(before, &step->by));
        assert_false(before->waiting);
    }
    if (begins) assert_false(before->missing);
}

static void whatever_is_tried(void **state)
{
    (void)state;
    size_t taken[CUSTODY_ACTS] = {0}, refused = 0;
    for (uint64_t seed = 1; seed <= CHAINS; seed++) {
        struct rng rng;
        struct custody c = CUSTODY_NONE;
        int64_t now_ms = 1409205600000;
        rng_seed(&rng, seed);
        for (int i = 0; i < STEPS && !c.out; i++) {
            struct custody_step step = random_step(&rng, &now_ms);
            struct custody before = c;
            struct err e = {0};
            if (custody_take(&c, &step, &e) == OK) {
                check_taken(&before, &c, &step);
                taken[step.act]++;
            } else {
                assert_true(same(&before, &c)); /* a refusal changes nothing */
                assert_true(e.text[0] != '\0');
                refused++;
            }
        }
    }
    for (int i = 0; i < CUSTODY_ACTS; i++)
        assert_true(taken[i] > 0); /* every step was really tried */
    assert_true(refused > 1000);
}

/* A chain that was made by the rules reads back as it stands, without a fault. */
static void what_was_taken_reads_back(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= CHAINS; seed++) {
        struct rng rng;
        struct custody c = CUSTODY_NONE;
        struct custody_line line[STEPS];
        size_t lines = 0;
        int64_t now_ms = 1409205600000;
        rng_seed(&rng, seed * 77);
        for (int i = 0; i < STEPS && !c.out; i++) {
            struct custody_step step = random_step(&rng, &now_ms);
            struct custody before = c;
            if (custody_take(&c, &step, NULL) != OK) continue;
            if (step.act == CUSTODY_CONFIRM) {
                line[lines - 1].confirmed_ms = step.at_ms;
                line[lines - 1].confirmed_by = step.by.officer;
                line[lines - 1].seal = step.seal;
            } else if (step.act == CUSTODY_TAKE_BACK) {
                line[lines - 1].ended_ms = step.at_ms;
            } else {
                line[lines] = (struct custody_line){.act = step.act,
                                                    .id = S("M"),
                                                    .from = before.holder,
                                                    .to = c.waiting ? c.to : c.holder,
                                                    .by = step.by.officer,
                                                    .account = step.by.account,
                                                    .seal = c.waiting ? S("") : step.seal,
                                                    .at_ms = step.at_ms,
                                                    .confirmed_ms = c.waiting ? INT64_MIN : step.at_ms,
                                                    .ended_ms = INT64_MIN,
                                                    .seq = lines + 1};
                if (step.act == CUSTODY_FOUND || step.act == CUSTODY_MISSING) line[lines].seal = S("");
                lines++;
            }
        }
        struct custody read = custody_read(line, lines, S(""));
        assert_true(str_eq(read.holder, c.holder));
        assert_true(custody_seal_same(read.seal, c.seal));
        assert_int_equal(read.out, c.out);
        assert_int_equal(read.waiting, c.waiting);
        assert_int_equal(read.missing, c.missing);
        assert_int_equal(read.at_ms, c.at_ms);
        for (size_t i = 0; i < lines; i++)
            assert_int_equal(line[i].fault, 0);
    }
}

static struct custody_line hand_over(const char *from, const char *to, int64_t at_ms, int64_t confirmed_ms)
{
    return (struct custody_line){.id = S("M"),
                                 .act = CUSTODY_HAND_OVER,
                                 .from = str_of(from),
                                 .to = str_of(to),
                                 .at_ms = at_ms,
                                 .confirmed_ms = confirmed_ms,
                                 .ended_ms = INT64_MIN,
                                 .seq = 1};
}

static void faults_of_other_systems_are_told(void **state)
{
    (void)state;
    struct custody_line line[] = {
        hand_over("main:O-1", "main:O-2", 1000, 2000), hand_over("main:O-3", "main:O-4", 3000, 2500),
        hand_over("main:O-4", "main:O-5", 4000, INT64_MIN), hand_over("main:O-5", "main:O-6", 5000, 5000)};
    line[3].seal = S("XY-1");
    line[3].by = line[3].confirmed_by = S("main:O-5");
    struct custody c = custody_read(line, COUNT_OF(line), S("AB-1"));
    assert_int_equal(line[0].fault, 0);
    assert_int_equal(line[1].fault, CUSTODY_GAP | CUSTODY_BACKWARDS);
    assert_int_equal(line[2].fault, CUSTODY_UNCONFIRMED);
    assert_int_equal(line[3].fault, CUSTODY_OTHER_SEAL | CUSTODY_ONE_PERSON);
    assert_true(str_eq(c.holder, S("main:O-6")));
    for (int i = 0; i < CUSTODY_FAULTS; i++)
        assert_true(custody_fault_words((enum custody_fault)(1 << i))[0] != '\0');
}

static void numbers_of_seals_are_compared_as_read(void **state)
{
    (void)state;
    assert_true(custody_seal_same(S("AB-1234"), S("ab 1234")));
    assert_false(custody_seal_same(S("AB-1234"), S("AB-12345")));
    assert_false(custody_seal_same(S("AB-1234"), S("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_tried),
        cmocka_unit_test(what_was_taken_reads_back),
        cmocka_unit_test(faults_of_other_systems_are_told),
        cmocka_unit_test(numbers_of_seals_are_compared_as_read),
    };
    return cmocka_run_group_tests_name("assure/custody", tests, NULL, NULL);
}
