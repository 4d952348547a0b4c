/* Tables in columns, and work shared by threads. */
#include "base/parallel.h"
#include "base/sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

/* After what it needs: it includes nothing itself. */
#include <cmocka.h>

enum { SEX, NAME, AGE, WHEN, WHERE, ITEMS };

static const struct sheet *sample(struct arena *a, struct sheet_maker **maker)
{
    struct err e = {0};
    struct sheet_maker *m = *maker = sheet_maker_new(a, S("sample.csv"), 3);
    sheet_add_column(m, S("sex"), COLUMN_CODE, STR_NONE, false);
    sheet_add_column(m, S("name"), COLUMN_TEXT, S("name"), false);
    sheet_add_column(m, S("age"), COLUMN_NUMBER, STR_NONE, false);
    sheet_add_column(m, S("when"), COLUMN_TIME, STR_NONE, false);
    sheet_add_column(m, S("where"), COLUMN_PLACE, STR_NONE, true);
    sheet_add_column(m, S("items"), COLUMN_SET, STR_NONE, false);
    assert_int_equal(sheet_begin_row(m, S("a"), 2, &e), OK);
    sheet_put_word(m, SEX, S("F"));
    sheet_put_word(m, ITEMS, S("ring"));
    sheet_put_word(m, ITEMS, S("key"));
    sheet_put_word(m, ITEMS, S("ring"));
    sheet_put_number(m, AGE, 41.5);
    assert_int_equal(sheet_begin_row(m, S("b"), 3, &e), OK);
    sheet_put_word(m, NAME, S("Ann"));
    sheet_put_place(m, WHERE, 3, -4, 10);
    sheet_put_time(m, WHEN, 0, 86400000);
    assert_int_equal(sheet_begin_row(m, S("a"), 4, &e), E_INVALID);
    assert_non_null(strstr(e.text, "line 2"));
    assert_int_equal(sheet_begin_row(m, S("c"), 5, &e), OK);
    sheet_put_word(m, SEX, S("M"));
    sheet_put_word(m, SEX, S("F"));
    sheet_put_word(m, ITEMS, S("key"));
    assert_int_equal(sheet_begin_row(m, S("d"), 6, &e), E_LIMIT);
    return sheet_finish(m);
}

static void columns_hold_what_was_put(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("test", 1 << 20);
    struct sheet_maker *m;
    const struct sheet *f = sample(a, &m);
    const struct column *c = f->column;
    assert_int_equal(f->rows, 3);
    assert_int_equal(c[SEX].value[0], c[SEX].value[2]);
    assert_int_equal(c[SEX].value[1], 0);
    assert_int_equal(c[SEX].words.rows[c[SEX].value[0]], 2);
    assert_int_equal(c[SEX].words.rows[2], 0); /* M was replaced */
    assert_int_equal(c[ITEMS].set_at[1] - c[ITEMS].set_at[0], 2);
    assert_true(column_missing(&c[ITEMS], 1));
    assert_true(column_missing(&c[AGE], 1) && !column_missing(&c[AGE], 0));
    assert_true(column_missing(&c[WHEN], 0) && column_missing(&c[WHERE], 2) && column_missing(&c[NAME], 0));
    assert_true(str_eq(column_text(&c[ITEMS], 0, a), S("ring; key")));
    assert_true(str_eq(column_text(&c[WHERE], 1, a), S("3, -4")));
    assert_true(str_eq(column_text(&c[AGE], 0, a), S("41.5")));
    assert_true(str_eq(column_text(&c[WHEN], 1, a), S("1970-01-01T00:00:00Z to 1970-01-02T00:00:00Z")));
    assert_int_equal(f->line[2], 5);
}

static void a_column_is_asked_for_by_name_and_kind(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("test", 1 << 20);
    struct sheet_maker *m;
    const struct sheet *f = sample(a, &m);
    const struct column *c = NULL;
    struct err e = {0};
    assert_int_equal(sheet_need(f, S("age"), 1U << COLUMN_NUMBER, &c, &e), OK);
    assert_ptr_equal(c, &f->column[AGE]);
    assert_int_equal(sheet_need(f, S("age"), 1U << COLUMN_CODE | 1U << COLUMN_TEXT, &c, &e), E_INVALID);
    assert_non_null(strstr(e.text, "sex, name"));
    e = (struct err){0};
    assert_int_equal(sheet_need(f, S("height"), 1U << COLUMN_NUMBER, &c, &e), E_INVALID);
    assert_non_null(strstr(e.text, "height"));
}

static void tables_grow(void **state)
{
    (void)state;
    struct arena *a CLEANUP_ARENA = arena_new("test", 64 << 20);
    struct sheet_maker *m = sheet_maker_new(a, S("many"), 100000);
    struct err e = {0};
    size_t code = sheet_add_column(m, S("code"), COLUMN_CODE, STR_NONE, false),
           set = sheet_add_column(m, S("set"), COLUMN_SET, STR_NONE, false);
    for (size_t i = 0; i < 5000; i++) {
        assert_int_equal(sheet_begin_row(m, str_format(a, "%zu", i), i, &e), OK);
        sheet_put_word(m, code, str_format(a, "c%zu", i % 700));
        for (size_t j = 0; j < i % 5; j++)
            sheet_put_word(m, set, str_format(a, "s%zu", (i * 7 + j) % 300));
    }
    const struct sheet *f = sheet_finish(m);
    for (size_t i = 0; i < 5000; i++) {
        assert_true(str_eq(column_text(&f->column[code], i, a), str_format(a, "c%zu", i % 700)));
        assert_int_equal(f->column[set].set_at[i + 1] - f->column[set].set_at[i], i % 5);
    }
    sheet_maker_free(m);
}

static void square(void *state, size_t part, size_t thread)
{
    size_t *out = state;
    assert_true(thread < THREADS_MAX);
    out[part] += part * part;
}

static void every_part_is_done_once(void **state)
{
    (void)state;
    for (size_t threads = 0; threads < 5; threads++) {
        size_t out[1000] = {0};
        parallel_run(threads, 1000, square, out);
        for (size_t i = 0; i < 1000; i++)
            assert_int_equal(out[i], i * i);
    }
    parallel_run(4, 0, square, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_hold_what_was_put),
        cmocka_unit_test(a_column_is_asked_for_by_name_and_kind),
        cmocka_unit_test(tables_grow),
        cmocka_unit_test(every_part_is_done_once),
    };
    return cmocka_run_group_tests_name("sheet", tests, NULL, NULL);
}
