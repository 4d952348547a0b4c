/* People who had a part in more deaths of the last year than others of their role who are known as long: a
 * funnel for each role. */
#include "app/group_watch_internal.h"
#include "app/words.h"
#include "base/hash.h"
#include "model/kinds.h"
#include "scan/exposure.h"

#define WEEKS_MAX 52
#define WEEKS_MIN 13 /* whoever is new is reckoned with a quarter of a year */
#define KEYS_MAX  ((size_t)1 << 28)
#define RATIO     2.0 /* of the sequence, which is not asked here */

/* Rows are first everybody's time, then the deaths they had a part in. */
struct people {
    struct group_look *l;
    uint32_t role;
    struct table *number; /* of a person among those of the role */
    uint32_t *person;     /* by number, and the first day they were known on */
    int32_t *first_day;
    size_t person_room, day_room;
    size_t parts; /* in deaths of the year */
    struct exposure_input in;
    uint32_t *event; /* of each row */
};

static size_t number_of(struct people *p, uint32_t person, int32_t day)
{
    bool fresh;
    uint64_t *at = table_at_number(p->number, person, &fresh);
    if (fresh) {
        size_t n = table_count(p->number) - 1;
        ARENA_ROOM(p->l->a, p->person, p->person_room, n + 1, 1024);
        ARENA_ROOM(p->l->a, p->first_day, p->day_room, n + 1, 1024);
        p->person[n] = person;
        p->first_day[n] = day;
        *at = n;
    }
    return (size_t)*at;
}

static void find_people_of_role(struct people *p)
{
    const struct group_look *l = p->l;
    for (size_t i = 0; i < l->deaths; i++) {
        const struct watched_death *d = l->death[i];
        for (size_t k = 0; k < d->parts; k++) {
            if (d->part[k].role != p->role) continue;
            size_t n = number_of(p, d->part[k].person, d->day);
            if (d->day < p->first_day[n]) p->first_day[n] = d->day;
            p->parts += group_in_year(l, d);
        }
    }
}

/* The time of a person is how long they are known in the role, a year at most. */
static enum status fill_rows(struct people *p, struct err *e)
{
    const struct group_look *l = p->l;
    struct arena *a = l->a;
    size_t people = table_count(p->number), room = people + p->parts, n = people;
    uint32_t *subject = NEW_ARRAY(a, uint32_t, room + 1);
    int64_t *day = NEW_ARRAY(a, int64_t, room + 1);
    double *count = NEW_ARRAY(a, double, room + 1), *weeks = NEW_ARRAY(a, double, room + 1), *expected;
    p->event = NEW_ARRAY(a, uint32_t, room + 1);
    for (size_t i = 0; i < people; i++) {
        double known = (double)(l->day - p->first_day[i]) / 7;
        subject[i] = (uint32_t)i;
        day[i] = l->day - GROUP_YEAR_DAYS;
        weeks[i] = known < WEEKS_MIN ? WEEKS_MIN : known > WEEKS_MAX ? WEEKS_MAX : known;
    }
    for (size_t i = 0; i < l->deaths; i++) {
        const struct watched_death *d = l->death[i];
        for (size_t k = 0; group_in_year(l, d) && k < d->parts; k++) {
            if (d->part[k].role != p->role) continue;
            subject[n] = (uint32_t)number_of(p, d->part[k].person, d->day);
            day[n] = d->day;
            p->event[n] = d->event;
            count[n++] = 1;
        }
    }
    p->in = (struct exposure_input){
        .rows = n, .subject = subject, .subjects = people, .day = day, .count = count};
    TRY(exposure_expect(n, weeks, count, NULL, a, &expected, e));
    p->in.expected = expected;
    return OK;
}

static void tell(struct people *p, struct detection *d)
{
    struct arena *a = p->l->a;
    const struct group_watch *g = p->l->g;
    Str who = table_key(g->people, p->person[d->subject]), role = table_key(g->words, p->role);
    Str part = words_code(a, g->policy, kind_of(KIND_INVOLVEMENT), involvement_field_role, role);
    uint64_t key = hash64_mix(hash64(who), hash64(role));
    group_cap(d);
    Str often = detection_recurrence(a, d->recurrence_weeks);
    group_found(p->l, d, p->event, key,
                str_format(a,
                           "Person %.*s, %.*s: a part in %zu deaths of the last year, where %.1f would be "
                           "expected of somebody known as long in that role; by chance %sonce in %.*s.",
                           STR_ARG(who), STR_ARG(part), d->count, d->expected, d->rarer ? "less than " : "",
                           STR_ARG(often)));
}

static enum status look_at_role(struct people *p, struct err *e)
{
    struct exposure_result result;
    size_t count;
    find_people_of_role(p);
    if (p->parts < GROUP_LEAST) return OK;
    TRY(fill_rows(p, e));
    TRY(exposure_measure(&p->in, RATIO, p->l->a, &result, e));
    struct detection *d =
        exposure_detections(&p->in, &result, EXPOSURE_WHOLE, GROUP_WEEKS_MIN, p->l->a, &count);
    for (size_t i = 0; i < count; i++)
        tell(p, &d[i]);
    return OK;
}

static bool *roles_of(const struct group_look *l)
{
    bool *is_role = NEW_ARRAY(l->a, bool, table_count(l->g->words));
    for (size_t i = 0; i < l->deaths; i++)
        for (size_t k = 0; k < l->death[i]->parts; k++)
            is_role[l->death[i]->part[k].role] = true;
    return is_role;
}

enum status group_people(struct group_look *l, struct err *e)
{
    const bool *is_role = roles_of(l);
    enum status status = OK;
    for (uint32_t role = 1; role < table_count(l->g->words) && status == OK; role++) {
        if (!is_role[role]) continue;
        struct people p = {.l = l, .role = role, .number = table_new(KEYS_MAX)};
        status = look_at_role(&p, e);
        table_free(p.number);
    }
    return status;
}
