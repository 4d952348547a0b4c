/* Numbers as people say them: no more exact than they are. */
#include "link/explain.h"

#include <math.h>

static double rounded_to(double v, double step)
{
    return round(v / step) * step;
}

void explain_metres(struct buf *out, double metres)
{
    if (metres < 50) {
        buf_add_cstr(out, "less than 50 m");
    } else if (metres < 975) {
        buf_addf(out, "about %.0f m", rounded_to(metres, metres < 575 ? 50 : 100));
    } else if (metres < 9500) {
        double km = rounded_to(metres / 1000, metres < 4750 ? 0.1 : 0.5);
        buf_addf(out, km == round(km) ? "about %.0f km" : "about %.1f km", km);
    } else {
        double km = metres / 1000;
        buf_add_cstr(out, "about ");
        explain_count(out, (uint64_t)rounded_to(km, km < 97.5 ? 1 : km < 995 ? 10 : 100));
        buf_add_cstr(out, " km");
    }
}

void explain_days_apart(struct buf *out, double days)
{
    if (days < 1) {
        buf_add_cstr(out, "on the same day");
    } else if (days < 1.5) {
        buf_add_cstr(out, "1 day apart");
    } else if (days < 120) {
        buf_addf(out, "%.0f days apart", days);
    } else if (days < 730) {
        buf_addf(out, "about %.0f months apart", days / 30.4369);
    } else {
        buf_addf(out, "about %.0f years apart", days / 365.2425);
    }
}

void explain_count(struct buf *out, uint64_t n)
{
    uint64_t unit = 1;
    while (n / unit >= 1000)
        unit *= 1000;
    buf_addf(out, "%llu", (unsigned long long)(n / unit));
    while (unit > 1) {
        n %= unit;
        unit /= 1000;
        buf_addf(out, ",%03llu", (unsigned long long)(n / unit));
    }
}

void explain_one_in(struct buf *out, double frequency)
{
    double n = 1 / frequency;
    if (!(frequency > 0) || frequency >= 0.9) {
        buf_add_cstr(out, frequency > 0 ? "nearly all" : "none");
    } else if (frequency > 0.5) {
        buf_add_cstr(out, "more than half");
    } else if (n < 9.95) {
        double tenth = rounded_to(n, 0.1);
        buf_addf(out, tenth == round(tenth) ? "1 in %.0f" : "1 in %.1f", tenth);
    } else {
        buf_add_cstr(out, "1 in ");
        /* two leading digits: the counts behind it carry no more */
        double unit = pow(10, floor(log10(n)) - 1);
        explain_count(out, (uint64_t)(n < 100 ? round(n) : fmin(rounded_to(n, unit), 1e18)));
    }
}

uint64_t explain_unusual(const struct pair_evidence *ev)
{
    size_t best =
        ev->rank_ab == 0 || (ev->rank_ba != 0 && ev->rank_ba < ev->rank_ab) ? ev->rank_ba : ev->rank_ab;
    return best == 0 || ev->events < 2 ? 0 : (ev->events - 1) / best;
}

void explain_steps(struct buf *out, int db, bool plus)
{
    const char *sign = db < 0 ? "-" : plus && db > 0 ? "+" : "";
    int size = db < 0 ? -db : db;
    buf_addf(out, "%s%d.%d", sign, size / 10, size % 10);
}
