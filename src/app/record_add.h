/* Adding to the record of a death, and correcting a fact of it: lines as of any feed, in the name of a
 * source. What was said before stays in the history. */
#ifndef APP_RECORD_ADD_H
#define APP_RECORD_ADD_H

#include "app/session.h"
#include "base/json.h"

/* What can be added, and what is asked beside the record's own fields. */
enum add_part {
    ADD_ALONE,    /* the record refers to the death */
    ADD_PERSON,   /* a person, with a part in the death */
    ADD_INCIDENT, /* an event beside it, in which somebody of this death may have had a part */
};
struct add_row {
    enum kind_id kind;
    const char *label; /* "A statement" */
    const char *about; /* when to use it */
    const char *own;   /* fields that are the signed-in officer unless said otherwise, blanks between */
    enum add_part part;
};
extern const struct add_row ADD[];
extern const size_t ADD_COUNT;
const struct add_row *add_named(Str kind); /* NULL: cannot be added here */

/* The field that says to which death the record belongs: not asked. */
bool add_is_given(const struct kind *kind, int field);

/* set, part: as typed (null: nothing). key: ten letters and digits made for the form (new_id): a form sent
 * twice makes one record. E_INVALID names the field, or "" when nothing was said. */
struct record_addition {
    const struct record_id *death;
    const struct add_row *row;
    Str key;
    const Json *set, *part;
};
MUST_USE enum status record_add(struct session *s, const struct record_addition *addition, struct err *e);

/* Fields that are not corrected by hand: what a record is called by, whose it is, and what is decided. */
bool record_field_is_fixed(int field);
/* One field of a death in the name of a source. set: the field's member, null to take the source's own value
 * back. version: of the record as it was shown; E_CONFLICT when it has changed since. */
MUST_USE enum status record_change(struct session *s, const struct record_id *death, uint64_t version,
                                   Str source, const Json *set, struct err *e);

#endif
