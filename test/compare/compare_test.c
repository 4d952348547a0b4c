/* Comparisons: known values from a file, and for every row of the table what must hold of any comparison. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/caldate.h"
#include "base/rng.h"
#include "base/stream.h"
#include "compare/comparison.h"
#include "compare/date.h"
#include "compare/interval.h"
#include "compare/name.h"
#include "compare/place.h"
#include "compare/set.h"
#include "compare/text.h"

#include <stdlib.h>

#define SAMPLES 40

/* ---- known values --------------------------------------------------------------------------------- */

static const char *const RELATIONS[DATE_RELATIONS] = {"not_recorded",        "same",      "same_as_known",
                                                      "day_month_swapped",   "one_digit", "two_digits",
                                                      "same_day_other_year", "same_year", "different"};

static int64_t part_of(Str *rest, char sep)
{
    Str piece;
    int64_t n = 0;
    if (!str_next(rest, sep, &piece) || str_to_i64(piece, &n) != OK)
        fail_msg("not a number: %.*s", STR_ARG(piece));
    return n;
}

static struct date date_of(Str text)
{
    struct date d;
    d.year = (int)part_of(&text, '-');
    d.month = (int)part_of(&text, '-');
    d.day = (int)part_of(&text, '-');
    return d;
}

static void point_of(Str text, double *lat, double *lon)
{
    size_t comma = str_find_char(text, ',');
    assert_int_equal(str_to_f64(str_slice(text, 0, comma), lat), OK);
    assert_int_equal(str_to_f64(str_slice(text, comma + 1, text.len), lon), OK);
}

static double metres_of(Str a, Str b)
{
    double lat1, lon1, lat2, lon2;
    point_of(a, &lat1, &lon1);
    point_of(b, &lat2, &lon2);
    return place_distance_m(lat1, lon1, lat2, lon2);
}

struct measure {
    const char *name;
    double (*of)(Str a, Str b);
    double precision;
};

static double aligned_of(Str a, Str b)
{
    return name_edits_aligned(a, b);
}

static double damerau_of(Str a, Str b)
{
    return name_edits_damerau(a, b);
}

static const struct measure MEASURES[] = {
    {"jaro", name_jaro, 0.0005},  {"jaro_winkler", name_jaro_winkler, 0.0005},
    {"aligned", aligned_of, 0},   {"damerau", damerau_of, 0},
    {"alike", name_alike, 1e-12}, {"metres", metres_of, 60},
};

static void check_number(const struct measure *m, Str a, Str b, Str expected, size_t line)
{
    double got = m->of(a, b), back = m->of(b, a), want;
    if (!(got == back || (isnan(got) && isnan(back))))
        fail_msg("line %zu: %.17g one way, %.17g the other", line, got, back);
    if (str_eq(expected, S("nan"))) {
        if (!isnan(got)) fail_msg("line %zu: %g is a number", line, got);
        return;
    }
    char sign = expected.ptr[0];
    bool bound = sign == '<' || sign == '>';
    if (str_to_f64(str_slice(expected, bound, expected.len), &want) != OK)
        fail_msg("line %zu: not a number", line);
    bool right = sign == '<' ? got < want : sign == '>' ? got > want : fabs(got - want) <= m->precision;
    if (!right)
        fail_msg("line %zu: %.*s and %.*s give %.4f, not %.*s", line, STR_ARG(a), STR_ARG(b), got,
                 STR_ARG(expected));
}

/* "" and no items are written "-" */
static Str dash(Str text)
{
    return str_empty(text) ? S("-") : text;
}

static Str words_of(struct arena *a, Str measure, Str left, Str right)
{
    char key[NAME_KEY_MAX];
    if (str_eq(measure, S("soundex"))) {
        name_soundex_refined(left, key);
        return str_copy(a, dash(str_of(key)));
    }
    if (str_eq(measure, S("nysiis"))) {
        name_nysiis(left, key);
        return str_copy(a, dash(str_of(key)));
    }
    if (str_eq(measure, S("date"))) {
        struct date x = date_of(left), y = date_of(right);
        assert_int_equal(date_relate(&x, &y), date_relate(&y, &x));
        return str_of(RELATIONS[date_relate(&x, &y)]);
    }
    if (str_eq(measure, S("terms"))) {
        struct str_list terms = text_terms(a, left);
        return dash(str_join(a, &terms, S(",")));
    }
    if (str_eq(measure, S("wording"))) return text_wording(a, left, right);
    fail_msg("no such measure: %.*s", STR_ARG(measure));
    return STR_NONE;
}

