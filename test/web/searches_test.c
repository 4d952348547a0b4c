/* Searches that a person keeps: kept, opened, replaced, removed, and nobody else's business. */
#include "site.h"

#include "app/saved_searches.h"

#include <stdio.h>

static struct site *site;

static int set_up(void **state)
{
    (void)state;
    site = site_open(NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    site_close(site);
    return 0;
}

/* The address that removes the only search kept. */
static const char *removal(int role)
{
    struct site_answer a = site_get(site, role, "/deaths");
    Str mark = S("action=\"/deaths/searches/");
    size_t at = str_find(a.body, mark);
    assert_true(at != STR_NPOS);
    Str path = str_slice(a.body, at + strlen("action=\""), a.body.len);
    return str_cstr(site->arena, str_slice(path, 0, str_find_char(path, '"')));
}

static void it_is_kept_and_opened(void **state)
{
    (void)state;
    struct site_answer a = site_get(site, ROLE_DETECTIVE, "/deaths?q=O%27Hara+%26+Own&unit=A&view=map");
    assert_true(site_says(&a, "action=\"/deaths/searches?q=O%27Hara%20%26%20Own&amp;unit=A&amp;view=map\""));
    a = site_post(site, ROLE_DETECTIVE, "/deaths/searches?q=O%27Hara+%26+Own&unit=A&view=map",
                  "title=The+%3Cb%3E+bar");
    assert_int_equal(a.status, 303);
    assert_true(str_eq(a.location, S("/deaths?q=O%27Hara%20%26%20Own&unit=A&view=map")));
    a = site_get(site, ROLE_DETECTIVE, "/deaths");
    assert_true(site_says(&a, "Your searches (1)"));
    assert_true(site_says(
        &a, "href=\"/deaths?q=O%27Hara%20%26%20Own&amp;unit=A&amp;view=map\">The &lt;b&gt; bar</a>"));
    a = site_get(site, ROLE_DETECTIVE, "/api/v1/deaths/searches");
    assert_int_equal(a.status, 200);
    assert_true(site_says(&a, "\"title\":\"The <b> bar\""));
    assert_true(site_says(&a, "\"page\":\"/deaths?q=O%27Hara%20%26%20Own&unit=A&view=map\""));
}

static void it_is_seen_by_nobody_else(void **state)
{
    const char *path = removal(ROLE_DETECTIVE);
    (void)state;
    for (int role = 0; role < ROLE_COUNT; role++) {
        if (role == ROLE_DETECTIVE || !role_may((enum role)role, PERMISSION_READ)) continue;
        struct site_answer a = site_get(site, role, "/deaths");
        assert_false(site_says(&a, "Your searches"));
        a = site_get(site, role, "/api/v1/deaths/searches");
        assert_true(site_says(&a, "\"searches\":[]"));
        assert_int_equal(site_post(site, role, path, "").status, 404);
    }
    struct site_answer a = site_get(site, ROLE_DETECTIVE, "/deaths");
    assert_true(site_says(&a, "Your searches (1)"));
}

static void one_of_the_same_name_is_replaced(void **state)
{
    (void)state;
    assert_int_equal(
        site_post(site, ROLE_DETECTIVE, "/deaths/searches?sex=F", "title=The+%3Cb%3E+bar").status, 303);
    struct site_answer a = site_get(site, ROLE_DETECTIVE, "/deaths/searches");
    assert_true(site_says(&a, "href=\"/deaths?sex=F\">The &lt;b&gt; bar</a>"));
    assert_false(site_says(&a, "Hara"));
}

static void what_is_wrong_is_told_and_the_search_stands(void **state)
{
    (void)state;
    struct site_answer a = site_post(site, ROLE_DETECTIVE, "/deaths/searches?q=Own", "title=");
    assert_int_equal(a.status, 400);
    assert_true(site_says(&a, "Give the search a name."));
    assert_true(site_says(&a, "value=\"Own\""));
    assert_true(site_says(&a, "Ann Own"));
    a = site_post(site, ROLE_DETECTIVE, "/deaths/searches?view=time", "title=All");
    assert_int_equal(a.status, 400);
    a = site_post(site, ROLE_DETECTIVE, "/deaths/searches?from=yesterday", "title=All");
    assert_int_equal(a.status, 400);
    Str s = str_format(site->arena, "title=%0*d", SAVED_SEARCH_TITLE_MAX + 1, 7);
    a = site_post(site, ROLE_DETECTIVE, "/deaths/searches?q=Own", str_cstr(site->arena, s));
    assert_int_equal(a.status, 400);
}

static void it_is_removed(void **state)
{
    (void)state;
    const char *path = removal(ROLE_DETECTIVE);
    assert_int_equal(site_post(site, ROLE_DETECTIVE, path, "!csrf=guess").status, 403);
    assert_int_equal(site_post(site, ROLE_DETECTIVE, path, "").status, 303);
    assert_int_equal(site_post(site, ROLE_DETECTIVE, path, "").status, 404);
    struct site_answer a = site_get(site, ROLE_DETECTIVE, "/deaths");
    assert_false(site_says(&a, "Your searches"));
}

/* So many and no more; a draft of a report is none of them. */
static void there_are_so_many(void **state)
{
    (void)state;
    assert_int_equal(site_post(site, ROLE_SUPERVISOR, "/deaths/new", "").status, 303);
    for (int i = 0; i < SAVED_SEARCHES_MAX; i++) {
        Str title = str_format(site->arena, "title=%d", i);
        assert_int_equal(
            site_post(site, ROLE_SUPERVISOR, "/deaths/searches?q=Own", str_cstr(site->arena, title)).status,
            303);
    }
    struct site_answer a = site_post(site, ROLE_SUPERVISOR, "/deaths/searches?q=Own", "title=more");
    assert_int_equal(a.status, 400);
    assert_true(site_says(&a, "Remove one first"));
    a = site_post(site, ROLE_SUPERVISOR, "/deaths/searches?q=Other", "title=7"); /* that one is replaced */
    assert_int_equal(a.status, 303);
    a = site_get(site, ROLE_SUPERVISOR, "/deaths");
    assert_true(site_says(&a, "Your searches (50)"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_kept_and_opened),
        cmocka_unit_test(it_is_seen_by_nobody_else),
        cmocka_unit_test(one_of_the_same_name_is_replaced),
        cmocka_unit_test(what_is_wrong_is_told_and_the_search_stands),
        cmocka_unit_test(it_is_removed),
        cmocka_unit_test(there_are_so_many),
    };
    return cmocka_run_group_tests_name("web/searches", tests, set_up, tear_down);
}
