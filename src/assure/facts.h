/* The facts of a case, as checks read them: rows of words, each word with the time in which it stood. Pure.
 *
 * A row is a record (kind, key "namespace:id") or something worked out about the case: a link, an earlier
 * death near by, a reading. A value is one word of one field: a code, one member of a set, a reference as
 * "namespace:id", a time in RFC 3339. It holds its period: known since, and until when it was said otherwise.
 * So a rule can ask what stands now, what ever stood, and for how long. */
#ifndef ASSURE_FACTS_H
#define ASSURE_FACTS_H

#include "model/record.h"

#define FOREVER_MS INT64_MAX

struct fact_value {
    Str name, word;
    int64_t since_ms,
        until_ms; /* until_ms is the first moment at which it stood no more; FOREVER_MS: it stands */
};

struct fact_row {
    Str kind, key;
    int64_t known_ms;
    struct fact_value *value; /* in the order of the kind's fields, oldest first; derived ones at the end */
    size_t count, room;
};

struct case_facts {
    Str death; /* key */
    int64_t at_ms;
    struct fact_row *row; /* the death first; no row is known later than at_ms */
    size_t count, room;
};

/* "main:D1" */
Str fact_key(struct arena *a, const struct record_id *id);
/* A reference as it stands in a record of namespace `ns`. */
Str fact_key_of(struct arena *a, Str ns, Str reference);

/* An empty row at the end of the case; the pointer is good until the next one is added. */
struct fact_row *facts_add_row(struct arena *a, struct case_facts *f, Str kind, Str key, int64_t known_ms);
/* No repeats: a period that another of the same word covers or touches is joined with it. */
void facts_add_value(struct arena *a, struct fact_row *row, Str name, Str word, int64_t since_ms,
                     int64_t until_ms);

/* A record as a row: every word it ever held at the view, with its periods, found by folding its lines at
 * each moment at which one of them became known. OK without a row when nothing of it is in view. */
MUST_USE enum status facts_add_record(struct arena *a, const struct policy *policy, struct case_facts *f,
                                      const struct entry_line *lines, size_t count, struct view view,
                                      struct err *e);

/* The first row of that key (NULL: none), and any value of a field that stands now (STR_NONE: none). */
const struct fact_row *facts_find(const struct case_facts *f, Str key);
Str fact_now(const struct fact_row *row, Str name);
const struct fact_value *fact_value_now(const struct fact_row *row, Str name);
/* A time that stands now: INT64_MIN when there is none or it is no time. */
int64_t fact_time_now(const struct fact_row *row, Str name);

#endif
