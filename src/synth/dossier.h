/* Everything that is so about one death, before anybody writes down a part of it. */
#ifndef SYNTH_DOSSIER_H
#define SYNTH_DOSSIER_H

#include "synth/people.h"
#include "synth/plan.h"
#include "synth/sites.h"

struct dossier {
    const struct planned *planned;
    const struct cause *cause;
    const struct profile *profile; /* NULL unless an intake */
    const struct batch *batch;     /* NULL unless part of one */

    /* who */
    char sex;
    int age;
    int age_told; /* as reported: an estimate where nobody knew who it was */
    int64_t born_day;
    struct name name;
    bool name_known; /* at the first report */
    bool ever_known; /* later at least */
    const char *occupation;
    bool alone; /* lived alone */
    bool rough_sleeper;

    /* where */
    enum setting setting;
    struct site *site; /* NULL at no recurring place */
    struct spot place;
    struct spot home;
    const char *housing;
    enum tie tie;

    /* when */
    int64_t found_ms, reported_ms, pronounced_ms, known_ms;
    int64_t seen_from_ms, seen_to_ms;

    /* the scene */
    enum found_by found_by;
    struct regular *regular; /* the finder, where it is one whose work it is; else NULL */
    enum posture posture;
    uint32_t present, absent, injuries; /* bits of enum thing, missed, injury */
    const char *signs_moved, *covering, *clothing;
    struct intake suspected, found; /* at the scene; by the laboratory */
    bool toxicology;
    const char *explanation, *explanation_verified;

    /* the judgement */
    bool homicide;
    const char *category;
    const char *manner; /* once certified */

    Str remark; /* STR_NONE: nothing out of the ordinary */

    /* how much of it was written down: 0 to 1, and a thin report has hardly any fields */
    double thoroughness;
    bool thin;
};

/* Draws the death. Texts live in `a`. Sites outlive it. */
void synth_dossier_draw(struct dossier *d, struct arena *a, const struct rng *root, const struct plan *plan,
                        const struct planned *planned, struct sites *sites);
/* The partner of `first`, who died with them. */
void synth_dossier_partner(struct dossier *d, struct arena *a, const struct rng *root,
                           const struct plan *plan, const struct dossier *first, struct sites *sites);

/* The scene, from who, where and how; used by the two above. */
void synth_scene_draw(struct dossier *d, const struct rng *root, struct sites *sites);

#endif
