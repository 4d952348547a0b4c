/* What keeps people from a record, as they set it themselves: restricting, approving and lifting, declaring
 * an interest and its end; taking a batch back, and the links that came of it. */
#include "site.h"

#include "model/feed.h"

#include <stdio.h>
#include <string.h>

/* The accounts' officers are O-1, the supervisor's O-2. */
static const char MORE[] =
    "{\"known_at\":\"2014-01-01T00:00:00Z\",\"kind\":\"officer\",\"id\":\"O-3\",\"source\":\"staff\","
    "\"set\":{\"name\":\"DS Three\",\"rank\":\"sergeant\",\"unit\":\"A\"}}\n"
    "{\"known_at\":\"2014-06-21T05:00:00Z\",\"kind\":\"death\",\"id\":\"CASE\",\"source\":\"death_report\","
    "\"set\":{\"ref\":\"A/2014/9\",\"unit\":\"A\",\"deceased_name\":\"Kim Case\",\"age\":30}}\n"
    "{\"known_at\":\"2014-06-21T05:00:00Z\",\"kind\":\"death\",\"id\":\"HELD\",\"source\":\"death_report\","
    "\"set\":{\"ref\":\"A/2014/10\",\"unit\":\"A\",\"deceased_name\":\"Lee Held\",\"age\":31}}\n"
    "{\"known_at\":\"2014-06-21T06:00:00Z\",\"kind\":\"restriction\",\"id\":\"R-1\",\"source\":\"staff\","
    "\"set\":{\"events\":[\"HELD\"],\"reason\":\"an "
    "inquiry\",\"by\":\"O-3\",\"cleared\":[\"O-1\",\"O-3\"]}}\n"
    "{\"known_at\":\"2014-06-21T05:00:00Z\",\"kind\":\"death\",\"id\":\"FAR\",\"source\":\"death_report\","
    "\"set\":{\"ref\":\"A/2014/11\",\"unit\":\"A\",\"deceased_name\":\"Max Far\",\"age\":32}}\n"
    "{\"known_at\":\"2014-06-21T06:00:00Z\",\"kind\":\"restriction\",\"id\":\"R-2\",\"source\":\"staff\","
    "\"set\":{\"events\":[\"FAR\"],\"reason\":\"an inquiry\",\"by\":\"O-2\",\"cleared\":[\"O-2\"]}}\n";

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

/* A second passes, so that what was just said is of the past. */
static struct site_answer post(int role, const char *path, const char *form)
{
    struct site_answer a = site_post(site, role, path, form);
    site->now_ms += 1000;
    return a;
}

/* "/settings/restrictions/" ... "/approve" of the first form on a page. */
static const char *address(int role, const char *page, const char *begins, const char *ends)
{
    struct site_answer a = site_get(site, role, page);
    Str mark = str_format(site->arena, "action=\"%s", begins), rest = a.body;
    for (size_t at; (at = str_find(rest, mark)) != STR_NPOS;) {
        Str path = str_slice(rest, at + strlen("action=\""), rest.len);
        rest = path;
        path = str_slice(path, 0, str_find_char(path, '"'));
        if (str_ends(path, str_of(ends))) return str_cstr(site->arena, path);
    }
    fail_msg("no form %s...%s on %s", begins, ends, page);
    return NULL;
}

static void restricting_takes_it_out_of_sight(void **state)
{
    (void)state;
    struct site_answer a =
        post(ROLE_SPECIALIST, "/settings/restrictions", "death=A/2014/1&reason=A+leak&cleared=O-1");
    assert_int_equal(a.status, 400); /* nobody else could approve it, or lift it */
    assert_true(site_says(&a, "Name at least one other officer"));
    a = post(ROLE_SPECIALIST, "/settings/restrictions", "death=A/2014/1&reason=A+leak&cleared=O-77");
    assert_true(site_says(&a, "O-77 is no officer of the staff list."));
    assert_int_equal(site_get(site, ROLE_SUPERVISOR, "/deaths/OWN").status, 200);
    a = post(ROLE_SPECIALIST, "/settings/restrictions", "death=A/2014/1&reason=A+leak&cleared=O-3");
    assert_int_equal(a.status, 303);
    assert_int_equal(site_get(site, ROLE_SUPERVISOR, "/deaths/OWN").status, 404);
    a = site_get(site, ROLE_SUPERVISOR, "/deaths");
    assert_false(site_says(&a, "Ann Own"));
    a = site_get(site, ROLE_SPECIALIST, "/settings/restrictions");
    assert_true(site_says(&a, "In force, waits for a second person"));
}

