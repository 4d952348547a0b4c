/* Looking for what a selector describes among the facts of a case. Pure. */
#ifndef ASSURE_FIND_H
#define ASSURE_FIND_H

#include "assure/facts.h"
#include "assure/selector.h"

/* From since_ms until before until_ms. */
struct period {
    int64_t since_ms, until_ms;
};
struct periods {
    struct period *item; /* in order, none touching another */
    size_t count, room;
};

/* When a row answered every test of a selector. subject: what @ stands for. Empty when never. The kind is
 * looked at too. */
struct periods find_periods(struct arena *a, const struct case_facts *f, const struct selector *s,
                            const struct fact_row *row, Str subject);

/* The row that came to answer a selector first and still does, no sooner than after `floor_ms` (INT64_MIN:
 * whenever). NULL: none. since_ms: since when it answers. */
const struct fact_row *find_standing(struct arena *a, const struct case_facts *f, const struct selector *s,
                                     Str subject, int64_t floor_ms, int64_t *since_ms);
/* The first moment after `floor_ms` (INT64_MIN: ever) at which a row began to answer, whether or not it still
 * does. A selector without tests is answered anew by every new fact of such a row. */
const struct fact_row *find_beginning(struct arena *a, const struct case_facts *f, const struct selector *s,
                                      Str subject, int64_t floor_ms, int64_t *since_ms);

#endif
