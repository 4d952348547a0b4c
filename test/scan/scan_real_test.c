/* The scan against SaTScan 10.3.2 on the data it comes with and on a synthetic year: log-likelihood ratios to
 * six decimals, members, days. Reads ../shared/data/scan (or COLLIGATE_DATA); skipped, with the reason, where
 * that is not there. */
#include "base/buf.h"
#include "base/caldate.h"
#include "base/stream.h"
#include "base/table.h"
#include "scan/scan.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* SaTScan's sphere. */
#define EARTH_RADIUS_M 6367000.0
#define CELLS_MAX      8

struct row {
    Str cell[CELLS_MAX];
};
struct lines {
    struct row *row;
    size_t count;
};

struct sample {
    struct arena *arena;
    struct table *ids;
    double *x, *y;
    size_t locations;
    struct scan_input in;
    int64_t *first_day;
    uint32_t *case_group;
};

static const char *data_file(const char *name, char path[1024])
{
    const char *folder = getenv("COLLIGATE_DATA"), *root = getenv("COLLIGATE_SOURCE_ROOT");
    if (folder != NULL)
        (void)snprintf(path, 1024, "%s/scan/%s", folder, name);
    else
        (void)snprintf(path, 1024, "%s/../shared/data/scan/%s", root ? root : ".", name);
    if (file_exists(path)) return path;
    print_message("skipped: %s is not there\n", path);
    return NULL;
}

/* Rows of cells with blanks between. */
static struct lines read_lines(struct arena *a, const char *name)
{
    char path[1024];
    struct buf b;
    struct err e = {0};
    buf_init(&b, (size_t)64 << 20);
    if (data_file(name, path) == NULL || file_read(path, &b, &e) != OK) fail_msg("%s %s", name, e.text);
    Str rest = str_copy(a, buf_str(&b)), line;
    buf_free(&b);
    size_t rows = 1;
    for (size_t i = 0; i < rest.len; i++)
        rows += rest.ptr[i] == '\n';
    struct lines out = {NEW_ARRAY(a, struct row, rows), 0};
    while (str_next(&rest, '\n', &line)) {
        size_t cells = 0;
        line = str_trim(line);
        for (size_t i = 0; i < line.len && cells < CELLS_MAX;) {
            size_t from = i;
            while (i < line.len && line.ptr[i] != ' ' && line.ptr[i] != '\t')
                i++;
            if (i > from) out.row[out.count].cell[cells++] = str_slice(line, from, i);
            i += i == from;
        }
        out.count += cells > 0;
    }
    return out;
}

static double number(Str s)
{
    double x = 0;
    if (str_to_f64(s, &x) != OK) fail_msg("%.*s is no number", STR_ARG(s));
    return x;
}

static uint32_t location_of(struct sample *s, Str id)
{
    const uint64_t *at = table_find(s->ids, id);
    if (at == NULL) fail_msg("%.*s has no coordinates", STR_ARG(id));
    return at ? (uint32_t)*at : 0;
}

static void read_locations(struct sample *s, const char *name)
{
    struct lines l = read_lines(s->arena, name);
    s->x = NEW_ARRAY(s->arena, double, l.count);
    s->y = NEW_ARRAY(s->arena, double, l.count);
    for (size_t i = 0; i < l.count; i++) {
        uint32_t z = table_intern(s->ids, l.row[i].cell[0]);
        s->y[z] = number(l.row[i].cell[1]);
        s->x[z] = number(l.row[i].cell[2]);
    }
    s->locations = table_count(s->ids);
}

static void open_sample(struct sample *s)
{
    *s = (struct sample){.arena = arena_new("sample", (size_t)1 << 30), .ids = table_new(100000)};
}
static void close_sample(struct sample *s)
{
    table_free(s->ids);
    arena_free(s->arena);
}

/* Cases by day: id, how many, 2023/10/01. */
static void read_cases_by_day(struct sample *s, const char *name, Str first, size_t units)
{
    struct lines l = read_lines(s->arena, name);
    struct err e = {0};
    int64_t from, day;
    bool has_time;
    size_t n = 0, most = 0;
    assert_int_equal(caldate_parse_pattern(first, S("%Y/%m/%d"), &from, &has_time, &e), OK);
    for (size_t i = 0; i < l.count; i++)
        most += (size_t)number(l.row[i].cell[1]);
    uint32_t *location = NEW_ARRAY(s->arena, uint32_t, most), *unit = NEW_ARRAY(s->arena, uint32_t, most);
    for (size_t i = 0; i < l.count; i++) {
        if (caldate_parse_pattern(l.row[i].cell[2], S("%Y/%m/%d"), &day, &has_time, &e) != OK)
            fail_msg("%s", e.text);
        for (size_t k = 0; k < (size_t)number(l.row[i].cell[1]); k++, n++) {
            location[n] = location_of(s, l.row[i].cell[0]);
            unit[n] = (uint32_t)((day - from) / MS_PER_DAY);
        }
    }
    s->first_day = NEW_ARRAY(s->arena, int64_t, units + 1);
    for (size_t u = 0; u <= units; u++)
        s->first_day[u] = from / MS_PER_DAY + (int64_t)u;
    s->in = (struct scan_input){.records = n, .location = location, .unit = unit, .units = units};
}

