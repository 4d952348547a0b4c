/* From people to expected cases, and from clusters to detections. */
#include "scan/scan.h"

#include <math.h>
#include <stdlib.h>

struct line_order {
    uint32_t location, group;
    int64_t day;
    size_t row;
};

static int by_line(const void *left, const void *right)
{
    const struct line_order *a = left, *b = right;
    if (a->location != b->location) return a->location < b->location ? -1 : 1;
    if (a->group != b->group) return a->group < b->group ? -1 : 1;
    if (a->day != b->day) return a->day < b->day ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

struct knot {
    double day, people;
};

/* The integral of the line through the knots from `from` to `to`, days of people; level outside. */
static double people_days(const struct knot *k, size_t knots, double from, double to)
{
    double sum = 0;
    if (from < k[0].day) sum += k[0].people * (fmin(to, k[0].day) - from);
    if (to > k[knots - 1].day) sum += k[knots - 1].people * (to - fmax(from, k[knots - 1].day));
    for (size_t i = 0; i + 1 < knots; i++) {
        double low = fmax(from, k[i].day), high = fmin(to, k[i + 1].day);
        if (!(high > low)) continue;
        double slope = (k[i + 1].people - k[i].people) / (k[i + 1].day - k[i].day);
        sum += (high - low) * (k[i].people + slope * ((low + high) / 2 - k[i].day));
    }
    return sum;
}

struct expecting {
    const struct scan_population *p;
    const struct line_order *line;
    const int64_t *first_day;
    size_t units;
    struct knot *knot;
};

/* Calls for the lines of one location and group: adds people-days x rate to the cells, or just sums them. */
static double add_line(const struct expecting *x, size_t from, size_t to, double rate, double *cell)
{
    double sum = 0;
    size_t knots = 0;
    for (size_t i = from; i < to; i++) {
        double day = (double)x->line[i].day, people = x->p->people[x->line[i].row];
        if (knots > 0 && !(day > x->knot[knots - 1].day)) /* twice the same day: both counts */
            x->knot[knots - 1].people += people;
        else
            x->knot[knots++] = (struct knot){day, people};
    }
    for (size_t u = 0; u < x->units; u++) {
        double days = people_days(x->knot, knots, (double)x->first_day[u], (double)x->first_day[u + 1]);
        sum += days;
        if (cell) cell[u] += days * rate;
    }
    return sum;
}

/* The lines of every location and group: first their people-days, then with the cases the rates in the cells.
 */
static void add_lines(const struct expecting *x, double *people, const double *cases, double *cell)
{
    for (size_t from = 0, to; from < x->p->rows; from = to) {
        const struct line_order *first = &x->line[from];
        for (to = from;
             to < x->p->rows && x->line[to].location == first->location && x->line[to].group == first->group;)
            to++;
        if (!cell)
            people[first->group] += add_line(x, from, to, 0, NULL);
        else if (people[first->group] > 0)
            (void)add_line(x, from, to, cases[first->group] / people[first->group],
                           cell + first->location * x->units);
    }
}

static enum status population_check(const struct scan_population *p, size_t locations, uint32_t *groups,
                                    struct err *e)
{
    for (size_t i = 0; i < p->rows; i++) {
        if (p->location[i] >= locations)
            return ERR(e, E_INVALID, "population", "row %zu of the population is of no location given",
                       i + 1);
        if (!(p->people[i] >= 0) || !isfinite(p->people[i]))
            return ERR(e, E_INVALID, "population", "row %zu of the population holds no number of people",
                       i + 1);
        if (p->group && p->group[i] >= *groups) *groups = p->group[i] + 1;
    }
    return OK;
}

enum status scan_expect(const struct scan_population *p, size_t locations, const int64_t *first_day,
                        size_t units, size_t records, const uint32_t *case_group, struct arena *a,
                        double **out, struct err *e)
{
    uint32_t groups = 1;
    TRY(population_check(p, locations, &groups, e));
    for (size_t i = 0; case_group && i < records; i++)
        if (case_group[i] >= groups) groups = case_group[i] + 1;
    struct line_order *line = NEW_ARRAY(a, struct line_order, p->rows);
    double *cases = NEW_ARRAY(a, double, groups), *people = NEW_ARRAY(a, double, groups);
    double *cell = NEW_ARRAY(a, double, locations *units);
    struct expecting x = {p, line, first_day, units, NEW_ARRAY(a, struct knot, p->rows + 1)};
    for (size_t i = 0; i < p->rows; i++)
        line[i] = (struct line_order){p->location[i], p->group ? p->group[i] : 0, p->day[i], i};
    if (p->rows > 1) qsort(line, p->rows, sizeof *line, by_line);
    for (size_t i = 0; i < records; i++)
        cases[case_group ? case_group[i] : 0]++;
    add_lines(&x, people, NULL, NULL);
    for (uint32_t g = 0; g < groups; g++)
        if (cases[g] > 0 && !(people[g] > 0))
            return ERR(e, E_INVALID, "population",
                       "%.0f cases are of a group that has no people in the population", cases[g]);
    add_lines(&x, people, cases, cell);
    *out = cell;
    return OK;
}

/* The cases in the cylinder; as many as were observed. */
static const uint32_t *cluster_members(const struct scan_cluster *c, const struct scan_input *in,
                                       struct arena *a)
{
    uint32_t *member = NEW_ARRAY(a, uint32_t, c->observed), most = 0;
    size_t n = 0;
    for (size_t k = 0; k < c->locations; k++)
        if (c->location[k] > most) most = c->location[k];
    bool *inside = NEW_ARRAY(a, bool, (size_t)most + 1);
    for (size_t k = 0; k < c->locations; k++)
        inside[c->location[k]] = true;
    for (size_t k = 0; k < in->records && n < c->observed; k++) {
        bool in_circle = in->location[k] <= most && inside[in->location[k]];
        bool in_span = in->unit[k] >= c->from_unit && in->unit[k] <= c->to_unit;
        if (in_circle && in_span && (in->control == NULL || !in->control[k])) member[n++] = (uint32_t)k;
    }
    MUST(n == c->observed);
    return member;
}

struct detection *scan_detections(const struct scan_result *r, const struct scan_input *in,
                                  const struct scan_calendar *calendar, struct arena *a)
{
    struct detection *d = NEW_ARRAY(a, struct detection, r->clusters);
    for (size_t i = 0; i < r->clusters; i++) {
        const struct scan_cluster *c = &r->cluster[i];
        size_t strata = calendar->strata ? calendar->strata : 1;
        d[i] = (struct detection){
            .kind = DETECTION_CLUSTER,
            .member = cluster_members(c, in, a),
            .count = c->observed,
            .expected = c->expected,
            .score = c->score,
            .probability = c->probability,
            .recurrence_weeks =
                c->shuffles ? calendar->interval_weeks / (c->probability * (double)strata) : (double)NAN,
            .rarer = c->shuffles > 0 && c->reached == 0 && !c->fitted,
            .subject = c->centre,
            .stratum = calendar->stratum,
            .from_day = calendar->first_day[c->from_unit],
            .to_day = calendar->first_day[c->to_unit + 1] - 1,
            .radius_m = c->radius_m,
            .share = (double)NAN,
            .base = (double)NAN,
        };
    }
    return d;
}
