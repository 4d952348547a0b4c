/* What people say about links: answers, second persons, suggestions, minutes. Each is one append. */
#include "app/links.h"

#include "app/new_id.h"
#include "app/new_line.h"
#include "base/caldate.h"
#include "model/feed.h"
#include "model/kinds.h"

#include <stdlib.h>

static const struct links_why whys[] = {
    {"chance", "Alike by chance"},
    {"common", "What they share is common there"},
    {"explained", "Each is explained, and that was verified"},
    {"different_people", "Different people, shown by evidence"},
    {"wrong_record", "One of the records is wrong"},
    {"same_event", "Two records of one event"},
    {"other", "Another reason"},
};

size_t links_whys(const struct links_why **out)
{
    *out = whys;
    return COUNT_OF(whys);
}

static bool why_known(Str code)
{
    for (size_t i = 0; i < COUNT_OF(whys); i++)
        if (str_eq(code, str_of(whys[i].code))) return true;
    return false;
}

struct said {
    const char *type, *to;
};
static const struct said said_of[ANSWER_COUNT] = {
    [ANSWER_LINKED] = {"link", "linked"},
    [ANSWER_NEEDS_WORK] = {"link", "needs_work"},
    [ANSWER_NOT_LINKED] = {"link", "not_linked"},
    [ANSWER_REQUESTS] = {"request_specialist", NULL},
    [ANSWER_ACCEPTS] = {"specialist_accepts", NULL},
    [ANSWER_DECLINES] = {"specialist_declines", NULL},
};

/* ---- answering ---------------------------------------------------------------------------------------- */

static enum status officer_check(const struct links_viewer *v, struct err *e)
{
    if (!str_empty(v->officer)) return OK;
    return ERR(e, E_INVALID, "by",
               "your account names no officer; an administrator can add that, then answer again.");
}

/* Does the answer make sense where the link stands? */
static enum status stage_check(const struct link_row *row, enum link_answer_kind kind, struct err *e)
{
    enum link_stage stage = row->work.stage;
    if (stage == STAGE_MERGED)
        return ERR(e, E_CONFLICT, "link", "it became part of link %.*s: answer that one.",
                   STR_ARG(row->note.part_of.id));
    if ((kind == ANSWER_ACCEPTS || kind == ANSWER_DECLINES) && stage != STAGE_REQUESTED)
        return ERR(e, E_INVALID, "answer", "the specialist team has not been asked about this link.");
    if (kind == ANSWER_REQUESTS && (stage == STAGE_REQUESTED || stage == STAGE_ACCEPTED))
        return ERR(e, E_INVALID, "answer", "the specialist team has been asked already.");
    return OK;
}

struct seen {
    const struct links_viewer *v;
    const struct record_id *link;
    size_t answers;
    uint64_t version; /* UINT64_MAX: any */
};

static enum status seen_check(void *state, const struct link_book *b, struct err *e)
{
    const struct seen *s = state;
    struct arena *a CLEANUP_ARENA = arena_new("a link's answers", (size_t)1 << 26);
    struct link_case c;
    size_t at = link_book_find(b, s->link);
    const struct link_note *n = at == SIZE_MAX ? NULL : link_book_at(b, at);
    if (n == NULL) return ERR(e, E_NOT_FOUND, "link", "there is no link %.*s.", STR_ARG(s->link->id));
    link_book_case(b, at, a, &c);
    if (c.answers != s->answers)
        return ERR(e, E_CONFLICT, "link", "somebody else has answered in the meantime: look at it again.");
    if (s->version != UINT64_MAX && n->version != s->version)
        return ERR(e, E_CONFLICT, "link",
                   "something new has become known about this link in the meantime: look at it again.");
    return OK;
}

static void put_list(Json *set, const char *field, const struct record_id *id, size_t count, struct arena *a)
{
    Json *list = json_build_list();
    for (size_t i = 0; i < count; i++)
        json_build_item(list, json_build_text(ref_write(a, S(NAMESPACE_DEFAULT), &id[i])));
    if (count > 0)
        json_build_member(set, str_of(field), list);
    else
        json_done(&(struct json_doc){list});
}

static void put_answer(Json *set, const struct links_viewer *v, const struct links_answer *given,
                       const struct link_note *n, struct arena *a)
{
    const struct said *said = &said_of[given->kind];
    if (n->deaths > 0) new_line_put_ref(set, "death", &n->event[0]);
    new_line_put(set, "type", str_of(said->type));
    if (said->to != NULL) new_line_put(set, "to", str_of(said->to));
    new_line_put_ref(set, "on", &n->id);
    put_list(set, "relied_on", n->event, n->deaths > 1 && !given->with_reports ? n->deaths : n->events, a);
    new_line_put_time(set, "decided_at", v->now_ms);
    new_line_put(set, "by", v->officer);
    new_line_put(set, "by_role", str_of(ROLES[v->role].label));
    new_line_put(set, "rationale", str_trim(given->reason));
    if (given->kind == ANSWER_NOT_LINKED) new_line_put(set, "why", given->why);
    new_line_put(set, "owner", str_trim(given->owner));
    if (given->due_ms != 0) new_line_put_time(set, "due_at", given->due_ms);
}

