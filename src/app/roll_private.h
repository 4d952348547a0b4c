/* What the files of the roll share. */
#ifndef APP_ROLL_PRIVATE_H
#define APP_ROLL_PRIVATE_H

#include "app/roll.h"

#include <pthread.h>

struct roll_entry {
    struct roll_death death;
    char *texts;           /* one block for all its texts */
    int64_t classified_ms; /* of the latest classify decision; INT64_MIN: none */
    Str classified, first_category;
};

/* In force or not, they keep their place: a later line changes the row. Keys are roll_key. */
struct roll_restriction {
    struct str_list event, officer, unit;
    bool in_force;
};
struct roll_conflict {
    Str officer;
    struct str_list with;
    bool in_force;
};
/* A person's part in an event: numbers of `key`. */
struct roll_part {
    uint32_t event, person;
};

/* Units, officers and what bars people: few, so that an old version of a row may stay in the arena until
 * everything is read anew. */
struct roll_people {
    struct arena *arena;
    struct table *place; /* "kind ns:id" -> place in its list + 1 */
    struct table *key;   /* interned */
    struct roll_officer *officer;
    struct roll_unit *unit;
    struct roll_restriction *restriction;
    struct roll_conflict *conflict;
    struct roll_part *part;
    size_t officers, officer_room, units, unit_room, restrictions, restriction_room, conflicts, conflict_room,
        parts, part_room;
};

struct roll {
    pthread_rwlock_t lock;
    _Atomic uint64_t seq;
    pthread_mutex_t following; /* one at a time; taken before the lock */
    bool bars_changed;         /* a restriction came: the deaths are to be marked again */
    bool stale;                /* something went on which others rest: everything is read anew */
    struct table *by_key;      /* "ns:id" of a death -> place + 1 */
    struct table *by_word;     /* reference, or id alone -> place + 1; 0: several have it */
    struct table *category;
    struct name_index *names; /* of those that are not gone, by place */
    struct roll_entry *entry;
    size_t count, room;
    pthread_mutex_t time_mutex;
    uint32_t *by_time;
    size_t timed, time_room; /* how many are in by_time; 0: to be sorted */
    struct roll_people people;
    struct arena *scratch; /* of the row that is being taken */
};

void people_init(struct roll_people *p);
void people_done(struct roll_people *p);
/* Takes a row of officer, unit, restriction, conflict or involvement. True: something is gone, read all anew.
 */
bool people_take(struct roll_people *p, const struct row_now *row);
/* Calls for each event that is restricted. */
void people_each_restricted(const struct roll_people *p, void (*visit)(void *state, Str key), void *state);

#endif
