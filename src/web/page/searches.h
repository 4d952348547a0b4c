/* Searches of deaths that the person keeps: on the list of deaths. */
#ifndef WEB_PAGE_SEARCHES_H
#define WEB_PAGE_SEARCHES_H

#include "web/visit.h"

/* Those kept, each with a button that removes it; nothing when there is none. */
MUST_USE enum status searches_show(struct visit *v, struct err *e);
/* The form that keeps what the address asks; nothing when it asks nothing. */
void search_keep_form(struct visit *v);

#endif
