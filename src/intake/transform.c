/* The transforms of a mapping, one row each. To add one: a function and a row of `transforms`. */
#include "base/caldate.h"
#include "intake/plan.h"
#include "model/suggest.h"

#define SHOWN_MAX 60 /* bytes of a bad text repeated in a message */
#define SHOWN(s)  STR_ARG(utf8_cut((s), SHOWN_MAX))

Str name_hint(struct arena *a, Str word, const Str *names, size_t count)
{
    struct suggest s = suggest_for(word);
    for (size_t i = 0; i < count; i++)
        suggest_try(&s, names[i]);
    Str best = suggest_best(&s);
    if (str_present(best)) return str_format(a, "; did you mean %.*s?", STR_ARG(best));
    if (count == 0) return S("; there is none");
    size_t shown = count < 12 ? count : 12;
    struct str_list list = {NEW_ARRAY(a, Str, shown), shown};
    for (size_t i = 0; i < shown; i++)
        list.item[i] = names[i];
    return str_format(a, "; there is %.*s%s", STR_ARG(str_join(a, &list, S(", "))),
                      shown < count ? " ..." : "");
}

/* ---- texts in, texts out ---- */

/* Keeps the texts for which `put` leaves something. */
typedef enum status (*text_change)(const struct run *run, const struct step *s, Str in, Str *out,
                                   struct err *e);
static enum status each_text(const struct run *run, const struct step *s, struct map_value *v,
                             text_change put, struct err *e)
{
    struct str_list kept = {NEW_ARRAY(run->arena, Str, v->texts.count), 0};
    for (size_t i = 0; i < v->texts.count; i++) {
        Str out = STR_NONE;
        TRY(put(run, s, v->texts.item[i], &out, e));
        out = str_trim(out);
        if (!str_empty(out)) kept.item[kept.count++] = out;
    }
    v->texts = kept;
    if (kept.count == 0) v->kind = VALUE_ABSENT;
    return OK;
}

static enum status put_lower(const struct run *run, const struct step *s, Str in, Str *out, struct err *e)
{
    (void)s, (void)e;
    *out = str_lower(run->arena, in);
    return OK;
}

static enum status apply_lower(const struct run *run, const struct step *s, struct map_value *v,
                               struct err *e)
{
    return each_text(run, s, v, put_lower, e);
}

static enum status put_unless_blank(const struct run *run, const struct step *s, Str in, Str *out,
                                    struct err *e)
{
    (void)e;
    Str low = str_lower(run->arena, in);
    for (size_t i = 0; i < s->args; i++) {
        if (glob_matches(s->arg[i], low)) return OK;
    }
    *out = in;
    return OK;
}

static enum status apply_blank(const struct run *run, const struct step *s, struct map_value *v,
                               struct err *e)
{
    return each_text(run, s, v, put_unless_blank, e);
}

static enum status put_if_like(const struct run *run, const struct step *s, Str in, Str *out, struct err *e)
{
    (void)e;
    Str low = str_lower(run->arena, in);
    for (size_t i = 0; i < s->args; i++) {
        if (glob_matches(s->arg[i], low)) {
            *out = in;
            return OK;
        }
    }
    return OK;
}

static enum status apply_only(const struct run *run, const struct step *s, struct map_value *v, struct err *e)
{
    return each_text(run, s, v, put_if_like, e);
}

static enum status put_before(const struct run *run, const struct step *s, Str in, Str *out, struct err *e)
{
    (void)run, (void)e;
    size_t at = str_find(in, s->arg[0]);
    *out = at == STR_NPOS ? in : str_slice(in, 0, at);
    return OK;
}

static enum status apply_before(const struct run *run, const struct step *s, struct map_value *v,
                                struct err *e)
{
    return each_text(run, s, v, put_before, e);
}

static enum status put_after(const struct run *run, const struct step *s, Str in, Str *out, struct err *e)
{
    (void)run, (void)e;
    size_t at = str_find(in, s->arg[0]);
    *out = at == STR_NPOS ? in : str_slice(in, at + s->arg[0].len, in.len);
    return OK;
}

