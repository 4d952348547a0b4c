/* Any file as a table in columns (base/sheet.h): what learn, evaluate, series, scan, rates and link work on.
 * The file is parsed by the reading child of intake; a row with a bad value is refused, counted and told, and
 * the good ones go in. */
#ifndef APP_SHEETS_H
#define APP_SHEETS_H

#include "app/refusals.h"
#include "base/sheet.h"

#define SHEETS_ROWS_MAX ((size_t)1 << 24)

struct sheets_options {
    /* A mapping by its path or shipped name: its [table], or else the fields of its first record (codes as
     * codes, numbers, times, places, sets; texts as text). NULL: the columns of the header, those that hold
     * nothing but numbers as numbers, nothing but times (RFC 3339, days) as times, few different words as
     * codes, others as texts; the ids are the numbers of the rows. */
    const char *mapping;
    const char *refused_path; /* where refused rows go; NULL: nowhere */
    size_t rows_max;          /* more are E_LIMIT; 0: SHEETS_ROWS_MAX */
};

/* Every row is accounted for: rows = taken + merged + refused + dropped. */
struct sheets_account {
    Str mapping; /* "baltimore 1"; "" without one */
    uint64_t rows, taken;
    uint64_t merged; /* went into the record of an earlier row (rows = many) */
    uint64_t refused, dropped;
    struct intake_drop *drop;
    size_t drops;
    struct refusal_group *refusal; /* by fault, most rows first */
    size_t refusals;
    uint64_t refused_written;
};

/* path "-" is standard input. The sheet and all texts live in `a`, the sheet under the name of the file. */
MUST_USE enum status sheets_read(const char *path, const struct policy *policy,
                                 const struct sheets_options *options, struct arena *a,
                                 const struct sheet **out, struct sheets_account *account, struct err *e);

#endif
