#include "assure/link_work.h"

#include "base/caldate.h"
#include "model/policy_tsv.h"

#include <math.h>

#define HOUR_MS   INT64_C(3600000)
#define HOURS_MAX 8784.0 /* a year */

struct named {
    const char *name, *words;
};

static const struct named owners[OWNER_COUNT] = {
    [OWNER_UNIT_ANALYST] = {"unit_analyst", "the unit's analyst"},
    [OWNER_CENTRAL_DESK] = {"central_desk", "the central desk"},
    [OWNER_SPECIALISTS] = {"specialists", "the specialist team"},
    [OWNER_CLEARED] = {"cleared", "those cleared for it"},
    [OWNER_OFFICER] = {"officer", "one person by name"},
};
static const char *const routes[ROUTE_COUNT] = {
    [ROUTE_ONE_UNIT] = "one_unit",
    [ROUTE_UNITS] = "units",
    [ROUTE_RESTRICTED] = "restricted",
    [ROUTE_BACK] = "back",
};
static const struct named stages[STAGE_COUNT] = {
    [STAGE_WAITING] = {"waiting", "From earlier years: waits for its turn"},
    [STAGE_NEW] = {"new", "New: nobody has answered yet"},
    [STAGE_NEEDS_WORK] = {"needs_work", "Needs work before it can be answered"},
    [STAGE_SECOND] = {"second", "Waits for a second person, because the evidence is strong"},
    [STAGE_REQUESTED] = {"requested", "The specialist team is asked to take it on"},
    [STAGE_ACCEPTED] = {"accepted", "The specialist team has taken it on"},
    [STAGE_DECLINED] = {"declined", "The specialist team declined, with a reason"},
    [STAGE_DISPUTED] = {"disputed", "Two people answered differently: a third decides"},
    [STAGE_LINKED] = {"linked", "Linked"},
    [STAGE_NOT_LINKED] = {"not_linked", "Not linked"},
    [STAGE_MERGED] = {"merged", "Became part of another link"},
};
static const char *const answers[ANSWER_COUNT] = {
    [ANSWER_LINKED] = "linked",
    [ANSWER_NEEDS_WORK] = "needs work",
    [ANSWER_NOT_LINKED] = "not linked",
    [ANSWER_REQUESTS] = "specialist team asked",
    [ANSWER_ACCEPTS] = "specialist team accepts",
    [ANSWER_DECLINES] = "specialist team declines",
};

const char *link_owner_name(enum link_owner o)
{
    MUST(o < OWNER_COUNT);
    return owners[o].name;
}

const char *link_owner_words(enum link_owner o)
{
    MUST(o < OWNER_COUNT);
    return owners[o].words;
}

const char *link_route_name(enum link_route r)
{
    MUST(r < ROUTE_COUNT);
    return routes[r];
}

const char *link_stage_name(enum link_stage s)
{
    MUST(s < STAGE_COUNT);
    return stages[s].name;
}

const char *link_stage_words(enum link_stage s)
{
    MUST(s < STAGE_COUNT);
    return stages[s].words;
}

const char *link_answer_words(enum link_answer_kind k)
{
    MUST(k < ANSWER_COUNT);
    return answers[k];
}

bool link_stage_open(enum link_stage s)
{
    return s != STAGE_WAITING && s != STAGE_LINKED && s != STAGE_NOT_LINKED && s != STAGE_MERGED;
}

const char *link_event_words(enum link_event_kind kind)
{
    switch (kind) {
    case LINK_EVENT_RAISED:
        return "First suggested";
    case LINK_EVENT_TOLD:
        return "Told";
    case LINK_EVENT_ESCALATED:
        return "Nobody answered in time: it went on";
    case LINK_EVENT_ANSWERED:
        return "Answered";
    case LINK_EVENT_APPROVED:
        return "Agreed by a second person";
    case LINK_EVENT_REOPENED:
        return "Opened again";
    case LINK_EVENT_INVALID:
        return "An answer that does not count: no reason was given, or nobody is named";
    }
    BUG("no such event %d", (int)kind);
}