static enum status apply_after(const struct run *run, const struct step *s, struct map_value *v,
                               struct err *e)
{
    return each_text(run, s, v, put_after, e);
}

static enum status put_replaced(const struct run *run, const struct step *s, Str in, Str *out, struct err *e)
{
    (void)e;
    size_t times = 0;
    for (Str rest = in;;) {
        size_t at = str_find(rest, s->arg[0]);
        if (at == STR_NPOS) break;
        times++;
        rest = str_slice(rest, at + s->arg[0].len, rest.len);
    }
    if (times == 0) {
        *out = in;
        return OK;
    }
    struct str_list part = {NEW_ARRAY(run->arena, Str, times + 1), 0};
    Str rest = in;
    while (part.count < times) {
        size_t at = str_find(rest, s->arg[0]);
        part.item[part.count++] = str_slice(rest, 0, at);
        rest = str_slice(rest, at + s->arg[0].len, rest.len);
    }
    part.item[part.count++] = rest;
    *out = str_join(run->arena, &part, s->arg[1]);
    return OK;
}

static enum status apply_replace(const struct run *run, const struct step *s, struct map_value *v,
                                 struct err *e)
{
    return each_text(run, s, v, put_replaced, e);
}

static enum status compile_not_empty(struct arena *a, const struct mapping *m, const struct policy *policy,
                                     struct step *s, struct err *e)
{
    (void)a, (void)m, (void)policy;
    if (str_empty(s->arg[0]))
        return ERR(e, E_INVALID, "", "%s needs a text that is not empty", s->transform->name);
    return OK;
}

static enum status compile_lower_args(struct arena *a, const struct mapping *m, const struct policy *policy,
                                      struct step *s, struct err *e)
{
    (void)m, (void)policy, (void)e;
    for (size_t i = 0; i < s->args; i++)
        s->arg[i] = str_lower(a, str_trim(s->arg[i]));
    return OK;
}

static enum status apply_split(const struct run *run, const struct step *s, struct map_value *v,
                               struct err *e)
{
    (void)e;
    struct str_list all = {0};
    for (size_t i = 0; i < v->texts.count; i++) {
        Str rest = v->texts.item[i];
        for (bool more = true; more;) {
            size_t at = str_find(rest, s->arg[0]);
            more = at != STR_NPOS;
            Str piece = str_trim(more ? str_slice(rest, 0, at) : rest);
            if (more) rest = str_slice(rest, at + s->arg[0].len, rest.len);
            if (str_empty(piece)) continue;
            all.item = arena_grow(run->arena, all.item, all.count, all.count + 1, sizeof(Str), _Alignof(Str));
            all.item[all.count++] = piece;
        }
    }
    v->texts = all;
    if (all.count == 0) v->kind = VALUE_ABSENT;
    return OK;
}

/* ---- numbers ---- */

/* A decimal number at the front of *rest. */
static bool take_decimal(Str *rest, double *out)
{
    size_t n = 0, digits = 0;
    while (n < rest->len && n < 24 &&
           (strchr("0123456789.", rest->ptr[n]) || (n == 0 && rest->ptr[n] == '-'))) {
        digits += rest->ptr[n] != '.' && rest->ptr[n] != '-';
        n++;
    }
    if (digits == 0 || rest->ptr[n - 1] == '.') return false;
    if (str_to_f64(str_slice(*rest, 0, n), out) != OK) return false;
    *rest = str_trim(str_slice(*rest, n, rest->len));
    return true;
}

static double unit_in_years(Str unit)
{
    static const struct {
        const char *start;
        double years;
    } units[] = {
        {"y", 1.0},        {"mo", 1.0 / 12},         {"mth", 1.0 / 12},           {"w", 7 / 365.25},
        {"d", 1 / 365.25}, {"h", 1 / (365.25 * 24)}, {"mi", 1 / (365.25 * 1440)}, {"s", 1 / (365.25 * 86400)},
    };
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        Str start = str_of(units[i].start);
        if (unit.len >= start.len && str_eq_nocase(str_slice(unit, 0, start.len), start))
            return units[i].years;
    }
    return 0;
}

