/* The scan against trying every cylinder, on small random data; and what must not matter: order of rows,
 * names of locations, threads, units of length. */
#include "base/caldate.h"
#include "base/rng.h"
#include "scan/period.h"
#include "scan/scan.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define TRIALS  150
#define PLACES  12
#define RECORDS 60
#define UNITS   14

struct trial {
    double x[PLACES], y[PLACES];
    uint32_t location[RECORDS], unit[RECORDS];
    bool control[RECORDS];
    double expected[PLACES * UNITS];
    struct scan_points points;
    struct scan_input in;
    struct scan_options options;
    double radius_m_max;
};

static void make_trial(struct trial *t, uint64_t seed)
{
    struct rng r;
    rng_seed(&r, seed);
    memset(t, 0, sizeof *t);
    size_t places = 1 + rng_below(&r, PLACES), records = rng_below(&r, RECORDS + 1);
    size_t units = 1 + rng_below(&r, UNITS);
    for (size_t i = 0; i < places; i++) { /* on a grid, so that equal distances and equal spots occur */
        t->x[i] = (double)rng_below(&r, 5) * 1000;
        t->y[i] = (double)rng_below(&r, 5) * 1000;
    }
    t->options = (struct scan_options){
        .model = (enum scan_model)rng_below(&r, 3),
        .prospective = rng_chance(&r, 0.5),
        .units_max = rng_below(&r, units + 1),
        .share_max = rng_chance(&r, 0.5) ? 0 : 0.2 + 0.8 * rng_unit(&r),
        .cases_min = rng_below(&r, 4),
        .clusters_max = PLACES,
        .shuffles = 40,
        .stop_after = rng_below(&r, 10),
        .gumbel = rng_chance(&r, 0.2),
        .seed = seed,
        .threads = 1,
    };
    t->radius_m_max = rng_chance(&r, 0.5) ? (double)INFINITY : 1000 + 3000 * rng_unit(&r);
    for (size_t i = 0; i < records; i++) {
        t->location[i] = (uint32_t)rng_below(&r, places);
        t->unit[i] = (uint32_t)rng_below(&r, units);
        t->control[i] = rng_chance(&r, 0.6);
    }
    for (size_t i = 0; i < places * units; i++)
        t->expected[i] = 0.1 + rng_unit(&r);
    t->points = (struct scan_points){places, t->x, t->y, .planar = true};
    t->in = (struct scan_input){records, t->location, t->unit, NULL, units, NULL};
    if (t->options.model == SCAN_BERNOULLI) t->in.control = t->control;
    if (t->options.model == SCAN_POISSON) t->in.expected = t->expected;
}

static struct scan_result run_trial(const struct trial *t, struct arena *a)
{
    const struct scan_map *map;
    struct scan_result r;
    struct err e = {0};
    if (scan_map_make(&t->points, t->radius_m_max, 1, a, &map, &e) != OK) fail_msg("%s", e.text);
    if (scan_run(map, &t->in, &t->options, a, &r, &e) != OK) fail_msg("%s", e.text);
    return r;
}

/* ---- trying all ----------------------------------------------------------------------------------- */

static double mass_at(const struct trial *t, size_t place, size_t from, size_t to)
{
    double mass = 0;
    for (size_t u = from; t->in.expected && u <= to; u++)
        mass += t->expected[place * t->in.units + u];
    for (size_t i = 0; !t->in.expected && i < t->in.records; i++)
        mass += t->location[i] == place && t->unit[i] >= from && t->unit[i] <= to;
    return mass;
}

static bool is_case(const struct trial *t, size_t i)
{
    return t->in.control == NULL || !t->control[i];
}

