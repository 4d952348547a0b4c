#include "base/arena.h"

#include "base/alloc.h"
#include "base/err.h"

#include <stdint.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n)   ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

enum { BLOCK_FIRST = 8 << 10, BLOCK_LARGEST = 4 << 20, SPARE_LARGEST = 1 << 20 };

struct block {
    struct block *before;
    size_t room;
    size_t used;
    _Alignas(max_align_t) unsigned char data[];
};

struct arena {
    const char *name;
    struct block *top;
    struct block *spare; /* one released block, so that mark and release in a loop stay cheap */
    size_t cap_bytes;
    size_t total; /* handed out, with the gaps of alignment */
    jmp_buf *over;
};

struct arena *arena_new(const char *name, size_t cap_bytes)
{
    struct arena *a = alloc_zero(1, sizeof *a);
    a->name = name;
    a->cap_bytes = cap_bytes;
    return a;
}

static void block_free(struct block *b)
{
    if (b == NULL) return;
    ASAN_UNPOISON_MEMORY_REGION(b->data, b->room);
    alloc_free(b);
}

void arena_free(struct arena *a)
{
    if (a == NULL) return;
    while (a->top != NULL) {
        struct block *b = a->top;
        a->top = b->before;
        block_free(b);
    }
    block_free(a->spare);
    alloc_free(a);
}

void arena_cleanup(struct arena **a)
{
    arena_free(*a);
    *a = NULL;
}

static void block_rewind(struct block *b, size_t used)
{
    b->used = used;
    ASAN_POISON_MEMORY_REGION(b->data + used, b->room - used);
}

/* Frees the blocks above `keep`, or sets one aside; NULL stands for below the first block. */
static void arena_pop_to(struct arena *a, const struct block *keep)
{
    while (a->top != keep && a->top->before != NULL) {
        struct block *b = a->top;
        a->top = b->before;
        if (b->room <= SPARE_LARGEST && (a->spare == NULL || a->spare->room < b->room)) {
            block_free(a->spare);
            block_rewind(b, 0);
            a->spare = b;
        } else {
            block_free(b);
        }
    }
}

void arena_reset(struct arena *a)
{
    if (a->top != NULL) {
        arena_pop_to(a, NULL);
        block_rewind(a->top, 0);
    }
    a->total = 0;
}

size_t arena_used(const struct arena *a)
{
    return a->total;
}

void arena_guard(struct arena *a, jmp_buf *over)
{
    a->over = over;
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){a->top, a->top ? a->top->used : 0, a->total};
}

void arena_release(struct arena *a, struct arena_mark mark)
{
    if (a->top == NULL) return;
    arena_pop_to(a, mark.block);
    block_rewind(a->top, mark.block != NULL ? mark.used : 0);
    a->total = mark.total;
}

static _Noreturn void arena_over(struct arena *a, size_t bytes)
{
    if (a->over != NULL) longjmp(*a->over, 1);
    alloc_exhausted(a->name, bytes);
}

static void arena_push(struct arena *a, size_t need)
{
    struct block *b = a->spare;
    if (b != NULL && b->room >= need) {
        a->spare = NULL;
    } else {
        size_t room = a->top == NULL ? BLOCK_FIRST : a->top->room * 2;
        if (room > BLOCK_LARGEST) room = BLOCK_LARGEST;
        if (room > a->cap_bytes - a->total) room = a->cap_bytes - a->total;
        if (room < need) room = need;
        b = alloc_resize(NULL, 1, sizeof *b + room);
        b->room = room;
    }
    block_rewind(b, 0);
    b->before = a->top;
    a->top = b;
}

void *arena_alloc(struct arena *a, size_t count, size_t size, size_t align)
{
    size_t bytes;
    /* Room for the worst gap is asked for, so that a fresh block always suffices. */
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > a->cap_bytes - a->total ||
        bytes > SIZE_MAX / 2)
        arena_over(a, bytes);
    struct block *b = a->top;
    size_t gap = b == NULL ? 0 : (size_t)(-(uintptr_t)(b->data + b->used) & (align - 1));
    if (b == NULL || b->room - b->used < gap || b->room - b->used - gap < bytes) {
        size_t slack = align > _Alignof(max_align_t) ? align : 0;
        arena_push(a, bytes + slack);
        b = a->top;
        gap = (size_t)(-(uintptr_t)b->data & (align - 1));
    }
    if (gap > a->cap_bytes - a->total - bytes) arena_over(a, bytes + gap);
    unsigned char *p = b->data + b->used + gap;
    ASAN_UNPOISON_MEMORY_REGION(p, bytes);
    b->used += gap + bytes;
    a->total += gap + bytes;
    return memset(p, 0, bytes);
}

/* True when the last bytes of the top block are `old`, and it could grow there by `more`. */
static bool arena_can_extend(const struct arena *a, const void *old, size_t old_bytes, size_t more)
{
    const struct block *b = a->top;
    return b != NULL && old_bytes <= b->used && (const unsigned char *)old == b->data + b->used - old_bytes &&
           more <= b->room - b->used && more <= a->cap_bytes - a->total;
}

void *arena_grow(struct arena *a, void *old, size_t old_count, size_t new_count, size_t size, size_t align)
{
    MUST(new_count >= old_count);
    if (old == NULL || old_count == 0) return arena_alloc(a, new_count, size, align);
    size_t more;
    if (__builtin_mul_overflow(new_count - old_count, size, &more)) arena_over(a, SIZE_MAX);
    size_t old_bytes = old_count * size;
    if (arena_can_extend(a, old, old_bytes, more)) {
        unsigned char *tail = a->top->data + a->top->used;
        ASAN_UNPOISON_MEMORY_REGION(tail, more);
        memset(tail, 0, more);
        a->top->used += more;
        a->total += more;
        return old;
    }
    void *fresh = arena_alloc(a, new_count, size, align);
    memcpy(fresh, old, old_bytes);
    return fresh;
}
