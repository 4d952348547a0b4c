/* What the fuzz targets share. Each target is a file with LLVMFuzzerTestOneInput: libFuzzer drives it when
 * the build has -Dfuzz=true (clang), replay.c drives it over test/fuzz/corpus/NAME in the ordinary tests. A
 * target must never crash, leak or run away, whatever the bytes; what it can check about the result it checks
 * with MUST. */
#ifndef TEST_FUZZ_TARGET_H
#define TEST_FUZZ_TARGET_H

#include "model/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A small policy, made once. */
const struct policy *target_policy(void);
/* The bytes as a file in memory: a descriptor to be closed by target_close. */
int target_file(const uint8_t *data, size_t size);
void target_close(int fd);
/* That file as a stream with small limits; NULL when its first bytes are refused already. */
struct stream;
struct stream *target_stream(int fd);
static inline Str target_text(const uint8_t *data, size_t size)
{
    return (Str){(const char *)data, size};
}

#endif
