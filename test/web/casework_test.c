/* Checks, category, review and second persons through the whole way of a request; the index of work against
 * judging each death; guidance that every check leads to. */
#include "site.h"

#include "app/guidance.h"
#include "app/live_casework.h"
#include "app/work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char MORE[] =
    "{\"known_at\":\"2014-06-21T05:00:00Z\",\"kind\":\"death\",\"id\":\"CASE\",\"source\":\"death_report\","
    "\"set\":{"
    "\"ref\":\"A/2014/9\",\"unit\":\"A\",\"deceased_name\":\"Kim "
    "Case\",\"age\":30,\"sex\":\"M\",\"category\":"
    "\"unexpected_investigating\",\"reported_at\":\"2014-06-21T04:00:00Z\",\"setting\":\"street\",\"access\":"
    "\"public\",\"place\":{\"lat\":51.54,\"lon\":0.08,\"radius_m\":50}}}\n"
    "{\"known_at\":\"2014-06-21T06:00:00Z\",\"kind\":\"exhibit\",\"id\":\"E-77\",\"source\":\"exhibit\","
    "\"set\":{"
    "\"death\":\"CASE\",\"item\":\"device\",\"state\":\"seized\"}}\n";

static struct site *site;

static int set_up(void **state)
{
    (void)state;
    site = site_open(MORE);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    site_close(site);
    return 0;
}

/* The address under which a request for a second person is answered. */
static const char *second_path(int role, const char *page)
{
    struct site_answer a = site_get(site, role, page);
    size_t at = str_find(a.body, S("/deaths/CASE/second/")), end = at;
    if (at == STR_NPOS) return NULL;
    while (end < a.body.len && a.body.ptr[end] != '"')
        end++;
    return str_cstr(site->arena, str_slice(a.body, at, end));
}

static void a_check_says_why_and_for_whom(void **state)
{
    (void)state;
    struct site_answer a = site_get(site, ROLE_DETECTIVE, "/deaths/CASE/checks");
    assert_int_equal(a.status, 200);
    assert_true(site_says(&a, "Camera recordings secured") && site_says(&a, "For the detective"));
    a = site_get(site, ROLE_DETECTIVE, "/deaths/CASE/checks/cctv");
    assert_int_equal(a.status, 200);
    assert_true(site_says(&a, "/guidance/cctv"));
    a = site_get(site, ROLE_DETECTIVE, "/deaths/CASE/checks/no_such_check");
    assert_int_equal(a.status, 404);
}

static void the_same_account_is_never_both_persons(void **state)
{
    (void)state;
    struct site_answer a = site_post(site, ROLE_DETECTIVE, "/deaths/CASE/checks/search_recorded/not-needed",
                                     "rationale=The+body+was+never+moved+by+anybody");
    assert_int_equal(a.status, 303);
    const char *path = second_path(ROLE_SUPERVISOR, "/deaths/CASE/checks/search_recorded");
    assert_non_null(path);
    a = site_post(site, ROLE_DETECTIVE, path, "say=agree");
    assert_int_equal(a.status, 200);
    assert_true(site_says(&a, "Another person has to agree"));
    a = site_get(site, ROLE_DETECTIVE, "/deaths/CASE/checks/search_recorded");
    assert_false(site_says(&a, "not needed, said"));
    a = site_post(site, ROLE_SUPERVISOR, path, "say=agree");
    assert_int_equal(a.status, 303);
    a = site_get(site, ROLE_DETECTIVE, "/deaths/CASE/checks/search_recorded");
    assert_true(site_says(&a, "not needed, said"));
    a = site_post(site, ROLE_SUPERVISOR, path, "say=agree");
    assert_int_equal(a.status, 404); /* nothing waits any more */
}

