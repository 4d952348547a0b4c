/* Pieces that only a case has: who it is about, two records side by side, a stop before a restricted one. */
#include "web/parts_internal.h"

/* ---- filters ---------------------------------------------------------------------------------------- */

static void filter_chosen(struct buf *out, const struct part_filter *f)
{
    if (f->chosen_count == 0) return;
    html(out, "<div class=\"app-filter__chosen\"><h3 class=\"govuk-heading-s\">Filters in force</h3><ul>");
    for (size_t i = 0; i < f->chosen_count; i++) {
        html(out, "<li><a href=\"");
        html_url(out, f->chosen[i].href);
        htmlf(out,
              "\"><span aria-hidden=\"true\">&times;</span> <span class=\"govuk-visually-hidden\">Remove: "
              "</span>%.*s</a></li>",
              STR_ARG(f->chosen[i].text));
    }
    html(out, "</ul>");
    if (part_leads(f->clear)) {
        html(out, "<p class=\"govuk-body\">");
        part_link(out, f->clear, S("Clear all"));
        html(out, "</p>");
    }
    html(out, "</div>\n");
}

void part_filter_begin(struct buf *out, const struct part_filter *f)
{
    html(out, "<div class=\"app-filtered\"><div class=\"app-filtered__filter\">\n");
    htmlf(out,
          "<details class=\"app-filter\" open%s><summary><h2 class=\"govuk-heading-m\">%.*s</h2></summary>\n",
          f->open ? " data-open" : "", STR_ARG(str_empty(f->title) ? S("Filter") : f->title));
    filter_chosen(out, f);
    part_form_begin(out, &(struct part_form){.action = f->action, .get = true});
}

void part_filter_results(struct buf *out, const struct part_filter *f)
{
    part_button(out, &(struct part_button){.text = str_empty(f->button) ? S("Apply filters") : f->button,
                                           .kind = BUTTON_SECONDARY});
    part_form_end(out);
    html(out, "</details></div><div class=\"app-filtered__results\">\n");
}

void part_filter_end(struct buf *out)
{
    html(out, "</div></div>\n");
}

/* ---- whom it is about ------------------------------------------------------------------------------- */

void part_identity(struct buf *out, const struct part_identity *i)
{
    html(out, "<div class=\"app-identity\"><div class=\"app-identity__who\">");
    htmlf(
        out,
        "<span class=\"app-identity__name\">%.*s</span> <span class=\"app-identity__reference\">%.*s</span>",
        STR_ARG(i->name), STR_ARG(i->reference));
    if (!str_empty(i->state)) {
        html(out, " ");
        part_tag(out, i->meaning, i->state);
    }
    html(out, "</div>");
    if (i->facts > 0) {
        html(out, "<dl class=\"app-identity__facts\">");
        for (size_t n = 0; n < i->facts; n++)
            htmlf(out, "<div><dt>%.*s</dt><dd>%.*s</dd></div>", STR_ARG(i->fact[n].label),
                  STR_ARG(i->fact[n].text));
        html(out, "</dl>");
    }
    if (!str_empty(i->warning))
        htmlf(out, "<p class=\"app-identity__warning\"><strong>%.*s</strong></p>", STR_ARG(i->warning));
    html(out, "</div>\n");
}

void part_interruption_begin(struct buf *out, Str title)
{
    htmlf(out, "<div class=\"app-interruption\"><h1 class=\"govuk-heading-l\">%.*s</h1>\n", STR_ARG(title));
}

void part_interruption_end(struct buf *out)
{
    html(out, "</div>\n");
}

/* ---- side by side ----------------------------------------------------------------------------------- */

static void pair_column(struct buf *out, struct part_link l)
{
    html(out, "<th scope=\"col\" class=\"govuk-table__header\">");
    if (part_leads(l.href))
        part_link(out, l.href, l.text);
    else
        html_text(out, l.text);
    html(out, "</th>");
}

