/* What follows the ledger inside the program (the linker at work): entries in the order of their places, a
 * bell when there are new ones, and how far following has come. Nobody is shown anything here, so nothing of
 * it goes into the access ledger; what a follower makes of it does. */
#ifndef STORE_FOLLOW_H
#define STORE_FOLLOW_H

#include "store/store.h"

enum followed_kind {
    FOLLOWED_LINE,      /* facts about a record */
    FOLLOWED_ERASED,    /* the record's key was destroyed: whoever holds something of it lets go */
    FOLLOWED_WITHDRAWN, /* a batch does not count any more: what was made of its lines is to be made again */
};
struct followed {
    enum followed_kind what;
    uint64_t seq, batch;
    int64_t recorded_at_ms;
    Str actor, role, unit;
    struct record_id record; /* of a line and of an erasure */
    struct change line;      /* of a line */
    bool withdrawn;          /* a line of a batch that is withdrawn by now */
};

/* The entries after `after` that matter to a follower of the kinds in `kinds` (bit 1 << kind_id; erasures and
 * withdrawals always), in order, at most about `limit` lines; texts in `a`. through: the last entry looked
 * at, from where to go on. Lines of erased records are passed over. */
MUST_USE enum status store_follow(struct store *s, uint64_t after, uint64_t kinds, size_t limit,
                                  struct arena *a, struct followed **out, size_t *count, uint64_t *through,
                                  struct err *e);

/* The newest place that this process has committed; cheap. */
uint64_t store_newest(struct store *s);
/* Waits until this process has committed an entry beyond `seq`, or until the time is over, or until
 * store_ring. The newest place. */
uint64_t store_wait_beyond(struct store *s, uint64_t seq, int timeout_ms);
/* Wakes all who wait: for whoever ends a follower. */
void store_ring(struct store *s);

/* Lines known after `after_ms` that the view holds, in the order of store_lines; recorded likewise. */
MUST_USE enum status store_lines_since(struct store *s, const struct actor *viewer, int64_t after_ms,
                                       struct view view, uint64_t kinds, Str purpose, line_visit visit,
                                       void *state, struct err *e);

/* Several linking runs as one unit; `through`: the last ledger entry that they took into account, 0 where
 * nothing is said of that. */
MUST_USE enum status store_link_runs(struct store *s, const struct actor *actor, const struct link_run *run,
                                     size_t count, uint64_t through, struct receipt *out, struct err *e);
/* The largest `through` on record lately: how far linking had come when the program ended. 0: never. */
MUST_USE enum status store_linked_through(struct store *s, uint64_t *through, struct err *e);

#endif
