/* What pairs cannot see, once a night: clusters, rates and people in common, priced by the alarm and told as
 * links of their own. */
#include "app/live_private.h"

#include "base/caldate.h"

#define LOOK_BYTES_MAX ((size_t)8 << 30)

/* Keeps of a finding what outlives the look. */
static void finding_of(struct side *s, const struct alert *al, Str words, struct outcome *o)
{
    struct link_measure m = {.strongest_db = 0};
    struct found_link *f = finding_add(o, s->open, al, false);
    f->group = true;
    f->series = al->group;
    f->words = str_copy(o->a, words);
    if (side_measure(s, f->member, f->count, &m)) f->weight_db = m.strongest_db;
}

/* Between a restriction and the world without it a night may fall. */
static bool touches(struct side *s, const struct restricted *r, const struct found_group *f)
{
    for (size_t i = 0; i < f->detection->count; i++)
        if (restricted_has(r, world_event_id(s->open, f->event_of_row[f->detection->member[i]]))) return true;
    return false;
}

/* One of each kind a night, the rarest: before the first one a detector has no history that could price what
 * has stood out for long, and all of it would be told at once. */
static void price(struct side *s, const struct restricted *r, const struct found_group *found, size_t count,
                  struct outcome *o, struct arena *a)
{
    struct alert al;
    bool told[DETECTION_EXPOSURE + 1] = {false};
    for (size_t i = 0; i < count; i++) {
        bool *first = &told[found[i].detection->kind];
        if (*first || touches(s, r, &found[i]) ||
            !alarm_take(s->alarm, s->open, found[i].detection, found[i].event_of_row, a, &al))
            continue;
        finding_of(s, &al, found[i].words, o);
        *first = true;
    }
}

enum status side_look_for_groups(struct side *s, const struct restricted *r, int64_t midnight_ms,
                                 pthread_mutex_t *world_lock, struct outcome *o, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("a look for groups", LOOK_BYTES_MAX);
    const struct found_group *found = NULL;
    size_t count = 0;
    /* only the caller changes what is looked at: readers of pages need not wait for the shuffles */
    enum status status =
        group_watch_look(s->groups, caldate_day_of(midnight_ms), 1.0 / 7, a, &found, &count, e);
    pthread_mutex_lock(world_lock);
    price(s, r, found, count, o, a);
    pthread_mutex_unlock(world_lock);
    return status;
}
