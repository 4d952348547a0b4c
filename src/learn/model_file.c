#include "learn/model_file.h"

#include "base/utf8.h"

#include <math.h>

void model_note_add(struct model_note *note, size_t *count, const char *key, Str value)
{
    MUST(*count < MODEL_NOTES_MAX);
    note[(*count)++] = (struct model_note){str_of(key), value};
}

/* ---- writing ------------------------------------------------------------------------------------------- */

static const char *const SHAPES[] = {[CURVE_STEPS] = "steps", [CURVE_LINES] = "lines"};

static void add_plain(struct buf *out, Str text)
{
    for (size_t i = 0; i < text.len; i++)
        buf_add_char(out, (unsigned char)text.ptr[i] < 0x20 ? ' ' : text.ptr[i]);
}

static void write_notes(struct buf *out, const char *key, const struct model_note *note, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_addf(out, "%s\t", key);
        add_plain(out, note[i].key);
        buf_add_char(out, '\t');
        add_plain(out, note[i].value);
        buf_add_char(out, '\n');
    }
}

static void write_points(struct buf *out, const char *key, const struct curve *c)
{
    for (size_t k = 0; k < c->points; k++)
        buf_addf(out, "%s\t%.10g\t%.10g\n", key, c->at[k], c->weight[k]);
}

static void write_record(struct buf *out, const struct calibration_record *r)
{
    buf_add(out, S("record\tpopulation\t"));
    add_plain(out, r->population);
    buf_addf(out, "\nrecord\town_decisions\t%llu\n", (unsigned long long)r->own_decisions);
    buf_addf(out, "record\tpairs\t%llu\nrecord\tlinked\t%llu\n", (unsigned long long)r->pairs,
             (unsigned long long)r->linked);
    buf_addf(out, "record\terror\t%.10g\nrecord\tbrier\t%.10g\n", r->error, r->brier);
    for (size_t i = 0; i < r->bins; i++)
        buf_addf(out, "bin\t%.10g\t%.10g\t%.10g\t%.10g\t%llu\t%llu\n", r->bin[i].low, r->bin[i].high,
                 r->bin[i].probability, r->bin[i].linked_share, (unsigned long long)r->bin[i].items,
                 (unsigned long long)r->bin[i].linked);
}

void model_write(const struct learned_model *m, struct buf *out)
{
    buf_add(
        out,
        S("# A linkage model learned from labelled rows by colligate: what each measure weighs, in tenfold "
          "steps of\n# evidence for a link. doc/linkage.md explains it.\n"
          "format\tlearned 1\nname\t"));
    add_plain(out, m->name);
    buf_addf(out, "\nversion\t%lld\nmethod\t%s\n", (long long)m->version, METHODS[m->method].name);
    write_notes(out, "training", m->training, m->trainings);
    write_notes(out, "measured", m->measured, m->measurements);
    buf_addf(out, "base\t%.10g\n", m->curves.base);
    for (size_t i = 0; i < m->curves.count; i++) {
        const struct curve *c = &m->curves.curve[i];
        buf_addf(out, "measure\t%.*s\t%s\t%s\t%.10g\n", STR_ARG(c->feature), SHAPES[c->shape],
                 direction_name(c->direction), c->missing);
        write_points(out, "point", c);
    }
    if (!m->calibrated) return;
    buf_addf(out, "calibration\t%s\t%.10g\n", calibration_way_name(m->record.way), m->calibration.prevalence);
    write_points(out, "calibrated", &m->calibration.odds);
    write_record(out, &m->record);
}

bool model_is_learned(Str text)
{
    Str line;
    while (str_next(&text, '\n', &line)) {
        if (str_empty(line) || line.ptr[0] == '#') continue;
        return str_starts(line, S("format\tlearned"));
    }
    return false;
}

/* ---- reading ------------------------------------------------------------------------------------------- */

struct reading {
    struct learned_model *m;
    struct arena *a;
    struct err *e;
    unsigned line;
    const struct str_list *cell;
    double at[CURVE_POINTS_MAX], weight[CURVE_POINTS_MAX];
    size_t points; /* of the curve that is being read */
    struct curve *into;
    bool formatted, based, recorded;
};

