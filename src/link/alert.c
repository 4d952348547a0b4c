#include "link/alert.h"

#include "base/alloc.h"
#include "base/table.h"
#include "link/cohesion.h"
#include "link/price.h"
#include "link/same_event.h"

/* A part of the budget is kept for alerts that no score prices: a series that grows because a fact ties a
 * report to it. */
#define PRICED_PART 0.8
/* Space and time alone are never an alarm: at least so much must come from the other families, decibans. */
#define BEYOND_PLACE_AND_TIME_DB 10
/* How many of its nearest are looked through for incidents that belong to a death. */
#define FOLLOWERS_MAX 20
/* An incident so strongly tied by people and numbers follows a death at half the threshold, decibans. */
#define FOLLOWS_PEOPLE_DB 20

enum { BY_WEIGHT, DETECTORS };

struct alarm {
    const struct link_model *model;
    double price_per_week;
    struct prices *prices;
    struct series_book *book;
    struct table *told; /* pairs that were told by themselves: they tied, but their series did not cohere */
    uint32_t pair[2];   /* the members of such an alert */
};

struct alarm *alarm_new(const struct link_model *model, double price_per_week)
{
    struct alarm *a = alloc_zero(1, sizeof *a);
    a->model = model;
    a->price_per_week = price_per_week;
    a->prices = prices_new(DETECTORS, model->history_weeks);
    a->book = series_book_new();
    a->told = table_new((size_t)1 << 30);
    return a;
}

void alarm_free(struct alarm *a)
{
    if (a == NULL) return;
    prices_free(a->prices);
    series_book_free(a->book);
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

int alarm_threshold_db(struct alarm *a, int64_t now_ms, bool *priced)
{
    return prices_threshold_db(a->prices, BY_WEIGHT, now_ms, PRICED_PART * a->price_per_week,
                               (int)a->model->start_threshold_db, priced);
}

uint32_t alarm_series_of(const struct alarm *a, uint32_t event)
{
    return series_of(a->book, event);
}

const struct series_book *alarm_book(const struct alarm *a)
{
    return a->book;
}

/* ---- the weights a series is drawn together by ------------------------------------------------------ */

static bool is_death(const struct world *w, uint32_t event)
{
    return world_event_id(w, event)->kind == KIND_DEATH;
}

static bool belongs(const struct world *w, uint32_t x, uint32_t y)
{
    return reports_the_death(w, x, y) || concerns_the_dead(w, x, y);
}

static int weight_of(void *state, uint32_t x, uint32_t y)
{
    return world_pair_score(state, x, y);
}

/* A chain of deaths is not a series; incidents follow the death they are about, and are not asked. */
static bool death_counts(void *state, uint32_t event)
{
    return is_death(state, event);
}

/* What only repeats the death it belongs to, its call or a report about the dead person, is not counted
 * again.
 */
static bool repeats(void *state, uint32_t x, uint32_t y)
{
    return belongs(state, x, y) || belongs(state, y, x);
}

static struct pair_weights weights_in(struct world *w)
{
    return (struct pair_weights){weight_of, death_counts, repeats, w};
}

/* ---- alerts --------------------------------------------------------------------------------------- */

bool alarm_may_tie(struct world *w, uint32_t x, uint32_t y)
{
    if (!is_death(w, x) && !is_death(w, y)) return false;
    struct pair_families f;
    world_pair_families(w, x, y, &f);
    int beyond = f.sum_db - f.weight_db[FAMILY_PLACE] - f.weight_db[FAMILY_TIME];
    return beyond >= BEYOND_PLACE_AND_TIME_DB && !f.same_event_likely && !belongs(w, x, y) &&
           !belongs(w, y, x);
}

/* What is in one series already is no news. */
static bool may_alert(const struct alarm *a, struct world *w, uint32_t x, uint32_t y)
{
    uint32_t series = alarm_series_of(a, x);
    return (series == 0 || series != alarm_series_of(a, y)) && alarm_may_tie(w, x, y);
}

static enum link_state state_of(const struct world *w, const uint32_t *member, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (world_unverified(w, member[i])) return LINK_UNVERIFIED;
    return LINK_SUGGESTED;
}

static void fill(const struct alarm *a, const struct world *w, uint32_t series, struct alert *out)
{
    out->member_count = series_members(a->book, series, &out->member);
    out->series = series;
    out->by = out->member_count > 2 ? ALERT_SERIES : ALERT_PAIR;
    out->state = state_of(w, out->member, out->member_count);
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
        series_join(a->book, mine != 0 ? mine : theirs, mine != 0 ? other : event,
                    (struct series_move){.at_ms = world_now_ms(w),
                                         .why = SERIES_FOLLOWS,
                                         .other = mine != 0 ? event : other,
                                         .weight_db = nearest[i].score_db});
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
                          .once_in_weeks = prices_once_in_weeks(a->prices, BY_WEIGHT, h->score_db)};
}

/* An event tied to several members of a series weighs more than its strongest tie. */
static int with_series(const struct alarm *a, struct world *w, uint32_t event, const struct hit *h)
{
    uint32_t series = alarm_series_of(a, h->event);
    const uint32_t *member;
    if (series == 0 || alarm_series_of(a, event) != 0 || !is_death(w, event)) return h->score_db;
    size_t count = series_members(a->book, series, &member);
    struct pair_weights weights = weights_in(w);
    return cohesion_bond(&weights, member, count, event, h->event, h->score_db);
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
    out->state = state_of(w, a->pair, 2);
    out->member = a->pair;
    out->member_count = 2;
    return true;
}

bool alarm_consider(struct alarm *a, struct world *w, uint32_t event, const struct hit *nearest, size_t count,
                    struct alert *out)
{
    bool priced, raised = false, paired = false;
    int64_t now = world_now_ms(w);
    int threshold = alarm_threshold_db(a, now, &priced), best = INT32_MIN;
    struct pair_weights weights = weights_in(w);
    for (size_t i = 0; i < count; i++) {
        if (!may_alert(a, w, event, nearest[i].event)) continue;
        struct hit h = {nearest[i].event, with_series(a, w, event, &nearest[i])};
        if (h.score_db > best) best = h.score_db;
        if (nearest[i].score_db + COHESION_MORE_MAX_DB <= threshold) break;
        if (h.score_db <= threshold) continue;
        if (cohesion_tie(a->book, &weights, event, h.event, threshold, now) == 0) {
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
    if (best == INT32_MIN) return raised || paired;
    prices_remember(a->prices, BY_WEIGHT, now, event, best);
    prices_note_day(a->prices, now);
    return raised || paired;
}
