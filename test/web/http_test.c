/* The server over real sockets on loopback: what is read, what is refused, and who is cut off. */
#include "base/alloc.h"
#include "web/http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* After what it needs: it includes nothing itself. */
#include <cmocka.h>

#define ANSWER_ROOM 65536

/* Says back what it understood. */
static void echo(void *state, struct http_request *r, struct http_answer *a)
{
    (void)state;
    a->type = S("text/plain; charset=utf-8");
    buf_addf(a->body, "%.*s %.*s from %.*s\n", STR_ARG(r->method), STR_ARG(r->path), STR_ARG(r->peer));
    for (size_t i = 0; i < r->query.count; i++)
        buf_addf(a->body, "query %.*s=%.*s\n", STR_ARG(r->query.pair[i].name),
                 STR_ARG(r->query.pair[i].value));
    for (size_t i = 0; i < r->form.count; i++)
        buf_addf(a->body, "form %.*s=%.*s (%.*s)\n", STR_ARG(r->form.pair[i].name),
                 STR_ARG(r->form.pair[i].value), STR_ARG(r->form.pair[i].file_name));
    buf_addf(a->body, "cookie %.*s body %.*s type %.*s host %.*s\n",
             STR_ARG(http_pair_of(&r->cookie, S("__Host-s"))), STR_ARG(r->body), STR_ARG(r->type),
             STR_ARG(http_header(r, "host")));
    http_answer_header(a, S("X-Seen"), S("yes"));
}

struct site {
    struct http_server *server;
    char answer[ANSWER_ROOM];
};

static int start(void **state)
{
    struct http_config config = HTTP_CONFIG_DEFAULT;
    struct err e = {0};
    struct site *site = alloc_zero(1, sizeof *site);
    config.port = 0;
    config.threads = 2;
    config.body_bytes_max = 4096;
    config.arrive_ms_max = 700;
    if (http_start(&config, echo, NULL, &site->server, &e) != OK) fail_msg("%s", e.text);
    *state = site;
    return 0;
}

static int stop(void **state)
{
    struct site *site = *state;
    http_stop(site->server);
    alloc_free(site);
    return 0;
}

static int open_connection(const struct site *site)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(http_port(site->server))};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static void write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, text, len, MSG_NOSIGNAL);
        if (n <= 0) return; /* refused early: the answer says why */
        text += n;
        len -= (size_t)n;
    }
}

static const char *read_all(struct site *site, int fd)
{
    size_t at = 0;
    for (ssize_t n; at + 1 < ANSWER_ROOM && (n = recv(fd, site->answer + at, ANSWER_ROOM - 1 - at, 0)) > 0;)
        at += (size_t)n;
    site->answer[at] = '\0';
    close(fd);
    return site->answer;
}

static const char *ask(struct site *site, const char *request)
{
    int fd = open_connection(site);
    write_all(fd, request, strlen(request));
    return read_all(site, fd);
}

#define assert_has(text, part)                                                                               \
    do {                                                                                                     \
        if (strstr((text), (part)) == NULL) fail_msg("\"%s\" is not in:\n%s", part, text);                   \
    } while (0)
#define assert_status(text, code)                                                                            \
    do {                                                                                                     \
        if (strncmp((text), "HTTP/1.1 " code, 12) != 0) fail_msg("wanted %s, got:\n%s", code, text);         \
    } while (0)

static void requests_are_understood(void **state)
{
    const char *a = ask(*state, "GET /deaths/KG%2F1?q=a%20b&q=c HTTP/1.1\r\nHost: here\r\n"
                                "Cookie: other=1; __Host-s=token\r\nConnection: close\r\n\r\n");
    assert_status(a, "200");
    assert_has(a, "GET /deaths/KG/1 from 127.0.0.1\n");
    assert_has(a, "query q=a b\nquery q=c\n");
    assert_has(a, "cookie token");
    assert_has(a, "X-Seen: yes");
}

