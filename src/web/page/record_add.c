/* Adding to the record of a death, and correcting one fact of it: forms out of the rows of fields. */
#include "app/record_add.h"

#include "app/new_id.h"
#include "app/new_line.h"
#include "app/words.h"
#include "model/kinds.h"
#include "web/page/death_beside.h"
#include "web/page/death_frame.h"
#include "web/page/pages.h"

#define PART_PREFIX "part-"

static Url back_to(struct visit *v)
{
    return visit_death_url(v, &v->death->id, "");
}

static Url form_url(struct visit *v, const char *what, const char *name)
{
    return url(v->arena, "/deaths/%.*s/%s/%s", STR_ARG(visit_id_words(v->arena, &v->death->id)), what, name);
}

static Str quoted(struct visit *v, Str id)
{
    struct buf text CLEANUP_BUF;
    buf_init(&text, (size_t)1 << 12);
    json_add_string(&text, id);
    return str_copy(v->arena, buf_str(&text));
}

/* ---- a new record ----------------------------------------------------------------------------------- */

struct form_state {
    const struct add_row *row;
    struct form_options options;
    Str key;
};

static bool is_asked(const struct kind *kind, int field, const struct form_state *f)
{
    if (add_is_given(kind, field)) return false;
    return kind->id != KIND_INVOLVEMENT || f->row->part == ADD_INCIDENT || field != involvement_field_person;
}

static void fields_show(struct visit *v, const struct form_state *f, const struct kind *kind, Str prefix)
{
    for (size_t i = 0; i < kind->field_count; i++) {
        bool own = field_value_listed(f->row->own, str_of(kind->field[i].name));
        if (!is_asked(kind, (int)i, f)) continue;
        Str id = part_field_id(v->arena, kind, (int)i, prefix);
        record_form_field(v,
                          &(struct part_field){.policy = &v->service->session.policy,
                                               .kind = kind,
                                               .field = (int)i,
                                               .prefix = prefix,
                                               .value = own && !str_empty(v->viewer.officer)
                                                            ? quoted(v, v->viewer.officer)
                                                            : STR_NONE,
                                               .typed = v->errors.count > 0 ? &v->request->form : NULL,
                                               .error = part_errors_of(&v->errors, id),
                                               .style = LABEL_HEADING},
                          &f->options);
    }
}

static enum status form_show(struct visit *v, struct form_state *f)
{
    const struct kind *kind = kind_of(f->row->kind);
    Str key = visit_typed(v, "key", new_id(v->arena, &v->service->session.env.entropy, S("")));
    visit_page_begin(v, &(struct visit_page){.title = str_format(v->arena, "Add: %s", f->row->label),
                                             .back = {back_to(v), S("Back to the record")}});
    part_title(v->out,
               str_format(v->arena, "%.*s, %.*s", STR_ARG(death_name_words(v->death)),
                          STR_ARG(death_reference_words(v, v->death))),
               str_format(v->arena, "Add: %s", f->row->label));
    part_paragraph(v->out, str_of(f->row->about));
    part_form_begin(v->out, &(struct part_form){.action = form_url(v, "add", kind->name),
                                                .csrf = v->csrf,
                                                .keep = str_format(v->arena, "add-%.*s-%s",
                                                                   STR_ARG(v->death->id.id), kind->name)});
    part_hidden(v->out, S("key"), key);
    fields_show(v, f, kind, S(""));
    if (f->row->part != ADD_ALONE) {
        part_heading(v->out, 2, S("part"),
                     f->row->part == ADD_PERSON ? S("Their part in this death")
                                                : S("Who of this death was part of it"));
        fields_show(v, f, kind_of(KIND_INVOLVEMENT), S(PART_PREFIX));
    }
    part_button(v->out, &(struct part_button){.text = S("Save")});
    part_form_end(v->out);
    visit_page_end(v);
    return OK;
}

static enum status form_open(struct visit *v, struct form_state *f, struct err *e)
{
    struct record_sheet sheet;
    f->row = add_named(visit_param(v, "kind"));
    if (f->row == NULL) return ERR(e, E_NOT_FOUND, "", "that cannot be added here.");
    TRY(record_sheet_read(&v->session, VIEW_NOW, &v->death->id, v->arena, &sheet, e));
    beside_options(v, &sheet, &f->options);
    return OK;
}

