/* Earlier deaths near a place, on a page. */
#ifndef WEB_NEAR_H
#define WEB_NEAR_H

#include "app/near.h"
#include "web/visit.h"

/* Notes them as shown; to be called before they are. */
MUST_USE enum status near_note(struct visit *v, const struct near_answer *n, struct err *e);
/* "Aidan Warden, KG/2014/0619"; of a death of another unit no name. */
Str near_title(struct visit *v, const struct near_death *n);
/* The list, each leading to its record. */
void near_show(struct visit *v, const struct near_query *q, const struct near_answer *n);

#endif
