/* Inputs of a form from the rows of the field tables (model/field.h), and what was posted back as the values
 * that change_facts() takes. So label, hint, codes and their words come from one place.
 *
 * A field of the name N is drawn as the input N; those of several parts as N-date and N-time, N-from-date
 * ..., N-day, N-month, N-year, N-lat, N-lon, N-radius. A list stands one on a line. A hidden input "field"
 * says that N was on the form, because boxes that are not ticked send nothing. Times are UTC, as the words of
 * times are (app/words.h). */
#ifndef WEB_PART_FIELD_H
#define WEB_PART_FIELD_H

#include "base/json.h"
#include "model/policy.h"
#include "model/record.h"
#include "web/http.h"
#include "web/parts.h"

/* The name of that hidden input. */
#define PART_FIELD_MARK "field"

struct part_field {
    const struct policy *policy;
    const struct kind *kind;
    int field;
    Str prefix; /* before names and ids, where one form holds several records: "person-2-" */
    Str value;  /* as it stands: canonical JSON (struct holding); STR_NONE: absent */
    const struct http_pairs *typed; /* what was sent and is shown again instead of the value; NULL: nothing */
    Str error;
    Str label, hint; /* instead of the row's, which stand where these are absent; an empty hint shows none */
    Str caption;     /* above a label that is the title of the page */
    enum part_label style;
};
void part_field(struct buf *out, struct arena *a, const struct part_field *f);

/* The id of the first input of the field, for the error summary ("found-from-date"). */
Str part_field_id(struct arena *a, const struct kind *kind, int field, Str prefix);

/* Reads the inputs of one field and adds its value to `set`, as a line of the feed would give it; nothing
 * typed adds null when `clears` (the value is taken back), else nothing. A field whose inputs were not on the
 * form at all adds nothing. E_INVALID names the field and says what is wrong with it in words for the person
 * who typed; the meaning of what was typed is checked by change_facts(). */
MUST_USE enum status part_field_read(struct arena *a, const struct kind *kind, int field, Str prefix,
                                     const struct http_pairs *form, bool clears, Json *set, struct err *e);

#endif
