/* Given values with a shape: numbers, times, places, levels, courses. */
#include "model/accept.h"

#include "model/canon.h"
#include "model/when.h"

#define RADIUS_M_MAX   200000.0
#define MG_PER_L_MAX   1000000.0
#define SPECIMEN_BYTES 200

static enum status pass_on(const struct accept *c, const struct err *why)
{
    return ERR(c->e, why->status, c->field, "%s", why->text);
}

enum status accept_number(const struct accept *c, const Json *v, double min, double max, const char *unit,
                          double *out)
{
    double n = json_number(v);

    if (json_type(v) != JSON_NUMBER)
        return ERR(c->e, E_INVALID, c->field, "%s was given; write a number, without quotes",
                   json_type_name(v));
    if (!isfinite(n) || n < min || n > max)
        return ERR(c->e, E_INVALID, c->field, "%g is out of range; accepted: %g to %g%s%s", n, min, max,
                   unit[0] ? " " : "", unit);
    *out = n == 0 ? 0 : n; /* no negative zero */
    return OK;
}

/* Refuses members that are not in `names`; the value must be an object. */
static enum status check_members(const struct accept *c, const Json *v, const char *names)
{
    if (json_type(v) != JSON_OBJECT)
        return ERR(c->e, E_INVALID, c->field, "%s was given; write an object with %s", json_type_name(v),
                   names);
    for (const void *it = json_first(v); it; it = json_next(v, it)) {
        Str key = json_key(it);
        if (!field_value_listed(names, key))
            return ERR(c->e, E_INVALID, c->field, "\"%.*s\" is unknown here; accepted: %s", accept_shown(key),
                       key.ptr, names);
    }
    return OK;
}

static bool given(const Json *object, const char *name)
{
    return json_type(json_get(object, name)) != JSON_NULL;
}

static enum status take_moment(const struct accept *c, const Json *v, struct moment *out)
{
    struct err why = {0};

    if (json_type(v) != JSON_STRING)
        return ERR(c->e, E_INVALID, c->field,
                   "%s was given; write a time in quotes, \"2014-08-28T08:00:00Z\" or \"2014-08-28\"",
                   json_type_name(v));
    if (moment_parse(str_trim(json_str(v)), out, &why) != OK) return pass_on(c, &why);
    return OK;
}

static enum status take_date(const struct accept *c, const Json *v, struct date *out, Str *text)
{
    struct err why = {0};

    if (json_type(v) != JSON_STRING)
        return ERR(c->e, E_INVALID, c->field,
                   "%s was given; write a date in quotes, \"1990\" or \"1990-05-17\"", json_type_name(v));
    *text = str_trim(json_str(v));
    if (date_parse(*text, out, &why) != OK) return pass_on(c, &why);
    return OK;
}

enum status accept_time(const struct accept *c, const Json *v, Str *json)
{
    struct moment m = {0};
    char text[32];

    TRY(take_moment(c, v, &m));
    moment_format(&m, text);
    *json = canon_quote(c->a, str_of(text));
    return OK;
}

enum status accept_span(const struct accept *c, const Json *v, Str *json)
{
    struct span s = {0};
    char from[32], to[32];
    int64_t begin, until;

    if (json_type(v) == JSON_STRING) {
        TRY(take_moment(c, v, &s.from));
        s.to = s.from;
    } else {
        TRY(check_members(c, v, "from to"));
        if (given(v, "from")) TRY(take_moment(c, json_get(v, "from"), &s.from));
        if (given(v, "to")) TRY(take_moment(c, json_get(v, "to"), &s.to));
    }
    if (!span_interval(&s, &begin, &until))
        return ERR(c->e, E_INVALID, c->field,
                   "neither \"from\" nor \"to\" is given; write at least one of them");
    if (begin >= until)
        return ERR(c->e, E_INVALID, c->field,
                   "\"from\" is later than \"to\"; write the earliest and the latest time");
    if (s.from.precision) moment_format(&s.from, from);
    if (s.to.precision) moment_format(&s.to, to);
    if (!s.to.precision) {
        *json = str_format(c->a, "{\"from\":\"%s\"}", from);
    } else if (!s.from.precision) {
        *json = str_format(c->a, "{\"to\":\"%s\"}", to);
    } else {
        *json = str_format(c->a, "{\"from\":\"%s\",\"to\":\"%s\"}", from, to);
    }
    return OK;
}

enum status accept_date(const struct accept *c, const Json *v, Str *json)
{
    struct date d = {0};
    Str text = STR_NONE;

