/* Accounts, signing in and sessions: who gets in, who does not, and what of it stands in the ledger. */
#include "fixture.h"

#include "base/stream.h"
#include "store/accounts.h"
#include "store/notices.h"

#include <sqlite3.h>
#include <stdio.h>

#define PASSWORD S("four words and a comma,")

static int setup(void **state)
{
    *state = fixture_new();
    return 0;
}

static int teardown(void **state)
{
    fixture_free(*state);
    return 0;
}

/* An account that has chosen its password. */
static struct account made(struct fixture *f, const char *name, RoleSet roles)
{
    struct account x = {.name = str_of(name), .person = S("A. Person"), .unit = S("KG"), .roles = roles};
    Token token;
    assert_ok(account_make(f->store, &f->officer, &x, &token, e));
    assert_ok(invitation_accept(f->store, str_of(token.text), PASSWORD, e));
    assert_ok(account_find(f->store, x.name, f->arena, &x, e));
    return x;
}

static enum sign_in try(struct fixture *f, const char *name, Str password, const char *code, Token *token)
{
    enum sign_in outcome;
    struct credentials given = {
        .name = str_of(name), .password = password, .code = str_of(code), .peer = S("127.0.0.1")};
    assert_ok(session_begin(f->store, &given, token, &outcome, e));
    return outcome;
}

static void an_account_is_made_and_its_link_serves_once(void **state)
{
    struct fixture *f = *state;
    struct account x = {.name = S("kg.reed"),
                        .person = S("Sgt Reed"),
                        .unit = S("KG"),
                        .roles = ROLE_BIT(ROLE_SUPERVISOR)},
                   found;
    Token token, session;
    assert_ok(account_make(f->store, &f->officer, &x, &token, e));
    assert_int_equal(strlen(token.text), TOKEN_CHARS);
    assert_int_equal(try(f, "kg.reed", PASSWORD, "", &session), SIGN_IN_WRONG); /* none chosen yet */
    assert_ok(invitation_read(f->store, str_of(token.text), f->arena, &found, e));
    assert_true(str_eq(found.person, S("Sgt Reed")) && !found.has_password);
    assert_fails(E_INVALID, "12 characters", invitation_accept(f->store, str_of(token.text), S("short"), e));
    assert_fails(E_INVALID, "name",
                 invitation_accept(f->store, str_of(token.text), S("kg.reed and more"), e));
    assert_ok(invitation_accept(f->store, str_of(token.text), PASSWORD, e));
    assert_fails(E_NOT_FOUND, "used", invitation_accept(f->store, str_of(token.text), PASSWORD, e));
    assert_fails(E_CONFLICT, "kg.reed", account_make(f->store, &f->officer, &x, &token, e));
    assert_int_equal(try(f, " KG.Reed ", PASSWORD, "", &session), SIGN_IN_DONE);
}

static void what_cannot_be_is_refused(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"", "a", "Big", "with blank", "quo'te", "a/b"};
    Token token;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct account x = {.name = str_of(names[i]), .person = S("P"), .roles = ROLE_BIT(ROLE_ANALYST)};
        assert_fails(E_INVALID, "name", account_make(f->store, &f->officer, &x, &token, e));
    }
    struct account x = {.name = S("fine"), .person = S(" "), .roles = ROLE_BIT(ROLE_ANALYST)};
    assert_fails(E_INVALID, "who", account_make(f->store, &f->officer, &x, &token, e));
    x.person = S("P");
    x.roles = 0;
    assert_fails(E_INVALID, "role", account_make(f->store, &f->officer, &x, &token, e));
    x.roles = ROLE_BIT(ROLE_COUNT);
    assert_fails(E_INVALID, "role", account_make(f->store, &f->officer, &x, &token, e));
}

