/* What a second look is learned from: pairs that stood among the nearest of a planted population, with what
 * was measured of them. Kept in a file, so that several populations can be learned from together. */
#ifndef APP_LESSONS_H
#define APP_LESSONS_H

#include "link/second_look.h"

struct lesson {
    float value[LOOK_MEASURES]; /* NAN: not recorded */
    bool linked;
};

/* Of the pairs that are not of one series one in so many is kept; it weighs for all. */
#define LESSONS_OTHERS_PART 8

struct lessons {
    struct lesson *item;
    size_t count, room;
    struct str_list told; /* what they come from, a line each, for people */
    size_t told_room;
};
void lessons_add(struct lessons *l, struct lesson item);
/* A line on where lessons come from; copied into `a`. */
void lessons_tell(struct lessons *l, struct arena *a, Str line);
void lessons_free(struct lessons *l);

/* Behind those that are there; a file that is not there holds none. Tabs between values; "# " begins a line
 * on where they come from. E_INVALID names the line. */
MUST_USE enum status lessons_read(const char *path, struct arena *a, struct lessons *l, struct err *e);
MUST_USE enum status lessons_write(const char *path, const struct lessons *l, struct err *e);

/* E_INVALID unless some are linked and some are not. The look lives in `a`. */
MUST_USE enum status lessons_learn(const struct lessons *l, struct arena *a, struct second_look *out,
                                   struct err *e);

#endif
