#include "web/http_private.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/utf8.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#define REQUEST_BYTES_MAX                                                                                    \
    ((size_t)64 << 20) /* arena of one request: body, decoded form and what a page needs */
#define ANSWER_BYTES_MAX  ((size_t)64 << 20)
#define FORM_BUFFER_BYTES 4096
#define PAIRS_MAX         400
#define CONNECTION_MAGIC  UINT32_C(0x636f6e6e)

/* ---- pairs ------------------------------------------------------------------------------------------ */

static Str text_taken(struct arriving *x, const char *text, size_t len)
{
    Str given = {text == NULL ? "" : text, text == NULL ? 0 : len};
    if (utf8_valid(given, NULL) && memchr(given.ptr, '\0', given.len) == NULL)
        return str_copy(x->request.arena, given);
    x->refused = MHD_HTTP_BAD_REQUEST;
    return S("");
}

static void pair_add(struct arriving *x, struct http_pairs *to, struct http_pair pair)
{
    if (to->count >= PAIRS_MAX) {
        x->refused = MHD_HTTP_CONTENT_TOO_LARGE;
        return;
    }
    ARENA_ROOM(x->request.arena, to->pair, to->room, to->count + 1, 16);
    to->pair[to->count++] = pair;
}

Str http_pair_of(const struct http_pairs *pairs, Str name)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (str_eq(pairs->pair[i].name, name)) return pairs->pair[i].value;
    return STR_NONE;
}

static enum MHD_Result take_pair(void *state, enum MHD_ValueKind kind, const char *name, size_t name_len,
                                 const char *value, size_t value_len)
{
    struct arriving *x = state;
    struct http_pairs *to = kind == MHD_COOKIE_KIND ? &x->request.cookie : &x->request.query;
    struct http_pair pair = {.name = text_taken(x, name, name_len), .value = text_taken(x, value, value_len)};
    pair_add(x, to, pair);
    return x->refused == 0 ? MHD_YES : MHD_NO;
}

Str http_header(const struct http_request *r, const char *name)
{
    const char *value = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
    return value == NULL ? STR_NONE : str_of(value);
}

/* ---- forms ------------------------------------------------------------------------------------------ */

static void form_value_ends(struct arriving *x)
{
    if (x->name.ptr == NULL) return;
    bool is_file = str_present(x->file_name);
    Str raw = buf_str(&x->value);
    struct http_pair pair = {.name = x->name, .file_name = x->file_name};
    pair.value = is_file ? str_copy(x->request.arena, raw) : text_taken(x, raw.ptr, raw.len);
    pair_add(x, &x->request.form, pair);
    x->name = STR_NONE;
    buf_clear(&x->value);
}

/* Called piece by piece; offset 0 begins a value. */
static enum MHD_Result take_form(void *state, enum MHD_ValueKind kind, const char *name,
                                 const char *file_name, const char *type, const char *encoding,
                                 const char *data, uint64_t offset, size_t size)
{
    struct arriving *x = state;
    (void)kind, (void)type, (void)encoding;
    if (offset == 0) {
        form_value_ends(x);
        x->name = text_taken(x, name, name == NULL ? 0 : strlen(name));
        x->file_name = file_name == NULL ? STR_NONE : text_taken(x, file_name, strlen(file_name));
    }
    buf_add_bytes(&x->value, data, size);
    return x->refused == 0 ? MHD_YES : MHD_NO;
}

/* ---- answers ---------------------------------------------------------------------------------------- */

void http_answer_header(struct http_answer *a, Str name, Str value)
{
    MUST(a->headers < COUNT_OF(a->header));
    MUST(memchr(value.ptr, '\n', value.len) == NULL && memchr(value.ptr, '\r', value.len) == NULL);
    a->header[a->headers++] = (struct http_pair){.name = name, .value = value};
}

