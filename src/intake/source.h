/* Files as streams of intake items; the part of intake that runs in the child. */
#ifndef INTAKE_SOURCE_H
#define INTAKE_SOURCE_H

#include "base/stream.h"
#include "intake/intake.h"

struct source;

/* Takes the stream over (closes it, also on failure). The source allocates from `a`, which must live as long.
 */
MUST_USE enum status source_open(struct arena *a, struct stream *s, const struct intake_options *options,
                                 struct source **out, struct err *e);
MUST_USE enum status source_next(struct source *s, struct arena *a, struct intake_item *out, struct err *e);
/* Data rows or lines read so far. */
uint64_t source_rows(const struct source *s);
void source_close(struct source *s); /* NULL is allowed */

#endif
