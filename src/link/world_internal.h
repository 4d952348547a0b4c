/* The insides of the linker, shared by the files of link/ and by nobody else. */
#ifndef LINK_WORLD_INTERNAL_H
#define LINK_WORLD_INTERNAL_H

#include "base/parallel.h"
#include "base/table.h"
#include "link/narrative.h"
#include "link/shelf.h"
#include "link/world.h"

#define NO_EVENT    UINT32_MAX
#define KEY_BYTES   700 /* room for a key of several parts; ids are at most 200 bytes */
#define TICK_LARGE  64  /* from so many records on, threads are worth their start */
#define SILENT_CODE 0   /* a code, an item or a value that says nothing */

/* The comparable facts of an event, small enough to run through by the hundred thousand. Code 0 is "not
 * recorded". */
struct row {
    uint16_t mechanism, setting, group;
    uint16_t code[CODE_FEATURES];
    uint64_t bits[BIT_FEATURES];
    int16_t age;              /* whole years, -1 */
    int32_t day_from, day_to; /* of `found` or `at`, days since 1970; day_from INT32_MIN: no time */
    float radius_m;
    float lat_deg, lon_deg, cos_lat; /* cos_lat 0: no place */
    uint32_t address;                /* number of the address key, 0: none; flat level */
    uint32_t building;               /* number of the building key or of the exact spot, 0: none */
    uint32_t spot;                   /* number of the exact coordinates, 0: none */
    uint32_t lists;                  /* bit per list feature: it is recorded */
};

/* A list-valued feature: substances (own and inherited), sites, terms; and identifiers. */
struct item_list {
    uint32_t *item; /* sorted */
    size_t count, room;
};

struct holding_path {
    uint32_t value; /* number of "type\x1fkey" */
    uint8_t factor; /* of the role, in percent */
    bool of_place;  /* the role is one that a place brings along */
    bool scene;     /* the event's own address */
    bool hop;
    bool alike;     /* the value is written alike, not the same: it counts where nothing stronger is shared */
    int32_t person; /* record index it comes through, -1: direct */
    Str role;
};

/* What of an event is to be read again at the tick: facts come from its own record alone, ties from others
 * too. */
enum stale { UP_TO_DATE, STALE_TIES, STALE_FACTS };

struct event {
    uint32_t record; /* index into records */
    int64_t known_ms;
    struct row row;
    struct row counted; /* as it went into the frozen counts */
    bool is_counted;
    uint8_t stale;               /* enum stale */
    bool fresh, waiting;         /* waiting: for the next midnight's counts */
    uint32_t nodes[NODE_LEVELS]; /* now; UINT32_MAX where it has none */
    uint32_t counted_nodes[NODE_LEVELS];
    struct item_list list[LIST_FEATURES]; /* direct items */
    struct item_list wide;                /* substances with their parents */
    struct item_list counted_list[LIST_FEATURES];
    struct item_list counted_wide;
    struct holding_path *path;
    size_t path_count;
    uint64_t path_digest;
};

/* Counts of one node of the tree, frozen at midnight. */
struct feature_counts {
    uint32_t recorded; /* events of the node with the feature recorded */
    uint32_t *value;
    size_t room;
};
struct node {
    uint32_t events;
    struct feature_counts feature[FEATURE_COUNT];
    uint32_t age[131];
    int32_t first_day; /* of the arrays: no event lies before it */
    uint32_t *day;     /* events by day since first_day, at their middle day */
    uint32_t *day_sum; /* sum of the days before, good up to summed */
    size_t day_room, day_sum_room, days, summed;
    uint32_t dated, placed;
};
#define WORLD_FIRST_DAY (-25567) /* 1900-01-01; earlier events count there */
#define WORLD_LAST_DAY  84370    /* 2200-12-31 */

/* Rising, no repeats. */
struct posting {
    uint32_t *event;
    size_t count, room;
};

struct record_slot {
    struct record_id id;
    const struct packed_line *last_line; /* and those before it */
    uint32_t line_count, first_source;
    struct tying *tying; /* of kinds that tie events together, once folded */
    bool folded, stale;  /* folded: there is something to be read */
    uint32_t event;      /* of deaths and incidents, else NO_EVENT */
};

