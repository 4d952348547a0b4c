/* Mapping files: how the rows of a table become records. The language is described in doc/mapping.md.
 * A mapping is compiled once into a plan; running it touches no file and keeps nothing between rows. */
#ifndef INTAKE_MAPPING_H
#define INTAKE_MAPPING_H

#include "base/csv.h"
#include "intake/table.h"
#include "model/record.h"

struct mapping; /* compiled; lives in the arena it was made in */

#define MAPPING_BYTES_MAX ((size_t)1 << 20)

/* Compiles the text. Errors name the line and what would be accepted. `text` and `policy` must live as long
 * as `a`. */
MUST_USE enum status mapping_parse(struct arena *a, const struct policy *policy, Str text,
                                   const struct mapping **out, struct err *e);

/* How rows that give the same id of the first record belong together. */
enum mapping_rows {
    ROWS_ONE,     /* an id comes once: a second row with it is refused */
    ROWS_MANY,    /* rows of one id make one record: sets are united, single values must agree */
    ROWS_UPDATES, /* each row is a later line about the record: it adds or corrects */
};

struct mapping_about {
    Str name, version, about;
    Str ns;         /* the namespace of its records */
    Str source;     /* shown beside every fact */
    char delimiter; /* 0: guessed */
    bool no_header; /* the first row is data; columns are {#1}, {#2} */
};
Str mapping_text(const struct mapping *m); /* what mapping_parse was given */
struct mapping_about mapping_about(const struct mapping *m);

/* What it makes: a table's columns (NULL when there is no [table]), records (false when there is none). */
const struct table_columns *mapping_table(const struct mapping *m);
bool mapping_has_records(const struct mapping *m);
/* The first record: its kind, and for each field of it whether a line fills it. */
const struct kind *mapping_first_record(const struct mapping *m, bool filled[FIELDS_MAX]);

/* A mapping of a table that has none: every column of the header as a text, rows numbered. */
const struct mapping *mapping_of_header(struct arena *a, const struct csv_row *header);

/* A row could not be used: every field that was wrong, with its reason. */
struct mapping_refusal {
    Str field;  /* names, comma between */
    Str reason; /* sentences, semicolon between */
};

/* A mapping set to work on one file: knows in which cell each column stands. */
struct mapper;
/* What is made of a row. */
enum mapper_makes {
    MAKES_RECORDS,      /* by every [record] */
    MAKES_FIRST_RECORD, /* by the first [record] alone */
    MAKES_TABLE,        /* by [table] */
};
/* header: NULL where the mapping says that there is none. E_INVALID when a column that the mapping names is
 * not in the header, or when it does not make what is asked for: the error says which and what is there. */
MUST_USE enum status mapper_new(struct arena *a, const struct mapping *m, const struct policy *policy,
                                const struct csv_row *header, enum mapper_makes makes, struct mapper **out,
                                struct err *e);
/* Ends what the mapper remembers of earlier rows. NULL is allowed. */
void mapper_free(struct mapper *m);

enum mapper_outcome {
    MAPPED_CHANGES, /* one or more records */
    MAPPED_REFUSED,
    MAPPED_DROPPED, /* by a rule of [drop], or no record applied */
    MAPPED_KEPT,    /* rows = many: held back until mapper_finish */
    MAPPED_ROW,     /* a row of the table */
};
struct mapped {
    enum mapper_outcome outcome;
    struct change *change;
    size_t count;
    struct table_row row;
    struct mapping_refusal refusal;
    Str reason; /* of dropping; belongs to the mapping */
};
/* One row. A row is taken whole or refused whole. `ns` replaces the mapping's own namespace unless absent.
 * E_LIMIT when more ids came than can be remembered. */
MUST_USE enum status mapper_row(struct mapper *m, struct arena *a, const struct csv_row *row, Str ns,
                                struct mapped *out, struct err *e);
/* rows = many: the held records, in the order of their first rows; call until *more is false. */
MUST_USE enum status mapper_finish(struct mapper *m, struct arena *a, Str ns, struct change *out, bool *more,
                                   struct err *e);
/* rows = many: how many rows went into a record that an earlier row had begun. */
uint64_t mapper_merged(const struct mapper *m);

/* The transforms as rows of a table, for documentation and its test; NULL past the end. */
const char *transform_name(size_t i);
const char *transform_form(size_t i);
const char *transform_about(size_t i);

#endif
