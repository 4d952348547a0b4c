#include "app/sheet_record.h"

#include "base/caldate.h"

static enum column_type column_of(const struct field *f)
{
    switch (f->type) {
    case FT_CODE:
    case FT_YESNO:
    case FT_REF:
        return COLUMN_CODE;
    case FT_TEXT:
    case FT_NARRATIVE:
    case FT_NAME:
    case FT_ADDRESS:
    case FT_IDENTIFIER:
    case FT_POSTCODE:
        return COLUMN_TEXT;
    case FT_TIME:
    case FT_SPAN:
    case FT_DATE:
        return COLUMN_TIME;
    case FT_NUMBER:
        return COLUMN_NUMBER;
    case FT_PLACE:
        return COLUMN_PLACE;
    case FT_TEXTS:
    case FT_NAMES:
    case FT_CODES:
    case FT_REFS:
    case FT_ADDRESSES:
    case FT_LEVELS:
    case FT_DATED:
        break;
    }
    return COLUMN_SET;
}

void sheet_record_columns(struct sheet_record *r, struct arena *a, const struct kind *kind,
                          const bool filled[FIELDS_MAX], struct sheet_maker *m)
{
    *r = (struct sheet_record){.kind = kind, .data = arena_alloc(a, 1, kind->size, _Alignof(max_align_t))};
    for (size_t i = 0; i < kind->field_count; i++) {
        const struct field *f = &kind->field[i];
        bool taken = filled[i] && f->sensitivity != SENS_RESTRICTED;
        r->column[i] = taken ? sheet_add_column(m, str_of(f->name), column_of(f), S(""), false) : SIZE_MAX;
    }
}

static void put_moments(const struct moment *from, const struct moment *to, struct sheet_maker *m,
                        size_t column)
{
    struct span span = {*from, *to};
    int64_t from_ms = 0, until_ms = 0;
    if (span_interval(&span, &from_ms, &until_ms)) sheet_put_time(m, column, from_ms, until_ms - 1);
}

/* A year or a month is all its days. */
static void put_date(const struct date *d, struct sheet_maker *m, size_t column)
{
    if (d->year == 0) return;
    int last_month = d->month > 0 ? d->month : 12;
    int64_t from = caldate_to_days(d->year, d->month > 0 ? d->month : 1, d->day > 0 ? d->day : 1);
    int64_t after = d->day > 0         ? from + 1
                    : last_month == 12 ? caldate_to_days(d->year + 1, 1, 1)
                                       : caldate_to_days(d->year, last_month + 1, 1);
    sheet_put_time(m, column, from * MS_PER_DAY, after * MS_PER_DAY - 1);
}

/* Levels and courses are objects; what they are of is the item. */
static enum status put_objects(const struct field *f, const struct str_list *objects, struct sheet_maker *m,
                               size_t column, struct err *e)
{
    const char *key = f->type == FT_LEVELS ? "substance" : "name";
    for (size_t i = 0; i < objects->count; i++) {
        struct json_doc doc CLEANUP_JSON = {0};
        TRY(json_parse(objects->item[i], &doc, e));
        sheet_put_word(m, column, json_str(json_get(doc.root, key)));
    }
    return OK;
}

static enum status put_set(const struct field *f, const void *member, struct sheet_maker *m, size_t column,
                           struct err *e)
{
    const struct str_list *texts = member;
    const struct keyed_list *keyed = member;
    if (f->type == FT_LEVELS || f->type == FT_DATED) return put_objects(f, texts, m, column, e);
    if (f->type == FT_ADDRESSES) {
        for (size_t i = 0; i < keyed->count; i++)
            sheet_put_word(m, column, keyed->item[i].text);
        return OK;
    }
    for (size_t i = 0; i < texts->count; i++)
        sheet_put_word(m, column, texts->item[i]);
    return OK;
}

static Str text_of(const struct field *f, const void *member)
{
    const struct keyed *keyed = member;
    if (f->type == FT_ADDRESS) return keyed->text;
    if (f->type == FT_IDENTIFIER) return keyed->key.len > 0 ? keyed->key : keyed->text;
    return *(const Str *)member;
}

static enum status put_member(const struct field *f, const void *member, struct sheet_maker *m, size_t column,
                              struct err *e)
{
    const struct span *span = member;
    const struct place *place = member;
    switch (column_of(f)) {
    case COLUMN_CODE:
    case COLUMN_TEXT:
        sheet_put_word(m, column, text_of(f, member));
        return OK;
    case COLUMN_NUMBER:
        sheet_put_number(m, column, *(const double *)member);
        return OK;
    case COLUMN_TIME:
        if (f->type == FT_SPAN) put_moments(&span->from, &span->to, m, column);
        if (f->type == FT_TIME) put_moments(member, member, m, column);
        if (f->type == FT_DATE) put_date(member, m, column);
        return OK;
    case COLUMN_PLACE:
        if (place->present) sheet_put_place(m, column, place->lon, place->lat, place->radius_m);
        return OK;
    case COLUMN_SET:
        break;
    }
    return put_set(f, member, m, column, e);
}

enum status sheet_record_row(const struct sheet_record *r, const struct change *c, struct arena *scratch,
                             struct sheet_maker *m, struct err *e)
{
    TRY(sheet_begin_row(m, c->record.id, c->line, e));
    for (size_t i = 0; i < c->fact_count; i++) {
        const struct fact *fact = &c->fact[i];
        const struct field *f = &r->kind->field[fact->field];
        if (r->column[fact->field] == SIZE_MAX || str_eq(fact->value, S("null"))) continue;
        TRY(field_decode(scratch, f, fact->value, fact->key, r->data, e));
        TRY(put_member(f, (const char *)r->data + f->offset, m, r->column[fact->field], e));
    }
    return OK;
}
