/* A review of the whole record: which procedures were not followed, and what the reviewer decides. */
#include "web/page/casework_page.h"
#include "web/page/death_frame.h"
#include "web/page/pages.h"

#include "app/casework_words.h"
#include "app/words.h"

static const struct part_choice OUTCOMES[] = {
    {.value = S_INIT("agree"), .label = S_INIT("Agree"), .hint = S_INIT("The report and its category hold.")},
    {.value = S_INIT("return"),
     .label = S_INIT("Return it"),
     .hint = S_INIT("Something is missing: the officer who wrote it is told what.")},
    {.value = S_INIT("escalate"),
     .label = S_INIT("Escalate"),
     .hint = S_INIT("Somebody more senior, or the specialist team, has to look at it.")},
    {.value = S_INIT("recategorise"),
     .label = S_INIT("Change the category"),
     .hint = S_INIT("You decide on the category next.")},
};
static const struct part_choice KINDS[] = {
    {.value = S_INIT("supervisor"), .label = S_INIT("Review by a supervisor")},
    {.value = S_INIT("after_new_link"), .label = S_INIT("After a new link")},
    {.value = S_INIT("before_closing"), .label = S_INIT("Before closing")},
    {.value = S_INIT("independent"), .label = S_INIT("Independent review")},
    {.value = S_INIT("dip_sample"), .label = S_INIT("Sample")},
};

static void figures_show(struct visit *v, const struct casework *w)
{
    Url checks = visit_death_url(v, &v->death->id, "checks");
    struct part_figure figure[] = {
        {.number = str_format(v->arena, "%zu", w->report.in_state[CHECK_OVERDUE]),
         .text = S("checks overdue"),
         .href = checks,
         .meaning = w->report.in_state[CHECK_OVERDUE] > 0 ? MEANING_URGENT : MEANING_GOOD},
        {.number = str_format(v->arena, "%zu of %zu", w->report.done, w->report.count),
         .text = S("checks done"),
         .href = checks},
        {.number = str_format(v->arena, "%d of %d", w->quality.answered, w->quality.asked),
         .text = S("first questions answered"),
         .href = visit_death_url(v, &v->death->id, "")},
        {.number = str_format(v->arena, "%d", w->quality.contradictions),
         .text = S("contradictions"),
         .meaning = w->quality.contradictions > 0 ? MEANING_URGENT : MEANING_GOOD},
    };
    part_figures(v->out, figure, COUNT_OF(figure));
}

static void not_followed_show(struct visit *v, const struct casework *w)
{
    static const struct part_column COLUMNS[] = {{.title = S_INIT("Check")},
                                                 {.title = S_INIT("State")},
                                                 {.title = S_INIT("For")},
                                                 {.title = S_INIT("Date")}};
    part_heading(v->out, 2, S("open"), S("Procedures not followed, or not yet"));
    if (w->report.done == w->report.count) {
        part_empty(v->out, S("Every check that this death asks for is done."));
        return;
    }
    part_table_begin(v->out, &(struct part_table){.caption = S("Open checks, overdue ones first"),
                                                  .caption_hidden = true,
                                                  .column = COLUMNS,
                                                  .columns = COUNT_OF(COLUMNS)});
    for (int state = 0; state < CHECK_STATES; state++)
        for (size_t i = 0; i < w->report.count; i++) {
            const struct check_status *s = &w->report.status[i];
            if ((int)s->state != state || check_done(s->state)) continue;
            part_row_begin(v->out);
            part_row_head(v->out,
                          url(v->arena, "/deaths/%.*s/checks/%.*s",
                              STR_ARG(visit_id_words(v->arena, &v->death->id)), STR_ARG(s->check->id)),
                          s->check->title);
            part_cell(v->out, check_tag_words(v, s->state));
            part_cell(v->out, check_role_words(s->check->role));
            part_cell(v->out, s->due_ms == FOREVER_MS ? S("") : words_time(v->arena, s->due_ms));
            part_row_end(v->out);
        }
    part_table_end(v->out);
}

/* Where the answer to one of the first questions is given; nowhere for other findings. */
static Url answer_url(struct visit *v, const struct quality_finding *f)
{
    bool open = f->nature == QUALITY_MISSING || f->nature == QUALITY_UNKNOWN;
    if (!open || !visit_may(v, PERMISSION_RECORD)) return (Url){STR_NONE};
    return url(v->arena, "/deaths/%.*s/change/%s", STR_ARG(visit_id_words(v->arena, &v->death->id)), f->rule);
}

