/* Which rows belong together: from groups (who did it) or from pairs somebody judged; and how well the true
 * mates of a row stand among its partners. Pure. */
#ifndef LEARN_LABELS_H
#define LEARN_LABELS_H

#include "base/err.h"
#include "learn/measures.h"

#define LABEL_PAIRS_MAX ((size_t)20000000)

struct membership {
    uint32_t row, group; /* a row may be in several groups: a burglary by two offenders */
};

/* Pairs of rows of which it is known whether they are linked. */
struct labels {
    struct row_pair *pair; /* a < b, ascending */
    bool *linked;
    /* What a pair counts for in training. The linked pairs of a part of n rows count together for n - 1, the
     * links that would tie it: a series of fourteen is 91 pairs, but not 91 times a series of two. Others
     * count 1. */
    double *weight;
    size_t pairs, linked_pairs;
    uint32_t *part; /* one a row: rows tied through anybody are one part, to be held out whole; UINT32_MAX:
                     * not labelled
                     */
    size_t parts, rows, labelled, with_mates;
};

/* Of groups: all pairs of rows that are in any group; linked when they share one. E_LIMIT over
 * LABEL_PAIRS_MAX, E_INVALID when no two rows share a group. */
MUST_USE enum status labels_of_groups(const struct membership *m, size_t count, size_t rows, size_t groups,
                                      struct arena *a, struct labels *out, struct err *e);
/* Of pairs: those given, in any order; a pair given twice counts once, and must be judged alike (E_INVALID).
 */
MUST_USE enum status labels_of_pairs(const struct row_pair *pair, const bool *linked, size_t count,
                                     size_t rows, struct arena *a, struct labels *out, struct err *e);

/* For each row with a true mate among its scored partners: does one of the best k link? Equal scores are in
 * no order: the expected share. Pairs whose score is NAN are not partners. score is as seen from end a,
 * score_b from end b. */
struct mates {
    size_t rows;  /* with a mate to be found */
    double among; /* rows that find one among their best k, expected */
};
struct mates mates_among(const struct labels *l, const double *score, const double *score_b, size_t k,
                         struct arena *scratch);

#endif
