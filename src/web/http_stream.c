#include "web/http_stream.h"

#include "base/alloc.h"

#include <microhttpd.h>
#include <pthread.h>
#include <string.h>

enum { BLOCK_BYTES = 4096 };

struct http_streams {
    pthread_mutex_t lock;
    struct http_stream *first;
    bool ending;
};

struct http_stream {
    pthread_mutex_t lock;
    struct buf waiting;
    bool ended, left;
    bool aside; /* the connection is suspended until there is something to hear */
    struct MHD_Connection *connection;
    struct http_streams *all; /* NULL: of no server */
    struct http_stream *next, *before;
};

struct http_stream *http_stream_new(void)
{
    struct http_stream *s = alloc_zero(1, sizeof *s);
    pthread_mutex_init(&s->lock, NULL);
    buf_init(&s->waiting, HTTP_STREAM_BYTES_MAX);
    return s;
}

/* Under the lock: whoever was set aside is asked again. */
static void call_back(struct http_stream *s)
{
    if (!s->aside) return;
    s->aside = false;
    MHD_resume_connection(s->connection);
}

/* Lets one end go. */
static void let_go(struct http_stream *s, bool *end)
{
    pthread_mutex_lock(&s->lock);
    *end = true;
    call_back(s);
    bool over = s->ended && s->left;
    pthread_mutex_unlock(&s->lock);
    if (!over) return;
    pthread_mutex_destroy(&s->lock);
    buf_free(&s->waiting);
    alloc_free(s);
}

bool http_stream_put(struct http_stream *s, Str text)
{
    pthread_mutex_lock(&s->lock);
    bool heard = !s->left && s->waiting.len + text.len <= HTTP_STREAM_BYTES_MAX;
    if (heard) {
        buf_add(&s->waiting, text);
        call_back(s);
    }
    pthread_mutex_unlock(&s->lock);
    return heard;
}

void http_stream_end(struct http_stream *s)
{
    let_go(s, &s->ended);
}

/* Under the lock. */
static void take_out(struct http_stream *s, size_t len)
{
    memmove(s->waiting.ptr, s->waiting.ptr + len, s->waiting.len - len);
    s->waiting.len -= len;
}

bool http_stream_hear(struct http_stream *s, struct buf *out)
{
    pthread_mutex_lock(&s->lock);
    buf_add(out, buf_str(&s->waiting));
    if (s->waiting.len > 0) take_out(s, s->waiting.len);
    bool more = !s->ended;
    pthread_mutex_unlock(&s->lock);
    return more;
}

void http_stream_leave(struct http_stream *s)
{
    struct http_streams *all = s->all;
    if (all != NULL) {
        pthread_mutex_lock(&all->lock);
        if (s->next != NULL) s->next->before = s->before;
        if (s->before != NULL)
            s->before->next = s->next;
        else
            all->first = s->next;
        pthread_mutex_unlock(&all->lock);
    }
    let_go(s, &s->left);
}

/* ---- behind a connection ------------------------------------------------------------------------------ */

struct http_streams *http_streams_new(void)
{
    struct http_streams *all = alloc_zero(1, sizeof *all);
    pthread_mutex_init(&all->lock, NULL);
    return all;
}

void http_streams_end(struct http_streams *all)
{
    pthread_mutex_lock(&all->lock);
    all->ending = true;
    for (struct http_stream *s = all->first; s != NULL; s = s->next) {
        pthread_mutex_lock(&s->lock);
        call_back(s);
        pthread_mutex_unlock(&s->lock);
    }
    pthread_mutex_unlock(&all->lock);
}

void http_streams_free(struct http_streams *all)
{
    if (all == NULL) return;
    pthread_mutex_destroy(&all->lock);
    alloc_free(all);
}

static bool is_ending(struct http_streams *all)
{
    pthread_mutex_lock(&all->lock);
    bool ending = all->ending;
    pthread_mutex_unlock(&all->lock);
    return ending;
}

/* Asked by the thread of the connection for more to send. Whether the server ends is looked at again after
 * the connection was set aside: either this sees it, or http_streams_end sees a connection to call back. */
static ssize_t send_more(void *state, uint64_t at, char *to, size_t most)
{
    struct http_stream *s = state;
    ssize_t sent = 0;
    bool ending = is_ending(s->all);
    (void)at;
    pthread_mutex_lock(&s->lock);
    if (s->waiting.len > 0) {
        size_t n = s->waiting.len < most ? s->waiting.len : most;
        memcpy(to, s->waiting.ptr, n);
        take_out(s, n);
        sent = (ssize_t)n;
    } else if (s->ended || ending) {
        sent = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        s->aside = true;
        MHD_suspend_connection(s->connection);
    }
    pthread_mutex_unlock(&s->lock);
    if (sent != 0 || !is_ending(s->all)) return sent;
    pthread_mutex_lock(&s->lock);
    call_back(s);
    pthread_mutex_unlock(&s->lock);
    return 0;
}

static void sent_all(void *state)
{
    http_stream_leave(state);
}

struct MHD_Response *http_stream_response(struct http_streams *all, struct http_stream *s,
                                          struct MHD_Connection *connection)
{
    s->connection = connection;
    s->all = all;
    pthread_mutex_lock(&all->lock);
    s->next = all->first;
    if (s->next != NULL) s->next->before = s;
    all->first = s;
    pthread_mutex_unlock(&all->lock);
    struct MHD_Response *r =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, send_more, s, sent_all);
    if (r == NULL) http_stream_leave(s);
    return r;
}