static void a_lower_category_needs_evidence_and_a_second_person(void **state)
{
    (void)state;
    const char *page = "/deaths/CASE/category";
    struct site_answer a = site_post(site, ROLE_DETECTIVE, page,
                                     "to=unexpected_not_suspicious&rationale=It+is+all+explained+by+now");
    assert_int_equal(a.status, 200);
    assert_true(site_says(&a, "needs positive evidence"));
    a = site_post(site, ROLE_DETECTIVE, page,
                  "to=unexpected_not_suspicious&rationale=It+is+all+explained+by+now&relied_on=E-77");
    assert_int_equal(a.status, 303);
    a = site_get(site, ROLE_DETECTIVE, page);
    assert_true(site_says(&a, "Now: unexpected, under investigation."));
    const char *path = second_path(ROLE_SUPERVISOR, page);
    assert_non_null(path);
    a = site_post(site, ROLE_DETECTIVE, path, "say=agree");
    assert_true(site_says(&a, "Another person has to agree"));
    a = site_post(site, ROLE_RESPONSE, path, "say=agree");
    assert_int_equal(a.status, 403);
    a = site_post(site, ROLE_SUPERVISOR, path, "say=decline&reason=The+laboratory+has+not+answered");
    assert_int_equal(a.status, 303);
    a = site_get(site, ROLE_DETECTIVE, page);
    assert_true(site_says(&a, "Now: unexpected, under investigation."));
    assert_null(second_path(ROLE_SUPERVISOR, page));
    a = site_post(site, ROLE_DETECTIVE, page, "to=homicide&rationale=A+witness+saw+another+man");
    assert_int_equal(a.status, 303); /* up: one person, a reason */
    a = site_get(site, ROLE_DETECTIVE, page);
    assert_true(site_says(&a, "Now: homicide."));
}

static void a_review_needs_findings_where_it_does_not_agree(void **state)
{
    (void)state;
    struct site_answer a = site_post(site, ROLE_SUPERVISOR, "/deaths/CASE/review", "outcome=return");
    assert_int_equal(a.status, 200);
    a = site_post(site, ROLE_SUPERVISOR, "/deaths/CASE/review",
                  "outcome=return&text=The+scene+log+is+missing");
    assert_int_equal(a.status, 303);
    a = site_get(site, ROLE_RESPONSE, "/deaths/CASE/review");
    assert_int_equal(a.status, 403);
}

/* ---- the index of work ------------------------------------------------------------------------------ */

struct comparing {
    size_t deaths, items;
};

static enum status compare_case(void *state, const struct casework *c, struct err *e)
{
    struct comparing *x = state;
    struct arena *a CLEANUP_ARENA = arena_new("a case to compare", (size_t)1 << 24);
    struct work_case own;
    (void)e;
    const struct work_case *kept = work_find(site->service.work, &c->death);
    assert_non_null(kept);
    work_case_read(c, &site->service.checks, a, &own);
    assert_int_equal(kept->items, own.items);
    for (size_t i = 0; i < own.items; i++) {
        assert_int_equal(kept->item[i].check, own.item[i].check);
        assert_int_equal(kept->item[i].state, own.item[i].state);
        assert_int_equal(kept->item[i].opened_ms, own.item[i].opened_ms);
        assert_int_equal(kept->item[i].due_ms, own.item[i].due_ms);
    }
    assert_int_equal(kept->requests, own.requests);
    assert_int_equal(kept->oweds, own.oweds);
    assert_int_equal(kept->attendeds, own.attendeds);
    for (size_t i = 0; i < own.attendeds; i++)
        assert_true(str_eq(kept->attended[i], own.attended[i]));
    assert_int_equal(kept->returned, own.returned);
    x->deaths++;
    x->items += own.items;
    return OK;
}

static void the_index_says_what_judging_each_death_says(void **state)
{
    struct store_place head;
    struct err e = {0};
    struct comparing x = {0};
    (void)state;
    assert_int_equal(store_head(site->service.session.store, &head, &e), OK);
    assert_true(work_wait(site->service.work, head.seq, 20000));
    struct casework_live from = {.live = site->service.live, .side = LIVE_OPEN};
    struct casework_links links = casework_of_live(&from);
    struct casework_ask ask = {.session = &site->service.session,
                               .links = &links,
                               .pack = &site->service.checks,
                               .view = VIEW_NOW,
                               .now_ms = clock_now_ms(&site->service.session.env.clock)};
    work_hold(site->service.work);
    assert_int_equal(casework_each(&ask, S(""), compare_case, &x, &e), OK);
    work_release(site->service.work);
    assert_true(x.deaths > 2 && x.items > 20);
}

static void your_work_is_of_the_role_and_unit(void **state)
{
    (void)state;
    struct site_answer a = site_get(site, ROLE_DETECTIVE, "/");
    assert_int_equal(a.status, 200);
    assert_true(site_says(&a, "Camera recordings secured") && site_says(&a, "Kim Case"));
    a = site_get(site, ROLE_ADMINISTRATOR, "/");
    assert_false(site_says(&a, "Kim Case"));
}

