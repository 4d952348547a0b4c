#include "base/caldate.h"
#include "cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

/* After what it needs: it includes nothing itself. */
#include <cmocka.h>

static Str read_rfc(struct arena *a, Str text)
{
    int64_t ms = -77;
    bool day = false;
    struct err e = {0};
    enum status status = caldate_parse(text, &ms, &day, &e);
    assert_true((status == OK) == (e.status == OK));
    if (status != OK) {
        assert_int_equal(status, E_INVALID);
        assert_int_equal(ms, -77);
        return S("error");
    }
    char shown[32];
    caldate_format(ms, shown);
    return str_format(a, "%s%s", shown, day ? " day" : "");
}

static Str read_pattern(struct arena *a, Str text, Str pattern)
{
    int64_t ms = -77;
    bool has_time = false;
    struct err e = {0};
    enum status status = caldate_parse_pattern(text, pattern, &ms, &has_time, &e);
    assert_true((status == OK) == (e.status == OK));
    if (status != OK) {
        assert_int_equal(status, E_INVALID);
        assert_int_equal(ms, -77);
        return str_eq(str_of(e.field), S("pattern")) ? S("pattern") : S("error");
    }
    char shown[32];
    caldate_format(ms, shown);
    return str_format(a, "%s%s", shown, has_time ? " time" : "");
}

static void test_cases(void **state)
{
    (void)state;
    CLEANUP_ARENA struct arena *a = arena_new("test", 1 << 22);
    struct str_list lines = cases_lines(a, "caldate.cases");
    int failures = 0;
    int cases = 0;
    for (size_t i = 0; i < lines.count; i++) {
        if (case_is_comment(lines.item[i])) continue;
        Str rest = lines.item[i];
        Str pattern = case_unescape(a, case_field(&rest));
        Str text = case_unescape(a, case_field(&rest));
        Str expected = case_field(&rest);
        Str got = str_eq(pattern, S("rfc")) ? read_rfc(a, text) : read_pattern(a, text, pattern);
        case_check("caldate.cases", i + 1, expected, got, &failures);
        cases++;
    }
    assert_true(cases > 100);
    assert_int_equal(failures, 0);
}

/* Walks every day from 0001 to 9999 beside a naive calendar. */
static void test_every_day(void **state)
{
    (void)state;
    static const int length[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = 1;
    int month = 1;
    int day = 1;
    int64_t first = caldate_to_days(1, 1, 1);
    assert_int_equal(first, -719162);
    for (int64_t days = first; year < 10000; days++) {
        int y, m, d;
        caldate_from_days(days, &y, &m, &d);
        if (y != year || m != month || d != day)
            fail_msg("%d-%d-%d came out as %d-%d-%d", year, month, day, y, m, d);
        if (caldate_to_days(year, month, day) != days) fail_msg("%d-%d-%d", year, month, day);
        if (!caldate_valid(year, month, day)) fail_msg("%d-%d-%d is a day", year, month, day);
        bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
        if (++day > length[month - 1] + (month == 2 && leap)) {
            if (caldate_valid(year, month, day)) fail_msg("%d-%d-%d is no day", year, month, day);
            day = 1;
            month = month % 12 + 1;
            year += month == 1;
        }
    }
    assert_false(caldate_valid(10000, 1, 1));
    assert_false(caldate_valid(2014, 1, -1));
}

static void test_parts_of_days(void **state)
{
    (void)state;
    assert_int_equal(caldate_weekday(0), 3);
    assert_int_equal(caldate_weekday(-3), 0);
    assert_int_equal(caldate_weekday(-4), 6);
    assert_int_equal(caldate_weekday(caldate_to_days(2014, 8, 28)), 3);
    assert_int_equal(caldate_day_of(-1), -1);
    assert_int_equal(caldate_day_of(0), 0);
    assert_int_equal(caldate_day_of(MS_PER_DAY - 1), 0);
    assert_int_equal(caldate_day_of(-MS_PER_DAY), -1);
    assert_int_equal(caldate_midnight(-1), -MS_PER_DAY);
    assert_int_equal(caldate_midnight(MS_PER_DAY + 5), MS_PER_DAY);
}

static void test_words(void **state)
{
    (void)state;
    char text[48];
    int64_t day = caldate_to_days(2014, 8, 28) * MS_PER_DAY;
    caldate_words_day(day, text);
    assert_string_equal(text, "28 August 2014");
    caldate_words(day + 8 * MS_PER_HOUR + 5 * 60 * MS_PER_SECOND, text);
    assert_string_equal(text, "28 August 2014, 8:05am");
    caldate_words(day, text);
    assert_string_equal(text, "28 August 2014, 12:00am");
    caldate_words(day + 12 * MS_PER_HOUR, text);
    assert_string_equal(text, "28 August 2014, 12:00pm");
    caldate_words(day - 1, text);
    assert_string_equal(text, "27 August 2014, 11:59pm");
    char short_text[32];
    caldate_format_day(-1, short_text);
    assert_string_equal(short_text, "1969-12-31");
    caldate_format(INT64_MAX, short_text);
    caldate_format(INT64_MIN + 1, short_text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_every_day),
        cmocka_unit_test(test_parts_of_days),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
