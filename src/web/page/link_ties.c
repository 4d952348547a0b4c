#include "web/page/link_ties.h"

#include "app/words.h"
#include "base/utf8.h"

#include <stdlib.h>

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

static void recurring_add(struct ties *t, Str words, size_t a, size_t b)
{
    size_t at = 0;
    while (at < t->recurrings && !str_eq(t->recurring[at].words, words))
        at++;
    if (at == RECURRING_MAX) return;
    if (at == t->recurrings) t->recurring[t->recurrings++] = (struct recurring){words, 0};
    t->recurring[at].in |= UINT32_C(1) << a | UINT32_C(1) << b;
}

static int compare_recurring(const void *x, const void *y)
{
    const struct recurring *a = x, *b = y;
    int in_a = __builtin_popcount(a->in), in_b = __builtin_popcount(b->in);
    return in_a != in_b ? in_b - in_a : str_compare(a->words, b->words);
}

/* That the record of a death names who died goes without saying. */
static bool is_of(const struct weighing *x, size_t member, Str words)
{
    const struct link_note *note = &x->row->note;
    return member < note->deaths && str_eq(link_short_words(x->v, &note->event[member]), words);
}

/* Work space for a pair: a list may weigh hundreds, and keeps a line of each. */
#define PAIR_BYTES_MAX ((size_t)32 << 20)

static void pair_keep(const struct weighing *x, size_t i, size_t j, const struct comparison *c)
{
    struct arena *a = x->v->arena;
    const struct link_note *note = &x->row->note;
    if (c->score_db > 0) tie_add(x->out, note, (struct tie){i, j, str_copy(a, c->headline), c->score_db});
    if (i < note->deaths && j >= note->deaths && c->people_shared) x->out->shares |= UINT32_C(1) << i;
    for (size_t k = 0; k < c->shared.count; k++) {
        bool own = j < note->deaths && (is_of(x, i, c->shared.item[k]) || is_of(x, j, c->shared.item[k]));
        if (!own) recurring_add(x->out, str_copy(a, c->shared.item[k]), i, j);
    }
}

static enum status weigh_pairs(void *state, const struct live_view *view, struct err *e)
{
    const struct weighing *x = state;
    const struct link_note *note = &x->row->note;
    struct arena *scratch CLEANUP_ARENA = arena_new("a pair of a link", PAIR_BYTES_MAX);
    size_t n = note->events < x->most ? note->events : x->most;
    x->out->complete = n == note->events;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            struct comparison c;
            struct err why = {0};
            arena_reset(scratch);
            enum status status = comparison_brief(view->world, &x->v->service->session.policy,
                                                  &note->event[i], &note->event[j], scratch, &c, &why);
            if (status == E_BUSY) x->out->complete = false;
            if (status == E_BUSY) continue;
            if (status != OK) return ERR(e, status, "", "%s", why.text);
            pair_keep(x, i, j, &c);
        }
    qsort(x->out->recurring, x->out->recurrings, sizeof *x->out->recurring, compare_recurring);
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

/* ---- the reports ------------------------------------------------------------------------------------ */

/* Of those it is in, the reports. Members beyond the first twelve are in none. */
static uint32_t in_reports(const struct recurring *r, const struct link_note *note)
{
    return note->deaths < MEMBERS_WEIGHED ? r->in >> note->deaths : 0;
}

/* "the address Flat 26, Crane Street (5 of 5)": how many of the reports it comes up in. */
static Str counted_words(struct visit *v, const struct recurring *r, const struct link_note *note, bool first)
{
    int in = __builtin_popcount(in_reports(r, note));
    if (first)
        return str_format(v->arena, "%.*s (%d of %zu)", STR_ARG(r->words), in, note->events - note->deaths);
    return str_format(v->arena, "%.*s (%d)", STR_ARG(r->words), in);
}

/* Of each death, who and what comes up in its record and in reports; which death nobody and nothing of the
 * reports leads to comes first, for that bears most on the answer. */
static void recurring_show(struct visit *v, const struct link_note *note, const struct ties *t)
{
    enum { TOLD_MAX = 4 };
    html(v->out, "<ul class=\"govuk-list govuk-list--bullet\">");
    for (int named = 0; named < 2; named++)
        for (size_t i = 0; i < note->deaths && i < MEMBERS_WEIGHED; i++) {
            struct str_list list = {NEW_ARRAY(v->arena, Str, TOLD_MAX), 0};
            for (size_t k = 0; k < t->recurrings && list.count < TOLD_MAX; k++)
                if (t->recurring[k].in >> i & 1 && in_reports(&t->recurring[k], note) != 0) {
                    list.item[list.count] = counted_words(v, &t->recurring[k], note, list.count == 0);
                    list.count++;
                }
            if ((list.count > 0) != named) continue;
            if (!named && (!t->complete || t->shares >> i & 1)) continue; /* not known, or not worth a word */
            Str who = link_short_words(v, &note->event[i]), what = link_listed_words(v, &list, S(", "));
            if (named)
                htmlf(v->out, "<li>The record of %.*s shares with them %.*s.</li>", STR_ARG(who),
                      STR_ARG(what));
            else
                htmlf(v->out, "<li>The record of %.*s shares no name, number or address with them.</li>",
                      STR_ARG(who));
        }
    html(v->out, "</ul>\n");
}

void link_reports_show(struct visit *v, const struct link_note *note, const struct ties *t)
{
    enum { ACCOUNT_SHOWN = 300 };
    size_t reports = note->events - note->deaths;
    recurring_show(v, note, t);
    part_details_begin(v->out, reports == 1 ? S("What the report says")
                                            : str_format(v->arena, "What the %zu reports say", reports));
    html(v->out, "<ol class=\"govuk-list govuk-list--number\">");
    for (size_t i = note->deaths; i < note->events; i++) {
        Str title = link_member_words(v, &note->event[i]),
            says = utf8_cut(link_incident_account(v, &note->event[i]), ACCOUNT_SHOWN);
        htmlf(v->out, "<li>%.*s. %.*s</li>", STR_ARG(title), STR_ARG(says));
    }
    html(v->out, "</ol>\n");
    part_details_end(v->out);
    if (t->count == t->deaths) return;
    part_details_begin(
        v->out, str_format(v->arena, "What ties the reports, pair by pair (%zu)", t->count - t->deaths));
    link_ties_show(v, note, t, t->deaths, t->count);
    part_details_end(v->out);
}

enum status link_headlines(struct visit *v, const struct link_row *row, size_t count, Str **out,
                           struct err *e)
{
    enum { MEMBERS_LOOKED_AT = 4 }; /* a list is read quickly, and made quickly */
    *out = NEW_ARRAY(v->arena, Str, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct ties t;
        if (link_note_is_group(&row[i].note) &&
            !str_empty(row[i].note.note)) { /* no tie of two says what it is */
            (*out)[i] = row[i].note.note;
            continue;
        }
        TRY(weigh(&(struct weighing){v, &row[i], MEMBERS_LOOKED_AT, &t}, e));
        (*out)[i] = t.count == 0 ? S("") : words_sentence(v->arena, t.tie[0].headline);
    }
    return OK;
}
