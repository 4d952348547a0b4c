/* Shared by the explain_*.c files. */
#ifndef LINK_EXPLAIN_INTERNAL_H
#define LINK_EXPLAIN_INTERNAL_H

#include "link/explain.h"

/* What every sentence needs. */
struct telling {
    const struct policy *policy;
    const struct pair_evidence *ev;
    const struct explain_options *o;
};

/* Reasons told together: the shared items of one feature, or one reason. */
#define GROUP_ITEMS_MAX 6
struct reason_group {
    enum feature feature;
    enum verdict verdict;
    int weight_db, full_weight_db;
    const struct reason *item[GROUP_ITEMS_MAX]; /* strongest first */
    size_t count;                               /* of all, those left out of item[] among them */
};
struct reason_groups {
    struct reason_group item[REASONS_MAX];
    size_t count;
};

/* The agreeing reasons, strongest group first. Identifiers stay one by one. */
void groups_agreeing(const struct pair_evidence *ev, struct reason_groups *out);
/* The sentences of a group of agreeing reasons. */
void tell_agreement(struct buf *out, const struct telling *t, const struct reason_group *g);
/* Of one reason that counts against. */
void tell_difference(struct buf *out, const struct telling *t, const struct reason *r);
/* "not recorded for D2" */
void tell_missing(struct buf *out, const struct telling *t, const struct reason *r);
/* One part of a headline; "" where there is nothing short to say. */
void tell_brief(struct buf *out, const struct telling *t, const struct reason_group *g);
/* Is the distance or the gap as exact as the records, so that it may be said? */
bool measure_is_sure(const struct reason *r);
/* "D1": what an event is called inside a sentence. */
void add_event(struct buf *out, const struct telling *t, bool second);
/* Words with a capital first letter (ASCII). */
void add_capital(struct buf *out, const char *words);

#endif
