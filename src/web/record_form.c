#include "web/record_form.h"

#include "app/words.h"
#include "model/kinds.h"

#include <stdlib.h>

#define OFFICERS_MAX 300

void form_options_add(struct visit *v, struct form_options *options, enum kind_id kind, Str value, Str words)
{
    for (size_t i = 0; i < options->count; i++)
        if (options->item[i].kind == kind && str_eq(options->item[i].value, value)) return;
    ARENA_ROOM(v->arena, options->item, options->room, options->count + 1, 16);
    options->item[options->count++] = (struct form_option){kind, value, words};
}

static Str officer_words(struct visit *v, const struct roll_officer *o)
{
    Str rank =
        words_code(v->arena, &v->service->session.policy, kind_of(KIND_OFFICER), officer_field_rank, o->rank);
    Str name = str_empty(o->name) ? visit_id_words(v->arena, &o->id) : o->name;
    if (str_empty(rank)) return name;
    return str_format(v->arena, "%.*s (%.*s)", STR_ARG(name), STR_ARG(rank));
}

static int compare_options(const void *x, const void *y)
{
    const struct form_option *a = x, *b = y;
    return str_compare(a->words, b->words);
}

void form_options_officers(struct visit *v, const char *ranks, struct form_options *options)
{
    const struct roll_officer *o = NULL;
    size_t from = options->count;
    size_t count = roll_officers(v->service->roll, &o);
    for (size_t i = 0; i < count && options->count < OFFICERS_MAX; i++) {
        Str id = visit_id_words(v->arena, &o[i].id);
        bool own = !str_empty(v->viewer.unit) && str_eq(o[i].unit, v->viewer.unit);
        if (ranks[0] != '\0' && !field_value_listed(ranks, o[i].rank)) continue;
        if (own || str_eq(id, v->viewer.officer))
            form_options_add(v, options, KIND_OFFICER, id, officer_words(v, &o[i]));
    }
    if (options->count > from + 1)
        qsort(options->item + from, options->count - from, sizeof *options->item, compare_options);
}

/* ---- drawing ---------------------------------------------------------------------------------------- */

static bool is_reference(const struct kind *kind, int field)
{
    enum field_type type = kind->field[field].type;
    return (type == FT_REF || type == FT_REFS) && kind->field[field].values[0] != '\0';
}

static bool is_offered(const struct kind *kind, int field, const struct form_option *o)
{
    const char *values = kind->field[field].values;
    return strcmp(values, "any") == 0 || field_value_listed(values, str_of(kind_of(o->kind)->name));
}

static bool is_posted(const struct http_pairs *form, Str name, Str value)
{
    for (size_t i = 0; i < form->count; i++)
        if (str_eq(form->pair[i].name, name) && str_eq(form->pair[i].value, value)) return true;
    return false;
}

/* What stands: "O-1", or ["O-1","O-2"]. */
static bool is_held(Str value, Str id)
{
    struct buf quoted CLEANUP_BUF;
    buf_init(&quoted, (size_t)1 << 12);
    json_add_string(&quoted, id);

    return str_present(value) && str_find(value, buf_str(&quoted)) != STR_NPOS;
}

static Str field_name(struct visit *v, const struct part_field *f)
{
    return str_format(v->arena, "%.*s%s", STR_ARG(f->prefix), f->kind->field[f->field].name);
}

static void reference_show(struct visit *v, const struct part_field *f, const struct form_options *options)
{
    const struct field *row = &f->kind->field[f->field];
    struct part_choice *choice = NEW_ARRAY(v->arena, struct part_choice, options->count + 1);
    Str name = field_name(v, f);
    bool many = row->type == FT_REFS;
    size_t count = 0;
    if (!many) choice[count++] = (struct part_choice){.value = S(""), .label = S("Not known")};
    for (size_t i = 0; i < options->count; i++) {
        const struct form_option *o = &options->item[i];
        if (!is_offered(f->kind, f->field, o)) continue;
        bool chosen = f->typed != NULL && f->typed->count > 0 ? is_posted(f->typed, name, o->value)
                                                              : is_held(f->value, o->value);
        choice[count++] = (struct part_choice){.value = o->value, .label = o->words, .chosen = chosen};
    }
    struct part_choices c = {.name = name,
                             .legend = str_empty(f->label) ? str_of(row->label) : f->label,
                             .hint = str_empty(f->hint) ? str_of(row->hint) : f->hint,
                             .error = f->error,
                             .caption = f->caption,
                             .style = f->style,
                             .choice = choice,
                             .count = count};
    part_hidden(v->out, S(PART_FIELD_MARK), name);
    if (many && count > 0)
        part_checkboxes(v->out, &c);
    else if (!many)
        part_select(v->out, &c);
}

void record_form_field(struct visit *v, const struct part_field *f, const struct form_options *options)
{
    if (is_reference(f->kind, f->field))
        reference_show(v, f, options);
    else
        part_field(v->out, v->arena, f);
}

/* ---- reading ---------------------------------------------------------------------------------------- */

static enum status reference_take(const struct form_options *options, const struct kind *kind, int field,
                                  Str value, Json **out, struct err *e)
{
    bool many = kind->field[field].type == FT_REFS;
    for (size_t i = 0; i < options->count; i++) {
        const struct form_option *o = &options->item[i];
        if (!is_offered(kind, field, o) || !str_eq(o->value, value)) continue;
        if (!many) {
            *out = json_build_text(value);
            return OK;
        }
        if (*out == NULL) *out = json_build_list();
        json_build_item(*out, json_build_text(value));
        return OK;
    }
    return ERR(e, E_INVALID, kind->field[field].name, "Choose one from the list.");
}

enum status record_form_read(struct visit *v, const struct kind *kind, int field, Str prefix,
                             const struct form_options *options, Json *set, struct err *e)
{
    const struct http_pairs *form = &v->request->form;
    struct part_field f = {.kind = kind, .field = field, .prefix = prefix};
    Json *value = NULL;
    if (!is_reference(kind, field)) return part_field_read(v->arena, kind, field, prefix, form, true, set, e);
    Str name = field_name(v, &f);
    enum status status = OK;
    if (!is_posted(form, S(PART_FIELD_MARK), name)) return OK;
    for (size_t i = 0; i < form->count && status == OK; i++)
        if (str_eq(form->pair[i].name, name) && !str_empty(form->pair[i].value))
            status = reference_take(options, kind, field, form->pair[i].value, &value, e);
    if (value == NULL) value = json_build_null();
    if (status == OK) {
        json_build_member(set, str_of(kind->field[field].name), value);
    } else {
        struct json_doc unused CLEANUP_JSON = {value};
    }
    return status;
}
