/* Notices outside the program: mail and signed web hooks for suggested links, for links that nobody answers,
 * and once a day for overdue checks, to the receivers of notices.tsv (notice_config.h). What touches a
 * restricted record is told to nobody this way, and what was answered, restricted or moved to another unit
 * between queueing and sending is not sent. A thread of its own looks every few seconds and sends; pages
 * never wait for it. Each notice has an id made of what it is about and to whom: it is queued once, sent at
 * least once, and a restart neither loses nor repeats one that was taken. After a failure it is tried again
 * after a minute, then after ever longer waits, and given up after a day and a half; those given up stand
 * under Settings, where they can be sent again. */
#ifndef APP_NOTICES_H
#define APP_NOTICES_H

#include "app/service.h"

#define NOTICE_TRIES_MAX 8

struct notices;
/* The service must be ready but for this, and outlive it. */
MUST_USE enum status notices_start(const struct service *service, struct notices **out, struct err *e);
void notices_stop(struct notices *n); /* before live_stop and store_close; NULL is allowed */

/* How long to wait after so many tries; 0: it is given up. */
int64_t notice_wait_ms(unsigned tries);

#endif
