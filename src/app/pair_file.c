#include "app/pair_file.h"

#include "app/label_file.h"
#include "base/alloc.h"
#include "base/csv.h"

#include <math.h>

#define PAIRS_MAX 50000000

/* What a column is read for. */
enum use { USE_NOT, USE_MEASURE, USE_LABEL, USE_WEIGHT, USE_TRAIN, USE_AGAINST };

struct reading {
    const struct pair_file_options *o;
    struct csv_reader *csv;
    struct str_list header;
    enum use *use;      /* of each column */
    size_t *measure_at; /* column of each measure */
    size_t measures, rows, room;
    double **value; /* of each column that is not USE_NOT; labels and marks as 0 and 1 */
    struct pair_file *out;
    struct err *e;
};

static Str column_names(const struct reading *r, struct arena *a)
{
    return str_join(a, &r->header, S(", "));
}

static enum status take_column(struct reading *r, Str name, enum use use, const char *option, struct arena *a)
{
    for (size_t c = 0; c < r->header.count; c++) {
        if (!str_eq(r->header.item[c], name)) continue;
        if (r->use[c] != USE_NOT)
            return ERR(r->e, E_INVALID, option, "column %.*s is asked for twice", STR_ARG(name));
        r->use[c] = use;
        if (use == USE_MEASURE) r->measure_at[r->measures++] = c;
        return OK;
    }
    return ERR(r->e, E_INVALID, option, "%s has no column \"%.*s\"; it has %.*s", r->o->file, STR_ARG(name),
               STR_ARG(column_names(r, a)));
}

static enum status choose_columns(struct reading *r, struct arena *a)
{
    const struct pair_file_options *o = r->o;
    Str rest = o->columns, name;
    TRY(take_column(r, o->label, USE_LABEL, "label", a));
    if (str_present(o->weight)) TRY(take_column(r, o->weight, USE_WEIGHT, "weight", a));
    if (str_present(o->train)) TRY(take_column(r, o->train, USE_TRAIN, "train", a));
    if (str_present(o->against)) TRY(take_column(r, o->against, USE_AGAINST, "against", a));
    while (str_present(o->columns) && str_next(&rest, ',', &name))
        TRY(take_column(r, str_trim(name), USE_MEASURE, "columns", a));
    for (size_t c = 0; c < r->header.count && !str_present(o->columns); c++)
        if (r->use[c] == USE_NOT) TRY(take_column(r, r->header.item[c], USE_MEASURE, "columns", a));
    if (r->measures == 0)
        return ERR(r->e, E_INVALID, "columns", "%s has no column of measures beside the label", o->file);
    return OK;
}

static bool is_missing(Str cell)
{
    return str_empty(cell) || str_eq_nocase(cell, S("na")) || str_eq_nocase(cell, S("nan")) ||
           str_eq_nocase(cell, S("null"));
}

/* Why the first refused row was refused; the rows that follow are only counted. */
static enum status bad_cell(const struct reading *r, size_t column, uint64_t line, Str cell, const char *want)
{
    return ERR(&r->out->first, E_INVALID, "file", "%s, line %llu, column %.*s: \"%.*s\" is not %s",
               r->o->file, (unsigned long long)line, STR_ARG(r->header.item[column]),
               STR_ARG(str_slice(cell, 0, 60)), want);
}

static enum status read_cell(struct reading *r, size_t column, uint64_t line, Str cell, double *number)
{
    bool mark = r->use[column] == USE_LABEL || r->use[column] == USE_TRAIN;
    bool missing = is_missing(cell);
    *number = (double)NAN;
    if (mark) {
        int yes = label_yes_or_no(cell);
        if (yes < 0) return bad_cell(r, column, line, cell, "1 or 0 (true, yes, linked)");
        *number = yes;
        return OK;
    }
    if (!missing && str_to_f64(cell, number) != OK) return bad_cell(r, column, line, cell, "a number");
    if (r->use[column] == USE_WEIGHT && !(*number > 0))
        return bad_cell(r, column, line, cell, "a weight above 0");
    return OK;
}