static void nobody_approves_or_lifts_alone_what_they_set(void **state)
{
    static const char *const ACTS[] = {"/approve", "/lift"};
    static const int ROLES_OF_ONE_OFFICER[] = {ROLE_SPECIALIST, ROLE_STANDARDS};
    (void)state;
    /* the newest stands first */
    for (size_t i = 0; i < COUNT_OF(ACTS); i++)
        for (size_t k = 0; k < COUNT_OF(ROLES_OF_ONE_OFFICER); k++) {
            int role = ROLES_OF_ONE_OFFICER[k];
            const char *path = address(role, "/settings/restrictions", "/settings/restrictions/RS-", ACTS[i]);
            struct site_answer a = post(role, path, "");
            assert_int_equal(a.status, 400);
            assert_true(site_says(&a, "a second person must do this"));
        }
}

static void a_second_person_approves_and_lifts(void **state)
{
    (void)state;
    assert_int_equal(site_get(site, ROLE_SUPERVISOR, "/deaths/HELD").status, 404);
    assert_int_equal(post(ROLE_STANDARDS, "/settings/restrictions/R-1/approve", "").status, 303);
    struct site_answer a = site_get(site, ROLE_STANDARDS, "/settings/restrictions");
    assert_true(site_says(&a, "In force, approved by a second person"));
    a = post(ROLE_SPECIALIST, "/settings/restrictions/R-1/approve", "");
    assert_int_equal(a.status, 400);
    assert_true(site_says(&a, "It has been approved before."));
    assert_int_equal(post(ROLE_SPECIALIST, "/settings/restrictions/R-1/lift", "").status, 303);
    assert_int_equal(site_get(site, ROLE_SUPERVISOR, "/deaths/HELD").status, 200);
    a = post(ROLE_SPECIALIST, "/settings/restrictions/R-1/lift", "");
    assert_true(a.status == 400 || a.status == 404);
}

static void who_is_not_cleared_finds_none(void **state)
{
    (void)state;
    struct site_answer a = site_get(site, ROLE_SPECIALIST, "/settings/restrictions");
    assert_false(site_says(&a, "A/2014/11"));
    assert_int_equal(post(ROLE_SPECIALIST, "/settings/restrictions/R-2/approve", "").status, 404);
    assert_int_equal(post(ROLE_STANDARDS, "/settings/restrictions/R-2/lift", "").status, 404);
    a = post(ROLE_SPECIALIST, "/settings/restrictions", "death=A/2014/11&reason=A+leak&cleared=O-3");
    assert_int_equal(a.status, 400);
    assert_true(site_says(&a, "There is no death with this reference."));
}

static void an_interest_takes_the_record_out_of_sight(void **state)
{
    (void)state;
    assert_int_equal(site_get(site, ROLE_DETECTIVE, "/deaths/CASE").status, 200);
    struct site_answer a = post(ROLE_DETECTIVE, "/settings/conflicts", "death=A/2014/9&why=");
    assert_int_equal(a.status, 400);
    assert_true(site_says(&a, "Say in a few words what the interest is."));
    a = post(ROLE_DETECTIVE, "/settings/conflicts", "death=nowhere&why=A+cousin");
    assert_int_equal(a.status, 400);
    /* only one's own, whatever the form says */
    a = post(ROLE_DETECTIVE, "/settings/conflicts", "officer=O-2&death=A/2014/9&why=A+cousin");
    assert_int_equal(a.status, 303);
    assert_int_equal(site_get(site, ROLE_DETECTIVE, "/deaths/CASE").status, 404);
    assert_int_equal(site_get(site, ROLE_SUPERVISOR, "/deaths/CASE").status, 200);
    a = site_get(site, ROLE_DETECTIVE, "/settings/conflicts");
    assert_true(site_says(&a, "A cousin"));
    a = site_get(site, ROLE_SUPERVISOR, "/settings/conflicts");
    assert_false(site_says(&a, "A cousin"));
    const char *path = address(ROLE_STANDARDS, "/settings/conflicts", "/settings/conflicts/CI-", "/end");
    assert_int_equal(post(ROLE_DETECTIVE, path, "").status, 403);
    assert_int_equal(post(ROLE_STANDARDS, path, "").status, 303);
    assert_int_equal(site_get(site, ROLE_DETECTIVE, "/deaths/CASE").status, 200);
}

/* ---- batches ---------------------------------------------------------------------------------------- */

static const char BROUGHT[] =
    "{\"known_at\":\"2014-08-28T05:00:00Z\",\"kind\":\"death\",\"id\":\"NEW\",\"source\":\"death_report\","
    "\"set\":{\"ref\":\"A/2014/20\",\"unit\":\"A\",\"deceased_name\":\"Pat New\",\"age\":30}}";
