/* Your work: what waits for the person who has signed in, the most urgent first. */
#include "web/page/casework_page.h"
#include "web/page/custody_words.h"
#include "web/page/death_frame.h"
#include "web/page/link_parts.h"
#include "web/page/pages.h"
#include "web/page/work_links.h"
#include "web/page/work_watch.h"

#include "app/exhibit_register.h"
#include "app/report_draft.h"
#include "app/words.h"
#include "app/work_queue.h"

enum { PAGE_LINES = 50 };

struct queue {
    struct person_acting who;
    bool ready, linked;
    size_t judged, deaths; /* until it is ready */
    struct work_line *line;
    size_t lines, from, count[WORK_LINE_KINDS];
    size_t others[WORK_LINE_KINDS]; /* where only what is one's own is shown */
    int only;
    bool own;
    struct work_links links;
};

/* ---- one line in words ------------------------------------------------------------------------------ */

static Str death_words(struct visit *v, const struct roll_death *d)
{
    return str_format(v->arena, "%.*s, %.*s", STR_ARG(death_name_words(d)),
                      STR_ARG(death_reference_words(v, d)));
}

static Str date_words(struct visit *v, const struct work_line *l)
{
    if (l->kind == WORK_SECOND)
        return str_format(v->arena, "Asked %.*s.", STR_ARG(words_time(v->arena, l->request->asked_ms)));
    if (l->due_ms == FOREVER_MS) return S("");
    return str_format(v->arena, "%s %.*s.", l->kind == WORK_OVERDUE ? "Was due by" : "Due by",
                      STR_ARG(words_time(v->arena, l->due_ms)));
}

static struct part_link what_of(struct visit *v, const struct work_line *l)
{
    const struct check_pack *pack = &v->service->checks;
    Str death = visit_id_words(v->arena, &l->c->death);
    if (l->item != NULL) {
        const struct check *check = &pack->check[l->item->check];
        return (struct part_link){
            url(v->arena, "/deaths/%.*s/checks/%.*s", STR_ARG(death), STR_ARG(check->id)), check->title};
    }
    if (l->owed != NULL && l->owed->kind == OWED_CONCERN)
        return (struct part_link){
            url(v->arena, "/concerns/%.*s", STR_ARG(visit_id_words(v->arena, &l->owed->id))),
            S("A concern waits for your answer")};
    if (l->owed != NULL)
        return (struct part_link){url(v->arena, "/deaths/%.*s/checks", STR_ARG(death)),
                                  S("A line of enquiry is yours")};
    if (l->request == NULL)
        return (struct part_link){url(v->arena, "/deaths/%.*s/checks", STR_ARG(death)),
                                  S("The report was sent back")};
    if (l->request->kind == SECOND_LOWER)
        return (struct part_link){
            url(v->arena, "/deaths/%.*s/category", STR_ARG(death)),
            str_format(v->arena, "Agree to the category \"%.*s\"?", STR_ARG(category_words(l->request->to)))};
    const struct check *check = check_find(pack, l->request->to);
    return (struct part_link){
        url(v->arena, "/deaths/%.*s/checks/%.*s", STR_ARG(death), STR_ARG(l->request->to)),
        str_format(v->arena, "Not needed? %.*s", STR_ARG(check == NULL ? l->request->to : check->title))};
}

/* The other event, of a check that one opened; NULL: none, or none that stands in a list of the viewer's. */
static const struct record_id *other_of(struct visit *v, const struct work_line *l)
{
    if (l->item == NULL || l->item->about == WORK_NONE) return NULL;
    const struct record_id *other = &l->c->event[l->item->about];
    uint32_t at = roll_find(v->service->roll, other);
    bool listed = at != ROLL_NONE ? sight_lists(v->sight, roll_death(v->service->roll, at))
                                  : visit_may(v, PERMISSION_LINKS) && sight_may_see(v->sight, other);
    return listed ? other : NULL;
}

static Str whose_words(struct visit *v, const struct work_line *l)
{
    Str own = death_words(v, l->death);
    const struct record_id *other = other_of(v, l);
    if (other == NULL) return own;
    return str_format(v->arena, "%.*s. The other: %.*s", STR_ARG(own), STR_ARG(link_member_words(v, other)));
}

