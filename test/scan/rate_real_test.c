/* Rates on homicides of ten states: the published groups of counties and metropolitan areas, and known series
 * first in their years. Reads ../shared/data (or COLLIGATE_DATA); skipped, with the reason, where that is not
 * there. */
#include "base/caldate.h"
#include "base/csv.h"
#include "base/table.h"
#include "scan/rate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define FIRST_YEAR 1976
#define LAST_YEAR  2018

enum { AREA, SEX, WEAPON, FACTORS };

struct homicides {
    struct arena *arena;
    struct table *names[FACTORS];
    struct rate_input in;
    uint32_t *level[FACTORS], *unit;
    bool *unsolved;
};

static const char *data_file(const char *name, char path[1024])
{
    const char *folder = getenv("COLLIGATE_DATA"), *root = getenv("COLLIGATE_SOURCE_ROOT");
    if (folder != NULL)
        (void)snprintf(path, 1024, "%s/%s", folder, name);
    else
        (void)snprintf(path, 1024, "%s/../shared/data/%s", root ? root : ".", name);
    if (file_exists(path)) return path;
    print_message("skipped: %s is not there\n", path);
    return NULL;
}

static struct csv_reader *open_csv(const char *path)
{
    struct stream *s;
    struct csv_reader *r;
    struct err e = {0};
    if (stream_open(path, NULL, &s, &e) != OK || csv_open(s, NULL, true, &r, &e) != OK)
        fail_msg("%s", e.text);
    return r;
}

static size_t column(const struct csv_reader *r, Str name)
{
    const struct csv_row *header = csv_header(r);
    for (size_t i = 0; i < header->count; i++)
        if (str_eq(header->cell[i], name)) return i;
    fail_msg("no column %.*s", STR_ARG(name));
    return 0;
}

static void read_homicides(struct homicides *h, const char *path, Str area, int last_year)
{
    enum { ROWS_MAX = 60000 };
    struct csv_reader *r = open_csv(path);
    struct csv_row row;
    struct err e = {0};
    bool more;
    size_t at[FACTORS] = {column(r, area), column(r, S("vic_sex")), column(r, S("weapon"))};
    size_t year_at = column(r, S("year")), solved_at = column(r, S("solved"));
    *h = (struct homicides){.arena = arena_new("homicides", (size_t)1 << 30)};
    h->unit = NEW_ARRAY(h->arena, uint32_t, ROWS_MAX);
    h->unsolved = NEW_ARRAY(h->arena, bool, ROWS_MAX);
    for (size_t f = 0; f < FACTORS; f++) {
        h->names[f] = table_new(10000);
        h->in.level[f] = h->level[f] = NEW_ARRAY(h->arena, uint32_t, ROWS_MAX);
    }
    while (csv_next(r, &row, &more, &e) == OK && more) {
        int64_t year;
        assert_int_equal(str_to_i64(row.cell[year_at], &year), OK);
        if (year > last_year) continue;
        for (size_t f = 0; f < FACTORS; f++)
            h->level[f][h->in.rows] = table_intern(h->names[f], row.cell[at[f]]);
        h->unit[h->in.rows] = (uint32_t)(year - FIRST_YEAR);
        h->unsolved[h->in.rows++] = str_eq(row.cell[solved_at], S("No"));
    }
    csv_close(r);
    h->in.unexplained = h->unsolved;
    h->in.unit = h->unit;
    h->in.units = (size_t)(last_year - FIRST_YEAR) + 1;
    h->in.factors = FACTORS;
    for (size_t f = 0; f < FACTORS; f++)
        h->in.levels[f] = table_count(h->names[f]);
}

static void close_homicides(struct homicides *h)
{
    for (size_t f = 0; f < FACTORS; f++)
        table_free(h->names[f]);
    arena_free(h->arena);
}

static Str name_of(const struct homicides *h, const struct rate_groups *g, size_t group, size_t factor)
{
    return table_key(h->names[factor], h->level[factor][g->group[group].row]);
}

/* As published: women, at most 33 % solved, more than one case. */
static bool is_flagged(const struct homicides *h, const struct rate_groups *g, size_t group)
{
    const struct rate_group *x = &g->group[group];
    return str_eq(name_of(h, g, group, SEX), S("Female")) && x->cases > 1 &&
           (double)(x->cases - x->unexplained) <= 0.33 * (double)x->cases;
}

