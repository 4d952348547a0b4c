#include "app/lessons.h"

#include "base/alloc.h"
#include "base/rng.h"
#include "base/stream.h"
#include "learn/boost.h"

#include <math.h>

#define FILE_BYTES_MAX   ((size_t)4 << 30)
#define LINE_BYTES_MAX   ((size_t)64 << 10)
#define LESSON_BYTES_MAX ((size_t)16 << 30)
/* An alarm without history says what is one in three sure among the nearest, log10 of the odds: stricter than
 * one false alert a week turns out to be. */
#define START_LOG10 (-0.3)

void lessons_add(struct lessons *l, struct lesson item)
{
    l->item = alloc_room(l->item, &l->room, l->count, sizeof *l->item);
    l->item[l->count++] = item;
}

void lessons_tell(struct lessons *l, struct arena *a, Str line)
{
    ARENA_ROOM(a, l->told.item, l->told_room, l->told.count + 1, 8);
    l->told.item[l->told.count++] = str_copy(a, line);
}

void lessons_free(struct lessons *l)
{
    alloc_free(l->item);
    *l = (struct lessons){0};
}

/* ---- the file ---------------------------------------------------------------------------------------- */

static enum status bad_line(unsigned line, const char *why, struct err *e)
{
    return ERR(e, E_INVALID, "lessons", "lessons, line %u: %s", line, why);
}

static enum status check_head(const struct str_list *cell, struct arena *a, unsigned line, struct err *e)
{
    bool same = cell->count == LOOK_MEASURES + 1;
    for (int m = 0; same && m < LOOK_MEASURES; m++)
        same = str_eq(cell->item[m + 1], look_measure_name(a, (enum look_measure)m));
    return same ? OK
                : bad_line(line,
                           "these lessons were kept by another version, with other measures: keep them anew",
                           e);
}

static enum status take_lesson(struct lessons *l, const struct str_list *cell, unsigned line, struct err *e)
{
    struct lesson item = {.linked = str_eq(cell->item[0], S("1"))};
    if (cell->count != LOOK_MEASURES + 1)
        return bad_line(line, "there is not a value for every measure; missing ones stay empty between tabs",
                        e);
    if (!item.linked && !str_eq(cell->item[0], S("0")))
        return bad_line(line, "1 (of one series) or 0 is expected first", e);
    for (size_t m = 0; m < LOOK_MEASURES; m++) {
        double v = (double)NAN;
        if (!str_empty(cell->item[m + 1]) && (str_to_f64(cell->item[m + 1], &v) != OK || !(fabs(v) <= 1e9)))
            return bad_line(line, "a number is expected", e);
        item.value[m] = (float)v;
    }
    lessons_add(l, item);
    return OK;
}

static enum status read_lines(struct stream *s, struct arena *a, struct lessons *l, struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("a lesson", (size_t)1 << 20);
    bool more, head = false;
    Str line;
    for (unsigned n = 1;; n++) {
        arena_reset(scratch);
        TRY(stream_line(s, LINE_BYTES_MAX, &line, &more, e));
        if (!more) return OK;
        if (str_empty(line)) continue;
        if (str_starts(line, S("# "))) {
            lessons_tell(l, a, str_slice(line, 2, line.len));
            continue;
        }
        struct str_list cell = str_split(scratch, line, '\t');
        TRY(head ? take_lesson(l, &cell, n, e) : check_head(&cell, scratch, n, e));
        head = true;
    }
}

enum status lessons_read(const char *path, struct arena *a, struct lessons *l, struct err *e)
{
    struct stream *s;
    if (!file_exists(path)) return OK;
    TRY(stream_open(path, NULL, &s, e));
    enum status status = read_lines(s, a, l, e);
    stream_close(s);
    return status;
}

enum status lessons_write(const char *path, const struct lessons *l, struct err *e)
{
    struct buf text CLEANUP_BUF;
    struct arena *scratch CLEANUP_ARENA = arena_new("names of measures", (size_t)1 << 16);
    buf_init(&text, FILE_BYTES_MAX);
    for (size_t i = 0; i < l->told.count; i++)
        buf_addf(&text, "# %.*s\n", STR_ARG(l->told.item[i]));
    buf_add(&text, S("linked"));
    for (int m = 0; m < LOOK_MEASURES; m++) {
        Str name = look_measure_name(scratch, (enum look_measure)m);
        buf_addf(&text, "\t%.*s", STR_ARG(name));
    }
    buf_add_char(&text, '\n');
    for (size_t i = 0; i < l->count; i++) {
        buf_add_char(&text, l->item[i].linked ? '1' : '0');
        for (size_t m = 0; m < LOOK_MEASURES; m++) {
            buf_add_char(&text, '\t');
            if (!isnan(l->item[i].value[m])) buf_addf(&text, "%.9g", (double)l->item[i].value[m]);
        }
        buf_add_char(&text, '\n');
    }
    TRY(buf_status(&text, e));
    return file_write(path, buf_str(&text), 0644, e);
}

/* ---- learning ---------------------------------------------------------------------------------------- */

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

/* What the sum and the numbers of features would have been without it: what weighs nothing is taken for a
 * difference, though now and then it agrees. */
static void take_out(float value[LOOK_MEASURES], size_t m)
{
    if (isnan(value[m])) return;
    if (m < FEATURE_COUNT) {
        value[LOOK_SUM] -= value[m];
        if (look_counts((enum feature)m)) value[value[m] > 0 ? LOOK_AGREEING : LOOK_DIFFERING] -= 1;
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
    struct boost_options options = BOOST_OPTIONS_DEFAULT;
    struct pair_table t = table_of(l, scratch);
    *out = (struct second_look){0};
    TRY(boost_train(&t, &options, a, &out->trees, &out->odds, e));
    out->start_threshold_db = (int64_t)lround(10 * (START_LOG10 - out->odds));
    return OK;
}
