#include "model/when.h"

#include "base/caldate.h"

#define WHEN_SHOWN_MAX 40 /* bytes of a bad value repeated in a message */

static int shown(Str s)
{
    return (int)(s.len < WHEN_SHOWN_MAX ? s.len : WHEN_SHOWN_MAX);
}

static enum status year_error(struct err *e, int year)
{
    return ERR(e, E_INVALID, "", "the year %d is not between %d and %d", year, YEAR_MIN, YEAR_MAX);
}

enum status moment_parse(Str text, struct moment *out, struct err *e)
{
    int year, month, day;
    int64_t ms;
    bool day_only;

    if (caldate_parse(text, &ms, &day_only, NULL) != OK)
        return ERR(
            e, E_INVALID, "",
            "\"%.*s\" is not a time: write 2014-08-28T08:00:00Z, another offset in place of Z, or 2014-08-28 "
            "when only the day is known",
            shown(text), text.ptr ? text.ptr : "");
    caldate_from_days(caldate_day_of(ms), &year, &month, &day);
    if (year < YEAR_MIN || year > YEAR_MAX) return year_error(e, year);
    *out = (struct moment){ms, day_only ? PRECISION_DAY : PRECISION_TIME};
    return OK;
}

void moment_format(const struct moment *m, char out[32])
{
    if (m->precision == PRECISION_DAY) {
        caldate_format_day(m->ms, out);
    } else {
        caldate_format(m->ms, out);
    }
}

/* A number of exactly `digits` digits at the front of `rest`. */
static bool take_digits(Str *rest, size_t digits, int *out)
{
    int v = 0;

    if (rest->len < digits) return false;
    for (size_t i = 0; i < digits; i++) {
        if (rest->ptr[i] < '0' || rest->ptr[i] > '9') return false;
        v = v * 10 + (rest->ptr[i] - '0');
    }
    *rest = (Str){rest->ptr + digits, rest->len - digits};
    *out = v;
    return true;
}

static bool take_part(Str *rest, int *out)
{
    if (rest->len == 0) return true;
    if (rest->ptr[0] != '-') return false;
    *rest = (Str){rest->ptr + 1, rest->len - 1};
    return take_digits(rest, 2, out) && *out > 0;
}

enum status date_parse(Str text, struct date *out, struct err *e)
{
    struct date d = {0};
    Str rest = text;

    if (!take_digits(&rest, 4, &d.year) || !take_part(&rest, &d.month) || !take_part(&rest, &d.day) ||
        rest.len != 0 || !caldate_valid(d.year, d.month ? d.month : 1, d.day ? d.day : 1))
        return ERR(e, E_INVALID, "", "\"%.*s\" is not a date: write 1990, 1990-05 or 1990-05-17", shown(text),
                   text.ptr ? text.ptr : "");
    if (d.year < YEAR_MIN || d.year > YEAR_MAX) return year_error(e, d.year);
    *out = d;
    return OK;
}
