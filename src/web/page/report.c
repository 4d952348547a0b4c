/* Report a death: where drafts begin and wait, and the twelve steps. Each step is saved by itself; nothing is
 * refused for being thin. */
#include "web/page/report_frame.h"

#include "app/words.h"
#include "base/caldate.h"
#include "model/kinds.h"
#include "web/page/pages.h"

#define SUPERVISORS                                                                                          \
    "sergeant detective_sergeant inspector detective_inspector chief_inspector detective_chief_inspector "   \
    "superintendent"

#define HINTS_MOST 3 /* of a phone's screen; all are on the page before the answers are checked */

enum status report_open(struct visit *v, struct report_draft *out, struct err *e)
{
    return report_draft_load(v->service->session.store, v->who.account.number, visit_param(v, "draft"),
                             v->arena, out, e);
}

Url report_url(struct visit *v, Str draft, const char *page)
{
    return url(v->arena, "/deaths/new/%.*s/%s", STR_ARG(draft), page);
}

void report_options(struct visit *v, struct form_options *out)
{
    form_options_officers(v, SUPERVISORS, out);
}

Str report_prefix(struct visit *v, enum report_part part)
{
    return part == REPORT_DEATH ? S("") : str_format(v->arena, "%s-", REPORT_PART[part].name);
}

/* ---- drafts ----------------------------------------------------------------------------------------- */

static Url next_url(struct visit *v, Str draft, int step)
{
    return report_url(v, draft, step < REPORT_STEPS ? REPORT_STEP[step].name : "links");
}

static void draft_show(struct visit *v, const struct report_draft_line *l)
{
    Str title = str_empty(l->place) ? S("Place not given yet") : l->place;
    Str about = str_format(v->arena, "of %.*s", STR_ARG(title));
    part_card_begin(v->out, title, (struct part_link){{STR_NONE}, S("")});
    part_paragraph(v->out, str_format(v->arena, "%d of %d steps answered.", l->answered, REPORT_STEPS));
    part_form_begin(v->out, &(struct part_form){.action = report_url(v, l->id, "discard"),
                                                .csrf = v->csrf,
                                                .id = str_format(v->arena, "discard-%.*s", STR_ARG(l->id))});
    part_buttons_begin(v->out);
    part_button(v->out, &(struct part_button){
                            .text = S("Continue"), .about = about, .href = next_url(v, l->id, l->next)});
    part_button(v->out,
                &(struct part_button){.text = S("Throw away"), .about = about, .kind = BUTTON_SECONDARY});
    part_buttons_end(v->out);
    part_form_end(v->out);
    part_card_end(v->out);
}