static void quality_show(struct visit *v, const struct quality *q)
{
    if (q->count == 0) return;
    part_heading(v->out, 2, S("quality"), S("The report itself"));
    html(v->out, "<ul class=\"govuk-list govuk-list--bullet\">\n");
    for (size_t i = 0; i < q->count; i++) {
        const struct quality_finding *f = &q->finding[i];
        Url answer = answer_url(v, f);
        html(v->out, "<li>");
        if (f->nature == QUALITY_CONTRADICTION) html(v->out, "Contradiction: ");
        if (str_present(answer.ready))
            part_link(v->out, answer, f->sentence);
        else
            html_text(v->out, f->sentence);
        html(v->out, "</li>\n");
    }
    html(v->out, "</ul>\n");
}

static void steps_faulty(struct visit *v, const struct casework *w)
{
    for (size_t i = 0; i < w->steps; i++)
        if (w->step[i].fault != 0) {
            part_heading(v->out, 2, S("category"), S("Category"));
            html(v->out, "<p class=\"govuk-body\">A step of the category was not as it should be. ");
            html_link(v->out, visit_death_url(v, &v->death->id, "category"), S("See every step"));
            html(v->out, ".</p>\n");
            return;
        }
}

static void choices_show(struct visit *v, const char *name, const char *legend,
                         const struct part_choice *list, size_t count, Str standing)
{
    struct part_choice *choice = NEW_ARRAY(v->arena, struct part_choice, count);
    Str chosen = visit_typed(v, name, standing);
    for (size_t i = 0; i < count; i++) {
        choice[i] = list[i];
        choice[i].chosen = str_eq(choice[i].value, chosen);
    }
    part_radios(v->out, &(struct part_choices){.name = str_of(name),
                                               .legend = str_of(legend),
                                               .choice = choice,
                                               .count = count,
                                               .error = part_errors_of(&v->errors, str_of(name))});
}

static void review_form(struct visit *v, const struct casework *w)
{
    part_heading(v->out, 2, S("decide"), S("Your review"));
    visit_form_begin(v, visit_death_url(v, &v->death->id, "review"));
    choices_show(v, "outcome", "What do you decide?", OUTCOMES, COUNT_OF(OUTCOMES), S(""));
    part_textarea(v->out, &(struct part_textarea){.name = S("text"),
                                                  .label = S("What did you find?"),
                                                  .hint = S("Say what is missing, and what has to be done."),
                                                  .value = visit_typed(v, "text", S("")),
                                                  .error = part_errors_of(&v->errors, S("text"))});
    choices_show(v, "kind", "What kind of review is it?", KINDS, COUNT_OF(KINDS),
                 w->challenged ? S("after_new_link") : S("supervisor"));
    part_button(v->out, &(struct part_button){.text = S("Record the review")});
    part_form_end(v->out);
}

static enum status review_html(struct visit *v, const struct casework_page *p, bool own)
{
    const struct casework *w = &p->work;
    death_page_begin(v, DEATH_CHECKS);
    part_title(v->out, death_reference_words(v, v->death), S("Review"));
    figures_show(v, w);
    if (w->challenged)
        part_warning(v->out, S("A link speaks against the category. It has to be looked at again."));
    casework_page_caveat(v, p);
    not_followed_show(v, w);
    steps_faulty(v, w);
    quality_show(v, &w->quality);
    second_requests_show(v, p, -1);
    if (own)
        part_inset(v->out, S("This is your own report. Another person has to review it."));
    else
        review_form(v, w);
    death_page_end(v);
    return OK;
}

static enum status read_all(struct visit *v, struct casework_page *p, bool *own, struct err *e)
{
    TRY(casework_page_read(v, p, e));
    struct casework_act act = casework_page_act(v, p);
    return act_is_own_report(&act, own, e);
}

enum status page_review(struct visit *v, struct err *e)
{
    struct casework_page p;
    bool own = false;
    TRY(read_all(v, &p, &own, e));
    return review_html(v, &p, own);
}

enum status do_review(struct visit *v, struct err *e)
{
    struct casework_page p;
    struct err why = {0};
    bool own = false;
    TRY(read_all(v, &p, &own, e));
    struct casework_act act = casework_page_act(v, &p);
    Str outcome = visit_form(v, "outcome");
    enum status status = act_review(&act, visit_form(v, "kind"), outcome, visit_form(v, "text"), &why);
    TRY(visit_take_error(v, status, &why, e));
    if (v->errors.count > 0) return review_html(v, &p, own);
    visit_notice(v, "reviewed");
    visit_redirect(
        v, visit_death_url(v, &v->death->id, str_eq(outcome, S("recategorise")) ? "category" : "checks"));
    return OK;
}
