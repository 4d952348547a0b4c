#include "link/alert.h"

#include "base/alloc.h"
#include "base/caldate.h"
#include "base/table.h"
#include "link/same_event.h"
#include "link/score.h"

#include <stdlib.h>

/* Fewer days of history than this cannot price anything. */
#define DAYS_TO_PRICE 56
/* A part of the budget is kept for alerts that no score prices: a series that grows because a fact ties a
 * report to it. */
#define PRICED_PART 0.8
/* Space and time alone are never an alarm: at least so much must come from the other families, decibans. */
#define BEYOND_PLACE_AND_TIME_DB 10
/* How many of its nearest are looked through for incidents that belong to a death. */
#define FOLLOWERS_MAX 20
/* An incident so strongly tied by people and numbers follows a death at half the threshold, decibans. */
#define FOLLOWS_PEOPLE_DB 20
/* A series adds at most so much to its strongest tie; of a large one only so many members are looked at. */
#define SERIES_MORE_MAX_DB   20
#define SERIES_SHARE         5 /* one part in so many of each further tie */
#define SERIES_LOOKED_AT_MAX 20
/* A newcomer must be tied to at least half of the deaths of a series, each by this part of the threshold. */
#define COHESION_PART 0.6

struct scored {
    int64_t at_ms;
    uint32_t event;
    int score_db;
};

struct series {
    uint32_t *member;
    size_t count, room;
};

struct alarm {
    const struct link_model *model;
    double price_per_week;
    struct scored *scored; /* in the order of time; the window starts at `first` */
    size_t count, room, first;
    int32_t *active_day; /* days with scores, in order, each once */
    size_t active_count, active_room, active_first;
    struct series *series;
    size_t series_count, series_room;
    uint32_t *series_of; /* by event */
    size_t events_room;
    int *sorted; /* work space */
    size_t sorted_room;
    int64_t priced_day; /* the threshold is set anew at each midnight, and stands for the day */
    int threshold_db;
    bool priced;
    struct table *place; /* event -> its place in `scored`, from 1 */
    struct table *told;  /* pairs that were told by themselves: they tied, but their series did not cohere */
    uint32_t pair[2];    /* the members of such an alert */
};

static void *room_for(void *array, size_t *room, size_t need, size_t size)
{
    if (need < *room) return array;
    size_t grown = need < 64 ? 128 : need * 2;
    array = alloc_resize(array, grown, size);
    memset((char *)array + *room * size, 0, (grown - *room) * size);
    *room = grown;
    return array;
}

struct alarm *alarm_new(const struct link_model *model, double price_per_week)
{
    struct alarm *a = alloc_zero(1, sizeof *a);
    a->model = model;
    a->price_per_week = price_per_week;
    a->priced_day = INT64_MIN;
    a->place = table_new((size_t)1 << 30);
    a->told = table_new((size_t)1 << 30);
    return a;
}

void alarm_free(struct alarm *a)
{
    if (a == NULL) return;
    for (size_t i = 0; i < a->series_count; i++)
        alloc_free(a->series[i].member);
    alloc_free(a->series);
    alloc_free(a->series_of);
    alloc_free(a->scored);
    alloc_free(a->active_day);
    alloc_free(a->sorted);
    table_free(a->place);
    table_free(a->told);
    alloc_free(a);
}

void alarm_cleanup(struct alarm **a)
{
    alarm_free(*a);
}

const char *alert_by_name(enum alert_by by)
{
    return by == ALERT_PAIR ? "pair" : "series";
}

const char *link_state_name(enum link_state state)
{
    return state == LINK_UNVERIFIED ? "linked_unverified" : "suggested";
}

/* ---- the price ------------------------------------------------------------------------------------ */

static void slide_window(struct alarm *a, int64_t now_ms)
{
    int64_t from = now_ms - (int64_t)(a->model->history_weeks * 7) * MS_PER_DAY;
    while (a->first < a->count && a->scored[a->first].at_ms < from)
        a->first++;
    while (a->active_first < a->active_count && a->active_day[a->active_first] < caldate_day_of(from))
        a->active_first++;
}

static int compare_falling(const void *x, const void *y)
{
    const int *a = x, *b = y;
    return *a < *b ? 1 : *a > *b ? -1 : 0;
}

