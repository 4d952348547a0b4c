/* What is new, told while somebody listens (app/news.h). */
#include "web/page/pages.h"

#include "app/news.h"
#include "web/http_stream.h"

static bool tell(void *state, Str text)
{
    return http_stream_put(state, text);
}

static void end(void *state)
{
    http_stream_end(state);
}

enum status page_events(struct visit *v, struct err *e)
{
    struct err why = {0};
    struct http_stream *s = http_stream_new();
    struct news_ear ear = {tell, end, s};
    (void)e;
    /* a browser comes back in its own time when the stream breaks off, and not at all after 204 */
    (void)http_stream_put(s, S("retry: 10000\n\n"));
    if (ROLES[v->viewer.role].scope == SCOPE_NONE ||
        news_listen(v->service->news, v->token, v->viewer.role, v->who.account.number, &ear, &why) != OK) {
        http_stream_leave(s);
        http_stream_end(s);
        v->answer->status = 204;
        return OK;
    }
    v->answer->type = S("text/event-stream");
    v->answer->stream = s;
    return OK;
}
