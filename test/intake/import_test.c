/* A file into a store: what is counted, what is kept, and that a second time changes nothing. */
#include "../store/fixture.h"

#include "app/import.h"
#include "base/caldate.h"
#include "base/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINE(id, age)                                                                                        \
    "{\"kind\":\"death\",\"id\":\"" id "\",\"source\":\"death_report\",\"set\":{\"age\":" age "}}\n"

static int setup(void **state)
{
    *state = fixture_new();
    return 0;
}

static int teardown(void **state)
{
    fixture_free(*state);
    return 0;
}

static const char *file_of(struct fixture *f, const char *name, const char *content)
{
    const char *path = str_cstr(f->arena, str_format(f->arena, "import-%d-%s", (int)getpid(), name));
    assert_ok(file_write(path, str_of(content), 0600, e));
    return path;
}

static struct import_options options_for(const struct fixture *f, const char *path)
{
    return (struct import_options){.path = path, .now_ms = f->now_ms};
}

static struct import_result import(struct fixture *f, const char *content, struct import_options extra)
{
    const char *path = file_of(f, "feed", content);
    struct import_result r = {0};
    extra.path = path;
    extra.now_ms = f->now_ms;
    assert_ok(import_run(f->store, &f->officer, &f->policy, &extra, f->arena, &r, e));
    unlink(path);
    return r;
}

static void expect_counts(const struct import_result *r, uint64_t taken, uint64_t updated, uint64_t unchanged,
                          uint64_t refused)
{
    assert_int_equal(r->taken, taken);
    assert_int_equal(r->updated, updated);
    assert_int_equal(r->unchanged, unchanged);
    assert_int_equal(r->sum.refused, refused);
    assert_true(r->done);
}

static void test_the_same_file_twice_changes_nothing(void **state)
{
    struct fixture *f = *state;
    const char *feed = LINE("D1", "22") LINE("D2", "23");
    struct import_result r = import(f, feed, (struct import_options){0});
    expect_counts(&r, 2, 0, 0, 0);
    assert_true(r.batch > 0 && r.first_seq > 0 && r.last_seq > r.first_seq);
    Str before = export_text(f, VIEW_NOW), rows = dump(f);
    f->now_ms += 5 * DAY_MS;
    r = import(f, feed, (struct import_options){0});
    expect_counts(&r, 0, 0, 2, 0);
    assert_true(str_eq(before, export_text(f, VIEW_NOW)));
    assert_true(str_eq(rows, dump(f)));
}

static void test_a_later_file_corrects(void **state)
{
    struct fixture *f = *state;
    struct import_result r = import(f, LINE("D1", "22"), (struct import_options){0});
    f->now_ms += 1000;
    r = import(f, LINE("D1", "23") LINE("D2", "40"), (struct import_options){0});
    expect_counts(&r, 1, 1, 0, 0);
    assert_string_equal(value_now(f, "death:D1", "age"), "23");
}

static void test_refused_rows_go_to_a_file_and_good_ones_in(void **state)
{
    struct fixture *f = *state;
    const char *path = str_cstr(f->arena, str_format(f->arena, "import-%d.refused.csv", (int)getpid()));
    struct import_result r =
        import(f, LINE("D1", "22") LINE("D2", "\"old\"") "=1+1\n" LINE("D3", "\"young\"") LINE("D4", "24"),
               (struct import_options){.refused_path = path});
    expect_counts(&r, 2, 0, 0, 3);
    assert_int_equal(r.refused_written, 3);
    assert_int_equal(r.refusals, 2);
    assert_int_equal(r.refusal[0].rows, 2); /* both about the age: one fault */
    assert_int_equal(r.refusal[0].first_row, 2);
    assert_true(str_eq(r.refusal[0].field, S("age")));
    struct buf b CLEANUP_BUF = {0};
    buf_init(&b, 1 << 20);
    assert_ok(file_read(path, &b, e));
    assert_true(str_starts(buf_str(&b), S("row,line,field,reason,original\r\n2,2,age,")));
    assert_true(str_find(buf_str(&b), S("\r\n3,3,")) != STR_NPOS);
    assert_true(str_find(buf_str(&b), S(",'=1+1\r\n")) != STR_NPOS); /* no formula for a spreadsheet */
    unlink(path);
}

static void test_quotes_in_a_refused_value_are_counted_as_one_fault(void **state)
{
    struct fixture *f = *state;
    struct buf b CLEANUP_BUF;
    buf_init(&b, 1 << 16);
    for (int row = 0; row < 3; row++) {
        buf_addf(&b, "{\"kind\":\"death\",\"id\":\"Q%d\",\"source\":\"death_report\",\"set\":{\"sex\":\"",
                 row);
        for (int i = 0; i < 40; i++)
            buf_add(&b, S("\\\"\\\""));
        buf_add(&b, S("\"}}\n"));
    }
    buf_add_char(&b, '\0');
    struct import_result r = import(f, b.ptr, (struct import_options){0});
    expect_counts(&r, 0, 0, 0, 3);
    assert_int_equal(r.refusals, 1);
    assert_int_equal(r.refusal[0].rows, 3);
}

