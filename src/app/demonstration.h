/* The accounts of a demonstration: invented people, a password everybody may know, second factors that are
 * shown. Made only where a stage plays. */
#ifndef APP_DEMONSTRATION_H
#define APP_DEMONSTRATION_H

#include "app/service.h"
#include "store/accounts.h"

#define DEMONSTRATION_PASSWORD "three blue kettles"

struct demonstration_account {
    Str name, about;
    Str code; /* of the second factor, now; "" for none */
};

/* Makes those that are not there yet. */
MUST_USE enum status demonstration_accounts_make(struct service *s, struct err *e);
/* 0 when this is no demonstration. */
size_t demonstration_accounts_list(const struct service *s, struct arena *a,
                                   struct demonstration_account out[DEMONSTRATION_ACCOUNTS_MAX]);

#endif
