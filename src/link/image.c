#include "link/image.h"

#include "base/alloc.h"

#include <stdint.h>
#include <string.h>

void image_put(struct buf *out, const void *array, size_t count, size_t size)
{
    uint64_t items = count;
    buf_add_bytes(out, &items, sizeof items);
    if (count > 0) buf_add_bytes(out, array, count * size);
}

void *image_take(struct image_rest *from, size_t *count, size_t *room, size_t size)
{
    uint64_t items = 0;
    *count = *room = 0;
    if (!from->is_short && from->bytes.len >= sizeof items) memcpy(&items, from->bytes.ptr, sizeof items);
    from->is_short =
        from->is_short || from->bytes.len < sizeof items || items > (from->bytes.len - sizeof items) / size;
    if (from->is_short) return NULL;
    void *array = alloc_zero((size_t)items + 1, size);
    if (items > 0) memcpy(array, from->bytes.ptr + sizeof items, (size_t)items * size);
    from->bytes = str_slice(from->bytes, sizeof items + (size_t)items * size, from->bytes.len);
    *count = (size_t)items;
    *room = (size_t)items + 1;
    return array;
}

bool image_take_table(struct image_rest *from, size_t entries_max, struct table **t)
{
    struct table *own = from->is_short ? NULL : table_restore(&from->bytes, entries_max);
    if (own == NULL) return false;
    table_free(*t);
    *t = own;
    return true;
}
