/* The link that serves once: choosing a password. */
#include "web/page/pages.h"

static enum status form_show(struct visit *v, const struct account *who)
{
    visit_page_begin(v, &(struct visit_page){.title = S("Choose a password")});
    part_title(v->out, S(""), S("Choose a password"));
    part_paragraph(v->out, str_format(v->arena, "For %.*s, who signs in as %.*s. This link serves once.",
                                      STR_ARG(who->person), STR_ARG(who->name)));
    visit_form_begin(v, url(v->arena, "/invitation/%.*s", STR_ARG(visit_param(v, "token"))));
    part_password(
        v->out,
        &(struct part_password){
            .name = S("password"),
            .label = S("Password"),
            .hint = S("At least 12 characters. Three or four words that do not belong together are good."),
            .is_new = true,
            .error = part_errors_of(&v->errors, S("password"))});
    part_password(v->out, &(struct part_password){.name = S("again"),
                                                  .label = S("The same password again"),
                                                  .is_new = true,
                                                  .error = part_errors_of(&v->errors, S("again"))});
    part_button(v->out, &(struct part_button){.text = S("Set the password")});
    part_form_end(v->out);
    visit_page_end(v);
    return OK;
}

enum status page_invitation(struct visit *v, struct err *e)
{
    struct account who;
    TRY(invitation_read(v->service->session.store, visit_param(v, "token"), v->arena, &who, e));
    return form_show(v, &who);
}

enum status do_invitation(struct visit *v, struct err *e)
{
    struct store *store = v->service->session.store;
    Str password = http_pair_of(&v->request->form, S("password"));
    Str again = http_pair_of(&v->request->form, S("again"));
    struct account who;
    struct err why = {0};
    TRY(invitation_read(store, visit_param(v, "token"), v->arena, &who, e));
    if (!str_eq(password, again)) visit_error(v, S("again"), "The two passwords are not the same.");
    if (v->errors.count == 0)
        TRY(visit_take_error(v, invitation_accept(store, visit_param(v, "token"), password, &why), &why, e));
    if (v->errors.count > 0) return form_show(v, &who);
    visit_redirect(v, url(v->arena, "/sign-in"));
    return OK;
}