/* ---- policy ------------------------------------------------------------------------------------------ */

static enum status step_read(const struct policy_tsv *r, const struct policy_line *line, double hours,
                             struct link_policy *p, struct err *e)
{
    size_t route = 0, owner = 0;
    while (route < ROUTE_COUNT && !str_eq(line->cell[1], str_of(routes[route])))
        route++;
    while (owner < OWNER_OFFICER && !str_eq(line->cell[2], str_of(owners[owner].name)))
        owner++;
    if (route == ROUTE_COUNT || owner == OWNER_OFFICER)
        return ERR(e, E_INVALID, "step",
                   "%.*s, line %zu: \"%.*s\" with owner \"%.*s\" is no step; links are one_unit, units, "
                   "restricted or back, owners unit_analyst, central_desk, specialists or cleared",
                   STR_ARG(r->name), line->number, STR_ARG(line->cell[1]), STR_ARG(line->cell[2]));
    if (p->steps[route] == LINK_STEPS_MAX)
        return ERR(e, E_LIMIT, "step", "%.*s, line %zu: at most %d steps", STR_ARG(r->name), line->number,
                   LINK_STEPS_MAX);
    p->step[route][p->steps[route]++] =
        (struct link_step){(enum link_owner)owner, (int64_t)(hours * (double)HOUR_MS)};
    return OK;
}

static enum status set_read(const struct policy_tsv *r, const struct policy_line *line, double amount,
                            struct link_policy *p, unsigned *seen, struct err *e)
{
    static const char *const NAME[] = {"strong", "second", "request", "back_after", "back_daily", "blind"};
    size_t i = 0;
    while (i < COUNT_OF(NAME) && !str_eq(line->cell[1], str_of(NAME[i])))
        i++;
    if (i == COUNT_OF(NAME) || (i == 5 && amount > 100))
        return ERR(e, E_INVALID, "set", "%.*s, line %zu: \"%.*s\" cannot be set so", STR_ARG(r->name),
                   line->number, STR_ARG(line->cell[1]));
    *seen |= 1u << i;
    if (i == 0) p->rules.strong_db = (int)lround(amount * 10);
    if (i == 1) p->second_ms = (int64_t)(amount * (double)HOUR_MS);
    if (i == 2) p->request_ms = (int64_t)(amount * (double)HOUR_MS);
    if (i == 3) p->back_after_ms = (int64_t)(amount * 24 * (double)HOUR_MS);
    if (i == 4) p->back_daily = (size_t)amount;
    if (i == 5) p->blind_percent = (unsigned)amount;
    return OK;
}

static Str version_of(Str text)
{
    Str line, mark = S("# version: ");
    while (str_next(&text, '\n', &line))
        if (str_starts(line, mark)) return str_trim(str_slice(line, mark.len, line.len));
    return S("");
}

enum status link_policy_load(struct arena *a, Str text, struct link_policy *out, struct err *e)
{
    static const char *const column[] = {"row", "links", "owner", "amount"};
    struct link_policy p = {0};
    struct policy_tsv r;
    unsigned seen = 0;
    TRY(policy_tsv_open(&r, S("link-work"), text, column, COUNT_OF(column), COUNT_OF(column), e));
    for (bool more = true;;) {
        struct policy_line line;
        double amount = 0;
        TRY(policy_tsv_next(&r, &line, &more, e));
        if (!more) break;
        if (str_to_f64(line.cell[3], &amount) != OK || !(amount >= 0) || amount > HOURS_MAX)
            return ERR(e, E_INVALID, "amount", "link-work, line %zu: \"%.*s\" is no amount from 0 to %.0f",
                       line.number, STR_ARG(line.cell[3]), HOURS_MAX);
        if (str_eq(line.cell[0], S("step")))
            TRY(step_read(&r, &line, amount, &p, e));
        else if (str_eq(line.cell[0], S("set")))
            TRY(set_read(&r, &line, amount, &p, &seen, e));
        else
            return ERR(e, E_INVALID, "row", "link-work, line %zu: \"%.*s\" is neither step nor set",
                       line.number, STR_ARG(line.cell[0]));
    }
    for (size_t i = 0; i < ROUTE_COUNT; i++)
        if (p.steps[i] == 0)
            return ERR(e, E_INVALID, "step", "link-work: no step says who answers links of \"%s\"",
                       routes[i]);
    if (seen != 63u)
        return ERR(e, E_INVALID, "set",
                   "link-work: strong, second, request, back_after, "
                   "back_daily and blind must all be set");
    p.version = str_copy(a, version_of(text));
    *out = p;
    return OK;
}

