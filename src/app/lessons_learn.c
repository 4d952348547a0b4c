/* From lessons to a second look. */
#include "app/lessons.h"

#include "base/rng.h"
#include "learn/boost.h"

#include <math.h>

#define LESSON_BYTES_MAX ((size_t)16 << 30)
/* An alarm without history says what is one in three sure among the nearest, log10 of the odds: stricter than
 * one false alert a week turns out to be. */
#define START_LOG10 (-0.3)
/* Tried on populations held out (doc/decisions/0016): leaves of few pairs are held hard, for a series gives
 * many lessons that are much alike; then more trees go on to help. */
static const struct boost_options GROWING = {
    .trees = 400, .leaves = 15, .least_pairs = 40, .rate = 0.1, .hold = 100};

/* Populations have a day and a place for every death; a report of the first hour often has neither. So each
 * lesson is given twice: as it was, and with some of it not recorded, that trees learn what the rest is worth
 * then. */
#define FORGOTTEN_TOGETHER 30 /* in a hundred: place, and time */
#define FORGOTTEN_ALONE    15
#define FORGOTTEN_WEIGHT   0.5

/* Measures that are not recorded together; the others each by itself. */
enum recorded_with { WITH_PLACE, WITH_TIME, WITH_AGE, ALONE, ALWAYS };
static enum recorded_with recorded_with(size_t m)
{
    switch (m) {
    case FEATURE_PLACE:
    case FEATURE_ADDRESS:
    case LOOK_METRES:
        return WITH_PLACE;
    case FEATURE_TIME:
    case FEATURE_DAY_PART:
    case FEATURE_WEEKDAY:
    case LOOK_DAYS:
        return WITH_TIME;
    case FEATURE_AGE:
    case LOOK_YEARS:
        return WITH_AGE;
    case FEATURE_MECHANISM:
    case FEATURE_SETTING:
        return ALWAYS;
    default:
        return m < FEATURE_COUNT ? ALONE : ALWAYS;
    }
}

/* What the sum and the numbers of features would have been without it. */
static void take_out(float value[LOOK_MEASURES], size_t m)
{
    if (isnan(value[m])) return;
    if (m < FEATURE_COUNT) {
        value[LOOK_SUM] -= value[m];
        if (look_counts((enum feature)m)) {
            value[LOOK_WEIGH_FOR] -= value[m] > 0;
            value[LOOK_WEIGH_AGAINST] -= value[m] < 0;
        }
    }
    value[m] = NAN;
}

static struct lesson forget(const struct lesson *whole, struct rng *chance)
{
    struct lesson l = *whole;
    bool gone[ALONE];
    for (size_t i = 0; i < ALONE; i++)
        gone[i] = rng_below(chance, 100) < (i == WITH_AGE ? FORGOTTEN_ALONE : FORGOTTEN_TOGETHER);
    for (size_t m = 0; m < LOOK_MEASURES; m++) {
        enum recorded_with with = recorded_with(m);
        bool alone = with == ALONE && rng_below(chance, 100) < FORGOTTEN_ALONE;
        if (alone || (with < ALONE && gone[with])) take_out(l.value, m);
    }
    if (gone[WITH_PLACE]) l.value[LOOK_AT_ADDRESS] = 0;
    return l;
}

/* In columns, as boost_train takes them. */
struct columns_of_lessons {
    size_t rows, room;
    double *value; /* measure after measure, `room` each */
    double *weight;
    bool *linked;
};

static void put_lesson(struct columns_of_lessons *c, const struct lesson *l, double counts)
{
    c->linked[c->rows] = l->linked;
    c->weight[c->rows] = counts * (l->linked ? 1 : LESSONS_OTHERS_PART);
    for (size_t m = 0; m < LOOK_MEASURES; m++)
        c->value[m * c->room + c->rows] = (double)l->value[m];
    c->rows++;
}

static struct pair_table table_of(const struct lessons *l, struct arena *a)
{
    struct columns_of_lessons c = {.room = 2 * l->count};
    struct rng chance;
    rng_seed(&chance, 1);
    c.value = NEW_ARRAY(a, double, c.room *LOOK_MEASURES + 1);
    c.weight = NEW_ARRAY(a, double, c.room + 1);
    c.linked = NEW_ARRAY(a, bool, c.room + 1);
    for (size_t i = 0; i < l->count; i++) {
        struct lesson less = forget(&l->item[i], &chance);
        put_lesson(&c, &l->item[i], 1);
        put_lesson(&c, &less, FORGOTTEN_WEIGHT);
    }
    struct pair_table t = {
        .pairs = c.rows, .features = LOOK_MEASURES, .linked = c.linked, .weight = c.weight};
    t.feature = NEW_ARRAY(a, struct pair_feature, LOOK_MEASURES);
    for (size_t m = 0; m < LOOK_MEASURES; m++)
        t.feature[m] =
            (struct pair_feature){look_measure_name(a, (enum look_measure)m),
                                  look_measure_direction((enum look_measure)m), c.value + m * c.room};
    return t;
}

enum status lessons_learn(const struct lessons *l, struct arena *a, struct second_look *out, struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("learning a second look", LESSON_BYTES_MAX);
    struct pair_table t = table_of(l, scratch);
    *out = (struct second_look){0};
    TRY(boost_train(&t, &GROWING, a, &out->trees, &out->odds, e));
    out->start_threshold_db = (int64_t)lround(10 * (START_LOG10 - out->odds));
    return OK;
}
