/* The family and those close: who was told what and when, what they said, what they raised and are owed. */
#include "web/page/custody_words.h"
#include "web/page/death_frame.h"
#include "web/page/field_list.h"
#include "web/page/pages.h"

#include "app/family.h"
#include "app/words.h"
#include "base/caldate.h"
#include "model/feed.h"
#include "web/part_field.h"
#include "web/record_form.h"

static Str person_words(const struct family_person *p)
{
    return words_name(p->name);
}

static Str role_words(struct visit *v, Str role)
{
    return words_code(v->arena, &v->service->session.policy, kind_of(KIND_INVOLVEMENT),
                      involvement_field_role, role);
}

static Url concern_url(struct visit *v, const struct record_id *id)
{
    return url(v->arena, "/concerns/%.*s", STR_ARG(visit_id_words(v->arena, id)));
}

static bool is_overdue(const struct visit *v, const struct family_concern *c)
{
    return c->answered_ms == INT64_MIN && c->due_ms < v->now_ms;
}

/* ---- as data ---------------------------------------------------------------------------------------- */

static void concerns_json(struct json_writer *w, const struct family *f)
{
    json_put_key(w, S("concerns"));
    json_open(w, '[');
    for (size_t i = 0; i < f->concerns; i++) {
        const struct family_concern *c = &f->concern[i];
        json_open(w, '{');
        json_put_key(w, S("id"));
        json_put_id(w, &c->id);
        json_kv_str(w, S("channel"), c->data->channel);
        json_kv_str(w, S("raised_by"), c->data->raised_by);
        json_kv_str(w, S("text"), c->data->text);
        json_kv_str(w, S("owner"), c->owner);
        visit_json_time(w, S("at"), c->at_ms);
        visit_json_time(w, S("due"), c->due_ms);
        json_kv_str(w, S("answer"), c->data->answer);
        visit_json_time(w, S("answered_at"), c->answered_ms);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void as_json(struct visit *v, const struct family *f)
{
    static const char *const TOLD[] = {"nobody_known", "not_told", "told"};
    struct json_writer w = visit_json(v);
    json_open(&w, '{');
    json_kv_str(&w, S("next_of_kin"), str_of(TOLD[f->told]));
    json_put_key(&w, S("people"));
    json_open(&w, '[');
    for (size_t i = 0; i < f->persons; i++) {
        json_open(&w, '{');
        json_put_key(&w, S("id"));
        json_put_id(&w, &f->person[i].id);
        json_kv_str(&w, S("name"), f->person[i].name);
        json_kv_str(&w, S("role"), f->person[i].role);
        json_kv_bool(&w, S("told"), f->person[i].told);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_put_key(&w, S("contacts"));
    json_open(&w, '[');
    for (size_t i = 0; i < f->contacts; i++) {
        const struct family_contact *c = &f->contact[i];
        json_open(&w, '{');
        json_kv_str(&w, S("with"), c->with);
        json_kv_str(&w, S("by"), c->by);
        visit_json_time(&w, S("at"), c->at_ms);
        json_kv_str(&w, S("how"), c->data->how);
        json_kv_str(&w, S("told"), c->data->told);
        json_kv_str(&w, S("said"), c->data->said);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    concerns_json(&w, f);
    json_close(&w, '}');
    visit_json_end(v);
}

/* ---- as a page -------------------------------------------------------------------------------------- */

static void told_show(struct visit *v, const struct family *f)
{
    static const Str WORDS[] = {
        S_INIT("No next of kin, partner or family is on record. Find out who they are."),
        S_INIT("Nobody of the family is on record as told by police."),
        S_INIT("The family was told by police."),
    };
    if (f->told == FAMILY_TOLD)
        part_inset(v->out, WORDS[f->told]);
    else
        part_warning(v->out, WORDS[f->told]);
}

static void people_show(struct visit *v, const struct family *f)
{
    static const struct part_column COLUMNS[] = {
        {.title = S_INIT("Name")}, {.title = S_INIT("Who they are")}, {.title = S_INIT("Told by police")}};
    part_heading(v->out, 2, S("people"), S("Family, partners and friends"));
    if (f->persons == 0) {
        part_empty(v->out, S("Nobody close to this person is on record yet."));
        return;
    }
    part_table_begin(v->out, &(struct part_table){.caption = S("People close to this death"),
                                                  .caption_hidden = true,
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS)});
    for (size_t i = 0; i < f->persons; i++) {
        part_row_begin(v->out);
        part_row_head(v->out, (Url){STR_NONE}, person_words(&f->person[i]));
        part_cell(v->out, role_words(v, f->person[i].role));
        part_cell_begin(v->out);
        part_tag(v->out, f->person[i].told ? MEANING_GOOD : MEANING_ATTENTION,
                 f->person[i].told ? S("Yes") : S("Not on record"));
        part_cell_end(v->out);
        part_row_end(v->out);
    }
    part_table_end(v->out);
}

static Str concern_title(struct visit *v, const struct family_concern *c)
{
    Str who = str_empty(c->data->raised_by)
                  ? words_code(v->arena, &v->service->session.policy, kind_of(KIND_CONCERN),
                               concern_field_channel, c->data->channel)
                  : c->data->raised_by;
    return str_format(v->arena, "Raised by %.*s, %.*s", STR_ARG(who),
                      STR_ARG(custody_time_words(v, c->at_ms)));
}

static Str concern_state(struct visit *v, const struct family_concern *c, enum part_meaning *meaning)
{
    *meaning = MEANING_GOOD;
    if (c->answered_ms != INT64_MIN) return S("Answered");
    *meaning = is_overdue(v, c) ? MEANING_URGENT : MEANING_WAITING;
    if (is_overdue(v, c)) return S("Overdue");
    if (c->due_ms != INT64_MAX)
        return str_format(v->arena, "Answer due %.*s", STR_ARG(death_day_words(v->arena, c->due_ms)));
    return S("Waiting for an answer");
}

static void concerns_show(struct visit *v, const struct family *f)
{
    part_heading(v->out, 2, S("concerns"), S("What they raised, and answers owed"));
    if (f->concerns == 0) {
        part_empty(v->out, S("Nothing has been raised."));
        return;
    }
    part_entries_begin(v->out);
    for (size_t i = 0; i < f->concerns; i++) {
        const struct family_concern *c = &f->concern[i];
        enum part_meaning meaning;
        Str state = concern_state(v, c, &meaning);
        Str owner = str_empty(c->owner)
                        ? S("No owner yet")
                        : str_format(v->arena, "Owner: %.*s", STR_ARG(custody_key_words(v, c->owner)));
        part_entry(v->out, &(struct part_entry){.href = concern_url(v, &c->id),
                                                .title = concern_title(v, c),
                                                .why = c->data->text,
                                                .small = owner,
                                                .state = state,
                                                .meaning = meaning});
    }
    part_entries_end(v->out);
}

static void contact_show(struct visit *v, const struct family *f, const struct family_contact *c)
{
    struct buf text CLEANUP_BUF = {0};
    char stamp[32];
    buf_init(&text, (size_t)1 << 20);
    Str name = family_person_name(f, c->with);
    Str how = str_empty(c->data->how) ? S("Contact")
                                      : words_code(v->arena, &v->service->session.policy,
                                                   kind_of(KIND_CONTACT), contact_field_how, c->data->how);
    if (str_empty(name)) name = str_empty(c->with) ? S("somebody not named") : custody_key_words(v, c->with);
    if (!str_empty(c->data->told)) buf_addf(&text, "Told: %.*s\n", STR_ARG(c->data->told));
    if (!str_empty(c->data->said)) buf_addf(&text, "Said: %.*s\n", STR_ARG(c->data->said));
    caldate_format(c->at_ms, stamp);
    part_moment(v->out, &(struct part_moment){
                            .title = str_format(v->arena, "%.*s, %.*s", STR_ARG(name), STR_ARG(how)),
                            .when = custody_time_words(v, c->at_ms),
                            .machine = str_copy(v->arena, str_of(stamp)),
                            .by = str_empty(c->by) ? S("") : custody_key_words(v, c->by),
                            .text = str_copy(v->arena, str_trim(buf_str(&text)))});
}

static void contacts_show(struct visit *v, const struct family *f)
{
    part_heading(v->out, 2, S("contacts"), S("Who was told what, and what they said"));
    if (f->contacts == 0) part_empty(v->out, S("No contact is on record."));
    part_timeline_begin(v->out);
    for (size_t i = 0; i < f->contacts; i++)
        contact_show(v, f, &f->contact[i]);
    part_timeline_end(v->out);
}

static void buttons_show(struct visit *v)
{
    if (v->view.known_at_ms != INT64_MAX) return;
    part_buttons_begin(v->out);
    if (visit_may(v, PERMISSION_FAMILY))
        part_button(v->out, &(struct part_button){.text = S("Log a contact"),
                                                  .href = visit_death_url(v, &v->death->id, "contacts/new")});
    if (visit_may(v, PERMISSION_RECORD))
        part_button(v->out, &(struct part_button){.text = S("Raise a concern"),
                                                  .href = visit_death_url(v, &v->death->id, "concerns/new"),
                                                  .kind = BUTTON_SECONDARY});
    part_buttons_end(v->out);
}

enum status page_family(struct visit *v, struct err *e)
{
    struct family f;
    TRY(family_read(&v->session, v->view, &v->death->id, v->sight, v->arena, &f, e));
    if (v->format == FORMAT_JSON) {
        as_json(v, &f);
        return OK;
    }
    death_page_begin(v, DEATH_FAMILY);
    told_show(v, &f);
    buttons_show(v);
    concerns_show(v, &f);
    contacts_show(v, &f);
    people_show(v, &f);
    death_page_end(v);
    return OK;
}

/* ---- forms ------------------------------------------------------------------------------------------ */

static struct part_field field_of(struct visit *v, const struct kind *kind, int field)
{
    return (struct part_field){.policy = &v->service->session.policy,
                               .kind = kind,
                               .field = field,
                               .typed = &v->request->form,
                               .error =
                                   part_errors_of(&v->errors, part_field_id(v->arena, kind, field, S("")))};
}

static void form_page_begin(struct visit *v, Str title, Url action)
{
    visit_page_begin(
        v, &(struct visit_page){.title = title,
                                .back = {visit_death_url(v, &v->death->id, "family"), S("Family")}});
    part_title(v->out, death_name_words(v->death), title);
    visit_form_begin(v, action);
}

static void form_page_end(struct visit *v, Str button)
{
    part_button(v->out, &(struct part_button){.text = button});
    part_form_end(v->out);
    visit_page_end(v);
}

/* ---- logging a contact ------------------------------------------------------------------------------ */

static const int CONTACT_FIELDS_SHOWN[] = {contact_field_at, contact_field_how, contact_field_told,
                                           contact_field_said};

static struct form_options people_options(struct visit *v, const struct family *f)
{
    struct form_options options = {0};
    for (size_t i = 0; i < f->persons; i++)
        form_options_add(v, &options, KIND_PERSON, visit_id_words(v->arena, &f->person[i].id),
                         str_format(v->arena, "%.*s, %.*s", STR_ARG(person_words(&f->person[i])),
                                    STR_ARG(role_words(v, f->person[i].role))));
    return options;
}

static void newcomer_show(struct visit *v)
{
    static const Str ROLES_CLOSE[] = {S_INIT("next_of_kin"), S_INIT("partner"), S_INIT("family"),
                                      S_INIT("friend"), S_INIT("former_partner")};
    struct part_choice choice[COUNT_OF(ROLES_CLOSE)];
    for (size_t i = 0; i < COUNT_OF(ROLES_CLOSE); i++)
        choice[i] = (struct part_choice){.value = ROLES_CLOSE[i],
                                         .label = role_words(v, ROLES_CLOSE[i]),
                                         .chosen = str_eq(visit_typed(v, "new_role", S("")), ROLES_CLOSE[i])};
    part_input(v->out, &(struct part_input){.name = S("new_name"),
                                            .label = S("Or somebody new: their name"),
                                            .value = visit_typed(v, "new_name", S("")),
                                            .error = part_errors_of(&v->errors, S("new_name"))});
    part_select(v->out, &(struct part_choices){.name = S("new_role"),
                                               .legend = S("What they are to the dead"),
                                               .hint = S("Partners and friends count as much as relatives."),
                                               .choice = choice,
                                               .count = COUNT_OF(choice),
                                               .error = part_errors_of(&v->errors, S("new_role"))});
}

static void contact_form(struct visit *v, const struct family *f)
{
    const struct kind *kind = kind_of(KIND_CONTACT);
    struct form_options options = people_options(v, f);
    struct part_field with = field_of(v, kind, contact_field_person);
    form_page_begin(v, S("Log a contact"), visit_death_url(v, &v->death->id, "contacts"));
    record_form_field(v, &with, &options);
    newcomer_show(v);
    field_list_show(v, kind, CONTACT_FIELDS_SHOWN, COUNT_OF(CONTACT_FIELDS_SHOWN), NULL);
    form_page_end(v, S("Log the contact"));
}

enum status page_contact_new(struct visit *v, struct err *e)
{
    struct family f;
    TRY(family_read(&v->session, VIEW_NOW, &v->death->id, v->sight, v->arena, &f, e));
    contact_form(v, &f);
    return OK;
}

/* A reference that was chosen; nothing chosen adds nothing. */
static void reference_read(struct visit *v, const struct kind *kind, int field,
                           const struct form_options *options, Json *set)
{
    struct err why = {0};
    Str name = str_of(kind->field[field].name);
    if (str_empty(visit_form(v, kind->field[field].name))) return;
    if (record_form_read(v, kind, field, S(""), options, set, &why) != OK)
        visit_error(v, name, "%s", why.text);
}

enum status do_contact(struct visit *v, struct err *e)
{
    const struct kind *kind = kind_of(KIND_CONTACT);
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    struct family f;
    struct err why = {0};
    TRY(family_read(&v->session, VIEW_NOW, &v->death->id, v->sight, v->arena, &f, e));
    struct form_options options = people_options(v, &f);
    Str name = visit_form(v, "new_name"), role = visit_form(v, "new_role");
    struct family_newcomer newcomer = {str_present(name) ? name : S(""), str_present(role) ? role : S("")};
    reference_read(v, kind, contact_field_person, &options, set.root);
    field_list_read(v, kind, CONTACT_FIELDS_SHOWN, COUNT_OF(CONTACT_FIELDS_SHOWN), false, set.root);
    if (v->errors.count == 0)
        TRY(field_list_fault(v, kind,
                             family_log_contact(&v->session, &v->death->id, v->viewer.officer, &newcomer,
                                                set.root, v->now_ms, v->arena, &why),
                             &why, e));
    if (v->errors.count > 0) {
        contact_form(v, &f);
        v->answer->status = 400;
        return OK;
    }
    visit_notice(v, "logged");
    visit_redirect(v, visit_death_url(v, &v->death->id, "family"));
    return OK;
}

/* ---- raising and answering a concern ---------------------------------------------------------------- */

static const int RAISED_FIELDS[] = {concern_field_channel, concern_field_raised_by, concern_field_at,
                                    concern_field_text, concern_field_due_at};
static const int OWNER_FIELDS[] = {concern_field_due_at};
static const int ANSWER_FIELDS[] = {concern_field_answer};

enum status page_concern_new(struct visit *v, struct err *e)
{
    (void)e;
    const struct kind *kind = kind_of(KIND_CONCERN);
    struct form_options options = {0};
    struct part_field owner = field_of(v, kind, concern_field_owner);
    form_options_officers(v, "", &options);
    form_page_begin(v, S("Raise a concern"), visit_death_url(v, &v->death->id, "concerns"));
    field_list_show(v, kind, RAISED_FIELDS, COUNT_OF(RAISED_FIELDS), NULL);
    record_form_field(v, &owner, &options);
    form_page_end(v, S("Raise the concern"));
    return OK;
}

enum status do_concern(struct visit *v, struct err *e)
{
    const struct kind *kind = kind_of(KIND_CONCERN);
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    struct form_options options = {0};
    struct record_id made;
    struct err why = {0};
    form_options_officers(v, "", &options);
    reference_read(v, kind, concern_field_owner, &options, set.root);
    field_list_read(v, kind, RAISED_FIELDS, COUNT_OF(RAISED_FIELDS), false, set.root);
    if (v->errors.count == 0)
        TRY(field_list_fault(
            v, kind, family_raise(&v->session, &v->death->id, set.root, v->now_ms, v->arena, &made, &why),
            &why, e));
    if (v->errors.count > 0) {
        TRY(page_concern_new(v, e));
        v->answer->status = 400;
        return OK;
    }
    visit_notice(v, "raised");
    visit_redirect(v, concern_url(v, &made));
    return OK;
}

static void concern_summary(struct visit *v, const struct family_concern *c)
{
    enum part_meaning meaning;
    struct part_summary_row row[] = {
        {.key = S("What"), .text = c->data->text},
        {.key = S("Raised by"), .text = c->data->raised_by, .missing = str_empty(c->data->raised_by)},
        {.key = S("When"), .text = custody_time_words(v, c->at_ms)},
        {.key = S("Owner"),
         .text = str_empty(c->owner) ? S("") : custody_key_words(v, c->owner),
         .missing = str_empty(c->owner)},
        {.key = S("State"), .text = concern_state(v, c, &meaning)},
        {.key = S("Answer"), .text = c->data->answer, .missing = str_empty(c->data->answer)},
    };
    part_summary_begin(v->out);
    for (size_t i = 0; i < COUNT_OF(row); i++)
        part_summary_row(v->out, &row[i]);
    part_summary_end(v->out);
}

static void concern_forms(struct visit *v, const struct family_concern *c, const struct record *record)
{
    const struct kind *kind = kind_of(KIND_CONCERN);
    struct form_options options = {0};
    struct part_field owner = field_of(v, kind, concern_field_owner);
    Str version = str_format(v->arena, "%llu", (unsigned long long)c->version);
    form_options_officers(v, "", &options);
    owner.value = record->held[concern_field_owner].value;
    part_heading(v->out, 2, S("answering"), S("Answer it"));
    visit_form_begin(v, url(v->arena, "/concerns/%.*s/answer", STR_ARG(visit_id_words(v->arena, &c->id))));
    part_hidden(v->out, S("version"), version);
    field_list_show(v, kind, ANSWER_FIELDS, COUNT_OF(ANSWER_FIELDS), record);
    part_button(v->out, &(struct part_button){.text = S("Record the answer")});
    part_form_end(v->out);
    if (c->answered_ms != INT64_MIN) return;
    part_details_begin(v->out, S("Change who owns it, or by when it is due"));
    visit_form_begin(v, url(v->arena, "/concerns/%.*s/owner", STR_ARG(visit_id_words(v->arena, &c->id))));
    part_hidden(v->out, S("version"), version);
    record_form_field(v, &owner, &options);
    field_list_show(v, kind, OWNER_FIELDS, COUNT_OF(OWNER_FIELDS), record);
    part_button(v->out, &(struct part_button){.text = S("Change"), .kind = BUTTON_SECONDARY});
    part_form_end(v->out);
    part_details_end(v->out);
}

enum status page_concern(struct visit *v, struct err *e)
{
    struct family_concern c;
    struct record record;
    TRY(family_concern_read(&v->session, v->view, v->record, v->arena, &c, &record, e));
    visit_page_begin(
        v, &(struct visit_page){.title = S("Concern"),
                                .back = {visit_death_url(v, &v->death->id, "family"), S("Family")}});
    part_title(v->out, death_name_words(v->death), S("A concern that was raised"));
    concern_summary(v, &c);
    if (visit_may(v, PERMISSION_FAMILY) && v->view.known_at_ms == INT64_MAX) concern_forms(v, &c, &record);
    visit_page_end(v);
    return OK;
}

/* Changes what `set` holds, as it was read by the person. */
static enum status change(struct visit *v, const Json *set, const char *notice, struct err *e)
{
    int64_t version = 0;
    struct err why = {0};
    if (str_to_i64(visit_form(v, "version"), &version) != OK || version < 0)
        visit_error(v, S(""), "The form is not complete. Load the page again.");
    if (v->errors.count == 0)
        TRY(field_list_fault(v, kind_of(KIND_CONCERN),
                             family_change(&v->session, v->record, (uint64_t)version, set, v->arena, &why),
                             &why, e));
    if (v->errors.count > 0) {
        TRY(page_concern(v, e));
        v->answer->status = 400;
        return OK;
    }
    visit_notice(v, notice);
    visit_redirect(v, visit_death_url(v, &v->death->id, "family"));
    return OK;
}

enum status do_concern_answer(struct visit *v, struct err *e)
{
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    char stamp[32];
    field_list_read(v, kind_of(KIND_CONCERN), ANSWER_FIELDS, COUNT_OF(ANSWER_FIELDS), false, set.root);
    if (json_get(set.root, "answer") == NULL)
        visit_error(v, S("answer"), "Write the answer, in words they can use.");
    caldate_format(v->now_ms, stamp);
    json_build_member(set.root, S("answered_at"), json_build_text(str_of(stamp)));
    return change(v, set.root, "answered", e);
}

enum status do_concern_owner(struct visit *v, struct err *e)
{
    const struct kind *kind = kind_of(KIND_CONCERN);
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    struct form_options options = {0};
    form_options_officers(v, "", &options);
    reference_read(v, kind, concern_field_owner, &options, set.root);
    field_list_read(v, kind, OWNER_FIELDS, COUNT_OF(OWNER_FIELDS), false, set.root);
    if (json_get(set.root, "owner") == NULL)
        visit_error(v, S("owner"), "Name who will see to it that it is answered.");
    return change(v, set.root, "changed", e);
}
