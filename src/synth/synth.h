/* A background of unexplained deaths as a force of nine million people gets them: the ordinary
 * deaths among which a series has to be noticed, with the coincidences that look like one.
 * Every name, number and street is invented; the marginals and their sources are in doc/synth.md. */
#ifndef SYNTH_SYNTH_H
#define SYNTH_SYNTH_H

#include "base/err.h"
#include "base/str.h"

struct synth_options {
    int64_t from_ms; /* whole days: both ends are cut down to midnight UTC */
    int64_t to_ms;   /* nothing that became known at or after this is written */
    double per_day;  /* mean number of death reports a day, above 0, at most 2000 */
    uint64_t seed;
};

/* A line without its line end; borrowed until the call returns. Any status but OK ends the writing. */
typedef enum status (*synth_line_sink)(void *state, Str line, struct err *e);

/* Writes the feed (shared format of import and export) line by line in the order of known_at: the
 * same options give the same bytes. `put_truth` (NULL allowed) is given, in order of linkable_from,
 * the header and the rows `group nature event kind linkable_from`, tab separated, of the ties that
 * are real but no series: nature benign or same_event. Coincidences are no ties and have no row.
 * At most 20 years; memory stays in the low tens of megabytes per 100,000 deaths. */
MUST_USE enum status synth_write(const struct synth_options *options, synth_line_sink put_line, void *state,
                                 synth_line_sink put_truth, void *truth_state, struct err *e);

#endif
