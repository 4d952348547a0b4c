#include "app/sight.h"

#define KEY_BYTES_MAX 1024

struct sight {
    const struct roll *roll;
    struct viewer viewer;
    struct table *conflicted; /* keys of events; NULL: none */
};

struct sight *sight_new(const struct roll *r, const struct viewer *viewer, struct arena *a)
{
    struct sight *s = NEW(a, struct sight);
    *s = (struct sight){.roll = r, .viewer = *viewer, .conflicted = table_new(UINT32_MAX)};
    roll_conflicts(r, viewer->officer, s->conflicted);
    if (table_count(s->conflicted) == 0) sight_done(s);
    return s;
}

void sight_done(struct sight *s)
{
    table_free(s->conflicted);
    s->conflicted = NULL;
}

static bool is_conflicted(const struct sight *s, const struct record_id *event)
{
    struct buf key CLEANUP_BUF = {0};
    if (s->conflicted == NULL) return false;
    buf_init(&key, KEY_BYTES_MAX);
    return table_find(s->conflicted, roll_key(event, &key)) != NULL;
}

/* Before unit and role: SIGHT_NONE bars, SIGHT_REASON: restricted, and the viewer is cleared. */
static enum sight_level bars(const struct sight *s, const struct record_id *event, bool restricted)
{
    if (ROLES[s->viewer.role].scope == SCOPE_NONE || is_conflicted(s, event)) return SIGHT_NONE;
    if (!restricted) return SIGHT_FULL;
    return roll_is_cleared(s->roll, event, s->viewer.officer, s->viewer.unit) ? SIGHT_REASON : SIGHT_NONE;
}

static bool is_own(const struct sight *s, const struct roll_death *d)
{
    return ROLES[s->viewer.role].scope == SCOPE_FORCE ||
           (!str_empty(s->viewer.unit) && str_eq(s->viewer.unit, d->unit));
}

enum sight_level sight_of_death(const struct sight *s, const struct roll_death *d)
{
    if (d->gone) return SIGHT_NONE;
    enum sight_level level = bars(s, &d->id, d->restricted);
    return level == SIGHT_FULL && !is_own(s, d) ? SIGHT_REASON : level;
}

enum sight_level sight_of(const struct sight *s, const struct record_id *event)
{
    if (event->kind == KIND_DEATH) {
        uint32_t at = roll_find(s->roll, event);
        return at == ROLL_NONE ? SIGHT_NONE : sight_of_death(s, roll_death(s->roll, at));
    }
    return bars(s, event, roll_is_restricted(s->roll, event));
}

bool sight_lists(const struct sight *s, const struct roll_death *d)
{
    enum sight_level level = sight_of_death(s, d);
    return level == SIGHT_FULL || (level == SIGHT_REASON && d->restricted);
}

bool sight_may_see(void *sight, const struct record_id *event)
{
    return sight_of(sight, event) != SIGHT_NONE;
}