static void drafts_json(struct visit *v, const struct report_draft_line *line, size_t count)
{
    struct json_writer w = visit_json(v);
    json_open(&w, '{');
    json_put_key(&w, S("drafts"));
    json_open(&w, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(&w, '{');
        json_kv_str(&w, S("id"), line[i].id);
        json_kv_str(&w, S("place"), line[i].place);
        json_kv_i64(&w, S("answered"), line[i].answered);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    visit_json_end(v);
}

enum status page_report_start(struct visit *v, struct err *e)
{
    struct report_draft_line *line = NULL;
    size_t count = 0;
    TRY(report_draft_list(v->service->session.store, v->who.account.number, v->arena, &line, &count, e));
    if (v->format == FORMAT_JSON) {
        drafts_json(v, line, count);
        return OK;
    }
    visit_page_begin(v, &(struct visit_page){.title = S("Report a death"),
                                             .back = {url(v->arena, "/deaths"), S("Deaths")}});
    part_title(v->out, S(""), S("Report a death"));
    part_lead(v->out,
              S("Twelve short steps, about five minutes. Each is saved, so you can stop at any time."));
    part_paragraph(
        v->out, S("Report every death that is not explained, also when you think nobody else was involved. "
                  "Where you do not know, say so: a thin report is better than none."));
    visit_form_begin(v, url(v->arena, "/deaths/new"));
    part_button(v->out, &(struct part_button){.text = S("Start a report")});
    part_form_end(v->out);
    html(v->out, "<p class=\"govuk-body\">No signal? ");
    part_link(v->out, url(v->arena, "/deaths/new/paper"), S("Print the form on two pages"));
    html(v->out, " and type it in later.</p>\n");
    if (count > 0) part_heading(v->out, 2, S("drafts"), S("Reports you have begun"));
    for (size_t i = 0; i < count; i++)
        draft_show(v, &line[i]);
    visit_page_end(v);
    return OK;
}

enum status do_report_begin(struct visit *v, struct err *e)
{
    struct report_draft d CLEANUP_DRAFT = {0};
    report_draft_begin(&v->service->session.env.entropy, v->arena, &d);
    TRY(report_draft_save(v->service->session.store, v->who.account.number, &d, e));
    visit_redirect(v, report_url(v, d.id, REPORT_STEP[0].name));
    return OK;
}

enum status do_report_discard(struct visit *v, struct err *e)
{
    struct report_draft d CLEANUP_DRAFT = {0};
    TRY(report_open(v, &d, e));
    TRY(report_draft_drop(v->service->session.store, v->who.account.number, d.id, e));
    visit_notice(v, "discarded");
    visit_redirect(v, url(v->arena, "/deaths/new"));
    return OK;
}

enum status page_report_continue(struct visit *v, struct err *e)
{
    struct report_draft d CLEANUP_DRAFT = {0};
    TRY(report_open(v, &d, e));
    visit_redirect(v, next_url(v, d.id, report_draft_next(&d)));
    return OK;
}

/* ---- a step: drawing -------------------------------------------------------------------------------- */

static Str text_or_none(const char *text)
{
    return text == NULL ? S("") : str_of(text);
}

static void extra_show(struct visit *v, const struct report_draft *d, const struct report_question *q)
{
    enum report_extra extra = (enum report_extra)(q->extra - 1);
    const struct report_extra_row *row = &REPORT_EXTRA[extra];
    struct part_choice choice[COUNT_OF(row->choice)];
    Str chosen = visit_typed(v, row->name, report_draft_extra(d, extra));
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(row->choice) && row->choice[i].code != NULL; i++)
        choice[count++] = (struct part_choice){.value = str_of(row->choice[i].code),
                                               .label = str_of(row->choice[i].words),
                                               .chosen = str_eq(chosen, str_of(row->choice[i].code))};
    part_radios(v->out, &(struct part_choices){.name = str_of(row->name),
                                               .legend = str_of(row->label),
                                               .hint = str_of(row->hint),
                                               .style = LABEL_HEADING,
                                               .error = part_errors_of(&v->errors, str_of(row->name)),
                                               .choice = choice,
                                               .count = count});
}

static enum status question_show(struct visit *v, const struct report_draft *d,
                                 const struct report_question *q, bool alone,
                                 const struct form_options *options)
{
    const struct kind *kind = kind_of(REPORT_PART[q->part].kind);
    struct fact fact = {0};
    struct err unreadable = {0}; /* written under an older policy: to be answered anew */
    if (q->extra > 0) {
        extra_show(v, d, q);
        return OK;
    }
    if (report_draft_fact(d, &v->service->session.policy, q->part, q->field, v->arena, &fact, &unreadable) !=
        OK)
        fact.value = STR_NONE;
    Str prefix = report_prefix(v, q->part), id = part_field_id(v->arena, kind, q->field, prefix);
    record_form_field(v,
                      &(struct part_field){.policy = &v->service->session.policy,
                                           .kind = kind,
                                           .field = q->field,
                                           .prefix = prefix,
                                           .value = fact.value,
                                           .typed = v->errors.count > 0 ? &v->request->form : NULL,
                                           .error = part_errors_of(&v->errors, id),
                                           .label = text_or_none(q->label),
                                           .hint = str_of(q->hint),
                                           .style = alone ? LABEL_HIDDEN : LABEL_HEADING},
                      options);
    return OK;
}

