/* Settings, People: accounts, what they may do, and the links with which passwords are chosen. */
#include "web/page/pages.h"

#include "base/caldate.h"
#include "store/accounts.h"

static Url people_url(struct visit *v, Str name)
{
    return url(v->arena, "/settings/people/%.*s", STR_ARG(name));
}

static Str roles_words(struct visit *v, RoleSet roles)
{
    Str words = S("");
    for (int i = 0; i < ROLE_COUNT; i++)
        if (roles & ROLE_BIT(i))
            words = str_format(v->arena, "%.*s%s%s", STR_ARG(words), str_empty(words) ? "" : ", ",
                               ROLES[i].label);
    return words;
}

static Str state_words(const struct visit *v, const struct account *x)
{
    if (x->disabled) return S("Disabled");
    if (x->locked_until_ms > v->now_ms) return S("Locked for a while");
    if (!x->has_password) return S("Link not used yet");
    if (roles_privileged(x->roles) && !x->has_second_factor) return S("Second factor missing");
    return S("In use");
}

static void list_json(struct visit *v, const struct account *list, size_t count)
{
    struct json_writer w = visit_json(v);
    json_open(&w, '{');
    json_put_key(&w, S("accounts"));
    json_open(&w, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(&w, '{');
        json_kv_str(&w, S("name"), list[i].name);
        json_kv_str(&w, S("person"), list[i].person);
        json_kv_str(&w, S("unit"), list[i].unit);
        json_kv_str(&w, S("officer"), list[i].officer);
        json_put_key(&w, S("roles"));
        json_open(&w, '[');
        for (int r = 0; r < ROLE_COUNT; r++)
            if (list[i].roles & ROLE_BIT(r)) json_put_str(&w, str_of(ROLES[r].code));
        json_close(&w, ']');
        json_kv_str(&w, S("state"), state_words(v, &list[i]));
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    visit_json_end(v);
}

enum status page_people(struct visit *v, struct err *e)
{
    static const struct part_column COLUMNS[] = {{.title = S_INIT("Name")},
                                                 {.title = S_INIT("Person")},
                                                 {.title = S_INIT("Unit")},
                                                 {.title = S_INIT("May act as")},
                                                 {.title = S_INIT("State")}};
    struct account *list = NULL;
    size_t count = 0;
    TRY(account_list(v->service->session.store, v->arena, &list, &count, e));
    if (v->format == FORMAT_JSON) {
        list_json(v, list, count);
        return OK;
    }
    visit_page_begin(v, &(struct visit_page){.title = S("People"),
                                             .back = {url(v->arena, "/settings"), S("Settings")},
                                             .wide = true});
    part_title(v->out, S("Settings"), S("People"));
    part_button(v->out, &(struct part_button){.text = S("Make an account"),
                                              .href = url(v->arena, "/settings/people/new")});
    part_table_begin(v->out, &(struct part_table){.caption = S("Accounts"),
                                                  .caption_hidden = true,
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS)});
    for (size_t i = 0; i < count; i++) {
        part_row_begin(v->out);
        part_row_head(v->out, people_url(v, list[i].name), list[i].name);
        part_cell(v->out, list[i].person);
        part_cell(v->out, roll_unit_words(v->service->roll, list[i].unit));
        part_cell(v->out, roles_words(v, list[i].roles));
        part_cell(v->out, state_words(v, &list[i]));
        part_row_end(v->out);
    }
    part_table_end(v->out);
    visit_page_end(v);
    return OK;
}

/* ---- the form --------------------------------------------------------------------------------------- */

static void unit_select(struct visit *v, Str chosen)
{
    const struct roll_unit *unit = NULL;
    size_t units = roll_units(v->service->roll, &unit), count = 1;
    struct part_choice *choice = NEW_ARRAY(v->arena, struct part_choice, units + 1);
    choice[0] = (struct part_choice){.value = S(""),
                                     .label = S("None: sees deaths of every unit as the role allows")};
    for (size_t i = 0; i < units; i++)
        choice[count++] =
            (struct part_choice){.value = visit_id_words(v->arena, &unit[i].id),
                                 .label = unit[i].name,
                                 .chosen = str_eq(visit_id_words(v->arena, &unit[i].id), chosen)};
    part_select(v->out, &(struct part_choices){.name = S("unit"),
                                               .legend = S("Unit"),
                                               .choice = choice,
                                               .count = count,
                                               .error = part_errors_of(&v->errors, S("unit"))});
}

