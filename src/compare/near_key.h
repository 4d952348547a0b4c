/* Keys by which near values find each other: values that reach a stated level share one, so that no pair is
 * missed; what else shares a key is told apart by comparing. (Deletion neighbourhoods for one slip: T. Bocek,
 * E. Hunt and B. Stiller, "Fast similarity search in large dictionaries", Zurich, 2007.) */
#ifndef COMPARE_NEAR_KEY_H
#define COMPARE_NEAR_KEY_H

#include "base/hash.h"

#define NEAR_KEYS_MAX 400

/* What a key stands for: keys of different kinds never meet. */
enum near_kind {
    NEAR_SAME,
    NEAR_SLIP,
    NEAR_FORM,
    NEAR_SOUND,
    NEAR_SHORTER,
    NEAR_SECTOR,
    NEAR_DIGIT,
    NEAR_KNOWN
};

/* A pair needs one value of each side: the shorter and the longer. Those of both sides meet everybody. */
enum near_side { NEAR_SHORT = 1, NEAR_LONG = 2, NEAR_BOTH = 3 };

struct near_key {
    uint64_t key;
    enum near_side side;
};
struct near_keys {
    struct near_key item[NEAR_KEYS_MAX];
    size_t count;
};

static inline void near_key_add(struct near_keys *out, enum near_kind kind, uint64_t key, enum near_side side)
{
    MUST(out->count < NEAR_KEYS_MAX);
    out->item[out->count++] = (struct near_key){hash64_mix(key, (uint64_t)kind), side};
}

#endif
