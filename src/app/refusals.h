/* Rows that were refused: counted by fault, and written to a file of their own with what they said. */
#ifndef APP_REFUSALS_H
#define APP_REFUSALS_H

#include "base/buf.h"
#include "intake/intake.h"

/* Refused rows that have the same fault; texts in quotes inside the reason are left out of it. */
struct refusal_group {
    Str field, reason;
    uint64_t rows;
    uint64_t first_row;
};

struct refusals;
/* wanted: rows are gathered for refusals_write. */
struct refusals *refusals_new(bool wanted);
void refusals_free(struct refusals *r); /* NULL is allowed */
#define CLEANUP_REFUSALS __attribute__((cleanup(refusals_cleanup)))
void refusals_cleanup(struct refusals **r);

void refusals_add(struct refusals *r, const struct intake_refusal *why);
/* Most rows first; lives in `a`. */
struct refusal_group *refusals_groups(const struct refusals *r, struct arena *a, size_t *count);
/* The gathered rows as a CSV file (row, line, field, reason, original); nothing when there are none.
 * *written: rows in it, at most so many as fill 256 MiB. */
MUST_USE enum status refusals_write(struct refusals *r, const char *path, uint64_t *written, struct err *e);

#endif
