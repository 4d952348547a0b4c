/* What a check looks for, compiled from the words of a pack (doc/checks.md). Pure.
 *
 *   opening:   [each] SELECTOR [by FIELD] [at least N] [for DURATION]
 *              { and SELECTOR | without SELECTOR | then SELECTOR { or SELECTOR } }
 *   evidence:  SELECTOR { and SELECTOR | then SELECTOR }
 *   selector:  KIND { FIELD OPERATOR WORDS | later }         a field may be a path, subject.item
 *   operator:  =  one of these words stands (* any word, @ what the check was opened for)
 *              != a word stands that is none of these; FIELD!=* nothing stands there
 *              ~  the text holds one of these, <= and >= numbers and ranks
 *   words:     WORD|WORD, in evidence also each:WORD|WORD: all of them, each in a record of its own */
#ifndef ASSURE_SELECTOR_H
#define ASSURE_SELECTOR_H

#include "base/str.h"

#define SELECTOR_STEPS_MAX 24

enum test_op { TEST_IS, TEST_IS_NOT, TEST_STANDS, TEST_ABSENT, TEST_HOLDS, TEST_AT_MOST, TEST_AT_LEAST };

struct test {
    Str path; /* the reference that is followed first; STR_NONE: none */
    Str field;
    enum test_op op;
    struct str_list word;
    double number; /* of <= and >=: also a rank's height */
};

struct selector {
    Str kind;
    struct test *test;
    size_t tests;
    bool later; /* only what became known after the check opened */
};

enum step_link { STEP_AND, STEP_THEN, STEP_WITHOUT };
struct step {
    enum step_link link;
    struct selector *any; /* one of these; several only after then */
    size_t alternatives;
};

struct opening {
    bool each;
    struct selector first;
    Str by;            /* field whose words tell the subjects apart; STR_NONE: the row itself */
    uint64_t at_least; /* 0: one */
    int64_t lasts_ms;  /* it must have stood so long */
    struct step *step;
    size_t steps;
};

struct evidence {
    struct step *step; /* the first one is STEP_AND */
    size_t steps;
};

struct waiting {
    struct selector on;
    Str whom; /* "the laboratory", or a field of the row as {owner} */
};

/* E_INVALID names the word and what would be accepted. The text must live as long as `a`. */
MUST_USE enum status selector_parse(struct arena *a, Str text, struct selector *out, struct err *e);
MUST_USE enum status opening_parse(struct arena *a, Str text, struct opening *out, struct err *e);
MUST_USE enum status evidence_parse(struct arena *a, Str text, struct evidence *out, struct err *e);
MUST_USE enum status waiting_parse(struct arena *a, Str text, struct waiting *out, struct err *e);
/* "30m", "4h", "28d" */
MUST_USE enum status duration_parse(Str text, int64_t *ms, struct err *e);

/* The height of a rank: 1 constable, 2 sergeant, 3 inspector, 4 chief inspector, 5 superintendent; 0: none.
 */
int rank_height(Str rank);

/* Can rows of this kind hold this field? For a record's own fields and those worked out about a case
 * (assure/caseload.h). */
bool selector_kind_known(Str kind);
bool selector_field_known(Str kind, Str field);

/* The kinds and fields that are worked out, as rows for documentation; NULL kind ends it. */
struct derived_field {
    const char *kind, *field, *values, *about;
};
extern const struct derived_field derived_fields[];

#endif
