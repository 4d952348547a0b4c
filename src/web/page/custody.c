/* What is done with an exhibit: one page a step. The rules are assure/custody.h; a step that they refuse is
 * shown again with the reason. */
#include "web/page/custody_words.h"
#include "web/page/death_frame.h"
#include "web/page/field_list.h"
#include "web/page/pages.h"

#include "model/when.h"
#include "web/part_field.h"

struct act {
    const char *name; /* in the address */
    enum custody_act act;
    const char *title, *about, *button;
    const char *why;  /* the label of the reason; NULL: none is asked */
    const char *seal; /* the label of the seal's number; NULL: it is not asked */
    const char *notice;
    bool receiver, person; /* chosen from the list; typed */
    bool final;
};
static const struct act ACTS[] = {
    {"book", CUSTODY_BOOK, "Take charge of this exhibit",
     "It was recorded without a holder. From now on you hold it.", "Take charge", NULL, "Number on its seal",
     "booked", false, false, false},
    {"seal", CUSTODY_SEAL, "Seal this exhibit",
     "Type the number as it stands on the seal. Everybody who receives the exhibit will have to read it "
     "again.",
     "Record the seal", "Why the seal before was opened, if there was one", "Number of the new seal",
     "sealed", false, false, false},
    {"hand-over", CUSTODY_HAND_OVER, "Hand this exhibit over",
     "You answer for it until the receiver has confirmed it with the number on the seal.", "Hand over",
     "What for", NULL, "moved", true, false, false},
    {"return", CUSTODY_RETURN, "Return this exhibit to its owner",
     "A second person must confirm that it left. After that its chain is closed.", "Return it",
     "Why it can be returned, and on whose authority", NULL, "moved", false, true, true},
    {"dispose", CUSTODY_DISPOSE, "Dispose of this exhibit",
     "A second person must confirm it. After that its chain is closed.", "Dispose of it",
     "Why and how, and on whose authority", NULL, "moved", false, false, true},
    {"confirm", CUSTODY_CONFIRM, "Confirm this exhibit",
     "Look at the seal and type the number that you read. It is compared with the one on record.", "Confirm",
     NULL, "Number you read on the seal", "confirmed", false, false, false},
    {"take-back", CUSTODY_TAKE_BACK, "This was not done",
     "The exhibit stays with who held it before. Say what happened.", "Record that it was not done",
     "What happened", NULL, "ended", false, false, true},
    {"missing", CUSTODY_MISSING, "This exhibit is missing", "You go on answering for it until it is found.",
     "Record it as missing", "Where it was last, and what was done to find it", NULL, "saved", false, false,
     true},
    {"found", CUSTODY_FOUND, "This exhibit was found", "From now on you hold it.", "Record that it was found",
     "Where it was, and how it was found", NULL, "saved", false, false, false},
};

static const struct act *act_of(struct visit *v)
{
    Str name = visit_param(v, "act");
    for (size_t i = 0; i < COUNT_OF(ACTS); i++)
        if (str_eq(name, str_of(ACTS[i].name))) return &ACTS[i];
    return NULL;
}

/* ---- the form --------------------------------------------------------------------------------------- */

static void receiver_show(struct visit *v)
{
    struct part_choice *choice = NULL;
    size_t count = custody_receivers(v, visit_typed(v, "to", S("")), &choice);
    part_select(v->out, &(struct part_choices){.name = S("to"),
                                               .legend = S("Who receives it"),
                                               .hint = S("A store, a laboratory, or somebody of your unit"),
                                               .choice = choice,
                                               .count = count,
                                               .error = part_errors_of(&v->errors, S("to"))});
}

/* People who have a part in the death come first to mind; their ids are what is recorded. */
static void person_show(struct visit *v)
{
    part_input(v->out,
               &(struct part_input){.name = S("to"),
                                    .label = S("Who receives it"),
                                    .hint = S("The reference of the person on this record, such as P-1"),
                                    .value = visit_typed(v, "to", S("")),
                                    .width = 20,
                                    .error = part_errors_of(&v->errors, S("to"))});
}