#define LINK(id, one, other)                                                                                 \
    "{\"known_at\":\"2014-08-28T06:00:00Z\",\"kind\":\"link\",\"id\":\"" id                                  \
    "\",\"source\":\"linker\",\"set\":{\"deaths\":[\"" one "\",\"" other                                     \
    "\"],\"raised_by\":\"pair\",\"first\":\"" other "\",\"second\":\"" one                                   \
    "\",\"weight\":7,\"threshold\":5,\"told_at\":\"2014-08-28T06:00:00Z\",\"facts\":\"00\"}}\n"

static uint64_t batch_bring(void)
{
    struct actor actor = {.name = S("feeder"), .role = S("feed"), .origin = S("test")};
    struct batch_info info = {.ns = S("main"), .name = S("new.ndjson"), .mapping = S("")};
    struct change change;
    struct receipt receipt;
    uint64_t batch = 0;
    struct store *store = site->service.session.store;
    assert_ok(store_batch_open(store, &actor, &info, &batch, e));
    assert_ok(
        feed_parse_line(site->arena, &site->service.session.policy, str_of(BROUGHT), S("main"), &change, e));
    assert_ok(store_append(store, &actor, batch, &change, 1, NULL, NULL, &receipt, e));
    return batch;
}

static void the_links_of_a_batch_are_listed_as_one_may_see_them(void **state)
{
    (void)state;
    site_feed(site, LINK("L-0", "CASE", "HELD"));
    assert_int_equal(batch_bring(), 1);
    site_feed(site, LINK("L-1", "CASE", "NEW"));
    site_feed(site, LINK("L-2", "FAR", "NEW")); /* FAR is restricted, and the analyst not cleared */
    site_settle(site);
    struct site_answer a = site_get(site, ROLE_ANALYST, "/import/batches/1");
    assert_int_equal(a.status, 200);
    assert_true(site_says(&a, "Pat New"));
    assert_true(site_says(&a, "Kim Case"));
    assert_false(site_says(&a, "Lee Held")); /* no link of this batch */
    assert_false(site_says(&a, "Max Far"));
    a = site_get(site, ROLE_ANALYST, "/api/v1/import/batches/1");
    assert_true(site_says(&a, "\"id\":\"L-1\""));
    assert_false(site_says(&a, "L-0"));
    assert_false(site_says(&a, "L-2"));
    assert_int_equal(site_get(site, ROLE_ANALYST, "/import/batches/2").status, 404);
    assert_int_equal(site_get(site, ROLE_ANALYST, "/import/batches/x").status, 404);
    a = site_get(site, ROLE_ADMINISTRATOR, "/import/batches/1"); /* who brings files in and sees no links */
    assert_int_equal(a.status, 200);
    assert_false(site_says(&a, "Pat New"));
}

static void a_batch_is_taken_back_by_two(void **state)
{
    (void)state;
    struct site_answer a = post(ROLE_ANALYST, "/import/batches/1/withdraw", "reason=");
    assert_int_equal(a.status, 400);
    assert_true(site_says(&a, "Say why batch 1 should be taken back."));
    assert_int_equal(post(ROLE_ANALYST, "/import/batches/1/withdraw", "reason=The+wrong+file").status, 303);
    assert_int_equal(post(ROLE_ANALYST, "/import/batches/1/withdraw", "reason=Again").status, 303);
    assert_int_equal(site_get(site, ROLE_DETECTIVE, "/deaths/NEW").status, 200); /* one person asks twice */
    a = site_get(site, ROLE_ADMINISTRATOR, "/import");
    assert_true(site_says(&a, "analyst asks to take it back: Again"));
    assert_int_equal(post(ROLE_ADMINISTRATOR, "/import/batches/1/withdraw", "").status, 303);
    assert_int_equal(site_get(site, ROLE_DETECTIVE, "/deaths/NEW").status, 404);
    a = site_get(site, ROLE_ANALYST, "/import");
    assert_true(site_says(&a, "Withdrawn"));
    a = site_get(site, ROLE_ANALYST, "/import/batches/1");
    assert_true(site_says(&a, "It was taken back."));
    assert_false(site_says(&a, "Kim Case"));
    assert_int_equal(post(ROLE_ANALYST, "/import/batches/9/withdraw", "reason=None").status, 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(restricting_takes_it_out_of_sight),
        cmocka_unit_test(nobody_approves_or_lifts_alone_what_they_set),
        cmocka_unit_test(a_second_person_approves_and_lifts),
        cmocka_unit_test(who_is_not_cleared_finds_none),
        cmocka_unit_test(an_interest_takes_the_record_out_of_sight),
        cmocka_unit_test(the_links_of_a_batch_are_listed_as_one_may_see_them),
        cmocka_unit_test(a_batch_is_taken_back_by_two),
    };
    return cmocka_run_group_tests_name("web/barriers", tests, set_up, tear_down);
}