static void test_no_refused_file_without_refused_rows(void **state)
{
    struct fixture *f = *state;
    const char *path = str_cstr(f->arena, str_format(f->arena, "import-%d.none.csv", (int)getpid()));
    struct import_result r = import(f, LINE("D1", "22"), (struct import_options){.refused_path = path});
    expect_counts(&r, 1, 0, 0, 0);
    assert_false(file_exists(path));
}

static void test_a_dry_run_changes_nothing(void **state)
{
    struct fixture *f = *state;
    uint64_t head = head_seq(f->store);
    struct import_result r =
        import(f, LINE("D1", "22") LINE("D2", "\"old\""), (struct import_options){.dry_run = true});
    expect_counts(&r, 0, 0, 0, 1);
    assert_int_equal(r.sum.changes, 1);
    assert_int_equal(r.batch, 0);
    assert_int_equal(head_seq(f->store), head);
}

static void test_an_erased_record_is_refused_and_the_rest_goes_in(void **state)
{
    struct fixture *f = *state;
    struct buf b CLEANUP_BUF = {0};
    buf_init(&b, (size_t)1 << 24);
    for (int i = 0; i < 3000; i++)
        buf_addf(&b, LINE("E%d", "30"), i);
    struct import_result r = import(f, b.ptr, (struct import_options){0});
    expect_counts(&r, 3000, 0, 0, 0);
    struct record_id id = id_make("death:E1234");
    struct receipt receipt;
    assert_ok(store_erase(f->store, &f->officer, f->second.name, &id, S("court order"), &receipt, e));
    r = import(f, b.ptr, (struct import_options){0});
    expect_counts(&r, 0, 0, 2999, 0);
    assert_int_equal(r.refused_by_store, 1);
    assert_int_equal(r.refusal[0].rows, 1);
    assert_int_equal(r.refusal[0].first_row, 1235);
}

static void test_more_than_a_chunk_in_order(void **state)
{
    struct fixture *f = *state;
    struct buf b CLEANUP_BUF = {0};
    buf_init(&b, (size_t)1 << 24);
    /* one record corrected five thousand times, in the order of the lines */
    for (int i = 0; i < 5000; i++)
        buf_addf(&b,
                 "{\"known_at\":\"2014-08-28T08:00:00Z\",\"kind\":\"death\",\"id\":\"D1\",\"source\":\"lab\","
                 "\"set\":{\"age\":%d}}\n",
                 i % 100);
    struct import_result r = import(f, b.ptr, (struct import_options){0});
    assert_int_equal(r.taken + r.updated + r.unchanged, 5000);
    assert_string_equal(value_now(f, "death:D1", "age"), "99");
}

static void test_the_feed_names_the_namespace(void **state)
{
    struct fixture *f = *state;
    struct import_result r = import(f, LINE("D1", "22"), (struct import_options){.ns = S("other")});
    assert_true(str_eq(r.ns, S("other")));
    assert_string_equal(value_now(f, "other:death:D1", "age"), "22");
    const char *path = file_of(f, "feed", LINE("D1", "22"));
    struct import_options o = options_for(f, path);
    o.ns = S("Not A Name");
    assert_fails(E_INVALID, "no name of a feed",
                 import_run(f->store, &f->officer, &f->policy, &o, f->arena, &r, e));
    unlink(path);
}

static void test_what_came_before_a_fault_stays(void **state)
{
    struct fixture *f = *state;
    const char *path = file_of(f, "csv", "Nr,Age\n1,30\n2,31\n");
    const struct mapping *m = NULL;
    Str text = S("[mapping]\nname = t\nversion = 7\nnamespace = t\nsource = t\n[record death]\nid = "
                 "{Nr}\nage = {Years} | number\n");
    assert_ok(mapping_parse(f->arena, &f->policy, text, &m, e));
    struct import_options o = options_for(f, path);
    struct import_result r = {0};
    o.mapping = m;
    assert_fails(E_INVALID, "no column \"Years\"",
                 import_run(f->store, &f->officer, &f->policy, &o, f->arena, &r, e));
    assert_false(r.done);
    assert_int_equal(r.batch, 0);
    assert_fails(E_NOT_FOUND, "no-such-file",
                 import_run(f->store, &f->officer, &f->policy,
                            &(struct import_options){.path = "no-such-file"}, f->arena, &r, e));
    unlink(path);
}

static void test_shipped_mappings_are_found_by_name(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"milwaukee", "cook_opioid", "connecticut", "cook_archive",
                                        "us_homicides"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct mapping *m = NULL;
        assert_ok(import_mapping(f->arena, &f->policy, names[i], &m, e));
        assert_true(str_eq(mapping_about(m).name, str_of(names[i])));
    }
    const struct mapping *m = NULL;
    assert_fails(E_NOT_FOUND, "shipped are: milwaukee,",
                 import_mapping(f->arena, &f->policy, "nowhere", &m, e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_same_file_twice_changes_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_later_file_corrects, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refused_rows_go_to_a_file_and_good_ones_in, setup, teardown),
        cmocka_unit_test_setup_teardown(test_quotes_in_a_refused_value_are_counted_as_one_fault, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_no_refused_file_without_refused_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_dry_run_changes_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_an_erased_record_is_refused_and_the_rest_goes_in, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_more_than_a_chunk_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_feed_names_the_namespace, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_came_before_a_fault_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(test_shipped_mappings_are_found_by_name, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
