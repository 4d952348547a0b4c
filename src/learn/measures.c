#include "learn/measures.h"

#include "base/caldate.h"
#include "base/parallel.h"
#include "compare/interval.h"
#include "compare/name.h"
#include "compare/place.h"
#include "learn/profile.h"

#include <math.h>

#define BIT(type) (1U << (type))

/* ORDER enum measure_kind */
const struct measure_row MEASURES[MEASURE_KINDS] = {
    {MEASURE_DISTANCE, "distance", BIT(COLUMN_PLACE), 0, DIRECTION_FALLS, true,
     "Kilometres between two places."},
    {MEASURE_NEARER, "nearer", BIT(COLUMN_PLACE), 0, DIRECTION_FALLS, true,
     "Share of rows that lie nearer to one of the two than the other does, as a power of ten."},
    {MEASURE_GAP, "gap", BIT(COLUMN_TIME), 0, DIRECTION_FALLS, true,
     "Expected days between two times, each anywhere in its stretch."},
    {MEASURE_SOONER, "sooner", BIT(COLUMN_TIME), 0, DIRECTION_FALLS, false,
     "Share of rows that lie nearer in time, as a power of ten."},
    {MEASURE_HOUR, "hour", BIT(COLUMN_TIME), 0, DIRECTION_FALLS, true,
     "Expected difference of the time of day, hours: 0 to 12."},
    {MEASURE_WEEKDAY, "weekday", BIT(COLUMN_TIME), 0, DIRECTION_FALLS, true,
     "Expected difference of the day of the week, days: 0 to 3.5."},
    {MEASURE_VAGUE, "vague", BIT(COLUMN_TIME), 0, DIRECTION_FREE, true,
     "Hours of both stretches of time together: how little the times say."},
    {MEASURE_CROWD, "crowd", BIT(COLUMN_PLACE), BIT(COLUMN_TIME), DIRECTION_FALLS, true,
     "Nearer and sooner at once: share of rows expected as near in both, as a power of ten."},
    {MEASURE_SAME, "same", BIT(COLUMN_CODE), 0, DIRECTION_RISES, false,
     "1 for the same word, 0 for another."},
    {MEASURE_RARITY, "rarity", BIT(COLUMN_CODE), 0, DIRECTION_RISES, true,
     "For the same word how rare it is, as a power of ten: 2 for one in a hundred; 0 for different words."},
    {MEASURE_SHARED, "shared", BIT(COLUMN_SET), 0, DIRECTION_RISES, true,
     "The rarities of the words that two sets share, added; 0 when they share none."},
    {MEASURE_DIFFERENCE, "difference", BIT(COLUMN_NUMBER), 0, DIRECTION_FALLS, true,
     "Difference of two numbers."},
    {MEASURE_ALIKE, "alike", BIT(COLUMN_TEXT), 0, DIRECTION_RISES, true,
     "How alike two texts are, 0 to 1 (Jaro and Winkler)."},
};

int measure_named(Str name)
{
    for (int i = 0; i < MEASURE_KINDS; i++)
        if (str_eq(name, str_of(MEASURES[i].name))) return i;
    return -1;
}

Str measure_title(const struct measure_spec *s, struct arena *a)
{
    bool two = !str_empty(s->second);
    return str_format(a, "%s(%.*s%s%.*s)", MEASURES[s->kind].name, STR_ARG(s->column), two ? "," : "",
                      STR_ARG(s->second));
}

static bool fits(const struct column *c, unsigned types)
{
    return (BIT(c->type) & types) != 0;
}