static enum status bad(const struct reading *r, const char *why)
{
    return ERR(r->e, E_INVALID, "model", "learned model, line %u, %.*s: %s", r->line,
               STR_ARG(str_slice(r->cell->item[0], 0, 60)), why);
}

static enum status need_cells(const struct reading *r, size_t cells)
{
    return r->cell->count == cells ? OK
                                   : bad(r, "this line has too few or too many values (tabs divide them)");
}

static enum status number(const struct reading *r, size_t cell, double low, double high, double *out)
{
    double v;
    if (str_to_f64(r->cell->item[cell], &v) != OK) return bad(r, "a number is expected here");
    if (!(v >= low && v <= high)) return bad(r, "this number is out of its range");
    *out = v;
    return OK;
}

static enum status whole(const struct reading *r, size_t cell, uint64_t *out)
{
    int64_t v;
    if (str_to_i64(r->cell->item[cell], &v) != OK || v < 0) return bad(r, "a whole number is expected here");
    *out = (uint64_t)v;
    return OK;
}

/* The points gathered so far become those of their curve. */
static enum status end_curve(struct reading *r)
{
    struct curve *c = r->into;
    r->into = NULL;
    if (c == NULL) return OK;
    if (r->points == 1) return bad(r, "the curve before this line has one point only; give two or none");
    c->points = r->points;
    c->at = NEW_ARRAY(r->a, double, r->points + 1);
    c->weight = NEW_ARRAY(r->a, double, r->points + 1);
    memcpy(c->at, r->at, r->points * sizeof *c->at);
    memcpy(c->weight, r->weight, r->points * sizeof *c->weight);
    return OK;
}

static enum status begin_curve(struct reading *r, struct curve *c)
{
    TRY(end_curve(r));
    r->into = c;
    r->points = 0;
    return OK;
}

static enum status take_format(struct reading *r)
{
    TRY(need_cells(r, 2));
    if (!str_eq(r->cell->item[1], S("learned 1")))
        return bad(r, "this program reads the format \"learned 1\"");
    r->formatted = true;
    return OK;
}

static enum status take_name(struct reading *r)
{
    TRY(need_cells(r, 2));
    r->m->name = r->cell->item[1];
    return str_empty(r->m->name) ? bad(r, "the name is empty") : OK;
}

static enum status take_version(struct reading *r)
{
    uint64_t version;
    TRY(need_cells(r, 2));
    TRY(whole(r, 1, &version));
    if (version < 1 || version > 1000000) return bad(r, "the version counts from 1");
    r->m->version = (int64_t)version;
    return OK;
}

static enum status take_method(struct reading *r)
{
    TRY(need_cells(r, 2));
    int method = method_named(r->cell->item[1]);
    if (method < 0) return bad(r, "there is no such method");
    r->m->method = (enum method)method;
    return OK;
}

static enum status take_note(struct reading *r, struct model_note *note, size_t *count)
{
    TRY(need_cells(r, 3));
    if (*count == MODEL_NOTES_MAX) return bad(r, "there are more such lines than the program holds");
    note[(*count)++] = (struct model_note){r->cell->item[1], r->cell->item[2]};
    return OK;
}

static enum status take_training(struct reading *r)
{
    return take_note(r, r->m->training, &r->m->trainings);
}

static enum status take_measured(struct reading *r)
{
    return take_note(r, r->m->measured, &r->m->measurements);
}

static enum status take_base(struct reading *r)
{
    TRY(need_cells(r, 2));
    r->based = true;
    return number(r, 1, -100, 100, &r->m->curves.base);
}

