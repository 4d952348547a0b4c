/* The series among the rows of any table: burglaries, homicides, persons. */
#ifndef APP_TABLE_SERIES_H
#define APP_TABLE_SERIES_H

#include "app/row_pairs.h"
#include "app/series_draw.h"

struct table_series_options {
    struct row_pairs_options pairs;
    struct series_asked asked; /* its start_db: even odds. A price asks for a column of times. */
};

/* Writes and tells as series_draw does; the day of a row is that of its first column of times. */
MUST_USE enum status table_series_run(const struct sheet *f, const struct table_series_options *options,
                                      void (*put)(void *state, Str line), void *state,
                                      struct series_drawn *out, struct err *e);

#endif
