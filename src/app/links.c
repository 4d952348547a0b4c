#include "app/links.h"

#include "base/assets.h"
#include "base/caldate.h"
#include "link/backlog.h"
#include "model/kinds.h"

#include <stdlib.h>

#define DAYS_A_YEAR 365.25
#define LIKEWISE_DB 5
#define LIST_MAX    ((size_t)1 << 20)

enum status links_policy(struct arena *a, struct link_policy *out, struct err *e)
{
    return link_policy_load(a, asset_find(S("policy/link-work.tsv")), out, e);
}

const char *links_which_name(enum links_which w)
{
    static const char *const NAME[LINKS_WHICH_COUNT] = {"mine", "open", "overdue", "answered", "back", "all"};
    MUST(w < LINKS_WHICH_COUNT);
    return NAME[w];
}

/* ---- one link ---------------------------------------------------------------------------------------- */

static bool may_see_all(const struct links_viewer *v, const struct link_note *n)
{
    for (size_t i = 0; i < n->events; i++)
        if (!sight_may_see(v->sight, &n->event[i])) return false;
    return n->events > 0;
}

static void unit_add(struct str_list *list, Str unit)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->item[i], unit)) return;
    list->item[list->count++] = unit;
}

static struct str_list units_of(const struct roll *roll, const struct link_note *n, struct arena *a)
{
    struct str_list list = {NEW_ARRAY(a, Str, n->events + 1), 0};
    for (size_t i = 0; i < n->events; i++) {
        uint32_t at = n->event[i].kind == KIND_DEATH ? roll_find(roll, &n->event[i]) : ROLL_NONE;
        if (at == ROLL_NONE || str_empty(roll_death(roll, at)->unit)) continue;
        unit_add(&list, str_copy(a, roll_death(roll, at)->unit));
    }
    str_sort_unique(&list);
    return list;
}

static struct record_id id_copy(struct arena *a, const struct record_id *id)
{
    return (struct record_id){str_copy(a, id->ns), id->kind, str_copy(a, id->id)};
}

static void note_copy(struct arena *a, const struct link_note *from, struct link_note *to)
{
    struct record_id *event = NEW_ARRAY(a, struct record_id, from->events + 1);
    *to = *from;
    for (size_t i = 0; i < from->events; i++)
        event[i] = id_copy(a, &from->event[i]);
    to->event = event;
    to->id = id_copy(a, &from->id);
    to->first = id_copy(a, &from->first);
    to->second = id_copy(a, &from->second);
    to->part_of = id_copy(a, &from->part_of);
    to->raised_by = str_copy(a, from->raised_by);
    to->model = str_copy(a, from->model);
    to->by = str_copy(a, from->by);
    to->note = str_copy(a, from->note);
}

/* Chosen by the ids alone, so that nobody chooses. */
static bool is_blind(const struct link_policy *p, const struct link_note *n)
{
    if (n->events != 2) return false;
    uint64_t h = hash64_mix(hash64(n->event[0].id), hash64(n->event[1].id));
    return h % 100 < p->blind_percent;
}

static bool same_officer(Str a, Str b)
{
    return !str_empty(str_trim(a)) && str_eq_nocase(str_trim(a), str_trim(b));
}

/* Has exactly one person said linked or not, somebody else than the viewer? Then the viewer is to answer
 * without knowing. Who does not answer links sees it all. */
static bool blind_for(const struct links_viewer *v, const struct link_case *c)
{
    Str first = STR_NONE;
    if (!c->blind || !role_may(v->role, PERMISSION_DECIDE_LINK)) return false;
    for (size_t i = 0; i < c->answers; i++) {
        const struct link_answer *x = &c->answer[i];
        if (x->kind != ANSWER_LINKED && x->kind != ANSWER_NOT_LINKED) continue;
        if (same_officer(x->by, v->officer)) return false;
        if (str_present(first) && !same_officer(first, x->by)) return false;
        first = x->by;
    }
    return str_present(first);
}

