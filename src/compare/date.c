#include "compare/date.h"

#include <math.h>

/* ORDER date.h */
static const double ALIKE[DATE_RELATIONS] = {
    [DATE_SAME] = 1,        [DATE_SAME_AS_KNOWN] = 0.9, [DATE_DAY_MONTH_SWAPPED] = 0.9,
    [DATE_ONE_DIGIT] = 0.8, [DATE_TWO_DIGITS] = 0.6,    [DATE_SAME_DAY_OTHER_YEAR] = 0.5,
    [DATE_SAME_YEAR] = 0.3, [DATE_DIFFERENT] = 0,
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

/* The digits that differ: 1 when two neighbours are only swapped. */
static int slips(const struct date *a, const struct date *b)
{
    int da[8], db[8], differing = 0, last = 0;
    date_digits(a, da);
    date_digits(b, db);
    for (int i = 0; i < 8; i++) {
        if (da[i] == db[i]) continue;
        differing++;
        last = i;
    }
    bool swapped = differing == 2 && da[last - 1] == db[last] && da[last] == db[last - 1];
    return swapped ? 1 : differing;
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
    int differing = slips(a, b);
    if (differing == 1) return DATE_ONE_DIGIT;
    if (a->month == b->month && a->day == b->day) return DATE_SAME_DAY_OTHER_YEAR;
    if (differing == 2) return DATE_TWO_DIGITS;
    return a->year == b->year ? DATE_SAME_YEAR : DATE_DIFFERENT;
}

double date_alike(const struct date *a, const struct date *b)
{
    enum date_relation relation = date_relate(a, b);
    return relation == DATE_NOT_RECORDED ? (double)NAN : ALIKE[relation];
}

struct date date_written(Str text)
{
    const struct date none = {0};
    int part[3] = {0}, digits[3] = {0}, count = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c >= '0' && c <= '9') {
            if (++digits[count] > 8) return none;
            part[count] = part[count] * 10 + (c - '0');
        } else if ((c == '-' || c == '/' || c == '.') && digits[count] > 0 && count < 2) {
            count++;
        } else {
            return none;
        }
    }
    if (count == 0 && digits[0] == 8)
        return (struct date){part[0] / 10000, part[0] / 100 % 100, part[0] % 100};
    if (count != 2 || digits[1] > 2 || digits[1] == 0) return none;
    if (digits[0] == 4 && digits[2] <= 2) return (struct date){part[0], part[1], part[2]};
    if (digits[2] == 4 && digits[0] <= 2) return (struct date){part[2], part[1], part[0]};
    return none;
}

uint64_t date_packed(const struct date *d)
{
    int digit[8];
    uint64_t all = 0;
    date_digits(d, digit);
    for (int i = 0; i < 8; i++)
        all = all << 4 | (uint64_t)digit[i];
    return all;
}

static bool packed_exact(uint64_t d)
{
    return (d & 0xFF) != 0 && (d & 0xFF00) != 0;
}

enum date_relation date_relate_packed(uint64_t a, uint64_t b)
{
    uint64_t x = a ^ b, differing = (x | x >> 1 | x >> 2 | x >> 3) & 0x11111111;
    bool exact = packed_exact(a) && packed_exact(b);
    if (exact && (x & 0xFFFF) == 0) return DATE_SAME_DAY_OTHER_YEAR;
    if (exact && __builtin_popcountll(differing) == 2) return DATE_TWO_DIGITS;
    return x >> 16 == 0 ? DATE_SAME_YEAR : DATE_DIFFERENT;
}

/* One digit left open, two neighbours in either order, day and month in either order; and the year, by which
 * dates that are not wholly known meet the others. */
void date_keys(const struct date *d, struct near_keys *out)
{
    int digit[8];
    uint64_t all = date_packed(d);
    date_digits(d, digit);
    for (unsigned i = 0; i < 8; i++) {
        unsigned at = 4 * (7 - i);
        near_key_add(out, NEAR_DIGIT, (all | UINT64_C(15) << at) << 4 | i, NEAR_BOTH);
        if (i == 7) break;
        unsigned low = (unsigned)(digit[i] < digit[i + 1] ? digit[i] : digit[i + 1]);
        unsigned high = (unsigned)(digit[i] + digit[i + 1]) - low;
        uint64_t pair = (uint64_t)(low << 4 | high) << (at - 4), open = UINT64_C(255) << (at - 4);
        near_key_add(out, NEAR_DIGIT, ((all & ~open) | pair) << 4 | (8 + i), NEAR_BOTH);
    }
    int low = d->month < d->day ? d->month : d->day;
    near_key_add(out, NEAR_SAME, (uint64_t)((d->year * 100 + low) * 100 + d->month + d->day - low),
                 NEAR_BOTH);
    near_key_add(out, NEAR_KNOWN, (uint64_t)d->year, date_exact(d) ? NEAR_LONG : NEAR_BOTH);
}
