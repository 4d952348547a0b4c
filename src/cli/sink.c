#include "cli/sink.h"

#include "base/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { BUFFER_BYTES = 1 << 20, LINE_BYTES_MAX = 1 << 28 };

enum status sink_open(struct sink *s, const char *path, struct err *e)
{
    buf_init(&s->buf, LINE_BYTES_MAX);
    s->path = NULL;
    s->fd = STDOUT_FILENO;
    s->part[0] = '\0';
    if (strcmp(path, "-") == 0) return OK;
    if (file_is_device(path)) {
        s->fd = open(path, O_WRONLY | O_CLOEXEC);
        if (s->fd < 0) return ERR(e, E_IO, "", "%s cannot be written: %s.", path, strerror(errno));
        s->path = path;
        return OK;
    }
    int len = snprintf(s->part, sizeof s->part, "%s.part", path);
    if (len < 0 || (size_t)len >= sizeof s->part) {
        s->part[0] = '\0';
        return ERR(e, E_LIMIT, "", "the path of the output is too long.");
    }
    s->fd = open(s->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (s->fd < 0) {
        s->part[0] = '\0';
        return ERR(e, E_IO, "", "%s cannot be written: %s.", path, strerror(errno));
    }
    s->path = path;
    return OK;
}

static const char *sink_name(const struct sink *s)
{
    return s->path ? s->path : "standard output";
}

static enum status sink_write(struct sink *s, struct err *e)
{
    Str text = buf_str(&s->buf);
    TRY(buf_status(&s->buf, e));
    while (text.len > 0) {
        ssize_t n = write(s->fd, text.ptr, text.len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return ERR(e, E_IO, "", "%s cannot be written: %s.", sink_name(s), strerror(errno));
        text = str_slice(text, (size_t)n, text.len);
    }
    buf_clear(&s->buf);
    return OK;
}

enum status sink_line(void *state, Str line, struct err *e)
{
    struct sink *s = state;
    buf_add(&s->buf, line);
    buf_add_char(&s->buf, '\n');
    return s->buf.len < BUFFER_BYTES ? OK : sink_write(s, e);
}

enum status sink_finish(struct sink *s, struct err *e)
{
    TRY(sink_write(s, e));
    if (s->part[0] == '\0') return OK;
    if (fsync(s->fd) != 0 || rename(s->part, s->path) != 0)
        return ERR(e, E_IO, "", "%s cannot be written: %s.", s->path, strerror(errno));
    s->part[0] = '\0';
    return OK;
}

void sink_done(struct sink *s)
{
    if (s->path && s->fd >= 0) close(s->fd);
    if (s->part[0] != '\0') unlink(s->part);
    s->part[0] = '\0';
    s->path = NULL;
    buf_free(&s->buf);
}
