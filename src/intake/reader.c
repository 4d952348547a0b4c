#include "intake/reader.h"

#include "intake/frame.h"
#include "intake/order.h"
#include "intake/source.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEND_BYTES          ((size_t)128 << 10) /* messages are sent in runs of about this size */
#define CPU_SECONDS_DEFAULT 1800
#define MEMORY_DEFAULT      ((size_t)1 << 30)
#define ITEM_BYTES_MAX      ((size_t)1 << 30)
#define ORDER_BYTES_MAX     ((size_t)16 << 20)
#define EXIT_NO_START       71 /* something of the machine is missing: nothing was read */

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static void limit(int what, rlim_t value)
{
    struct rlimit both = {value, value};
    if (setrlimit((__rlimit_resource_t)what, &both) != 0) _exit(EXIT_NO_START);
}

static size_t pages_in_use(void)
{
    /* The limit counts from what the program and its libraries take before anything is read. */
    char text[64] = {0};
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    if (fd >= 0) close(fd);
    int64_t pages = 0;
    Str first = str_of(text);
    if (n <= 0 || str_to_i64(str_slice(first, 0, str_find_char(first, ' ')), &pages) != OK) return 0;
    return (size_t)pages;
}

static void limits_set(const struct intake_options *o)
{
    unsigned seconds = o->cpu_seconds_max > 0 ? o->cpu_seconds_max : CPU_SECONDS_DEFAULT;
    size_t memory = o->memory_bytes_max > 0 ? o->memory_bytes_max : MEMORY_DEFAULT;
    limit(RLIMIT_CPU, seconds);
    /* The address sanitizer reserves terabytes it never uses. */
    if (!SANITIZED) limit(RLIMIT_AS, pages_in_use() * (size_t)sysconf(_SC_PAGESIZE) + memory);
    limit(RLIMIT_CORE, 0); /* no names of the dead in a core file */
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_NOFILE, READER_PIPE_FD + 1);
}

/* Everything else fails with "permission denied": no file can be opened, nothing started, nobody talked to.
 */
static void calls_limit(void)
{
    static const int allowed[] = {
        SCMP_SYS(read),         SCMP_SYS(write),         SCMP_SYS(writev),         SCMP_SYS(close),
        SCMP_SYS(lseek),        SCMP_SYS(fstat),         SCMP_SYS(newfstatat),     SCMP_SYS(munmap),
        SCMP_SYS(mremap),       SCMP_SYS(brk),           SCMP_SYS(madvise),        SCMP_SYS(futex),
        SCMP_SYS(getrandom),    SCMP_SYS(clock_gettime), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction),
        SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),   SCMP_SYS(getpid),         SCMP_SYS(gettid),
        SCMP_SYS(tgkill),       SCMP_SYS(exit),          SCMP_SYS(exit_group),     SCMP_SYS(sched_yield),
        SCMP_SYS(fadvise64),
    };
    prctl(PR_SET_DUMPABLE, 0);
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EACCES));
    if (!filter) _exit(EXIT_NO_START);
    bool good = true;
    for (size_t i = 0; i < COUNT_OF(allowed); i++)
        good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
    /* Memory may be had and change its protection, but never become code. */
    static const int memory[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};
    for (size_t i = 0; i < COUNT_OF(memory); i++)
        good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, memory[i], 1,
                                        SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
    if (!good) _exit(EXIT_NO_START);
    (void)seccomp_load(filter); /* a kernel without filters leaves the other limits standing */
    seccomp_release(filter);
}

static void send_all(struct buf *b)
{
    size_t done = 0;
    if (b->failed) _exit(70);
    while (done < b->len) {
        ssize_t n = write(READER_PIPE_FD, b->ptr + done, b->len - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) _exit(0); /* the parent has gone: nobody to tell */
        done += (size_t)n;
    }
    buf_clear(b);
}

static void work(const char *name, const struct intake_options *options)
{
    struct stream *stream = NULL;
    struct source *source = NULL;
    struct arena *own = arena_new("reading a file", ITEM_BYTES_MAX),
                 *item_arena = arena_new("an item", ITEM_BYTES_MAX);
    struct stream_limits limits = STREAM_LIMITS_DEFAULT;
    struct buf out;
    struct err why = {0};
    buf_init(&out, FRAME_BYTES_MAX + SEND_BYTES);
    if (options->bytes_max > 0) limits.bytes_max = options->bytes_max;
    enum status status = stream_open_fd(READER_FILE_FD, name, &limits, &stream, &why);
    if (status == OK) status = source_open(own, stream, options, &source, &why);
    struct intake_item item = {0};
    while (status == OK && item.kind != INTAKE_DONE) {
        arena_reset(item_arena);
        status = source_next(source, item_arena, &item, &why);
        if (status != OK) break;
        frame_write_item(&out, &item);
        if (out.len >= SEND_BYTES || item.kind == INTAKE_DONE) send_all(&out);
    }
    if (status != OK) {
        frame_write_error(&out, &why, source ? source_rows(source) : 0);
        send_all(&out);
    }
}

/* The order lies in memory that the parent filled: it is read, not opened. */
static void order_get(struct arena *a, struct intake_options *out)
{
    struct stat about;
    struct err why = {0};
    if (fstat(READER_ORDER_FD, &about) != 0 || about.st_size <= 0 || (size_t)about.st_size > ORDER_BYTES_MAX)
        _exit(EXIT_NO_START);
    size_t size = (size_t)about.st_size, got = 0;
    char *text = arena_alloc(a, size, 1, 1);
    while (got < size) {
        ssize_t n = read(READER_ORDER_FD, text + got, size - got);
        if (n <= 0) _exit(EXIT_NO_START);
        got += (size_t)n;
    }
    close(READER_ORDER_FD);
    if (order_read(a, (Str){text, size}, out, &why) != OK) _exit(EXIT_NO_START);
}

_Noreturn void reader_main(const char *name)
{
    /* A fault ends this process, and the parent says so: a sanitizer's own handlers have no place here. */
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    for (size_t i = 0; i < COUNT_OF(faults); i++)
        signal(faults[i], SIG_DFL);
    struct arena *a = arena_new("an order to read", (size_t)256 << 20);
    struct intake_options options = {0};
    order_get(a, &options);
    limits_set(&options);
    calls_limit();
    work(name, &options);
    _exit(0);
}