/* ---- answers ----------------------------------------------------------------------------------------- */

bool link_answer_seconded(const struct link_answer *x)
{
    Str first = str_trim(x->by), second = str_trim(x->approved_by);
    if (str_empty(first) || str_empty(second) || str_eq_nocase(first, second)) return false;
    return str_empty(x->account) || str_empty(x->approved_account) ||
           !str_eq_nocase(x->account, x->approved_account);
}

/* As the rules of reopening see it; false: it is none that stands against facts. */
static bool as_decision(const struct link_answer *x, struct link_decision *out)
{
    if (x->kind != ANSWER_LINKED && x->kind != ANSWER_NOT_LINKED && x->kind != ANSWER_DECLINES) return false;
    *out = (struct link_decision){.kind = x->kind == ANSWER_LINKED       ? DECISION_LINKED
                                          : x->kind == ANSWER_NOT_LINKED ? DECISION_NOT_LINKED
                                                                         : DECISION_REFUSED,
                                  .facts = x->facts,
                                  .by = x->by,
                                  .second = link_answer_seconded(x) ? x->approved_by : STR_NONE,
                                  .reason = x->reason};
    return true;
}

enum status link_answer_check(const struct link_policy *policy, const struct link_answer *answer, bool *waits,
                              struct err *e)
{
    struct link_decision d;
    struct err why = {0};
    *waits = false;
    if (!as_decision(answer, &d)) {
        if (str_empty(str_trim(answer->by)))
            return ERR(e, E_INVALID, "by", "An answer needs a person who gives it: give a name.");
        if (answer->kind == ANSWER_NEEDS_WORK && str_empty(str_trim(answer->reason)))
            return ERR(e, E_INVALID, "reason", "Say what still needs to be done.");
        return OK;
    }
    enum status status = decision_check(&policy->rules, &d, &why);
    if (status == E_DENIED) {
        *waits = true;
        return OK;
    }
    return status == OK ? OK : ERR(e, status, why.field, "%s", why.text);
}

/* ---- judging ----------------------------------------------------------------------------------------- */

struct judging {
    const struct link_policy *policy;
    const struct link_case *c;
    struct arena *a;
    struct link_work *w;
    size_t room;
    size_t settled; /* answers so far that said linked or not */
};

static void event_add(struct judging *j, struct link_event one)
{
    ARENA_ROOM(j->a, j->w->event, j->room, j->w->events + 1, 8);
    j->w->event[j->w->events++] = one;
}

static enum link_route route_of(const struct link_case *c)
{
    if (c->restricted) return ROUTE_RESTRICTED;
    if (c->back_record) return ROUTE_BACK;
    return c->units == 1 ? ROUTE_ONE_UNIT : ROUTE_UNITS;
}

/* The work begins anew at the first step. */
static void begin(struct judging *j, enum link_stage stage, int64_t at_ms)
{
    const struct link_step *first = &j->policy->step[route_of(j->c)][0];
    struct link_work *w = j->w;
    w->stage = stage;
    w->step = 0;
    w->since_ms = at_ms;
    w->owner = first->owner;
    w->officer = STR_NONE;
    w->due_ms = at_ms + first->within_ms;
    w->escalated = false;
}

