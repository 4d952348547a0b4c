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
        cmocka_unit_test(what_may_not_be_seen_does_not_wait),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
