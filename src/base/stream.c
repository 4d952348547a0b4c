#include "base/stream.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { INPUT_BYTES = 128 << 10, WINDOW_FIRST = 64 << 10 };
static const uint64_t ratio_grace_bytes = UINT64_C(16) << 20;

enum stream_kind { KIND_PLAIN, KIND_GZIP, KIND_ZSTD };

struct stream {
    int fd;
    bool owns_fd;
    bool at_end;   /* of the file */
    bool finished; /* a compressed frame ended, and no other has begun */
    enum stream_kind kind;
    char name[200];
    struct stream_limits limits;
    uint64_t bytes_in, bytes_out, bytes_total;
    unsigned char *input; /* bytes of the file not yet decompressed: [input_at, input_end) */
    size_t input_at, input_end;
    z_stream gzip;
    ZSTD_DStream *zstd;
    char *window; /* text read ahead by stream_line: [window_at, window_end) */
    size_t window_at, window_end, window_room;
    bool skipping; /* inside a line that is too long */
};

static enum status fail_errno(struct err *e, const char *what, const char *path)
{
    int number = errno;
    enum status status = number == ENOENT || number == ENOTDIR ? E_NOT_FOUND : E_IO;
    return ERR(e, status, "", "Could not %s \"%s\": %s.", what, path, strerrordesc_np(number));
}

static ssize_t read_some(int fd, void *into, size_t room)
{
    ssize_t n;
    do
        n = read(fd, into, room);
    while (n < 0 && errno == EINTR);
    return n;
}

static enum status read_to_end(int fd, const char *path, struct buf *b, struct err *e)
{
    char piece[16 << 10];
    for (;;) {
        ssize_t n = read_some(fd, piece, sizeof piece);
        if (n < 0) return fail_errno(e, "read", path);
        if (n == 0) return OK;
        buf_add_bytes(b, piece, (size_t)n);
        if (b->failed)
            return ERR(e, E_LIMIT, "", "The file \"%s\" is larger than the %zu bytes allowed here.", path,
                       b->cap_bytes);
    }
}

enum status file_read(const char *path, struct buf *b, struct err *e)
{
    TRY(buf_status(b, e));
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fail_errno(e, "open", path);
    size_t before = b->len;
    enum status status = read_to_end(fd, path, b, e);
    close(fd);
    if (status == OK) return OK;
    b->failed = false;
    b->len = before;
    if (b->room > 0) b->ptr[before] = '\0';
    return status;
}

static bool write_all(int fd, Str content)
{
    while (content.len > 0) {
        ssize_t n = write(fd, content.ptr, content.len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        content = (Str){content.ptr + n, content.len - (size_t)n};
    }
    return true;
}

/* A rename is on disk only once the folder is. */
static bool sync_folder_of(const char *path)
{
    struct buf folder CLEANUP_BUF;
    buf_init(&folder, 1 << 16);
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        buf_add_char(&folder, '.');
    else
        buf_add_bytes(&folder, path, slash == path ? 1 : (size_t)(slash - path));
    int fd = open(folder.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return false;
    bool done = fsync(fd) == 0;
    int number = errno;
    close(fd);
    errno = number;
    return done;
}

bool file_is_device(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode);
}

static enum status device_write(const char *path, Str content, struct err *e)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return fail_errno(e, "write", path);
    bool written = write_all(fd, content);
    int number = errno;
    close(fd);
    errno = number;
    return written ? OK : fail_errno(e, "write", path);
}

enum status file_write(const char *path, Str content, unsigned mode, struct err *e)
{
    if (file_is_device(path)) return device_write(path, content, e);
    struct buf temporary CLEANUP_BUF;
    buf_init(&temporary, 1 << 16);
    buf_add_cstr(&temporary, path);
    buf_add(&temporary, S(".new-XXXXXX"));
    TRY(buf_status(&temporary, e));
    int fd = mkostemp(temporary.ptr, O_CLOEXEC);
    if (fd < 0) return fail_errno(e, "write beside", path);
    bool written = fchmod(fd, (mode_t)mode) == 0 && write_all(fd, content) && fsync(fd) == 0;
    int number = errno;
    if (close(fd) != 0 && written) {
        written = false;
        number = errno;
    }
    if (written && rename(temporary.ptr, path) == 0)
        return sync_folder_of(path) ? OK : fail_errno(e, "put on disk the folder of", path);
    if (written) number = errno;
    unlink(temporary.ptr);
    errno = number;
    return fail_errno(e, "write", path);
}

