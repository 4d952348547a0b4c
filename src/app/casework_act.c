#include "app/casework_act.h"

#include "app/new_id.h"
#include "app/new_line.h"
#include "model/kinds.h"

enum { WORDS_MIN = 3 };

static struct record_id officer_of(const struct casework_act *act)
{
    return (struct record_id){S("main"), KIND_OFFICER, act->who->officer};
}

static enum status officer_check(const struct casework_act *act, struct err *e)
{
    if (!str_empty(act->who->officer)) return OK;
    return ERR(e, E_DENIED, "",
               "Your account names no officer, so it cannot be said who did this. Ask the "
               "administrator to enter one.");
}

static enum status text_check(Str text, const char *field, const char *say, struct err *e)
{
    size_t words = 0;
    Str rest = str_trim(text), word;
    while (str_next(&rest, ' ', &word))
        words += !str_empty(str_trim(word));
    return words >= WORDS_MIN ? OK : ERR(e, E_INVALID, field, "%s", say);
}

static enum status append(const struct casework_act *act, enum kind_id kind, const Json *set, struct err *e)
{
    struct session *s = act->session;
    struct record_id id = {S("main"), kind, new_id(act->arena, &s->env.entropy, S("X-"))};
    struct change change;
    struct receipt receipt;
    TRY(new_line(s, act->arena, &id, S(NEW_LINE_SOURCE), set, &change, e));
    return store_append(s->store, &s->actor, 0, &change, 1, NULL, NULL, &receipt, e);
}

/* What every decision says: of which death, of what type, when, by whom in what role. */
static void decision_put(const struct casework_act *act, Json *set, Str type, Str to)
{
    struct record_id by = officer_of(act);
    new_line_put_ref(set, "death", &act->work->death);
    new_line_put(set, "type", type);
    new_line_put(set, "to", to);
    new_line_put_time(set, "decided_at", clock_now_ms(&act->session->env.clock));
    new_line_put_ref(set, "by", &by);
    new_line_put(set, "by_role", act->who->role);
}

enum status act_not_needed(const struct casework_act *act, const struct check *check, Str rationale,
                           struct err *e)
{
    struct json_doc set CLEANUP_JSON = {.root = json_build_object()};
    TRY(officer_check(act, e));
    if (check->waive_rank == 0)
        return ERR(e, E_INVALID, "rationale", "This check is always needed: only its evidence closes it.");
    TRY(text_check(rationale, "rationale", "Say in a sentence why this check is not needed.", e));
    decision_put(act, set.root, S("not_needed"), check->id);
    new_line_put(set.root, "rationale", rationale);
    return append(act, KIND_DECISION, set.root, e);
}

/* ---- waiting ---------------------------------------------------------------------------------------- */

/* The words that a selector wants and that can be written down: NULL when it wants anything else. */
static const struct selector *wait_selector(const struct check *check)
{
    for (size_t i = 0; i < check->waits; i++) {
        const struct selector *s = &check->waiting[i].on;
        bool plain = str_eq(s->kind, S("action")) && str_eq(check->waiting[i].whom, S("{owner}"));
        for (size_t t = 0; t < s->tests; t++)
            plain = plain && s->test[t].op == TEST_IS && !str_present(s->test[t].path);
        if (plain) return s;
    }
    return NULL;
}

bool act_can_wait(const struct check *check)
{
    return wait_selector(check) != NULL;
}

/* "other" where the pack leaves the type open. */
static void tests_put(const struct selector *s, Json *set, Str subject, struct arena *a)
{
    bool typed = false;
    for (size_t t = 0; t < s->tests; t++) {
        Str word = s->test[t].word.item[0];
        typed = typed || str_eq(s->test[t].field, S("type"));
        new_line_put(set, str_cstr(a, s->test[t].field), str_eq(word, S("@")) ? subject : word);
    }
    if (!typed) new_line_put(set, "type", S("other"));
}

enum status act_wait(const struct casework_act *act, const struct check *check, const struct act_wait *wait,
                     struct err *e)
{
    struct json_doc set CLEANUP_JSON = {.root = json_build_object()};
    const struct selector *s = wait_selector(check);
    struct record_id owner = {S("main"), KIND_OFFICER, wait->owner};
    TRY(officer_check(act, e));
    if (!s) return ERR(e, E_INVALID, "", "This check cannot wait for a person: give its evidence.");
    if (str_empty(wait->owner)) return ERR(e, E_INVALID, "owner", "Choose who has to do it.");
    new_line_put_ref(set.root, "death", &act->work->death);
    tests_put(s, set.root, str_present(wait->subject) ? wait->subject : act->work->facts.death, act->arena);
    new_line_put_ref(set.root, "owner", &owner);
    new_line_put(set.root, "due_at", wait->due);
    return append(act, KIND_ACTION, set.root, e);
}

/* ---- answers ---------------------------------------------------------------------------------------- */