static void answers_carry_the_standing_headers(void **state)
{
    const char *a = ask(*state, "GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
    assert_has(a, "Content-Security-Policy: default-src 'self'");
    assert_has(a, "X-Content-Type-Options: nosniff");
    assert_has(a, "Cache-Control: no-store");
    a = ask(*state, "HEAD / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
    assert_status(a, "200");
    assert_null(strstr(a, "HEAD /"));
}

static void forms_are_taken_apart(void **state)
{
    const char *a =
        ask(*state, "POST /x HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 27\r\n"
                    "Content-Type: application/x-www-form-urlencoded\r\n\r\nname=J%C3%B6rg+B&age=&age=4");
    assert_has(a, "form name=J\xc3\xb6rg B ()\n");
    assert_has(a, "form age=4 ()\n");
    char parts[1024];
    int n = snprintf(parts, sizeof parts,
                     "--cut\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nseen\r\n"
                     "--cut\r\nContent-Disposition: form-data; name=\"list\"; filename=\"a.csv\"\r\n"
                     "Content-Type: text/csv\r\n\r\nid,age\r\n1,2\r\n--cut--\r\n");
    char request[2048];
    snprintf(request, sizeof request,
             "POST /y HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: %d\r\n"
             "Content-Type: multipart/form-data; boundary=cut\r\n\r\n%s",
             n, parts);
    a = ask(*state, request);
    assert_has(a, "form note=seen ()\n");
    assert_has(a, "form list=id,age\r\n1,2 (a.csv)\n");
}

static void other_bodies_come_whole(void **state)
{
    const char *a =
        ask(*state, "POST /api HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 8\r\n"
                    "Content-Type: Application/JSON; charset=utf-8\r\n\r\n{\"a\": 1}");
    assert_has(a, "body {\"a\": 1} type application/json");
}

static void what_is_wrong_is_refused(void **state)
{
    static const struct {
        const char *request, *status;
    } cases[] = {
        {"PUT / HTTP/1.1\r\nHost: h\r\n\r\n", "405"},
        {"TRACE / HTTP/1.1\r\nHost: h\r\n\r\n", "405"},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\n\r\n", "413"},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "400"},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         "400"},
        {"GET /\xff\xfe HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "400"},
        {"GET /?a=%ff HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "400"},
        {"GET /?a=%00 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 5\r\n"
         "Content-Type: application/x-www-form-urlencoded\r\n\r\na=%ff",
         "400"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *a = ask(*state, cases[i].request);
        if (strncmp(a, "HTTP/1.1 ", 9) != 0 || strncmp(a + 9, cases[i].status, 3) != 0)
            fail_msg("%s\nwanted %s, got:\n%s", cases[i].request, cases[i].status, a);
    }
}

/* A body without a length is cut at the same cap. */
static void a_body_in_pieces_has_the_same_cap(void **state)
{
    struct site *site = *state;
    char piece[1100];
    int fd = open_connection(site);
    const char *head =
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n\r\n";
    write_all(fd, head, strlen(head));
    memset(piece, 'x', sizeof piece);
    for (int i = 0; i < 6; i++) {
        write_all(fd, "44c\r\n", 5);
        write_all(fd, piece, sizeof piece);
        write_all(fd, "\r\n", 2);
    }
    write_all(fd, "0\r\n\r\n", 5);
    const char *a = read_all(site, fd);
    assert_status(a, "413");
}

/* However steadily it trickles: the other side hangs up. Nobody else waits for it. */
static void who_trickles_is_cut_off(void **state)
{
    struct site *site = *state;
    int slow[20];
    for (size_t i = 0; i < COUNT_OF(slow); i++) {
        slow[i] = open_connection(site);
        write_all(slow[i], "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4000\r\n\r\n", 50);
    }
    for (int round = 0; round < 40; round++) {
        for (size_t i = 0; i < COUNT_OF(slow); i++)
            write_all(slow[i], "x", 1);
        assert_status(ask(site, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"), "200");
        usleep(50000);
    }
    for (size_t i = 0; i < COUNT_OF(slow); i++) {
        char byte;
        assert_true(recv(slow[i], &byte, 1, MSG_DONTWAIT) <= 0);
        assert_true(send(slow[i], "x", 1, MSG_NOSIGNAL) <= 0); /* gone, and not merely silent */
        close(slow[i]);
    }
}

static void connections_are_kept(void **state)
{
    struct site *site = *state;
    int fd = open_connection(site);
    char room[4096];
    for (int i = 0; i < 3; i++) {
        const char *request = "GET /again HTTP/1.1\r\nHost: h\r\n\r\n";
        write_all(fd, request, strlen(request));
        ssize_t n = recv(fd, room, sizeof room - 1, 0);
        assert_true(n > 0);
        room[n] = '\0';
        assert_status(room, "200");
    }
    close(fd);
}

static atomic_int began;

static void answer_late(void *state, struct http_request *r, struct http_answer *a)
{
    (void)state, (void)r;
    atomic_fetch_add(&began, 1);
    usleep(200000);
    buf_addf(a->body, "late\n");
}

/* Who was being answered when the server is stopped still gets the answer: what they sent is on record. */
static void what_is_under_way_is_answered_at_the_end(void **state)
{
    enum { REQUESTS = 4 };
    struct http_config config = HTTP_CONFIG_DEFAULT;
    struct err e = {0};
    struct site *site = alloc_zero(1, sizeof *site);
    int fd[REQUESTS];
    const char request[] = "GET / HTTP/1.1\r\nHost: here\r\n\r\n";
    (void)state;
    config.port = 0;
    config.threads = REQUESTS;
    atomic_store(&began, 0);
    if (http_start(&config, answer_late, NULL, &site->server, &e) != OK) fail_msg("%s", e.text);
    for (int i = 0; i < REQUESTS; i++) {
        fd[i] = open_connection(site);
        write_all(fd[i], request, sizeof request - 1);
    }
    while (atomic_load(&began) < REQUESTS)
        usleep(1000);
    http_stop(site->server);
    for (int i = 0; i < REQUESTS; i++) {
        const char *answer = read_all(site, fd[i]);
        assert_status(answer, "200");
        assert_has(answer, "late\n");
    }
    alloc_free(site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_understood),
        cmocka_unit_test(answers_carry_the_standing_headers),
        cmocka_unit_test(forms_are_taken_apart),
        cmocka_unit_test(other_bodies_come_whole),
        cmocka_unit_test(what_is_wrong_is_refused),
        cmocka_unit_test(a_body_in_pieces_has_the_same_cap),
        cmocka_unit_test(who_trickles_is_cut_off),
        cmocka_unit_test(connections_are_kept),
        cmocka_unit_test(what_is_under_way_is_answered_at_the_end),
    };
    return cmocka_run_group_tests_name("http", tests, start, stop);
}
