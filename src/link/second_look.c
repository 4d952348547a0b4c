#include "link/second_look.h"

#include <math.h>

#define POINT_LIMIT 1e9

static const char *const OWN_NAME[LOOK_MEASURES - FEATURE_COUNT] = {
    [LOOK_DAYS - FEATURE_COUNT] = "days",         [LOOK_METRES - FEATURE_COUNT] = "metres",
    [LOOK_YEARS - FEATURE_COUNT] = "years",       [LOOK_SHARED - FEATURE_COUNT] = "shared",
    [LOOK_AGREEING - FEATURE_COUNT] = "agreeing", [LOOK_DIFFERING - FEATURE_COUNT] = "differing",
};

Str look_measure_name(struct arena *a, enum look_measure m)
{
    if ((int)m < FEATURE_COUNT) return str_format(a, "weight(%s)", FEATURES[m].name);
    return str_of(OWN_NAME[(int)m - FEATURE_COUNT]);
}

enum direction look_measure_direction(enum look_measure m)
{
    if ((int)m < FEATURE_COUNT) return DIRECTION_RISES;
    return m == LOOK_METRES ? DIRECTION_FALLS : DIRECTION_FREE;
}

void look_measure(struct world *w, uint32_t x, uint32_t y, double value[LOOK_MEASURES])
{
    struct pair_features p;
    world_pair_features(w, x, y, &p);
    int agreeing = 0, differing = 0;
    for (int f = 0; f < FEATURE_COUNT; f++) {
        uint64_t bit = UINT64_C(1) << f;
        bool recorded = (p.recorded & bit) != 0, agrees = (p.agreed & bit) != 0;
        value[f] = recorded ? p.weight_db[f] : (double)NAN;
        if (f == FEATURE_TIME || f == FEATURE_PLACE || f == FEATURE_ADDRESS || f == FEATURE_IDENTIFIER)
            continue;
        agreeing += recorded && agrees;
        differing += recorded && !agrees;
    }
    value[LOOK_DAYS] = log10(1 + p.days);
    value[LOOK_METRES] = log10(10 + p.metres);
    value[LOOK_YEARS] = p.years;
    value[LOOK_SHARED] = p.level;
    value[LOOK_AGREEING] = agreeing;
    value[LOOK_DIFFERING] = differing;
}

int look_weigh(const struct second_look *look, struct world *w, uint32_t x, uint32_t y)
{
    double value[LOOK_MEASURES];
    look_measure(w, x, y, value);
    return (int)lround(10 * (look->curves.base + curves_score(&look->curves, value)));
}

/* ---- the file ------------------------------------------------------------------------------------------ */

struct look_reading {
    struct arena *a;
    struct err *e;
    unsigned line;
    struct second_look *out;
    struct curve *into; /* the curve whose points come; NULL: none yet */
};

static enum status bad_line(const struct look_reading *r, Str key, const char *why)
{
    return ERR(r->e, E_INVALID, "second look", "second look, line %u, %.*s: %s", r->line,
               STR_ARG(str_slice(key, 0, 60)), why);
}

static enum status number_of(const struct look_reading *r, Str cell, double *out)
{
    double v;
    if (str_to_f64(cell, &v) != OK || !(fabs(v) <= POINT_LIMIT))
        return bad_line(r, cell, "a number is expected here");
    *out = v;
    return OK;
}

static enum status take_measure(struct look_reading *r, const struct str_list *cell)
{
    if (cell->count != 3)
        return bad_line(r, cell->item[0], "give measure, name and what a missing one weighs");
    for (int m = 0; m < LOOK_MEASURES; m++) {
        struct curve *c = &r->out->curves.curve[m];
        if (!str_eq(cell->item[1], c->feature)) continue;
        if (c->at != NULL) return bad_line(r, cell->item[1], "this measure stands twice");
        c->at = NEW_ARRAY(r->a, double, CURVE_POINTS_MAX);
        c->weight = NEW_ARRAY(r->a, double, CURVE_POINTS_MAX);
        r->into = c;
        return number_of(r, cell->item[2], &c->missing);
    }
    return bad_line(r, cell->item[1], "there is no such measure");
}