/* Days on which something was scored, not days of the calendar: a quiet start is no history. */
static double weeks_of_history(const struct alarm *a)
{
    return (double)(a->active_count - a->active_first) / 7;
}

static int price(struct alarm *a)
{
    size_t n = a->count - a->first, k = (size_t)(PRICED_PART * a->price_per_week * weeks_of_history(a));
    int start = (int)a->model->start_threshold_db;
    a->priced = a->active_count - a->active_first >= DAYS_TO_PRICE;
    if (k == 0 || n < k) return start;
    a->sorted = room_for(a->sorted, &a->sorted_room, n, sizeof *a->sorted);
    for (size_t i = 0; i < n; i++)
        a->sorted[i] = a->scored[a->first + i].score_db;
    qsort(a->sorted, n, sizeof *a->sorted, compare_falling);
    int own = a->sorted[k - 1];
    return a->priced || own > start ? own : start;
}

int alarm_threshold_db(struct alarm *a, int64_t now_ms, bool *priced)
{
    int64_t day = caldate_day_of(now_ms);
    if (day != a->priced_day) {
        slide_window(a, caldate_midnight(now_ms));
        a->threshold_db = price(a);
        a->priced_day = day;
    }
    *priced = a->priced;
    return a->threshold_db;
}

static double once_in_weeks(const struct alarm *a, int score_db)
{
    size_t as_high = 1;
    for (size_t i = a->first; i < a->count; i++)
        as_high += a->scored[i].score_db >= score_db;
    double weeks = weeks_of_history(a);
    return weeks < 1 ? 1 : weeks / (double)as_high;
}

/* An event that is scored again because facts came in keeps one place in the history, with its best score. */
static void remember(struct alarm *a, int64_t now_ms, uint32_t event, int score_db)
{
    bool fresh;
    uint64_t *at = table_at_number(a->place, event, &fresh);
    if (!fresh && *at > a->first) {
        struct scored *old = &a->scored[*at - 1];
        if (old->score_db < score_db) old->score_db = score_db;
        return;
    }
    *at = a->count + 1;
    a->scored = room_for(a->scored, &a->room, a->count, sizeof *a->scored);
    a->scored[a->count++] = (struct scored){now_ms, event, score_db};
    int32_t day = (int32_t)caldate_day_of(now_ms);
    if (a->active_count > 0 && a->active_day[a->active_count - 1] == day) return;
    a->active_day = room_for(a->active_day, &a->active_room, a->active_count, sizeof *a->active_day);
    a->active_day[a->active_count++] = day;
}

/* ---- series --------------------------------------------------------------------------------------- */

uint32_t alarm_series_of(const struct alarm *a, uint32_t event)
{
    return event < a->events_room ? a->series_of[event] : 0;
}

static void join(struct alarm *a, uint32_t series, uint32_t event)
{
    struct series *s = &a->series[series - 1];
    s->member = room_for(s->member, &s->room, s->count, sizeof *s->member);
    s->member[s->count++] = event;
    a->series_of = room_for(a->series_of, &a->events_room, event, sizeof *a->series_of);
    a->series_of[event] = series;
}

static uint32_t found_series(struct alarm *a, uint32_t event)
{
    a->series = room_for(a->series, &a->series_room, a->series_count, sizeof *a->series);
    a->series_count++;
    join(a, (uint32_t)a->series_count, event);
    return (uint32_t)a->series_count;
}

/* The smaller of two series joins the larger, whose number stays; the older where they are of one size. */
static uint32_t merge(struct alarm *a, uint32_t x, uint32_t y)
{
    struct series *sx = &a->series[x - 1], *sy = &a->series[y - 1];
    uint32_t into = sx->count > sy->count || (sx->count == sy->count && x < y) ? x : y,
             from = into == x ? y : x;
    struct series *gone = &a->series[from - 1];
    for (size_t i = 0; i < gone->count; i++)
        join(a, into, gone->member[i]);
    gone->count = 0;
    return into;
}

static bool is_death(const struct world *w, uint32_t event)
{
    return world_event_id(w, event)->kind == KIND_DEATH;
}

