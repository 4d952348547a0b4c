/* Compiling the section [table]: "name : type comparison = template | step". */
#include "intake/reading.h"

#define NAME_BYTES_MAX 64

static const enum column_type TYPES[] = {COLUMN_CODE, COLUMN_TEXT,  COLUMN_NUMBER,
                                         COLUMN_TIME, COLUMN_PLACE, COLUMN_SET};

/* NULL when a column of this type can hold what the line gives. */
static const char *shape_needed(const struct table_column *c, enum shape shape, enum span_part part)
{
    switch (c->type) {
    case COLUMN_TIME:
        if (shape == SHAPE_SPAN && part != PART_WHOLE) return "takes a date here, not a whole month";
        return shape == SHAPE_MOMENT || shape == SHAPE_SPAN || shape == SHAPE_TEXT
                   ? NULL
                   : "is a time: end the line with | date \"...\"";
    case COLUMN_PLACE:
        if (shape == SHAPE_TEXT) return NULL;
        if (shape != SHAPE_PLACE) return "is a place: write {Latitude}, {Longitude}";
        return c->planar ? "lies in a plane: write {X}, {Y} without | place" : NULL;
    case COLUMN_SET:
        return shape == SHAPE_TEXT || shape == SHAPE_LIST ? NULL : "takes texts";
    case COLUMN_CODE:
    case COLUMN_TEXT:
    case COLUMN_NUMBER:
        break;
    }
    if (shape == SHAPE_TEXT) return NULL;
    return shape == SHAPE_LIST ? "holds one value, and the line gives several" : "takes a text";
}

static bool word_valid(Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_') return false;
    }
    return s.len > 0 && s.len <= NAME_BYTES_MAX;
}

/* "place planar", "text given_name" */
static enum status type_parse(struct reading *r, const struct entry *entry, Str text, struct table_column *c)
{
    Str word = STR_NONE, rest = str_trim(text);
    bool known = false;
    if (!str_next(&rest, ' ', &word)) word = S("");
    for (size_t i = 0; i < COUNT_OF(TYPES); i++) {
        if (!str_eq(word, str_of(column_type_name(TYPES[i])))) continue;
        c->type = TYPES[i];
        known = true;
    }
    if (!known)
        FAIL_AT(r, entry->line, "table",
                "\"%.*s\" is no type of a column; there is code, text, number, time, place, set",
                STR_ARG(utf8_cut(word, 40)));
    c->compare = S("");
    while (str_next(&rest, ' ', &word)) {
        if (str_empty(word)) continue;
        if (c->type == COLUMN_PLACE && str_eq(word, S("planar")) && !c->planar) {
            c->planar = true;
        } else if (c->type == COLUMN_TIME && str_eq(word, S("unordered")) && !c->unordered) {
            c->unordered = true;
        } else if (str_empty(c->compare) && word_valid(word)) {
            c->compare = word;
        } else {
            FAIL_AT(
                r, entry->line, "table",
                "after the type comes at most one word of a-z 0-9 _ that says how the values are compared "
                "(and planar of places, unordered of times), not \"%.*s\"",
                STR_ARG(utf8_cut(word, 40)));
        }
    }
    return OK;
}

/* The column of the name, made when it is the first line of it; a further line must say the same. */
static enum status column_take(struct reading *r, const struct entry *entry, struct table_plan *p,
                               const struct table_column *c, size_t *out)
{
    for (size_t i = 0; i < p->columns.count; i++) {
        const struct table_column *had = &p->column[i];
        if (!str_eq(had->name, c->name)) continue;
        if (had->type != c->type || had->planar != c->planar || had->unordered != c->unordered ||
            !str_eq(had->compare, c->compare))
            FAIL_AT(r, entry->line, "table",
                    "%.*s is described otherwise in an earlier line; all lines of a column name one type",
                    STR_ARG(c->name));
        *out = i;
        return OK;
    }
    if (p->columns.count == TABLE_COLUMNS_MAX)
        FAIL_AT(r, entry->line, "table", "a table has at most %d columns", TABLE_COLUMNS_MAX);
    p->column[p->columns.count] = *c;
    *out = p->columns.count++;
    return OK;
}

