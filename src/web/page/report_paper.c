/* The report of a death on paper, for when there is no signal at all: two pages, out of the same rows as the
 * steps. */
#include "web/page/report_frame.h"

#include "app/words.h"
#include "web/page/pages.h"

static void boxes(struct visit *v, const struct kind *kind, int field, Str values)
{
    Str code;
    html(v->out, "<ul class=\"app-paper__boxes\">\n");
    while (str_next(&values, ' ', &code))
        if (!str_empty(code))
            htmlf(v->out, "<li>%.*s</li>\n",
                  STR_ARG(words_code(v->arena, &v->service->session.policy, kind, field, code)));
    html(v->out, "</ul>\n");
}

static void lines(struct visit *v, int count)
{
    for (int i = 0; i < count; i++)
        html(v->out, "<div class=\"app-paper__line\"></div>\n");
}

static void answer_space(struct visit *v, const struct kind *kind, int field)
{
    const struct field *f = &kind->field[field];
    bool coded = (f->type == FT_CODE || f->type == FT_CODES) && f->values[0] != '\0' && f->values[0] != '@';
    if (coded)
        boxes(v, kind, field, str_of(f->values));
    else if (f->type == FT_NARRATIVE)
        lines(v, 5);
    else if (f->type == FT_TIME)
        html(v->out, "<div class=\"app-paper__line\">day and time</div>\n");
    else if (f->type == FT_SPAN)
        html(v->out, "<div class=\"app-paper__line\">earliest: day and time</div>\n"
                     "<div class=\"app-paper__line\">latest: day and time</div>\n");
    else
        lines(v, 1);
}

static void question_show(struct visit *v, const struct report_question *q)
{
    const struct kind *kind = kind_of(REPORT_PART[q->part].kind);
    const char *label = q->extra > 0       ? REPORT_EXTRA[q->extra - 1].label
                        : q->label != NULL ? q->label
                                           : kind->field[q->field].label;
    htmlf(v->out, "<div class=\"app-paper__question\"><p class=\"app-paper__label\">%s</p>\n", label);
    if (q->extra > 0) {
        const struct report_extra_row *row = &REPORT_EXTRA[q->extra - 1];
        html(v->out, "<ul class=\"app-paper__boxes\">\n");
        for (size_t i = 0; i < COUNT_OF(row->choice) && row->choice[i].code != NULL; i++)
            htmlf(v->out, "<li>%s</li>\n", row->choice[i].words);
        html(v->out, "</ul>\n");
    } else {
        answer_space(v, kind, q->field);
    }
    html(v->out, "</div>\n");
}

enum status page_report_paper(struct visit *v, struct err *e)
{
    (void)e;
    visit_page_begin(v, &(struct visit_page){.title = S("Report a death, on paper"),
                                             .back = {url(v->arena, "/deaths/new"), S("Report a death")},
                                             .wide = true});
    part_title(v->out, S("Print this page: it fills two sheets"), S("Report of a death"));
    html(v->out, "<div class=\"app-paper\">\n");
    for (int step = 0; step < REPORT_STEPS; step++) {
        htmlf(v->out, "<section class=\"app-paper__step\"><h2 class=\"app-paper__title\">%d. %s</h2>\n",
              step + 1, REPORT_STEP[step].title);
        for (size_t i = 0; i < REPORT_STEP[step].count; i++)
            question_show(v, &REPORT_STEP[step].question[i]);
        html(v->out, "</section>\n");
    }
    html(v->out, "<section class=\"app-paper__step\"><h2 class=\"app-paper__title\">Written by</h2>\n"
                 "<div class=\"app-paper__line\">name, number, unit</div>\n"
                 "<div class=\"app-paper__line\">day and time; signature</div></section>\n</div>\n");
    visit_page_end(v);
    return OK;
}
