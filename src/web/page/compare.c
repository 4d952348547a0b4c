/* Two deaths compared: what is unusual together, why, what speaks against it, what is missing, and what to
 * do. */
#include "web/page/compare_parts.h"
#include "web/page/link_decide.h"
#include "web/page/link_ties.h"
#include "web/page/pages.h"

#include "app/words.h"

#define LIKEWISE_LEAST 10 /* of fewer answered links like it, a share says nothing */

/* ---- the pair in the path --------------------------------------------------------------------------- */

/* *answered: a reason for access is asked first. */
static enum status pair_find(struct visit *v, struct record_id *a, struct record_id *b, bool *answered,
                             struct err *e)
{
    TRY(link_event_find(v, visit_param(v, "a"), a, answered, e));
    if (*answered) return OK;
    TRY(link_event_find(v, visit_param(v, "b"), b, answered, e));
    if (record_id_eq(a, b)) return ERR(e, E_NOT_FOUND, "", "a record is not compared with itself.");
    return OK;
}

/* ---- for programs ----------------------------------------------------------------------------------- */

static void as_json(struct visit *v, const struct comparison *c)
{
    struct json_writer w = visit_json(v);
    json_open(&w, '{');
    json_put_key(&w, S("a"));
    json_put_id(&w, &c->a);
    json_put_key(&w, S("b"));
    json_put_id(&w, &c->b);
    json_kv_str(&w, S("headline"), c->headline);
    json_kv_i64(&w, S("score_db"), c->score_db);
    if (c->alarm.looked) json_kv_i64(&w, S("second_look_db"), c->alarm.score_db);
    json_kv_i64(&w, S("threshold_db"), c->alarm.threshold_db);
    json_put_key(&w, S("rank_of_b_for_a"));
    c->rank_ab > 0 ? json_put_i64(&w, (int64_t)c->rank_ab) : json_put_null(&w);
    json_put_key(&w, S("rank_of_a_for_b"));
    c->rank_ba > 0 ? json_put_i64(&w, (int64_t)c->rank_ba) : json_put_null(&w);
    json_kv_str(&w, S("model"), c->model);
    json_put_key(&w, S("reasons"));
    json_open(&w, '[');
    for (size_t i = 0; i < c->reasons; i++) {
        const struct compared_reason *r = &c->reason[i];
        json_open(&w, '{');
        json_kv_str(&w, S("feature"), str_of(FEATURES[r->feature].name));
        json_kv_str(&w, S("text"), r->text);
        json_kv_i64(&w, S("weight_db"), r->weight_db);
        json_kv_str(&w, S("a"), r->words_a);
        json_kv_str(&w, S("b"), r->words_b);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    visit_json_end(v);
}

/* ---- the link on record ----------------------------------------------------------------------------- */

struct pair_link {
    const struct link_row *row; /* NULL: nobody and nothing has suggested it */
    bool here;                  /* it is about these two, whatever reports lead to them, and decided here */
    struct ties ties;           /* with the reports of the link */
    struct links_likewise like;
};

/* Reports of a link are compared with its deaths, too; that says nothing of the link. */
static bool decided_here(const struct link_row *row, const struct comparison *c)
{
    bool deaths = c->a.kind == KIND_DEATH && c->b.kind == KIND_DEATH;
    return row->note.events == 2 || (deaths && row->note.deaths == 2);
}

/* Two may have several links: the one that was asked for, else the latest that waits for an answer here, else
 * the latest. */
static const struct link_row *link_choose(const struct comparison *c, Str asked, const struct link_row *row,
                                          size_t count)
{
    const struct link_row *waits = NULL, *here = NULL;
    for (size_t i = 0; i < count; i++) {
        if (row[i].note.merged || !decided_here(&row[i], c)) continue;
        if (str_present(asked) && str_eq(row[i].note.id.id, asked)) return &row[i];
        here = &row[i];
        if (link_stage_open(row[i].work.stage)) waits = &row[i];
    }
    if (waits != NULL) return waits;
    if (here != NULL) return here;
    return count == 0 ? NULL : &row[count - 1];
}

static enum status pair_link_read(struct visit *v, const struct comparison *c, Str asked,
                                  struct pair_link *out, struct err *e)
{
    struct links_viewer viewer = links_viewer_of(v);
    struct link_row *row = NULL;
    size_t count = 0;
    *out = (struct pair_link){0};
    TRY(links_of(&viewer, &c->a, &c->b, v->arena, &row, &count, e));
    TRY(links_likewise(&viewer, c->score_db, &out->like, e));
    out->row = link_choose(c, asked, row, count);
    out->here = out->row != NULL && decided_here(out->row, c);
    if (!out->here || out->row->note.events == 2) return OK;
    TRY(link_rows_note(v, S("compare"), out->row, 1, e));
    return link_ties_read(v, out->row, &out->ties, e);
}

static void stands_show(struct visit *v, const struct pair_link *l)
{
    const struct link_row *row = l->row;
    if (row == NULL) return;
    if (l->here) {
        link_stands_show(v, row);
        return;
    }
    part_paragraph(v->out, str_format(v->arena,
                                      "Both belong to a link of %.*s, which is decided on a page of its own.",
                                      STR_ARG(link_members_words(v, &row->note))));
    part_button(v->out, &(struct part_button){.text = S("Open the whole link"),
                                              .href = link_url(v, &row->note),
                                              .kind = BUTTON_SECONDARY});
}

static void reports_show(struct visit *v, const struct pair_link *l)
{
    const struct link_row *row = l->row;
    if (!l->here || row->note.events == 2) return;
    part_heading(v->out, 2, S("reports"), S("Reports in this link"));
    link_reports_show(v, &row->note, &l->ties);
    html(v->out, "<p class=\"govuk-body\">");
    html_link(v->out, url(v->arena, "/series/%.*s", STR_ARG(visit_id_words(v->arena, &row->note.id))),
              S("The deaths on a map and in time, and all ties as a picture"));
    html(v->out, "</p>\n");
}

static void suggest_show(struct visit *v, const struct comparison *c)
{
    part_heading(v->out, 2, S("decide"), S("Decide"));
    part_paragraph(v->out,
                   S("Nobody and nothing has suggested this link, so there is nothing to decide. If you know "
                     "something that ties them, suggest it."));
    if (!visit_may(v, PERMISSION_DECIDE_LINK) || c->a.kind != KIND_DEATH || c->b.kind != KIND_DEATH) return;
    Url to = url_with(v->arena, url(v->arena, "/links/suggest"), S("first"), visit_id_words(v->arena, &c->a));
    part_button(v->out, &(struct part_button){
                            .text = S("Suggest this link"),
                            .href = url_with(v->arena, to, S("second"), visit_id_words(v->arena, &c->b)),
                            .kind = BUTTON_SECONDARY});
}

static void decision_show(struct visit *v, const struct comparison *c, const struct pair_link *l)
{
    const struct link_row *row = l->row;
    if (l->like.answered >= LIKEWISE_LEAST)
        part_paragraph(v->out,
                       str_format(v->arena, "Of the last %zu links scored like this, %zu were confirmed.",
                                  l->like.answered, l->like.confirmed));
    if (row == NULL)
        suggest_show(v, c);
    else if (l->here)
        link_decide_show(v, row);
}

/* ---- pages ------------------------------------------------------------------------------------------ */

static void as_html(struct visit *v, const struct comparison *c, const struct pair_link *l)
{
    Str title = str_format(v->arena, "%.*s and %.*s", STR_ARG(c->title_a), STR_ARG(c->title_b));
    visit_page_begin(
        v, &(struct visit_page){.title = title, .back = {url(v->arena, "/links"), S("Links")}, .wide = true});
    part_title(v->out, S("Compare"), title);
    bool answered = l->here && l->row->work.standing != NULL;
    if (answered) stands_show(v, l);
    compare_summary(v, c, l->here ? l->row->note.once_in_weeks : 0);
    if (!answered) stands_show(v, l);
    compare_ties(v, c);
    compare_against(v, c);
    compare_missing(v, c);
    compare_accounts(v, c);
    reports_show(v, l);
    compare_sides(v, c);
    compare_weights(v, c);
    decision_show(v, c, l);
    compare_not_used(v, c);
    visit_page_end(v);
}

enum status compare_show(struct visit *v, const struct record_id *a, const struct record_id *b, Str link,
                         struct err *e)
{
    struct comparison c;
    struct pair_link l;
    TRY(link_compare(v, a, b, &c, e));
    if (v->format == FORMAT_JSON) {
        as_json(v, &c);
        return OK;
    }
    TRY(pair_link_read(v, &c, link, &l, e));
    as_html(v, &c, &l);
    return OK;
}

enum status page_compare(struct visit *v, struct err *e)
{
    struct record_id a, b;
    bool answered = false;
    TRY(pair_find(v, &a, &b, &answered, e));
    return answered ? OK : compare_show(v, &a, &b, visit_query(v, "link"), e);
}
