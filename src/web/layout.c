#include "web/layout.h"

#include "web/asset.h"

/* ---- head ------------------------------------------------------------------------------------------- */

static void script_write(struct buf *out, Str name)
{
    html(out, "<script type=\"module\" src=\"");
    web_asset_address(out, name);
    html(out, "\"></script>\n");
}

static void style_write(struct buf *out, Str name)
{
    html(out, "<link rel=\"stylesheet\" href=\"");
    web_asset_address(out, name);
    html(out, "\">\n");
}

static void head_write(struct buf *out, const struct layout *l)
{
    html(out, "<!DOCTYPE html>\n<html lang=\"en-GB\" class=\"govuk-template\">\n<head>\n<meta "
              "charset=\"utf-8\">\n");
    htmlf(out, "<title>%s%.*s – Colligate</title>\n", l->has_errors ? "Error: " : "", STR_ARG(l->title));
    html(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
              "<meta name=\"referrer\" content=\"same-origin\">\n<link rel=\"icon\" type=\"image/svg+xml\" "
              "href=\"");
    web_asset_address(out, S("mark.svg"));
    html(out, "\">\n");
    style_write(out, S("colligate.css"));
    if (l->scripts & LAYOUT_MAP) style_write(out, S("map.css"));
    script_write(out, S("colligate.js"));
    if (l->scripts & LAYOUT_MAP) script_write(out, S("map.js"));
    if (l->scripts & LAYOUT_GRAPH) script_write(out, S("graph.js"));
    html(out, "</head>\n");
}

/* ---- bar -------------------------------------------------------------------------------------------- */

static const struct {
    enum bar_item item;
    const char *href, *text;
    bool right;
} bar_items[] = {
    {BAR_WORK, "/", "Your work", false},
    {BAR_DEATHS, "/deaths", "Deaths", false},
    {BAR_LINKS, "/links", "Links", false},
    {BAR_EXHIBITS, "/exhibits", "Exhibits", false},
    {BAR_ASSURANCE, "/assurance", "Assurance", false},
    {BAR_GUIDANCE, "/guidance", "Guidance", true},
    {BAR_SETTINGS, "/settings", "Settings", true},
};

static void bar_item_write(struct buf *out, const struct layout *l, size_t i)
{
    bool current = bar_items[i].item == l->current;
    if (l->bar != 0 && (l->bar & (1u << bar_items[i].item)) == 0) return;
    htmlf(out, "<li class=\"app-bar__item%s%s\"><a class=\"app-bar__link\" href=\"%s\"",
          current ? " app-bar__item--current" : "", bar_items[i].right ? " app-bar__item--right" : "",
          bar_items[i].href);
    if (current) html(out, " aria-current=\"true\"");
    htmlf(out, ">%s</a></li>\n", bar_items[i].text);
}

static void bar_write(struct buf *out, const struct layout *l)
{
    /* Folded on a phone by script (data-menu); without script it wraps. */
    html(out, "<nav class=\"app-bar\" aria-label=\"Menu\" data-menu><button type=\"button\" "
              "class=\"app-bar__toggle\" "
              "aria-controls=\"bar\" aria-expanded=\"false\" hidden>Menu</button>\n<ul "
              "class=\"app-bar__list\" id=\"bar\">\n");
    for (size_t i = 0; i < COUNT_OF(bar_items); i++)
        bar_item_write(out, l, i);
    html(out, "</ul></nav>\n");
}

static void account_write(struct buf *out, const struct layout *l)
{
    html(out, "<div class=\"app-header__account\">");
    htmlf(out,
          "<span class=\"app-header__person\"><span class=\"govuk-visually-hidden\">Signed in: "
          "</span>%.*s</span>",
          STR_ARG(l->person));
    if (!str_empty(l->role)) htmlf(out, " <span class=\"app-header__role\">%.*s", STR_ARG(l->role));
    if (!str_empty(l->role) && !str_empty(l->unit)) htmlf(out, ", %.*s", STR_ARG(l->unit));
    if (!str_empty(l->role)) html(out, "</span>");
    html(out, "\n<form action=\"/sign-out\" method=\"post\" class=\"app-header__out\">");
    part_hidden(out, S(PART_CSRF_NAME), l->csrf);
    html(out, "<button type=\"submit\" class=\"app-header__button\">Sign out</button></form></div>\n");
}

