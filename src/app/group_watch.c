#include "app/group_watch.h"

#include "app/group_watch_internal.h"
#include "app/words.h"
#include "base/alloc.h"
#include "model/feed.h"
#include "model/kinds.h"

#include <stdio.h>
#include <stdlib.h>

#define WATCH_BYTES_MAX ((size_t)4 << 30)
#define KEYS_MAX        ((size_t)1 << 28)
#define PARTS_MAX       64 /* people of one death that are kept */
#define KEY_BYTES       700

struct group_watch *group_watch_new(const struct policy *policy, size_t threads)
{
    struct group_watch *g = alloc_zero(1, sizeof *g);
    g->policy = policy;
    g->threads = threads;
    g->arena = arena_new("deaths that are watched for groups", WATCH_BYTES_MAX);
    g->place = table_new(KEYS_MAX);
    g->words = table_new(KEYS_MAX);
    g->people = table_new(KEYS_MAX);
    (void)table_intern(g->words, S(""));
    return g;
}

void group_watch_free(struct group_watch *g)
{
    if (g == NULL) return;
    table_free(g->place);
    table_free(g->words);
    table_free(g->people);
    arena_free(g->arena);
    alloc_free(g->death);
    alloc_free(g);
}

size_t group_watch_deaths(const struct group_watch *g)
{
    return g->deaths;
}

/* ---- taking ------------------------------------------------------------------------------------------ */

/* Certified as undetermined, or still being investigated and not certified. */
static bool is_unexplained(const struct death *d)
{
    if (str_eq(d->manner, S("undetermined"))) return true;
    bool certified = str_present(d->manner) && !str_eq(d->manner, S("pending"));
    return !certified && str_eq(d->category, S("unexpected_investigating")) &&
           !str_eq(d->explanation_verified, S("yes"));
}

/* "P-1", of another namespace "cook:P-1". */
static uint32_t person_number(struct group_watch *g, const struct record_id *person)
{
    char key[KEY_BYTES];
    bool own = str_eq(person->ns, S(NAMESPACE_DEFAULT));
    int n = snprintf(key, sizeof key, "%.*s%s%.*s", STR_ARG(own ? S("") : person->ns), own ? "" : ":",
                     STR_ARG(person->id));
    MUST(n > 0);
    return table_intern(g->people, (Str){key, (size_t)n < sizeof key ? (size_t)n : sizeof key - 1});
}

static bool has_person(const struct watched_death *d, uint32_t person)
{
    for (size_t i = 0; i < d->parts; i++)
        if (d->part[i].person == person) return true;
    return false;
}

/* Each person once, in the first of their parts; not the dead, nor roles that weigh nothing by the model:
 * whose office it is to meet every death. Most changes leave the people as they are: the arena only grows
 * when they are more. */
static void parts_take(struct group_watch *g, const struct world *w, struct watched_death *d)
{
    struct event_person person[PARTS_MAX];
    size_t count = world_event_people(w, d->event, person, PARTS_MAX);
    if (count > PARTS_MAX) count = PARTS_MAX;
    if (count > d->parts_room) {
        d->parts_room = count;
        d->part = NEW_ARRAY(g->arena, struct watched_part, count);
    }
    d->parts = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t number = person_number(g, person[i].person);
        if (!(link_model_role(world_model(w), person[i].role) > 0) || has_person(d, number)) continue;
        d->part[d->parts++] = (struct watched_part){number, table_intern(g->words, person[i].role)};
    }
}

static struct watched_death *death_place(struct group_watch *g, uint32_t event)
{
    uint64_t *at = table_at_number(g->place, event, NULL);
    if (*at == 0) {
        g->death = alloc_room(g->death, &g->room, g->deaths, sizeof *g->death);
        g->death[g->deaths] = (struct watched_death){.event = event};
        *at = ++g->deaths;
    }
    return &g->death[*at - 1];
}