/* The score of one cylinder, from its definition. */
static double cylinder_score(const struct trial *t, const bool *inside, size_t from, size_t to)
{
    double c = 0, all = 0, mass = 0, total = 0, circle = 0, span = 0;
    for (size_t i = 0; i < t->in.records; i++) {
        if (!is_case(t, i)) continue;
        all++;
        bool in_span = t->unit[i] >= from && t->unit[i] <= to, in_circle = inside[t->location[i]];
        c += in_span && in_circle;
        circle += in_circle;
        span += in_span;
    }
    for (size_t z = 0; z < t->points.count; z++) {
        total += mass_at(t, z, 0, t->in.units - 1);
        if (inside[z]) mass += mass_at(t, z, from, to);
    }
    if (c < (double)(t->options.cases_min ? t->options.cases_min : 2)) return 0;
    if (t->options.model == SCAN_BERNOULLI) {
        double n = mass, score = 0, p = c / n, q = (all - c) / (total - n), r = all / total;
        if (!(c / n > r)) return 0;
        score += c * log(p) - c * log(r) - (all - c) * log(r);
        score += all > c ? (all - c) * log(q) : 0;
        score += n > c ? (n - c) * log(1 - p) : 0;
        score += total - n > all - c ? (total - n - all + c) * log(1 - q) : 0;
        return score - (total > all ? (total - all) * log(1 - r) : 0);
    }
    double mu = t->options.model == SCAN_POISSON ? mass / total * all : circle * span / all;
    if (!(c > mu)) return 0;
    return c * log(c / mu) + (all > c ? (all - c) * log((all - c) / (all - mu)) : 0);
}

static double best_of_all(const struct trial *t)
{
    double best = 0, total = 0;
    size_t places = t->points.count, units = t->in.units;
    size_t longest = t->options.units_max ? t->options.units_max : units / 2 ? units / 2 : 1;
    for (size_t z = 0; z < places; z++)
        total += mass_at(t, z, 0, units - 1);
    for (size_t centre = 0; centre < places; centre++)
        for (size_t edge = 0; edge < places; edge++) {
            double radius = hypot(t->x[centre] - t->x[edge], t->y[centre] - t->y[edge]), mass = 0;
            bool inside[PLACES];
            for (size_t z = 0; z < places; z++) {
                inside[z] = hypot(t->x[centre] - t->x[z], t->y[centre] - t->y[z]) <= radius + 1e-6;
                if (inside[z]) mass += mass_at(t, z, 0, units - 1);
            }
            double share_max = t->options.share_max > 0 ? t->options.share_max : 0.5;
            if (radius > t->radius_m_max || mass > share_max * total + 1e-9) continue;
            for (size_t to = t->options.prospective ? units - 1 : 0; to < units; to++)
                for (size_t from = to + 1 >= longest ? to + 1 - longest : 0; from <= to; from++) {
                    double score = cylinder_score(t, inside, from, to);
                    if (score > best) best = score;
                }
        }
    return best;
}

static void the_best_is_that_of_trying_all(void **state)
{
    (void)state;
    size_t found = 0;
    for (uint64_t seed = 1; seed <= TRIALS; seed++) {
        struct trial t;
        struct arena *a = arena_new("trial", (size_t)64 << 20);
        make_trial(&t, seed);
        struct scan_result r = run_trial(&t, a);
        double best = best_of_all(&t), got = r.clusters ? r.cluster[0].score : 0;
        if (fabs(best - got) > 1e-9) fail_msg("seed %d: %.12f, by trying all %.12f", (int)seed, got, best);
        for (size_t i = 0; i < r.clusters; i++) { /* each score is that of its own cylinder */
            const struct scan_cluster *c = &r.cluster[i];
            bool inside[PLACES] = {false};
            for (size_t k = 0; k < c->locations; k++)
                inside[c->location[k]] = true;
            assert_true(fabs(cylinder_score(&t, inside, c->from_unit, c->to_unit) - c->score) < 1e-9);
            assert_true(c->probability > 0 && c->probability <= 1);
        }
        found += r.clusters > 0;
        arena_free(a);
    }
    assert_true(found > TRIALS / 2);
}

