/* One check of a death, and what can be done about it: give its evidence, say who it waits for, answer it, or
 * say that it is not needed. */
#include "web/page/casework_page.h"
#include "web/page/death_frame.h"
#include "web/page/pages.h"

#include "app/casework_words.h"
#include "app/record_add.h"
#include "model/kinds.h"
#include "web/route.h"

struct one_check {
    struct casework_page p;
    const struct check_status *status;
};

static enum status check_read(struct visit *v, struct one_check *out, struct err *e)
{
    Str name = visit_param(v, "check");
    TRY(casework_page_read(v, &out->p, e));
    out->status = NULL;
    for (size_t i = 0; i < out->p.work.report.count; i++)
        if (str_eq(out->p.work.report.status[i].check->id, name)) out->status = &out->p.work.report.status[i];
    if (out->status == NULL) return ERR(e, E_NOT_FOUND, "", "this check is not asked of this death.");
    return OK;
}

static Url own_url(struct visit *v, const struct check *check, const char *doing)
{
    Str death = visit_id_words(v->arena, &v->death->id);
    if (doing[0] == '\0')
        return url(v->arena, "/deaths/%.*s/checks/%.*s", STR_ARG(death), STR_ARG(check->id));
    return url(v->arena, "/deaths/%.*s/checks/%.*s/%s", STR_ARG(death), STR_ARG(check->id), doing);
}

/* ---- where its evidence is entered ------------------------------------------------------------------ */

struct evidence_place {
    Url href;
    Str text;
};

static Str kind_words(struct visit *v, Str kind)
{
    struct buf words CLEANUP_BUF;
    buf_init(&words, 1 << 10);
    for (size_t i = 0; i < kind.len; i++)
        buf_add_char(&words, kind.ptr[i] == '_' ? ' ' : kind.ptr[i]);
    return str_copy(v->arena, buf_str(&words));
}

static Str test_word(const struct selector *s, const char *field)
{
    for (size_t i = 0; i < s->tests; i++)
        if (str_eq(s->test[i].field, str_of(field)) && s->test[i].op == TEST_IS)
            return s->test[i].word.item[0];
    return S("");
}

/* The form for a new record, filled in as far as the pack says. */
static Url add_url(struct visit *v, const struct selector *s, Str subject)
{
    Url to = url(v->arena, "/deaths/%.*s/add/%.*s", STR_ARG(visit_id_words(v->arena, &v->death->id)),
                 STR_ARG(s->kind));
    for (size_t i = 0; i < s->tests; i++) {
        const struct test *t = &s->test[i];
        bool plain = t->op == TEST_IS && !str_present(t->path) && t->word.count == 1;
        if (!plain || str_eq(t->word.item[0], S("*"))) continue;
        to = url_with(v->arena, to, t->field,
                      str_eq(t->word.item[0], S("@")) ? casework_key_words(v->arena, subject)
                                                      : t->word.item[0]);
    }
    return to;
}

static struct evidence_place decision_place(struct visit *v, const struct selector *s)
{
    Str type = test_word(s, "type");
    const struct record_id *death = &v->death->id;
    if (str_eq(type, S("classify")))
        return (struct evidence_place){visit_death_url(v, death, "category"), S("Decide the category")};
    if (str_eq(type, S("answer"))) return (struct evidence_place){{STR_NONE}, S("")};
    return (struct evidence_place){visit_death_url(v, death, "links"), S("Decide on the link")};
}

/* The first field of the report that the pack asks for. */
static struct evidence_place report_place(struct visit *v, const struct selector *s)
{
    const struct kind *kind = kind_of(KIND_DEATH);
    for (size_t i = 0; i < s->tests; i++) {
        int field = str_present(s->test[i].path) ? -1 : field_index(kind, s->test[i].field);
        if (field < 0 || record_field_is_fixed(field)) continue;
        Str page = str_format(v->arena, "change/%s", kind->field[field].name);
        return (struct evidence_place){visit_death_url(v, &v->death->id, str_cstr(v->arena, page)),
                                       S("Add to the report")};
    }
    return (struct evidence_place){visit_death_url(v, &v->death->id, ""), S("Add to the report")};
}

