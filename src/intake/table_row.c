#include "intake/table_row.h"

#include "base/caldate.h"

#define SHOWN_MAX 60
#define SHOWN(s)  STR_ARG(utf8_cut((s), SHOWN_MAX))

static enum status text_to_moment(Str text, struct moment *out, struct err *e)
{
    int64_t ms = 0;
    bool day_only = false;
    TRY(caldate_parse(text, &ms, &day_only, e));
    *out = (struct moment){ms, day_only ? PRECISION_DAY : PRECISION_TIME};
    return OK;
}

/* A day lasts until its last millisecond. */
static int64_t last_ms(const struct moment *m)
{
    return m->precision == PRECISION_DAY ? m->ms + MS_PER_DAY - 1 : m->ms;
}

static enum status put_time(const struct map_value *v, enum span_part part, struct span *ends, struct err *e)
{
    struct moment from = v->from, to = v->kind == VALUE_SPAN ? v->to : v->from;
    if (v->kind == VALUE_TEXTS) {
        TRY(text_to_moment(v->texts.item[0], &from, e));
        to = from;
    }
    if (part != PART_TO) ends->from = from;
    if (part != PART_FROM) ends->to = to;
    return OK;
}

static enum status put_place(const struct map_value *v, bool planar, struct table_cell *c, struct err *e)
{
    double first = v->place.lat, second = v->place.lon;
    if (v->kind == VALUE_TEXTS && !coordinates(v->texts.item[0], &first, &second)) {
        return ERR(e, E_INVALID, "", "\"%.*s\" is no %s", SHOWN(v->texts.item[0]),
                   planar ? "place in a plane; accepted: 13661.1, -4659.3"
                          : "latitude and longitude; accepted: 41.57, -72.73");
    }
    if (!planar && (first < -90 || first > 90 || second < -180 || second > 180)) {
        return ERR(
            e, E_INVALID, "",
            "%.10g, %.10g is no latitude and longitude in degrees; of a plane in metres say: place planar",
            first, second);
    }
    c->place = planar ? (struct sheet_place){first, second, 0}
                      : (struct sheet_place){second, first, v->kind == VALUE_PLACE ? v->place.radius_m : 0};
    return OK;
}

static enum status put_number(Str text, struct table_cell *c, struct err *e)
{
    if (str_to_f64(text, &c->number) == OK) return OK;
    return ERR(e, E_INVALID, "", "\"%.*s\" is no number", SHOWN(text));
}

/* A row on its way. */
struct filling {
    const struct run *run;
    const struct table_plan *plan;
    struct table_row *row;
    struct span *ends; /* of times, by column */
    struct problems *problems;
};

static enum status put_value(struct filling *f, size_t column, enum span_part part, const struct map_value *v,
                             struct err *e)
{
    struct table_cell *c = &f->row->cell[column];
    switch (c->type) {
    case COLUMN_CODE:
    case COLUMN_TEXT:
        c->text = v->texts.item[0];
        return OK;
    case COLUMN_NUMBER:
        return put_number(v->texts.item[0], c, e);
    case COLUMN_TIME:
        return put_time(v, part, &f->ends[column], e);
    case COLUMN_PLACE:
        return put_place(v, f->plan->column[column].planar, c, e);
    case COLUMN_SET:
        list_unite(f->run->arena, &c->items, &v->texts);
        return OK;
    }
    BUG("a column of no type");
}

/* Of a single value the first line that gives something counts; halves of a time fill each other's gap. */
static bool wanted(const struct filling *f, size_t column, enum span_part part)
{
    const struct table_cell *c = &f->row->cell[column];
    const struct span *ends = &f->ends[column];
    if (!c->present || c->type == COLUMN_SET) return true;
    if (c->type != COLUMN_TIME || part == PART_WHOLE) return false;
    return (part == PART_FROM ? &ends->from : &ends->to)->precision == PRECISION_NONE;
}

static void cell_fill(struct filling *f, const struct field_line *line)
{
    size_t column = (size_t)line->field;
    struct map_value v = {0};
    struct err why = {0};
    Str given = STR_NONE;
    if (!wanted(f, column, line->part)) return;
    enum status status = line_value(f->run, line, &v, &given, &why);
    if (status == OK && v.kind == VALUE_ABSENT) return;
    if (status == OK) status = put_value(f, column, line->part, &v, &why);
    if (status == OK)
        f->row->cell[column].present = true;
    else
        problem_add(f->run->arena, f->problems, f->plan->column[column].name,
                    str_copy(f->run->arena, str_of(why.text)));
}

static void swap(struct span *ends)
{
    struct moment from = ends->from;
    ends->from = ends->to;
    ends->to = from;
}

/* One end alone is both ends. */
static void time_close(struct filling *f, size_t column)
{
    struct table_cell *c = &f->row->cell[column];
    struct span *ends = &f->ends[column];
    if (!c->present || c->type != COLUMN_TIME) return;
    if (ends->from.precision == PRECISION_NONE) ends->from = ends->to;
    if (ends->to.precision == PRECISION_NONE) ends->to = ends->from;
    if (ends->from.ms > last_ms(&ends->to) && f->plan->column[column].unordered) swap(ends);
    c->time = (struct sheet_time){ends->from.ms, last_ms(&ends->to)};
    if (c->time.from_ms <= c->time.to_ms) return;
    char from[32], to[32];
    caldate_format(c->time.from_ms, from);
    caldate_format(c->time.to_ms, to);
    problem_add(f->run->arena, f->problems, f->plan->column[column].name,
                str_format(f->run->arena, "it begins at \"%s\", after its end at \"%s\"", from, to));
}

static void id_fill(const struct run *run, const struct table_plan *plan, struct table_row *out,
                    struct problems *p)
{
    struct map_value v = {0};
    struct err why = {0};
    Str given = STR_NONE;
    if (line_value(run, &plan->id, &v, &given, &why) != OK)
        problem_add(run->arena, p, S("id"), str_copy(run->arena, str_of(why.text)));
    else if (v.kind != VALUE_TEXTS)
        problem_add(run->arena, p, S("id"), S("the row gives no id"));
    else
        out->id = v.texts.item[0];
}

void table_row_fill(const struct run *run, const struct table_plan *plan, struct table_row *out,
                    struct problems *p)
{
    size_t count = plan->columns.count;
    struct filling f = {run, plan, out, NEW_ARRAY(run->arena, struct span, count + 1), p};
    *out = (struct table_row){
        .row = run->row, .cell = NEW_ARRAY(run->arena, struct table_cell, count + 1), .count = count};
    id_fill(run, plan, out, p);
    for (size_t i = 0; i < count; i++)
        out->cell[i].type = plan->column[i].type;
    for (size_t i = 0; i < plan->cells; i++)
        cell_fill(&f, &plan->cell[i]);
    for (size_t i = 0; i < count; i++)
        time_close(&f, i);
}
