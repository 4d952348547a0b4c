/* What the members of a series have in common. */
#ifndef LINK_SERIES_SHARED_H
#define LINK_SERIES_SHARED_H

#include "link/world.h"

struct shared_value {
    enum feature feature;
    Str value;       /* "" for what is measured (age, time, place): that they lie close */
    size_t members;  /* who have it */
    int weight_db;   /* of the strongest agreement on it */
    uint64_t of_all; /* comparable events that have it, of `base`; 0 where that is not counted */
    uint64_t base;
};

/* Values that at least half of the members share with another one and that count for the tie, those of the
 * most members first, then the heaviest. Of large series the first SERIES_SHARED_MEMBERS members are
 * compared. */
#define SERIES_SHARED_MEMBERS 16
size_t series_shared(struct world *w, const uint32_t *member, size_t count, struct arena *a,
                     struct shared_value **out);

#endif