Str file_name(const char *path)
{
    Str name = str_of(path);
    for (size_t i = name.len; i > 0; i--) {
        if (name.ptr[i - 1] == '/') return str_slice(name, i, name.len);
    }
    return name;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

enum status file_digest(const char *path, Sha256 *out, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fail_errno(e, "open", path);
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    unsigned char piece[64 << 10];
    ssize_t n;
    while ((n = read_some(fd, piece, sizeof piece)) > 0)
        crypto_hash_sha256_update(&state, piece, (size_t)n);
    enum status status = n < 0 ? fail_errno(e, "read", path) : OK;
    close(fd);
    if (status == OK) crypto_hash_sha256_final(&state, out->byte);
    return status;
}

static enum status refill(struct stream *s, struct err *e)
{
    if (s->input_at == s->input_end) s->input_at = s->input_end = 0;
    if (s->at_end || s->input_end == INPUT_BYTES) return OK;
    ssize_t n = read_some(s->fd, s->input + s->input_end, INPUT_BYTES - s->input_end);
    if (n < 0) return fail_errno(e, "read", s->name);
    s->at_end = n == 0;
    s->input_end += (size_t)n;
    s->bytes_in += (uint64_t)n;
    return OK;
}

static void *zlib_alloc(void *state, unsigned count, unsigned size)
{
    (void)state;
    size_t bytes;
    return __builtin_mul_overflow((size_t)count, (size_t)size, &bytes) ? NULL : alloc_try(bytes);
}

static void zlib_free(void *state, void *p)
{
    (void)state;
    alloc_free(p);
}

/* Tells the format by its first bytes; a pipe may bring them one at a time. */
static enum status detect(struct stream *s, struct err *e)
{
    while (s->input_end < 4 && !s->at_end)
        TRY(refill(s, e));
    static const unsigned char gzip_magic[] = {0x1F, 0x8B};
    static const unsigned char zstd_magic[] = {0x28, 0xB5, 0x2F, 0xFD};
    if (s->input_end >= 2 && memcmp(s->input, gzip_magic, 2) == 0) {
        s->gzip = (z_stream){.zalloc = zlib_alloc, .zfree = zlib_free};
        if (inflateInit2(&s->gzip, 15 + 16) != Z_OK)
            return ERR(e, E_LIMIT, "", "Not enough memory for gzip.");
        s->kind = KIND_GZIP;
    } else if (s->input_end >= 4 && memcmp(s->input, zstd_magic, 4) == 0) {
        s->zstd = ZSTD_createDStream();
        if (s->zstd == NULL) return ERR(e, E_LIMIT, "", "Not enough memory for zstd.");
        s->kind = KIND_ZSTD;
    }
    return OK;
}

static enum status stream_start(int fd, bool owns_fd, const char *name, const struct stream_limits *limits,
                                struct stream **out, struct err *e)
{
    struct stream *s = alloc_zero(1, sizeof *s);
    s->fd = fd;
    s->owns_fd = owns_fd;
    s->limits = limits != NULL ? *limits : STREAM_LIMITS_DEFAULT;
    snprintf(s->name, sizeof s->name, "%s", name);
    s->input = alloc_resize(NULL, INPUT_BYTES, 1);
    struct stat info;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0)
        s->bytes_total = (uint64_t)info.st_size;
    enum status status = detect(s, e);
    if (status != OK) {
        stream_close(s);
        return status;
    }
    *out = s;
    return OK;
}

enum status stream_open_fd(int fd, const char *name, const struct stream_limits *limits, struct stream **out,
                           struct err *e)
{
    return stream_start(fd, false, name, limits, out, e);
}

enum status stream_open(const char *path, const struct stream_limits *limits, struct stream **out,
                        struct err *e)
{
    if (strcmp(path, "-") == 0) return stream_start(STDIN_FILENO, false, "standard input", limits, out, e);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fail_errno(e, "open", path);
    return stream_start(fd, true, path, limits, out, e);
}

