#include "base/caldate.h"
#include "base/hash.h"
#include "intake/plan.h"

#define COLUMNS_MAX 4096

size_t column_index(struct arena *a, struct mapping *m, Str name, uint64_t line)
{
    for (size_t i = 0; i < m->columns; i++) {
        if (str_eq(m->column[i].name, name)) return i;
    }
    m->column = arena_grow(a, m->column, m->columns, m->columns + 1, sizeof *m->column,
                           _Alignof(struct named_column));
    m->column[m->columns] = (struct named_column){.name = name, .line = line};
    return m->columns++;
}

size_t column_number(Str name)
{
    size_t n = 0;
    if (name.len < 2 || name.len > 5 || name.ptr[0] != '#' || name.ptr[1] == '0') return 0;
    for (size_t i = 1; i < name.len; i++) {
        if (name.ptr[i] < '0' || name.ptr[i] > '9') return 0;
        n = n * 10 + (size_t)(name.ptr[i] - '0');
    }
    return n <= COLUMNS_MAX ? n : 0;
}

enum status quoted_parse(struct arena *a, Str *rest, Str *out, struct err *e)
{
    Str s = *rest;
    if (s.len == 0 || s.ptr[0] != '"') return ERR(e, E_INVALID, "", "a text in \"quotes\" is expected here");
    char *text = NEW_ARRAY(a, char, s.len);
    size_t len = 0;
    for (size_t i = 1; i < s.len; i++) {
        if (s.ptr[i] == '"') {
            *rest = str_slice(s, i + 1, s.len);
            *out = (Str){text, len};
            return OK;
        }
        if (s.ptr[i] == '\\' && i + 1 < s.len) i++;
        text[len++] = s.ptr[i];
    }
    return ERR(e, E_INVALID, "", "a quote is opened and never closed");
}

static void piece_add(struct arena *a, struct text_template *t, struct piece p)
{
    t->piece = arena_grow(a, t->piece, t->count, t->count + 1, sizeof p, _Alignof(struct piece));
    t->piece[t->count++] = p;
    if (p.kind != PIECE_TEXT) t->refers = true;
}

/* "{Column}" at the front of *rest. */
static enum status reference_parse(struct arena *a, struct mapping *m, Str *rest, uint64_t line,
                                   struct piece *out, struct err *e)
{
    size_t end = str_find_char(*rest, '}');
    if (end == STR_NPOS) return ERR(e, E_INVALID, "", "a { is opened and never closed");
    Str name = str_trim(str_slice(*rest, 1, end));
    *rest = str_slice(*rest, end + 1, rest->len);
    if (str_empty(name)) return ERR(e, E_INVALID, "", "{} names no column");
    if (name.ptr[0] == '#' && column_number(name) == 0) {
        if (str_eq(name, S("#row"))) {
            out->kind = PIECE_ROW;
        } else if (str_eq(name, S("#content"))) {
            out->kind = PIECE_CONTENT;
            m->uses_content = true;
        } else {
            return ERR(
                e, E_INVALID, "",
                "{%.*s} is not known; there is {#row}, {#content} and, by their numbers, {#1}, {#2} ...",
                STR_ARG(name));
        }
        return OK;
    }
    if (m->columns >= COLUMNS_MAX) return ERR(e, E_LIMIT, "", "more than %d columns are named", COLUMNS_MAX);
    out->kind = PIECE_COLUMN;
    out->column = column_index(a, m, name, line);
    return OK;
}

static enum status constant_parse(struct arena *a, Str text, struct text_template *out, struct err *e)
{
    Str constant = STR_NONE;
    TRY(quoted_parse(a, &text, &constant, e));
    if (!str_empty(str_trim(text))) {
        return ERR(e, E_INVALID, "", "nothing may follow a constant in quotes but | and a transform");
    }
    piece_add(a, out, (struct piece){.kind = PIECE_TEXT, .text = constant});
    return OK;
}

