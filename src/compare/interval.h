/* How far apart two stretches of time are. Pure; [from, until) in ms, as span_interval (model/value.h) gives
 * them. */
#ifndef COMPARE_INTERVAL_H
#define COMPARE_INTERVAL_H

#include <stdint.h>

/* Days from the end of the earlier to the start of the later; 0 when they touch or overlap. */
double interval_gap_days(int64_t from_a_ms, int64_t until_a_ms, int64_t from_b_ms, int64_t until_b_ms);
/* The expected time between two moments of which only the stretch is known, each anywhere in its own with
 * equal chance: E |X - Y|, exactly, by the integral over both stretches. Of two moments known to the point:
 * their difference. What lies apart: the difference of the middles. until not before from; days. */
double interval_expected_days(int64_t from_a_ms, int64_t until_a_ms, int64_t from_b_ms, int64_t until_b_ms);
/* The same around a cycle of so many days (1: time of day, 7: day of the week): the expected way round from
 * one to the other by the shorter side, 0 to half the cycle. A stretch of whole cycles gives a quarter.
 * (M. D. Porter, The American Statistician 70 (2016), section 3.2, has the measure; the R package
 * crimelinkage reckons it on a grid of 2000 cells and calls every stretch of a cycle or more a quarter.) */
double interval_expected_cycle_days(int64_t from_a_ms, int64_t until_a_ms, int64_t from_b_ms,
                                    int64_t until_b_ms, double cycle_days);
/* 1 at no gap, one half at 30 days, towards 0 far away: 30 / (30 + days). NAN stays NAN. */
double interval_alike(double gap_days);

#endif
