#include "app/scanning.h"

#include "app/columns.h"
#include "base/buf.h"
#include "base/caldate.h"
#include "base/table.h"
#include "compare/place.h"

#include <math.h>

#define CASES_MAX         ((size_t)1 << 26)
#define METRES_PER_DEGREE (EARTH_RADIUS_M * 3.14159265358979324 / 180)

struct columns {
    const struct column *when, *where, *count, *by;
    struct column_choice cases;
};

struct work {
    const struct sheet *f;
    const struct scanning_options *o;
    struct columns column;
    struct arena *a;
    struct scanning *out;
    uint32_t *location;   /* of each row; UINT32_MAX: left out */
    int64_t *day;         /* of each row */
    struct table *places; /* their names, or their coordinates as bytes */
};

/* ---- which columns ---------------------------------------------------------------------------------- */

static enum status pick_columns(struct work *w, struct err *e)
{
    const struct scanning_options *o = w->o;
    unsigned words = 1U << COLUMN_CODE | 1U << COLUMN_TEXT;
    struct columns *c = &w->column;
    TRY(column_pick(w->f, o->when, 1U << COLUMN_TIME, "when", &c->when, e));
    TRY(column_pick(w->f, o->where, o->places ? words : 1U << COLUMN_PLACE, "where", &c->where, e));
    if (str_present(o->count)) TRY(sheet_need(w->f, o->count, 1U << COLUMN_NUMBER, &c->count, e));
    if (str_present(o->by)) TRY(sheet_need(w->f, o->by, words, &c->by, e));
    if (str_present(o->cases)) TRY(column_choose(w->f, o->cases, "cases", &c->cases, e));
    if (o->scan.model == SCAN_BERNOULLI && c->cases.column == NULL)
        return ERR(e, E_INVALID, "cases",
                   "the Bernoulli model compares cases with controls: say which rows are cases "
                   "with --cases COLUMN=VALUE");
    if ((o->scan.model == SCAN_POISSON) != (o->population != NULL))
        return ERR(e, E_INVALID, "population",
                   "a population (--population) belongs to the Poisson model (--model poisson), "
                   "and that model needs one");
    return OK;
}

/* ---- where ------------------------------------------------------------------------------------------ */

static Str place_words(struct arena *a, double x, double y, bool planar)
{
    if (planar) return str_format(a, "%.0f, %.0f", x, y);
    return str_format(a, "%.4f %c %.4f %c", fabs(y), y < 0 ? 'S' : 'N', fabs(x), x < 0 ? 'W' : 'E');
}

static void place_add(struct work *w, double *x, double *y, Str name, const struct sheet_place *p)
{
    size_t i = w->out->points.count++;
    x[i] = p->x;
    y[i] = p->y;
    w->out->place_name[i] = str_present(name) ? name : place_words(w->a, p->x, p->y, w->out->points.planar);
}

static void place_room(struct work *w, size_t most, double **x, double **y, bool planar)
{
    *x = NEW_ARRAY(w->a, double, most);
    *y = NEW_ARRAY(w->a, double, most);
    w->out->place_name = NEW_ARRAY(w->a, Str, most);
    w->out->points =
        (struct scan_points){.x = *x, .y = *y, .planar = planar, .earth_radius_m = EARTH_RADIUS_M};
}

/* Places with names: those of the second table. */
static enum status places_named(struct work *w, struct err *e)
{
    const struct sheet *p = w->o->places;
    const struct column *where;
    double *x, *y;
    TRY(column_pick(p, STR_NONE, 1U << COLUMN_PLACE, "places", &where, e));
    place_room(w, p->rows, &x, &y, where->planar);
    for (size_t r = 0; r < p->rows; r++) {
        if (isnan(where->place[r].x)) continue;
        *table_at(w->places, p->id[r], NULL) = w->out->points.count;
        place_add(w, x, y, p->id[r], &where->place[r]);
    }
    for (size_t r = 0; r < w->f->rows; r++) {
        const uint64_t *at = table_find(w->places, w->column.where->words.word[w->column.where->value[r]]);
        w->location[r] = at && w->column.where->value[r] != 0 ? (uint32_t)*at : UINT32_MAX;
        w->out->no_place += w->location[r] == UINT32_MAX;
    }
    return OK;
}

