/* Finding the spellings of a vocabulary in running text: "acute fentanyl and ethanol toxicity" -> alcohol,
 * fentanyl. Text and spellings are compared folded (base/utf8.h), whole words only, the longest spelling
 * first, so that "acetyl fentanyl" is one substance and not two. Pure. */
#ifndef INTAKE_WORDS_H
#define INTAKE_WORDS_H

#include "model/policy.h"

struct words; /* the spellings of one vocabulary, compiled; read-only after that */

/* except: spellings that are not to be looked for here ("lead", "ice"), compared folded. `v` must live as
 * long as `a`. */
struct words *words_compile(struct arena *a, const struct vocabulary *v, const Str *except,
                            size_t except_count);

/* The codes found, in the order of the text, each once. The codes belong to the vocabulary. */
struct str_list words_find(struct arena *a, const struct words *w, Str text);

#endif
