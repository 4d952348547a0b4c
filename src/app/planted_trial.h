/* One run of evaluate planted: a town told and listened to. Inside app only. */
#ifndef APP_PLANTED_TRIAL_H
#define APP_PLANTED_TRIAL_H

#include "app/group_watch.h"
#include "app/planted.h"
#include "app/truth.h"
#include "link/alert.h"

/* What became of a planted series. */
struct trial_series {
    int group; /* of the truth */
    size_t kind, size, arrived;
    struct trial_member {
        uint32_t event;
        int64_t arrived_ms;
        size_t rank; /* of its best earlier mate, within the first fortnight; 0: beyond RANKED_MAX, or the
                        first */
        bool first;
    } * member;
    size_t found_at[PLANTED_BUDGETS]; /* deaths known when first alerted; 0: never */
    int best_db[PLANTED_BUDGETS], threshold_db[PLANTED_BUDGETS]; /* nearest it came to an alert */
    bool news[PLANTED_BUDGETS]; /* that pair may be told: more than place and time ties it (alarm_may_tie) */
    bool drowned[PLANTED_BUDGETS]; /* two of it stood in an alert of which most pairs do not belong */
    bool tried;
};

struct trial_alert {
    size_t budget;
    double once_in_weeks; /* the one price that alerts of all detectors have */
    enum truth_verdict verdict;
    enum alert_by by;
    int kind;     /* of the series or look-alike, -1: neither */
    bool around;  /* false, though the pair that raised it is of one series: more that does not belong was
                     joined */
    bool counted; /* after the first half year */
    Str line;     /* for people; STR_NONE unless it is false and wanted */
};

/* That an alert was found to be of one series. */
struct trial_decision {
    int64_t due_ms;
    size_t budget, count;
    uint32_t *member;
};

struct trial {
    const struct planted_run_options *o;
    uint64_t seed;
    struct arena *arena, *scratch;
    struct planted planted;
    size_t *kind_of; /* of the groups planted: index among the kinds of the report */
    struct truth truth;
    struct change *line;
    size_t line_count, line_room;
    struct world *world;
    struct alarm *alarm[PLANTED_BUDGETS];
    struct group_watch *groups; /* NULL: not wanted */
    int64_t next_look;          /* the day on which they are looked for next */
    struct trial_series *series;
    size_t series_count;
    uint32_t *series_of_group; /* by group of the truth: index + 1 */
    struct trial_alert *alert;
    size_t alert_count, alert_room;
    struct trial_decision *decision; /* in the order of due_ms */
    size_t decisions, decided, decision_room;
    struct said { /* of pairs, when an event became known: how likely, and whether it was so */
        struct scored *item;
        size_t count, room;
    } said[PLANTED_SAID];
    struct lessons lessons;
    int64_t first_ms;
    double weeks;
    uint64_t events;
    double recorded[2], deaths[2]; /* of others, of series */
    enum status status;
    struct err error;
};

/* Everything, into `t`, whose first four members are set. */
void trial_run(struct trial *t);
/* What an alert was, and whom it found. */
void trial_judge(struct trial *t, size_t budget, const struct alert *al);
/* Before the first tick of a week. */
MUST_USE enum status trial_look_for_groups(struct trial *t);
/* Is the pair one that the second look may tell of? */
bool trial_looks_at(const struct trial *t, uint32_t x, uint32_t y);
/* The members are found to be of one series, so many days from now as options.decided_days says. */
void trial_decide_later(struct trial *t, size_t budget, const uint32_t *member, size_t count);
/* Tells the alarms what is decided by now. */
void trial_decide_due(struct trial *t);
/* Keeps what can be learned from the nearest of an event. */
void trial_learn_event(struct trial *t, uint32_t event, const struct hit *nearest, size_t count);
void trial_done(struct trial *t);

#endif
