/* Links of what the store holds: fills the linker from the ledger and asks it. */
#ifndef APP_LINKING_H
#define APP_LINKING_H

#include "link/alert.h"
#include "link/evidence.h"
#include "link/world.h"
#include "store/store.h"

/* Loads the shipped linkage model (policy/model-deaths.tsv) or the one at `path` (NULL: the shipped one). */
MUST_USE enum status linking_model(struct arena *a, const char *path, struct link_model *out, struct err *e);

/* The same for the second look (policy/second-look.tsv). */
MUST_USE enum status linking_second_look(struct arena *a, const char *path, struct second_look *out,
                                         struct err *e);

/* Everything known at the view, as if taken line by line in the order of known_at: for a view of now from the
 * snapshot where one is kept that fits, and the lines after it; else from the first line. */
struct linking_taken {
    uint64_t lines; /* one by one; 0 and more behind a snapshot */
    double lines_per_second;
    bool from_snapshot;
    uint64_t head; /* the entry up to which everything is in */
};
MUST_USE enum status linking_load(struct store *s, const struct actor *viewer, struct view view,
                                  const struct policy *policy, const struct link_model *model,
                                  struct world **out, struct linking_taken *taken, struct err *e);

/* Keeps a snapshot of the linker, which holds everything up to the entry `head`. Fewer lines are sooner taken
 * than a snapshot is written. */
#define LINKING_LINES_WORTH_KEEPING 2000
MUST_USE enum status linking_keep(struct store *s, struct world *w, uint64_t head, struct err *e);
/* The snapshot as it was kept, with the entry up to which it holds everything. */
MUST_USE enum status linking_kept(struct store *s, const struct actor *viewer, const struct policy *policy,
                                  const struct link_model *model, uint64_t *seq, struct world **out,
                                  struct err *e);

/* The nearest of a record, each with its pair weighed in full. Recorded in the ledger as one linking run (a
 * combination). */
struct linked {
    uint32_t event;
    size_t rank;
    struct pair_evidence evidence;
};
MUST_USE enum status linking_nearest(struct store *s, const struct actor *viewer, struct world *w,
                                     const struct record_id *id, size_t k, struct arena *a,
                                     struct linked **out, size_t *count, struct err *e);
/* One pair, with each one's rank among the other's nearest. Symmetric. Recorded likewise. */
MUST_USE enum status linking_pair(struct store *s, const struct actor *viewer, struct world *w,
                                  const struct record_id *x, const struct record_id *y, struct arena *a,
                                  struct pair_evidence *out, struct err *e);
/* A record's name for people: "D1 (Aidan Warden, KG/2014/0619)". */
Str linking_title(const struct world *w, const struct record_id *id, struct arena *a);

#endif
