/* The links that came of a batch: on record since it was brought in, with a death or a report that the batch
 * says something of. */
#ifndef APP_IMPORT_LINKS_H
#define APP_IMPORT_LINKS_H

#include "app/links.h"

/* E_NOT_FOUND: there is no such batch. */
MUST_USE enum status import_batch(struct store *s, const struct actor *actor, uint64_t batch, struct arena *a,
                                  struct batch_row *out, struct err *e);
/* Those the viewer may see, most worth a look first; none of a batch that was withdrawn. settled: the linker
 * has taken the whole batch into account. */
MUST_USE enum status import_links(const struct links_viewer *v, const struct batch_row *batch,
                                  struct arena *a, struct link_row **out, size_t *count, bool *settled,
                                  struct err *e);

#endif
