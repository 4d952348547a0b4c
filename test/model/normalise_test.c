/* The cases of *.tsv beside this file, and what a table cannot say. */
#include "model/normalise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ARENA_BYTES ((size_t)64 << 20)

static Str normalise(struct arena *a, const char *what, Str region, Str text)
{
    if (strcmp(what, "name") == 0) return normalise_name(a, text);
    if (strcmp(what, "postcode") == 0) {
        Str code = normalise_postcode(a, text);
        return str_present(code) ? code : S("");
    }
    return normalise_identifier(a, str_of(what), text, region);
}

static Str read_file(struct arena *a, const char *name)
{
    const char *root = getenv("COLLIGATE_SOURCE_ROOT");
    char *path = str_cstr(a, str_format(a, "%s/test/model/%s.tsv", root != NULL ? root : ".", name));
    FILE *f = fopen(path, "rb");
    if (f == NULL) fail_msg("cannot open %s", path);
    size_t room = (size_t)1 << 20;
    char *text = NEW_ARRAY(a, char, room);
    size_t n = fread(text, 1, room, f);
    fclose(f);
    assert_true(n > 0 && n < room);
    return (Str){text, n};
}

static bool check_case(struct arena *a, const char *what, const Str cell[4])
{
    Str left = normalise(a, what, cell[1], cell[2]);
    if (str_eq(cell[0], S("key"))) {
        Str want = str_eq(cell[3], S("-")) ? S("") : cell[3];
        if (str_eq(left, want)) return true;
        print_error("\"%.*s\" gave \"%.*s\", not \"%.*s\"\n", STR_ARG(cell[2]), STR_ARG(left), STR_ARG(want));
        return false;
    }
    Str right = normalise(a, what, cell[1], cell[3]);
    bool same = str_eq(cell[0], S("same"));
    assert_true(same || str_eq(cell[0], S("differ")));
    if (left.len > 0 && right.len > 0 && str_eq(left, right) == same) return true;
    print_error("\"%.*s\" gave \"%.*s\" and \"%.*s\" gave \"%.*s\": they should %s\n", STR_ARG(cell[2]),
                STR_ARG(left), STR_ARG(cell[3]), STR_ARG(right), same ? "agree" : "differ");
    return false;
}

/* Every line of a file of cases; the number of them, so that an empty file cannot pass. */
static void run_cases(const char *what, size_t least)
{
    struct arena *a CLEANUP_ARENA = arena_new("cases", ARENA_BYTES);
    Str rest = read_file(a, what), line;
    size_t cases = 0, failures = 0;
    while (str_next(&rest, '\n', &line)) {
        if (line.len == 0 || line.ptr[0] == '#') continue;
        struct str_list cells = str_split(a, line, '\t');
        if (cells.count != 4) fail_msg("%s: four cells wanted: %.*s", what, STR_ARG(line));
        cases++;
        failures += !check_case(a, what, cells.item);
    }
    if (failures > 0) fail_msg("%zu of %zu cases of %s", failures, cases, what);
    assert_true(cases >= least);
}

static void phones(void **state)
{
    (void)state;
    run_cases("phone", 40);
}

static void emails(void **state)
{
    (void)state;
    run_cases("email", 20);
}

static void handles(void **state)
{
    (void)state;
    run_cases("handle", 12);
}

static void names(void **state)
{
    (void)state;
    run_cases("name", 30);
}

static void addresses(void **state)
{
    (void)state;
    run_cases("address", 100);
}

static void postcodes(void **state)
{
    (void)state;
    run_cases("postcode", 30);
}

static void codes(void **state)
{
    (void)state;
    run_cases("vehicle", 8);
    run_cases("imei", 6);
    run_cases("ip", 10);
    run_cases("account", 4);
}

