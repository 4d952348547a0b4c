/* Who was about a death, and who was last in touch: drawn by the rules of the dressing, for planted deaths
 * and all others alike; a planted one may have its group's person or contact in place of its own. */
#ifndef SYNTH_COMPANY_H
#define SYNTH_COMPANY_H

#include "synth/plant.h"
#include "synth/run.h"

struct company {
    const struct pattern *dressing;
    struct regular **pool; /* for each rule: DISTRICTS x rule->pool people; NULL: not from a pool */
    const struct town *town;
};

void synth_company_make(struct company *c, struct arena *a, const struct pattern *dressing,
                        const struct town *town, const struct rng *root);
/* Before the report: who finds the body, where that is the group's person. `g` NULL: not planted. */
void synth_company_before(struct group *g, const struct rng *own, struct dossier *d);
/* After the report. */
void synth_company_write(struct run *run, const struct company *c, struct group *g, const struct rng *own,
                         const struct dossier *d, RecordId death);

#endif
