/* What the tests of model/ share: case files, a small policy, lines of the feed. */
#ifndef TEST_MODEL_KIT_H
#define TEST_MODEL_KIT_H

#include "base/buf.h"
#include "model/feed.h"

/* The lines of a file below the source root; index + 1 is the line's number. Ends the test when unreadable.
 */
struct str_list kit_lines(struct arena *a, const char *path);
/* The next field of "one | two | three", trimmed; "" when there is none. */
Str kit_field(Str *rest);
/* Are all pieces "a; b; c" in the text? Case counts. */
bool kit_holds_all(Str text, Str pieces);

/* Substances ghb (gamma hydroxybutyrate), gbl, cocaine; sources lab 80, death_report 60, call 20; region GB.
 */
struct policy kit_policy(struct arena *a);

/* A line that must be right; its line number and seq are 0. */
struct change kit_change(struct arena *a, const struct policy *policy, Str line);
Str kit_feed(struct arena *a, const struct change *c, bool with_ns);
Str kit_body(struct arena *a, const struct change *c);

#endif
