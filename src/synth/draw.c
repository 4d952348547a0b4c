#include "synth/draw.h"

#include "base/caldate.h"

#include <math.h>

struct rng synth_rng(const struct rng *root, enum draw_concern concern, uint64_t index)
{
    struct rng part = rng_fork(root, (uint64_t)concern);
    return rng_fork(&part, index);
}

size_t synth_pick(struct rng *r, const uint16_t *weight, size_t count)
{
    uint64_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += weight[i];
    MUST(total > 0);
    uint64_t at = rng_below(r, total);
    size_t i = 0;
    while (at >= weight[i])
        at -= weight[i++];
    return i;
}

const char *synth_choose(struct rng *r, const char *const *word, size_t count)
{
    return word[rng_below(r, count)];
}

size_t synth_pick_skewed(struct rng *r, size_t count, double exponent)
{
    MUST(count > 0);
    double u = rng_unit(r);
    size_t i = (size_t)((double)count * pow(u, 1.0 + exponent));
    return i < count ? i : count - 1;
}

double synth_normal_within(struct rng *r, double mean, double sd, double low, double high)
{
    double v = mean;
    for (int tries = 0; tries < 8; tries++) {
        v = rng_normal(r, mean, sd);
        if (v >= low && v <= high) return v;
    }
    return v < low ? low : high;
}

static int64_t last_sunday(int year, int month)
{
    int64_t day = caldate_to_days(year, month, 31);
    return day - (caldate_weekday(day) + 1) % 7;
}

int64_t synth_london_offset_ms(int64_t utc_ms)
{
    int year, month, day;
    caldate_from_days(caldate_day_of(utc_ms), &year, &month, &day);
    int64_t begins = last_sunday(year, 3) * MS_PER_DAY + MS_PER_HOUR;
    int64_t ends = last_sunday(year, 10) * MS_PER_DAY + MS_PER_HOUR;
    return utc_ms >= begins && utc_ms < ends ? MS_PER_HOUR : 0;
}

int synth_london_hour(int64_t utc_ms)
{
    int64_t local = utc_ms + synth_london_offset_ms(utc_ms);
    return (int)((local - caldate_midnight(local)) / MS_PER_HOUR);
}

int64_t synth_round_minute(int64_t ms)
{
    return ms - ms % (60 * MS_PER_SECOND);
}

Str synth_phone(struct arena *a, struct rng *r)
{
    uint64_t number = rng_below(r, 1000000000u);
    Str phone = str_format(a, "+446%09llu", (unsigned long long)number);
    return synth_phone_rewrite(a, r, phone);
}

/* "+446123456789", "06123456789", "06123 456789" or "+44 6123 456 789". */
Str synth_phone_rewrite(struct arena *a, struct rng *r, Str phone)
{
    char digits[10];
    size_t n = 0, skip = str_starts(phone, S("+44")) ? 3 : 1;
    for (size_t i = skip; i < phone.len && n < sizeof digits; i++)
        if (phone.ptr[i] != ' ') digits[n++] = phone.ptr[i];
    MUST(n == sizeof digits);
    switch (rng_below(r, 5)) {
    case 0:
        return str_format(a, "0%.10s", digits);
    case 1:
        return str_format(a, "0%.4s %.6s", digits, digits + 4);
    case 2:
        return str_format(a, "+44 %.4s %.3s %.3s", digits, digits + 4, digits + 7);
    default:
        return str_format(a, "+44%.10s", digits);
    }
}
