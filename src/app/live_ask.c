/* What others may ask the linker at work. */
#include "app/live_private.h"

void live_status(struct live *l, struct live_status *out)
{
    struct store_place head = {0};
    struct err none = {0};
    pthread_mutex_lock(&l->lock);
    *out = l->status;
    pthread_mutex_unlock(&l->lock);
    if (store_head(l->o.store, &head, &none) == OK) out->head = head.seq;
}

bool live_wait(struct live *l, uint64_t seq, int timeout_ms)
{
    struct timespec until = clock_ticks_after(timeout_ms);
    pthread_mutex_lock(&l->lock);
    while (l->status.linked < seq && !atomic_load(&l->stop))
        if (pthread_cond_timedwait(&l->moved, &l->lock, &until) != 0) break;
    bool linked = l->status.linked >= seq;
    pthread_mutex_unlock(&l->lock);
    return linked;
}

enum status live_with(struct live *l, enum live_side side, live_ask ask, void *state, struct err *e)
{
    pthread_mutex_lock(&l->world_lock);
    const struct side *s = l->side;
    enum status status = E_BUSY;
    if (s != NULL) {
        bool whole = side == LIVE_WHOLE && s->whole != NULL;
        struct live_view view = {whole ? s->whole : s->open, whole ? NULL : s->alarm,
                                 whole ? &s->in_whole.places : &s->in_open.places};
        status = ask(state, &view, e);
    }
    pthread_mutex_unlock(&l->world_lock);
    if (s == NULL)
        return ERR(e, E_BUSY, "", "the records are still being read for linking; try again in a moment.");
    return status;
}

enum status live_with_book(struct live *l, live_book_ask ask, void *state, struct err *e)
{
    pthread_mutex_lock(&l->book_lock);
    enum status status = ask(state, l->book, e);
    pthread_mutex_unlock(&l->book_lock);
    return status;
}

enum status live_append(struct live *l, const struct actor *actor, live_book_ask check, void *state,
                        const struct change *change, size_t count, struct receipt *out, struct err *e)
{
    return tell_append(&l->teller, actor, check, state, change, count, out, e);
}

uint64_t live_news_number(struct live *l)
{
    pthread_mutex_lock(&l->lock);
    uint64_t number = l->news_number;
    pthread_mutex_unlock(&l->lock);
    return number;
}

size_t live_listen(struct live *l, uint64_t number, int timeout_ms, struct arena *a, struct live_news **out)
{
    struct timespec until = clock_ticks_after(timeout_ms);
    size_t count = 0;
    pthread_mutex_lock(&l->lock);
    while (l->news_number <= number && !atomic_load(&l->stop))
        if (pthread_cond_timedwait(&l->moved, &l->lock, &until) != 0) break;
    uint64_t newest = l->news_number, from = number;
    if (newest > LIVE_NEWS_KEPT && from < newest - LIVE_NEWS_KEPT) from = newest - LIVE_NEWS_KEPT;
    if (from > newest) from = newest;
    *out = NEW_ARRAY(a, struct live_news, (size_t)(newest - from) + 1);
    for (uint64_t n = from; n < newest; n++) {
        struct live_news one = l->news[n % LIVE_NEWS_KEPT];
        one.link.ns = str_copy(a, one.link.ns);
        one.link.id = str_copy(a, one.link.id);
        (*out)[count++] = one;
    }
    pthread_mutex_unlock(&l->lock);
    return count;
}
