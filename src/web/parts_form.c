/* Buttons, forms and the inputs in them. Every input has its label; hint and error are named by it. */
#include "web/parts_internal.h"

/* ---- buttons ---------------------------------------------------------------------------------------- */

static const char *button_class(enum part_button_kind kind)
{
    static const char *const name[] = {
        [BUTTON_PRIMARY] = "",
        [BUTTON_SECONDARY] = " govuk-button--secondary",
        [BUTTON_WARNING] = " govuk-button--warning",
        [BUTTON_INVERSE] = " govuk-button--inverse",
    };
    MUST((size_t)kind < COUNT_OF(name));
    return name[kind];
}

static void button_text(struct buf *out, const struct part_button *b)
{
    html_text(out, b->text);
    if (!str_empty(b->about))
        htmlf(out, "<span class=\"govuk-visually-hidden\"> %.*s</span>", STR_ARG(b->about));
}

void part_button(struct buf *out, const struct part_button *b)
{
    if (part_leads(b->href)) {
        html(out, "<a href=\"");
        html_url(out, b->href);
        htmlf(out,
              "\" role=\"button\" draggable=\"false\" class=\"govuk-button%s\" data-module=\"govuk-button\">",
              button_class(b->kind));
        button_text(out, b);
        html(out, "</a>\n");
        return;
    }
    htmlf(out, "<button type=\"submit\" class=\"govuk-button%s\" data-module=\"govuk-button\"",
          button_class(b->kind));
    part_attribute(out, "name", b->name);
    part_attribute(out, "value", b->value);
    if (!b->repeatable) html(out, " data-prevent-double-click=\"true\"");
    if (b->skips_checks) html(out, " formnovalidate");
    html(out, ">");
    button_text(out, b);
    html(out, "</button>\n");
}

void part_buttons_begin(struct buf *out)
{
    html(out, "<div class=\"govuk-button-group\">\n");
}

void part_buttons_end(struct buf *out)
{
    html(out, "</div>\n");
}

/* ---- forms ------------------------------------------------------------------------------------------ */

void part_hidden(struct buf *out, Str name, Str value)
{
    htmlf(out, "<input type=\"hidden\" name=\"%.*s\" value=\"%.*s\">\n", STR_ARG(name), STR_ARG(value));
}

void part_form_begin(struct buf *out, const struct part_form *f)
{
    html(out, "<form action=\"");
    html_url(out, f->action);
    htmlf(out, "\" method=\"%s\"", f->get ? "get" : "post");
    if (f->upload) html(out, " enctype=\"multipart/form-data\"");
    part_attribute(out, "id", f->id);
    part_attribute(out, "data-keep", f->keep);
    /* the server's words for what is wrong are better than the browser's */
    html(out, " novalidate>\n");
    if (!f->get) part_hidden(out, S(PART_CSRF_NAME), f->csrf);
}

void part_form_end(struct buf *out)
{
    html(out, "</form>\n");
}

/* ---- errors ----------------------------------------------------------------------------------------- */

void part_errors_add(struct arena *a, struct part_errors *errors, Str id, Str text)
{
    ARENA_ROOM(a, errors->item, errors->room, errors->count + 1, 8);
    errors->item[errors->count++] = (struct part_error){str_copy(a, id), str_copy(a, text)};
}

Str part_errors_of(const struct part_errors *errors, Str id)
{
    for (size_t i = 0; errors && i < errors->count; i++)
        if (str_eq(errors->item[i].id, id)) return errors->item[i].text;
    return STR_NONE;
}

void part_error_summary(struct buf *out, const struct part_errors *errors)
{
    if (errors == NULL || errors->count == 0) return;
    html(out,
         "<div class=\"govuk-error-summary\" data-module=\"govuk-error-summary\"><div role=\"alert\"><h2 "
         "class=\"govuk-error-summary__title\">There is a problem</h2><div "
         "class=\"govuk-error-summary__body\"><ul class=\"govuk-list govuk-error-summary__list\">\n");
    for (size_t i = 0; i < errors->count; i++) {
        const struct part_error *e = &errors->item[i];
        if (str_empty(e->id))
            htmlf(out, "<li>%.*s</li>\n", STR_ARG(e->text));
        else
            htmlf(out, "<li><a href=\"#%.*s\">%.*s</a></li>\n", STR_ARG(e->id), STR_ARG(e->text));
    }
    html(out, "</ul></div></div></div>\n");
}

/* ---- what surrounds an input ------------------------------------------------------------------------ */

void part_described(struct buf *out, Str id, Str hint, Str error, const char *more)
{
    bool any_hint = !str_empty(hint), any_error = !str_empty(error);
    if (!any_hint && !any_error && more[0] == '\0') return;
    html(out, " aria-describedby=\"");
    if (any_hint) htmlf(out, "%.*s-hint", STR_ARG(id));
    if (any_error) htmlf(out, "%s%.*s-error", any_hint ? " " : "", STR_ARG(id));
    if (more[0] != '\0') htmlf(out, "%s%.*s-%s", any_hint || any_error ? " " : "", STR_ARG(id), more);
    html(out, "\"");
}

