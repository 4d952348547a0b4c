/* The work space of the search for the nearest events. */
#ifndef LINK_SCORE_H
#define LINK_SCORE_H

#include "link/world.h"

struct query;
void query_free(struct query *q); /* NULL is allowed */

/* Has one of the two an explanation that was offered and never verified? */
bool world_unverified(const struct world *w, uint32_t event);

#endif
