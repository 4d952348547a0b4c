/* The insides of the linker at work, shared by live*.c and by nobody else. */
#ifndef APP_LIVE_PRIVATE_H
#define APP_LIVE_PRIVATE_H

#include "app/group_watch.h"
#include "app/live.h"
#include "base/table.h"

#include <pthread.h>
#include <stdatomic.h>

#define LIVE_TIES                                                                                            \
    (UINT64_C(1) << KIND_DEATH | UINT64_C(1) << KIND_INCIDENT | UINT64_C(1) << KIND_PERSON |                 \
     UINT64_C(1) << KIND_INVOLVEMENT | UINT64_C(1) << KIND_IDENTIFIER)
#define LIVE_TOP         SECOND_LOOK_NEAREST /* of an event's nearest that are looked at */
#define LIVE_ROUND_LINES 4096
#define ROUND_BYTES_MAX  ((size_t)2 << 30)

/* ---- live_side.c: what is known, in memory ------------------------------------------------------------ */

/* One loaded state: worlds, the alarm that watches the open one, and where every death lies. */
struct side {
    struct world *open;
    struct world *whole; /* NULL while nothing is restricted: the open one is the whole */
    struct alarm *alarm;
    struct table *series;       /* series and groups of the alarm -> the link's place in the book + 1 */
    struct group_watch *groups; /* the deaths of the open world, for what pairs cannot see */
    struct arena *arena;        /* of the places */
    struct table *words;        /* codes of places, each kept once */
    struct lying {
        struct case_places places;
        size_t room;
    } in_open, in_whole;
    int64_t warm_from_ms; /* the alarm has seen what became known from here on */
    uint64_t through;     /* the ledger entry up to which it holds everything */
};
struct side *side_new(const struct policy *policy); /* borrowed */
void side_free(struct side *s);                     /* NULL is allowed */
/* Where the deaths of its worlds lie. */
void side_places_fill(struct side *s);

/* What is restricted: asked for every line. */
struct restricted {
    struct table *event; /* "ns:id" */
};
/* Is the line part of it: the event itself, somebody's part in it, something that belongs to it? */
bool line_restricted(const struct restricted *r, const struct change *line);
bool restricted_has(const struct restricted *r, const struct record_id *id);

/* Something worth a word, with everything in an arena of the caller's. */
struct found_link {
    enum alert_by by;
    bool restricted;
    uint32_t series; /* of the side's alarm; 0: by itself */
    bool group;      /* `series` is one of its groups: they have no threshold of weight, but words */
    Str words;       /* of a group: what it is */
    struct record_id *member;
    size_t count;
    struct record_id first, second;
    int weight_db, threshold_db; /* the weight of evidence; the threshold of what raised it */
    bool looked;                 /* the second look did: */
    int look_db;
    double once_in_weeks;
    bool unverified;
    uint64_t facts;
    int64_t tick_ms, counts_ms;
    Str model;
};
/* What came of a tick. */
struct outcome {
    struct arena *a;
    bool telling; /* else findings and runs are not kept: it was told before */
    struct found_link *finding;
    size_t findings, finding_room;
    struct link_run *run;
    size_t runs, run_room;
    struct record_id *changed; /* events whose comparable facts changed */
    size_t changes, change_room;
};

/* Adds what an alert says, with no words yet; good until the next is added. */
struct found_link *finding_add(struct outcome *o, struct world *w, const struct alert *al, bool restricted);
/* Takes lines of one known_at and ends the tick. known_ms: instead of the lines' own time where that lies
 * before the world's clock. */
MUST_USE enum status side_tick(struct side *s, const struct restricted *r, const struct change *line,
                               size_t count, int64_t known_ms, struct outcome *out, struct err *e);
/* The counts of a midnight, without a line. */
MUST_USE enum status side_midnight(struct side *s, int64_t midnight_ms, struct err *e);
/* Weight and digest of a link's members as they are now; false when one of them is not known. */
struct link_measure {
    int strongest_db; /* of its pairs */
    uint64_t facts;
    bool unverified;
};
bool side_measure(const struct side *s, const struct record_id *member, size_t count,
                  struct link_measure *out);

/* Which lines are to be told about. */
struct untold {
    uint64_t after;     /* every entry beyond it */
    struct table *some; /* and these; NULL: none */
};
struct load_order {
    struct store *store;
    const struct actor *actor;
    const struct policy *policy;
    const struct link_model *model;
    const struct second_look *look; /* NULL: none */
    double price_per_week;
    int64_t warm_from_ms; /* from here on it goes tick by tick, so that the alarm knows its prices */
    const struct restricted *restricted; /* NULL or empty: nothing */
    struct untold untold;
    const atomic_bool *stop;
};
/* A side to read from while that is made: everything as it is now, with an alarm that has seen nothing; from
 * the snapshot of the world where there is one. Not while something is restricted. */
