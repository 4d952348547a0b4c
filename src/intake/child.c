#include "intake/child.h"

#include "intake/frame.h"
#include "intake/source.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILE_FD             3
#define PIPE_FD             4
#define PIPE_BYTES          (1 << 20)
#define SEND_BYTES          ((size_t)128 << 10) /* messages are sent in runs of about this size */
#define CPU_SECONDS_DEFAULT 1800
#define MEMORY_DEFAULT      ((size_t)1 << 30)
#define ITEM_BYTES_MAX      ((size_t)1 << 30)

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

/* ---- in the child ---- */

static void limit(int what, rlim_t value)
{
    struct rlimit both = {value, value};
    if (setrlimit((__rlimit_resource_t)what, &both) != 0) _exit(71);
}

static size_t pages_in_use(void)
{
    /* The child inherits the parent's memory (a link index may be gigabytes): the limit counts from there. */
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
    limit(RLIMIT_NOFILE, PIPE_FD + 1);
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
    if (!filter) _exit(71);
    bool good = true;
    for (size_t i = 0; i < COUNT_OF(allowed); i++)
        good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
    /* Memory may be had and change its protection, but never become code. */
    static const int memory[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};
    for (size_t i = 0; i < COUNT_OF(memory); i++)
        good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, memory[i], 1,
                                        SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
    if (!good) _exit(71);
    (void)seccomp_load(filter); /* a kernel without filters leaves the other limits standing */
    seccomp_release(filter);
}

static void send_all(struct buf *b)
{
    size_t done = 0;
    if (b->failed) _exit(70);
    while (done < b->len) {
        ssize_t n = write(PIPE_FD, b->ptr + done, b->len - done);
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
    enum status status = stream_open_fd(FILE_FD, name, &limits, &stream, &why);
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

_Noreturn static void child_main(int file_fd, int pipe_fd, const char *name,
                                 const struct intake_options *options)
{
    /* Handlers of the parent have no place here: a fault ends the child, and the parent says so. */
    static const int ordinary[] = {SIGPIPE, SIGTERM, SIGINT, SIGHUP, SIGALRM, SIGCHLD, SIGUSR1,
                                   SIGUSR2, SIGSEGV, SIGBUS, SIGFPE, SIGILL,  SIGABRT};
    for (size_t i = 0; i < COUNT_OF(ordinary); i++)
        signal(ordinary[i], SIG_DFL);
    /* Out of the way first, so that neither lands on the other's number. */
    int file = fcntl(file_fd, F_DUPFD, PIPE_FD + 1), out = fcntl(pipe_fd, F_DUPFD, PIPE_FD + 1);
    if (file < 0 || out < 0 || dup2(file, FILE_FD) < 0 || dup2(out, PIPE_FD) < 0) _exit(71);
    /* Databases, keys and sockets of the parent are not for here. */
    if (close_range(PIPE_FD + 1, ~0U, 0) != 0) _exit(71);
    limits_set(options);
    calls_limit();
    work(name, options);
    _exit(0);
}

/* ---- in the parent ---- */

enum status child_start(int file_fd, const char *name, const struct intake_options *options,
                        struct child *out, struct err *e)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return ERR(e, E_IO, "", "no pipe to a reading process: %s", strerror(errno));
    (void)fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES); /* a smaller one works too */
    fflush(stdout);
    pid_t pid = fork();
    if (pid < 0) {
        int fault = errno;
        close(ends[0]);
        close(ends[1]);
        return ERR(e, E_IO, "", "a reading process could not be started: %s", strerror(fault));
    }
    if (pid == 0) child_main(file_fd, ends[1], name, options);
    close(ends[1]);
    *out = (struct child){pid, ends[0]};
    return OK;
}

static enum status say_death(int signal_number, uint64_t rows, struct err *e)
{
    unsigned long long row = (unsigned long long)rows;
    if (signal_number == SIGXCPU || signal_number == SIGKILL) {
        return ERR(e, E_LIMIT, "",
                   "the reading process was stopped near row %llu (%s): it ran out of its time or memory",
                   row + 1, strsignal(signal_number));
    }
    return ERR(e, E_IO, "", "the reading process died near row %llu (%s); what came before it is good",
               row + 1, strsignal(signal_number));
}

enum status child_finish(struct child *c, uint64_t rows, struct err *e)
{
    int how = 0;
    pid_t pid = c->pid;
    c->pid = 0;
    while (waitpid(pid, &how, 0) < 0) {
        if (errno == EINTR) continue;
        return ERR(e, E_IO, "", "the reading process was lost near row %llu: %s",
                   (unsigned long long)rows + 1, strerror(errno));
    }
    if (WIFSIGNALED(how)) return say_death(WTERMSIG(how), rows, e);
    if (WEXITSTATUS(how) == 0) return OK;
    return ERR(e, E_IO, "", "the reading process gave up near row %llu (code %d)",
               (unsigned long long)rows + 1, WEXITSTATUS(how));
}

void child_kill(struct child *c)
{
    if (c->pid > 0) {
        struct err ignored = {0};
        kill(c->pid, SIGKILL);
        (void)!child_finish(c, 0, &ignored);
    }
    if (c->fd >= 0) close(c->fd);
    c->fd = -1;
}
