/* The deaths somebody may see, by what is asked of them. Counts are of what may be seen. */
#ifndef APP_DEATH_LIST_H
#define APP_DEATH_LIST_H

#include "app/sight.h"

/* Empty texts and absent figures ask nothing. */
struct death_query {
    Str unit, category, setting, mechanism, sex;
    double age_min, age_max;
    int64_t from_ms, until_ms; /* INT64_MIN, INT64_MAX: any */
};
#define DEATH_QUERY_ALL                                                                                      \
    ((struct death_query){                                                                                   \
        .age_min = (double)NAN, .age_max = (double)NAN, .from_ms = INT64_MIN, .until_ms = INT64_MAX})

/* Places in the roll, newest first. Between hold and release. */
size_t death_list_find(struct roll *r, const struct sight *sight, const struct death_query *q,
                       struct arena *a, uint32_t **out);

/* Is it one of those that are asked for? */
bool death_list_answers(const struct death_query *q, const struct roll_death *d);

#endif
