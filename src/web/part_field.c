/* Drawing the inputs of a field: what is there already, or what was typed. */
#include "web/part_field.h"

#include "app/words.h"
#include "base/caldate.h"
#include "web/part_field_internal.h"
#include "web/parts_internal.h"

#include <stddef.h>

#define RADIOS_MAX  8
#define TEXT_BYTES  ((size_t)1 << 20)
#define EMPTY_ROWS  2
#define CHOICES_MAX ((size_t)400)

/* What drawing one field needs. */
struct drawing {
    struct buf *out;
    struct arena *a;
    const struct part_field *f;
    const struct field *row;
    const void *member; /* of the kind's struct; NULL: absent */
    bool retyped;       /* what was typed counts, not the member */
    Str name, label, hint;
};

Str part_field_name(struct arena *a, const struct kind *kind, int field, Str prefix)
{
    return str_format(a, "%.*s%s", STR_ARG(prefix), kind->field[field].name);
}

Str part_field_part(struct arena *a, Str name, const char *part)
{
    return part[0] == '\0' ? name : str_format(a, "%.*s-%s", STR_ARG(name), part);
}

Str part_field_id(struct arena *a, const struct kind *kind, int field, Str prefix)
{
    static const char *const first[] = {
        [FT_TIME] = "date", [FT_SPAN] = "from-date",   [FT_DATE] = "day",
        [FT_PLACE] = "lat", [FT_LEVELS] = "substance", [FT_DATED] = "name",
    };
    enum field_type type = kind->field[field].type;
    const char *part = (size_t)type < COUNT_OF(first) && first[type] != NULL ? first[type] : "";
    return part_field_part(a, part_field_name(a, kind, field, prefix), part);
}

bool part_field_marked(const struct http_pairs *form, Str name)
{
    for (size_t i = 0; form && i < form->count; i++)
        if (str_eq(form->pair[i].name, S(PART_FIELD_MARK)) && str_eq(form->pair[i].value, name)) return true;
    return false;
}

/* ---- what stands in an input ------------------------------------------------------------------------ */

/* What was typed into one input, else its own text. */
static Str shown(const struct drawing *d, const char *part, Str own)
{
    if (!d->retyped) return own;
    Str typed = http_pair_of(d->f->typed, part_field_part(d->a, d->name, part));
    return str_present(typed) ? typed : S("");
}

/* Is this code ticked? */
static bool is_chosen(const struct drawing *d, Str code)
{
    if (d->retyped) {
        for (size_t i = 0; i < d->f->typed->count; i++)
            if (str_eq(d->f->typed->pair[i].name, d->name) && str_eq(d->f->typed->pair[i].value, code))
                return true;
        return false;
    }
    if (d->member == NULL) return false;
    if (d->row->type != FT_CODES) return str_eq(*(const Str *)d->member, code);
    const struct str_list *list = d->member;
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->item[i], code)) return true;
    return false;
}

static Str day_text(struct arena *a, const struct moment *m)
{
    char text[32];
    if (m == NULL || m->precision == PRECISION_NONE) return S("");
    caldate_format_day(m->ms, text);
    return str_copy(a, str_of(text));
}

/* "08:00", with seconds and their parts only where there are any, so that nothing is lost when it is sent
 * back. */
static Str time_text(struct arena *a, const struct moment *m)
{
    if (m == NULL || m->precision != PRECISION_TIME) return S("");
    int of_day_ms = (int)(m->ms - caldate_midnight(m->ms));
    int s = of_day_ms / 1000 % 60, h = of_day_ms / 3600000, min = of_day_ms / 60000 % 60;
    if (of_day_ms % 1000 > 0) return str_format(a, "%02d:%02d:%02d.%03d", h, min, s, of_day_ms % 1000);
    if (s > 0) return str_format(a, "%02d:%02d:%02d", h, min, s);
    return str_format(a, "%02d:%02d", h, min);
}

static Str number_text(struct arena *a, double v)
{
    struct buf text CLEANUP_BUF;
    buf_init(&text, 64);
    if (number_present(v)) json_add_number(&text, v);
    return str_copy(a, buf_str(&text));
}

