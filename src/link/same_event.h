/* Are two records likely two reports of one death, from two feeds? Pure. Proposed to a person, never joined
 * by itself. */
#ifndef LINK_SAME_EVENT_H
#define LINK_SAME_EVENT_H

#include "link/world.h"

/* A rule, not a weight, because its errors cost differently: two deaths, found within two days of each other
 * and no contradiction of sex or age (more than 5 years), and one of: the same force reference or one listed
 * among the other's references; the same dead person; names alike; or both without a name, same sex, ages
 * within 3 years, found within 6 hours and 300 m, and reported by different sources. */
bool same_event_likely(const struct world *w, uint32_t x, uint32_t y);

/* All pairs of which that is so, the strongest first, ties by id. */
struct same_event_pair {
    const struct record_id *a, *b; /* in their order; borrowed from the world */
    int score_db;
};
size_t world_same_events(struct world *w, struct arena *a, struct same_event_pair **out);

/* Incidents that belong to a death say nothing about a series; they follow the death into one.
 * The emergency call for it: within six hours of the finding, and within 300 m or with an identifier in
 * common. */
bool reports_the_death(const struct world *w, uint32_t death, uint32_t incident);
/* A report about the dead person: the one missing in it, or its subject. */
bool concerns_the_dead(const struct world *w, uint32_t death, uint32_t incident);

#endif
