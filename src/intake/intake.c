#include "intake/intake.h"

#include "base/alloc.h"
#include "base/stream.h"
#include "intake/child.h"
#include "intake/frame.h"
#include "intake/source.h"
#include "intake/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define MAGIC      0x494E544Bu
#define READ_BYTES ((size_t)256 << 10)

struct intake {
    uint32_t magic;
    struct intake_options options;
    struct arena *arena;
    struct source *source; /* in process */
    struct child child;
    struct buf pending; /* of the pipe: bytes from `at` on are not yet read */
    size_t at;
    struct watch watch; /* of what it says */
    uint64_t rows;      /* as far as the child has told */
    bool over;
};

static enum status open_inside(struct intake *in, const char *path, struct err *e)
{
    struct stream *stream = NULL;
    struct stream_limits limits = STREAM_LIMITS_DEFAULT;
    if (in->options.bytes_max > 0) limits.bytes_max = in->options.bytes_max;
    TRY(stream_open(path, &limits, &stream, e));
    return source_open(in->arena, stream, &in->options, &in->source, e);
}

static enum status open_child(struct intake *in, const char *path, struct err *e)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return ERR(e, errno == ENOENT ? E_NOT_FOUND : E_IO, "", "\"%s\" cannot be read: %s", path,
                   strerror(errno));
    }
    enum status status = child_start(fd, path, &in->options, &in->child, e);
    if (!standard) close(fd);
    return status;
}

enum status intake_open(const char *path, const struct intake_options *options, struct intake **out,
                        struct err *e)
{
    struct intake *in = alloc_zero(1, sizeof *in);
    in->magic = MAGIC;
    in->options = *options;
    in->child.fd = -1;
    in->arena = arena_new("intake", (size_t)1 << 30);
    watch_begin(&in->watch, &in->options, in->arena);
    buf_init(&in->pending, FRAME_BYTES_MAX + READ_BYTES);
    enum status status = options->in_process ? open_inside(in, path, e) : open_child(in, path, e);
    if (status != OK) {
        intake_close(in);
        return status;
    }
    *out = in;
    return OK;
}

/* More bytes from the pipe behind the pending ones; *got 0 when the child has closed its end. */
static enum status pending_fill(struct intake *in, size_t *got, struct err *e)
{
    if (in->at > 0) {
        in->pending.len -= in->at;
        memmove(in->pending.ptr, in->pending.ptr + in->at, in->pending.len);
        in->at = 0;
    }
    char bytes[16 << 10];
    ssize_t n;
    do
        n = read(in->child.fd, bytes, sizeof bytes);
    while (n < 0 && errno == EINTR);
    if (n < 0) return ERR(e, E_IO, "", "the reading process cannot be heard: %s", strerror(errno));
    buf_add_bytes(&in->pending, bytes, (size_t)n);
    *got = (size_t)n;
    return buf_status(&in->pending, e);
}

static void note_rows(struct intake *in, const struct intake_item *item)
{
    uint64_t rows = in->rows;
    if (item->kind == INTAKE_CHANGE) rows = item->change.line;
    if (item->kind == INTAKE_REFUSED) rows = item->refusal.row;
    if (item->kind == INTAKE_PROGRESS) rows = item->progress.rows;
    if (item->kind == INTAKE_DONE) rows = item->summary.rows;
    if (item->kind == INTAKE_ROW) rows = item->row.row;
    if (rows > in->rows) in->rows = rows;
}

static enum status next_from_child(struct intake *in, struct arena *a, struct intake_item *out, struct err *e)
{
    for (;;) {
        Str rest = str_slice(buf_str(&in->pending), in->at, in->pending.len);
        size_t length = frame_length(rest), got = 0;
        if (length == SIZE_MAX)
            return ERR(e, E_INTERNAL, "", "the reading process sent a message that is too long");
        if (length > 0 && rest.len >= length) {
            TRY(frame_read(a, str_slice(rest, 0, length), out, e));
            TRY(watch_item(&in->watch, out, e));
            in->at += length;
            note_rows(in, out);
            return OK;
        }
        TRY(pending_fill(in, &got, e));
        if (got > 0) continue;
        TRY(child_finish(&in->child, in->rows, e));
        return ERR(e, E_IO, "", "the reading process stopped near row %llu and did not say why",
                   (unsigned long long)in->rows + 1);
    }
}

enum status intake_next(struct intake *in, struct arena *a, struct intake_item *out, struct err *e)
{
    MUST(in->magic == MAGIC && !in->over);
    enum status status = in->source ? source_next(in->source, a, out, e) : next_from_child(in, a, out, e);
    in->over = status != OK || out->kind == INTAKE_DONE;
    return status;
}

void intake_close(struct intake *in)
{
    if (!in) return;
    MUST(in->magic == MAGIC);
    child_kill(&in->child);
    source_close(in->source);
    buf_free(&in->pending);
    arena_free(in->arena);
    in->magic = 0;
    alloc_free(in);
}