static struct evidence_place place_of(struct visit *v, const struct selector *s, Str subject)
{
    const struct record_id *death = &v->death->id;
    if (str_eq(s->kind, S("decision"))) return decision_place(v, s);
    if (str_eq(s->kind, S("review")))
        return (struct evidence_place){visit_death_url(v, death, "review"), S("Review the report")};
    if (str_eq(s->kind, S("death"))) return report_place(v, s);
    if (str_eq(s->kind, S("concern")))
        return (struct evidence_place){visit_death_url(v, death, "family"), S("Answer the concern")};
    if (kind_named(s->kind) == NULL) return (struct evidence_place){{STR_NONE}, S("")};
    return (struct evidence_place){add_url(v, s, subject),
                                   str_format(v->arena, "Add the %.*s", STR_ARG(kind_words(v, s->kind)))};
}

static void evidence_links(struct visit *v, const struct check_status *s)
{
    struct evidence_place shown[16];
    size_t count = 0;
    Str subject = s->item[s->next].subject;
    for (size_t i = 0; i < s->check->variants; i++)
        for (size_t n = 0; n < s->check->variant[i].closings; n++) {
            const struct evidence *closed = &s->check->variant[i].closed[n];
            struct evidence_place one = place_of(v, &closed->step[0].any[0], subject);
            bool known = str_empty(one.href.ready) || count == COUNT_OF(shown);
            for (size_t k = 0; k < count; k++)
                known = known || str_eq(shown[k].text, one.text);
            if (!known) shown[count++] = one;
        }
    if (count == 0) return;
    part_heading(v->out, 2, S("evidence"), S("Give the evidence"));
    part_buttons_begin(v->out);
    for (size_t i = 0; i < count; i++)
        part_button(v->out, &(struct part_button){.text = shown[i].text,
                                                  .href = shown[i].href,
                                                  .kind = i == 0 ? BUTTON_PRIMARY : BUTTON_SECONDARY});
    part_buttons_end(v->out);
}

/* ---- forms ------------------------------------------------------------------------------------------ */

/* What it is asked for and is not done. */
static void subject_choice(struct visit *v, const struct one_check *c)
{
    const struct check_status *s = c->status;
    struct part_choice *choice = NEW_ARRAY(v->arena, struct part_choice, s->items + 1);
    size_t n = 0;
    for (size_t i = 0; i < s->items; i++)
        if (!check_done(s->item[i].state))
            choice[n++] =
                (struct part_choice){.value = s->item[i].subject,
                                     .label = casework_subject_words(v->arena, &c->p.work, &s->item[i]),
                                     .chosen = i == s->next};
    if (n == 1) part_hidden(v->out, S("subject"), choice[0].value);
    if (n > 1)
        part_radios(v->out, &(struct part_choices){.name = S("subject"),
                                                   .legend = S("For which?"),
                                                   .choice = choice,
                                                   .count = n,
                                                   .small = true});
}

static void wait_form(struct visit *v, const struct one_check *c)
{
    const struct roll_officer *officer = NULL;
    size_t all = roll_officers(v->service->roll, &officer), n = 0;
    struct part_choice *choice = NEW_ARRAY(v->arena, struct part_choice, all + 1);
    for (size_t i = 0; i < all; i++)
        if (str_eq(officer[i].unit, v->death->unit) || str_eq(officer[i].id.id, v->viewer.officer))
            choice[n++] =
                (struct part_choice){.value = officer[i].id.id,
                                     .label = str_empty(officer[i].name) ? officer[i].id.id : officer[i].name,
                                     .chosen = str_eq(officer[i].id.id, visit_form(v, "owner"))};
    part_heading(v->out, 2, S("waiting"), S("Say who it waits for"));
    visit_form_begin(v, own_url(v, c->status->check, "waiting"));
    subject_choice(v, c);
    part_select(v->out, &(struct part_choices){.name = S("owner"),
                                               .legend = S("Who has to do it?"),
                                               .hint = S("Officers of the unit of this death."),
                                               .error = part_errors_of(&v->errors, S("owner")),
                                               .choice = choice,
                                               .count = n});
    part_input(v->out, &(struct part_input){.name = S("due_at"),
                                            .label = S("By when? (optional)"),
                                            .type = S("date"),
                                            .error = part_errors_of(&v->errors, S("due_at")),
                                            .value = visit_typed(v, "due_at", S("")),
                                            .width = 10});
    part_button(v->out, &(struct part_button){.text = S("Save"), .kind = BUTTON_SECONDARY});
    part_form_end(v->out);
}

