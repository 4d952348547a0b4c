/* Substances out of the cause texts of nine counties, against the published flags. Reads ../shared/data (or
 * $COLLIGATE_DATA); skipped, with the reason, where that is not there. And the files of flags, anywhere. */
#include "app/extract.h"
#include "app/session.h"
#include "app/sheets.h"
#include "base/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct arena *arena;
static struct policy policy;

static int set_up(void **state)
{
    (void)state;
    struct err e = {0};
    arena = arena_new("extract", (size_t)2 << 30);
    return session_policy(arena, &policy, &e) == OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct flag_measure flag_of(const struct flags_result *r, const char *name)
{
    for (size_t i = 0; i < r->flags; i++)
        if (str_eq(r->flag[i].name, str_of(name))) return r->flag[i];
    fail_msg("no flag %s", name);
    return (struct flag_measure){0};
}

static void the_common_drugs_are_found_where_they_are_flagged(void **state)
{
    (void)state;
    const char *root = getenv("COLLIGATE_SOURCE_ROOT"), *data = getenv("COLLIGATE_DATA");
    Str folder = data ? str_of(data) : str_format(arena, "%s/../shared/data", root ? root : ".");
    const char *path =
        str_cstr(arena, str_format(arena, "%.*s/text/nine_county_cause_text_half.csv.gz", STR_ARG(folder)));
    if (!file_exists(path)) {
        print_message("skipped: %s is not there\n", path);
        skip();
    }
    static const char *const common[] = {
        "Fentanyl",   "Heroin", "Cocaine", "Methamphetamine", "Alcohol", "Xanax", "Prescription.opioids",
        "Any Opioids"};
    struct err e = {0};
    const struct sheet *f = NULL;
    struct sheets_account account;
    struct sheets_options read = {.mapping = "nine_county"};
    struct extract_options options = {0};
    struct extract_result found;
    struct flags_result r;
    Str flags = STR_NONE;
    if (sheets_read(path, &policy, &read, arena, &f, &account, &e) != OK) fail_msg("%s", e.text);
    assert_int_equal(account.taken, 17716);
    assert_int_equal(extract_run(f, &policy, &options, arena, &found, &e), OK);
    assert_int_equal(extract_flags_file("nine_county", arena, &flags, &e), OK);
    assert_int_equal(extract_flags(f, &policy, &found, S("nine_county"), flags, arena, &r, &e), OK);
    for (size_t i = 0; i < COUNT_OF(common); i++) {
        struct flag_measure m = flag_of(&r, common[i]);
        assert_true(m.published > 200);
        assert_true((double)m.both > 0.98 * (double)m.found);
        assert_true((double)m.both > 0.98 * (double)m.published);
    }
}

static const struct sheet *small_sheet(void)
{
    struct err e = {0};
    struct sheet_maker *m = sheet_maker_new(arena, S("small"), 9);
    size_t cause = sheet_add_column(m, S("cause"), COLUMN_TEXT, S(""), false);
    size_t flag = sheet_add_column(m, S("opioid"), COLUMN_CODE, S(""), false);
    static const char *const row[][2] = {{"heroin and 6-MAM", "1"}, {"no heroin", ""},   {"fentanyl", "0"},
                                         {"morphine", "Yes"},       {"alcohol", "TRUE"}, {"", "0"}};
    for (size_t i = 0; i < COUNT_OF(row); i++) {
        assert_int_equal(sheet_begin_row(m, str_format(arena, "%zu", i), i + 2, &e), OK);
        sheet_put_word(m, cause, str_of(row[i][0]));
        sheet_put_word(m, flag, str_of(row[i][1]));
    }
    return sheet_finish(m);
}

static void flags_mean_families_less_what_is_excepted(void **state)
{
    (void)state;
    struct err e = {0};
    const struct sheet *f = small_sheet();
    struct extract_options options = {0};
    struct extract_result found;
    struct flags_result r;
    assert_int_equal(extract_run(f, &policy, &options, arena, &found, &e), OK);
    Str tsv = S("flag\tcodes\texcept\tabout\nopioid\topioid*\tfentanyls*\tas it says\n");
    assert_int_equal(extract_flags(f, &policy, &found, S("t"), tsv, arena, &r, &e), OK);
    /* Rows 0, 3 and 4 are flagged; heroin and morphine are found, denied heroin and fentanyl do not count. */
    assert_int_equal(r.flag[0].published, 3);
    assert_int_equal(r.flag[0].found, 2);
    assert_int_equal(r.flag[0].both, 2);
    assert_int_equal(r.disagreements, 1);
    assert_int_equal(r.disagreement[0].row, 4);
    assert_true(r.disagreement[0].published && str_eq(r.flag[0].about, S("as it says")));
    assert_int_equal(
        extract_flags(f, &policy, &found, S("t"), S("flag\tcodes\nnone\topioid\n"), arena, &r, &e),
        E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_common_drugs_are_found_where_they_are_flagged),
        cmocka_unit_test(flags_mean_families_less_what_is_excepted),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
