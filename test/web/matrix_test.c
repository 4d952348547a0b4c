/* Every route against every role and every kind of record: what test/web/matrix.tsv says, no more and no
 * less. A route without a row there fails. */
#include "site.h"

#include "base/stream.h"
#include "web/route.h"

#include <stdio.h>
#include <stdlib.h>

static const char RESTRICTED[] =
    "{\"known_at\":\"2014-06-21T05:00:00Z\",\"kind\":\"restriction\",\"id\":\"R-1\",\"source\":\"staff\","
    "\"set\":{\"events\":["
    "\"SECRET\"],\"reason\":\"an officer's family\",\"cleared\":[\"O-9\"]}}\n"
    "{\"known_at\":\"2014-06-21T05:00:00Z\",\"kind\":\"death\",\"id\":\"SECRET\",\"source\":\"death_report\","
    "\"set\":{\"ref\":"
    "\"A/2014/2\",\"unit\":\"A\",\"deceased_name\":\"Sam "
    "Secret\",\"age\":23,\"sex\":\"F\",\"reported_at\":\"2014-06-21T04:00:"
    "00Z\",\"place\":{\"lat\":51.535,\"lon\":0.079,\"radius_m\":50},\"setting\":\"street\"}}\n";

static struct site *site;
static Str matrix;

static int set_up(void **state)
{
    struct buf text CLEANUP_BUF = {0};
    const char *root = getenv("COLLIGATE_SOURCE_ROOT");
    (void)state;
    site = site_open(RESTRICTED);
    buf_init(&text, (size_t)1 << 20);
    assert_ok(file_read(
        str_cstr(site->arena, str_format(site->arena, "%s/test/web/matrix.tsv", root == NULL ? "." : root)),
        &text, e));
    matrix = str_copy(site->arena, buf_str(&text));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    site_close(site);
    return 0;
}

/* "GET /deaths TAB ynn..." -> the letters, one a role; STR_NONE when there is no row. */
static Str row_of(const struct route *r)
{
    Str rest = matrix, line;
    Str name = str_format(site->arena, "%s %s\t", r->method, r->path);
    while (str_next(&rest, '\n', &line))
        if (str_starts(line, name)) return str_trim(str_slice(line, name.len, line.len));
    return STR_NONE;
}

/* The path with a record in place of each parameter. */
static const char *path_for(const struct route *r, const char *death)
{
    struct buf out CLEANUP_BUF;
    Str path = str_of(r->path), segment;
    buf_init(&out, 1 << 12);
    (void)str_next(&path, '/', &segment);
    while (str_next(&path, '/', &segment)) {
        buf_add_char(&out, '/');
        bool parameter = segment.len > 2 && segment.ptr[0] == '{';
        if (!parameter)
            buf_add(&out, segment);
        else
            buf_add_cstr(&out, str_eq(segment, S("{death}")) ? death : "NOTHING");
    }
    return str_cstr(site->arena, buf_str(&out));
}

static struct site_answer ask(const struct route *r, int role, const char *death)
{
    const char *path = path_for(r, death);
    return strcmp(r->method, "GET") == 0 ? site_get(site, role, path) : site_post(site, role, path, "");
}

static bool refused(const struct site_answer *a)
{
    return a->status == 403 || a->status == 401 ||
           (a->status == 303 && str_starts(a->location, S("/sign-in")));
}

static bool is_sign_in(const struct route *r)
{
    return r->permission == PERMISSION_OPEN || strcmp(r->path, "/sign-out") == 0;
}

static void every_route_has_its_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROUTES_COUNT; i++) {
        Str row = row_of(&ROUTES[i]);
        if (!str_present(row))
            fail_msg("test/web/matrix.tsv has no row for %s %s", ROUTES[i].method, ROUTES[i].path);
        assert_int_equal(row.len, ROLE_COUNT);
    }
}

static void each_role_may_what_its_row_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROUTES_COUNT; i++) {
        if (is_sign_in(&ROUTES[i])) continue;
        Str row = row_of(&ROUTES[i]);
        for (int role = 0; role < ROLE_COUNT; role++) {
            struct site_answer a = ask(&ROUTES[i], role, "OWN");
            if (refused(&a) == (row.ptr[role] == 'y'))
                fail_msg("%s %s as %s: %u, and the matrix says %c", ROUTES[i].method, ROUTES[i].path,
                         ROLES[role].code, a.status, row.ptr[role]);
            if (a.status >= 500)
                fail_msg("%s %s as %s: %u", ROUTES[i].method, ROUTES[i].path, ROLES[role].code, a.status);
        }
    }
}

static void strangers_are_sent_to_sign_in(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROUTES_COUNT; i++) {
        if (ROUTES[i].permission == PERMISSION_OPEN) continue;
        struct site_answer a = ask(&ROUTES[i], SITE_STRANGER, "OWN");
        if (!refused(&a))
            fail_msg("%s %s answers a stranger: %u", ROUTES[i].method, ROUTES[i].path, a.status);
        assert_int_equal(str_find(a.body, S("Ann Own")), STR_NPOS);
    }
}

