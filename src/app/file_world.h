/* The linker filled from one table, without a store: for commands that work on a file. */
#ifndef APP_FILE_WORLD_H
#define APP_FILE_WORLD_H

#include "link/world.h"
#include "model/policy.h"

#define FILE_WORLD_MAX_BYTES ((size_t)16 << 30)

/* What became of the rows of a file. */
struct file_rows {
    uint64_t read, refused, dropped;
};
/* A file says nothing of when its rows became known: all of it is known at once, and counted. `map`: a path
 * or the name of a mapping inside the program. */
MUST_USE enum status file_world_fill(struct world *w, const char *file, const char *map,
                                     const struct policy *policy, struct file_rows *out, struct err *e);

#endif