/* ---- one input -------------------------------------------------------------------------------------- */

static void draw_line(const struct drawing *d, Str own, unsigned width, Str inputmode)
{
    part_input(d->out, &(struct part_input){
                           .name = d->name,
                           .label = d->label,
                           .hint = d->hint,
                           .error = d->f->error,
                           .caption = d->f->caption,
                           .style = d->f->style,
                           .value = shown(d, "", own),
                           .width = width,
                           .inputmode = inputmode,
                           .suffix = str_of(d->row->unit),
                           .spellcheck = d->row->type == FT_TEXT,
                       });
}

static void draw_area(const struct drawing *d, Str own, unsigned rows)
{
    part_textarea(d->out, &(struct part_textarea){.name = d->name,
                                                  .label = d->label,
                                                  .hint = d->hint,
                                                  .error = d->f->error,
                                                  .caption = d->f->caption,
                                                  .style = d->f->style,
                                                  .value = shown(d, "", own),
                                                  .rows = rows});
}

static Str with_hint(const struct drawing *d, Str more)
{
    if (str_empty(d->hint)) return more;
    bool closed = d->hint.ptr[d->hint.len - 1] == '.' || d->hint.ptr[d->hint.len - 1] == '?';
    return str_format(d->a, "%.*s%s %.*s", STR_ARG(d->hint), closed ? "" : ".", STR_ARG(more));
}

/* One item a line. */
static void draw_lines(struct drawing *d, const struct str_list *list, Str each)
{
    struct buf text CLEANUP_BUF;
    buf_init(&text, TEXT_BYTES);
    for (size_t i = 0; list && i < list->count; i++) {
        if (i > 0) buf_add_char(&text, '\n');
        buf_add(&text, each.len > 0 ? words_code(d->a, d->f->policy, d->f->kind, d->f->field, list->item[i])
                                    : list->item[i]);
    }
    d->hint = with_hint(d, S("Write each on its own line."));
    draw_area(d, buf_str(&text), (unsigned)((list ? list->count : 0) + EMPTY_ROWS));
}

/* ---- choices ---------------------------------------------------------------------------------------- */

static Str capital(struct arena *a, Str words)
{
    char *text = str_cstr(a, words);
    if (words.len > 0 && text[0] >= 'a' && text[0] <= 'z') text[0] = (char)(text[0] - 'a' + 'A');
    return (Str){text, words.len};
}

static size_t choices_of(const struct drawing *d, Str values, struct part_choice *choice, size_t room)
{
    size_t count = 0;
    Str code;
    while (count < room && str_next(&values, ' ', &code)) {
        if (str_empty(code)) continue;
        Str words = words_code(d->a, d->f->policy, d->f->kind, d->f->field, code);
        choice[count++] =
            (struct part_choice){.value = code, .label = capital(d->a, words), .chosen = is_chosen(d, code)};
    }
    return count;
}

static void draw_choices(const struct drawing *d, Str values, bool in_line)
{
    struct part_choice *choice = NEW_ARRAY(d->a, struct part_choice, CHOICES_MAX + 1);
    bool many = d->row->type == FT_CODES;
    size_t count = choices_of(d, values, choice, CHOICES_MAX);
    /* a radio once chosen cannot be let go of by itself */
    if (!many && count <= RADIOS_MAX && d->member != NULL)
        choice[count++] =
            (struct part_choice){.label = S("Not recorded"), .chosen = d->retyped && is_chosen(d, S(""))};
    struct part_choices c = {.name = d->name,
                             .legend = d->label,
                             .hint = many ? with_hint(d, S("Choose all that apply.")) : d->hint,
                             .error = d->f->error,
                             .caption = d->f->caption,
                             .style = d->f->style,
                             .choice = choice,
                             .count = count,
                             .in_line = in_line};
    if (many)
        part_checkboxes(d->out, &c);
    else if (count <= RADIOS_MAX + 1 && (count <= RADIOS_MAX || d->member != NULL))
        part_radios(d->out, &c);
    else
        part_select(d->out, &c);
}

