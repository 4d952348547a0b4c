/* Rules on any file of text: words that promise later work, names of machines, blanks. */
#include "lint.h"

static bool word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool whole_word(Str text, size_t at, size_t len)
{
    return (at == 0 || !word_char(text.ptr[at - 1])) &&
           (at + len == text.len || !word_char(text.ptr[at + len]));
}

static void find_text(const struct rule *rule, const struct source *s, struct report *r)
{
    bool whole = str_eq(rule->name, S("word"));
    for (size_t from = 0, hit; from < s->text.len; from = hit + rule->what.len) {
        size_t found = str_find(str_slice(s->text, from, s->text.len), rule->what);
        if (found == STR_NPOS) return;
        hit = from + found;
        if (whole && !whole_word(s->text, hit, rule->what.len)) continue;
        report_add(r, s, whole ? "word" : "text", hit,
                   str_format(r->arena, "\"%.*s\": %.*s", STR_ARG(rule->what), STR_ARG(rule->reason)));
    }
}

/* Files that people write by hand and that no format makes tabs part of. */
static bool is_laid_out(Str path)
{
    static const char *const endings[] = {".c", ".h", ".md", ".build", ".sql", ".sh", ".awk", "do", ".map"};
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        if (str_ends(path, str_of(endings[i]))) return true;
    return false;
}

static void lint_blanks(const struct source *s, struct report *r)
{
    for (size_t i = 0; i < s->text.len; i++) {
        char c = s->text.ptr[i];
        if (c == '\t') report_add(r, s, "tab", i, S("blanks lay out, tabs do not"));
        if (c == '\n' && i > 0 && (s->text.ptr[i - 1] == ' ' || s->text.ptr[i - 1] == '\r'))
            report_add(r, s, "blank", i, S("the line ends in a blank"));
    }
    if (s->text.len > 0 && s->text.ptr[s->text.len - 1] != '\n')
        report_add(r, s, "blank", s->text.len, S("the last line has no end"));
}

void lint_text(const struct rules *rules, const struct source *s, struct report *r)
{
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = &rules->rule[i];
        if (!str_eq(rule->name, S("word")) && !str_eq(rule->name, S("text"))) continue;
        if (!path_listed(s->path, rule->except)) find_text(rule, s, r);
    }
    if (is_laid_out(s->path)) lint_blanks(s, r);
}
