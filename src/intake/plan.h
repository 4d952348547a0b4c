/* A compiled mapping. Shared by the parts of mapping_*.c and transform.c, nobody else. */
#ifndef INTAKE_PLAN_H
#define INTAKE_PLAN_H

#include "base/utf8.h"
#include "intake/mapping.h"
#include "intake/table.h"
#include "model/phrases.h"

/* ---- text with columns in it ---- */

enum piece_kind { PIECE_TEXT, PIECE_COLUMN, PIECE_ROW, PIECE_CONTENT };
struct piece {
    enum piece_kind kind;
    unsigned group; /* 0: outside [ ], else the number of its [ ] */
    size_t column;  /* index in struct mapping.column */
    Str text;
};
struct text_template {
    struct piece *piece;
    size_t count;
    bool refers; /* to the row at all */
};

/* ---- conditions ---- */

enum test_op { TEST_IS, TEST_HAS };
struct test {
    enum test_op op;
    bool negated;
    size_t column;
    Str text; /* lower case; "" : empty */
};
struct condition { /* all tests must hold */
    struct test *test;
    size_t count;
};

/* ---- code translations ---- */

enum code_result { CODE_WORD, CODE_ABSENT, CODE_REFUSE, CODE_KEEP };
struct code_pair {
    Str given; /* lower case; may hold * */
    enum code_result result;
    Str code;
    uint64_t line;
    bool used;
};
struct codes {
    Str name;
    uint64_t line;
    struct code_pair *exact; /* sorted by given */
    size_t exact_count;
    struct code_pair *pattern; /* in the order of the file */
    size_t pattern_count;
    struct code_pair fallback; /* of "*"; CODE_REFUSE unless stated */
};

/* ---- values on their way from a cell to a field ---- */

enum value_kind { VALUE_ABSENT, VALUE_TEXTS, VALUE_MOMENT, VALUE_SPAN, VALUE_PLACE };
struct map_value {
    enum value_kind kind;
    struct str_list texts;
    struct moment from, to; /* a moment stands in `from` */
    struct place place;
};

/* What a step is known to give, judged when the mapping is compiled. */
enum shape { SHAPE_SAME, SHAPE_TEXT, SHAPE_LIST, SHAPE_MOMENT, SHAPE_SPAN, SHAPE_PLACE };

struct transform;
struct step {
    const struct transform *transform;
    Str *arg;
    size_t args;
    double number;               /* place: radius */
    const struct codes *codes;   /* codes */
    const struct phrases *words; /* words */
    struct condition condition;  /* when */
};

struct run { /* one row being worked on */
    const struct mapping *mapping;
    struct arena *arena;
    const Str *cell; /* by column of the mapping, trimmed */
    uint64_t row;
    Str content; /* what {#content} stands for */
};

struct transform {
    const char *name, *form, *about;
    size_t args_min, args_max;
    unsigned takes; /* bits 1 << enum shape */
    enum shape gives;
    bool shows_given; /* the value no longer shows what was written */
    enum status (*compile)(struct arena *a, const struct mapping *m, const struct policy *policy,
                           struct step *s, struct err *e);
    enum status (*apply)(const struct run *run, const struct step *s, struct map_value *v, struct err *e);
    bool (*is_wide)(const struct step *s); /* may give a span of days in place of a date; NULL: never */
};
#define ARGS_MAX 32

/* ---- lines and sections ---- */

enum span_part { PART_WHOLE, PART_FROM, PART_TO };
struct field_line {
    uint64_t line;
    int field; /* in a table: the column; -1 for id and known_at */
    enum span_part part;
    struct text_template text;
    struct step *step;
    size_t steps;
    bool shows_given;
};
struct record_plan {
    uint64_t line;
    const struct kind *kind;
    enum mapping_rows rows;
    Str source;
    struct condition when;
    struct field_line id, known_at; /* known_at.text.count 0: implied */
    struct field_line *field;
    size_t field_count;
};
struct table_plan {
    uint64_t line;
    struct condition when;
    struct field_line id;
    struct table_column *column; /* what columns.column points to */
    struct table_columns columns;
    struct field_line *cell; /* several may fill one column */
    size_t cells;
};
struct drop_rule {
    struct condition condition;
    Str reason;
};
struct named_column {
    Str name;
    uint64_t line; /* of its first mention */
};
struct mapping {
    struct mapping_about about;
    Str text; /* that it was compiled from */
    Str region;
    int64_t zone_ms; /* what local times in the file are ahead of UTC */
    struct named_column *column;
    size_t columns;
    bool uses_content;
    struct codes *codes;
    size_t codes_count;
    struct drop_rule *drop;
    size_t drops;
    struct record_plan *record;
    size_t records;
    struct table_plan *table; /* NULL: none */
};

/* ---- template.c ---- */

/* "#3": the third column, whatever it is called. 0 when the name is no number. */
size_t column_number(Str name);

/* Index of a column, entered in m->column when new. */
size_t column_index(struct arena *a, struct mapping *m, Str name, uint64_t line);
/* "text {Column}[, {Column}]". The error says what is wrong; the caller adds the line. */
MUST_USE enum status template_parse(struct arena *a, struct mapping *m, Str text, uint64_t line,
                                    struct text_template *out, struct err *e);
/* STR_NONE when a column outside [ ] is empty, or everything is. */
Str template_text(const struct run *run, const struct text_template *t);
/* {A} is "x" and {B} is not empty and {C} has "word" */
MUST_USE enum status condition_parse(struct arena *a, struct mapping *m, Str text, uint64_t line,
                                     struct condition *out, struct err *e);
bool condition_holds(const struct run *run, const struct condition *c);
/* "..." with \" and \\, cut off the front of *rest. */
MUST_USE enum status quoted_parse(struct arena *a, Str *rest, Str *out, struct err *e);
/* `*` stands for any run of bytes. Both in one case. */
bool glob_matches(Str pattern, Str text);
/* "+01:00" -> ms */
MUST_USE enum status zone_parse(Str text, int64_t *ms, struct err *e);

/* ---- step.c, transform.c ---- */

/* "41.57, -72.73" */
bool coordinates(Str text, double *first, double *second);

/* "; did you mean X?", or the first of what there is. */
Str name_hint(struct arena *a, Str word, const Str *names, size_t count);

const struct transform *transform_named(Str name);
/* Compiles one step "name arg arg"; *shape goes from what comes in to what goes out. */
MUST_USE enum status step_parse(struct arena *a, struct mapping *m, const struct policy *policy, Str text,
                                uint64_t line, enum shape *shape, struct step *out, struct err *e);
/* Template and steps of a line. given: what stood in the row, STR_NONE when the value is absent. */
MUST_USE enum status line_value(const struct run *run, const struct field_line *line, struct map_value *out,
                                Str *given, struct err *e);
const struct codes *codes_named(const struct mapping *m, Str name);
struct code_pair codes_find(const struct codes *c, Str lower);

#endif
