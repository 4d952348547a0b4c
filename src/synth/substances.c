#include "synth/substances.h"

#include <string.h>

#define GENERAL "approximate; general knowledge, unverified"

/* Weights of a thousand drug deaths. One toxicology case in 4.5 is a drug death here (causes.c), so that
 * 42 of a thousand with GHB make 0.92 % of all toxicology cases, 59 with MDMA 1.3 %, 127 with cocaine 2.8 %.
 */
static const struct profile drugs[] = {
    {{"heroin", "morphine", "heroin"},
     352,
     {"alcohol", "diazepam", "cocaine", "methadone", "pregabalin"},
     {.32, .24, .06, .08, .10},
     .77,
     42,
     9,
     0,
     true,
     GENERAL},
    {{"methadone"},
     115,
     {"alcohol", "diazepam", "heroin", "cocaine", "mirtazapine"},
     {.28, .34, .15, .04, .10},
     0,
     43,
     9,
     0,
     false,
     GENERAL},
    {{"cocaine"},
     84,
     {"alcohol", "heroin", "diazepam"},
     {.48, .10, .10},
     .83,
     38,
     10,
     0,
     false,
     "cocaine in 2.8 % of toxicology (domain.md 4), with the shares beside other mains"},
    {{"ghb", "ghb", "ghb", "gbl"},
     42,
     {"alcohol", "methamphetamine", "mephedrone", "ketamine", "cocaine"},
     {.30, .16, .14, .10, .12},
     .95,
     34,
     8.5,
     .83,
     false,
     "0.92 % of toxicology, mean age 34, 83 % in private homes (domain.md 4)"},
    {{"mdma"},
     54,
     {"alcohol", "cocaine", "ketamine"},
     {.35, .12, .06},
     .80,
     27,
     7,
     .52,
     false,
     "MDMA in 1.3 % of toxicology (domain.md 4)"},
    {{"tramadol", "oxycodone", "fentanyl", "codeine"},
     104,
     {"alcohol", "diazepam", "amitriptyline", "pregabalin"},
     {.30, .20, .18, .16},
     .58,
     46,
     12,
     0,
     false,
     GENERAL},
    {{"diazepam", "pregabalin", "etizolam", "alprazolam"},
     57,
     {"alcohol", "heroin", "methadone", "mirtazapine"},
     {.40, .20, .18, .12},
     0,
     39,
     10,
     0,
     false,
     GENERAL},
    {{"alcohol"}, 92, {"diazepam", "citalopram"}, {.10, .08}, .70, 47, 11, 0, false, GENERAL},
    {{"amphetamine", "methamphetamine", "mephedrone"},
     26,
     {"alcohol", "ghb", "diazepam"},
     {.30, 0, .10},
     .84,
     36,
     9,
     0,
     false,
     GENERAL},
    {{"synthetic_cannabinoid"}, 16, {"alcohol", "methadone"}, {.30, .12}, .90, 36, 9, 0, false, GENERAL},
    {{"ketamine"}, 9, {"alcohol", "cocaine"}, {.30, .10}, .78, 31, 8, 0, false, GENERAL},
    {{NULL}, 49, {NULL}, {0}, 0, 0, 0, 0, false, GENERAL},
};
static const struct profile medicines[] = {
    {{"amitriptyline", "dosulepin", "amitriptyline"},
     190,
     {"alcohol", "diazepam", "codeine"},
     {.30, .15, .10},
     0,
     0,
     0,
     0,
     false,
     GENERAL},
    {{"citalopram", "sertraline", "venlafaxine", "mirtazapine"},
     210,
     {"alcohol", "zopiclone", "diazepam"},
     {.32, .18, .12},
     0,
     0,
     0,
     0,
     false,
     GENERAL},
    {{"paracetamol", "codeine"},
     200,
     {"alcohol", "ibuprofen", "codeine"},
     {.30, .12, .18},
     0,
     0,
     0,
     0,
     false,
     GENERAL},
    {{"propranolol", "amlodipine", "digoxin"},
     90,
     {"alcohol", "zopiclone"},
     {.25, .12},
     0,
     0,
     0,
     0,
     false,
     GENERAL},
    {{"quetiapine", "olanzapine", "clozapine"},
     80,
     {"alcohol", "diazepam"},
     {.20, .20},
     0,
     0,
     0,
     0,
     false,
     GENERAL},
    {{"morphine", "oxycodone", "tramadol", "dihydrocodeine"},
     120,
     {"alcohol", "diazepam", "pregabalin"},
     {.26, .20, .16},
     0,
     0,
     0,
     0,
     false,
     GENERAL},
    {{"insulin"}, 30, {"alcohol"}, {.20}, 0, 0, 0, 0, true, GENERAL},
    {{"zopiclone", "diazepam", "temazepam"}, 50, {"alcohol"}, {.55}, 0, 0, 0, 0, false, GENERAL},
    {{NULL}, 30, {NULL}, {0}, 0, 0, 0, 0, false, GENERAL},
};
static const struct profile poisons[] = {
    {{"carbon_monoxide"}, 560, {"alcohol"}, {.30}, 0, 0, 0, 0, false, GENERAL},
    {{"ethylene_glycol", "methanol"}, 110, {"alcohol"}, {.25}, 0, 0, 0, 0, false, GENERAL},
    {{"cyanide", "sodium_nitrite"}, 80, {NULL}, {0}, 0, 0, 0, 0, false, GENERAL},
    {{"helium", "butane"}, 160, {"alcohol"}, {.20}, 0, 0, 0, 0, false, GENERAL},
    {{NULL}, 90, {NULL}, {0}, 0, 0, 0, 0, false, GENERAL},
};

