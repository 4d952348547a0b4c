/* Who may see which event: by role and unit, by restriction, by conflict of interest. What may not be seen is
 * as if it were not there: no list, no count, no hint, 404. Pure over the roll. */
#ifndef APP_SIGHT_H
#define APP_SIGHT_H

#include "app/roll.h"
#include "model/permission.h"

struct viewer {
    enum role role;    /* acted in */
    Str officer, unit; /* record ids, "" for none */
};

enum sight_level {
    SIGHT_NONE,   /* as if it were not there */
    SIGHT_REASON, /* another unit's, or restricted and cleared: once a reason was given */
    SIGHT_FULL,
};

struct sight;
/* For one request; between roll_hold and roll_release. Lives in `a`. */
struct sight *sight_new(const struct roll *r, const struct viewer *viewer, struct arena *a);
void sight_done(struct sight *s); /* frees what is not in the arena; repeated calls are allowed */

/* A death or an incident. An incident is of no unit: whoever sees deaths sees it, unless it is barred. */
enum sight_level sight_of(const struct sight *s, const struct record_id *event);
enum sight_level sight_of_death(const struct sight *s, const struct roll_death *d);

/* In lists and counts: everything that the viewer's role brings with it, and restricted ones they are cleared
 * for. */
bool sight_lists(const struct sight *s, const struct roll_death *d);
/* As a filter: state is a struct sight. In hints and links: not SIGHT_NONE. */
bool sight_may_see(void *sight, const struct record_id *event);

#endif