struct expected {
    const char *members; /* NULL: too many to write down, the count only */
    size_t locations;
    const char *from, *to;
    size_t observed;
    const char *score, *radius_km;
};

static void check_cluster(struct sample *s, const struct scan_cluster *c, const struct expected *x)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%.6f", c->score);
    assert_string_equal(text, x->score);
    assert_int_equal(c->observed, x->observed);
    assert_int_equal(c->locations, x->locations);
    caldate_format_day(s->first_day[c->from_unit] * MS_PER_DAY, text);
    assert_string_equal(text, x->from);
    caldate_format_day((s->first_day[c->to_unit + 1] - 1) * MS_PER_DAY, text);
    assert_string_equal(text, x->to);
    (void)snprintf(text, sizeof text, "%.2f", c->radius_m / 1000);
    assert_string_equal(text, x->radius_km);
    Str rest = str_of(x->members), name;
    while (str_next(&rest, ',', &name)) {
        bool found = false;
        for (size_t k = 0; k < c->locations; k++)
            found = found || c->location[k] == location_of(s, name);
        if (!found) fail_msg("%.*s is not in the cluster", STR_ARG(name));
    }
}

static void check_run(struct sample *s, double radius_m_max, struct scan_options o, const struct expected *x,
                      size_t count, struct scan_result *out)
{
    struct scan_points points = {s->locations, s->x, s->y, .earth_radius_m = EARTH_RADIUS_M};
    const struct scan_map *map;
    struct err e = {0};
    if (scan_map_make(&points, radius_m_max, 0, s->arena, &map, &e) != OK) fail_msg("%s", e.text);
    if (scan_run(map, &s->in, &o, s->arena, out, &e) != OK) fail_msg("%s", e.text);
    for (size_t i = 0; i < out->clusters; i++) {
        const struct scan_cluster *c = &out->cluster[i];
        print_message("%zu: score %.6f, %zu of %.3f expected, %zu locations, %.2f km, p %.4f (%zu of %zu)\n",
                      i + 1, c->score, c->observed, c->expected, c->locations, c->radius_m / 1000,
                      c->probability, c->reached, c->shuffles);
    }
    assert_true(out->clusters >= count);
    for (size_t i = 0; i < count; i++)
        check_cluster(s, &out->cluster[i], &x[i]);
}

static void fever_in_new_york(void **state)
{
    static const struct expected x[] = {
        {"11418,11415,11419,11435,11416,11421,11451,11375,11417", 9, "2001-11-22", "2001-11-24", 4,
         "3.845418", "2.90"},
        {"11372", 1, "2001-11-24", "2001-11-24", 2, "3.164201", "0.00"},
        {"10472", 1, "2001-11-23", "2001-11-24", 2, "2.137259", "0.00"},
    };
    struct sample s;
    struct scan_result r;
    char path[1024];
    (void)state;
    if (data_file("nyc_fever/NYCfever.cas", path) == NULL) skip();
    open_sample(&s);
    read_locations(&s, "nyc_fever/NYCfever.geo");
    read_cases_by_day(&s, "nyc_fever/NYCfever.cas", S("2001/11/1"), 24);
    struct scan_options o = {.prospective = true, .units_max = 7, .shuffles = 9999, .seed = 1};
    check_run(&s, 3000, o, x, COUNT_OF(x), &r);
    /* SaTScan: 0.242 (50 of 207), 0.575, 0.966 */
    assert_true(fabs(r.cluster[0].probability - 0.242) < 0.09);
    assert_true(fabs(r.cluster[1].probability - 0.575) < 0.1);
    assert_true(fabs(r.cluster[2].probability - 0.966) < 0.04);
    close_sample(&s);
}

static void deaths_of_a_synthetic_year(void **state)
{
    static const struct expected x[] = {
        {"p7", 1, "2023-12-17", "2023-12-31", 6, "12.823404", "0.00"},
        {"p1602,p38,p447", 3, "2023-12-31", "2023-12-31", 2, "8.531375", "0.58"},
        {"p1761,p401,p634,p480,p810,p1925,p971,p382,p317,p655,p554,p1345,p1643,p867,p777,p660,p1988,p964,"
         "p590,"
         "p1076,p1592,p1685,p598,p371",
         24, "2023-12-12", "2023-12-31", 11, "6.026775", "2.93"},
        {"p1351,p807,p164,p947,p1945,p610,p1575,p910", 8, "2023-12-08", "2023-12-31", 7, "5.574616", "1.40"},
        {"p1031", 1, "2023-12-27", "2023-12-31", 2, "5.510125", "0.00"},
        {"p470,p1503,p1684", 3, "2023-12-22", "2023-12-31", 3, "5.487023", "1.41"},
    };
    struct sample s;
    struct scan_result r;
    char path[1024];
    (void)state;
    if (data_file("synthetic/syn.cas", path) == NULL) skip();
    open_sample(&s);
    read_locations(&s, "synthetic/syn.geo");
    read_cases_by_day(&s, "synthetic/syn.cas", S("2023/1/1"), 365);
    struct scan_options o = {.prospective = true, .units_max = 30, .shuffles = 999, .seed = 1};
    check_run(&s, 3000, o, x, COUNT_OF(x), &r);
    /* SaTScan: 0.0030, 0.301 */
    assert_true(r.cluster[0].probability < 0.02);
    assert_true(fabs(r.cluster[1].probability - 0.301) < 0.1);
    close_sample(&s);
}