static void answer_form(struct visit *v, const struct one_check *c)
{
    part_heading(v->out, 2, S("answer"), S("Answer it"));
    visit_form_begin(v, own_url(v, c->status->check, "answer"));
    subject_choice(v, c);
    part_textarea(v->out, &(struct part_textarea){.name = S("answer"),
                                                  .label = S("What explains it, or what is the answer?"),
                                                  .error = part_errors_of(&v->errors, S("answer")),
                                                  .value = visit_typed(v, "answer", S(""))});
    relied_on_show(v, &c->p.work, S("What does it rest on?"), S("Tick the records that show it."));
    part_button(v->out, &(struct part_button){.text = S("Save the answer")});
    part_form_end(v->out);
}

static void not_needed_form(struct visit *v, const struct one_check *c)
{
    part_details_begin(v->out, S("Say that this check is not needed"));
    visit_form_begin(v, own_url(v, c->status->check, "not-needed"));
    part_textarea(v->out,
                  &(struct part_textarea){
                      .name = S("rationale"),
                      .label = S("Why is it not needed?"),
                      .hint = S("It stays open until a second person, of the rank this check asks for and "
                                "signed in by another account, agrees."),
                      .error = part_errors_of(&v->errors, S("rationale")),
                      .value = visit_typed(v, "rationale", S("")),
                      .rows = 3});
    part_button(v->out, &(struct part_button){.text = S("Ask a second person"), .kind = BUTTON_SECONDARY});
    part_form_end(v->out);
    part_details_end(v->out);
}

static void actions_show(struct visit *v, const struct one_check *c)
{
    const struct check *check = c->status->check;
    if (!visit_may(v, PERMISSION_RECORD) || v->view.known_at_ms != INT64_MAX) return;
    if (check_done(c->status->state)) return;
    evidence_links(v, c->status);
    if (act_can_answer(check)) answer_form(v, c);
    if (act_can_wait(check)) wait_form(v, c);
    if (check->waive_rank > 0) not_needed_form(v, c);
}

/* ---- the page --------------------------------------------------------------------------------------- */

static void facts_show(struct visit *v, const struct check *check)
{
    struct buf link CLEANUP_BUF;
    buf_init(&link, 1 << 12);
    html_link(&link, url(v->arena, "/guidance/%.*s", STR_ARG(check->guidance)), S("Read the guidance"));
    part_summary_begin(v->out);
    part_summary_row(v->out, &(struct part_summary_row){.key = S("What"), .text = check->asks});
    part_summary_row(v->out,
                     &(struct part_summary_row){.key = S("Why"), .text = check->why, .note = check->source});
    part_summary_row(v->out,
                     &(struct part_summary_row){.key = S("For"), .text = check_role_words(check->role)});
    if (check->due_ms > 0 || str_present(check->due_field))
        part_summary_row(v->out,
                         &(struct part_summary_row){.key = S("Clock"), .text = v->service->checks.clocks});
    part_summary_row(v->out,
                     &(struct part_summary_row){.key = S("Guidance"), .value = html_made(v->arena, &link)});
    part_summary_end(v->out);
}

static enum status check_html(struct visit *v, const struct one_check *c)
{
    const struct check_status *s = c->status;
    death_page_begin(v, DEATH_CHECKS);
    part_title(v->out, S("Check"), s->check->title);
    html(v->out, "<p class=\"govuk-body\">");
    part_tag(v->out, check_meaning(s->state), check_tag_words(v, s->state));
    html(v->out, "</p>\n");
    casework_page_caveat(v, &c->p);
    for (size_t i = 0; i < s->items; i++)
        casework_item_show(v, &c->p.work, &s->item[i]);
    facts_show(v, s->check);
    second_requests_show(v, &c->p, SECOND_NOT_NEEDED);
    actions_show(v, c);
    death_page_end(v);
    return OK;
}

