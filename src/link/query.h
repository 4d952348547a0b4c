/* A query against the index: what every value of an event weighs, prepared once for each node level at which
 * it may meet others. Insides of the search. */
#ifndef LINK_QUERY_H
#define LINK_QUERY_H

#include "link/index.h"
#include "link/weights.h"

#include <limits.h>

#define AGE_SCALES 3
#define TERM_SIGNS 256

/* An item of a list of the query: `place` in its list, or in the wide list of substances. */
struct query_item {
    uint32_t item;
    bool common, rare; /* says nothing; so few have it that they are all looked at */
};

/* Weights against events of one shared level, with so many of the pair taken out of the counts. */
struct side {
    bool ready;
    enum node_level level;
    unsigned minus;
    int16_t code[CODE_FEATURES], mechanism, setting, group;
    int16_t bit[BIT_FEATURES][BIT_CODES], bits_most[BIT_FEATURES], bits_sum; /* the sum of the most */
    int16_t alike[CODE_ROOM], unlike[CODE_ROOM]; /* the most of a code, by whether a glance tells it apart */
    int16_t *item[LIST_FEATURES], *wide;         /* by place in the query's lists */
    int16_t list_most[LIST_FEATURES];            /* of what is not looked up by itself */
    int16_t list_all[LIST_FEATURES];
    int16_t age[AGE_SCALES + 1], time[TIME_SCALES + 1], place[PLACE_SCALES + 1]; /* the query's own end */
    int16_t age_most, time_from[TIME_SCALES + 1], place_from[PLACE_SCALES + 1];  /* at this scale or wider */
    int16_t any_most[ANY_NIBBLES][16]; /* by nibbles of what a block has recorded */
    int16_t sets_most;                 /* small sets and lists */
    int16_t drugs_most;                /* what losses by substances are counted from: list_most[0] or more */
    int16_t measured_most;             /* place and time */
    int16_t sign_best[TERM_SIGNS], sign_sum[TERM_SIGNS]; /* of the usual terms of a bit of the signature */
    struct losses losses;
    struct box_query box;
};

struct query {
    struct world *w;
    struct space *space;
    const struct event *x;
    uint32_t event;
    int16_t code_differs[CODE_FEATURES], mechanism_differs, setting_differs;
    int16_t bit_differs[BIT_FEATURES], list_differs[LIST_FEATURES];
    struct term_bits items[LIST_FEATURES], parents; /* signatures of the lists but for what says nothing */
    struct term_bits usual; /* signature of the terms that say something and are not looked up */
    struct tie {            /* to others who hold a value, the strongest first */
        uint32_t value;
        int16_t most; /* of this value and those behind it */
    } * tie;
    size_t tie_count, tie_room;
    int16_t popular_address; /* what a shared address that ties nobody leaves of a far place */
    uint32_t columns;        /* that the query has something to compare in */
    struct query_item *item[LIST_FEATURES], *wide;
    size_t item_count[LIST_FEATURES], wide_count;
    struct side side[NODE_LEVELS][2];

    struct query_item *item_room;
    size_t items_held;
    int16_t *weight_room;
    size_t weights_held;
    struct row_room {
        struct waiting_row *item;
        size_t room;
    } rows_waiting;
    struct block_room {
        struct waiting_block *item, *sorted;
        size_t room, sorted_room;
    } blocks_waiting;
    struct met *met_list;
    size_t met_count, met_list_room;
    struct met_set {            /* who was met by themselves, and is passed over in their blocks */
        uint32_t *slot, *spare; /* event + 1; 0: free */
        size_t slots, count, room, spare_room;
    } met;
};

/* So many neighbours of the index are searched for together: of more the work spaces crowd the blocks out of
 * the cache. */
#define GROUP 4

/* The work space of a thread: what its queries share, and what it has learned. */
struct space {
    struct world *w;
    struct work work;
    struct query *query[GROUP];
    struct weights *weights;
    const struct query *holder; /* whose items have a place in the next */
    uint32_t *place_of[LIST_FEATURES],
        *place_of_wide; /* by item: its place in the holder's list, + 1; 0: not in it */
    size_t place_room[LIST_FEATURES], place_wide_room;
    struct near_box *near_box; /* of one partition */
    size_t box_room;
    uint8_t loss[BLOCK_ROWS];
    struct group *group; /* what is known of those that are searched for together (nearest.h) */
    int *floor; /* by partition: what is guessed that the k-th reaches, in parts of a deciban; 0: nothing */
    size_t floor_room, floor_k;
};

struct space *space_new(struct world *w);
void space_free(struct space *s); /* NULL is allowed */
/* The world's own, made when a thread first asks; threads have different ones. */
struct space *space_for(struct world *w, size_t thread);
void query_begin(struct query *q, uint32_t event);
/* Its items have a place from now on: before it weighs. */
void query_hold(struct query *q);
/* The weights against events of a partition. */
const struct side *query_side(struct query *q, const struct partition *p);
/* Mechanism and kind of place against those of a partition. */
int query_base(const struct query *q, const struct side *s, const struct partition *p);

/* The most that substances, and terms, can weigh against a row of this signature that has them. */
int most_of_wide(const struct query *q, const struct side *s, uint64_t signature);
int most_of_terms(const struct query *q, const struct side *s, const struct term_bits *signature);
/* Likewise of the small sets; recorded: those that the row has. */
int most_of_sets(const struct query *q, const struct side *s, unsigned recorded, uint64_t signature);

/* Events that share people or a rare item are looked up, so that where an event was met bounds what it may
 * share. */
struct met {
    uint32_t event;
    bool in_block;  /* not looked up: no rare item is shared */
    int16_t people; /* the most that shared people and numbers can weigh; 0: none are shared */
    int lists;      /* the most that its lists can weigh, when that is known better; else INT_MAX */
};
/* The sum against one event, exactly; stops with any sum below `bar` once that cannot be reached. */
int query_weigh(struct query *q, const struct side *s, const struct partition *p, const struct met *met,
                int bar);

/* The most that an event can weigh, by its glance and by what is known of how it was met. */
int glance_most(const struct query *q, const struct side *s, int base, const struct glance *y,
                const struct met *met);

/* What the other has learned of how far searches come, where this one knows nothing (a thread that begins).
 */
void space_learn_from(struct space *s, const struct space *other);
/* The k nearest of each of some events, GROUP at most, after index_settle: they cost least when they are
 * neighbours in the index. near: events that are likely to be among the first's (none needed). */
void nearest_of_group(struct space *s, const uint32_t *event, size_t count, size_t k, const struct hit *near,
                      size_t near_count, struct hit *const *out, size_t *found);
/* Is x after y in the answer? */
bool hit_is_worse(const struct world *w, const struct hit *x, const struct hit *y);
void work_add(struct work *sum, struct work *part); /* and begins `part` anew */

/* An end's own weight at a scale: a pair's is the smaller of both ends', for the larger rate counts. */
int16_t own_age_weight(const struct world *w, const struct event *ev, enum node_level level, size_t scale,
                       unsigned minus);
int16_t own_time_weight(const struct world *w, const struct event *ev, enum node_level level, size_t scale,
                        unsigned minus);
int16_t own_place_weight(struct world *w, uint32_t event, enum node_level level, size_t scale,
                         unsigned minus);

#endif
