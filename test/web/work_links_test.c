/* Suggested links on Your work: with whom they stand, their clock, who sees them when nobody answers. */
#include "site.h"

#include "app/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char MORE[] =
    "{\"known_at\":\"2014-08-28T05:00:00Z\",\"kind\":\"death\",\"id\":\"NEXT\",\"source\":\"death_report\","
    "\"set\":{\"ref\":\"A/2014/9\",\"unit\":\"A\",\"deceased_name\":\"Kim Next\",\"age\":30}}\n"
    "{\"known_at\":\"2014-08-28T05:10:00Z\",\"kind\":\"link\",\"id\":\"L-1\",\"source\":\"linker\",\"set\":{"
    "\"deaths\":[\"OWN\",\"NEXT\"],\"raised_by\":\"pair\",\"first\":\"NEXT\",\"second\":\"OWN\",\"weight\":7,"
    "\"threshold\":5,\"told_at\":\"2014-08-28T05:10:00Z\",\"facts\":\"00\"}}\n"
    "{\"known_at\":\"2014-08-25T05:00:00Z\",\"kind\":\"death\",\"id\":\"LEFT\",\"source\":\"death_report\","
    "\"set\":{\"ref\":\"A/2014/8\",\"unit\":\"A\",\"deceased_name\":\"Lou Left\",\"age\":31}}\n"
    "{\"known_at\":\"2014-08-25T05:10:00Z\",\"kind\":\"link\",\"id\":\"L-2\",\"source\":\"linker\",\"set\":{"
    "\"deaths\":[\"OWN\",\"LEFT\"],\"raised_by\":\"pair\",\"first\":\"LEFT\",\"second\":\"OWN\",\"weight\":7,"
    "\"threshold\":5,\"told_at\":\"2014-08-25T05:10:00Z\",\"facts\":\"00\"}}\n";

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

static bool says(int role, const char *words)
{
    struct site_answer a = site_get(site, role, "/");
    assert_int_equal(a.status, 200);
    return str_find(a.body, str_of(words)) != STR_NPOS;
}

static void a_link_waits_for_whoever_owns_it(void **state)
{
    (void)state;
    site_settle(site);
    assert_true(says(ROLE_ANALYST, "Ann Own") && says(ROLE_ANALYST, "Do these deaths belong together?"));
    assert_true(says(ROLE_ANALYST, "Answer by "));
    assert_false(says(ROLE_ANALYST, "Nothing waits for you here"));
    static const int OTHERS[] = {ROLE_RESPONSE, ROLE_DETECTIVE};
    for (size_t i = 0; i < COUNT_OF(OTHERS); i++)
        assert_false(says(OTHERS[i], "Do these deaths belong together?"));
    struct site_answer a = site_get(site, ROLE_ANALYST, "/.json");
    assert_int_equal(a.status, 200);
    assert_true(str_find(a.body, S("\"links_waiting\":1")) != STR_NPOS);
}

static void what_nobody_answers_reaches_the_supervisor(void **state)
{
    (void)state;
    assert_true(says(ROLE_SUPERVISOR, "Lou Left") && says(ROLE_SUPERVISOR, "Nobody answered in time"));
    struct site_answer a = site_get(site, ROLE_SUPERVISOR, "/.json");
    assert_true(str_find(a.body, S("\"links_waiting\":1")) != STR_NPOS); /* the other is in time */
    assert_true(str_find(a.body, S("LEFT")) != STR_NPOS);
}

