/* Bringing files in: a feed (newline-delimited JSON) or a table through a mapping, plain, gzip or zstd. Files
 * come from anywhere, so they are parsed in a short-lived child process that can open nothing, has limits on
 * memory and time, and hands over what it read through a pipe; a child that dies is an error with the row it
 * was at.
 *
 *     intake_open -> intake_next until INTAKE_DONE -> intake_close */
#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H

#include "intake/mapping.h"
#include "model/record.h"

struct intake;

struct intake_options {
    const struct policy *policy;
    const struct mapping *mapping; /* of a table; NULL: the file is a feed */
    bool as_table; /* for analysis: the rows of the mapping's [table]; without one its first record alone;
                      without a mapping a table of the file's own columns, all of them texts */
    Str ns;        /* namespace; absent: the mapping's own, or "main" */
    int64_t known_at_ms_max;  /* a later known_at is refused; 0: none is */
    bool in_process;          /* no child: for tests, fuzzing and tools that trust the file */
    uint64_t bytes_max;       /* after decompression; 0: 64 GiB */
    size_t memory_bytes_max;  /* of the child, beyond what it starts with; 0: 1 GiB */
    unsigned cpu_seconds_max; /* of the child; 0: 1800 */
};

enum intake_kind {
    INTAKE_CHANGE,
    INTAKE_REFUSED,
    INTAKE_PROGRESS,
    INTAKE_DONE,    /* the last one */
    INTAKE_COLUMNS, /* of a table: the first one */
    INTAKE_ROW,     /* of a table */
};

struct intake_refusal {
    uint64_t row;  /* data rows from 1; lines of a feed */
    uint64_t line; /* in the file, from 1 */
    Str field;     /* names, comma between; "" when it is about the whole row */
    Str reason;
    Str raw; /* the original text, at most INTAKE_RAW_BYTES_MAX of it */
};
#define INTAKE_RAW_BYTES_MAX ((size_t)64 << 10)

struct intake_drop {
    Str reason;
    uint64_t rows;
};

/* Every row is accounted for: rows = given + merged + refused + dropped, and
 * changes = given when each row makes one record (0 for a table). */
struct intake_summary {
    uint64_t rows;            /* read */
    uint64_t given;           /* gave one record or more, or a row of the table */
    uint64_t merged;          /* went into a record that an earlier row began (rows = many) */
    uint64_t refused;         /* for a wrong value */
    uint64_t dropped;         /* by a rule of the mapping */
    uint64_t changes;         /* records handed over */
    struct intake_drop *drop; /* dropped rows by reason, in the order of first use */
    size_t drops;
};

struct intake_progress {
    uint64_t bytes_in, bytes_total; /* of the file as it lies on disk; total 0 when unknown */
    uint64_t rows;
};

struct intake_item {
    enum intake_kind kind;
    struct change change;
    struct intake_refusal refusal;
    struct intake_progress progress;
    struct intake_summary summary;
    struct table_columns columns;
    struct table_row row;
};

/* path "-" is standard input. Faults of the file as a whole (not there, no such column) are reported here or
 * by the first intake_next. Mapping and policy must outlive the intake. */
MUST_USE enum status intake_open(const char *path, const struct intake_options *options, struct intake **out,
                                 struct err *e);
/* The next item; its texts live in `a`. After INTAKE_DONE or an error no more may be asked for. E_LIMIT: a
 * bomb or a limit reached; E_INVALID: the file as a whole is wrong; E_IO: reading failed, or the child died;
 * E_INTERNAL: the child said what cannot be true (intake/watch.h).
 * What was handed over before an error stays good. */
MUST_USE enum status intake_next(struct intake *in, struct arena *a, struct intake_item *out, struct err *e);
void intake_close(struct intake *in); /* NULL is allowed; ends a child that still runs */

#endif
