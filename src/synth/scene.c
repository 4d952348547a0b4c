/* What there was to see: who found the person, how they lay, what was there and what was not. All shares here
 * are approximate; general knowledge, unverified. Each is drawn by itself, given the cause and the setting.
 */
#include "synth/dossier.h"

enum where { WHERE_HOME, WHERE_STAFFED, WHERE_OPEN, WHERE_WATER, WHERE_RAIL, WHERE_COUNT };

static enum where where_of(enum setting s)
{
    switch (s) {
    case SETTING_PRIVATE_HOME:
    case SETTING_SHARED_HOME:
        return WHERE_HOME;
    case SETTING_HOSTEL:
    case SETTING_HOTEL:
    case SETTING_CARE_HOME:
    case SETTING_HOSPITAL:
    case SETTING_PRISON:
    case SETTING_LICENSED:
    case SETTING_WORKPLACE:
    case SETTING_SCHOOL:
    case SETTING_BUILDING_SITE:
        return WHERE_STAFFED;
    case SETTING_WATER:
        return WHERE_WATER;
    case SETTING_RAIL:
        return WHERE_RAIL;
    case SETTING_STREET:
    case SETTING_PARK:
    case SETTING_WOODLAND:
    case SETTING_CHURCHYARD:
    case SETTING_VEHICLE:
    case SETTING_DERELICT:
    case SETTING_OTHER:
    case SETTING_UNKNOWN:
    case SETTING_COUNT:
        break;
    }
    return WHERE_OPEN;
}

static const uint16_t finders[WHERE_COUNT][FOUND_BY_COUNT] = {
    [WHERE_HOME] = {310, 270, 60, 60, 0, 70, 90, 110, 20, 10},
    [WHERE_STAFFED] = {15, 20, 20, 5, 10, 860, 40, 15, 10, 5},
    [WHERE_OPEN] = {0, 20, 50, 10, 640, 80, 70, 100, 20, 10},
    [WHERE_WATER] = {0, 15, 20, 0, 560, 40, 180, 170, 10, 5},
    [WHERE_RAIL] = {0, 0, 5, 0, 160, 600, 60, 165, 5, 5},
};

static void draw_finder(struct dossier *d, struct rng *r, struct sites *sites)
{
    enum where where = where_of(d->setting);
    uint16_t weight[FOUND_BY_COUNT];
    for (int i = 0; i < FOUND_BY_COUNT; i++)
        weight[i] = finders[where][i];
    if (where == WHERE_HOME && d->alone) weight[FOUND_BY_HOUSEHOLD] = 0;
    if (where == WHERE_HOME && !d->alone) weight[FOUND_BY_HOUSEHOLD] = 900;
    if (d->age < 10) weight[FOUND_BY_POLICE] = weight[FOUND_BY_NEIGHBOUR] = 0;
    d->found_by = (enum found_by)synth_pick(r, weight, FOUND_BY_COUNT);
    uint16_t borough = synth_outcode[d->place.outcode].borough;
    if (d->found_by == FOUND_BY_STAFF && d->site != NULL && d->site->staff_count > 0)
        d->regular = &d->site->staff[synth_pick_skewed(r, d->site->staff_count, 0.4)];
    else if (d->found_by == FOUND_BY_STAFF && where == WHERE_OPEN)
        d->regular = synth_pool_draw(sites, r, POOL_WARDEN, borough);
    else if (d->found_by == FOUND_BY_EMERGENCY)
        d->regular = synth_pool_draw(sites, r, POOL_PARAMEDIC, borough);
}

static const uint16_t lie_home[POSTURE_COUNT] = {
    [POSTURE_SUPINE] = 20,        [POSTURE_PRONE] = 16,   [POSTURE_ON_SIDE] = 9, [POSTURE_SEATED] = 15,
    [POSTURE_SEATED_PROPPED] = 3, [POSTURE_KNEELING] = 2, [POSTURE_CURLED] = 3,  [POSTURE_IN_BED] = 29,
    [POSTURE_IN_BATH] = 1,        [POSTURE_OTHER] = 1,    [POSTURE_UNKNOWN] = 1};
static const uint16_t lie_drugs[POSTURE_COUNT] = {
    [POSTURE_SUPINE] = 20,        [POSTURE_PRONE] = 16,   [POSTURE_ON_SIDE] = 13, [POSTURE_SEATED] = 12,
    [POSTURE_SEATED_PROPPED] = 8, [POSTURE_KNEELING] = 5, [POSTURE_CURLED] = 4,   [POSTURE_IN_BED] = 18,
    [POSTURE_IN_BATH] = 1,        [POSTURE_OTHER] = 2,    [POSTURE_UNKNOWN] = 1};