enum status measures_default(const struct sheet *f, struct arena *a, struct measure_spec **out, size_t *count,
                             struct err *e)
{
    struct measure_spec *spec = NEW_ARRAY(a, struct measure_spec, MEASURES_MAX + 1);
    size_t made = 0;
    for (size_t c = 0; c < f->columns; c++)
        for (int k = 0; k < MEASURE_KINDS; k++) {
            const struct measure_row *row = &MEASURES[k];
            if (!row->by_default || !fits(&f->column[c], row->types)) continue;
            for (size_t d = 0; d < (row->second ? f->columns : 1); d++) {
                if (row->second && !fits(&f->column[d], row->second)) continue;
                if (made == MEASURES_MAX)
                    return ERR(e, E_LIMIT, "columns",
                               "the table has too many columns to compare by: %d measures at most; name "
                               "fewer in [table]",
                               MEASURES_MAX);
                spec[made++] = (struct measure_spec){row->kind, f->column[c].name,
                                                     row->second ? f->column[d].name : S("")};
            }
        }
    if (made == 0)
        return ERR(e, E_INVALID, "columns", "the table has no column that rows could be compared by");
    *out = spec;
    *count = made;
    return OK;
}

static enum status measure_parse(Str text, struct arena *a, struct measure_spec *out, struct err *e)
{
    size_t open = str_find_char(text, '(');
    Str names = open == STR_NPOS ? S("") : str_trim(str_slice(text, open + 1, text.len)), column;
    int kind = measure_named(str_trim(str_slice(text, 0, open)));
    if (kind < 0 || !str_ends(names, S(")")))
        return ERR(e, E_INVALID, "measures",
                   "\"%.*s\" is no measure; write kind(column), such as distance(where)", STR_ARG(text));
    names.len--;
    if (!str_next(&names, ',', &column)) column = S("");
    *out = (struct measure_spec){(enum measure_kind)kind, str_copy(a, str_trim(column)),
                                 str_copy(a, str_trim(names))};
    if (MEASURES[kind].second == 0 && !str_empty(out->second))
        return ERR(e, E_INVALID, "measures", "%s takes one column: \"%.*s\"", MEASURES[kind].name,
                   STR_ARG(text));
    return OK;
}

enum status measures_parse(Str text, struct arena *a, struct measure_spec **out, size_t *count, struct err *e)
{
    struct measure_spec *spec = NEW_ARRAY(a, struct measure_spec, MEASURES_MAX);
    size_t made = 0;
    for (Str rest = str_trim(text); !str_empty(rest);) {
        size_t close = str_find_char(rest, ')');
        size_t end = close == STR_NPOS ? rest.len : close + 1;
        if (made == MEASURES_MAX)
            return ERR(e, E_LIMIT, "measures", "give at most %d measures", MEASURES_MAX);
        TRY(measure_parse(str_slice(rest, 0, end), a, &spec[made++], e));
        rest = str_trim(str_slice(rest, end, rest.len));
        if (str_starts(rest, S(","))) rest = str_trim(str_slice(rest, 1, rest.len));
    }
    if (made == 0) return ERR(e, E_INVALID, "measures", "name at least one measure, such as distance(where)");
    *out = spec;
    *count = made;
    return OK;
}

/* One measure made ready. */
struct ready {
    enum measure_kind kind;
    const struct column *column, *second;
    double *rarity;                 /* of each word */
    struct profiles near, near_too; /* near_too: of the second column */
    double (*measure)(const struct ready *r, size_t a, size_t b);
};

struct measures {
    size_t count;
    struct ready *ready;
    Str *title;
};

/* ---- the measures ----------------------------------------------------------------------------------------
 */

static double metres(const struct column *c, size_t a, size_t b)
{
    const struct sheet_place *p = &c->place[a], *q = &c->place[b];
    return c->planar ? hypot(p->x - q->x, p->y - q->y) : place_distance_m(p->y, p->x, q->y, q->x);
}

static bool time_known(const struct column *c, size_t a, size_t b)
{
    return c->time[a].from_ms != TIME_MISSING && c->time[b].from_ms != TIME_MISSING;
}

static double days(const struct column *c, size_t a, size_t b)
{
    const struct sheet_time *t = c->time;
    if (!time_known(c, a, b)) return (double)NAN;
    return interval_expected_days(t[a].from_ms, t[a].to_ms, t[b].from_ms, t[b].to_ms);
}

static double cycle(const struct column *c, size_t a, size_t b, double cycle_days)
{
    const struct sheet_time *t = c->time;
    if (!time_known(c, a, b)) return (double)NAN;
    return interval_expected_cycle_days(t[a].from_ms, t[a].to_ms, t[b].from_ms, t[b].to_ms, cycle_days);
}

