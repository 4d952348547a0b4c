/* What was typed into the inputs of a field, as a line of the feed would give it. */
#include "base/caldate.h"
#include "web/part_field_internal.h"

/* What reading one field needs. */
struct reading {
    struct arena *a;
    const struct field *row;
    const struct http_pairs *form;
    Str name;
    struct err *e;
};

struct part_field_columns part_field_columns(enum field_type type)
{
    static const struct part_field_column levels[] = {{"substance", "Substance", 20, false},
                                                      {"mg_per_l", "mg per litre", 5, true},
                                                      {"specimen", "Specimen", 10, false}};
    static const struct part_field_column dated[] = {{"name", "Course", 20, false},
                                                     {"passed", "Passed (2014-08-28)", 10, false},
                                                     {"expires", "Expires (2014-08-28)", 10, false}};
    if (type == FT_LEVELS) return (struct part_field_columns){levels, COUNT_OF(levels)};
    MUST(type == FT_DATED);
    return (struct part_field_columns){dated, COUNT_OF(dated)};
}

/* What stands in one input, trimmed; "" when there is nothing. */
static Str typed(const struct reading *r, const char *part)
{
    Str s = http_pair_of(r->form, part_field_part(r->a, r->name, part));
    return str_present(s) ? str_trim(s) : S("");
}

static enum status number_of(const struct reading *r, Str text, const char *what, Json **out)
{
    double v = 0;
    if (str_to_f64(text, &v) != OK)
        return ERR(r->e, E_INVALID, r->row->name,
                   "%s: \"%.*s\" is not a number. Write it in figures, such as 34", what, STR_ARG(text));
    *out = json_build_number(v);
    return OK;
}

/* ---- times ------------------------------------------------------------------------------------------ */

static bool two_digits(Str s, int *out)
{
    int64_t n = 0;
    if (s.len == 0 || s.len > 2 || str_to_i64(s, &n) != OK || n < 0) return false;
    *out = (int)n;
    return true;
}

static bool is_fraction(Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9') return false;
    return s.len <= 3;
}

/* "8:05", "08:05", "08:05:30" or "08:05:30.250", as browsers send it. */
static bool time_of_day(Str text, Str *out, struct arena *a)
{
    Str hour, minute, second = S("0");
    int h = 0, m = 0, s = 0;
    if (!str_next(&text, ':', &hour) || !str_next(&text, ':', &minute)) return false;
    if (!str_empty(text)) (void)str_next(&text, '.', &second);
    if (!two_digits(hour, &h) || !two_digits(minute, &m) || !two_digits(second, &s)) return false;
    if (h > 23 || m > 59 || s > 59 || !is_fraction(text)) return false;
    *out = str_format(a, "%02d:%02d:%02d%s%.*s", h, m, s, str_empty(text) ? "" : ".", STR_ARG(text));
    return true;
}

/* "2014-08-28T08:00:00Z", or the day alone; out STR_NONE when nothing was typed. */
static enum status moment_of(const struct reading *r, const char *date, const char *time, Str *out)
{
    Str day = typed(r, date), clock = typed(r, time), at;
    int64_t ms;
    bool day_only = false;
    *out = STR_NONE;
    if (str_empty(day) && str_empty(clock)) return OK;
    if (str_empty(day))
        return ERR(r->e, E_INVALID, r->row->name, "A time is given without its day. Fill in the day");
    if (caldate_parse(day, &ms, &day_only, NULL) != OK || !day_only)
        return ERR(r->e, E_INVALID, r->row->name,
                   "\"%.*s\" is not a day. Write year, month and day, such as 2014-08-28", STR_ARG(day));
    if (str_empty(clock)) {
        *out = day;
        return OK;
    }
    if (!time_of_day(clock, &at, r->a))
        return ERR(r->e, E_INVALID, r->row->name,
                   "\"%.*s\" is not a time of day. Write hours and minutes, such as 16:05", STR_ARG(clock));
    *out = str_format(r->a, "%.*sT%.*sZ", STR_ARG(day), STR_ARG(at));
    return OK;
}

