/* Setting up the second factor: privileged roles do nothing without one. */
#include "web/page/pages.h"

#include <string.h>

/* RFC 4648, section 6, as authenticators want it. 20 bytes make 32 characters. */
static Str base32(struct arena *a, const unsigned char *p, size_t n)
{
    static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    char *out = arena_alloc(a, n * 8 / 5 + 2, 1, 1);
    size_t len = 0, bits = 0;
    uint32_t held = 0;
    for (size_t i = 0; i < n; i++) {
        held = held << 8 | p[i];
        for (bits += 8; bits >= 5; bits -= 5)
            out[len++] = LETTERS[held >> (bits - 5) & 31];
    }
    return (Str){out, len};
}

/* In groups of four, to be typed. */
static Str grouped(struct arena *a, Str s)
{
    char *out = arena_alloc(a, s.len * 5 / 4 + 2, 1, 1);
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (i > 0 && i % 4 == 0) out[n++] = ' ';
        out[n++] = s.ptr[i];
    }
    return (Str){out, n};
}

static void form_show(struct visit *v)
{
    visit_form_begin(v, url(v->arena, "/account/second-factor"));
    part_input(v->out, &(struct part_input){.name = S("code"),
                                            .label = S("The code it shows now"),
                                            .hint = S("Six digits. They change every 30 seconds."),
                                            .inputmode = S("numeric"),
                                            .autocomplete = S("one-time-code"),
                                            .width = 10,
                                            .error = part_errors_of(&v->errors, S("code"))});
    part_button(v->out, &(struct part_button){.text = S("Confirm")});
    part_form_end(v->out);
}

enum status page_second_factor(struct visit *v, struct err *e)
{
    unsigned char secret[TOTP_SECRET_BYTES];
    visit_page_begin(v, &(struct visit_page){.title = S("Second factor")});
    part_title(v->out, S(""), S("Second factor"));
    if (v->who.account.has_second_factor) {
        part_paragraph(v->out,
                       S("Your account has a second factor. Sign out and in again with its code to act in "
                         "this role. If the telephone is lost, an administrator can start anew."));
        visit_page_end(v);
        return OK;
    }
    TRY(second_factor_begin(v->service->session.store, v->who.account.number, secret, e));
    Str key = base32(v->arena, secret, sizeof secret);
    explicit_bzero(secret, sizeof secret);
    part_paragraph(v->out,
                   S("This role needs a code from your telephone beside the password. Open the authenticator "
                     "on it, add an account by hand and type this key."));
    part_inset(v->out, grouped(v->arena, key));
    part_paragraph(v->out, S("It is of the kind that goes by time. The key is shown this once."));
    form_show(v);
    visit_page_end(v);
    return OK;
}

enum status do_second_factor(struct visit *v, struct err *e)
{
    struct err why = {0};
    Str code = visit_form(v, "code");
    TRY(visit_take_error(v,
                         second_factor_confirm(v->service->session.store, v->who.account.number,
                                               str_present(code) ? code : S(""), &why),
                         &why, e));
    if (v->errors.count == 0) {
        TRY(session_end(v->service->session.store, v->token, e));
        visit_redirect(v, url(v->arena, "/sign-in"));
        return OK;
    }
    visit_page_begin(v, &(struct visit_page){.title = S("Second factor")});
    part_title(v->out, S(""), S("Second factor"));
    form_show(v);
    visit_page_end(v);
    return OK;
}
