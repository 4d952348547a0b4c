/* What the pages of "Report a death" share. */
#ifndef WEB_REPORT_FRAME_H
#define WEB_REPORT_FRAME_H

#include "app/report_send.h"
#include "web/page/near.h"
#include "web/record_form.h"

/* The draft in the path. E_NOT_FOUND when it is not this account's. */
MUST_USE enum status report_open(struct visit *v, struct report_draft *out, struct err *e);
/* A page of the draft: a step, "links", "check". */
Url report_url(struct visit *v, Str draft, const char *page);
/* Who may be named as the supervisor that was told. */
void report_options(struct visit *v, struct form_options *out);
/* What stands before the names of a part's inputs: "finder-"; nothing for the death itself. */
Str report_prefix(struct visit *v, enum report_part part);

#endif
