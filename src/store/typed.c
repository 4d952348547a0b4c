#include "store/typed.h"

#include "base/caldate.h"
#include "base/json.h"

#include <stdio.h>

/* ---- columns ---------------------------------------------------------------------------------------- */

static void column_add(struct column *out, size_t *n, const char *name, const char *part, enum cell_type type)
{
    MUST(*n < COLUMNS_MAX);
    int len = snprintf(out[*n].name, COLUMN_NAME_MAX, "%s%s", name, part);
    MUST(len > 0 && len < COLUMN_NAME_MAX);
    out[(*n)++].type = type;
}

size_t typed_columns(const struct kind *kind, struct column out[COLUMNS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < kind->field_count; i++) {
        const char *name = kind->field[i].name;
        switch (kind->field[i].type) {
        case FT_SPAN:
            column_add(out, &n, name, "_from", CELL_TEXT);
            column_add(out, &n, name, "_to", CELL_TEXT);
            break;
        case FT_PLACE:
            column_add(out, &n, name, "_lat", CELL_REAL);
            column_add(out, &n, name, "_lon", CELL_REAL);
            column_add(out, &n, name, "_radius_m", CELL_REAL);
            break;
        case FT_NUMBER:
            column_add(out, &n, name, "", CELL_REAL);
            break;
        case FT_ADDRESS:
        case FT_IDENTIFIER:
        case FT_ADDRESSES:
            column_add(out, &n, name, "", CELL_TEXT);
            column_add(out, &n, name, "_key", CELL_TEXT);
            break;
        case FT_TEXT:
        case FT_NARRATIVE:
        case FT_NAME:
        case FT_POSTCODE:
        case FT_CODE:
        case FT_YESNO:
        case FT_TIME:
        case FT_DATE:
        case FT_REF:
        case FT_TEXTS:
        case FT_NAMES:
        case FT_CODES:
        case FT_REFS:
        case FT_LEVELS:
        case FT_DATED:
            column_add(out, &n, name, "", CELL_TEXT);
            break;
        }
    }
    return n;
}

/* ---- cells ------------------------------------------------------------------------------------------ */

static struct cell cell_text(Str s)
{
    return str_present(s) ? (struct cell){.type = CELL_TEXT, .text = s} : (struct cell){0};
}

static struct cell cell_real(double v)
{
    return number_present(v) ? (struct cell){.type = CELL_REAL, .real = v} : (struct cell){0};
}

/* As precise as it was given. */
static struct cell cell_moment(struct arena *a, const struct moment *m)
{
    char text[32];
    if (m->precision == PRECISION_NONE) return (struct cell){0};
    if (m->precision == PRECISION_DAY)
        caldate_format_day(m->ms, text);
    else
        caldate_format(m->ms, text);
    return cell_text(str_copy(a, str_of(text)));
}

static struct cell cell_date(struct arena *a, const struct date *d)
{
    if (d->year == 0) return (struct cell){0};
    if (d->month == 0) return cell_text(str_format(a, "%04d", d->year));
    if (d->day == 0) return cell_text(str_format(a, "%04d-%02d", d->year, d->month));
    return cell_text(str_format(a, "%04d-%02d-%02d", d->year, d->month, d->day));
}

/* Cells of one field that is present; returns how many. */
static size_t field_cells(struct arena *a, const struct field *field, const struct holding *held,
                          const void *data, struct cell *out)
{
    const void *at = (const char *)data + field->offset;
    switch (field->type) {
    case FT_SPAN: {
        const struct span *span = at;
        out[0] = cell_moment(a, &span->from);
        out[1] = cell_moment(a, &span->to);
        return 2;
    }
    case FT_PLACE: {
        const struct place *place = at;
        out[0] = cell_real(place->present ? place->lat : (double)NAN);
        out[1] = cell_real(place->present ? place->lon : (double)NAN);
        out[2] = cell_real(place->present ? place->radius_m : (double)NAN);
        return 3;
    }
    case FT_ADDRESS:
    case FT_IDENTIFIER: {
        const struct keyed *keyed = at;
        out[0] = cell_text(keyed->text);
        out[1] = str_empty(keyed->key) ? (struct cell){0} : cell_text(keyed->key);
        return 2;
    }
    case FT_ADDRESSES:
        out[0] = cell_text(held->value);
        out[1] = str_empty(held->key) ? (struct cell){0} : cell_text(held->key);
        return 2;
    case FT_NUMBER:
        out[0] = cell_real(*(const double *)at);
        return 1;
    case FT_TIME:
        out[0] = cell_moment(a, at);
        return 1;
    case FT_DATE:
        out[0] = cell_date(a, at);
        return 1;
    case FT_TEXT:
    case FT_NARRATIVE:
    case FT_NAME:
    case FT_POSTCODE:
    case FT_CODE:
    case FT_YESNO:
    case FT_REF:
        out[0] = cell_text(*(const Str *)at);
        return 1;
    case FT_TEXTS:
    case FT_NAMES:
    case FT_CODES:
    case FT_REFS:
    case FT_LEVELS:
    case FT_DATED:
        out[0] = cell_text(held->value);
        return 1;
    }
    BUG("field %s has no type", field->name);
}

