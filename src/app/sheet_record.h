/* The lines of one kind of record as rows of a sheet. Shared by sheets.c and sheet_record.c, nobody else. */
#ifndef APP_SHEET_RECORD_H
#define APP_SHEET_RECORD_H

#include "base/sheet.h"
#include "model/record.h"

struct sheet_record {
    const struct kind *kind;
    size_t column[FIELDS_MAX]; /* of the sheet; SIZE_MAX: the field has none */
    void *data;                /* one record, as the kind's struct */
};

/* Adds a column for every field that is filled. Fields held apart (restricted ones) have none. */
void sheet_record_columns(struct sheet_record *r, struct arena *a, const struct kind *kind,
                          const bool filled[FIELDS_MAX], struct sheet_maker *m);
/* Adds the row. E_INVALID when its id stood before or a value cannot be read. scratch: of one row. */
MUST_USE enum status sheet_record_row(const struct sheet_record *r, const struct change *c,
                                      struct arena *scratch, struct sheet_maker *m, struct err *e);

#endif
