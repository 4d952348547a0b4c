/* The end of a report: deaths that may belong to it, the answers once more, sending, and what to do next. */
#include "web/page/report_frame.h"

#include "app/casework_words.h"
#include "app/words.h"
#include "model/kinds.h"
#include "web/page/casework_page.h"
#include "web/page/death_frame.h"
#include "web/page/link_parts.h"
#include "web/page/pages.h"

#include <stdlib.h>

#define KNOWN_BYTES_MAX ((size_t)1 << 16)
#define CHECKS_MOST     5

/* ---- link check ------------------------------------------------------------------------------------- */

static enum status near_of_draft(struct visit *v, const struct report_draft *d, struct near_query *q,
                                 struct near_answer *n, struct err *e)
{
    TRY(report_near_query(d, &v->service->session.policy, v->now_ms, v->arena, q, e));
    near_find(v->service->roll, v->sight, &v->service->session.policy, q, v->arena, n);
    return near_note(v, n, e);
}

static Str attended_words(struct visit *v, const struct roll_death *d)
{
    return str_format(v->arena, "I attended %.*s.", STR_ARG(death_reference_words(v, d)));
}

static Str known_text(struct visit *v, const struct report_draft *d)
{
    struct fact fact;
    struct err none = {0};
    struct statement *s = NEW(v->arena, struct statement);
    enum status status = report_draft_fact(d, &v->service->session.policy, REPORT_KNOWN, statement_field_text,
                                           v->arena, &fact, &none);
    if (status != OK || !str_present(fact.value)) return S("");
    const struct field *field = &kind_of(KIND_STATEMENT)->field[statement_field_text];
    return field_decode(v->arena, field, fact.value, STR_NONE, s, &none) == OK ? s->text : S("");
}

static void attended_show(struct visit *v, const struct near_answer *n, Str known)
{
    struct part_choice *choice = NEW_ARRAY(v->arena, struct part_choice, n->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < n->count; i++) {
        const struct roll_death *d = roll_death(v->service->roll, n->item[i].death);
        if (str_find(known, attended_words(v, d)) != STR_NPOS) continue;
        choice[count++] =
            (struct part_choice){.value = death_reference_words(v, d), .label = near_title(v, &n->item[i])};
    }
    if (count == 0) return;
    part_checkboxes(v->out, &(struct part_choices){.name = S("attended"),
                                                   .legend = S("Did you attend one of them?"),
                                                   .style = LABEL_HEADING,
                                                   .choice = choice,
                                                   .count = count});
}

/* What is alike comes first in what is said: a neighbour in place alone says little. */
static void seen_show(struct visit *v, const struct near_answer *n)
{
    size_t alike = 0;
    for (size_t i = 0; i < n->count; i++)
        alike += n->item[i].alike.count > 0;
    if (alike == 0) return;
    part_lead(v->out, alike == 1
                          ? S("Something you reported was seen in 1 other death near this place.")
                          : str_format(v->arena,
                                       "Something you reported was seen in %zu other deaths near this place.",
                                       alike));
}

static enum status links_show(struct visit *v, const struct report_draft *d, struct err *e)
{
    struct near_query q;
    struct near_answer n;
    Str name = S("known-text"), known = visit_typed(v, "known-text", known_text(v, d));
    TRY(near_of_draft(v, d, &q, &n, e));
    visit_page_begin(
        v, &(struct visit_page){.title = S("Seen before?"),
                                .back = {report_url(v, d->id, REPORT_STEP[REPORT_STEPS - 1].name), S("")}});
    part_title(v->out, S("Report a death: before you check your answers"), S("Seen before?"));
    if (!q.place.present)
        part_paragraph(v->out,
                       S("Without a place on the map nothing near by can be shown. Links are looked for as "
                         "soon as the report is sent."));
    seen_show(v, &n);
    if (q.place.present) near_show(v, &q, &n);
    part_form_begin(v->out,
                    &(struct part_form){.action = report_url(v, d->id, "links"),
                                        .csrf = v->csrf,
                                        .keep = str_format(v->arena, "report-%.*s-links", STR_ARG(d->id))});
    if (n.count > 0) attended_show(v, &n, known);
    part_hidden(v->out, S(PART_FIELD_MARK), name);
    part_textarea(v->out, &(struct part_textarea){
                              .name = name,
                              .label = S("Do you know of another death that is like this one?"),
                              .hint = S("Say which, and what you know. Leave it empty if you know of none."),
                              .style = LABEL_HEADING,
                              .rows = 4,
                              .value = known,
                              .error = part_errors_of(&v->errors, name)});
    part_button(v->out, &(struct part_button){.text = S("Continue")});
    part_form_end(v->out);
    visit_page_end(v);
    return OK;
}