static enum status read_time(const struct reading *r, Json **out)
{
    Str text;
    TRY(moment_of(r, "date", "time", &text));
    if (str_present(text)) *out = json_build_text(text);
    return OK;
}

static enum status read_span(const struct reading *r, Json **out)
{
    Str from, to;
    TRY(moment_of(r, "from-date", "from-time", &from));
    TRY(moment_of(r, "to-date", "to-time", &to));
    if (!str_present(from) && !str_present(to)) return OK;
    *out = json_build_object();
    if (str_present(from)) json_build_member(*out, S("from"), json_build_text(from));
    if (str_present(to)) json_build_member(*out, S("to"), json_build_text(to));
    return OK;
}

static enum status read_date(const struct reading *r, Json **out)
{
    Str day = typed(r, "day"), month = typed(r, "month"), year = typed(r, "year");
    int d = 0, m = 0;
    int64_t y = 0;
    if (str_empty(day) && str_empty(month) && str_empty(year)) return OK;
    if (str_empty(year)) return ERR(r->e, E_INVALID, r->row->name, "A date must have its year");
    if (str_to_i64(year, &y) != OK || year.len != 4)
        return ERR(r->e, E_INVALID, r->row->name, "\"%.*s\" is not a year. Write four figures, such as 1987",
                   STR_ARG(year));
    if (!str_empty(day) && str_empty(month))
        return ERR(r->e, E_INVALID, r->row->name, "A date with a day must have its month too");
    if ((!str_empty(month) && !two_digits(month, &m)) || (!str_empty(day) && !two_digits(day, &d)))
        return ERR(r->e, E_INVALID, r->row->name, "Write day and month in figures, such as 27 3 1987");
    Str text = str_empty(month) ? str_format(r->a, "%04d", (int)y)
               : str_empty(day) ? str_format(r->a, "%04d-%02d", (int)y, m)
                                : str_format(r->a, "%04d-%02d-%02d", (int)y, m, d);
    *out = json_build_text(text);
    return OK;
}

/* ---- places, lists ---------------------------------------------------------------------------------- */

static enum status read_place(const struct reading *r, Json **out)
{
    static const struct {
        const char *part, *member, *what;
    } part[] = {
        {"lat", "lat", "Latitude"}, {"lon", "lon", "Longitude"}, {"radius", "radius_m", "Give or take"}};
    Json *number[COUNT_OF(part)] = {NULL};
    enum status status = OK;
    if (str_empty(typed(r, "lat")) && str_empty(typed(r, "lon"))) {
        if (str_empty(typed(r, "radius"))) return OK;
        return ERR(r->e, E_INVALID, r->row->name, "A place needs its latitude and longitude");
    }
    if (str_empty(typed(r, "lat")) || str_empty(typed(r, "lon")))
        return ERR(r->e, E_INVALID, r->row->name, "A place needs both its latitude and its longitude");
    *out = json_build_object();
    for (size_t i = 0; i < COUNT_OF(part); i++) {
        Str text = typed(r, part[i].part);
        if (str_empty(text) || status != OK) continue;
        status = number_of(r, text, part[i].what, &number[i]);
        if (status == OK) json_build_member(*out, str_of(part[i].member), number[i]);
    }
    return status;
}

static void add_item(Json **list, Str text)
{
    if (*list == NULL) *list = json_build_list();
    json_build_item(*list, json_build_text(text));
}

static void read_lines(const struct reading *r, Json **out)
{
    Str text = typed(r, ""), line;
    while (str_next(&text, '\n', &line)) {
        line = str_trim(line);
        if (!str_empty(line)) add_item(out, line);
    }
}

static void read_ticked(const struct reading *r, Json **out)
{
    for (size_t i = 0; i < r->form->count; i++)
        if (str_eq(r->form->pair[i].name, r->name) && !str_empty(r->form->pair[i].value))
            add_item(out, r->form->pair[i].value);
}

