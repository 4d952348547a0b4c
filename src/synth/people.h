/* Invented people: names as London has them, from lists written for this; trades by age. */
#ifndef SYNTH_PEOPLE_H
#define SYNTH_PEOPLE_H

#include "synth/draw.h"

/* Where a name comes from, so that given name and surname go together and a couple or a family share it. */
struct name {
    const char *given;
    const char *family;
    uint16_t origin;
};

/* sex 'M' or 'F'; the given names of the old differ from those of the young. */
struct name synth_name(struct rng *r, char sex, int age);
/* Another member of the same family. */
struct name synth_name_of_kin(struct rng *r, const struct name *of, char sex, int age);
Str synth_name_text(struct arena *a, const struct name *n);
/* As another hand heard it: most often the same, else shortened, with a letter changed, or turned round. */
Str synth_name_misheard(struct arena *a, struct rng *r, const struct name *n);
/* NULL for children. */
const char *synth_occupation(struct rng *r, int age);
/* What people call themselves online: common ones recur by chance. */
Str synth_handle(struct arena *a, struct rng *r);

#endif
