#include "web/http_private.h"

#include "base/alloc.h"
#include "base/clock.h"

#include <sys/socket.h>

#define REAP_EVERY_MS 250

void peer_set(struct http_server *s, struct peer *p, int64_t began_us)
{
    if (p == NULL) return;
    pthread_mutex_lock(&s->mutex);
    p->began_us = began_us;
    pthread_mutex_unlock(&s->mutex);
}

static void peers_reap(struct http_server *s)
{
    int64_t latest_us = clock_ticks_us() - (int64_t)s->config.arrive_ms_max * 1000;
    for (struct peer *p = s->peers; p != NULL; p = p->next)
        if (p->began_us != 0 && p->began_us < latest_us) {
            (void)shutdown(p->socket, SHUT_RDWR);
            p->began_us = 0;
        }
}

void *peers_watch(void *state)
{
    struct http_server *s = state;
    pthread_mutex_lock(&s->mutex);
    while (!s->stopping) {
        const struct clock clock = clock_system();
        int64_t until_ms = clock_now_ms(&clock) + REAP_EVERY_MS;
        struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};
        (void)pthread_cond_timedwait(&s->stop, &s->mutex, &until);
        peers_reap(s);
    }
    pthread_mutex_unlock(&s->mutex);
    return NULL;
}

void peers_on_connection(void *state, struct MHD_Connection *connection, void **slot,
                         enum MHD_ConnectionNotificationCode code)
{
    struct http_server *s = state;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        struct peer *p = alloc_zero(1, sizeof *p);
        p->socket = info->connect_fd;
        p->began_us = clock_ticks_us();
        pthread_mutex_lock(&s->mutex);
        p->next = s->peers;
        if (p->next != NULL) p->next->before = p;
        s->peers = p;
        pthread_mutex_unlock(&s->mutex);
        *slot = p;
        return;
    }
    struct peer *p = *slot;
    pthread_mutex_lock(&s->mutex);
    if (p->next != NULL) p->next->before = p->before;
    if (p->before != NULL)
        p->before->next = p->next;
    else
        s->peers = p->next;
    pthread_mutex_unlock(&s->mutex);
    alloc_free(p);
}
