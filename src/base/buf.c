#include "base/buf.h"

#include "base/alloc.h"
#include "base/hash.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

/* What an empty buffer points to; never written. */
static char nothing[1];

void buf_init(struct buf *b, size_t cap_bytes)
{
    *b = (struct buf){.ptr = nothing, .cap_bytes = cap_bytes};
}

void buf_free(struct buf *b)
{
    if (b == NULL) return;
    if (b->room > 0) alloc_free(b->ptr);
    buf_init(b, b->cap_bytes);
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->failed = false;
    if (b->room > 0) b->ptr[0] = '\0';
}

/* Makes room for n more bytes and the NUL; false (and a failed buffer) past the cap. */
static bool buf_reserve(struct buf *b, size_t n)
{
    if (b->failed) return false;
    if (n < b->room - b->len) return true; /* room > len, or both are 0 */
    if (n > b->cap_bytes - b->len || b->cap_bytes == SIZE_MAX) {
        if (b->cap_bytes != SIZE_MAX || n >= SIZE_MAX - b->len) {
            b->failed = true;
            return false;
        }
    }
    size_t need = b->len + n + 1;
    size_t room = b->room < 64 ? 64 : b->room;
    while (room < need)
        room = room > SIZE_MAX / 2 ? need : room * 2;
    if (room - 1 > b->cap_bytes) room = b->cap_bytes + 1;
    b->ptr = alloc_resize(b->room > 0 ? b->ptr : NULL, room, 1);
    b->room = room;
    return true;
}

void buf_add_bytes(struct buf *b, const void *p, size_t n)
{
    if (n == 0) return;
    /* A piece of the buffer itself may be appended: it moves when the buffer does. */
    uintptr_t offset = (uintptr_t)p - (uintptr_t)b->ptr;
    bool own = b->room > 0 && offset < b->room;
    if (!buf_reserve(b, n)) return;
    memcpy(b->ptr + b->len, own ? b->ptr + offset : p, n);
    b->len += n;
    b->ptr[b->len] = '\0';
}

void buf_add(struct buf *b, Str s)
{
    buf_add_bytes(b, s.ptr, s.len);
}

void buf_add_char(struct buf *b, char c)
{
    if (!buf_reserve(b, 1)) return;
    b->ptr[b->len++] = c;
    b->ptr[b->len] = '\0';
}

void buf_add_cstr(struct buf *b, const char *s)
{
    if (s != NULL) buf_add_bytes(b, s, strlen(s));
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
    if (!buf_reserve(b, 0)) return;
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(b->ptr + b->len, b->room - b->len, fmt, args);
    va_end(args);
    MUST(n >= 0);
    if ((size_t)n >= b->room - b->len) {
        b->ptr[b->len] = '\0';
        if (!buf_reserve(b, (size_t)n)) return;
        va_start(args, fmt);
        n = vsnprintf(b->ptr + b->len, b->room - b->len, fmt, args);
        va_end(args);
    }
    b->len += (size_t)n;
}

void buf_add_hex(struct buf *b, const void *p, size_t n)
{
    if (n > SIZE_MAX / 4) {
        b->failed = true;
        return;
    }
    if (!buf_reserve(b, 2 * n)) return;
    hex_encode(p, n, b->ptr + b->len);
    b->len += 2 * n;
}

enum status buf_status(const struct buf *b, struct err *e)
{
    if (!b->failed) return OK;
    return ERR(e, E_LIMIT, "", "The text grew over its limit of %zu bytes.", b->cap_bytes);
}
