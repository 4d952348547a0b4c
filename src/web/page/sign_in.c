/* Signing in and out. Nothing of the store is read before. */
#include "web/answer.h"
#include "web/page/pages.h"

#include "app/demonstration.h"

static void demonstration_accounts(struct visit *v)
{
    struct demonstration_account list[DEMONSTRATION_ACCOUNTS_MAX];
    size_t count = demonstration_accounts_list(v->service, v->arena, list);
    if (count == 0) return;
    static const struct part_column COLUMNS[] = {
        {.title = S_INIT("Name")}, {.title = S_INIT("Who")}, {.title = S_INIT("Second factor now")}};
    part_heading(v->out, 2, S("accounts"), S("Accounts of this demonstration"));
    part_paragraph(v->out, str_format(v->arena,
                                      "All people are invented. The password of each is %s. In a real force "
                                      "the second factor is on a telephone; here it is shown.",
                                      DEMONSTRATION_PASSWORD));
    part_table_begin(v->out,
                     &(struct part_table){
                         .caption = S("Accounts"), .caption_hidden = true, .column = COLUMNS, .columns = 3});
    for (size_t i = 0; i < count; i++) {
        part_row_begin(v->out);
        part_row_head(v->out, (Url){STR_NONE}, list[i].name);
        part_cell(v->out, list[i].about);
        part_cell(v->out, str_empty(list[i].code) ? S("none") : list[i].code);
        part_row_end(v->out);
    }
    part_table_end(v->out);
}

static enum status form_show(struct visit *v, bool code_asked)
{
    Str next = visit_typed(v, "next", visit_query(v, "next"));
    visit_page_begin(v, &(struct visit_page){.title = S("Sign in")});
    part_title(v->out, S(""), S("Sign in"));
    visit_form_begin(v, url(v->arena, "/sign-in"));
    if (!str_empty(next)) part_hidden(v->out, S("next"), next);
    part_input(v->out, &(struct part_input){.name = S("name"),
                                            .label = S("Name"),
                                            .value = visit_typed(v, "name", S("")),
                                            .autocomplete = S("username"),
                                            .width = 20,
                                            .error = part_errors_of(&v->errors, S("name"))});
    part_password(v->out, &(struct part_password){.name = S("password"),
                                                  .label = S("Password"),
                                                  .error = part_errors_of(&v->errors, S("password"))});
    part_input(v->out, &(struct part_input){
                           .name = S("code"),
                           .label = S("Code of your second factor"),
                           .hint = code_asked ? S("Six digits, from the authenticator on your telephone.")
                                              : S("Leave it empty if you have none."),
                           .inputmode = S("numeric"),
                           .autocomplete = S("one-time-code"),
                           .width = 10,
                           .error = part_errors_of(&v->errors, S("code"))});
    part_button(v->out, &(struct part_button){.text = S("Sign in"), .repeatable = true});
    part_form_end(v->out);
    demonstration_accounts(v);
    visit_page_end(v);
    return OK;
}

enum status page_sign_in(struct visit *v, struct err *e)
{
    (void)e;
    if (v->signed_in) {
        visit_redirect(v, url(v->arena, "/"));
        return OK;
    }
    return form_show(v, false);
}

static void cookie_set(struct visit *v, const char *name, Str value, const char *more)
{
    http_answer_header(v->answer, S("Set-Cookie"),
                       str_format(v->arena, "%s=%.*s; Path=/; Secure; HttpOnly; SameSite=Lax%s", name,
                                  STR_ARG(value), more));
}

enum status do_sign_in(struct visit *v, struct err *e)
{
    /* the password as typed: blanks at its ends count */
    struct credentials given = {.name = visit_form(v, "name"),
                                .password = http_pair_of(&v->request->form, S("password")),
                                .code = visit_form(v, "code"),
                                .peer = v->request->peer};
    enum sign_in outcome = SIGN_IN_WRONG;
    Token token;
    if (!str_present(given.name)) given.name = S("");
    if (!str_present(given.password)) given.password = S("");
    if (!str_present(given.code)) given.code = S("");
    if (str_empty(given.name)) visit_error(v, S("name"), "Enter your name.");
    if (str_empty(given.password)) visit_error(v, S("password"), "Enter your password.");
    if (v->errors.count > 0) return form_show(v, false);
    TRY(session_begin(v->service->session.store, &given, &token, &outcome, e));
    switch (outcome) {
    case SIGN_IN_DONE:
        if (v->signed_in) TRY(session_end(v->service->session.store, v->token, e));
        cookie_set(v, SESSION_COOKIE, str_copy(v->arena, str_of(token.text)), "");
        visit_redirect(v, visit_next(v, url(v->arena, "/")));
        return OK;
    case SIGN_IN_NEEDS_CODE:
        visit_error(v, S("code"), "Enter the code of your second factor, and your password again.");
        break;
    case SIGN_IN_LOCKED:
        visit_error(v, S("name"), "This account is locked for 15 minutes after too many tries.");
        break;
    case SIGN_IN_WRONG:
        visit_error(v, S("name"), "Name, password or code is not right.");
        break;
    }
    return form_show(v, outcome == SIGN_IN_NEEDS_CODE);
}

enum status do_sign_out(struct visit *v, struct err *e)
{
    TRY(session_end(v->service->session.store, v->token, e));
    cookie_set(v, SESSION_COOKIE, S(""), "; Max-Age=0");
    http_answer_header(v->answer, S("Clear-Site-Data"), S("\"cache\", \"storage\""));
    visit_redirect(v, url(v->arena, "/sign-in"));
    return OK;
}