static double measure_distance(const struct ready *r, size_t a, size_t b)
{
    return metres(r->column, a, b) / 1000;
}

/* log10 of the larger of both ends' shares. */
static double share_of(const struct profiles *p, size_t a, size_t b, double distance)
{
    return log10(fmax(profile_share(p, a, distance), profile_share(p, b, distance)));
}

static double measure_nearer(const struct ready *r, size_t a, size_t b)
{
    double distance = metres(r->column, a, b);
    return isnan(distance) ? distance : share_of(&r->near, a, b, distance);
}

static double measure_gap(const struct ready *r, size_t a, size_t b)
{
    return days(r->column, a, b);
}

static double measure_sooner(const struct ready *r, size_t a, size_t b)
{
    double gap = days(r->column, a, b);
    return isnan(gap) ? gap : share_of(&r->near, a, b, gap);
}

static double measure_hour(const struct ready *r, size_t a, size_t b)
{
    return cycle(r->column, a, b, 1) * 24;
}

static double measure_weekday(const struct ready *r, size_t a, size_t b)
{
    return cycle(r->column, a, b, 7);
}

static double measure_vague(const struct ready *r, size_t a, size_t b)
{
    const struct sheet_time *t = r->column->time;
    if (!time_known(r->column, a, b)) return (double)NAN;
    double ms = (double)t[a].to_ms - (double)t[a].from_ms + (double)t[b].to_ms - (double)t[b].from_ms;
    return ms / (double)MS_PER_HOUR;
}

static double measure_crowd(const struct ready *r, size_t a, size_t b)
{
    double distance = metres(r->column, a, b), gap = days(r->second, a, b);
    if (isnan(distance) || isnan(gap)) return (double)NAN;
    return share_of(&r->near, a, b, distance) + share_of(&r->near_too, a, b, gap);
}

static double measure_same(const struct ready *r, size_t a, size_t b)
{
    uint32_t x = r->column->value[a], y = r->column->value[b];
    return x == 0 || y == 0 ? (double)NAN : x == y ? 1 : 0;
}

static double measure_rarity(const struct ready *r, size_t a, size_t b)
{
    uint32_t x = r->column->value[a], y = r->column->value[b];
    return x == 0 || y == 0 ? (double)NAN : x == y ? r->rarity[x] : 0;
}

static double measure_shared(const struct ready *r, size_t a, size_t b)
{
    const struct column *c = r->column;
    uint32_t i = c->set_at[a], j = c->set_at[b];
    double sum = 0;
    if (i == c->set_at[a + 1] || j == c->set_at[b + 1]) return (double)NAN;
    while (i < c->set_at[a + 1] && j < c->set_at[b + 1]) {
        uint32_t x = c->set_item[i], y = c->set_item[j];
        if (x == y) sum += r->rarity[x];
        i += x <= y;
        j += y <= x;
    }
    return sum;
}

static double measure_difference(const struct ready *r, size_t a, size_t b)
{
    return fabs(r->column->number[a] - r->column->number[b]);
}

static double measure_alike(const struct ready *r, size_t a, size_t b)
{
    uint32_t x = r->column->value[a], y = r->column->value[b];
    if (x == 0 || y == 0) return (double)NAN;
    return x == y ? 1 : name_jaro_winkler(r->column->words.word[x], r->column->words.word[y]);
}

/* ORDER enum measure_kind */
static double (*const MEASURE_OF[MEASURE_KINDS])(const struct ready *r, size_t a, size_t b) = {
    measure_distance, measure_nearer,     measure_gap,   measure_sooner, measure_hour,
    measure_weekday,  measure_vague,      measure_crowd, measure_same,   measure_rarity,
    measure_shared,   measure_difference, measure_alike,
};

/* ---- making ready ----------------------------------------------------------------------------------------
 */

static double place_apart(const void *column, size_t a, size_t b)
{
    return metres(column, a, b);
}

static double time_apart(const void *column, size_t a, size_t b)
{
    return days(column, a, b);
}

