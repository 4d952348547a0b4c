#include "intake/child.h"

#include "base/alloc.h"
#include "intake/order.h"
#include "intake/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIPE_BYTES (1 << 20)
#define FDS_FREE   16 /* descriptors from here on cannot be those that the reading process wants */

extern char **environ;

/* A reading process is this same program, started anew: it has nothing of our memory, neither names of the
 * dead nor keys, and it may be started while other threads run (a bare fork would inherit their locks). The
 * word is looked for before main, because every program that links this library must be able to be one. */
__attribute__((constructor)) static void become_reader(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], READER_WORD) == 0) reader_main(argv[2]);
}

/* What the machine's loader and the tools that watch a test need; the rest may hold secrets. */
static char **environment_of_reader(char *room[], size_t max)
{
    static const char *const wanted[] = {"LD_", "ASAN_", "UBSAN_", "MALLOC_", "GCOV_"};
    size_t n = 0;
    for (char **v = environ; *v && n + 1 < max; v++)
        for (size_t i = 0; i < COUNT_OF(wanted); i++)
            if (strncmp(*v, wanted[i], strlen(wanted[i])) == 0) {
                room[n++] = *v;
                break;
            }
    room[n] = NULL;
    return room;
}

static enum status order_file(const struct intake_options *options, int *out, struct err *e)
{
    struct buf b CLEANUP_BUF = {0};
    buf_init(&b, (size_t)16 << 20);
    order_write(&b, options);
    if (b.failed) return ERR(e, E_LIMIT, "", "policy and mapping are too long for a reading process");
    int fd = memfd_create("order", MFD_CLOEXEC);
    size_t done = 0;
    while (fd >= 0 && done < b.len) {
        ssize_t n = write(fd, b.ptr + done, b.len - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        done += (size_t)n;
    }
    if (fd < 0 || done < b.len || lseek(fd, 0, SEEK_SET) != 0) {
        int fault = errno;
        if (fd >= 0) close(fd);
        return ERR(e, E_IO, "", "no memory to tell a reading process its work: %s", strerror(fault));
    }
    *out = fd;
    return OK;
}

/* given[i] becomes READER_FILE_FD + i, nothing else stays open. 0, or what errno would say. */
static int spawn(const char *name, const int given[3], pid_t *pid)
{
    char *argv[] = {(char[]){"colligate"}, (char[]){READER_WORD}, alloc_zero(strlen(name) + 1, 1), NULL};
    char *room[64];
    int high[3] = {-1, -1, -1};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t all, none;
    int fault = 0;
    memcpy(argv[2], name, strlen(name));
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&how);
    sigfillset(&all);
    sigemptyset(&none);
    for (int i = 0; i < 3 && fault == 0; i++) {
        high[i] = fcntl(given[i], F_DUPFD_CLOEXEC, FDS_FREE);
        fault = high[i] < 0 ? errno : posix_spawn_file_actions_adddup2(&files, high[i], READER_FILE_FD + i);
    }
    if (fault == 0) fault = posix_spawn_file_actions_addclosefrom_np(&files, READER_ORDER_FD + 1);
    posix_spawnattr_setsigdefault(&how, &all);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    if (fault == 0)
        fault = posix_spawn(pid, "/proc/self/exe", &files, &how, argv,
                            environment_of_reader(room, COUNT_OF(room)));
    for (size_t i = 0; i < 3; i++)
        if (high[i] >= 0) close(high[i]);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
    alloc_free(argv[2]);
    return fault;
}

enum status child_start(int file_fd, const char *name, const struct intake_options *options,
                        struct child *out, struct err *e)
{
    int ends[2], order = -1;
    pid_t pid = 0;
    TRY(order_file(options, &order, e));
    if (pipe2(ends, O_CLOEXEC) != 0) {
        int fault = errno;
        close(order);
        return ERR(e, E_IO, "", "no pipe to a reading process: %s", strerror(fault));
    }
    (void)fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES); /* a smaller one works too */
    int fault = spawn(name, (const int[]){file_fd, ends[1], order}, &pid);
    close(ends[1]);
    close(order);
    if (fault != 0) {
        close(ends[0]);
        return ERR(e, E_IO, "", "a reading process could not be started: %s", strerror(fault));
    }
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