static const uint16_t lie_open[POSTURE_COUNT] = {
    [POSTURE_SUPINE] = 33, [POSTURE_PRONE] = 21,         [POSTURE_ON_SIDE] = 16,
    [POSTURE_SEATED] = 10, [POSTURE_SEATED_PROPPED] = 9, [POSTURE_KNEELING] = 1,
    [POSTURE_CURLED] = 7,  [POSTURE_OTHER] = 2,          [POSTURE_UNKNOWN] = 2};
static const uint16_t lie_hanging[POSTURE_COUNT] = {[POSTURE_HANGING_FULL] = 42,
                                                    [POSTURE_HANGING_PARTIAL] = 40,
                                                    [POSTURE_SUPINE] = 14,
                                                    [POSTURE_UNKNOWN] = 3,
                                                    [POSTURE_KNEELING] = 3};
static const uint16_t lie_bed[POSTURE_COUNT] = {[POSTURE_IN_BED] = 80,
                                                [POSTURE_SEATED] = 9,
                                                [POSTURE_SUPINE] = 8,
                                                [POSTURE_ON_SIDE] = 4,
                                                [POSTURE_UNKNOWN] = 2};
static const uint16_t lie_line[POSTURE_COUNT] = {[POSTURE_PRONE] = 30,
                                                 [POSTURE_SUPINE] = 26,
                                                 [POSTURE_OTHER] = 24,
                                                 [POSTURE_UNKNOWN] = 12,
                                                 [POSTURE_ON_SIDE] = 8};

static void draw_posture(struct dossier *d, struct rng *r)
{
    const uint16_t *weight = lie_home;
    enum cause_kind kind = d->cause->kind;
    enum where where = where_of(d->setting);
    if (kind == CAUSE_HANGING)
        weight = lie_hanging;
    else if (kind == CAUSE_RAIL || kind == CAUSE_FALL_FROM_HEIGHT || kind == CAUSE_ROAD)
        weight = lie_line;
    else if (d->setting == SETTING_CARE_HOME || d->setting == SETTING_HOSPITAL || kind == CAUSE_INFANT)
        weight = lie_bed;
    else if (kind == CAUSE_DRUGS && where != WHERE_OPEN)
        weight = lie_drugs;
    else if (where == WHERE_OPEN || where == WHERE_WATER || where == WHERE_RAIL)
        weight = lie_open;
    d->posture = (enum posture)synth_pick(r, weight, POSTURE_COUNT);
    if (d->setting == SETTING_VEHICLE && kind != CAUSE_ROAD) d->posture = POSTURE_IN_VEHICLE;
    if (d->setting == SETTING_VEHICLE && kind == CAUSE_ROAD && rng_chance(r, 0.8))
        d->posture = POSTURE_IN_VEHICLE;
    if (kind == CAUSE_DROWNING && rng_chance(r, 0.9))
        d->posture = d->setting == SETTING_WATER ? POSTURE_IN_WATER : POSTURE_IN_BATH;
}

struct share {
    uint8_t thing;
    double share;
};

static void add_things(struct rng *r, uint32_t *set, const struct share *share, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rng_chance(r, share[i].share)) *set |= BIT(share[i].thing);
}
#define ADD_THINGS(r, set, list) add_things((r), (set), (list), COUNT_OF(list))

static const struct share at_home[] = {{THING_PHONE, .42},   {THING_KEYS, .26},       {THING_WALLET, .22},
                                       {THING_CASH, .10},    {THING_MEDICATION, .38}, {THING_ALCOHOL, .14},
                                       {THING_BEDDING, .20}, {THING_DEVICE, .10},     {THING_SHEET, .03},
                                       {THING_OTHER, .08}};
static const struct share outdoors[] = {
    {THING_PHONE, .60},      {THING_KEYS, .46},       {THING_WALLET, .48},
    {THING_CASH, .24},       {THING_BAG, .36},        {THING_ALCOHOL, .14},
    {THING_MEDICATION, .08}, {THING_SUNGLASSES, .02}, {THING_OTHER, .10}};
static const struct share of_rough_sleepers[] = {
    {THING_BEDDING, .55}, {THING_BAG, .40}, {THING_ALCOHOL, .35}, {THING_SHEET, .06}};
static const struct share of_drugs[] = {
    {THING_DRUG_CONTAINER, .34}, {THING_PARAPHERNALIA, .40}, {THING_ALCOHOL, .22}, {THING_NOTE, .02}};
static const struct share of_medicines[] = {{THING_MEDICATION, .78}, {THING_NOTE, .32}, {THING_ALCOHOL, .24}};
static const struct share of_hanging[] = {{THING_LIGATURE, .90}, {THING_NOTE, .31}, {THING_ALCOHOL, .14}};
static const struct share of_poison[] = {{THING_NOTE, .26}, {THING_OTHER, .50}};
static const struct share of_heights[] = {{THING_NOTE, .12}};

