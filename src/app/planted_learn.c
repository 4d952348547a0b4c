/* Lessons for a second look: of the nearest of every death, as they stood when it was considered, those of
 * one series and some of the others. */
#include "app/planted_trial.h"

#include "base/hash.h"
#include "model/kinds.h"

/* The same draw in every run of the seed. */
static bool is_kept(uint64_t seed, uint32_t event, uint32_t other, int64_t at_ms)
{
    return hash64_mix(hash64_mix(seed, (uint64_t)event << 32 | other), (uint64_t)at_ms) %
               LESSONS_OTHERS_PART ==
           0;
}

bool trial_looks_at(const struct trial *t, uint32_t x, uint32_t y)
{
    return t->o->look != NULL && world_event_id(t->world, x)->kind == KIND_DEATH &&
           world_event_id(t->world, y)->kind == KIND_DEATH && alarm_may_tie(t->world, x, y);
}

void trial_learn_event(struct trial *t, uint32_t event, const struct hit *nearest, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Str name[2] = {world_event_id(t->world, event)->id, world_event_id(t->world, nearest[i].event)->id};
        struct truth_pairs p = truth_pairs(&t->truth, name, 2);
        struct lesson lesson = {.linked = p.series > 0};
        if (p.benign > 0 ||
            (!lesson.linked && !is_kept(t->seed, event, nearest[i].event, world_now_ms(t->world))))
            continue;
        if (!trial_looks_at(t, event, nearest[i].event)) continue;
        double value[LOOK_MEASURES];
        look_measure(t->world, event, nearest[i].event, value);
        for (int m = 0; m < LOOK_MEASURES; m++)
            lesson.value[m] = (float)value[m];
        lessons_add(&t->lessons, lesson);
    }
}
