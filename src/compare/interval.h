/* How far apart two stretches of time are. Pure; [from, until) in ms, as span_interval (model/value.h) gives
 * them. */
#ifndef COMPARE_INTERVAL_H
#define COMPARE_INTERVAL_H

#include <stdint.h>

/* Days from the end of the earlier to the start of the later; 0 when they touch or overlap. */
double interval_gap_days(int64_t from_a_ms, int64_t until_a_ms, int64_t from_b_ms, int64_t until_b_ms);
/* 1 at no gap, one half at 30 days, towards 0 far away: 30 / (30 + days). NAN stays NAN. */
double interval_alike(double gap_days);

#endif
