/* The library of guidance: short texts, each with an owner, the day from which it is in force, a day by which
 * it is to be looked at again, and what came before it. So the version in force on any day can be read.
 *
 * A file policy/guidance/NAME.md begins with lines "title:", "owner:", "from:" (a day), "review:" (a day),
 * and "until:" (the day on which a later version took its place); then an empty line, then the text:
 * headings ("## "), paragraphs, lists ("- "). The slug is the name up to the first full stop, so that an
 * older version is NAME.2014.md. Pure but for reading what the program carries. */
#ifndef APP_GUIDANCE_H
#define APP_GUIDANCE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct guide {
    Str slug, title, owner, text;
    int64_t from_ms, review_ms, until_ms; /* until INT64_MAX: still in force */
};
struct guidance {
    struct guide *guide; /* by slug, then day */
    size_t count;
};

/* E_INVALID names the file and line. */
MUST_USE enum status guide_parse(struct arena *a, Str file_name, Str text, struct guide *out, struct err *e);
/* All that the program carries. */
MUST_USE enum status guidance_load(struct arena *a, struct guidance *out, struct err *e);

/* The version of a slug in force on a day; NULL: none was. */
const struct guide *guidance_on(const struct guidance *g, Str slug, int64_t at_ms);
bool guidance_knows(const struct guidance *g, Str slug);

#endif
