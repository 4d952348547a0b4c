/* A mapping file being compiled: its sections and lines, and how a fault in one of them is told. Shared by
 * the files that compile a mapping, nobody else. */
#ifndef INTAKE_READING_H
#define INTAKE_READING_H

#include "intake/plan.h"

struct entry {
    uint64_t line;
    Str text;       /* the whole line */
    Str key, value; /* when there is a = */
};
struct section {
    uint64_t line;
    Str kind, name; /* "record", "death" */
    struct entry *entry;
    size_t count;
};
struct reading {
    struct arena *arena;
    const struct policy *policy;
    struct mapping *mapping;
    struct section *section;
    size_t sections;
    struct err *err;
};

/* Fills the reader's error with the line in front of what `why` says. */
enum status reading_fail_at(struct reading *r, uint64_t line, const char *field, const struct err *why);

#define FAIL_AT(r, line, field, ...)                                                                         \
    do {                                                                                                     \
        struct err why_ = {0};                                                                               \
        enum status ignored_ = ERR(&why_, E_INVALID, "", __VA_ARGS__);                                       \
        (void)ignored_;                                                                                      \
        return reading_fail_at(r, line, field, &why_);                                                       \
    } while (0)

/* Cuts the text into sections and their lines. */
MUST_USE enum status reading_sections(struct reading *r, Str text);

/* Compiles the value of a line, "template | step | step". name: of the field, for messages; *shape: what
 * comes out of the last step. */
MUST_USE enum status reading_line(struct reading *r, const struct entry *entry, const char *name,
                                  struct field_line *out, enum shape *shape);

/* The line "id": given once, one text, not the same for every row. */
MUST_USE enum status reading_id(struct reading *r, const struct entry *entry, struct field_line *out);

/* ---- table_plan.c ---- */

/* The section [table]. */
MUST_USE enum status table_compile(struct reading *r, const struct section *s, struct table_plan *out);

#endif
