#include "web/http_private.h"

#include "base/alloc.h"
#include "base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#define HEADER_BYTES_MAX ((size_t)32 << 10)
#define LAST_WAIT_MS     2000 /* at the end, for what is answered to be sent */

static enum status address_read(const struct http_config *c, struct sockaddr_storage *out, struct err *e)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(c->port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(c->port)};
    if (inet_pton(AF_INET, c->address, &in.sin_addr) == 1) {
        memcpy(out, &in, sizeof in);
        return OK;
    }
    if (inet_pton(AF_INET6, c->address, &in6.sin6_addr) == 1) {
        memcpy(out, &in6, sizeof in6);
        return OK;
    }
    return ERR(e, E_INVALID, "listen", "\"%s\" is no address: write it like 127.0.0.1 or ::1.", c->address);
}

enum status http_start(const struct http_config *config, http_handler handle, void *state,
                       struct http_server **out, struct err *e)
{
    struct sockaddr_storage address = {0};
    TRY(address_read(config, &address, e));
    struct http_server *s = alloc_zero(1, sizeof *s);
    s->config = *config;
    s->handle = handle;
    s->state = state;
    s->streams = http_streams_new();
    s->crew = http_crew_new(config->threads);
    pthread_mutex_init(&s->mutex, NULL);
    pthread_cond_init(&s->stop, NULL);
    pthread_condattr_t by_ticks;
    pthread_condattr_init(&by_ticks);
    pthread_condattr_setclock(&by_ticks, CLOCK_MONOTONIC);
    pthread_cond_init(&s->sent, &by_ticks);
    pthread_condattr_destroy(&by_ticks);
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    if (address.ss_family == AF_INET6) flags |= MHD_USE_IPv6;
    s->daemon = MHD_start_daemon(
        flags, config->port, NULL, NULL, request_on_arrival, s, MHD_OPTION_SOCK_ADDR, &address,
        MHD_OPTION_THREAD_POOL_SIZE, config->threads, MHD_OPTION_CONNECTION_LIMIT, config->connections_max,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, config->connections_of_one_max, MHD_OPTION_CONNECTION_TIMEOUT,
        config->idle_s_max, MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEADER_BYTES_MAX, MHD_OPTION_NOTIFY_COMPLETED,
        request_on_completed, s, MHD_OPTION_NOTIFY_CONNECTION, peers_on_connection, s,
        MHD_OPTION_URI_LOG_CALLBACK, request_on_uri, s, MHD_OPTION_END);
    if (s->daemon == NULL) {
        enum status status = ERR(e, E_IO, "listen", "%s port %u cannot be listened on: %s.", config->address,
                                 (unsigned)config->port, strerror(errno));
        http_stop(s);
        return status;
    }
    s->reaping = pthread_create(&s->reaper, NULL, peers_watch, s) == 0;
    if (!s->reaping) {
        http_stop(s);
        return ERR(e, E_LIMIT, "", "no thread can be had for the deadlines.");
    }
    *out = s;
    return OK;
}

uint16_t http_port(const struct http_server *s)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info == NULL ? 0 : info->port;
}

/* The crew takes nothing any more; who reads slowly is not waited for to the end. */
static void wait_for_answers(struct http_server *s)
{
    struct timespec until = clock_ticks_after(LAST_WAIT_MS);
    pthread_mutex_lock(&s->mutex);
    while (s->owed > 0)
        if (pthread_cond_timedwait(&s->sent, &s->mutex, &until) != 0) break;
    pthread_mutex_unlock(&s->mutex);
}

void http_stop(struct http_server *s)
{
    http_streams_end(s->streams);
    http_crew_end(s->crew); /* none is left suspended */
    wait_for_answers(s);
    if (s->daemon != NULL) MHD_stop_daemon(s->daemon);
    pthread_mutex_lock(&s->mutex);
    s->stopping = true;
    pthread_cond_signal(&s->stop);
    pthread_mutex_unlock(&s->mutex);
    if (s->reaping) (void)pthread_join(s->reaper, NULL);
    pthread_cond_destroy(&s->stop);
    pthread_cond_destroy(&s->sent);
    pthread_mutex_destroy(&s->mutex);
    http_streams_free(s->streams);
    http_crew_free(s->crew);
    alloc_free(s);
}
