/* What the linker keeps beside its world, as bytes: arrays with their counts, one behind the other. For a
 * file that the same program reads again; no form for exchange. */
#ifndef LINK_IMAGE_H
#define LINK_IMAGE_H

#include "base/buf.h"
#include "base/table.h"

void image_put(struct buf *out, const void *array, size_t count, size_t size);

/* Taken off the front, as a copy for alloc_free; *room is what alloc_room has to know. NULL and 0 when the
 * bytes do not hold so many: is_short says so from then on. */
struct image_rest {
    Str bytes;
    bool is_short;
};
void *image_take(struct image_rest *from, size_t *count, size_t *room, size_t size);
/* A table in place of *t, which is freed; false, and *t stays, when the bytes hold none. */
bool image_take_table(struct image_rest *from, size_t entries_max, struct table **t);

#endif
