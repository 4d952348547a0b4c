/* What a detector of groups found: a cluster in space and time, a group with a share of unexplained cases out
 * of the ordinary, a person or a place with more deaths than their exposure explains. One shape for all, so
 * that one stream of alerts can price them together. Numbers only; who holds the names writes the words
 * (detection_sentence). */
#ifndef SCAN_DETECTION_H
#define SCAN_DETECTION_H

#include "base/str.h"

enum detection_kind {
    DETECTION_CLUSTER,  /* scan.h: more events in a circle and a span of days than elsewhere and else when */
    DETECTION_RATE,     /* rate.h: a group whose share of unexplained cases stands out, in a span of time */
    DETECTION_EXPOSURE, /* exposure.h: a person or place with more events than its exposure explains */
};

struct detection {
    enum detection_kind kind;
    const uint32_t *member; /* rows of the arrays that were given, ascending */
    size_t count;           /* how many members; the events observed */
    double expected;        /* how many chance would put there */
    double score;           /* logarithm (natural) of the likelihood ratio: orders detections of one kind */
    double probability; /* of one as strong among all that was looked at in this run; 1 when not computed */
    /* Chance alone gives one as strong once in so many weeks, over all that is looked at (every circle, group
     * or person, and every stratum): the price that detections of different kinds share. NAN: not tested. */
    double recurrence_weeks;
    bool rarer;               /* no shuffle reached it: chance is rarer still than these two say */
    uint32_t subject;         /* centre of the circle, number of the group, of the person, of the place */
    uint32_t stratum;         /* of the run, 0 when there is one only */
    int64_t from_day, to_day; /* days since 1970-01-01, both included */
    double radius_m;          /* of a cluster; 0: one location; NAN for the other kinds */
    double share;             /* of a rate: of unexplained cases in the group and span; NAN for other kinds */
    double base; /* of a rate: that share elsewhere; of an exposure: its spread factor; else NAN */
};

/* What a detection says, as one sentence: "6 where 0.3 would be expected, within 2.9 km of CENTRE, 17 to 31
 * December 2023; by chance once in 48 weeks". `subject` is the subject in words. */
Str detection_sentence(struct arena *a, const struct detection *d, Str subject);

/* "9 years", "5 weeks", "3 days": a recurrence as people say it. */
Str detection_recurrence(struct arena *a, double weeks);

#endif
