/* Lists and tables. */
#include "web/parts_internal.h"

/* ---- questions and answers -------------------------------------------------------------------------- */

void part_card_begin(struct buf *out, Str title, struct part_link action)
{
    htmlf(out,
          "<div class=\"govuk-summary-card\"><div class=\"govuk-summary-card__title-wrapper\"><h2 "
          "class=\"govuk-summary-card__title\">%.*s</h2>",
          STR_ARG(title));
    if (part_leads(action.href)) {
        html(out, "<div class=\"govuk-summary-card__actions\"><a class=\"govuk-link\" href=\"");
        html_url(out, action.href);
        htmlf(out, "\">%.*s<span class=\"govuk-visually-hidden\"> (%.*s)</span></a></div>",
              STR_ARG(action.text), STR_ARG(title));
    }
    html(out, "</div><div class=\"govuk-summary-card__content\">\n");
}

void part_card_end(struct buf *out)
{
    html(out, "</div></div>\n");
}

void part_summary_begin(struct buf *out)
{
    html(out, "<dl class=\"govuk-summary-list\">\n");
}

void part_summary_row(struct buf *out, const struct part_summary_row *r)
{
    Str text = r->missing && str_empty(r->text) ? S("Not recorded") : r->text;
    Str action = str_empty(r->action_text) ? S("Change") : r->action_text;
    bool acts = part_leads(r->action);
    htmlf(out, "<div class=\"govuk-summary-list__row%s\"><dt class=\"govuk-summary-list__key\">%.*s</dt>",
          acts ? "" : " govuk-summary-list__row--no-actions", STR_ARG(r->key));
    htmlf(out, "<dd class=\"govuk-summary-list__value%s\">%.*s", r->missing ? " app-missing" : "",
          STR_ARG(text));
    html_put(out, r->value);
    if (!str_empty(r->note)) htmlf(out, "<div class=\"app-note\">%.*s</div>", STR_ARG(r->note));
    html(out, "</dd>");
    if (acts) {
        html(out, "<dd class=\"govuk-summary-list__actions\"><a class=\"govuk-link\" href=\"");
        html_url(out, r->action);
        htmlf(out, "\">%.*s<span class=\"govuk-visually-hidden\"> %.*s</span></a></dd>", STR_ARG(action),
              STR_ARG(r->key));
    }
    html(out, "</div>\n");
}

void part_summary_end(struct buf *out)
{
    html(out, "</dl>\n");
}

/* ---- tables ----------------------------------------------------------------------------------------- */

static void column_write(struct buf *out, const struct part_column *c)
{
    static const char *const order[] = {
        [SORTED_NOT] = "none", [SORTED_UP] = "ascending", [SORTED_DOWN] = "descending"};
    htmlf(out, "<th scope=\"col\" class=\"govuk-table__header%s\"",
          c->number ? " govuk-table__header--numeric" : "");
    if (part_leads(c->sort) || c->sorted != SORTED_NOT) htmlf(out, " aria-sort=\"%s\"", order[c->sorted]);
    html(out, ">");
    if (part_leads(c->sort))
        part_link(out, c->sort, c->title);
    else
        html_text(out, c->title);
    if (c->sorted == SORTED_UP) html(out, " <span aria-hidden=\"true\">&#9650;</span>");
    if (c->sorted == SORTED_DOWN) html(out, " <span aria-hidden=\"true\">&#9660;</span>");
    html(out, "</th>");
}

void part_table_begin(struct buf *out, const struct part_table *t)
{
    /* A table wider than a phone is moved sideways by itself; the keyboard reaches it too. */
    htmlf(out, "<div class=\"app-table\" role=\"region\" tabindex=\"0\" aria-label=\"%.*s\">",
          STR_ARG(t->caption));
    htmlf(out,
          "<table class=\"govuk-table%s\"><caption class=\"govuk-table__caption govuk-table__caption--m%s\">",
          t->small ? " govuk-table--small-text-until-tablet app-table--small" : "",
          t->caption_hidden ? " govuk-visually-hidden" : "");
    htmlf(out, "%.*s</caption>\n<thead class=\"govuk-table__head\"><tr class=\"govuk-table__row\">",
          STR_ARG(t->caption));
    for (size_t i = 0; i < t->columns; i++)
        column_write(out, &t->column[i]);
    html(out, "</tr></thead>\n<tbody class=\"govuk-table__body\">\n");
}

