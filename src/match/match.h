/* Which rows of a table are one: the rows of a sheet against each other, every pair weighed, none left out by
 * a rule. Pure.
 *
 * A pair is weighed column by column (I. Fellegi, A. Sunter, "A theory for record linkage", JASA 64, 1969, p.
 * 1183): a comparison (compare/comparison.h) tells the level l that two values a and b reach, and the column
 * weighs
 *
 *     w = round(10 log10(m_l / u_l(a, b))) decibans,      u_l(a, b) = sqrt(u_l(a) u_l(b)),
 *
 * where m_l is the probability of that level for two rows of one person, and u_l(a) the share of the other
 * rows that stand at that level to the value a: counted, not sampled, over all rows. So agreeing on a rare
 * value weighs more than on a common one, and being near a common name less than being near a rare one (term
 * frequencies: W. Winkler, Census Bureau RR-2000/05). At the lower levels, which a model does not list, u_l
 * is that of the column. What is missing on either side weighs nothing. The weight of a pair is the sum, the
 * log-odds that it is one person the weight plus those of the prior.
 *
 * Values that are not alike may still go together: the town and its district, Ian and John. Where k >= 3
 * groups of rows found to be one person hold both a and b, in n pairs of rows out of N, they weigh
 *
 *     10 log10( n (k - 1) / k / (2 N) / (p_a p_b) ),      p: share of the rows that hold the value,
 *
 * when that is more than their level would weigh. (k - 1) / k takes out what the pair's own group tells.
 *
 * Numbers, times, places and sets have values too: the same one is agreement on it, by its frequency; the
 * levels below are told from the two values, and weigh as the column does.
 *
 * A column of names may be compared part by part ("parts"): each part of the name with fewer parts is paired
 * with one of the other, heaviest first, whatever their order; what finds no partner weighs as "another
 * name".
 *
 * Every answer is the same with any number of threads. Weights are whole decibans: tenths of a tenfold step.
 */
#ifndef MATCH_MATCH_H
#define MATCH_MATCH_H

#include "base/buf.h"
#include "base/sheet.h"
#include "compare/comparison.h"

#define MATCH_COLUMNS_MAX 32
#define MATCH_RELATED     COMPARISON_LEVELS_MAX /* the level of values learned to go together */
#define MATCH_WEIGHT_MAX  300                   /* decibans that one value can weigh, either way */

/* Two values of a column that rows of one person were seen to have: "leek" and "staffordshire moorlands". */
struct match_relation {
    Str a, b;
    int weight_db;
};

struct match_column {
    Str name;
    const struct comparison *comparison;
    bool parts;                         /* compared part by part */
    double same[COMPARISON_LEVELS_MAX]; /* m: sums to 1 */
    struct match_relation *relation;    /* what was learned to go together; in the arena of the index */
    size_t relations;
};

struct match_model {
    struct match_column column[MATCH_COLUMNS_MAX];
    size_t columns;
    double prior; /* probability that two rows taken at random are one */
    /* how it was learned; 0: it was not */
    uint64_t rows, pairs_seen;
    unsigned rounds;
};

/* The columns of a sheet but those left out, each compared as the mapping says (the name of a comparison, or
 * "parts") or as its type is; what is believed before anything is learned. E_INVALID for a comparison there
 * is not, or that does not fit the column. */
MUST_USE enum status match_model_begin(const struct sheet *f, const struct str_list *leave_out,
                                       struct match_model *out, struct err *e);

/* A model as text, with the record of its training: read back it is the same, and written again the same
 * bytes. Reading copies into the arena; E_INVALID names the line. */
void match_model_write(const struct match_model *m, struct buf *out);
MUST_USE enum status match_model_read(Str text, struct arena *a, struct match_model *out, struct err *e);

/* ---- a table made ready: levels between its values, and where each value stands ------------------------ */

struct match_index;
/* threads 0: all. The sheet and the model must outlive it; after a change of the model: match_reweigh. */
MUST_USE enum status match_index_new(const struct sheet *f, const struct match_model *model, size_t threads,
                                     struct arena *a, struct match_index **out, struct err *e);
void match_reweigh(struct match_index *x);

/* What one column says about a pair. */
struct match_reason {
    const struct match_column *column;
    int level; /* -1: not recorded on one side; of parts: of the heaviest */
    int weight_db;
    const char *words; /* of the level */
};
/* The weight of a pair of rows in decibans; the same both ways round. reason: one a column, NULL: not asked
 * for. */
int match_weigh(const struct match_index *x, size_t a, size_t b, struct match_reason *reason);
/* 10 log10 of the prior odds, rounded. */
int match_prior_db(const struct match_model *model);

struct match_pair {
    uint32_t a, b; /* rows, a < b */
    int32_t weight_db;
};
struct match_pairs {
    struct match_pair *item; /* by a, then b */
    size_t count;
};
/* All pairs that weigh least_db or more: exactly those that weighing every pair would give. */
MUST_USE enum status match_pairs_over(const struct match_index *x, int least_db, struct arena *a,
                                      struct match_pairs *out, struct err *e);
/* The best k partners of every row: out[row * k ..], by falling weight, equals by row; fewer rows than k:
 * ends with b == a. */
MUST_USE enum status match_nearest(const struct match_index *x, size_t k, struct arena *a,
                                   struct match_pair **out, struct err *e);

/* ---- learning without labels -------------------------------------------------------------------------- */

MUST_USE enum status match_learn(struct match_model *model, struct match_index *x, struct err *e);

/* ---- groups ------------------------------------------------------------------------------------------- */

/* Rows that are one person, by average link over all pairs: the two groups whose pairs have the highest mean
 * log-odds are joined first, as long as that mean is above 0 (R. Sokal, C. Michener, 1958). No pair between
 * two groups is left out of the mean. group[row]: the smallest row of its group. */
MUST_USE enum status match_groups(const struct match_index *x, const struct match_pairs *pairs,
                                  uint32_t *group, struct err *e);

/* Pairs within groups against pairs within the true groups. truth[row] 0: not known, left out. */
struct match_quality {
    uint64_t rows, true_pairs, found_pairs, right_pairs;
    double precision, recall, f1; /* NAN where nothing can be said */
};
struct match_quality match_quality(const uint32_t *group, const uint32_t *truth, size_t rows);

#endif
