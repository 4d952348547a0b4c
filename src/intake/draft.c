#include "intake/draft.h"

#include "base/caldate.h"
#include "model/feed.h"

#define PROBLEMS_MAX 20

/* ---- what is wrong with a row ---- */

void problem_add(struct arena *a, struct problems *p, Str field, Str reason)
{
    if (p->field.count == PROBLEMS_MAX) return;
    if (!p->field.item) {
        p->field.item = NEW_ARRAY(a, Str, PROBLEMS_MAX);
        p->reason.item = NEW_ARRAY(a, Str, PROBLEMS_MAX);
    }
    p->field.item[p->field.count++] = field;
    p->reason.item[p->reason.count++] = reason;
}

static void problem_of(struct arena *a, struct problems *p, const char *field, const struct err *why)
{
    problem_add(a, p, str_copy(a, str_of(field)), str_copy(a, str_of(why->text)));
}

/* ---- filling ---- */

void list_unite(struct arena *a, struct str_list *into, const struct str_list *from)
{
    for (size_t i = 0; i < from->count; i++) {
        bool there = false;
        for (size_t j = 0; j < into->count && !there; j++)
            there = str_eq(into->item[j], from->item[i]);
        if (there) continue;
        into->item = arena_grow(a, into->item, into->count, into->count + 1, sizeof(Str), _Alignof(Str));
        into->item[into->count++] = from->item[i];
    }
}

/* Does the value show by itself what was written? */
static bool shows_itself(const struct map_value *v, Str given)
{
    char day[32] = "";
    if (v->kind == VALUE_TEXTS) return v->texts.count == 1 && str_eq(v->texts.item[0], given);
    if (v->kind != VALUE_MOMENT || v->from.precision != PRECISION_DAY) return false;
    caldate_format_day(v->from.ms, day);
    return str_eq(str_of(day), given);
}

static void take_given(struct arena *a, struct filled *f, const struct map_value *v, Str given)
{
    if (!str_present(given) || shows_itself(v, given)) return;
    struct str_list one = {&given, 1};
    list_unite(a, &f->given, &one);
}

/* A span is put together from its .from and .to lines. */
static void take_part(struct filled *f, const struct map_value *v, enum span_part part)
{
    f->value.kind = VALUE_SPAN;
    if (part == PART_FROM) f->value.from = v->from;
    if (part == PART_TO) f->value.to = v->from;
}

static enum status text_to_moment(struct map_value *v, struct err *e)
{
    int64_t ms = 0;
    bool day_only = false;
    if (v->kind != VALUE_TEXTS) return OK;
    TRY(caldate_parse(v->texts.item[0], &ms, &day_only, e));
    *v = (struct map_value){.kind = VALUE_MOMENT, .from = {ms, day_only ? PRECISION_DAY : PRECISION_TIME}};
    return OK;
}

static bool wanted(const struct filled *f, const struct field *field, enum span_part part)
{
    if (!f->present || field_type_is_set(field->type)) return true;
    if (f->value.kind != VALUE_SPAN || part == PART_WHOLE) return false;
    return (part == PART_FROM ? f->value.from : f->value.to).precision == PRECISION_NONE;
}

static void field_fill(const struct run *run, const struct record_plan *plan, const struct field_line *line,
                       struct draft *d, struct problems *p)
{
    const struct field *field = &plan->kind->field[line->field];
    struct filled *f = &d->filled[line->field];
    if (!wanted(f, field, line->part)) return;
    struct map_value v = {0};
    struct err why = {0};
    Str given = STR_NONE;
    enum status status = line_value(run, line, &v, &given, &why);
    bool dated = line->part != PART_WHOLE || field->type == FT_SPAN;
    if (status == OK && dated) status = text_to_moment(&v, &why);
    if (status != OK) {
        problem_of(run->arena, p, field->name, &why);
        return;
    }
    if (v.kind == VALUE_ABSENT) return;
    if (line->part != PART_WHOLE) {
        take_part(f, &v, line->part);
    } else if (f->present) {
        list_unite(run->arena, &f->value.texts, &v.texts);
    } else {
        f->value = v;
    }
    f->present = true;
    take_given(run->arena, f, &v, given);
}

void draft_fill(const struct run *run, const struct record_plan *plan, struct draft *d, struct problems *p)
{
    struct map_value v = {0};
    struct err why = {0};
    Str given = STR_NONE;
    d->plan = plan;
    if (line_value(run, &plan->id, &v, &given, &why) != OK) {
        problem_of(run->arena, p, "id", &why);
    } else if (v.kind != VALUE_TEXTS) {
        problem_add(run->arena, p, S("id"), S("the row gives no id"));
    } else {
        d->id = v.texts.item[0];
    }
    if (plan->known_at.text.count > 0) {
        if (line_value(run, &plan->known_at, &v, &given, &why) != OK) {
            problem_of(run->arena, p, "known_at", &why);
        } else if (v.kind == VALUE_MOMENT) {
            d->known = true;
            d->known_at = v.from;
        }
    }
    size_t before = p->field.count, present = 0;
    for (size_t i = 0; i < plan->field_count; i++)
        field_fill(run, plan, &plan->field[i], d, p);
    for (size_t i = 0; i < plan->kind->field_count; i++)
        present += d->filled[i].present;
    if (present > 0 || p->field.count > before) return;
    problem_add(run->arena, p, S(""),
                str_format(run->arena, "the row fills no field of the %s", plan->kind->name));
}

