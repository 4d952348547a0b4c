/* A growing run of bytes with a cap. Failure is sticky: past the cap every append is
 * ignored, and buf_status says so at the end; so a run of appends needs one check. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/err.h"
#include "base/str.h"

struct buf {
    char *ptr; /* always terminated by a NUL that does not count; "" while empty */
    size_t len;
    size_t room;
    size_t cap_bytes;
    bool failed;
};

void buf_init(struct buf *b, size_t cap_bytes); /* allocates nothing yet */
void buf_free(struct buf *b);                   /* NULL and repeated calls are allowed */
void buf_clear(struct buf *b);                  /* keeps the memory, forgets a failure */
#define CLEANUP_BUF __attribute__((cleanup(buf_free)))

void buf_add(struct buf *b, Str s);
void buf_add_char(struct buf *b, char c);
void buf_add_cstr(struct buf *b, const char *s);
void buf_add_bytes(struct buf *b, const void *p, size_t n);
void buf_addf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_add_hex(struct buf *b, const void *p, size_t n);

/* A view; valid until the next append. */
static inline Str buf_str(const struct buf *b)
{
    return (Str){b->ptr ? b->ptr : "", b->len};
}
/* E_LIMIT when an append was refused. */
MUST_USE enum status buf_status(const struct buf *b, struct err *e);

#endif
