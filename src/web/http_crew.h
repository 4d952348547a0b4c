/* Threads that make answers, so that a page that takes long keeps nobody waiting who came in on the same
 * thread of the network. Jobs are begun in the order in which they came. */
#ifndef WEB_HTTP_CREW_H
#define WEB_HTTP_CREW_H

#include <stdbool.h>

struct crew_job {
    struct crew_job *next; /* the crew's */
    void (*run)(struct crew_job *job);
};
struct http_crew;
struct http_crew *http_crew_new(unsigned threads);
/* The job is done by one of the threads; false: none is there, or they are being ended. */
bool http_crew_give(struct http_crew *c, struct crew_job *job);
/* Does what was given; nothing is taken any more. */
void http_crew_end(struct http_crew *c);
void http_crew_free(struct http_crew *c); /* after the end */

#endif
