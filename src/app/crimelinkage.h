/* The measures of the R package crimelinkage 0.0.4 as that package reckons them, to prove that ours are the
 * same where the method is: derived from its documentation and its numbers. Two things differ from ours.
 *
 * Around a cycle the package spreads each stretch of time over 2000 cells and takes the distance of two cells
 * for that of the moments in them (up to 0.002 hours off where a stretch is short); two points, or a point
 * and a stretch, it reckons exactly; a stretch of a cycle or more is a quarter of the cycle away from
 * everything.
 *
 * "Missing" is a word to it: two missing values agree, and a missing one differs from any other. */
#ifndef APP_CRIMELINKAGE_H
#define APP_CRIMELINKAGE_H

#include "base/sheet.h"
#include "learn/measures.h"

/* The measure of two rows; kinds that the package has not (all but distance, gap, hour, weekday, same): NAN.
 */
double crimelinkage_measure(const struct sheet *f, const struct measure_spec *s, size_t a, size_t b);

#endif
