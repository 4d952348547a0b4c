/* Checks of a death: what has to be done, how each stands, why it is asked, by when, on what evidence. */
#include "web/page/casework_page.h"
#include "web/page/death_frame.h"
#include "web/page/pages.h"

#include "app/casework_words.h"
#include "app/words.h"

static Url check_url(struct visit *v, const struct check *check)
{
    return url(v->arena, "/deaths/%.*s/checks/%.*s", STR_ARG(visit_id_words(v->arena, &v->death->id)),
               STR_ARG(check->id));
}

/* "For the detective. Due by 22 June 2014, 5:00am." */
static Str clock_words(struct visit *v, const struct check_status *s)
{
    Str role = check_role_words(s->check->role);
    if (check_done(s->state)) return str_format(v->arena, "For %.*s.", STR_ARG(role));
    if (s->due_ms == FOREVER_MS) return str_format(v->arena, "For %.*s. No date.", STR_ARG(role));
    return str_format(v->arena, "For %.*s. %s %.*s.", STR_ARG(role),
                      s->state == CHECK_OVERDUE ? "Was due by" : "Due by",
                      STR_ARG(words_time(v->arena, s->due_ms)));
}

/* The items that are not done first; done ones only when nothing else is left to tell. */
static Html items_of(struct visit *v, const struct casework *w, const struct check_status *s)
{
    struct buf body CLEANUP_BUF;
    struct buf *out = v->out;
    buf_init(&body, 1 << 20);
    v->out = &body;
    for (size_t i = 0; i < s->items; i++)
        casework_item_show(v, w, &s->item[i]);
    v->out = out;
    return html_made(v->arena, &body);
}

static void check_show(struct visit *v, const struct casework *w, const struct check_status *s)
{
    part_entry(v->out, &(struct part_entry){.href = check_url(v, s->check),
                                            .title = s->check->title,
                                            .why = s->check->why,
                                            .small = clock_words(v, s),
                                            .state = check_tag_words(v, s->state),
                                            .meaning = check_meaning(s->state),
                                            .body = items_of(v, w, s)});
}

static void group_show(struct visit *v, const struct casework *w, size_t group)
{
    const struct check_pack *pack = &v->service->checks;
    size_t asked = 0, done = 0;
    for (size_t i = 0; i < w->report.count; i++) {
        if (w->report.status[i].check->group != group) continue;
        asked++;
        done += check_done(w->report.status[i].state);
    }
    if (asked == 0) return;
    part_heading(
        v->out, 2, pack->group[group].id,
        str_format(v->arena, "%.*s (%zu of %zu done)", STR_ARG(pack->group[group].title), done, asked));
    part_entries_begin(v->out);
    for (size_t i = 0; i < w->report.count; i++)
        if (w->report.status[i].check->group == group) check_show(v, w, &w->report.status[i]);
    part_entries_end(v->out);
}

static void category_line(struct visit *v, const struct casework *w)
{
    html(v->out, "<p class=\"govuk-body\">Category: ");
    html_link(v->out, visit_death_url(v, &v->death->id, "category"), category_words(w->category));
    if (w->challenged) html(v->out, ", challenged by a link: it has to be looked at again");
    html(v->out, ".</p>\n");
}

static void checks_html(struct visit *v, const struct casework_page *p)
{
    const struct casework *w = &p->work;
    const struct check_pack *pack = &v->service->checks;
    death_page_begin(v, DEATH_CHECKS);
    part_title(v->out, death_reference_words(v, v->death), S("Checks"));
    part_progress(v->out, w->report.done, w->report.count, casework_sum_words(v->arena, w));
    casework_page_caveat(v, p);
    category_line(v, w);
    if (visit_may(v, PERMISSION_SUPERVISE) && v->view.known_at_ms == INT64_MAX)
        part_button(v->out, &(struct part_button){.text = S("Review this report"),
                                                  .href = visit_death_url(v, &v->death->id, "review"),
                                                  .kind = BUTTON_SECONDARY});
    second_requests_show(v, p, -1);
    for (size_t g = 0; g < pack->groups; g++)
        group_show(v, w, g);
    if (!pack->verified) part_inset(v->out, S("This list has not been compared with its source."));
    if (pack->clocks.len > 0) part_paragraph(v->out, pack->clocks);
    death_page_end(v);
}

enum status page_checks(struct visit *v, struct err *e)
{
    struct casework_page p;
    TRY(casework_page_read(v, &p, e));
    if (v->format == FORMAT_JSON) {
        struct json_writer w = visit_json(v);
        casework_write_json(&w, &v->service->checks, &p.work);
        visit_json_end(v);
        return OK;
    }
    checks_html(v, &p);
    return OK;
}
