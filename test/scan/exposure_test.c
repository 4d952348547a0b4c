/* Persons and places in common: tails, limits, spread, run length against simulation, and planted ones found.
 */
#include "base/rng.h"
#include "scan/exposure.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void near(double got, double wanted, double relative)
{
    if (!(fabs(got - wanted) <= relative * fabs(wanted))) fail_msg("%.12g, not %.12g", got, wanted);
}

static void tails_are_those_of_the_books(void **state)
{
    (void)state;
    near(exposure_tail(5, 1, 0), 0.003659846827343713, 1e-12); /* 1 - e^-1 (1 + 1 + 1/2 + 1/6 + 1/24) */
    near(exposure_tail(1, 0.01, 0), 0.009950166250831947, 1e-12);
    near(exposure_tail(0, 3, 0), 1, 0);
    /* Negative binomial of size 1 is geometric: P(X >= k) = (m / (1 + m))^k. */
    near(exposure_tail(7, 3, 1), pow(0.75, 7), 1e-10);
    near(exposure_tail(2, 30, 1), pow(30.0 / 31, 2), 1e-10);
    near(exposure_tail(12, 4, 1e-9), exposure_tail(12, 4, 0), 1e-5);
    for (double mean = 0.5; mean < 40; mean *= 1.7)
        for (double tail = 0.1; tail > 1e-6; tail /= 20) {
            double limit = exposure_limit(mean, 0.1, tail);
            assert_true(exposure_tail(limit, mean, 0.1) < tail);
            assert_true(exposure_tail(limit - 1, mean, 0.1) >= tail);
        }
}

/* Events of a Poisson process of rate 1 until the sequence reaches `value`, averaged. */
static double simulated_length(struct rng *r, double ratio, double value, int runs)
{
    double events = 0;
    for (int i = 0; i < runs; i++) {
        double height = 0;
        do {
            height = fmax(0, height - (ratio - 1) * rng_exponential(r, 1)) + log(ratio);
            events++;
        } while (height < value);
    }
    return events / runs;
}

static void run_length_is_that_of_simulation(void **state)
{
    (void)state;
    static const struct {
        double ratio, value;
    } x[] = {{2, 1}, {2, 2.5}, {2, 4}, {1.5, 2}, {1.5, 1.3}, {3, 3.3}, {5, 2}, {1.2, 0.9}, {1.2, 2.5}};
    struct rng r;
    rng_seed(&r, 7);
    for (size_t i = 0; i < COUNT_OF(x); i++)
        near(exposure_run_length(x[i].ratio, x[i].value), simulated_length(&r, x[i].ratio, x[i].value, 4000),
             0.06);
    near(exposure_run_length(2, 0.5), 1, 0);
    /* It grows steadily, also across the value from which it is extrapolated. */
    for (double ratio = 1.2; ratio < 30; ratio *= 1.4) {
        double before = 1, more = fmax(0.05, log(ratio) / 4);
        for (double value = log(ratio); value < 30; value += more) {
            double now = exposure_run_length(ratio, value);
            if (!(now >= before * (1 - 1e-9)) ||
                (value > 4 * log(ratio) + more &&
                 now > before * pow(value / (value - more), 2) * exp(1.2 * more)))
                fail_msg("ratio %g, value %g: %g after %g", ratio, value, now, before);
            before = now;
        }
    }
}

#define SUBJECTS 60
#define MONTHS   48
#define ROWS     (SUBJECTS * MONTHS)

struct ward {
    uint32_t subject[ROWS];
    int64_t day[ROWS];
    double count[ROWS], exposure[ROWS];
    struct exposure_input in;
};

/* spread: standard deviation of the logarithm of the true ratios. Subject 7 triples from month 30 on. */
static void make_ward(struct ward *w, uint64_t seed, double spread, bool planted, struct arena *a)
{
    struct rng r;
    struct err e = {0};
    double *expected;
    rng_seed(&r, seed);
    for (uint32_t s = 0; s < SUBJECTS; s++) {
        double size = s == 7 ? 1.5 : 0.2 + 2 * rng_unit(&r), ratio = exp(rng_normal(&r, 0, spread));
        for (uint32_t m = 0; m < MONTHS; m++) {
            uint32_t i = m * SUBJECTS + s;
            w->subject[i] = s;
            w->day[i] = 12000 + 30 * (int64_t)m;
            w->exposure[i] = 160 * size;
            w->count[i] = rng_poisson(&r, size * ratio * (planted && s == 7 && m >= 30 ? 3 : 1));
        }
    }
    if (exposure_expect(ROWS, w->exposure, w->count, NULL, a, &expected, &e) != OK) fail_msg("%s", e.text);
    w->in = (struct exposure_input){ROWS, w->subject, SUBJECTS, w->day, w->count, expected};
}

static void who_has_too_many_comes_first(void **state)
{
    (void)state;
    static struct ward w;
    size_t dated = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct arena *a = arena_new("ward", (size_t)64 << 20);
        struct exposure_result r;
        struct err e = {0};
        size_t n;
        make_ward(&w, seed, 0, true, a);
        assert_int_equal(exposure_measure(&w.in, 2, a, &r, &e), OK);
        struct detection *d = exposure_detections(&w.in, &r, EXPOSURE_SEQUENCE, 52, a, &n);
        assert_true(n >= 1);
        assert_int_equal(d[0].subject, 7);
        dated += llabs(d[0].from_day - (12000 + 30 * 30)) <= 30 * 6; /* where it began, nearly */
        double events = 0;
        for (size_t k = 0; k < d[0].count; k++) {
            assert_int_equal(w.subject[d[0].member[k]], 7);
            events += w.count[d[0].member[k]];
        }
        near(events, r.subject[7].run_observed, 1e-12);
        arena_free(a);
    }
    assert_true(dated >= 15);
}

