/* The series in a matrix of pair weights: any items, any weights, all known at once. */
#ifndef LINK_SERIES_FIND_H
#define LINK_SERIES_FIND_H

#include "link/cohesion.h"

struct pair_weight {
    uint32_t a, b;
    int weight_db; /* decibans: tenths of a tenfold step */
};

struct series_rules {
    int bar_db;       /* what a pair, with the further ties of its series, must weigh */
    double all_pairs; /* pairs that were compared, of which those given are the strongest; 0: all there are */
};

struct found_series {
    uint32_t number;         /* as in the book */
    struct held_group group; /* members in the order of joining */
    int weakest_db;          /* the weakest tie of its strongest tree */
    double expected_log10;   /* of groups as firmly tied by chance: cohesion_expected_log10, the chance of a
                                weight   being its share among all pairs, those inside the series found left out
                                and one   added */
    size_t count;            /* members, also where group holds fewer */
};

/* Items are numbers below `items`. Pairs are taken from the strongest down (ties by their numbers) and drawn
 * together where the whole coheres (cohesion_tie), until a pass adds nothing; pairs not given weigh nothing.
 * The same pairs in any order give the same series. Repeats of a pair: the larger weight counts. Best first:
 * the least expected by chance, then the larger, then by number. `book` (may hold series already) takes the
 * moves, dated at_ms. */
size_t series_find(struct series_book *book, const struct pair_weight *pair, size_t pairs, size_t items,
                   const struct series_rules *rules, int64_t at_ms, struct arena *a,
                   struct found_series **out);

#endif
