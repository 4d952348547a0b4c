#include "site.h"

#include "app/work.h"
#include "base/alloc.h"
#include "model/feed.h"
#include "store/accounts.h"
#include "web/answer.h"
#include "web/http_stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PASSWORD "correct horse battery staple"

/* OWN: unit A, where all accounts are. OTHER: unit B. */
static const char FORCE[] =
    "{\"known_at\":\"2014-01-01T00:00:00Z\",\"kind\":\"unit\",\"id\":\"A\","
    "\"source\":\"staff\",\"set\":{\"name\":\"Area A\"}}\n"
    "{\"known_at\":\"2014-01-01T00:00:00Z\",\"kind\":\"unit\",\"id\":\"B\","
    "\"source\":\"staff\",\"set\":{\"name\":\"Area B\"}}\n"
    "{\"known_at\":\"2014-01-01T00:00:00Z\",\"kind\":\"officer\",\"id\":\"O-1\","
    "\"source\":\"staff\",\"set\":{\"name\":\"PC "
    "One\",\"rank\":\"sergeant\",\"unit\":\"A\"}}\n"
    "{\"known_at\":\"2014-01-01T00:00:00Z\",\"kind\":\"officer\",\"id\":\"O-2\","
    "\"source\":\"staff\",\"set\":{\"name\":\"Sgt "
    "Two\",\"rank\":\"inspector\",\"unit\":\"A\"}}\n"
    "{\"known_at\":\"2014-06-19T05:00:00Z\",\"kind\":\"death\",\"id\":\"OWN\","
    "\"source\":\"death_report\",\"set\":{\"ref\":\"A/"
    "2014/1\",\"unit\":\"A\",\"deceased_name\":\"Ann "
    "Own\",\"age\":23,\"sex\":\"F\",\"reported_at\":\"2014-06-19T04:00:00Z\","
    "\"place\":{\"lat\":51.535,\"lon\":0.079,\"radius_m\":50},\"setting\":\"street\","
    "\"category\":\"unexpected_"
    "investigating\"}}\n"
    "{\"known_at\":\"2014-06-20T05:00:00Z\",\"kind\":\"death\",\"id\":\"OTHER\","
    "\"source\":\"death_report\",\"set\":{\"ref\":"
    "\"B/2014/1\",\"unit\":\"B\",\"deceased_name\":\"Ben "
    "Other\",\"age\":40,\"sex\":\"M\",\"reported_at\":\"2014-06-20T04:00:"
    "00Z\",\"place\":{\"lat\":51.536,\"lon\":0.08,\"radius_m\":50},\"setting\":"
    "\"hostel\",\"category\":\"expected\"}}\n"
    "{\"known_at\":\"2014-06-22T05:00:00Z\",\"kind\":\"death\",\"id\":\"MINE\","
    "\"source\":\"death_report\",\"set\":{\"ref\":\"A/"
    "2014/3\",\"unit\":\"A\",\"deceased_name\":\"Cleo "
    "Conflict\",\"age\":31,\"sex\":\"F\",\"reported_at\":\"2014-06-22T04:00:"
    "00Z\",\"setting\":\"street\"}}\n"
    "{\"known_at\":\"2014-06-22T06:00:00Z\",\"kind\":\"conflict\",\"id\":\"C-1\","
    "\"source\":\"staff\",\"set\":{\"officer\":\"O-"
    "1\",\"with\":[\"MINE\"],\"why\":\"a cousin\"}}\n"
    "{\"known_at\":\"2014-06-22T06:00:00Z\",\"kind\":\"conflict\",\"id\":\"C-2\","
    "\"source\":\"staff\",\"set\":{\"officer\":\"O-2\",\"with\":[\"MINE\"],\"why\":\"a "
    "neighbour\"}}\n";

static char *line_end(char *text)
{
    char *end = strchr(text, '\n');
    if (end != NULL) *end = '\0';
    return end == NULL ? NULL : end + 1;
}

