/* Settings, Notices: who is told outside, what waits, and what was given up. */
#include "web/page/pages.h"

#include "app/notice_send.h"
#include "app/words.h"

enum { SHOWN = 50 };

static Str unit_words(struct visit *v, const struct notice_receiver *r)
{
    return str_empty(r->unit) ? S("every unit") : str_format(v->arena, "unit %.*s", STR_ARG(r->unit));
}

/* Without what may be a secret: user and password, the path, the query. */
static Str host_of(Str address)
{
    size_t scheme = str_find(address, S("://"));
    Str host = scheme == STR_NPOS ? address : str_slice(address, scheme + 3, address.len);
    for (const char *end = "/?#"; *end != '\0'; end++)
        host =
            str_slice(host, 0, str_find_char(host, *end) == STR_NPOS ? host.len : str_find_char(host, *end));
    for (size_t at; (at = str_find_char(host, '@')) != STR_NPOS;)
        host = str_slice(host, at + 1, host.len);
    return host;
}

static void receivers_show(struct visit *v, const struct notice_config *c)
{
    part_heading(v->out, 2, S("receivers"), S("Who is told"));
    if (c->count == 0) {
        part_empty(v->out, S("Nobody. Notices are off: there is no file notices.tsv in the folder of the "
                             "records."));
        return;
    }
    part_entries_begin(v->out);
    for (size_t i = 0; i < c->count; i++) {
        const struct notice_receiver *r = &c->receiver[i];
        part_entry(v->out, &(struct part_entry){
                               .title = r->name,
                               .why = r->is_hook ? str_format(v->arena, "A web hook, signed, at %.*s",
                                                              STR_ARG(host_of(r->address)))
                                                 : str_format(v->arena, "Mail to %.*s", STR_ARG(r->to)),
                               .small = str_format(v->arena, "Of %.*s", STR_ARG(unit_words(v, r)))});
    }
    part_entries_end(v->out);
}

static void again_form(struct visit *v, const struct notice *n)
{
    visit_form_begin(v, url(v->arena, "/settings/notices/%.*s/again", STR_ARG(n->id)));
    html(v->out, "<p class=\"govuk-body\">");
    htmlf(v->out, "To %.*s, %.*s: %.*s %.*s</p>\n", STR_ARG(n->receiver), STR_ARG(n->reference),
          STR_ARG(notice_words(n->kind)), STR_ARG(n->problem));
    part_paragraph(v->out, str_format(v->arena, "Tried %u times, the last time %.*s.", n->tries,
                                      STR_ARG(words_time(v->arena, n->due_ms))));
    part_button(v->out, &(struct part_button){.text = str_format(v->arena, "Send %.*s to %.*s again",
                                                                 STR_ARG(n->reference), STR_ARG(n->receiver)),
                                              .kind = BUTTON_SECONDARY});
    part_form_end(v->out);
}

enum status page_notices(struct visit *v, struct err *e)
{
    struct store *store = v->service->session.store;
    struct notice_config config;
    struct notice *waiting = NULL, *lost = NULL, *dropped = NULL;
    size_t waits = 0, all_waiting = 0, losts = 0, all_lost = 0, drops = 0, all_dropped = 0;
    struct err why = {0};
    enum status status = notice_config_read(v->arena, v->service->session.dir, &config, &why);
    TRY(notice_list(store, NOTICE_WAITING, 1, v->arena, &waiting, &waits, &all_waiting, e));
    TRY(notice_list(store, NOTICE_GIVEN_UP, SHOWN, v->arena, &lost, &losts, &all_lost, e));
    TRY(notice_list(store, NOTICE_DROPPED, 1, v->arena, &dropped, &drops, &all_dropped, e));
    visit_page_begin(v, &(struct visit_page){.title = S("Notices")});
    part_title(v->out, S("Settings"), S("Notices"));
    part_lead(v->out,
              S("Mail and web hooks say that something waits, with its reference and the address of its "
                "page. They name nobody."));
    if (status == OK)
        receivers_show(v, &config);
    else
        part_warning(v->out, str_copy(v->arena, str_of(why.text)));
    part_heading(v->out, 2, S("waiting"), S("On the way"));
    part_paragraph(
        v->out, str_format(v->arena,
                           all_waiting == 1 ? "%zu notice waits to be sent." : "%zu notices wait to be sent.",
                           all_waiting));
    if (waits > 0 && !str_empty(waiting[0].problem)) part_inset(v->out, waiting[0].problem);
    if (all_dropped > 0)
        part_paragraph(v->out, str_format(v->arena,
                                          "Not sent: %zu. They were answered first, or may not be told now.",
                                          all_dropped));
    part_heading(v->out, 2, S("lost"), S("Given up"));
    if (all_lost == 0) part_empty(v->out, S("No notice was given up."));
    for (size_t i = 0; i < losts; i++)
        again_form(v, &lost[i]);
    if (all_lost > losts) part_paragraph(v->out, str_format(v->arena, "And %zu more.", all_lost - losts));
    visit_page_end(v);
    return OK;
}

enum status do_notice_again(struct visit *v, struct err *e)
{
    TRY(notice_again(v->service->session.store, &v->actor, visit_param(v, "notice"), v->now_ms, e));
    visit_notice(v, "notice");
    visit_redirect(v, url(v->arena, "/settings/notices"));
    return OK;
}