void part_pairs_begin(struct buf *out, Str caption, struct part_link a, struct part_link b)
{
    htmlf(out,
          "<div class=\"app-table\" role=\"region\" tabindex=\"0\" aria-label=\"%.*s\"><table "
          "class=\"govuk-table "
          "app-pairs\"><caption class=\"govuk-table__caption govuk-table__caption--m\">%.*s</caption>\n",
          STR_ARG(caption), STR_ARG(caption));
    html(out, "<thead class=\"govuk-table__head\"><tr class=\"govuk-table__row\"><td "
              "class=\"govuk-table__header\"></td>");
    pair_column(out, a);
    pair_column(out, b);
    html(out, "<th scope=\"col\" class=\"govuk-table__header\">Alike?</th></tr></thead>\n<tbody "
              "class=\"govuk-table__body\">\n");
}

void part_pair(struct buf *out, const struct part_pair *p)
{
    static const struct {
        const char *name, *words;
    } likeness[] = {
        [LIKENESS_SAME] = {"same", "Same"},
        [LIKENESS_SIMILAR] = {"similar", "Similar"},
        [LIKENESS_DIFFERENT] = {"different", "Different"},
        [LIKENESS_MISSING] = {"missing", "Not compared"},
    };
    MUST((size_t)p->likeness < COUNT_OF(likeness));
    htmlf(out,
          "<tr class=\"govuk-table__row app-pairs__row--%s\"><th scope=\"row\" "
          "class=\"govuk-table__header\">%.*s</th>",
          likeness[p->likeness].name, STR_ARG(p->label));
    const Str side[] = {p->a, p->b};
    for (size_t i = 0; i < COUNT_OF(side); i++)
        if (str_empty(side[i]))
            html(out, "<td class=\"govuk-table__cell app-missing\">Not recorded</td>");
        else
            htmlf(out, "<td class=\"govuk-table__cell\">%.*s</td>", STR_ARG(side[i]));
    htmlf(out, "<td class=\"govuk-table__cell\"><span class=\"app-likeness app-likeness--%s\">%s</span>",
          likeness[p->likeness].name, likeness[p->likeness].words);
    if (!str_empty(p->note)) htmlf(out, "<div class=\"app-note\">%.*s</div>", STR_ARG(p->note));
    html(out, "</td></tr>\n");
}

void part_pairs_end(struct buf *out)
{
    html(out, "</tbody></table></div>\n");
}

/* ---- work ------------------------------------------------------------------------------------------- */

void part_progress(struct buf *out, size_t done, size_t all, Str text)
{
    /* A drawing, because a width needs no style there. */
    unsigned part = all > 0 ? (unsigned)(done * 100 / all) : 0;
    htmlf(out, "<p class=\"govuk-body app-progress__text\">%.*s</p>\n", STR_ARG(text));
    htmlf(
        out,
        "<svg class=\"app-progress\" viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" aria-hidden=\"true\" "
        "focusable=\"false\"><rect class=\"app-progress__all\" width=\"100\" height=\"4\"/><rect "
        "class=\"app-progress__done\" width=\"%u\" height=\"4\"/></svg>\n",
        part > 100 ? 100u : part);
}

void part_entries_begin(struct buf *out)
{
    html(out, "<ul class=\"app-entries\">\n");
}

void part_entry(struct buf *out, const struct part_entry *e)
{
    html(out, "<li class=\"app-entry\"><div class=\"app-entry__head\"><span class=\"app-entry__title\">");
    if (part_leads(e->href))
        part_link(out, e->href, e->title);
    else
        html_text(out, e->title);
    html(out, "</span>");
    if (!str_empty(e->state)) {
        html(out, " ");
        part_tag(out, e->meaning, e->state);
    }
    html(out, "</div>");
    if (!str_empty(e->why)) htmlf(out, "<p class=\"app-entry__why\">%.*s</p>", STR_ARG(e->why));
    if (!str_empty(e->small)) htmlf(out, "<p class=\"app-note\">%.*s</p>", STR_ARG(e->small));
    html_put(out, e->body);
    html(out, "</li>\n");
}

void part_entries_end(struct buf *out)
{
    html(out, "</ul>\n");
}

void part_live(struct buf *out, const struct part_live *l)
{
    htmlf(out, "<div class=\"app-live\" id=\"%.*s\" data-watch=\"%.*s\" data-href=\"", STR_ARG(l->id),
          STR_ARG(l->watch));
    html_url(out, l->href);
    htmlf(out, "\" data-title=\"%.*s\" aria-live=\"polite\" hidden></div>\n", STR_ARG(l->title));
}
