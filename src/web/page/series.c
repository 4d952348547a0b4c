/* One link with all its members: what they share, where and when, what ties them, and the answer to it. */
#include "web/page/link_decide.h"
#include "web/page/link_ties.h"
#include "web/page/pages.h"

#include "app/words.h"
#include "base/caldate.h"
#include "base/utf8.h"
#include "model/kinds.h"
#include "web/draw.h"
#include "web/page/death_frame.h"

#define ACCOUNT_SHOWN 160 /* bytes */

/* ---- pictures --------------------------------------------------------------------------------------- */

static Str mark_of(struct visit *v, size_t i)
{
    return str_format(v->arena, "%zu", i + 1);
}

static void map_show(struct visit *v, const struct link_note *note)
{
    struct draw_point *point = NEW_ARRAY(v->arena, struct draw_point, note->events + 1);
    size_t n = 0;
    for (size_t i = 0; i < note->events; i++) {
        uint32_t at = roll_find(v->service->roll, &note->event[i]);
        if (at == ROLL_NONE || !roll_death(v->service->roll, at)->place.present) continue;
        const struct roll_death *d = roll_death(v->service->roll, at);
        point[n++] = (struct draw_point){.lat = d->place.lat,
                                         .lon = d->place.lon,
                                         .radius_m = d->place.radius_m,
                                         .mark = mark_of(v, i),
                                         .name = link_member_words(v, &note->event[i]),
                                         .when = death_day_words(v->arena, d->when_ms),
                                         .href = link_event_url(v, &note->event[i]),
                                         .meaning = MEANING_ATTENTION};
    }
    if (n == 0) return;
    struct draw_map map = {.caption = {S("map"), S("Where they were found"),
                                       S("A numbered point for each death that has a place.")},
                           .point = point,
                           .points = n};
    draw_map(v->out, v->arena, &map);
    draw_map_table(v->out, &map);
}

static void time_show(struct visit *v, const struct link_note *note)
{
    struct draw_event *event = NEW_ARRAY(v->arena, struct draw_event, note->events + 1);
    Str lane = S("Found");
    size_t n = 0;
    for (size_t i = 0; i < note->events; i++) {
        uint32_t at = roll_find(v->service->roll, &note->event[i]);
        if (at == ROLL_NONE || roll_death(v->service->roll, at)->when_ms == INT64_MIN) continue;
        event[n++] = (struct draw_event){.at_ms = roll_death(v->service->roll, at)->when_ms,
                                         .mark = mark_of(v, i),
                                         .name = link_member_words(v, &note->event[i]),
                                         .href = link_event_url(v, &note->event[i]),
                                         .meaning = MEANING_ATTENTION};
    }
    if (n == 0) return;
    struct draw_timeline t = {
        .caption = {S("time"), S("When they were found"), S("A numbered mark for each death.")},
        .lane = &lane,
        .lanes = 1,
        .event = event,
        .events = n};
    draw_timeline(v->out, v->arena, &t);
    draw_timeline_table(v->out, v->arena, &t);
}

static void graph_show(struct visit *v, const struct link_note *note, const struct ties *t)
{
    size_t nodes = note->events < DRAW_NODES_MAX ? note->events : DRAW_NODES_MAX;
    struct draw_node *node = NEW_ARRAY(v->arena, struct draw_node, nodes + 1);
    struct draw_edge *edge = NEW_ARRAY(v->arena, struct draw_edge, t->count + 1);
    for (size_t i = 0; i < nodes; i++)
        node[i] = (struct draw_node){.mark = mark_of(v, i),
                                     .name = link_member_words(v, &note->event[i]),
                                     .href = link_event_url(v, &note->event[i]),
                                     .meaning = MEANING_ATTENTION};
    for (size_t i = 0; i < t->count; i++)
        edge[i] = (struct draw_edge){t->tie[i].a, t->tie[i].b,
                                     str_format(v->arena, "%.1f", t->tie[i].score_db / 10.0), false};
    struct draw_graph g = {
        .caption = {S("graph"), S("The ties as a picture"),
                    S("A box for each member, a line where two are tied, with its weight.")},
        .node = node,
        .nodes = nodes,
        .edge = edge,
        .edges = t->count};
    draw_graph(v->out, v->arena, &g);
    draw_graph_table(v->out, &g);
}

