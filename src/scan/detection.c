#include "scan/detection.h"

#include "base/caldate.h"

#include <math.h>

Str detection_recurrence(struct arena *a, double weeks)
{
    static const struct {
        double weeks_min;
        double weeks;
        const char *one, *many;
    } unit[] = {{104, 52.1775, "year", "years"}, {2, 1, "week", "weeks"}, {0, 1.0 / 7, "day", "days"}};
    if (!isfinite(weeks)) return S("never in this data");
    size_t i = 0;
    while (weeks < unit[i].weeks_min)
        i++;
    double n = floor(weeks / unit[i].weeks + 0.5);
    if (n < 1) n = 1;
    return str_format(a, "%.0f %s", n, n > 1 ? unit[i].many : unit[i].one);
}

static Str number_words(struct arena *a, double x)
{
    return x >= 9.95    ? str_format(a, "%.0f", x)
           : x >= 0.095 ? str_format(a, "%.1f", x)
                        : str_format(a, "%.2g", x);
}

static Str span_words(struct arena *a, const struct detection *d)
{
    char from[48], to[48];
    caldate_words_day(d->from_day * MS_PER_DAY, from);
    caldate_words_day(d->to_day * MS_PER_DAY, to);
    return d->from_day == d->to_day ? str_format(a, "on %s", from) : str_format(a, "%s to %s", from, to);
}

Str detection_sentence(struct arena *a, const struct detection *d, Str subject)
{
    Str expected = number_words(a, d->expected), span = span_words(a, d), what = STR_NONE;
    switch (d->kind) {
    case DETECTION_CLUSTER:
        if (d->radius_m > 0)
            what = str_format(a, "%zu where %.*s would be expected, within %.1f km of %.*s, %.*s", d->count,
                              STR_ARG(expected), d->radius_m / 1000, STR_ARG(subject), STR_ARG(span));
        else
            what = str_format(a, "%zu where %.*s would be expected, at %.*s, %.*s", d->count,
                              STR_ARG(expected), STR_ARG(subject), STR_ARG(span));
        break;
    case DETECTION_RATE:
        what = str_format(
            a, "%.*s: %zu unexplained where %.*s would be expected, %.0f %% against the usual %.0f %%, %.*s",
            STR_ARG(subject), d->count, STR_ARG(expected), d->share * 100, d->base * 100, STR_ARG(span));
        break;
    case DETECTION_EXPOSURE:
        what = str_format(a, "%.*s: %zu where %.*s would be expected from what was worked or held, %.*s",
                          STR_ARG(subject), d->count, STR_ARG(expected), STR_ARG(span));
        break;
    }
    if (isnan(d->recurrence_weeks)) return what;
    Str often = detection_recurrence(a, d->recurrence_weeks);
    return str_format(a, "%.*s; by chance %sonce in %.*s", STR_ARG(what), d->rarer ? "less than " : "",
                      STR_ARG(often));
}
