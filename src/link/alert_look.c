/* The second look in the stream of alerts: pairs of deaths that stand out among the nearest. */
#include "link/alert_internal.h"

/* The pairs that weigh most at the second look, best first; among equals the nearer. */
static size_t look_again(const struct alarm *a, struct world *w, uint32_t event, const struct hit *nearest,
                         size_t count, struct hit best[LOOKS_TOLD])
{
    size_t n = 0;
    if (!alarm_is_death(w, event)) return 0;
    for (size_t i = 0; i < count; i++) {
        if (!alarm_is_death(w, nearest[i].event) || !alarm_may_alert(a, w, event, nearest[i].event)) continue;
        struct hit h = {nearest[i].event, look_weigh(a->look, w, event, nearest[i].event)};
        size_t at = n;
        while (at > 0 && best[at - 1].score_db < h.score_db)
            at--;
        if (at == LOOKS_TOLD) continue;
        if (n < LOOKS_TOLD) n++;
        for (size_t k = n - 1; k > at; k--)
            best[k] = best[k - 1];
        best[at] = h;
    }
    return n;
}

static int weight_among(const struct hit *nearest, size_t count, uint32_t event)
{
    for (size_t i = 0; i < count; i++)
        if (nearest[i].event == event) return nearest[i].score_db;
    return INT32_MIN;
}

/* What stands out and weighs enough opens a series or joins one, where that coheres; else it is the pair. */
static void tell_look(struct alarm *a, struct world *w, uint32_t event, const struct hit *tie,
                      uint32_t *member, struct alert *out)
{
    if (tie->score_db >= SERIES_LEAST_DB && alarm_tie(a, w, event, tie, SERIES_LEAST_DB) != 0) {
        alarm_bring_along(a, w, tie->event, SERIES_LEAST_DB);
        out->series = alarm_series_of(a, event);
        return;
    }
    member[0] = tie->event;
    member[1] = event;
    alarm_fill_few(w, ALERT_LOOK, member, 2, out);
}

/* Pairs that stand out among the nearest, each once. How many were told. */
size_t alarm_consider_looks(struct alarm *a, struct world *w, uint32_t event, const struct hit *nearest,
                            size_t count, struct alert *out)
{
    struct hit best[LOOKS_TOLD];
    bool priced;
    int64_t now = world_now_ms(w);
    size_t told = 0, n = look_again(a, w, event, nearest, count, best);
    int threshold = alarm_threshold_by_look(a, now, &priced);
    for (size_t i = 0; i < n; i++) {
        uint32_t other = best[i].event, mine = alarm_series_of(a, event);
        bool together = mine != 0 && mine == alarm_series_of(a, other);
        if (best[i].score_db > threshold && !together && alarm_told_first(a, event, other)) {
            struct hit tie = {other, weight_among(nearest, count, other)};
            out[told] =
                (struct alert){.event = event,
                               .partner = other,
                               .score_db = best[i].score_db,
                               .threshold_db = threshold,
                               .looked = true,
                               .once_in_weeks = prices_once_in_weeks(a->prices, BY_LOOK, best[i].score_db)};
            tell_look(a, w, event, &tie, a->few[ALERTS_MAX - LOOKS_TOLD + told], &out[told]);
            told++;
        }
        prices_remember(a->prices, BY_LOOK, now, alarm_pair_key(event, other), best[i].score_db);
    }
    return told;
}
