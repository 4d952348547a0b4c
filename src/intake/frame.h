/* Intake items as messages in a pipe between the reading child and its parent: a length, a kind, and fields.
 * The parent trusts no message: lengths are bounded, bodies are read by the ledger's own reader. */
#ifndef INTAKE_FRAME_H
#define INTAKE_FRAME_H

#include "intake/intake.h"

#define FRAME_BYTES_MAX ((size_t)192 << 20)

/* Appends one item, or the error that ended the reading, as a message. */
void frame_write_item(struct buf *b, const struct intake_item *item);
void frame_write_error(struct buf *b, const struct err *why, uint64_t rows);

/* How long the message is that begins with these bytes (its 4 bytes of length included); 0 while fewer than 4
 * are there, SIZE_MAX when no message can be that long. */
size_t frame_length(Str bytes);
/* One whole message. An error message becomes the error returned. E_INTERNAL when it is damaged. */
MUST_USE enum status frame_read(struct arena *a, Str frame, struct intake_item *out, struct err *e);

#endif