enum status template_parse(struct arena *a, struct mapping *m, Str text, uint64_t line,
                           struct text_template *out, struct err *e)
{
    struct text_template t = {0};
    text = str_trim(text);
    if (str_empty(text)) return ERR(e, E_INVALID, "", "there is nothing after the =");
    unsigned group = 0, groups = 0;
    if (text.ptr[0] == '"') {
        TRY(constant_parse(a, text, &t, e));
        *out = t;
        return OK;
    }
    char *literal = NEW_ARRAY(a, char, text.len);
    size_t from = 0, len = 0;
    while (text.len > 0 || len > from) {
        char c = text.len > 0 ? text.ptr[0] : '\0';
        bool special = text.len == 0 || c == '{' || c == '[' || c == ']';
        if (!special) {
            bool escaped = c == '\\' && text.len > 1;
            literal[len++] = text.ptr[escaped];
            text = str_slice(text, escaped ? 2 : 1, text.len);
            continue;
        }
        if (len > from) {
            piece_add(
                a, &t,
                (struct piece){.kind = PIECE_TEXT, .group = group, .text = {literal + from, len - from}});
            from = len;
        }
        if (text.len == 0) break;
        if (c == '{') {
            struct piece p = {.group = group};
            TRY(reference_parse(a, m, &text, line, &p, e));
            piece_add(a, &t, p);
            continue;
        }
        if (c == '[' && group != 0) return ERR(e, E_INVALID, "", "[ ] cannot stand inside [ ]");
        if (c == ']' && group == 0)
            return ERR(e, E_INVALID, "", "a ] closes nothing; write \\] for the sign itself");
        group = c == '[' ? ++groups : 0;
        text = str_slice(text, 1, text.len);
    }
    if (group != 0)
        return ERR(e, E_INVALID, "", "a [ is opened and never closed; write \\[ for the sign itself");
    *out = t;
    return OK;
}

static Str piece_text(const struct run *run, const struct piece *p)
{
    switch (p->kind) {
    case PIECE_TEXT:
        return p->text;
    case PIECE_COLUMN:
        return run->cell[p->column];
    case PIECE_ROW:
        return str_format(run->arena, "%llu", (unsigned long long)run->row);
    case PIECE_CONTENT:
        return run->content;
    }
    return STR_NONE;
}

static bool group_is_whole(const struct run *run, const struct text_template *t, unsigned group)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct piece *p = &t->piece[i];
        if (p->group == group && p->kind == PIECE_COLUMN && str_empty(run->cell[p->column])) return false;
    }
    return true;
}

Str template_text(const struct run *run, const struct text_template *t)
{
    if (!group_is_whole(run, t, 0)) return STR_NONE;
    if (t->count == 1) {
        Str only = piece_text(run, &t->piece[0]);
        return str_empty(only) ? STR_NONE : only;
    }
    struct str_list part = {NEW_ARRAY(run->arena, Str, t->count), 0};
    unsigned group = 0;
    bool whole = true, any = false;
    for (size_t i = 0; i < t->count; i++) {
        const struct piece *p = &t->piece[i];
        if (p->group != group) {
            group = p->group;
            whole = group == 0 || group_is_whole(run, t, group);
        }
        if (!whole) continue;
        any = any || p->kind != PIECE_TEXT;
        part.item[part.count++] = piece_text(run, p);
    }
    if (t->refers && !any) return STR_NONE;
    Str text = str_trim(str_join(run->arena, &part, S("")));
    return str_empty(text) ? STR_NONE : text;
}

/* ---- conditions ---- */

/* A word at the front of *rest, which must be `word`. */
static bool take_word(Str *rest, Str word)
{
    Str s = str_trim(*rest);
    if (!str_starts(s, word)) return false;
    if (s.len > word.len && s.ptr[word.len] != ' ' && s.ptr[word.len] != '\t') return false;
    *rest = str_trim(str_slice(s, word.len, s.len));
    return true;
}

