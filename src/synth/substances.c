#include "synth/substances.h"

#include <string.h>

#define GENERAL "approximate; general knowledge, unverified"

/* clang-format off */

/* Weights of a thousand drug deaths. About one toxicology case in four is a drug death here (causes.c), so
 * that 40 in a thousand with GHB make 0.92 % of all toxicology cases; MDMA comes to 1.3 % and cocaine, which
 * is also found beside other drugs, to 2.8 %. A test measures all three. */
static const struct profile drugs[] = {
    {.main = {"heroin", "morphine", "heroin"}, .weight = 352,
     .with = {"alcohol", "diazepam", "cocaine", "methadone", "pregabalin"},
     .with_share = {.32, .24, .06, .08, .10},
     .men = .77, .age_mean = 42, .age_sd = 9, .injected = true, .source = GENERAL},
    {.main = {"methadone"}, .weight = 115,
     .with = {"alcohol", "diazepam", "heroin", "cocaine", "mirtazapine"},
     .with_share = {.28, .34, .15, .04, .10},
     .age_mean = 43, .age_sd = 9, .source = GENERAL},
    {.main = {"cocaine"}, .weight = 84,
     .with = {"alcohol", "heroin", "diazepam"}, .with_share = {.48, .10, .10},
     .men = .83, .age_mean = 38, .age_sd = 10,
     .source = "cocaine in 2.8 % of London toxicology cases, with the shares beside other mains"},
    {.main = {"ghb", "ghb", "ghb", "gbl"}, .weight = 40,
     .with = {"alcohol", "methamphetamine", "mephedrone", "ketamine", "cocaine"},
     .with_share = {.30, .16, .14, .10, .12},
     .men = .95, .age_mean = 34, .age_sd = 8.5, .at_home = .83,
     .source = "61 of 6,633 London toxicology cases; mean age 34, 83 % in private homes"},
    {.main = {"mdma"}, .weight = 57,
     .with = {"alcohol", "cocaine", "ketamine"}, .with_share = {.35, .12, .06},
     .men = .80, .age_mean = 27, .age_sd = 7, .at_home = .52,
     .source = "MDMA in 1.3 % of London toxicology cases"},
    {.main = {"tramadol", "oxycodone", "fentanyl", "codeine"}, .weight = 104,
     .with = {"alcohol", "diazepam", "amitriptyline", "pregabalin"}, .with_share = {.30, .20, .18, .16},
     .men = .58, .age_mean = 46, .age_sd = 12, .source = GENERAL},
    {.main = {"diazepam", "pregabalin", "etizolam", "alprazolam"}, .weight = 57,
     .with = {"alcohol", "heroin", "methadone", "mirtazapine"}, .with_share = {.40, .20, .18, .12},
     .age_mean = 39, .age_sd = 10, .source = GENERAL},
    {.main = {"alcohol"}, .weight = 92,
     .with = {"diazepam", "citalopram"}, .with_share = {.10, .08},
     .men = .70, .age_mean = 47, .age_sd = 11, .source = GENERAL},
    {.main = {"amphetamine", "methamphetamine", "mephedrone"}, .weight = 26,
     .with = {"alcohol", "diazepam"}, .with_share = {.30, .10},
     .men = .84, .age_mean = 36, .age_sd = 9, .source = GENERAL},
    {.main = {"synthetic_cannabinoid"}, .weight = 16,
     .with = {"alcohol", "methadone"}, .with_share = {.30, .12},
     .men = .90, .age_mean = 36, .age_sd = 9, .source = GENERAL},
    {.main = {"ketamine"}, .weight = 9,
     .with = {"alcohol", "cocaine"}, .with_share = {.30, .10},
     .men = .78, .age_mean = 31, .age_sd = 8, .source = GENERAL},
    {.main = {NULL}, .weight = 49, .source = GENERAL},
};
static const struct profile medicines[] = {
    {.main = {"amitriptyline", "dosulepin", "amitriptyline"}, .weight = 190,
     .with = {"alcohol", "diazepam", "codeine"}, .with_share = {.30, .15, .10},
     .source = GENERAL},
    {.main = {"citalopram", "sertraline", "venlafaxine", "mirtazapine"}, .weight = 210,
     .with = {"alcohol", "zopiclone", "diazepam"}, .with_share = {.32, .18, .12},
     .source = GENERAL},
    {.main = {"paracetamol", "codeine"}, .weight = 200,
     .with = {"alcohol", "ibuprofen", "codeine"}, .with_share = {.30, .12, .18},
     .source = GENERAL},
    {.main = {"propranolol", "amlodipine", "digoxin"}, .weight = 90,
     .with = {"alcohol", "zopiclone"}, .with_share = {.25, .12},
     .source = GENERAL},
    {.main = {"quetiapine", "olanzapine", "clozapine"}, .weight = 80,
     .with = {"alcohol", "diazepam"}, .with_share = {.20, .20},
     .source = GENERAL},
    {.main = {"morphine", "oxycodone", "tramadol", "dihydrocodeine"}, .weight = 120,
     .with = {"alcohol", "diazepam", "pregabalin"}, .with_share = {.26, .20, .16},
     .source = GENERAL},
    {.main = {"insulin"}, .weight = 30,
     .with = {"alcohol"}, .with_share = {.20},
     .injected = true, .source = GENERAL},
    {.main = {"zopiclone", "diazepam", "temazepam"}, .weight = 50,
     .with = {"alcohol"}, .with_share = {.55},
     .source = GENERAL},
    {.main = {NULL}, .weight = 30, .source = GENERAL},
};
static const struct profile poisons[] = {
    {.main = {"carbon_monoxide"}, .weight = 560,
     .with = {"alcohol"}, .with_share = {.30},
     .source = GENERAL},
    {.main = {"ethylene_glycol", "methanol"}, .weight = 110,
     .with = {"alcohol"}, .with_share = {.25},
     .source = GENERAL},
    {.main = {"cyanide", "sodium_nitrite"}, .weight = 80,
     .source = GENERAL},
    {.main = {"helium", "butane"}, .weight = 160,
     .with = {"alcohol"}, .with_share = {.20},
     .source = GENERAL},
    {.main = {NULL}, .weight = 90, .source = GENERAL},
};

/* clang-format on */

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