static enum status cell_compile(struct reading *r, const struct entry *entry, struct table_plan *p)
{
    size_t colon = str_find_char(entry->key, ':');
    struct table_column c = {.name = str_trim(str_slice(entry->key, 0, colon))};
    enum span_part part = PART_WHOLE;
    enum shape shape = SHAPE_TEXT;
    size_t column = 0;
    TRY(type_parse(r, entry, str_slice(entry->key, colon + 1, entry->key.len), &c));
    if (c.type == COLUMN_TIME && str_ends(c.name, S(".from"))) part = PART_FROM;
    if (c.type == COLUMN_TIME && str_ends(c.name, S(".to"))) part = PART_TO;
    if (part != PART_WHOLE) c.name = str_slice(c.name, 0, c.name.len - (part == PART_FROM ? 5 : 3));
    if (str_empty(c.name) || c.name.len > NAME_BYTES_MAX)
        FAIL_AT(r, entry->line, "table", "the name of a column has 1 to %d bytes", NAME_BYTES_MAX);
    TRY(column_take(r, entry, p, &c, &column));
    struct field_line *l = &p->cell[p->cells++];
    const char *name = str_cstr(r->arena, c.name);
    TRY(reading_line(r, entry, name, l, &shape));
    l->field = (int)column;
    l->part = part;
    const char *needed = shape_needed(&c, shape, part);
    if (needed) FAIL_AT(r, entry->line, name, "%s %s", name, needed);
    return OK;
}

static enum status line_take(struct reading *r, const struct entry *entry, struct table_plan *p)
{
    struct err why = {0};
    if (str_present(entry->key) && str_find_char(entry->key, ':') != STR_NPOS)
        return cell_compile(r, entry, p);
    if (str_eq(entry->key, S("id"))) return reading_id(r, entry, &p->id);
    if (str_eq(entry->key, S("when"))) {
        if (condition_parse(r->arena, r->mapping, entry->value, entry->line, &p->when, &why) == OK) return OK;
        return reading_fail_at(r, entry->line, "when", &why);
    }
    FAIL_AT(
        r, entry->line, "table",
        "a line of [table] is written: name : type = {Column} | transform; the type is code, text, number, "
        "time, place or set");
}

enum status table_compile(struct reading *r, const struct section *s, struct table_plan *out)
{
    struct table_plan p = {.line = s->line};
    if (!str_empty(s->name)) FAIL_AT(r, s->line, "table", "a mapping makes one table: write [table]");
    p.column = NEW_ARRAY(r->arena, struct table_column, s->count + 1);
    p.columns.column = p.column;
    p.cell = NEW_ARRAY(r->arena, struct field_line, s->count + 1);
    for (size_t i = 0; i < s->count; i++)
        TRY(line_take(r, &s->entry[i], &p));
    if (p.id.text.count == 0)
        FAIL_AT(r, s->line, "id", "[table] needs id = {Column}, or id = {#row} to number the rows");
    if (p.columns.count == 0) FAIL_AT(r, s->line, "table", "[table] has no column");
    *out = p;
    return OK;
}

/* ---- a table without a mapping ---- */

/* As the header says; a name that is missing is the column's number, a repeated one is numbered. */
static Str heading(struct arena *a, const struct csv_row *header, size_t i)
{
    Str name = utf8_cut(str_trim(header->cell[i]), NAME_BYTES_MAX);
    size_t before = 0;
    if (str_empty(name)) return str_format(a, "#%zu", i + 1);
    for (size_t j = 0; j < i; j++)
        before += str_eq(utf8_cut(str_trim(header->cell[j]), NAME_BYTES_MAX), name);
    return before == 0 ? str_copy(a, name) : str_format(a, "%.*s (%zu)", STR_ARG(name), before + 1);
}

const struct mapping *mapping_of_header(struct arena *a, const struct csv_row *header)
{
    struct mapping *m = NEW(a, struct mapping);
    struct table_plan *p = NEW(a, struct table_plan);
    size_t columns = header->count < TABLE_COLUMNS_MAX ? header->count : TABLE_COLUMNS_MAX;
    *m = (struct mapping){
        .table = p, .column = NEW_ARRAY(a, struct named_column, columns + 1), .columns = columns};
    p->column = NEW_ARRAY(a, struct table_column, columns + 1);
    p->columns = (struct table_columns){p->column, columns, true};
    p->cell = NEW_ARRAY(a, struct field_line, columns + 1);
    p->cells = columns;
    p->id = (struct field_line){.field = -1, .text = {NEW(a, struct piece), 1, true}};
    p->id.text.piece[0].kind = PIECE_ROW;
    for (size_t i = 0; i < columns; i++) {
        m->column[i].name = str_format(a, "#%zu", i + 1);
        p->column[i] =
            (struct table_column){.name = heading(a, header, i), .type = COLUMN_TEXT, .compare = S("")};
        p->cell[i] = (struct field_line){.field = (int)i, .text = {NEW(a, struct piece), 1, true}};
        p->cell[i].text.piece[0] = (struct piece){.kind = PIECE_COLUMN, .column = i};
    }
    return m;
}
