#include "web/page/link_parts.h"

#include "app/words.h"
#include "base/hash.h"
#include "web/page/death_frame.h"

/* ---- who, what ------------------------------------------------------------------------------------- */

struct links_viewer links_viewer_of(struct visit *v)
{
    return (struct links_viewer){.session = &v->session,
                                 .live = v->service->live,
                                 .policy = v->service->link_policy,
                                 .roll = v->service->roll,
                                 .sight = v->sight,
                                 .role = v->viewer.role,
                                 .officer = v->viewer.officer,
                                 .unit = v->viewer.unit,
                                 .now_ms = v->now_ms};
}

Str sentence_start(struct arena *a, Str text)
{
    char *out = str_cstr(a, text);
    if (text.len > 0 && out[0] >= 'a' && out[0] <= 'z') out[0] = (char)(out[0] - 'a' + 'A');
    return (Str){out, text.len};
}

Str sentence(struct arena *a, Str text)
{
    Str start = sentence_start(a, text);
    return str_ends(start, S(".")) ? start : str_format(a, "%.*s.", STR_ARG(start));
}

struct titling {
    struct visit *v;
    const struct record_id *event;
    Str title, account;
};

static enum status title_read(void *state, const struct live_view *view, struct err *e)
{
    struct titling *t = state;
    (void)e;
    t->title = comparison_title(view->world, &t->v->service->session.policy, t->event, t->v->arena);
    t->account = comparison_account(view->world, t->event, t->v->arena);
    return OK;
}

/* Out of the world, which holds incidents too; until it is loaded there is only the id. */
static struct titling incident_read(struct visit *v, const struct record_id *event)
{
    struct titling t = {v, event, STR_NONE, STR_NONE};
    struct err ignored = {0};
    enum live_side side = roll_is_restricted(v->service->roll, event) ? LIVE_WHOLE : LIVE_OPEN;
    if (live_with(v->service->live, side, title_read, &t, &ignored) != OK || str_eq(t.title, event->id))
        t.title = words_id(v->arena, event);
    return t;
}

Str link_incident_account(struct visit *v, const struct record_id *event)
{
    Str account = event->kind == KIND_INCIDENT ? incident_read(v, event).account : STR_NONE;
    return str_present(account) ? account : S("");
}

Str link_member_words(struct visit *v, const struct record_id *event)
{
    uint32_t at = roll_find(v->service->roll, event);
    if (at == ROLL_NONE) return incident_read(v, event).title;
    const struct roll_death *d = roll_death(v->service->roll, at);
    return words_death(v->arena, d->name, d->ref, &d->id);
}

Str link_names_words(struct visit *v, const struct link_note *note)
{
    enum { NAMED_MAX = 4 };
    struct buf words CLEANUP_BUF;
    buf_init(&words, (size_t)1 << 16);
    for (size_t i = 0; i < note->events && i < NAMED_MAX; i++) {
        if (i > 0) buf_add(&words, i + 1 == note->events ? S(" and ") : S("; "));
        buf_add(&words, link_member_words(v, &note->event[i]));
    }
    if (note->events > NAMED_MAX) buf_addf(&words, " and %zu more", note->events - NAMED_MAX);
    return str_copy(v->arena, buf_str(&words));
}

Url link_event_url(struct visit *v, const struct record_id *event)
{
    return event->kind == KIND_DEATH ? visit_death_url(v, event, "") : (Url){STR_NONE};
}

Url link_url(struct visit *v, const struct link_note *note)
{
    if (note->events != 2) return url(v->arena, "/series/%.*s", STR_ARG(visit_id_words(v->arena, &note->id)));
    return url(v->arena, "/links/%.*s/%.*s", STR_ARG(visit_id_words(v->arena, &note->event[0])),
               STR_ARG(visit_id_words(v->arena, &note->event[1])));
}