/* Who attends sees the deaths that they attended; the rest is counted, and a link away. */
static void the_work_of_who_attends_is_their_own_first(void **state)
{
    (void)state;
    site_settle(site);
    struct site_answer a = site_get(site, ROLE_RESPONSE, "/");
    assert_int_equal(a.status, 200);
    assert_false(site_says(&a, "Kim Case"));
    assert_true(site_says(&a, "In deaths that you did not attend") && site_says(&a, " overdue"));
    a = site_get(site, ROLE_RESPONSE, "/?whose=unit");
    assert_true(site_says(&a, "Kim Case") && !site_says(&a, "In deaths that you did not attend"));
    /* told is not there */
    site_feed(site, "{\"known_at\":\"2014-06-21T06:10:00Z\",\"kind\":\"attendance\",\"id\":\"AT-1\","
                    "\"source\":\"duty_state\",\"set\":{\"death\":\"CASE\",\"officer\":\"O-1\","
                    "\"capacity\":\"supervisor\",\"told_at\":\"2014-06-21T06:00:00Z\"}}\n");
    site_settle(site);
    a = site_get(site, ROLE_RESPONSE, "/");
    assert_false(site_says(&a, "Kim Case"));
    site_feed(site, "{\"known_at\":\"2014-06-21T06:20:00Z\",\"kind\":\"attendance\",\"id\":\"AT-2\","
                    "\"source\":\"duty_state\",\"set\":{\"death\":\"CASE\",\"officer\":\"O-1\","
                    "\"capacity\":\"first_response\",\"from\":\"2014-06-21T06:00:00Z\"}}\n");
    site_settle(site);
    a = site_get(site, ROLE_RESPONSE, "/");
    assert_true(site_says(&a, "Kim Case") && !site_says(&a, "Ann Own"));
    assert_true(site_says(&a, "In deaths that you did not attend"));
}

static void who_watches_begins_with_what_is_overdue(void **state)
{
    static const int WATCH[] = {ROLE_AUDITOR, ROLE_STANDARDS};
    (void)state;
    site_settle(site);
    for (size_t i = 0; i < COUNT_OF(WATCH); i++) {
        struct site_answer a = site_get(site, WATCH[i], "/");
        assert_int_equal(a.status, 200);
        assert_true(site_says(&a, "What is overdue, by unit") && site_says(&a, "Area A") &&
                    site_says(&a, "Area B"));
        assert_true(site_says(&a, "/assurance/checks?state=overdue&amp;unit=A") &&
                    site_says(&a, "Who read what"));
        /* only to what this role may open */
        assert_int_equal(site_says(&a, "/settings/system"), WATCH[i] == ROLE_AUDITOR);
    }
    struct site_answer a = site_get(site, ROLE_DETECTIVE, "/");
    assert_false(site_says(&a, "What is overdue, by unit"));
}

static void the_evidence_of_the_report_is_given_at_its_field(void **state)
{
    (void)state;
    struct site_answer a = site_get(site, ROLE_DETECTIVE, "/deaths/CASE/checks/identification");
    assert_int_equal(a.status, 200);
    assert_true(site_says(&a, "href=\"/deaths/CASE/change/identified\""));
    assert_int_equal(site_get(site, ROLE_DETECTIVE, "/deaths/CASE/change/identified").status, 200);
}

static void codes_and_units_are_shown_in_words(void **state)
{
    static const char *const PAGES[] = {"/deaths/CASE", "/deaths/CASE/history"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(PAGES); i++) {
        struct site_answer a = site_get(site, ROLE_DETECTIVE, PAGES[i]);
        assert_int_equal(a.status, 200);
        assert_true(site_says(&a, "unexpected, under investigation") && site_says(&a, "Area A"));
        assert_false(site_says(&a, "unexpected investigating"));
    }
}

/* What the auditor is told of a death, between two looks. */
static size_t told(const char *words)
{
    struct site_answer a = site_get(site, ROLE_AUDITOR, "/assurance/audit?person=analyst&death=A/2014/9");
    size_t n = 0;
    assert_int_equal(a.status, 200);
    for (Str rest = a.body; str_find(rest, str_of(words)) != STR_NPOS; n++)
        rest = str_slice(rest, str_find(rest, str_of(words)) + strlen(words), rest.len);
    return n;
}

/* A page that tells much of a death is a reading of it; each of those shown, not the first alone. */
static void what_is_shown_near_or_compared_is_read(void **state)
{
    struct store_place head;
    (void)state;
    assert_int_equal(store_head(site->service.session.store, &head, &(struct err){0}), OK);
    assert_true(live_wait(site->service.live, head.seq, 20000));
    assert_int_equal(told("compared it with another"), 0);
    assert_int_equal(site_get(site, ROLE_ANALYST, "/links/CASE/OWN").status, 200);
    assert_int_equal(site_get(site, ROLE_ANALYST, "/links/OWN/CASE").status, 200);
    assert_int_equal(told("compared it with another"), 2);
    assert_int_equal(told("was shown it as near a place"), 0);
    struct site_answer a = site_get(site, ROLE_RESPONSE, "/api/v1/near?place-lat=51.54&place-lon=0.08");
    assert_int_equal(a.status, 200);
    a = site_get(site, ROLE_AUDITOR, "/assurance/audit?person=response&death=A/2014/9");
    assert_true(site_says(&a, "was shown it as near a place"));
}

