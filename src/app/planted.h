/* evaluate planted: series planted into a real population, told in the order in which things became known,
 * and how many of them were noticed, when, and at what price. */
#ifndef APP_PLANTED_H
#define APP_PLANTED_H

#include "app/background.h"
#include "app/lessons.h"
#include "learn/calibrate.h"
#include "link/alert.h"

#define PLANTED_BUDGETS    2
#define PLANTED_DEATHS     4 /* found by the 2nd, 3rd, 4th death; [0] at all */
#define PLANTED_KINDS      64
#define PLANTED_PRECISIONS 4
#define PLANTED_BINS       RECORD_BINS
#define PLANTED_BANDS      7
extern const double planted_price[PLANTED_BUDGETS]; /* false alerts a week: force, and twelve units */
extern const size_t planted_precision_at[PLANTED_PRECISIONS]; /* strongest alerts of a run */

struct planted_run_options {
    const struct background *background;
    const struct policy *policy;
    const struct link_model *model;
    const struct second_look *look; /* NULL: alerts by weight alone */
    uint64_t seed;                  /* of the first run; the others follow */
    size_t runs;
    struct plant_options plant;
    size_t threads;            /* runs at a time; 0: one a core */
    size_t top;                /* suggestions an event */
    bool missed, false_alerts; /* tell them */
    size_t decided_days;       /* an alert that is true is decided so many days later; 0: never */
    bool groups;               /* clusters, rates and people in common speak in the stream as well */
    bool learn;                /* keep lessons of these runs, in the report */
};

/* One kind of series, or of what only looks so. */
struct planted_kind {
    Str name;
    enum nature nature;
    uint64_t groups, members;
    /* series */
    uint64_t of_size[PLANTED_DEATHS + 1];                /* with at least so many deaths */
    uint64_t found[PLANTED_BUDGETS][PLANTED_DEATHS + 1]; /* by that death; [0] at all */
    uint64_t ranked, rank_1, rank_10, rank_100; /* deaths after the first, by the best earlier mate */
    uint64_t alerts[PLANTED_BUDGETS];           /* true ones; of look-alikes false ones */
};

struct planted_budget {
    uint64_t alerts, hits, benign, look_alike, other; /* after the first half year */
    uint64_t around; /* of the false ones: raised by a true pair, but most of their members do not belong */
    struct planted_by {
        uint64_t alerts, hits;
    } by[ALERT_BY_COUNT];                 /* by what raised them */
    double precision[PLANTED_PRECISIONS]; /* mean over runs; NAN: never so many alerts */
};

/* Who says how likely a pair is when an event becomes known: the weight of evidence of the nearest that are
 * suggested, the second look of the deaths among the nearest that it may tell of. */
enum planted_said { PLANTED_BY_WEIGHT, PLANTED_BY_LOOK, PLANTED_SAID };
struct planted_calibration {
    struct reliability_bin bin[PLANTED_BINS];
    size_t bins;
    struct reliability_bin
        band[PLANTED_BANDS]; /* by what was said: below 0.001, ... 0.9 and above; may be empty */
    uint64_t pairs, linked;
    double error, brier;
};

struct planted_report {
    struct planted_kind kind[PLANTED_KINDS];
    size_t kinds;
    struct planted_budget budget[PLANTED_BUDGETS];
    size_t runs;
    uint64_t deaths, in_series, events, joint, missed_groups;
    double weeks;                            /* priced: without the first half year */
    double recorded_series, recorded_others; /* share of scene fields filled in */
    struct planted_calibration calibration[PLANTED_SAID];
    struct lessons lessons; /* with options.learn, run after run; to be freed */
};

/* put: lines about series that were missed and false alerts (NULL: none). The same bytes with any number of
 * threads. */
MUST_USE enum status planted_run(const struct planted_run_options *options,
                                 void (*put)(void *state, Str line), void *state, struct arena *a,
                                 struct planted_report *out, struct err *e);

#endif