static void line_show(struct visit *v, const struct work_line *l)
{
    static const enum part_meaning MEANINGS[WORK_LINE_KINDS] = {[WORK_SECOND] = MEANING_ATTENTION,
                                                                [WORK_RETURNED] = MEANING_ATTENTION,
                                                                [WORK_OVERDUE] = MEANING_URGENT,
                                                                [WORK_DUE] = MEANING_ATTENTION,
                                                                [WORK_OPEN] = MEANING_WAITING};
    static const char *const TAGS[WORK_LINE_KINDS] = {"Second person", "Sent back", "Overdue", "Due", "Open"};
    struct part_link what = what_of(v, l);
    part_entry(v->out, &(struct part_entry){.href = what.href,
                                            .title = what.text,
                                            .why = whose_words(v, l),
                                            .small = date_words(v, l),
                                            .state = str_of(TAGS[l->kind]),
                                            .meaning = MEANINGS[l->kind]});
}

/* ---- beside the deaths ------------------------------------------------------------------------------ */

static enum status drafts_show(struct visit *v, struct err *e)
{
    struct report_draft_line *draft = NULL;
    size_t count = 0;
    if (!visit_may(v, PERMISSION_REPORT)) return OK;
    TRY(report_draft_list(v->service->session.store, v->who.account.number, v->arena, &draft, &count, e));
    if (count == 0) return OK;
    html(v->out, "<p class=\"govuk-body\">");
    htmlf(v->out, "You have %zu report%s that you began and did not send. ", count, count == 1 ? "" : "s");
    html_link(v->out, url(v->arena, "/deaths/new"), S("Go on with it"));
    html(v->out, "</p>\n");
    return OK;
}

static void custody_show(struct visit *v)
{
    const struct exhibit_row **row = NULL;
    struct exhibit_query q = {.who = custody_visitor(v), .waits_for_who = true, .due_until_ms = INT64_MAX};
    if (!visit_may(v, PERMISSION_EXHIBITS)) return;
    exhibit_register_hold(v->service->exhibits);
    size_t count = exhibit_register_ask(v->service->exhibits, v->service->roll, v->sight, &q, v->arena, &row);
    exhibit_register_release(v->service->exhibits);
    if (count == 0) return;
    html(v->out, "<p class=\"govuk-body\">");
    htmlf(v->out, "%zu exhibit%s waiting for you to confirm that you hold %s. ", count,
          count == 1 ? " is" : "s are", count == 1 ? "it" : "them");
    html_link(v->out, url_with(v->arena, url(v->arena, "/exhibits"), S("holder"), S("waiting")),
              S("Confirm"));
    html(v->out, "</p>\n");
}

/* ---- the page --------------------------------------------------------------------------------------- */

static int only_of(Str code)
{
    for (int i = 0; i < WORK_LINE_KINDS; i++)
        if (str_eq(code, str_of(work_line_code((enum work_line_kind)i)))) return i;
    return -1;
}

/* The page of work as it is asked for, but for one thing. */
static Url work_url(struct visit *v, Str show, Str whose)
{
    Url base = url_with(v->arena, url(v->arena, "/"), S("show"), show);
    return url_with(v->arena, url_with(v->arena, base, S("unit"), visit_query(v, "unit")), S("whose"), whose);
}

static Str whose_asked(const struct visit *v)
{
    return visit_query(v, "whose");
}

static void queue_read(struct visit *v, struct queue *q)
{
    int64_t page = 1;
    *q = (struct queue){.who = casework_acting(v), .only = only_of(visit_query(v, "show"))};
    if (str_to_i64(visit_query(v, "page"), &page) != OK || page < 1 || page > 2000) page = 1;
    q->from = (size_t)(page - 1) * PAGE_LINES;
    struct work_ask ask = {.work = v->service->work,
                           .roll = v->service->roll,
                           .sight = v->sight,
                           .pack = &v->service->checks,
                           .role = v->viewer.role,
                           .who = &q->who,
                           .unit = visit_query(v, "unit"),
                           .only = q->only,
                           .now_ms = v->now_ms};
    if (!str_present(ask.unit)) ask.unit = S("");
    struct work_progress progress;
    work_progress(v->service->work, &progress);
    q->ready = progress.ready;
    q->linked = progress.linked;
    if (!q->ready) work_progress_seen(v->service->work, v->service->roll, v->sight, &q->judged, &q->deaths);
    q->own = work_is_personal(v->viewer.role) && !str_eq(whose_asked(v), S("unit"));
    if (q->own) {
        struct work_line *none = NULL;
        (void)work_queue_read(&ask, 0, 0, v->arena, &none, q->others);
        ask.own = true;
    }
    q->lines = work_queue_read(&ask, q->from, PAGE_LINES, v->arena, &q->line, q->count);
    for (int i = 0; q->own && i < WORK_LINE_KINDS; i++)
        q->others[i] -= q->count[i];
}

