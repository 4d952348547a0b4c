/* The series in a file, without a store: a CSV and a mapping in, series with what holds them out. */
#ifndef APP_SERIES_H
#define APP_SERIES_H

#include "app/file_world.h"
#include "app/series_draw.h"
#include "link/model.h"
#include "model/policy.h"

struct series_options {
    const char *file, *map;
    size_t top;                /* partners of each event that are looked at, 20 */
    struct series_asked asked; /* its start_db is the model's */
};
struct series_summary {
    struct file_rows rows;
    struct series_drawn drawn; /* of events */
    double seconds;
};
/* Writes and tells as series_draw does. */
MUST_USE enum status series_run(const struct series_options *options, const struct policy *policy,
                                const struct link_model *model, void (*put)(void *state, Str line),
                                void *state, struct series_summary *out, struct err *e);

#endif