/* Words of a vocabulary are typed, with what it knows offered by the browser. */
static void draw_vocabulary(struct drawing *d, const struct vocabulary *v)
{
    d->hint = with_hint(d, S("Any name it is known by will do."));
    draw_lines(d, d->member, S("words"));
    if (v == NULL) return;
    html(d->out, "<div class=\"app-known\">");
    part_details_begin(d->out, S("Names that are known"));
    html(d->out, "<p class=\"govuk-body\">");
    for (size_t i = 0; i < vocabulary_count(v); i++)
        htmlf(d->out, "%s%.*s", i > 0 ? ", " : "", STR_ARG(vocabulary_label(v, vocabulary_code(v, i))));
    html(d->out, "</p>");
    part_details_end(d->out);
    html(d->out, "</div>\n");
}

static void draw_codes(struct drawing *d)
{
    const char *values = d->row->values;
    bool many = d->row->type == FT_CODES;
    if (values[0] == '@')
        draw_vocabulary(d, d->f->policy->substances);
    else if (values[0] != '\0')
        draw_choices(d, str_of(values), false);
    else if (many)
        draw_lines(d, d->member, S(""));
    else
        draw_line(d, d->member ? *(const Str *)d->member : S(""), 20, S(""));
}

/* ---- several inputs as one -------------------------------------------------------------------------- */

static void open_set(const struct drawing *d, Str hint)
{
    part_fieldset_begin(d->out, &(struct part_fieldset){.id = d->name,
                                                        .legend = d->label,
                                                        .hint = hint,
                                                        .error = d->f->error,
                                                        .caption = d->f->caption,
                                                        .style = d->f->style});
}

struct piece {
    const char *part;
    const char *label, *type, *inputmode, *suffix;
    unsigned width;
};

static void draw_piece(const struct drawing *d, const struct piece *p, Str own)
{
    Str id = part_field_part(d->a, d->name, p->part);
    htmlf(d->out, "<div class=\"govuk-form-group\"><label class=\"govuk-label\" for=\"%.*s\">%s</label>",
          STR_ARG(id), p->label);
    if (p->suffix[0] != '\0') html(d->out, "<div class=\"govuk-input__wrapper\">");
    htmlf(d->out,
          "<input id=\"%.*s\" name=\"%.*s\" type=\"%s\" class=\"govuk-input govuk-input--width-%u%s\"",
          STR_ARG(id), STR_ARG(id), p->type, p->width, str_empty(d->f->error) ? "" : " govuk-input--error");
    part_attribute(d->out, "value", shown(d, p->part, own));
    if (p->inputmode[0] != '\0') htmlf(d->out, " inputmode=\"%s\"", p->inputmode);
    html(d->out, " autocomplete=\"off\">");
    if (p->suffix[0] != '\0')
        htmlf(d->out, "<div class=\"govuk-input__suffix\" aria-hidden=\"true\">%s</div></div>", p->suffix);
    html(d->out, "</div>\n");
}

static void draw_moment(const struct drawing *d, const char *date, const char *time, const struct moment *m)
{
    html(d->out, "<div class=\"app-when\">\n");
    draw_piece(d, &(struct piece){date, "Day", "date", "", "", 10}, day_text(d->a, m));
    draw_piece(d, &(struct piece){time, "Time", "time", "", "", 5}, time_text(d->a, m));
    html(d->out, "</div>\n");
}

static void draw_time(const struct drawing *d)
{
    open_set(d, with_hint(d, S("Leave the time empty when only the day is known.")));
    draw_moment(d, "date", "time", d->member);
    part_fieldset_end(d->out);
}

/* Two moments, each a group of its own within the question. */
static void draw_span(const struct drawing *d)
{
    const struct span *s = d->member;
    static const struct {
        const char *date, *time, *legend;
    } end[] = {{"from-date", "from-time", "Earliest"}, {"to-date", "to-time", "Latest"}};
    open_set(d, with_hint(d, S("Where you know it exactly, fill in the earliest alone.")));
    for (size_t i = 0; i < COUNT_OF(end); i++) {
        htmlf(d->out, "<fieldset class=\"govuk-fieldset\"><legend class=\"app-when__part\">%s</legend>\n",
              end[i].legend);
        draw_moment(d, end[i].date, end[i].time, s == NULL ? NULL : i == 0 ? &s->from : &s->to);
        html(d->out, "</fieldset>\n");
    }
    part_fieldset_end(d->out);
}

