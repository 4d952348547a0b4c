/* Percent-encoding (RFC 3986): everything but letters, digits and "-._~" becomes %XX. */
#ifndef BASE_PERCENT_H
#define BASE_PERCENT_H

#include "base/buf.h"

/* A value after "?", or any text. */
void percent_text(struct buf *out, Str text);
/* One segment of a path of our own server, whatever stands in it. The server undoes one escape before it cuts
 * the path into segments, so what would be taken for a cut, or for an escape, is escaped twice; "." and ".."
 * would be taken for steps. */
void percent_segment(struct buf *out, Str text);

#endif