static Str typed_row(const struct reading *r, const char *part, size_t row)
{
    Str name = part_field_part(r->a, r->name, part);
    for (size_t i = 0; i < r->form->count; i++)
        if (str_eq(r->form->pair[i].name, name) && row-- == 0) return str_trim(r->form->pair[i].value);
    return STR_NONE;
}

/* One row of a list of objects; an empty one adds nothing. */
static enum status read_row(const struct reading *r, size_t row, Json **out)
{
    struct part_field_columns columns = part_field_columns(r->row->type);
    bool any = false;
    for (size_t c = 0; c < columns.count; c++)
        any = any || !str_empty(typed_row(r, columns.column[c].part, row));
    if (!any) return OK;
    if (*out == NULL) *out = json_build_list();
    Json *object = json_build_object();
    json_build_item(*out, object);
    for (size_t c = 0; c < columns.count; c++) {
        Str text = typed_row(r, columns.column[c].part, row);
        Json *value = NULL;
        if (str_empty(text)) continue;
        if (columns.column[c].number)
            TRY(number_of(r, text, columns.column[c].label, &value));
        else
            value = json_build_text(text);
        json_build_member(object, str_of(columns.column[c].part), value);
    }
    if (json_get(object, columns.column[0].part) == NULL)
        return ERR(r->e, E_INVALID, r->row->name, "Line %zu: fill in \"%s\", or leave the whole line empty",
                   row + 1, columns.column[0].label);
    return OK;
}

static enum status read_rows(const struct reading *r, Json **out)
{
    const char *first = part_field_columns(r->row->type).column[0].part;
    for (size_t row = 0; str_present(typed_row(r, first, row)); row++)
        TRY(read_row(r, row, out));
    return OK;
}

/* ---- by type ---------------------------------------------------------------------------------------- */

static enum status read_text(const struct reading *r, Json **out)
{
    Str text = typed(r, "");
    if (!str_empty(text)) *out = json_build_text(text);
    return OK;
}

static enum status read_value(const struct reading *r, Json **out)
{
    switch (r->row->type) {
    case FT_NUMBER:
        return str_empty(typed(r, "")) ? OK : number_of(r, typed(r, ""), r->row->label, out);
    case FT_TIME:
        return read_time(r, out);
    case FT_SPAN:
        return read_span(r, out);
    case FT_DATE:
        return read_date(r, out);
    case FT_PLACE:
        return read_place(r, out);
    case FT_CODES:
        if (r->row->values[0] == '@' || r->row->values[0] == '\0')
            read_lines(r, out);
        else
            read_ticked(r, out);
        return OK;
    case FT_TEXTS:
    case FT_NAMES:
    case FT_REFS:
    case FT_ADDRESSES:
        read_lines(r, out);
        return OK;
    case FT_LEVELS:
    case FT_DATED:
        return read_rows(r, out);
    case FT_TEXT:
    case FT_NARRATIVE:
    case FT_NAME:
    case FT_ADDRESS:
    case FT_IDENTIFIER:
    case FT_POSTCODE:
    case FT_CODE:
    case FT_YESNO:
    case FT_REF:
        break;
    }
    return read_text(r, out);
}

enum status part_field_read(struct arena *a, const struct kind *kind, int field, Str prefix,
                            const struct http_pairs *form, bool clears, Json *set, struct err *e)
{
    const struct field *row = &kind->field[field];
    struct reading r = {
        .a = a, .row = row, .form = form, .name = part_field_name(a, kind, field, prefix), .e = e};
    Json *value = NULL;
    if (!part_field_marked(form, r.name)) return OK;
    enum status status = read_value(&r, &value);
    if (value == NULL && status == OK && clears) value = json_build_null();
    if (value != NULL && status == OK) {
        json_build_member(set, str_of(row->name), value);
    } else if (value != NULL) {
        struct json_doc unused CLEANUP_JSON = {value};
    }
    return status;
}