/* What is near, once the place is given: shown on the step after it, below the question. */
static enum status near_hint(struct visit *v, const struct report_draft *d, int step, struct err *e)
{
    struct near_query q;
    struct near_answer n;
    if (step != 1) return OK;
    TRY(report_near_query(d, &v->service->session.policy, v->now_ms, v->arena, &q, e));
    if (!q.place.present) return OK;
    q.most = HINTS_MOST;
    near_find(v->service->roll, v->sight, &v->service->session.policy, &q, v->arena, &n);
    TRY(near_note(v, &n, e));
    part_inset_begin(v->out);
    part_heading(v->out, 2, S("near"), S("Earlier deaths near this place"));
    near_show(v, &q, &n);
    part_inset_end(v->out);
    return OK;
}

static void step_buttons(struct visit *v)
{
    part_buttons_begin(v->out);
    part_button(v->out, &(struct part_button){.text = S("Save and continue")});
    part_button(v->out, &(struct part_button){.text = S("Not known, go on"),
                                              .name = S("not_known"),
                                              .value = S("yes"),
                                              .kind = BUTTON_SECONDARY,
                                              .skips_checks = true});
    part_buttons_end(v->out);
    html(v->out, "<p class=\"govuk-body\">Each step is saved. ");
    part_link(v->out, url(v->arena, "/deaths/new"), S("Come back to it later"));
    html(v->out, "</p>\n");
}

static enum status step_show(struct visit *v, const struct report_draft *d, int step, struct err *e)
{
    const struct report_step *s = &REPORT_STEP[step];
    struct form_options options = {0};
    Str caption = str_format(v->arena, "Report a death: step %d of %d", step + 1, REPORT_STEPS);
    Str next = visit_typed(v, "next", visit_query(v, "next"));
    bool alone = s->count == 1, checking = str_present(next) && str_eq(next, S("check"));
    Url back = checking    ? report_url(v, d->id, "check")
               : step == 0 ? url(v->arena, "/deaths/new")
                           : report_url(v, d->id, REPORT_STEP[step - 1].name);
    report_options(v, &options);
    visit_page_begin(v, &(struct visit_page){.title = str_of(s->title), .back = {back, S("")}});
    part_title(v->out, caption, str_of(s->title));
    if (s->lead[0] != '\0') part_paragraph(v->out, str_of(s->lead));
    part_form_begin(
        v->out, &(struct part_form){.action = report_url(v, d->id, s->name),
                                    .csrf = v->csrf,
                                    .keep = str_format(v->arena, "report-%.*s-%s", STR_ARG(d->id), s->name)});
    part_hidden(v->out, S("next"), checking ? S("check") : S(""));
    for (size_t i = 0; i < s->count; i++)
        TRY(question_show(v, d, &s->question[i], alone, &options));
    if (step == 0)
        part_live(v->out, &(struct part_live){.id = S("near"),
                                              .href = url(v->arena, "/api/v1/near"),
                                              .watch = S("place-lat place-lon"),
                                              .title = S("Earlier deaths near this place")});
    step_buttons(v);
    part_form_end(v->out);
    TRY(near_hint(v, d, step, e));
    visit_page_end(v);
    return OK;
}

static enum status step_of(struct visit *v, int *step, struct err *e)
{
    *step = report_step_named(visit_param(v, "step"));
    return *step >= 0 ? OK : ERR(e, E_NOT_FOUND, "", "there is no such step.");
}

enum status page_report_step(struct visit *v, struct err *e)
{
    struct report_draft d CLEANUP_DRAFT = {0};
    int step = 0;
    TRY(step_of(v, &step, e));
    TRY(report_open(v, &d, e));
    return step_show(v, &d, step, e);
}

