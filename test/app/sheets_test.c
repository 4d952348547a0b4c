/* Tables from files: through [table], through records, and from the header alone. */
#include "app/session.h"
#include "app/sheets.h"
#include "base/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

static struct arena *arena;
static struct policy policy;

static int set_up(void **state)
{
    (void)state;
    struct err e = {0};
    arena = arena_new("sheets", (size_t)1 << 30);
    return session_policy(arena, &policy, &e) == OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const char *file(const char *name, const char *content)
{
    struct err e = {0};
    const char *path = str_cstr(arena, str_format(arena, "sheets-%d-%s", (int)getpid(), name));
    if (file_write(path, str_of(content), 0600, &e) != OK) fail_msg("%s", e.text);
    return path;
}

static const struct sheet *sheet_of(const char *csv, const char *map, size_t rows_max,
                                    struct sheets_account *account)
{
    struct err e = {0};
    const struct sheet *f = NULL;
    struct sheets_options o = {.mapping = map ? file("m.map", map) : NULL, .rows_max = rows_max};
    const char *path = file("t.csv", csv);
    enum status status = sheets_read(path, &policy, &o, arena, &f, account, &e);
    unlink(path);
    if (map) unlink(o.mapping);
    if (status != OK && rows_max == 0) fail_msg("%s", e.text);
    return status == OK ? f : NULL;
}

static Str cell(const struct sheet *f, const char *column, size_t row)
{
    const struct column *c = sheet_column(f, str_of(column));
    assert_non_null(c);
    return column_text(c, row, arena);
}

#define assert_cell(f, column, row, text)                                                                    \
    do {                                                                                                     \
        Str cell_ = cell(f, column, row);                                                                    \
        if (!str_eq(cell_, S(text))) fail_msg("%s is \"%.*s\", not " text, column, STR_ARG(cell_));          \
    } while (0)

#define HEAD "[mapping]\nname = t\nversion = 1\nnamespace = t\nsource = t\n"

static void records_give_a_table_of_their_fields(void **state)
{
    (void)state;
    struct sheets_account account;
    const struct sheet *f =
        sheet_of("Nr,Died,Age,Sex,Lat,Lon,Cause,Addr\n"
                 "1,2014-08-28,63,M,51.5,-0.1,acute fentanyl and heroin toxicity,1 Elm Street\n"
                 "2,,x,F,,,,\n"
                 "3,2014-08,20,F,,,,\n"
                 "3,2014-09,20,F,,,,\n",
                 HEAD "[record death]\nid = {Nr}\ndied = {Died} | date \"%Y-%m-%d\" \"%Y-%m\"\n"
                      "age = {Age}\nsex = {Sex}\nplace = {Lat}, {Lon} | place 50\naddress = {Addr}\n"
                      "substances = {Cause} | words substances\n[record person]\nid = {Nr}\nname = {Addr}\n",
                 0, &account);
    assert_int_equal(account.rows, 4);
    assert_int_equal(account.taken, 2);
    assert_int_equal(account.refused, 2);
    assert_int_equal(account.refusals, 2);
    assert_int_equal(f->rows, 2);
    assert_true(str_eq(f->id[1], S("3")) && f->line[1] == 4);
    assert_int_equal(sheet_column(f, S("sex"))->type, COLUMN_CODE);
    assert_int_equal(sheet_column(f, S("address"))->type, COLUMN_TEXT);
    assert_int_equal(sheet_column(f, S("substances"))->type, COLUMN_SET);
    assert_null(sheet_column(f, S("name")));
    assert_cell(f, "died", 0, "2014-08-28T00:00:00Z to 2014-08-28T23:59:59.999Z");
    assert_cell(f, "died", 1, "2014-08-01T00:00:00Z to 2014-08-31T23:59:59.999Z");
    assert_cell(f, "age", 0, "63");
    assert_cell(f, "place", 0, "51.500000, -0.100000");
    assert_int_equal((int)sheet_column(f, S("place"))->place[0].radius_m, 50);
    assert_cell(f, "substances", 0, "fentanyl; heroin");
    assert_true(column_missing(sheet_column(f, S("place")), 1));
}

static void a_later_line_of_a_record_is_refused_and_told(void **state)
{
    (void)state;
    struct sheets_account account;
    const struct sheet *f =
        sheet_of("Nr,Age\n1,5\n1,6\n2,7\n", HEAD "[record death]\nid = {Nr}\nrows = updates\nage = {Age}\n",
                 0, &account);
    assert_int_equal(f->rows, 2);
    assert_cell(f, "age", 0, "5");
    assert_int_equal(account.taken, 2);
    assert_int_equal(account.refused, 1);
    f = sheet_of("Nr,S\n1,heroin\n1,cocaine\n",
                 HEAD "[record death]\nid = {Nr}\nrows = many\nsubstances = {S}\n", 0, &account);
    assert_int_equal(f->rows, 1);
    assert_int_equal(account.merged, 1);
    assert_cell(f, "substances", 0, "cocaine; heroin");
}

static void a_header_alone_gives_types(void **state)
{
    (void)state;
    struct sheets_account account;
    struct buf b CLEANUP_BUF;
    buf_init(&b, 1 << 20);
    buf_add_cstr(&b, "n,when,kind,who,n,,empty\n");
    for (int i = 0; i < 200; i++)
        buf_addf(&b, "%d.5,2014-08-%02d,%s,person %d,%s,x,\n", i, 1 + i % 28, i % 2 ? "a" : "b", i,
                 i == 7 ? "NA" : "1");
    const struct sheet *f = sheet_of(b.ptr, NULL, 0, &account);
    const struct {
        const char *name;
        enum column_type type;
    } expected[] = {{"n", COLUMN_NUMBER},  {"when", COLUMN_TIME},  {"kind", COLUMN_CODE},
                    {"who", COLUMN_TEXT},  {"n (2)", COLUMN_CODE}, {"#6", COLUMN_CODE},
                    {"empty", COLUMN_CODE}};
    assert_int_equal(f->rows, 200);
    assert_int_equal(f->columns, COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        assert_true(str_eq(f->column[i].name, str_of(expected[i].name)));
        assert_int_equal(f->column[i].type, expected[i].type);
    }
    assert_cell(f, "n", 3, "3.5");
    assert_cell(f, "when", 0, "2014-08-01T00:00:00Z to 2014-08-01T23:59:59.999Z");
    assert_true(column_missing(sheet_column(f, S("empty")), 0));
    assert_true(str_eq(f->id[199], S("200")));
}

static void more_rows_than_asked_for_are_a_limit(void **state)
{
    (void)state;
    struct sheets_account account;
    const char *csv = "a\n1\n2\n3\n",
               *map = "[mapping]\nname = t\nversion = 1\n[table]\nid = {#row}\na : code = {a}\n";
    assert_null(sheet_of(csv, map, 2, &account));
    assert_null(sheet_of(csv, NULL, 2, &account));
    assert_non_null(sheet_of(csv, map, 3, &account));
    assert_non_null(sheet_of(csv, NULL, 3, &account));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_give_a_table_of_their_fields),
        cmocka_unit_test(a_later_line_of_a_record_is_refused_and_told),
        cmocka_unit_test(a_header_alone_gives_types),
        cmocka_unit_test(more_rows_than_asked_for_are_a_limit),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
