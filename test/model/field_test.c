/* The rows of the kinds, their places in the structs, spans as intervals, references. */
#include "base/caldate.h"
#include "kit.h"
#include "model/kinds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void test_rows(void **state)
{
    (void)state;
    struct err e = {0};
    size_t fields = 0;

    if (kinds_check(&e) != OK) fail_msg("%s", e.text);
    assert_int_equal(KIND_COUNT, 28);
    for (int i = 0; i < KIND_COUNT; i++) {
        const struct kind *k = kind_of((enum kind_id)i);
        fields += k->field_count;
        assert_ptr_equal(kind_named(str_of(k->name)), k);
        for (size_t j = 0; j < k->field_count; j++) {
            const struct field *f = &k->field[j];
            bool last = j + 1 == k->field_count;
            assert_true(last || f->offset < k->field[j + 1].offset);
            if (k->id == KIND_CHARACTERISTICS) assert_int_equal(f->sensitivity, SENS_RESTRICTED);
            if (f->type == FT_NAME || f->type == FT_NARRATIVE || f->type == FT_ADDRESS)
                assert_int_equal(f->sensitivity, SENS_PERSONAL);
        }
    }
    assert_int_equal(fields, 264);
    assert_null(kind_named(S("deaths")));
    assert_null(kind_named(S("")));
    assert_int_equal(field_index(kind_of(KIND_DEATH), S("ages")), -1);
    assert_int_equal(field_index(kind_of(KIND_DEATH), S("setting")), death_field_setting);
    assert_int_equal(kind_of(KIND_DEATH)->field[death_field_age].offset, offsetof(struct death, age));
    assert_int_equal(kind_of(KIND_SAME_EVENT)->field_count, same_event_field_count);
}

static void test_listed(void **state)
{
    (void)state;
    assert_true(field_value_listed("F M X U", S("X")));
    assert_true(field_value_listed("death|incident", S("incident")));
    assert_false(field_value_listed("death|incident", S("inc")));
    assert_false(field_value_listed("F M X U", S("")));
    assert_false(field_value_listed("F M X U", S("F M")));
    assert_false(field_value_listed("", S("F")));
    assert_false(field_value_listed("street", S("streets")));
}

static void check_interval(struct span s, int64_t from, int64_t until)
{
    int64_t a = -1, b = -1;

    assert_true(span_interval(&s, &a, &b));
    assert_int_equal(a, from);
    assert_int_equal(b, until);
}

static void test_interval(void **state)
{
    (void)state;
    struct moment day = {10 * MS_PER_DAY, PRECISION_DAY}, time = {10 * MS_PER_DAY + 5, PRECISION_TIME};
    struct moment none = {0};
    int64_t a = -1, b = -1;

    assert_false(span_interval(&(struct span){none, none}, &a, &b));
    assert_int_equal(a, -1);
    check_interval((struct span){day, day}, 10 * MS_PER_DAY, 11 * MS_PER_DAY);
    check_interval((struct span){time, time}, 10 * MS_PER_DAY + 5, 10 * MS_PER_DAY + 6);
    check_interval((struct span){time, day}, 10 * MS_PER_DAY + 5, 11 * MS_PER_DAY);
    check_interval((struct span){day, none}, 10 * MS_PER_DAY, 11 * MS_PER_DAY);
    check_interval((struct span){none, time}, 10 * MS_PER_DAY + 5, 10 * MS_PER_DAY + 6);
}

static void test_references(void **state)
{
    (void)state;
    static const struct {
        const char *text, *ns, *id;
    } rows[] = {
        {"D1", "here", "D1"},
        {"main:D1", "main", "D1"},
        {"KG:2014", "here", "KG:2014"},
        {":D1", "here", ":D1"},
        {"main:", "here", "main:"},
        {"main:a:b", "main", "a:b"},
        {"a b:c", "here", "a b:c"},
        {"a-b_9:c", "a-b_9", "c"},
        {"http://x", "http", "//x"},
        {"a23456789012345678901234567890123:c", "here", "a23456789012345678901234567890123:c"},
    };
    struct record_id x = {S("a"), KIND_DEATH, S("1")}, y = {S("a"), KIND_PERSON, S("0")};

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Str ns = STR_NONE, id = STR_NONE;
        ref_split(str_of(rows[i].text), S("here"), &ns, &id);
        if (!str_eq(ns, str_of(rows[i].ns)) || !str_eq(id, str_of(rows[i].id)))
            fail_msg("%s: %.*s and %.*s", rows[i].text, STR_ARG(ns), STR_ARG(id));
    }
    assert_true(record_id_compare(&x, &y) < 0 && record_id_compare(&y, &x) > 0);
    assert_int_equal(record_id_compare(&x, &x), 0);
    assert_false(record_id_eq(&x, &y));
}