/* An incident among the members: what it is, when, where and what it tells; not its id. */
static void members_are_named_in_words(void **state)
{
    struct store_place head;
    (void)state;
    site_feed(site, "{\"known_at\":\"2014-08-28T05:15:00Z\",\"kind\":\"incident\",\"id\":\"I-9\","
                    "\"source\":\"missing_report\",\"set\":{\"type\":\"missing_person\",\"at\":{\"from\":"
                    "\"2014-08-27\"},\"address\":\"5 Mill Lane\",\"narrative\":\"Not home since.\"}}\n"
                    "{\"known_at\":\"2014-08-28T05:16:00Z\",\"kind\":\"link\",\"id\":\"L-3\",\"source\":"
                    "\"linker\",\"set\":{\"deaths\":[\"OWN\",\"NEXT\"],\"incidents\":[\"I-9\"],"
                    "\"raised_by\":\"series\",\"first\":\"NEXT\",\"second\":\"OWN\",\"weight\":7,"
                    "\"threshold\":5,\"told_at\":\"2014-08-28T05:16:00Z\",\"facts\":\"00\"}}\n");
    assert_ok(store_head(site->service.session.store, &head, e));
    assert_true(live_wait(site->service.live, head.seq, 20000));
    struct site_answer a = site_get(site, ROLE_ANALYST, "/series/L-3");
    assert_int_equal(a.status, 200);
    assert_true(str_find(a.body, S("Missing person, 27 August 2014, 5 Mill Lane")) != STR_NPOS);
    assert_true(str_find(a.body, S("Not home since.")) != STR_NPOS);
    assert_true(str_find(a.body, S("incident I-9")) == STR_NPOS);
    /* each member counts as read */
    static const char *const MEMBERS[] = {"A/2014/1", "A/2014/9"};
    for (size_t i = 0; i < COUNT_OF(MEMBERS); i++) {
        Str path = str_format(site->arena, "/assurance/audit?person=analyst&death=%s", MEMBERS[i]);
        a = site_get(site, ROLE_AUDITOR, str_cstr(site->arena, path));
        assert_true(str_find(a.body, S("saw it in a series")) != STR_NPOS);
    }
}

static Str between(const struct site_answer *a, const char *before, const char *after)
{
    size_t at = str_find(a->body, str_of(before));
    assert_true(at != STR_NPOS);
    Str rest = str_slice(a->body, at + strlen(before), a->body.len);
    return str_slice(rest, 0, str_find(rest, str_of(after)));
}

static struct site_answer answer(const char *form)
{
    struct site_answer a = site_get(site, ROLE_ANALYST, "/links/OWN/NEXT?link=L-3");
    Str seen = between(&a, "name=\"seen\" value=\"", "\""),
        version = between(&a, "name=\"version\" value=\"", "\"");
    Str path = str_format(site->arena, "/series/%.*s", STR_ARG(between(&a, "action=\"/series/", "\"")));
    Str all = str_format(site->arena, "seen=%.*s&version=%.*s&%s", STR_ARG(seen), STR_ARG(version), form);
    return site_post(site, ROLE_ANALYST, str_cstr(site->arena, path), str_cstr(site->arena, all));
}

/* Two deaths with the reports that lead to them are compared, decided and found again on one page. */
static void two_deaths_are_decided_where_they_are_compared(void **state)
{
    (void)state;
    struct site_answer a = site_get(site, ROLE_ANALYST, "/links?which=open");
    assert_true(site_says(&a, "and 1 report") && site_says(&a, "href=\"/links/"));
    a = site_get(site, ROLE_ANALYST, "/series/L-3");
    assert_true(site_says(&a, "Compare the two deaths") && !site_says(&a, "Record the decision"));
    a = site_get(site, ROLE_ANALYST, "/links/OWN/NEXT?link=L-3");
    assert_int_equal(a.status, 200);
    assert_true(site_says(&a, "Reports in this link") && site_says(&a, "Not home since."));
    assert_true(site_says(&a, "Do Kim Next and Ann Own belong together?") && site_says(&a, "#decide"));
    assert_true(site_says(&a, "The reports in this link belong to it too"));
}

static void what_is_wrong_is_said_on_the_same_page(void **state)
{
    (void)state;
    struct site_answer a = answer("answer=needs_work&reason=Ask+the+finder&owner=O-99");
    assert_true(a.status == 200 && site_says(&a, "Choose one of your unit.") &&
                site_says(&a, "Side by side"));
    a = answer("answer=needs_work&reason=Ask+the+finder&within=3");
    assert_true(a.status == 200 && site_says(&a, "Choose by when it is to be done."));
    a = answer("answer=not_linked&reason=No");
    assert_true(a.status == 200 && site_says(&a, "Choose why they are not linked."));
}