void part_row_begin(struct buf *out)
{
    html(out, "<tr class=\"govuk-table__row\">");
}

void part_row_head(struct buf *out, Url href, Str text)
{
    html(out, "<th scope=\"row\" class=\"govuk-table__header\">");
    if (part_leads(href))
        part_link(out, href, text);
    else
        html_text(out, text);
    html(out, "</th>");
}

void part_cell_begin(struct buf *out)
{
    html(out, "<td class=\"govuk-table__cell\">");
}

void part_cell_end(struct buf *out)
{
    html(out, "</td>");
}

void part_cell(struct buf *out, Str text)
{
    part_cell_begin(out);
    html_text(out, text);
    part_cell_end(out);
}

void part_cell_number(struct buf *out, Str text)
{
    htmlf(out, "<td class=\"govuk-table__cell govuk-table__cell--numeric\">%.*s</td>", STR_ARG(text));
}

void part_cell_link(struct buf *out, Url href, Str text)
{
    part_cell_begin(out);
    part_link(out, href, text);
    part_cell_end(out);
}

void part_row_end(struct buf *out)
{
    html(out, "</tr>\n");
}

void part_table_end(struct buf *out)
{
    html(out, "</tbody></table></div>\n");
}

/* ---- tasks ------------------------------------------------------------------------------------------ */

void part_tasks_begin(struct buf *out)
{
    html(out, "<ul class=\"govuk-task-list\">\n");
}

void part_task(struct buf *out, const struct part_task *t)
{
    bool leads = part_leads(t->href), named = !str_empty(t->id);
    htmlf(out, "<li class=\"govuk-task-list__item%s\"><div class=\"govuk-task-list__name-and-hint\">",
          leads ? " govuk-task-list__item--with-link" : "");
    if (leads) {
        html(out, "<a class=\"govuk-link govuk-task-list__link\" href=\"");
        html_url(out, t->href);
        html(out, "\"");
        if (named) {
            htmlf(out, " aria-describedby=\"%.*s-status", STR_ARG(t->id));
            if (!str_empty(t->hint)) htmlf(out, " %.*s-hint", STR_ARG(t->id));
            html(out, "\"");
        }
        htmlf(out, ">%.*s</a>", STR_ARG(t->title));
    } else {
        htmlf(out, "<div>%.*s</div>", STR_ARG(t->title));
    }
    if (!str_empty(t->hint)) {
        html(out, "<div class=\"govuk-task-list__hint\"");
        if (named) htmlf(out, " id=\"%.*s-hint\"", STR_ARG(t->id));
        htmlf(out, ">%.*s</div>", STR_ARG(t->hint));
    }
    html(out, "</div><div class=\"govuk-task-list__status\"");
    if (named) htmlf(out, " id=\"%.*s-status\"", STR_ARG(t->id));
    html(out, ">");
    if (t->meaning == MEANING_PLAIN)
        html_text(out, t->status);
    else
        part_tag(out, t->meaning, t->status);
    html(out, "</div></li>\n");
}

void part_tasks_end(struct buf *out)
{
    html(out, "</ul>\n");
}

/* ---- pages of a list -------------------------------------------------------------------------------- */

static void page_href(struct buf *out, struct arena *a, Url base, size_t page)
{
    html(out, " href=\"");
    html_url(out, url_with(a, base, S("page"), str_format(a, "%zu", page)));
    html(out, "\"");
}

static void page_turn(struct buf *out, struct arena *a, const struct part_pages *p, bool next)
{
    htmlf(out,
          "<div class=\"govuk-pagination__%s\"><a class=\"govuk-link govuk-pagination__link\" rel=\"%s\"",
          next ? "next" : "prev", next ? "next" : "prev");
    page_href(out, a, p->base, next ? p->page + 1 : p->page - 1);
    htmlf(out,
          "><span class=\"govuk-pagination__link-title\">%s<span class=\"govuk-visually-hidden\"> "
          "page</span></span></a></div>",
          next ? "Next" : "Previous");
}

/* First, last, and those next to the present one. */
static bool page_is_named(const struct part_pages *p, size_t page)
{
    return page == 1 || page == p->pages || (page + 1 >= p->page && page <= p->page + 1);
}

