/* The world as it comes out: the marginals of doc/synth.md, and each look-alike. One run serves all. */
#include "probe.h"

#include "base/caldate.h"
#include "synth/causes.h"
#include "synth/geography.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define FROM    "2013-01-01"
#define TO      "2015-01-01"
#define DAYS    730.0
#define PER_DAY 60.0

static int make_world(void **state)
{
    struct probe *p = test_calloc(1, sizeof *p);
    probe_run(p, FROM, TO, PER_DAY, 11);
    *state = p;
    return 0;
}

static int end_world(void **state)
{
    probe_done(*state);
    test_free(*state);
    return 0;
}

/* A share counted in a sample lies within 4 standard errors and `slack` of what was meant. */
static void assert_share(const char *what, double hits, double of, double share, double slack)
{
    double measured = hits / of, allowed = 4 * sqrt(share * (1 - share) / of) + slack;
    if (fabs(measured - share) > allowed)
        fail_msg("%s: %.4f of %.0f, expected %.4f within %.4f", what, measured, of, share, allowed);
}

static void deaths_a_day(void **state)
{
    const struct probe *p = *state;
    double mean = (double)p->death_count / DAYS;
    if (fabs(mean - PER_DAY) > 4 * sqrt(PER_DAY / DAYS) + 0.2) fail_msg("%.3f reports a day", mean);
}

static bool is_ghb(Str s)
{
    return str_eq(s, S("ghb")) || str_eq(s, S("gbl"));
}

static bool has(const struct seen_death *d, Str substance)
{
    for (size_t i = 0; i < d->substances.count; i++)
        if (str_eq(d->substances.item[i], substance)) return true;
    return false;
}

static void public_marginals_hold(void **state)
{
    const struct probe *p = *state;
    double men = 0, home = 0, tox = 0, ghb = 0, mdma = 0, cocaine = 0, ghb_home = 0, ghb_age = 0;
    for (size_t i = 0; i < p->death_count; i++) {
        const struct seen_death *d = &p->death[i];
        bool at_home = str_eq(d->setting, S("private_home"));
        men += str_eq(d->sex, S("M"));
        home += at_home;
        if (!d->toxicology) continue;
        tox++;
        mdma += has(d, S("mdma"));
        cocaine += has(d, S("cocaine"));
        if (d->substances.count == 0 || !is_ghb(d->substances.item[0])) continue;
        ghb++;
        ghb_home += at_home;
        ghb_age += d->age;
    }
    double n = (double)p->death_count;
    assert_share("men", men, n, 0.622, 0.01);
    assert_share("in private homes", home, n, 0.815, 0.01);
    assert_share("toxicology with GHB", ghb, tox, 0.0092, 0.0008);
    assert_share("toxicology with MDMA", mdma, tox, 0.013, 0.001);
    assert_share("toxicology with cocaine", cocaine, tox, 0.028, 0.002);
    assert_share("GHB in private homes", ghb_home, ghb, 0.83, 0.02);
    if (fabs(ghb_age / ghb - 34) > 0.5 + 4 * 8.5 / sqrt(ghb))
        fail_msg("mean age of GHB deaths %.1f", ghb_age / ghb);
}

static void mechanisms_have_their_shares(void **state)
{
    const struct probe *p = *state;
    struct table *count = table_new(100);
    double given = 0;
    for (size_t i = 0; i < p->death_count; i++) {
        if (!str_present(p->death[i].mechanism)) continue;
        given++;
        ++*table_at(count, p->death[i].mechanism, NULL);
    }
    assert_true(given > 0.4 * (double)p->death_count && given < 0.8 * (double)p->death_count);
    const uint64_t *natural = table_find(count, S("natural")), *hanging = table_find(count, S("hanging"));
    const uint64_t *overdose = table_find(count, S("overdose"));
    assert_true(natural != NULL && hanging != NULL && overdose != NULL);
    /* 5 in 100 first reports say unknown; couples and batches add a little to overdoses */
    assert_share("natural", (double)*natural, given, 0.95 * 0.770, 0.012);
    assert_share("hanging", (double)*hanging, given, 0.95 * 0.034, 0.002);
    assert_share("overdose", (double)*overdose, given, 0.95 * 0.061, 0.004);
    for (size_t i = 0; i < table_count(count); i++)
        assert_true(*table_value(count, i) <= *natural);
    table_free(count);
}

static void winter_and_people_tell(void **state)
{
    const struct probe *p = *state;
    double cold = 0, warm = 0, in_barking = 0;
    for (size_t i = 0; i < p->death_count; i++) {
        int year, month, day;
        caldate_from_days(caldate_day_of(p->death[i].found_ms), &year, &month, &day);
        cold += month <= 2 || month == 12;
        warm += month >= 6 && month <= 8;
        in_barking += str_eq(p->death[i].unit, S("KG"));
    }
    assert_true(cold > 1.08 * warm && cold < 1.5 * warm);
    assert_share("in the eastern unit", in_barking, (double)p->death_count, 0.0863, 0.01);
}

