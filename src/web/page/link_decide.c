/* A link as somebody's work: how it stands, said first, and the form that answers it, last on the page. */
#include "web/page/link_decide.h"

#include "app/words.h"
#include "base/caldate.h"
#include "web/page/death_frame.h"
#include "web/record_form.h"

/* ---- how it stands ---------------------------------------------------------------------------------- */

enum part_meaning link_stage_meaning(const struct link_work *w)
{
    if (w->overdue) return MEANING_URGENT;
    switch (w->stage) {
    case STAGE_NEW:
    case STAGE_SECOND:
    case STAGE_REQUESTED:
    case STAGE_DISPUTED:
        return MEANING_ATTENTION;
    case STAGE_NEEDS_WORK:
    case STAGE_WAITING:
        return MEANING_WAITING;
    case STAGE_ACCEPTED:
    case STAGE_LINKED:
        return MEANING_GOOD;
    case STAGE_DECLINED:
    case STAGE_NOT_LINKED:
    case STAGE_MERGED:
    case STAGE_COUNT:
        break;
    }
    return MEANING_PLAIN;
}

static Str officer_words(struct visit *v, Str officer)
{
    const struct roll_officer *o =
        str_empty(officer) ? NULL : roll_officer(v->service->roll, S("main"), officer);
    return o != NULL && !str_empty(o->name) ? o->name : officer;
}

/* "New: nobody has answered yet. With the unit's analyst; due 29 August 2014, 9:00am." */
static Str stands_words(struct visit *v, const struct link_row *row)
{
    const struct link_work *w = &row->work;
    Str with = row->mine                   ? S("you")
               : w->owner == OWNER_OFFICER ? officer_words(v, w->officer)
                                           : str_of(link_owner_words(w->owner));
    Str text = str_of(link_stage_words(w->stage));
    if (link_stage_open(w->stage))
        text = str_format(v->arena, "%.*s. With %.*s%s", STR_ARG(text), STR_ARG(with),
                          w->escalated ? ", because nobody answered before" : "");
    if (w->due_ms > 0)
        text = str_format(v->arena, "%.*s; %s %.*s", STR_ARG(text), w->overdue ? "was due" : "due",
                          STR_ARG(words_time(v->arena, w->due_ms)));
    return words_sentence(v->arena, text);
}

/* What comes of it; "" where the stage says it. */
static const char *next_words(enum link_stage stage)
{
    switch (stage) {
    case STAGE_LINKED:
        return "The records of both sides show it. It is asked again only if new facts speak against it.";
    case STAGE_NOT_LINKED:
        return "It is asked again only if new facts come.";
    case STAGE_SECOND:
        return "It counts once a second person has agreed; the link stays in the list until then.";
    case STAGE_REQUESTED:
        return "It stands in the work of the specialist team, who owe an answer with a reason.";
    case STAGE_NEEDS_WORK:
        return "It stays in the list until somebody answers whether they are linked.";
    case STAGE_NEW:
    case STAGE_WAITING:
    case STAGE_ACCEPTED:
    case STAGE_DECLINED:
    case STAGE_DISPUTED:
    case STAGE_MERGED:
    case STAGE_COUNT:
        break;
    }
    return "";
}

/* "Linked, by Marta Cole on 28 August 2014, 9:12am: “...”" */
static void answer_show(struct visit *v, const struct link_row *row)
{
    const struct link_work *w = &row->work;
    const struct link_answer *x = w->standing;
    part_inset_begin(v->out);
    html(v->out, "<p class=\"govuk-body govuk-!-font-weight-bold\">");
    htmlf(v->out, "%s%.*s, by %.*s on %.*s</p>\n", w->reopened ? "Answered before: " : "",
          STR_ARG(words_capital(v->arena, str_of(link_answer_words(x->kind)))),
          STR_ARG(officer_words(v, x->by)), STR_ARG(words_time(v->arena, x->at_ms)));
    if (str_present(x->reason)) htmlf(v->out, "<p class=\"govuk-body\">“%.*s”</p>\n", STR_ARG(x->reason));
    html(v->out, "<p class=\"govuk-body\">");
    if (link_stage_open(w->stage)) htmlf(v->out, "%.*s ", STR_ARG(stands_words(v, row)));
    htmlf(v->out, "%s</p>\n", next_words(w->stage));
    part_inset_end(v->out);
}

