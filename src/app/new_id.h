/* Ids of records that people make here: not guessable, easy to read out, never used twice. */
#ifndef APP_NEW_ID_H
#define APP_NEW_ID_H

#include "base/rng.h"
#include "base/str.h"

/* "X-" and ten letters and digits (50 random bits; none that look alike): "X-7KQ2M9D4TH". Lives in `a`. */
Str new_id(struct arena *a, const struct entropy *entropy, Str prefix);

#endif
