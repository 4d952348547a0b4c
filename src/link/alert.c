#include "link/alert_internal.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "link/cohesion.h"
#include "link/same_event.h"
#include "link/trio.h"

#include <math.h>
#include <stdlib.h>

/* Space and time alone are never an alarm: at least so much must come from the other families, decibans. */
#define BEYOND_PLACE_AND_TIME_DB 10
/* How many of its nearest are looked through for incidents that belong to a death. */
#define FOLLOWERS_MAX 20
/* How many of the nearest deaths must be of one series, each with at least so much weight. */
#define GATHER_IN_A_ROW 3
#define GATHER_LEAST_DB 35
/* An incident so strongly tied by people and numbers follows a death at half the threshold, decibans. */
#define FOLLOWS_PEOPLE_DB 20

/* Of the nearest, so many are asked for ties by weight alone; the second look takes all. */
#define TIED_AMONG 10

/* The parts of the budget; the part of one that has never spoken is shared out among the others. The rest is
 * for what no score prices: a series that grows because a fact ties a report to it. */
static const double BUDGET_PART[DETECTORS] = {[BY_WEIGHT] = 0.5, [BY_THREE] = 0.1, [BY_LOOK] = 0.2,
                                              [BY_SCAN] = 0.05,  [BY_RATE] = 0.05, [BY_EXPOSURE] = 0.05};
/* Of three together where there is a second look: it sees nearly all of what they would show. */
#define THREE_BESIDE_LOOK 0.02
/* The second look has at least so much of the whole. */
#define LOOK_LEAST        0.2
#define TOLD_BEYOND_TIMES 4

struct alarm *alarm_new(const struct link_model *model, const struct second_look *look, double price_per_week)
{
    struct alarm *a = alloc_zero(1, sizeof *a);
    a->model = model;
    a->look = look;
    a->price_per_week = price_per_week;
    a->prices = prices_new(DETECTORS, model->history_weeks);
    a->speaks[BY_WEIGHT] = a->speaks[BY_THREE] = true;
    a->speaks[BY_LOOK] = look != NULL;
    a->book = series_book_new();
    for (size_t i = 0; i < GROUP_DETECTORS; i++)
        a->groups[i] = series_book_new();
    a->told = table_new(TOLD_MAX);
    a->told_of = table_new(TOLD_MAX);
    a->told_groups = table_new(TOLD_MAX);
    return a;
}

void alarm_free(struct alarm *a)
{
    if (a == NULL) return;
    prices_free(a->prices);
    series_book_free(a->book);
    for (size_t i = 0; i < GROUP_DETECTORS; i++)
        series_book_free(a->groups[i]);
    table_free(a->told);
    table_free(a->told_of);
    table_free(a->told_groups);
    alloc_free(a);
}

void alarm_cleanup(struct alarm **a)
{
    alarm_free(*a);
}

const char *alert_by_name(enum alert_by by)
{
    static const char *const NAME[] = {"pair", "series", "three", "scan", "rate", "exposure", "second look"};
    MUST((unsigned)by < COUNT_OF(NAME));
    return NAME[by];
}

const char *link_state_name(enum link_state state)
{
    return state == LINK_UNVERIFIED ? "linked_unverified" : "suggested";
}

static double part_of(const struct alarm *a, enum detector d)
{
    return d == BY_THREE && a->look != NULL ? THREE_BESIDE_LOOK : BUDGET_PART[d];
}

double alarm_budget_of(const struct alarm *a, enum detector d)
{
    double all = 0, speaking = 0;
    for (enum detector i = 0; i < DETECTORS; i++) {
        all += part_of(a, i);
        if (a->speaks[i]) speaking += part_of(a, i);
    }
    return part_of(a, d) * all / speaking * a->price_per_week;
}

/* The second look has what all others together leave of the budget: theirs is not held by a threshold alone,
 * because a series grows when something follows one of its members. And because the last half year's k-th
 * best is passed somewhat more often than k times in the next (linkage.md, section 5), what was told beyond
 * the budget is taken off again, several times over. */
