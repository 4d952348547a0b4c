/* Dates: the first line is a pattern, the rest a text. What is read is written and read again the same. */
#include "base/caldate.h"
#include "model/when.h"
#include "target.h"

static void check_moment(int64_t ms)
{
    char text[32];
    int64_t again = 0;
    bool day_only = true;
    caldate_format(ms, text);
    MUST(caldate_parse(str_of(text), &again, &day_only, NULL) == OK);
    MUST(again == ms && !day_only);
    caldate_format_day(ms, text);
    MUST(caldate_parse(str_of(text), &again, &day_only, NULL) == OK);
    MUST(again == caldate_midnight(ms) && day_only);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Str rest = target_text(data, size), pattern = S("");
    int64_t ms = 0;
    bool flag = false;
    struct moment m = {0};
    struct date d = {0};
    struct err e = {0};
    if (caldate_parse(rest, &ms, &flag, &e) == OK) check_moment(ms);
    if (moment_parse(rest, &m, &e) == OK) MUST(m.precision != PRECISION_NONE);
    if (date_parse(rest, &d, &e) == OK) MUST(d.year > 0);
    size_t end = str_find_char(rest, '\n');
    if (end == STR_NPOS) return 0;
    pattern = str_slice(rest, 0, end);
    rest = str_slice(rest, end + 1, rest.len);
    if (caldate_parse_pattern(rest, pattern, &ms, &flag, &e) == OK) check_moment(ms);
    return 0;
}
