/* Inputs of a record's fields where they point to other records: who or what may be chosen is listed, by the
 * words people know it by. All other fields are drawn and read by web/part_field.h. */
#ifndef WEB_RECORD_FORM_H
#define WEB_RECORD_FORM_H

#include "web/part_field.h"
#include "web/visit.h"

struct form_option {
    enum kind_id kind;
    Str value, words; /* a reference as a line of the feed has it */
};
struct form_options {
    struct form_option *item;
    size_t count, room;
};
void form_options_add(struct visit *v, struct form_options *options, enum kind_id kind, Str value, Str words);
/* The officers of the person's own unit, and the person, by name; ranks: "" or those that count, blanks
 * between. */
void form_options_officers(struct visit *v, const char *ranks, struct form_options *options);

void record_form_field(struct visit *v, const struct part_field *f, const struct form_options *options);
/* Puts the value into `set`; nothing typed puts null; a field that was not on the form puts nothing.
 * E_INVALID says what is wrong, for the person who typed. */
MUST_USE enum status record_form_read(struct visit *v, const struct kind *kind, int field, Str prefix,
                                      const struct form_options *options, Json *set, struct err *e);

#endif
