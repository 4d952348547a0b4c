/* Finding in what is sorted. */
#ifndef BASE_FIND_H
#define BASE_FIND_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The first of `count` items of `size` bytes, each beginning with a uint32_t, rising, that is not below
 * `key`; count when all are. */
static inline size_t find_first(const void *item, size_t count, size_t size, uint32_t key)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint32_t at;
        memcpy(&at, (const char *)item + middle * size, sizeof at);
        if (at < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

#endif
