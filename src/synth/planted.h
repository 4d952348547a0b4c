/* Series planted into a real population: every death of a file told as a force would have it told, planted
 * ones and all others by the same hands and at the same rates. */
#ifndef SYNTH_PLANTED_H
#define SYNTH_PLANTED_H

#include "synth/plant.h"
#include "synth/synth.h"

struct planted_options {
    struct plant_options plant;
    uint64_t seed;
};

/* What was planted, by the number in the name of a group of the truth ("P12" is group[11]). */
struct planted_group {
    Str pattern;
    enum nature nature;
    size_t members;
};
struct planted {
    struct planted_group *group;
    size_t count;
    size_t missed;    /* groups for which the file has too few deaths */
    size_t deaths;    /* of the file */
    size_t in_series; /* of them members of planted series */
    size_t joint;     /* pairs in one dwelling within three days, by the file itself */
};

/* Writes the feed in the order of known_at and the truth as synth_write does; natures are series, benign,
 * same_event and look_alike. `pattern` holds the plans, one of them the dressing (E_INVALID without).
 * Everything that is returned lives in `a`. The same deaths, plans and options give the same bytes. */
MUST_USE enum status synth_planted_write(const struct known_death *known, size_t count,
                                         const struct pattern *pattern, size_t patterns,
                                         const struct planted_options *options, synth_line_sink put_line,
                                         void *state, synth_line_sink put_truth, void *truth_state,
                                         struct arena *a, struct planted *out, struct err *e);

#endif
