#include "web/page/work_links.h"

#include "app/words.h"
#include "web/page/link_ties.h"
#include "web/page/pages.h"
#include "web/parts.h"

enum { SHOWN = 10 };

enum status work_links_read(struct visit *v, struct work_links *out, struct err *e)
{
    struct links_listing list = {0};
    struct live_status live;
    live_status(v->service->live, &live);
    *out = (struct work_links){.ready = live.ready};
    if (!visit_may(v, PERMISSION_LINKS)) return OK;
    struct links_viewer viewer = links_viewer_of(v);
    TRY(links_waiting(&viewer, visit_query(v, "unit"), v->arena, &list, e));
    out->row = list.row;
    out->count = list.count;
    for (size_t i = 0; i < list.count; i++)
        out->late += list.row[i].work.overdue;
    size_t shown = list.count < SHOWN ? list.count : SHOWN;
    if (v->format == FORMAT_HTML) TRY(link_headlines(v, list.row, shown, &out->why, e));
    return link_rows_note(v, S("your work"), list.row, shown, e);
}

static Url all_url(struct visit *v)
{
    Str which = v->viewer.role == ROLE_SUPERVISOR ? S("overdue") : S("mine");
    return url_with(v->arena, url(v->arena, "/links"), S("which"), which);
}

struct part_figure work_links_figure(struct visit *v, const struct work_links *l)
{
    return (struct part_figure){.number = str_format(v->arena, "%zu", l->count),
                                .text = l->count == 1 ? S("suggested link") : S("suggested links"),
                                .href = all_url(v),
                                .meaning = l->late > 0 ? MEANING_URGENT : MEANING_ATTENTION};
}

/* "Answer by 29 August 2014, 8:00am.", and why it has come here */
static Str clock_words(struct visit *v, const struct link_row *row)
{
    const struct link_work *w = &row->work;
    Str due = S("No date.");
    if (w->due_ms > 0)
        due = str_format(v->arena, "%s %.*s.", w->overdue ? "An answer was due by" : "Answer by",
                         STR_ARG(words_time(v->arena, w->due_ms)));
    if (row->blind || !w->escalated) return due;
    return str_format(v->arena, "%.*s Nobody answered in time: it is now with %s.", STR_ARG(due),
                      link_owner_words(w->owner));
}

static void row_show(struct visit *v, const struct link_row *row, Str why)
{
    Str stage = row->blind ? S("Somebody else has looked. You look without knowing what they answered.")
                           : words_sentence(v->arena, str_of(link_stage_words(row->work.stage)));
    part_entry(v->out,
               &(struct part_entry){
                   .href = link_url(v, &row->note),
                   .title = link_names_words(v, &row->note),
                   .why = why,
                   .small = str_format(v->arena, "%.*s %.*s", STR_ARG(stage), STR_ARG(clock_words(v, row))),
                   .state = row->work.overdue ? S("Overdue") : S("Link"),
                   .meaning = row->work.overdue ? MEANING_URGENT : MEANING_ATTENTION});
}

void work_links_show(struct visit *v, const struct work_links *l)
{
    if (l->count == 0) return;
    part_heading(v->out, 2, S("links"), S("Do these deaths belong together?"));
    part_entries_begin(v->out);
    for (size_t i = 0; i < l->count && i < SHOWN; i++)
        row_show(v, &l->row[i], l->why[i]);
    part_entries_end(v->out);
    if (l->count <= SHOWN) return;
    html(v->out, "<p class=\"govuk-body\">");
    html_link(v->out, all_url(v), str_format(v->arena, "All %zu suggested links", l->count));
    html(v->out, "</p>\n");
}

void work_links_json(struct json_writer *w, const struct work_links *l)
{
    json_kv_i64(w, S("links_waiting"), (int64_t)l->count);
    json_put_key(w, S("links"));
    json_open(w, '[');
    for (size_t i = 0; i < l->count && i < SHOWN; i++)
        json_put_link(w, &l->row[i]);
    json_close(w, ']');
}
