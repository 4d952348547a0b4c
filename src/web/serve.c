#include "web/serve.h"

#include "web/answer.h"
#include "web/route.h"

enum status serve_start(struct service *service, const struct http_config *config, struct http_server **out,
                        struct err *e)
{
    TRY(routes_check(e));
    return http_start(config, answer_request, service, out, e);
}

enum status serve_listen_parse(struct arena *a, Str text, struct http_config *out, struct err *e)
{
    size_t colon = text.len;
    int64_t port = 0;
    while (colon > 0 && text.ptr[colon - 1] != ':')
        colon--;
    Str host = colon > 0 ? str_slice(text, 0, colon - 1) : S("127.0.0.1");
    if (str_to_i64(str_slice(text, colon, text.len), &port) != OK || port < 0 || port > UINT16_MAX)
        return ERR(e, E_INVALID, "listen", "\"%.*s\" is no address and port: write it like 127.0.0.1:8080.",
                   STR_ARG(text));
    if (host.len > 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']')
        host = str_slice(host, 1, host.len - 1);
    out->address = str_cstr(a, host);
    out->port = (uint16_t)port;
    return OK;
}