/* The middle of the square of the grid in which a place lies; latitude decides how wide a degree is. */
static struct sheet_place grid_place(const struct sheet_place *p, double grid_m, double middle_y, bool planar)
{
    double step_y = planar ? grid_m : grid_m / METRES_PER_DEGREE;
    double step_x = planar ? grid_m : step_y / fmax(cos(middle_y * 0.017453292519943295), 0.01);
    return (struct sheet_place){(floor(p->x / step_x) + 0.5) * step_x, (floor(p->y / step_y) + 0.5) * step_y,
                                0};
}

/* Places from coordinates: equal ones are one. */
static void places_from_rows(struct work *w)
{
    const struct column *where = w->column.where;
    double *x, *y, middle = 0;
    size_t known = 0;
    place_room(w, w->f->rows, &x, &y, where->planar);
    for (size_t r = 0; r < w->f->rows; r++)
        if (!isnan(where->place[r].x)) {
            middle += where->place[r].y;
            known++;
        }
    middle = known ? floor(middle / (double)known) : 0;
    for (size_t r = 0; r < w->f->rows; r++) {
        struct sheet_place p = where->place[r];
        bool fresh;
        w->location[r] = UINT32_MAX;
        if (isnan(p.x)) {
            w->out->no_place++;
        } else if (isfinite(w->o->radius_m) && p.radius_m > w->o->radius_m) {
            w->out->vague_place++;
        } else {
            if (w->o->grid_m > 0) p = grid_place(&p, w->o->grid_m, middle, where->planar);
            double key[2] = {p.x, p.y};
            uint64_t *at = table_at(w->places, (Str){(const char *)key, sizeof key}, &fresh);
            if (fresh) {
                *at = w->out->points.count;
                place_add(w, x, y, STR_NONE, &p);
            }
            w->location[r] = (uint32_t)*at;
        }
    }
}

/* ---- when ------------------------------------------------------------------------------------------- */

static enum status period_find(struct work *w, struct err *e)
{
    const struct scanning_options *o = w->o;
    double unit_days = period_step_days(o->unit) * (double)(o->every ? o->every : 1);
    double vague = fmax(unit_days, o->days_max) + 1.5;
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t r = 0; r < w->f->rows; r++) {
        if (w->location[r] == UINT32_MAX) continue;
        if (!column_day(w->column.when, r, vague, &w->day[r])) {
            w->location[r] = UINT32_MAX;
            w->out->no_time++;
            continue;
        }
        if (w->day[r] < first) first = w->day[r];
        if (w->day[r] > last) last = w->day[r];
    }
    if (o->from_day != INT64_MIN) first = o->from_day;
    if (o->to_day != INT64_MIN) last = o->to_day;
    if (first == INT64_MAX || last == INT64_MIN)
        return ERR(e, E_INVALID, "", "no row of %.*s has both a place and a time: nothing can be scanned",
                   STR_ARG(w->f->name));
    return period_make(first, last, o->unit, o->every, w->a, &w->out->period, e);
}

/* ---- records ---------------------------------------------------------------------------------------- */

static size_t row_cases(const struct work *w, size_t row)
{
    if (!w->column.count) return 1;
    double n = w->column.count->number[row];
    return n >= 0.5 && n < 1e9 ? (size_t)(n + 0.5) : 0;
}

/* Leaves out rows that cannot be a record; says in which stratum the others are: 0 when there is one. */
static void rows_judge(struct work *w, const int64_t last_whole_day)
{
    const struct columns *c = &w->column;
    bool controls = w->o->scan.model == SCAN_BERNOULLI;
    for (size_t r = 0; r < w->f->rows; r++) {
        size_t *why = NULL;
        if (w->location[r] == UINT32_MAX) continue;
        if (period_unit(&w->out->period, w->day[r]) == UINT32_MAX || w->day[r] > last_whole_day)
            why = &w->out->outside;
        else if (row_cases(w, r) == 0)
            why = &w->out->no_count;
        else if (c->by && c->by->value[r] == 0)
            why = &w->out->no_stratum;
        else if (c->cases.column && !controls && c->cases.column->value[r] != c->cases.word)
            why = &w->out->not_cases;
        if (!why) continue;
        ++*why;
        w->location[r] = UINT32_MAX;
    }
}