static void figures_show(struct visit *v, const struct queue *q)
{
    struct part_figure figure[WORK_LINE_KINDS + 1];
    size_t n = 0;
    if (q->links.count > 0) figure[n++] = work_links_figure(v, &q->links);
    for (int i = 0; i < WORK_LINE_KINDS; i++) {
        enum work_line_kind kind = (enum work_line_kind)i;
        if (q->count[i] == 0 && kind != WORK_OVERDUE && kind != WORK_DUE) continue;
        figure[n++] = (struct part_figure){
            .number = str_format(v->arena, "%zu", q->count[i]),
            .text = kind == WORK_OVERDUE || kind == WORK_DUE
                        ? str_format(v->arena, "checks %s", work_line_words(kind))
                        : str_of(work_line_words(kind)),
            .href = work_url(v, str_of(work_line_code(kind)), whose_asked(v)),
            .meaning = kind == WORK_OVERDUE && q->count[i] > 0 ? MEANING_URGENT : MEANING_PLAIN};
    }
    part_figures(v->out, figure, n);
}

static void progress_show(struct visit *v, const struct queue *q)
{
    if (q->ready && !q->linked)
        part_inset(v->out, S("The linker is being made ready. The links that are here can be decided; more, "
                             "and checks that they open, may come."));
    if (q->ready) return;
    part_inset(v->out, str_format(v->arena,
                                  "The server has just started and is looking at every death, the latest "
                                  "first: %zu of %zu so far. What is found comes here by itself; with many "
                                  "deaths that takes some minutes.",
                                  q->judged, q->deaths));
}

/* "In other deaths of the unit: 165 overdue, 4 due within a day." */
static void others_show(struct visit *v, const struct queue *q)
{
    struct str_list said = {NEW_ARRAY(v->arena, Str, WORK_LINE_KINDS), 0};
    if (!q->own) {
        if (!work_is_personal(v->viewer.role)) return;
        html(v->out, "<p class=\"govuk-body\">");
        html_link(v->out, url(v->arena, "/"), S("Show only what is yours"));
        html(v->out, "</p>\n");
        return;
    }
    for (int i = 0; i < WORK_LINE_KINDS; i++)
        if (q->others[i] > 0)
            said.item[said.count++] =
                str_format(v->arena, "%zu %s", q->others[i], work_line_words((enum work_line_kind)i));
    if (said.count == 0) return;
    part_heading(v->out, 2, S("others"), S("In deaths that you did not attend"));
    html(v->out, "<p class=\"govuk-body\">");
    htmlf(v->out, "%.*s. ", STR_ARG(str_join(v->arena, &said, S(", "))));
    html_link(v->out, work_url(v, S(""), S("unit")), S("Show the work of your unit"));
    html(v->out, "</p>\n");
}