void stream_close(struct stream *s)
{
    if (s == NULL) return;
    if (s->kind == KIND_GZIP) inflateEnd(&s->gzip);
    ZSTD_freeDStream(s->zstd);
    if (s->owns_fd) close(s->fd);
    alloc_free(s->input);
    alloc_free(s->window);
    alloc_free(s);
}

static enum status check_limits(const struct stream *s, struct err *e)
{
    if (s->bytes_out > s->limits.bytes_max)
        return ERR(e, E_LIMIT, "", "\"%s\" holds more than the %llu bytes allowed.", s->name,
                   (unsigned long long)s->limits.bytes_max);
    uint64_t consumed = s->bytes_in - (s->input_end - s->input_at);
    if (s->kind != KIND_PLAIN && s->bytes_out > ratio_grace_bytes &&
        s->bytes_out / s->limits.ratio_max > consumed)
        return ERR(e, E_LIMIT, "", "\"%s\" unpacks to more than %u times its size: refused as a bomb.",
                   s->name, s->limits.ratio_max);
    return OK;
}

static enum status fail_damaged(const struct stream *s, const char *why, struct err *e)
{
    return ERR(e, E_INVALID, "", "\"%s\" is damaged after %llu bytes: %s.", s->name,
               (unsigned long long)(s->bytes_in - (s->input_end - s->input_at)), why);
}

/* After a gzip member: another one, or the end; trailing zeros (tape padding) count as the end. */
static enum status next_member(struct stream *s, bool *more, struct err *e)
{
    while (s->input_end - s->input_at < 2 && !s->at_end) {
        size_t left = s->input_end - s->input_at;
        memmove(s->input, s->input + s->input_at, left);
        s->input_at = 0;
        s->input_end = left;
        TRY(refill(s, e));
    }
    size_t left = s->input_end - s->input_at;
    *more = left >= 2 && s->input[s->input_at] == 0x1F && s->input[s->input_at + 1] == 0x8B;
    if (!*more && left > 0 && s->input[s->input_at] != 0)
        return fail_damaged(s, "what follows the gzip data is not gzip", e);
    if (*more && inflateReset(&s->gzip) != Z_OK) return fail_damaged(s, "gzip cannot be continued", e);
    s->finished = false;
    return OK;
}

static enum status read_gzip(struct stream *s, char *into, size_t room, size_t *got, struct err *e)
{
    size_t made = 0;
    while (made == 0) {
        if (s->finished) {
            bool more;
            TRY(next_member(s, &more, e));
            if (!more) {
                s->finished = true;
                break;
            }
        }
        if (s->input_at == s->input_end) TRY(refill(s, e));
        if (s->input_at == s->input_end) return fail_damaged(s, "it ends in the middle of the gzip data", e);
        s->gzip.next_in = s->input + s->input_at;
        s->gzip.avail_in = (unsigned)(s->input_end - s->input_at);
        s->gzip.next_out = (unsigned char *)into;
        s->gzip.avail_out = room > UINT32_MAX ? UINT32_MAX : (unsigned)room;
        unsigned asked = s->gzip.avail_out;
        int code = inflate(&s->gzip, Z_NO_FLUSH);
        s->input_at = s->input_end - s->gzip.avail_in;
        made = asked - s->gzip.avail_out;
        if (code == Z_STREAM_END)
            s->finished = true;
        else if (code != Z_OK && code != Z_BUF_ERROR)
            return fail_damaged(s, s->gzip.msg != NULL ? s->gzip.msg : "the gzip data is wrong", e);
    }
    *got = made;
    return OK;
}

static enum status read_zstd(struct stream *s, char *into, size_t room, size_t *got, struct err *e)
{
    ZSTD_outBuffer to = {into, room, 0};
    while (to.pos == 0) {
        /* Output may still wait inside zstd when the input is used up. */
        if (s->input_at == s->input_end) TRY(refill(s, e));
        if (s->input_at == s->input_end && s->finished) break;
        ZSTD_inBuffer from = {s->input, s->input_end, s->input_at};
        size_t code = ZSTD_decompressStream(s->zstd, &to, &from);
        bool stuck = from.pos == s->input_at && to.pos == 0;
        s->input_at = from.pos;
        if (ZSTD_isError(code)) return fail_damaged(s, ZSTD_getErrorName(code), e);
        s->finished = code == 0;
        if (stuck && !s->finished && s->at_end)
            return fail_damaged(s, "it ends in the middle of the zstd data", e);
    }
    *got = to.pos;
    return OK;
}