void site_feed(struct site *s, const char *lines)
{
    struct actor actor = {.name = S("test"), .role = S("feed"), .origin = S("test")};
    char *text = str_cstr(s->arena, str_of(lines));
    for (char *next; text != NULL && *text != '\0'; text = next) {
        struct change change;
        struct receipt receipt;
        next = line_end(text);
        assert_ok(feed_parse_line(s->arena, &s->service.session.policy, str_of(text), S("main"), &change, e));
        assert_ok(store_append(s->service.session.store, &actor, 0, &change, 1, NULL, NULL, &receipt, e));
    }
}

void site_settle(struct site *s)
{
    struct store_place head;
    assert_ok(store_head(s->service.session.store, &head, e));
    assert_true(work_wait(s->service.work, head.seq, 60000));
}

static void account_add(struct site *s, int role)
{
    struct actor actor = {.name = S("test"), .role = S("administrator"), .origin = S("test")};
    struct store *store = s->service.session.store;
    bool has_officer = ROLES[role].scope != SCOPE_NONE;
    struct account given = {.name = str_of(ROLES[role].code),
                            .person = str_of(ROLES[role].label),
                            .unit = S("A"),
                            .officer = !has_officer              ? S("")
                                       : role == ROLE_SUPERVISOR ? S("O-2")
                                                                 : S("O-1"),
                            .roles = ROLE_BIT(role)};
    struct credentials typed = {.name = given.name, .password = S(PASSWORD), .code = S(""), .peer = S("")};
    unsigned char secret[TOTP_SECRET_BYTES];
    char code[7] = "";
    Token link, token;
    struct account made;
    enum sign_in outcome = SIGN_IN_WRONG;
    assert_ok(account_make(store, &actor, &given, &link, e));
    assert_ok(invitation_accept(store, str_of(link.text), S(PASSWORD), e));
    if (ROLES[role].privileged) {
        assert_ok(account_find(store, given.name, s->arena, &made, e));
        assert_ok(second_factor_begin(store, made.number, secret, e));
        totp_code(secret, s->now_ms - 30000, code);
        assert_ok(second_factor_confirm(store, made.number, str_of(code), e));
        totp_code(secret, s->now_ms, code);
        typed.code = str_of(code);
    }
    assert_ok(session_begin(store, &typed, &token, &outcome, e));
    assert_int_equal(outcome, SIGN_IN_DONE);
    s->token[role] = str_copy(s->arena, str_of(token.text));
}

struct site *site_open(const char *more)
{
    struct site *s = alloc_zero(1, sizeof *s);
    snprintf(s->dir, sizeof s->dir, "/tmp/colligate-site-XXXXXX");
    assert_non_null(mkdtemp(s->dir));
    rmdir(s->dir);
    s->now_ms = SITE_START_MS;
    s->arena = arena_new("a site", (size_t)1 << 30);
    struct service_options options = {.dir = s->dir, .clock = clock_manual(&s->now_ms)};
    struct policy *policy = NEW(s->arena, struct policy);
    assert_ok(session_policy(s->arena, policy, e));
    struct store_env env = {.clock = options.clock, .entropy = entropy_system(), .policy = policy};
    assert_ok(store_init(s->dir, &env, e));
    assert_ok(service_open(s->arena, &options, &s->service, e));
    site_feed(s, FORCE);
    if (more != NULL) site_feed(s, more);
    for (int i = 0; i < ROLE_COUNT; i++)
        account_add(s, i);
    return s;
}

void site_close(struct site *s)
{
    service_close(&s->service);
    folder_remove(s->dir);
    arena_free(s->arena);
    alloc_free(s);
}

/* ---- requests --------------------------------------------------------------------------------------- */