enum status page_report_links(struct visit *v, struct err *e)
{
    struct report_draft d CLEANUP_DRAFT = {0};
    TRY(report_open(v, &d, e));
    return links_show(v, &d, e);
}

/* What was typed, with a sentence for each death that was ticked. */
static Str known_typed(struct visit *v)
{
    struct buf text CLEANUP_BUF;
    const struct http_pairs *form = &v->request->form;
    buf_init(&text, (size_t)1 << 20);
    for (size_t i = 0; i < form->count; i++)
        if (str_eq(form->pair[i].name, S("attended")) && form->pair[i].value.len <= KNOWN_BYTES_MAX)
            buf_addf(&text, "I attended %.*s.\n", STR_ARG(form->pair[i].value));
    buf_add(&text, visit_typed(v, "known-text", S("")));
    return str_copy(v->arena, str_trim(buf_str(&text)));
}

enum status do_report_links(struct visit *v, struct err *e)
{
    struct report_draft d CLEANUP_DRAFT = {0};
    struct fact fact;
    struct err why = {0};
    TRY(report_open(v, &d, e));
    Str text = known_typed(v);
    json_build_member(report_draft_part(&d, REPORT_KNOWN), S("text"),
                      str_empty(text) ? json_build_null() : json_build_text(text));
    enum status status = report_draft_fact(&d, &v->service->session.policy, REPORT_KNOWN,
                                           statement_field_text, v->arena, &fact, &why);
    if (status == OK) status = report_draft_save(v->service->session.store, v->who.account.number, &d, &why);
    if (status == E_INVALID || status == E_LIMIT) {
        visit_error(v, S("known-text"), "%s.", why.text);
        return links_show(v, &d, e);
    }
    if (status != OK) return ERR(e, status, why.field, "%s", why.text);
    visit_redirect(v, report_url(v, d.id, "check"));
    return OK;
}

/* ---- check your answers ----------------------------------------------------------------------------- */

static Str extra_words(const struct report_draft *d, enum report_extra extra)
{
    const struct report_extra_row *row = &REPORT_EXTRA[extra];
    Str code = report_draft_extra(d, extra);
    for (size_t i = 0; i < COUNT_OF(row->choice) && row->choice[i].code != NULL; i++)
        if (str_eq(code, str_of(row->choice[i].code))) return str_of(row->choice[i].words);
    return S("");
}

static Str officer_name(struct visit *v, Str reference)
{
    const struct roll_officer *o = roll_officer(v->service->roll, S("main"), reference);
    return o != NULL && !str_empty(o->name) ? o->name : reference;
}

static Str answer_words(struct visit *v, const struct report_draft *d, const struct report_question *q)
{
    const struct kind *kind = kind_of(REPORT_PART[q->part].kind);
    struct fact fact = {0};
    struct err none = {0};
    if (q->extra > 0) return extra_words(d, (enum report_extra)(q->extra - 1));
    if (report_draft_fact(d, &v->service->session.policy, q->part, q->field, v->arena, &fact, &none) != OK ||
        !str_present(fact.value))
        return S("");
    Str words = words_of(v->arena, &v->service->session.policy, kind, q->field, fact.value, fact.key);
    return kind->field[q->field].type == FT_REF ? officer_name(v, words) : words;
}