/* A chain of deaths is not a series: is the event tied to at least half of the deaths in it? */
static bool coheres(const struct alarm *a, struct world *w, uint32_t series, uint32_t event, int threshold)
{
    const struct series *s = &a->series[series - 1];
    size_t deaths = 0, tied = 0;
    if (!is_death(w, event)) return true;
    for (size_t i = 0; i < s->count; i++) {
        if (!is_death(w, s->member[i]) || s->member[i] == event) continue;
        deaths++;
        tied += world_pair_score(w, event, s->member[i]) >= COHESION_PART * threshold;
    }
    return tied * 2 >= deaths;
}

static uint32_t tie(struct alarm *a, struct world *w, uint32_t event, uint32_t partner, int threshold)
{
    uint32_t x = alarm_series_of(a, event), y = alarm_series_of(a, partner);
    if (x == 0 && y == 0) {
        x = found_series(a, partner);
        join(a, x, event);
        return x;
    }
    if (x == 0 && coheres(a, w, y, event, threshold)) {
        join(a, y, event);
        return y;
    }
    if (y == 0 && coheres(a, w, x, partner, threshold)) {
        join(a, x, partner);
        return x;
    }
    if (x != 0 && y != 0 && coheres(a, w, y, event, threshold) && coheres(a, w, x, partner, threshold))
        return merge(a, x, y);
    return 0;
}

/* ---- alerts --------------------------------------------------------------------------------------- */

static bool belongs(const struct world *w, uint32_t x, uint32_t y)
{
    return reports_the_death(w, x, y) || concerns_the_dead(w, x, y);
}

static bool may_alert(const struct alarm *a, struct world *w, uint32_t x, uint32_t y)
{
    if (!is_death(w, x) && !is_death(w, y)) return false;
    if (alarm_series_of(a, x) != 0 && alarm_series_of(a, x) == alarm_series_of(a, y)) return false;
    struct pair_families f;
    world_pair_families(w, x, y, &f);
    int beyond = f.sum_db - f.weight_db[FAMILY_PLACE] - f.weight_db[FAMILY_TIME];
    return beyond >= BEYOND_PLACE_AND_TIME_DB && !f.same_event_likely && !belongs(w, x, y) &&
           !belongs(w, y, x);
}

static enum link_state state_of(const struct world *w, const struct series *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (world_unverified(w, s->member[i])) return LINK_UNVERIFIED;
    return LINK_SUGGESTED;
}

static void fill(const struct alarm *a, const struct world *w, uint32_t series, struct alert *out)
{
    const struct series *s = &a->series[series - 1];
    out->series = series;
    out->by = s->count > 2 ? ALERT_SERIES : ALERT_PAIR;
    out->state = state_of(w, s);
    out->member = s->member;
    out->member_count = s->count;
}

/* How an event belongs to a series that one of its nearest is in, without being scored for it. */
enum following {
    STAYS,
    FOLLOWS_QUIETLY, /* the call for a death: told with it, no news */
    FOLLOWS,         /* the same people or numbers lead to it, or it is about the dead person: news */
};

static enum following follows(struct world *w, uint32_t x, const struct hit *h, int threshold)
{
    uint32_t y = h->event;
    if (is_death(w, x) && is_death(w, y)) return STAYS;
    if (reports_the_death(w, x, y) || reports_the_death(w, y, x)) return FOLLOWS_QUIETLY;
    if (concerns_the_dead(w, x, y) || concerns_the_dead(w, y, x)) return FOLLOWS;
    if (h->score_db * 2 < threshold) return STAYS;
    struct pair_families f;
    world_pair_families(w, x, y, &f);
    return f.weight_db[FAMILY_IDENTIFIERS] >= FOLLOWS_PEOPLE_DB ? FOLLOWS : STAYS;
}

/* Joins what follows an event into its series, or the event into the series of what it follows. The place of
 * the first that is news among the nearest, or `count`. */
static size_t bring_along(struct alarm *a, struct world *w, uint32_t event, const struct hit *nearest,
                          size_t count, int threshold)
{
    size_t news = count;
    for (size_t i = 0; i < count; i++) {
        uint32_t mine = alarm_series_of(a, event), other = nearest[i].event,
                 theirs = alarm_series_of(a, other);
        if ((mine == 0) == (theirs == 0)) continue;
        enum following how = follows(w, event, &nearest[i], threshold);
        if (how == STAYS) continue;
        join(a, mine != 0 ? mine : theirs, mine != 0 ? other : event);
        if (how == FOLLOWS && news == count) news = i;
    }
    return news;
}

