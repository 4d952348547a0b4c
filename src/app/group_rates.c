/* Units, sexes and mechanisms of which more deaths stay unexplained than is usual, in a window that ends with
 * the day before. */
#include "app/group_watch_internal.h"
#include "base/hash.h"
#include "scan/rate.h"

#include <math.h>

#define PERIODS     39 /* of four weeks: three years */
#define PERIOD_DAYS 28
#define WINDOW_MAX  6 /* periods */
#define SHUFFLES    199
#define STOP_AFTER  20
/* What the strongest of most shuffles reaches is nothing; below it chance brings -ln(1 - p) in the period. */
#define PROBABILITY_MOST 0.5

struct rates {
    struct group_look *l;
    struct rate_input in;
    const struct watched_death **death; /* of each row */
    uint32_t *event;
};

static void gather(struct rates *r)
{
    const struct group_look *l = r->l;
    struct arena *a = l->a;
    int64_t first = l->day - (int64_t)PERIODS * PERIOD_DAYS;
    bool *unexplained = NEW_ARRAY(a, bool, l->deaths + 1);
    uint32_t *unit = NEW_ARRAY(a, uint32_t, l->deaths + 1), *level[3];
    for (size_t f = 0; f < COUNT_OF(level); f++)
        r->in.level[f] = level[f] = NEW_ARRAY(a, uint32_t, l->deaths + 1);
    r->death = NEW_ARRAY(a, const struct watched_death *, l->deaths + 1);
    r->event = NEW_ARRAY(a, uint32_t, l->deaths + 1);
    size_t n = 0;
    for (size_t i = 0; i < l->deaths; i++) {
        const struct watched_death *d = l->death[i];
        if (d->day < first || d->mechanism == 0) continue;
        r->death[n] = d;
        r->event[n] = d->event;
        unexplained[n] = d->unexplained;
        unit[n] = (uint32_t)((d->day - first) / PERIOD_DAYS);
        level[0][n] = d->unit;
        level[1][n] = d->sex;
        level[2][n++] = d->mechanism;
    }
    r->in.rows = n;
    r->in.unexplained = unexplained;
    r->in.unit = unit;
    r->in.units = PERIODS;
    r->in.factors = COUNT_OF(level);
    for (size_t f = 0; f < COUNT_OF(level); f++)
        r->in.levels[f] = table_count(l->g->words);
}

static Str subject_words(const struct rates *r, const struct watched_death *d)
{
    const struct group_watch *g = r->l->g;
    Str what = group_mechanism_words(r->l, d->mechanism), unit = table_key(g->words, d->unit),
        sex = table_key(g->words, d->sex);
    return str_format(r->l->a, "%.*s%s%.*s%s%.*s", STR_ARG(what), str_empty(sex) ? "" : ", sex ",
                      STR_ARG(sex), str_empty(unit) ? "" : ", unit ", STR_ARG(unit));
}

enum status group_rates(struct group_look *l, struct err *e)
{
    struct rates r = {.l = l};
    struct rate_groups groups;
    struct rate_window *window;
    size_t count;
    gather(&r);
    struct rate_options options = {.units_max = WINDOW_MAX,
                                   .cases_min = GROUP_LEAST,
                                   .shuffles = SHUFFLES,
                                   .stop_after = STOP_AFTER,
                                   .seed = (uint64_t)l->day,
                                   .threads = l->g->threads};
    if (r.in.rows == 0) return OK;
    TRY(rate_measure(&r.in, l->a, &groups, e));
    TRY(rate_scan(&r.in, &groups, &options, l->a, &window, &count, e));
    int64_t *first_day = NEW_ARRAY(l->a, int64_t, PERIODS + 1);
    for (int64_t i = 0; i <= PERIODS; i++)
        first_day[i] = l->day - (PERIODS - i) * PERIOD_DAYS;
    struct detection *d =
        rate_detections(&r.in, &groups, window, count, first_day, (double)PERIODS * PERIOD_DAYS / 7, l->a);
    for (size_t i = 0; i < count; i++) {
        const struct watched_death *one = r.death[groups.group[d[i].subject].row];
        if (d[i].to_day < l->day - 1 || d[i].probability > PROBABILITY_MOST) continue;
        d[i].recurrence_weeks = (double)PERIODS * PERIOD_DAYS / 7 / -log1p(-d[i].probability);
        if (d[i].count > GROUP_MOST) continue; /* a change of the times: `colligate rates` */
        group_cap(&d[i]);
        Str what = subject_words(&r, one), words = detection_sentence(l->a, &d[i], what);
        group_found(l, &d[i], r.event, hash64(what), str_format(l->a, "%.*s.", STR_ARG(words)));
    }
    return OK;
}
