#include "base/alloc.h"

#include "base/err.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

void *alloc_zero(size_t count, size_t size)
{
    size_t bytes = size_product(count, size);
    void *p = gate_open(bytes) ? calloc(1, bytes) : NULL;
    if (p == NULL) alloc_exhausted("the program", bytes);
    return p;
}

void *alloc_resize(void *old, size_t count, size_t size)
{
    size_t bytes = size_product(count, size);
    void *p = gate_open(bytes) ? realloc(old, bytes) : NULL;
    if (p == NULL) alloc_exhausted("the program", bytes);
    return p;
}

void *alloc_try(size_t bytes)
{
    return gate_open(bytes) ? malloc(bytes > 0 ? bytes : 1) : NULL;
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
