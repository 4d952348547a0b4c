/* From a request to its answer: the one way to every page. The route, the session, the role, the permission,
 * the inputs, the form's token, and whether the record in the path may be seen, in this order; then the page.
 */
#ifndef WEB_ANSWER_H
#define WEB_ANSWER_H

#include "app/service.h"
#include "web/http.h"

/* As http_handler; state: struct service. */
void answer_request(void *service, struct http_request *request, struct http_answer *answer);

#define SESSION_COOKIE "__Host-session"
#define ROLE_COOKIE    "__Host-role"

#endif
