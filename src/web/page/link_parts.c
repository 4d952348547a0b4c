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

Str link_listed_words(struct visit *v, const struct str_list *part, Str between)
{
    if (part->count < 2) return part->count == 0 ? S("") : part->item[0];
    struct str_list before = {part->item, part->count - 1};
    Str list = str_join(v->arena, &before, between), last = part->item[before.count];
    return str_format(v->arena, "%.*s and %.*s", STR_ARG(list), STR_ARG(last));
}

static Str reports_words(struct visit *v, size_t reports)
{
    return str_format(v->arena, "%zu report%s", reports, reports == 1 ? "" : "s");
}

Str link_names_words(struct visit *v, const struct link_note *note)
{
    enum { NAMED_MAX = 4 };
    struct str_list part = {NEW_ARRAY(v->arena, Str, NAMED_MAX + 2), 0};
    size_t reports = note->events - note->deaths;
    bool alone = note->deaths < 2; /* with which reports is then what matters */
    for (size_t i = 0; i < note->events && part.count < NAMED_MAX; i++)
        if (i < note->deaths || alone) part.item[part.count++] = link_member_words(v, &note->event[i]);
    size_t unnamed = (alone ? note->events : note->deaths) - part.count;
    if (unnamed > 0) part.item[part.count++] = str_format(v->arena, "%zu more", unnamed);
    if (!alone && reports > 0) part.item[part.count++] = reports_words(v, reports);
    return link_listed_words(v, &part, S("; "));
}

Str link_members_words(struct visit *v, const struct link_note *note)
{
    Str words = str_format(v->arena, "%zu death%s", note->deaths, note->deaths == 1 ? "" : "s");
    size_t reports = note->events - note->deaths;
    if (reports == 0) return words;
    return str_format(v->arena, "%.*s and %.*s", STR_ARG(words), STR_ARG(reports_words(v, reports)));
}

Str link_short_words(struct visit *v, const struct record_id *event)
{
    uint32_t at = roll_find(v->service->roll, event);
    const struct roll_death *d = at == ROLL_NONE ? NULL : roll_death(v->service->roll, at);
    return d != NULL && str_present(d->name) && !str_empty(d->name) ? d->name : link_member_words(v, event);
}

Str link_question_words(struct visit *v, const struct link_note *note)
{
    if (note->deaths > 2) return str_format(v->arena, "Do these %zu deaths belong together?", note->deaths);
    if (note->deaths < 2) return S("Do they belong together?");
    return str_format(v->arena, "Do %.*s and %.*s belong together?",
                      STR_ARG(link_short_words(v, &note->event[0])),
                      STR_ARG(link_short_words(v, &note->event[1])));
}

Url link_event_url(struct visit *v, const struct record_id *event)
{
    return event->kind == KIND_DEATH ? visit_death_url(v, event, "") : (Url){STR_NONE};
}

Url link_url(struct visit *v, const struct link_note *note)
{
    if (note->events != 2 && note->deaths != 2)
        return url(v->arena, "/series/%.*s", STR_ARG(visit_id_words(v->arena, &note->id)));
    Url pair = url(v->arena, "/links/%.*s/%.*s", STR_ARG(visit_id_words(v->arena, &note->event[0])),
                   STR_ARG(visit_id_words(v->arena, &note->event[1])));
    return url_with(v->arena, pair, S("link"), note->id.id);
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
