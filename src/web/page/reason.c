/* Before a record of another unit, or a restricted one: why? The answer is an entry of the access ledger. */
#include "web/page/pages.h"

static const struct part_choice REASONS[] = {
    {.value = S_INIT("on_duty"), .label = S_INIT("I am dealing with this death now")},
    {.value = S_INIT("linked"), .label = S_INIT("It may be linked with a death I work on")},
    {.value = S_INIT("review"), .label = S_INIT("I review or supervise this work")},
    {.value = S_INIT("request"), .label = S_INIT("I was asked to look at it")},
    {.value = S_INIT("other"), .label = S_INIT("Another reason")},
};

static enum status form_show(struct visit *v)
{
    bool restricted = v->death->restricted;
    visit_page_begin(v, &(struct visit_page){.title = S("Why do you need to see this record?")});
    part_interruption_begin(v->out,
                            restricted ? S("This record is restricted") : S("This record is another unit's"));
    part_paragraph(
        v->out, S("Say why you need to see it. Your answer is kept with your name and the time, and people "
                  "outside your chain of command look at such answers."));
    visit_form_begin(v, visit_death_url(v, &v->death->id, "reason"));
    part_hidden(v->out, S("next"), visit_typed(v, "next", visit_query(v, "next")));
    part_radios(v->out, &(struct part_choices){.name = S("why"),
                                               .legend = S("Reason"),
                                               .choice = REASONS,
                                               .count = COUNT_OF(REASONS),
                                               .error = part_errors_of(&v->errors, S("why"))});
    part_input(v->out, &(struct part_input){.name = S("more"),
                                            .label = S("In a few words"),
                                            .value = visit_typed(v, "more", S("")),
                                            .spellcheck = true,
                                            .error = part_errors_of(&v->errors, S("more"))});
    part_button(v->out, &(struct part_button){.text = S("Open the record")});
    part_form_end(v->out);
    part_interruption_end(v->out);
    visit_page_end(v);
    return OK;
}

enum status page_reason(struct visit *v, struct err *e)
{
    (void)e;
    return form_show(v);
}

enum status do_reason(struct visit *v, struct err *e)
{
    struct store *store = v->service->session.store;
    Str why = visit_form(v, "why"), more = visit_form(v, "more"), words = S("");
    for (size_t i = 0; i < COUNT_OF(REASONS); i++)
        if (str_eq(why, REASONS[i].value)) words = REASONS[i].label;
    if (str_empty(words)) visit_error(v, S("why"), "Choose a reason.");
    if (str_empty(more)) visit_error(v, S("more"), "Say in a few words what it is about.");
    if (v->errors.count > 0) return form_show(v);
    TRY(store_note_reason(store, &v->actor, &v->death->id,
                          str_format(v->arena, "%.*s: %.*s", STR_ARG(words), STR_ARG(more)), e));
    TRY(session_reason_keep(store, v->token, &v->death->id, e));
    visit_redirect(v, visit_next(v, visit_death_url(v, &v->death->id, "")));
    return OK;
}