static double budget_of_look(struct alarm *a, int64_t now_ms)
{
    struct told_rate told = prices_told_per_week(a->prices, now_ms);
    double price = a->price_per_week, beyond = told.all - price,
           left = price - told.free - (beyond > 0 ? TOLD_BEYOND_TIMES * beyond : 0);
    return left > LOOK_LEAST * price ? left : LOOK_LEAST * price;
}

int alarm_threshold_of(struct alarm *a, enum detector d, int64_t now_ms, int start_db, bool *priced)
{
    double budget = d == BY_LOOK ? budget_of_look(a, now_ms) : alarm_budget_of(a, d);
    return prices_threshold_db(a->prices, d, now_ms, budget, start_db, priced);
}

static int threshold_by_weight(struct alarm *a, int64_t now_ms, bool *priced)
{
    return alarm_threshold_of(a, BY_WEIGHT, now_ms, (int)a->model->start_threshold_db, priced);
}

int alarm_threshold_by_look(struct alarm *a, int64_t now_ms, bool *priced)
{
    return alarm_threshold_of(a, BY_LOOK, now_ms, (int)a->look->start_threshold_db, priced);
}

int alarm_threshold_db(struct alarm *a, int64_t now_ms, bool *priced)
{
    return a->look != NULL ? alarm_threshold_by_look(a, now_ms, priced)
                           : threshold_by_weight(a, now_ms, priced);
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

bool alarm_is_death(const struct world *w, uint32_t event)
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
    return alarm_is_death(state, event);
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
    if (!alarm_is_death(w, x) && !alarm_is_death(w, y)) return false;
    struct pair_families f;
    world_pair_families(w, x, y, &f);
    int beyond = f.sum_db - f.weight_db[FAMILY_PLACE] - f.weight_db[FAMILY_TIME];
    return beyond >= BEYOND_PLACE_AND_TIME_DB && !f.same_event_likely && !belongs(w, x, y) &&
           !belongs(w, y, x);
}

/* What is in one series already is no news. */
bool alarm_may_alert(const struct alarm *a, struct world *w, uint32_t x, uint32_t y)
{
    uint32_t series = alarm_series_of(a, x);
    return (series == 0 || series != alarm_series_of(a, y)) && alarm_may_tie(w, x, y);
}

enum link_state alarm_state_of(const struct world *w, const uint32_t *member, size_t count)
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
    out->state = alarm_state_of(w, out->member, out->member_count);
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
    if (alarm_is_death(w, x) && alarm_is_death(w, y)) return STAYS;
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

void alarm_bring_along(struct alarm *a, struct world *w, uint32_t partner, int threshold)
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
    if (series == 0 || alarm_series_of(a, event) != 0 || !alarm_is_death(w, event)) return h->score_db;
    size_t count = series_members(a->book, series, &member);
    struct pair_weights weights = weights_in(w);
    return cohesion_bond(&weights, member, count, event, h->event, h->score_db);
}

/* What is told of an event by itself is news where it weighs more than what was told of it before. */
static bool is_news(struct alarm *a, uint32_t event, int score_db)
{
    bool fresh;
    uint64_t *told = table_at_number(a->told_of, event, &fresh);
    if (!fresh && (int64_t)*told > score_db) return false;
    *told = (uint64_t)(score_db > 0 ? score_db : 0) + 1;
    return true;
}

void alarm_fill_few(const struct world *w, enum alert_by by, const uint32_t *member, size_t count,
                    struct alert *out)
{
    out->by = by;
    out->state = alarm_state_of(w, member, count);
    out->member = member;
    out->member_count = count;
}

uint64_t alarm_pair_key(uint32_t x, uint32_t y)
{
    return (uint64_t)(x < y ? x : y) << 32 | (x < y ? y : x);
}

/* Keeps that a pair was told; false when it was before. */
bool alarm_told_first(struct alarm *a, uint32_t x, uint32_t y)
{
    bool fresh;
    (void)table_at_number(a->told, alarm_pair_key(x, y), &fresh);
    return fresh;
}

