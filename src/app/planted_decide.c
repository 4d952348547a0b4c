/* What a force does with the alerts of a trial: one that names a planted series is decided as linked some
 * days later, and from then on not counted in the price (link/alert.h). Everything else stays undecided, and
 * counts as chance. */
#include "app/planted_trial.h"

#include "base/alloc.h"
#include "base/caldate.h"

void trial_decide_later(struct trial *t, size_t budget, const uint32_t *member, size_t count)
{
    if (t->o->decided_days == 0) return;
    t->decision = alloc_room(t->decision, &t->decision_room, t->decisions, sizeof *t->decision);
    struct trial_decision *d = &t->decision[t->decisions++];
    *d = (struct trial_decision){.budget = budget, .count = count};
    d->due_ms = world_now_ms(t->world) + (int64_t)t->o->decided_days * MS_PER_DAY;
    d->member = NEW_ARRAY(t->arena, uint32_t, count);
    for (size_t i = 0; i < count; i++)
        d->member[i] = member[i];
}

void trial_decide_due(struct trial *t)
{
    for (; t->decided < t->decisions; t->decided++) {
        const struct trial_decision *d = &t->decision[t->decided];
        if (d->due_ms > world_now_ms(t->world)) return;
        alarm_decided(t->alarm[d->budget], d->member, d->count);
    }
}
