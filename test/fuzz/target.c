#include "target.h"

#include "base/stream.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define HEAD "code\tlabel\tparents\tsynonyms\tgroup\n"

static Str find(void *state, Str path)
{
    (void)state;
    if (str_eq(path, S("policy/sources.tsv"))) return S("source\trank\tlabel\nt\t50\tA test\n");
    if (str_eq(path, S("policy/defaults.tsv")) || str_eq(path, S("policy/scales.tsv"))) return STR_NONE;
    if (str_eq(path, S("policy/substances.tsv"))) {
        return S(
            HEAD
            "opioid\tOpioid\t\topiate|opiates\topioids\nheroin\tHeroin\topioid\tsmack|brown sugar\topioids\n"
            "ghb\tGHB\t\tliquid g|gina\tdepressants\nalcohol\tAlcohol\t\tethanol\talcohol\n");
    }
    if (str_eq(path, S("policy/denials.tsv"))) {
        return S(HEAD
                 "cue_before\tno\t\tnot|negative for|no evidence of\td\ncue_both\tnegative\t\tabsent\td\n"
                 "cue_after\twas negative\t\tnone detected\td\ncue_not\tnot only\t\tno doubt\td\n"
                 "cue_end\tbut\t\twith\td\ncue_or\tor\t\tand or\td\ncue_and\tand\t\tplus\td\n"
                 "cue_asserts\ttoxicity\t\toverdose\td\ncue_filler\twas\t\tthe|of|screen\td\n");
    }
    return S(HEAD "other\tOther\t\tanything else\tothers\n");
}

static struct arena *policy_arena; /* for as long as the process lives */

static void policy_free(void)
{
    arena_free(policy_arena);
}

const struct policy *target_policy(void)
{
    static struct policy policy;
    struct err e = {0};
    if (!policy_arena) {
        policy_arena = arena_new("fuzz policy", (size_t)1 << 24);
        MUST(policy_load(policy_arena, find, NULL, &policy, &e) == OK);
        MUST(atexit(policy_free) == 0);
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
    struct stream_limits limits = {.bytes_max = 1 << 20, .ratio_max = 200};
    return stream_open_fd(fd, "input", &limits, &s, &e) == OK ? s : NULL;
}
