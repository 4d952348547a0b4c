/* One notice on its way out: mail by SMTP, or a signed web hook (libcurl). Says a reference and the address
 * of a page, and nothing of what is there. A hook is signed: X-Colligate-Signature is "sha256=" and, in
 * hexadecimal, HMAC-SHA256 with the key of the hook over X-Colligate-Id, ".", X-Colligate-Time (seconds since
 * 1970), "." and the body. Whoever receives it refuses an id seen before and a time long gone. */
#ifndef APP_NOTICE_SEND_H
#define APP_NOTICE_SEND_H

#include "app/notice_config.h"
#include "store/notices.h"

#include <stdatomic.h>

/* What a kind of notice says, in a sentence; "" for none of ours. */
Str notice_words(Str kind);
/* Waits at most half a minute, and hardly longer once *stop is true. E_IO says why it was not taken. Mail
 * with a password goes by TLS or not at all. */
MUST_USE enum status notice_send(const struct notice_config *c, const struct notice_receiver *r,
                                 const struct notice *n, int64_t now_ms, const atomic_bool *stop,
                                 struct arena *a, struct err *e);

#endif
