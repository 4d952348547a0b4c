/* One thread that does the jobs of many, in groups: all that have queued up, then one commit, then everybody
 * is told. */
#ifndef STORE_QUEUE_H
#define STORE_QUEUE_H

#include "base/err.h"

struct job {
    struct job *next; /* the queue's while the job is in it */
    enum status status;
    struct err err;
    bool done;
};

struct queue;
/* Does every job of the list and fills status and err of each; called by the queue's own thread. */
typedef void (*queue_group)(void *state, struct job *jobs);

/* jobs_max: the most that one group takes. */
MUST_USE enum status queue_start(queue_group group, void *state, size_t jobs_max, struct queue **out,
                                 struct err *e);
/* The job must stay until queue_wait has returned; E_BUSY once the queue is stopping. */
MUST_USE enum status queue_push(struct queue *q, struct job *job, struct err *e);
MUST_USE enum status queue_wait(struct queue *q, struct job *job, struct err *e);
/* Does what is queued, then ends the thread. NULL is allowed. */
void queue_stop(struct queue *q);

#endif