static enum status read_cells(struct reading *r, const struct csv_row *row)
{
    if (row->count < r->header.count)
        return ERR(&r->out->first, E_INVALID, "file", "%s, line %llu: %zu cells where the header has %zu",
                   r->o->file, (unsigned long long)row->line, row->count, r->header.count);
    for (size_t c = 0; c < r->header.count; c++)
        if (r->use[c] != USE_NOT)
            TRY(read_cell(r, c, row->line, str_trim(row->cell[c]), &r->value[c][r->rows]));
    return OK;
}

static enum status read_row(struct reading *r, const struct csv_row *row)
{
    if (r->rows == PAIRS_MAX)
        return ERR(r->e, E_LIMIT, "file", "%s holds more than %d pairs", r->o->file, PAIRS_MAX);
    if (r->rows == r->room) {
        r->room = r->room * 2 + 4096;
        for (size_t c = 0; c < r->header.count; c++)
            if (r->use[c] != USE_NOT) r->value[c] = alloc_resize(r->value[c], r->room, sizeof(double));
    }
    if (read_cells(r, row) == OK)
        r->rows++;
    else
        r->out->refused++;
    return OK;
}

static double *numbers_copied(const struct reading *r, size_t column, struct arena *a)
{
    double *to = NEW_ARRAY(a, double, r->rows + 1);
    if (r->rows > 0) memcpy(to, r->value[column], r->rows * sizeof *to);
    return to;
}

static const bool *marks_copied(const struct reading *r, size_t column, struct arena *a)
{
    bool *to = NEW_ARRAY(a, bool, r->rows + 1);
    for (size_t i = 0; i < r->rows; i++)
        to[i] = r->value[column][i] > 0;
    return to;
}

static void fill_table(struct reading *r, struct arena *a)
{
    struct pair_table *t = &r->out->table;
    t->pairs = r->rows;
    t->features = r->measures;
    t->feature = NEW_ARRAY(a, struct pair_feature, r->measures + 1);
    for (size_t f = 0; f < r->measures; f++) {
        size_t c = r->measure_at[f];
        t->feature[f] =
            (struct pair_feature){str_copy(a, r->header.item[c]), DIRECTION_LEARNED, numbers_copied(r, c, a)};
    }
    for (size_t c = 0; c < r->header.count; c++) {
        if (r->use[c] == USE_LABEL) t->linked = marks_copied(r, c, a);
        if (r->use[c] == USE_TRAIN) r->out->train = marks_copied(r, c, a);
        if (r->use[c] == USE_WEIGHT) t->weight = numbers_copied(r, c, a);
        if (r->use[c] == USE_AGAINST) r->out->against = numbers_copied(r, c, a);
    }
}

static enum status read_all(struct reading *r, struct arena *a)
{
    const struct csv_row *header = csv_header(r->csv);
    r->header.count = header ? header->count : 0;
    r->header.item = NEW_ARRAY(a, Str, r->header.count + 1);
    for (size_t c = 0; c < r->header.count; c++)
        r->header.item[c] = str_copy(a, str_trim(header->cell[c]));
    r->use = NEW_ARRAY(a, enum use, r->header.count + 1);
    r->measure_at = NEW_ARRAY(a, size_t, r->header.count + 1);
    r->value = NEW_ARRAY(a, double *, r->header.count + 1);
    TRY(choose_columns(r, a));
    for (;;) {
        struct csv_row row;
        bool more;
        TRY(csv_next(r->csv, &row, &more, r->e));
        if (!more) break;
        TRY(read_row(r, &row));
    }
    if (r->rows == 0)
        return ERR(r->e, E_INVALID, "file", "%s holds no pair that could be read: %s", r->o->file,
                   r->out->refused > 0 ? r->out->first.text : "it has no rows");
    fill_table(r, a);
    return OK;
}

enum status pair_file_read(const struct pair_file_options *o, struct arena *a, struct pair_file *out,
                           struct err *e)
{
    struct stream *s;
    struct pair_file file = {0};
    struct reading r = {.o = o, .out = &file, .e = e};
    TRY(stream_open(o->file, NULL, &s, e));
    TRY(csv_open(s, NULL, true, &r.csv, e));
    enum status status = read_all(&r, a);
    for (size_t c = 0; c < r.header.count && r.value; c++)
        alloc_free(r.value[c]);
    csv_close(r.csv);
    if (status == OK) *out = file;
    return status;
}