static void question_row(struct visit *v, const struct report_draft *d, int step,
                         const struct report_question *q)
{
    const char *label = q->extra > 0       ? REPORT_EXTRA[q->extra - 1].label
                        : q->label != NULL ? q->label
                                           : kind_of(REPORT_PART[q->part].kind)->field[q->field].label;
    Str words = answer_words(v, d, q);
    bool asked = report_draft_answered(d, step) != ANSWER_NONE;
    Url change = url_with(v->arena, report_url(v, d->id, REPORT_STEP[step].name), S("next"), S("check"));
    part_summary_row(v->out, &(struct part_summary_row){.key = str_of(label),
                                                        .text = !str_empty(words) ? words
                                                                : asked           ? S("Not known")
                                                                                  : S("Not answered yet"),
                                                        .action = change});
}

/* The step where a field of the death is filled in. */
static const struct report_step *step_of_field(const char *name)
{
    int field = field_index(kind_of(KIND_DEATH), str_of(name));
    for (int step = 0; step < REPORT_STEPS; step++)
        for (size_t i = 0; i < REPORT_STEP[step].count; i++) {
            const struct report_question *q = &REPORT_STEP[step].question[i];
            if (q->extra == 0 && q->part == REPORT_DEATH && q->field == field) return &REPORT_STEP[step];
        }
    return NULL;
}

/* The first questions without an answer, each with the way to its step. */
static void missing_show(struct visit *v, const struct report_draft *d, const struct quality *q)
{
    const struct kind *kind = kind_of(KIND_DEATH);
    if (q->answered == q->asked) return;
    html(v->out, "<p class=\"govuk-body\">Without an answer:</p>\n<ul class=\"govuk-list "
                 "govuk-list--bullet\">\n");
    for (size_t i = 0; i < q->count; i++) {
        const struct report_step *step =
            q->finding[i].nature == QUALITY_MISSING ? step_of_field(q->finding[i].rule) : NULL;
        if (step == NULL) continue;
        const struct field *field = &kind->field[field_index(kind, str_of(q->finding[i].rule))];
        html(v->out, "<li>");
        part_link(v->out, url_with(v->arena, report_url(v, d->id, step->name), S("next"), S("check")),
                  str_of(field->label));
        html(v->out, "</li>\n");
    }
    html(v->out, "</ul>\n");
}

static void findings_show(struct visit *v, const struct report_draft *d, const struct quality *q)
{
    size_t shown = 0;
    for (size_t i = 0; i < q->count; i++)
        shown += q->finding[i].nature == QUALITY_CONTRADICTION || q->finding[i].nature == QUALITY_THIN;
    part_paragraph(v->out,
                   str_format(v->arena,
                              "%d of the %d first questions have an answer. You can send the report as it "
                              "is, and add to it later.",
                              q->answered, q->asked));
    missing_show(v, d, q);
    if (shown == 0) return;
    part_inset_begin(v->out);
    part_heading(v->out, 2, S("look"), S("Look at these again"));
    html(v->out, "<ul class=\"govuk-list govuk-list--bullet\">\n");
    for (size_t i = 0; i < q->count; i++)
        if (q->finding[i].nature == QUALITY_CONTRADICTION || q->finding[i].nature == QUALITY_THIN)
            htmlf(v->out, "<li>%.*s</li>\n", STR_ARG(q->finding[i].sentence));
    html(v->out, "</ul>\n");
    part_inset_end(v->out);
}

static enum status check_show(struct visit *v, const struct report_draft *d, struct err *e)
{
    struct report_records records;
    struct quality quality;
    TRY(report_records_make(&v->session, v->service->roll, &v->viewer, v->now_ms, d, v->arena, &records, e));
    TRY(report_quality(&v->session, &records, v->now_ms, v->arena, &quality, e));
    visit_page_begin(v, &(struct visit_page){.title = S("Check your answers"),
                                             .back = {report_url(v, d->id, "links"), S("")}});
    part_title(v->out, S("Report a death"), S("Check your answers"));
    findings_show(v, d, &quality);
    for (int step = 0; step < REPORT_STEPS; step++) {
        part_heading(v->out, 2, S(""), str_of(REPORT_STEP[step].title));
        part_summary_begin(v->out);
        for (size_t i = 0; i < REPORT_STEP[step].count; i++)
            question_row(v, d, step, &REPORT_STEP[step].question[i]);
        part_summary_end(v->out);
    }
    part_heading(v->out, 2, S(""), S("Deaths that are like this one"));
    part_summary_begin(v->out);
    Str known = known_text(v, d);
    part_summary_row(v->out, &(struct part_summary_row){.key = S("What you know of them"),
                                                        .text = str_empty(known) ? S("Nothing said") : known,
                                                        .action = report_url(v, d->id, "links")});
    part_summary_end(v->out);
    part_form_begin(v->out,
                    &(struct part_form){.action = report_url(v, d->id, "check"),
                                        .csrf = v->csrf,
                                        .keep = str_format(v->arena, "report-%.*s-send", STR_ARG(d->id))});
    part_paragraph(v->out,
                   S("Once sent it is on record under your name. Nothing can be deleted, everything can "
                     "be corrected and added to."));
    part_button(v->out, &(struct part_button){.text = S("Send the report")});
    part_form_end(v->out);
    visit_page_end(v);
    return OK;
}