/* ---- a draft as a line of the feed ---- */

static Json *moment_value(const struct moment *m)
{
    char text[32];
    if (m->precision == PRECISION_DAY) {
        caldate_format_day(m->ms, text);
    } else {
        caldate_format(m->ms, text);
    }
    return json_build_text(str_of(text));
}

static Json *span_value(const struct moment *from, const struct moment *to)
{
    Json *span = json_build_object();
    if (from->precision != PRECISION_NONE) json_build_member(span, S("from"), moment_value(from));
    if (to->precision != PRECISION_NONE) json_build_member(span, S("to"), moment_value(to));
    return span;
}

/* A whole month or year, as a date of birth writes it. */
static Json *wide_date_value(const struct map_value *v)
{
    char text[32];
    caldate_format_day(v->from.ms, text);
    bool month = v->to.ms - v->from.ms < 31 * MS_PER_DAY;
    return json_build_text(str_slice(str_of(text), 0, month ? 7 : 4));
}

static Json *place_value(const struct place *p)
{
    Json *place = json_build_object();
    json_build_member(place, S("lat"), json_build_number(p->lat));
    json_build_member(place, S("lon"), json_build_number(p->lon));
    if (p->radius_m > 0) json_build_member(place, S("radius_m"), json_build_number(p->radius_m));
    return place;
}

static Json *texts_value(const struct field *field, const struct str_list *texts)
{
    double number = 0;
    if (field->type == FT_NUMBER && str_to_f64(texts->item[0], &number) == OK)
        return json_build_number(number);
    if (!field_type_is_set(field->type)) return json_build_text(texts->item[0]);
    Json *list = json_build_list();
    for (size_t i = 0; i < texts->count; i++) {
        Json *item = json_build_text(texts->item[i]);
        if (field->type == FT_LEVELS) {
            Json *level = json_build_object();
            json_build_member(level, S("substance"), item);
            item = level;
        }
        json_build_item(list, item);
    }
    return list;
}

static Json *value_of(const struct field *field, const struct map_value *v)
{
    bool span = field->type == FT_SPAN;
    switch (v->kind) {
    case VALUE_MOMENT:
        return span ? span_value(&v->from, &v->from) : moment_value(&v->from);
    case VALUE_SPAN:
        return span ? span_value(&v->from, &v->to) : wide_date_value(v);
    case VALUE_PLACE:
        return place_value(&v->place);
    case VALUE_TEXTS:
    case VALUE_ABSENT:
        break;
    }
    return texts_value(field, &v->texts);
}

static Json *given_of(const struct str_list *given)
{
    if (given->count == 1) return json_build_text(given->item[0]);
    Json *list = json_build_list();
    for (size_t i = 0; i < given->count; i++)
        json_build_item(list, json_build_text(given->item[i]));
    return list;
}

/* Known on a day means known by the end of it. */
static Json *known_at_value(const struct moment *known)
{
    struct moment end = *known;
    if (end.precision == PRECISION_DAY) {
        end = (struct moment){known->ms + MS_PER_DAY - MS_PER_SECOND, PRECISION_TIME};
    }
    return moment_value(&end);
}

static Json *draft_line(const struct draft *d, Str ns)
{
    Json *line = json_build_object(), *set = json_build_object(), *given = NULL;
    const struct kind *kind = d->plan->kind;
    for (size_t i = 0; i < kind->field_count; i++) {
        const struct filled *f = &d->filled[i];
        Str name = str_of(kind->field[i].name);
        if (!f->present) continue;
        json_build_member(set, name, value_of(&kind->field[i], &f->value));
        if (f->given.count == 0) continue;
        if (!given) given = json_build_object();
        json_build_member(given, name, given_of(&f->given));
    }
    if (d->known) json_build_member(line, S("known_at"), known_at_value(&d->known_at));
    json_build_member(line, S("ns"), json_build_text(ns));
    json_build_member(line, S("kind"), json_build_text(str_of(kind->name)));
    json_build_member(line, S("id"), json_build_text(d->id));
    json_build_member(line, S("source"), json_build_text(d->plan->source));
    json_build_member(line, S("set"), set);
    if (given) json_build_member(line, S("given"), given);
    return line;
}

/* All fields that the model refuses, one by one; the first sentence alone when it was about something else.
 */
static void explain(struct arena *a, const struct policy *policy, const struct kind *kind, const Json *set,
                    const struct err *first, struct problems *p)
{
    size_t before = p->field.count;
    Str type = json_str(json_get(set, "type"));
    for (size_t i = 0; i < kind->field_count; i++) {
        const Json *given = json_get(set, kind->field[i].name);
        struct err why = {0};
        struct fact fact;
        if (!given) continue;
        if (fact_make(a, policy, kind, (int)i, given, str_present(type) ? type : S(""), &fact, &why) == OK)
            continue;
        problem_of(a, p, kind->field[i].name, &why);
    }
    if (p->field.count == before) problem_of(a, p, first->field, first);
}

void draft_take(struct arena *a, const struct policy *policy, const struct draft *d, Str ns,
                struct change *out, struct problems *p)
{
    struct json_doc line CLEANUP_JSON = {draft_line(d, ns)};
    struct err why = {0};
    if (feed_take(a, policy, line.root, ns, out, &why) == OK) return;
    explain(a, policy, d->plan->kind, json_get(line.root, "set"), &why, p);
}
