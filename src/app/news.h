/* Tells those who listen what is new for them: suggested links that wait for them, work that has become due.
 * A thread of its own asks for each listener, as they may see at that moment, and hands over two numbers
 * since the beginning of the listening, never what they are about; what they open then is noted where it is
 * shown. Listening is no use of a session, and ends with it. */
#ifndef APP_NEWS_H
#define APP_NEWS_H

#include "app/service.h"

#define NEWS_LISTENERS_MAX    256
#define NEWS_LISTENERS_OF_ONE 8 /* account */

struct news;
/* What is written for a listener: server-sent events, whole lines. */
struct news_ear {
    bool (*tell)(void *state, Str text); /* never waits; false: nobody listens any more */
    void (*end)(void *state);            /* called once, the last call */
    void *state;
};

/* The service must be ready but for this, and outlive it. */
MUST_USE enum status news_start(const struct service *service, struct news **out, struct err *e);
void news_stop(struct news *n); /* before live_stop and store_close; NULL is allowed */

/* From now on. E_LIMIT: as many listen as can; `end` has not been called then. */
MUST_USE enum status news_listen(struct news *n, Str token, enum role role, uint64_t account,
                                 const struct news_ear *ear, struct err *e);
size_t news_listeners(struct news *n);

#endif