static enum status test_parse(struct arena *a, struct mapping *m, Str *rest, uint64_t line, struct test *out,
                              struct err *e)
{
    *rest = str_trim(*rest);
    if (rest->len == 0 || rest->ptr[0] != '{')
        return ERR(e, E_INVALID, "", "a condition begins with {Column}");
    struct piece p = {0};
    TRY(reference_parse(a, m, rest, line, &p, e));
    if (p.kind != PIECE_COLUMN) return ERR(e, E_INVALID, "", "a condition asks about a column of the file");
    struct test t = {.column = p.column};
    if (take_word(rest, S("is"))) {
        t.op = TEST_IS;
    } else if (take_word(rest, S("has"))) {
        t.op = TEST_HAS;
    } else {
        return ERR(e, E_INVALID, "",
                   "after {Column} comes: is \"text\", is not \"text\", is empty, is not empty, has "
                   "\"text\", has not \"text\"");
    }
    t.negated = take_word(rest, S("not"));
    if (t.op == TEST_IS && take_word(rest, S("empty"))) {
        t.text = S("");
    } else {
        Str text = STR_NONE;
        TRY(quoted_parse(a, rest, &text, e));
        t.text = str_lower(a, str_trim(text));
    }
    *out = t;
    return OK;
}

enum status condition_parse(struct arena *a, struct mapping *m, Str text, uint64_t line,
                            struct condition *out, struct err *e)
{
    struct condition c = {0};
    Str rest = text;
    do {
        struct test t = {0};
        TRY(test_parse(a, m, &rest, line, &t, e));
        c.test = arena_grow(a, c.test, c.count, c.count + 1, sizeof t, _Alignof(struct test));
        c.test[c.count++] = t;
    } while (take_word(&rest, S("and")));
    if (!str_empty(str_trim(rest))) {
        return ERR(e, E_INVALID, "", "\"%.*s\" is not expected here; conditions are joined by: and",
                   STR_ARG(rest));
    }
    *out = c;
    return OK;
}

bool condition_holds(const struct run *run, const struct condition *c)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct test *t = &c->test[i];
        Str cell = run->cell[t->column];
        bool holds = t->op == TEST_IS ? str_eq_nocase(cell, t->text)
                                      : str_find(str_lower(run->arena, cell), t->text) != STR_NPOS;
        if (holds == t->negated) return false;
    }
    return true;
}

bool glob_matches(Str pattern, Str text)
{
    size_t p = 0, t = 0, star = STR_NPOS, retry = 0;
    while (t < text.len) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = p++;
            retry = t;
        } else if (p < pattern.len && pattern.ptr[p] == text.ptr[t]) {
            p++;
            t++;
        } else if (star != STR_NPOS) {
            p = star + 1;
            t = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*')
        p++;
    return p == pattern.len;
}

static int two_digits(const char *p)
{
    bool digits = p[0] >= '0' && p[0] <= '9' && p[1] >= '0' && p[1] <= '9';
    return digits ? (p[0] - '0') * 10 + (p[1] - '0') : -1;
}

enum status zone_parse(Str text, int64_t *ms, struct err *e)
{
    if (str_eq(text, S("Z"))) {
        *ms = 0;
        return OK;
    }
    bool shaped = text.len == 6 && (text.ptr[0] == '+' || text.ptr[0] == '-') && text.ptr[3] == ':';
    int hours = shaped ? two_digits(text.ptr + 1) : -1, minutes = shaped ? two_digits(text.ptr + 4) : -1;
    if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) {
        return ERR(e, E_INVALID, "zone", "\"%.*s\" is no zone; write Z, +01:00 or -06:00", STR_ARG(text));
    }
    int64_t ahead = hours * MS_PER_HOUR + minutes * (MS_PER_HOUR / 60);
    *ms = text.ptr[0] == '-' ? -ahead : ahead;
    return OK;
}