enum status page_record_add(struct visit *v, struct err *e)
{
    struct form_state f = {0};
    TRY(form_open(v, &f, e));
    return form_show(v, &f);
}

/* Each field is read and judged by itself, so that every fault is told at once. */
static void fields_read(struct visit *v, const struct form_state *f, const struct kind *kind, Str prefix,
                        Json *set)
{
    for (size_t i = 0; i < kind->field_count; i++) {
        struct err why = {0};
        if (!is_asked(kind, (int)i, f)) continue;
        if (record_form_read(v, kind, (int)i, prefix, &f->options, set, &why) != OK)
            visit_error(v, part_field_id(v->arena, kind, (int)i, prefix), "%s.", why.text);
    }
}

enum status do_record_add(struct visit *v, struct err *e)
{
    struct form_state f = {0};
    struct json_doc set CLEANUP_JSON = {json_build_object()}, part CLEANUP_JSON = {json_build_object()};
    struct err why = {0};
    TRY(form_open(v, &f, e));
    const struct kind *kind = kind_of(f.row->kind);
    fields_read(v, &f, kind, S(""), set.root);
    if (f.row->part != ADD_ALONE) fields_read(v, &f, kind_of(KIND_INVOLVEMENT), S(PART_PREFIX), part.root);
    if (v->errors.count > 0) return form_show(v, &f);
    struct record_addition x = {&v->death->id, f.row, visit_typed(v, "key", S("")), set.root, part.root};
    enum status status = record_add(&v->session, &x, &why);
    if (status == E_INVALID) {
        int field = field_index(kind, str_of(why.field));
        bool of_part = field < 0 && f.row->part != ADD_ALONE;
        int part_field = of_part ? field_index(kind_of(KIND_INVOLVEMENT), str_of(why.field)) : -1;
        Str id = field >= 0 ? part_field_id(v->arena, kind, field, S(""))
                 : part_field >= 0
                     ? part_field_id(v->arena, kind_of(KIND_INVOLVEMENT), part_field, S(PART_PREFIX))
                     : S("");
        visit_error(v, id, "%s", why.text);
        return form_show(v, &f);
    }
    if (status != OK) return ERR(e, status, why.field, "%s", why.text);
    visit_notice(v, "saved");
    visit_redirect(v, back_to(v));
    return OK;
}

/* ---- one fact --------------------------------------------------------------------------------------- */

/* On whose word something is said: those that people speak for. */
static const char *const SOURCES[] = {
    NEW_LINE_SOURCE, "death_report", "witness", "family", "friend",  "hospital",     "ambulance",  "scene",
    "lab",           "pathologist",  "coroner", "cctv",   "custody", "intelligence", "other_force"};

static bool is_source(Str source)
{
    for (size_t i = 0; i < COUNT_OF(SOURCES); i++)
        if (str_eq(source, str_of(SOURCES[i]))) return true;
    return false;
}

struct fact_form {
    int field;
    struct record_sheet sheet;
    struct form_options options;
};

static enum status fact_open(struct visit *v, struct fact_form *f, struct err *e)
{
    f->field = field_index(kind_of(KIND_DEATH), visit_param(v, "field"));
    if (f->field < 0 || record_field_is_fixed(f->field))
        return ERR(e, E_NOT_FOUND, "", "that cannot be changed here.");
    TRY(record_sheet_read(&v->session, VIEW_NOW, &v->death->id, v->arena, &f->sheet, e));
    beside_options(v, &f->sheet, &f->options);
    return OK;
}

static void sources_show(struct visit *v, Str chosen)
{
    struct part_choice choice[COUNT_OF(SOURCES)];
    for (size_t i = 0; i < COUNT_OF(SOURCES); i++)
        choice[i] = (struct part_choice){
            .value = str_of(SOURCES[i]),
            .label = policy_source_label(&v->service->session.policy, str_of(SOURCES[i])),
            .chosen = str_eq(chosen, str_of(SOURCES[i]))};
    part_select(v->out, &(struct part_choices){.name = S("source"),
                                               .legend = S("On whose word?"),
                                               .hint = S("Where two differ, the record shows the one that is "
                                                         "believed more, and says that they differ"),
                                               .style = LABEL_HEADING,
                                               .error = part_errors_of(&v->errors, S("source")),
                                               .choice = choice,
                                               .count = COUNT_OF(SOURCES)});
}