static void levels_of_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        enum address_level level;
    } row[] = {
        {"flat 26||crane street|barking|", ADDRESS_FLAT},
        {"|26|crane street|barking|", ADDRESS_HOUSE},
        {"||crane street|barking|", ADDRESS_STREET},
        {"||abbey green|barking|", ADDRESS_STREET},
        {"||20th & auer||", ADDRESS_STREET},
        {"||i 94||", ADDRESS_STREET},
        {"||st margarets churchyard|barking|", ADDRESS_NAMED_PLACE},
        {"||po box 77||", ADDRESS_NAMED_PLACE},
        {"||hmp pentonville|london|", ADDRESS_NAMED_PLACE},
        {"", ADDRESS_NONE},
        {"||||", ADDRESS_NONE},
        {"crane street", ADDRESS_NONE},
        {"|1|a|b|c|d", ADDRESS_NONE},
    };
    for (size_t i = 0; i < COUNT_OF(row); i++)
        if (address_level(str_of(row[i].key)) != row[i].level) fail_msg("level of %s", row[i].key);
}

static void buildings_lose_their_units_only(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("buildings", 4096);
    Str flat = address_building(a, S("flat 26||crane street|barking|"));
    assert_true(str_eq(flat, S("||crane street|barking|")));
    assert_true(str_eq(address_building(a, flat), flat));
    assert_true(str_eq(address_building(a, S("")), S("")));
    assert_true(str_eq(address_building(a, S("no key")), S("no key")));
}

/* Normalising a normal form changes nothing: a rebuild may meet either. */
static void normal_forms_are_stable(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("stable", ARENA_BYTES);
    static const char *const what[] = {"phone",    "email",   "handle", "name",
                                       "postcode", "vehicle", "imei",   "ip"};
    for (size_t i = 0; i < COUNT_OF(what); i++) {
        Str rest = read_file(a, what[i]), line;
        while (str_next(&rest, '\n', &line)) {
            if (line.len == 0 || line.ptr[0] == '#') continue;
            struct str_list cells = str_split(a, line, '\t');
            Str once = normalise(a, what[i], cells.item[1], cells.item[2]);
            Str twice = normalise(a, what[i], cells.item[1], once);
            if (!str_eq(once, twice)) fail_msg("%s: %.*s then %.*s", what[i], STR_ARG(once), STR_ARG(twice));
        }
    }
}

/* Long, broken and strange text ends in a key or in nothing, within bounded memory. */
static void hostile_text_is_survived(void **state)
{
    (void)state;
    static const char *const what[] = {"phone",    "email",   "handle", "name", "address",
                                       "postcode", "vehicle", "imei",   "ip"};
    static const char *const seed[] = {"1,",  "flat ",  "#",  "St & ", "\xFF\xFE", "é’",
                                       "(((", "+44(0)", "a@", "7-",    "n1w2 "};
    for (size_t i = 0; i < COUNT_OF(what); i++) {
        for (size_t j = 0; j < COUNT_OF(seed); j++) {
            struct arena *a CLEANUP_ARENA = arena_new("hostile", ARENA_BYTES);
            size_t unit = strlen(seed[j]), times = 5000;
            char *text = NEW_ARRAY(a, char, unit *times);
            for (size_t k = 0; k < times; k++)
                memcpy(text + k * unit, seed[j], unit);
            for (size_t len = 0; len <= unit * times; len = len * 3 + 1) {
                (void)normalise(a, what[i], S("GB"), (Str){text, len});
                (void)normalise(a, what[i], S("US"), (Str){text, len});
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phones),
        cmocka_unit_test(emails),
        cmocka_unit_test(handles),
        cmocka_unit_test(names),
        cmocka_unit_test(addresses),
        cmocka_unit_test(postcodes),
        cmocka_unit_test(codes),
        cmocka_unit_test(levels_of_addresses),
        cmocka_unit_test(buildings_lose_their_units_only),
        cmocka_unit_test(normal_forms_are_stable),
        cmocka_unit_test(hostile_text_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
