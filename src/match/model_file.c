/* A learned model as text: tab between cells, one line a thing. */
#include "match/match_internal.h"

#include "base/json.h"

#include <math.h>

#define FORMAT  "colligate-match"
#define VERSION 1
#define CELLS   (COMPARISON_LEVELS_MAX + 2)

static void add_count(struct buf *b, const char *name, uint64_t count)
{
    buf_addf(b, "%s\t%llu\n", name, (unsigned long long)count);
}

void match_model_write(const struct match_model *m, struct buf *b)
{
    buf_addf(b, "%s\t%d\n", FORMAT, VERSION);
    add_count(b, "rows", m->rows);
    add_count(b, "pairs", m->pairs_seen);
    add_count(b, "rounds", m->rounds);
    buf_add_cstr(b, "prior\t");
    json_add_number(b, m->prior);
    for (size_t c = 0; c < m->columns; c++) {
        const struct match_column *column = &m->column[c];
        buf_addf(b, "\ncolumn\t%.*s\t%s\t%s\nsame", STR_ARG(column->name), column->comparison->name,
                 column->parts ? "parts" : "whole");
        for (int l = 0; l < comparison_levels(column->comparison); l++) {
            buf_add_char(b, '\t');
            json_add_number(b, column->same[l]);
        }
        for (size_t i = 0; i < column->relations; i++)
            buf_addf(b, "\nrelated\t%.*s\t%.*s\t%d", STR_ARG(column->relation[i].a),
                     STR_ARG(column->relation[i].b), column->relation[i].weight_db);
    }
    buf_add_char(b, '\n');
}

struct reading {
    struct match_model *model;
    struct arena *arena;
    size_t line, relation_room;
    Str cell[CELLS];
    size_t cells;
};

static enum status bad_line(const struct reading *r, const char *what, struct err *e)
{
    return ERR(e, E_INVALID, "model", "line %zu of the model: %s; write it anew with --save", r->line, what);
}

static enum status read_column(struct reading *r, struct err *e)
{
    struct match_model *m = r->model;
    if (r->cells != 4 || m->columns == MATCH_COLUMNS_MAX) return bad_line(r, "not a column", e);
    struct match_column *c = &m->column[m->columns++];
    *c = (struct match_column){.name = str_copy(r->arena, r->cell[1]),
                               .comparison = comparison_named(r->cell[2]),
                               .parts = str_eq(r->cell[3], S("parts"))};
    r->relation_room = 0;
    if (c->comparison == NULL) return bad_line(r, "there is no such comparison", e);
    if (c->parts && c->comparison->form != FORM_NAME)
        return bad_line(r, "only names are compared by part", e);
    return OK;
}

static enum status read_same(struct reading *r, struct match_column *c, struct err *e)
{
    double sum = 0;
    size_t levels = (size_t)comparison_levels(c->comparison);
    if (r->cells != levels + 1) return bad_line(r, "not one probability for each level", e);
    for (size_t l = 0; l < levels; l++) {
        if (str_to_f64(r->cell[l + 1], &c->same[l]) != OK || c->same[l] < 0)
            return bad_line(r, "not a probability", e);
        sum += c->same[l];
    }
    return fabs(sum - 1) < 1e-6 ? OK : bad_line(r, "the probabilities do not sum to 1", e);
}

static enum status read_related(struct reading *r, struct match_column *c, struct err *e)
{
    int64_t weight = 0;
    if (c->comparison->form != FORM_NAME && c->comparison->form != FORM_CODE)
        return bad_line(r, "only names and codes go together though they differ", e);
    if (r->cells != 4 || str_to_i64(r->cell[3], &weight) != OK || weight < -MATCH_WEIGHT_MAX ||
        weight > MATCH_WEIGHT_MAX)
        return bad_line(r, "not two values and their weight", e);
    ARENA_ROOM(r->arena, c->relation, r->relation_room, c->relations + 1, 64);
    c->relation[c->relations++] =
        (struct match_relation){str_copy(r->arena, r->cell[1]), str_copy(r->arena, r->cell[2]), (int)weight};
    return OK;
}

static enum status read_number(struct reading *r, struct err *e)
{
    struct match_model *m = r->model;
    double number = 0;
    if (r->cells != 2 || str_to_f64(r->cell[1], &number) != OK || number < 0 || number > 1e18)
        return bad_line(r, "not a number", e);
    if (str_eq(r->cell[0], S("rows"))) m->rows = (uint64_t)number;
    if (str_eq(r->cell[0], S("pairs"))) m->pairs_seen = (uint64_t)number;
    if (str_eq(r->cell[0], S("rounds"))) m->rounds = (unsigned)fmin(number, 1e6);
    if (str_eq(r->cell[0], S("prior"))) m->prior = number;
    return OK;
}

static enum status read_line(struct reading *r, struct err *e)
{
    struct match_column *last = r->model->columns > 0 ? &r->model->column[r->model->columns - 1] : NULL;
    static const Str NUMBERS[] = {{"rows", 4}, {"pairs", 5}, {"rounds", 6}, {"prior", 5}};
    if (r->line == 1) {
        int64_t version = 0;
        if (r->cells != 2 || !str_eq(r->cell[0], S(FORMAT))) return bad_line(r, "this is no such model", e);
        if (str_to_i64(r->cell[1], &version) != OK || version != VERSION)
            return bad_line(r, "a version that this program does not read", e);
        return OK;
    }
    for (size_t i = 0; i < COUNT_OF(NUMBERS); i++)
        if (str_eq(r->cell[0], NUMBERS[i])) return read_number(r, e);
    if (str_eq(r->cell[0], S("column"))) return read_column(r, e);
    if (last && str_eq(r->cell[0], S("same"))) return read_same(r, last, e);
    if (last && str_eq(r->cell[0], S("related"))) return read_related(r, last, e);
    return bad_line(r, "it begins with a word that means nothing here", e);
}

enum status match_model_read(Str text, struct arena *a, struct match_model *out, struct err *e)
{
    struct match_model m = {.prior = 0};
    struct reading r = {.model = &m, .arena = a};
    Str line;
    while (str_next(&text, '\n', &line)) {
        r.line++;
        if (str_empty(line)) continue;
        for (r.cells = 0; str_next(&line, '\t', &r.cell[r.cells < CELLS ? r.cells : CELLS - 1]);)
            r.cells++;
        if (r.cells > CELLS) return bad_line(&r, "more cells than any line has", e);
        TRY(read_line(&r, e));
    }
    if (m.columns == 0 || !(m.prior > 0 && m.prior < 1))
        return ERR(e, E_INVALID, "model", "the model has no columns or no prior; write it anew with --save");
    for (size_t c = 0; c < m.columns; c++)
        if (!(m.column[c].same[0] > 0))
            return ERR(e, E_INVALID, "model", "the column \"%.*s\" of the model has no probabilities",
                       STR_ARG(m.column[c].name));
    *out = m;
    return OK;
}