/* "63 Years", "2 Months 12 Days", "63" */
static enum status put_years(const struct run *run, Str in, Str *out, struct err *e)
{
    double years = 0;
    Str rest = in;
    while (rest.len > 0) {
        double n = 0, each = 1;
        bool number = take_decimal(&rest, &n);
        size_t letters = 0;
        while (letters < rest.len && ((rest.ptr[letters] | 32) >= 'a' && (rest.ptr[letters] | 32) <= 'z'))
            letters++;
        if (letters > 0) each = unit_in_years(str_slice(rest, 0, letters));
        bool understood = number && n >= 0 && each > 0 && (letters > 0 || rest.len == 0);
        if (!understood) {
            return ERR(e, E_INVALID, "", "\"%.*s\" is no age; accepted: 63, 63 Years, 5 Months 8 Days",
                       SHOWN(in));
        }
        years += n * each;
        rest = str_slice(rest, letters, rest.len);
        while (rest.len > 0 && strchr(" ,.", rest.ptr[0]))
            rest = str_slice(rest, 1, rest.len);
    }
    years = floor(years * 1000 + 0.5) / 1000;
    *out = str_format(run->arena, "%.15g", years);
    return OK;
}

static enum status put_number(const struct run *run, const struct step *s, Str in, Str *out, struct err *e)
{
    if (s->args == 1) return put_years(run, in, out, e);
    double n = 0;
    Str rest = in;
    if (!take_decimal(&rest, &n))
        return ERR(e, E_INVALID, "", "\"%.*s\" does not begin with a number", SHOWN(in));
    *out = str_format(run->arena, "%.15g", n);
    return OK;
}

static enum status apply_number(const struct run *run, const struct step *s, struct map_value *v,
                                struct err *e)
{
    return each_text(run, s, v, put_number, e);
}

static enum status compile_number(struct arena *a, const struct mapping *m, const struct policy *policy,
                                  struct step *s, struct err *e)
{
    (void)a, (void)m, (void)policy;
    if (s->args == 1 && !str_eq(s->arg[0], S("years"))) {
        return ERR(e, E_INVALID, "", "number knows the unit years, not \"%.*s\"", SHOWN(s->arg[0]));
    }
    return OK;
}

/* ---- dates ---- */

static bool pattern_has(Str pattern, const char *letters)
{
    for (size_t i = 0; i + 1 < pattern.len; i++) {
        if (pattern.ptr[i] != '%') continue;
        i++;
        if (strchr(letters, pattern.ptr[i])) return true;
    }
    return false;
}

static enum status compile_date(struct arena *a, const struct mapping *m, const struct policy *policy,
                                struct step *s, struct err *e)
{
    (void)a, (void)m, (void)policy;
    for (size_t i = 0; i < s->args; i++) {
        Str p = s->arg[i];
        for (size_t j = 0; j < p.len; j++) {
            if (p.ptr[j] == '\0') return ERR(e, E_INVALID, "", "a date pattern holds a zero byte");
            if (p.ptr[j] != '%') continue;
            j++;
            if (j >= p.len || p.ptr[j] == '\0' || !strchr("YymdHIpMSbBzf%", p.ptr[j])) {
                return ERR(e, E_INVALID, "",
                           "\"%.*s\" is no date pattern; there is %%Y %%y %%m %%d %%b %%B %%H %%I %%p %%M "
                           "%%S %%f %%z",
                           SHOWN(p));
            }
        }
        if (!pattern_has(p, "Yy"))
            return ERR(e, E_INVALID, "", "the date pattern \"%.*s\" has no year", SHOWN(p));
    }
    return OK;
}

/* From the first to the last day of what the pattern gives: a month or a year. */
static void widen(struct map_value *v, bool has_month)
{
    int year = 0, month = 0, day = 0;
    caldate_from_days(caldate_day_of(v->from.ms), &year, &month, &day);
    bool wraps = !has_month || month == 12;
    int64_t after = caldate_to_days(wraps ? year + 1 : year, wraps ? 1 : month + 1, 1);
    v->kind = VALUE_SPAN;
    v->to = (struct moment){(after - 1) * MS_PER_DAY, PRECISION_DAY};
}