static void draw_things(struct dossier *d, struct rng *r)
{
    bool home = where_of(d->setting) == WHERE_HOME || where_of(d->setting) == WHERE_STAFFED;
    if (home)
        ADD_THINGS(r, &d->present, at_home);
    else
        ADD_THINGS(r, &d->present, outdoors);
    if (d->rough_sleeper) ADD_THINGS(r, &d->present, of_rough_sleepers);
    switch (d->cause->kind) {
    case CAUSE_DRUGS:
        ADD_THINGS(r, &d->present, of_drugs);
        if (d->profile != NULL && d->profile->injected && rng_chance(r, 0.58))
            d->present |= BIT(THING_SYRINGE);
        break;
    case CAUSE_MEDICINES:
        ADD_THINGS(r, &d->present, of_medicines);
        break;
    case CAUSE_HANGING:
        ADD_THINGS(r, &d->present, of_hanging);
        break;
    case CAUSE_POISON:
    case CAUSE_ASPHYXIA:
        ADD_THINGS(r, &d->present, of_poison);
        break;
    case CAUSE_RAIL:
    case CAUSE_FALL_FROM_HEIGHT:
    case CAUSE_DROWNING:
        ADD_THINGS(r, &d->present, of_heights);
        break;
    case CAUSE_SHARP:
    case CAUSE_BLUNT:
    case CAUSE_GUNSHOT:
        if (rng_chance(r, 0.30)) d->present |= BIT(THING_WEAPON);
        break;
    case CAUSE_ROAD:
        if (rng_chance(r, 0.8)) d->present |= BIT(THING_VEHICLE);
        break;
    case CAUSE_NATURAL:
    case CAUSE_INFANT:
    case CAUSE_UNASCERTAINED:
    case CAUSE_STRANGLED:
    case CAUSE_FALL_AT_HOME:
    case CAUSE_FIRE:
    case CAUSE_COLD:
    case CAUSE_ELECTRIC:
    case CAUSE_OTHER:
    case CAUSE_COUNT:
        break;
    }
    if (d->setting == SETTING_VEHICLE) d->present |= BIT(THING_VEHICLE);
    if (d->age < 10) d->present &= BIT(THING_BEDDING) | BIT(THING_MEDICATION) | BIT(THING_VEHICLE);
}

/* Lost, stolen or taken away: more often in the open, and of rough sleepers. Only what is not there. */
static void draw_missed(struct dossier *d, struct rng *r)
{
    if (d->age < 12) return;
    double open = where_of(d->setting) == WHERE_HOME || where_of(d->setting) == WHERE_STAFFED ? 0.22 : 1.0;
    if (d->rough_sleeper) open *= 1.5;
    if (!(d->present & BIT(THING_PHONE)) && rng_chance(r, 0.26 * open)) d->absent |= BIT(MISSED_PHONE);
    if (!(d->present & BIT(THING_WALLET)) && rng_chance(r, 0.22 * open)) d->absent |= BIT(MISSED_WALLET);
    if (!(d->present & BIT(THING_KEYS)) && rng_chance(r, 0.12 * open)) d->absent |= BIT(MISSED_KEYS);
    if (!(d->present & BIT(THING_CASH)) && rng_chance(r, 0.05 * open)) d->absent |= BIT(MISSED_CASH);
    if (rng_chance(r, 0.10 * open)) d->absent |= BIT(MISSED_ID_DOCUMENT);
    if (rng_chance(r, 0.03 * open)) d->absent |= BIT(MISSED_SHOES);
    if (rng_chance(r, 0.012)) d->absent |= BIT(MISSED_JEWELLERY);
    if (rng_chance(r, 0.008)) d->absent |= BIT(MISSED_MEDICATION);
}

