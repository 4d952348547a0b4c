/* Titles, paragraphs, notices: pieces that say something. */
#include "web/parts_internal.h"

const char *part_meaning_name(enum part_meaning meaning)
{
    static const char *const name[] = {
        [MEANING_PLAIN] = "plain",         [MEANING_GOOD] = "good",     [MEANING_WAITING] = "waiting",
        [MEANING_ATTENTION] = "attention", [MEANING_URGENT] = "urgent",
    };
    MUST((size_t)meaning < COUNT_OF(name));
    return name[meaning];
}

void part_title(struct buf *out, Str caption, Str text)
{
    if (!str_empty(caption)) htmlf(out, "<span class=\"govuk-caption-l\">%.*s</span>\n", STR_ARG(caption));
    htmlf(out, "<h1 class=\"govuk-heading-l\">%.*s</h1>\n", STR_ARG(text));
}

void part_heading(struct buf *out, int level, Str id, Str text)
{
    static const char *const size[] = {[2] = "m", [3] = "s", [4] = "s"};
    MUST(level >= 2 && level <= 4);
    htmlf(out, "<h%d class=\"govuk-heading-%s\"", level, size[level]);
    part_attribute(out, "id", id);
    htmlf(out, ">%.*s</h%d>\n", STR_ARG(text), level);
}

void part_paragraph(struct buf *out, Str text)
{
    htmlf(out, "<p class=\"govuk-body\">%.*s</p>\n", STR_ARG(text));
}

void part_lead(struct buf *out, Str text)
{
    htmlf(out, "<p class=\"govuk-body-l\">%.*s</p>\n", STR_ARG(text));
}

void part_link(struct buf *out, Url href, Str text)
{
    html(out, "<a class=\"govuk-link\" href=\"");
    html_url(out, href);
    htmlf(out, "\">%.*s</a>", STR_ARG(text));
}

void part_inset_begin(struct buf *out)
{
    html(out, "<div class=\"govuk-inset-text\">");
}

void part_inset_end(struct buf *out)
{
    html(out, "</div>\n");
}

void part_inset(struct buf *out, Str text)
{
    part_inset_begin(out);
    html_text(out, text);
    part_inset_end(out);
}

void part_warning(struct buf *out, Str text)
{
    html(out, "<div class=\"govuk-warning-text\"><span class=\"govuk-warning-text__icon\" "
              "aria-hidden=\"true\">!</span><strong class=\"govuk-warning-text__text\"><span "
              "class=\"govuk-visually-hidden\">Warning: </span>");
    htmlf(out, "%.*s</strong></div>\n", STR_ARG(text));
}

void part_details_begin(struct buf *out, Str summary)
{
    html(out, "<details class=\"govuk-details\"><summary class=\"govuk-details__summary\"><span "
              "class=\"govuk-details__summary-text\">");
    html_text(out, summary);
    html(out, "</span></summary><div class=\"govuk-details__text\">\n");
}

void part_details_end(struct buf *out)
{
    html(out, "</div></details>\n");
}

void part_empty(struct buf *out, Str text)
{
    htmlf(out, "<p class=\"govuk-body app-empty\">%.*s</p>\n", STR_ARG(text));
}

void part_tag(struct buf *out, enum part_meaning meaning, Str text)
{
    htmlf(out, "<strong class=\"govuk-tag app-tag--%s\">%.*s</strong>", part_meaning_name(meaning),
          STR_ARG(text));
}

/* Is a byte the middle of a character? There a text is not cut. */
static bool is_inside(Str text, size_t at)
{
    return at < text.len && ((unsigned char)text.ptr[at] & 0xc0) == 0x80;
}

void part_marked(struct buf *out, Str text, const struct part_spot *spot, size_t count)
{
    size_t at = 0;
    html(out, "<div class=\"app-marked\">");
    for (size_t i = 0; i < count; i++) {
        size_t from = spot[i].from < text.len ? spot[i].from : text.len;
        size_t to = spot[i].len < text.len - from ? from + spot[i].len : text.len;
        while (is_inside(text, from))
            from--;
        while (is_inside(text, to))
            to++;
        if (from < at) from = at;
        if (to <= from) continue;
        html_text(out, str_slice(text, at, from));
        html(out, "<mark>");
        html_text(out, str_slice(text, from, to));
        html(out, "</mark>");
        at = to;
    }
    html_text(out, str_slice(text, at, text.len));
    html(out, "</div>\n");
}

void part_notice(struct buf *out, const struct part_notice *n)
{
    Str id = str_empty(n->id) ? S("notice") : n->id;
    Str title = !str_empty(n->title) ? n->title : n->success ? S("Done") : S("Important");
    /* what has just been done is announced at once */
    htmlf(out, "<div class=\"govuk-notification-banner%s\" role=\"%s\" aria-labelledby=\"%.*s-title\"",
          n->success ? " govuk-notification-banner--success" : "", n->success ? "alert" : "region",
          STR_ARG(id));
    html(out, " data-module=\"govuk-notification-banner\"><div class=\"govuk-notification-banner__header\">");
    htmlf(out, "<h2 class=\"govuk-notification-banner__title\" id=\"%.*s-title\">%.*s</h2></div>",
          STR_ARG(id), STR_ARG(title));
    html(out, "<div class=\"govuk-notification-banner__content\">");
    if (!str_empty(n->text))
        htmlf(out, "<p class=\"govuk-notification-banner__heading\">%.*s</p>", STR_ARG(n->text));
    html_put(out, n->body);
    html(out, "</div></div>\n");
}

void part_panel(struct buf *out, Str title, Str text)
{
    htmlf(out,
          "<div class=\"govuk-panel govuk-panel--confirmation\"><h1 class=\"govuk-panel__title\">%.*s</h1>",
          STR_ARG(title));
    if (!str_empty(text)) htmlf(out, "<div class=\"govuk-panel__body\">%.*s</div>", STR_ARG(text));
    html(out, "</div>\n");
}
