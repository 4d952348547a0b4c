/* Finding the spellings of vocabularies in running text: "acute fentanyl and ethanol toxicity". Whole words,
 * compared folded (base/utf8.h), the longest spelling first, so that "acetyl fentanyl" is one substance and
 * not two. Pure. */
#ifndef MODEL_PHRASES_H
#define MODEL_PHRASES_H

#include "model/policy.h"

struct phrases; /* compiled; read-only */
/* The spellings of all the vocabularies but those in `except` (folded). The number of a vocabulary comes back
 * with each match, as its tag; where two of them claim a spelling, the first keeps it. The vocabularies must
 * live as long as `a`. */
struct phrases *phrases_of(struct arena *a, const struct vocabulary *const *v, size_t count,
                           const Str *except, size_t except_count);

struct phrase_match {
    Str code; /* belongs to the vocabulary */
    uint32_t tag;
    size_t from, to; /* bytes of the folded text */
};
/* The next match at or after *at in a folded text; false at the end. */
bool phrases_next(const struct phrases *p, Str folded, size_t *at, struct phrase_match *out);
/* The longest spelling that starts with the word at `from`; false when none does. */
bool phrases_at(const struct phrases *p, Str folded, size_t from, struct phrase_match *out);
/* The codes found, in the order of the text, each once. */
struct str_list phrases_codes(struct arena *a, const struct phrases *p, Str text);

#endif
