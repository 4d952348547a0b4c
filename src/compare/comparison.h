/* Every way of comparing two values: one row each, from which property tests, the benchmark and the reference
 * follow. To add one: a function in a file of its own and a row in comparison.c. */
#ifndef COMPARE_COMPARISON_H
#define COMPARE_COMPARISON_H

#include "compare/near_key.h"
#include "model/value.h"

enum value_form {
    FORM_NAME,
    FORM_DATE,
    FORM_PLACE,
    FORM_INTERVAL,
    FORM_CODE,
    FORM_SET,
    FORM_NUMBER,
    FORM_COUNT
};

/* One value; the members of its form count. Absent values are known by their own kind of emptiness:
 * empty text, year 0, place not present, until not after from, empty set, no number. */
struct comparand {
    Str text; /* name (folded), code */
    struct date date;
    struct place place;
    bool planar; /* place: lat and lon are metres of a plane, y and x */
    double number;
    bool has_number;
    int64_t from_ms, until_ms; /* interval */
    struct str_list set;       /* sorted, each once */
};

/* At least this alike: these words, to be read as "<topic>: same". Falling; the last row's least is 0. */
#define COMPARISON_LEVELS_MAX 7
struct comparison_level {
    double least;
    const char *words;
};

struct comparison {
    const char *name;
    enum value_form form;
    double (*alike)(const struct comparand *a, const struct comparand *b); /* both are present */
    struct comparison_level level[COMPARISON_LEVELS_MAX];
    const char *doc;
    /* Two values that reach one of the first `listed` levels share a key (near_key.h); so that whoever looks
     * for near values need not try all; listed 0: every level is told from the two values alone. NULL: no
     * such keys. */
    void (*keys)(const struct comparand *v, struct near_keys *out);
    int listed;
    /* The level of two values that share no key, by a number made of each beforehand. NULL: by alike. */
    uint64_t (*pack)(const struct comparand *v);
    int (*loose)(uint64_t a, uint64_t b);
};
extern const struct comparison COMPARISONS[];
extern const size_t COMPARISON_COUNT;

const struct comparison *comparison_named(Str name); /* NULL when there is none */
bool comparand_present(enum value_form form, const struct comparand *v);
/* 0..1, the same whichever comes first, 1 for a value and itself; NAN when either is absent: missing is
 * neutral. */
double comparison_alike(const struct comparison *c, const struct comparand *a, const struct comparand *b);
/* The level reached, 0 the nearest; -1 for NAN. The levels there are. */
int comparison_level_of(const struct comparison *c, double alike);
int comparison_levels(const struct comparison *c);
/* The words of the level reached; "not recorded" for NAN. */
const char *comparison_words(const struct comparison *c, double alike);

#endif