static bool date_is_wide(const struct step *s)
{
    for (size_t i = 0; i < s->args; i++) {
        if (!pattern_has(s->arg[i], "d")) return true;
    }
    return false;
}

static enum status apply_date(const struct run *run, const struct step *s, struct map_value *v, struct err *e)
{
    Str text = v->texts.item[0];
    for (size_t i = 0; i < s->args; i++) {
        int64_t ms = 0;
        bool has_time = false;
        if (caldate_parse_pattern(text, s->arg[i], &ms, &has_time, NULL) != OK) continue;
        if (has_time && !pattern_has(s->arg[i], "z")) ms -= run->mapping->zone_ms;
        *v =
            (struct map_value){.kind = VALUE_MOMENT, .from = {ms, has_time ? PRECISION_TIME : PRECISION_DAY}};
        if (!pattern_has(s->arg[i], "d")) widen(v, pattern_has(s->arg[i], "mbB"));
        return OK;
    }
    return ERR(e, E_INVALID, "", "\"%.*s\" is no date written as %.*s%s", SHOWN(text), STR_ARG(s->arg[0]),
               s->args > 1 ? " (or one of the other forms)" : "");
}

static enum status apply_day(const struct run *run, const struct step *s, struct map_value *v, struct err *e)
{
    (void)s, (void)e;
    if (v->from.precision == PRECISION_TIME) {
        v->from = (struct moment){caldate_midnight(v->from.ms + run->mapping->zone_ms), PRECISION_DAY};
    }
    return OK;
}

/* ---- places ---- */

bool coordinates(Str text, double *first, double *second)
{
    Str rest = str_trim(text);
    if (!take_decimal(&rest, first)) return false;
    if (rest.len > 0 && rest.ptr[0] == ',') rest = str_trim(str_slice(rest, 1, rest.len));
    return take_decimal(&rest, second) && rest.len == 0;
}

static enum status compile_place(struct arena *a, const struct mapping *m, const struct policy *policy,
                                 struct step *s, struct err *e)
{
    (void)a, (void)m, (void)policy;
    if (str_to_f64(s->arg[0], &s->number) != OK || s->number < 0 || s->number > 200000) {
        return ERR(e, E_INVALID, "", "place needs how sure it is, in metres from 0 to 200000, not \"%.*s\"",
                   SHOWN(s->arg[0]));
    }
    return OK;
}

static enum status apply_place(const struct run *run, const struct step *s, struct map_value *v,
                               struct err *e)
{
    (void)run;
    Str text = v->texts.item[0];
    double lat = 0, lon = 0;
    if (!coordinates(text, &lat, &lon)) {
        return ERR(e, E_INVALID, "", "\"%.*s\" is no latitude and longitude; accepted: 41.57, -72.73",
                   SHOWN(text));
    }
    *v = (struct map_value){.kind = VALUE_PLACE, .place = {lat, lon, s->number, true}};
    return OK;
}

static enum status put_point(const struct run *run, const struct step *s, Str in, Str *out, struct err *e)
{
    (void)run, (void)s, (void)e;
    for (Str rest = in; rest.len > 0;) {
        size_t open = str_find_char(rest, '(');
        if (open == STR_NPOS) return OK;
        rest = str_slice(rest, open + 1, rest.len);
        size_t close = str_find_char(rest, ')');
        if (close == STR_NPOS) return OK;
        double lat = 0, lon = 0;
        if (coordinates(str_slice(rest, 0, close), &lat, &lon)) {
            *out = str_slice(rest, 0, close);
            return OK;
        }
    }
    return OK;
}

static enum status apply_point(const struct run *run, const struct step *s, struct map_value *v,
                               struct err *e)
{
    return each_text(run, s, v, put_point, e);
}

/* ---- codes and vocabularies ---- */

const struct codes *codes_named(const struct mapping *m, Str name)
{
    for (size_t i = 0; i < m->codes_count; i++) {
        if (str_eq(m->codes[i].name, name)) return &m->codes[i];
    }
    return NULL;
}

