/* Banned calls, statements of SQL and HTML where they do not belong, and variables that outlive a call. */
#include "base/buf.h"
#include "lint.h"

/* ---- calls ------------------------------------------------------------------------------------------ */

/* A member of that name is not the function, nor is a declaration's own. */
static bool is_member(Str code, size_t begins)
{
    size_t i = begins;
    while (i > 0 && code.ptr[i - 1] == ' ')
        i--;
    return i > 0 && (code.ptr[i - 1] == '.' || (code.ptr[i - 1] == '>' && i > 1 && code.ptr[i - 2] == '-'));
}

static void check_calls(const struct rules *rules, const struct source *s, struct report *r)
{
    Str word;
    for (size_t at = 0, begins; code_word(s->code, &at, &word, &begins);) {
        size_t next = code_skip_blank(s->code, at);
        if (next >= s->code.len || s->code.ptr[next] != '(' || is_member(s->code, begins)) continue;
        for (size_t i = 0; i < rules->count; i++) {
            const struct rule *rule = &rules->rule[i];
            if (!str_eq(rule->name, S("call")) || !str_eq(rule->what, word)) continue;
            if (rule->where.len && !path_listed(s->path, rule->where)) continue;
            if (path_listed(s->path, rule->except)) continue;
            report_add(r, s, "call", begins,
                       str_format(r->arena, "%.*s: %.*s", STR_ARG(word), STR_ARG(rule->reason)));
        }
    }
}

/* ---- languages in literals -------------------------------------------------------------------------- */

static bool is_sql(Str literal)
{
    static const char *const verbs[] = {"SELECT ",      "INSERT ", "UPDATE ",
                                        "DELETE FROM ", "CREATE ", "PRAGMA "};
    Str text = str_trim(literal);
    for (size_t i = 0; i < COUNT_OF(verbs); i++)
        if (str_starts(text, str_of(verbs[i]))) return true;
    return false;
}

/* A tag: "<td>", "</b>", "<a href". */
static bool is_html(Str literal)
{
    for (size_t i = 0; i + 2 < literal.len; i++) {
        if (literal.ptr[i] != '<') continue;
        size_t j = i + 1;
        if (literal.ptr[j] == '/') j++;
        size_t from = j;
        while (j < literal.len && literal.ptr[j] >= 'a' && literal.ptr[j] <= 'z')
            j++;
        Str rest = str_slice(literal, j, literal.len);
        if (j == from || !rest.len) continue;
        if (rest.ptr[0] == '>' || (rest.ptr[0] == ' ' && str_find_char(rest, '=') != STR_NPOS)) return true;
    }
    return false;
}

static const struct rule *language_rule(const struct rules *rules, const struct source *s, Str name)
{
    for (size_t i = 0; i < rules->count; i++)
        if (str_eq(rules->rule[i].name, name) && !path_listed(s->path, rules->rule[i].except))
            return &rules->rule[i];
    return NULL;
}

static void check_literals(const struct rules *rules, const struct source *s, struct report *r)
{
    const struct rule *sql = language_rule(rules, s, S("sql")), *html = language_rule(rules, s, S("html"));
    Str literal;
    for (size_t at = 0, begins; source_literal(s, &at, &literal, &begins);) {
        if (sql && is_sql(literal)) report_add(r, s, "sql", begins, sql->reason);
        if (html && is_html(literal)) report_add(r, s, "html", begins, html->reason);
    }
}

/* ---- variables -------------------------------------------------------------------------------------- */

static bool has_word(Str code, Str wanted)
{
    Str word;
    for (size_t at = 0, begins; code_word(code, &at, &word, &begins);)
        if (str_eq(word, wanted)) return true;
    return false;
}

/* The name that a declaration without initialiser gives: the last word before any [. */
static Str declared_name(Str head)
{
    Str word, name = STR_NONE;
    head = str_slice(head, 0, str_find_char(head, '['));
    for (size_t at = 0, begins; code_word(head, &at, &word, &begins);)
        name = word;
    return name;
}

/* Const itself, not only what it points to: const stands behind the last star. */
static bool is_constant(Str head)
{
    size_t star = 0;
    for (size_t i = 0; i < head.len; i++)
        if (head.ptr[i] == '*') star = i;
    return has_word(str_slice(head, star, head.len), S("const"));
}