/* For every answer of ours, whoever made it (OWASP secure headers): no script or style but our own files. */
static void add_standing_headers(struct MHD_Response *r)
{
    static const char *const HEADERS[][2] = {
        {"Content-Security-Policy",
         "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'; "
         "object-src 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "geolocation=(self), camera=(), microphone=(), interest-cohort=()"},
    };
    for (size_t i = 0; i < COUNT_OF(HEADERS); i++)
        (void)MHD_add_response_header(r, HEADERS[i][0], HEADERS[i][1]);
}

static enum MHD_Result queue_answer(struct arriving *x, struct MHD_Connection *connection,
                                    const struct http_answer *a)
{
    struct arena *scratch = x->request.arena;
    struct MHD_Response *r =
        a->stream != NULL ? http_stream_response(x->server->streams, a->stream, connection)
                          : MHD_create_response_from_buffer(
                                a->body->len, a->body->len > 0 ? a->body->ptr : NULL, MHD_RESPMEM_MUST_COPY);
    if (r == NULL) return MHD_NO;
    bool cached = false;
    add_standing_headers(r);
    (void)MHD_add_response_header(r, "Content-Type", str_cstr(scratch, a->type));
    for (size_t i = 0; i < a->headers; i++) {
        cached = cached || str_eq_nocase(a->header[i].name, S("Cache-Control"));
        (void)MHD_add_response_header(r, str_cstr(scratch, a->header[i].name),
                                      str_cstr(scratch, a->header[i].value));
    }
    if (!cached) (void)MHD_add_response_header(r, "Cache-Control", "no-store");
    enum MHD_Result result = MHD_queue_response(connection, a->status, r);
    MHD_destroy_response(r);
    return result;
}

static enum MHD_Result refuse(struct arriving *x, struct MHD_Connection *connection, unsigned status)
{
    struct buf body CLEANUP_BUF;
    struct http_answer a = {.status = status, .type = S("text/plain; charset=utf-8"), .body = &body};
    buf_init(&body, 1 << 10);
    buf_addf(&body, "%s\n",
             status == MHD_HTTP_CONTENT_TOO_LARGE    ? "This is larger than what is taken."
             : status == MHD_HTTP_METHOD_NOT_ALLOWED ? "Only GET, HEAD and POST are answered."
                                                     : "This request cannot be read.");
    http_answer_header(&a, S("Connection"), S("close"));
    x->refused = status;
    return queue_answer(x, connection, &a);
}

/* ---- one request ------------------------------------------------------------------------------------ */

static Str media_type(struct arriving *x)
{
    Str type = http_header(&x->request, MHD_HTTP_HEADER_CONTENT_TYPE);
    size_t end = str_find_char(type, ';');
    return str_lower(x->request.arena, str_trim(end == STR_NPOS ? type : str_slice(type, 0, end)));
}

static Str peer_name(struct arena *a, struct MHD_Connection *connection)
{
    char text[INET6_ADDRSTRLEN] = "";
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info != NULL && info->client_addr->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, info->client_addr, sizeof in);
        (void)inet_ntop(AF_INET, &in.sin_addr, text, sizeof text);
    } else if (info != NULL && info->client_addr->sa_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, info->client_addr, sizeof in);
        (void)inet_ntop(AF_INET6, &in.sin6_addr, text, sizeof text);
    }
    return str_copy(a, str_of(text));
}

static enum MHD_Result count_length(void *state, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    (void)value;
    *(int *)state += strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0;
    return MHD_YES;
}

/* Two lengths, or a length and chunks: a server before this one might take the other of them, and see another
 * request behind it (RFC 9112, 6.3). */
static bool is_ambiguous(const struct http_request *r)
{
    int lengths = 0;
    (void)MHD_get_connection_values(r->connection, MHD_HEADER_KIND, count_length, &lengths);
    return lengths + str_present(http_header(r, MHD_HTTP_HEADER_TRANSFER_ENCODING)) > 1;
}

/* 0, or the status to refuse with. */
static unsigned judge_head(struct arriving *x)
{
    const struct http_request *r = &x->request;
    Str length = http_header(r, MHD_HTTP_HEADER_CONTENT_LENGTH);
    int64_t bytes = 0;
    if (!str_eq(r->method, S("GET")) && !str_eq(r->method, S("HEAD")) && !str_eq(r->method, S("POST")))
        return MHD_HTTP_METHOD_NOT_ALLOWED;
    if (is_ambiguous(r)) return MHD_HTTP_BAD_REQUEST;
    if (str_present(length) && (str_to_i64(length, &bytes) != OK || bytes < 0)) return MHD_HTTP_BAD_REQUEST;
    if ((uint64_t)bytes > x->server->config.body_bytes_max) return MHD_HTTP_CONTENT_TOO_LARGE;
    if (r->path.len == 0 || r->path.ptr[0] != '/') return MHD_HTTP_BAD_REQUEST;
    return x->refused;
}

static struct arriving *begin(struct http_server *s, struct MHD_Connection *connection, const char *url,
                              const char *method)
{
    struct arriving *x = alloc_zero(1, sizeof *x);
    x->server = s;
    x->request.arena = arena_new("a request", REQUEST_BYTES_MAX);
    x->request.connection = connection;
    buf_init(&x->body, s->config.body_bytes_max);
    buf_init(&x->value, s->config.body_bytes_max);
    x->request.method = str_copy(x->request.arena, str_of(method));
    x->request.path = text_taken(x, url, strlen(url));
    x->request.peer = peer_name(x->request.arena, connection);
    (void)MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, take_pair, x);
    (void)MHD_get_connection_values_n(connection, MHD_COOKIE_KIND, take_pair, x);
    x->request.type = media_type(x);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    x->peer = info == NULL ? NULL : info->socket_context;
    return x;
}

static bool is_form(Str type)
{
    return str_eq(type, S("application/x-www-form-urlencoded")) || str_eq(type, S("multipart/form-data"));
}