static bool is_mine(const struct links_viewer *v, const struct link_row *r)
{
    if (!link_stage_open(r->work.stage)) return false;
    switch (r->work.owner) {
    case OWNER_UNIT_ANALYST:
        if (v->role != ROLE_ANALYST) return false;
        for (size_t i = 0; i < r->unit.count; i++)
            if (str_eq(r->unit.item[i], v->unit)) return true;
        return false;
    case OWNER_CENTRAL_DESK: {
        const struct roll_unit *unit = str_empty(v->unit) ? NULL : roll_unit(v->roll, S("main"), v->unit);
        return v->role == ROLE_ANALYST && (unit == NULL || str_eq(unit->kind, S("intelligence")));
    }
    case OWNER_SPECIALISTS:
        return v->role == ROLE_SPECIALIST;
    case OWNER_CLEARED:
        return role_may(v->role, PERMISSION_DECIDE_LINK); /* who sees it is cleared */
    case OWNER_OFFICER:
        return same_officer(r->work.officer, v->officer);
    case OWNER_COUNT:
        break;
    }
    BUG("no such owner %d", (int)r->work.owner);
}

static int64_t newest_found_ms(const struct links_viewer *v, const struct link_note *n)
{
    int64_t newest = INT64_MIN;
    for (size_t i = 0; i < n->events; i++) {
        uint32_t at = n->event[i].kind == KIND_DEATH ? roll_find(v->roll, &n->event[i]) : ROLL_NONE;
        if (at != ROLL_NONE && roll_death(v->roll, at)->when_ms > newest)
            newest = roll_death(v->roll, at)->when_ms;
    }
    return newest == INT64_MIN ? n->raised_ms : newest;
}

static void case_of(const struct links_viewer *v, const struct link_book *b, size_t at, struct arena *a,
                    struct str_list *units, struct link_case *out)
{
    const struct link_note *n = link_book_at(b, at);
    link_book_case(b, at, a, out);
    *units = units_of(v->roll, n, a);
    out->units = units->count;
    out->blind = is_blind(v->policy, n);
    for (size_t i = 0; i < n->events; i++)
        out->restricted = out->restricted || link_book_restricted(b, &n->event[i], v->now_ms);
}

static void row_fill(const struct links_viewer *v, const struct link_book *b, size_t at, struct arena *a,
                     struct link_row *out)
{
    struct link_case c;
    struct link_row r = {0};
    note_copy(a, link_book_at(b, at), &r.note);
    case_of(v, b, at, a, &r.unit, &c);
    r.restricted = c.restricted;
    r.answers_seen = c.answers;
    r.blind = blind_for(v, &c);
    if (r.blind) c.answers = 0;
    r.answer = c.answer;
    r.answers = c.answers;
    link_work_judge(v->policy, &c, v->now_ms, a, &r.work);
    r.mine = is_mine(v, &r);
    double years = (double)(v->now_ms - newest_found_ms(v, &r.note)) / (double)MS_PER_DAY / DAYS_A_YEAR;
    r.value = backlog_value(r.note.score_db, r.note.events, years);
    *out = r;
}

/* ---- lists -------------------------------------------------------------------------------------------- */

struct listing {
    const struct links_viewer *v;
    enum links_which which;
    Str unit;
    struct arena *a;
    struct links_listing *out;
    size_t room;
};

static bool belongs(const struct link_row *r, enum links_which w)
{
    switch (w) {
    case LINKS_MINE:
        return r->mine;
    case LINKS_OPEN:
        return link_stage_open(r->work.stage);
    case LINKS_OVERDUE:
        return r->work.overdue;
    case LINKS_ANSWERED:
        return r->work.stage == STAGE_LINKED || r->work.stage == STAGE_NOT_LINKED;
    case LINKS_BACK:
        return r->work.stage == STAGE_WAITING;
    case LINKS_ALL:
        return true;
    case LINKS_WHICH_COUNT:
        break;
    }
    BUG("no such list %d", (int)w);
}

static bool of_unit(const struct link_row *r, Str unit)
{
    bool found = str_empty(unit);
    for (size_t i = 0; i < r->unit.count && !found; i++)
        found = str_eq(r->unit.item[i], unit);
    return found;
}

