/* Notices against a mail server and a hook on loopback: what they say, how a hook is signed, what happens
 * when nobody takes them, and that a restart repeats nothing. */
#include "site.h"

#include "app/notices.h"
#include "base/alloc.h"
#include "base/hash.h"
#include "base/stream.h"
#include "store/notices.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_ROOM = 1 << 16, PATIENCE = 600, MINUTE_MS = 60000 };
#define KEY "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

/* A server that takes one connection after the other and keeps what the last whole message said. */
struct listener {
    bool is_mail;
    int fd;
    uint16_t port;
    pthread_t thread;
    pthread_mutex_t lock;
    atomic_bool refuses, silent;
    atomic_int messages;
    char text[TEXT_ROOM];
};

static void say(int fd, const char *words)
{
    (void)send(fd, words, strlen(words), MSG_NOSIGNAL);
}

/* More of what is sent, until it holds `end`. */
static bool read_to(int fd, char *text, size_t *len, const char *end)
{
    text[*len] = '\0';
    while (strstr(text, end) == NULL) {
        ssize_t n = recv(fd, text + *len, TEXT_ROOM - 1 - *len, 0);
        if (n <= 0) return false;
        *len += (size_t)n;
        text[*len] = '\0';
    }
    return true;
}

static void keep(struct listener *l, const char *text)
{
    pthread_mutex_lock(&l->lock);
    (void)snprintf(l->text, sizeof l->text, "%s", text);
    pthread_mutex_unlock(&l->lock);
    atomic_fetch_add(&l->messages, 1);
}

static void take_mail(struct listener *l, int fd)
{
    char *text = alloc_zero(1, TEXT_ROOM);
    size_t len = 0;
    say(fd, "220 here\r\n");
    while (read_to(fd, text, &len, "\r\n")) {
        bool data = strncmp(text, "DATA", 4) == 0, quit = strncmp(text, "QUIT", 4) == 0;
        len = 0;
        if (data && atomic_load(&l->refuses)) {
            say(fd, "451 not now\r\n");
        } else if (data) {
            say(fd, "354 go on\r\n");
            if (!read_to(fd, text, &len, "\r\n.\r\n")) break;
            if (strstr(text, "waits for an answer")) keep(l, text);
            len = 0;
            say(fd, "250 taken\r\n");
        } else {
            say(fd, quit ? "221 bye\r\n" : "250 yes\r\n");
        }
        if (quit) break;
    }
    alloc_free(text);
}

/* Overdue checks are told too: they are taken and not kept. */
static void take_hook(struct listener *l, int fd)
{
    char *text = alloc_zero(1, TEXT_ROOM);
    size_t len = 0;
    if (read_to(fd, text, &len, "\r\n\r\n") && read_to(fd, text, &len, "}")) {
        bool counts = strstr(text, "\"link_new\"") != NULL, refuses = counts && atomic_load(&l->refuses);
        if (counts) keep(l, text);
        while (counts && atomic_load(&l->silent)) /* until the other end leaves */
            if (recv(fd, text, 1, 0) <= 0) break;
        say(fd, refuses ? "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                        : "HTTP/1.1 204 Taken\r\nConnection: close\r\n\r\n");
    }
    alloc_free(text);
}

static void *serve(void *state)
{
    struct listener *l = state;
    for (int fd; (fd = accept(l->fd, NULL, NULL)) >= 0;) {
        (l->is_mail ? take_mail : take_hook)(l, fd);
        close(fd);
    }
    return NULL;
}

static void listener_open(struct listener *l, bool is_mail)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t size = sizeof at;
    l->is_mail = is_mail;
    l->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(l->fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(l->fd, 8), 0);
    assert_int_equal(getsockname(l->fd, (struct sockaddr *)&at, &size), 0);
    l->port = ntohs(at.sin_port);
    pthread_mutex_init(&l->lock, NULL);
    assert_int_equal(pthread_create(&l->thread, NULL, serve, l), 0);
}

static void listener_close(struct listener *l)
{
    (void)shutdown(l->fd, SHUT_RDWR);
    (void)pthread_join(l->thread, NULL);
    close(l->fd);
    pthread_mutex_destroy(&l->lock);
}

/* ---- the force and both servers ----------------------------------------------------------------------- */