/* ---- what must not matter ------------------------------------------------------------------------- */

static void same_result(const struct scan_result *a, const struct scan_result *b, double lengths,
                        bool exactly)
{
    assert_int_equal(a->clusters, b->clusters);
    assert_int_equal(a->shuffles, b->shuffles);
    for (size_t i = 0; i < a->clusters; i++) {
        const struct scan_cluster *x = &a->cluster[i], *y = &b->cluster[i];
        assert_int_equal(x->centre, y->centre);
        assert_int_equal(x->locations, y->locations);
        assert_int_equal(x->from_unit, y->from_unit);
        assert_int_equal(x->to_unit, y->to_unit);
        assert_int_equal(x->observed, y->observed);
        assert_true(fabs(x->radius_m * lengths - y->radius_m) < 1e-6);
        assert_true(fabs(x->score - y->score) < 1e-12);
        if (exactly) assert_int_equal(x->reached, y->reached);
    }
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= TRIALS; seed += 5) {
        struct trial t;
        struct arena *a = arena_new("trial", (size_t)64 << 20);
        make_trial(&t, seed);
        struct scan_result one = run_trial(&t, a);
        t.options.threads = 3;
        struct scan_result three = run_trial(&t, a);
        same_result(&one, &three, 1, true);
        arena_free(a);
    }
}

static void order_of_rows_and_units_of_length_do_not_matter(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= TRIALS; seed += 3) {
        struct trial t;
        struct rng r;
        struct arena *a = arena_new("trial", (size_t)64 << 20);
        make_trial(&t, seed);
        t.options.shuffles = 0; /* another order is another shuffle */
        struct scan_result before = run_trial(&t, a);
        rng_seed(&r, seed + 1000);
        for (size_t i = t.in.records; i > 1; i--) {
            size_t k = (size_t)rng_below(&r, i);
            uint32_t location = t.location[k], unit = t.unit[k];
            bool control = t.control[k];
            t.location[k] = t.location[i - 1];
            t.unit[k] = t.unit[i - 1];
            t.control[k] = t.control[i - 1];
            t.location[i - 1] = location;
            t.unit[i - 1] = unit;
            t.control[i - 1] = control;
        }
        struct scan_result after = run_trial(&t, a);
        same_result(&before, &after, 1, false);
        for (size_t i = 0; i < t.points.count; i++) {
            t.x[i] *= 0.125;
            t.y[i] *= 0.125;
        }
        t.radius_m_max *= 0.125;
        struct scan_result smaller = run_trial(&t, a);
        same_result(&before, &smaller, 0.125, false);
        arena_free(a);
    }
}

static void stopping_early_changes_no_finding_and_little_of_p(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= TRIALS; seed += 15) {
        struct trial t;
        struct arena *a = arena_new("trial", (size_t)64 << 20);
        make_trial(&t, seed);
        t.options.gumbel = false;
        t.options.shuffles = 999;
        t.options.stop_after = 0;
        struct scan_result full = run_trial(&t, a);
        t.options.stop_after = 100;
        struct scan_result early = run_trial(&t, a);
        same_result(&full, &(struct scan_result){early.cluster, early.clusters, full.shuffles, 0, 0}, 1,
                    false);
        for (size_t i = 0; i < full.clusters; i++)
            assert_true(fabs(full.cluster[i].probability - early.cluster[i].probability) < 0.17);
        /* The exact maxima of Gumbel's way reach what the steps of the other way reach. */
        t.options.gumbel = true;
        struct scan_result exact = run_trial(&t, a);
        same_result(&full, &exact, 1, true);
        arena_free(a);
    }
}

/* ---- people --------------------------------------------------------------------------------------- */