static void hand_to(struct link_work *w, enum link_stage stage, enum link_owner owner, int64_t since_ms,
                    int64_t due_ms)
{
    w->stage = stage;
    w->owner = owner;
    w->officer = STR_NONE;
    w->since_ms = since_ms;
    w->due_ms = due_ms;
}

static void close_with(struct link_work *w, enum link_stage stage, int64_t at_ms)
{
    w->stage = stage;
    w->since_ms = at_ms;
    w->due_ms = 0;
    w->escalated = false;
}

/* Nobody answered by `until_ms`: from step to step, and from a person or a team back to the steps. */
static void let_time_pass(struct judging *j, int64_t until_ms)
{
    struct link_work *w = j->w;
    enum link_route route = route_of(j->c);
    while (link_stage_open(w->stage) && w->stage != STAGE_ACCEPTED && w->due_ms != 0 &&
           w->due_ms < until_ms) {
        bool by_step = w->stage == STAGE_NEW || w->stage == STAGE_DECLINED || w->stage == STAGE_DISPUTED;
        size_t next = by_step ? w->step + 1 : w->step;
        if (next >= j->policy->steps[route]) return; /* the last one keeps it, overdue */
        int64_t at = w->due_ms;
        if (!by_step) {
            if (w->escalated) return;
            next = next + 1 < j->policy->steps[route] ? next + 1 : next;
        }
        const struct link_step *step = &j->policy->step[route][next];
        w->step = next;
        w->owner = step->owner;
        w->officer = STR_NONE;
        w->since_ms = at;
        w->due_ms = at + step->within_ms;
        w->escalated = true;
        event_add(j, (struct link_event){.at_ms = at, .kind = LINK_EVENT_ESCALATED, .owner = w->owner});
    }
}

static bool settles(const struct link_answer *x)
{
    return x->kind == ANSWER_LINKED || x->kind == ANSWER_NOT_LINKED;
}

/* The second of two who answered without knowing of each other, and the other way. */
static bool disputes(const struct judging *j, const struct link_answer *before, const struct link_answer *x)
{
    return j->c->blind && j->settled == 1 && before != NULL && settles(before) && settles(x) &&
           before->kind != x->kind && !str_eq_nocase(str_trim(before->by), str_trim(x->by));
}

/* What a valid answer does. */
static void take_effect(struct judging *j, const struct link_answer *x, int64_t at_ms)
{
    struct link_work *w = j->w;
    w->escalated = false;
    switch (x->kind) {
    case ANSWER_LINKED:
        close_with(w, STAGE_LINKED, at_ms);
        break;
    case ANSWER_NOT_LINKED:
        close_with(w, STAGE_NOT_LINKED, at_ms);
        break;
    case ANSWER_NEEDS_WORK: {
        bool named = !str_empty(str_trim(x->owner)) && !j->c->restricted;
        const struct link_step *step = &j->policy->step[route_of(j->c)][w->step];
        hand_to(w, STAGE_NEEDS_WORK, named ? OWNER_OFFICER : step->owner, at_ms,
                x->due_ms != 0 ? x->due_ms : at_ms + step->within_ms);
        if (named) w->officer = str_trim(x->owner);
        break;
    }
    case ANSWER_REQUESTS:
        hand_to(w, STAGE_REQUESTED, j->c->restricted ? OWNER_CLEARED : OWNER_SPECIALISTS, at_ms,
                x->due_ms != 0 ? x->due_ms : at_ms + j->policy->request_ms);
        break;
    case ANSWER_ACCEPTS:
        hand_to(w, STAGE_ACCEPTED, j->c->restricted ? OWNER_CLEARED : OWNER_SPECIALISTS, at_ms, x->due_ms);
        break;
    case ANSWER_DECLINES:
        begin(j, STAGE_DECLINED, at_ms);
        break;
    case ANSWER_COUNT:
        BUG("no such answer %d", (int)x->kind);
    }
}

