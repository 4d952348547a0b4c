/* Runs a target over its corpus without a fuzzer: every file, every beginning of it, and some hundred small
 * changes of it that are the same on every run. A file that did no harm is one test passed. */
#include "base/alloc.h"
#include "base/rng.h"
#include "base/stream.h"
#include "target.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#define BEGINNINGS_MAX 600
#define CHANGES        300

static void run(Str s)
{
    /* A block of just this size, so that reading past its end is seen. */
    uint8_t *copy = alloc_resize(NULL, s.len + (s.len == 0), 1);
    memcpy(copy, s.ptr, s.len);
    (void)LLVMFuzzerTestOneInput(copy, s.len);
    alloc_free(copy);
}

static void run_changed(Str s, struct rng *rng)
{
    static const char signs[] = "\"',;|{}[]\n\r\\%=#:*";
    char *copy = alloc_resize(NULL, s.len + 8, 1);
    for (int i = 0; i < CHANGES && s.len > 0; i++) {
        size_t len = s.len;
        memcpy(copy, s.ptr, len);
        for (uint64_t n = 1 + rng_below(rng, 4); n > 0; n--) {
            size_t at = (size_t)rng_below(rng, len);
            switch (rng_below(rng, 4)) {
            case 0:
                copy[at] = (char)(unsigned char)rng_below(rng, 256);
                break;
            case 1:
                copy[at] = signs[rng_below(rng, sizeof signs - 1)];
                break;
            case 2:
                memmove(copy + at, copy + at + 1, len - at - 1);
                if (len > 1) len--;
                break;
            default:
                copy[at] = copy[(size_t)rng_below(rng, len)];
            }
        }
        run((Str){copy, len});
    }
    alloc_free(copy);
}

static void run_file(const char *path, uint64_t seed)
{
    struct buf b CLEANUP_BUF = {0};
    struct err e = {0};
    struct rng rng;
    rng_seed(&rng, seed);
    buf_init(&b, (size_t)16 << 20);
    if (file_read(path, &b, &e) != OK) BUG("%s", e.text);
    Str s = buf_str(&b);
    run(s);
    for (size_t n = 0; n < s.len && n < BEGINNINGS_MAX; n++)
        run(str_slice(s, 0, n));
    run_changed(s, &rng);
}

int main(int argc, char **argv)
{
    const char *root = getenv("COLLIGATE_SOURCE_ROOT");
    struct arena *a CLEANUP_ARENA = arena_new("replay", (size_t)1 << 24);
    struct str_list files = {0};
    MUST(argc == 2 && root != NULL);
    const char *dir = str_cstr(a, str_format(a, "%s/test/fuzz/corpus/%s", root, argv[1]));
    DIR *d = opendir(dir);
    MUST(d != NULL);
    for (struct dirent *entry; (entry = readdir(d)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        files.item = arena_grow(a, files.item, files.count, files.count + 1, sizeof(Str), _Alignof(Str));
        files.item[files.count++] = str_format(a, "%s/%s", dir, entry->d_name);
    }
    closedir(d);
    str_sort(&files);
    printf("1..%zu\n", files.count);
    for (size_t i = 0; i < files.count; i++) {
        run_file(str_cstr(a, files.item[i]), i);
        printf("ok %zu - %s %.*s\n", i + 1, argv[1],
               STR_ARG(str_slice(files.item[i], strlen(dir) + 1, STR_NPOS)));
        fflush(stdout);
    }
    return files.count > 0 ? 0 : 1;
}