static uint32_t injuries_of(struct rng *r, const struct dossier *d)
{
    switch (d->cause->kind) {
    case CAUSE_HANGING:
        return BIT(INJURY_LIGATURE_MARK);
    case CAUSE_STRANGLED:
        return BIT(INJURY_NECK_MARKS) | (rng_chance(r, .3) ? BIT(INJURY_DEFENSIVE) : 0);
    case CAUSE_SHARP:
        return BIT(INJURY_SHARP) | (rng_chance(r, .3) ? BIT(INJURY_DEFENSIVE) : 0);
    case CAUSE_BLUNT:
    case CAUSE_ROAD:
    case CAUSE_RAIL:
    case CAUSE_FALL_FROM_HEIGHT:
        return BIT(INJURY_BLUNT) | (rng_chance(r, .3) ? BIT(INJURY_BRUISING) : 0);
    case CAUSE_GUNSHOT:
        return BIT(INJURY_GUNSHOT);
    case CAUSE_FIRE:
        return rng_chance(r, .75) ? BIT(INJURY_BURN) : BIT(INJURY_NONE_SEEN);
    case CAUSE_FALL_AT_HOME:
        return BIT(rng_chance(r, .6) ? INJURY_BRUISING : INJURY_BLUNT);
    case CAUSE_DRUGS:
        if (d->profile != NULL && d->profile->injected && rng_chance(r, .35)) return BIT(INJURY_NEEDLE_MARK);
        break;
    case CAUSE_NATURAL:
    case CAUSE_INFANT:
    case CAUSE_UNASCERTAINED:
    case CAUSE_MEDICINES:
    case CAUSE_POISON:
    case CAUSE_ASPHYXIA:
    case CAUSE_DROWNING:
    case CAUSE_COLD:
    case CAUSE_ELECTRIC:
    case CAUSE_OTHER:
    case CAUSE_COUNT:
        break;
    }
    if (rng_chance(r, 0.09)) return BIT(INJURY_BRUISING);
    return BIT(rng_chance(r, 0.004)  ? INJURY_BRUISING_UNDERARMS
               : rng_chance(r, 0.02) ? INJURY_OTHER
                                     : INJURY_NONE_SEEN);
}

static const char *explanation_of(struct rng *r, const struct dossier *d)
{
    if (d->homicide) return rng_chance(r, 0.3) ? "witness_account" : "none";
    if ((d->present & BIT(THING_NOTE)) && rng_chance(r, 0.8)) return "note";
    switch (d->cause->kind) {
    case CAUSE_NATURAL:
        return rng_chance(r, 0.72) ? "medical_history" : "none";
    case CAUSE_DRUGS:
        return rng_chance(r, 0.62) ? "drug_history" : rng_chance(r, 0.3) ? "witness_account" : "none";
    case CAUSE_MEDICINES:
    case CAUSE_HANGING:
    case CAUSE_RAIL:
    case CAUSE_FALL_FROM_HEIGHT:
    case CAUSE_POISON:
        return rng_chance(r, 0.55) ? "mental_health_history" : "none";
    case CAUSE_ROAD:
    case CAUSE_FALL_AT_HOME:
    case CAUSE_ELECTRIC:
        return rng_chance(r, 0.65) ? "accident_account" : "witness_account";
    case CAUSE_INFANT:
    case CAUSE_UNASCERTAINED:
    case CAUSE_ASPHYXIA:
    case CAUSE_STRANGLED:
    case CAUSE_DROWNING:
    case CAUSE_BLUNT:
    case CAUSE_SHARP:
    case CAUSE_GUNSHOT:
    case CAUSE_FIRE:
    case CAUSE_COLD:
    case CAUSE_OTHER:
    case CAUSE_COUNT:
        break;
    }
    return rng_chance(r, 0.30) ? "medical_history" : rng_chance(r, 0.2) ? "other" : "none";
}

static void draw_covering(struct dossier *d, struct rng *r)
{
    double u = rng_unit(r);
    bool bed = d->posture == POSTURE_IN_BED || d->rough_sleeper;
    if (bed)
        d->covering = u < .42   ? "blanket"
                      : u < .50 ? "sheet_over"
                      : u < .56 ? "sheet_under"
                      : u < .60 ? "other"
                                : "none";
    else
        d->covering = u < .05    ? "blanket"
                      : u < .065 ? "sheet_over"
                      : u < .073 ? "sheet_under"
                      : u < .08  ? "plastic"
                                 : "none";
    if (d->setting == SETTING_WOODLAND && rng_chance(r, .12)) d->covering = "vegetation";
    u = rng_unit(r);
    d->signs_moved = d->homicide ? (u < .15   ? "suspected"
                                    : u < .22 ? "yes"
                                              : "no")
                                 : (u < .018  ? "suspected"
                                    : u < .03 ? "yes"
                                    : u < .26 ? "unknown"
                                              : "no");
    u = rng_unit(r);
    bool wet = d->setting == SETTING_WATER;
    d->clothing = wet && u < .85 ? "wet"
                  : u < .07      ? "disturbed"
                  : u < .085     ? "removed"
                  : u < .10      ? "missing_items"
                                 : "normal";
}

void synth_scene_draw(struct dossier *d, const struct rng *root, struct sites *sites)
{
    struct rng finder = synth_rng(root, CONCERN_FINDER, d->planned->number);
    draw_finder(d, &finder, sites);
    struct rng r = synth_rng(root, CONCERN_SCENE, d->planned->number);
    draw_posture(d, &r);
    draw_things(d, &r);
    draw_missed(d, &r);
    d->injuries = injuries_of(&r, d);
    draw_covering(d, &r);
    d->explanation = explanation_of(&r, d);
    double u = rng_unit(&r);
    d->explanation_verified = u < .45 ? "no" : u < .65 ? "partly" : "yes";
}
