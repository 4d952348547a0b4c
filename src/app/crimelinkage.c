#include "app/crimelinkage.h"

#include "base/caldate.h"
#include "compare/interval.h"

#include <math.h>

#define CELLS 2000

/* A stretch on the circle of cells: the first and the last in part, those between in full. */
struct stretch {
    int64_t first, last;                /* cells, not wrapped */
    double first_part, last_part, each; /* shares of the whole; `each` of a full cell */
};

static struct stretch stretch_of(double from, double until, double cell)
{
    struct stretch s = {.first = (int64_t)floor(from / cell), .last = (int64_t)floor(until / cell)};
    double length = until - from;
    s.each = cell / length;
    s.first_part = ((double)(s.first + 1) * cell - from) / length;
    s.last_part = (until - (double)s.last * cell) / length;
    if (s.first == s.last) {
        s.first_part = 1;
        s.last_part = 0;
    }
    return s;
}

static double share_at(const struct stretch *s, int64_t cell)
{
    return cell == s->first ? s->first_part : cell == s->last ? s->last_part : s->each;
}

static double cells_apart(int64_t x, int64_t y)
{
    int64_t d = (x - y) % CELLS;
    if (d < 0) d += CELLS;
    return (double)(d > CELLS / 2 ? CELLS - d : d);
}

static double gridded(double from_a, double until_a, double from_b, double until_b, double cycle)
{
    double cell = cycle / CELLS, sum = 0;
    struct stretch a = stretch_of(from_a, until_a, cell), b = stretch_of(from_b, until_b, cell);
    for (int64_t i = a.first; i <= a.last; i++)
        for (int64_t j = b.first; j <= b.last; j++)
            sum += share_at(&a, i) * share_at(&b, j) * cells_apart(i, j);
    return sum * cell;
}

static double cycle_days(const struct sheet_time *a, const struct sheet_time *b, double cycle)
{
    double day = (double)MS_PER_DAY, long_a = (double)(a->to_ms - a->from_ms) / day,
           long_b = (double)(b->to_ms - b->from_ms) / day;
    if (long_a >= cycle || long_b >= cycle) return cycle / 4;
    if (long_a <= 0 || long_b <= 0)
        return interval_expected_cycle_days(a->from_ms, a->to_ms, b->from_ms, b->to_ms, cycle);
    double at_a = fmod((double)a->from_ms / day, cycle), at_b = fmod((double)b->from_ms / day, cycle);
    return gridded(at_a, at_a + long_a, at_b, at_b + long_b, cycle);
}

static double same(const struct column *c, size_t a, size_t b)
{
    return c->value[a] == c->value[b] ? 1 : 0;
}

double crimelinkage_measure(const struct sheet *f, const struct measure_spec *s, size_t a, size_t b)
{
    const struct column *c = sheet_column(f, s->column);
    const struct sheet_time *t = c->time;
    bool timed = c->type == COLUMN_TIME && t[a].from_ms != TIME_MISSING && t[b].from_ms != TIME_MISSING;
    if (s->kind == MEASURE_DISTANCE && c->type == COLUMN_PLACE && c->planar)
        return hypot(c->place[a].x - c->place[b].x, c->place[a].y - c->place[b].y) / 1000;
    if (s->kind == MEASURE_SAME && c->type == COLUMN_CODE) return same(c, a, b);
    if (!timed) return (double)NAN;
    if (s->kind == MEASURE_GAP)
        return interval_expected_days(t[a].from_ms, t[a].to_ms, t[b].from_ms, t[b].to_ms);
    if (s->kind == MEASURE_HOUR) return cycle_days(&t[a], &t[b], 1) * 24;
    if (s->kind == MEASURE_WEEKDAY) return cycle_days(&t[a], &t[b], 7);
    return (double)NAN;
}
