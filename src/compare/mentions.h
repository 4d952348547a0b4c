/* What a text speaks of, in the words of a vocabulary: where it stands, as what it was read, and whether it
 * is denied. "Negative for opiates; acute fentanly/heroin toxicity" mentions opiates (denied), fentanyl
 * (spelt otherwise) and heroin. Pure.
 *
 * Spellings are found whole and folded, the longest first (model/phrases.h). A word that no vocabulary knows
 * is read as one it knows when few letters differ: one edit (optimal string alignment, compare/name.h) from 6
 * letters on, two from 9 on, never the first letter unless it changed places with the second, and never when
 * two different things are equally near; or it is two known words without the blank. Words that only look
 * like a name stand in policy/no-names.tsv. */
#ifndef COMPARE_MENTIONS_H
#define COMPARE_MENTIONS_H

#include "model/policy.h"

struct mention_reader; /* a vocabulary compiled for reading; read-only */
/* corrects: are misspellings looked for? The policy's denials and no_names are used; it must live as long. */
struct mention_reader *mention_reader_new(struct arena *a, const struct policy *policy,
                                          const struct vocabulary *v, bool corrects);

struct mention {
    Str code;             /* belongs to the vocabulary */
    size_t start, length; /* bytes of the text */
    Str spelling;         /* the spelling of the vocabulary that was found, folded */
    unsigned edits;       /* letters changed to find it; 0: as listed */
    bool negated;
    size_t cue_start, cue_length; /* the words that deny it; length 0 when it is not negated */
};
struct mentions {
    struct mention *item; /* in the order of the text */
    size_t count;
};
#define MENTION_TEXT_BYTES_MAX ((size_t)16 << 20) /* what comes behind is not read */

struct mentions mentions_find(const struct mention_reader *r, Str text, struct arena *a);

#endif
