/* What other detectors find, in the stream of alerts: groups of deaths, priced by their recurrence. */
#include "link/alert_internal.h"

#include <math.h>
#include <string.h>

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

/* What was told of a group: its score and how many it had. */
struct told_group {
    int32_t score;
    uint32_t members;
};

static uint64_t *told_of(struct alarm *a, enum detector by, uint32_t group, bool *fresh)
{
    return table_at_number(a->told_groups, (uint64_t)by << 32 | group, fresh);
}

/* A group that goes on as it was is no news each time somebody joins: only once chance brings it half as
 * often as when it was told last, or it is half as large again. */
#define HALF_AS_OFTEN 30 /* hundredths of a tenfold step */
static bool is_news(struct alarm *a, enum detector by, uint32_t group, int score, size_t members)
{
    bool fresh;
    struct told_group told;
    memcpy(&told, told_of(a, by, group, &fresh), sizeof told);
    return fresh || score >= told.score + HALF_AS_OFTEN || members * 2 >= (size_t)told.members * 3;
}

static void keep_told(struct alarm *a, enum detector by, uint32_t group, int score, size_t members)
{
    struct told_group told = {score, (uint32_t)members};
    memcpy(told_of(a, by, group, NULL), &told, sizeof told);
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
    struct series_book *book = a->groups[by - BY_SCAN];
    uint32_t group = group_of(book, member, d->count);
    if (group != 0 && !is_news(a, by, group, score, d->count)) return false;
    if (!join_group(book, &group, d, member, now, score)) return false;
    prices_note_told(a->prices, now, false, by, key);
    keep_told(a, by, group, score, d->count);
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

const struct series_book *alarm_groups(const struct alarm *a, enum detection_kind kind)
{
    return a->groups[detector_of(kind) - BY_SCAN];
}