static bool is_ticked(const struct visit *v, const char *name, Str value)
{
    for (size_t i = 0; i < v->request->form.count; i++)
        if (str_eq(v->request->form.pair[i].name, str_of(name)) &&
            str_eq(v->request->form.pair[i].value, value))
            return true;
    return false;
}

static void role_boxes(struct visit *v, RoleSet roles)
{
    struct part_choice choice[ROLE_COUNT];
    bool typed = v->errors.count > 0;
    for (int i = 0; i < ROLE_COUNT; i++)
        choice[i] = (struct part_choice){.value = str_of(ROLES[i].code),
                                         .label = str_of(ROLES[i].label),
                                         .hint = str_of(ROLES[i].about),
                                         .chosen = typed ? is_ticked(v, "roles", str_of(ROLES[i].code))
                                                         : (roles & ROLE_BIT(i)) != 0};
    part_checkboxes(v->out, &(struct part_choices){.name = S("roles"),
                                                   .legend = S("May act as"),
                                                   .hint = S("One at a time. Every entry names the role."),
                                                   .choice = choice,
                                                   .count = ROLE_COUNT,
                                                   .small = true,
                                                   .error = part_errors_of(&v->errors, S("roles"))});
}

static void line_input(struct visit *v, const char *name, Str label, Str hint, Str recorded)
{
    part_input(v->out, &(struct part_input){.name = str_of(name),
                                            .label = label,
                                            .hint = hint,
                                            .value = visit_typed(v, name, recorded),
                                            .width = 20,
                                            .error = part_errors_of(&v->errors, str_of(name))});
}

static void account_inputs(struct visit *v, const struct account *x)
{
    line_input(v, "person", S("Person"), S("As others know them: Sgt A. Person"), x->person);
    unit_select(v, visit_typed(v, "unit", x->unit));
    line_input(v, "officer", S("Officer record"),
               S("The reference of their record in the staff list. Without it they cannot hold exhibits."),
               x->officer);
    role_boxes(v, x->roles);
}

static enum status new_form(struct visit *v)
{
    struct account none = {.person = S(""), .unit = S(""), .officer = S("")};
    visit_page_begin(v, &(struct visit_page){.title = S("Make an account"),
                                             .back = {url(v->arena, "/settings/people"), S("People")}});
    part_title(v->out, S("People"), S("Make an account"));
    visit_form_begin(v, url(v->arena, "/settings/people"));
    line_input(v, "name", S("Name to sign in with"), S("2 to 64 of a-z, 0-9, full stop, _ and -"), S(""));
    account_inputs(v, &none);
    part_button(v->out, &(struct part_button){.text = S("Make the account")});
    part_form_end(v->out);
    visit_page_end(v);
    return OK;
}

enum status page_person_new(struct visit *v, struct err *e)
{
    (void)e;
    return new_form(v);
}

static Str text_of(struct visit *v, const char *name)
{
    Str text = visit_form(v, name);
    return str_present(text) ? text : S("");
}

static struct account account_typed(struct visit *v)
{
    struct account x = {.name = text_of(v, "name"),
                        .person = text_of(v, "person"),
                        .unit = text_of(v, "unit"),
                        .officer = text_of(v, "officer")};
    for (int i = 0; i < ROLE_COUNT; i++)
        if (is_ticked(v, "roles", str_of(ROLES[i].code))) x.roles |= ROLE_BIT(i);
    if (!str_empty(x.officer) && roll_officer(v->service->roll, S("main"), x.officer) == NULL)
        visit_error(v, S("officer"), "There is no officer with this reference in the staff list.");
    return x;
}

