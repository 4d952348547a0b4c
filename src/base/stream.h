/* Files: a seam. Whole files, atomic replacement, and a reader that sees through gzip and zstd. */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"

/* Reads a file (at most b's cap) to the end of b. */
MUST_USE enum status file_read(const char *path, struct buf *b, struct err *e);
/* Writes to a temporary name beside it, fsyncs, renames, fsyncs the folder. What is no file (a pipe,
 * /dev/null) is written to and never replaced. */
MUST_USE enum status file_write(const char *path, Str content, unsigned mode, struct err *e);
bool file_exists(const char *path);
bool file_is_device(const char *path); /* there, and neither file nor folder */
Str file_name(const char *path);       /* without its folders */
/* SHA-256 of a file as it lies on disk. */
MUST_USE enum status file_digest(const char *path, Sha256 *out, struct err *e);

/* Reads plain, gzip (also several members) or zstd input, told by its first bytes. */
struct stream;
struct stream_limits {
    uint64_t bytes_max; /* after decompression */
    uint32_t ratio_max; /* decompressed to compressed, once past 16 MiB: a bomb is refused */
};
#define STREAM_LIMITS_DEFAULT ((struct stream_limits){UINT64_C(64) << 30, 200})
/* path "-" is standard input. NULL limits mean the default. */
MUST_USE enum status stream_open(const char *path, const struct stream_limits *limits, struct stream **out,
                                 struct err *e);
MUST_USE enum status stream_open_fd(int fd, const char *name, const struct stream_limits *limits,
                                    struct stream **out, struct err *e);
/* Up to `room` bytes; *got 0 means the end. */
MUST_USE enum status stream_read(struct stream *s, char *into, size_t room, size_t *got, struct err *e);
/* The next line without its end ("\n" or "\r\n"), borrowed until the next call; false at the end.
 * A line longer than line_max is E_LIMIT with the field "line" and is skipped, so that reading can go on. */
MUST_USE enum status stream_line(struct stream *s, size_t line_max, Str *line, bool *more, struct err *e);
uint64_t stream_bytes_in(const struct stream *s);    /* of the file, so far: for progress */
uint64_t stream_bytes_total(const struct stream *s); /* 0 when unknown */
void stream_close(struct stream *s);                 /* NULL is allowed */

#endif