static enum status list_ask(void *state, const struct link_book *b, struct err *e)
{
    struct listing *l = state;
    (void)e;
    for (size_t i = 0; i < link_book_count(b); i++) {
        const struct link_note *n = link_book_at(b, i);
        if (n == NULL || n->merged || !may_see_all(l->v, n)) continue;
        struct arena_mark mark = arena_mark(l->a);
        struct link_row row;
        row_fill(l->v, b, i, l->a, &row);
        bool taken = of_unit(&row, l->unit);
        for (int w = 0; w < LINKS_WHICH_COUNT && taken; w++)
            l->out->of[w] += belongs(&row, (enum links_which)w);
        if (!taken || !belongs(&row, l->which)) {
            arena_release(l->a, mark);
            continue;
        }
        ARENA_ROOM(l->a, l->out->row, l->room, l->out->count + 1, 64);
        l->out->row[l->out->count++] = row;
    }
    return OK;
}

static int compare_worth(const void *x, const void *y)
{
    const struct link_row *a = x, *b = y;
    if (a->value < b->value || a->value > b->value) return a->value > b->value ? -1 : 1;
    if (a->note.raised_ms != b->note.raised_ms) return a->note.raised_ms > b->note.raised_ms ? -1 : 1;
    return record_id_compare(&a->note.id, &b->note.id);
}

static int compare_answered(const void *x, const void *y)
{
    const struct link_row *a = x, *b = y;
    if (a->work.since_ms != b->work.since_ms) return a->work.since_ms > b->work.since_ms ? -1 : 1;
    return record_id_compare(&a->note.id, &b->note.id);
}

enum status links_list(const struct links_viewer *v, enum links_which which, Str unit, struct arena *a,
                       struct links_listing *out, struct err *e)
{
    *out = (struct links_listing){0};
    struct listing l = {.v = v, .which = which, .unit = unit, .a = a, .out = out};
    TRY(live_with_book(v->live, list_ask, &l, e));
    if (out->count > 1)
        qsort(out->row, out->count, sizeof *out->row,
              which == LINKS_ANSWERED ? compare_answered : compare_worth);
    return OK;
}

/* ---- what waits for one person ------------------------------------------------------------------------ */

bool links_waits(const struct links_viewer *v, const struct link_row *row)
{
    if (row->mine) return true;
    return v->role == ROLE_SUPERVISOR && row->work.escalated && link_stage_open(row->work.stage) &&
           !str_empty(v->unit) && of_unit(row, v->unit);
}

static int compare_due(const void *x, const void *y)
{
    const struct link_row *a = x, *b = y;
    int64_t due_a = a->work.due_ms > 0 ? a->work.due_ms : INT64_MAX,
            due_b = b->work.due_ms > 0 ? b->work.due_ms : INT64_MAX;
    if (due_a != due_b) return due_a < due_b ? -1 : 1;
    return compare_worth(x, y);
}

enum status links_waiting(const struct links_viewer *v, Str unit, struct arena *a, struct links_listing *out,
                          struct err *e)
{
    struct links_listing open;
    TRY(links_list(v, LINKS_OPEN, unit, a, &open, e));
    size_t n = 0;
    for (size_t i = 0; i < open.count; i++)
        if (links_waits(v, &open.row[i])) open.row[n++] = open.row[i];
    if (n > 1) qsort(open.row, n, sizeof *open.row, compare_due);
    *out = (struct links_listing){.row = open.row, .count = n};
    return OK;
}

/* ---- one, or those of an event ------------------------------------------------------------------------ */

struct reading {
    const struct links_viewer *v;
    const struct record_id *id, *other;
    struct arena *a;
    struct link_row *row;
    size_t count, room;
};

static enum status read_ask(void *state, const struct link_book *b, struct err *e)
{
    struct reading *r = state;
    size_t at = link_book_find(b, r->id);
    if (at == SIZE_MAX || link_book_at(b, at) == NULL || !may_see_all(r->v, link_book_at(b, at)))
        return ERR(e, E_NOT_FOUND, "link", "there is no link %.*s.", STR_ARG(r->id->id));
    row_fill(r->v, b, at, r->a, r->row);
    return OK;
}

enum status links_read(const struct links_viewer *v, const struct record_id *link, struct arena *a,
                       struct link_row *out, struct err *e)
{
    struct reading r = {.v = v, .id = link, .a = a, .row = out};
    return live_with_book(v->live, read_ask, &r, e);
}

