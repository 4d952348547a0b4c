/* Shared by the parts_*.c files. */
#ifndef WEB_PARTS_INTERNAL_H
#define WEB_PARTS_INTERNAL_H

#include "web/parts.h"

/* An input's own id, or its name. */
static inline Str part_id(Str id, Str name)
{
    return str_empty(id) ? name : id;
}
/* Is there an address? */
static inline bool part_leads(Url href)
{
    return !str_empty(href.ready);
}
/* name="..." with a blank before it, value escaped; nothing when the value is empty. */
#define part_attribute(out, name, value)                                                                     \
    do {                                                                                                     \
        if (!str_empty(value)) htmlf(out, " " name "=\"%.*s\"", STR_ARG(value));                             \
    } while (0)

/* The words for a class name: "good" ... */
const char *part_meaning_name(enum part_meaning meaning);

/* What surrounds an input: group, label, hint and error in this order, and how the input refers to them. */
struct part_question {
    Str id, label, hint, error, caption;
    enum part_label style;
};
void part_question_begin(struct buf *out, const struct part_question *q); /* group, label, hint, error */
void part_question_end(struct buf *out);
/* aria-describedby="ID-hint ID-error MORE" as far as they are there. */
void part_described(struct buf *out, Str id, Str hint, Str error, const char *more);
void part_hint_and_error(struct buf *out, Str id, Str hint, Str error);

#endif
