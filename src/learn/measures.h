/* What is measured about two rows of a table: the numbers from which links are learned. One row a kind below;
 * a measure is a kind on a column (or two). Missing values give NAN: neutral, unless learned otherwise.
 *
 * How rare it is counts more than how alike: an agreement is measured by the frequency of what is agreed on,
 * and a distance also by the share of rows that lie nearer there ("of 490 crimes 2 % are nearer to either"),
 * so that a hundred metres in a city centre and in a village are not the same. Both ends are asked, and the
 * busier one counts. */
#ifndef LEARN_MEASURES_H
#define LEARN_MEASURES_H

#include "base/sheet.h"
#include "learn/pair_table.h"

enum measure_kind {
    MEASURE_DISTANCE,
    MEASURE_NEARER,
    MEASURE_GAP,
    MEASURE_SOONER,
    MEASURE_HOUR,
    MEASURE_WEEKDAY,
    MEASURE_VAGUE,
    MEASURE_CROWD,
    MEASURE_SAME,
    MEASURE_RARITY,
    MEASURE_SHARED,
    MEASURE_DIFFERENCE,
    MEASURE_ALIKE,
    MEASURE_KINDS
};

struct measure_row {
    enum measure_kind kind;
    const char *name;
    unsigned types;  /* of the column: bits 1 << column_type */
    unsigned second; /* of a second column; 0: there is none */
    enum direction direction;
    bool by_default; /* taken for every column that it fits, when nothing is said */
    const char *doc;
};
extern const struct measure_row MEASURES[MEASURE_KINDS];
int measure_named(Str name); /* -1 when there is none */

struct measure_spec {
    enum measure_kind kind;
    Str column, second; /* second: empty where there is none */
};
#define MEASURES_MAX 256
/* "distance(where)", "crowd(where,when)" */
Str measure_title(const struct measure_spec *s, struct arena *a);

/* "distance(where), same(how)" as measure_title writes them. E_INVALID says which is not understood. */
MUST_USE enum status measures_parse(Str text, struct arena *a, struct measure_spec **out, size_t *count,
                                    struct err *e);

/* Every kind taken by default on every column that it fits, in the order of the columns; E_LIMIT over
 * MEASURES_MAX, E_INVALID when there is none. */
MUST_USE enum status measures_default(const struct sheet *f, struct arena *a, struct measure_spec **out,
                                      size_t *count, struct err *e);

struct measures;
/* Makes ready to measure: frequencies of words and profiles of distances, of all rows. E_INVALID names a
 * column that is not there or of another type. The sheet must live as long. */
MUST_USE enum status measures_prepare(const struct sheet *f, const struct measure_spec *spec, size_t count,
                                      struct arena *a, struct measures **out, struct err *e);
/* One number a measure; the same for (a, b) and (b, a). May be called by several threads at once. */
void measures_pair(const struct measures *m, size_t a, size_t b, double *value);

/* A table of measured pairs, without labels: features named and directed by their kinds. */
struct row_pair {
    uint32_t a, b;
};
struct pair_table measures_table(const struct measures *m, const struct row_pair *pair, size_t pairs,
                                 size_t threads, struct arena *a);

#endif
