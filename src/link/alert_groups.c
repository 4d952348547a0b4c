/* What other detectors find, in the stream of alerts: groups of deaths, priced by their recurrence. */
#include "link/alert_internal.h"

#include <math.h>

static enum detector detector_of(enum detection_kind kind)
{
    return kind == DETECTION_CLUSTER ? BY_SCAN : kind == DETECTION_RATE ? BY_RATE : BY_EXPOSURE;
}

static enum alert_by alert_by_detector(enum detector d)
{
    return d == BY_SCAN ? ALERT_SCAN : d == BY_RATE ? ALERT_RATE : ALERT_EXPOSURE;
}

/* The group that most of the members are in: it grows. 0: a new one. */
static uint32_t group_of(const struct series_book *b, const uint32_t *member, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t group = series_of(b, member[i]);
        size_t in = 0;
        for (size_t j = 0; j < count && group != 0; j++)
            in += series_of(b, member[j]) == group;
        if (in * 2 > count) return group;
    }
    return 0;
}

/* Who is in no group yet joins; did anybody? */
static bool join_group(struct series_book *b, uint32_t *group, const struct detection *d,
                       const uint32_t *member, int64_t now, int score_db)
{
    bool any = false;
    for (size_t i = 0; i < d->count; i++) {
        if (series_of(b, member[i]) != 0) continue;
        struct series_move move = {
            .at_ms = now, .why = SERIES_GROUP, .other = d->subject, .weight_db = score_db};
        any = true;
        if (*group == 0)
            *group = series_open(b, member[i], now);
        else
            series_join(b, *group, member[i], move);
    }
    return any;
}

/* A group that goes on as it was is no news each time somebody joins: only once chance brings it half as
 * often as when it was told last. */
#define HALF_AS_OFTEN 30 /* hundredths of a tenfold step */
static bool is_news(const struct alarm *a, uint32_t group, int score)
{
    const uint64_t *told = table_find_number(a->told_groups, group);
    return told == NULL || score >= (int)*told + HALF_AS_OFTEN;
}

/* In hundredths of a tenfold step of weeks; rarer than in twenty million years is not told apart. */
#define WEEKS_LEAST 1e-9
#define WEEKS_MOST  1e9
static int score_of(double recurrence_weeks)
{
    double weeks = recurrence_weeks > WEEKS_MOST ? WEEKS_MOST : recurrence_weeks;
    return (int)lround(100 * log10(weeks > WEEKS_LEAST ? weeks : WEEKS_LEAST));
}

bool alarm_take(struct alarm *a, const struct world *w, const struct detection *d,
                const uint32_t *event_of_row, struct arena *scratch, struct alert *out)
{
    enum detector by = detector_of(d->kind);
    int64_t now = world_now_ms(w);
    bool priced;
    a->speaks[by] = true;
    double budget = alarm_budget_of(a, by);
    int score = score_of(d->recurrence_weeks), stated = (int)lround(-100 * log10(budget)),
        threshold = alarm_threshold_of(a, by, now, stated, &priced);
    uint32_t *member = NEW_ARRAY(scratch, uint32_t, d->count + 1);
    for (size_t i = 0; i < d->count; i++)
        member[i] = event_of_row[d->member[i]];
    uint64_t key = (uint64_t)d->kind << 56 ^ (uint64_t)d->stratum << 32 ^ d->subject;
    prices_remember(a->prices, by, now, key, score);
    if (d->count < 2 || score <= (threshold > stated ? threshold : stated)) return false;
    uint32_t group = group_of(a->groups, member, d->count);
    if (group != 0 && !is_news(a, group, score)) return false;
    if (!join_group(a->groups, &group, d, member, now, score)) return false;
    prices_note_told(a->prices, now, false, by, key);
    *table_at_number(a->told_groups, group, NULL) = (uint64_t)score;
    *out = (struct alert){.by = alert_by_detector(by),
                          .group = group,
                          .event = member[d->count - 1],
                          .partner = member[0],
                          .score_db = score / 10,
                          .threshold_db = (threshold > stated ? threshold : stated) / 10,
                          .once_in_weeks = d->recurrence_weeks,
                          .state = alarm_state_of(w, member, d->count),
                          .member = member,
                          .member_count = d->count};
    return true;
}