struct world {
    struct arena *arena;
    const struct link_model *model;
    const struct policy *policy;
    const struct phrases *phrases; /* what narratives are read for */
    int64_t now_ms, frozen_ms;     /* frozen_ms: midnight of the counts */
    uint64_t next_seq;

    struct shelf *shelf;
    struct table *records; /* "kind\x1fns\x1fid" -> slot index + 1 */
    struct record_slot *slot;
    size_t slot_count, slot_room;

    /* who refers to whom, by "ns\x1fid" of the record referred to, whether or not it has arrived */
    struct table *event_refs, *person_refs, *holder_refs; /* -> index into refs + 1 */
    struct posting *refs; /* of slots: involvements, involvements, identifiers */
    size_t refs_count, refs_room;
    size_t threads;       /* that read the records of a large tick; 0: as many as there are cores */
    uint32_t *stale_slot; /* to fold at the tick */
    size_t stale_count, stale_room;

    struct event *event;
    size_t event_count, event_room;
    struct index *index;   /* where the nearest are found (index.h) */
    uint32_t counts_epoch; /* raised whenever counts change; from 1 */

    struct table *codes[FEATURE_COUNT]; /* word -> number from 1 */
    struct table *nodes;                /* key -> node index + 1 */
    struct node **node;
    size_t node_count, node_room;
    struct table *cells;                         /* place: (node, scale, cell) -> count */
    struct table *addresses, *buildings, *spots; /* key -> number from 1 */
    struct posting *address_events, *building_events, *spot_events;
    size_t address_room, building_room, spot_room;
    struct table *values;         /* identifiers: "type\x1fkey" -> number from 1 */
    struct posting *value_events; /* by value number */
    size_t value_room;
    struct posting
        *value_holders; /* by value number, telephones, devices, DNA: slots of identifier records */
    size_t value_holders_room;
    struct posting *list_events[LIST_FEATURES]; /* by item number; substances by wide items */
    size_t list_room[LIST_FEATURES];

    struct item_list spare[LIST_FEATURES + 1]; /* where lists are read into before they are compared */
    uint32_t *touched;                         /* events to bring up to date at the tick */
    size_t touched_count, touched_room;
    uint32_t *changed;
    size_t changed_count, changed_room;
    uint32_t *uncounted; /* events whose counted row is out of date */
    size_t uncounted_count, uncounted_room;
    struct space *space[THREADS_MAX]; /* work space of searches, by thread (query.h); what they learned of
                                         how far answers reach is worth keeping. NULL: none yet */
    struct buf image;                 /* what it was restored from, and still stands on; else empty */
};

#define BIT_CODES 64 /* the largest vocabulary of a small set; a test holds the shipped ones to it */

/* Grows an array of the arena so that index `need` exists; new elements are zero. */
void *world_room(struct world *w, void *array, size_t *room, size_t need, size_t size, size_t align);
#define WORLD_ROOM(w, array, room, need)                                                                     \
    ((array) = world_room((w), (array), &(room), (need), sizeof *(array), _Alignof(__typeof__(*(array)))))

void posting_add(struct world *w, struct posting *p, uint32_t event);
void posting_remove(struct posting *p, uint32_t event);
bool item_list_has(const struct item_list *l, uint32_t item);
void item_list_add(struct world *w, struct item_list *l, uint32_t item); /* keeps it sorted, no repeats */
void item_list_copy(struct world *w, struct item_list *to, const struct item_list *from);

/* world.c: slots that refer to (ns, id); NULL when none. A reference may since have been changed: look again.
 */
const struct posting *world_refs(const struct world *w, const struct table *t, Str ns, Str id);
/* The slot of a record that is known; NO_EVENT when it is not. */
uint32_t world_find_slot(const struct world *w, const struct record_id *id);
const struct record *world_record_at(const struct world *w, uint32_t slot);
const struct tying *world_tying_at(const struct world *w, uint32_t slot); /* NULL when there is none */

/* event.c: what an event's record says by itself, nothing looked up in the linker. The texts live as long as
 * the record and the arena they were read into. */
