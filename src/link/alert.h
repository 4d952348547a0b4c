/* Alarms at a stated price: how many alerts chance may cause. The threshold is the score that the force's own
 * last half year exceeded so often as the budget allows (the k-th best of the window); nothing is looked at
 * but what was known by then. What people have found to be so was not chance, and is not counted. Alerts
 * grow series: a series keeps its number for ever, members join dated, and the same members are not announced
 * twice. */
#ifndef LINK_ALERT_H
#define LINK_ALERT_H

#include "link/second_look.h"
#include "link/series.h"
#include "link/world.h"
#include "scan/detection.h"

struct alarm;

/* price_per_week: alerts that chance alone may cause in a week, over all events given. look: NULL: ties by
 * weight alone; else borrowed. */
struct alarm *alarm_new(const struct link_model *model, const struct second_look *look,
                        double price_per_week);
void alarm_free(struct alarm *a);
/* All it holds, as bytes to be kept beside world_save of the world it watches. */
void alarm_save(const struct alarm *a, struct buf *out);
/* Into a new alarm of the same model, look and price: it goes on where that one was. events: of its world.
 * E_INVALID: the bytes are of another version or price, of more events, or not whole; the alarm is only to be
 * freed then. */
MUST_USE enum status alarm_restore(struct alarm *a, size_t events, Str image, struct err *e);
#define CLEANUP_ALARM __attribute__((cleanup(alarm_cleanup)))
void alarm_cleanup(struct alarm **a);

enum alert_by {
    ALERT_PAIR,
    ALERT_SERIES,
    ALERT_THREE, /* three that no pair of them shows */
    ALERT_SCAN,  /* the other detectors: scan/detection.h */
    ALERT_RATE,
    ALERT_EXPOSURE,
    ALERT_LOOK, /* a pair that stands out at the second look */
    ALERT_BY_COUNT
};
enum link_state { LINK_SUGGESTED, LINK_UNVERIFIED };
const char *alert_by_name(enum alert_by by);
const char *link_state_name(enum link_state state); /* "suggested", "linked_unverified" */

struct alert {
    enum alert_by by;
    enum link_state
        state;       /* linked_unverified: tied, and an explanation offered for a member was never verified */
    uint32_t series; /* its number, from 1; 0: a pair by itself, because its series would not cohere */
    uint32_t group; /* of ALERT_SCAN, ALERT_RATE, ALERT_EXPOSURE: its number among alarm_groups of the kind */
    uint32_t event, partner; /* the pair that raised it */
    int score_db, threshold_db;
    bool looked;          /* both are of the second look; else weights of evidence */
    double once_in_weeks; /* how rarely scores so high have come up in the window */
    const uint32_t
        *member; /* the whole series after joining, in the order of joining; good until the next call */
    size_t member_count;
};

/* Pairs of one event that the second look may tell at a time; with a tie and three together: */
#define LOOKS_TOLD 3
#define ALERTS_MAX (LOOKS_TOLD + 2)
/* Considers an event of the present tick with its nearest (from world_nearest, best first; the second look
 * wants SECOND_LOOK_NEAREST of them). How many alerts it raised: no two of one call have the same members.
 * Each event is to be considered once a tick, in the order of world_tick. */
size_t alarm_consider(struct alarm *a, struct world *w, uint32_t event, const struct hit *nearest,
                      size_t count, struct alert out[ALERTS_MAX]);

/* Takes what another detector found into the same stream. Its price is its recurrence, in tenths of a tenfold
 * step of weeks: it is told when chance brings one as strong more rarely than its part of the budget allows,
 * both by its own word and by how often its like came up in the window, and when a member is in no group of
 * that detector yet. A group that was told before is told again only when chance brings it half as often, or
 * it is half as large again. event_of_row: which event each row of the detector's arrays was. The members
 * live in `scratch`. Each detection is to be given as often as the detector finds it: the window counts it
 * once. */
bool alarm_take(struct alarm *a, const struct world *w, const struct detection *d,
                const uint32_t *event_of_row, struct arena *scratch, struct alert *out);
/* What the detector of that kind found together, with every move. */
const struct series_book *alarm_groups(const struct alarm *a, enum detection_kind kind);

/* What people have decided: these are of one series. From the next midnight on no pair of them is counted in
 * the price. alarm_undecide: nothing is decided any more; whoever keeps the decisions gives them all again.
 */
void alarm_decided(struct alarm *a, const uint32_t *member, size_t count);
void alarm_undecide(struct alarm *a);

/* Can a tie between the two be news? At least one is a death, they are not two records of one event or a
 * death and the report about it, and more than place and time ties them. */
bool alarm_may_tie(struct world *w, uint32_t x, uint32_t y);

/* What the alarm gives a pair, and the threshold of the day: two deaths at the second look, where it has one;
 * all else by the weight of evidence. */
struct alarm_sight {
    bool looked;
    int score_db, threshold_db;
};
struct alarm_sight alarm_see(struct alarm *a, struct world *w, uint32_t x, uint32_t y);
/* The threshold for two deaths in force, and whether it is priced by the force's own history yet (else it is
 * the model's starting one). */
int alarm_threshold_db(struct alarm *a, int64_t now_ms, bool *priced);
/* 0 when the event is in none. */
uint32_t alarm_series_of(const struct alarm *a, uint32_t event);
/* Its series, with every move. */
const struct series_book *alarm_book(const struct alarm *a);

#endif
