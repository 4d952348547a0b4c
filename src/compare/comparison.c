#include "compare/comparison.h"

#include "base/hash.h"
#include "compare/date.h"
#include "compare/interval.h"
#include "compare/name.h"
#include "compare/part.h"
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
    if (a->planar) return place_alike(hypot(a->place.lat - b->place.lat, a->place.lon - b->place.lon));
    return place_alike(place_distance_m(a->place.lat, a->place.lon, b->place.lat, b->place.lon));
}

static double alike_interval(const struct comparand *a, const struct comparand *b)
{
    return interval_alike(interval_gap_days(a->from_ms, a->until_ms, b->from_ms, b->until_ms));
}

static double alike_number(const struct comparand *a, const struct comparand *b)
{
    double most = fmax(fabs(a->number), fabs(b->number));
    return most > 0 ? fmax(1 - fabs(a->number - b->number) / most, 0) : 1;
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

static double alike_part(const struct comparand *a, const struct comparand *b)
{
    return part_alike(a->text, b->text);
}

static double alike_identifier(const struct comparand *a, const struct comparand *b)
{
    if (str_eq(a->text, b->text)) return 1;
    return part_one_slip(a->text, b->text) ? 0.8 : 0;
}

static double alike_postcode(const struct comparand *a, const struct comparand *b)
{
    return postcode_alike(a->text, b->text);
}

/* Of values that lie in a line or a plane too many are near each other to list them. */
static void keys_none(const struct comparand *v, struct near_keys *out)
{
    (void)v;
    (void)out;
}

static void keys_code(const struct comparand *v, struct near_keys *out)
{
    near_key_add(out, NEAR_SAME, hash64(v->text), NEAR_BOTH);
}

static void keys_part(const struct comparand *v, struct near_keys *out)
{
    part_keys(v->text, out);
}

static void keys_identifier(const struct comparand *v, struct near_keys *out)
{
    part_keys_one_slip(v->text, out);
}

static void keys_postcode(const struct comparand *v, struct near_keys *out)
{
    part_keys_one_slip(v->text, out);
    near_key_add(out, NEAR_SECTOR, hash64(postcode_sector(v->text)), NEAR_BOTH);
}

static void keys_date(const struct comparand *v, struct near_keys *out)
{
    date_keys(&v->date, out);
}

static uint64_t pack_date(const struct comparand *v)
{
    return date_packed(&v->date);
}

static uint64_t pack_postcode(const struct comparand *v)
{
    return postcode_packed(v->text);
}

/* Levels of the comparison: ORDER below. */
static int date_loose_level(uint64_t a, uint64_t b)
{
    enum date_relation r = date_relate_packed(a, b);
    return r == DATE_TWO_DIGITS ? 3 : r == DATE_SAME_DAY_OTHER_YEAR ? 4 : r == DATE_SAME_YEAR ? 5 : 6;
}

static int postcode_loose_level(uint64_t a, uint64_t b)
{
    return a == b ? 3 : postcode_same_area(a, b) ? 4 : 5;
}

const struct comparison COMPARISONS[] = {
    {"name",
     FORM_NAME,
     alike_name,
     {{1, "the same name"},
      {0.92, "nearly the same name"},
      {0.85, "a similar name"},
      {0, "a different name"}},
     "Whole names: parts matched one to one by spelling, sound, initials and familiar forms, in any order.",
     NULL,
     0,
     NULL,
     NULL},
    {"spelling",
     FORM_NAME,
     alike_spelling,
     {{1, "spelled the same"},
      {0.92, "spelled nearly the same"},
      {0.85, "spelled alike"},
      {0, "spelled otherwise"}},
     "One name or word as a whole, by Jaro-Winkler.",
     NULL,
     0,
     NULL,
     NULL},
    {"date",
     FORM_DATE,
     alike_date,
     {{1, "the same date"},
      {0.9, "the same date as far as it is known, or day and month swapped"},
      {0.8, "the same but for one slip of the pen"},
      {0.6, "the same but for two digits"},
      {0.5, "the same day of another year"},
      {0.3, "the same year"},
      {0, "different dates"}},
     "Dates of birth, with the slips that people make.",
     keys_date,
     3,
     pack_date,
     date_loose_level},
    {"place",
     FORM_PLACE,
     alike_place,
     {{1000.0 / 1100, "within 100 metres"},
      {1000.0 / 1500, "within 500 metres"},
      {1000.0 / 3000, "within 2 kilometres"},
      {1000.0 / 11000, "within 10 kilometres"},
      {0, "farther than 10 kilometres apart"}},
     "Distance on the sphere, or on a plane.",
     keys_none,
     0,
     NULL,
     NULL},
    {"interval",
     FORM_INTERVAL,
     alike_interval,
     {{1, "at the same time"},
      {30.0 / 37, "within a week"},
      {30.0 / 61, "within a month"},
      {30.0 / 121, "within three months"},
      {30.0 / 396, "within a year"},
      {0, "more than a year apart"}},
     "The gap between two stretches of time; none when they overlap.",
     keys_none,
     0,
     NULL,
     NULL},
    {"code",
     FORM_CODE,
     alike_code,
     {{1, "the same"}, {0, "different"}},
     "One word of a list: equal or not.",
     keys_code,
     1,
     NULL,
     NULL},
    {"part",
     FORM_NAME,
     alike_part,
     {{1, "the same"},
      {0.95, "a familiar form"},
      {0.9, "the same but for one slip of the pen"},
      {0.86, "sounds the same"},
      {0.8, "a shorter form"},
      {0.75, "an initial"},
      {0, "another name"}},
     "One part of a name: a given name or a surname, with the ways in which they are written.",
     keys_part,
     6,
     NULL,
     NULL},
    {"identifier",
     FORM_CODE,
     alike_identifier,
     {{1, "the same"}, {0.8, "the same but for one slip of the pen"}, {0, "different"}},
     "Numbers and references that are copied by hand.",
     keys_identifier,
     2,
     NULL,
     NULL},
    {"postcode",
     FORM_CODE,
     alike_postcode,
     {{1, "the same postcode"},
      {0.9, "the same but for one slip of the pen"},
      {0.8, "the same sector"},
      {0.6, "the same district"},
      {0.4, "the same area"},
      {0, "another area"}},
     "British postcodes: district, blank, the rest.",
     keys_postcode,
     3,
     pack_postcode,
     postcode_loose_level},
    {"set",
     FORM_SET,
     alike_set,
     {{1, "all the same"}, {0.5, "mostly the same"}, {0x1p-60, "some the same"}, {0, "none the same"}},
     "Sets of codes: the shared among all that either has.",
     keys_none,
     0,
     NULL,
     NULL},
    {"terms",
     FORM_SET,
     alike_terms,
     {{1, "the same words"},
      {0.5, "mostly the same words"},
      {0x1p-60, "some words the same"},
      {0, "other words"}},
     "Terms of two accounts (compare/text.h): twice the shared over the sum.",
     keys_none,
     0,
     NULL,
     NULL},
    {"number",
     FORM_NUMBER,
     alike_number,
     {{1, "the same"},
      {0.98, "within 2 %"},
      {0.9, "within a tenth"},
      {0.5, "within a half"},
      {0, "farther apart"}},
     "Numbers of any unit, by how much of the larger one they differ.",
     keys_none,
     0,
     NULL,
     NULL},
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
    case FORM_NUMBER:
        return v->has_number;
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

int comparison_levels(const struct comparison *c)
{
    int n = 0;
    while (n < COMPARISON_LEVELS_MAX && c->level[n].words)
        n++;
    return n;
}

int comparison_level_of(const struct comparison *c, double alike)
{
    if (isnan(alike)) return -1;
    for (int i = 0; i < COMPARISON_LEVELS_MAX && c->level[i].words; i++)
        if (alike >= c->level[i].least) return i;
    BUG("the comparison %s has no level for %g", c->name, alike);
}

const char *comparison_words(const struct comparison *c, double alike)
{
    int level = comparison_level_of(c, alike);
    return level < 0 ? "not recorded" : c->level[level].words;
}
