/* Links: what the machine and people suggest, as work: whose, by when, what was answered. */
#include "web/page/link_decide.h"
#include "web/page/link_ties.h"
#include "web/page/pages.h"

#include "app/words.h"
#include "base/caldate.h"
#include "web/page/death_frame.h"

#define PAGE_ROWS 25

static const struct {
    enum links_which which;
    const char *words;
} WHICH[] = {{LINKS_MINE, "Yours"},
             {LINKS_OPEN, "Open"},
             {LINKS_OVERDUE, "Overdue"},
             {LINKS_ANSWERED, "Answered"},
             {LINKS_BACK, "From old records"},
             {LINKS_ALL, "All"}};

static enum links_which which_of(const struct visit *v)
{
    Str asked = visit_query(v, "which");
    for (int i = 0; i < LINKS_WHICH_COUNT; i++)
        if (str_eq(asked, str_of(links_which_name((enum links_which)i)))) return (enum links_which)i;
    return LINKS_OPEN;
}

static Url which_url(struct visit *v, enum links_which which)
{
    return url_with(v->arena, url(v->arena, "/links"), S("which"), str_of(links_which_name(which)));
}

static Str strength_words(struct visit *v, const struct link_note *note)
{
    if (note->once_in_weeks >= 2)
        return str_format(v->arena, "Chance alone brings one as strong every %.0f weeks",
                          note->once_in_weeks);
    if (note->looked)
        return str_format(v->arena, "Weight %.1f, %.1f beside the deaths most like them",
                          note->score_db / 10.0, note->look_db / 10.0);
    return str_format(v->arena, "Weight %.1f", note->score_db / 10.0);
}

/* why: what ties them most; "" where that is not known now. */
static void row_show(struct visit *v, const struct link_row *row, Str why)
{
    Str state = row->blind ? S("Second look") : str_of(link_stage_words(row->work.stage));
    if (row->work.overdue && !row->blind) state = str_format(v->arena, "Overdue. %.*s", STR_ARG(state));
    part_entry(v->out, &(struct part_entry){
                           .href = link_url(v, &row->note),
                           .title = link_names_words(v, &row->note),
                           .why = why,
                           .small = str_format(v->arena, "%.*s. %.*s. Since %.*s",
                                               STR_ARG(link_members_words(v, &row->note)),
                                               STR_ARG(strength_words(v, &row->note)),
                                               STR_ARG(words_time(v->arena, row->note.raised_ms))),
                           .state = state,
                           .meaning = row->blind ? MEANING_ATTENTION : link_stage_meaning(&row->work)});
}

enum status link_rows_show(struct visit *v, const struct link_row *row, size_t count, struct err *e)
{
    Str *why = NULL;
    TRY(link_headlines(v, row, count, &why, e));
    part_entries_begin(v->out);
    for (size_t i = 0; i < count; i++)
        row_show(v, &row[i], why[i]);
    part_entries_end(v->out);
    return OK;
}

void json_put_link(struct json_writer *w, const struct link_row *row)
{
    char stamp[32];
    json_open(w, '{');
    json_put_key(w, S("id"));
    json_put_id(w, &row->note.id);
    json_put_key(w, S("events"));
    json_open(w, '[');
    for (size_t i = 0; i < row->note.events; i++)
        json_put_id(w, &row->note.event[i]);
    json_close(w, ']');
    json_kv_str(w, S("raised_by"), row->note.raised_by);
    json_kv_i64(w, S("score_db"), row->note.score_db);
    if (row->note.looked) json_kv_i64(w, S("second_look_db"), row->note.look_db);
    json_kv_f64(w, S("once_in_weeks"), row->note.once_in_weeks);
    caldate_format(row->note.raised_ms, stamp);
    json_kv_str(w, S("raised_at"), str_of(stamp));
    if (!row->blind) json_kv_str(w, S("stage"), str_of(link_stage_name(row->work.stage)));
    json_kv_bool(w, S("overdue"), row->work.overdue);
    json_kv_bool(w, S("mine"), row->mine);
    json_close(w, '}');
}

