/* Exhibits through their pages: booked, handed over, confirmed with the number on the seal by somebody else;
 * what belongs to a record that may not be seen is not there. */
#include "site.h"

#include "model/permission.h"

#define EXHIBITS                                                                                             \
    "{\"known_at\":\"2014-01-01T00:00:00Z\",\"kind\":\"officer\",\"id\":\"O-2\",\"source\":\"staff\","       \
    "\"set\":{\"name\":\"PC Two\",\"rank\":\"constable\",\"unit\":\"A\"}}\n"                                 \
    "{\"known_at\":\"2014-06-20T00:00:00Z\",\"kind\":\"exhibit\",\"id\":\"X-1\",\"source\":\"exhibit\","     \
    "\"set\":{\"death\":\"OWN\",\"description\":\"a watch\",\"item\":\"jewellery\",\"state\":\"seized\","    \
    "\"listed_by\":\"scene_search\"}}\n"                                                                     \
    "{\"known_at\":\"2014-06-20T00:00:00Z\",\"kind\":\"exhibit\",\"id\":\"X-2\",\"source\":\"exhibit\","     \
    "\"set\":{\"death\":\"MINE\",\"description\":\"a secret letter\",\"item\":\"document\"}}\n"              \
    "{\"known_at\":\"2014-06-20T00:00:00Z\",\"kind\":\"exhibit\",\"id\":\"X-3\",\"source\":\"exhibit\","     \
    "\"set\":{\"death\":\"OWN\",\"description\":\"a ring\",\"item\":\"jewellery\","                          \
    "\"listed_by\":\"mortuary\"}}\n"                                                                         \
    "{\"known_at\":\"2014-06-20T00:00:00Z\",\"kind\":\"concern\",\"id\":\"K-1\",\"source\":\"family\","      \
    "\"set\":{\"events\":[\"OWN\",\"MINE\"],\"channel\":\"family\",\"text\":\"both of them\"}}\n"

static struct site *site;

static int set_up(void **state)
{
    (void)state;
    site = site_open(EXHIBITS);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    site_close(site);
    return 0;
}

static bool says(struct site_answer a, const char *words)
{
    return str_find(a.body, str_of(words)) != STR_NPOS;
}

static void post(int role, const char *path, const char *form, unsigned status)
{
    struct site_answer a = site_post(site, role, path, form);
    if (a.status != status)
        fail_msg("%s %s as %s: %u, not %u: %.*s", path, form, ROLES[role].code, a.status, status,
                 STR_ARG(a.body));
}

static void an_exhibit_goes_from_hand_to_hand(void **state)
{
    (void)state;
    post(ROLE_RESPONSE, "/exhibits/X-1/hand-over", "to=main%3AO-2&why=store", 400); /* nobody holds it yet */
    post(ROLE_RESPONSE, "/exhibits/X-1/book", "seal_seen=", 303);
    post(ROLE_RESPONSE, "/exhibits/X-1/hand-over", "to=main%3AO-2&why=store", 400); /* not sealed */
    post(ROLE_RESPONSE, "/exhibits/X-1/seal", "seal_seen=AB-77&why=", 303);
    post(ROLE_RESPONSE, "/exhibits/X-1/hand-over", "to=main%3AP-9&why=store", 400); /* to nobody known */
    post(ROLE_RESPONSE, "/exhibits/X-1/hand-over", "to=main%3AO-2&why=store", 303);
    post(ROLE_RESPONSE, "/exhibits/X-1/hand-over", "to=main%3AO-2&why=again", 400);
    post(ROLE_RESPONSE, "/exhibits/X-1/confirm", "seal_seen=AB-77", 400); /* the giver */
    post(ROLE_EXHIBITS, "/exhibits/X-1/confirm", "seal_seen=AB-77", 400); /* the giver by another account */
    struct site_answer a = site_get(site, ROLE_EXHIBITS, "/exhibits/X-1");
    assert_true(says(a, "being handed to PC Two"));
    post(ROLE_RESPONSE, "/exhibits/X-1/take-back", "why=not+at+the+counter", 303);
    a = site_get(site, ROLE_EXHIBITS, "/exhibits/X-1.json");
    assert_true(says(a, "\"holder\":\"main:O-1\""));
    assert_true(says(a, "\"waiting\":false"));
    assert_true(says(site_get(site, ROLE_ANALYST, "/exhibits.json?q=ab77"), "\"X-1\""));
    assert_false(says(site_get(site, ROLE_ANALYST, "/exhibits.json?q=ab78"), "\"X-1\""));
    post(ROLE_FAMILY, "/exhibits/X-1/missing", "why=gone", 403);
}

