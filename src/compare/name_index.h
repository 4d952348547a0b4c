/* Names under numbers, and which of them are alike: the same as asking name_alike of every one, but only
 * those are asked that can be. A name is alike enough when the mean over its matched parts is, so one part at
 * least is; the distinct parts are few beside the names. Names written together or apart are told by their
 * letters. No locking: many may ask while nobody puts. */
#ifndef COMPARE_NAME_INDEX_H
#define COMPARE_NAME_INDEX_H

#include "base/arena.h"
#include "compare/name.h"

struct name_index;
struct name_index *name_index_new(void);
void name_index_free(struct name_index *x); /* NULL is allowed */

/* The name of `number` from now on, folded; "" for none. Numbers are dense: 0, 1, 2 ... */
void name_index_put(struct name_index *x, uint32_t number, Str folded);

#define NAME_INDEX_LEAST 0.87 /* above what a mere likeness of sound is worth */
struct name_found {
    uint32_t number;
    double alike; /* name_alike of the two */
};
/* Every number whose name has name_alike(folded, name) >= least, which is at least NAME_INDEX_LEAST; in no
 * particular order, the same for the same puts. */
size_t name_index_alike(const struct name_index *x, Str folded, double least, struct arena *a,
                        struct name_found **out);
/* Of one word: every number whose name has a part that is alike; alike: of that part. Without the parts that
 * only sound so. */
size_t name_index_with_part(const struct name_index *x, Str part, double least, struct arena *a,
                            struct name_found **out);

#endif