enum status page_check(struct visit *v, struct err *e)
{
    struct one_check c;
    TRY(check_read(v, &c, e));
    return check_html(v, &c);
}

/* Back to the check with a notice, or the form again with what is wrong. */
static enum status check_done_with(struct visit *v, struct one_check *c, enum status status,
                                   const struct err *why, const char *notice, struct err *e)
{
    TRY(visit_take_error(v, status, why, e));
    if (v->errors.count > 0) return check_html(v, c);
    visit_notice(v, notice);
    visit_redirect(v, own_url(v, c->status->check, ""));
    return OK;
}

/* The subject that was chosen, if the check is asked for it; else the first that is not done. */
static Str subject_of(const struct visit *v, const struct check_status *s)
{
    for (size_t i = 0; i < s->items; i++)
        if (str_eq(s->item[i].subject, visit_form(v, "subject"))) return s->item[i].subject;
    return s->item[s->next].subject;
}

enum status do_check_not_needed(struct visit *v, struct err *e)
{
    struct one_check c;
    struct err why = {0};
    TRY(check_read(v, &c, e));
    struct casework_act act = casework_page_act(v, &c.p);
    enum status status = act_not_needed(&act, c.status->check, visit_form(v, "rationale"), &why);
    return check_done_with(v, &c, status, &why, "second", e);
}

enum status do_check_waiting(struct visit *v, struct err *e)
{
    struct one_check c;
    struct err why = {0};
    TRY(check_read(v, &c, e));
    struct casework_act act = casework_page_act(v, &c.p);
    struct act_wait wait = {visit_form(v, "owner"), visit_form(v, "due_at"), subject_of(v, c.status)};
    enum status status = act_wait(&act, c.status->check, &wait, &why);
    return check_done_with(v, &c, status, &why, "saved", e);
}

enum status do_check_answer(struct visit *v, struct err *e)
{
    struct one_check c;
    struct err why = {0};
    struct record_id *relied_on = NULL;
    TRY(check_read(v, &c, e));
    struct casework_act act = casework_page_act(v, &c.p);
    size_t count = relied_on_read(v, &c.p.work, &relied_on);
    struct act_reasons reasons = {visit_form(v, "answer"), relied_on, count};
    enum status status = act_answer(&act, c.status->check, subject_of(v, c.status), &reasons, &why);
    if (status == E_INVALID && strcmp(why.field, "rationale") == 0) {
        visit_error(v, S("answer"), "%s", why.text);
        return check_html(v, &c);
    }
    return check_done_with(v, &c, status, &why, "saved", e);
}

/* ---- the second person ------------------------------------------------------------------------------ */

static const struct second_request *request_find(struct visit *v, const struct casework_page *p)
{
    struct second_request *list = NULL;
    size_t count = second_requests(&p->work, &v->service->checks, v->arena, &list);
    for (size_t i = 0; i < count; i++)
        if (str_eq(visit_id_words(v->arena, &list[i].id), visit_param(v, "decision"))) return &list[i];
    return NULL;
}

enum status do_second(struct visit *v, struct err *e)
{
    struct casework_page p;
    struct err why = {0};
    TRY(casework_page_read(v, &p, e));
    const struct second_request *r = request_find(v, &p);
    if (r == NULL) return ERR(e, E_NOT_FOUND, "", "nothing waits for a second person there.");
    if (r->kind == SECOND_LOWER && !visit_may(v, PERMISSION_CLASSIFY))
        return ERR(e, E_DENIED, "", "You act in a role that may not decide the category of a death.");
    bool agree = str_eq(visit_form(v, "say"), S("agree"));
    enum status status = agree ? second_agree(&v->session, &p.who, r, v->arena, &why)
                               : second_decline(&v->session, &p.who, &v->death->id, r,
                                                visit_form(v, "reason"), v->arena, &why);
    TRY(visit_take_error(v, status, &why, e));
    if (v->errors.count > 0) return r->kind == SECOND_LOWER ? page_category(v, e) : page_checks(v, e);
    visit_notice(v, agree ? "agreed" : "declined");
    visit_redirect(v, visit_death_url(v, &v->death->id, r->kind == SECOND_LOWER ? "category" : "checks"));
    return OK;
}