struct code_pair codes_find(const struct codes *c, Str low)
{
    size_t from = 0, until = c->exact_count;
    while (from < until) {
        size_t middle = from + (until - from) / 2;
        int order = str_compare(c->exact[middle].given, low);
        if (order == 0) return c->exact[middle];
        if (order < 0) {
            from = middle + 1;
        } else {
            until = middle;
        }
    }
    for (size_t i = 0; i < c->pattern_count; i++) {
        if (glob_matches(c->pattern[i].given, low)) return c->pattern[i];
    }
    return c->fallback;
}

static enum status compile_codes(struct arena *a, const struct mapping *m, const struct policy *policy,
                                 struct step *s, struct err *e)
{
    (void)policy;
    s->codes = codes_named(m, s->arg[0]);
    if (s->codes) return OK;
    Str *names = NEW_ARRAY(a, Str, m->codes_count + 1);
    for (size_t i = 0; i < m->codes_count; i++)
        names[i] = m->codes[i].name;
    return ERR(e, E_INVALID, "", "there is no section [codes %.*s]%.*s", SHOWN(s->arg[0]),
               STR_ARG(name_hint(a, s->arg[0], names, m->codes_count)));
}

static enum status put_code(const struct run *run, const struct step *s, Str in, Str *out, struct err *e)
{
    struct code_pair p = codes_find(s->codes, str_lower(run->arena, in));
    switch (p.result) {
    case CODE_WORD:
        *out = p.code;
        return OK;
    case CODE_KEEP:
        *out = in;
        return OK;
    case CODE_ABSENT:
        return OK;
    case CODE_REFUSE:
        break;
    }
    return ERR(e, E_INVALID, "", "\"%.*s\" is not listed in [codes %.*s]", SHOWN(in),
               STR_ARG(s->codes->name));
}

static enum status apply_codes(const struct run *run, const struct step *s, struct map_value *v,
                               struct err *e)
{
    return each_text(run, s, v, put_code, e);
}

static const struct vocabulary *vocabulary_named(const struct policy *p, Str name)
{
    const struct {
        const char *name;
        const struct vocabulary *v;
    } all[] = {{"substances", p->substances}, {"settings", p->settings}, {"mechanisms", p->mechanisms},
               {"injuries", p->injuries},     {"items", p->items},       {"roles", p->roles}};
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        if (str_eq(str_of(all[i].name), name)) return all[i].v;
    }
    return NULL;
}

static enum status compile_words(struct arena *a, const struct mapping *m, const struct policy *policy,
                                 struct step *s, struct err *e)
{
    (void)m;
    const struct vocabulary *v = vocabulary_named(policy, s->arg[0]);
    if (!v) {
        return ERR(
            e, E_INVALID, "",
            "\"%.*s\" is no vocabulary; there is substances, settings, mechanisms, injuries, items, roles",
            SHOWN(s->arg[0]));
    }
    if (s->args > 1 && (!str_eq(s->arg[1], S("except")) || s->args == 2)) {
        return ERR(e, E_INVALID, "", "after the vocabulary may come: except \"spelling\" \"spelling\"");
    }
    size_t skipped = s->args > 1 ? s->args - 2 : 0;
    Str *except = NEW_ARRAY(a, Str, skipped + 1);
    for (size_t i = 0; i < skipped; i++)
        except[i] = utf8_fold(a, s->arg[i + 2]);
    s->words = phrases_of(a, &v, 1, except, skipped);
    return OK;
}

static enum status apply_words(const struct run *run, const struct step *s, struct map_value *v,
                               struct err *e)
{
    (void)e;
    struct str_list all = {0};
    for (size_t i = 0; i < v->texts.count; i++) {
        struct str_list found = phrases_codes(run->arena, s->words, v->texts.item[i]);
        all.item = arena_grow(run->arena, all.item, all.count, all.count + found.count + 1, sizeof(Str),
                              _Alignof(Str));
        for (size_t j = 0; j < found.count; j++)
            all.item[all.count++] = found.item[j];
    }
    v->texts = all;
    if (all.count == 0) v->kind = VALUE_ABSENT;
    return OK;
}