/* A tie that would make a chain of a series, or is too weak to open one, is told as the pair it is, once. */
static bool tell_pair(struct alarm *a, const struct world *w, uint32_t event, const struct hit *h,
                      int threshold, struct alert *out)
{
    if (!alarm_told_first(a, event, h->event) || !is_news(a, event, h->score_db)) return false;
    open_alert(a, event, h, threshold, out);
    a->few[0][0] = h->event;
    a->few[0][1] = event;
    alarm_fill_few(w, ALERT_PAIR, a->few[0], 2, out);
    return true;
}

uint32_t alarm_tie(struct alarm *a, struct world *w, uint32_t event, const struct hit *h, int threshold)
{
    struct pair_weights weights = weights_in(w);
    int bar = threshold > SERIES_LEAST_DB ? threshold : SERIES_LEAST_DB;
    if (h->score_db < SERIES_LEAST_DB) return 0;
    return cohesion_tie(a->book, &weights, event, h->event, bar, world_now_ms(w));
}

/* Were the three told together before, or are two of them in one series? */
static bool known_three(struct alarm *a, uint32_t event, const struct trio *t)
{
    uint32_t mine = series_of(a->book, event), x = series_of(a->book, t->a), y = series_of(a->book, t->b);
    uint64_t low = t->a < t->b ? t->a : t->b, high = t->a < t->b ? t->b : t->a;
    if ((mine != 0 && (mine == x || mine == y)) || (x != 0 && x == y)) return true;
    bool fresh;
    uint64_t middle = event < low    ? low
                      : event < high ? event
                                     : high,
             first = event < low ? event : low, last = event > high ? event : high;
    (void)table_at_number(a->told, hash64_mix(hash64_mix(first, middle), last), &fresh);
    return !fresh;
}

/* Three that no pair of them shows. Priced by history alone: before there is any, they are not told.
 * `silent`: something was told of the event already; only its price is kept. */
static bool consider_three(struct alarm *a, struct world *w, uint32_t event, const struct hit *nearest,
                           size_t count, bool silent, struct alert *out)
{
    struct trio t;
    bool priced;
    int64_t now = world_now_ms(w);
    int threshold = alarm_threshold_of(a, BY_THREE, now, 2 * (int)a->model->start_threshold_db, &priced);
    if (!trio_strongest(w, event, nearest, count, &t)) return false;
    double weeks = prices_once_in_weeks(a->prices, BY_THREE, t.score_db);
    prices_remember(a->prices, BY_THREE, now, event, t.score_db);
    if (silent || !priced || t.score_db <= threshold || known_three(a, event, &t) ||
        !is_news(a, event, t.score_db))
        return false;
    *out = (struct alert){.event = event,
                          .partner = t.a,
                          .score_db = t.score_db,
                          .threshold_db = threshold,
                          .once_in_weeks = weeks};
    a->few[1][0] = t.a;
    a->few[1][1] = t.b;
    a->few[1][2] = event;
    alarm_fill_few(w, ALERT_THREE, a->few[1], 3, out);
    return true;
}

/* Series as they stand once the event was considered in every way; one alert each. */
static size_t fill_series(const struct alarm *a, const struct world *w, struct alert *al, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bool again = false;
        if (al[i].series != 0) fill(a, w, alarm_series_of(a, al[i].event), &al[i]);
        for (size_t k = 0; k < kept; k++)
            again = again || (al[i].series != 0 && al[k].series == al[i].series);
        if (!again) al[kept++] = al[i];
    }
    return kept;
}

/* Of two deaths the second look says whether they are told; incidents it does not know. */
static bool left_to_look(const struct alarm *a, const struct world *w, uint32_t x, uint32_t y)
{
    return a->look != NULL && alarm_is_death(w, x) && alarm_is_death(w, y);
}

struct alarm_sight alarm_see(struct alarm *a, struct world *w, uint32_t x, uint32_t y)
{
    bool priced;
    int64_t now = world_now_ms(w);
    if (left_to_look(a, w, x, y))
        return (struct alarm_sight){true, look_weigh(a->look, w, x, y),
                                    alarm_threshold_by_look(a, now, &priced)};
    return (struct alarm_sight){false, world_pair_score(w, x, y), threshold_by_weight(a, now, &priced)};
}

/* ---- one event ---------------------------------------------------------------------------------------- */

