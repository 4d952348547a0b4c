/* How alike two sets of codes, words or terms are. Pure; the lists are sorted and hold each item once
 * (str_sort_unique). */
#ifndef COMPARE_SET_H
#define COMPARE_SET_H

#include "base/str.h"

size_t set_shared_count(const struct str_list *a, const struct str_list *b);
/* The shared items in order, borrowed. */
struct str_list set_shared(struct arena *arena, const struct str_list *a, const struct str_list *b);
/* Shared among all: |a and b| / |a or b| (P. Jaccard, 1901). NAN when either is empty: nothing was recorded.
 */
double set_jaccard(const struct str_list *a, const struct str_list *b);
/* Twice the shared over the sum: 2 |a and b| / (|a| + |b|) (L. Dice, 1945). NAN as above. */
double set_dice(const struct str_list *a, const struct str_list *b);

#endif
