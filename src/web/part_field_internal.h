/* Shared by drawing and reading of fields. */
#ifndef WEB_PART_FIELD_INTERNAL_H
#define WEB_PART_FIELD_INTERNAL_H

#include "web/part_field.h"

bool part_field_marked(const struct http_pairs *form, Str name);

/* "found", "person-2-age" */
Str part_field_name(struct arena *a, const struct kind *kind, int field, Str prefix);
/* "found-from-date"; part "": the name itself. */
Str part_field_part(struct arena *a, Str name, const char *part);

/* The columns of a list of objects; the first one must be filled in for a row to count. */
struct part_field_column {
    const char *part; /* also the member of the object */
    const char *label;
    unsigned width;
    bool number;
};
struct part_field_columns {
    const struct part_field_column *column;
    size_t count;
};
struct part_field_columns part_field_columns(enum field_type type);

#endif