/* ---- a step: saving --------------------------------------------------------------------------------- */

/* The code that says that it is not known; NULL where leaving it empty says so. */
static const char *unknown_code(const struct field *f)
{
    if (f->type != FT_CODE) return NULL;
    if (strcmp(f->values, "F M X U") == 0) return "U";
    return field_value_listed(f->values, S("unknown")) ? "unknown" : NULL;
}

/* Is there an answer to it? */
static bool extra_take(struct visit *v, struct report_draft *d, enum report_extra extra, bool not_known)
{
    const struct report_extra_row *row = &REPORT_EXTRA[extra];
    Str code = visit_form(v, row->name);
    bool known = false;
    for (size_t i = 0; i < COUNT_OF(row->choice) && row->choice[i].code != NULL; i++) {
        known = known || (str_present(code) && str_eq(code, str_of(row->choice[i].code)));
        if (!str_present(code) && not_known && strcmp(row->choice[i].code, "unknown") == 0)
            code = S("unknown");
    }
    report_draft_put_extra(d, extra, str_present(code) ? code : S(""));
    if (str_present(code) && !str_empty(code) && !known && !not_known)
        visit_error(v, str_of(row->name), "Choose one of the answers.");
    return known;
}

static bool field_take(struct visit *v, struct report_draft *d, const struct report_question *q,
                       bool not_known, const struct form_options *options)
{
    const struct kind *kind = kind_of(REPORT_PART[q->part].kind);
    const struct field *field = &kind->field[q->field];
    Str prefix = report_prefix(v, q->part);
    Json *set = report_draft_part(d, q->part);
    struct err why = {0};
    struct fact fact = {0};
    enum status status = record_form_read(v, kind, q->field, prefix, options, set, &why);
    if (status == OK)
        status = report_draft_fact(d, &v->service->session.policy, q->part, q->field, v->arena, &fact, &why);
    if (status != OK) {
        visit_error(v, part_field_id(v->arena, kind, q->field, prefix), "%s%s", why.text,
                    str_ends(str_of(why.text), S(".")) ? "" : ".");
        return true;
    }
    if (str_present(fact.value)) return true;
    if (not_known && unknown_code(field) != NULL)
        json_build_member(set, str_of(field->name), json_build_text(str_of(unknown_code(field))));
    return false;
}

enum status do_report_step(struct visit *v, struct err *e)
{
    struct report_draft d CLEANUP_DRAFT = {0};
    struct form_options options = {0};
    struct err why = {0};
    bool not_known = str_present(visit_form(v, "not_known")), any = false;
    int step = 0;
    TRY(step_of(v, &step, e));
    TRY(report_open(v, &d, e));
    report_options(v, &options);
    for (size_t i = 0; i < REPORT_STEP[step].count; i++) {
        const struct report_question *q = &REPORT_STEP[step].question[i];
        bool answered = q->extra > 0 ? extra_take(v, &d, (enum report_extra)(q->extra - 1), not_known)
                                     : field_take(v, &d, q, not_known, &options);
        any = any || answered;
    }
    report_draft_answer(&d, step, any ? ANSWER_GIVEN : ANSWER_NOT_KNOWN);
    if (v->errors.count == 0) {
        enum status status = report_draft_save(v->service->session.store, v->who.account.number, &d, &why);
        if (status == E_LIMIT)
            visit_error(v, S(""), "The draft has grown too long to be kept. Shorten the longest text.");
        else if (status != OK)
            return ERR(e, status, why.field, "%s", why.text);
    }
    if (v->errors.count > 0) return step_show(v, &d, step, e);
    if (str_eq(visit_typed(v, "next", S("")), S("check")))
        visit_redirect(v, report_url(v, d.id, "check"));
    else
        visit_redirect(v, next_url(v, d.id, step + 1));
    return OK;
}
