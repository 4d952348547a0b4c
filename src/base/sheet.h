/* A table in columns: what the rows of any file become before they are compared, scanned or counted. Every
 * column has one entry a row; what is missing is missing, never guessed. Lives in the arena it was made in.
 */
#ifndef BASE_SHEET_H
#define BASE_SHEET_H

#include "base/str.h"

#include <math.h>

enum column_type {
    COLUMN_CODE,   /* one of a few words, compared as equal or not */
    COLUMN_TEXT,   /* names, addresses, accounts: compared by how alike they are */
    COLUMN_NUMBER, /* any unit */
    COLUMN_TIME,   /* a span */
    COLUMN_PLACE,
    COLUMN_SET, /* several words */
};

/* Columns of words, sets among them, number their distinct words from 1 in order of first sight; 0: missing.
 */
struct words {
    Str *word;      /* word[0] is empty */
    uint32_t *rows; /* how many rows hold the word */
    size_t count;   /* with word[0]: numbers are below it */
};

struct sheet_time {
    int64_t from_ms, to_ms; /* UTC, both included; from_ms TIME_MISSING: none */
};
#define TIME_MISSING INT64_MIN

struct sheet_place {
    double x, y; /* metres of a plane when the column is planar, else x longitude and y latitude in degrees; x
                    NAN: none */
    double radius_m; /* sure to so many metres; 0 when nothing is said */
};

struct column {
    Str name;
    Str compare; /* how its values are compared, as the mapping says; empty: as its type is */
    enum column_type type;
    bool planar;        /* of places */
    uint32_t *value;    /* code and text: number of the word */
    struct words words; /* code, text and set */
    double *number;     /* NAN: missing */
    struct sheet_time *time;
    struct sheet_place *place;
    uint32_t
        *set_at; /* sets: items of row r stand at set_at[r] .. set_at[r + 1] - 1, ascending, no repeats */
    uint32_t *set_item;
};

struct sheet {
    Str name; /* of the file, for messages */
    size_t rows, columns;
    struct column *column;
    Str *id;        /* of the row; unique */
    uint64_t *line; /* where the row starts in the file, from 1 */
};

/* NULL when there is none. */
const struct column *sheet_column(const struct sheet *f, Str name);
/* E_INVALID, with the names there are, when there is none or it is not of one of the types (bits 1 << type).
 */
MUST_USE enum status sheet_need(const struct sheet *f, Str name, unsigned types, const struct column **out,
                                struct err *e);
const char *column_type_name(enum column_type t);
bool column_missing(const struct column *c, size_t row);
/* The value in words, as a person would write it; empty when missing. */
Str column_text(const struct column *c, size_t row, struct arena *a);

/* ---- filling: one row after the other, one value a column ----------------------------------------- */

struct sheet_maker;
/* Values given are copied. rows_max: over it sheet_begin_row fails. */
struct sheet_maker *sheet_maker_new(struct arena *a, Str name, size_t rows_max);
/* Before the first row. planar: of places. The number of the column. */
size_t sheet_add_column(struct sheet_maker *m, Str name, enum column_type t, Str compare, bool planar);
/* Begins a row in which everything is missing. E_INVALID when the id stood before, E_LIMIT over rows_max: the
 * row is not begun. */
MUST_USE enum status sheet_begin_row(struct sheet_maker *m, Str id, uint64_t line, struct err *e);
void sheet_put_word(struct sheet_maker *m, size_t column, Str word); /* code, text; sets: once an item */
void sheet_put_number(struct sheet_maker *m, size_t column, double number);
void sheet_put_time(struct sheet_maker *m, size_t column, int64_t from_ms, int64_t to_ms);
void sheet_put_place(struct sheet_maker *m, size_t column, double x, double y, double radius_m);
const struct sheet *sheet_finish(struct sheet_maker *m); /* the maker is used up, and freed */
void sheet_maker_free(struct sheet_maker *m);            /* gives up; nothing to do after sheet_finish */

#endif