static void an_old_link_serves_no_more(void **state)
{
    struct fixture *f = *state;
    struct account x = {.name = S("late"), .person = S("P"), .roles = ROLE_BIT(ROLE_ANALYST)};
    Token first, second;
    assert_ok(account_make(f->store, &f->officer, &x, &first, e));
    f->now_ms += INVITATION_MS + 1;
    assert_fails(E_NOT_FOUND, "too old", invitation_accept(f->store, str_of(first.text), PASSWORD, e));
    assert_ok(account_invite(f->store, &f->officer, x.name, &first, e));
    assert_ok(account_invite(f->store, &f->officer, x.name, &second, e));
    assert_fails(E_NOT_FOUND, "used", invitation_accept(f->store, str_of(first.text), PASSWORD, e));
    assert_ok(invitation_accept(f->store, str_of(second.text), PASSWORD, e));
}

static void five_failures_lock(void **state)
{
    struct fixture *f = *state;
    Token token;
    made(f, "reed", ROLE_BIT(ROLE_ANALYST));
    for (int i = 0; i < LOCK_FAILURES - 1; i++)
        assert_int_equal(try(f, "reed", S("not the password"), "", &token), SIGN_IN_WRONG);
    assert_int_equal(try(f, "reed", PASSWORD, "", &token), SIGN_IN_DONE); /* forgets the failures */
    for (int i = 0; i < LOCK_FAILURES; i++)
        assert_int_equal(try(f, "reed", S("not the password"), "", &token), SIGN_IN_WRONG);
    assert_int_equal(try(f, "reed", PASSWORD, "", &token), SIGN_IN_LOCKED);
    f->now_ms += LOCK_FOR_MS - 1;
    assert_int_equal(try(f, "reed", PASSWORD, "", &token), SIGN_IN_LOCKED);
    f->now_ms += 2;
    assert_int_equal(try(f, "reed", PASSWORD, "", &token), SIGN_IN_DONE);
    /* failures far apart do not add up */
    for (int i = 0; i < 2 * LOCK_FAILURES; i++) {
        assert_int_equal(try(f, "reed", S("not the password"), "", &token), SIGN_IN_WRONG);
        f->now_ms += LOCK_WITHIN_MS;
    }
    assert_int_equal(try(f, "reed", PASSWORD, "", &token), SIGN_IN_DONE);
    assert_int_equal(try(f, "nobody", PASSWORD, "", &token), SIGN_IN_WRONG);
    assert_int_equal(try(f, "reed", S(""), "", &token), SIGN_IN_WRONG);
}

/* RFC 6238, appendix B, the last six digits. */
static void codes_are_those_of_the_standard(void **state)
{
    static const struct {
        int64_t at_s;
        const char *code;
    } cases[] = {{59, "287082"}, {1111111109, "081804"}, {1234567890, "005924"}, {2000000000, "279037"}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char code[7];
        totp_code((const unsigned char *)"12345678901234567890", cases[i].at_s * 1000, code);
        assert_string_equal(code, cases[i].code);
    }
}

static void a_second_factor_is_asked_for_and_serves_once(void **state)
{
    struct fixture *f = *state;
    struct account x = made(f, "admin", ROLE_BIT(ROLE_ADMINISTRATOR));
    unsigned char secret[TOTP_SECRET_BYTES];
    struct signed_in who;
    char code[7];
    Token token;
    assert_ok(second_factor_begin(f->store, x.number, secret, e));
    assert_int_equal(try(f, "admin", PASSWORD, "", &token), SIGN_IN_DONE); /* not in force yet */
    assert_fails(E_INVALID, "clock", second_factor_confirm(f->store, x.number, S("000000"), e));
    totp_code(secret, f->now_ms, code);
    assert_ok(second_factor_confirm(f->store, x.number, str_of(code), e));
    assert_fails(E_CONFLICT, "second factor", second_factor_begin(f->store, x.number, secret, e));
    assert_int_equal(try(f, "admin", PASSWORD, "", &token), SIGN_IN_NEEDS_CODE);
    assert_int_equal(try(f, "admin", PASSWORD, code, &token), SIGN_IN_WRONG); /* used when it was confirmed */
    f->now_ms += 30000;
    totp_code(secret, f->now_ms, code);
    assert_int_equal(try(f, "admin", S("not the password"), code, &token), SIGN_IN_WRONG);
    assert_int_equal(try(f, "admin", PASSWORD, code, &token), SIGN_IN_DONE);
    assert_int_equal(try(f, "admin", PASSWORD, code, &token), SIGN_IN_WRONG);
    totp_code(secret, f->now_ms + 30000, code); /* its clock runs ahead */
    assert_int_equal(try(f, "admin", PASSWORD, code, &token), SIGN_IN_DONE);
    assert_ok(session_find(f->store, str_of(token.text), f->arena, &who, e));
    assert_true(who.second_factor && who.account.has_second_factor);
}

