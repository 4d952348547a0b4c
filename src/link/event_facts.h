/* What is known of an event that can tie it to another, as one number: for seeing that something new became
 * known since a decision (link/reopen.h). */
#ifndef LINK_EVENT_FACTS_H
#define LINK_EVENT_FACTS_H

#include "link/world.h"

/* The same comparable facts give the same digest, in every world and after every restart; counts, the model
 * and what never scores do not enter. */
uint64_t event_facts_digest(struct world *w, uint32_t event);

#endif
