/* A small force behind the whole way of a request, without sockets: two units, an account for each role,
 * deaths of one's own unit, of another, restricted, and one in which everybody with an officer has a conflict
 * of interest. */
#ifndef TEST_WEB_SITE_H
#define TEST_WEB_SITE_H

#include "../store/fixture.h"

#include "app/service.h"
#include "model/role.h"

#define SITE_START_MS INT64_C(1409205600000) /* 28 August 2014, 6:00am */

struct site {
    char dir[64];
    int64_t now_ms;
    struct arena *arena;
    struct service service;
    Str token[ROLE_COUNT], csrf[ROLE_COUNT];
};

/* more (NULL allowed): lines of the feed that are appended too. */
struct site *site_open(const char *more);
void site_close(struct site *s);
/* Appends lines of the feed. */
void site_feed(struct site *s, const char *lines);

/* Waits until the index of work has taken everything into account. */
void site_settle(struct site *s);

struct site_answer {
    unsigned status;
    Str body, location, type, cookie;
};
#define SITE_STRANGER ROLE_COUNT /* nobody is signed in */
/* path may hold a query. */
struct site_answer site_get(struct site *s, int role, const char *path);
/* form: "name=value&name=value", %-encoded where needed; the token of the form is added, unless form begins
 * with
 * '!'. */
struct site_answer site_post(struct site *s, int role, const char *path, const char *form);
bool site_says(const struct site_answer *a, const char *words); /* in its body */

#endif
