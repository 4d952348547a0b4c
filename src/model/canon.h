/* Canonical JSON of values, read and written without a parser's document: the texts come from our own
 * writer, one value at a time, millions of times in a rebuild. Anything else is refused, never misread.
 * Used inside model/ only. */
#ifndef MODEL_CANON_H
#define MODEL_CANON_H

#include "base/buf.h"
#include "base/str.h"

/* Reading: each call takes one piece off the front of `rest`; false leaves the rest undefined and means
 * that the text is not what was asked for. Text borrows from `rest` unless it held escapes. */
bool canon_take(Str *rest, char c);
bool canon_string(struct arena *a, Str *rest, Str *out);
bool canon_number(Str *rest, double *out);
bool canon_object(Str *rest, Str *out); /* as it stands, braces included */

/* A whole value: nothing may follow. */
bool canon_read_string(struct arena *a, Str json, Str *out);
bool canon_read_strings(struct arena *a, Str json, struct str_list *out);
bool canon_read_objects(struct arena *a, Str json, struct str_list *out);

/* Writing, into the arena. */
Str canon_quote(struct arena *a, Str s);
Str canon_strings(struct arena *a, const struct str_list *list);
Str canon_objects(struct arena *a, const struct str_list *list); /* items are canonical already */

/* The content of a buffer, moved to the arena; the buffer is freed. */
Str canon_from_buf(struct arena *a, struct buf *b);

#endif