static bool answered_by_viewer(const struct visit *v, const struct link_work *w)
{
    return w->standing != NULL && !w->reopened && !str_empty(v->viewer.officer) &&
           str_eq(w->standing->by, v->viewer.officer);
}

/* Is an answer asked of the viewer now, rather than possible? */
static bool answer_is_asked(const struct visit *v, const struct link_row *row)
{
    if (!visit_may(v, PERMISSION_DECIDE_LINK)) return false;
    if (row->blind) return true;
    return link_stage_open(row->work.stage) && !answered_by_viewer(v, &row->work);
}

void link_stands_show(struct visit *v, const struct link_row *row)
{
    const struct link_work *w = &row->work;
    if (row->blind)
        part_inset(v->out,
                   S("You are the second pair of eyes. Somebody else has looked at it already; what they "
                     "answered is shown once you have answered."));
    else if (w->standing != NULL)
        answer_show(v, row);
    else
        part_paragraph(v->out, stands_words(v, row));
    if (w->reopened && !row->blind) part_inset(v->out, str_of(reopen_words(w->why)));
    part_buttons_begin(v->out);
    if (answer_is_asked(v, row))
        part_button(v->out, &(struct part_button){.text = S("Decide"),
                                                  .href = url(v->arena, "#decide"),
                                                  .kind = BUTTON_SECONDARY});
    if (visit_may(v, PERMISSION_DECIDE_LINK) && !answer_is_asked(v, row))
        part_button(v->out, &(struct part_button){
                                .text = S("The links that wait for you"),
                                .href = url_with(v->arena, url(v->arena, "/links"), S("which"), S("mine")),
                                .kind = BUTTON_SECONDARY});
    part_buttons_end(v->out);
}

/* ---- what happened with it -------------------------------------------------------------------------- */

static void moment_show(struct visit *v, const struct link_event *event)
{
    const struct link_answer *a = event->answer;
    Str title = str_of(link_event_words(event->kind));
    Str text = S(""), by = S("");
    if (event->kind == LINK_EVENT_REOPENED) text = str_of(reopen_words(event->why));
    if (a != NULL && event->kind != LINK_EVENT_REOPENED) {
        title = str_format(v->arena, "%.*s: %s", STR_ARG(title), link_answer_words(a->kind));
        text = a->reason;
        by = officer_words(v, event->kind == LINK_EVENT_APPROVED ? a->approved_by : a->by);
    } else if (a == NULL && event->kind != LINK_EVENT_RAISED) {
        text = str_format(v->arena, "It is with %s from then on.", link_owner_words(event->owner));
    }
    part_moment(v->out,
                &(struct part_moment){
                    .title = title, .when = words_time(v->arena, event->at_ms), .by = by, .text = text});
}

static void history_show(struct visit *v, const struct link_work *w)
{
    part_details_begin(v->out, S("What happened with this link so far"));
    part_timeline_begin(v->out);
    for (size_t i = w->events; i-- > 0;)
        moment_show(v, &w->event[i]);
    part_timeline_end(v->out);
    part_details_end(v->out);
}

/* ---- answering -------------------------------------------------------------------------------------- */

/* Inputs that belong to one answer. */
static Html revealed(struct visit *v, void (*show)(struct visit *v))
{
    struct buf body CLEANUP_BUF, *out = v->out;
    buf_init(&body, (size_t)1 << 20);
    v->out = &body;
    show(v);
    v->out = out;
    return html_made(v->arena, &body);
}

static void choose(struct visit *v, const char *name, const char *legend, const struct part_choice *choice,
                   size_t count)
{
    part_select(v->out, &(struct part_choices){.name = str_of(name),
                                               .legend = str_of(legend),
                                               .choice = choice,
                                               .count = count,
                                               .error = part_errors_of(&v->errors, str_of(name))});
}

static void why_show(struct visit *v)
{
    const struct links_why *why = NULL;
    size_t count = links_whys(&why);
    struct part_choice *choice = NEW_ARRAY(v->arena, struct part_choice, count + 1);
    for (size_t i = 0; i < count; i++)
        choice[i] = (struct part_choice){.value = str_of(why[i].code),
                                         .label = str_of(why[i].words),
                                         .chosen = str_eq(str_of(why[i].code), visit_typed(v, "why", S("")))};
    choose(v, "why", "What explains it", choice, count);
}

