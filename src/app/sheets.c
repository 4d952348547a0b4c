#include "app/sheets.h"

#include "app/import.h"
#include "app/sheet_record.h"
#include "base/caldate.h"
#include "base/stream.h"
#include "base/table.h"

#define ITEM_BYTES_MAX    ((size_t)1 << 30)
#define GUESSED_BYTES_MAX ((size_t)8 << 30)
#define CODES_MAX         64 /* a column guessed to hold codes has at most so many, */
#define CODES_SHARE       8  /* or one for so many rows */

struct reading {
    const struct policy *policy;
    const struct sheets_options *options;
    const struct mapping *mapping;
    struct arena *arena;   /* of the sheet */
    struct arena *scratch; /* of one item; of everything while the columns are guessed */
    struct sheet_maker *maker;
    struct table_columns columns; /* of a [table]; in `arena` */
    struct sheet_record record;   /* where there is none */
    struct table_row *guessed;    /* rows of texts that wait for their types */
    size_t guessed_count;
    struct refusals *refusals;
    struct intake_summary sum;
    uint64_t refused_late; /* given by the reader, and not taken here */
    Str name;
};

static size_t rows_max(const struct reading *r)
{
    return r->options->rows_max > 0 ? r->options->rows_max : SHEETS_ROWS_MAX;
}

/* ---- rows of a table --------------------------------------------------------------------------------- */

static void take_columns(struct reading *r, const struct table_columns *given)
{
    struct table_column *column = NEW_ARRAY(r->arena, struct table_column, given->count + 1);
    for (size_t i = 0; i < given->count; i++) {
        column[i] = given->column[i];
        column[i].name = str_copy(r->arena, given->column[i].name);
        column[i].compare = str_copy(r->arena, given->column[i].compare);
    }
    r->columns = (struct table_columns){column, given->count, given->guessed};
}

static void add_columns(struct reading *r)
{
    for (size_t i = 0; i < r->columns.count; i++) {
        const struct table_column *c = &r->columns.column[i];
        sheet_add_column(r->maker, c->name, c->type, c->compare, c->planar);
    }
}

static void put_cell(struct sheet_maker *m, size_t column, const struct table_cell *c)
{
    switch (c->type) {
    case COLUMN_CODE:
    case COLUMN_TEXT:
        sheet_put_word(m, column, c->text);
        break;
    case COLUMN_NUMBER:
        sheet_put_number(m, column, c->number);
        break;
    case COLUMN_TIME:
        sheet_put_time(m, column, c->time.from_ms, c->time.to_ms);
        break;
    case COLUMN_PLACE:
        sheet_put_place(m, column, c->place.x, c->place.y, c->place.radius_m);
        break;
    case COLUMN_SET:
        for (size_t i = 0; i < c->items.count; i++)
            sheet_put_word(m, column, c->items.item[i]);
        break;
    }
}

static enum status put_row(struct reading *r, const struct table_row *row, struct err *e)
{
    TRY(sheet_begin_row(r->maker, row->id, row->line, e));
    for (size_t i = 0; i < row->count; i++)
        if (row->cell[i].present) put_cell(r->maker, i, &row->cell[i]);
    return OK;
}

static enum status take_row(struct reading *r, const struct table_row *row, struct err *e)
{
    if (!r->columns.guessed) return put_row(r, row, e);
    if (r->guessed_count == rows_max(r))
        return ERR(e, E_LIMIT, "rows", "the table has more than %zu rows, which is the most that is taken",
                   rows_max(r));
    r->guessed = arena_grow(r->arena, r->guessed, r->guessed_count, r->guessed_count + 1, sizeof *r->guessed,
                            _Alignof(struct table_row));
    r->guessed[r->guessed_count++] = *row;
    return OK;
}

/* ---- columns without a mapping ------------------------------------------------------------------------ */

static bool reads_as(enum column_type t, struct table_cell *c)
{
    bool day_only = false;
    if (t == COLUMN_NUMBER) return str_to_f64(c->text, &c->number) == OK;
    if (caldate_parse(c->text, &c->time.from_ms, &day_only, NULL) != OK) return false;
    c->time.to_ms = c->time.from_ms + (day_only ? MS_PER_DAY - 1 : 0);
    return true;
}

/* Do all cells of the column that say something read as the type? */
static bool all_read_as(struct reading *r, size_t column, enum column_type t)
{
    bool any = false;
    for (size_t i = 0; i < r->guessed_count; i++) {
        struct table_cell *c = &r->guessed[i].cell[column];
        if (!c->present) continue;
        if (!reads_as(t, c)) return false;
        any = true;
    }
    return any;
}

static bool few_words(const struct reading *r, size_t column)
{
    struct table *t CLEANUP_TABLE = table_new(r->guessed_count + 1);
    size_t present = 0;
    for (size_t i = 0; i < r->guessed_count; i++) {
        const struct table_cell *c = &r->guessed[i].cell[column];
        if (!c->present) continue;
        table_intern(t, c->text);
        present++;
    }
    return table_count(t) <= CODES_MAX || table_count(t) <= present / CODES_SHARE;
}