static void what_may_not_be_seen_is_in_no_list(void **state)
{
    (void)state;
    for (int role = 0; role < ROLE_COUNT; role++) {
        if (!role_may((enum role)role, PERMISSION_READ)) continue;
        assert_false(says(site_get(site, role, "/exhibits"), "secret letter"));
        assert_false(says(site_get(site, role, "/exhibits.csv"), "secret letter"));
        struct site_answer a = site_get(site, role, "/exhibits/X-2"),
                           b = site_get(site, role, "/exhibits/X-9");
        assert_int_equal(a.status, 404);
        assert_true(str_eq(a.body, b.body));
        /* what speaks of two deaths tells of both */
        assert_int_equal(site_get(site, role, "/concerns/K-1").status, 404);
        assert_false(says(site_get(site, role, "/deaths/OWN/family"), "both of them"));
    }
}

static void lists_are_compared(void **state)
{
    (void)state;
    struct site_answer a = site_get(site, ROLE_EXHIBITS, "/deaths/OWN/exhibits");
    assert_true(says(a, "Listed at the scene, not at the mortuary"));
    assert_true(says(a, "Listed at the mortuary, not at the scene"));
}

static void the_family_is_told_and_answered(void **state)
{
    (void)state;
    assert_true(says(site_get(site, ROLE_FAMILY, "/deaths/OWN/family.json"), "\"nobody_known\""));
    post(ROLE_FAMILY, "/deaths/OWN/contacts", "new_name=Mary+Own&new_role=&told=news&field=told", 400);
    post(ROLE_FAMILY, "/deaths/OWN/contacts", "new_name=Mary+Own&new_role=partner&told=news&field=told", 303);
    assert_true(says(site_get(site, ROLE_FAMILY, "/deaths/OWN/family.json"), "\"next_of_kin\":\"told\""));
    post(ROLE_FAMILY, "/deaths/OWN/concerns", "channel=family&field=channel&text=why&field=text", 400);
    struct site_answer a =
        site_post(site, ROLE_FAMILY, "/deaths/OWN/concerns",
                  "channel=family&field=channel&text=why&field=text&owner=O-1&field=owner");
    assert_int_equal(a.status, 303);
    const char *path = str_cstr(site->arena, a.location);
    assert_true(says(site_get(site, ROLE_FAMILY, path), "Waiting for an answer"));
    const char *answer = str_cstr(site->arena, str_format(site->arena, "%s/answer", path));
    post(ROLE_FAMILY, answer, "version=1&answer=because&field=answer", 400); /* read before it was written */
}

static void an_account_is_made_with_a_link(void **state)
{
    (void)state;
    struct site_answer a =
        site_post(site, ROLE_ADMINISTRATOR, "/settings/people", "name=new.one&person=New+One&roles=analyst");
    assert_int_equal(a.status, 200);
    assert_true(says(a, "/invitation/"));
    assert_true(says(site_get(site, ROLE_ADMINISTRATOR, "/settings/people"), "Link not used yet"));
    assert_false(says(site_get(site, ROLE_ADMINISTRATOR, "/settings/people/new.one"), "/invitation/"));
    post(ROLE_ADMINISTRATOR, "/settings/people/administrator", "person=A&roles=analyst", 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exhibit_goes_from_hand_to_hand),
        cmocka_unit_test(what_may_not_be_seen_is_in_no_list),
        cmocka_unit_test(lists_are_compared),
        cmocka_unit_test(the_family_is_told_and_answered),
        cmocka_unit_test(an_account_is_made_with_a_link),
    };
    return cmocka_run_group_tests_name("web/exhibits", tests, set_up, tear_down);
}
