#include "app/notice_send.h"

#include "base/caldate.h"
#include "base/json.h"

#include <curl/curl.h>
#include <string.h>

#define CONNECT_MS    10000L
#define TOTAL_MS      30000L
#define MESSAGE_BYTES ((size_t)64 << 10)

static const struct {
    const char *kind, *words;
} KINDS[] = {
    {"link_new", "A suggested link between deaths waits for an answer."},
    {"link_overdue", "Nobody has answered a suggested link in time."},
    {"checks_overdue", "Checks on deaths of your unit are overdue."},
};

Str notice_words(Str kind)
{
    for (size_t i = 0; i < COUNT_OF(KINDS); i++)
        if (str_eq(kind, str_of(KINDS[i].kind))) return str_of(KINDS[i].words);
    return S("");
}

/* What is still to be handed to the mail server. */
struct unsent {
    Str rest;
};

static size_t read_more(char *to, size_t size, size_t count, void *state)
{
    struct unsent *u = state;
    size_t n = size * count < u->rest.len ? size * count : u->rest.len;
    memcpy(to, u->rest.ptr, n);
    u->rest = str_slice(u->rest, n, u->rest.len);
    return n;
}

static size_t pass_over(char *from, size_t size, size_t count, void *state)
{
    (void)from, (void)state;
    return size * count;
}

/* Called again and again while a message is on its way: who does not answer holds up nobody who stops. */
static int go_on(void *state, curl_off_t to_come, curl_off_t came, curl_off_t to_go, curl_off_t went)
{
    const atomic_bool *stop = state;
    (void)to_come, (void)came, (void)to_go, (void)went;
    return atomic_load(stop) ? 1 : 0;
}

static void common(CURL *curl, struct arena *a, Str address, const char *protocols, const atomic_bool *stop)
{
    (void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, go_on);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, stop);
    (void)curl_easy_setopt(curl, CURLOPT_URL, str_cstr(a, address));
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, TOTAL_MS);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, pass_over);
}

static enum status perform(CURL *curl, const struct notice_receiver *r, bool is_hook, struct err *e)
{
    long code = 0;
    CURLcode result = curl_easy_perform(curl);
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
    if (result != CURLE_OK)
        return ERR(e, E_IO, "", "%.*s was not reached: %s (%ld).", STR_ARG(r->name),
                   curl_easy_strerror(result), code);
    if (is_hook && (code < 200 || code > 299))
        return ERR(e, E_IO, "", "%.*s answered %ld.", STR_ARG(r->name), code);
    return OK;
}

/* ---- mail (RFC 5322) ---------------------------------------------------------------------------------- */

