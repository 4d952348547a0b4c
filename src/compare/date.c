#include "compare/date.h"

#include <math.h>

/* ORDER date.h */
static const double ALIKE[DATE_RELATIONS] = {
    [DATE_SAME] = 1,        [DATE_SAME_AS_KNOWN] = 0.9,       [DATE_DAY_MONTH_SWAPPED] = 0.9,
    [DATE_ONE_DIGIT] = 0.8, [DATE_SAME_DAY_OTHER_YEAR] = 0.5, [DATE_SAME_YEAR] = 0.3,
    [DATE_DIFFERENT] = 0,
};

static bool date_exact(const struct date *d)
{
    return d->month > 0 && d->day > 0;
}

/* YYYYMMDD, one digit a byte. */
static void date_digits(const struct date *d, int out[8])
{
    int number = (d->year * 100 + d->month) * 100 + d->day;
    for (int i = 7; i >= 0; i--, number /= 10)
        out[i] = number % 10;
}

static bool one_slip(const struct date *a, const struct date *b)
{
    int da[8], db[8], differing = 0, last = 0;
    date_digits(a, da);
    date_digits(b, db);
    for (int i = 0; i < 8; i++) {
        if (da[i] == db[i]) continue;
        differing++;
        last = i;
    }
    if (differing == 1) return true;
    return differing == 2 && da[last - 1] == db[last] && da[last] == db[last - 1];
}

enum date_relation date_relate(const struct date *a, const struct date *b)
{
    if (a->year == 0 || b->year == 0) return DATE_NOT_RECORDED;
    if (a->year == b->year && a->month == b->month && a->day == b->day) return DATE_SAME;
    bool month_fits = a->month == b->month || a->month == 0 || b->month == 0;
    bool day_fits = a->day == b->day || a->day == 0 || b->day == 0;
    if (a->year == b->year && month_fits && day_fits) return DATE_SAME_AS_KNOWN;
    if (!date_exact(a) || !date_exact(b)) return a->year == b->year ? DATE_SAME_YEAR : DATE_DIFFERENT;
    if (a->year == b->year && a->month == b->day && a->day == b->month) return DATE_DAY_MONTH_SWAPPED;
    if (one_slip(a, b)) return DATE_ONE_DIGIT;
    if (a->month == b->month && a->day == b->day) return DATE_SAME_DAY_OTHER_YEAR;
    return a->year == b->year ? DATE_SAME_YEAR : DATE_DIFFERENT;
}

double date_alike(const struct date *a, const struct date *b)
{
    enum date_relation relation = date_relate(a, b);
    return relation == DATE_NOT_RECORDED ? (double)NAN : ALIKE[relation];
}
