/* The process that parses a file, seen by its parent: it can read the file and write to its pipe, and nothing
 * else (intake/reader.h). It is the same program started anew, so it holds nothing of the parent's memory. */
#ifndef INTAKE_CHILD_H
#define INTAKE_CHILD_H

#include "intake/intake.h"

#include <sys/types.h>

struct child {
    pid_t pid; /* 0: none */
    int fd;    /* messages come out of it (intake/frame.h); -1: none */
};

/* Starts it on the open file `file_fd`, which stays the caller's. name: for messages. */
MUST_USE enum status child_start(int file_fd, const char *name, const struct intake_options *options,
                                 struct child *out, struct err *e);
/* Waits for its end after the pipe has run dry, and says why it ended: OK when it ended by itself. rows: as
 * far as is known. */
MUST_USE enum status child_finish(struct child *c, uint64_t rows, struct err *e);
/* Ends it. Repeated calls are allowed. */
void child_kill(struct child *c);

#endif