static const char DEATHS[] =
    "{\"known_at\":\"2014-08-28T05:00:00Z\",\"kind\":\"death\",\"id\":\"NEXT\",\"source\":\"death_report\","
    "\"set\":{\"ref\":\"A/2014/9\",\"unit\":\"A\",\"deceased_name\":\"Kim Next\",\"age\":30}}\n"
    "{\"known_at\":\"2014-08-28T05:00:00Z\",\"kind\":\"death\",\"id\":\"SHUT\",\"source\":\"death_report\","
    "\"set\":{\"ref\":\"A/2014/10\",\"unit\":\"A\",\"deceased_name\":\"Lee Shut\",\"age\":31}}\n"
    "{\"known_at\":\"2014-08-28T05:20:00Z\",\"kind\":\"restriction\",\"id\":\"R-1\",\"source\":\"staff\","
    "\"set\":{\"events\":[\"SHUT\"],\"reason\":\"an inquiry\",\"by\":\"O-8\",\"approved_by\":\"O-9\","
    "\"cleared\":[\"O-8\"]}}\n";
#define LINK(id, other)                                                                                      \
    "{\"known_at\":\"2014-08-28T06:00:00Z\",\"kind\":\"link\",\"id\":\"" id                                  \
    "\",\"source\":\"linker\",\"set\":{\"deaths\":[\"OWN\",\"" other                                         \
    "\"],\"raised_by\":\"pair\",\"first\":\"" other                                                          \
    "\",\"second\":\"OWN\",\"weight\":7,\"threshold\":5,\"told_at\":\"2014-08-28T06:00:00Z\",\"facts\":"     \
    "\"00\"}}\n"

struct spot {
    struct site *site;
    struct listener mail, hook;
};

static int set_up(void **state)
{
    struct spot *p = alloc_zero(1, sizeof *p);
    p->site = site_open(DEATHS);
    listener_open(&p->mail, true);
    listener_open(&p->hook, false);
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct spot *p = *state;
    site_close(p->site);
    listener_close(&p->mail);
    listener_close(&p->hook);
    alloc_free(p);
    return 0;
}

static void configure(struct spot *p, bool mail)
{
    char path[128], text[1024];
    struct err e = {0};
    (void)snprintf(path, sizeof path, "%s/notices.tsv", p->site->dir);
    int n = snprintf(
        text, sizeof text,
        "pages\thttps://pages.example/\nhook\tops\t*\thttp://me:word@127.0.0.1:%u/in?token=word\t" KEY "\n",
        (unsigned)p->hook.port);
    if (mail)
        (void)snprintf(text + n, sizeof text - (size_t)n,
                       "mail\tdesk\tA\tsmtp://127.0.0.1:%u\tfrom@example\tdesk@example\n"
                       "mail\telsewhere\tB\tsmtp://127.0.0.1:%u\tfrom@example\tother@example\n",
                       (unsigned)p->mail.port, (unsigned)p->mail.port);
    if (file_write(path, str_of(text), 0600, &e) != OK) fail_msg("%s", e.text);
}

/* Of new links: overdue checks are told of beside them. */
static size_t notices_of(struct spot *p, enum notice_state state, struct notice *first)
{
    struct notice *list = NULL;
    size_t count = 0, all = 0, found = 0;
    assert_ok(notice_list(p->site->service.session.store, state, 50, p->site->arena, &list, &count, &all, e));
    for (size_t i = 0; i < count; i++) {
        if (!str_eq(list[i].kind, S("link_new"))) continue;
        if (first != NULL && found == 0) *first = list[i];
        found++;
    }
    return found;
}

static void wait_for(struct spot *p, enum notice_state state, size_t count)
{
    for (int i = 0; i < PATIENCE && notices_of(p, state, NULL) < count; i++)
        usleep(100000);
    assert_int_equal(notices_of(p, state, NULL), count);
}

static Str header_of(const char *text, const char *name)
{
    const char *at = strstr(text, name);
    if (at == NULL) fail_msg("no %s in:\n%s", name, text);
    at += strlen(name);
    return (Str){at, strcspn(at, "\r\n")};
}

/* ---- cases -------------------------------------------------------------------------------------------- */

static void it_is_off_until_it_is_configured(void **state)
{
    struct spot *p = *state;
    site_feed(p->site, LINK("L-1", "NEXT"));
    usleep(1500000);
    assert_int_equal(notices_of(p, NOTICE_WAITING, NULL), 0);
    struct site_answer a = site_get(p->site, ROLE_ADMINISTRATOR, "/settings/notices");
    assert_int_equal(a.status, 200);
    assert_true(str_find(a.body, S("Notices are off")) != STR_NPOS);
}