static void check_line(struct arena *a, Str line, size_t number)
{
    Str cell[4] = {{0}};
    for (size_t i = 0; i < 4; i++)
        if (!str_next(&line, '\t', &cell[i])) fail_msg("line %zu: four cells are needed", number);
    for (size_t i = 0; i < COUNT_OF(MEASURES); i++)
        if (str_eq(cell[0], str_of(MEASURES[i].name))) {
            check_number(&MEASURES[i], cell[1], cell[2], cell[3], number);
            return;
        }
    Str got = words_of(a, cell[0], cell[1], cell[2]);
    if (!str_eq(got, cell[3])) fail_msg("line %zu: %.*s, not %.*s", number, STR_ARG(got), STR_ARG(cell[3]));
}

static void known_values(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("compare test", (size_t)8 << 20);
    struct buf text CLEANUP_BUF;
    struct err e = {0};
    const char *root = getenv("COLLIGATE_SOURCE_ROOT");
    Str path = str_format(a, "%s/test/compare/values.tsv", root ? root : ".");
    buf_init(&text, (size_t)1 << 20);
    if (file_read(str_cstr(a, path), &text, &e) != OK) fail_msg("%s", e.text);
    Str rest = buf_str(&text), line;
    size_t number = 0, checked = 0;
    while (str_next(&rest, '\n', &line)) {
        number++;
        if (str_empty(line) || line.ptr[0] == '#') continue;
        check_line(a, line, number);
        checked++;
    }
    assert_true(checked > 90);
}

/* ---- what holds of every comparison ---------------------------------------------------------------- */

static Str some_name(struct arena *a, struct rng *r)
{
    static const char *const PARTS[] = {"john",      "jon",  "j",         "smith", "smyth",
                                        "katherine", "kate", "ó",         "mac",   "macdonald",
                                        "x",         "anna", "annabelle", "de",    "warden"};
    struct str_list parts = {NEW_ARRAY(a, Str, 10), 1 + rng_below(r, 9)};
    for (size_t i = 0; i < parts.count; i++)
        parts.item[i] = str_of(PARTS[rng_below(r, COUNT_OF(PARTS))]);
    return str_join(a, &parts, S(" "));
}

static struct str_list some_set(struct arena *a, struct rng *r)
{
    struct str_list set = {NEW_ARRAY(a, Str, 8), 1 + rng_below(r, 7)};
    for (size_t i = 0; i < set.count; i++)
        set.item[i] = str_format(a, "code_%d", (int)rng_below(r, 10));
    str_sort_unique(&set);
    return set;
}

/* All members are filled; the comparison's form says which count. */
static struct comparand some_value(struct arena *a, struct rng *r)
{
    struct comparand v = {.text = some_name(a, r), .set = some_set(a, r)};
    v.date = (struct date){1900 + (int)rng_below(r, 5), 1 + (int)rng_below(r, 12), 1 + (int)rng_below(r, 28)};
    if (rng_below(r, 4) == 0) v.date.day = 0;
    v.place = (struct place){(double)rng_below(r, 180) - 90, (double)rng_below(r, 360) - 180, 0, true};
    v.from_ms = (int64_t)rng_below(r, 1000) * MS_PER_DAY;
    v.until_ms = v.from_ms + 1 + (int64_t)rng_below(r, 10) * MS_PER_DAY;
    v.number = (double)rng_below(r, 200) - 50;
    v.has_number = true;
    return v;
}

