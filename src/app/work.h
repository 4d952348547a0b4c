/* The work of a force, kept in memory beside the roll: for each death its checks, what waits for a second
 * person, what somebody owes, whether its report was reviewed. A thread of its own judges a death when its
 * records change or its clock strikes, and follows the ledger; so lists and figures of thousands of deaths
 * answer at once. What it says of a death is what casework says (app/casework.h).
 *
 * Many may read at once, between hold and release. It knows nothing of who may see what: whoever shows
 * something filters first (app/sight.h) and notes it. */
#ifndef APP_WORK_H
#define APP_WORK_H

#include "app/second.h"

struct work;
struct work_options {
    const struct session *session; /* store open, policy; used as the service itself */
    const struct check_pack *pack;
    const struct casework_links *links; /* NULL: checks that links raise do not open */
    /* Called before deaths are judged: waits so long for the linker to take the ledger up to seq into
     * account; false: not yet. Until it has done so once, deaths are judged without links. NULL: it is ready.
     */
    bool (*settle)(void *state, uint64_t seq, int timeout_ms);
    void *settle_state;
};
/* Starts the thread and returns at once. Everything pointed to must outlive work_stop. */
MUST_USE enum status work_start(const struct work_options *options, struct work **out, struct err *e);
void work_stop(struct work *w); /* before store_close; NULL is allowed */

struct work_progress {
    size_t judged, deaths;
    bool ready;   /* every death has been judged at least once */
    bool linked;  /* and with what the linker knows */
    uint64_t seq; /* entries up to here are taken into account */
};
void work_progress(struct work *w, struct work_progress *out);
/* Waits until entries up to seq are taken into account and every death is judged, with what the linker knows;
 * false: not in time. */
bool work_wait(struct work *w, uint64_t seq, int timeout_ms);

#define WORK_NONE UINT32_MAX
/* One subject of a check (struct check_item). */
struct work_item {
    uint32_t check; /* its place in the pack */
    uint8_t state;  /* enum check_state */
    bool late;      /* completed after it was due */
    int64_t opened_ms, due_ms, since_ms;
    uint32_t about; /* place in `event`: what raised it; WORK_NONE: nothing but the death itself */
};
/* Something that one officer has to do. */
enum work_owed_kind { OWED_CONCERN, OWED_ACTION };
struct work_owed {
    enum work_owed_kind kind;
    struct record_id id;
    Str owner;      /* key of the officer */
    int64_t due_ms; /* FOREVER_MS: no date */
    int64_t since_ms;
};
struct work_case {
    struct record_id death;
    bool judged, gone;
    bool challenged;   /* a link stands against its category */
    bool returned;     /* the latest review sent the report back */
    int64_t review_ms; /* of the latest review by a supervisor; INT64_MIN: none */
    int64_t changes_ms;
    struct work_item *item; /* by check, then opening */
    size_t items;
    struct record_id *event;
    size_t events;
    struct second_request *request;
    size_t requests;
    struct work_owed *owed;
    size_t oweds;
    Str *attended; /* keys of the officers who were there */
    size_t attendeds;
};

void work_hold(struct work *w);
void work_release(struct work *w);
size_t work_cases(const struct work *w);
const struct work_case *work_case(const struct work *w, size_t i);
const struct work_case *work_find(const struct work *w, const struct record_id *death); /* NULL */

/* A judged death as a case of the index; everything in `a`. */
void work_case_read(const struct casework *c, const struct check_pack *pack, struct arena *a,
                    struct work_case *out);

#endif