static void read_new_mexico(struct sample *s, struct scan_population *p)
{
    struct lines cas = read_lines(s->arena, "new_mexico/nm.cas"),
                 pop = read_lines(s->arena, "new_mexico/nm.pop");
    struct table *group = table_new(1000);
    uint32_t *location = NEW_ARRAY(s->arena, uint32_t, cas.count),
             *unit = NEW_ARRAY(s->arena, uint32_t, cas.count);
    s->case_group = NEW_ARRAY(s->arena, uint32_t, cas.count);
    for (size_t i = 0; i < cas.count; i++) {
        assert_int_equal((int)number(cas.row[i].cell[1]), 1);
        location[i] = location_of(s, cas.row[i].cell[0]);
        unit[i] = (uint32_t)number(cas.row[i].cell[2]) - 1973;
        s->case_group[i] = table_intern(group, str_format(s->arena, "%.*s %.*s", STR_ARG(cas.row[i].cell[3]),
                                                          STR_ARG(cas.row[i].cell[4])));
    }
    uint32_t *where = NEW_ARRAY(s->arena, uint32_t, pop.count),
             *who = NEW_ARRAY(s->arena, uint32_t, pop.count);
    int64_t *day = NEW_ARRAY(s->arena, int64_t, pop.count);
    double *people = NEW_ARRAY(s->arena, double, pop.count);
    for (size_t i = 0; i < pop.count; i++) {
        where[i] = location_of(s, pop.row[i].cell[0]);
        day[i] =
            caldate_to_days(1900 + (int)number(pop.row[i].cell[1]), 7, 1); /* a year alone means its middle */
        people[i] = number(pop.row[i].cell[2]);
        who[i] = table_intern(group, str_format(s->arena, "%.*s %.*s", STR_ARG(pop.row[i].cell[3]),
                                                STR_ARG(pop.row[i].cell[4])));
    }
    table_free(group);
    s->first_day = NEW_ARRAY(s->arena, int64_t, 20);
    for (int u = 0; u < 20; u++)
        s->first_day[u] = caldate_to_days(1973 + u, 1, 1);
    *p = (struct scan_population){pop.count, where, day, people, who};
    s->in = (struct scan_input){.records = cas.count, .location = location, .unit = unit, .units = 19};
}

static void brain_cancer_in_new_mexico(void **state)
{
    static const struct expected x[] = {
        {"Torrance,Bernalillo,Valencia,SantaFe,Guadelupe,Socorro,Sandoval,SanMiguel,LosAlamos", 9,
         "1985-01-01", "1989-12-31", 236, "10.979758", "125.60"},
        {"Chaves", 1, "1988-01-01", "1989-12-31", 16, "5.684828", "0.00"},
        {"Curry,Roosevelt", 2, "1982-01-01", "1983-12-31", 13, "3.884186", "41.28"},
    };
    struct sample s;
    struct scan_result r;
    struct scan_population p;
    struct err e = {0};
    double *expected;
    char path[1024];
    (void)state;
    if (data_file("new_mexico/nm.cas", path) == NULL) skip();
    open_sample(&s);
    read_locations(&s, "new_mexico/nm.geo");
    read_new_mexico(&s, &p);
    if (scan_expect(&p, s.locations, s.first_day, 19, s.in.records, s.case_group, s.arena, &expected, &e) !=
        OK)
        fail_msg("%s", e.text);
    s.in.expected = expected;
    struct scan_options o = {
        .model = SCAN_POISSON, .units_max = 9, .shuffles = 999, .stop_after = 50, .seed = 1};
    check_run(&s, INFINITY, o, x, COUNT_OF(x), &r);
    /* SaTScan: 0.014, 0.692, 0.996 */
    assert_true(fabs(r.cluster[0].probability - 0.014) < 0.015);
    assert_true(fabs(r.cluster[1].probability - 0.692) < 0.15);
    close_sample(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fever_in_new_york),
        cmocka_unit_test(deaths_of_a_synthetic_year),
        cmocka_unit_test(brain_cancer_in_new_mexico),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