static void every_comparison_keeps_the_rules(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("compare test", (size_t)8 << 20);
    const struct comparand nothing = {0};
    struct comparand value[SAMPLES];
    struct rng r;
    rng_seed(&r, 7);
    for (size_t i = 0; i < SAMPLES; i++)
        value[i] = some_value(a, &r);
    for (size_t c = 0; c < COMPARISON_COUNT; c++) {
        const struct comparison *row = &COMPARISONS[c];
        bool differs = false;
        assert_ptr_equal(comparison_named(str_of(row->name)), row);
        assert_true(strlen(row->doc) > 10);
        for (size_t i = 0; i < SAMPLES; i++) {
            if (comparison_alike(row, &value[i], &value[i]) != 1) fail_msg("%s: not itself", row->name);
            assert_true(isnan(comparison_alike(row, &value[i], &nothing)));
            assert_true(isnan(comparison_alike(row, &nothing, &value[i])));
            for (size_t j = 0; j < SAMPLES; j++) {
                double alike = comparison_alike(row, &value[i], &value[j]);
                if (!(alike >= 0 && alike <= 1)) fail_msg("%s: %g is out of range", row->name, alike);
                if (alike != comparison_alike(row, &value[j], &value[i]))
                    fail_msg("%s: not symmetric", row->name);
                assert_non_null(comparison_words(row, alike));
                differs |= alike < 0.5;
            }
        }
        assert_true(isnan(comparison_alike(row, &nothing, &nothing)));
        assert_string_equal(comparison_words(row, (double)NAN), "not recorded");
        assert_true(differs);
    }
    assert_null(comparison_named(S("")));
}

static void levels_fall_to_nothing(void **state)
{
    (void)state;
    for (size_t c = 0; c < COMPARISON_COUNT; c++) {
        const struct comparison_level *level = COMPARISONS[c].level;
        size_t last = 0;
        for (size_t i = 0; i < COMPARISON_LEVELS_MAX && level[i].words; i++) {
            if (i > 0) assert_true(level[i].least < level[i - 1].least);
            last = i;
        }
        assert_true(level[last].least == 0);
        assert_string_equal(comparison_words(&COMPARISONS[c], 1), level[0].words);
        assert_string_equal(comparison_words(&COMPARISONS[c], 0), level[last].words);
    }
    const struct comparison *place = comparison_named(S("place"));
    assert_string_equal(comparison_words(place, place_alike(100)), "within 100 metres");
    assert_string_equal(comparison_words(place, place_alike(501)), "within 2 kilometres");
    assert_string_equal(comparison_words(place, place_alike(10001)), "farther than 10 kilometres apart");
    const struct comparison *interval = comparison_named(S("interval"));
    assert_string_equal(comparison_words(interval, interval_alike(7)), "within a week");
    assert_string_equal(comparison_words(interval, interval_alike(367)), "more than a year apart");
}

/* Words that are near each other often enough: few letters, parts of one another, forms of one name. */
static struct comparand near_value(struct arena *a, struct rng *r)
{
    static const char *const NAME[] = {"bill",    "william", "will", "liz", "elizabeth",
                                       "stewart", "stuart",  "j",    "jo"};
    struct comparand v = some_value(a, r);
    char text[6];
    size_t len = 1 + rng_below(r, sizeof text);
    for (size_t i = 0; i < len; i++)
        text[i] = i == 3 ? ' ' : "abc12"[rng_below(r, 5)];
    v.text = rng_chance(r, 0.3) ? str_of(NAME[rng_below(r, COUNT_OF(NAME))]) : str_copy(a, (Str){text, len});
    v.date = (struct date){1990 + (int)rng_below(r, 20), (int)rng_below(r, 13), (int)rng_below(r, 13)};
    return v;
}

static bool keys_meet(const struct near_keys *x, const struct near_keys *y)
{
    for (size_t i = 0; i < x->count; i++)
        for (size_t j = 0; j < y->count; j++)
            if (x->item[i].key == y->item[j].key && (x->item[i].side | y->item[j].side) == NEAR_BOTH)
                return true;
    return false;
}

/* Who reaches a listed level shares a key, and who does not is told the level by number as by comparing. */
static void keys_miss_nobody(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("compare test", (size_t)64 << 20);
    struct comparand value[400];
    struct near_keys keys[2];
    struct rng r;
    rng_seed(&r, 17);
    for (size_t i = 0; i < COUNT_OF(value); i++)
        value[i] = near_value(a, &r);
    for (size_t c = 0; c < COMPARISON_COUNT; c++) {
        const struct comparison *row = &COMPARISONS[c];
        size_t near = 0;
        if (row->keys == NULL) continue;
        for (size_t i = 0; i < COUNT_OF(value); i++) {
            keys[0].count = 0;
            row->keys(&value[i], &keys[0]);
            for (size_t j = 0; j < i; j++) {
                int level = comparison_level_of(row, comparison_alike(row, &value[i], &value[j]));
                if (level >= row->listed && row->pack)
                    assert_int_equal(row->loose(row->pack(&value[i]), row->pack(&value[j])), level);
                if (level >= row->listed) continue;
                near += level > 0;
                keys[1].count = 0;
                row->keys(&value[j], &keys[1]);
                if (!keys_meet(&keys[0], &keys[1]))
                    fail_msg("%s: level %d shares no key: \"%.*s\" and \"%.*s\", or %04d-%02d-%02d and "
                             "%04d-%02d-%02d",
                             row->name, level, STR_ARG(value[i].text), STR_ARG(value[j].text),
                             value[i].date.year, value[i].date.month, value[i].date.day, value[j].date.year,
                             value[j].date.month, value[j].date.day);
            }
        }
        if (row->listed > 1) assert_true(near > 100);
    }
}