static enum status answer_valid(const struct links_viewer *v, const struct links_answer *given,
                                const struct link_row *row, bool *waits, struct err *e)
{
    const struct link_note *n = &row->note;
    struct link_answer x = {.kind = given->kind,
                            .at_ms = v->now_ms,
                            .by = v->officer,
                            .reason = given->reason,
                            .approved_by = S(""),
                            .facts = {n->changed_ms, n->score_db, n->facts, n->events, n->model}};
    TRY(officer_check(v, e));
    TRY(stage_check(row, given->kind, e));
    if (given->kind == ANSWER_NOT_LINKED && !why_known(given->why))
        return ERR(e, E_INVALID, "why", "choose why they are not linked.");
    if (given->kind == ANSWER_REQUESTS && str_empty(str_trim(given->reason)))
        return ERR(e, E_INVALID, "reason", "say what the specialist team is asked for, and why.");
    if (given->due_ms != 0 && given->due_ms <= v->now_ms)
        return ERR(e, E_INVALID, "due", "the time by which it is to be done has passed already.");
    return link_answer_check(v->policy, &x, waits, e);
}

/* A blind answer, too, is given on what was seen: the other one's answer is not shown, but it is counted. */
enum status links_answer(const struct links_viewer *v, const struct links_answer *given, struct arena *a,
                         struct record_id *decision, bool *waits, struct err *e)
{
    struct link_row row;
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    struct change line;
    struct receipt receipt;
    TRY(links_read(v, &given->link, a, &row, e));
    TRY(answer_valid(v, given, &row, waits, e));
    put_answer(set.root, v, given, &row.note, a);
    *decision = (struct record_id){S(NAMESPACE_DEFAULT), KIND_DECISION,
                                   new_id(a, &v->session->env.entropy, S("DC-"))};
    TRY(new_line(v->session, a, decision, S(NEW_LINE_SOURCE), set.root, &line, e));
    struct seen seen = {v, &given->link, given->answers_seen, given->version};
    return live_append(v->live, &v->session->actor, seen_check, &seen, &line, 1, &receipt, e);
}

enum status links_agree(const struct links_viewer *v, const struct record_id *link, size_t answers_seen,
                        struct arena *a, struct err *e)
{
    struct link_row row;
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    struct change line;
    struct receipt receipt;
    TRY(links_read(v, link, a, &row, e));
    TRY(officer_check(v, e));
    const struct link_answer *x = row.work.standing;
    if (row.work.stage != STAGE_SECOND || x == NULL)
        return ERR(e, E_CONFLICT, "link",
                   "no answer to this link waits for a second person: look at it again.");
    struct link_answer both = *x;
    both.approved_by = v->officer;
    both.approved_account = v->session->actor.name;
    if (!link_answer_seconded(&both))
        return ERR(e, E_DENIED, "second", "you gave this answer yourself: another person must agree.");
    new_line_put(set.root, "approved_by", v->officer);
    struct record_id decision = {S(NAMESPACE_DEFAULT), KIND_DECISION, x->id};
    TRY(new_line(v->session, a, &decision, S(NEW_LINE_SOURCE), set.root, &line, e));
    struct seen seen = {v, link, answers_seen, row.note.version};
    return live_append(v->live, &v->session->actor, seen_check, &seen, &line, 1, &receipt, e);
}

/* ---- suggesting --------------------------------------------------------------------------------------- */

static int compare_ids(const void *x, const void *y)
{
    return record_id_compare(x, y);
}

/* Sorted, no repeats, deaths first: as the machine writes its own. */
static size_t members_sort(const struct record_id *event, size_t count, struct record_id *out)
{
    size_t n = 0;
    memcpy(out, event, count * sizeof *out);
    qsort(out, count, sizeof *out, compare_ids);
    for (size_t i = 0; i < count; i++)
        if (n == 0 || !record_id_eq(&out[n - 1], &out[i])) out[n++] = out[i];
    return n;
}

