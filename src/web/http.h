/* HTTP as the pages need it, over libmicrohttpd: a request that has been read whole within its limits and its
 * time, and one answer to it. Listens without TLS: on loopback, behind a proxy that has it.
 *
 * Refused before anything else is done: bodies and headers over their limits, a body with both a length and a
 * transfer encoding, text that is not UTF-8, methods but GET, HEAD and POST, requests that take longer to
 * arrive than their deadline, however steadily they trickle. */
#ifndef WEB_HTTP_H
#define WEB_HTTP_H

#include "base/buf.h"
#include "base/str.h"

#include <stdint.h>

struct http_config {
    const char *address; /* "127.0.0.1" */
    uint16_t port;       /* 0: any that is free */
    unsigned threads;
    unsigned connections_max;
    unsigned connections_of_one_max; /* of one address */
    size_t body_bytes_max;
    unsigned arrive_ms_max; /* from the first byte to the last of a request */
    unsigned idle_s_max;    /* between requests of a connection */
};
#define HTTP_CONFIG_DEFAULT                                                                                  \
    ((struct http_config){.address = "127.0.0.1",                                                            \
                          .port = 8080,                                                                      \
                          .threads = 8,                                                                      \
                          .connections_max = 2000,                                                           \
                          .connections_of_one_max = 0,                                                       \
                          .body_bytes_max = (size_t)8 << 20,                                                 \
                          .arrive_ms_max = 15000,                                                            \
                          .idle_s_max = 60})

struct http_pair {
    Str name, value;
    Str file_name; /* of an upload: as sent; else absent */
};
struct http_pairs {
    struct http_pair *pair;
    size_t count, room;
};

/* Everything lives in the arena, which is freed when the answer has been sent. */
struct http_request {
    struct arena *arena;
    Str method; /* "GET", "HEAD" (answered like GET), "POST" */
    Str path;   /* decoded; starts with "/" */
    struct http_pairs query, form, cookie;
    Str body; /* of a type that is no form, such as JSON */
    Str type; /* content type, without parameters, lower case */
    Str peer; /* address of the other end */
    void *connection;
};
/* A header by name (any case), STR_NONE when there is none. */
Str http_header(const struct http_request *r, const char *name);
/* The first of a name; STR_NONE when there is none. */
Str http_pair_of(const struct http_pairs *pairs, Str name);

struct http_stream;
struct http_answer {
    unsigned status;
    Str type; /* with its character set */
    struct buf *body;
    struct http_stream *stream; /* NULL, or what is sent in place of the body (web/http_stream.h) */
    struct http_pair header[16];
    size_t headers;
};
/* Values with line breaks are a defect of ours and end the program. */
void http_answer_header(struct http_answer *a, Str name, Str value);

/* Called by several threads at once. `answer->body` is empty and waits to be filled. */
typedef void (*http_handler)(void *state, struct http_request *request, struct http_answer *answer);

struct http_server;
/* E_IO when it cannot listen, saying why. */
MUST_USE enum status http_start(const struct http_config *config, http_handler handle, void *state,
                                struct http_server **out, struct err *e);
uint16_t http_port(const struct http_server *s);
/* No new connections; requests under way are answered. */
void http_stop(struct http_server *s);

#endif
