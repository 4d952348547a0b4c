/* How good the report of a death is: which of the first questions (the fields asked at the scene) are
 * answered, and what in it contradicts itself or cannot be. Each finding is a sentence for people. Pure.
 *
 * score = 100 x answered / asked, less CONTRADICTION_COST for each contradiction, not below 0. An answer of
 * "unknown" counts half: somebody looked and could not tell. The figure is for sorting and for showing
 * progress; the findings are what is worked on. */
#ifndef ASSURE_QUALITY_H
#define ASSURE_QUALITY_H

#include "model/kinds.h"
#include "model/record.h"

enum { CONTRADICTION_COST = 5, QUALITY_FINDINGS_MAX = 64 };

enum quality_nature { QUALITY_MISSING, QUALITY_UNKNOWN, QUALITY_CONTRADICTION, QUALITY_THIN };
const char *quality_nature_name(enum quality_nature n);

struct quality_finding {
    enum quality_nature nature;
    const char *rule; /* a stable word: "found_after_reported"; a field's name for what is missing */
    Str sentence;
};

struct quality {
    int asked, answered, unknown; /* of the fields asked at the scene; answered includes unknown */
    int contradictions;
    int score; /* 0 to 100 */
    struct quality_finding
        *finding; /* missing first in the order of the form, then contradictions, then thin texts */
    size_t count;
};

/* record: a death, folded. */
void quality_of_death(struct arena *a, const struct record *record, struct quality *out);

#endif
