/* A row of a table in columns, as a [table] section of a mapping makes it: what base/sheet.h is filled with.
 */
#ifndef INTAKE_TABLE_H
#define INTAKE_TABLE_H

#include "base/sheet.h"

#define TABLE_COLUMNS_MAX 1024

struct table_column {
    Str name;
    enum column_type type;
    Str compare;    /* "" when the mapping does not say */
    bool planar;    /* of places */
    bool unordered; /* of times: which end is the earlier one is not known before */
};

struct table_columns {
    const struct table_column *column;
    size_t count;
    bool guessed; /* made from the header alone: every column is a text, whatever it holds */
};

/* One value; the members of its column's type count. */
struct table_cell {
    enum column_type type;
    bool present;
    Str text;               /* code, text */
    double number;          /* finite */
    struct sheet_time time; /* from_ms <= to_ms */
    struct sheet_place place;
    struct str_list items; /* set: not empty, none of them empty */
};

struct table_row {
    uint64_t row;  /* data rows from 1 */
    uint64_t line; /* in the file, from 1 */
    Str id;        /* unique in its file */
    struct table_cell *cell;
    size_t count; /* as many as there are columns */
};

#endif
