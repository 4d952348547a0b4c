#include "web/page/link_ties.h"

#include "app/words.h"

enum { MEMBERS_WEIGHED = 12 };
_Static_assert(TIES_MAX == MEMBERS_WEIGHED * (MEMBERS_WEIGHED - 1) / 2, "every pair has room");

struct weighing {
    struct visit *v;
    const struct link_row *row;
    size_t most; /* members */
    struct ties *out;
};

static bool of_deaths(const struct link_note *note, const struct tie *t)
{
    return t->b < note->deaths; /* deaths stand first */
}

static bool comes_before(const struct link_note *note, const struct tie *x, const struct tie *y)
{
    bool deaths_x = of_deaths(note, x), deaths_y = of_deaths(note, y);
    if (deaths_x != deaths_y) return deaths_x;
    return x->score_db > y->score_db;
}

static void tie_add(struct ties *t, const struct link_note *note, struct tie tie)
{
    size_t at = t->count++;
    while (at > 0 && comes_before(note, &tie, &t->tie[at - 1])) {
        t->tie[at] = t->tie[at - 1];
        at--;
    }
    t->tie[at] = tie;
    t->deaths += of_deaths(note, &tie);
}

static enum status weigh_pairs(void *state, const struct live_view *view, struct err *e)
{
    const struct weighing *x = state;
    const struct link_note *note = &x->row->note;
    size_t n = note->events < x->most ? note->events : x->most;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            struct comparison c;
            struct err why = {0};
            enum status status = comparison_brief(view->world, &x->v->service->session.policy,
                                                  &note->event[i], &note->event[j], x->v->arena, &c, &why);
            if (status == E_BUSY) continue;
            if (status != OK) return ERR(e, status, "", "%s", why.text);
            if (c.score_db > 0) tie_add(x->out, note, (struct tie){i, j, c.headline, c.score_db});
        }
    return OK;
}

static enum status weigh(const struct weighing *x, struct err *e)
{
    struct err why = {0};
    struct weighing asked = *x;
    *x->out = (struct ties){0};
    enum status status = live_with(x->v->service->live, x->row->restricted ? LIVE_WHOLE : LIVE_OPEN,
                                   weigh_pairs, &asked, &why);
    return status == OK || status == E_BUSY ? OK : ERR(e, status, "", "%s", why.text);
}

enum status link_ties_read(struct visit *v, const struct link_row *row, struct ties *out, struct err *e)
{
    return weigh(&(struct weighing){v, row, MEMBERS_WEIGHED, out}, e);
}

void link_ties_show(struct visit *v, const struct link_note *note, const struct ties *t, size_t from,
                    size_t count)
{
    part_entries_begin(v->out);
    for (size_t i = from; i < from + count && i < t->count; i++) {
        const struct tie *tie = &t->tie[i];
        const struct record_id *a = &note->event[tie->a], *b = &note->event[tie->b];
        part_entry(v->out,
                   &(struct part_entry){
                       .href = url(v->arena, "/links/%.*s/%.*s", STR_ARG(visit_id_words(v->arena, a)),
                                   STR_ARG(visit_id_words(v->arena, b))),
                       .title = str_format(v->arena, "%.*s and %.*s", STR_ARG(link_member_words(v, a)),
                                           STR_ARG(link_member_words(v, b))),
                       .why = words_sentence(v->arena, tie->headline),
                       .small = str_format(v->arena, "Weight %.1f", tie->score_db / 10.0)});
    }
    part_entries_end(v->out);
}

enum status link_headlines(struct visit *v, const struct link_row *row, size_t count, Str **out,
                           struct err *e)
{
    enum { MEMBERS_LOOKED_AT = 4 }; /* a list is read quickly, and made quickly */
    *out = NEW_ARRAY(v->arena, Str, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct ties t;
        TRY(weigh(&(struct weighing){v, &row[i], MEMBERS_LOOKED_AT, &t}, e));
        (*out)[i] = t.count == 0 ? S("") : words_sentence(v->arena, t.tie[0].headline);
    }
    return OK;
}
