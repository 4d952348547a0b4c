#include "base/alloc.h"

#include "base/err.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The test seam is the one mutable state here; see alloc_set_gate. */
static alloc_gate gate_fn;
static void *gate_state;

static bool gate_open(size_t bytes)
{
    return __builtin_expect(gate_fn == NULL, 1) || gate_fn(gate_state, bytes);
}

void alloc_set_gate(alloc_gate gate, void *state)
{
    gate_fn = gate;
    gate_state = state;
}

void alloc_exhausted(const char *who, size_t bytes)
{
    fprintf(stderr, "error: out of memory: %s asked for %zu more bytes\n", who, bytes);
    fflush(stderr);
    _exit(status_exit_code(E_LIMIT));
}

/* The product, never 0, so that a NULL from the allocator always means failure. */
static size_t size_product(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) alloc_exhausted("an array", SIZE_MAX);
    return bytes > 0 ? bytes : 1;
}

/* What is large stands on large pages where the system has them: fewer faults when it is filled, and fewer
 * look-ups of addresses when it is read here and there. A hint; nothing depends on it. */
#define LARGE_BYTES ((size_t)1 << 22)
#define LINE_BYTES  ((size_t)1 << 6)
#define PAGE_BYTES  ((uintptr_t)1 << 12)

static void *on_large_pages(void *p, size_t bytes)
{
    if (p == NULL || bytes < LARGE_BYTES) return p;
    uintptr_t from = ((uintptr_t)p + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1),
              to = ((uintptr_t)p + bytes) & ~(PAGE_BYTES - 1);
    (void)madvise((char *)p + (from - (uintptr_t)p), to - from, MADV_HUGEPAGE);
    return p;
}

void *alloc_zero(size_t count, size_t size)
{
    size_t bytes = size_product(count, size);
    void *p = gate_open(bytes) ? calloc(1, bytes) : NULL;
    if (p == NULL) alloc_exhausted("the program", bytes);
    return on_large_pages(p, bytes);
}

void *alloc_resize(void *old, size_t count, size_t size)
{
    size_t bytes = size_product(count, size);
    void *p = gate_open(bytes) ? realloc(old, bytes) : NULL;
    if (p == NULL) alloc_exhausted("the program", bytes);
    return on_large_pages(p, bytes);
}

void *alloc_resize_lines(void *old, size_t before, size_t count, size_t size)
{
    size_t bytes = size_product(count, size), kept = size_product(before < count ? before : count, size);
    void *p =
        gate_open(bytes) ? aligned_alloc(LINE_BYTES, (bytes + LINE_BYTES - 1) & ~(LINE_BYTES - 1)) : NULL;
    if (p == NULL) alloc_exhausted("the program", bytes);
    p = on_large_pages(p, bytes);
    if (old != NULL) memcpy(p, old, kept);
    free(old);
    return p;
}

void *alloc_try(size_t bytes)
{
    return gate_open(bytes) ? on_large_pages(malloc(bytes > 0 ? bytes : 1), bytes) : NULL;
}

void alloc_free(void *p)
{
    free(p);
}

void *alloc_room(void *array, size_t *room, size_t need, size_t size)
{
    if (need < *room) return array;
    size_t grown = need < 64 ? 128 : need * 2;
    array = alloc_resize(array, grown, size);
    memset((char *)array + *room * size, 0, (grown - *room) * size);
    *room = grown;
    return array;
}
