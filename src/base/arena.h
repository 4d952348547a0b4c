/* Memory with one lifetime: many small allocations, freed together.
 * House rule: a prototype with `struct arena *` allocates from it, and what it
 * returns lives as long as the arena does. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <setjmp.h>
#include <stddef.h>

struct arena;

/* cap_bytes: the most this arena may ever hold. The name appears in messages. Never NULL. */
struct arena *arena_new(const char *name, size_t cap_bytes);
void arena_free(struct arena *a);  /* NULL is allowed */
void arena_reset(struct arena *a); /* forgets everything, keeps the first block */
size_t arena_used(const struct arena *a);

/* Zeroed memory, never NULL. Over the cap: jumps to the guard when one is set
 * (arena_guard), else ends the program with a message. Under AddressSanitizer the
 * memory not yet handed out is poisoned. */
void *arena_alloc(struct arena *a, size_t count, size_t size, size_t align);
#define NEW(a, type)              ((type *)arena_alloc((a), 1, sizeof(type), _Alignof(type)))
#define NEW_ARRAY(a, type, count) ((type *)arena_alloc((a), (count), sizeof(type), _Alignof(type)))

/* Grows an array from old_count to new_count elements (copying; in place where it is the
 * arena's last allocation). */
void *arena_grow(struct arena *a, void *old, size_t old_count, size_t new_count, size_t size, size_t align);

/* Makes room for `need` elements in an array that doubles: at first `first`, the new ones zero. `room` is the
 * caller's count of what there is room for; both are assigned to. */
#define ARENA_ROOM(a, array, room, need, first)                                                              \
    do {                                                                                                     \
        size_t room_needed_ = (need), room_grown_ = (room) > 0 ? (room) : (first);                           \
        if (room_needed_ <= (room)) break;                                                                   \
        while (room_grown_ < room_needed_)                                                                   \
            room_grown_ *= 2;                                                                                \
        (array) =                                                                                            \
            arena_grow((a), (array), (room), room_grown_, sizeof *(array), _Alignof(__typeof__(*(array))));  \
        (room) = room_grown_;                                                                                \
    } while (0)

/* A mark and a return to it: frees what came after. */
struct arena_mark {
    void *block;
    size_t used;
    size_t total;
};
struct arena_mark arena_mark(const struct arena *a);
void arena_release(struct arena *a, struct arena_mark mark);

/* Where to continue when the cap is reached:
 *     jmp_buf over;  if (setjmp(over)) { ... arena is full ... }  arena_guard(a, &over);
 * NULL removes the guard. Functions between guard and allocation must own nothing. */
void arena_guard(struct arena *a, jmp_buf *over);

/* Frees an arena at the end of the block: struct arena *a CLEANUP_ARENA = arena_new(...); */
void arena_cleanup(struct arena **a);
#define CLEANUP_ARENA __attribute__((cleanup(arena_cleanup)))

#endif