static const struct {
    int hours;
    const char *code, *words;
} WITHIN[] = {{24, "24", "In a day"},
              {72, "72", "In three days"},
              {168, "168", "In a week"},
              {672, "672", "In four weeks"}};

static void work_show(struct visit *v)
{
    struct form_options officers = {0};
    form_options_officers(v, "", &officers);
    struct part_choice *who = NEW_ARRAY(v->arena, struct part_choice, officers.count + 1),
                       within[COUNT_OF(WITHIN) + 1];
    who[0] = (struct part_choice){.value = S(""), .label = S("Leave it with whoever has it")};
    for (size_t i = 0; i < officers.count; i++)
        who[i + 1] =
            (struct part_choice){.value = officers.item[i].value,
                                 .label = officers.item[i].words,
                                 .chosen = str_eq(officers.item[i].value, visit_typed(v, "owner", S("")))};
    within[0] = (struct part_choice){.value = S(""), .label = S("In the usual time")};
    for (size_t i = 0; i < COUNT_OF(WITHIN); i++)
        within[i + 1] = (struct part_choice){
            .value = str_of(WITHIN[i].code),
            .label = str_format(v->arena, "%s: by %.*s", WITHIN[i].words,
                                STR_ARG(words_time(v->arena, v->now_ms + WITHIN[i].hours * MS_PER_HOUR))),
            .chosen = str_eq(str_of(WITHIN[i].code), visit_typed(v, "within", S("")))};
    choose(v, "owner", "Who does it, of those who work on links", who, officers.count + 1);
    choose(v, "within", "By when", within, COUNT_OF(within));
}

bool link_work_read(struct visit *v, struct links_answer *out)
{
    int hours = 0;
    struct form_options officers = {0};
    Str within = visit_form(v, "within"), owner = visit_form(v, "owner");
    bool known = !str_present(owner) || str_empty(owner);
    form_options_officers(v, "", &officers);
    for (size_t i = 0; i < officers.count && !known; i++)
        known = str_eq(officers.item[i].value, owner);
    if (!known) {
        visit_error(v, S("owner"), "Choose one of your unit.");
        return false;
    }
    bool listed = !str_present(within) || str_empty(within);
    for (size_t i = 0; i < COUNT_OF(WITHIN) && !listed; i++) {
        listed = str_eq(within, str_of(WITHIN[i].code));
        if (listed) hours = WITHIN[i].hours;
    }
    if (!listed) {
        visit_error(v, S("within"), "Choose by when it is to be done.");
        return false;
    }
    out->owner = str_present(owner) ? owner : S("");
    out->due_ms = hours > 0 ? v->now_ms + hours * MS_PER_HOUR : 0;
    return true;
}

static void reports_box(struct visit *v)
{
    const struct part_choice box = {
        .value = S("yes"),
        .label = S("The reports in this link belong to it too"),
        .hint = S("Ticked, your answer completes the checks that ask about them. Left open, those checks "
                  "stay as they are."),
        .chosen = str_eq(visit_typed(v, "reports", S("")), S("yes"))};
    part_checkboxes(v->out,
                    &(struct part_choices){
                        .name = S("reports"), .legend = S("And the reports?"), .choice = &box, .count = 1});
}

enum { CHOICES_MAX = 6 };

/* Would "not linked" wait for a second person? */
static bool refusal_waits(const struct visit *v, const struct link_row *row)
{
    struct err ignored = {0};
    bool waits = false;
    struct link_answer refusal = {.kind = ANSWER_NOT_LINKED,
                                  .at_ms = v->now_ms,
                                  .by = S("anybody"),
                                  .reason = S("any"),
                                  .approved_by = S(""),
                                  .facts = {.score_db = row->note.score_db}};
    return link_answer_check(v->service->link_policy, &refusal, &waits, &ignored) == OK && waits;
}

