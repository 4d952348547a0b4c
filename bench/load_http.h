/* A browser of one person, as small as it can be: one connection to this machine that is kept, one request at
 * a time, the cookie of the session. Waits until the answer is there. */
#ifndef BENCH_LOAD_HTTP_H
#define BENCH_LOAD_HTTP_H

#include "base/buf.h"

#include <stdint.h>

struct client {
    uint16_t port;
    int socket; /* -1: none is open */
    char session[128];
    char csrf[128]; /* the token of its forms, once a page with one was seen */
    /* of the last answer */
    unsigned status; /* 0: there was none */
    struct buf head, body;
};

void client_init(struct client *c, uint16_t port);
void client_done(struct client *c);

/* A connection to this machine; -1: refused. */
int client_connect(uint16_t port);

/* Sends and reads the whole answer; form: NULL for GET, else what is posted, to which the token is added.
 * Microseconds from the first byte sent to the last one read. */
int64_t client_ask(struct client *c, const char *path, const char *form);
/* Where the last answer leads ("/deaths/D1/reported"), in `out`; false: nowhere. */
bool client_location(const struct client *c, char *out, size_t room);
bool client_says(const struct client *c, const char *words);

#endif