void group_watch_take(struct group_watch *g, const struct world *w, uint32_t event)
{
    const struct record_id *id = world_event_id(w, event);
    if (id->kind != KIND_DEATH) return;
    const struct death *r = world_event_record(w, event)->data;
    struct watched_death *d = death_place(g, event);
    if (str_empty(d->name)) d->name = str_copy(g->arena, id->id);
    d->day = INT32_MIN;
    (void)world_event_day(w, event, &d->day);
    d->placed = r->place.present;
    d->lat = r->place.lat;
    d->lon = r->place.lon;
    d->unexplained = is_unexplained(r);
    d->mechanism = table_intern(g->words, r->mechanism);
    d->sex = table_intern(g->words, r->sex);
    d->unit = table_intern(g->words, r->unit);
    parts_take(g, w, d);
}

/* ---- looking ----------------------------------------------------------------------------------------- */

/* The last of many: who works through a list begins with what is new. */
static const struct detection *with_fewer(struct arena *a, const struct detection *d)
{
    if (d->count <= GROUP_MOST) return d;
    struct detection *some = NEW(a, struct detection);
    *some = *d;
    some->member = d->member + (d->count - GROUP_MOST);
    some->count = GROUP_MOST;
    return some;
}

void group_found(struct group_look *l, struct detection *d, const uint32_t *event_of_row, uint64_t key,
                 Str words)
{
    if (d->count < GROUP_LEAST) return;
    d->subject = (uint32_t)(key >> 32);
    d->stratum = 0;
    ARENA_ROOM(l->a, l->found, l->room, l->count + 1, 16);
    l->found[l->count++] = (struct found_group){with_fewer(l->a, d), event_of_row, words};
}

void group_cap(struct detection *d)
{
    if (!(d->recurrence_weeks > GROUP_WEEKS_MOST)) return;
    d->recurrence_weeks = GROUP_WEEKS_MOST;
    d->rarer = true;
}

Str group_mechanism_words(const struct group_look *l, uint32_t mechanism)
{
    Str code = table_key(l->g->words, mechanism);
    return words_code(l->a, l->g->policy, kind_of(KIND_DEATH), death_field_mechanism, code);
}

/* Deaths are met in another order after a start: shuffles must not know it. */
static int compare_deaths(const void *x, const void *y)
{
    const struct watched_death *const *a = x, *const *b = y;
    if ((*a)->day != (*b)->day) return (*a)->day < (*b)->day ? -1 : 1;
    int names = str_compare((*a)->name, (*b)->name);
    return names != 0 ? names : (*a)->event < (*b)->event ? -1 : (*a)->event > (*b)->event;
}

static void put_in_order(struct group_look *l)
{
    const struct group_watch *g = l->g;
    l->death = NEW_ARRAY(l->a, const struct watched_death *, g->deaths + 1);
    for (size_t i = 0; i < g->deaths; i++)
        if (g->death[i].day != INT32_MIN && g->death[i].day < l->day) l->death[l->deaths++] = &g->death[i];
    qsort(l->death, l->deaths, sizeof *l->death, compare_deaths);
}

bool group_in_year(const struct group_look *l, const struct watched_death *d)
{
    return d->day >= l->day - GROUP_YEAR_DAYS;
}

static int compare_found(const void *x, const void *y)
{
    const struct found_group *a = x, *b = y;
    double left = a->detection->recurrence_weeks, right = b->detection->recurrence_weeks;
    return left > right ? -1 : left < right ? 1 : str_compare(a->words, b->words);
}

enum status group_watch_look(const struct group_watch *g, int64_t day, double every_weeks, struct arena *a,
                             const struct found_group **out, size_t *count, struct err *e)
{
    struct group_look l = {.g = g, .day = day, .every_weeks = every_weeks, .a = a};
    put_in_order(&l);
    enum status (*const look[])(struct group_look *, struct err *) = {group_clusters, group_rates,
                                                                      group_people};
    enum status worst = OK; /* one that fails stops no other */
    for (size_t i = 0; i < COUNT_OF(look); i++) {
        struct err own = {0};
        enum status status = look[i](&l, &own);
        if (status != OK && worst == OK) *e = own;
        if (worst == OK) worst = status;
    }
    if (l.count > 1) qsort(l.found, l.count, sizeof *l.found, compare_found);
    *out = l.found;
    *count = l.count;
    return worst;
}