static size_t choices_of(struct visit *v, const struct link_row *row, struct part_choice out[CHOICES_MAX])
{
    size_t n = 0;
    bool some = row->note.deaths > 2;
    Str chosen = visit_typed(v, "answer", S(""));
    out[n++] = (struct part_choice){
        .value = S("linked"),
        .label = S("Linked"),
        .hint = S("They belong together. Whether they are explained is another question."),
        .reveals = row->note.deaths > 1 && row->note.events > row->note.deaths ? revealed(v, reports_box)
                                                                               : (Html){STR_NONE}};
    out[n++] =
        (struct part_choice){.value = S("needs_work"),
                             .label = S("Needs work"),
                             .hint = S("Something has to be found out first. Say what in your reason."),
                             .reveals = revealed(v, work_show)};
    out[n++] = (struct part_choice){
        .value = S("not_linked"),
        .label = S("Not linked"),
        .hint = some ? S("If only some of them belong together, say this, and suggest a link of those.")
                     : (refusal_waits(v, row) ? S("The evidence is strong: a second person must agree.")
                                              : S("Asked again only if new facts come.")),
        .reveals = revealed(v, why_show)};
    out[n++] = (struct part_choice){
        .value = S("request"),
        .label = S("Ask the specialist team to take it on"),
        .hint = S("They owe an answer, with a reason. Whether they are linked stays open until then.")};
    if (visit_may(v, PERMISSION_SPECIALIST) && row->work.stage == STAGE_REQUESTED) {
        out[n++] = (struct part_choice){.value = S("accept"), .label = S("The specialist team takes it on")};
        out[n++] =
            (struct part_choice){.value = S("decline"),
                                 .label = S("The specialist team declines"),
                                 .hint = S("Bound to the facts of today; asked again when they change.")};
    }
    for (size_t i = 0; i < n; i++)
        out[i].chosen = str_eq(out[i].value, chosen);
    return n;
}

static void agree_form(struct visit *v, const struct link_row *row)
{
    visit_form_begin(v,
                     url(v->arena, "/series/%.*s/agree", STR_ARG(visit_id_words(v->arena, &row->note.id))));
    part_hidden(v->out, S("seen"), str_format(v->arena, "%zu", row->answers_seen));
    part_warning(
        v->out,
        S("This answer is in force only when a second person agrees. To disagree, give another answer."));
    part_button(v->out, &(struct part_button){.text = S("I agree with it")});
    part_form_end(v->out);
}

static void answer_form(struct visit *v, const struct link_row *row)
{
    struct part_choice choice[CHOICES_MAX];
    visit_form_begin(v,
                     url(v->arena, "/series/%.*s/answer", STR_ARG(visit_id_words(v->arena, &row->note.id))));
    part_hidden(v->out, S("seen"), str_format(v->arena, "%zu", row->answers_seen));
    part_hidden(v->out, S("version"), str_format(v->arena, "%llu", (unsigned long long)row->note.version));
    part_radios(v->out, &(struct part_choices){.name = S("answer"),
                                               .legend = link_question_words(v, &row->note),
                                               .choice = choice,
                                               .count = choices_of(v, row, choice),
                                               .error = part_errors_of(&v->errors, S("answer"))});
    part_textarea(v->out,
                  &(struct part_textarea){.name = S("reason"),
                                          .label = S("Your reason"),
                                          .hint = S("What you rest it on, or what is to be found out."),
                                          .value = visit_typed(v, "reason", S("")),
                                          .error = part_errors_of(&v->errors, S("reason"))});
    part_button(v->out, &(struct part_button){.text = S("Record the decision")});
    part_form_end(v->out);
}

void link_decide_show(struct visit *v, const struct link_row *row)
{
    bool may = visit_may(v, PERMISSION_DECIDE_LINK);
    bool asked = answer_is_asked(v, row) || v->errors.count > 0;
    part_heading(v->out, 2, S("decide"), may && asked ? S("Decide") : S("What was decided"));
    if (may && row->work.stage == STAGE_SECOND && !row->blind && !answered_by_viewer(v, &row->work))
        agree_form(v, row);
    if (may && asked) answer_form(v, row);
    if (!row->blind) history_show(v, &row->work);
    if (!may || asked) return;
    part_details_begin(v->out, S("Give another answer"));
    answer_form(v, row);
    part_details_end(v->out);
}