static void expected_cases_follow_the_people(void **state)
{
    (void)state;
    struct arena *a = arena_new("people", (size_t)1 << 20);
    struct err e = {0};
    double *out;
    /* Place 0 grows from 100 to 300 within 10 days and stays; place 1 has 400 throughout; group 1 is only
     * there. */
    const uint32_t location[] = {0, 0, 1, 1}, group[] = {0, 0, 0, 1}, case_group[] = {0, 0, 0, 0, 1, 1};
    const int64_t day[] = {0, 10, 5, 5}, first_day[] = {0, 10, 20};
    const double people[] = {100, 300, 400, 50};
    struct scan_population p = {4, location, day, people, group};
    assert_int_equal(scan_expect(&p, 2, first_day, 2, 6, case_group, a, &out, &e), OK);
    double all = 2000 + 3000 + 8000;
    assert_true(fabs(out[0] - 4 * 2000 / all) < 1e-12);
    assert_true(fabs(out[1] - 4 * 3000 / all) < 1e-12);
    assert_true(fabs(out[2] - (4 * 4000 / all + 1)) < 1e-12);
    assert_true(fabs(out[3] - (4 * 4000 / all + 1)) < 1e-12);
    p.rows = 3; /* group 1 has cases but nobody in it */
    assert_int_equal(scan_expect(&p, 2, first_day, 2, 6, case_group, a, &out, &e), E_INVALID);
    assert_non_null(strstr(e.text, "no people"));
    arena_free(a);
}

static void what_does_not_hold_together_is_refused(void **state)
{
    (void)state;
    struct trial t;
    struct arena *a = arena_new("trial", (size_t)64 << 20);
    const struct scan_map *map;
    struct scan_result r;
    struct err e = {0};
    make_trial(&t, 3);
    t.in.records = 2;
    t.options.model = SCAN_PERMUTATION;
    t.in.control = NULL;
    t.in.expected = NULL;
    t.location[1] = (uint32_t)t.points.count;
    assert_int_equal(scan_map_make(&t.points, INFINITY, 1, a, &map, &e), OK);
    assert_int_equal(scan_run(map, &t.in, &t.options, a, &r, &e), E_INVALID);
    assert_non_null(strstr(e.text, "record 2"));
    err_clear(&e);
    t.location[1] = 0;
    t.in.control = t.control;
    assert_int_equal(scan_run(map, &t.in, &t.options, a, &r, &e), E_INVALID);
    err_clear(&e);
    t.x[0] = (double)NAN;
    assert_int_equal(scan_map_make(&t.points, INFINITY, 1, a, &map, &e), E_INVALID);
    assert_non_null(strstr(e.text, "location 1"));
    err_clear(&e);
    t.points.count = 0;
    assert_int_equal(scan_map_make(&t.points, INFINITY, 1, a, &map, &e), E_INVALID);
    arena_free(a);
}

static void detections_name_their_cases_and_their_price(void **state)
{
    (void)state;
    struct arena *a = arena_new("price", (size_t)16 << 20);
    const double x[] = {0, 5000}, y[] = {0, 0};
    uint32_t location[40], unit[40];
    int64_t first_day[21];
    size_t n = 0;
    for (uint32_t u = 0; u < 20; u++) {
        location[n] = 1;
        unit[n++] = u;
        first_day[u] = 16000 + u;
    }
    first_day[20] = 16020;
    for (uint32_t k = 0; k < 5; k++) {
        location[n] = 0;
        unit[n++] = 18 + k % 2;
    }
    struct trial t = {
        .points = {2, x, y, .planar = true}, .in = {n, location, unit, NULL, 20, NULL}, .radius_m_max = 1};
    t.options =
        (struct scan_options){.prospective = true, .units_max = 5, .shuffles = 999, .seed = 1, .threads = 1};
    struct scan_result r = run_trial(&t, a);
    struct scan_calendar c = {first_day, 1.0 / 7, 0, 2};
    struct detection *d = scan_detections(&r, &t.in, &c, a);
    assert_int_equal(r.clusters, 1);
    assert_int_equal(d[0].count, 5);
    for (uint32_t k = 0; k < 5; k++)
        assert_int_equal(d[0].member[k], 20 + k);
    assert_int_equal(d[0].from_day, 16018);
    assert_int_equal(d[0].to_day, 16019);
    assert_true(fabs(d[0].recurrence_weeks - 1.0 / 7 / d[0].probability / 2) < 1e-12);
    Str text = detection_sentence(a, &d[0], S("the bridge"));
    assert_true(
        str_find(text, S("5 where 1.4 would be expected, at the bridge, 9 November 2013 to 10 November 2013; "
                         "by chance ")) == 0);
    assert_true(str_eq(detection_recurrence(a, 9 * 52.2), S("9 years")));
    assert_true(str_eq(detection_recurrence(a, 9), S("9 weeks")));
    assert_true(str_eq(detection_recurrence(a, 0.1), S("1 day")));
    arena_free(a);
}