static void check_variable(const struct rules *rules, const struct source *s, Str head, size_t at,
                           struct report *r)
{
    Str name = declared_name(head);
    if (is_constant(head) || !str_present(name)) return;
    for (size_t i = 0; i < rules->count; i++)
        if (str_eq(rules->rule[i].name, S("global")) && str_eq(rules->rule[i].what, name) &&
            path_listed(s->path, rules->rule[i].except))
            return;
    report_add(r, s, "global", at,
               str_format(r->arena, "%.*s can change and outlives every call; pass it, or make it const",
                          STR_ARG(name)));
}

/* A variable: not a type, nor a function, nor something that is defined elsewhere. "struct x" alone is a
 * type. */
static bool is_variable(Str head)
{
    static const char *const others[] = {"typedef", "extern", "_Static_assert"};
    static const char *const tags[] = {"struct", "union", "enum"};
    size_t words = 0, tag_words = 0;
    Str word;
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (has_word(head, str_of(others[i]))) return false;
    for (size_t at = 0, begins; code_word(head, &at, &word, &begins);)
        words++;
    for (size_t i = 0; i < COUNT_OF(tags); i++)
        if (has_word(head, str_of(tags[i]))) tag_words = 1;
    return words >= 2 + tag_words;
}

/* A head without the bodies of types and without what stands in front of and behind round brackets: of a
 * prototype nothing is left, of a pointer to a function all up to its name. */
static Str head_trim(struct arena *a, Str head)
{
    struct buf kept CLEANUP_BUF = {0};
    buf_init(&kept, head.len + 2);
    for (size_t i = 0; i < head.len; i++) {
        size_t inside = code_skip_blank(head, i + 1);
        if (head.ptr[i] == '{') {
            i = code_close(head, i) - 1;
            buf_add_char(&kept, ' ');
        } else if (head.ptr[i] == '(' && inside < head.len && head.ptr[inside] == '*') {
            buf_add(&kept, str_slice(head, i, code_close(head, i)));
            break;
        } else if (head.ptr[i] == '(') {
            i = code_close(head, i) - 1;
            buf_clear(&kept);
        } else {
            buf_add_char(&kept, head.ptr[i]);
        }
    }
    return str_copy(a, str_trim(buf_str(&kept)));
}

/* At the level of the file, every declaration. */
static void check_variables(const struct rules *rules, const struct source *s, struct report *r)
{
    Str code = s->plain;
    size_t from = 0;
    for (size_t i = 0; i < code.len; i++) {
        char c = code.ptr[i];
        if (c == '(' || c == '[') {
            i = code_close(code, i) - 1;
        } else if (c == ';' || c == '=') {
            Str head = head_trim(r->arena, str_slice(code, from, i));
            if (is_variable(head)) check_variable(rules, s, head, code_skip_blank(code, from), r);
            while (c == '=' && i < code.len && code.ptr[i] != ';')
                i = code.ptr[i] == '{' || code.ptr[i] == '(' ? code_close(code, i) : i + 1;
            from = i + 1;
        } else if (c == '{') {
            bool function = str_ends(str_trim(str_slice(code, from, i)), S(")"));
            i = code_close(code, i) - 1;
            if (function) from = i + 1;
        }
    }
}

/* Inside functions, the static ones. */
static void check_statics(const struct rules *rules, const struct source *s, struct report *r)
{
    Str word, code = s->plain;
    for (size_t at = 0, begins; code_word(code, &at, &word, &begins);) {
        if (!str_eq(word, S("static")) || begins == 0 || code.ptr[begins - 1] != ' ') continue;
        size_t end = begins;
        while (end < code.len && code.ptr[end] != ';' && code.ptr[end] != '=')
            end = code.ptr[end] == '{' ? code_close(code, end) : end + 1;
        Str head = head_trim(r->arena, str_slice(code, begins, end));
        if (is_variable(head)) check_variable(rules, s, head, begins, r);
    }
}

void lint_code(const struct rules *rules, const struct source *s, struct report *r)
{
    check_calls(rules, s, r);
    check_literals(rules, s, r);
    if (!str_starts(s->path, S("src/"))) return;
    check_variables(rules, s, r);
    check_statics(rules, s, r);
}