void part_hint_and_error(struct buf *out, Str id, Str hint, Str error)
{
    if (!str_empty(hint))
        htmlf(out, "<div id=\"%.*s-hint\" class=\"govuk-hint\">%.*s</div>\n", STR_ARG(id), STR_ARG(hint));
    if (!str_empty(error))
        htmlf(out,
              "<p id=\"%.*s-error\" class=\"govuk-error-message\"><span "
              "class=\"govuk-visually-hidden\">Error:</span> %.*s</p>\n",
              STR_ARG(id), STR_ARG(error));
}

void part_question_begin(struct buf *out, const struct part_question *q)
{
    htmlf(out, "<div class=\"govuk-form-group%s\">\n", str_empty(q->error) ? "" : " govuk-form-group--error");
    if (q->style == LABEL_TITLE) {
        if (!str_empty(q->caption))
            htmlf(out, "<span class=\"govuk-caption-l\">%.*s</span>\n", STR_ARG(q->caption));
        htmlf(out,
              "<h1 class=\"govuk-label-wrapper\"><label class=\"govuk-label govuk-label--l\" "
              "for=\"%.*s\">%.*s</label></h1>\n",
              STR_ARG(q->id), STR_ARG(q->label));
    } else {
        static const char *const more[] = {[LABEL_TEXT] = "",
                                           [LABEL_HEADING] = " govuk-label--m",
                                           [LABEL_TITLE] = "",
                                           [LABEL_HIDDEN] = " govuk-visually-hidden"};
        htmlf(out, "<label class=\"govuk-label%s\" for=\"%.*s\">%.*s</label>\n", more[q->style],
              STR_ARG(q->id), STR_ARG(q->label));
    }
    part_hint_and_error(out, q->id, q->hint, q->error);
}

void part_question_end(struct buf *out)
{
    html(out, "</div>\n");
}

void part_fieldset_begin(struct buf *out, const struct part_fieldset *f)
{
    static const char *const more[] = {[LABEL_TEXT] = "",
                                       [LABEL_HEADING] = " govuk-fieldset__legend--m",
                                       [LABEL_TITLE] = " govuk-fieldset__legend--l",
                                       [LABEL_HIDDEN] = " govuk-visually-hidden"};
    htmlf(out, "<div class=\"govuk-form-group%s\">\n", str_empty(f->error) ? "" : " govuk-form-group--error");
    if (f->style == LABEL_TITLE && !str_empty(f->caption))
        htmlf(out, "<span class=\"govuk-caption-l\">%.*s</span>\n", STR_ARG(f->caption));
    html(out, "<fieldset class=\"govuk-fieldset\"");
    part_described(out, f->id, f->hint, f->error, "");
    htmlf(out, "><legend class=\"govuk-fieldset__legend%s\">", more[f->style]);
    if (f->style == LABEL_TITLE)
        htmlf(out, "<h1 class=\"govuk-fieldset__heading\">%.*s</h1>", STR_ARG(f->legend));
    else
        html_text(out, f->legend);
    html(out, "</legend>\n");
    part_hint_and_error(out, f->id, f->hint, f->error);
}

void part_fieldset_end(struct buf *out)
{
    html(out, "</fieldset></div>\n");
}

/* ---- inputs ----------------------------------------------------------------------------------------- */

static void input_class(struct buf *out, const struct part_input *i)
{
    html(out, " class=\"govuk-input");
    if (i->width > 0) htmlf(out, " govuk-input--width-%u", i->width);
    if (!str_empty(i->error)) html(out, " govuk-input--error");
    html(out, "\"");
}

void part_input(struct buf *out, const struct part_input *i)
{
    Str id = part_id(i->id, i->name), type = str_empty(i->type) ? S("text") : i->type;
    bool framed = !str_empty(i->prefix) || !str_empty(i->suffix);
    part_question_begin(out, &(struct part_question){id, i->label, i->hint, i->error, i->caption, i->style});
    if (framed) html(out, "<div class=\"govuk-input__wrapper\">");
    if (!str_empty(i->prefix))
        htmlf(out, "<div class=\"govuk-input__prefix\" aria-hidden=\"true\">%.*s</div>", STR_ARG(i->prefix));
    htmlf(out, "<input id=\"%.*s\" name=\"%.*s\" type=\"%.*s\"", STR_ARG(id), STR_ARG(i->name),
          STR_ARG(type));
    input_class(out, i);
    part_attribute(out, "value", i->value);
    htmlf(out, " autocomplete=\"%.*s\"", STR_ARG(str_empty(i->autocomplete) ? S("off") : i->autocomplete));
    part_attribute(out, "inputmode", i->inputmode);
    part_attribute(out, "list", i->list);
    if (i->length_max > 0) htmlf(out, " maxlength=\"%zu\"", i->length_max);
    if (!i->spellcheck) html(out, " spellcheck=\"false\"");
    part_described(out, id, i->hint, i->error, "");
    html(out, ">");
    if (!str_empty(i->suffix))
        htmlf(out, "<div class=\"govuk-input__suffix\" aria-hidden=\"true\">%.*s</div>", STR_ARG(i->suffix));
    if (framed) html(out, "</div>");
    html(out, "\n");
    part_question_end(out);
}