/* A draft that was sent is gone; its death is where it leads. */
static enum status sent_or_missing(struct visit *v, enum status status, struct err *why, struct err *e)
{
    struct record_id death = report_death_id(v->arena, visit_param(v, "draft"));
    if (status == E_NOT_FOUND && sight_of(v->sight, &death) != SIGHT_NONE) {
        visit_redirect(v, visit_death_url(v, &death, "reported"));
        return OK;
    }
    return ERR(e, status, why->field, "%s", why->text);
}

enum status page_report_check(struct visit *v, struct err *e)
{
    struct report_draft d CLEANUP_DRAFT = {0};
    struct err why = {0};
    enum status status = report_open(v, &d, &why);
    return status == OK ? check_show(v, &d, e) : sent_or_missing(v, status, &why, e);
}

enum status do_report_send(struct visit *v, struct err *e)
{
    struct report_draft d CLEANUP_DRAFT = {0};
    struct report_records records;
    struct err why = {0};
    uint64_t last_seq = 0;
    enum status status = report_open(v, &d, &why);
    if (status != OK) return sent_or_missing(v, status, &why, e);
    TRY(report_records_make(&v->session, v->service->roll, &v->viewer, v->now_ms, &d, v->arena, &records, e));
    TRY(report_send(&v->session, v->who.account.number, &d, &records, &last_seq, e));
    visit_redirect(v, visit_death_url(v, &records.death, "reported"));
    return OK;
}

/* ---- sent ------------------------------------------------------------------------------------------- */

static enum status near_of_death(struct visit *v, struct near_query *q, struct near_answer *n, struct err *e)
{
    const struct roll_death *d = v->death;
    *q = (struct near_query){.place = d->place,
                             .now_ms = v->now_ms,
                             .setting = d->setting,
                             .posture = d->posture,
                             .mechanism = d->mechanism,
                             .substance = d->substance,
                             .absent = d->absent,
                             .itself = &d->id};
    near_find(v->service->roll, v->sight, &v->service->session.policy, q, v->arena, n);
    return near_note(v, n, e);
}

static int earliest_due(const void *left, const void *right)
{
    const struct check_status *const *a = left, *const *b = right;
    if ((*a)->due_ms != (*b)->due_ms) return (*a)->due_ms < (*b)->due_ms ? -1 : 1;
    return str_compare((*a)->check->id, (*b)->check->id);
}

static void next_check_show(struct visit *v, const struct check_status *s)
{
    Str due = s->due_ms == FOREVER_MS
                  ? S("no date")
                  : str_format(v->arena, "by %.*s", STR_ARG(words_time(v->arena, s->due_ms)));
    Url href = url(v->arena, "/deaths/%.*s/checks/%.*s", STR_ARG(visit_id_words(v->arena, &v->death->id)),
                   STR_ARG(s->check->id));
    part_entry(v->out, &(struct part_entry){.href = href,
                                            .title = s->check->title,
                                            .why = s->check->why,
                                            .small = str_format(v->arena, "For %.*s, %.*s",
                                                                STR_ARG(check_role_words(s->check->role)),
                                                                STR_ARG(due))});
}

