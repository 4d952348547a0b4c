/* What values weigh, kept from one search to the next: between two midnights a value's weight depends on the
 * node alone. A work space: one a thread. Insides of the search. */
#ifndef LINK_WEIGHTS_H
#define LINK_WEIGHTS_H

#include "link/world_internal.h"

struct weights;
struct weights *weights_new(const struct world *w);
void weights_free(struct weights *k); /* NULL is allowed */
/* Forgets everything when the counts have changed; before every search. */
void weights_refresh(struct weights *k);

/* As measure_value and own_age_weight, decibans. */
int16_t weights_value(struct weights *k, enum feature f, const uint32_t nodes[NODE_LEVELS],
                      enum node_level level, uint32_t value, unsigned minus);
int16_t weights_age(struct weights *k, const struct event *ev, enum node_level level, size_t scale,
                    unsigned minus);

#endif