static Str unescaped(struct arena *a, Str s)
{
    char *out = arena_alloc(a, s.len + 1, 1, 1);
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned byte = 0;
        if (s.ptr[i] == '%' && i + 2 < s.len &&
            hex_decode(str_lower(a, str_slice(s, i + 1, i + 3)), &byte, 1) == OK) {
            out[n++] = (char)byte;
            i += 2;
        } else {
            out[n++] = s.ptr[i] == '+' ? ' ' : s.ptr[i];
        }
    }
    return (Str){out, n};
}

static void pairs_add(struct arena *a, struct http_pairs *pairs, Str name, Str value)
{
    ARENA_ROOM(a, pairs->pair, pairs->room, pairs->count + 1, 8);
    pairs->pair[pairs->count++] = (struct http_pair){.name = name, .value = value};
}

static void pairs_read(struct arena *a, struct http_pairs *pairs, Str text)
{
    Str one;
    while (text.len > 0 && str_next(&text, '&', &one)) {
        size_t at = str_find_char(one, '=');
        if (at == STR_NPOS) at = one.len;
        pairs_add(a, pairs, unescaped(a, str_slice(one, 0, at)),
                  unescaped(a, str_slice(one, at + 1, one.len)));
    }
}

static Str header_of(const struct http_answer *a, Str name)
{
    for (size_t i = 0; i < a->headers; i++)
        if (str_eq_nocase(a->header[i].name, name)) return a->header[i].value;
    return S("");
}

static struct site_answer ask(struct site *s, int role, Str method, const char *path, Str form)
{
    struct arena *a = s->arena;
    struct buf body CLEANUP_BUF;
    struct http_request request = {
        .arena = a, .method = method, .body = S(""), .type = S(""), .peer = S("test")};
    struct http_answer answer = {.status = 200, .type = S("text/html; charset=utf-8"), .body = &body};
    Str whole = str_of(path);
    size_t query = str_find_char(whole, '?');
    buf_init(&body, (size_t)64 << 20);
    request.path = unescaped(a, str_slice(whole, 0, query == STR_NPOS ? whole.len : query));
    if (query != STR_NPOS) pairs_read(a, &request.query, str_slice(whole, query + 1, whole.len));
    pairs_read(a, &request.form, form);
    if (role < ROLE_COUNT) pairs_add(a, &request.cookie, S(SESSION_COOKIE), s->token[role]);
    answer_request(&s->service, &request, &answer);
    if (answer.stream != NULL) http_stream_leave(answer.stream); /* nobody stays to listen */
    return (struct site_answer){.status = answer.status,
                                .body = str_copy(a, buf_str(&body)),
                                .location = str_copy(a, header_of(&answer, S("Location"))),
                                .cookie = str_copy(a, header_of(&answer, S("Set-Cookie"))),
                                .type = answer.type};
}

struct site_answer site_get(struct site *s, int role, const char *path)
{
    return ask(s, role, S("GET"), path, S(""));
}

/* The token as any page shows it. */
static Str csrf_read(struct site *s, int role)
{
    Str mark = S("name=\"csrf\" value=\""), page = site_get(s, role, "/settings").body;
    size_t at = str_find(page, mark);
    assert_true(at != STR_NPOS);
    Str rest = str_slice(page, at + mark.len, page.len);
    return str_slice(rest, 0, str_find_char(rest, '"'));
}

struct site_answer site_post(struct site *s, int role, const char *path, const char *form)
{
    if (form[0] == '!') return ask(s, role, S("POST"), path, str_of(form + 1));
    if (role < ROLE_COUNT && !str_present(s->csrf[role])) s->csrf[role] = csrf_read(s, role);
    Str token = role < ROLE_COUNT ? s->csrf[role] : S("");
    return ask(s, role, S("POST"), path, str_format(s->arena, "csrf=%.*s&%s", STR_ARG(token), form));
}

bool site_says(const struct site_answer *a, const char *words)
{
    return str_find(a->body, str_of(words)) != STR_NPOS;
}