static enum status mail_send(CURL *curl, const struct notice_config *c, const struct notice_receiver *r,
                             const struct notice *n, int64_t now_ms, const atomic_bool *stop, struct arena *a,
                             struct err *e)
{
    static const char *const DAYS[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct buf text CLEANUP_BUF;
    char stamp[32];
    buf_init(&text, MESSAGE_BYTES);
    caldate_format(now_ms, stamp); /* 2014-08-28T08:00:00Z */
    int month = (stamp[5] - '0') * 10 + stamp[6] - '0';
    int64_t weekday = (now_ms / MS_PER_DAY + 3) % 7; /* the first of January 1970 was a Thursday */
    buf_addf(&text, "Date: %s, %.2s %s %.4s %.8s +0000\r\n", DAYS[weekday], stamp + 8, MONTHS[month - 1],
             stamp, stamp + 11);
    buf_addf(&text, "From: <%.*s>\r\nTo: <%.*s>\r\nMessage-ID: <%.*s@colligate>\r\n", STR_ARG(r->from),
             STR_ARG(r->to), STR_ARG(n->id));
    buf_addf(&text, "Subject: Colligate: %.*s\r\n", STR_ARG(n->reference));
    buf_addf(&text, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n");
    buf_addf(&text, "%.*s\r\n\r\nReference: %.*s\r\nOpen it: %.*s%.*s\r\n\r\n",
             STR_ARG(notice_words(n->kind)), STR_ARG(n->reference), STR_ARG(c->pages), STR_ARG(n->path));
    buf_addf(&text, "This message names nobody. Who opens the page is recorded.\r\n");
    TRY(buf_status(&text, e));
    struct unsent unsent = {buf_str(&text)};
    struct curl_slist *to = curl_slist_append(NULL, str_cstr(a, str_format(a, "<%.*s>", STR_ARG(r->to))));
    common(curl, a, r->address, "smtp,smtps", stop);
    /* a password goes to nobody who says that they cannot keep it from others */
    (void)curl_easy_setopt(curl, CURLOPT_USE_SSL,
                           (long)(str_empty(r->login) ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    (void)curl_easy_setopt(curl, CURLOPT_MAIL_FROM, str_cstr(a, str_format(a, "<%.*s>", STR_ARG(r->from))));
    (void)curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    (void)curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_more);
    (void)curl_easy_setopt(curl, CURLOPT_READDATA, &unsent);
    if (!str_empty(r->login)) (void)curl_easy_setopt(curl, CURLOPT_USERPWD, str_cstr(a, r->login));
    enum status status = perform(curl, r, false, e);
    curl_slist_free_all(to);
    return status;
}

/* ---- a hook ------------------------------------------------------------------------------------------- */

static void body_write(const struct notice_config *c, const struct notice *n, struct arena *a,
                       struct buf *out)
{
    char stamp[32];
    struct json_writer w = json_writer(out, false);
    caldate_format(n->made_ms, stamp);
    json_open(&w, '{');
    json_kv_str(&w, S("id"), n->id);
    json_kv_str(&w, S("kind"), n->kind);
    json_kv_str(&w, S("text"), notice_words(n->kind));
    json_kv_str(&w, S("reference"), n->reference);
    json_kv_str(&w, S("page"), str_format(a, "%.*s%.*s", STR_ARG(c->pages), STR_ARG(n->path)));
    json_kv_str(&w, S("made_at"), str_of(stamp));
    json_close(&w, '}');
}

static struct curl_slist *header_add(struct curl_slist *list, struct arena *a, Str line)
{
    struct curl_slist *longer = curl_slist_append(list, str_cstr(a, line));
    return longer == NULL ? list : longer;
}

static enum status hook_send(CURL *curl, const struct notice_config *c, const struct notice_receiver *r,
                             const struct notice *n, int64_t now_ms, const atomic_bool *stop, struct arena *a,
                             struct err *e)
{
    struct buf body CLEANUP_BUF;
    char hex[2 * SHA256_BYTES + 1];
    buf_init(&body, MESSAGE_BYTES);
    body_write(c, n, a, &body);
    TRY(buf_status(&body, e));
    long long now_s = (long long)(now_ms / 1000);
    Sha256 mac = hmac_sha256(r->key, sizeof r->key,
                             str_format(a, "%.*s.%lld.%.*s", STR_ARG(n->id), now_s, STR_ARG(buf_str(&body))));
    hex_encode(mac.byte, SHA256_BYTES, hex);
    struct curl_slist *header = header_add(NULL, a, S("Content-Type: application/json"));
    header = header_add(header, a, S("Expect:"));
    header = header_add(header, a, str_format(a, "X-Colligate-Id: %.*s", STR_ARG(n->id)));
    header = header_add(header, a, str_format(a, "X-Colligate-Time: %lld", now_s));
    header = header_add(header, a, str_format(a, "X-Colligate-Signature: sha256=%s", hex));
    common(curl, a, r->address, "http,https", stop);
    (void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, header);
    (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)body.len);
    (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.ptr);
    enum status status = perform(curl, r, true, e);
    curl_slist_free_all(header);
    return status;
}

enum status notice_send(const struct notice_config *c, const struct notice_receiver *r,
                        const struct notice *n, int64_t now_ms, const atomic_bool *stop, struct arena *a,
                        struct err *e)
{
    CURL *curl = curl_easy_init();
    if (curl == NULL) return ERR(e, E_LIMIT, "", "no memory to send a notice.");
    enum status status = (r->is_hook ? hook_send : mail_send)(curl, c, r, n, now_ms, stop, a, e);
    curl_easy_cleanup(curl);
    return status;
}