/* The link is not kept anywhere: it stands on this answer and nowhere else. */
static void link_page(struct visit *v, const struct account *x, const Token *link)
{
    Str host = http_header(v->request, "Host");
    visit_page_begin(v, &(struct visit_page){.title = S("Link to choose a password"),
                                             .back = {url(v->arena, "/settings/people"), S("People")}});
    part_title(v->out, S("People"), S("Link to choose a password"));
    part_paragraph(v->out, str_format(v->arena, "For %.*s, who signs in as %.*s.", STR_ARG(x->person),
                                      STR_ARG(x->name)));
    part_inset(v->out, str_format(v->arena, "https://%.*s/invitation/%s",
                                  STR_ARG(str_present(host) ? host : S("")), link->text));
    part_warning(v->out,
                 S("It is shown this once, serves once, and for seven days. Hand it to this person and "
                   "to nobody else."));
    visit_page_end(v);
    http_answer_header(v->answer, S("Cache-Control"), S("no-store"));
}

enum status do_person_make(struct visit *v, struct err *e)
{
    struct err why = {0};
    Token link;
    struct account given = account_typed(v);
    if (v->errors.count == 0)
        TRY(visit_take_error(v, account_make(v->service->session.store, &v->actor, &given, &link, &why), &why,
                             e));
    if (v->errors.count > 0) {
        v->answer->status = 400;
        return new_form(v);
    }
    link_page(v, &given, &link);
    return OK;
}

/* ---- one account ------------------------------------------------------------------------------------ */

static enum status account_page(struct visit *v, const struct account *x)
{
    visit_page_begin(
        v, &(struct visit_page){.title = x->name, .back = {url(v->arena, "/settings/people"), S("People")}});
    part_title(v->out, S("People"), x->name);
    part_inset(v->out, state_words(v, x));
    visit_form_begin(v, people_url(v, x->name));
    account_inputs(v, x);
    struct part_choice gone[] = {
        {.value = S("yes"),
         .label = S("Disabled: cannot sign in"),
         .chosen = v->errors.count > 0 ? is_ticked(v, "disabled", S("yes")) : x->disabled}};
    part_checkboxes(v->out, &(struct part_choices){.name = S("disabled"),
                                                   .legend = S("Account"),
                                                   .choice = gone,
                                                   .count = 1,
                                                   .error = part_errors_of(&v->errors, S("disabled"))});
    part_button(v->out, &(struct part_button){.text = S("Change the account")});
    part_form_end(v->out);
    part_heading(v->out, 2, S("reset"), S("A new link"));
    part_paragraph(v->out,
                   S("For a forgotten password or a lost telephone: the old password and second factor "
                     "stop working at once."));
    visit_form_begin(v, url(v->arena, "/settings/people/%.*s/link", STR_ARG(x->name)));
    part_button(v->out, &(struct part_button){.text = S("Make a new link"), .kind = BUTTON_WARNING});
    part_form_end(v->out);
    visit_page_end(v);
    return OK;
}

static enum status account_of(struct visit *v, struct account *out, struct err *e)
{
    return account_find(v->service->session.store, visit_param(v, "account"), v->arena, out, e);
}

enum status page_person(struct visit *v, struct err *e)
{
    struct account x;
    TRY(account_of(v, &x, e));
    return account_page(v, &x);
}

enum status do_person_change(struct visit *v, struct err *e)
{
    struct account x;
    struct err why = {0};
    TRY(account_of(v, &x, e));
    struct account given = account_typed(v);
    given.number = x.number;
    given.name = x.name;
    given.disabled = is_ticked(v, "disabled", S("yes"));
    if (v->errors.count == 0)
        TRY(visit_take_error(v, account_change(v->service->session.store, &v->actor, &given, &why), &why, e));
    if (v->errors.count > 0) {
        v->answer->status = 400;
        return account_page(v, &x);
    }
    visit_notice(v, "changed");
    visit_redirect(v, url(v->arena, "/settings/people"));
    return OK;
}

enum status do_person_link(struct visit *v, struct err *e)
{
    struct account x;
    Token link;
    TRY(account_of(v, &x, e));
    TRY(account_invite(v->service->session.store, &v->actor, x.name, &link, e));
    link_page(v, &x, &link);
    return OK;
}
