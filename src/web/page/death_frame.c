#include "web/page/death_frame.h"

#include "app/words.h"
#include "assure/category.h"
#include "base/caldate.h"
#include "model/kinds.h"
#include "web/route.h"

Str death_name_words(const struct roll_death *d)
{
    return words_name(d->name);
}

Str death_reference_words(struct visit *v, const struct roll_death *d)
{
    return str_empty(d->ref) ? visit_id_words(v->arena, &d->id) : d->ref;
}

Str death_day_words(struct arena *a, int64_t ms)
{
    char words[48];
    if (ms == INT64_MIN) return S("no date");
    caldate_words_day(ms, words);
    return str_copy(a, str_of(words));
}

Str death_code_words(struct visit *v, int field, Str code)
{
    if (str_empty(code)) return S("");
    return words_code(v->arena, &v->service->session.policy, kind_of(KIND_DEATH), field, code);
}

/* The views of a record; those whose route is not there, or not for this role, are left out. */
static const struct {
    const char *page, *path, *words;
} VIEWS[DEATH_VIEWS] = {
    [DEATH_SUMMARY] = {"", "/deaths/{death}", "Summary"},
    [DEATH_CHECKS] = {"checks", "/deaths/{death}/checks", "Checks"},
    [DEATH_LINKS] = {"links", "/deaths/{death}/links", "Links"},
    [DEATH_EXHIBITS] = {"exhibits", "/deaths/{death}/exhibits", "Exhibits"},
    [DEATH_FAMILY] = {"family", "/deaths/{death}/family", "Family"},
    [DEATH_HISTORY] = {"history", "/deaths/{death}/history", "History"},
};

static bool is_open(const struct visit *v, const char *path)
{
    for (size_t i = 0; i < ROUTES_COUNT; i++)
        if (strcmp(ROUTES[i].path, path) == 0 && strcmp(ROUTES[i].method, "GET") == 0)
            return visit_may(v, ROUTES[i].permission);
    return false;
}

static enum part_meaning category_meaning(Str category)
{
    return str_eq(category, S("homicide"))  ? MEANING_URGENT
           : category_height(category) >= 3 ? MEANING_ATTENTION
                                            : MEANING_PLAIN;
}

static void identity_show(struct visit *v, const struct roll_death *d)
{
    Str age = number_present(d->age) ? str_format(v->arena, "%g", d->age) : S("not recorded");
    struct part_fact fact[] = {
        {S("Found"), death_day_words(v->arena, d->when_ms)},
        {S("Age"), age},
        {S("Sex"), str_empty(d->sex) ? S("not recorded") : death_code_words(v, death_field_sex, d->sex)},
        {S("Place"),
         str_empty(d->setting) ? S("not recorded") : death_code_words(v, death_field_setting, d->setting)},
        {S("Unit"), str_empty(d->unit) ? S("none") : roll_unit_words(v->service->roll, d->unit)},
    };
    part_identity(
        v->out,
        &(struct part_identity){
            .name = death_name_words(d),
            .reference = death_reference_words(v, d),
            .fact = fact,
            .facts = COUNT_OF(fact),
            .state = str_empty(d->category) ? S("no category") : category_words(d->category),
            .meaning = category_meaning(d->category),
            .warning = d->restricted ? S("Restricted: only those who are cleared see this record.") : S("")});
}

void death_page_begin(struct visit *v, enum death_view view)
{
    const struct roll_death *d = v->death;
    struct part_view list[DEATH_VIEWS];
    size_t count = 0;
    Str title = str_format(v->arena, "%.*s – %s", STR_ARG(death_name_words(d)), VIEWS[view].words);
    visit_page_begin(v, &(struct visit_page){
                            .title = title, .back = {url(v->arena, "/deaths"), S("Deaths")}, .wide = true});
    identity_show(v, d);
    for (int i = 0; i < DEATH_VIEWS; i++)
        if (is_open(v, VIEWS[i].path))
            list[count++] = (struct part_view){visit_death_url(v, &d->id, VIEWS[i].page),
                                               str_of(VIEWS[i].words), i == (int)view};
    part_views(v->out, S("This record"), list, count);
    if (view != DEATH_CHECKS) htmlf(v->out, "<h1 class=\"govuk-visually-hidden\">%.*s</h1>", STR_ARG(title));
}

void death_page_end(struct visit *v)
{
    visit_page_end(v);
}