/* Decisions that rest on the report of the link. */
static size_t decisions_on_the_report(void)
{
    const struct record_id report = {S("main"), KIND_INCIDENT, S("I-9")};
    const struct actor who = {.name = S("test"), .role = S("administrator"), .origin = S("here")};
    struct record_id *from = NULL;
    size_t count = 0, decisions = 0;
    assert_ok(store_referrers(site->service.session.store, &who, &report, site->arena, &from, &count, e));
    for (size_t i = 0; i < count; i++)
        decisions += from[i].kind == KIND_DECISION;
    return decisions;
}

/* An answer about two deaths says nothing of the reports unless the person says so. */
static void the_reports_are_answered_about_only_when_that_is_said(void **state)
{
    (void)state;
    assert_int_equal(decisions_on_the_report(), 0);
    struct site_answer a = answer("answer=linked&reason=The+report+too&reports=yes");
    assert_int_equal(a.status, 303);
    assert_int_equal(decisions_on_the_report(), 1);
}

static void an_answer_stands_with_name_and_reason(void **state)
{
    (void)state;
    struct site_answer a = answer("answer=needs_work&reason=Ask+the+finder&within=72");
    assert_int_equal(a.status, 303);
    a = site_get(site, ROLE_ANALYST, "/links/OWN/NEXT?link=L-3");
    assert_true(site_says(&a, "Needs work, by ") && site_says(&a, "“Ask the finder”"));
    assert_true(site_says(&a, "due 31 August 2014, 6:00am")); /* three days from the site's now */
    assert_true(site_says(&a, "Give another answer"));        /* folded: it has been given */
    a = answer("answer=linked&reason=Same+street");
    assert_int_equal(a.status, 303);
    a = site_get(site, ROLE_ANALYST, "/links/OWN/NEXT?link=L-3");
    assert_true(site_says(&a, "Linked, by ") && site_says(&a, "“Same street”"));
    assert_true(site_says(&a, "The links that wait for you") && !site_says(&a, "href=\"#decide\""));
}

/* Another link of the same two that still waits has its form; a report beside a death has none. */
static void each_link_of_two_can_be_answered(void **state)
{
    (void)state;
    struct site_answer a = site_get(site, ROLE_ANALYST, "/links/OWN/NEXT");
    assert_true(site_says(&a, "action=\"/series/L-1/answer\"") &&
                site_says(&a, "New: nobody has answered yet"));
    a = site_get(site, ROLE_ANALYST, "/links/OWN/NEXT?link=L-3");
    assert_true(site_says(&a, "action=\"/series/L-3/answer\"") && site_says(&a, "Linked, by "));
    a = site_get(site, ROLE_ANALYST, "/links/OWN/I-9");
    assert_true(site_says(&a, "Open the whole link") && !site_says(&a, "Record the decision"));
    a = site_get(site, ROLE_ANALYST, "/links?which=open");
    assert_true(site_says(&a, "/links/NEXT/OWN?link=L-1"));
}

static void what_may_not_be_seen_does_not_wait(void **state)
{
    (void)state;
    site_feed(site, "{\"known_at\":\"2014-08-28T05:20:00Z\",\"kind\":\"restriction\",\"id\":\"R-1\","
                    "\"source\":\"staff\",\"set\":{\"events\":[\"NEXT\"],\"reason\":\"an inquiry\",\"by\":"
                    "\"O-8\",\"approved_by\":\"O-9\",\"cleared\":[\"O-8\"]}}\n");
    assert_false(says(ROLE_ANALYST, "Do these deaths belong together?"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_link_waits_for_whoever_owns_it),
        cmocka_unit_test(what_nobody_answers_reaches_the_supervisor),
        cmocka_unit_test(members_are_named_in_words),
        cmocka_unit_test(two_deaths_are_decided_where_they_are_compared),
        cmocka_unit_test(what_is_wrong_is_said_on_the_same_page),
        cmocka_unit_test(an_answer_stands_with_name_and_reason),
        cmocka_unit_test(the_reports_are_answered_about_only_when_that_is_said),
        cmocka_unit_test(each_link_of_two_can_be_answered),
        cmocka_unit_test(what_may_not_be_seen_does_not_wait),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