/* A new answer takes the place of the one before; an answer that waits for its second person does not. */
static void take_answer(struct judging *j, const struct link_answer *x)
{
    struct link_work *w = j->w;
    struct err none = {0};
    bool waits = false;
    let_time_pass(j, x->at_ms);
    if (link_answer_check(j->policy, x, &waits, &none) != OK) {
        event_add(j, (struct link_event){.at_ms = x->at_ms, .kind = LINK_EVENT_INVALID, .answer = x});
        return;
    }
    event_add(j, (struct link_event){.at_ms = x->at_ms, .kind = LINK_EVENT_ANSWERED, .answer = x});
    bool disputed = disputes(j, w->standing, x);
    j->settled += settles(x);
    w->standing = x;
    w->reopened = false;
    w->why = REOPEN_NOT;
    int64_t in_force = x->at_ms;
    if (waits) {
        hand_to(w, STAGE_SECOND, j->policy->step[route_of(j->c)][w->step].owner, x->at_ms,
                x->at_ms + j->policy->second_ms);
        return;
    }
    if (x->approved_ms > x->at_ms && link_answer_seconded(x)) {
        in_force = x->approved_ms;
        event_add(j, (struct link_event){.at_ms = in_force, .kind = LINK_EVENT_APPROVED, .answer = x});
    }
    if (disputed)
        begin(j, STAGE_DISPUTED, in_force);
    else
        take_effect(j, x, in_force);
}

/* A standing answer that new facts speak against. */
static void reopen_if_due(struct judging *j)
{
    struct link_work *w = j->w;
    struct link_decision d;
    bool settled = w->stage == STAGE_LINKED || w->stage == STAGE_NOT_LINKED || w->stage == STAGE_DECLINED ||
                   w->stage == STAGE_SECOND;
    if (w->standing == NULL || !settled || !as_decision(w->standing, &d)) return;
    enum reopen_why why = decision_reopens(&j->policy->rules, &d, &j->c->now);
    if (why == REOPEN_NOT && d.kind == DECISION_LINKED && j->c->now.members > d.facts.members)
        why = REOPEN_GREW; /* nobody has said yet that the newcomer belongs to it */
    if (why == REOPEN_NOT) return;
    int64_t at = j->c->now.at_ms > w->since_ms ? j->c->now.at_ms : w->since_ms;
    event_add(
        j, (struct link_event){.at_ms = at, .kind = LINK_EVENT_REOPENED, .answer = w->standing, .why = why});
    begin(j, STAGE_NEW, at);
    w->reopened = true;
    w->why = why;
}

void link_work_judge(const struct link_policy *policy, const struct link_case *c, int64_t now_ms,
                     struct arena *a, struct link_work *out)
{
    struct link_work w = {0};
    struct judging j = {.policy = policy, .c = c, .a = a, .w = &w};
    begin(&j, c->told_ms == 0 ? STAGE_WAITING : STAGE_NEW, c->told_ms == 0 ? c->raised_ms : c->told_ms);
    event_add(&j, (struct link_event){.at_ms = c->raised_ms, .kind = LINK_EVENT_RAISED, .owner = w.owner});
    if (c->told_ms > c->raised_ms)
        event_add(&j, (struct link_event){.at_ms = c->told_ms, .kind = LINK_EVENT_TOLD, .owner = w.owner});
    for (size_t i = 0; i < c->answers; i++)
        if (c->answer[i].at_ms <= now_ms) take_answer(&j, &c->answer[i]);
    reopen_if_due(&j);
    let_time_pass(&j, now_ms);
    if (c->merged) close_with(&w, STAGE_MERGED, w.since_ms);
    if (w.stage == STAGE_WAITING) w.due_ms = 0;
    w.overdue = link_stage_open(w.stage) && (w.escalated || (w.due_ms != 0 && w.due_ms < now_ms));
    *out = w;
}