static void take_body(struct arriving *x, struct MHD_Connection *connection, const char *data, size_t size)
{
    if (x->refused != 0) return;
    buf_add_bytes(&x->body, data, size); /* counted also when it is a form, so that the cap holds */
    if (x->body.failed) {
        x->refused = MHD_HTTP_CONTENT_TOO_LARGE;
        return;
    }
    if (!is_form(x->request.type)) return;
    if (x->form == NULL) x->form = MHD_create_post_processor(connection, FORM_BUFFER_BYTES, take_form, x);
    if (x->form == NULL || MHD_post_process(x->form, data, size) != MHD_YES)
        if (x->refused == 0) x->refused = MHD_HTTP_BAD_REQUEST;
}

static void end_body(struct arriving *x)
{
    if (x->form != NULL) (void)MHD_destroy_post_processor(x->form);
    x->form = NULL;
    form_value_ends(x);
    if (!is_form(x->request.type) && x->body.len > 0)
        x->request.body = text_taken(x, x->body.ptr, x->body.len);
}

/* On a thread of the crew. When the connection goes on, on_request is called once more, and sends it. */
static void answer(struct crew_job *job)
{
    struct arriving *x = (struct arriving *)job;
    x->answer =
        (struct http_answer){.status = MHD_HTTP_OK, .type = S("text/html; charset=utf-8"), .body = &x->page};
    buf_init(&x->page, ANSWER_BYTES_MAX);
    x->server->handle(x->server->state, &x->request, &x->answer);
    if (x->page.failed) {
        buf_clear(&x->page);
        buf_add_cstr(&x->page, "The page is too large to be shown.\n");
        x->answer = (struct http_answer){.status = MHD_HTTP_INTERNAL_SERVER_ERROR,
                                         .type = S("text/plain; charset=utf-8"),
                                         .body = &x->page};
    }
    x->answered = true;
    MHD_resume_connection(x->request.connection);
}

/* Counted before the crew has it, for it may be gone soon after. */
static void owe(struct arriving *x, bool owed)
{
    struct http_server *s = x->server;
    if (x->owed == owed) return;
    x->owed = owed;
    pthread_mutex_lock(&s->mutex);
    s->owed = owed ? s->owed + 1 : s->owed - 1;
    if (s->owed == 0) pthread_cond_signal(&s->sent);
    pthread_mutex_unlock(&s->mutex);
}

enum MHD_Result request_on_arrival(void *state, struct MHD_Connection *connection, const char *url,
                                   const char *method, const char *version, const char *data, size_t *size,
                                   void **slot)
{
    struct http_server *s = state;
    struct arriving *x = *slot;
    (void)version;
    if (x == NULL) { /* the headers are here */
        *slot = x = begin(s, connection, url, method);
        unsigned refused = judge_head(x);
        return refused != 0 ? refuse(x, connection, refused) : MHD_YES;
    }
    if (*size > 0) {
        take_body(x, connection, data, *size);
        x->came += *size;
        *size = 0;
        /* what is too large is refused when it ends; who sends on without an end is not heard out */
        return x->came > 2 * s->config.body_bytes_max ? MHD_NO : MHD_YES;
    }
    if (x->answered) {
        enum MHD_Result sent = queue_answer(x, connection, &x->answer);
        x->answer.stream = NULL; /* the response has it */
        return sent;
    }
    peer_set(s, x->peer, 0);
    end_body(x);
    if (x->refused != 0) return refuse(x, connection, x->refused);
    MHD_suspend_connection(connection);
    x->job.run = answer;
    owe(x, true);
    if (http_crew_give(s->crew, &x->job)) return MHD_YES;
    owe(x, false);
    answer(&x->job);
    return MHD_YES;
}

void request_on_completed(void *state, struct MHD_Connection *connection, void **slot,
                          enum MHD_RequestTerminationCode code)
{
    struct http_server *s = state;
    struct arriving *x = *slot;
    (void)connection;
    if (x == NULL) return;
    if (code == MHD_REQUEST_TERMINATED_COMPLETED_OK)
        peer_set(s, x->peer, clock_ticks_us() + (int64_t)s->config.idle_s_max * 1000000);
    owe(x, false);
    if (x->form != NULL) (void)MHD_destroy_post_processor(x->form);
    buf_free(&x->body);
    buf_free(&x->value);
    buf_free(&x->page);
    if (x->answer.stream != NULL) http_stream_leave(x->answer.stream); /* the other end had gone by then */
    arena_free(x->request.arena);
    alloc_free(x);
    *slot = NULL;
}

/* The request line is here: the time of the rest begins. */
void *request_on_uri(void *state, const char *uri, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    (void)uri;
    if (info != NULL) peer_set(state, info->socket_context, clock_ticks_us());
    return NULL;
}