static void dates_are_read_as_written(void **state)
{
    (void)state;
    static const struct {
        Str text;
        struct date is;
    } CASES[] = {
        {{"1851-81-01", 10}, {1851, 81, 1}},
        {{"19560409", 8}, {1956, 4, 9}},
        {{"3/4/1990", 8}, {1990, 4, 3}},
        {{"1990.4.3", 8}, {1990, 4, 3}},
        {{"", 0}, {0, 0, 0}},
        {{"1990", 4}, {0, 0, 0}},
        {{"1990-4", 6}, {0, 0, 0}},
        {{"199O-04-03", 10}, {0, 0, 0}},
        {{"1-2-3", 5}, {0, 0, 0}},
        {{"1-2-3-4", 7}, {0, 0, 0}},
        {{"999999999", 9}, {0, 0, 0}},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct date d = date_written(CASES[i].text);
        if (d.year != CASES[i].is.year || d.month != CASES[i].is.month || d.day != CASES[i].is.day)
            fail_msg("%.*s: %d-%d-%d", STR_ARG(CASES[i].text), d.year, d.month, d.day);
    }
}

/* ---- more than one value can show ------------------------------------------------------------------ */

/* A metric: the true Damerau distance keeps the triangle, and never exceeds the aligned one. */
static void edits_keep_the_triangle(void **state)
{
    (void)state;
    struct rng r;
    rng_seed(&r, 11);
    for (int round = 0; round < 3000; round++) {
        char text[3][8];
        Str s[3];
        for (int k = 0; k < 3; k++) {
            size_t len = rng_below(&r, 8);
            for (size_t i = 0; i < len; i++)
                text[k][i] = (char)('a' + rng_below(&r, 3));
            s[k] = (Str){text[k], len};
        }
        int ab = name_edits_damerau(s[0], s[1]), bc = name_edits_damerau(s[1], s[2]),
            ac = name_edits_damerau(s[0], s[2]);
        assert_true(ac <= ab + bc);
        assert_int_equal(ab, name_edits_damerau(s[1], s[0]));
        assert_int_equal(name_edits_aligned(s[0], s[1]), name_edits_aligned(s[1], s[0]));
        assert_true(ab <= name_edits_aligned(s[0], s[1]));
        assert_true((ab == 0) == str_eq(s[0], s[1]));
    }
}

static void long_and_odd_names_end_well(void **state)
{
    (void)state;
    char longest[1000];
    memset(longest, 'a', sizeof longest);
    for (size_t i = 0; i < sizeof longest; i += 7)
        longest[i] = ' ';
    Str s = {longest, sizeof longest}, half = {longest, sizeof longest / 2}, bad = S("\xff\xc3");
    assert_true(name_alike(s, s) == 1);
    assert_true(name_alike(s, half) > 0.7);
    assert_int_equal(name_edits_damerau(s, S("")), NAME_CHARS_MAX);
    assert_true(name_jaro(bad, bad) == 1);
    assert_true(name_jaro(bad, S("ab")) == 0);
    char key[NAME_KEY_MAX];
    name_nysiis(S("wolfeschlegelsteinhausenbergerdorff"), key);
    assert_int_equal(strlen(key), NAME_KEY_MAX - 1);
}

static void forms_of_names_are_sorted(void **state)
{
    (void)state;
    const struct name_forms *f = &NAME_FORMS_ENGLISH;
    for (size_t i = 1; i < f->count; i++) {
        int order = str_compare(str_of(f->item[i - 1].form), str_of(f->item[i].form));
        if (order == 0) order = str_compare(str_of(f->item[i - 1].name), str_of(f->item[i].name));
        if (order >= 0) fail_msg("%s stands behind %s", f->item[i].form, f->item[i - 1].form);
    }
    for (size_t i = 0; i < f->count; i++)
        assert_true(name_forms_related(f, str_of(f->item[i].form), str_of(f->item[i].name)));
    assert_false(name_forms_related(f, S("john"), S("william")));
    assert_false(name_forms_related(f, S(""), S("")));
    assert_true(name_alike_by(NULL, S("bill smith"), S("william smith")) <
                name_alike(S("bill smith"), S("william smith")));
}

