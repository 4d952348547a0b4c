/* What tests of the linker share: the shipped policy and model, worlds filled from feed lines. */
#ifndef TEST_LINK_WORLDKIT_H
#define TEST_LINK_WORLDKIT_H

#include "link/second_look.h"
#include "model/policy.h"

struct worldkit {
    struct arena *arena;
    struct policy policy;
    struct link_model model;
    struct second_look look;
};
/* Reads policy/ of the source tree; fails the test when it does not load. */
void worldkit_open(struct worldkit *k);
void worldkit_close(struct worldkit *k);
/* The same for a group of tests: *state is the kit. */
int worldkit_setup(void **state);
int worldkit_teardown(void **state);

/* A line of the feed; fails the test when it is refused. Lives in the kit's arena. */
struct change worldkit_line(struct worldkit *k, const char *json);
/* Applies lines (in the order of known_at) and ticks whenever known_at moves on. */
void worldkit_apply(struct world *w, const struct change *line, size_t count);
/* The lines of a synthetic background. */
struct change *worldkit_background(struct worldkit *k, const char *from, const char *to, double per_day,
                                   uint64_t seed, size_t *count);
/* The event of "D1"; fails the test when there is none. */
uint32_t worldkit_event(const struct world *w, enum kind_id kind, const char *id);

#endif