static enum status suggestion_check(const struct links_viewer *v, const struct record_id *event, size_t count,
                                    Str note, struct err *e)
{
    size_t deaths = 0;
    TRY(officer_check(v, e));
    for (size_t i = 0; i < count; i++) {
        deaths += event[i].kind == KIND_DEATH;
        if ((event[i].kind != KIND_DEATH && event[i].kind != KIND_INCIDENT) ||
            !sight_may_see(v->sight, &event[i]))
            return ERR(e, E_NOT_FOUND, "event", "there is no death or incident %.*s.", STR_ARG(event[i].id));
    }
    if (count < 2 || deaths == 0)
        return ERR(e, E_INVALID, "event", "a link ties at least two records, one of them a death.");
    if (str_empty(str_trim(note))) return ERR(e, E_INVALID, "note", "say why they may belong together.");
    return OK;
}

static void put_kind(Json *set, const char *field, enum kind_id kind, const struct record_id *member,
                     size_t count, struct arena *a)
{
    struct record_id *of = NEW_ARRAY(a, struct record_id, count + 1);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (member[i].kind == kind) of[n++] = member[i];
    put_list(set, field, of, n, a);
}

enum status links_suggest(const struct links_viewer *v, const struct record_id *event, size_t count, Str note,
                          struct arena *a, struct record_id *link, struct err *e)
{
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    struct record_id *member = NEW_ARRAY(a, struct record_id, count + 1);
    struct change line;
    struct receipt receipt;
    size_t members = members_sort(event, count, member);
    TRY(suggestion_check(v, member, members, note, e));
    put_kind(set.root, "deaths", KIND_DEATH, member, members, a);
    put_kind(set.root, "incidents", KIND_INCIDENT, member, members, a);
    new_line_put(set.root, "raised_by", S("person"));
    new_line_put_ref(set.root, "first", &member[0]);
    new_line_put_ref(set.root, "second", &member[1]);
    new_line_put(set.root, "by", v->officer);
    new_line_put(set.root, "note", str_trim(note));
    *link = (struct record_id){S(NAMESPACE_DEFAULT), KIND_LINK, new_id(a, &v->session->env.entropy, S("L-"))};
    TRY(new_line(v->session, a, link, S(LINK_SUGGESTED_SOURCE), set.root, &line, e));
    return live_append(v->live, &v->session->actor, NULL, NULL, &line, 1, &receipt, e);
}

/* ---- the morning meeting ------------------------------------------------------------------------------ */

static int compare_deaths(const void *x, const void *y)
{
    const struct roll_death *a = *(const struct roll_death *const *)x,
                            *b = *(const struct roll_death *const *)y;
    if (a->when_ms != b->when_ms) return a->when_ms < b->when_ms ? -1 : 1;
    return record_id_compare(&a->id, &b->id);
}

enum status links_day(const struct links_viewer *v, Str unit, int64_t since_ms, struct arena *a,
                      struct links_day *out, struct err *e)
{
    struct links_day day = {0};
    size_t room = 0;
    for (uint32_t i = 0; i < roll_count(v->roll); i++) {
        const struct roll_death *d = roll_death(v->roll, i);
        if (d->gone || d->when_ms < since_ms || (!str_empty(unit) && !str_eq(d->unit, unit))) continue;
        if (!sight_lists(v->sight, d)) continue;
        ARENA_ROOM(a, day.death, room, day.deaths + 1, 32);
        day.death[day.deaths++] = d;
    }
    if (day.deaths > 1) qsort(day.death, day.deaths, sizeof *day.death, compare_deaths);
    TRY(links_list(v, LINKS_OPEN, unit, a, &day.open, e));
    *out = day;
    return OK;
}

enum status links_meeting_record(const struct links_viewer *v, const struct links_meeting *m, struct arena *a,
                                 struct record_id *meeting, struct err *e)
{
    struct json_doc set CLEANUP_JSON = {json_build_object()};
    struct change line;
    struct receipt receipt;
    if (str_empty(str_trim(m->minutes)))
        return ERR(e, E_INVALID, "minutes", "write what was said and decided.");
    new_line_put(set.root, "unit", m->unit);
    new_line_put_time(set.root, "at", m->at_ms);
    new_line_put(set.root, "chair", m->chair);
    Json *present = json_build_list();
    for (size_t i = 0; i < m->present.count; i++)
        json_build_item(present, json_build_text(m->present.item[i]));
    if (m->present.count > 0)
        json_build_member(set.root, S("present"), present);
    else
        json_done(&(struct json_doc){present});
    put_list(set.root, "deaths", m->death, m->deaths, a);
    put_list(set.root, "links", m->link, m->links, a);
    new_line_put(set.root, "minutes", str_trim(m->minutes));
    *meeting =
        (struct record_id){S(NAMESPACE_DEFAULT), KIND_MEETING, new_id(a, &v->session->env.entropy, S("MT-"))};
    TRY(new_line(v->session, a, meeting, S(NEW_LINE_SOURCE), set.root, &line, e));
    return store_append(v->session->store, &v->session->actor, 0, &line, 1, NULL, NULL, &receipt, e);
}
