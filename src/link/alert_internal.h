/* What the alarm holds, and how its files share the budget. Inside link only. */
#ifndef LINK_ALERT_INTERNAL_H
#define LINK_ALERT_INTERNAL_H

#include "base/table.h"
#include "link/alert.h"
#include "link/price.h"

#define TOLD_MAX ((size_t)1 << 30) /* pairs that were told by themselves */

/* What watches. */
enum detector { BY_WEIGHT, BY_THREE, BY_LOOK, BY_SCAN, BY_RATE, BY_EXPOSURE, DETECTORS };
#define GROUP_DETECTORS (DETECTORS - BY_SCAN)

struct alarm {
    const struct link_model *model;
    const struct second_look *look; /* NULL: none */
    double price_per_week;
    struct prices *prices;
    struct series_book *book;
    struct series_book *groups[GROUP_DETECTORS]; /* what each of them found: a death may be in one of each */
    struct table *told;          /* pairs that were told by themselves: they tied, but open no series */
    struct table *told_of;       /* event -> the best score that was told of it by itself, and 1 more */
    struct table *told_groups;   /* detector and group -> score and number of members it was told with */
    uint32_t few[ALERTS_MAX][3]; /* the members of such alerts */
    bool speaks[DETECTORS];
};

double alarm_budget_of(const struct alarm *a, enum detector d); /* alerts a week */
/* The threshold of a detector today: what its part of the budget allows. */
int alarm_threshold_of(struct alarm *a, enum detector d, int64_t now_ms, int start_db, bool *priced);
int alarm_threshold_by_look(struct alarm *a, int64_t now_ms, bool *priced);

/* Below so much a tie opens no series, however low the price makes the threshold: it is told as the pair it
 * is. */
#define SERIES_LEAST_DB 45

bool alarm_is_death(const struct world *w, uint32_t event);
/* May the two be told, and are they not in one series already? */
bool alarm_may_alert(const struct alarm *a, struct world *w, uint32_t x, uint32_t y);
/* Joins the two in a series that coheres at the bar; its number, 0 when it would not. */
uint32_t alarm_tie(struct alarm *a, struct world *w, uint32_t event, const struct hit *h, int threshold);
/* What follows an event joins its series. */
void alarm_bring_along(struct alarm *a, struct world *w, uint32_t partner, int threshold);
/* A pair as prices and tables know it; the same from both ends. */
uint64_t alarm_pair_key(uint32_t x, uint32_t y);
/* Keeps that a pair was told; false when it was before. */
bool alarm_told_first(struct alarm *a, uint32_t x, uint32_t y);
/* The members of an alert that is no series. */
void alarm_fill_few(const struct world *w, enum alert_by by, const uint32_t *member, size_t count,
                    struct alert *out);
enum link_state alarm_state_of(const struct world *w, const uint32_t *member, size_t count);

/* Tells what stands out at the second look; how many alerts. Those of a series are yet without members. */
size_t alarm_consider_looks(struct alarm *a, struct world *w, uint32_t event, const struct hit *nearest,
                            size_t count, struct alert *out);

#endif