static size_t field_width(enum field_type type)
{
    if (type == FT_PLACE) return 3;
    return type == FT_SPAN || type == FT_ADDRESS || type == FT_IDENTIFIER || type == FT_ADDRESSES ? 2 : 1;
}

void typed_cells(struct arena *a, const struct record *record, struct cell out[COLUMNS_MAX])
{
    const struct kind *kind = kind_of(record->id.kind);
    for (size_t i = 0, n = 0; i < kind->field_count; i++) {
        const struct field *field = &kind->field[i];
        size_t width = field_width(field->type);
        if (str_present(record->held[i].value)) {
            MUST(field_cells(a, field, &record->held[i], record->data, out + n) == width);
        } else {
            for (size_t j = 0; j < width; j++)
                out[n + j] = (struct cell){0};
        }
        n += width;
    }
}

/* ---- rows ------------------------------------------------------------------------------------------- */

void typed_init(struct typed *t, struct db *change)
{
    *t = (struct typed){.db = change};
}

void typed_done(struct typed *t)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        sqlite3_finalize(t->kind[i].put);
        sqlite3_finalize(t->kind[i].drop);
        sqlite3_finalize(t->kind[i].get);
    }
    *t = (struct typed){0};
}

static enum status kind_prepare(struct typed *t, enum kind_id id, struct err *e)
{
    const struct kind *kind = kind_of(id);
    struct column column[COLUMNS_MAX];
    struct buf put CLEANUP_BUF = {0}, get CLEANUP_BUF = {0}, drop CLEANUP_BUF = {0};
    struct typed_kind *k = &t->kind[id];
    if (k->drop) return OK;
    buf_init(&put, 1 << 16);
    buf_init(&get, 1 << 16);
    buf_init(&drop, 1 << 16);
    k->columns = typed_columns(kind, column);
    buf_addf(&put, "INSERT OR REPLACE INTO \"%s\" (record", kind->name);
    buf_add(&get, S("SELECT "));
    for (size_t i = 0; i < k->columns; i++) {
        buf_addf(&put, ", \"%s\"", column[i].name);
        buf_addf(&get, "%s\"%s\"", i ? ", " : "", column[i].name);
    }
    buf_add(&put, S(") VALUES (?"));
    for (size_t i = 0; i < k->columns; i++)
        buf_add(&put, S(", ?"));
    buf_add_char(&put, ')');
    buf_addf(&get, " FROM \"%s\" WHERE record = ?", kind->name);
    buf_addf(&drop, "DELETE FROM \"%s\" WHERE record = ?", kind->name);
    if (!k->put) TRY(db_prepare(t->db, buf_str(&put), &k->put, e));
    if (!k->get) TRY(db_prepare(t->db, buf_str(&get), &k->get, e));
    return db_prepare(t->db, buf_str(&drop), &k->drop, e);
}

enum status typed_put(struct typed *t, uint64_t number, enum kind_id kind, const struct cell *cells,
                      struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(kind_prepare(t, kind, e));
    TRY(query_start_prepared(&q, t->db, t->kind[kind].put, e));
    query_u64(&q, number);
    for (size_t i = 0; i < t->kind[kind].columns; i++) {
        if (cells[i].type == CELL_TEXT)
            query_str(&q, cells[i].text);
        else if (cells[i].type == CELL_REAL)
            query_f64(&q, cells[i].real);
        else
            query_null(&q);
    }
    return query_run(&q, e);
}

enum status typed_drop(struct typed *t, uint64_t number, enum kind_id kind, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(kind_prepare(t, kind, e));
    TRY(query_start_prepared(&q, t->db, t->kind[kind].drop, e));
    query_u64(&q, number);
    return query_run(&q, e);
}

