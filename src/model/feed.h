/* One line of the feed (newline-delimited JSON) as a change. Pure. */
#ifndef MODEL_FEED_H
#define MODEL_FEED_H

#include "model/record.h"

#define NAMESPACE_DEFAULT "main"
#define SOURCE_BYTES_MAX  40

/* Reads {"known_at","ns","kind","id","source","set","given"}: kind, id, source and set must be there. Without
 * "ns" it is ns_default ("" means "main"); without "known_at" known_at_implied is set and known_at_ms left 0
 * for the caller. E_INVALID names the key or field and what would be accepted. out->line is 0: the caller
 * counts lines. Nothing borrows from `line`. */
MUST_USE enum status feed_parse_line(struct arena *a, const struct policy *policy, Str line, Str ns_default,
                                     struct change *out, struct err *e);

/* The same of a line that has been read or built already. */
MUST_USE enum status feed_take(struct arena *a, const struct policy *policy, const Json *line, Str ns_default,
                               struct change *out, struct err *e);

/* A feed's name: 1-40 of a-z 0-9 _ */
bool source_valid(Str source);

#endif
