/* Which folder may know of which, which may call a library, and what every header has. */
#include "lint.h"

static const struct rule *rule_find(const struct rules *rules, Str name, Str what)
{
    for (size_t i = 0; i < rules->count; i++)
        if (str_eq(rules->rule[i].name, name) && str_eq(rules->rule[i].what, what)) return &rules->rule[i];
    return NULL;
}

/* "src/link" of "src/link/pair.c". */
static Str folder_of(Str path)
{
    size_t end = 0;
    for (size_t i = 0; i < path.len; i++)
        if (path.ptr[i] == '/') end = i;
    return str_slice(path, 0, end);
}

static Str name_of(Str path)
{
    Str folder = folder_of(path);
    return str_slice(path, folder.len ? folder.len + 1 : 0, path.len);
}

static bool word_listed(Str words, Str word)
{
    Str each;
    while (str_next(&words, ' ', &each))
        if (str_eq(each, word)) return true;
    return false;
}

static void check_own(const struct rules *rules, const struct source *s, Str header, size_t at,
                      struct report *r)
{
    Str folder = folder_of(s->path), into = folder_of(header);
    if (!str_starts(folder, S("src/"))) return;
    const struct rule *rule = rule_find(rules, S("folder"), folder);
    if (!rule)
        report_add(r, s, "include", at, S("this folder has no row in tools/lint/house.tsv"));
    else if (into.len == 0)
        report_add(r, s, "include", at,
                   str_format(r->arena, "\"%.*s\" must name its folder", STR_ARG(header)));
    else if (!word_listed(rule->where, into))
        report_add(r, s, "include", at,
                   str_format(r->arena, "%.*s may use %.*s, not %.*s: %.*s", STR_ARG(folder),
                              STR_ARG(rule->where), STR_ARG(into), STR_ARG(rule->reason)));
}

static void check_library(const struct rules *rules, const struct source *s, Str header, size_t at,
                          struct report *r)
{
    const struct rule *rule = rule_find(rules, S("library"), header);
    if (!rule || path_listed(s->path, rule->where)) return;
    report_add(r, s, "library", at,
               str_format(r->arena, "<%.*s> belongs in %.*s: %.*s", STR_ARG(header), STR_ARG(rule->where),
                          STR_ARG(rule->reason)));
}

/* One directive of the preprocessor, from behind its '#'. */
static void check_include(const struct rules *rules, const struct source *s, size_t at, struct report *r)
{
    size_t from = at, begins;
    Str word, header;
    if (!code_word(s->code, &from, &word, &begins) || !str_eq(word, S("include"))) return;
    from = code_skip_blank(s->code, from);
    if (from >= s->text.len) return;
    char closes = s->text.ptr[from] == '<' ? '>' : '"';
    header = str_slice(s->text, from + 1, s->text.len);
    header = str_slice(header, 0, str_find_char(header, closes));
    if (closes == '"')
        check_own(rules, s, header, at, r);
    else
        check_library(rules, s, header, at, r);
}

/* "STR_H" of "src/base/str.h": what the guard ends with, after its folder. */
static Str guard_of(struct arena *a, Str path)
{
    char *guard = str_cstr(a, name_of(path));
    for (char *p = guard; *p; p++) {
        if (*p >= 'a' && *p <= 'z') *p = (char)(*p - 'a' + 'A');
        if (*p == '.' || *p == '-') *p = '_';
    }
    return str_of(guard);
}

static bool is_guarded(struct arena *a, const struct source *s)
{
    size_t at = str_find(s->code, S("#ifndef ")), begins;
    Str name;
    if (at == STR_NPOS) return false;
    at += strlen("#ifndef ");
    if (!code_word(s->code, &at, &name, &begins) || !str_ends(name, guard_of(a, s->path))) return false;
    Str defined = str_format(a, "\n#define %.*s\n", STR_ARG(name));
    return str_starts(str_slice(s->code, at, s->code.len), defined) &&
           str_ends(str_trim(s->code), S("#endif"));
}

static void check_header(const struct rules *rules, const struct source *s, struct report *r)
{
    if (!is_guarded(r->arena, s))
        report_add(r, s, "guard", SIZE_MAX,
                   str_format(r->arena, "the header is not guarded by a name that ends with %.*s",
                              STR_ARG(guard_of(r->arena, s->path))));
    if (!str_starts(s->text, S("/*")))
        report_add(r, s, "comment", SIZE_MAX, S("the header does not begin by saying what it is for"));
    const struct rule *shadow = rule_find(rules, S("shadow"), name_of(s->path));
    if (shadow) report_add(r, s, "shadow", SIZE_MAX, shadow->reason);
}

void lint_includes(const struct rules *rules, const struct source *s, struct report *r)
{
    for (size_t i = 0; i < s->code.len; i++)
        if (s->code.ptr[i] == '#' && (i == 0 || s->code.ptr[i - 1] == '\n'))
            check_include(rules, s, i + 1, r);
    if (str_ends(s->path, S(".h"))) check_header(rules, s, r);
}