struct reading {
    uint32_t event;
    const struct record *record;
    Str handle; /* of a death: of the last contact */
    /* only where the facts are to be read again: */
    struct narrative_facts told;
    struct str_list terms;
    Str occupation, spot, building; /* building: empty where there is no house */
};
/* For several threads at once, while nobody folds. */
void event_read(const struct world *w, uint32_t event, const struct record *r, struct arena *a,
                struct reading *out);
/* The row, lists and nodes; true when anything comparable changed. */
bool event_read_facts(struct world *w, const struct reading *of);
/* refresh.c: brings the touched events up to date, in their order; those of a large tick are read by several
 * threads. */
void refresh_touched(struct world *w);
uint16_t world_code(struct world *w, enum feature f, Str word);
Str world_word(const struct world *w, enum feature f, uint32_t code);
uint32_t world_node(struct world *w, uint32_t const *key, size_t n);

/* identifiers.c: the values an event holds and by which paths. */
bool event_read_identifiers(struct world *w, const struct reading *of); /* true when they changed */
void identifiers_index_holder(struct world *w, uint32_t slot); /* an identifier record: who holds its value */
/* Do so few hold a value, of a kind by which people lead to one another, that one more of them changes what
 * is read of the others' events? Asked before the one is indexed. */
bool identifiers_lead_on(const struct world *w, Str type, Str key);
uint32_t identifiers_find(const struct world *w, Str type, Str ns, Str key); /* 0 when nobody holds it */
Str world_value(const struct world *w, uint32_t value, Str *type);

/* counts.c */
void counts_freeze(struct world *w, int64_t midnight_ms);
struct frequency {
    double p;
    uint64_t count, base; /* at the node asked for, the pair's own part taken out */
};
/* Frequency of a value at the deepest shared node and its parents; minus: how many of the pair to leave out
 * (0 or 1). */
struct frequency counts_value(const struct world *w, enum feature f, const uint32_t nodes[NODE_LEVELS],
                              enum node_level level, uint32_t value, unsigned minus);
struct frequency counts_age(const struct world *w, const uint32_t nodes[NODE_LEVELS], enum node_level level,
                            int age, int within, unsigned minus);
struct frequency counts_days(const struct world *w, const uint32_t nodes[NODE_LEVELS], enum node_level level,
                             int32_t from, int32_t to, unsigned minus);
struct frequency counts_place(const struct world *w, const uint32_t nodes[NODE_LEVELS], enum node_level level,
                              const struct row *row, size_t scale, unsigned minus);
/* Events around a place at one scale, by node; and the frequency that follows from them. */
void counts_place_nodes(const struct world *w, const uint32_t nodes[NODE_LEVELS], const struct row *row,
                        size_t scale, uint64_t seen[NODE_LEVELS]);
struct frequency counts_place_seen(const struct world *w, const uint32_t nodes[NODE_LEVELS],
                                   enum node_level level, const uint64_t seen[NODE_LEVELS], unsigned minus);
void counts_place_add(struct world *w, const struct row *row, const uint32_t nodes[NODE_LEVELS], int sign);

/* weigh.c: formulas. Decibans, rounded once. */
int weigh_agreement(const struct feature_belief *b, double m, double p);
int weigh_difference(const struct feature_belief *b, double m);
enum node_level row_level(const struct row *x, const struct row *y);
unsigned pair_minus(const struct event *x, const struct event *y);
/* The finest scale that holds the pair, the number of scales when none does. metres, days: the distance used,
 * which is never finer than what the records are sure of. */
size_t place_scale(const struct world *w, const struct row *x, const struct row *y, double *metres);
size_t time_scale(const struct world *w, const struct row *x, const struct row *y, double *days);
/* The same from bare numbers: these run for every pair, and count without branching. */
static inline enum node_level level_of(bool mechanism, bool setting, bool group)
{
    static const uint8_t LEVEL[8] = {NODE_ALL,           NODE_GROUP_ALONE, NODE_SETTING_ALONE,
                                     NODE_SETTING_ALONE, NODE_MECHANISM,   NODE_SETTING_GROUP,
                                     NODE_SETTING,       NODE_SETTING};
    return (enum node_level)LEVEL[mechanism << 2 | setting << 1 | group];
}

#define METRES_PER_DEGREE 111195.0

/* On a flat map with the mean of both cosines; the scales are coarse. A distance is taken no finer than what
 * both are sure of. */