/* A death whose nearest deaths, so many in a row, are all of one series: chance hits one small series of all
 * deaths three times running far more rarely than it brings one tie as strong. Joins it; the place of the
 * first of them among the nearest, or `count`. */
static size_t gather(struct alarm *a, struct world *w, uint32_t event, const struct hit *nearest,
                     size_t count)
{
    uint32_t series = 0;
    size_t first = count, in_a_row = 0;
    if (!alarm_is_death(w, event) || alarm_series_of(a, event) != 0) return count;
    for (size_t i = 0; i < count && in_a_row < GATHER_IN_A_ROW; i++) {
        if (!alarm_is_death(w, nearest[i].event)) continue;
        uint32_t theirs = alarm_series_of(a, nearest[i].event);
        if (theirs == 0 || (series != 0 && theirs != series) || nearest[i].score_db < GATHER_LEAST_DB ||
            !alarm_may_alert(a, w, event, nearest[i].event))
            return count;
        if (in_a_row++ == 0) first = i;
        series = theirs;
    }
    if (in_a_row < GATHER_IN_A_ROW) return count;
    series_join(a->book, series, event,
                (struct series_move){.at_ms = world_now_ms(w),
                                     .why = SERIES_TIED,
                                     .other = nearest[first].event,
                                     .weight_db = nearest[first].score_db});
    return first;
}

/* What is tied by weight alone: series open and grow by it. */
static bool consider_ties(struct alarm *a, struct world *w, uint32_t event, const struct hit *nearest,
                          size_t count, struct alert *out)
{
    bool priced, raised = false, paired = false;
    int64_t now = world_now_ms(w);
    int threshold = threshold_by_weight(a, now, &priced), best = INT32_MIN;
    for (size_t i = 0; i < count; i++) {
        if (!alarm_may_alert(a, w, event, nearest[i].event)) continue;
        struct hit h = {nearest[i].event, with_series(a, w, event, &nearest[i])};
        if (h.score_db > best) best = h.score_db;
        if (nearest[i].score_db + COHESION_MORE_MAX_DB <= threshold) break;
        if (h.score_db <= threshold || left_to_look(a, w, event, h.event)) continue;
        if (alarm_tie(a, w, event, &h, threshold) == 0) {
            if (!raised && !paired) paired = tell_pair(a, w, event, &h, threshold, out);
            continue;
        }
        if (!raised) open_alert(a, event, &h, threshold, out);
        alarm_bring_along(a, w, h.event, threshold);
        raised = true;
    }
    size_t news = bring_along(a, w, event, nearest, count, threshold);
    if (!raised && !paired && news == count) news = gather(a, w, event, nearest, count);
    if (!raised && !paired && news < count) {
        open_alert(a, event, &nearest[news], threshold, out);
        raised = true;
    }
    if (raised) fill(a, w, alarm_series_of(a, event), out);
    if (best != INT32_MIN) {
        prices_remember(a->prices, BY_WEIGHT, now, event, best);
        prices_note_day(a->prices, now);
    }
    if (raised && out->member_count == 2 && !alarm_told_first(a, out->member[0], out->member[1]))
        return paired;
    return raised || paired;
}

size_t alarm_consider(struct alarm *a, struct world *w, uint32_t event, const struct hit *nearest,
                      size_t count, struct alert out[ALERTS_MAX])
{
    size_t few = count < TIED_AMONG ? count : TIED_AMONG, told = 0;
    told += consider_ties(a, w, event, nearest, few, &out[told]);
    told += consider_three(a, w, event, nearest, few, told > 0, &out[told]);
    size_t others = told;
    if (a->look != NULL) told += alarm_consider_looks(a, w, event, nearest, count, &out[told]);
    for (size_t i = 0; i < told; i++)
        prices_note_told(a->prices, world_now_ms(w), i >= others, BY_LOOK,
                         alarm_pair_key(out[i].event, out[i].partner));
    return fill_series(a, w, out, told);
}

void alarm_decided(struct alarm *a, const uint32_t *member, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++)
            prices_excuse(a->prices, BY_LOOK, alarm_pair_key(member[i], member[k]));
}

void alarm_undecide(struct alarm *a)
{
    prices_excuse_none(a->prices);
}