enum status link_event_find(struct visit *v, Str word, struct record_id *out, bool *answered, struct err *e)
{
    uint32_t at = roll_find_word(v->service->roll, word);
    if (at != ROLL_NONE) {
        const struct roll_death *d = roll_death(v->service->roll, at);
        *out = d->id;
        if (sight_of_death(v->sight, d) == SIGHT_NONE) return ERR(e, E_NOT_FOUND, "", "no such record.");
        *answered = !visit_death_opened(v, d);
        return OK;
    }
    *out = (struct record_id){.kind = KIND_INCIDENT};
    ref_split(word, S("main"), &out->ns, &out->id);
    if (sight_of(v->sight, out) == SIGHT_NONE) return ERR(e, E_NOT_FOUND, "", "no such record.");
    return OK;
}

/* ---- weighing --------------------------------------------------------------------------------------- */

struct asking {
    struct visit *v;
    const struct record_id *a, *b;
    struct comparison *out;
};

static enum status weigh(void *state, const struct live_view *view, struct err *e)
{
    struct asking *x = state;
    return comparison_make(view->world, &x->v->service->session.policy, x->a, x->b, view->alarm, x->v->arena,
                           x->out, e);
}

static enum status run_record(struct visit *v, const struct comparison *c, struct err *e)
{
    const struct record_id shown[] = {c->a, c->b};
    struct receipt receipt;
    Str result = str_format(v->arena, "%d\t%.*s\t%.*s\n", c->score_db, STR_ARG(c->a.id), STR_ARG(c->b.id));
    struct link_run run = {c->a, c->model, c->counts_at_ms, sha256(result)};
    TRY(store_note_read(v->service->session.store, &v->actor, S("compare"), S(""), shown, COUNT_OF(shown),
                        e));
    return store_link_run(v->service->session.store, &v->actor, &run, &receipt, e);
}

enum status link_compare(struct visit *v, const struct record_id *a, const struct record_id *b,
                         struct comparison *out, struct err *e)
{
    struct asking x = {v, a, b, out};
    bool restricted = roll_is_restricted(v->service->roll, a) || roll_is_restricted(v->service->roll, b);
    TRY(live_with(v->service->live, restricted ? LIVE_WHOLE : LIVE_OPEN, weigh, &x, e));
    return run_record(v, out, e);
}

enum status link_rows_note(struct visit *v, Str verb, const struct link_row *row, size_t count, struct err *e)
{
    size_t n = 0, room = 0;
    struct record_id *id = NULL;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < row[i].note.events; k++) {
            ARENA_ROOM(v->arena, id, room, n + 1, 64);
            id[n++] = row[i].note.event[k];
        }
    return store_note_shown(v->service->session.store, &v->actor, verb, S(""), id, n, e);
}

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

static void answer_moment(struct visit *v, const struct link_event *event)
{
    const struct link_answer *a = event->answer;
    Str title = str_of(link_event_words(event->kind));
    Str text = S(""), by = S("");
    if (event->kind == LINK_EVENT_REOPENED) text = str_of(reopen_words(event->why));
    if (a != NULL && event->kind != LINK_EVENT_REOPENED) {
        title = str_format(v->arena, "%.*s: %s", STR_ARG(title), link_answer_words(a->kind));
        text = a->reason;
        by = officer_words(v, event->kind == LINK_EVENT_APPROVED ? a->approved_by : a->by);
    } else if (a == NULL) {
        by = str_of(link_owner_words(event->owner));
    }
    part_moment(v->out,
                &(struct part_moment){
                    .title = title, .when = words_time(v->arena, event->at_ms), .by = by, .text = text});
}