static void bring_partner_along(struct alarm *a, struct world *w, uint32_t partner, int threshold)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("what follows an event", (size_t)1 << 20);
    struct hit *hit;
    size_t n = world_nearest(w, partner, FOLLOWERS_MAX, scratch, &hit);
    (void)bring_along(a, w, partner, hit, n, threshold);
}

static void open_alert(struct alarm *a, uint32_t event, const struct hit *h, int threshold, struct alert *out)
{
    *out = (struct alert){.event = event,
                          .partner = h->event,
                          .score_db = h->score_db,
                          .threshold_db = threshold,
                          .once_in_weeks = once_in_weeks(a, h->score_db)};
}

/* An event tied to several members of a series weighs more than its strongest tie: a fifth of every further
 * one. What only repeats the death it belongs to, its call or a report about the dead person, is not counted
 * again. */
static int with_series(const struct alarm *a, struct world *w, uint32_t event, const struct hit *h)
{
    uint32_t series = alarm_series_of(a, h->event);
    int further = 0;
    if (series == 0 || alarm_series_of(a, event) != 0 || !is_death(w, event)) return h->score_db;
    const struct series *s = &a->series[series - 1];
    for (size_t i = 0; i < s->count && i < SERIES_LOOKED_AT_MAX; i++) {
        uint32_t member = s->member[i];
        if (member == h->event || belongs(w, h->event, member) || belongs(w, member, h->event)) continue;
        int db = world_pair_score(w, event, member);
        if (db > 0) further += db;
    }
    int more = further / SERIES_SHARE;
    return h->score_db + (more < SERIES_MORE_MAX_DB ? more : SERIES_MORE_MAX_DB);
}

/* A strong tie that would make a chain of a series is told as the pair it is, once. */
static bool tell_pair(struct alarm *a, const struct world *w, uint32_t event, const struct hit *h,
                      int threshold, struct alert *out)
{
    uint32_t low = event < h->event ? event : h->event, high = event < h->event ? h->event : event;
    bool fresh;
    (void)table_at_number(a->told, (uint64_t)low << 32 | high, &fresh);
    if (!fresh) return false;
    open_alert(a, event, h, threshold, out);
    a->pair[0] = h->event;
    a->pair[1] = event;
    out->by = ALERT_PAIR;
    out->state =
        world_unverified(w, event) || world_unverified(w, h->event) ? LINK_UNVERIFIED : LINK_SUGGESTED;
    out->member = a->pair;
    out->member_count = 2;
    return true;
}

bool alarm_consider(struct alarm *a, struct world *w, uint32_t event, const struct hit *nearest, size_t count,
                    struct alert *out)
{
    bool priced, raised = false, paired = false;
    int threshold = alarm_threshold_db(a, world_now_ms(w), &priced), best = INT32_MIN;
    for (size_t i = 0; i < count; i++) {
        if (!may_alert(a, w, event, nearest[i].event)) continue;
        struct hit h = {nearest[i].event, with_series(a, w, event, &nearest[i])};
        if (h.score_db > best) best = h.score_db;
        if (nearest[i].score_db + SERIES_MORE_MAX_DB <= threshold) break;
        if (h.score_db <= threshold) continue;
        if (tie(a, w, event, h.event, threshold) == 0) {
            if (!raised && !paired) paired = tell_pair(a, w, event, &h, threshold, out);
            continue;
        }
        if (!raised) open_alert(a, event, &h, threshold, out);
        bring_partner_along(a, w, h.event, threshold);
        raised = true;
    }
    size_t news = bring_along(a, w, event, nearest, count, threshold);
    if (!raised && !paired && news < count) {
        open_alert(a, event, &nearest[news], threshold, out);
        raised = true;
    }
    if (raised) fill(a, w, alarm_series_of(a, event), out);
    if (best != INT32_MIN) remember(a, world_now_ms(w), event, best);
    return raised || paired;
}
