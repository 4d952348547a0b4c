/* Real files, where they are: ../shared/data beside the project or $COLLIGATE_DATA. Nothing of them
 * is kept or shown. */
#include "kit.h"

#include "base/stream.h"

#include <stdio.h>
#include <stdlib.h>

struct real_file {
    const char *mapping, *file;
    uint64_t rows;
    /* fields and in how many records they stand, as counted apart from this program */
    struct {
        const char *name;
        uint64_t records;
    } field[6];
};

static const struct real_file files[] = {
    {"milwaukee",
     "deaths/milwaukee_me_2020_2026.csv.gz",
     22397,
     {{"died", 22397},
      {"place", 21673},
      {"sex", 22378},
      {"age", 22386},
      {"address", 22323},
      {"cause_1a", 16102}}},
    {"cook_opioid",
     "deaths/cook_opioid_deaths_geo.csv.gz",
     12321,
     {{"died", 12321},
      {"place", 11349},
      {"sex", 12321},
      {"age", 12310},
      {"found", 12192},
      {"cause_2", 1402}}},
    {"connecticut",
     "deaths/ct_drug_deaths_2012_2018.csv.gz",
     5105,
     {{"died", 2822}, {"reported_at", 2281}, {"place", 5100}, {"manner", 5095}, {"cause_2", 169}}},
    {"cook_archive",
     "deaths/cook_me_archive_2014_2021_nogeo.csv.gz",
     58138,
     {{"died", 58138}, {"place", 0}, {"age", 57857}, {"sex", 57957}, {"manner", 57768}, {"cause_1a", 57281}}},
    {"us_homicides",
     "deaths/us_homicides_west_1976_2018.csv.gz",
     56075,
     {{"died", 56075}, {"mechanism", 56075}, {"age", 55247}, {"sex", 56075}, {"address", 56075}}},
};

static const char *data_path(struct arena *a, const char *file)
{
    const char *root = getenv("COLLIGATE_SOURCE_ROOT"), *data = getenv("COLLIGATE_DATA");
    Str folder = data ? str_of(data) : str_format(a, "%s/../shared/data", root ? root : ".");
    return str_cstr(a, str_format(a, "%.*s/%s", STR_ARG(folder), file));
}

static void count_fields(uint64_t count[FIELDS_MAX], const struct change *c)
{
    for (size_t i = 0; i < c->fact_count; i++)
        count[c->fact[i].field]++;
}

static void read_file(const char *path, const struct real_file *f, const struct policy *policy,
                      struct arena *a)
{
    struct arena *each CLEANUP_ARENA = arena_new("an item", (size_t)1 << 28);
    struct intake_options o = {.policy = policy};
    struct intake *in = NULL;
    struct intake_item item = {0};
    struct err e = {0};
    uint64_t count[FIELDS_MAX] = {0};
    const char *map = str_cstr(a, str_format(a, "policy/maps/%s.map", f->mapping));
    if (mapping_parse(a, policy, kit_source_file(a, map), &o.mapping, &e) != OK)
        fail_msg("%s: %s", map, e.text);
    assert_int_equal(intake_open(path, &o, &in, &e), OK);
    while (item.kind != INTAKE_DONE) {
        arena_reset(each);
        if (intake_next(in, each, &item, &e) != OK) fail_msg("%s: %s", f->mapping, e.text);
        if (item.kind == INTAKE_CHANGE) count_fields(count, &item.change);
        if (item.kind == INTAKE_REFUSED) {
            fail_msg("%s: row %llu was refused for its %.*s", f->mapping,
                     (unsigned long long)item.refusal.row, STR_ARG(item.refusal.field));
        }
    }
    assert_int_equal(item.summary.rows, f->rows);
    assert_int_equal(item.summary.changes, f->rows);
    for (size_t i = 0; i < COUNT_OF(f->field) && f->field[i].name; i++) {
        int field = field_index(kind_of(KIND_DEATH), str_of(f->field[i].name));
        assert_true(field >= 0);
        if (count[field] != f->field[i].records) {
            fail_msg("%s: %s stands in %llu records, not in %llu", f->mapping, f->field[i].name,
                     (unsigned long long)count[field], (unsigned long long)f->field[i].records);
        }
    }
    intake_close(in);
}

static bool files_are_there(void)
{
    struct arena *a CLEANUP_ARENA = arena_new("a path", (size_t)1 << 16);
    const char *path = data_path(a, files[0].file);
    if (file_exists(path)) return true;
    print_message("# %s is not there; COLLIGATE_DATA can name the folder\n", path);
    return false;
}

static void test_every_row_of_the_real_files(void **state)
{
    (void)state;
    if (!files_are_there()) skip(); /* leaves the function at once: nothing may be held here */
    struct arena *a CLEANUP_ARENA = arena_new("real files", (size_t)1 << 28);
    struct policy policy = kit_program_policy(a);
    for (size_t i = 0; i < COUNT_OF(files); i++)
        read_file(data_path(a, files[i].file), &files[i], &policy, a);
}

/* doc/mapping.md lists every transform as the program knows it. */
static void test_the_documentation_lists_every_transform(void **state)
{
    struct arena *a CLEANUP_ARENA = arena_new("documentation", (size_t)1 << 24);
    (void)state;
    Str text = kit_source_file(a, "doc/mapping.md");
    for (size_t i = 0; transform_name(i); i++) {
        Str row = str_format(a, "| `%s` | %s |", transform_form(i), transform_about(i));
        if (str_find(text, row) == STR_NPOS) fail_msg("doc/mapping.md has no row %.*s", STR_ARG(row));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_of_the_real_files),
        cmocka_unit_test(test_the_documentation_lists_every_transform),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