/* The checks that the report has opened, by when they are due. */
static void checks_show(struct visit *v, const struct casework *w)
{
    const struct check_status **open = NEW_ARRAY(v->arena, const struct check_status *, w->report.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < w->report.count; i++)
        if (!check_done(w->report.status[i].state)) open[count++] = &w->report.status[i];
    part_heading(v->out, 2, S("now"), S("What to do now"));
    if (count == 0) part_paragraph(v->out, S("No check is open."));
    if (count == 0) return;
    qsort(open, count, sizeof *open, earliest_due);
    part_entries_begin(v->out);
    for (size_t i = 0; i < count && i < CHECKS_MOST; i++)
        next_check_show(v, open[i]);
    part_entries_end(v->out);
    html(v->out, "<p class=\"govuk-body\">");
    part_link(v->out, visit_death_url(v, &v->death->id, "checks"),
              str_format(v->arena, "All %zu open checks", count));
    html(v->out, "</p>\n");
}

static Str others_words(struct visit *v, const struct link_note *note)
{
    struct str_list other = {NEW_ARRAY(v->arena, Str, note->events + 1), 0};
    for (size_t i = 0; i < note->events; i++)
        if (!record_id_eq(&note->event[i], &v->death->id))
            other.item[other.count++] = link_member_words(v, &note->event[i]);
    return str_join(v->arena, &other, S("; "));
}

static enum status links_note(struct visit *v, const struct link_row *row, size_t count, struct err *e)
{
    struct record_id *id = NEW_ARRAY(v->arena, struct record_id, count + 1);
    for (size_t i = 0; i < count; i++)
        id[i] = row[i].note.id;
    return store_note_shown(v->service->session.store, &v->actor, S("list"), S("links of a report just sent"),
                            id, count, e);
}

/* Links that stand by now. Nothing is waited for: whoever looks again sees what has come since. */
static void links_found_show(struct visit *v, const struct link_row *row, size_t count)
{
    struct live_status live = {0};
    live_status(v->service->live, &live);
    bool behind = !live.ready || live.linked < live.head;
    part_heading(v->out, 2, S("found"), S("Links found"));
    if (count == 0)
        part_paragraph(v->out, behind ? S("Links are being looked for. Look again in a moment.")
                                      : S("No link is strong enough to be suggested."));
    part_entries_begin(v->out);
    for (size_t i = 0; i < count; i++)
        part_entry(v->out, &(struct part_entry){.href = link_url(v, &row[i].note),
                                                .title = others_words(v, &row[i].note),
                                                .why = S("A link is suggested. Somebody has to answer it.")});
    part_entries_end(v->out);
    html(v->out, "<p class=\"govuk-body\">");
    part_link(v->out, visit_death_url(v, &v->death->id, "links"),
              S("All links of this death, and its nearest"));
    html(v->out, "</p>\n");
}

enum status page_reported(struct visit *v, struct err *e)
{
    struct links_viewer viewer = links_viewer_of(v);
    struct link_row *row = NULL;
    size_t count = 0;

    struct casework_page work;
    struct near_query q;
    struct near_answer n;
    TRY(near_of_death(v, &q, &n, e));
    TRY(casework_page_read(v, &work, e));
    TRY(links_of(&viewer, &v->death->id, NULL, v->arena, &row, &count, e));
    TRY(links_note(v, row, count, e));
    visit_page_begin(v, &(struct visit_page){.title = S("Report sent")});
    part_panel(v->out, S("Report sent"),
               str_format(v->arena, "Your reference: %.*s", STR_ARG(death_reference_words(v, v->death))));
    checks_show(v, &work.work);
    part_buttons_begin(v->out);
    part_button(v->out, &(struct part_button){.text = S("Open the record"),
                                              .href = visit_death_url(v, &v->death->id, "")});
    part_button(v->out, &(struct part_button){.text = S("Report another death"),
                                              .href = url(v->arena, "/deaths/new"),
                                              .kind = BUTTON_SECONDARY});
    part_buttons_end(v->out);
    links_found_show(v, row, count);
    if (q.place.present) {
        part_heading(v->out, 2, S("near"), S("Earlier deaths near this place"));
        near_show(v, &q, &n);
    }
    visit_page_end(v);
    return OK;
}
