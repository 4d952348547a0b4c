/* What a reading process is told to do, as a text that it finds in an open file when it begins: the texts of
 * policy and mapping, which it compiles itself, and the numbers of struct intake_options. */
#ifndef INTAKE_ORDER_H
#define INTAKE_ORDER_H

#include "intake/intake.h"

void order_write(struct buf *b, const struct intake_options *options);
/* The same options again, in `a`; `text` must live as long. E_INVALID: it is no order. */
MUST_USE enum status order_read(struct arena *a, Str text, struct intake_options *out, struct err *e);

#endif
