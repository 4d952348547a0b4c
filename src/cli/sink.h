/* A file being written line by line: it appears whole, under its name, or not at all. */
#ifndef CLI_SINK_H
#define CLI_SINK_H

#include "base/buf.h"

struct sink {
    struct buf buf;
    int fd;
    const char *path; /* NULL: standard output */
    char part[4096];  /* the name while it is not whole */
};

/* path "-" is standard output. */
MUST_USE enum status sink_open(struct sink *s, const char *path, struct err *e);
/* Adds a line and its line end. The shape of feed_line_sink and synth_line_sink: state is the struct sink. */
enum status sink_line(void *state, Str line, struct err *e);
/* Writes the rest, makes it durable, gives it its name. */
MUST_USE enum status sink_finish(struct sink *s, struct err *e);
/* Ends a sink, finished or not; what is not finished vanishes. */
void sink_done(struct sink *s);
#define CLEANUP_SINK __attribute__((cleanup(sink_done)))

#endif
