#include "app/group_watch.h"

#include "app/group_watch_internal.h"
#include "app/words.h"
#include "base/alloc.h"
#include "model/feed.h"
#include "model/kinds.h"

#include <stdio.h>

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
    g->mixes = table_new(KEYS_MAX);
    g->people = table_new(KEYS_MAX);
    (void)table_intern(g->words, S(""));
    return g;
}

void group_watch_free(struct group_watch *g)
{
    if (g == NULL) return;
    table_free(g->place);
    table_free(g->words);
    table_free(g->mixes);
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

/* Most changes leave the people as they are: the arena only grows when they are more. */
static void parts_take(struct group_watch *g, const struct world *w, struct watched_death *d)
{
    struct event_person person[PARTS_MAX];
    size_t count = world_event_people(w, d->event, person, PARTS_MAX);
    d->parts = count < PARTS_MAX ? count : PARTS_MAX;
    if (d->parts > d->parts_room) {
        d->parts_room = d->parts;
        d->part = NEW_ARRAY(g->arena, struct watched_part, d->parts);
    }
    for (size_t i = 0; i < d->parts; i++)
        d->part[i] =
            (struct watched_part){person_number(g, person[i].person), table_intern(g->words, person[i].role)};
}

static uint32_t mix_number(struct group_watch *g, const struct watched_death *d)
{
    char key[64];
    int n = snprintf(key, sizeof key, "%u|%u|%u", d->unit, d->sex, d->mechanism);
    return table_intern(g->mixes, (Str){key, (size_t)n});
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
    d->mix = mix_number(g, d);
    parts_take(g, w, d);
}

/* ---- looking ----------------------------------------------------------------------------------------- */

void group_found(struct group_look *l, const struct detection *d, const uint32_t *event_of_row, Str words)
{
    if (d->count < GROUP_LEAST || d->count > GROUP_MOST) return;
    ARENA_ROOM(l->a, l->found, l->room, l->count + 1, 16);
    l->found[l->count++] = (struct found_group){d, event_of_row, words};
}

Str group_mechanism_words(const struct group_look *l, uint32_t mechanism)
{
    Str code = table_key(l->g->words, mechanism);
    return words_code(l->a, l->g->policy, kind_of(KIND_DEATH), death_field_mechanism, code);
}

enum status group_watch_look(const struct group_watch *g, int64_t day, double every_weeks, struct arena *a,
                             const struct found_group **out, size_t *count, struct err *e)
{
    struct group_look l = {.g = g, .day = day, .every_weeks = every_weeks, .a = a};
    TRY(group_clusters(&l, e));
    TRY(group_rates(&l, e));
    TRY(group_people(&l, e));
    *out = l.found;
    *count = l.count;
    return OK;
}
