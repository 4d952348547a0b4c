/* One person's queue out of the index of work: what their role has to do in the deaths they may see, what
 * waits for them by name, the most urgent first. Pure over index, roll and sight. */
#ifndef APP_WORK_QUEUE_H
#define APP_WORK_QUEUE_H

#include "app/sight.h"
#include "app/work.h"

enum work_line_kind {
    WORK_SECOND,   /* a decision waits for a second person, which this one may be */
    WORK_RETURNED, /* a report was sent back */
    WORK_OVERDUE,
    WORK_DUE,  /* within a day */
    WORK_OPEN, /* later, or without a date */
    WORK_LINE_KINDS
};
const char *work_line_code(enum work_line_kind kind);  /* "overdue" */
const char *work_line_words(enum work_line_kind kind); /* "overdue" as a heading */

/* Of a check, a request, or something owed: the others are NULL. */
struct work_line {
    enum work_line_kind kind;
    const struct work_case *c;
    const struct roll_death *death;
    const struct work_item *item; /* its most urgent subject */
    const struct second_request *request;
    const struct work_owed *owed;
    int64_t due_ms; /* FOREVER_MS: no date */
};
struct work_ask {
    const struct work *work;
    const struct roll *roll;
    const struct sight *sight;
    const struct check_pack *pack;
    enum role role;
    const struct person_acting *who;
    Str unit; /* "" : all that the role sees */
    int only; /* enum work_line_kind; -1: all */
    bool own; /* only what is the person's own: deaths that they attended, and what waits for them by name */
    int64_t now_ms;
};
/* Between hold and release of both. count: of each kind, whatever `only` says. out: the lines from `from`, at
 * most `most`. */
size_t work_queue_read(const struct work_ask *ask, size_t from, size_t most, struct arena *a,
                       struct work_line **out, size_t count[WORK_LINE_KINDS]);

/* How far the index is, of the deaths that the viewer's lists hold: no number tells of others. */
void work_progress_seen(const struct work *w, const struct roll *roll, const struct sight *sight,
                        size_t *judged, size_t *deaths);

/* Does the role's work belong to whoever attended, and not to all of the unit who have the role? */
bool work_is_personal(enum role role);
/* Is a check of this pack for this role? */
bool work_is_for(const struct check *check, enum role role);
/* May the subject be told of: nothing that it is about is hidden. */
bool work_item_seen(const struct work_case *c, const struct work_item *item, const struct sight *sight);

#endif