/* -log10 of each word's share of the rows that hold any. */
static double *rarities(const struct sheet *f, const struct column *c, struct arena *a)
{
    double *rarity = NEW_ARRAY(a, double, c->words.count + 1), recorded = 0;
    for (size_t row = 0; row < f->rows; row++)
        recorded += column_missing(c, row) ? 0 : 1;
    for (size_t w = 1; w < c->words.count; w++)
        rarity[w] = c->words.rows[w] > 0 ? log10(recorded / (double)c->words.rows[w]) : 0;
    return rarity;
}

static enum status make_ready(const struct sheet *f, const struct measure_spec *s, struct arena *a,
                              struct ready *r, struct err *e)
{
    const struct measure_row *row = &MEASURES[s->kind];
    *r = (struct ready){.kind = s->kind, .measure = MEASURE_OF[s->kind]};
    TRY(sheet_need(f, s->column, row->types, &r->column, e));
    if (row->second) TRY(sheet_need(f, s->second, row->second, &r->second, e));
    if (s->kind == MEASURE_NEARER || s->kind == MEASURE_CROWD)
        r->near = profiles_of(f->rows, place_apart, r->column, 2, a);
    if (s->kind == MEASURE_SOONER) r->near = profiles_of(f->rows, time_apart, r->column, 1, a);
    if (s->kind == MEASURE_CROWD) r->near_too = profiles_of(f->rows, time_apart, r->second, 1, a);
    if (s->kind == MEASURE_RARITY || s->kind == MEASURE_SHARED) r->rarity = rarities(f, r->column, a);
    return OK;
}

enum status measures_prepare(const struct sheet *f, const struct measure_spec *spec, size_t count,
                             struct arena *a, struct measures **out, struct err *e)
{
    struct measures *m = NEW(a, struct measures);
    MUST(count <= MEASURES_MAX);
    m->count = count;
    m->ready = NEW_ARRAY(a, struct ready, count + 1);
    m->title = NEW_ARRAY(a, Str, count + 1);
    for (size_t i = 0; i < count; i++) {
        TRY(make_ready(f, &spec[i], a, &m->ready[i], e));
        m->title[i] = measure_title(&spec[i], a);
    }
    *out = m;
    return OK;
}

void measures_pair(const struct measures *m, size_t a, size_t b, double *value)
{
    size_t low = a < b ? a : b,
           high = a < b ? b : a; /* one order, so that rounding is the same from both ends */
    for (size_t i = 0; i < m->count; i++)
        value[i] = m->ready[i].measure(&m->ready[i], low, high);
}

/* ---- many pairs ------------------------------------------------------------------------------------------
 */

#define PAIRS_A_PART 8192

struct measuring {
    const struct measures *m;
    const struct row_pair *pair;
    size_t pairs;
    double **value;
};

static void measure_part(void *state, size_t part, size_t thread)
{
    const struct measuring *g = state;
    size_t end = (part + 1) * PAIRS_A_PART < g->pairs ? (part + 1) * PAIRS_A_PART : g->pairs;
    double value[MEASURES_MAX];
    (void)thread;
    for (size_t i = part * PAIRS_A_PART; i < end; i++) {
        measures_pair(g->m, g->pair[i].a, g->pair[i].b, value);
        for (size_t k = 0; k < g->m->count; k++)
            g->value[k][i] = value[k];
    }
}

struct pair_table measures_table(const struct measures *m, const struct row_pair *pair, size_t pairs,
                                 size_t threads, struct arena *a)
{
    struct pair_table t = {.pairs = pairs, .features = m->count};
    struct measuring g = {m, pair, pairs, NEW_ARRAY(a, double *, m->count + 1)};
    t.feature = NEW_ARRAY(a, struct pair_feature, m->count + 1);
    for (size_t k = 0; k < m->count; k++) {
        g.value[k] = NEW_ARRAY(a, double, pairs + 1);
        t.feature[k] = (struct pair_feature){m->title[k], MEASURES[m->ready[k].kind].direction, g.value[k]};
    }
    parallel_run(threads, (pairs + PAIRS_A_PART - 1) / PAIRS_A_PART, measure_part, &g);
    return t;
}
