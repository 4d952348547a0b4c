/* The typed tables: one a kind, one row a record, its columns and statements made from the field rows. */
#ifndef STORE_TYPED_H
#define STORE_TYPED_H

#include "model/record.h"
#include "store/db.h"

enum cell_type { CELL_NULL, CELL_REAL, CELL_TEXT };
struct cell {
    enum cell_type type;
    double real;
    Str text;
};

enum { COLUMN_NAME_MAX = 64, COLUMNS_MAX = 3 * FIELDS_MAX };
struct column {
    char name[COLUMN_NAME_MAX];
    enum cell_type type;
};
/* The columns of a kind after the record's number, in the order of its fields. Returns how many. */
size_t typed_columns(const struct kind *kind, struct column out[COLUMNS_MAX]);
/* A record's values in that order. Texts borrow from the record and from `a`. */
void typed_cells(struct arena *a, const struct record *record, struct cell out[COLUMNS_MAX]);

/* The way back: cells into the kind's struct (zeroed by the caller). E_DB: no such cells are ever written. */
MUST_USE enum status typed_read(struct arena *a, const struct kind *kind, const struct cell *cells,
                                void *data, struct err *e);

/* The statements of every kind, prepared when first used. */
struct typed {
    struct db *db;
    struct typed_kind {
        sqlite3_stmt *put, *drop, *get;
        size_t columns;
    } kind[KIND_COUNT];
};
void typed_init(struct typed *t, struct db *change);
void typed_done(struct typed *t);

/* Puts the row of a record in place of the one before. */
MUST_USE enum status typed_put(struct typed *t, uint64_t number, enum kind_id kind, const struct cell *cells,
                               struct err *e);
MUST_USE enum status typed_drop(struct typed *t, uint64_t number, enum kind_id kind, struct err *e);
/* The row as it stands; *found tells whether there is one. Texts live in `a`. */
MUST_USE enum status typed_get(struct typed *t, uint64_t number, enum kind_id kind, struct arena *a,
                               struct cell out[COLUMNS_MAX], bool *found, struct err *e);

/* The numbers of all rows of a kind, ascending. */
typedef enum status (*typed_visit)(void *state, uint64_t number, enum kind_id kind, struct err *e);
MUST_USE enum status typed_each(struct typed *t, enum kind_id kind, typed_visit visit, void *state,
                                struct err *e);
MUST_USE enum status typed_clear(struct typed *t, enum kind_id kind, struct err *e);

/* One line of an ordered dump: kind, namespace, id and the columns that hold a value, as JSON. */
void typed_write_line(struct buf *b, const struct record_id *id, const struct cell *cells);

/* What the references of a record name, restricted fields left out. */
struct typed_reference {
    const char *field;
    Str ns, ident;
};
size_t typed_references(struct arena *a, const struct record *record, struct typed_reference **out);
/* May this field name a record of that kind? */
bool typed_reference_allows(const struct field *field, enum kind_id kind);

#endif