MUST_USE enum status side_quick(const struct load_order *o, struct side **out, struct err *e);
/* Makes a side from the ledger, and keeps it. E_BUSY when it was told to stop. The findings of untold ticks
 * go to `out`. */
MUST_USE enum status side_load(const struct load_order *o, struct side **out, struct outcome *found,
                               struct err *e);

/* ---- live_keep.c: to go on from at the next start ------------------------------------------------------ */

/* Keeps a side that nobody else reads meanwhile; says in the log when it cannot. Nothing is kept while
 * something is restricted. told: all it has found is on record. */
void side_keep(struct store *s, struct side *side, bool told);
/* The side as it was kept, at entry (*out)->through. Not while something is restricted. linked: up to where
 * what was found is on record. E_NOT_FOUND: nothing is kept; other failures say why it does not serve. */
MUST_USE enum status side_restore(const struct load_order *o, uint64_t linked, struct side **out,
                                  struct err *e);

/* ---- live_decided.c -------------------------------------------------------------------------------------
 */

struct teller;
/* Tells the side's alarm which links stand decided as linked, and no others: for the price of the days to
 * come. How many they are. */
size_t tell_decided(struct teller *t, struct side *s, int64_t now_ms);

/* ---- live_groups.c ------------------------------------------------------------------------------------- */

/* What stands out in the days before a midnight, where its price allows it, and nothing restricted is in it.
 * world_lock: taken while the alarm is asked. */
MUST_USE enum status side_look_for_groups(struct side *s, const struct restricted *r, int64_t midnight_ms,
                                          pthread_mutex_t *world_lock, struct outcome *o, struct err *e);

/* ---- live_tell.c: findings as records --------------------------------------------------------------- */

struct teller {
    struct store *store;
    const struct store_env *env;
    const struct actor *actor;
    const struct link_policy *work;
    struct link_book *book;
    pthread_mutex_t *book_lock; /* recursive; taken before the lock of the world */
    pthread_mutex_t *world_lock;
    void (*told)(void *state, enum live_news_kind kind, const struct record_id *link);
    void *state;
};
/* Appends lines and takes them into the book in one go, under its lock; tells what came of it. check: NULL,
 * or what must hold. */
MUST_USE enum status tell_append(struct teller *t, const struct actor *actor, live_book_ask check,
                                 void *state, const struct change *change, size_t count, struct receipt *out,
                                 struct err *e);
/* Writes what is not on record yet. Safe to be called again after a failure. */
MUST_USE enum status tell_findings(struct teller *t, struct side *s, const struct outcome *o, struct err *e);
/* Brings links up to date whose events have new facts. */
MUST_USE enum status tell_changes(struct teller *t, const struct side *s, const struct outcome *o,
                                  struct err *e);
/* Weighs what people suggested, from the link at *from on. */
MUST_USE enum status tell_suggested(struct teller *t, const struct side *s, size_t *from, struct err *e);
/* Tells back-records as the day allows. */
MUST_USE enum status tell_back_records(struct teller *t, const struct side *s, int64_t now_ms, struct err *e);
size_t back_records_untold(const struct link_book *b);

/* ---- live.c: the thread ------------------------------------------------------------------------------ */

#define LIVE_NEWS_KEPT 256

struct live {
    struct live_options o;
    struct actor actor;
    struct teller teller;
    pthread_t worker, loader;
    bool loader_runs; /* of the worker alone */
    atomic_bool stop, loaded;

    pthread_mutex_t world_lock; /* of side */
    struct side *side;

    pthread_mutex_t book_lock; /* for writing the book, and for everybody else's reading */
    struct link_book *book;

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t moved;
    struct live_status status;
    struct live_news news[LIVE_NEWS_KEPT];
    uint64_t news_number;

    /* of the worker alone */
    struct arena *round;
    uint64_t read;          /* the last entry looked at */
    struct table *pending;  /* entries that wait for a fresh world */
    uint64_t first_pending; /* the smallest of them */
    int64_t oldest_pending_ms, last_late_us;
    bool reading_only; /* the side is there to be read, while the one to go on with is made */
    bool late_taken;   /* some were taken with the world's time: the next midnight mends it */
    bool reload_due;
    int64_t midnight_ms;
    size_t suggested; /* links looked at for what people suggested */
    size_t decided;   /* links told to the alarm as decided */
    struct restricted restricted;
    struct outcome unsaid; /* what is still to be written after a failure */
    struct arena *unsaid_arena;

    /* handed to and from the loader */
    struct load_order order;
    struct table *order_some;
    struct restricted order_restricted;
    struct side *fresh;
    struct outcome found;
    struct arena *found_arena;
    enum status load_status;
    struct err load_err;
};

#endif