static void sessions_end(void **state)
{
    struct fixture *f = *state;
    struct account x = made(f, "reed", ROLE_BIT(ROLE_ANALYST)),
                   boss = made(f, "boss", ROLE_BIT(ROLE_ADMINISTRATOR));
    struct signed_in who;
    Token token, other;
    assert_int_equal(try(f, "reed", PASSWORD, "", &token), SIGN_IN_DONE);
    assert_int_equal(try(f, "reed", PASSWORD, "", &other), SIGN_IN_DONE);
    assert_ok(session_find(f->store, str_of(token.text), f->arena, &who, e));
    assert_true(str_eq(who.account.name, S("reed")) && who.account.number == x.number && !who.second_factor);
    assert_ok(session_end(f->store, str_of(token.text), e));
    assert_fails(E_DENIED, "sign in", session_find(f->store, str_of(token.text), f->arena, &who, e));
    assert_ok(session_find(f->store, str_of(other.text), f->arena, &who, e)); /* only that one */

    for (int i = 0; i < 20; i++) { /* used now and then it goes on, to its absolute end */
        f->now_ms += SESSION_IDLE_MS - 1;
        assert_ok(session_find(f->store, str_of(other.text), f->arena, &who, e));
    }
    f->now_ms += SESSION_IDLE_MS + 60000;
    assert_fails(E_DENIED, "while", session_find(f->store, str_of(other.text), f->arena, &who, e));
    assert_int_equal(try(f, "reed", PASSWORD, "", &token), SIGN_IN_DONE);
    int64_t began_ms = f->now_ms;
    while (f->now_ms + SESSION_IDLE_MS / 2 - began_ms <= SESSION_ABSOLUTE_MS) {
        f->now_ms += SESSION_IDLE_MS / 2;
        assert_ok(session_find(f->store, str_of(token.text), f->arena, &who, e));
    }
    f->now_ms += SESSION_IDLE_MS / 2;
    assert_fails(E_DENIED, "while", session_find(f->store, str_of(token.text), f->arena, &who, e));

    assert_int_equal(try(f, "reed", PASSWORD, "", &token), SIGN_IN_DONE);
    x.disabled = true;
    assert_ok(account_change(f->store, &f->officer, &x, e));
    assert_fails(E_DENIED, "sign in", session_find(f->store, str_of(token.text), f->arena, &who, e));
    assert_int_equal(try(f, "reed", PASSWORD, "", &token), SIGN_IN_WRONG);
    assert_fails(E_DENIED, "sign in", session_find(f->store, S("no token"), f->arena, &who, e));
    boss.roles = ROLE_BIT(ROLE_ANALYST);
    assert_fails(E_CONFLICT, "administer", account_change(f->store, &f->officer, &boss, e));
}

static bool file_holds(const struct fixture *f, const char *name, const char *needle)
{
    char path[256];
    struct buf b CLEANUP_BUF;
    buf_init(&b, (size_t)64 << 20);
    snprintf(path, sizeof path, "%s/%s", f->dir, name);
    if (!file_exists(path)) return false;
    assert_ok(file_read(path, &b, e));
    return str_find(buf_str(&b), str_of(needle)) != STR_NPOS;
}

