/* Cells of a typed row back into the struct of its kind. */
#include "model/when.h"
#include "store/typed.h"

static enum status read_moment(const struct cell *cell, struct moment *out, struct err *e)
{
    if (cell->type == CELL_NULL) return OK;
    return moment_parse(cell->text, out, e);
}

static void read_place(const struct cell *cell, struct place *out)
{
    if (cell[0].type != CELL_REAL || cell[1].type != CELL_REAL) return;
    *out = (struct place){cell[0].real, cell[1].real, cell[2].type == CELL_REAL ? cell[2].real : 0, true};
}

static Str text_of(const struct cell *cell)
{
    return cell->type == CELL_TEXT ? cell->text : STR_NONE;
}

/* One field; the number of cells it has is typed_columns' business. */
static enum status read_field(struct arena *a, const struct field *field, const struct cell *cell, void *data,
                              size_t *width, struct err *e)
{
    void *at = (char *)data + field->offset;
    *width = 1;
    switch (field->type) {
    case FT_SPAN: {
        struct span *span = at;
        *width = 2;
        TRY(read_moment(&cell[0], &span->from, e));
        return read_moment(&cell[1], &span->to, e);
    }
    case FT_PLACE:
        *width = 3;
        read_place(cell, at);
        return OK;
    case FT_ADDRESS:
    case FT_IDENTIFIER:
        *width = 2;
        *(struct keyed *)at = (struct keyed){text_of(&cell[0]), text_of(&cell[1])};
        return OK;
    case FT_NUMBER:
        *(double *)at = cell->type == CELL_REAL ? cell->real : (double)NAN;
        return OK;
    case FT_TIME:
        return read_moment(cell, at, e);
    case FT_DATE:
        return cell->type == CELL_NULL ? OK : date_parse(cell->text, at, e);
    case FT_TEXT:
    case FT_NARRATIVE:
    case FT_NAME:
    case FT_POSTCODE:
    case FT_CODE:
    case FT_YESNO:
    case FT_REF:
        *(Str *)at = text_of(cell);
        return OK;
    case FT_ADDRESSES:
        *width = 2;
        return cell->type == CELL_NULL ? OK
                                       : field_decode(a, field, cell[0].text, text_of(&cell[1]), data, e);
    case FT_TEXTS:
    case FT_NAMES:
    case FT_CODES:
    case FT_REFS:
    case FT_LEVELS:
    case FT_DATED:
        return cell->type == CELL_NULL ? OK : field_decode(a, field, cell->text, STR_NONE, data, e);
    }
    BUG("field %s has no type", field->name);
}

enum status typed_read(struct arena *a, const struct kind *kind, const struct cell *cells, void *data,
                       struct err *e)
{
    for (size_t i = 0, n = 0, width = 0; i < kind->field_count; i++, n += width) {
        struct err why = {0};
        if (read_field(a, &kind->field[i], cells + n, data, &width, &why) != OK)
            return ERR(e, E_DB, kind->field[i].name, "a row holds no %s: %s",
                       field_type_name(kind->field[i].type), why.text);
    }
    return OK;
}
