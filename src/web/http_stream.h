/* An answer that goes on for as long as somebody listens (server-sent events, HTML Living Standard 9.2).
 * Whoever has something to say puts it in and never waits; while there is nothing to say the connection is
 * set aside and costs no thread. A stream has two ends, each of which is let go once: the saying one by
 * http_stream_end, the listening one by http_stream_leave; what is left then is freed. Calls are safe from
 * several threads. */
#ifndef WEB_HTTP_STREAM_H
#define WEB_HTTP_STREAM_H

#include "base/buf.h"

struct http_stream;
#define HTTP_STREAM_BYTES_MAX ((size_t)16 << 10) /* that a listener may be behind */

struct http_stream *http_stream_new(void);
/* False: nobody listens any more, or they are too far behind. */
bool http_stream_put(struct http_stream *s, Str text);
void http_stream_end(struct http_stream *s);

/* What was put in and not yet heard, added to `out`; false: that was the last. */
bool http_stream_hear(struct http_stream *s, struct buf *out);
void http_stream_leave(struct http_stream *s);

/* For http_private.h: the streams of a server, which all end with it. */
struct http_streams;
struct http_streams *http_streams_new(void);
void http_streams_end(struct http_streams *all);  /* before the server stops */
void http_streams_free(struct http_streams *all); /* after it has; NULL is allowed */
struct MHD_Connection;
struct MHD_Response;
/* An answer out of the stream, whose listening end it takes over. NULL: no memory; it was left. */
struct MHD_Response *http_stream_response(struct http_streams *all, struct http_stream *s,
                                          struct MHD_Connection *connection);

#endif
