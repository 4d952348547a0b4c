#include "compare/interval.h"

#include "base/caldate.h"

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