enum status typed_get(struct typed *t, uint64_t number, enum kind_id kind, struct arena *a,
                      struct cell out[COLUMNS_MAX], bool *found, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(kind_prepare(t, kind, e));
    TRY(query_start_prepared(&q, t->db, t->kind[kind].get, e));
    query_u64(&q, number);
    TRY(query_step(&q, &row, e));
    for (size_t i = 0; row && i < t->kind[kind].columns; i++) {
        int column = (int)i;
        if (query_is_null(&q, column))
            out[i] = (struct cell){0};
        else if (sqlite3_column_type(q.stmt, column) == SQLITE_FLOAT)
            out[i] = cell_real(query_get_f64(&q, column));
        else
            out[i] = cell_text(str_copy(a, query_get_str(&q, column)));
    }
    *found = row;
    return OK;
}

static enum status rows_visit(struct query *q, enum kind_id kind, typed_visit visit, void *state,
                              struct err *e)
{
    for (bool row = true;;) {
        TRY(query_step(q, &row, e));
        if (!row) return OK;
        TRY(visit(state, query_get_u64(q, 0), kind, e));
    }
}

enum status typed_each(struct typed *t, enum kind_id kind, typed_visit visit, void *state, struct err *e)
{
    char sql[COLUMN_NAME_MAX + 64];
    sqlite3_stmt *stmt = NULL;
    struct query q = {0};
    snprintf(sql, sizeof sql, "SELECT record FROM \"%s\" ORDER BY record", kind_of(kind)->name);
    TRY(db_prepare(t->db, str_of(sql), &stmt, e));
    enum status status = query_start_prepared(&q, t->db, stmt, e);
    if (status == OK) status = rows_visit(&q, kind, visit, state, e);
    sqlite3_finalize(stmt);
    return status;
}

enum status typed_clear(struct typed *t, enum kind_id kind, struct err *e)
{
    char sql[COLUMN_NAME_MAX + 64];
    snprintf(sql, sizeof sql, "DELETE FROM \"%s\"", kind_of(kind)->name);
    return db_script(t->db, str_of(sql), e);
}

void typed_write_line(struct buf *b, const struct record_id *id, const struct cell *cells)
{
    const struct kind *kind = kind_of(id->kind);
    struct column column[COLUMNS_MAX];
    size_t count = typed_columns(kind, column);
    buf_addf(b, "%s\t%.*s\t%.*s\t", kind->name, STR_ARG(id->ns), STR_ARG(id->id));
    struct json_writer w = json_writer(b, false);
    json_open(&w, '{');
    for (size_t i = 0; i < count; i++) {
        if (cells[i].type == CELL_TEXT) json_kv_str(&w, str_of(column[i].name), cells[i].text);
        if (cells[i].type == CELL_REAL) json_kv_f64(&w, str_of(column[i].name), cells[i].real);
    }
    json_close(&w, '}');
}

/* ---- references ------------------------------------------------------------------------------------- */

static bool is_reference(const struct field *field)
{
    return (field->type == FT_REF || field->type == FT_REFS) && field->values[0] != '\0' &&
           field->sensitivity != SENS_RESTRICTED;
}

bool typed_reference_allows(const struct field *field, enum kind_id kind)
{
    return strcmp(field->values, "any") == 0 ||
           field_value_listed(field->values, str_of(kind_of(kind)->name));
}

size_t typed_references(struct arena *a, const struct record *record, struct typed_reference **out)
{
    const struct kind *kind = kind_of(record->id.kind);
    struct typed_reference *list = NULL;
    size_t count = 0, room = 0;
    for (size_t i = 0; i < kind->field_count; i++) {
        const struct field *field = &kind->field[i];
        if (!str_present(record->held[i].value) || !is_reference(field)) continue;
        const void *at = (const char *)record->data + field->offset;
        struct str_list one = {NULL, 0};
        if (field->type == FT_REFS) one = *(const struct str_list *)at;
        Str single = field->type == FT_REF ? *(const Str *)at : STR_NONE;
        if (field->type == FT_REF) one = (struct str_list){&single, str_empty(single) ? 0 : 1};
        if (count + one.count > room) {
            size_t more = 2 * (count + one.count) + 8;
            list = arena_grow(a, list, room, more, sizeof *list, _Alignof(struct typed_reference));
            room = more;
        }
        for (size_t j = 0; j < one.count; j++) {
            struct typed_reference *r = &list[count++];
            r->field = field->name;
            ref_split(one.item[j], record->id.ns, &r->ns, &r->ident);
        }
    }
    *out = list;
    return count;
}
