/* The one place that calls malloc: a seam, so that tests can fail any allocation. */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stddef.h>

/* Like malloc, realloc and free, but never NULL: running out of memory ends the
 * program with a clear message (arenas and buffers have caps that are reached first).
 * alloc_zero returns zeroed memory. count*size is checked for overflow. */
void *alloc_zero(size_t count, size_t size);
void *alloc_resize(void *old, size_t count, size_t size);
void alloc_free(void *p);

/* The same but NULL on failure, for big blocks that a caller can do without. */
void *alloc_try(size_t bytes);

/* Like alloc_resize from `before` elements to `count`, and begins where a line of the cache does: for
 * elements of a line, read here and there. */
void *alloc_resize_lines(void *old, size_t before, size_t count, size_t size);

/* Grows an array so that index `need` exists; new elements are zero. */
void *alloc_room(void *array, size_t *room, size_t need, size_t size);

/* Ends the program: `who` ran out of memory or into its cap, asking for `bytes` more. */
_Noreturn void alloc_exhausted(const char *who, size_t bytes);

/* Test seam: called before each allocation; a false answer makes it fail. NULL removes it.
 * Set it before other threads start. */
typedef _Bool (*alloc_gate)(void *state, size_t bytes);
void alloc_set_gate(alloc_gate gate, void *state);

#endif