    TRY(take_date(c, v, &d, &text));
    *json = canon_quote(c->a, text);
    return OK;
}

enum status accept_place(const struct accept *c, const Json *v, Str *json)
{
    struct buf b CLEANUP_BUF = {0};
    double lat = 0, lon = 0, radius_m = 0;

    TRY(check_members(c, v, "lat lon radius_m"));
    if (!given(v, "lat") || !given(v, "lon"))
        return ERR(c->e, E_INVALID, c->field,
                   "a place needs \"lat\" and \"lon\" (WGS 84), and may have \"radius_m\"");
    TRY(accept_number(c, json_get(v, "lat"), -90, 90, "degrees of latitude", &lat));
    TRY(accept_number(c, json_get(v, "lon"), -180, 180, "degrees of longitude", &lon));
    if (given(v, "radius_m"))
        TRY(accept_number(c, json_get(v, "radius_m"), 0, RADIUS_M_MAX, "metres", &radius_m));
    buf_init(&b, 256);
    buf_add_cstr(&b, "{\"lat\":");
    json_add_number(&b, lat);
    buf_add_cstr(&b, ",\"lon\":");
    json_add_number(&b, lon);
    if (radius_m > 0) {
        buf_add_cstr(&b, ",\"radius_m\":");
        json_add_number(&b, radius_m);
    }
    buf_add_char(&b, '}');
    *json = canon_from_buf(c->a, &b);
    return OK;
}

enum status accept_level(const struct accept *c, const Json *v, Str *json)
{
    struct buf b CLEANUP_BUF = {0};
    Str substance = STR_NONE, specimen = STR_NONE;
    struct json_writer w;
    double mg_per_l = 0;

    TRY(check_members(c, v, "substance mg_per_l specimen"));
    if (!given(v, "substance")) return ERR(c->e, E_INVALID, c->field, "a level needs its \"substance\"");
    TRY(accept_substance(c, json_get(v, "substance"), &substance));
    if (given(v, "mg_per_l"))
        TRY(accept_number(c, json_get(v, "mg_per_l"), 0, MG_PER_L_MAX, "mg/L", &mg_per_l));
    if (given(v, "specimen")) TRY(accept_text(c, json_get(v, "specimen"), SPECIMEN_BYTES, true, &specimen));
    buf_init(&b, 4096);
    w = json_writer(&b, false);
    json_open(&w, '{');
    if (given(v, "mg_per_l")) json_kv_f64(&w, S("mg_per_l"), mg_per_l);
    if (str_present(specimen)) json_kv_str(&w, S("specimen"), specimen);
    json_kv_str(&w, S("substance"), substance);
    json_close(&w, '}');
    *json = canon_from_buf(c->a, &b);
    return OK;
}

/* Is `a` certainly before `b`, as far as both are known? */
static bool date_before(const struct date *a, const struct date *b)
{
    if (a->year != b->year) return a->year < b->year;
    if (!a->month || !b->month || a->month != b->month) return a->month && b->month && a->month < b->month;
    return a->day && b->day && a->day < b->day;
}

enum status accept_dated(const struct accept *c, const Json *v, Str *json)
{
    struct buf b CLEANUP_BUF = {0};
    struct date passed = {0}, expires = {0};
    Str name = STR_NONE, passed_text = STR_NONE, expires_text = STR_NONE;
    struct json_writer w;

    TRY(check_members(c, v, "name passed expires"));
    if (!given(v, "name")) return ERR(c->e, E_INVALID, c->field, "a course needs its \"name\"");
    TRY(accept_text(c, json_get(v, "name"), ACCEPT_TEXT_BYTES_MAX, true, &name));
    if (given(v, "passed")) TRY(take_date(c, json_get(v, "passed"), &passed, &passed_text));
    if (given(v, "expires")) TRY(take_date(c, json_get(v, "expires"), &expires, &expires_text));
    if (passed.year && expires.year && date_before(&expires, &passed))
        return ERR(c->e, E_INVALID, c->field, "\"%.*s\" expires before it was passed", accept_shown(name),
                   name.ptr);
    buf_init(&b, (size_t)1 << 16);
    w = json_writer(&b, false);
    json_open(&w, '{');
    if (expires.year) json_kv_str(&w, S("expires"), expires_text);
    json_kv_str(&w, S("name"), name);
    if (passed.year) json_kv_str(&w, S("passed"), passed_text);
    json_close(&w, '}');
    *json = canon_from_buf(c->a, &b);
    return OK;
}
