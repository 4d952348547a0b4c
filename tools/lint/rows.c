/* Every row of a table that grows carries its own documentation: an empty one is a finding.
 * house.tsv names the tables: "row", the type of the array, and which column of a row must say something; or
 * "macro", the macro that makes a row, and the same. */
#include "lint.h"

/* What is asked of the rows of one table. */
struct table_rule {
    const struct rule *rule;
    size_t column; /* from 1 */
};

static Str column_of(const struct source *s, size_t opens, size_t closes, size_t column)
{
    size_t from = opens + 1, n = 1;
    for (size_t i = from; i < closes; i++) {
        char c = s->code.ptr[i];
        if (c == '(' || c == '{' || c == '[') i = code_close(s->code, i) - 1;
        if (c != ',') continue;
        if (n == column) return str_trim(str_slice(s->text, from, i));
        n++;
        from = i + 1;
    }
    return n == column ? str_trim(str_slice(s->text, from, closes)) : STR_NONE;
}

/* Nothing in quotes, or nothing at all. Words in capitals stand for a text given elsewhere. */
static bool says_nothing(Str column)
{
    bool quoted = false;
    if (!str_present(column) || str_eq(column, S("NULL")) || str_eq(column, S("0"))) return true;
    for (size_t i = 0; i < column.len; i++) {
        char c = column.ptr[i];
        if (c == '"') quoted = !quoted;
        if (c != '"' && c != ' ' && c != '\n' && c != '\\') return false;
    }
    return !quoted;
}

/* The row that ends a table: {NULL, ...}, {0}. */
static bool is_end(Str first)
{
    return str_eq(first, S("NULL")) || str_eq(first, S("0")) || str_empty(first);
}

static void check_row(const struct table_rule *t, const struct source *s, size_t opens, struct report *r)
{
    size_t closes = code_close(s->code, opens) - 1;
    if (is_end(column_of(s, opens, closes, 1))) return;
    if (says_nothing(column_of(s, opens, closes, t->column)))
        report_add(r, s, "row", opens,
                   str_format(r->arena, "column %zu of this row is empty: %.*s", t->column,
                              STR_ARG(t->rule->reason)));
}

/* The rows of one array, from its opening bracket. */
static void check_rows(const struct table_rule *t, const struct source *s, size_t opens, struct report *r)
{
    size_t closes = code_close(s->code, opens) - 1;
    for (size_t i = opens + 1; i < closes; i++) {
        if (s->code.ptr[i] == '{') check_row(t, s, i, r);
        if (s->code.ptr[i] == '{' || s->code.ptr[i] == '(') i = code_close(s->code, i) - 1;
    }
}

/* Finds "TYPE NAME[...] = {". */
static void check_arrays(const struct table_rule *t, const struct source *s, struct report *r)
{
    Str type = t->rule->what, name;
    for (size_t from = 0, begins; from < s->plain.len;) {
        size_t found = str_find(str_slice(s->plain, from, s->plain.len), type);
        if (found == STR_NPOS) return;
        from += found + type.len;
        size_t at = from;
        if (s->plain.ptr[at] != ' ' || !code_word(s->plain, &at, &name, &begins) || begins != from + 1)
            continue;
        if (at >= s->plain.len || s->plain.ptr[at] != '[') continue;
        at = code_skip_blank(s->plain, code_close(s->plain, at));
        if (at >= s->plain.len || s->plain.ptr[at] != '=') continue;
        at = code_skip_blank(s->plain, at + 1);
        if (at < s->plain.len && s->plain.ptr[at] == '{') check_rows(t, s, at, r);
    }
}

/* Finds "MACRO(...)" in the bodies of other macros. */
static void check_macros(const struct table_rule *t, const struct source *s, struct report *r)
{
    Str word;
    if (!path_listed(s->path, t->rule->except)) return;
    for (size_t at = 0, begins; code_word(s->code, &at, &word, &begins);)
        if (str_eq(word, t->rule->what) && at < s->code.len && s->code.ptr[at] == '(') check_row(t, s, at, r);
}

void lint_rows(const struct rules *rules, const struct source *s, struct report *r)
{
    for (size_t i = 0; i < rules->count; i++) {
        struct table_rule t = {.rule = &rules->rule[i]};
        bool array = str_eq(t.rule->name, S("row")), macro = str_eq(t.rule->name, S("macro"));
        int64_t column = 0;
        if (!array && !macro) continue;
        if (str_to_i64(t.rule->where, &column) != OK || column < 1) continue;
        t.column = (size_t)column;
        if (array)
            check_arrays(&t, s, r);
        else
            check_macros(&t, s, r);
    }
}
