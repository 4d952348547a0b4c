/* The rules of the house, checked over the whole tree. What is banned, and why, stands in house.tsv; how it
 * is found stands here. A finding fails the build's tests, a warning is only counted. */
#ifndef LINT_LINT_H
#define LINT_LINT_H

#include "base/str.h"

/* Habits are warned about, limits are enforced. */
enum {
    FILE_LINES_HABIT = 500,
    FILE_LINES_MAX = 1000,
    FUNCTION_LINES_HABIT = 70,
    COMPLEXITY_HABIT = 15,
    COMPLEXITY_MAX = 25,
};

/* A row of house.tsv. */
struct rule {
    Str name;   /* which rule the row feeds: call, word, folder ... */
    Str what;   /* a function, a word, a folder, a header, a table */
    Str where;  /* prefixes of paths, blank between; "" is everywhere. Some rules read it otherwise */
    Str except; /* prefixes of paths that are let off */
    Str reason; /* told with the finding */
};

struct rules {
    struct rule *rule;
    size_t count;
};

/* One file. The texts have one length, so that a place in one is the same place in all. */
struct source {
    Str path; /* from the root: "src/base/str.c" */
    Str text;
    Str code;  /* comments and the insides of literals blanked; NULL when this is not C */
    Str plain; /* code, with the lines of the preprocessor blanked too */
};

struct finding {
    Str path;
    size_t line;
    const char *rule;
    Str text;
    bool warning;
};

struct report {
    struct arena *arena;
    struct finding *finding;
    size_t count, room;
    size_t files, warnings;
};

MUST_USE enum status rules_parse(struct arena *a, Str tsv, struct rules *out, struct err *e);
/* Does a path begin with one of these prefixes, blank between? */
bool path_listed(Str path, Str prefixes);

struct source source_read(struct arena *a, Str path, Str text);
bool source_is_c(Str path);
size_t source_line(const struct source *s, size_t at); /* from 1 */
/* The next literal of text at or after *at, its quotes not included; moves *at behind it. */
bool source_literal(const struct source *s, size_t *at, Str *literal, size_t *begins);
/* The next word of letters, digits and _ in `code`; moves *at behind it. */
bool code_word(Str code, size_t *at, Str *word, size_t *begins);
size_t code_skip_blank(Str code, size_t at);
/* Behind the bracket that closes the one at `at`; the end of the code when it never closes. */
size_t code_close(Str code, size_t at);

/* at: a place in the text, or SIZE_MAX for the file as a whole. */
void report_add(struct report *r, const struct source *s, const char *rule, size_t at, Str text);
void report_warn(struct report *r, const struct source *s, const char *rule, size_t at, Str text);

/* Every rule over one file. */
void lint_source(const struct rules *rules, const struct source *s, struct report *r);

/* The rules by what they read. */
void lint_text(const struct rules *rules, const struct source *s, struct report *r);
void lint_includes(const struct rules *rules, const struct source *s, struct report *r);
void lint_code(const struct rules *rules, const struct source *s, struct report *r);
void lint_functions(const struct rules *rules, const struct source *s, struct report *r);
void lint_rows(const struct rules *rules, const struct source *s, struct report *r);

#endif
