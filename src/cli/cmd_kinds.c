/* kinds: what can be recorded, field by field. */
#include "cli/begin.h"
#include "model/suggest.h"

static const char *asked_words(enum asked asked)
{
    return asked == ASKED_SCENE ? "at the scene" : "later";
}

static const char *sensitivity_words(enum sensitivity s)
{
    switch (s) {
    case SENS_PLAIN:
        return "plain";
    case SENS_PERSONAL:
        return "personal";
    case SENS_RESTRICTED:
        return "restricted";
    case SENS_NOT_STATED:
        break;
    }
    return "not stated";
}

/* "yes, no, unknown", "from the vocabulary of substances", "a record of kind death or incident" */
static Str values_words(struct arena *a, const struct field *f)
{
    bool is_ref = f->type == FT_REF || f->type == FT_REFS;
    if (f->values[0] == '@') return str_format(a, "from the vocabulary %s", f->values + 1);
    if (is_ref && strcmp(f->values, "any") == 0) return S("any record");
    if (is_ref && f->values[0] == '\0') return S("a reference in another system");
    struct str_list list = str_split(a, str_of(f->values), is_ref ? '|' : ' ');
    if (f->values[0] == '\0') return f->unit[0] ? str_of(f->unit) : S("");
    Str words = str_join(a, &list, is_ref ? S(" or ") : S(", "));
    return is_ref ? str_format(a, "id of a record: %.*s", STR_ARG(words)) : words;
}

static Str field_words(struct arena *a, const struct field *f)
{
    Str values = values_words(a, f);
    Str hint = f->hint[0] ? str_format(a, " (%s)", f->hint) : S("");
    return str_format(a, "%s%.*s%s%.*s", f->label, STR_ARG(hint), values.len > 0 ? "\n" : "",
                      STR_ARG(values));
}

static void kind_print(struct cli *c, const struct kind *kind)
{
    enum { COLUMN = 28 };
    print_wrapped(c->out, str_format(c->arena, "%s: %s", kind->name, kind->about), 0, 4);
    for (size_t i = 0; i < kind->field_count; i++) {
        const struct field *f = &kind->field[i];
        Str label = str_format(c->arena, "    %s, %s", f->name, field_type_name(f->type));
        Str kept = f->sensitivity == SENS_PLAIN
                       ? S("")
                       : str_format(c->arena, "; %s", sensitivity_words(f->sensitivity));
        Str text = str_format(c->arena, "%.*s%.*s", STR_ARG(field_words(c->arena, f)), STR_ARG(kept));
        print_labelled(c->out, label, COLUMN, text);
    }
}

/* A | would end a cell. */
static void cell_add(struct buf *out, Str text)
{
    buf_add_char(out, ' ');
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '|')
            buf_add(out, S("\\|"));
        else
            buf_add_char(out, text.ptr[i]);
    buf_add(out, S(" |"));
}

static void kind_markdown(struct cli *c, const struct kind *kind)
{
    struct buf *out = &c->out->buf;
    buf_addf(out, "\n## %s\n\n%s\n\n", kind->name, kind->about);
    buf_add(out, S("| field | type | what is asked | values | asked | kept | compared "
                   "|\n|---|---|---|---|---|---|---|\n"));
    for (size_t i = 0; i < kind->field_count; i++) {
        const struct field *f = &kind->field[i];
        Str hint = f->hint[0] ? str_format(c->arena, " (%s)", f->hint) : S("");
        buf_addf(out, "| `%s` | %s |", f->name, field_type_name(f->type));
        cell_add(out, str_format(c->arena, "%s%.*s", f->label, STR_ARG(hint)));
        cell_add(out, values_words(c->arena, f));
        buf_addf(out, " %s | %s | %s |\n", asked_words(f->asked), sensitivity_words(f->sensitivity),
                 f->compare[0] ? f->compare : "no");
    }
}

static void field_json(struct json_writer *w, const struct field *f)
{
    json_open(w, '{');
    json_kv_str(w, S("name"), str_of(f->name));
    json_kv_str(w, S("type"), str_of(field_type_name(f->type)));
    json_kv_str(w, S("values"), str_of(f->values));
    json_kv_str(w, S("asked"), f->asked == ASKED_SCENE ? S("scene") : S("later"));
    json_kv_str(w, S("sensitivity"), str_of(sensitivity_words(f->sensitivity)));
    json_kv_str(w, S("compare"), str_of(f->compare));
    json_kv_str(w, S("unit"), str_of(f->unit));
    json_kv_str(w, S("label"), str_of(f->label));
    json_kv_str(w, S("hint"), str_of(f->hint));
    json_close(w, '}');
}

static void kinds_json(struct cli *c, const struct kind *only)
{
    struct json_writer w = cli_json(c);
    json_open(&w, '{');
    json_put_key(&w, S("kinds"));
    json_open(&w, '[');
    for (int id = 0; id < KIND_COUNT; id++) {
        const struct kind *kind = kind_of((enum kind_id)id);
        if (only && kind != only) continue;
        json_open(&w, '{');
        json_kv_str(&w, S("name"), str_of(kind->name));
        json_kv_str(&w, S("about"), str_of(kind->about));
        json_put_key(&w, S("fields"));
        json_open(&w, '[');
        for (size_t i = 0; i < kind->field_count; i++)
            field_json(&w, &kind->field[i]);
        json_close(&w, ']');
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    cli_json_end(c);
}

static enum status kind_choose(struct cli *c, const struct kind **out, struct err *e)
{
    if (c->operand_count == 0) return OK;
    Str name = cli_operand(c, 0);
    *out = kind_named(name);
    if (*out) return OK;
    struct suggest s = suggest_for(name);
    for (int id = 0; id < KIND_COUNT; id++)
        suggest_try(&s, str_of(kind_of((enum kind_id)id)->name));
    Str best = suggest_best(&s);
    if (str_present(best))
        return ERR(e, E_NOT_FOUND, "", "there is no kind \"%.*s\"; did you mean %.*s?", STR_ARG(name),
                   STR_ARG(best));
    return ERR(e, E_NOT_FOUND, "", "there is no kind \"%.*s\"; see: colligate kinds", STR_ARG(name));
}

enum status cmd_kinds(struct cli *c, struct err *e)
{
    const struct kind *only = NULL;
    bool markdown = cli_flag(c, "markdown");
    TRY(kind_choose(c, &only, e));
    if (cli_flag(c, "json")) {
        kinds_json(c, only);
        return OK;
    }
    if (markdown)
        buf_add(&c->out->buf,
                S("# The kinds of record\n\nThis page is printed by `colligate kinds --markdown`.\n"));
    for (int id = 0; id < KIND_COUNT; id++) {
        const struct kind *kind = kind_of((enum kind_id)id);
        if (only && kind != only) continue;
        if (markdown)
            kind_markdown(c, kind);
        else if (only)
            kind_print(c, kind);
        else
            print_labelled(c->out, str_of(kind->name), 18, str_of(kind->about));
    }
    if (!only && !markdown)
        print_line(c->out,
                   "The fields of one: colligate kinds KIND. All of them: colligate kinds --markdown");
    return OK;
}
