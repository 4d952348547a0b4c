#include "web/http_crew.h"

#include "base/alloc.h"

#include <pthread.h>

struct http_crew {
    pthread_mutex_t mutex;
    pthread_cond_t more;
    struct crew_job *first, **last;
    pthread_t *thread;
    unsigned threads;
    bool ending;
};

static void *work(void *state)
{
    struct http_crew *c = state;
    pthread_mutex_lock(&c->mutex);
    for (;;) {
        while (c->first == NULL && !c->ending)
            pthread_cond_wait(&c->more, &c->mutex);
        struct crew_job *job = c->first;
        if (job == NULL) break;
        c->first = job->next;
        if (c->first == NULL) c->last = &c->first;
        pthread_mutex_unlock(&c->mutex);
        job->run(job); /* it may be gone afterwards */
        pthread_mutex_lock(&c->mutex);
    }
    pthread_mutex_unlock(&c->mutex);
    return NULL;
}

struct http_crew *http_crew_new(unsigned threads)
{
    struct http_crew *c = alloc_zero(1, sizeof *c);
    pthread_mutex_init(&c->mutex, NULL);
    pthread_cond_init(&c->more, NULL);
    c->last = &c->first;
    c->thread = alloc_zero(threads + 1, sizeof *c->thread);
    while (c->threads < threads && pthread_create(&c->thread[c->threads], NULL, work, c) == 0)
        c->threads++;
    return c;
}

bool http_crew_give(struct http_crew *c, struct crew_job *job)
{
    pthread_mutex_lock(&c->mutex);
    bool taken = !c->ending && c->threads > 0;
    if (taken) {
        job->next = NULL;
        *c->last = job;
        c->last = &job->next;
        pthread_cond_signal(&c->more);
    }
    pthread_mutex_unlock(&c->mutex);
    return taken;
}

void http_crew_end(struct http_crew *c)
{
    pthread_mutex_lock(&c->mutex);
    c->ending = true;
    pthread_cond_broadcast(&c->more);
    pthread_mutex_unlock(&c->mutex);
    for (unsigned i = 0; i < c->threads; i++)
        (void)pthread_join(c->thread[i], NULL);
    c->threads = 0;
}

void http_crew_free(struct http_crew *c)
{
    pthread_cond_destroy(&c->more);
    pthread_mutex_destroy(&c->mutex);
    alloc_free(c->thread);
    alloc_free(c);
}