static const struct selector *answer_selector(const struct check *check)
{
    for (size_t v = 0; v < check->variants; v++)
        for (size_t i = 0; i < check->variant[v].closings; i++) {
            const struct evidence *closed = &check->variant[v].closed[i];
            const struct selector *s = &closed->step[0].any[0];
            if (closed->steps != 1 || !str_eq(s->kind, S("decision"))) continue;
            for (size_t t = 0; t < s->tests; t++)
                if (str_eq(s->test[t].field, S("type")) && str_eq(s->test[t].word.item[0], S("answer")))
                    return s;
        }
    return NULL;
}

bool act_can_answer(const struct check *check)
{
    return answer_selector(check) != NULL;
}

enum status act_answer(const struct casework_act *act, const struct check *check, Str subject,
                       const struct act_reasons *why, struct err *e)
{
    struct json_doc set CLEANUP_JSON = {.root = json_build_object()};
    const struct selector *s = answer_selector(check);
    Str to = S("");
    bool rests = false;
    TRY(officer_check(act, e));
    if (!s) return ERR(e, E_INVALID, "", "This check is not closed by an answer.");
    TRY(text_check(why->rationale, "rationale", "Say what the answer is, in a sentence or more.", e));
    for (size_t t = 0; t < s->tests; t++) {
        rests = rests || str_eq(s->test[t].field, S("relied_on"));
        if (str_eq(s->test[t].field, S("to"))) to = s->test[t].word.item[0];
    }
    if (rests && why->count == 0)
        return ERR(e, E_INVALID, "relied_on", "Choose the records that the answer rests on.");
    decision_put(act, set.root, S("answer"), str_eq(to, S("@")) ? subject : to);
    new_line_put_refs(set.root, "relied_on", why->relied_on, why->count);
    new_line_put(set.root, "rationale", why->rationale);
    return append(act, KIND_DECISION, set.root, e);
}

/* ---- category --------------------------------------------------------------------------------------- */

enum status act_classify(const struct casework_act *act, Str to, const struct act_reasons *why,
                         bool *proposed, struct err *e)
{
    struct json_doc set CLEANUP_JSON = {.root = json_build_object()};
    int is = category_height(to), was = category_height(act->work->category);
    TRY(officer_check(act, e));
    if (is == 0) return ERR(e, E_INVALID, "to", "Choose a category.");
    TRY(text_check(why->rationale, "rationale", "Say why, in a sentence or more.", e));
    *proposed = is < was;
    if (*proposed && why->count == 0)
        return ERR(e, E_INVALID, "relied_on",
                   "A lower category needs positive evidence: choose the records that it rests on.");
    decision_put(act, set.root, *proposed ? S("propose") : S("classify"), to);
    new_line_put_refs(set.root, "relied_on", why->relied_on, why->count);
    new_line_put(set.root, "rationale", why->rationale);
    return append(act, KIND_DECISION, set.root, e);
}

/* ---- review ----------------------------------------------------------------------------------------- */

enum status act_is_own_report(const struct casework_act *act, bool *own, struct err *e)
{
    struct session *s = act->session;
    const struct case_facts *f = &act->work->facts;
    struct record_id officer = officer_of(act);
    struct history h;
    Str key = fact_key(act->arena, &officer);
    TRY(store_history(s->store, &s->actor, VIEW_NOW, &act->work->death, act->arena, &h, e));
    *own = h.count > 0 && str_eq(h.line[0].actor, act->who->account);
    for (size_t i = 0; i < f->count && !*own; i++)
        *own = str_eq(f->row[i].kind, S("attendance")) &&
               str_eq(fact_now(&f->row[i], S("capacity")), S("first_response")) &&
               str_eq(fact_now(&f->row[i], S("officer")), key);
    return OK;
}

static enum status review_check(const struct casework_act *act, Str outcome, Str findings, struct err *e)
{
    bool own = false;
    size_t overdue = act->work->report.in_state[CHECK_OVERDUE];
    TRY(officer_check(act, e));
    TRY(act_is_own_report(act, &own, e));
    if (own) return ERR(e, E_DENIED, "", "This is your own report. Another person has to review it.");
    if (str_empty(outcome)) return ERR(e, E_INVALID, "outcome", "Choose what you decide.");
    if (!str_eq(outcome, S("agree")))
        return text_check(findings, "text", "Say what is missing, or why, in a sentence or more.", e);
    if (overdue == 0) return OK;
    return text_check(findings, "text",
                      "Some checks are overdue. Say in a sentence why you agree all the same.", e);
}

enum status act_review(const struct casework_act *act, Str kind, Str outcome, Str findings, struct err *e)
{
    struct json_doc set CLEANUP_JSON = {.root = json_build_object()};
    struct record_id by = officer_of(act);
    TRY(review_check(act, outcome, findings, e));
    new_line_put_ref(set.root, "death", &act->work->death);
    new_line_put_ref(set.root, "by", &by);
    new_line_put_time(set.root, "at", clock_now_ms(&act->session->env.clock));
    new_line_put(set.root, "kind", str_empty(kind) ? S("supervisor") : kind);
    new_line_put(set.root, "outcome", outcome);
    new_line_put(set.root, "text", findings);
    return append(act, KIND_REVIEW, set.root, e);
}
