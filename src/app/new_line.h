/* Lines about records that people make or change by hand: values are put into an object, and judged and
 * normalised as those of any feed are. Known from the moment at which they are recorded. */
#ifndef APP_NEW_LINE_H
#define APP_NEW_LINE_H

#include "app/session.h"
#include "base/json.h"

#define NEW_LINE_SOURCE "form" /* policy/sources.tsv: typed in here */

/* A text member, unless the text is empty. */
void new_line_put(Json *set, const char *field, Str text);
void new_line_put_time(Json *set, const char *field, int64_t ms);
/* "id" as seen from the default namespace, else "ns:id". */
void new_line_put_ref(Json *set, const char *field, const struct record_id *to);
void new_line_put_refs(Json *set, const char *field, const struct record_id *to, size_t count);

/* E_INVALID names the field and says what would be accepted. id and source are borrowed. */
MUST_USE enum status new_line(struct session *s, struct arena *a, const struct record_id *id, Str source,
                              const Json *set, struct change *out, struct err *e);

#endif
