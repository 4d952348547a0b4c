/* Clusters, rates and people in common in a trial: looked for once a week, in the stream of both alarms. */
#include "app/planted_trial.h"

#include "base/caldate.h"

#define LOOK_BYTES_MAX ((size_t)4 << 30)

static void listen(struct trial *t, const struct found_group *f, size_t count, struct arena *a)
{
    struct alert al;
    for (size_t i = 0; i < count; i++)
        for (size_t b = 0; b < PLANTED_BUDGETS; b++)
            if (alarm_take(t->alarm[b], t->world, f[i].detection, f[i].event_of_row, a, &al))
                trial_judge(t, b, &al);
}

enum status trial_look_for_groups(struct trial *t)
{
    int64_t day = caldate_day_of(world_now_ms(t->world));
    const struct found_group *found;
    size_t count;
    if (t->groups == NULL || day < t->next_look) return OK;
    t->next_look = day + 7;
    struct arena *a CLEANUP_ARENA = arena_new("a look for groups", LOOK_BYTES_MAX);
    TRY(group_watch_look(t->groups, day, 1, a, &found, &count, &t->error));
    listen(t, found, count, a);
    return OK;
}