/* ---- members ---------------------------------------------------------------------------------------- */

static void members_show(struct visit *v, const struct link_note *note)
{
    static const struct part_column COLUMNS[] = {{.title = S_INIT("Member")},
                                                 {.title = S_INIT("When")},
                                                 {.title = S_INIT("Place")},
                                                 {.title = S_INIT("What")},
                                                 {.title = S_INIT("Unit")}};
    part_table_begin(v->out, &(struct part_table){
                                 .caption = S("Members"), .column = COLUMNS, .columns = COUNT_OF(COLUMNS)});
    for (size_t i = 0; i < note->events; i++) {
        uint32_t at = roll_find(v->service->roll, &note->event[i]);
        const struct roll_death *d = at == ROLL_NONE ? NULL : roll_death(v->service->roll, at);
        part_row_begin(v->out);
        part_row_head(
            v->out, link_event_url(v, &note->event[i]),
            str_format(v->arena, "%zu. %.*s", i + 1, STR_ARG(link_member_words(v, &note->event[i]))));
        part_cell(v->out, d == NULL ? S("") : death_day_words(v->arena, d->when_ms));
        part_cell(v->out, d == NULL ? S("") : death_code_words(v, death_field_setting, d->setting));
        part_cell(v->out, d == NULL ? utf8_cut(link_incident_account(v, &note->event[i]), ACCOUNT_SHOWN)
                                    : death_code_words(v, death_field_mechanism, d->mechanism));
        part_cell(v->out, d == NULL ? S("") : roll_unit_words(v->service->roll, d->unit));
        part_row_end(v->out);
    }
    part_table_end(v->out);
}

/* The deaths first; what ties reports, behind a fold where there is more to read before. */
static void ties_show(struct visit *v, const struct link_note *note, const struct ties *t)
{
    if (t->count == 0) return;
    part_heading(v->out, 2, S("ties"), S("What ties them"));
    link_ties_show(v, note, t, 0, t->deaths);
    if (note->events == note->deaths) return;
    part_heading(v->out, 2, S("reports"), S("Reports in this link"));
    link_reports_show(v, note, t);
}

/* ---- the page --------------------------------------------------------------------------------------- */

static enum status link_of_path(struct visit *v, struct links_viewer *viewer, struct link_row *row,
                                struct err *e)
{
    struct record_id id = {.kind = KIND_LINK};
    *viewer = links_viewer_of(v);
    ref_split(visit_param(v, "link"), S("main"), &id.ns, &id.id);
    return links_read(viewer, &id, v->arena, row, e);
}

/* A link of two deaths is decided where the two are compared. */
static void decided_there_show(struct visit *v, const struct link_note *note)
{
    part_paragraph(v->out, S("The two deaths are compared, and decided about, on one page."));
    part_button(v->out,
                &(struct part_button){.text = S("Compare the two deaths"), .href = link_url(v, note)});
}

static void series_show(struct visit *v, const struct link_row *row, const struct ties *t)
{
    bool here = row->note.deaths != 2;
    Str title = here ? link_question_words(v, &row->note) : link_names_words(v, &row->note);
    visit_page_begin(v, &(struct visit_page){.title = title,
                                             .back = {url(v->arena, "/links"), S("Links")},
                                             .wide = true,
                                             .scripts = LAYOUT_GRAPH | LAYOUT_MAP});
    part_title(v->out, S("Series"), title);
    if (here)
        link_stands_show(v, row);
    else
        decided_there_show(v, &row->note);
    if (row->note.unverified)
        part_inset(v->out,
                   S("For one of them at least an explanation was offered and never verified. Whether deaths "
                     "are linked and whether they are explained are two different questions."));
    if (!str_empty(row->note.note)) part_paragraph(v->out, row->note.note);
    members_show(v, &row->note);
    ties_show(v, &row->note, t);
    map_show(v, &row->note);
    time_show(v, &row->note);
    if (t->count > 0) graph_show(v, &row->note, t);
    if (here) link_decide_show(v, row);
    visit_page_end(v);
}

static enum status show(struct visit *v, const struct link_row *row, struct err *e)
{
    struct ties t;
    TRY(store_note_read(v->service->session.store, &v->actor, S("series"),
                        visit_id_words(v->arena, &row->note.id), row->note.event, row->note.events, e));
    if (v->format == FORMAT_JSON) {
        struct json_writer w = visit_json(v);
        json_put_link(&w, row);
        visit_json_end(v);
        return OK;
    }
    TRY(link_ties_read(v, row, &t, e));
    series_show(v, row, &t);
    return OK;
}