static enum status guess(struct reading *r, struct err *e)
{
    struct table_column *column = NEW_ARRAY(r->arena, struct table_column, r->columns.count + 1);
    for (size_t i = 0; i < r->columns.count; i++) {
        column[i] = r->columns.column[i];
        if (all_read_as(r, i, COLUMN_NUMBER))
            column[i].type = COLUMN_NUMBER;
        else if (all_read_as(r, i, COLUMN_TIME))
            column[i].type = COLUMN_TIME;
        else if (few_words(r, i))
            column[i].type = COLUMN_CODE;
        for (size_t row = 0; row < r->guessed_count; row++)
            r->guessed[row].cell[i].type = column[i].type;
    }
    r->columns.column = column;
    add_columns(r);
    for (size_t row = 0; row < r->guessed_count; row++)
        TRY(put_row(r, &r->guessed[row], e));
    return OK;
}

/* ---- the items of the reader ----------------------------------------------------------------------------
 */

/* A repeated id of a record is a fault of its row (rows = updates): the first one stays. */
static enum status take_change(struct reading *r, const struct change *c, struct err *e)
{
    struct err why = {0};
    enum status status = sheet_record_row(&r->record, c, r->scratch, r->maker, &why);
    if (status == OK) return OK;
    if (status != E_INVALID) return ERR(e, status, why.field, "%s", why.text);
    struct buf line CLEANUP_BUF;
    buf_init(&line, INTAKE_RAW_BYTES_MAX);
    change_write_feed(&line, c, false);
    struct intake_refusal refusal = {c->line, c->line, str_of(why.field), str_of(why.text), buf_str(&line)};
    refusals_add(r->refusals, &refusal);
    r->refused_late++;
    return OK;
}

static void keep_summary(struct reading *r, const struct intake_summary *s)
{
    r->sum = *s;
    r->sum.drop = NEW_ARRAY(r->arena, struct intake_drop, s->drops + 1);
    for (size_t i = 0; i < s->drops; i++)
        r->sum.drop[i] = (struct intake_drop){str_copy(r->arena, s->drop[i].reason), s->drop[i].rows};
}

static enum status take_item(struct reading *r, const struct intake_item *item, struct err *e)
{
    switch (item->kind) {
    case INTAKE_COLUMNS:
        take_columns(r, &item->columns);
        if (!r->columns.guessed) add_columns(r);
        return OK;
    case INTAKE_ROW:
        return take_row(r, &item->row, e);
    case INTAKE_CHANGE:
        MUST(r->record.kind && item->change.record.kind == r->record.kind->id); /* intake/watch.h saw to it */
        return take_change(r, &item->change, e);
    case INTAKE_REFUSED:
        refusals_add(r->refusals, &item->refusal);
        return OK;
    case INTAKE_DONE:
        keep_summary(r, &item->summary);
        return OK;
    case INTAKE_PROGRESS:
        break;
    }
    return OK;
}

static enum status read_items(struct reading *r, struct intake *in, struct err *e)
{
    struct intake_item item = {0};
    do {
        if (!r->columns.guessed) arena_reset(r->scratch);
        TRY(intake_next(in, r->scratch, &item, e));
        TRY(take_item(r, &item, e));
    } while (item.kind != INTAKE_DONE);
    return r->columns.guessed ? guess(r, e) : OK;
}

static enum status read_file(struct reading *r, const char *path, struct err *e)
{
    struct intake_options options = {.policy = r->policy, .mapping = r->mapping, .as_table = true};
    struct intake *in = NULL;
    bool filled[FIELDS_MAX];
    r->maker = sheet_maker_new(r->arena, r->name, rows_max(r));
    if (r->mapping && !mapping_table(r->mapping))
        sheet_record_columns(&r->record, r->arena, mapping_first_record(r->mapping, filled), filled,
                             r->maker);
    TRY(intake_open(path, &options, &in, e));
    enum status status = read_items(r, in, e);
    intake_close(in);
    return status;
}

static enum status account(struct reading *r, struct sheets_account *out, struct err *e)
{
    struct mapping_about about = r->mapping ? mapping_about(r->mapping) : (struct mapping_about){0};
    *out = (struct sheets_account){
        .mapping = r->mapping ? str_format(r->arena, "%.*s %.*s", STR_ARG(about.name), STR_ARG(about.version))
                              : S(""),
        .rows = r->sum.rows,
        .taken = r->sum.given - r->refused_late,
        .merged = r->sum.merged,
        .refused = r->sum.refused + r->refused_late,
        .dropped = r->sum.dropped,
        .drop = r->sum.drop,
        .drops = r->sum.drops,
    };
    out->refusal = refusals_groups(r->refusals, r->arena, &out->refusals);
    if (!r->options->refused_path) return OK;
    return refusals_write(r->refusals, r->options->refused_path, &out->refused_written, e);
}

enum status sheets_read(const char *path, const struct policy *policy, const struct sheets_options *options,
                        struct arena *a, const struct sheet **out, struct sheets_account *told, struct err *e)
{
    struct arena *scratch CLEANUP_ARENA =
        arena_new("rows of a table", options->mapping ? ITEM_BYTES_MAX : GUESSED_BYTES_MAX);
    struct refusals *refusals CLEANUP_REFUSALS = refusals_new(options->refused_path != NULL);
    struct reading r = {.policy = policy,
                        .options = options,
                        .arena = a,
                        .scratch = scratch,
                        .refusals = refusals,
                        .name = strcmp(path, "-") == 0 ? S("standard input") : file_name(path)};
    if (options->mapping) TRY(import_mapping(a, policy, options->mapping, &r.mapping, e));
    enum status status = read_file(&r, path, e);
    if (status == OK) status = account(&r, told, e);
    if (status != OK) {
        sheet_maker_free(r.maker);
        return status;
    }
    *out = sheet_finish(r.maker);
    return OK;
}
