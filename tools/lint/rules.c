/* house.tsv as rows, and what the rules find as a report. */
#include "lint.h"

static const char *const KNOWN[] = {"call", "word",   "text", "folder", "library", "shadow",
                                    "sql",  "global", "html", "row",    "macro"};

static bool is_known(Str name)
{
    for (size_t i = 0; i < COUNT_OF(KNOWN); i++)
        if (str_eq(name, str_of(KNOWN[i]))) return true;
    return false;
}

static Str cell(const struct str_list *cells, size_t i)
{
    Str text = str_trim(cells->item[i]);
    return str_eq(text, S("-")) ? S("") : text;
}

static enum status rule_parse(struct arena *a, Str line, size_t number, struct rule *out, struct err *e)
{
    struct str_list cells = str_split(a, line, '\t');
    if (cells.count != 5)
        return ERR(e, E_INVALID, "", "house.tsv, line %zu: five columns are wanted, not %zu.", number,
                   cells.count);
    struct rule rule = {cell(&cells, 0), cell(&cells, 1), cell(&cells, 2), cell(&cells, 3), cell(&cells, 4)};
    if (!is_known(rule.name))
        return ERR(e, E_INVALID, "", "house.tsv, line %zu: there is no rule \"%.*s\".", number,
                   STR_ARG(rule.name));
    if (str_empty(rule.reason))
        return ERR(e, E_INVALID, "", "house.tsv, line %zu: a rule gives its reason.", number);
    *out = rule;
    return OK;
}

enum status rules_parse(struct arena *a, Str tsv, struct rules *out, struct err *e)
{
    Str rest = tsv, line;
    size_t number = 0, room = 1;
    for (size_t i = 0; i < tsv.len; i++)
        room += tsv.ptr[i] == '\n';
    struct rules rules = {NEW_ARRAY(a, struct rule, room), 0};
    while (str_next(&rest, '\n', &line)) {
        number++;
        if (str_empty(str_trim(line)) || line.ptr[0] == '#') continue;
        TRY(rule_parse(a, line, number, &rules.rule[rules.count], e));
        rules.count++;
    }
    *out = rules;
    return OK;
}

bool path_listed(Str path, Str prefixes)
{
    Str prefix;
    while (str_next(&prefixes, ' ', &prefix))
        if (prefix.len && str_starts(path, prefix)) return true;
    return false;
}

static struct finding *report_next(struct report *r, const struct source *s, const char *rule, size_t at)
{
    if (r->count == r->room) {
        size_t room = r->room ? r->room * 2 : 64;
        r->finding =
            arena_grow(r->arena, r->finding, r->count, room, sizeof *r->finding, _Alignof(struct finding));
        r->room = room;
    }
    struct finding *f = &r->finding[r->count++];
    *f = (struct finding){.path = s->path, .line = at == SIZE_MAX ? 1 : source_line(s, at), .rule = rule};
    return f;
}

void report_add(struct report *r, const struct source *s, const char *rule, size_t at, Str text)
{
    report_next(r, s, rule, at)->text = text;
}

void report_warn(struct report *r, const struct source *s, const char *rule, size_t at, Str text)
{
    struct finding *f = report_next(r, s, rule, at);
    f->text = text;
    f->warning = true;
    r->warnings++;
}

void lint_source(const struct rules *rules, const struct source *s, struct report *r)
{
    r->files++;
    lint_text(rules, s, r);
    if (!str_present(s->code)) return;
    lint_includes(rules, s, r);
    lint_code(rules, s, r);
    lint_functions(rules, s, r);
    lint_rows(rules, s, r);
}
