/* People who had a part in more deaths of the last year than others of their role who are known as long. */
#include "app/group_watch_internal.h"
#include "scan/exposure.h"

#define WEEKS_MAX 52
#define WEEKS_MIN 13 /* whoever is new is reckoned with a quarter of a year */
#define KEYS_MAX  ((size_t)1 << 28)
#define RATIO     2.0 /* of the sequence, which is not asked here */

/* Rows are first the time of everyone in each of their roles, then the deaths they had a part in. */
struct people {
    struct group_look *l;
    struct table *pairs; /* of person and role -> number */
    int32_t *first_day;  /* of each pair, its person and role */
    uint32_t *person, *role;
    size_t pair_room[3];
    size_t parts; /* in deaths of the year */
    struct exposure_input in;
    uint32_t *event; /* of each row */
};

static bool is_known(const struct group_look *l, const struct watched_death *d)
{
    return d->day != INT32_MIN && d->day < l->day;
}

static bool in_year(const struct group_look *l, const struct watched_death *d)
{
    return is_known(l, d) && d->day >= l->day - GROUP_YEAR_DAYS;
}

static size_t pair_of(struct people *p, const struct watched_part *part, int32_t day)
{
    bool fresh;
    uint64_t *at = table_at_number(p->pairs, (uint64_t)part->person << 32 | part->role, &fresh);
    size_t pair = table_count(p->pairs) - 1;
    if (!fresh) return (size_t)*at;
    *at = pair;
    ARENA_ROOM(p->l->a, p->first_day, p->pair_room[0], pair + 1, 1024);
    ARENA_ROOM(p->l->a, p->person, p->pair_room[1], pair + 1, 1024);
    ARENA_ROOM(p->l->a, p->role, p->pair_room[2], pair + 1, 1024);
    p->first_day[pair] = day;
    p->person[pair] = part->person;
    p->role[pair] = part->role;
    return pair;
}

static void find_pairs(struct people *p)
{
    const struct group_watch *g = p->l->g;
    for (size_t i = 0; i < g->deaths; i++) {
        const struct watched_death *d = &g->death[i];
        if (!is_known(p->l, d)) continue;
        for (size_t k = 0; k < d->parts; k++) {
            size_t pair = pair_of(p, &d->part[k], d->day);
            if (d->day < p->first_day[pair]) p->first_day[pair] = d->day;
        }
        if (in_year(p->l, d)) p->parts += d->parts;
    }
}

/* The time of a pair is what its person was known for in the role, a year at most. */
static enum status fill_rows(struct people *p, struct err *e)
{
    const struct group_watch *g = p->l->g;
    struct arena *a = p->l->a;
    size_t pairs = table_count(p->pairs), room = pairs + p->parts, n = pairs;
    uint32_t *subject = NEW_ARRAY(a, uint32_t, room + 1), *stratum = NEW_ARRAY(a, uint32_t, room + 1);
    int64_t *day = NEW_ARRAY(a, int64_t, room + 1);
    double *count = NEW_ARRAY(a, double, room + 1), *weeks = NEW_ARRAY(a, double, room + 1), *expected;
    p->event = NEW_ARRAY(a, uint32_t, room + 1);
    for (size_t i = 0; i < pairs; i++) {
        double known = (double)(p->l->day - p->first_day[i]) / 7;
        subject[i] = p->person[i];
        stratum[i] = p->role[i];
        day[i] = p->l->day - GROUP_YEAR_DAYS;
        weeks[i] = known < WEEKS_MIN ? WEEKS_MIN : known > WEEKS_MAX ? WEEKS_MAX : known;
    }
    for (size_t i = 0; i < g->deaths; i++) {
        const struct watched_death *d = &g->death[i];
        for (size_t k = 0; in_year(p->l, d) && k < d->parts; k++) {
            subject[n] = d->part[k].person;
            stratum[n] = d->part[k].role;
            day[n] = d->day;
            p->event[n] = d->event;
            count[n++] = 1;
        }
    }
    p->in = (struct exposure_input){
        .rows = n, .subject = subject, .subjects = table_count(g->people), .day = day, .count = count};
    TRY(exposure_expect(n, weeks, count, stratum, a, &expected, e));
    p->in.expected = expected;
    return OK;
}

static enum status find_people(struct people *p, struct err *e)
{
    struct group_look *l = p->l;
    struct exposure_result result;
    size_t count;
    find_pairs(p);
    if (p->parts == 0) return OK;
    TRY(fill_rows(p, e));
    TRY(exposure_measure(&p->in, RATIO, l->a, &result, e));
    struct detection *d = exposure_detections(&p->in, &result, EXPOSURE_WHOLE, GROUP_WEEKS_MIN, l->a, &count);
    for (size_t i = 0; i < count; i++) {
        Str who = table_key(l->g->people, d[i].subject);
        Str words = detection_sentence(l->a, &d[i], str_format(l->a, "Person %.*s", STR_ARG(who)));
        group_found(l, &d[i], p->event, str_format(l->a, "%.*s.", STR_ARG(words)));
    }
    return OK;
}

enum status group_people(struct group_look *l, struct err *e)
{
    struct people p = {.l = l, .pairs = table_new(KEYS_MAX)};
    enum status status = find_people(&p, e);
    table_free(p.pairs);
    return status;
}
