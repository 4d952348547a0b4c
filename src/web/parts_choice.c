/* Radios, checkboxes and drop-downs. */
#include "web/parts_internal.h"

/* "NAME" for the first, so that an error leads there; "NAME-2" ... for the others. */
static void choice_id(struct buf *out, Str id, size_t i)
{
    html_text(out, id);
    if (i > 0) htmlf(out, "-%zu", i + 1);
}

static void choice_write(struct buf *out, const struct part_choices *c, size_t i, bool many)
{
    const struct part_choice *one = &c->choice[i];
    const char *type = many ? "checkbox" : "radio", *class = many ? "govuk-checkboxes" : "govuk-radios";
    Str id = part_id(c->id, c->name);
    bool reveals = !str_empty(one->reveals.ready);
    if (one->only) htmlf(out, "<div class=\"%s__divider\">or</div>", class);
    htmlf(out, "<div class=\"%s__item\"><input type=\"%s\" class=\"%s__input\" id=\"", class, type, class);
    choice_id(out, id, i);
    htmlf(out, "\" name=\"%.*s\" value=\"%.*s\"%s", STR_ARG(c->name), STR_ARG(one->value),
          one->chosen ? " checked" : "");
    if (one->only) html(out, " data-behaviour=\"exclusive\"");
    if (!str_empty(one->hint)) {
        html(out, " aria-describedby=\"");
        choice_id(out, id, i);
        html(out, "-item-hint\"");
    }
    if (reveals) {
        html(out, " data-aria-controls=\"");
        choice_id(out, id, i);
        html(out, "-more\"");
    }
    htmlf(out, "><label class=\"govuk-label %s__label\" for=\"", class);
    choice_id(out, id, i);
    htmlf(out, "\">%.*s</label>", STR_ARG(one->label));
    if (!str_empty(one->hint)) {
        htmlf(out, "<div class=\"govuk-hint %s__hint\" id=\"", class);
        choice_id(out, id, i);
        htmlf(out, "-item-hint\">%.*s</div>", STR_ARG(one->hint));
    }
    html(out, "</div>\n");
    if (!reveals) return;
    /* script hides it; without script it is always there */
    htmlf(out, "<div class=\"%s__conditional%s\" id=\"", class,
          one->chosen ? ""
          : many      ? " govuk-checkboxes__conditional--hidden"
                      : " govuk-radios__conditional--hidden");
    choice_id(out, id, i);
    html(out, "-more\">");
    html_put(out, one->reveals);
    html(out, "</div>\n");
}

static void choices_write(struct buf *out, const struct part_choices *c, bool many)
{
    const char *class = many ? "govuk-checkboxes" : "govuk-radios";
    part_fieldset_begin(out, &(struct part_fieldset){.id = part_id(c->id, c->name),
                                                     .legend = c->legend,
                                                     .hint = c->hint,
                                                     .error = c->error,
                                                     .caption = c->caption,
                                                     .style = c->style});
    htmlf(out, "<div class=\"%s", class);
    if (c->in_line) htmlf(out, " %s--inline", class);
    if (c->small) htmlf(out, " %s--small", class);
    htmlf(out, "\" data-module=\"%s\">\n", class);
    for (size_t i = 0; i < c->count; i++)
        choice_write(out, c, i, many);
    html(out, "</div>\n");
    part_fieldset_end(out);
}

void part_radios(struct buf *out, const struct part_choices *c)
{
    choices_write(out, c, false);
}

void part_checkboxes(struct buf *out, const struct part_choices *c)
{
    choices_write(out, c, true);
}

void part_select(struct buf *out, const struct part_choices *c)
{
    Str id = part_id(c->id, c->name);
    bool has_empty = false;
    for (size_t i = 0; i < c->count; i++)
        if (str_empty(c->choice[i].value)) has_empty = true;
    part_question_begin(out, &(struct part_question){id, c->legend, c->hint, c->error, c->caption, c->style});
    htmlf(out, "<select class=\"govuk-select%s\" id=\"%.*s\" name=\"%.*s\"",
          str_empty(c->error) ? "" : " govuk-select--error", STR_ARG(id), STR_ARG(c->name));
    part_described(out, id, c->hint, c->error, "");
    html(out, ">\n");
    if (!has_empty) html(out, "<option value=\"\">Choose</option>\n");
    for (size_t i = 0; i < c->count; i++)
        htmlf(out, "<option value=\"%.*s\"%s>%.*s</option>\n", STR_ARG(c->choice[i].value),
              c->choice[i].chosen ? " selected" : "", STR_ARG(c->choice[i].label));
    html(out, "</select>\n");
    part_question_end(out);
}
