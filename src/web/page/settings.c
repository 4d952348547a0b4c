/* Settings: the role one acts in, and what else is kept here. */
#include "web/page/pages.h"

#include "app/stage.h"
#include "base/caldate.h"
#include "model/when.h"
#include "web/answer.h"

static void role_form(struct visit *v)
{
    struct part_choice choice[ROLE_COUNT];
    size_t count = 0;
    for (int i = 0; i < ROLE_COUNT; i++)
        if (v->who.account.roles & ROLE_BIT(i))
            choice[count++] = (struct part_choice){.value = str_of(ROLES[i].code),
                                                   .label = str_of(ROLES[i].label),
                                                   .hint = str_of(ROLES[i].about),
                                                   .chosen = (enum role)i == v->viewer.role};
    if (count < 2) {
        part_paragraph(v->out, str_format(v->arena, "You act as %s. Every entry of the ledgers names it.",
                                          ROLES[v->viewer.role].label));
        return;
    }
    visit_form_begin(v, url(v->arena, "/settings/role"));
    part_radios(v->out,
                &(struct part_choices){.name = S("role"),
                                       .legend = S("Act as"),
                                       .hint = S("One at a time. Every entry of the ledgers names it."),
                                       .choice = choice,
                                       .count = count});
    part_button(v->out, &(struct part_button){.text = S("Change role")});
    part_form_end(v->out);
}

static void clock_form(struct visit *v)
{
    char now[48], stamp[32];
    if (v->service->stage == NULL) return;
    caldate_words(v->now_ms, now);
    caldate_format(v->now_ms, stamp);
    part_heading(v->out, 2, S("clock"), S("The clock of the demonstration"));
    part_paragraph(v->out, str_format(v->arena,
                                      "It stands at %s and runs on from there. Move it forward and what "
                                      "became known until then comes in.",
                                      now));
    visit_form_begin(v, url(v->arena, "/settings/clock"));
    part_input(v->out, &(struct part_input){.name = S("to"),
                                            .label = S("Move it to"),
                                            .hint = S("For example 2014-09-20, or 2014-09-20T14:00"),
                                            .value = visit_typed(v, "to", str_slice(str_of(stamp), 0, 16)),
                                            .width = 20,
                                            .error = part_errors_of(&v->errors, S("to"))});
    part_button(v->out, &(struct part_button){.text = S("Move the clock")});
    part_form_end(v->out);
}

/* What else is here for this person. */
static const struct {
    const char *path, *text, *about;
    enum permission permission;
} SECTIONS[] = {
    {"/settings/people", "People", "Accounts, and what they may do.", PERMISSION_ACCOUNTS},
    {"/settings/units", "Units and officers", "As the staff list has them.", PERMISSION_READ},
    {"/import", "Import", "Bring in a file, look at it first, take it back.", PERMISSION_IMPORT},
    {"/settings/checks", "Checks", "What has to be done for a death, and by when.", PERMISSION_READ},
    {"/settings/linkage", "Linkage", "What the linker believes.", PERMISSION_READ},
    {"/settings/policy", "Policy", "Vocabularies and rules with their versions.", PERMISSION_SIGNED_IN},
    {"/settings/restrictions", "Restrictions", "Records that only some may see.", PERMISSION_RESTRICT},
    {"/settings/conflicts", "Conflicts of interest", "Declare that a record concerns somebody close to you.",
     PERMISSION_READ},
    {"/settings/notices", "Notices", "Mail and web hooks: who is told, and what was not taken.",
     PERMISSION_SYSTEM},
    {"/settings/system", "System", "The ledgers, their proof, and how far the indexes are.",
     PERMISSION_SYSTEM},
};

static bool path_there(const char *path)
{
    for (size_t i = 0; i < ROUTES_COUNT; i++)
        if (strcmp(ROUTES[i].path, path) == 0) return true;
    return false;
}

static void sections_show(struct visit *v)
{
    part_heading(v->out, 2, S("sections"), S("Sections"));
    part_entries_begin(v->out);
    for (size_t i = 0; i < COUNT_OF(SECTIONS); i++)
        if (visit_may(v, SECTIONS[i].permission) && path_there(SECTIONS[i].path))
            part_entry(v->out, &(struct part_entry){.href = {str_of(SECTIONS[i].path)},
                                                    .title = str_of(SECTIONS[i].text),
                                                    .why = str_of(SECTIONS[i].about)});
    part_entries_end(v->out);
}

enum status page_settings(struct visit *v, struct err *e)
{
    (void)e;
    visit_page_begin(v, &(struct visit_page){.title = S("Settings")});
    part_title(v->out, S(""), S("Settings"));
    part_heading(v->out, 2, S("role"), S("Your role"));
    role_form(v);
    sections_show(v);
    clock_form(v);
    visit_page_end(v);
    return OK;
}

enum status do_role(struct visit *v, struct err *e)
{
    int role = role_named(visit_form(v, "role"));
    if (role < 0 || !(v->who.account.roles & ROLE_BIT(role)))
        return ERR(e, E_INVALID, "role", "your account does not have this role.");
    http_answer_header(
        v->answer, S("Set-Cookie"),
        str_format(v->arena, ROLE_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Lax", ROLES[role].code));
    visit_notice(v, "role");
    visit_redirect(v, url(v->arena, "/"));
    return OK;
}

enum status do_clock(struct visit *v, struct err *e)
{
    struct actor feed = {.name = S("demonstration"), .role = S("feed"), .origin = S("demonstration")};
    struct moment to = {0};
    struct err why = {0};
    size_t lines = 0;
    if (v->service->stage == NULL) return ERR(e, E_NOT_FOUND, "", "this is no demonstration.");
    Str text = visit_form(v, "to");
    /* without a zone it is UTC, as everywhere here */
    if (text.len == 16) text = str_format(v->arena, "%.*s:00Z", STR_ARG(text));
    enum status status = moment_parse(text, &to, &why);
    if (status == OK)
        status = stage_move(v->service->stage, v->service->session.store, &feed,
                            to.precision == PRECISION_DAY ? to.ms + MS_PER_DAY - 1 : to.ms, &lines, &why);
    TRY(visit_take_error(v, status, &why, e));
    if (v->errors.count > 0) return page_settings(v, e);
    visit_notice(v, "clock");
    visit_redirect(v, url(v->arena, "/"));
    return OK;
}