static void inputs_show(struct visit *v, const struct act *act)
{
    static const int AT[] = {movement_field_at};
    if (act->receiver) receiver_show(v);
    if (act->person) person_show(v);
    if (act->seal != NULL)
        part_input(v->out, &(struct part_input){.name = S("seal_seen"),
                                                .label = str_of(act->seal),
                                                .value = visit_typed(v, "seal_seen", S("")),
                                                .width = 20,
                                                .error = part_errors_of(&v->errors, S("seal_seen"))});
    if (act->why != NULL)
        part_textarea(v->out, &(struct part_textarea){.name = S("why"),
                                                      .label = str_of(act->why),
                                                      .value = visit_typed(v, "why", S("")),
                                                      .rows = 3,
                                                      .error = part_errors_of(&v->errors, S("why"))});
    part_details_begin(v->out, S("It did not happen just now"));
    field_list_show(v, kind_of(KIND_MOVEMENT), AT, COUNT_OF(AT), NULL);
    part_details_end(v->out);
}

static void form_show(struct visit *v, const struct act *act, const struct exhibit_file *file)
{
    Str name = custody_exhibit_words(v, &file->record.id, file->data->ref);
    visit_page_begin(v, &(struct visit_page){.title = str_of(act->title),
                                             .back = {custody_exhibit_url(v, &file->record.id, ""),
                                                      str_format(v->arena, "Exhibit %.*s", STR_ARG(name))}});
    part_title(v->out,
               str_format(v->arena, "Exhibit %.*s, %.*s", STR_ARG(name), STR_ARG(file->data->description)),
               str_of(act->title));
    part_paragraph(v->out, str_of(act->about));
    part_inset(v->out,
               str_format(v->arena, "Held by: %.*s", STR_ARG(custody_holder_words(v, &file->custody))));
    visit_form_begin(v, custody_exhibit_url(v, &file->record.id, act->name));
    inputs_show(v, act);
    part_button(v->out, &(struct part_button){.text = str_of(act->button),
                                              .kind = act->final ? BUTTON_WARNING : BUTTON_PRIMARY});
    part_form_end(v->out);
    visit_page_end(v);
}

enum status page_custody(struct visit *v, struct err *e)
{
    struct exhibit_file file;
    const struct act *act = act_of(v);
    if (act == NULL) return ERR(e, E_NOT_FOUND, "act", "there is no such step.");
    TRY(exhibit_file_read(&v->session, VIEW_NOW, v->record, v->arena, &file, e));
    form_show(v, act, &file);
    return OK;
}

/* ---- taking a step ---------------------------------------------------------------------------------- */

/* When it happened: now, unless another time was typed. */
static int64_t time_of(struct visit *v)
{
    static const int AT[] = {movement_field_at};
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    struct moment at = {0};
    field_list_read(v, kind_of(KIND_MOVEMENT), AT, COUNT_OF(AT), false, set.root);
    Str text = json_str(json_get(set.root, "at"));
    if (!str_present(text) || moment_parse(text, &at, NULL) != OK) return v->now_ms;
    if (at.precision == PRECISION_TIME) return at.ms;
    visit_error(v, S("at-date"), "Give the time of day too. The chain is kept to the minute.");
    return v->now_ms;
}

/* "P-1" as "main:P-1": it must be there and be a person. */
static enum status person_of(struct visit *v, Str typed, Str *out, struct err *e)
{
    struct record record;
    struct err why = {0};
    struct record_id id = {.kind = KIND_PERSON};
    *out = S("");
    if (str_empty(typed)) return OK;
    ref_split(typed, S("main"), &id.ns, &id.id);
    enum status status = store_get(v->session.store, &v->actor, VIEW_NOW, &id, v->arena, &record, &why);
    if (status == E_NOT_FOUND) {
        visit_error(v, S("to"), "There is no person with this reference. Look at the record for it.");
        return OK;
    }
    if (status != OK) return ERR(e, status, why.field, "%s", why.text);
    *out = str_format(v->arena, "%.*s:%.*s", STR_ARG(id.ns), STR_ARG(id.id));
    return OK;
}