static void check_published(const char *published, const char *label, Str area, size_t of,
                            size_t flagged_least, size_t same_least)
{
    char path[1024], list[1024];
    struct homicides h;
    struct rate_groups g;
    struct err e = {0};
    struct csv_row row;
    bool more;
    size_t listed = 0, flagged = 0, same = 0, ours = 0;
    if (data_file("deaths/us_homicides_west_1976_2018.csv.gz", path) == NULL) skip();
    if (data_file(published, list) == NULL) skip();
    read_homicides(&h, path, area, 2016);
    if (rate_measure(&h.in, h.arena, &g, &e) != OK) fail_msg("%s", e.text);
    struct csv_reader *r = open_csv(list);
    size_t area_at = column(r, str_of(label)), weapon_at = column(r, S("Weapon_label"));
    size_t cases_at = column(r, S("cases")), solved_at = column(r, S("solved"));
    while (csv_next(r, &row, &more, &e) == OK && more) {
        if (table_find(h.names[AREA], row.cell[area_at]) == NULL) continue; /* of another state */
        int64_t cases, solved;
        assert_int_equal(str_to_i64(row.cell[cases_at], &cases), OK);
        assert_int_equal(str_to_i64(row.cell[solved_at], &solved), OK);
        listed++;
        for (size_t k = 0; k < g.groups; k++) {
            if (!str_eq(name_of(&h, &g, k, AREA), row.cell[area_at]) || !is_flagged(&h, &g, k) ||
                !str_eq(name_of(&h, &g, k, WEAPON), row.cell[weapon_at]))
                continue;
            flagged++;
            same += g.group[k].cases == (size_t)cases &&
                    g.group[k].cases - g.group[k].unexplained == (size_t)solved;
        }
    }
    csv_close(r);
    for (size_t k = 0; k < g.groups; k++)
        ours += is_flagged(&h, &g, k);
    print_message(
        "%s: %zu published of these states, %zu flagged here, %zu with the same counts; %zu flagged in all\n",
        label, listed, flagged, same, ours);
    assert_int_equal(listed, of);
    assert_true(flagged >= flagged_least);
    assert_true(same >= same_least);
    close_homicides(&h);
}

static void counties_as_published(void **state)
{
    (void)state;
    check_published("linkage/map_expected_county_female.csv", "county_state", S("cnty_name"), 28, 26, 26);
}

static void metropolitan_areas_as_published(void **state)
{
    (void)state;
    check_published("linkage/map_expected_msa_female.csv", "MSA_label", S("msa_name"), 16, 16, 15);
}

static void known_series_come_first_in_their_years(void **state)
{
    char path[1024];
    struct homicides h;
    struct rate_groups g;
    struct rate_window *w;
    struct err e = {0};
    size_t count, king = 0, women = 0;
    (void)state;
    if (data_file("deaths/us_homicides_west_1976_2018.csv.gz", path) == NULL) skip();
    read_homicides(&h, path, S("cnty_name"), LAST_YEAR);
    if (rate_measure(&h.in, h.arena, &g, &e) != OK) fail_msg("%s", e.text);
    struct rate_options o = {.units_max = 10, .shuffles = 99, .stop_after = 10, .seed = 1};
    if (rate_scan(&h.in, &g, &o, h.arena, &w, &count, &e) != OK) fail_msg("%s", e.text);
    for (size_t i = 0; i < count; i++) {
        const struct rate_window *x = &w[i];
        Str area = name_of(&h, &g, x->group, AREA), weapon = name_of(&h, &g, x->group, WEAPON);
        bool female = str_eq(name_of(&h, &g, x->group, SEX), S("Female")),
             in_king = str_eq(area, S("King, WA"));
        if ((in_king && king < 3) || (female && women < 6) || i < 6)
            print_message("%zu: %.*s, %s, %.*s, %u to %u: %zu of %zu, usual %.1f, base %.2f, expected %.2f, "
                          "score %.2f, "
                          "p %.3f\n",
                          i + 1, STR_ARG(area), female ? "women" : "men", STR_ARG(weapon),
                          FIRST_YEAR + x->from_unit, FIRST_YEAR + x->to_unit, x->unexplained, x->cases,
                          x->usual, x->base, x->expected, x->score, x->probability);
        if (in_king && king++ == 0) { /* Green River */
            assert_true(female);
            assert_true(str_eq(weapon, S("Other or type unknown")));
            assert_int_equal(FIRST_YEAR + x->from_unit, 1982);
            assert_int_equal(FIRST_YEAR + x->to_unit, 1984);
            assert_true(women < 3); /* in ten states and 43 years */
        }
        women += female;
    }
    assert_true(king > 0);
    close_homicides(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counties_as_published),
        cmocka_unit_test(metropolitan_areas_as_published),
        cmocka_unit_test(known_series_come_first_in_their_years),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
