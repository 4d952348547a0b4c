/* A demonstration: feeds whose lines come in as a clock passes them. The clock begins at a chosen moment,
 * runs on from there, and can be moved forward. */
#ifndef APP_STAGE_H
#define APP_STAGE_H

#include "base/clock.h"
#include "store/store.h"

struct stage;

/* feeds: paths. Nothing comes in before stage_move. */
MUST_USE enum status stage_new(const struct policy *policy, const char *const *feed, size_t count,
                               int64_t begin_ms, struct stage **out, struct err *e);
void stage_free(struct stage *s); /* NULL is allowed */

struct clock stage_clock(struct stage *s);
/* Sets the clock and appends what became known until then. E_INVALID when it lies before the present. */
MUST_USE enum status stage_move(struct stage *s, struct store *store, const struct actor *actor,
                                int64_t to_ms, size_t *lines, struct err *e);

#endif
