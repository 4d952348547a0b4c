#include "app/word_index.h"

#include "base/alloc.h"
#include "base/log.h"
#include "store/follow.h"

#include <pthread.h>
#include <stdatomic.h>

#define WAIT_MS 1000

struct word_index {
    struct store *store;
    pthread_t thread;
    atomic_bool stopping;
};

static void *follow(void *state)
{
    struct word_index *w = state;
    uint64_t seen = 0;
    bool complained = false;
    while (!atomic_load(&w->stopping)) {
        struct err why = {0};
        uint64_t read = 0, head = store_wait_beyond(w->store, seen, WAIT_MS);
        if (head <= seen) continue;
        enum status status = store_search_catch_up(w->store, NULL, NULL, &read, &why);
        if (status == OK) seen = head;
        if (status != OK && !complained)
            log_line(LOG_WARNING, "the index of words stands still: %s", why.text);
        complained = status != OK;
    }
    return NULL;
}

enum status word_index_start(struct store *s, struct word_index **out, struct err *e)
{
    struct word_index *w = alloc_zero(1, sizeof *w);
    w->store = s;
    atomic_init(&w->stopping, false);
    if (pthread_create(&w->thread, NULL, follow, w) != 0) {
        alloc_free(w);
        return ERR(e, E_LIMIT, "", "no thread can be had for the index of words.");
    }
    *out = w;
    return OK;
}

void word_index_stop(struct word_index *w)
{
    if (w == NULL) return;
    atomic_store(&w->stopping, true);
    store_ring(w->store);
    (void)pthread_join(w->thread, NULL);
    alloc_free(w);
}