static enum status read_plain(struct stream *s, char *into, size_t room, size_t *got, struct err *e)
{
    size_t held = s->input_end - s->input_at;
    if (held == 0 && !s->at_end) { /* past the first bytes, straight into the caller's room */
        ssize_t n = read_some(s->fd, into, room);
        if (n < 0) return fail_errno(e, "read", s->name);
        s->at_end = n == 0;
        s->bytes_in += (uint64_t)n;
        *got = (size_t)n;
        return OK;
    }
    size_t n = held < room ? held : room;
    memcpy(into, s->input + s->input_at, n);
    s->input_at += n;
    *got = n;
    return OK;
}

static enum status read_raw(struct stream *s, char *into, size_t room, size_t *got, struct err *e)
{
    size_t n = 0;
    switch (s->kind) {
    case KIND_PLAIN:
        TRY(read_plain(s, into, room, &n, e));
        break;
    case KIND_GZIP:
        TRY(read_gzip(s, into, room, &n, e));
        break;
    case KIND_ZSTD:
        TRY(read_zstd(s, into, room, &n, e));
        break;
    }
    s->bytes_out += n;
    TRY(check_limits(s, e));
    *got = n;
    return OK;
}

enum status stream_read(struct stream *s, char *into, size_t room, size_t *got, struct err *e)
{
    MUST(room > 0);
    size_t held = s->window_end - s->window_at;
    if (held == 0) return read_raw(s, into, room, got, e);
    size_t n = held < room ? held : room;
    memcpy(into, s->window + s->window_at, n);
    s->window_at += n;
    *got = n;
    return OK;
}

/* Reads more text behind the window; *got 0 means the end. */
static enum status fill_window(struct stream *s, size_t *got, struct err *e)
{
    size_t held = s->window_end - s->window_at;
    if (s->window_at > 0) {
        memmove(s->window, s->window + s->window_at, held);
        s->window_at = 0;
        s->window_end = held;
    }
    if (s->window_room - held < WINDOW_FIRST / 2) {
        s->window_room = s->window_room == 0 ? WINDOW_FIRST : s->window_room * 2;
        s->window = alloc_resize(s->window, s->window_room, 1);
    }
    TRY(read_raw(s, s->window + held, s->window_room - held, got, e));
    s->window_end = held + *got;
    return OK;
}

static Str without_return(const char *p, size_t n)
{
    return (Str){p, n > 0 && p[n - 1] == '\r' ? n - 1 : n};
}

static enum status fail_long_line(struct stream *s, size_t line_max, struct err *e)
{
    s->skipping = false;
    return ERR(e, E_LIMIT, "line", "A line of \"%s\" is longer than %zu bytes.", s->name, line_max);
}

enum status stream_line(struct stream *s, size_t line_max, Str *line, bool *more, struct err *e)
{
    size_t scanned = 0;
    for (;;) {
        const char *start = s->window != NULL ? s->window + s->window_at : "";
        size_t held = s->window_end - s->window_at;
        const char *end = held > scanned ? memchr(start + scanned, '\n', held - scanned) : NULL;
        if (end != NULL) {
            size_t n = (size_t)(end - start);
            s->window_at += n + 1;
            Str found = without_return(start, n);
            if (s->skipping || found.len > line_max) return fail_long_line(s, line_max, e);
            *line = found;
            *more = true;
            return OK;
        }
        scanned = held;
        if (s->skipping || held > line_max + 1) {
            s->skipping = true;
            s->window_at = s->window_end;
            scanned = 0;
        }
        size_t got;
        TRY(fill_window(s, &got, e));
        if (got > 0) continue;
        held = s->window_end - s->window_at;
        Str last = held > 0 ? without_return(s->window + s->window_at, held) : STR_NONE;
        s->window_at = s->window_end;
        if (s->skipping || last.len > line_max) return fail_long_line(s, line_max, e);
        *more = held > 0;
        if (held > 0) *line = last;
        return OK;
    }
}

uint64_t stream_bytes_in(const struct stream *s)
{
    return s->bytes_in;
}

uint64_t stream_bytes_total(const struct stream *s)
{
    return s->bytes_total;
}