static void lines_show(struct visit *v, const struct queue *q)
{
    size_t all = 0;
    Url base = work_url(v, visit_query(v, "show"), whose_asked(v));
    for (int i = 0; i < WORK_LINE_KINDS; i++)
        if (q->only < 0 || q->only == i) all += q->count[i];
    if (q->only >= 0) {
        part_heading(v->out, 2, S("list"),
                     str_format(v->arena, "Only what is %s", work_line_words((enum work_line_kind)q->only)));
        html(v->out, "<p class=\"govuk-body\">");
        html_link(v->out, work_url(v, S(""), whose_asked(v)), S("Show all"));
        html(v->out, "</p>\n");
    } else {
        part_heading(v->out, 2, S("list"),
                     q->own ? S("Checks that are yours to do") : S("Checks to do, the most urgent first"));
    }
    if (q->lines == 0) {
        bool known = q->ready && q->links.ready;
        if (!known)
            part_empty(v->out,
                       S("Still looking: not every record has been looked at yet. What waits for you comes "
                         "here by itself."));
        else if (q->links.count == 0 || q->only >= 0)
            part_empty(v->out, S("Nothing waits for you here."));
        else
            part_empty(v->out, S("Nothing else waits for you here."));
        return;
    }
    part_range(v->out, q->from + 1, q->from + q->lines, all, S("things to do"));
    part_entries_begin(v->out);
    for (size_t i = 0; i < q->lines; i++)
        line_show(v, &q->line[i]);
    part_entries_end(v->out);
    part_pages(v->out, v->arena,
               &(struct part_pages){.base = base,
                                    .page = q->from / PAGE_LINES + 1,
                                    .pages = (all + PAGE_LINES - 1) / PAGE_LINES});
}

static enum status note_lines(struct visit *v, const struct queue *q, struct err *e)
{
    struct record_id *id = NEW_ARRAY(v->arena, struct record_id, q->lines * 2 + 1);
    size_t n = 0;
    for (size_t i = 0; i < q->lines; i++) {
        const struct record_id *other = v->format == FORMAT_HTML ? other_of(v, &q->line[i]) : NULL;
        id[n++] = q->line[i].c->death;
        if (other != NULL) id[n++] = *other;
    }
    if (n == 0) return OK;
    return store_note_shown(v->service->session.store, &v->actor, S("list"), S("your work"), id, n, e);
}

static void work_json(struct visit *v, const struct queue *q)
{
    struct json_writer w = visit_json(v);
    json_open(&w, '{');
    json_kv_bool(&w, S("ready"), q->ready && q->linked);
    for (int i = 0; i < WORK_LINE_KINDS; i++)
        json_kv_i64(&w, str_of(work_line_code((enum work_line_kind)i)), (int64_t)q->count[i]);
    work_links_json(&w, &q->links);
    json_put_key(&w, S("work"));
    json_open(&w, '[');
    for (size_t i = 0; i < q->lines; i++) {
        struct part_link what = what_of(v, &q->line[i]);
        json_open(&w, '{');
        json_kv_str(&w, S("state"), str_of(work_line_code(q->line[i].kind)));
        json_put_key(&w, S("death"));
        json_put_id(&w, &q->line[i].c->death);
        json_kv_str(&w, S("title"), what.text);
        json_kv_str(&w, S("href"), what.href.ready);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    visit_json_end(v);
}

static enum status work_html(struct visit *v, const struct queue *q, struct err *e)
{
    visit_page_begin(v, &(struct visit_page){.title = S("Your work")});
    part_title(v->out, S(""), S("Your work"));
    if (visit_may(v, PERMISSION_REPORT))
        part_button(v->out,
                    &(struct part_button){.text = S("Report a death"), .href = url(v->arena, "/deaths/new")});
    progress_show(v, q);
    if (visit_may(v, PERMISSION_AUDIT)) {
        work_watch_show(v);
        visit_page_end(v);
        return OK;
    }
    figures_show(v, q);
    TRY(drafts_show(v, e));
    custody_show(v);
    if (q->only < 0 && q->from == 0) work_links_show(v, &q->links);
    lines_show(v, q);
    others_show(v, q);
    visit_page_end(v);
    return OK;
}

enum status page_work(struct visit *v, struct err *e)
{
    struct queue q;
    if (ROLES[v->viewer.role].scope == SCOPE_NONE) {
        visit_page_begin(v, &(struct visit_page){.title = S("Your work")});
        part_title(v->out, S(""), S("Your work"));
        part_empty(v->out, S("No work on deaths comes to this role."));
        visit_page_end(v);
        return OK;
    }
    struct work_links links;
    TRY(work_links_read(v, &links, e));
    work_hold(v->service->work);
    queue_read(v, &q);
    q.links = links;
    enum status status = note_lines(v, &q, e);
    if (status == OK && v->format == FORMAT_JSON) work_json(v, &q);
    if (status == OK && v->format == FORMAT_HTML) status = work_html(v, &q, e);
    work_release(v->service->work);
    return status;
}