static void a_sample_is_drawn_again_by_its_seed(void **state)
{
    (void)state;
    const char *path = "/assurance/sample.csv?seed=7&count=3";
    struct site_answer a = site_get(site, ROLE_SUPERVISOR, path), b = site_get(site, ROLE_SUPERVISOR, path);
    assert_int_equal(a.status, 200);
    assert_true(str_eq(a.body, b.body));
}

static void who_read_what_is_for_those_outside_the_chain(void **state)
{
    (void)state;
    struct site_answer a = site_get(site, ROLE_SUPERVISOR, "/assurance/audit");
    assert_int_equal(a.status, 403);
    a = site_get(site, ROLE_AUDITOR, "/assurance/audit?death=A/2014/9");
    assert_int_equal(a.status, 200);
    assert_true(site_says(&a, "read its checks"));
}

/* ---- guidance --------------------------------------------------------------------------------------- */

static void every_check_leads_to_guidance(void **state)
{
    struct arena *a CLEANUP_ARENA = arena_new("guidance", (size_t)1 << 24);
    static const char *const PACKS[] = {"england-wales", "nij"};
    struct guidance g;
    struct err e = {0};
    (void)state;
    assert_int_equal(guidance_load(a, &g, &e), OK);
    assert_true(g.count >= 12);
    for (size_t p = 0; p < COUNT_OF(PACKS); p++) {
        struct check_pack pack;
        assert_int_equal(casework_pack(a, str_of(PACKS[p]), &pack, &e), OK);
        for (size_t i = 0; i < pack.count; i++)
            if (str_present(pack.check[i].guidance) && !guidance_knows(&g, pack.check[i].guidance))
                fail_msg("%s: %.*s leads nowhere", PACKS[p], STR_ARG(pack.check[i].guidance));
    }
}

static void the_version_in_force_on_a_day_is_found(void **state)
{
    struct arena *a CLEANUP_ARENA = arena_new("guidance", (size_t)1 << 20);
    struct guide two[2];
    struct err e = {0};
    (void)state;
    assert_int_equal(guide_parse(a, S("x.1.md"),
                                 S("title: X\nowner: O\nfrom: 2014-01-01\nreview: 2015-01-01\nuntil: "
                                   "2016-01-01\n\nold"),
                                 &two[0], &e),
                     OK);
    assert_int_equal(guide_parse(a, S("x.md"),
                                 S("title: X\nowner: O\nfrom: 2016-01-01\nreview: 2017-01-01\n\nnew"),
                                 &two[1], &e),
                     OK);
    struct guidance g = {two, 2};
    assert_true(guidance_on(&g, S("x"), INT64_C(1409205600000)) == &two[0]);
    assert_true(guidance_on(&g, S("x"), INT64_C(1500000000000)) == &two[1]);
    assert_null(guidance_on(&g, S("x"), 0));
    assert_int_equal(guide_parse(a, S("y.md"), S("title: Y\nfrom: 2014-01-01\n\ntext"), &two[0], &e),
                     E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_check_says_why_and_for_whom),
        cmocka_unit_test(the_index_says_what_judging_each_death_says),
        cmocka_unit_test(your_work_is_of_the_role_and_unit),
        cmocka_unit_test(the_work_of_who_attends_is_their_own_first),
        cmocka_unit_test(who_watches_begins_with_what_is_overdue),
        cmocka_unit_test(the_evidence_of_the_report_is_given_at_its_field),
        cmocka_unit_test(codes_and_units_are_shown_in_words),
        cmocka_unit_test(what_is_shown_near_or_compared_is_read),
        cmocka_unit_test(the_same_account_is_never_both_persons),
        cmocka_unit_test(a_lower_category_needs_evidence_and_a_second_person),
        cmocka_unit_test(a_review_needs_findings_where_it_does_not_agree),
        cmocka_unit_test(a_sample_is_drawn_again_by_its_seed),
        cmocka_unit_test(who_read_what_is_for_those_outside_the_chain),
        cmocka_unit_test(the_index_says_what_judging_each_death_says),
        cmocka_unit_test(every_check_leads_to_guidance),
        cmocka_unit_test(the_version_in_force_on_a_day_is_found),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
