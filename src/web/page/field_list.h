/* A few fields of one kind of record on a form, in a given order: drawn from their rows, and read back. */
#ifndef WEB_FIELD_LIST_H
#define WEB_FIELD_LIST_H

#include "base/json.h"
#include "web/visit.h"

/* record (NULL allowed): what stands in them at first. */
void field_list_show(struct visit *v, const struct kind *kind, const int *field, size_t count,
                     const struct record *record);
/* Puts what was typed into `set`. What is wrong is added to the errors of the form. clears: what was left
 * empty takes back what is on record. */
void field_list_read(struct visit *v, const struct kind *kind, const int *field, size_t count, bool clears,
                     Json *set);

/* What became of lines made from them: a fault that the values have is told at its input, and the form is to
 * be shown again; other failures are handed back. */
MUST_USE enum status field_list_fault(struct visit *v, const struct kind *kind, enum status status,
                                      const struct err *why, struct err *e);

#endif
