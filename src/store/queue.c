#include "store/queue.h"

#include "base/alloc.h"

#include <pthread.h>
#include <string.h>

struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t work, done;
    struct job *first, **last;
    bool stopping;
    size_t jobs_max;
    queue_group group;
    void *state;
    pthread_t thread;
};

/* The next group, or NULL when the queue is empty and stopping. */
static struct job *group_take(struct queue *q)
{
    pthread_mutex_lock(&q->mutex);
    while (!q->first && !q->stopping)
        pthread_cond_wait(&q->work, &q->mutex);
    struct job *group = q->first;
    struct job **end = &q->first;
    for (size_t i = 0; *end && i < q->jobs_max; i++)
        end = &(*end)->next;
    q->first = *end;
    *end = NULL;
    if (!q->first) q->last = &q->first;
    pthread_mutex_unlock(&q->mutex);
    return group;
}

static void group_tell(struct queue *q, struct job *group)
{
    pthread_mutex_lock(&q->mutex);
    while (group) {
        struct job *next = group->next; /* a job may be gone as soon as it is done */
        group->done = true;
        group = next;
    }
    pthread_cond_broadcast(&q->done);
    pthread_mutex_unlock(&q->mutex);
}

static void *queue_main(void *state)
{
    struct queue *q = state;
    struct job *group;
    while ((group = group_take(q)) != NULL) {
        q->group(q->state, group);
        group_tell(q, group);
    }
    return NULL;
}

enum status queue_start(queue_group group, void *state, size_t jobs_max, struct queue **out, struct err *e)
{
    struct queue *q = alloc_zero(1, sizeof *q);
    q->group = group;
    q->state = state;
    q->jobs_max = jobs_max;
    q->last = &q->first;
    pthread_mutex_init(&q->mutex, NULL);
    pthread_cond_init(&q->work, NULL);
    pthread_cond_init(&q->done, NULL);
    int code = pthread_create(&q->thread, NULL, queue_main, q);
    if (code != 0) {
        alloc_free(q);
        return ERR(e, E_LIMIT, "", "no thread for writing could be started: %s.", strerror(code));
    }
    *out = q;
    return OK;
}

enum status queue_push(struct queue *q, struct job *job, struct err *e)
{
    job->next = NULL;
    job->status = OK;
    job->done = false;
    err_clear(&job->err);
    pthread_mutex_lock(&q->mutex);
    bool stopping = q->stopping;
    if (!stopping) {
        *q->last = job;
        q->last = &job->next;
        pthread_cond_signal(&q->work);
    }
    pthread_mutex_unlock(&q->mutex);
    return stopping ? ERR(e, E_BUSY, "", "the store is being closed.") : OK;
}

enum status queue_wait(struct queue *q, struct job *job, struct err *e)
{
    pthread_mutex_lock(&q->mutex);
    while (!job->done)
        pthread_cond_wait(&q->done, &q->mutex);
    pthread_mutex_unlock(&q->mutex);
    if (job->status != OK && e && e->status == OK) *e = job->err;
    return job->status;
}

void queue_stop(struct queue *q)
{
    if (!q) return;
    pthread_mutex_lock(&q->mutex);
    q->stopping = true;
    pthread_cond_signal(&q->work);
    pthread_mutex_unlock(&q->mutex);
    pthread_join(q->thread, NULL);
    pthread_cond_destroy(&q->work);
    pthread_cond_destroy(&q->done);
    pthread_mutex_destroy(&q->mutex);
    alloc_free(q);
}
