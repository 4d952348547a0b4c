/* A file of labels: which rows of a table belong together. */
#ifndef APP_LABEL_FILE_H
#define APP_LABEL_FILE_H

#include "learn/labels.h"

struct label_file {
    struct labels labels;
    bool of_groups;
    uint64_t unknown;  /* labels that name no row of the table: left out */
    Str first_unknown; /* the first name of them */
};

/* From a table with columns `a`, `b`, `linked` (ids of two rows, and 1 or 0), or with `group` and `member`
 * (or `id`): one row a pair, or one a group and member. E_INVALID says what is missing. */
MUST_USE enum status label_file_take(const struct sheet *labels, const struct sheet *rows, struct arena *a,
                                     struct label_file *out, struct err *e);

/* 1 for yes, 0 for no, -1 for what is neither: 1 true yes linked y, 0 false no unlinked n. */
int label_yes_or_no(Str word);

#endif