/* The same words for a home always mean the same point, and everything lies in or about London. */
static void places_are_places(void **state)
{
    const struct probe *p = *state;
    struct table *first = table_new(200000);
    size_t again = 0;
    for (size_t i = 0; i < p->death_count; i++) {
        const struct seen_death *d = &p->death[i];
        assert_true(d->lat > 51.2 && d->lat < 51.8 && d->lon > -0.65 && d->lon < 0.45);
        if (d->twin || !str_present(d->address) || !str_eq(d->setting, S("private_home"))) continue;
        bool fresh;
        uint64_t *at = table_at(first, d->address, &fresh);
        if (fresh) {
            *at = i;
            continue;
        }
        const struct seen_death *other = &p->death[*at];
        double km = synth_distance_km(d->lat, d->lon, other->lat, other->lon);
        if (km < 0.001)
            again++;
        else if (km < 0.5)
            fail_msg("%.*s lies at two points", STR_ARG(d->address));
    }
    assert_true(again > 20); /* couples, and a few who died years apart */
    assert_true(again < p->death_count / 100);
    table_free(first);
}

static uint64_t most(const struct table *t)
{
    uint64_t best = 0;
    for (size_t i = 0; i < table_count(t); i++)
        if (*table_value(t, i) > best) best = *table_value(t, i);
    return best;
}

/* The part of an address that names the site, from the first comma on: rooms and corners differ. */
static Str site_of(const struct seen_death *d)
{
    bool room = str_starts(d->address, S("Room "));
    size_t comma = str_find_char(d->address, ',');
    if (comma == STR_NPOS) return d->address;
    return room ? str_slice(d->address, comma + 2, d->address.len) : str_slice(d->address, 0, comma);
}

static void places_where_deaths_recur(void **state)
{
    static const struct {
        const char *setting;
        double low, high; /* deaths a year at the busiest, at 30 a day */
    } rule[] = {
        {"hostel", 5, 25}, {"care_home", 4, 25},       {"rail", 3, 15},
        {"water", 2, 15},  {"park_open_space", 3, 20},
    };
    const struct probe *p = *state;
    for (size_t k = 0; k < COUNT_OF(rule); k++) {
        struct table *count = table_new(100000);
        for (size_t i = 0; i < p->death_count; i++) {
            const struct seen_death *d = &p->death[i];
            if (d->twin || !str_present(d->address) || !str_eq(d->setting, str_of(rule[k].setting))) continue;
            ++*table_at(count, site_of(d), NULL);
        }
        double a_year = (double)most(count) / 2 * 30 / PER_DAY;
        if (a_year < rule[k].low || a_year > rule[k].high)
            fail_msg("%s: %.1f a year", rule[k].setting, a_year);
        table_free(count);
    }
}

static void some_find_many(void **state)
{
    const struct probe *p = *state;
    struct table *count = table_new(100000);
    size_t found = 0;
    for (size_t i = 0; i < p->death_count; i++) {
        if (!str_present(p->death[i].finder)) continue;
        found++;
        ++*table_at(count, p->death[i].finder, NULL);
    }
    assert_true(most(count) >= 8);
    size_t repeat = 0;
    for (size_t i = 0; i < table_count(count); i++)
        repeat += *table_value(count, i) >= 3;
    assert_true(repeat > 50);
    assert_true(table_count(count) > found / 2); /* but most find one */
    table_free(count);
}

/* Numbers in several records: a dealer's in many overdoses, a stolen telephone in a theft and a death. */
static void telephones_recur(void **state)
{
    const struct probe *p = *state;
    struct table *dealer = table_new(100000), *stolen = table_new(100000);
    size_t thefts_met = 0;
    for (size_t i = 0; i < p->phone_count; i++) {
        const struct seen_phone *f = &p->phone[i];
        assert_int_equal(f->digits.len, 10);
        assert_int_equal(f->digits.ptr[0], '6'); /* a range given to nobody */
        if (probe_death(p, f->holder) != NULL && str_eq(f->role, S("contact")))
            ++*table_at(dealer, f->digits, NULL);
        if (str_starts(f->holder, S("BI")) && str_eq(f->role, S("own")))
            *table_at(stolen, f->digits, NULL) = 1;
    }
    for (size_t i = 0; i < p->phone_count; i++)
        thefts_met +=
            probe_death(p, p->phone[i].holder) != NULL && table_find(stolen, p->phone[i].digits) != NULL;
    assert_true(most(dealer) >= 3);
    assert_true(thefts_met >= 60 && thefts_met <= 300);
    table_free(dealer);
    table_free(stolen);
}