static void header_write(struct buf *out, const struct layout *l)
{
    bool signed_in = !str_empty(l->person);
    html(
        out,
        "<header class=\"app-header\"><div class=\"govuk-width-container app-header__row\">\n"
        "<a class=\"app-header__name\" href=\"/\"><img class=\"app-header__mark\" width=\"32\" height=\"32\" "
        "alt=\"\" src=\"");
    web_asset_address(out, S("mark.svg"));
    html(out, "\">Colligate</a>\n");
    if (signed_in) account_write(out, l);
    html(out, "</div></header>\n");
    if (!signed_in) return;
    html(out, "<div class=\"app-bar-row\"><div class=\"govuk-width-container\">\n");
    bar_write(out, l);
    html(out, "</div></div>\n");
}

/* ---- before the content ----------------------------------------------------------------------------- */

static void banners_write(struct buf *out, const struct layout *l)
{
    if (!str_empty(l->demo))
        htmlf(out,
              "<div class=\"govuk-phase-banner\" role=\"region\" aria-label=\"Demonstration\"><p "
              "class=\"govuk-phase-banner__content\"><strong class=\"govuk-tag "
              "govuk-phase-banner__content__tag\">Demonstration</strong><span "
              "class=\"govuk-phase-banner__text\">%.*s</span></p></div>\n",
              STR_ARG(l->demo));
    if (!str_empty(l->at)) {
        htmlf(out,
              "<div class=\"app-at\" role=\"region\" aria-label=\"Looking back\"><p>You are looking at "
              "<strong>%.*s</strong> as it was known then. ",
              STR_ARG(l->at));
        if (!str_empty(l->at_leave.ready)) part_link(out, l->at_leave, S("Back to now"));
        html(out, "</p></div>\n");
    }
    if (!str_empty(l->back.href.ready)) {
        html(out, "<nav aria-label=\"Back\"><a class=\"govuk-back-link\" href=\"");
        html_url(out, l->back.href);
        htmlf(out, "\">%.*s</a></nav>\n", STR_ARG(str_empty(l->back.text) ? S("Back") : l->back.text));
    }
}

void layout_begin(struct buf *out, const struct layout *l)
{
    head_write(out, l);
    html(out, "<body class=\"govuk-template__body\"");
    if (l->idle_s > 0) htmlf(out, " data-idle-s=\"%u\"", l->idle_s);
    if (!str_empty(l->stay.ready)) {
        html(out, " data-stay=\"");
        html_url(out, l->stay);
        html(out, "\"");
    }
    if (!str_empty(l->news.ready)) {
        html(out, " data-news=\"");
        html_url(out, l->news);
        html(out, "\"");
    }
    html(out, ">\n<a href=\"#main\" class=\"govuk-skip-link\" data-module=\"govuk-skip-link\">Skip to the "
              "content</a>\n");
    header_write(out, l);
    htmlf(out, "<div class=\"govuk-width-container%s\">\n", l->wide ? " app-wide" : "");
    banners_write(out, l);
    htmlf(out, "<main class=\"govuk-main-wrapper%s\" id=\"main\">\n", l->wide ? "" : " app-narrow");
    for (size_t i = 0; i < l->notices; i++)
        part_notice(out, &l->notice[i]);
}

void layout_end(struct buf *out, const struct layout *l)
{
    html(out,
         "</main>\n</div>\n<footer class=\"app-footer\"><div class=\"govuk-width-container\">\n<p>Colligate: "
         "facts bound together by one idea. What you open here is recorded.</p>\n");
    if (!str_empty(l->person))
        html(
            out,
            "<ul><li><a class=\"govuk-link\" href=\"/guidance\">Guidance</a></li><li><a class=\"govuk-link\" "
            "href=\"/accessibility\">Accessibility</a></li></ul>\n");
    html(out, "</div></footer>\n</body>\n</html>\n");
}