static enum status take_point(struct look_reading *r, const struct str_list *cell)
{
    struct curve *c = r->into;
    if (cell->count != 3) return bad_line(r, cell->item[0], "give point, value and weight, divided by tabs");
    if (c == NULL) return bad_line(r, cell->item[0], "a point needs a measure before it");
    if (c->points == CURVE_POINTS_MAX) return bad_line(r, cell->item[0], "a curve has at most 64 points");
    TRY(number_of(r, cell->item[1], &c->at[c->points]));
    TRY(number_of(r, cell->item[2], &c->weight[c->points]));
    if (c->points > 0 && c->at[c->points] <= c->at[c->points - 1])
        return bad_line(r, cell->item[1], "points must rise");
    c->points++;
    return OK;
}

static enum status take_line(struct look_reading *r, const struct str_list *cell)
{
    Str key = cell->item[0];
    double whole;
    if (str_eq(key, S("measure"))) return take_measure(r, cell);
    if (str_eq(key, S("point"))) return take_point(r, cell);
    if (str_eq(key, S("training"))) return OK; /* for people */
    if (cell->count != 2) return bad_line(r, key, "this key is not known, or has not one value behind a tab");
    if (str_eq(key, S("name")) || str_eq(key, S("version"))) return OK;
    if (str_eq(key, S("base"))) return number_of(r, cell->item[1], &r->out->curves.base);
    if (!str_eq(key, S("start_threshold_db"))) return bad_line(r, key, "this key is not known");
    TRY(number_of(r, cell->item[1], &whole));
    r->out->start_threshold_db = (int64_t)whole;
    return OK;
}

enum status second_look_load(struct arena *a, Str text, struct second_look *out, struct err *e)
{
    struct second_look look = {.curves = {.count = LOOK_MEASURES}};
    struct look_reading r = {.a = a, .e = e, .out = &look};
    Str line;
    look.curves.curve = NEW_ARRAY(a, struct curve, LOOK_MEASURES);
    for (int m = 0; m < LOOK_MEASURES; m++)
        look.curves.curve[m] = (struct curve){.feature = look_measure_name(a, (enum look_measure)m),
                                              .shape = CURVE_LINES,
                                              .direction = look_measure_direction((enum look_measure)m)};
    while (str_next(&text, '\n', &line)) {
        r.line++;
        line = str_trim(line);
        if (str_empty(line) || line.ptr[0] == '#') continue;
        struct str_list cell = str_split(a, line, '\t');
        TRY(take_line(&r, &cell));
    }
    for (int m = 0; m < LOOK_MEASURES; m++)
        if (look.curves.curve[m].points == 1)
            return bad_line(&r, look.curves.curve[m].feature, "a curve needs two points, or none");
    *out = look;
    return OK;
}

void second_look_write(const struct second_look *look, const struct str_list *training, struct buf *out)
{
    buf_add(out,
            S("# What a pair is worth once it stands among the nearest of an event: learned from planted\n"
              "# series (colligate evaluate planted --learn); doc/series.md tells how it is used.\n"
              "# measure  NAME  what a missing value weighs    point  VALUE  WEIGHT    in tenfold steps\n"
              "name\tsecond look\nversion\t1\n"));
    for (size_t i = 0; i < training->count; i++)
        buf_addf(out, "training\t%.*s\n", STR_ARG(training->item[i]));
    buf_addf(out, "start_threshold_db\t%lld\nbase\t%.4f\n", (long long)look->start_threshold_db,
             look->curves.base);
    for (size_t m = 0; m < look->curves.count; m++) {
        const struct curve *c = &look->curves.curve[m];
        if (c->points == 0) continue;
        buf_addf(out, "measure\t%.*s\t%.4f\n", STR_ARG(c->feature), c->missing);
        for (size_t k = 0; k < c->points; k++)
            buf_addf(out, "point\t%.10g\t%.4f\n", c->at[k], c->weight[k]);
    }
}