static Str whole_text(struct arena *a, int n)
{
    return n > 0 ? str_format(a, "%d", n) : S("");
}

static void draw_date(const struct drawing *d)
{
    const struct date none = {0}, *date = d->member ? d->member : &none;
    open_set(d, with_hint(d, S("For example, 27 3 1987. The year alone will do.")));
    html(d->out, "<div class=\"app-when\">\n");
    draw_piece(d, &(struct piece){"day", "Day", "text", "numeric", "", 2}, whole_text(d->a, date->day));
    draw_piece(d, &(struct piece){"month", "Month", "text", "numeric", "", 2}, whole_text(d->a, date->month));
    draw_piece(d, &(struct piece){"year", "Year", "text", "numeric", "", 4}, whole_text(d->a, date->year));
    html(d->out, "</div>\n");
    part_fieldset_end(d->out);
}

static void draw_place(const struct drawing *d)
{
    const struct place *p = d->member;
    bool any = p != NULL && p->present;
    open_set(d, d->hint);
    htmlf(d->out,
          "<p><button type=\"button\" class=\"govuk-button govuk-button--secondary\" data-locate=\"%.*s\" "
          "hidden>Use "
          "where I am</button> <span id=\"%.*s-located\" role=\"status\"></span></p>\n",
          STR_ARG(d->name), STR_ARG(d->name));
    html(d->out, "<div class=\"app-when\">\n");
    draw_piece(d, &(struct piece){"lat", "Latitude", "text", "decimal", "", 10},
               any ? number_text(d->a, p->lat) : S(""));
    draw_piece(d, &(struct piece){"lon", "Longitude", "text", "text", "", 10},
               any ? number_text(d->a, p->lon) : S(""));
    draw_piece(d, &(struct piece){"radius", "Give or take", "text", "decimal", "m", 5},
               any && p->radius_m > 0 ? number_text(d->a, p->radius_m) : S(""));
    html(d->out, "</div>\n");
    part_fieldset_end(d->out);
}

/* ---- rows of several columns ------------------------------------------------------------------------ */

static Str typed_number(const struct drawing *d, Str name, size_t i)
{
    for (size_t n = 0; n < d->f->typed->count; n++)
        if (str_eq(d->f->typed->pair[n].name, name) && i-- == 0) return d->f->typed->pair[n].value;
    return STR_NONE;
}

static Str member_text(struct arena *a, const Json *object, const char *name)
{
    const Json *v = json_get(object, name);
    if (json_type(v) == JSON_NUMBER) return number_text(a, json_number(v));
    Str s = json_str(v);
    return str_present(s) ? str_copy(a, s) : S("");
}

static void draw_row_cell(const struct drawing *d, const struct part_field_column *c, size_t row,
                          const Json *object)
{
    Str name = part_field_part(d->a, d->name, c->part);
    Str value = d->retyped ? typed_number(d, name, row) : member_text(d->a, object, c->part);
    html(d->out, "<div class=\"govuk-form-group\">");
    htmlf(d->out, "<label class=\"govuk-label\" for=\"%.*s", STR_ARG(name));
    if (row > 0) htmlf(d->out, "-%zu", row + 1);
    htmlf(d->out, "\">%s</label><input type=\"text\" name=\"%.*s\" id=\"%.*s", c->label, STR_ARG(name),
          STR_ARG(name));
    if (row > 0) htmlf(d->out, "-%zu", row + 1);
    htmlf(d->out, "\" class=\"govuk-input govuk-input--width-%u\"", c->width);
    part_attribute(d->out, "value", value);
    html(d->out, " autocomplete=\"off\" spellcheck=\"false\"></div>\n");
}