static void as_json(struct visit *v, const struct links_listing *list)
{
    struct json_writer w = visit_json(v);
    json_open(&w, '{');
    json_kv_i64(&w, S("count"), (int64_t)list->count);
    json_put_key(&w, S("links"));
    json_open(&w, '[');
    for (size_t i = 0; i < list->count; i++)
        json_put_link(&w, &list->row[i]);
    json_close(&w, ']');
    json_close(&w, '}');
    visit_json_end(v);
}

static void unseen_show(struct visit *v, const struct links_viewer *viewer)
{
    size_t unseen = 0;
    struct err ignored = {0};
    if (!visit_may(v, PERMISSION_RESTRICT) || links_unseen(viewer, &unseen, &ignored) != OK || unseen == 0)
        return;
    part_warning(v->out,
                 str_format(v->arena,
                            "%zu open link%s can be seen by nobody who works here. Somebody has to be "
                            "cleared for the restricted records in %s.",
                            unseen, unseen == 1 ? "" : "s", unseen == 1 ? "it" : "them"));
}

/* Until the linker is ready, what is listed is what was found before. */
static void not_ready_show(struct visit *v)
{
    struct live_status live;
    live_status(v->service->live, &live);
    if (live.ready) return;
    part_inset(v->out, S("The server has just started. Links are still being looked for: more may come here "
                         "in the next minutes, by themselves."));
}

static enum status as_html(struct visit *v, const struct links_viewer *viewer, enum links_which which,
                           const struct links_listing *list, struct err *e)
{
    struct part_view views[COUNT_OF(WHICH)];
    int64_t page = 1;
    if (str_to_i64(visit_query(v, "page"), &page) != OK || page < 1 || page > INT32_MAX) page = 1;
    size_t from = (size_t)(page - 1) * PAGE_ROWS;
    if (from >= list->count) from = 0;
    size_t count = list->count - from < PAGE_ROWS ? list->count - from : PAGE_ROWS;
    for (size_t i = 0; i < COUNT_OF(WHICH); i++)
        views[i] = (struct part_view){
            url_with(v->arena, url(v->arena, "/links"), S("which"), str_of(links_which_name(WHICH[i].which))),
            str_format(v->arena, "%s (%zu)", WHICH[i].words, list->of[WHICH[i].which]),
            WHICH[i].which == which};
    visit_page_begin(v, &(struct visit_page){.title = S("Links"), .wide = true});
    part_title(v->out, S(""), S("Links"));
    part_lead(v->out, S("Deaths that may belong together. Those most worth a look come first."));
    part_paragraph(v->out, S("A weight that is one higher means ten times as much evidence."));
    not_ready_show(v);
    unseen_show(v, viewer);
    part_buttons_begin(v->out);
    part_button(v->out, &(struct part_button){.text = S("List for the morning meeting"),
                                              .href = url(v->arena, "/links/morning"),
                                              .kind = BUTTON_SECONDARY});
    if (visit_may(v, PERMISSION_DECIDE_LINK))
        part_button(v->out, &(struct part_button){.text = S("Suggest a link"),
                                                  .href = url(v->arena, "/links/suggest"),
                                                  .kind = BUTTON_SECONDARY});
    part_buttons_end(v->out);
    part_views(v->out, S("Which links"), views, COUNT_OF(views));
    if (list->count == 0)
        part_empty(v->out, which == LINKS_MINE ? S("No link waits for you.") : S("No links in this list."));
    if (count > 0) {
        part_range(v->out, from + 1, from + count, list->count, S("links"));
        TRY(link_rows_show(v, list->row + from, count, e));
    }
    part_pages(v->out, v->arena,
               &(struct part_pages){.base = which_url(v, which),
                                    .page = from / PAGE_ROWS + 1,
                                    .pages = (list->count + PAGE_ROWS - 1) / PAGE_ROWS});
    visit_page_end(v);
    return OK;
}

enum status page_links(struct visit *v, struct err *e)
{
    struct links_viewer viewer = links_viewer_of(v);
    struct links_listing list;
    enum links_which which = which_of(v);
    TRY(links_list(&viewer, which, visit_query(v, "unit"), v->arena, &list, e));
    TRY(link_rows_note(v, S("links"), list.row, list.count, e));
    if (v->format != FORMAT_JSON) return as_html(v, &viewer, which, &list, e);
    as_json(v, &list);
    return OK;
}