void link_work_show(struct visit *v, const struct link_row *row)
{
    const struct link_work *w = &row->work;
    part_heading(v->out, 2, S("work"), S("How it stands"));
    if (row->blind) {
        part_inset(v->out,
                   S("You are the second pair of eyes. Somebody else has looked at it already; what they "
                     "answered is shown once you have answered."));
        return;
    }
    Str with = w->owner == OWNER_OFFICER ? officer_words(v, w->officer) : str_of(link_owner_words(w->owner));
    Str text = str_of(link_stage_words(w->stage));
    if (link_stage_open(w->stage))
        text = str_format(v->arena, "%.*s. With %.*s%s", STR_ARG(text), STR_ARG(with),
                          w->escalated ? ", because nobody answered before" : "");
    if (w->due_ms > 0)
        text = str_format(v->arena, "%.*s; %s %.*s", STR_ARG(text), w->overdue ? "was due" : "due",
                          STR_ARG(words_time(v->arena, w->due_ms)));
    part_paragraph(v->out, sentence(v->arena, text));
    if (w->reopened) part_inset(v->out, str_of(reopen_words(w->why)));
    part_details_begin(v->out, S("What happened with it so far"));
    part_timeline_begin(v->out);
    for (size_t i = w->events; i-- > 0;)
        answer_moment(v, &w->event[i]);
    part_timeline_end(v->out);
    part_details_end(v->out);
}

/* ---- answering -------------------------------------------------------------------------------------- */

static size_t choices_of(struct visit *v, const struct link_row *row, struct part_choice out[6])
{
    size_t n = 0;
    Str chosen = visit_typed(v, "answer", S(""));
    out[n++] = (struct part_choice){
        .value = S("linked"),
        .label = S("Linked"),
        .hint = S("They belong together. Whether they are explained is another question.")};
    out[n++] = (struct part_choice){
        .value = S("needs_work"), .label = S("Needs work"), .hint = S("Say what, who and by when below.")};
    out[n++] = (struct part_choice){
        .value = S("not_linked"),
        .label = S("Not linked"),
        .hint = S("Asked again only if new facts come. On strong evidence a second person must agree.")};
    out[n++] = (struct part_choice){.value = S("request"),
                                    .label = S("Ask the specialist team to take it on"),
                                    .hint = S("They owe an answer, with a reason.")};
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

static void why_select(struct visit *v)
{
    const struct links_why *why = NULL;
    size_t count = links_whys(&why);
    struct part_choice *choice = NEW_ARRAY(v->arena, struct part_choice, count + 1);
    for (size_t i = 0; i < count; i++)
        choice[i] = (struct part_choice){.value = str_of(why[i].code),
                                         .label = str_of(why[i].words),
                                         .chosen = str_eq(str_of(why[i].code), visit_typed(v, "why", S("")))};
    part_select(v->out, &(struct part_choices){.name = S("why"),
                                               .legend = S("If not linked: what explains it"),
                                               .choice = choice,
                                               .count = count,
                                               .error = part_errors_of(&v->errors, S("why"))});
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

void link_answer_form(struct visit *v, const struct link_row *row)
{
    struct part_choice choice[6];
    if (!visit_may(v, PERMISSION_DECIDE_LINK)) return;
    part_heading(v->out, 2, S("decide"), S("Decide"));
    if (row->work.stage == STAGE_SECOND && !row->blind) agree_form(v, row);
    visit_form_begin(v,
                     url(v->arena, "/series/%.*s/answer", STR_ARG(visit_id_words(v->arena, &row->note.id))));
    part_hidden(v->out, S("seen"), str_format(v->arena, "%zu", row->answers_seen));
    part_hidden(v->out, S("version"), str_format(v->arena, "%llu", (unsigned long long)row->note.version));
    part_radios(v->out, &(struct part_choices){.name = S("answer"),
                                               .legend = S("Do they belong together?"),
                                               .choice = choice,
                                               .count = choices_of(v, row, choice),
                                               .error = part_errors_of(&v->errors, S("answer"))});
    why_select(v);
    part_textarea(
        v->out, &(struct part_textarea){
                    .name = S("reason"),
                    .label = S("Rationale"),
                    .hint = S("What you rest it on. If it needs work: what is to be done, by whom, by when."),
                    .value = visit_typed(v, "reason", S("")),
                    .error = part_errors_of(&v->errors, S("reason"))});
    part_button(v->out, &(struct part_button){.text = S("Record the decision")});
    part_form_end(v->out);
}