static void draw_rows(const struct drawing *d)
{
    const struct str_list *list = d->member;
    struct part_field_columns columns = part_field_columns(d->row->type);
    size_t rows = (list ? list->count : 0) + EMPTY_ROWS;
    if (d->retyped) {
        Str first = part_field_part(d->a, d->name, columns.column[0].part);
        for (rows = 0; str_present(typed_number(d, first, rows));)
            rows++;
    }
    open_set(d, d->hint);
    for (size_t row = 0; row < rows; row++) {
        struct json_doc doc CLEANUP_JSON = {0};
        if (!d->retyped && list && row < list->count && json_parse(list->item[row], &doc, NULL) != OK)
            continue;
        htmlf(d->out,
              "<fieldset class=\"govuk-fieldset\"><legend class=\"govuk-visually-hidden\">%zu.</legend><div "
              "class=\"app-when\">\n",
              row + 1);
        for (size_t c = 0; c < columns.count; c++)
            draw_row_cell(d, &columns.column[c], row, doc.root);
        html(d->out, "</div></fieldset>\n");
    }
    part_fieldset_end(d->out);
}

/* ---- by type ---------------------------------------------------------------------------------------- */

static Str member_str(const struct drawing *d)
{
    return d->member ? *(const Str *)d->member : S("");
}

static Str member_keyed(const struct drawing *d)
{
    return d->member ? ((const struct keyed *)d->member)->text : S("");
}

static void draw_addresses(struct drawing *d)
{
    const struct keyed_list *given = d->member;
    struct str_list list = {0};
    if (given) {
        list = (struct str_list){NEW_ARRAY(d->a, Str, given->count), given->count};
        for (size_t i = 0; i < given->count; i++)
            list.item[i] = given->item[i].text;
    }
    draw_lines(d, &list, S(""));
}

static void draw_by_type(struct drawing *d)
{
    switch (d->row->type) {
    case FT_TEXT:
    case FT_NAME:
    case FT_REF:
        draw_line(d, member_str(d), 0, S(""));
        break;
    case FT_ADDRESS:
    case FT_IDENTIFIER:
        draw_line(d, member_keyed(d), 0, S(""));
        break;
    case FT_POSTCODE:
        draw_line(d, member_str(d), 10, S(""));
        break;
    case FT_NARRATIVE:
        draw_area(d, member_str(d), 8);
        break;
    case FT_NUMBER:
        draw_line(d, d->member ? number_text(d->a, *(const double *)d->member) : S(""), 5, S("decimal"));
        break;
    case FT_YESNO:
        draw_choices(d, S("yes no unknown"), true);
        break;
    case FT_CODE:
    case FT_CODES:
        draw_codes(d);
        break;
    case FT_TIME:
        draw_time(d);
        break;
    case FT_SPAN:
        draw_span(d);
        break;
    case FT_DATE:
        draw_date(d);
        break;
    case FT_PLACE:
        draw_place(d);
        break;
    case FT_TEXTS:
    case FT_NAMES:
    case FT_REFS:
        draw_lines(d, d->member, S(""));
        break;
    case FT_ADDRESSES:
        draw_addresses(d);
        break;
    case FT_LEVELS:
    case FT_DATED:
        draw_rows(d);
        break;
    }
}

void part_field(struct buf *out, struct arena *a, const struct part_field *f)
{
    const struct field *row = &f->kind->field[f->field];
    struct drawing d = {.out = out, .a = a, .f = f, .row = row};
    d.name = part_field_name(a, f->kind, f->field, f->prefix);
    d.label = str_empty(f->label) ? str_of(row->label) : f->label;
    d.hint = capital(a, f->hint.ptr == NULL ? str_of(row->hint) : f->hint);
    d.retyped = part_field_marked(f->typed, d.name);
    if (str_present(f->value) && !str_eq(f->value, S("null"))) {
        char *data = arena_alloc(a, 1, f->kind->size, _Alignof(max_align_t));
        if (field_decode(a, row, f->value, STR_NONE, data, NULL) == OK) d.member = data + row->offset;
    }
    part_hidden(out, S(PART_FIELD_MARK), d.name);
    draw_by_type(&d);
}
