#include "base/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <unistd.h>

struct crew {
    parallel_part run;
    void *state;
    size_t parts;
    atomic_size_t next;
};
struct worker {
    struct crew *crew;
    size_t thread;
    pthread_t id;
};

size_t parallel_threads(size_t threads)
{
    if (threads == 0) {
        long cores = sysconf(_SC_NPROCESSORS_ONLN);
        threads = cores > 0 ? (size_t)cores : 1;
    }
    return threads < THREADS_MAX ? threads : THREADS_MAX;
}

static void *work(void *state)
{
    const struct worker *w = state;
    size_t part;
    while ((part = atomic_fetch_add(&w->crew->next, 1)) < w->crew->parts)
        w->crew->run(w->crew->state, part, w->thread);
    return NULL;
}

void parallel_run(size_t threads, size_t parts, parallel_part run, void *state)
{
    struct crew crew = {.run = run, .state = state, .parts = parts};
    struct worker worker[THREADS_MAX];
    size_t wanted = parallel_threads(threads), count = 1;
    if (wanted > parts) wanted = parts;
    for (; count < wanted; count++) {
        worker[count] = (struct worker){.crew = &crew, .thread = count};
        if (pthread_create(&worker[count].id, NULL, work, &worker[count]) != 0) break;
    }
    worker[0] = (struct worker){.crew = &crew};
    (void)work(&worker[0]);
    for (size_t i = 1; i < count; i++)
        (void)pthread_join(worker[i].id, NULL);
}

#define STANDS_BACK_BY 7 /* steps of nice; a thread has its own on Linux */

void thread_stand_back(void)
{
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), STANDS_BACK_BY);
}