/* The page where the link is decided, with what is wrong in the form; a reason for access is asked before, as
 * for any page that shows a record. */
static enum status show_again(struct visit *v, const struct link_row *row, struct err *e)
{
    const struct link_note *note = &row->note;
    bool answered = false;
    if (note->events != 2 && note->deaths != 2) return show(v, row, e);
    for (size_t i = 0; i < 2 && !answered; i++) {
        struct record_id found;
        TRY(link_event_find(v, visit_id_words(v->arena, &note->event[i]), &found, &answered, e));
    }
    return answered ? OK : compare_show(v, &note->event[0], &note->event[1], note->id.id, e);
}

enum status page_series(struct visit *v, struct err *e)
{
    struct links_viewer viewer;
    struct link_row row;
    TRY(link_of_path(v, &viewer, &row, e));
    return show(v, &row, e);
}

/* ---- answering -------------------------------------------------------------------------------------- */

static const struct {
    const char *word;
    enum link_answer_kind kind;
} ANSWERS[] = {{"linked", ANSWER_LINKED},         {"needs_work", ANSWER_NEEDS_WORK},
               {"not_linked", ANSWER_NOT_LINKED}, {"request", ANSWER_REQUESTS},
               {"accept", ANSWER_ACCEPTS},        {"decline", ANSWER_DECLINES}};

static bool answer_read(struct visit *v, struct links_answer *out)
{
    Str word = visit_form(v, "answer");
    int64_t seen = 0, version = 0;
    for (size_t i = 0; i < COUNT_OF(ANSWERS); i++)
        if (str_eq(word, str_of(ANSWERS[i].word))) {
            out->kind = ANSWERS[i].kind;
            out->why = visit_typed(v, "why", S(""));
            out->reason = visit_typed(v, "reason", S(""));
            out->with_reports =
                out->kind == ANSWER_LINKED && str_eq(visit_typed(v, "reports", S("")), S("yes"));
            if (str_to_i64(visit_form(v, "seen"), &seen) != OK ||
                str_to_i64(visit_form(v, "version"), &version) != OK) {
                visit_error(v, S(""), "Load the page again, then answer.");
                return false;
            }
            out->answers_seen = (size_t)seen;
            out->version = (uint64_t)version;
            return out->kind != ANSWER_NEEDS_WORK || link_work_read(v, out);
        }
    visit_error(v, S("answer"), "Choose an answer.");
    return false;
}

enum status do_link_answer(struct visit *v, struct err *e)
{
    struct links_viewer viewer;
    struct link_row row;
    struct links_answer given = {.owner = S("")};
    struct record_id decision;
    struct err why = {0};
    bool waits = false;
    TRY(link_of_path(v, &viewer, &row, e));
    given.link = row.note.id;
    bool specialist =
        str_eq(visit_form(v, "answer"), S("accept")) || str_eq(visit_form(v, "answer"), S("decline"));
    if (specialist && !visit_may(v, PERMISSION_SPECIALIST))
        return ERR(e, E_DENIED, "answer", "Only the specialist team answers a request to it.");
    if (answer_read(v, &given))
        TRY(visit_take_error(v, links_answer(&viewer, &given, v->arena, &decision, &waits, &why), &why, e));
    if (v->errors.count > 0) return show_again(v, &row, e);
    visit_notice(v, waits ? "waits" : "decided");
    visit_redirect(v, link_url(v, &row.note));
    return OK;
}

enum status do_link_agree(struct visit *v, struct err *e)
{
    struct links_viewer viewer;
    struct link_row row;
    struct err why = {0};
    int64_t seen = 0;
    TRY(link_of_path(v, &viewer, &row, e));
    if (str_to_i64(visit_form(v, "seen"), &seen) != OK || seen < 0)
        return ERR(e, E_INVALID, "seen", "load the page again.");
    TRY(visit_take_error(v, links_agree(&viewer, &row.note.id, (size_t)seen, v->arena, &why), &why, e));
    if (v->errors.count > 0) return show_again(v, &row, e);
    visit_notice(v, "decided");
    visit_redirect(v, link_url(v, &row.note));
    return OK;
}
