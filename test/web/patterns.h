/* One page with every part in it, in every state: what the tests of structure read, and what is drawn in a
 * browser and looked at. */
#ifndef TEST_PATTERNS_H
#define TEST_PATTERNS_H

#include "base/buf.h"
#include "model/policy.h"

/* The policy that the program carries. */
const struct policy *patterns_policy(struct arena *a);

struct pattern_page {
    const char *name; /* "forms" */
    void (*write)(struct buf *out, struct arena *a);
};
extern const struct pattern_page pattern_pages[];
extern const size_t pattern_page_count;

#endif
