/* The category of a death: what it is, how it came to be, and the form for another one. */
#include "web/page/casework_page.h"
#include "web/page/death_frame.h"
#include "web/page/pages.h"

#include "app/casework_words.h"
#include "app/words.h"
#include "base/caldate.h"

static const struct {
    const char *code, *hint;
} CATEGORIES[] = {
    {"expected", "They were known to be dying. Nothing speaks against it."},
    {"unexpected_not_suspicious", "It was looked into. There is proof of what happened."},
    {"unexpected_investigating", "What happened is not known."},
    {"homicide", "Somebody else caused the death, or may have."},
};

static Str faults_words(struct visit *v, unsigned fault)
{
    struct buf words CLEANUP_BUF;
    buf_init(&words, 1 << 12);
    for (unsigned bit = 1; bit < 1U << CATEGORY_FAULTS; bit <<= 1)
        if (fault & bit)
            buf_addf(&words, "%s%s", words.len > 0 ? " " : "",
                     category_fault_words((enum category_fault)bit));
    return str_copy(v->arena, buf_str(&words));
}

static Str step_text(struct visit *v, const struct casework *w, const struct category_step *s)
{
    Str reason = str_present(s->rationale) ? s->rationale : S("");
    Str second = str_present(s->approved_by)
                     ? str_format(v->arena, " Agreed by %.*s.",
                                  STR_ARG(casework_who_words(v->arena, w, s->approved_by)))
                     : S("");
    Str faults = faults_words(v, s->fault);
    return str_format(v->arena, "%.*s%.*s%s%.*s", STR_ARG(reason), STR_ARG(second),
                      faults.len > 0 ? " Not as it should be: " : "", STR_ARG(faults));
}

static void steps_show(struct visit *v, const struct casework *w)
{
    static const char *const DIRECTIONS[] = {"First: ", "Up: ", "Down: ", "Again: "};
    char stamp[32];
    if (w->steps == 0) return;
    part_heading(v->out, 2, S("steps"), S("How it came to be"));
    part_timeline_begin(v->out);
    for (size_t i = w->steps; i-- > 0;) {
        const struct category_step *s = &w->step[i];
        caldate_format(s->at_ms, stamp);
        part_moment(v->out,
                    &(struct part_moment){.title = str_format(v->arena, "%s%.*s", DIRECTIONS[s->direction],
                                                              STR_ARG(category_words(s->to))),
                                          .when = words_time(v->arena, s->at_ms),
                                          .machine = str_copy(v->arena, str_of(stamp)),
                                          .by = str_present(s->by) ? casework_who_words(v->arena, w, s->by)
                                                                   : casework_row_words(v->arena, s->row),
                                          .text = step_text(v, w, s),
                                          .meaning = s->fault != 0 ? MEANING_URGENT : MEANING_PLAIN});
    }
    part_timeline_end(v->out);
}

static void category_form(struct visit *v, const struct casework *w)
{
    struct part_choice choice[COUNT_OF(CATEGORIES)];
    int was = category_height(w->category);
    for (size_t i = 0; i < COUNT_OF(CATEGORIES); i++) {
        Str code = str_of(CATEGORIES[i].code);
        const char *note = was == 0 || category_height(code) >= was
                               ? ""
                               : " Lower than now: tick what shows it. A supervisor, not you, has to agree.";
        choice[i] = (struct part_choice){.value = code,
                                         .label = category_words(code),
                                         .hint = str_format(v->arena, "%s%s", CATEGORIES[i].hint, note),
                                         .chosen = str_eq(code, visit_form(v, "to"))};
    }
    part_heading(v->out, 2, S("decide"), S("Decide the category"));
    visit_form_begin(v, visit_death_url(v, &v->death->id, "category"));
    part_radios(v->out, &(struct part_choices){.name = S("to"),
                                               .legend = S("Category"),
                                               .choice = choice,
                                               .count = COUNT_OF(CATEGORIES),
                                               .error = part_errors_of(&v->errors, S("to"))});
    part_textarea(v->out, &(struct part_textarea){.name = S("rationale"),
                                                  .label = S("Why?"),
                                                  .hint = S("What you know, and what it shows."),
                                                  .value = visit_typed(v, "rationale", S("")),
                                                  .error = part_errors_of(&v->errors, S("rationale"))});
    relied_on_show(v, w, S("What does it rest on?"), S("To go lower, tick one or more."));
    part_button(v->out, &(struct part_button){.text = S("Record the decision")});
    part_form_end(v->out);
}

static enum status category_html(struct visit *v, const struct casework_page *p)
{
    const struct casework *w = &p->work;
    death_page_begin(v, DEATH_CHECKS);
    part_title(v->out, death_reference_words(v, v->death), S("Category"));
    part_lead(v->out, str_format(v->arena, "Now: %.*s.", STR_ARG(category_words(w->category))));
    if (w->challenged)
        part_warning(v->out, S("A link speaks against this category. Read both records and say whether it "
                               "still holds. The machine changes nothing."));
    casework_page_caveat(v, p);
    second_requests_show(v, p, SECOND_LOWER);
    steps_show(v, w);
    if (visit_may(v, PERMISSION_CLASSIFY) && v->view.known_at_ms == INT64_MAX) category_form(v, w);
    death_page_end(v);
    return OK;
}

static void steps_json(struct visit *v, const struct casework *w)
{
    struct json_writer out = visit_json(v);
    casework_write_json(&out, &v->service->checks, w);
    visit_json_end(v);
}

enum status page_category(struct visit *v, struct err *e)
{
    struct casework_page p;
    TRY(casework_page_read(v, &p, e));
    if (v->format != FORMAT_JSON) return category_html(v, &p);
    steps_json(v, &p.work);
    return OK;
}

enum status do_category(struct visit *v, struct err *e)
{
    struct casework_page p;
    struct record_id *relied_on = NULL;
    struct err why = {0};
    bool proposed = false;
    TRY(casework_page_read(v, &p, e));
    struct casework_act act = casework_page_act(v, &p);
    size_t count = relied_on_read(v, &p.work, &relied_on);
    struct act_reasons reasons = {visit_form(v, "rationale"), relied_on, count};
    enum status status = act_classify(&act, visit_form(v, "to"), &reasons, &proposed, &why);
    TRY(visit_take_error(v, status, &why, e));
    if (v->errors.count > 0) return category_html(v, &p);
    visit_notice(v, proposed ? "second" : "classified");
    visit_redirect(v, visit_death_url(v, &v->death->id, "category"));
    return OK;
}