/* Restricted, or in conflict: the page of a record that is not there, to the byte but for the address. */
static void what_may_not_be_seen_is_not_there(void **state)
{
    static const char *const HIDDEN[] = {"SECRET", "MINE"};
    (void)state;
    for (size_t i = 0; i < ROUTES_COUNT; i++) {
        if (str_find(str_of(ROUTES[i].path), S("{death}")) == STR_NPOS) continue;
        for (int role = 0; role < ROLE_COUNT; role++) {
            struct site_answer none = ask(&ROUTES[i], role, "NOWHERE");
            for (size_t h = 0; h < COUNT_OF(HIDDEN); h++) {
                struct site_answer a = ask(&ROUTES[i], role, HIDDEN[h]);
                if (a.status != none.status || !str_eq(a.body, none.body))
                    fail_msg("%s %s as %s tells that %s exists (%u, %u)", ROUTES[i].method, ROUTES[i].path,
                             ROLES[role].code, HIDDEN[h], a.status, none.status);
            }
        }
    }
}

static void another_units_record_asks_for_a_reason(void **state)
{
    (void)state;
    for (int role = 0; role < ROLE_COUNT; role++) {
        if (!role_may((enum role)role, PERMISSION_READ)) continue;
        struct site_answer a = site_get(site, role, "/deaths/OTHER");
        if (ROLES[role].scope == SCOPE_FORCE) {
            assert_int_equal(a.status, 200);
            continue;
        }
        assert_int_equal(a.status, 303);
        assert_true(str_starts(a.location, S("/deaths/OTHER/reason")));
        assert_int_equal(site_get(site, role, "/deaths/OTHER.json").status, 403);
        a = site_post(site, role, "/deaths/OTHER/reason",
                      "why=linked&more=same+hostel&next=%2Fdeaths%2FOTHER");
        assert_int_equal(a.status, 303);
        assert_int_equal(site_get(site, role, "/deaths/OTHER").status, 200);
    }
}

/* The address after a form comes from the form: neither another site nor a second header line. */
static void the_next_page_is_a_path_of_ours(void **state)
{
    (void)state;
    static const struct {
        const char *next, *leads;
    } CASES[] = {
        {"%2Fdeaths%2FOWN%2Fhistory", "/deaths/OWN/history"},
        {"%2Fdeaths%2FOWN%0DX%3A+y", "/deaths/OWN%0DX%3A%20y"},
        {"%2F%2Felsewhere.example", "/deaths/OWN"},
        {"%2F%5Celsewhere.example", "/deaths/OWN"},
        {"https%3A%2F%2Felsewhere.example", "/deaths/OWN"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Str form = str_format(site->arena, "why=linked&more=same+hostel&next=%s", CASES[i].next);
        struct site_answer a =
            site_post(site, ROLE_DETECTIVE, "/deaths/OWN/reason", str_cstr(site->arena, form));
        assert_int_equal(a.status, 303);
        if (!str_eq(a.location, str_of(CASES[i].leads)))
            fail_msg("%s leads to %.*s", CASES[i].next, STR_ARG(a.location));
    }
}

static void a_form_without_its_token_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROUTES_COUNT; i++) {
        if (strcmp(ROUTES[i].method, "POST") != 0 || ROUTES[i].permission == PERMISSION_OPEN) continue;
        for (int role = 0; role < ROLE_COUNT; role++)
            if (role_may((enum role)role, ROUTES[i].permission))
                assert_int_equal(site_post(site, role, path_for(&ROUTES[i], "OWN"), "!csrf=guess").status,
                                 403);
    }
}

/* Without the tokens of forms, which are another's in each session. */
static Str without_tokens(Str body)
{
    Str mark = S("name=\"csrf\" value=\"");
    char *out = str_cstr(site->arena, body);
    for (size_t at = 0, found; (found = str_find(str_slice(body, at, body.len), mark)) != STR_NPOS;) {
        at += found + mark.len;
        for (; at < body.len && out[at] != '"'; at++)
            out[at] = '-';
    }
    return (Str){out, body.len};
}

/* The same force with and without the restricted death: nobody who is not cleared sees a byte of difference.
 */
static void an_outsider_gets_the_same_bytes(void **state)
{
    static const char *const PATHS[] = {"/",
                                        "/assurance",
                                        "/assurance.csv",
                                        "/assurance/checks",
                                        "/assurance/sample",
                                        "/deaths",
                                        "/deaths.json",
                                        "/deaths.csv",
                                        "/deaths?q=secret",
                                        "/deaths/OWN",
                                        "/deaths/OWN.json",
                                        "/settings"};
    (void)state;
    /* fresh ones: the other tests have left drafts behind */
    struct site *with = site_open(RESTRICTED), *without = site_open(NULL);
    site_settle(with);
    site_settle(without);
    for (size_t i = 0; i < COUNT_OF(PATHS); i++)
        for (int role = 0; role < ROLE_COUNT; role++) {
            struct site_answer a = site_get(with, role, PATHS[i]), b = site_get(without, role, PATHS[i]);
            assert_int_equal(a.status, b.status);
            if (!str_eq(without_tokens(a.body), without_tokens(b.body)))
                fail_msg("%s differs for %s", PATHS[i], ROLES[role].code);
        }
    site_close(with);
    site_close(without);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_has_its_row),
        cmocka_unit_test(each_role_may_what_its_row_says),
        cmocka_unit_test(strangers_are_sent_to_sign_in),
        cmocka_unit_test(what_may_not_be_seen_is_not_there),
        cmocka_unit_test(another_units_record_asks_for_a_reason),
        cmocka_unit_test(the_next_page_is_a_path_of_ours),
        cmocka_unit_test(a_form_without_its_token_is_refused),
        cmocka_unit_test(an_outsider_gets_the_same_bytes),
    };
    return cmocka_run_group_tests_name("web/matrix", tests, set_up, tear_down);
}