static bool is_offered(struct visit *v, Str key)
{
    struct part_choice *choice = NULL;
    size_t count = custody_receivers(v, S(""), &choice);
    for (size_t i = 0; i < count; i++)
        if (str_eq(choice[i].value, key)) return true;
    return false;
}

static enum status step_read(struct visit *v, const struct act *act, struct custody_step *out, struct err *e)
{
    *out = (struct custody_step){.act = act->act,
                                 .by = custody_visitor(v),
                                 .to = S(""),
                                 .seal = act->seal == NULL ? S("") : visit_form(v, "seal_seen"),
                                 .why = act->why == NULL ? S("") : visit_form(v, "why"),
                                 .at_ms = time_of(v),
                                 .now_ms = v->now_ms};
    if (!str_present(out->seal)) out->seal = S("");
    if (!str_present(out->why)) out->why = S("");
    if (act->person) return person_of(v, visit_form(v, "to"), &out->to, e);
    if (!act->receiver) return OK;
    out->to = visit_form(v, "to");
    if (!str_empty(out->to) && !is_offered(v, out->to)) visit_error(v, S("to"), "Choose one from the list.");
    return OK;
}

enum status do_custody(struct visit *v, struct err *e)
{
    struct exhibit_file file;
    struct custody_step step;
    struct err why = {0};
    const struct act *act = act_of(v);
    if (act == NULL) return ERR(e, E_NOT_FOUND, "act", "there is no such step.");
    TRY(exhibit_file_read(&v->session, VIEW_NOW, v->record, v->arena, &file, e));
    TRY(step_read(v, act, &step, e));
    if (v->errors.count == 0)
        TRY(visit_take_error(v, exhibit_step(&v->session, v->service->roll, &file, &step, v->arena, &why),
                             &why, e));
    if (v->errors.count > 0) {
        form_show(v, act, &file);
        v->answer->status = 400;
        return OK;
    }
    visit_notice(v, act->notice);
    visit_redirect(v, custody_exhibit_url(v, &file.record.id, ""));
    return OK;
}

/* ---- booking ---------------------------------------------------------------------------------------- */

static const int BOOKED[] = {exhibit_field_ref,         exhibit_field_description, exhibit_field_item,
                             exhibit_field_quantity,    exhibit_field_packaging,   exhibit_field_seal,
                             exhibit_field_found_where, exhibit_field_found_at,    exhibit_field_listed_by};

enum status page_exhibit_new(struct visit *v, struct err *e)
{
    (void)e;
    visit_page_begin(v, &(struct visit_page){.title = S("Book an exhibit in"),
                                             .back = {visit_death_url(v, &v->death->id, "exhibits"),
                                                      S("Exhibits of this death")}});
    part_title(v->out, death_name_words(v->death), S("Book an exhibit in"));
    part_paragraph(v->out,
                   S("You hold it from now on, until somebody else has confirmed that they received it."));
    visit_form_begin(v, visit_death_url(v, &v->death->id, "exhibits"));
    field_list_show(v, kind_of(KIND_EXHIBIT), BOOKED, COUNT_OF(BOOKED), NULL);
    part_button(v->out, &(struct part_button){.text = S("Book it in")});
    part_form_end(v->out);
    visit_page_end(v);
    return OK;
}

enum status do_exhibit_book(struct visit *v, struct err *e)
{
    const struct kind *kind = kind_of(KIND_EXHIBIT);
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    struct custody_person who = custody_visitor(v);
    struct record_id made;
    struct err why = {0};
    field_list_read(v, kind, BOOKED, COUNT_OF(BOOKED), false, set.root);
    if (str_empty(visit_form(v, "description")))
        visit_error(v, S("description"), "Say what it is, so that somebody else can tell it from others.");
    if (v->errors.count == 0)
        TRY(field_list_fault(
            v, kind,
            exhibit_book(&v->session, &who, &v->death->id, set.root, v->now_ms, v->arena, &made, &why), &why,
            e));
    if (v->errors.count > 0) {
        TRY(page_exhibit_new(v, e));
        v->answer->status = 400;
        return OK;
    }
    visit_notice(v, "booked");
    visit_redirect(v, custody_exhibit_url(v, &made, ""));
    return OK;
}