const struct profile *synth_profiles(enum cause_kind kind, size_t *count)
{
    if (kind == CAUSE_DRUGS) {
        *count = COUNT_OF(drugs);
        return drugs;
    }
    if (kind == CAUSE_MEDICINES) {
        *count = COUNT_OF(medicines);
        return medicines;
    }
    if (kind == CAUSE_POISON) {
        *count = COUNT_OF(poisons);
        return poisons;
    }
    *count = 0;
    return NULL;
}

size_t synth_profile_draw(struct rng *r, enum cause_kind kind)
{
    size_t count;
    const struct profile *p = synth_profiles(kind, &count);
    uint16_t weight[16];
    MUST(p != NULL && count <= COUNT_OF(weight));
    for (size_t i = 0; i < count; i++)
        weight[i] = p[i].weight;
    return synth_pick(r, weight, count);
}

void synth_intake_add(struct intake *in, const char *name)
{
    for (size_t i = 0; i < in->count; i++)
        if (strcmp(in->name[i], name) == 0) return;
    if (in->count < SUBSTANCES_MAX) in->name[in->count++] = name;
}

struct intake synth_intake(struct rng *r, const struct profile *p)
{
    struct intake in = {.count = 0};
    size_t mains = 0;
    while (mains < COUNT_OF(p->main) && p->main[mains] != NULL)
        mains++;
    if (mains == 0) return in;
    synth_intake_add(&in, p->main[rng_below(r, mains)]);
    for (size_t i = 0; i < COUNT_OF(p->with) && p->with[i] != NULL; i++)
        if (rng_chance(r, p->with_share[i])) synth_intake_add(&in, p->with[i]);
    return in;
}

struct intake synth_intake_incidental(struct rng *r)
{
    static const char *const medicine[] = {"paracetamol", "citalopram",  "amlodipine", "sertraline",
                                           "codeine",     "mirtazapine", "diazepam",   "ibuprofen",
                                           "pregabalin",  "cannabis"};
    struct intake in = {.count = 0};
    if (rng_chance(r, 0.27)) synth_intake_add(&in, "alcohol");
    if (rng_chance(r, 0.20)) synth_intake_add(&in, synth_choose(r, medicine, COUNT_OF(medicine)));
    return in;
}