/* ---- the links of one death ------------------------------------------------------------------------- */

struct nearest_ask {
    struct visit *v;
    struct near_link *near;
    size_t count;
};

static enum status nearest(void *state, const struct live_view *view, struct err *e)
{
    struct nearest_ask *x = state;
    return comparison_nearest(view->world, &x->v->service->session.policy, &x->v->death->id, 10,
                              sight_may_see, x->v->sight, x->v->arena, &x->near, &x->count, e);
}

static void nearest_show(struct visit *v, const struct nearest_ask *x)
{
    part_heading(v->out, 2, S("nearest"), S("The nearest of all that is known"));
    part_paragraph(v->out,
                   S("Every other death and report was weighed against this one. These weigh most; that says "
                     "nothing yet about whether they belong together."));
    if (x->count == 0) part_empty(v->out, S("Nothing that you may see weighs anything."));
    part_entries_begin(v->out);
    for (size_t i = 0; i < x->count; i++) {
        const struct near_link *n = &x->near[i];
        part_entry(
            v->out,
            &(struct part_entry){
                .href = url(v->arena, "/links/%.*s/%.*s", STR_ARG(visit_id_words(v->arena, &v->death->id)),
                            STR_ARG(visit_id_words(v->arena, &n->other))),
                .title = str_format(v->arena, "%zu. %.*s", n->rank, STR_ARG(link_member_words(v, &n->other))),
                .why = words_sentence(v->arena, n->headline),
                .small = str_format(v->arena, "Weight %.1f", n->score_db / 10.0)});
    }
    part_entries_end(v->out);
}

static void nearest_json(struct json_writer *w, const struct nearest_ask *x)
{
    json_put_key(w, S("nearest"));
    json_open(w, '[');
    for (size_t i = 0; i < x->count; i++) {
        json_open(w, '{');
        json_kv_i64(w, S("rank"), (int64_t)x->near[i].rank);
        json_put_key(w, S("id"));
        json_put_id(w, &x->near[i].other);
        json_kv_i64(w, S("score_db"), x->near[i].score_db);
        json_kv_str(w, S("headline"), x->near[i].headline);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static enum status note_nearest(struct visit *v, const struct nearest_ask *x, struct err *e)
{
    struct record_id *id = NEW_ARRAY(v->arena, struct record_id, x->count + 1);
    for (size_t i = 0; i < x->count; i++)
        id[i] = x->near[i].other;
    return store_note_shown(v->service->session.store, &v->actor, S("nearest"),
                            visit_id_words(v->arena, &v->death->id), id, x->count, e);
}

enum status page_death_links(struct visit *v, struct err *e)
{
    struct links_viewer viewer = links_viewer_of(v);
    struct nearest_ask x = {.v = v};
    struct link_row *row = NULL;
    size_t count = 0;
    struct err why = {0};
    TRY(links_of(&viewer, &v->death->id, NULL, v->arena, &row, &count, e));
    TRY(link_rows_note(v, S("links"), row, count, e));
    enum status status =
        live_with(v->service->live, v->death->restricted ? LIVE_WHOLE : LIVE_OPEN, nearest, &x, &why);
    if (status != OK && status != E_BUSY) return ERR(e, status, "", "%s", why.text);
    TRY(note_nearest(v, &x, e));
    if (v->format == FORMAT_JSON) {
        struct json_writer w = visit_json(v);
        json_open(&w, '{');
        json_put_key(&w, S("links"));
        json_open(&w, '[');
        for (size_t i = 0; i < count; i++)
            json_put_link(&w, &row[i]);
        json_close(&w, ']');
        nearest_json(&w, &x);
        json_close(&w, '}');
        visit_json_end(v);
        return OK;
    }
    death_page_begin(v, DEATH_LINKS);
    part_heading(v->out, 2, S("links"), S("Links that were suggested"));
    if (count == 0) part_empty(v->out, S("No link with this death is on record that you may see."));
    TRY(link_rows_show(v, row, count, e));
    if (status == OK)
        nearest_show(v, &x);
    else
        part_inset(v->out, S("The linker is being made ready. Look again in a minute."));
    death_page_end(v);
    return OK;
}