static bool row_in(const struct work *w, size_t row, uint32_t word)
{
    return w->location[row] != UINT32_MAX && (!w->column.by || w->column.by->value[row] == word);
}

static enum status stratum_records(struct work *w, uint32_t word, struct scanned_stratum *s, struct err *e)
{
    const struct column_choice *cases = &w->column.cases;
    bool controls = w->o->scan.model == SCAN_BERNOULLI;
    size_t n = 0;
    for (size_t r = 0; r < w->f->rows; r++) {
        if (row_in(w, r, word)) n += row_cases(w, r);
        if (n > CASES_MAX) return ERR(e, E_LIMIT, "count", "there are more than %zu cases", CASES_MAX);
    }
    uint32_t *location = NEW_ARRAY(w->a, uint32_t, n), *unit = NEW_ARRAY(w->a, uint32_t, n);
    uint32_t *row = NEW_ARRAY(w->a, uint32_t, n);
    bool *control = controls ? NEW_ARRAY(w->a, bool, n) : NULL;
    n = 0;
    for (size_t r = 0; r < w->f->rows; r++) {
        if (!row_in(w, r, word)) continue;
        bool is_control = controls && cases->column->value[r] != cases->word;
        for (size_t k = row_cases(w, r); k > 0; k--, n++) {
            location[n] = w->location[r];
            unit[n] = period_unit(&w->out->period, w->day[r]);
            row[n] = (uint32_t)r;
            if (control) control[n] = is_control;
            w->out->controls += is_control;
            w->out->cases += !is_control;
        }
    }
    s->in = (struct scan_input){n, location, unit, control, w->out->period.units, NULL};
    s->row = row;
    return OK;
}

/* ---- population ------------------------------------------------------------------------------------- */

/* The middle of a span as demographers have it: 1 July of a year, the 15th of a month. */
static int64_t population_day(const struct sheet_time *t)
{
    int64_t first = caldate_day_of(t->from_ms), days = caldate_day_of(t->to_ms) - first + 1;
    return first + (days >= 2 ? days / 2 - 1 : 0);
}

/* The group of a row as one text, from the columns of codes that both tables have. */
static Str group_text(const struct sheet *f, size_t row, const struct sheet *other,
                      const struct column *where, struct arena *a)
{
    struct buf b CLEANUP_BUF;
    buf_init(&b, (size_t)1 << 20);
    for (size_t i = 0; i < f->columns; i++) {
        const struct column *c = &f->column[i], *twin = sheet_column(other, c->name);
        if (c->type != COLUMN_CODE || str_eq(c->name, where->name) || !twin || twin->type != COLUMN_CODE)
            continue;
        buf_addf(&b, "%.*s\t", STR_ARG(c->words.word[c->value[row]]));
    }
    return str_copy(a, buf_str(&b));
}

struct population_columns {
    const struct column *where, *people, *when;
};

static enum status population_columns(const struct work *w, struct population_columns *out, struct err *e)
{
    const struct sheet *p = w->o->population;
    TRY(sheet_need(p, w->column.where->name, 1U << COLUMN_CODE | 1U << COLUMN_TEXT, &out->where, e));
    TRY(column_pick(p, STR_NONE, 1U << COLUMN_NUMBER, "population", &out->people, e));
    for (size_t i = 0; i < p->columns; i++)
        if (p->column[i].type == COLUMN_TIME) out->when = &p->column[i];
    return OK;
}

