/* A real population and the plans of what is planted into it, read for evaluate planted. */
#ifndef APP_BACKGROUND_H
#define APP_BACKGROUND_H

#include "intake/mapping.h"
#include "model/policy.h"
#include "synth/planted.h"

struct background {
    struct known_death *death;
    size_t count;
    uint64_t rows, without_day; /* read; left out because nobody knows when */
    struct pattern *pattern;    /* in the order of their files' names */
    size_t patterns;
};

/* The deaths of a table, and the files NAME.plan of a folder. E_INVALID names file, line and how to mend it.
 * Everything lives in `a`. */
MUST_USE enum status background_read(struct arena *a, const struct policy *policy, const char *file,
                                     const struct mapping *mapping, const char *plans, struct background *out,
                                     struct err *e);

#endif
