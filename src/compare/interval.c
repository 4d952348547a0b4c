#include "compare/interval.h"

#include "base/caldate.h"

#include <math.h>

double interval_gap_days(int64_t from_a_ms, int64_t until_a_ms, int64_t from_b_ms, int64_t until_b_ms)
{
    double days = 0;
    if (until_a_ms < from_b_ms) days = ((double)from_b_ms - (double)until_a_ms) / (double)MS_PER_DAY;
    if (until_b_ms < from_a_ms) days = ((double)from_a_ms - (double)until_b_ms) / (double)MS_PER_DAY;
    return days;
}

double interval_alike(double gap_days)
{
    return 30 / (30 + gap_days);
}

/* ---- expected gaps ------------------------------------------------------------------------------------
 * With G the second antiderivative of a distance g (G'' = g), the integral of g(x - y) over both stretches is
 * G(a2 - b1) - G(a1 - b1) - G(a2 - b2) + G(a1 - b2); when one stretch is a point, the first antiderivative
 * serves. */

struct distance {
    double (*plain)(double u, double cycle);
    double (*once)(double u, double cycle); /* first antiderivative, odd */
    double (*twice)(double u, double cycle);
    double cycle;
};

static double line_plain(double u, double cycle)
{
    (void)cycle;
    return fabs(u);
}

static double line_once(double u, double cycle)
{
    (void)cycle;
    return u * fabs(u) / 2;
}

static double line_twice(double u, double cycle)
{
    (void)cycle;
    return fabs(u) * u * u / 6;
}

/* Into the half cycle: the way round by the shorter side; *back when that is backwards. */
static double half(double u, double cycle, bool *back)
{
    double r = fmod(u, cycle);
    if (r < 0) r += cycle;
    *back = r > cycle / 2;
    return *back ? cycle - r : r;
}

static double circle_plain(double u, double cycle)
{
    bool back;
    return half(u, cycle, &back);
}

/* Of the distance less its mean, a quarter of the cycle: only so is the antiderivative periodic. */
static double circle_once(double u, double cycle)
{
    bool back;
    double h = half(u, cycle, &back), v = h * h / 2 - cycle * h / 4;
    return back ? -v : v;
}

static double circle_twice(double u, double cycle)
{
    bool back;
    double h = half(u, cycle, &back);
    return h * h * h / 6 - cycle * h * h / 8;
}

/* A stretch so short beside the other or the cycle that its cube would drown in rounding is a point. */
#define POINT_SHARE 1e-5

static double expected(const struct distance *g, double a1, double a2, double b1, double b2, double mean)
{
    double long_a = a2 - a1, long_b = b2 - b1;
    double scale = g->cycle > 0 ? g->cycle : fmax(fmax(a2, b2) - fmin(a1, b1), 1e-9);
    bool point_a = long_a <= POINT_SHARE * scale, point_b = long_b <= POINT_SHARE * scale;
    double middle_a = a1 + long_a / 2, middle_b = b1 + long_b / 2;
    if (point_a && point_b) return g->plain(middle_a - middle_b, g->cycle);
    if (point_b) return mean + (g->once(a2 - middle_b, g->cycle) - g->once(a1 - middle_b, g->cycle)) / long_a;
    if (point_a) return mean + (g->once(b2 - middle_a, g->cycle) - g->once(b1 - middle_a, g->cycle)) / long_b;
    double sum = g->twice(a2 - b1, g->cycle) - g->twice(a1 - b1, g->cycle) - g->twice(a2 - b2, g->cycle) +
                 g->twice(a1 - b2, g->cycle);
    return mean + sum / (long_a * long_b);
}

static double days_after(int64_t ms, int64_t origin_ms)
{
    return ((double)ms - (double)origin_ms) / (double)MS_PER_DAY;
}

double interval_expected_days(int64_t from_a_ms, int64_t until_a_ms, int64_t from_b_ms, int64_t until_b_ms)
{
    static const struct distance LINE = {line_plain, line_once, line_twice, 0};
    double a2 = days_after(until_a_ms, from_a_ms), b1 = days_after(from_b_ms, from_a_ms),
           b2 = days_after(until_b_ms, from_a_ms);
    if (b1 >= a2 || b2 <= 0) return fabs(a2 / 2 - (b1 + b2) / 2);
    return expected(&LINE, 0, a2, b1, b2, 0);
}

double interval_expected_cycle_days(int64_t from_a_ms, int64_t until_a_ms, int64_t from_b_ms,
                                    int64_t until_b_ms, double cycle_days)
{
    struct distance circle = {circle_plain, circle_once, circle_twice, cycle_days};
    double a2 = days_after(until_a_ms, from_a_ms), b1 = days_after(from_b_ms, from_a_ms),
           b2 = days_after(until_b_ms, from_a_ms);
    double gap = expected(&circle, 0, a2, b1, b2, cycle_days / 4);
    return gap < 0 ? 0 : gap > cycle_days / 2 ? cycle_days / 2 : gap;
}
