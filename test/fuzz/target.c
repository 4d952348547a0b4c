#include "target.h"

#include "base/stream.h"

#include <sys/mman.h>
#include <unistd.h>

#define HEAD "code\tlabel\tparents\tsynonyms\tgroup\n"

static Str find(void *state, Str path)
{
    (void)state;
    if (str_eq(path, S("policy/sources.tsv"))) return S("source\trank\tlabel\nt\t50\tA test\n");
    if (str_eq(path, S("policy/defaults.tsv"))) return STR_NONE;
    if (str_eq(path, S("policy/substances.tsv"))) {
        return S(
            HEAD
            "opioid\tOpioid\t\topiate|opiates\topioids\nheroin\tHeroin\topioid\tsmack|brown sugar\topioids\n"
            "ghb\tGHB\t\tliquid g|gina\tdepressants\nalcohol\tAlcohol\t\tethanol\talcohol\n");
    }
    return S(HEAD "other\tOther\t\tanything else\tothers\n");
}

const struct policy *target_policy(void)
{
    static struct policy policy;
    static bool made;
    struct err e = {0};
    if (!made) {
        struct arena *kept = arena_new("fuzz policy", (size_t)1 << 24); /* for as long as the process lives */
        MUST(policy_load(kept, find, NULL, &policy, &e) == OK);
        made = true;
    }
    return &policy;
}

int target_file(const uint8_t *data, size_t size)
{
    int fd = memfd_create("input", MFD_CLOEXEC);
    MUST(fd >= 0 && write(fd, data, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
    return fd;
}

void target_close(int fd)
{
    close(fd);
}

struct stream *target_stream(int fd)
{
    struct err e = {0};
    struct stream *s = NULL;
    struct stream_limits limits = {.bytes_max = 4 << 20, .ratio_max = 200};
    return stream_open_fd(fd, "input", &limits, &s, &e) == OK ? s : NULL;
}