void part_suggestions(struct buf *out, Str id, const Str *word, size_t count)
{
    htmlf(out, "<datalist id=\"%.*s\">", STR_ARG(id));
    for (size_t i = 0; i < count; i++)
        htmlf(out, "<option value=\"%.*s\"></option>", STR_ARG(word[i]));
    html(out, "</datalist>\n");
}

void part_password(struct buf *out, const struct part_password *p)
{
    Str id = part_id(p->id, p->name);
    htmlf(out,
          "<div class=\"govuk-form-group govuk-password-input%s\" "
          "data-module=\"govuk-password-input\">\n<label "
          "class=\"govuk-label\" for=\"%.*s\">%.*s</label>\n",
          str_empty(p->error) ? "" : " govuk-form-group--error", STR_ARG(id), STR_ARG(p->label));
    part_hint_and_error(out, id, p->hint, p->error);
    html(out, "<div class=\"govuk-input__wrapper govuk-password-input__wrapper\">");
    htmlf(out,
          "<input class=\"govuk-input govuk-password-input__input govuk-js-password-input-input%s\" "
          "id=\"%.*s\" "
          "name=\"%.*s\" type=\"password\" spellcheck=\"false\" autocapitalize=\"none\" autocomplete=\"%s\"",
          str_empty(p->error) ? "" : " govuk-input--error", STR_ARG(id), STR_ARG(p->name),
          p->is_new ? "new-password" : "current-password");
    part_described(out, id, p->hint, p->error, "");
    htmlf(
        out,
        "><button type=\"button\" class=\"govuk-button govuk-button--secondary govuk-password-input__toggle "
        "govuk-js-password-input-toggle\" data-module=\"govuk-button\" aria-controls=\"%.*s\" "
        "aria-label=\"Show password\" hidden>Show</button></div></div>\n",
        STR_ARG(id));
}

void part_textarea(struct buf *out, const struct part_textarea *t)
{
    Str id = part_id(t->id, t->name);
    bool counted = t->length_max > 0;
    if (counted)
        htmlf(out,
              "<div class=\"govuk-character-count\" data-module=\"govuk-character-count\" "
              "data-maxlength=\"%zu\">",
              t->length_max);
    part_question_begin(out, &(struct part_question){id, t->label, t->hint, t->error, t->caption, t->style});
    htmlf(out, "<textarea id=\"%.*s\" name=\"%.*s\" rows=\"%u\" class=\"govuk-textarea%s%s\"", STR_ARG(id),
          STR_ARG(t->name), t->rows > 0 ? t->rows : 5u, str_empty(t->error) ? "" : " govuk-textarea--error",
          counted ? " govuk-js-character-count" : "");
    part_described(out, id, t->hint, t->error, counted ? "info" : "");
    /* the first line end after the tag is not part of the value */
    htmlf(out, ">\n%.*s</textarea>\n", STR_ARG(t->value));
    part_question_end(out);
    if (counted)
        htmlf(out,
              "<div id=\"%.*s-info\" class=\"govuk-hint govuk-character-count__message\">You can enter up to "
              "%zu "
              "characters</div></div>\n",
              STR_ARG(id), t->length_max);
}

void part_file(struct buf *out, const struct part_file *f)
{
    Str id = part_id(f->id, f->name);
    part_question_begin(
        out, &(struct part_question){.id = id, .label = f->label, .hint = f->hint, .error = f->error});
    htmlf(out, "<input type=\"file\" id=\"%.*s\" name=\"%.*s\" class=\"govuk-file-upload%s\"", STR_ARG(id),
          STR_ARG(f->name), str_empty(f->error) ? "" : " govuk-file-upload--error");
    part_attribute(out, "accept", f->accept);
    part_described(out, id, f->hint, f->error, "");
    html(out, ">\n");
    part_question_end(out);
}

void part_search(struct buf *out, const struct part_search *s)
{
    Str id = part_id(s->id, s->name);
    part_form_begin(out, &(struct part_form){.action = s->action, .get = true});
    htmlf(out,
          "<div class=\"govuk-form-group app-search\" role=\"search\"><label class=\"govuk-label "
          "govuk-label--s\" "
          "for=\"%.*s\">%.*s</label>\n",
          STR_ARG(id), STR_ARG(s->label));
    part_hint_and_error(out, id, s->hint, S(""));
    htmlf(out,
          "<div class=\"app-search__row\"><input type=\"search\" class=\"govuk-input\" id=\"%.*s\" "
          "name=\"%.*s\"",
          STR_ARG(id), STR_ARG(s->name));
    part_attribute(out, "value", s->value);
    part_described(out, id, s->hint, S(""), "");
    html(out, " autocomplete=\"off\" spellcheck=\"false\"><button type=\"submit\" class=\"govuk-button\" "
              "data-module=\"govuk-button\">Search</button></div></div>\n");
    part_form_end(out);
}
