#include "app/death_list.h"

static bool is_asked(Str asked, Str has)
{
    return str_empty(asked) || str_eq(asked, has);
}

bool death_list_answers(const struct death_query *q, const struct roll_death *d)
{
    if (!is_asked(q->unit, d->unit) || !is_asked(q->category, d->category) ||
        !is_asked(q->setting, d->setting) || !is_asked(q->mechanism, d->mechanism) ||
        !is_asked(q->sex, d->sex))
        return false;
    if (number_present(q->age_min) && !(d->age >= q->age_min)) return false; /* an age not recorded is none */
    if (number_present(q->age_max) && !(d->age <= q->age_max)) return false;
    if (q->from_ms != INT64_MIN && d->when_ms < q->from_ms) return false;
    if (q->until_ms != INT64_MAX && d->when_ms >= q->until_ms) return false;
    return true;
}

size_t death_list_find(struct roll *r, const struct sight *sight, const struct death_query *q,
                       struct arena *a, uint32_t **out)
{
    size_t count = 0, found = 0;
    const uint32_t *all = roll_by_time(r, &count);
    *out = NEW_ARRAY(a, uint32_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct roll_death *d = roll_death(r, all[i]);
        if (death_list_answers(q, d) && sight_lists(sight, d)) (*out)[found++] = all[i];
    }
    return found;
}