/* The stated bound of the flat map: 0.01 % below 100 km and 70 degrees. */
static void the_flat_map_keeps_its_bound(void **state)
{
    (void)state;
    struct rng r;
    rng_seed(&r, 13);
    double worst = 0;
    for (int round = 0; round < 20000; round++) {
        double lat = (double)rng_below(&r, 1380000) / 10000 - 69,
               lon = (double)rng_below(&r, 3600000) / 10000 - 180;
        double lat2 = lat + (double)rng_below(&r, 16000) / 10000 - 0.8,
               lon2 = lon + (double)rng_below(&r, 16000) / 10000 - 0.8;
        if (fabs(lat2) > 70) continue;
        double exact = place_distance_m(lat, lon, lat2, lon2),
               flat = place_distance_flat_m(lat, lon, lat2, lon2);
        if (exact < 1 || exact > 100000) continue;
        worst = fmax(worst, fabs(flat - exact) / exact);
    }
    if (worst > 1e-4) fail_msg("off by %g", worst);
    assert_true(worst > 1e-6); /* else the bound says nothing */
    assert_true(fabs(place_distance_flat_m(0, 179.9, 0, -179.9) - place_distance_m(0, 179.9, 0, -179.9)) < 1);
    assert_true(isnan(place_distance_m((double)NAN, 0, 0, 0)));
}

static void gaps_are_from_end_to_start(void **state)
{
    (void)state;
    const int64_t day = MS_PER_DAY;
    assert_true(interval_gap_days(0, day, 3 * day, 4 * day) == 2);
    assert_true(interval_gap_days(3 * day, 4 * day, 0, day) == 2);
    assert_true(interval_gap_days(0, 5 * day, day, 2 * day) == 0);
    assert_true(interval_gap_days(0, day, day, 2 * day) == 0);
    assert_true(interval_gap_days(INT64_MIN, INT64_MIN + 1, INT64_MAX - 1, INT64_MAX) > 2e11);
}

static struct str_list listed(struct arena *a, const char *words)
{
    struct str_list list = str_split(a, str_of(words), ' ');
    if (words[0] == '\0') list.count = 0;
    return list;
}

#define HOUR INT64_C(3600000)

static void expected_gaps_by_hand(void **state)
{
    (void)state;
    const int64_t day = MS_PER_DAY;
    /* the same day twice: a third of it; a day and the next: one; a point in the middle of a day: a quarter
     */
    assert_true(fabs(interval_expected_days(0, day, 0, day) - 1.0 / 3) < 1e-12);
    assert_true(fabs(interval_expected_days(0, day, day, 2 * day) - 1) < 1e-12);
    assert_true(fabs(interval_expected_days(0, day, day / 2, day / 2) - 0.25) < 1e-12);
    assert_true(fabs(interval_expected_days(400 * day, 400 * day, 0, day) - 399.5) < 1e-9);
    /* 23:00 and 01:00 are two hours apart; anything and a whole day: six; Sunday and Wednesday of another
     * week */
    assert_true(fabs(interval_expected_cycle_days(23 * HOUR, 23 * HOUR, 25 * HOUR, 25 * HOUR, 1) * 24 - 2) <
                1e-9);
    assert_true(fabs(interval_expected_cycle_days(7 * HOUR, 8 * HOUR, 3 * HOUR, 27 * HOUR, 1) * 24 - 6) <
                1e-9);
    assert_true(fabs(interval_expected_cycle_days(0, 0, 17 * day, 17 * day, 7) - 3) < 1e-9);
    /* the hour around midnight, twice: a third of an hour */
    assert_true(fabs(interval_expected_cycle_days(-HOUR / 2, HOUR / 2, 24 * HOUR - HOUR / 2,
                                                  24 * HOUR + HOUR / 2, 1) *
                         24 -
                     1.0 / 3) < 1e-9);
}

