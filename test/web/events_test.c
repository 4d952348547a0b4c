/* What is new, told over real sockets: to whom, of what, and until when; more listeners than threads. */
#include "site.h"

#include "app/news.h"
#include "base/alloc.h"
#include "web/answer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LISTENERS = 6, PATIENCE_MS = 60000, TEXT_ROOM = 1 << 16 };

static const char DEATH[] = "{\"known_at\":\"2014-08-28T05:00:00Z\",\"kind\":\"death\",\"id\":\"NEXT\","
                            "\"source\":\"death_report\",\"set\":{\"ref\":\"A/2014/9\",\"unit\":\"A\","
                            "\"deceased_name\":\"Kim Next\",\"age\":30}}\n";
static const char LINK[] =
    "{\"known_at\":\"2014-08-28T05:10:00Z\",\"kind\":\"link\",\"id\":\"L-1\",\"source\":\"linker\",\"set\":{"
    "\"deaths\":[\"OWN\",\"NEXT\"],\"raised_by\":\"pair\",\"first\":\"NEXT\",\"second\":\"OWN\",\"weight\":7,"
    "\"threshold\":5,\"told_at\":\"2014-08-28T05:10:00Z\",\"facts\":\"00\"}}\n";
static const char HIDDEN_LINK[] =
    "{\"known_at\":\"2014-08-28T05:10:00Z\",\"kind\":\"link\",\"id\":\"L-2\",\"source\":\"linker\",\"set\":{"
    "\"deaths\":[\"MINE\",\"NEXT\"],\"raised_by\":\"pair\",\"first\":\"NEXT\",\"second\":\"MINE\",\"weight\":"
    "7,\"threshold\":5,\"told_at\":\"2014-08-28T05:10:00Z\",\"facts\":\"00\"}}\n";

struct spot {
    struct site *site;
    struct http_server *server;
    char text[TEXT_ROOM];
};

static int set_up(void **state)
{
    struct spot *p = alloc_zero(1, sizeof *p);
    struct http_config config = HTTP_CONFIG_DEFAULT;
    p->site = site_open(DEATH);
    config.port = 0;
    config.threads = 1;
    assert_ok(http_start(&config, answer_request, &p->site->service, &p->server, e));
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct spot *p = *state;
    if (p->server != NULL) http_stop(p->server);
    site_close(p->site);
    alloc_free(p);
    return 0;
}

static int ask(struct spot *p, int role, const char *path)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(http_port(p->server))};
    char request[512];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    int n = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: here\r\nCookie: %s=%.*s\r\n\r\n",
                     path, SESSION_COOKIE, STR_ARG(p->site->token[role]));
    assert_int_equal(send(fd, request, (size_t)n, MSG_NOSIGNAL), n);
    return fd;
}

/* Reads until the words are there. False: the connection ended, or nothing came for so long. */
static bool hears(struct spot *p, int fd, const char *words, int patience_ms)
{
    size_t at = 0;
    p->text[0] = '\0';
    while (strstr(p->text, words) == NULL) {
        struct pollfd one = {.fd = fd, .events = POLLIN};
        if (poll(&one, 1, patience_ms) <= 0) return false;
        ssize_t n = recv(fd, p->text + at, TEXT_ROOM - 1 - at, 0);
        if (n <= 0) return false;
        at += (size_t)n;
        p->text[at] = '\0';
    }
    return true;
}

/* Reads what is still said to its end. False: nothing came for so long, and it has not ended. A stream that
 * is over ends with an empty chunk (RFC 9112, 7.1), and the connection may stay. */
static bool ends(struct spot *p, int fd)
{
    return hears(p, fd, "0\r\n\r\n", PATIENCE_MS) || recv(fd, p->text, 1, MSG_DONTWAIT) == 0;
}

static int listen_as(struct spot *p, int role)
{
    size_t before = news_listeners(p->site->service.news);
    int fd = ask(p, role, "/events");
    assert_true(hears(p, fd, "retry: ", PATIENCE_MS));
    assert_non_null(strstr(p->text, "text/event-stream"));
    assert_int_equal(news_listeners(p->site->service.news), before + 1);
    return fd;
}

static void who_owns_a_link_hears_of_it(void **state)
{
    struct spot *p = *state;
    int analyst = listen_as(p, ROLE_ANALYST), detective = listen_as(p, ROLE_DETECTIVE);
    usleep(600000);                  /* from now on is from when the listener was first looked at */
    site_feed(p->site, HIDDEN_LINK); /* of a death that this analyst must not see */
    site_feed(p->site, LINK);
    assert_true(hears(p, analyst, "event: links\ndata: 1\n", PATIENCE_MS));
    assert_null(strstr(p->text, "Next")); /* a number, and nothing of what it is about */
    assert_false(hears(p, detective, "event: links", 1000));
    assert_false(hears(p, analyst, "event: links", 1000)); /* told of both, it would have said 2 by now */
    close(analyst);
    close(detective);
}

static void listeners_take_no_thread(void **state)
{
    struct spot *p = *state;
    int fd[LISTENERS];
    for (int i = 0; i < LISTENERS; i++)
        fd[i] = listen_as(p, i % 2 ? ROLE_ANALYST : ROLE_SUPERVISOR);
    int page = ask(p, ROLE_DETECTIVE, "/settings"); /* there is one thread */
    assert_true(hears(p, page, "</html>", PATIENCE_MS));
    close(page);
    for (int i = 0; i < LISTENERS; i++)
        close(fd[i]);
}

static void one_account_has_so_many(void **state)
{
    struct spot *p = *state;
    int fd[NEWS_LISTENERS_OF_ONE];
    for (int i = 0; i < NEWS_LISTENERS_OF_ONE; i++)
        fd[i] = listen_as(p, ROLE_ANALYST);
    int more = ask(p, ROLE_ANALYST, "/events");
    assert_true(hears(p, more, "HTTP/1.1 204", PATIENCE_MS));
    close(more);
    for (int i = 0; i < NEWS_LISTENERS_OF_ONE; i++)
        close(fd[i]);
}

static void it_ends_with_the_session_and_keeps_none_alive(void **state)
{
    struct spot *p = *state;
    int analyst = listen_as(p, ROLE_ANALYST);
    assert_int_equal(site_post(p->site, ROLE_DETECTIVE, "/sign-out", "").status, 303);
    int detective = ask(p, ROLE_DETECTIVE, "/events");
    assert_true(hears(p, detective, "HTTP/1.1 303", PATIENCE_MS));
    close(detective);
    /* listening goes on, and asking for it again, without being a use of the session */
    p->site->now_ms += SESSION_IDLE_MS - 60000;
    int again = ask(p, ROLE_ANALYST, "/events");
    assert_true(hears(p, again, "retry: ", PATIENCE_MS));
    p->site->now_ms += 120000;
    assert_true(ends(p, analyst));
    assert_int_equal(site_get(p->site, ROLE_ANALYST, "/").status, 303);
    close(analyst);
    close(again);
}

static void a_server_that_stops_ends_it(void **state)
{
    struct spot *p = *state;
    int fd = listen_as(p, ROLE_ANALYST);
    http_stop(p->server);
    p->server = NULL;
    assert_true(ends(p, fd));
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_owns_a_link_hears_of_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(listeners_take_no_thread, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_account_has_so_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_ends_with_the_session_and_keeps_none_alive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_server_that_stops_ends_it, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
