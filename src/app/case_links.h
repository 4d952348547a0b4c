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

/* Where every death lies and what it is like: read once from a world, for looking around any of them. Good
 * while nothing is applied to the world. */
struct case_place {
    uint32_t event;
    double lat, lon;
    int64_t known_ms;
    Str mechanism, setting, access, sex;
};
struct case_places {
    struct case_place *item; /* in the order of events */
    size_t count;
};
void case_places_read(const struct world *w, struct arena *a, struct case_places *out);

/* The nearest of a death and what ties each; earlier deaths near by. Fills link and near of `out` and leaves
 * its readings alone. E_NOT_FOUND when the linker does not know the death. */
MUST_USE enum status case_links_read(struct world *w, const struct case_places *places,
                                     const struct record_id *death, const struct case_links_options *o,
                                     struct arena *a, struct case_context *out, struct err *e);

#endif