/* Chance alone keeps to the price: alarms at "once in so many weeks" come about that often. */
static void chance_keeps_to_the_price(void **state)
{
    (void)state;
    static struct ward w;
    double weeks_min = 40, weeks = 0;
    size_t alarms = 0, beyond = 0, subjects = 0;
    for (uint64_t seed = 100; seed < 130; seed++) {
        struct arena *a = arena_new("ward", (size_t)64 << 20);
        struct exposure_result r;
        struct err e = {0};
        make_ward(&w, seed, 0, false, a);
        bool raised[SUBJECTS] = {false};
        for (size_t m = 3; m <= MONTHS; m += 3) { /* quarter by quarter, as it would be watched */
            struct exposure_input until = w.in;
            until.rows = m * SUBJECTS;
            assert_int_equal(exposure_measure(&until, 2, a, &r, &e), OK);
            for (size_t s = 0; s < SUBJECTS; s++) {
                bool now = r.subject[s].value > 0 && r.subject[s].recurrence_weeks >= weeks_min;
                alarms += now && !raised[s];
                raised[s] = now || (raised[s] && r.subject[s].value > 0);
            }
        }
        weeks += r.weeks;
        near(r.phi, 1, 0.6);
        for (size_t s = 0; s < SUBJECTS; s++, subjects++)
            beyond += r.subject[s].tail < 0.01;
        arena_free(a);
    }
    print_message("by chance %zu alarms in %.0f weeks at once in %.0f; %zu of %zu beyond 1 %%\n", alarms,
                  weeks, weeks_min, beyond, subjects);
    assert_true((double)alarms <
                1.5 * weeks / weeks_min); /* looked at quarterly, less often than it reaches */
    assert_true((double)alarms > 0.2 * weeks / weeks_min);
    assert_true(beyond < subjects * 2 / 100 && beyond > 0);
}

static void spread_widens_the_funnel(void **state)
{
    (void)state;
    static struct ward w;
    double plain = 0, wide = 0;
    for (uint64_t seed = 200; seed < 220; seed++) {
        struct arena *a = arena_new("ward", (size_t)64 << 20);
        struct exposure_result r;
        struct err e = {0};
        make_ward(&w, seed, 0.5, false, a);
        assert_int_equal(exposure_measure(&w.in, 2, a, &r, &e), OK);
        assert_true(r.phi > 3 && r.variance > 0.05 && r.variance < 0.8);
        for (size_t s = 0; s < SUBJECTS; s++) {
            plain += exposure_tail(r.subject[s].observed, r.subject[s].expected, 0) < 0.001;
            wide += r.subject[s].tail < 0.001;
        }
        arena_free(a);
    }
    assert_true(plain > 100);      /* of 1,200: most are far out by the Poisson distribution alone */
    assert_true(wide < plain / 5); /* and few when the spread is known */
}

static void order_does_not_matter(void **state)
{
    (void)state;
    static struct ward w, v;
    struct arena *a = arena_new("ward", (size_t)64 << 20);
    struct exposure_result r, q;
    struct err e = {0};
    make_ward(&w, 3, 0.2, true, a);
    for (size_t i = 0; i < ROWS; i++) {
        v.subject[i] = w.subject[ROWS - 1 - i];
        v.day[i] = w.day[ROWS - 1 - i];
        v.count[i] = w.count[ROWS - 1 - i];
        v.exposure[i] = w.exposure[ROWS - 1 - i];
    }
    double *expected;
    assert_int_equal(exposure_expect(ROWS, v.exposure, v.count, NULL, a, &expected, &e), OK);
    v.in = (struct exposure_input){ROWS, v.subject, SUBJECTS, v.day, v.count, expected};
    assert_int_equal(exposure_measure(&w.in, 2, a, &r, &e), OK);
    assert_int_equal(exposure_measure(&v.in, 2, a, &q, &e), OK);
    for (size_t s = 0; s < SUBJECTS; s++) {
        assert_true(fabs(r.subject[s].value - q.subject[s].value) < 1e-9);
        assert_true(fabs(r.subject[s].tail - q.subject[s].tail) < 1e-9);
        assert_int_equal(r.subject[s].since_day, q.subject[s].since_day);
    }
    w.count[5] = -1;
    assert_int_equal(exposure_measure(&w.in, 2, a, &r, &e), E_INVALID);
    assert_non_null(strstr(e.text, "row 6"));
    err_clear(&e);
    w.count[5] = 1;
    assert_int_equal(exposure_measure(&w.in, 1.1, a, &r, &e), E_INVALID);
    err_clear(&e);
    memset(w.exposure, 0, sizeof w.exposure);
    assert_int_equal(exposure_expect(ROWS, w.exposure, w.count, NULL, a, &expected, &e), E_INVALID);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tails_are_those_of_the_books), cmocka_unit_test(run_length_is_that_of_simulation),
        cmocka_unit_test(who_has_too_many_comes_first), cmocka_unit_test(chance_keeps_to_the_price),
        cmocka_unit_test(spread_widens_the_funnel),     cmocka_unit_test(order_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
