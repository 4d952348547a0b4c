/* What the parent holds of the words of its reading child. A child that a file has subverted can send any
 * bytes: a message that is well formed (intake/frame.h) may still say what the file and its mapping cannot
 * have said. */
#ifndef INTAKE_WATCH_H
#define INTAKE_WATCH_H

#include "intake/intake.h"

struct watch {
    const struct intake_options *options;
    struct arena *arena; /* of the columns */
    struct table_columns columns;
    bool has_columns;
    uint64_t changes, rows, refused; /* seen so far */
    uint64_t last_row;
};

void watch_begin(struct watch *w, const struct intake_options *options, struct arena *a);

/* E_INTERNAL when the item cannot be true: a record in a namespace, of a kind or source that the mapping does
 * not give, or known later than now; a row before the columns or of other types; a summary that does not add
 * up, or not to what was sent. Nothing of such a file may be trusted from there on. */
MUST_USE enum status watch_item(struct watch *w, const struct intake_item *item, struct err *e);

#endif