static void the_ledger_tells_and_no_file_holds_a_secret(void **state)
{
    static const char *const files[] = {"accounts.db", "accounts.db-wal", "change.db", "change.db-wal"};
    struct fixture *f = *state;
    uint64_t before = head_seq(f->store);
    Token token;
    made(f, "reed", ROLE_BIT(ROLE_ANALYST));
    assert_int_equal(head_seq(f->store), before + 2); /* made; a password chosen */
    assert_int_equal(try(f, "reed", PASSWORD, "", &token), SIGN_IN_DONE);
    struct verify_report report;
    fixture_close(f);
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        assert_false(file_holds(f, files[i], "four words"));
        assert_false(file_holds(f, files[i], token.text));
    }
    assert_ok(store_verify(f->dir, &f->env, STR_NONE, NULL, NULL, &report, e));
    assert_int_equal(report.findings, 0);
}

static void a_list_is_by_name(void **state)
{
    struct fixture *f = *state;
    struct account *all;
    size_t count;
    made(f, "zoe", ROLE_BIT(ROLE_FAMILY));
    made(f, "abe", ROLE_BIT(ROLE_RESPONSE) | ROLE_BIT(ROLE_EXHIBITS));
    assert_ok(account_list(f->store, f->arena, &all, &count, e));
    assert_int_equal(count, 2);
    assert_true(str_eq(all[0].name, S("abe")) && str_eq(all[1].name, S("zoe")));
    assert_int_equal(all[0].roles, ROLE_BIT(ROLE_RESPONSE) | ROLE_BIT(ROLE_EXHIBITS));
    for (int i = 0; i < ROLE_COUNT; i++) {
        assert_int_equal(ROLES[i].id, i);
        assert_int_equal(role_named(str_of(ROLES[i].code)), i);
    }
    assert_int_equal(role_named(S("chief")), -1);
    assert_true(roles_privileged(ROLE_BIT(ROLE_AUDITOR)) && !roles_privileged(ROLE_BIT(ROLE_ANALYST)));
}

/* As a store was before notices: what was there stays, what is new is made. */
static void an_older_file_gets_what_it_lacks(void **state)
{
    struct fixture *f = *state;
    struct notice *list, put = {.id = S("1"),
                                .receiver = S("desk"),
                                .kind = S("link_new"),
                                .reference = S("L-1"),
                                .path = S("/series/L-1"),
                                .made_ms = 5};
    struct account *all;
    size_t count, waiting;
    sqlite3 *raw;
    char path[128];
    made(f, "abe", ROLE_BIT(ROLE_RESPONSE));
    fixture_reopen(f, STORE_WRITE);
    snprintf(path, sizeof path, "%s/accounts.db", f->dir);
    assert_int_equal(sqlite3_open(path, &raw), SQLITE_OK);
    assert_int_equal(sqlite3_exec(raw,
                                  "DROP TABLE notice; DROP TABLE notice_receiver; PRAGMA user_version = 1",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(raw);
    for (int i = 0; i < 2; i++) { /* and once only */
        assert_ok(notice_put(f->store, &put, e));
        assert_ok(notice_list(f->store, NOTICE_WAITING, 9, f->arena, &list, &waiting, &count, e));
        assert_int_equal(waiting, 1);
        assert_ok(account_list(f->store, f->arena, &all, &count, e));
        assert_int_equal(count, 1);
        fixture_reopen(f, STORE_WRITE);
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_account_is_made_and_its_link_serves_once),
        CASE(what_cannot_be_is_refused),
        CASE(an_old_link_serves_no_more),
        CASE(five_failures_lock),
        cmocka_unit_test(codes_are_those_of_the_standard),
        CASE(a_second_factor_is_asked_for_and_serves_once),
        CASE(sessions_end),
        CASE(the_ledger_tells_and_no_file_holds_a_secret),
        CASE(a_list_is_by_name),
        CASE(an_older_file_gets_what_it_lacks),
    };
    return cmocka_run_group_tests_name("accounts", tests, NULL, NULL);
}