static void a_link_is_told_by_mail_and_hook_and_names_nobody(void **state)
{
    struct spot *p = *state;
    char mine[2 * SHA256_BYTES + 1];
    unsigned char key[SHA256_BYTES];
    configure(p, true);
    site_feed(p->site, LINK("L-1", "NEXT"));
    site_feed(p->site, LINK("L-2", "SHUT")); /* restricted: told to nobody outside */
    wait_for(p, NOTICE_SENT, 2);
    const char *mail = p->mail.text, *hook = p->hook.text;
    assert_non_null(strstr(mail, "To: <desk@example>"));
    assert_non_null(strstr(mail, "Open it: https://pages.example/series/L-1\r\n"));
    assert_null(strstr(mail, "Own"));
    assert_null(strstr(mail, "Next"));
    assert_null(strstr(hook, "Own"));
    assert_non_null(strstr(hook, "\"page\":\"https://pages.example/series/L-1\""));
    assert_int_equal(atomic_load(&p->mail.messages), 1);
    assert_int_equal(atomic_load(&p->hook.messages), 1);
    /* as whoever receives it checks it */
    if (hex_decode(S(KEY), key, sizeof key) != OK) fail();
    Str id = header_of(hook, "X-Colligate-Id: "), at = header_of(hook, "X-Colligate-Time: "),
        given = header_of(hook, "X-Colligate-Signature: sha256=");
    Str body = str_of(strstr(hook, "\r\n\r\n") + 4);
    Sha256 mac =
        hmac_sha256(key, sizeof key,
                    str_format(p->site->arena, "%.*s.%.*s.%.*s", STR_ARG(id), STR_ARG(at), STR_ARG(body)));
    hex_encode(mac.byte, SHA256_BYTES, mine);
    assert_true(str_eq(given, str_of(mine)));
    assert_true(str_eq(at, S("1409205600")));
}