static enum status take_measure(struct reading *r)
{
    struct curves *m = &r->m->curves;
    struct measure_spec *spec;
    size_t specs;
    struct err inner = {0};
    TRY(need_cells(r, 5));
    if (m->count == CURVES_MAX) return bad(r, "there are more measures than the program holds");
    struct curve *c = &m->curve[m->count];
    *c = (struct curve){.feature = r->cell->item[1]};
    if (measures_parse(c->feature, r->a, &spec, &specs, &inner) != OK || specs != 1)
        return bad(r, "this is no measure; write kind(column)");
    for (size_t i = 0; i < m->count; i++)
        if (str_eq(m->curve[i].feature, c->feature)) return bad(r, "this measure stands twice");
    r->m->measure[m->count] = spec[0];
    if (str_eq(r->cell->item[2], S("steps")))
        c->shape = CURVE_STEPS;
    else if (str_eq(r->cell->item[2], S("lines")))
        c->shape = CURVE_LINES;
    else
        return bad(r, "the shape is steps or lines");
    int direction = direction_named(r->cell->item[3]);
    if (direction < 0) return bad(r, "the direction is falls, rises, free or learned");
    c->direction = (enum direction)direction;
    TRY(number(r, 4, -100, 100, &c->missing));
    m->count++;
    return begin_curve(r, c);
}

static enum status add_point(struct reading *r)
{
    TRY(need_cells(r, 3));
    if (r->points == CURVE_POINTS_MAX) return bad(r, "there are more points than a curve holds");
    TRY(number(r, 1, -1e300, 1e300, &r->at[r->points]));
    TRY(number(r, 2, -100, 100, &r->weight[r->points]));
    if (r->points > 0 && r->at[r->points] <= r->at[r->points - 1]) return bad(r, "points must rise");
    r->points++;
    return OK;
}

static enum status take_point(struct reading *r)
{
    if (r->into == NULL || r->into == &r->m->calibration.odds)
        return bad(r, "a point needs a measure before it");
    return add_point(r);
}

static enum status take_calibration(struct reading *r)
{
    TRY(need_cells(r, 3));
    int way = calibration_way_named(r->cell->item[1]);
    if (way < 0) return bad(r, "the way is platt or isotonic");
    if (r->m->calibrated) return bad(r, "there is one calibration already");
    r->m->calibrated = true;
    r->m->record.way = (enum calibration_way)way;
    r->m->calibration.odds = (struct curve){.shape = CURVE_LINES, .direction = DIRECTION_RISES};
    TRY(number(r, 2, 1e-15, 1 - 1e-9, &r->m->calibration.prevalence));
    r->m->record.prevalence = r->m->calibration.prevalence;
    return begin_curve(r, &r->m->calibration.odds);
}

static enum status take_calibrated(struct reading *r)
{
    if (r->into != &r->m->calibration.odds) return bad(r, "a calibrated point needs a calibration before it");
    return add_point(r);
}

static enum status take_record(struct reading *r)
{
    struct calibration_record *c = &r->m->record;
    TRY(need_cells(r, 3));
    Str key = r->cell->item[1];
    r->recorded = true;
    if (str_eq(key, S("population"))) {
        c->population = r->cell->item[2];
        return OK;
    }
    if (str_eq(key, S("own_decisions"))) return whole(r, 2, &c->own_decisions);
    if (str_eq(key, S("pairs"))) return whole(r, 2, &c->pairs);
    if (str_eq(key, S("linked"))) return whole(r, 2, &c->linked);
    if (str_eq(key, S("error"))) return number(r, 2, 0, 1, &c->error);
    if (str_eq(key, S("brier"))) return number(r, 2, 0, 1, &c->brier);
    return bad(r, "the record has no such key");
}

static enum status take_bin(struct reading *r)
{
    struct calibration_record *c = &r->m->record;
    struct reliability_bin b;
    TRY(need_cells(r, 7));
    if (c->bins == RECORD_BINS) return bad(r, "there are more bins than a record holds");
    TRY(number(r, 1, 0, 1, &b.low));
    TRY(number(r, 2, 0, 1, &b.high));
    TRY(number(r, 3, 0, 1, &b.probability));
    TRY(number(r, 4, 0, 1, &b.linked_share));
    TRY(whole(r, 5, &b.items));
    TRY(whole(r, 6, &b.linked));
    if (b.items < b.linked) return bad(r, "a bin cannot hold more links than pairs");
    c->bin[c->bins++] = b;
    return OK;
}

