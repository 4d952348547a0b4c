#include "compare/comparison.h"

#include "compare/date.h"
#include "compare/interval.h"
#include "compare/name.h"
#include "compare/place.h"
#include "compare/set.h"

static double alike_name(const struct comparand *a, const struct comparand *b)
{
    return name_alike(a->text, b->text);
}

static double alike_spelling(const struct comparand *a, const struct comparand *b)
{
    return name_jaro_winkler(a->text, b->text);
}

static double alike_date(const struct comparand *a, const struct comparand *b)
{
    return date_alike(&a->date, &b->date);
}

static double alike_place(const struct comparand *a, const struct comparand *b)
{
    return place_alike(place_distance_m(a->place.lat, a->place.lon, b->place.lat, b->place.lon));
}

static double alike_interval(const struct comparand *a, const struct comparand *b)
{
    return interval_alike(interval_gap_days(a->from_ms, a->until_ms, b->from_ms, b->until_ms));
}

static double alike_code(const struct comparand *a, const struct comparand *b)
{
    return str_eq(a->text, b->text) ? 1 : 0;
}

static double alike_set(const struct comparand *a, const struct comparand *b)
{
    return set_jaccard(&a->set, &b->set);
}

static double alike_terms(const struct comparand *a, const struct comparand *b)
{
    return set_dice(&a->set, &b->set);
}

const struct comparison COMPARISONS[] = {
    {"name",
     FORM_NAME,
     alike_name,
     {{1, "the same name"},
      {0.92, "nearly the same name"},
      {0.85, "a similar name"},
      {0, "a different name"}},
     "Whole names: parts matched one to one by spelling, sound, initials and familiar forms, in any order."},
    {"spelling",
     FORM_NAME,
     alike_spelling,
     {{1, "spelled the same"},
      {0.92, "spelled nearly the same"},
      {0.85, "spelled alike"},
      {0, "spelled otherwise"}},
     "One name or word as a whole, by Jaro-Winkler."},
    {"date",
     FORM_DATE,
     alike_date,
     {{1, "the same date"},
      {0.9, "the same date as far as it is known, or day and month swapped"},
      {0.8, "the same but for one slip of the pen"},
      {0.5, "the same day of another year"},
      {0.3, "the same year"},
      {0, "different dates"}},
     "Dates of birth, with the slips that people make."},
    {"place",
     FORM_PLACE,
     alike_place,
     {{1000.0 / 1100, "within 100 metres"},
      {1000.0 / 1500, "within 500 metres"},
      {1000.0 / 3000, "within 2 kilometres"},
      {1000.0 / 11000, "within 10 kilometres"},
      {0, "farther than 10 kilometres apart"}},
     "Distance on the sphere."},
    {"interval",
     FORM_INTERVAL,
     alike_interval,
     {{1, "at the same time"},
      {30.0 / 37, "within a week"},
      {30.0 / 61, "within a month"},
      {30.0 / 121, "within three months"},
      {30.0 / 396, "within a year"},
      {0, "more than a year apart"}},
     "The gap between two stretches of time; none when they overlap."},
    {"code", FORM_CODE, alike_code, {{1, "the same"}, {0, "different"}}, "One word of a list: equal or not."},
    {"set",
     FORM_SET,
     alike_set,
     {{1, "all the same"}, {0.5, "mostly the same"}, {0x1p-60, "some the same"}, {0, "none the same"}},
     "Sets of codes: the shared among all that either has."},
    {"terms",
     FORM_SET,
     alike_terms,
     {{1, "the same words"},
      {0.5, "mostly the same words"},
      {0x1p-60, "some words the same"},
      {0, "other words"}},
     "Terms of two accounts (compare/text.h): twice the shared over the sum."},
};
const size_t COMPARISON_COUNT = COUNT_OF(COMPARISONS);

const struct comparison *comparison_named(Str name)
{
    for (size_t i = 0; i < COMPARISON_COUNT; i++)
        if (str_eq(str_of(COMPARISONS[i].name), name)) return &COMPARISONS[i];
    return NULL;
}

bool comparand_present(enum value_form form, const struct comparand *v)
{
    switch (form) {
    case FORM_NAME:
    case FORM_CODE:
        return !str_empty(str_trim(v->text));
    case FORM_DATE:
        return v->date.year != 0;
    case FORM_PLACE:
        return v->place.present;
    case FORM_INTERVAL:
        return v->until_ms > v->from_ms;
    case FORM_SET:
        return v->set.count > 0;
    case FORM_COUNT:
        break;
    }
    BUG("no such form of value: %d", (int)form);
}

double comparison_alike(const struct comparison *c, const struct comparand *a, const struct comparand *b)
{
    if (!comparand_present(c->form, a) || !comparand_present(c->form, b)) return (double)NAN;
    return c->alike(a, b);
}

const char *comparison_words(const struct comparison *c, double alike)
{
    if (isnan(alike)) return "not recorded";
    for (size_t i = 0; i < COMPARISON_LEVELS_MAX && c->level[i].words; i++)
        if (alike >= c->level[i].least) return c->level[i].words;
    BUG("the comparison %s has no words for %g", c->name, alike);
}
