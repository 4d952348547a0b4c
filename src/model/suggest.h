/* "Did you mean ...?": the nearest of some words, by edit distance without regard to case.
 *     struct suggest s = suggest_for(word);  suggest_try(&s, candidate) ...;  suggest_best(&s) */
#ifndef MODEL_SUGGEST_H
#define MODEL_SUGGEST_H

#include "base/str.h"

struct suggest {
    Str word, best;
    size_t distance;
};

struct suggest suggest_for(Str word);
void suggest_try(struct suggest *s, Str candidate); /* ties: the first one tried stays */
/* STR_NONE when nothing tried is near: more than a third of the letters, at least two, would change. */
Str suggest_best(const struct suggest *s);

#endif