/* Stored text that is no value of its type is refused and leaves the struct alone. */
static void test_decode_damaged(void **state)
{
    (void)state;
    static const struct {
        int field;
        const char *value, *key;
    } rows[] = {
        {death_field_age, "\"23\"", ""},
        {death_field_age, "23x", ""},
        {death_field_ref, "23", ""},
        {death_field_ref, "\"a", ""},
        {death_field_ref, "\"a\\\"", ""},
        {death_field_ref, "\"\\u12\"", ""},
        {death_field_ref, "\"\\q\"", ""},
        {death_field_ref, "\"a\"b", ""},
        {death_field_found, "{}", ""},
        {death_field_found, "{\"from\":\"2014\"}", ""},
        {death_field_found, "{\"from\":\"2014-01-01\",}", ""},
        {death_field_place, "{\"lat\":1}", ""},
        {death_field_place, "{\"lat\":1,\"lon\":2", ""},
        {death_field_absent, "\"phone\"", ""},
        {death_field_absent, "[\"phone\"", ""},
        {death_field_absent, "[\"phone\",]", ""},
        {death_field_dob, "\"1990-13\"", ""},
        {death_field_address, "\"a\"", "b"},
        {death_field_reported_at, "\"2014-01-01\"x", ""},
    };
    CLEANUP_ARENA struct arena *a = arena_new("test", (size_t)1 << 20);
    const struct kind *kind = kind_of(KIND_DEATH);

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct death d, before;
        struct err e = {0};
        memset(&d, 0x5a, sizeof d);
        memcpy(&before, &d, sizeof d);
        const struct field *f = &kind->field[rows[i].field];
        if (field_decode(a, f, str_of(rows[i].value), str_of(rows[i].key), &d, &e) != E_INVALID)
            fail_msg("%s %s was taken", f->name, rows[i].value);
        assert_memory_equal(&d, &before, sizeof d);
        assert_true(str_eq(str_of(e.field), str_of(f->name)));
    }
}

static void test_decode(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", (size_t)1 << 20);
    const struct kind *kind = kind_of(KIND_DEATH);
    struct death d;
    struct person p;
    struct err e = {0};

    memset(&d, 0x5a, sizeof d);
    for (size_t i = 0; i < kind->field_count; i++)
        assert_int_equal(field_decode(a, &kind->field[i], STR_NONE, STR_NONE, &d, &e), OK);
    assert_false(number_present(d.age));
    assert_false(str_present(d.sex) || str_present(d.address.text) || d.place.present);
    assert_true(d.found.from.precision == PRECISION_NONE && d.dob.year == 0 && d.absent.count == 0);

    assert_int_equal(
        field_decode(a, &kind->field[death_field_ref], S("\"a\\\"\\\\\\n\\u0041\\u0001\""), S(""), &d, &e),
        OK);
    assert_true(str_eq(d.ref, S("a\"\\\nA\x01")));
    assert_int_equal(field_decode(a, &kind->field[death_field_dob], S("\"1990-05\""), S(""), &d, &e), OK);
    assert_true(d.dob.year == 1990 && d.dob.month == 5 && d.dob.day == 0);
    assert_int_equal(
        field_decode(a, &kind->field[death_field_found], S("{\"to\":\"1970-01-02\"}"), S(""), &d, &e), OK);
    assert_true(d.found.from.precision == PRECISION_NONE && d.found.to.precision == PRECISION_DAY);
    assert_int_equal(d.found.to.ms, MS_PER_DAY);
    assert_int_equal(
        field_decode(a, &kind->field[death_field_place], S("{\"lat\":-1.5,\"lon\":2}"), S(""), &d, &e), OK);
    assert_true(d.place.present && d.place.lat < -1.4 && d.place.radius_m < 0.5);

    kind = kind_of(KIND_PERSON);
    assert_int_equal(field_decode(a, &kind->field[person_field_addresses], S("[\"x, y\",\"z\"]"),
                                  S("[\"k\",\"\"]"), &p, &e),
                     OK);
    assert_int_equal(p.addresses.count, 2);
    assert_true(str_eq(p.addresses.item[0].text, S("x, y")) && str_eq(p.addresses.item[0].key, S("k")));
    assert_true(str_present(p.addresses.item[1].key) && str_empty(p.addresses.item[1].key));
    assert_int_equal(
        field_decode(a, &kind->field[person_field_addresses], S("[\"x\",\"z\"]"), S("[\"k\"]"), &p, &e),
        E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),     cmocka_unit_test(test_listed),
        cmocka_unit_test(test_interval), cmocka_unit_test(test_references),
        cmocka_unit_test(test_decode),   cmocka_unit_test(test_decode_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
