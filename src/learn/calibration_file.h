/* The record of a calibration as a file: who judged which model, when, on what population, with what outcome.
 * Text, one "key<TAB>value" a line in any order, # before a comment; every key once:
 *
 *     model      deaths 1             made_by    who ran it, or which command
 *     made_on    2026-11-22           population in words
 *     way        platt, isotonic or prior
 *     prevalence pairs linked own_decisions error brier       numbers
 *     bin        low high probability linked_share items linked   up to 10 lines, by rising probability */
#ifndef LEARN_CALIBRATION_FILE_H
#define LEARN_CALIBRATION_FILE_H

#include "learn/calibrate.h"

#include "base/buf.h"

struct calibration_file {
    Str model; /* name and version, as explanations name it */
    Str made_by, made_on;
    struct calibration_record record;
};

/* E_INVALID names the line and what would do. Texts live in `a`. */
MUST_USE enum status calibration_file_read(struct arena *a, Str text, struct calibration_file *out,
                                           struct err *e);
void calibration_file_write(struct buf *out, const struct calibration_file *f);

#endif
