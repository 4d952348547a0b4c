/* Three deaths together: what no pair of them shows. Several weak agreements that all three share are rarer
 * than any two of them tell (linkage.md, section 4). */
#ifndef LINK_TRIO_H
#define LINK_TRIO_H

#include "link/world.h"

struct trio {
    uint32_t a, b; /* beside the event asked about; a the nearer */
    int score_db;
};

/* The three that weigh most of an event and two of its nearest, of which every pair may be news
 * (alarm_may_tie) and has at least so much for it that the three cohere. Their weight: the two stronger ties
 * in full, as a tree of the three holds them, and the third by a third, because who agrees with both mostly
 * agrees with it anyway; a third that speaks against counts in full. false: there are none. */
bool trio_strongest(struct world *w, uint32_t event, const struct hit *nearest, size_t count,
                    struct trio *out);

#endif
