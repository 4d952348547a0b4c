/* The few lines of text of a report, in varied words that never contradict the coded facts. */
#ifndef SYNTH_NARRATIVE_H
#define SYNTH_NARRATIVE_H

#include "synth/dossier.h"

#include "base/buf.h"

/* Appends the narrative of a death, 1 to about 12 sentences by how thorough the report is. `ambulance`:
 * in the words of the ambulance service instead of the police's. */
void synth_narrative_write(struct buf *out, const struct dossier *d, struct rng *r, bool ambulance);

/* Appends a text of one of the alternatives: "[a|b|]" chooses, nested at will; {name} is replaced through
 * `fill` (which appends, and may be NULL where there are none). A malformed text is a defect of ours. */
typedef void (*narrative_fill)(struct buf *out, const void *facts, Str name, struct rng *r);
/* NULL, or what is wrong with a phrase that came from a file: for "the phrase ...". {he} {his} {him} and with
 * a capital are the words it may name. */
const char *synth_phrase_fault(Str phrase);
/* Such a phrase, with the words for somebody of this sex. */
void synth_remark_write(struct buf *out, Str phrase, struct rng *r, char sex);
void synth_phrase_expand(struct buf *out, Str phrase, struct rng *r, narrative_fill fill, const void *facts);

#endif
