/* What the linker says of one death, as plain facts for its checks: links with what is shared, and earlier
 * deaths near by. */
#ifndef APP_CASE_LINKS_H
#define APP_CASE_LINKS_H

#include "assure/caseload.h"
#include "link/series.h"
#include "link/world.h"

struct case_links_options {
    int threshold_db;               /* at or above it a link is strong */
    const struct series_book *book; /* NULL allowed: members of one series are strongly linked too */
};

#define NEAR_RADIUS_M 500.0 /* how far earlier deaths are looked for; checks narrow it down */
#define NEAR_DAYS     1100

/* The nearest of a death and what ties each; earlier deaths near by. Fills link and near of `out` and leaves
 * its readings alone. E_NOT_FOUND when the linker does not know the death. */
MUST_USE enum status case_links_read(struct world *w, const struct record_id *death,
                                     const struct case_links_options *o, struct arena *a,
                                     struct case_context *out, struct err *e);

#endif