/* Every day of a period lies in exactly one unit, units follow each other, the last day ends the last week.
 */
static void periods_are_cut_without_gaps(void **state)
{
    (void)state;
    struct rng r;
    rng_seed(&r, 11);
    for (int i = 0; i < 200; i++) {
        struct arena *a = arena_new("period", (size_t)4 << 20);
        struct period p;
        struct err e = {0};
        enum period_step step = (enum period_step)rng_below(&r, 4);
        size_t every = 1 + rng_below(&r, 3);
        int64_t first = rng_between(&r, -2000, 20000), last = first + rng_between(&r, 0, 3000);
        assert_int_equal(period_make(first, last, step, every, a, &p, &e), OK);
        assert_int_equal(period_unit(&p, first), 0);
        assert_int_equal(period_unit(&p, last), p.units - 1);
        assert_int_equal(period_unit(&p, p.first_day[0] - 1), UINT32_MAX);
        assert_int_equal(period_unit(&p, p.first_day[p.units]), UINT32_MAX);
        for (size_t u = 0; u < p.units; u++) {
            assert_true(p.first_day[u] < p.first_day[u + 1]);
            assert_int_equal(period_unit(&p, p.first_day[u]), u);
            assert_int_equal(period_unit(&p, p.first_day[u + 1] - 1), u);
            double days = (double)(p.first_day[u + 1] - p.first_day[u]),
                   mean = period_step_days(step) * (double)every;
            assert_true(fabs(days - mean) < 4);
            int year, month, day;
            caldate_from_days(p.first_day[u], &year, &month, &day);
            if (step >= PERIOD_MONTH) assert_int_equal(day, 1);
            if (step == PERIOD_YEAR) assert_int_equal(month, 1);
        }
        if (step <= PERIOD_WEEK) assert_int_equal(p.first_day[p.units], last + 1);
        assert_int_equal(period_make(last + 1, last, step, every, a, &p, &e), E_INVALID);
        arena_free(a);
    }
    struct err e = {0};
    enum period_step step;
    assert_int_equal(period_step_read(S("month"), &step, &e), OK);
    assert_int_equal(step, PERIOD_MONTH);
    assert_int_equal(period_step_read(S("moon"), &step, &e), E_INVALID);
    struct period p;
    struct arena *a = arena_new("period", (size_t)16 << 20);
    err_clear(&e);
    assert_int_equal(period_make(0, 10, PERIOD_YEAR, 9000, a, &p, &e), E_INVALID); /* before the calendar */
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_is_that_of_trying_all),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(order_of_rows_and_units_of_length_do_not_matter),
        cmocka_unit_test(stopping_early_changes_no_finding_and_little_of_p),
        cmocka_unit_test(expected_cases_follow_the_people),
        cmocka_unit_test(what_does_not_hold_together_is_refused),
        cmocka_unit_test(periods_are_cut_without_gaps),
        cmocka_unit_test(detections_name_their_cases_and_their_price),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
