#include "load_http.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_BYTES_MAX ((size_t)64 << 10)
#define BODY_BYTES_MAX ((size_t)64 << 20)

void client_init(struct client *c, uint16_t port)
{
    *c = (struct client){.port = port, .socket = -1};
    buf_init(&c->head, HEAD_BYTES_MAX);
    buf_init(&c->body, BODY_BYTES_MAX);
}

static void hang_up(struct client *c)
{
    if (c->socket >= 0) close(c->socket);
    c->socket = -1;
}

void client_done(struct client *c)
{
    hang_up(c);
    buf_free(&c->head);
    buf_free(&c->body);
}

int client_connect(uint16_t port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    int one = 1, socket_number = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (socket_number < 0) return -1;
    if (connect(socket_number, (struct sockaddr *)&to, sizeof to) != 0) {
        close(socket_number);
        return -1;
    }
    (void)setsockopt(socket_number, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return socket_number;
}

static bool send_all(int to, Str text)
{
    while (text.len > 0) {
        ssize_t sent = send(to, text.ptr, text.len, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        text = str_slice(text, (size_t)sent, text.len);
    }
    return true;
}

/* The value of a line of the head. */
static Str head_line(const struct client *c, const char *name)
{
    Str rest = buf_str(&c->head), line;
    while (str_next(&rest, '\n', &line)) {
        size_t colon = str_find_char(line, ':');
        if (colon == STR_NPOS || !str_eq_nocase(str_slice(line, 0, colon), str_of(name))) continue;
        line = str_slice(line, colon + 1, line.len);
        while (line.len > 0 && (line.ptr[0] == ' '))
            line = str_slice(line, 1, line.len);
        return str_ends(line, S("\r")) ? str_slice(line, 0, line.len - 1) : line;
    }
    return STR_NONE;
}

static bool read_some(struct client *c, struct buf *to)
{
    char piece[16384];
    ssize_t got = recv(c->socket, piece, sizeof piece, 0);
    if (got <= 0) return false;
    buf_add_bytes(to, piece, (size_t)got);
    return !to->failed;
}

static bool read_answer(struct client *c)
{
    size_t end;
    int64_t length = 0, status = 0;
    buf_clear(&c->head);
    buf_clear(&c->body);
    while ((end = str_find(buf_str(&c->head), S("\r\n\r\n"))) == STR_NPOS)
        if (!read_some(c, &c->head)) return false;
    Str all = buf_str(&c->head);
    buf_add(&c->body, str_slice(all, end + 4, all.len));
    if (str_to_i64(head_line(c, "Content-Length"), &length) != OK ||
        str_to_i64(str_slice(all, 9, 12), &status) != OK)
        return false;
    while ((int64_t)c->body.len < length)
        if (!read_some(c, &c->body)) return false;
    c->status = (unsigned)status;
    return true;
}

/* What begins behind `before` and ends with `end`, in `out`; false: it is not there or too long. */
static bool between(Str text, const char *before, char end, char *out, size_t room)
{
    size_t at = str_find(text, str_of(before));
    if (at == STR_NPOS) return false;
    Str rest = str_slice(text, at + strlen(before), text.len);
    rest = str_slice(rest, 0, str_find_char(rest, end));
    int len = snprintf(out, room, "%.*s", STR_ARG(rest));
    return len > 0 && (size_t)len < room;
}

static void remember(struct client *c)
{
    char token[sizeof c->csrf];
    if (between(buf_str(&c->head), "__Host-session=", ';', token, sizeof token))
        memcpy(c->session, token, sizeof token);
    if (between(buf_str(&c->body), "name=\"csrf\" value=\"", '"', token, sizeof token))
        memcpy(c->csrf, token, sizeof token);
}

/* A connection that was idle for long has been ended by the other side. */
static bool is_over(int socket_number)
{
    char byte;
    return socket_number >= 0 && recv(socket_number, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

int64_t client_ask(struct client *c, const char *path, const char *form)
{
    struct buf text CLEANUP_BUF, sent CLEANUP_BUF;
    buf_init(&text, HEAD_BYTES_MAX);
    buf_init(&sent, HEAD_BYTES_MAX);
    if (form != NULL) buf_addf(&sent, "csrf=%s&%s", c->csrf, form);
    buf_addf(&text, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nCookie: __Host-session=%s\r\n",
             form == NULL ? "GET" : "POST", path, (unsigned)c->port, c->session);
    if (form != NULL)
        buf_addf(&text, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n",
                 sent.len);
    buf_add_cstr(&text, "\r\n");
    buf_add(&text, buf_str(&sent));
    c->status = 0;
    if (is_over(c->socket)) hang_up(c);
    int64_t began_us = clock_ticks_us();
    if (c->socket < 0) c->socket = client_connect(c->port);
    bool answered = c->socket >= 0 && send_all(c->socket, buf_str(&text)) && read_answer(c);
    int64_t took_us = clock_ticks_us() - began_us;
    if (!answered || str_eq_nocase(head_line(c, "Connection"), S("close"))) hang_up(c);
    if (answered) remember(c);
    return took_us;
}

bool client_location(const struct client *c, char *out, size_t room)
{
    Str to = head_line(c, "Location");
    return str_present(to) && snprintf(out, room, "%.*s", STR_ARG(to)) < (int)room;
}

bool client_says(const struct client *c, const char *words)
{
    return str_find(buf_str(&c->body), str_of(words)) != STR_NPOS;
}