struct group {
    const struct seen_death *death[8];
    size_t deaths;
};

/* Gathers the deaths of each group whose name starts so. */
static size_t ties_of(struct probe *p, Str prefix, struct group *tie, size_t room)
{
    struct table *at = table_new(100000);
    for (size_t i = 1; i < p->truth_count; i++) {
        struct str_list cell = str_split(p->arena, p->truth[i], '\t');
        if (!str_starts(cell.item[0], prefix) || !str_eq(cell.item[3], S("death"))) continue;
        uint32_t k = table_intern(at, cell.item[0]);
        assert_true(k < room && tie[k].deaths < 8);
        tie[k].death[tie[k].deaths++] = probe_death(p, cell.item[2]);
    }
    size_t count = table_count(at);
    table_free(at);
    return count;
}

static void couples_die_together(void **state)
{
    static struct group tie[400];
    size_t count = ties_of(*state, S("BK"), tie, COUNT_OF(tie));
    assert_true(count >= 15 && count <= 60); /* 0.8 in a thousand of 43,800 */
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(tie[i].deaths, 2);
        const struct seen_death *a = tie[i].death[0], *b = tie[i].death[1];
        assert_true(a->lat == b->lat && a->lon == b->lon);
        assert_true(a->found_ms == b->found_ms);
    }
}

static void bad_batches_come_within_a_week(void **state)
{
    static struct group tie[400];
    size_t count = ties_of(*state, S("BB"), tie, COUNT_OF(tie));
    assert_true(count >= 10 && count <= 45); /* 0.55 in a thousand */
    for (size_t i = 0; i < count; i++) {
        assert_true(tie[i].deaths >= 2 && tie[i].deaths <= 7);
        const struct seen_death *a = tie[i].death[0];
        for (size_t k = 1; k < tie[i].deaths; k++) {
            const struct seen_death *b = tie[i].death[k];
            assert_true(llabs(a->found_ms - b->found_ms) <= 7 * MS_PER_DAY);
            if (a->toxicology && b->toxicology && a->substances.count > 0)
                assert_true(has(b, a->substances.item[0]));
        }
    }
}

static void twins_are_one_death(void **state)
{
    static struct group tie[400];
    size_t count = ties_of(*state, S("BS"), tie, COUNT_OF(tie));
    assert_true(count >= 30 && count <= 110); /* 1.5 in a thousand */
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(tie[i].deaths, 2);
        const struct seen_death *a = tie[i].death[0], *b = tie[i].death[1];
        assert_true(a->twin != b->twin);
        assert_true(synth_distance_km(a->lat, a->lon, b->lat, b->lon) < 0.4);
        assert_true(llabs(a->found_ms - b->found_ms) < MS_PER_HOUR);
        assert_true(str_eq(a->setting, b->setting));
    }
}

static void the_causes_make_a_thousand(void **state)
{
    (void)state;
    double sum = 0;
    for (int i = 0; i < CAUSE_COUNT; i++) {
        assert_int_equal(synth_cause[i].kind, i);
        assert_non_null(synth_cause[i].source);
        sum += synth_cause[i].per_thousand;
    }
    if (fabs(sum - 1000) > 1e-6) fail_msg("the shares of the causes make %.3f", sum);
}

static void districts_lie_in_their_boroughs(void **state)
{
    (void)state;
    size_t next = 0;
    for (uint16_t b = 0; b < BOROUGH_COUNT; b++) {
        assert_int_equal(synth_borough[b].outcode_first, next);
        for (size_t i = 0; i < synth_borough[b].outcode_count; i++)
            assert_int_equal(synth_outcode[next + i].borough, b);
        next += synth_borough[b].outcode_count;
    }
    assert_int_equal(next, OUTCODE_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deaths_a_day),
        cmocka_unit_test(public_marginals_hold),
        cmocka_unit_test(mechanisms_have_their_shares),
        cmocka_unit_test(winter_and_people_tell),
        cmocka_unit_test(places_are_places),
        cmocka_unit_test(places_where_deaths_recur),
        cmocka_unit_test(some_find_many),
        cmocka_unit_test(telephones_recur),
        cmocka_unit_test(couples_die_together),
        cmocka_unit_test(bad_batches_come_within_a_week),
        cmocka_unit_test(twins_are_one_death),
        cmocka_unit_test(the_causes_make_a_thousand),
        cmocka_unit_test(districts_lie_in_their_boroughs),
    };
    return cmocka_run_group_tests(tests, make_world, end_world);
}