/* Against the mean over a fine grid; the same both ways round. */
static void expected_gaps_are_means(void **state)
{
    (void)state;
    struct rng chance;
    rng_seed(&chance, 21);
    for (int round = 0; round < 60; round++) {
        enum { CELLS = 300 };
        int64_t a1 = rng_between(&chance, -50, 50) * HOUR, a2 = a1 + rng_between(&chance, 0, 60) * HOUR,
                b1 = rng_between(&chance, -50, 50) * HOUR, b2 = b1 + rng_between(&chance, 0, 60) * HOUR;
        double line = 0, circle = 0;
        for (int i = 0; i < CELLS; i++)
            for (int j = 0; j < CELLS; j++) {
                double x = (double)a1 + (double)(a2 - a1) * (i + 0.5) / CELLS,
                       y = (double)b1 + (double)(b2 - b1) * (j + 0.5) / CELLS;
                double gap = fabs(x - y) / (double)MS_PER_DAY, way = fmod(gap, 1);
                line += gap / (CELLS * CELLS);
                circle += (way > 0.5 ? 1 - way : way) / (CELLS * CELLS);
            }
        assert_true(fabs(interval_expected_days(a1, a2, b1, b2) - line) < 1e-4);
        assert_true(fabs(interval_expected_cycle_days(a1, a2, b1, b2, 1) - circle) < 1e-4);
        assert_true(fabs(interval_expected_days(b1, b2, a1, a2) - interval_expected_days(a1, a2, b1, b2)) <
                    1e-12);
    }
}

static void sets_by_hand(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("sets", (size_t)1 << 20);
    struct str_list x = listed(a, "a b c"), y = listed(a, "b c d e"), none = listed(a, ""),
                    other = listed(a, "x");
    assert_int_equal(set_shared_count(&x, &y), 2);
    assert_true(set_jaccard(&x, &y) == 2.0 / 5);
    assert_true(set_dice(&x, &y) == 4.0 / 7);
    assert_true(set_jaccard(&x, &other) == 0);
    assert_true(isnan(set_jaccard(&x, &none)) && isnan(set_dice(&none, &none)));
    struct str_list shared = set_shared(a, &x, &y);
    assert_int_equal(shared.count, 2);
    assert_true(str_eq(shared.item[0], S("b")) && str_eq(shared.item[1], S("c")));
    assert_int_equal(set_shared(a, &x, &none).count, 0);
}

static void marks_stand_where_the_words_are(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("terms", (size_t)4 << 20);
    Str text = S("Ñandú: a bottle of clear liquid; the CLEAR sky, no phone.");
    struct str_list terms = {(Str[]){S("clear"), S("clear liquid"), S("no phone"), S("phone")}, 4};
    struct text_spots spots = text_find_terms(a, text, &terms);
    static const char *const EXPECTED[] = {"clear liquid", "CLEAR", "no phone"};
    assert_int_equal(spots.count, COUNT_OF(EXPECTED));
    for (size_t i = 0; i < spots.count; i++)
        assert_true(str_eq(str_slice(text, spots.item[i].from, spots.item[i].to), str_of(EXPECTED[i])));
    struct str_list none = {0};
    assert_int_equal(text_find_terms(a, text, &none).count, 0);
    /* every term of a text is found in it */
    struct str_list all = text_terms(a, text);
    for (size_t i = 0; i < all.count; i++) {
        struct str_list one = {&all.item[i], 1};
        assert_true(text_find_terms(a, text, &one).count > 0);
    }
    Str broken = S("bottle \xff\xfe bottle \xc3");
    assert_int_equal(text_terms(a, broken).count, 1);
    struct str_list words = text_words(a, S("the cat and a hat cat"));
    assert_int_equal(words.count, 3); /* a, cat, hat: one letter is a word, of a name perhaps */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_values),
        cmocka_unit_test(every_comparison_keeps_the_rules),
        cmocka_unit_test(levels_fall_to_nothing),
        cmocka_unit_test(keys_miss_nobody),
        cmocka_unit_test(dates_are_read_as_written),
        cmocka_unit_test(edits_keep_the_triangle),
        cmocka_unit_test(long_and_odd_names_end_well),
        cmocka_unit_test(forms_of_names_are_sorted),
        cmocka_unit_test(the_flat_map_keeps_its_bound),
        cmocka_unit_test(gaps_are_from_end_to_start),
        cmocka_unit_test(expected_gaps_by_hand),
        cmocka_unit_test(expected_gaps_are_means),
        cmocka_unit_test(sets_by_hand),
        cmocka_unit_test(marks_stand_where_the_words_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