struct key_row {
    const char *key;
    enum status (*take)(struct reading *r);
    const char *doc;
};
static const struct key_row KEYS[] = {
    {"format", take_format, "which format this is"},
    {"name", take_name, "what explanations call it"},
    {"version", take_version, "from 1"},
    {"method", take_method, "how the curves were found"},
    {"training", take_training, "what it was trained on"},
    {"measured", take_measured, "how it judged what it never saw"},
    {"base", take_base, "log10 odds of a link among the training pairs"},
    {"measure", take_measure, "a measure and its curve"},
    {"point", take_point, "of the measure before it"},
    {"calibration", take_calibration, "from scores to probability"},
    {"calibrated", take_calibrated, "a point of it"},
    {"record", take_record, "how far it was seen to hold"},
    {"bin", take_bin, "of the reliability curve"},
};

static enum status take_line(struct reading *r)
{
    for (size_t i = 0; i < COUNT_OF(KEYS); i++)
        if (str_eq(r->cell->item[0], str_of(KEYS[i].key))) return KEYS[i].take(r);
    return bad(r, "this key is not known");
}

static enum status check_complete(struct reading *r)
{
    const struct learned_model *m = r->m;
    const char *missing = !r->formatted                                     ? "format"
                          : str_empty(m->name)                              ? "name"
                          : m->version < 1                                  ? "version"
                          : m->curves.count == 0                            ? "measure"
                          : !r->based                                       ? "base"
                          : m->calibrated && !r->recorded                   ? "record"
                          : m->calibrated && m->calibration.odds.points < 2 ? "calibrated"
                                                                            : NULL;
    if (missing != NULL)
        return ERR(r->e, E_INVALID, "model", "learned model: the line \"%s\" is missing", missing);
    return OK;
}

enum status model_read(Str text, struct arena *a, struct learned_model *out, struct err *e)
{
    struct learned_model *m = NEW(a, struct learned_model);
    struct reading r = {.m = m, .a = a, .e = e};
    if (str_find_char(text, '\0') != STR_NPOS || !utf8_valid(text, NULL))
        return ERR(e, E_INVALID, "model", "learned model: the file is no text in UTF-8");
    Str rest = str_copy(a, text), line;
    m->measure = NEW_ARRAY(a, struct measure_spec, CURVES_MAX);
    m->curves.curve = NEW_ARRAY(a, struct curve, CURVES_MAX);
    struct str_list cell = {NULL, 0}, last = {(Str[]){S("end")}, 1};
    while (str_next(&rest, '\n', &line)) {
        r.line++;
        if (str_ends(line, S("\r"))) line.len--;
        if (str_empty(line) || line.ptr[0] == '#') continue;
        cell = str_split(a, line, '\t');
        r.cell = &cell;
        TRY(take_line(&r));
    }
    r.cell = &last;
    TRY(end_curve(&r));
    TRY(check_complete(&r));
    *out = *m;
    return OK;
}

/* ---- judging rows by a model --------------------------------------------------------------------------- */

enum status model_scorer_for(const struct learned_model *m, const struct sheet *f, struct arena *a,
                             struct model_scorer *out, struct err *e)
{
    out->model = m;
    return measures_prepare(f, m->measure, m->curves.count, a, &out->measures, e);
}

double model_score(const struct model_scorer *s, size_t a, size_t b, double *weight)
{
    double value[MEASURES_MAX], sum = 0;
    measures_pair(s->measures, a, b, value);
    for (size_t i = 0; i < s->model->curves.count; i++) {
        double w = curve_weight(&s->model->curves.curve[i], value[i]);
        if (weight) weight[i] = w;
        sum += w;
    }
    return sum;
}

double model_probability(const struct learned_model *m, double score, double prevalence)
{
    if (m->calibrated) return calibration_probability(&m->calibration, score + m->curves.base, prevalence);
    double odds = pow(10, score) * prevalence / (1 - prevalence);
    return isinf(odds) ? 1 : odds / (1 + odds);
}
