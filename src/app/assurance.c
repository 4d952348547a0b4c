#include "app/assurance.h"

#include "base/caldate.h"
#include "base/rng.h"

#include <stdlib.h>

static const struct {
    const char *code, *words;
} COUNTS[ASSURE_COUNTS] = {
    [ASSURE_IN_TIME] = {"in_time", "done in time"},
    [ASSURE_LATE] = {"late", "done late"},
    [ASSURE_NOT_NEEDED] = {"not_needed", "not needed"},
    [ASSURE_OPEN] = {"open", "open, not yet due"},
    [ASSURE_OVERDUE_DAY] = {"overdue_day", "overdue, less than a day"},
    [ASSURE_OVERDUE_WEEK] = {"overdue_week", "overdue, up to a week"},
    [ASSURE_OVERDUE_MONTH] = {"overdue_month", "overdue, up to 28 days"},
    [ASSURE_OVERDUE_LONG] = {"overdue_long", "overdue, longer"},
};

const char *assurance_code(enum assurance_count c)
{
    return COUNTS[c].code;
}

const char *assurance_words(enum assurance_count c)
{
    return COUNTS[c].words;
}

static enum assurance_count count_of_item(const struct work_item *item, int64_t now_ms)
{
    if (item->state == CHECK_COMPLETED) return item->late ? ASSURE_LATE : ASSURE_IN_TIME;
    if (item->state == CHECK_NOT_NEEDED) return ASSURE_NOT_NEEDED;
    if (item->due_ms == FOREVER_MS || item->due_ms >= now_ms) return ASSURE_OPEN;
    int64_t days = (now_ms - item->due_ms) / MS_PER_DAY;
    if (days < 1) return ASSURE_OVERDUE_DAY;
    if (days < 7) return ASSURE_OVERDUE_WEEK;
    return days < 28 ? ASSURE_OVERDUE_MONTH : ASSURE_OVERDUE_LONG;
}

/* The death, if it is counted; NULL: not judged, not seen, or not of the period. */
static const struct roll_death *counted(const struct assurance_ask *ask, const struct work_case *c)
{
    if (!c->judged || c->gone) return NULL;
    uint32_t at = roll_find(ask->roll, &c->death);
    if (at == ROLL_NONE) return NULL;
    const struct roll_death *d = roll_death(ask->roll, at);
    bool within = (ask->from_ms == INT64_MIN || d->when_ms >= ask->from_ms) &&
                  (ask->until_ms == INT64_MAX || d->when_ms < ask->until_ms);
    return within && sight_lists(ask->sight, d) ? d : NULL;
}

static bool seen(const struct assurance_ask *ask, const struct work_case *c, const struct work_item *item)
{
    return item->about == WORK_NONE || sight_of(ask->sight, &c->event[item->about]) != SIGHT_NONE;
}

/* ---- by unit ---------------------------------------------------------------------------------------- */

struct units {
    struct assurance_unit *item;
    size_t count, room;
};

static struct assurance_unit *unit_of(struct units *u, struct arena *a, Str code)
{
    for (size_t i = 0; i < u->count; i++)
        if (str_eq(u->item[i].unit, code)) return &u->item[i];
    ARENA_ROOM(a, u->item, u->room, u->count + 1, 16);
    u->item[u->count] = (struct assurance_unit){.unit = code};
    return &u->item[u->count++];
}

static void case_count(const struct assurance_ask *ask, const struct work_case *c,
                       struct assurance_unit *unit)
{
    unit->deaths++;
    unit->challenged += c->challenged;
    unit->returned += c->returned;
    for (size_t i = 0; i < c->items; i++) {
        const struct work_item *item = &c->item[i];
        Str check = ask->pack->check[item->check].id;
        if (!seen(ask, c, item)) continue;
        unit->count[count_of_item(item, ask->now_ms)]++;
        if (str_eq(check, S("supervisor_review"))) {
            unit->review_asked++;
            unit->reviewed += item->state == CHECK_COMPLETED;
        }
        if (str_eq(check, S("supervisor_attended"))) {
            unit->attend_asked++;
            unit->attended += item->state == CHECK_COMPLETED;
        }
    }
}

