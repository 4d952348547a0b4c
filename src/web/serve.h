/* The server: the routes behind HTTP, until it is told to stop. */
#ifndef WEB_SERVE_H
#define WEB_SERVE_H

#include "app/service.h"
#include "web/http.h"

/* Checks the routes table, then listens. The service must outlive the server. */
MUST_USE enum status serve_start(struct service *service, const struct http_config *config,
                                 struct http_server **out, struct err *e);
/* "127.0.0.1:8080", "[::1]:8080", or a port alone. E_INVALID says what would be accepted. */
MUST_USE enum status serve_listen_parse(struct arena *a, Str text, struct http_config *out, struct err *e);

#endif
