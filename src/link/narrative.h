/* What a narrative says that its coded fields leave open: for thin reports. Pure. */
#ifndef LINK_NARRATIVE_H
#define LINK_NARRATIVE_H

#include "model/phrases.h"

/* The policy vocabularies that are looked for, compiled; lives in `a`. */
struct phrases *narrative_phrases(struct arena *a, const struct policy *policy);

struct narrative_facts {
    Str mechanism, posture, found_by;            /* codes, STR_NONE when nothing is said */
    struct str_list present, absent, substances; /* codes */
};
/* "no", "not", "without" or "missing" up to three words before an item, or "missing", "gone", "not found"
 * after it, makes it absent; before anything else they silence it. */
void narrative_read(const struct phrases *phrases, Str narrative, struct arena *a,
                    struct narrative_facts *out);

#endif