void part_pages(struct buf *out, struct arena *a, const struct part_pages *p)
{
    bool gap = false;
    if (p->pages < 2) return;
    html(out, "<nav class=\"govuk-pagination\" aria-label=\"Pages\">");
    if (p->page > 1) page_turn(out, a, p, false);
    html(out, "<ul class=\"govuk-pagination__list\">");
    for (size_t page = 1; page <= p->pages; page++) {
        if (!page_is_named(p, page)) {
            if (!gap)
                html(out,
                     "<li class=\"govuk-pagination__item govuk-pagination__item--ellipsis\">&ctdot;</li>");
            gap = true;
            continue;
        }
        gap = false;
        htmlf(out,
              "<li class=\"govuk-pagination__item%s\"><a class=\"govuk-link govuk-pagination__link\" "
              "aria-label=\"Page %zu\"",
              page == p->page ? " govuk-pagination__item--current" : "", page);
        if (page == p->page) html(out, " aria-current=\"page\"");
        page_href(out, a, p->base, page);
        htmlf(out, ">%zu</a></li>", page);
    }
    html(out, "</ul>");
    if (p->page < p->pages) page_turn(out, a, p, true);
    html(out, "</nav>\n");
}

/* "1,312" */
static void count_write(struct buf *out, size_t n)
{
    if (n >= 1000) {
        count_write(out, n / 1000);
        htmlf(out, ",%03u", (unsigned)(n % 1000));
    } else {
        htmlf(out, "%zu", n);
    }
}

void part_range(struct buf *out, size_t from, size_t to, size_t all, Str what)
{
    html(out, "<p class=\"govuk-body app-range\">");
    if (all > 0) {
        count_write(out, from);
        html(out, " to ");
        count_write(out, to);
        html(out, " of ");
    }
    count_write(out, all);
    htmlf(out, " %.*s</p>\n", STR_ARG(what));
}

void part_views(struct buf *out, Str label, const struct part_view *view, size_t count)
{
    htmlf(out, "<nav class=\"app-views\" aria-label=\"%.*s\"><ul>", STR_ARG(label));
    for (size_t i = 0; i < count; i++) {
        html(out, "<li><a href=\"");
        html_url(out, view[i].href);
        html(out, "\"");
        if (view[i].current) html(out, " aria-current=\"page\"");
        htmlf(out, ">%.*s</a></li>", STR_ARG(view[i].text));
    }
    html(out, "</ul></nav>\n");
}

/* ---- what happened ---------------------------------------------------------------------------------- */

void part_timeline_begin(struct buf *out)
{
    html(out, "<ol class=\"app-timeline\">\n");
}

void part_moment(struct buf *out, const struct part_moment *m)
{
    htmlf(out,
          "<li class=\"app-timeline__item app-timeline__item--%s\"><p class=\"app-timeline__title\">%.*s</p>",
          part_meaning_name(m->meaning), STR_ARG(m->title));
    html(out, "<p class=\"app-timeline__when\">");
    if (str_empty(m->machine))
        html_text(out, m->when);
    else
        htmlf(out, "<time datetime=\"%.*s\">%.*s</time>", STR_ARG(m->machine), STR_ARG(m->when));
    if (!str_empty(m->by)) htmlf(out, " by %.*s", STR_ARG(m->by));
    html(out, "</p>");
    if (!str_empty(m->text)) htmlf(out, "<p class=\"app-timeline__text\">%.*s</p>", STR_ARG(m->text));
    html_put(out, m->body);
    html(out, "</li>\n");
}

void part_timeline_end(struct buf *out)
{
    html(out, "</ol>\n");
}

void part_figures(struct buf *out, const struct part_figure *figure, size_t count)
{
    html(out, "<ul class=\"app-figures\">\n");
    for (size_t i = 0; i < count; i++) {
        const struct part_figure *f = &figure[i];
        htmlf(out, "<li class=\"app-figure app-figure--%s\">", part_meaning_name(f->meaning));
        if (part_leads(f->href)) {
            html(out, "<a class=\"govuk-link\" href=\"");
            html_url(out, f->href);
            html(out, "\">");
        }
        htmlf(out,
              "<span class=\"app-figure__number\">%.*s</span> <span class=\"app-figure__text\">%.*s</span>",
              STR_ARG(f->number), STR_ARG(f->text));
        if (part_leads(f->href)) html(out, "</a>");
        html(out, "</li>\n");
    }
    html(out, "</ul>\n");
}