static void now_show(struct visit *v, const struct fact_form *f)
{
    const struct holding *held = &f->sheet.record.held[f->field];
    const struct policy *policy = &v->service->session.policy;
    if (!str_present(held->value)) {
        part_inset(v->out, S("Nothing is recorded yet."));
        return;
    }
    Str words = words_of(v->arena, policy, kind_of(KIND_DEATH), f->field, held->value, held->key);
    part_inset(v->out,
               str_format(v->arena, "Recorded now: %.*s (%.*s, known since %.*s). It stays in the history.",
                          STR_ARG(words), STR_ARG(policy_source_label(policy, held->source)),
                          STR_ARG(words_time(v->arena, held->known_at_ms))));
}

static enum status fact_show(struct visit *v, const struct fact_form *f)
{
    const struct kind *kind = kind_of(KIND_DEATH);
    const struct holding *held = &f->sheet.record.held[f->field];
    Str label = str_of(kind->field[f->field].label);
    Str version = str_format(v->arena, "%llu", (unsigned long long)f->sheet.record.version);
    Str source = visit_typed(v, "source", is_source(held->source) ? held->source : S(NEW_LINE_SOURCE));
    visit_page_begin(v, &(struct visit_page){.title = str_format(v->arena, "Change: %.*s", STR_ARG(label)),
                                             .back = {back_to(v), S("Back to the record")}});
    part_title(v->out,
               str_format(v->arena, "%.*s, %.*s", STR_ARG(death_name_words(v->death)),
                          STR_ARG(death_reference_words(v, v->death))),
               S("Change or correct"));
    now_show(v, f);
    part_form_begin(
        v->out, &(struct part_form){.action = form_url(v, "change", kind->field[f->field].name),
                                    .csrf = v->csrf,
                                    .keep = str_format(v->arena, "change-%.*s-%s", STR_ARG(v->death->id.id),
                                                       kind->field[f->field].name)});
    part_hidden(v->out, S("version"), version);
    record_form_field(v,
                      &(struct part_field){
                          .policy = &v->service->session.policy,
                          .kind = kind,
                          .field = f->field,
                          .prefix = S(""),
                          .value = held->value,
                          .typed = v->errors.count > 0 ? &v->request->form : NULL,
                          .error = part_errors_of(&v->errors, part_field_id(v->arena, kind, f->field, S(""))),
                          .style = LABEL_HEADING},
                      &f->options);
    sources_show(v, source);
    part_button(v->out, &(struct part_button){.text = S("Save")});
    part_form_end(v->out);
    visit_page_end(v);
    return OK;
}

enum status page_record_change(struct visit *v, struct err *e)
{
    struct fact_form f = {0};
    TRY(fact_open(v, &f, e));
    return fact_show(v, &f);
}

enum status do_record_change(struct visit *v, struct err *e)
{
    struct fact_form f = {0};
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    struct err why = {0};
    int64_t version = 0;
    TRY(fact_open(v, &f, e));
    Str source = visit_typed(v, "source", S("")),
        id = part_field_id(v->arena, kind_of(KIND_DEATH), f.field, S(""));
    if (!is_source(source)) visit_error(v, S("source"), "Say on whose word it is.");
    if (str_to_i64(visit_typed(v, "version", S("")), &version) != OK)
        visit_error(v, S(""), "This form is not whole. Open it again.");
    if (record_form_read(v, kind_of(KIND_DEATH), f.field, S(""), &f.options, set.root, &why) != OK)
        visit_error(v, id, "%s.", why.text);
    if (v->errors.count > 0) return fact_show(v, &f);
    enum status status = record_change(&v->session, &v->death->id, (uint64_t)version, source, set.root, &why);
    if (status == E_CONFLICT)
        visit_error(v, S(""),
                    "Somebody else changed this record while you wrote. Look at what is recorded now, and "
                    "save again if yours still holds.");
    else if (status == E_INVALID)
        visit_error(v, id, "%s.", why.text);
    if (v->errors.count > 0) return fact_show(v, &f);
    if (status != OK) return ERR(e, status, why.field, "%s", why.text);
    visit_notice(v, "saved");
    visit_redirect(v, back_to(v));
    return OK;
}