static void the_code_is_that_of_rfc_4231(void **state)
{
    char hex[2 * SHA256_BYTES + 1];
    (void)state;
    Sha256 mac = hmac_sha256("Jefe", 4, S("what do ya want for nothing?"));
    hex_encode(mac.byte, SHA256_BYTES, hex);
    assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void what_nobody_takes_is_tried_later_and_then_given_up(void **state)
{
    struct spot *p = *state;
    struct notice n = {0};
    int64_t waited_ms = 0;
    atomic_store(&p->hook.refuses, true);
    configure(p, false);
    site_feed(p->site, LINK("L-1", "NEXT"));
    for (unsigned tries = 1; tries <= NOTICE_TRIES_MAX; tries++) {
        for (int i = 0; i < PATIENCE && atomic_load(&p->hook.messages) < (int)tries; i++)
            usleep(100000);
        usleep(300000);
        assert_int_equal(atomic_load(&p->hook.messages), tries); /* and not once more */
        if (tries == NOTICE_TRIES_MAX) break;
        (void)notices_of(p, NOTICE_WAITING, &n);
        assert_int_equal(n.tries, tries);
        assert_true(notice_wait_ms(tries) > waited_ms);
        waited_ms = notice_wait_ms(tries);
        p->site->now_ms = n.due_ms;
    }
    wait_for(p, NOTICE_GIVEN_UP, 1);
    (void)notices_of(p, NOTICE_GIVEN_UP, &n);
    assert_true(str_find(n.problem, S("503")) != STR_NPOS);
    /* the administrator sends it again, and it is the same */
    p->site->now_ms = SITE_START_MS + MINUTE_MS; /* their session would have ended */
    struct site_answer a = site_get(p->site, ROLE_ADMINISTRATOR, "/settings/notices");
    assert_true(str_find(a.body, S("503")) != STR_NPOS);
    assert_true(str_find(a.body, S("at 127.0.0.1:")) != STR_NPOS); /* and nothing of the file's secrets */
    assert_true(str_find(a.body, S("word@")) == STR_NPOS && str_find(a.body, S("token")) == STR_NPOS);
    assert_true(str_find(a.body, S(KEY)) == STR_NPOS);
    atomic_store(&p->hook.refuses, false);
    a = site_post(
        p->site, ROLE_ADMINISTRATOR,
        str_cstr(p->site->arena, str_format(p->site->arena, "/settings/notices/%.*s/again", STR_ARG(n.id))),
        "");
    assert_int_equal(a.status, 303);
    wait_for(p, NOTICE_SENT, 1);
    assert_true(str_eq(header_of(p->hook.text, "X-Colligate-Id: "), n.id));
    a = site_post(p->site, ROLE_ADMINISTRATOR, "/settings/notices/none/again", "");
    assert_int_equal(a.status, 404);
}

/* The server says nothing of TLS: mail without a password goes, with one it does not. */
static void a_password_goes_to_no_server_without_tls(void **state)
{
    struct spot *p = *state;
    struct notice n = {0};
    char path[128], text[512];
    struct err e = {0};
    (void)snprintf(path, sizeof path, "%s/notices.tsv", p->site->dir);
    (void)snprintf(text, sizeof text,
                   "pages\thttps://pages.example\nmail\tdesk\tA\tsmtp://127.0.0.1:%u\tfrom@example\t"
                   "desk@example\tme:word\n",
                   (unsigned)p->mail.port);
    if (file_write(path, str_of(text), 0600, &e) != OK) fail_msg("%s", e.text);
    site_feed(p->site, LINK("L-1", "NEXT"));
    for (int i = 0; i < PATIENCE && n.tries == 0; i++) {
        usleep(100000);
        (void)notices_of(p, NOTICE_WAITING, &n);
    }
    assert_int_equal(n.tries, 1);
    assert_true(str_find(n.problem, S("SSL")) != STR_NPOS);
    assert_int_equal(atomic_load(&p->mail.messages), 0);
}

/* Somebody who takes the connection and never answers. */
static void who_does_not_answer_holds_up_no_stop(void **state)
{
    struct spot *p = *state;
    atomic_store(&p->hook.silent, true);
    configure(p, false);
    site_feed(p->site, LINK("L-1", "NEXT"));
    for (int i = 0; i < PATIENCE && atomic_load(&p->hook.messages) < 1; i++)
        usleep(100000);
    assert_int_equal(atomic_load(&p->hook.messages), 1);
    notices_stop(p->site->service.notices);
    p->site->service.notices = NULL;
    struct notice n = {0};
    assert_int_equal(notices_of(p, NOTICE_WAITING, &n), 1);
    assert_int_equal(n.tries, 0); /* cut short by us: no failure of theirs */
    atomic_store(&p->hook.silent, false);
}

#define RESTRICTION(known, more)                                                                             \
    "{\"known_at\":\"" known "\",\"kind\":\"restriction\",\"id\":\"R-2\",\"source\":\"staff\","              \
    "\"set\":{\"events\":[\"NEXT\"],\"reason\":\"an inquiry\",\"by\":\"O-8\"" more "}}\n"

/* Refused once, it waits for a minute; meanwhile its death is restricted. */
static void what_may_not_be_told_any_more_is_not_sent(void **state)
{
    struct spot *p = *state;
    atomic_store(&p->hook.refuses, true);
    configure(p, false);
    site_feed(p->site, LINK("L-1", "NEXT"));
    for (int i = 0; i < PATIENCE && atomic_load(&p->hook.messages) < 1; i++)
        usleep(100000);
    wait_for(p, NOTICE_WAITING, 1);
    atomic_store(&p->hook.refuses, false);
    site_feed(p->site, RESTRICTION("2014-08-28T06:00:00Z", ",\"cleared\":[\"O-8\"]"));
    p->site->now_ms += 2 * (int64_t)MINUTE_MS;
    wait_for(p, NOTICE_DROPPED, 1);
    assert_int_equal(atomic_load(&p->hook.messages), 1);
    struct site_answer a = site_get(p->site, ROLE_ADMINISTRATOR, "/settings/notices");
    assert_true(str_find(a.body, S("Not sent: 1.")) != STR_NPOS);
    /* lifted, it is told after all */
    site_feed(p->site, RESTRICTION("2014-08-28T06:01:00Z", ",\"lifted_at\":\"2014-08-28T06:01:00Z\""));
    site_feed(p->site, LINK("L-3", "NEXT")); /* news: it is looked again at once */
    wait_for(p, NOTICE_SENT, 2);
    assert_int_equal(notices_of(p, NOTICE_DROPPED, NULL), 0);
}

static void what_was_answered_meanwhile_is_not_sent(void **state)
{
    struct spot *p = *state;
    atomic_store(&p->hook.refuses, true);
    configure(p, false);
    site_feed(p->site, LINK("L-1", "NEXT"));
    for (int i = 0; i < PATIENCE && atomic_load(&p->hook.messages) < 1; i++)
        usleep(100000);
    wait_for(p, NOTICE_WAITING, 1);
    atomic_store(&p->hook.refuses, false);
    const char *form = "seen=0&answer=needs_work&reason=The+times+do+not+fit+yet.";
    struct site_answer a = site_post(p->site, ROLE_ANALYST, "/series/L-1/answer", form);
    assert_true(str_find(a.body, S("Load the page again")) != STR_NPOS); /* the version it was read at */
    Str mark = S("name=\"version\" value=\"");
    a = site_get(p->site, ROLE_ANALYST, "/links/OWN/NEXT");
    size_t at = str_find(a.body, mark);
    assert_true(at != STR_NPOS);
    Str version = str_slice(a.body, at + mark.len, a.body.len);
    version = str_slice(version, 0, str_find_char(version, '"'));
    Str whole = str_format(p->site->arena, "%s&version=%.*s", form, STR_ARG(version));
    a = site_post(p->site, ROLE_ANALYST, "/series/L-1/answer", str_cstr(p->site->arena, whole));
    assert_int_equal(a.status, 303);
    p->site->now_ms += 2 * (int64_t)MINUTE_MS;
    wait_for(p, NOTICE_DROPPED, 1);
    assert_int_equal(atomic_load(&p->hook.messages), 1);
}

static void the_address_of_any_reference_is_one(void **state)
{
    struct spot *p = *state;
    configure(p, false);
    site_feed(p->site, LINK("L 1/2?#%", "NEXT"));
    wait_for(p, NOTICE_SENT, 1);
    assert_non_null(strstr(p->hook.text, "\"page\":\"https://pages.example/series/L%201%252F2%3F%23%2525\""));
    /* as a browser asks for it, and the server undoes one escape */
    assert_int_equal(site_get(p->site, ROLE_ANALYST, "/series/L%201%252F2%3F%23%2525").status, 200);
}

/* The file is read again when it changes: another receiver, and then others than its owner may read it. */
static void whom_to_tell_follows_its_file(void **state)
{
    struct spot *p = *state;
    char path[128];
    configure(p, false);
    site_feed(p->site, LINK("L-1", "NEXT"));
    wait_for(p, NOTICE_SENT, 1);
    configure(p, true);
    wait_for(p, NOTICE_SENT, 2);
    (void)snprintf(path, sizeof path, "%s/notices.tsv", p->site->dir);
    assert_int_equal(chmod(path, 0644), 0);
    usleep(1500000);
    site_feed(p->site, LINK("L-3", "NEXT"));
    usleep(1500000);
    assert_int_equal(notices_of(p, NOTICE_SENT, NULL), 2); /* nobody is told anything */
    assert_int_equal(chmod(path, 0600), 0);
    wait_for(p, NOTICE_SENT, 4);
}

static void a_restart_repeats_nothing_and_loses_nothing(void **state)
{
    struct spot *p = *state;
    configure(p, false);
    site_feed(p->site, LINK("L-1", "NEXT"));
    wait_for(p, NOTICE_SENT, 1);
    atomic_store(&p->hook.refuses, true);
    site_feed(p->site, LINK("L-3", "NEXT"));
    wait_for(p, NOTICE_WAITING, 1);
    for (int i = 0; i < PATIENCE && atomic_load(&p->hook.messages) < 2; i++)
        usleep(100000);
    struct service_options options = {.dir = p->site->dir, .clock = clock_manual(&p->site->now_ms)};
    service_close(&p->site->service);
    atomic_store(&p->hook.refuses, false);
    p->site->now_ms += 2 * (int64_t)MINUTE_MS;
    assert_ok(service_open(p->site->arena, &options, &p->site->service, e));
    wait_for(p, NOTICE_SENT, 2);
    usleep(1500000);
    assert_int_equal(atomic_load(&p->hook.messages), 3); /* the first once, the second refused and taken */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_code_is_that_of_rfc_4231),
        cmocka_unit_test_setup_teardown(it_is_off_until_it_is_configured, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_link_is_told_by_mail_and_hook_and_names_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_nobody_takes_is_tried_later_and_then_given_up, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_password_goes_to_no_server_without_tls, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_does_not_answer_holds_up_no_stop, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_may_not_be_told_any_more_is_not_sent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_answered_meanwhile_is_not_sent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_address_of_any_reference_is_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(whom_to_tell_follows_its_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_restart_repeats_nothing_and_loses_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
