/* How firmly a group of items holds together, by the weights of its pairs. A chain counts less than a group
 * in which everybody is tied to everybody: a newcomer must be tied to at least half of the members, and what
 * ties it to each of them counts. */
#ifndef LINK_COHESION_H
#define LINK_COHESION_H

#include "link/series.h"

/* Where weights come from: any matrix of pairs. Decibans (tenths of a tenfold step), symmetric. */
struct pair_weights {
    int (*weight_db)(void *state, uint32_t x, uint32_t y);
    /* Is the item to be asked about? NULL: every one is. Items that only follow another (the call for a
     * death) neither hold a group together nor loosen it. */
    bool (*counts)(void *state, uint32_t item);
    /* Does y only repeat x, so that a tie to both is one tie? NULL: none does. */
    bool (*repeats)(void *state, uint32_t x, uint32_t y);
    void *state;
};

/* A tie counts as one from three fifths of the bar on. */
bool cohesion_tied(int weight_db, int bar_db);
/* Is the item tied to at least half of the members that count (itself left out)? */
bool cohesion_admits(const struct pair_weights *w, const uint32_t *member, size_t count, uint32_t item,
                     int bar_db);
/* Are at least half of the pairs across two groups tied? */
bool cohesion_unites(const struct pair_weights *w, const uint32_t *x, size_t x_count, const uint32_t *y,
                     size_t y_count, int bar_db);
/* What ties an item to a group: its strongest tie, and a fifth of every further one, at most 20 decibans in
 * all; of a large group the first twenty members are asked. strongest: the member and its weight; with count
 * 0, or where nothing weighs for it, 0. */
int cohesion_bond(const struct pair_weights *w, const uint32_t *member, size_t count, uint32_t item,
                  uint32_t strongest, int strongest_db);
#define COHESION_MORE_MAX_DB 20 /* that further ties can add */

/* The series that holds two items once they are tied: opened, joined or united where that coheres; 0 where it
 * does not, and the two stay a pair by themselves. */
uint32_t cohesion_tie(struct series_book *b, const struct pair_weights *w, uint32_t item, uint32_t partner,
                      int bar_db, int64_t at_ms);

/* ---- a group laid open ---------------------------------------------------------------------------- */

struct held_member {
    uint32_t item, mate; /* mate: the member it is most strongly tied to */
    int mate_db;         /* of that tie */
    int rest_db;         /* of all its ties together */
    size_t ties;         /* members it is tied to */
    size_t parts;        /* into how many parts the others would fall without it, 1: they hold */
};
/* A tie on which the group hangs: without it, it falls in two. */
struct holding_tie {
    uint32_t a, b;
    int weight_db;
};
struct held_group {
    struct held_member *member; /* in the order given */
    size_t count, tied_pairs;
    double cohesion; /* tied pairs of all pairs: 1 when everybody is tied to everybody, 2/3 in a chain of
                        three */
    struct holding_tie *tree; /* count - 1 strongest ties that reach every member (a maximum spanning tree) */
    struct holding_tie *hinge; /* ties whose loss alone would break it, the weakest first */
    size_t hinges;
};
/* bar_db: ties count from three fifths of it on. Of groups up to COHESION_MEMBERS_MAX; larger: the first so
 * many.
 */
#define COHESION_MEMBERS_MAX 200
void cohesion_lay_open(const struct pair_weights *w, const uint32_t *member, size_t count, int bar_db,
                       struct arena *a, struct held_group *out);

/* ---- by chance ------------------------------------------------------------------------------------- */

/* log10 of the expected number of groups as firmly tied among so many items, were all pairs unrelated:
 *     E = C(n, k) k^(k-2) P(q),   P(q) = q sum_{i<k-1} (-ln q)^i / i!,
 * q the product, over the k - 1 ties of its strongest tree, of the chance that unrelated items weigh as much.
 * C(n, k) k^(k-2) is the number of trees on k of n items (Cayley 1889; Erdos and Renyi 1960, theorem 2a, for
 * the expected number in a random graph), P(q) the chance that a product of k - 1 independent uniform numbers
 * is at most q (Fisher 1932). The further ties of the group are not counted in its favour: who agrees with
 * one member mostly agrees with the others, chance or not. */
double cohesion_expected_log10(size_t items, size_t members, const double *chance);

#endif
