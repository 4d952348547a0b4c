/* How the units do, out of the index of work: counts of what may be seen, and the records behind each count.
 * Pure over index, roll and sight; between hold and release of both. */
#ifndef APP_ASSURANCE_H
#define APP_ASSURANCE_H

#include "app/sight.h"
#include "app/work.h"

/* What is counted of checks; each stands for the subjects of checks behind it. */
enum assurance_count {
    ASSURE_IN_TIME, /* completed by its date, or without one */
    ASSURE_LATE,    /* completed after it */
    ASSURE_NOT_NEEDED,
    ASSURE_OPEN,          /* not done, not overdue */
    ASSURE_OVERDUE_DAY,   /* overdue for less than a day */
    ASSURE_OVERDUE_WEEK,  /* up to 7 days */
    ASSURE_OVERDUE_MONTH, /* up to 28 days */
    ASSURE_OVERDUE_LONG,
    ASSURE_COUNTS
};
const char *assurance_code(enum assurance_count c);  /* "in_time" */
const char *assurance_words(enum assurance_count c); /* "done in time" */

struct assurance_unit {
    Str unit; /* its code; "" : none */
    size_t deaths, count[ASSURE_COUNTS];
    size_t review_asked, reviewed; /* deaths that ask for a supervisor's review, and have one */
    size_t attend_asked, attended; /* the same of a supervisor at the scene */
    size_t challenged, returned;
};
struct assurance_ask {
    const struct work *work;
    const struct roll *roll;
    const struct sight *sight;
    const struct check_pack *pack;
    int64_t from_ms, until_ms; /* deaths found within; INT64_MIN, INT64_MAX: all */
    int64_t now_ms;
};
/* One row a unit, by code. */
size_t assurance_units(const struct assurance_ask *ask, struct arena *a, struct assurance_unit **out);

struct assurance_line {
    const struct roll_death *death;
    const struct work_item *item;
};
/* The subjects of checks behind a count: of a unit ("" : all), of a check (NULL: all), of some counts (bits
 * 1 << enum assurance_count). By death, newest first, then check. At most `most`; *all: how many there are.
 */
size_t assurance_lines(const struct assurance_ask *ask, Str unit, const struct check *check, unsigned counts,
                       size_t from, size_t most, struct arena *a, struct assurance_line **out, size_t *all);

/* A random sample of the deaths in the period (of a unit, "" : all), without repeats: the same seed and the
 * same deaths give the same sample. In the order drawn. *of: how many there are to draw from. */
size_t assurance_sample(const struct assurance_ask *ask, Str unit, uint64_t seed, size_t most,
                        struct arena *a, const struct roll_death ***out, size_t *of);

#endif
