/* The series in a file, without a store: a CSV and a mapping in, series with what holds them out. */
#ifndef APP_SERIES_H
#define APP_SERIES_H

#include "app/file_world.h"
#include "base/buf.h"
#include "link/model.h"
#include "model/policy.h"

struct series_options {
    const char *file, *map, *out; /* out: a CSV, one line a member */
    size_t top;                   /* partners of each event that are looked at, 20 */
    double bar;                   /* tenfold steps that tie two; NAN: by the price */
    double price_per_week;        /* pairs that chance may tie in a week of the file's time */
    size_t told;                  /* how many series are told in words, the least likely by chance first */
};
struct series_summary {
    struct file_rows rows;
    uint64_t events, pairs_weighed, series, members;
    double weeks, bar, seconds;
};
/* Columns: series (its rank), member, day, tied_to, weight (tenfold steps), ties (members it is tied to),
 * falls_apart (into how many parts the others fall without it, 1: they hold), size, cohesion (tied pairs of
 * all its pairs), by_chance (groups as firmly tied that chance alone would bring), shared. Members stand in
 * the order of their days. put: lines for people (NULL: none), indented by blanks. */
MUST_USE enum status series_run(const struct series_options *options, const struct policy *policy,
                                const struct link_model *model, void (*put)(void *state, Str line),
                                void *state, struct series_summary *out, struct err *e);

#endif