static enum status apply_when(const struct run *run, const struct step *s, struct map_value *v, struct err *e)
{
    (void)e;
    if (!condition_holds(run, &s->condition)) v->kind = VALUE_ABSENT;
    return OK;
}

#define TEXTS    (1u << SHAPE_TEXT | 1u << SHAPE_LIST)
#define ONE_TEXT (1u << SHAPE_TEXT)
#define ANY      (~0u)

static const struct transform transforms[] = {
    {"after", "after \"x\"", "what follows the first x; everything when there is none", 1, 1, TEXTS,
     SHAPE_SAME, true, compile_not_empty, apply_after, NULL},
    {"before", "before \"x\"", "what comes before the first x; everything when there is none", 1, 1, TEXTS,
     SHAPE_SAME, true, compile_not_empty, apply_before, NULL},
    {"blank", "blank \"x\" \"y*\" ...", "nothing, when the text is one of these (* for any run of signs)", 1,
     ARGS_MAX, TEXTS, SHAPE_SAME, false, compile_lower_args, apply_blank, NULL},
    {"codes", "codes NAME", "the code that [codes NAME] gives for the text", 1, 1, TEXTS, SHAPE_SAME, true,
     compile_codes, apply_codes, NULL},
    {"date", "date \"%d/%m/%Y\" ...",
     "a date or time by the first pattern that fits; without %d the whole month, "
     "without %m the whole year",
     1, ARGS_MAX, ONE_TEXT, SHAPE_MOMENT, true, compile_date, apply_date, date_is_wide},
    {"day", "day", "only the day of a time", 0, 0, 1u << SHAPE_MOMENT, SHAPE_MOMENT, true, NULL, apply_day,
     NULL},
    {"lower", "lower", "small letters (A to Z)", 0, 0, TEXTS, SHAPE_SAME, false, NULL, apply_lower, NULL},
    {"number", "number [years]", "the number in front; with years: \"5 Months 8 Days\" as 0.439", 0, 1,
     ONE_TEXT, SHAPE_TEXT, true, compile_number, apply_number, NULL},
    {"only", "only \"x\" \"y*\" ...", "nothing, unless the text is one of these (* for any run of signs)", 1,
     ARGS_MAX, TEXTS, SHAPE_SAME, false, compile_lower_args, apply_only, NULL},
    {"place", "place METRES", "latitude, longitude as a place that is sure to so many metres", 1, 1, ONE_TEXT,
     SHAPE_PLACE, false, compile_place, apply_place, NULL},
    {"point", "point", "the coordinates in brackets inside a text; nothing when there are none", 0, 0,
     ONE_TEXT, SHAPE_TEXT, true, NULL, apply_point, NULL},
    {"replace", "replace \"x\" \"y\"", "y in place of every x", 2, 2, TEXTS, SHAPE_SAME, true,
     compile_not_empty, apply_replace, NULL},
    {"split", "split \";\"", "several values, cut at the sign", 1, 1, TEXTS, SHAPE_LIST, true,
     compile_not_empty, apply_split, NULL},
    {"when", "when CONDITION", "nothing, unless the condition holds", 0, 0, ANY, SHAPE_SAME, false, NULL,
     apply_when, NULL},
    {"words", "words VOCABULARY [except \"x\" ...]",
     "the codes of a vocabulary whose spellings stand in the text", 1, ARGS_MAX, TEXTS, SHAPE_LIST, true,
     compile_words, apply_words, NULL},
};

const struct transform *transform_named(Str name)
{
    for (size_t i = 0; i < COUNT_OF(transforms); i++) {
        if (str_eq(str_of(transforms[i].name), name)) return &transforms[i];
    }
    return NULL;
}

const char *transform_name(size_t i)
{
    return i < COUNT_OF(transforms) ? transforms[i].name : NULL;
}

const char *transform_form(size_t i)
{
    return i < COUNT_OF(transforms) ? transforms[i].form : NULL;
}

const char *transform_about(size_t i)
{
    return i < COUNT_OF(transforms) ? transforms[i].about : NULL;
}