static bool names(const struct link_note *n, const struct record_id *event)
{
    for (size_t i = 0; i < n->events; i++)
        if (record_id_eq(&n->event[i], event)) return true;
    return false;
}

static enum status of_ask(void *state, const struct link_book *b, struct err *e)
{
    struct reading *r = state;
    const uint32_t *at = NULL;
    size_t links = link_book_of_event(b, r->id, &at);
    (void)e;
    for (size_t i = 0; i < links; i++) {
        const struct link_note *n = link_book_at(b, at[i]);
        if (n == NULL || n->merged || !names(n, r->id) || (r->other != NULL && !names(n, r->other)) ||
            !may_see_all(r->v, n))
            continue;
        ARENA_ROOM(r->a, r->row, r->room, r->count + 1, 8);
        row_fill(r->v, b, at[i], r->a, &r->row[r->count++]);
    }
    return OK;
}

enum status links_of(const struct links_viewer *v, const struct record_id *event,
                     const struct record_id *other, struct arena *a, struct link_row **out, size_t *count,
                     struct err *e)
{
    struct reading r = {.v = v, .id = event, .other = other, .a = a};
    TRY(live_with_book(v->live, of_ask, &r, e));
    *out = r.row;
    *count = r.count;
    return OK;
}

/* ---- how it went with others ----------------------------------------------------------------------------
 */

enum status links_likewise(const struct links_viewer *v, int score_db, struct links_likewise *out,
                           struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("answered links", (size_t)1 << 30);
    struct links_listing all;
    struct links_likewise like = {0};
    TRY(links_list(v, LINKS_ANSWERED, S(""), a, &all, e));
    for (size_t i = 0; i < all.count && like.answered < LINKS_LIKEWISE_MAX; i++) {
        int apart = all.row[i].note.score_db - score_db;
        if (apart < -LIKEWISE_DB || apart > LIKEWISE_DB) continue;
        like.answered++;
        like.confirmed += all.row[i].work.stage == STAGE_LINKED;
    }
    *out = like;
    return OK;
}

struct unseen {
    const struct links_viewer *v;
    size_t count;
    struct arena *a;
};

/* Is there an officer who is cleared for everything in it and has declared no interest? */
static bool somebody_sees(const struct links_viewer *v, const struct link_book *b, const struct link_note *n)
{
    const struct roll_officer *officer;
    size_t officers = roll_officers(v->roll, &officer);
    (void)b;
    for (size_t i = 0; i < officers; i++) {
        struct table *conflicts CLEANUP_TABLE = table_new(UINT32_MAX);
        bool sees = true;
        roll_conflicts(v->roll, officer[i].id.id, conflicts);
        for (size_t k = 0; k < n->events && sees; k++) {
            struct buf key CLEANUP_BUF = {0};
            buf_init(&key, (size_t)1 << 12);
            sees = roll_is_cleared(v->roll, &n->event[k], officer[i].id.id, officer[i].unit) &&
                   table_find(conflicts, roll_key(&n->event[k], &key)) == NULL;
        }
        if (sees) return true;
    }
    return false;
}

static enum status unseen_ask(void *state, const struct link_book *b, struct err *e)
{
    struct unseen *u = state;
    (void)e;
    for (size_t i = 0; i < link_book_count(b); i++) {
        const struct link_note *n = link_book_at(b, i);
        struct link_case c;
        struct link_work work;
        struct str_list units;
        if (n == NULL || n->merged) continue;
        arena_reset(u->a);
        case_of(u->v, b, i, u->a, &units, &c);
        if (!c.restricted) continue;
        link_work_judge(u->v->policy, &c, u->v->now_ms, u->a, &work);
        u->count += link_stage_open(work.stage) && !somebody_sees(u->v, b, n);
    }
    return OK;
}

enum status links_unseen(const struct links_viewer *v, size_t *count, struct err *e)
{
    struct arena *a CLEANUP_ARENA = arena_new("a link", (size_t)1 << 28);
    struct unseen u = {.v = v, .a = a};
    TRY(live_with_book(v->live, unseen_ask, &u, e));
    *count = u.count;
    return OK;
}
