/* Compiling the steps of a line, and working them off on a row. */
#include "intake/plan.h"

static const char *shape_words(enum shape shape)
{
    switch (shape) {
    case SHAPE_SAME:
    case SHAPE_TEXT:
        return "a text";
    case SHAPE_LIST:
        return "several texts";
    case SHAPE_MOMENT:
        return "a date";
    case SHAPE_SPAN:
        return "a span of days";
    case SHAPE_PLACE:
        return "a place";
    }
    return "";
}

static Str take_bare(Str *rest)
{
    size_t n = 0;
    while (n < rest->len && rest->ptr[n] != ' ' && rest->ptr[n] != '\t')
        n++;
    Str word = str_slice(*rest, 0, n);
    *rest = str_trim(str_slice(*rest, n, rest->len));
    return word;
}

static enum status unknown_transform(struct arena *a, Str name, struct err *e)
{
    Str names[64];
    size_t count = 0;
    while (count < COUNT_OF(names) && transform_name(count)) {
        names[count] = str_of(transform_name(count));
        count++;
    }
    return ERR(e, E_INVALID, "", "\"%.*s\" is no transform%.*s", STR_ARG(utf8_cut(name, 40)),
               STR_ARG(name_hint(a, name, names, count)));
}

static enum status args_parse(struct arena *a, Str rest, struct step *s, struct err *e)
{
    s->arg = NEW_ARRAY(a, Str, ARGS_MAX);
    while (rest.len > 0) {
        if (s->args >= s->transform->args_max) break;
        if (rest.ptr[0] == '"') {
            TRY(quoted_parse(a, &rest, &s->arg[s->args], e));
            rest = str_trim(rest);
        } else {
            s->arg[s->args] = take_bare(&rest);
        }
        s->args++;
    }
    if (rest.len > 0 || s->args < s->transform->args_min) {
        return ERR(e, E_INVALID, "", "%s is written: %s", s->transform->name, s->transform->form);
    }
    return OK;
}

enum status step_parse(struct arena *a, struct mapping *m, const struct policy *policy, Str text,
                       uint64_t line, enum shape *shape, struct step *out, struct err *e)
{
    struct step s = {0};
    Str rest = str_trim(text);
    Str name = take_bare(&rest);
    if (str_empty(name)) return ERR(e, E_INVALID, "", "there is no transform after the |");
    s.transform = transform_named(name);
    if (!s.transform) return unknown_transform(a, name, e);
    if (str_eq(name, S("when"))) {
        TRY(condition_parse(a, m, rest, line, &s.condition, e));
    } else {
        TRY(args_parse(a, rest, &s, e));
    }
    if (!(s.transform->takes & 1u << *shape)) {
        return ERR(e, E_INVALID, "", "%s cannot work on %s", s.transform->name, shape_words(*shape));
    }
    if (s.transform->compile) TRY(s.transform->compile(a, m, policy, &s, e));
    if (s.transform->gives != SHAPE_SAME) *shape = s.transform->gives;
    if (*shape == SHAPE_MOMENT && s.transform->is_wide && s.transform->is_wide(&s)) *shape = SHAPE_SPAN;
    *out = s;
    return OK;
}

enum status line_value(const struct run *run, const struct field_line *line, struct map_value *out,
                       Str *given, struct err *e)
{
    struct map_value v = {0};
    *given = STR_NONE;
    Str text = template_text(run, &line->text);
    if (str_present(text)) {
        v.kind = VALUE_TEXTS;
        v.texts.item = NEW(run->arena, Str);
        v.texts.item[0] = text;
        v.texts.count = 1;
    }
    for (size_t i = 0; i < line->steps && v.kind != VALUE_ABSENT; i++) {
        TRY(line->step[i].transform->apply(run, &line->step[i], &v, e));
    }
    if (v.kind != VALUE_ABSENT && line->shows_given) *given = text;
    *out = v;
    return OK;
}
