/* The second look: what a pair is worth once it stands among the nearest of an event.
 *
 * The weight of evidence (evidence.h) adds what each feature weighs against unrelated pairs of all kinds, as
 * though features were independent, and finds the nearest exactly. Among those nearest everything agrees in
 * something, so another question is open: which of them are of one series? The second look answers it with
 * the same weights and a few measures that a sum does not hold, by trees of questions learned from pairs of
 * solved or planted series (learn/boost.h): what one agreement is worth depends on the others. Its weight is
 * the logarithm of a likelihood ratio against the other nearest: +1 tenfold step says ten times as likely of
 * one series as the nearest are on average.
 *
 * It orders what an alarm says and prices nothing by itself (alert.h); scores and suggestions stay those of
 * the weight of evidence. Pure. */
#ifndef LINK_SECOND_LOOK_H
#define LINK_SECOND_LOOK_H

#include "base/buf.h"
#include "learn/pair_table.h"
#include "learn/trees.h"
#include "link/world.h"

/* How many of the nearest are looked at again. */
#define SECOND_LOOK_NEAREST 40

/* First what each feature weighs, in decibans, by enum feature; then what follows. */
enum look_measure {
    LOOK_DAYS = FEATURE_COUNT, /* log10(1 + days apart) */
    LOOK_METRES,               /* log10(10 + metres apart) */
    LOOK_YEARS,                /* of age apart */
    LOOK_SHARED,               /* the node of the tree that both share, by enum node_level */
    LOOK_WEIGH_FOR,            /* features that weigh for it, without time, place and identifiers */
    LOOK_WEIGH_AGAINST,        /* against it */
    LOOK_SUM,                  /* the weight of evidence, decibans */
    LOOK_AT_ADDRESS,           /* events known at the address of either, the larger number */
    LOOK_MEASURES
};
/* "weight(posture)", "days", ...: as the file calls it. */
Str look_measure_name(struct arena *a, enum look_measure m);
/* More evidence of a feature, or in all, never counts less, everything else being equal; but place, time and
 * the kind of death, which are worth what the rest makes of them. */
enum direction look_measure_direction(enum look_measure m);

struct second_look {
    struct trees trees;
    double odds;                /* log10 of the odds of a link among the pairs it was learned from */
    int64_t start_threshold_db; /* while there is no history to price by, decibans */
    uint64_t digest;            /* of the file it was read from */
};

/* Is it counted among what weighs for and against? Place, time and people have measures of their own. */
bool look_counts(enum feature f);
/* NAN: not recorded. The same from both ends. */
void look_measure(struct world *w, uint32_t x, uint32_t y, double value[LOOK_MEASURES]);
/* In decibans. */
int look_weigh(const struct second_look *look, struct world *w, uint32_t x, uint32_t y);
/* How likely a pair of this weight is of one series where series are as frequent as they were where it was
 * learned. */
double look_probability(const struct second_look *look, int weight_db);

/* The file (policy/second-look.tsv): tabs between key and values, "#" begins a comment.
 *
 *     name NAME, version N, start_threshold_db N, odds LOG10, training KEY VALUE (for people)
 *     tree                             begins a tree: its lines follow, a question before what it leads to
 *     ask MEASURE LIMIT yes|no         is the measure at most so much, and what does a missing one count as?
 *     leaf WEIGHT                      in tenfold steps
 *
 * E_INVALID names line and key. Lives in `a`. */
MUST_USE enum status second_look_load(struct arena *a, Str text, struct second_look *out, struct err *e);
#define SECOND_LOOK_MAX_BYTES ((size_t)4 << 20)
/* training: lines for people. */
void second_look_write(const struct second_look *look, const struct str_list *training, struct buf *out);

#endif