static enum status population_expect(struct work *w, struct scanned_stratum *s, struct err *e)
{
    const struct sheet *p = w->o->population;
    struct population_columns c = {0};
    struct table *groups CLEANUP_TABLE = table_new((size_t)1 << 24);
    if (!w->o->places)
        return ERR(e, E_INVALID, "places",
                   "the Poisson model needs named places (--places), so that the population can "
                   "say whose it is");
    TRY(population_columns(w, &c, e));
    struct scan_population pop = {0};
    uint32_t *location = NEW_ARRAY(w->a, uint32_t, p->rows), *group = NEW_ARRAY(w->a, uint32_t, p->rows);
    int64_t *day = NEW_ARRAY(w->a, int64_t, p->rows);
    double *people = NEW_ARRAY(w->a, double, p->rows);
    for (size_t r = 0; r < p->rows; r++) {
        const uint64_t *at = table_find(w->places, c.where->words.word[c.where->value[r]]);
        if (!at || isnan(c.people->number[r]) || (c.when && c.when->time[r].from_ms == TIME_MISSING))
            continue;
        location[pop.rows] = (uint32_t)*at;
        people[pop.rows] = c.people->number[r];
        day[pop.rows] = c.when ? population_day(&c.when->time[r]) : w->out->period.first_day[0];
        group[pop.rows++] = table_intern(groups, group_text(p, r, w->f, c.where, w->a));
    }
    uint32_t *case_group = NEW_ARRAY(w->a, uint32_t, s->in.records);
    for (size_t i = 0; i < s->in.records; i++)
        case_group[i] = table_intern(groups, group_text(w->f, s->row[i], p, w->column.where, w->a));
    pop.location = location;
    pop.day = day;
    pop.people = people;
    pop.group = group;
    double *expected;
    TRY(scan_expect(&pop, w->out->points.count, w->out->period.first_day, w->out->period.units, s->in.records,
                    case_group, w->a, &expected, e));
    s->in.expected = expected;
    return OK;
}

/* ---- the run ---------------------------------------------------------------------------------------- */

static enum status stratum_scan(struct work *w, const struct scan_map *map, struct scanned_stratum *s,
                                size_t number, size_t strata, struct err *e)
{
    const struct scanning_options *o = w->o;
    const struct period *p = &w->out->period;
    double unit_days = period_step_days(o->unit) * (double)(o->every ? o->every : 1);
    struct scan_options scan = o->scan;
    if (o->days_max > 0) {
        scan.units_max = (size_t)fmin(o->days_max / unit_days + (o->unit >= PERIOD_MONTH ? 0.05 : 1e-9), 1e6);
        if (scan.units_max == 0)
            return ERR(e, E_INVALID, "days", "the longest span, %g days, is shorter than one unit of time",
                       o->days_max);
    }
    if (o->scan.model == SCAN_POISSON) TRY(population_expect(w, s, e));
    TRY(scan_run(map, &s->in, &scan, w->a, &s->result, e));
    double weeks =
        o->scan.prospective ? unit_days / 7 : (double)(p->first_day[p->units] - p->first_day[0]) / 7;
    struct scan_calendar calendar = {p->first_day, weeks, (uint32_t)number, strata};
    s->detection = scan_detections(&s->result, &s->in, &calendar, w->a);
    return OK;
}

static enum status scan_strata(struct work *w, struct err *e)
{
    const struct scan_map *map;
    const struct column *by = w->column.by;
    struct scanning *out = w->out;
    size_t most = by ? by->words.count - 1 : 1;
    TRY(scan_map_make(&out->points, w->o->radius_m, w->o->scan.threads, w->a, &map, e));
    out->stratum = NEW_ARRAY(w->a, struct scanned_stratum, most);
    for (uint32_t word = 1; word <= most; word++) {
        struct scanned_stratum *s = &out->stratum[out->strata];
        *s = (struct scanned_stratum){.name = by ? by->words.word[word] : STR_NONE};
        TRY(stratum_records(w, word, s, e));
        out->strata += s->in.records > 0;
    }
    for (size_t i = 0; i < out->strata; i++)
        TRY(stratum_scan(w, map, &out->stratum[i], i, out->strata, e));
    return OK;
}

static enum status work_run(struct work *w, struct err *e)
{
    TRY(pick_columns(w, e));
    if (w->o->places)
        TRY(places_named(w, e));
    else
        places_from_rows(w);
    TRY(period_find(w, e));
    rows_judge(w, w->o->to_day != INT64_MIN ? w->o->to_day : INT64_MAX);
    return scan_strata(w, e);
}

enum status scanning_run(const struct sheet *f, const struct scanning_options *o, struct arena *a,
                         struct scanning *out, struct err *e)
{
    struct scanning result = {0};
    struct table *places CLEANUP_TABLE = table_new(SIZE_MAX / 2);
    struct work w = {.f = f, .o = o, .a = a, .out = &result, .places = places};
    w.location = NEW_ARRAY(a, uint32_t, f->rows);
    w.day = NEW_ARRAY(a, int64_t, f->rows);
    TRY(work_run(&w, e));
    *out = result;
    return OK;
}
