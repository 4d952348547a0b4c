/* What the watch keeps of every death, shared by the three that look at it. Inside app only. */
#ifndef APP_GROUP_WATCH_INTERNAL_H
#define APP_GROUP_WATCH_INTERNAL_H

#include "app/group_watch.h"
#include "base/table.h"
#include "model/policy.h"

/* One with a part in a death: numbers in the watch's tables. */
struct watched_part {
    uint32_t person, role;
};

struct watched_death {
    uint32_t event;
    int32_t day; /* INT32_MIN: not known */
    double lat, lon;
    bool placed, unexplained;
    uint32_t mechanism, sex, unit; /* words; 0: not given */
    Str name;
    struct watched_part *part;
    size_t parts, parts_room;
};

struct group_watch {
    const struct policy *policy;
    size_t threads;
    struct arena *arena;
    struct watched_death *death; /* in the order of first sight */
    size_t deaths, room;
    struct table *place;  /* event -> its place in `death` + 1 */
    struct table *words;  /* codes and units; "" is 0 */
    struct table *people; /* "P-1", "cook:P-1" */
};

/* A look: what it is asked for, and where what is found goes. */
struct group_look {
    const struct group_watch *g;
    const struct watched_death **death; /* those of before `day`, by day and name */
    size_t deaths;
    int64_t day;
    double every_weeks;
    struct arena *a;
    struct found_group *found;
    size_t count, room;
};
/* Is a death of the look one of its last year? */
bool group_in_year(const struct group_look *l, const struct watched_death *d);
/* Keeps it, unless it is too small. key: a hash of what it is about, the same on every night and after every
 * start. Of many members only the last are kept. */
void group_found(struct group_look *l, struct detection *d, const uint32_t *event_of_row, uint64_t key,
                 Str words);
/* Before it is put into words: what is rarer than people have words for. */
void group_cap(struct detection *d);
/* The word of a code for people: "drug overdose". */
Str group_mechanism_words(const struct group_look *l, uint32_t mechanism);

/* Days that a look goes back. */
#define GROUP_YEAR_DAYS 364
/* How many deaths a group has at least, and how many of them are listed: nobody works through more. */
#define GROUP_LEAST 3
#define GROUP_MOST  24
/* What chance brings more often is not worth being priced. */
#define GROUP_WEEKS_MIN  1.0
#define GROUP_WEEKS_MOST 52177.5 /* a thousand years */

MUST_USE enum status group_clusters(struct group_look *l, struct err *e);
MUST_USE enum status group_rates(struct group_look *l, struct err *e);
MUST_USE enum status group_people(struct group_look *l, struct err *e);

#endif