static int compare_units(const void *left, const void *right)
{
    const struct assurance_unit *a = left, *b = right;
    return str_compare(a->unit, b->unit);
}

size_t assurance_units(const struct assurance_ask *ask, struct arena *a, struct assurance_unit **out)
{
    struct units u = {0};
    for (size_t i = 0; i < work_cases(ask->work); i++) {
        const struct work_case *c = work_case(ask->work, i);
        const struct roll_death *d = counted(ask, c);
        if (d != NULL) case_count(ask, c, unit_of(&u, a, d->unit));
    }
    if (u.count > 1) qsort(u.item, u.count, sizeof *u.item, compare_units);
    *out = u.item;
    return u.count;
}

/* ---- behind a count --------------------------------------------------------------------------------- */

static int compare_lines(const void *left, const void *right)
{
    const struct assurance_line *a = left, *b = right;
    if (a->death->when_ms != b->death->when_ms) return a->death->when_ms > b->death->when_ms ? -1 : 1;
    int order = record_id_compare(&a->death->id, &b->death->id);
    if (order != 0) return order;
    return a->item < b->item ? -1 : a->item > b->item;
}

size_t assurance_lines(const struct assurance_ask *ask, Str unit, const struct check *check, unsigned counts,
                       size_t from, size_t most, struct arena *a, struct assurance_line **out, size_t *all)
{
    struct assurance_line *line = NULL;
    size_t count = 0, room = 0;
    for (size_t i = 0; i < work_cases(ask->work); i++) {
        const struct work_case *c = work_case(ask->work, i);
        const struct roll_death *d = counted(ask, c);
        if (d == NULL || (!str_empty(unit) && !str_eq(unit, d->unit))) continue;
        for (size_t n = 0; n < c->items; n++) {
            const struct work_item *item = &c->item[n];
            if (check != NULL && &ask->pack->check[item->check] != check) continue;
            if (!(counts >> count_of_item(item, ask->now_ms) & 1U) || !seen(ask, c, item)) continue;
            ARENA_ROOM(a, line, room, count + 1, 64);
            line[count++] = (struct assurance_line){d, item};
        }
    }
    if (count > 1) qsort(line, count, sizeof *line, compare_lines);
    *all = count;
    if (from > count) from = count;
    *out = line + from;
    return count - from < most ? count - from : most;
}

/* ---- a sample --------------------------------------------------------------------------------------- */

static int compare_deaths(const void *left, const void *right)
{
    const struct roll_death *const *a = left, *const *b = right;
    return record_id_compare(&(*a)->id, &(*b)->id);
}

size_t assurance_sample(const struct assurance_ask *ask, Str unit, uint64_t seed, size_t most,
                        struct arena *a, const struct roll_death ***out, size_t *of)
{
    const struct roll_death **list = NEW_ARRAY(a, const struct roll_death *, work_cases(ask->work) + 1);
    struct rng rng;
    size_t count = 0;
    rng_seed(&rng, seed);
    for (size_t i = 0; i < work_cases(ask->work); i++) {
        const struct roll_death *d = counted(ask, work_case(ask->work, i));
        if (d != NULL && (str_empty(unit) || str_eq(unit, d->unit))) list[count++] = d;
    }
    if (count > 1) qsort(list, count, sizeof *list, compare_deaths);
    size_t drawn = most < count ? most : count;
    /* Fisher and Yates, as far as it is needed */
    for (size_t i = 0; i < drawn; i++) {
        size_t k = i + (size_t)rng_below(&rng, count - i);
        const struct roll_death *swap = list[i];
        list[i] = list[k];
        list[k] = swap;
    }
    *out = list;
    *of = count;
    return drawn;
}