static inline size_t distance_scale(const struct link_model *m, double north_deg, double east_deg,
                                    double cos_mean, double sure_m, double *square_m)
{
    double east = fabs(east_deg);
    east = (east > 180 ? 360 - east : east) * cos_mean * METRES_PER_DEGREE;
    double north = north_deg * METRES_PER_DEGREE, square = north * north + east * east,
           sure = sure_m * sure_m;
    *square_m = square;
    square = square < sure ? sure : square;
    size_t s = 0;
    for (size_t i = 0; i < PLACE_SCALES; i++)
        s += square > m->place_square_m2[i];
    return s;
}

static inline int32_t days_apart(int32_t x_from, int32_t x_to, int32_t y_from, int32_t y_to)
{
    return x_from > y_to ? x_from - y_to : y_from > x_to ? y_from - x_to : 0;
}

static inline size_t gap_scale(const struct link_model *m, int32_t gap, int32_t sure)
{
    int32_t days = gap < sure ? sure : gap;
    size_t s = 0;
    for (size_t i = 0; i < TIME_SCALES; i++)
        s += days > m->time_days[i];
    return s;
}

static inline size_t age_scale(const struct link_model *m, int x, int y)
{
    int gap = x > y ? x - y : y - x;
    size_t s = 0;
    for (size_t i = 0; i < COUNT_OF(m->age_years); i++)
        s += gap > m->age_years[i];
    return s;
}

/* 0..100: how much a place with so many events may tie two of them. */
int place_share(const struct link_model *m, size_t events);
/* Events at the same flat, building or point as both; 0 when they are not at one. */
size_t shared_site(const struct world *w, const struct row *x, const struct row *y);

/* A part of a pair that is looked up: its weight and what stands behind it. */
struct measured {
    int weight_db;
    enum verdict verdict;
    struct frequency rate;
    double measure, radius;
};
struct measured measure_age(const struct world *w, const struct event *x, const struct event *y,
                            enum node_level level);
struct measured measure_time(const struct world *w, const struct event *x, const struct event *y,
                             enum node_level level);
struct measured measure_place(const struct world *w, const struct event *x, const struct event *y,
                              enum node_level level);
struct measured measure_address(const struct world *w, const struct event *x, const struct event *y);

/* Of an address, before anything of the place is taken off: decibans. */
int address_weight(const struct world *w, uint32_t address);

/* Weight of agreement on a value of a code, bit or list feature in the nodes of an event, down to a level. */
struct measured measure_value(const struct world *w, enum feature f, const uint32_t nodes[NODE_LEVELS],
                              enum node_level level, uint32_t value, unsigned minus);
struct measured measure_group(const struct world *w, const struct event *x, enum node_level level,
                              unsigned minus);
/* The level at which mechanism and setting themselves are counted, given the shared level of the pair. */
enum node_level setting_level(enum node_level shared);
/* Terms in so large a part of the accounts say nothing, and are passed over. */
bool term_is_common(const struct world *w, uint32_t term);
/* The strongest of one set in full, the others together at most as much again, times rest_share. */
int combine_set(const struct world *w, int best, int sum);

/* Weight of all shared identifiers of a pair; reasons (NULL: only the sum) get one each. */
struct shared_people {
    int weight_db;
    bool of_place; /* the strongest leads through people whom the place itself brings: finders, staff,
                      neighbours */
};
struct shared_people weigh_identifiers(const struct world *w, const struct event *x, const struct event *y,
                                       struct reason *reasons, size_t room, size_t *count);
/* The most that sharing the value at the end of a path can weigh; 0: it ties nobody. */
int identifier_most(const struct world *w, const struct holding_path *path);
/* Somebody who belongs to a place meets what happens there: where two events lie within 300 m or at one
 * address, the people of the place and the place are one thing told twice. What to take off the place's
 * weight for it, decibans. */
int told_by_people(const struct world *w, const struct shared_people *people, const struct measured *place,
                   const struct measured *address, int place_db);
/* Spreads what is kept of the lesser reasons of one set over them, in proportion, so that the parts add up to
 * the whole. */
void share_rest(struct reason *reasons, size_t count, size_t best_at, int kept_db);

#endif
