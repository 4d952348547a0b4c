/* What there was to see: who found the person, how they lay, what was there and what was not. All shares here
 * are approximate; general knowledge, unverified. Each is drawn by itself, given the cause and the setting.
 */
#include "synth/dossier.h"

static const uint16_t finders[WHERE_COUNT][FOUND_BY_COUNT] = {
    [WHERE_HOME] = {310, 270, 60, 60, 0, 70, 90, 110, 20, 10},
    [WHERE_STAFFED] = {15, 20, 20, 5, 10, 860, 40, 15, 10, 5},
    [WHERE_OPEN] = {0, 20, 50, 10, 640, 80, 70, 100, 20, 10},
    [WHERE_WATER] = {0, 15, 20, 0, 560, 40, 180, 170, 10, 5},
    [WHERE_RAIL] = {0, 0, 5, 0, 160, 600, 60, 165, 5, 5},
};

static void draw_finder(struct dossier *d, struct rng *r, struct sites *sites)
{
    enum where where = synth_setting[d->setting].where;
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

/* Causes that decide by themselves how somebody lies. */
static const uint16_t *const lie_by_cause[CAUSE_COUNT] = {
    [CAUSE_HANGING] = lie_hanging, [CAUSE_RAIL] = lie_line,  [CAUSE_FALL_FROM_HEIGHT] = lie_line,
    [CAUSE_ROAD] = lie_line,       [CAUSE_INFANT] = lie_bed,
};

static const uint16_t *lies_as(const struct dossier *d)
{
    enum where where = synth_setting[d->setting].where;
    if (lie_by_cause[d->cause->kind] != NULL) return lie_by_cause[d->cause->kind];
    if (d->setting == SETTING_CARE_HOME || d->setting == SETTING_HOSPITAL) return lie_bed;
    if (where != WHERE_HOME && where != WHERE_STAFFED) return lie_open;
    return d->cause->kind == CAUSE_DRUGS ? lie_drugs : lie_home;
}

static void draw_posture(struct dossier *d, struct rng *r)
{
    d->posture = (enum posture)synth_pick(r, lies_as(d), POSTURE_COUNT);
    double in_vehicle = d->setting != SETTING_VEHICLE ? 0 : d->cause->kind == CAUSE_ROAD ? 0.8 : 1;
    if (rng_chance(r, in_vehicle)) d->posture = POSTURE_IN_VEHICLE;
    if (d->cause->kind == CAUSE_DROWNING && rng_chance(r, 0.9))
        d->posture = d->setting == SETTING_WATER ? POSTURE_IN_WATER : POSTURE_IN_BATH;
}

/* What is there, as shares of THING_* in their order. */
static const double at_home[THING_COUNT] = {
    [THING_PHONE] = .42,      [THING_KEYS] = .26,    [THING_WALLET] = .22,  [THING_CASH] = .10,
    [THING_MEDICATION] = .38, [THING_ALCOHOL] = .14, [THING_BEDDING] = .20, [THING_DEVICE] = .10,
    [THING_SHEET] = .03,      [THING_OTHER] = .08};
static const double outdoors[THING_COUNT] = {
    [THING_PHONE] = .60,      [THING_KEYS] = .46,       [THING_WALLET] = .48,
    [THING_CASH] = .24,       [THING_BAG] = .36,        [THING_ALCOHOL] = .14,
    [THING_MEDICATION] = .08, [THING_SUNGLASSES] = .02, [THING_OTHER] = .10};
static const double of_rough_sleepers[THING_COUNT] = {
    [THING_BEDDING] = .55, [THING_BAG] = .40, [THING_ALCOHOL] = .35, [THING_SHEET] = .06};

#define SYRINGE_SHARE 0.58 /* where the drug is injected */

/* What a cause leaves behind besides. */
static const double of_cause[CAUSE_COUNT][THING_COUNT] = {
    [CAUSE_DRUGS] = {[THING_DRUG_CONTAINER] = .34,
                     [THING_PARAPHERNALIA] = .40,
                     [THING_ALCOHOL] = .22,
                     [THING_NOTE] = .02},
    [CAUSE_MEDICINES] = {[THING_MEDICATION] = .78, [THING_NOTE] = .32, [THING_ALCOHOL] = .24},
    [CAUSE_HANGING] = {[THING_LIGATURE] = .90, [THING_NOTE] = .31, [THING_ALCOHOL] = .14},
    [CAUSE_POISON] = {[THING_NOTE] = .26, [THING_OTHER] = .50},
    [CAUSE_ASPHYXIA] = {[THING_NOTE] = .16, [THING_OTHER] = .30},
    [CAUSE_RAIL] = {[THING_NOTE] = .12},
    [CAUSE_FALL_FROM_HEIGHT] = {[THING_NOTE] = .12},
    [CAUSE_DROWNING] = {[THING_NOTE] = .10},
    [CAUSE_SHARP] = {[THING_WEAPON] = .30},
    [CAUSE_BLUNT] = {[THING_WEAPON] = .30},
    [CAUSE_GUNSHOT] = {[THING_WEAPON] = .20},
    [CAUSE_ROAD] = {[THING_VEHICLE] = .80},
};

static uint32_t things_by(struct rng *r, const double *share)
{
    uint32_t set = 0;
    for (int i = 0; i < THING_COUNT; i++)
        if (rng_chance(r, share[i])) set |= BIT(i);
    return set;
}

static void draw_things(struct dossier *d, struct rng *r)
{
    enum where where = synth_setting[d->setting].where;
    d->present = things_by(r, where == WHERE_HOME || where == WHERE_STAFFED ? at_home : outdoors);
    if (d->rough_sleeper) d->present |= things_by(r, of_rough_sleepers);
    d->present |= things_by(r, of_cause[d->cause->kind]);
    bool injected = d->cause->kind == CAUSE_DRUGS && d->profile != NULL && d->profile->injected;
    if (injected && rng_chance(r, SYRINGE_SHARE)) d->present |= BIT(THING_SYRINGE);
    if (d->setting == SETTING_VEHICLE) d->present |= BIT(THING_VEHICLE);
    if (d->age < 10) d->present &= BIT(THING_BEDDING) | BIT(THING_MEDICATION) | BIT(THING_VEHICLE);
}

struct missed_row {
    enum missed missed;
    enum thing if_not; /* only where this is not present; THING_COUNT for none */
    double share;      /* in the open */
    double share_inside;
};

static const struct missed_row missed_rows[] = {
    {MISSED_PHONE, THING_PHONE, .26, .057},       {MISSED_WALLET, THING_WALLET, .22, .048},
    {MISSED_KEYS, THING_KEYS, .12, .026},         {MISSED_CASH, THING_CASH, .05, .011},
    {MISSED_ID_DOCUMENT, THING_COUNT, .10, .022}, {MISSED_SHOES, THING_COUNT, .03, .007},
    {MISSED_JEWELLERY, THING_COUNT, .012, .012},  {MISSED_MEDICATION, THING_COUNT, .008, .008},
};

/* Lost, stolen or taken away: more often in the open, and of rough sleepers. Only what is not there. */
static void draw_missed(struct dossier *d, struct rng *r)
{
    enum where where = synth_setting[d->setting].where;
    bool inside = where == WHERE_HOME || where == WHERE_STAFFED;
    if (d->age < 12) return;
    for (size_t i = 0; i < COUNT_OF(missed_rows); i++) {
        const struct missed_row *m = &missed_rows[i];
        double share = (inside ? m->share_inside : m->share) * (d->rough_sleeper ? 1.5 : 1);
        bool there = m->if_not != THING_COUNT && (d->present & BIT(m->if_not)) != 0;
        if (rng_chance(r, share) && !there) d->absent |= BIT(m->missed);
    }
}

struct injury_row {
    uint32_t sure; /* of these */
    double share;
    uint32_t also;
    double also_share;
};

static const struct injury_row injuries[CAUSE_COUNT] = {
    [CAUSE_HANGING] = {BIT(INJURY_LIGATURE_MARK), 1, 0, 0},
    [CAUSE_STRANGLED] = {BIT(INJURY_NECK_MARKS), 1, BIT(INJURY_DEFENSIVE), .3},
    [CAUSE_SHARP] = {BIT(INJURY_SHARP), 1, BIT(INJURY_DEFENSIVE), .3},
    [CAUSE_BLUNT] = {BIT(INJURY_BLUNT), 1, BIT(INJURY_BRUISING), .3},
    [CAUSE_ROAD] = {BIT(INJURY_BLUNT), 1, BIT(INJURY_BRUISING), .3},
    [CAUSE_RAIL] = {BIT(INJURY_BLUNT), 1, BIT(INJURY_BRUISING), .3},
    [CAUSE_FALL_FROM_HEIGHT] = {BIT(INJURY_BLUNT), 1, BIT(INJURY_BRUISING), .3},
    [CAUSE_GUNSHOT] = {BIT(INJURY_GUNSHOT), 1, 0, 0},
    [CAUSE_FIRE] = {BIT(INJURY_BURN), .75, 0, 0},
    [CAUSE_FALL_AT_HOME] = {BIT(INJURY_BRUISING), .60, BIT(INJURY_BLUNT), .40},
};

static uint32_t injuries_of(struct rng *r, const struct dossier *d)
{
    const struct injury_row *row = &injuries[d->cause->kind];
    uint32_t set = 0;
    if (rng_chance(r, row->share)) set |= row->sure;
    if (rng_chance(r, row->also_share)) set |= row->also;
    bool injected = d->cause->kind == CAUSE_DRUGS && d->profile != NULL && d->profile->injected;
    if (injected && rng_chance(r, .35)) set |= BIT(INJURY_NEEDLE_MARK);
    if (set != 0) return set;
    double u = rng_unit(r);
    if (u < .09) return BIT(INJURY_BRUISING);
    if (u < .094) return BIT(INJURY_BRUISING_UNDERARMS);
    return BIT(u < .114 ? INJURY_OTHER : INJURY_NONE_SEEN);
}

struct explanation_row {
    const char *mostly;
    double share;
    const char *next;
    double next_share;
};

static const struct explanation_row explanation[CAUSE_COUNT] = {
    [CAUSE_NATURAL] = {"medical_history", .72, "none", 1},
    [CAUSE_INFANT] = {"medical_history", .20, "witness_account", .30},
    [CAUSE_UNASCERTAINED] = {"medical_history", .30, "other", .15},
    [CAUSE_DRUGS] = {"drug_history", .62, "witness_account", .30},
    [CAUSE_MEDICINES] = {"mental_health_history", .55, "medical_history", .20},
    [CAUSE_POISON] = {"mental_health_history", .45, "accident_account", .20},
    [CAUSE_HANGING] = {"mental_health_history", .55, "none", 1},
    [CAUSE_ASPHYXIA] = {"witness_account", .40, "medical_history", .30},
    [CAUSE_STRANGLED] = {"none", .70, "witness_account", 1},
    [CAUSE_DROWNING] = {"witness_account", .30, "mental_health_history", .30},
    [CAUSE_FALL_AT_HOME] = {"accident_account", .65, "medical_history", .60},
    [CAUSE_FALL_FROM_HEIGHT] = {"mental_health_history", .45, "witness_account", .30},
    [CAUSE_BLUNT] = {"witness_account", .40, "none", 1},
    [CAUSE_SHARP] = {"witness_account", .30, "mental_health_history", .30},
    [CAUSE_GUNSHOT] = {"witness_account", .30, "none", 1},
    [CAUSE_FIRE] = {"accident_account", .50, "other", .20},
    [CAUSE_COLD] = {"medical_history", .35, "other", .20},
    [CAUSE_ELECTRIC] = {"accident_account", .65, "witness_account", 1},
    [CAUSE_ROAD] = {"accident_account", .65, "witness_account", 1},
    [CAUSE_RAIL] = {"mental_health_history", .45, "witness_account", .40},
    [CAUSE_OTHER] = {"medical_history", .40, "witness_account", .30},
};

static const char *explanation_of(struct rng *r, const struct dossier *d)
{
    const struct explanation_row *row = &explanation[d->cause->kind];
    if (d->homicide) return rng_chance(r, 0.3) ? "witness_account" : "none";
    if ((d->present & BIT(THING_NOTE)) && rng_chance(r, 0.8)) return "note";
    if (rng_chance(r, row->share)) return row->mostly;
    return rng_chance(r, row->next_share) ? row->next : "none";
}

static const char *word_by(struct rng *r, const char *const *word, const uint16_t *weight, size_t count)
{
    return word[synth_pick(r, weight, count)];
}

static void draw_covering(struct dossier *d, struct rng *r)
{
    static const char *const cover[] = {"blanket", "sheet_over", "sheet_under", "plastic", "other", "none"};
    static const uint16_t in_bed[] = {420, 80, 60, 0, 40, 400}, elsewhere[] = {50, 15, 8, 7, 5, 915};
    static const char *const moved[] = {"suspected", "yes", "unknown", "no"};
    static const uint16_t if_killed[] = {150, 70, 130, 650}, if_not[] = {18, 12, 230, 740};
    static const char *const dress[] = {"wet", "disturbed", "removed", "missing_items", "normal"};
    static const uint16_t dry[] = {5, 65, 15, 15, 900}, wet[] = {850, 20, 15, 15, 100};
    bool bed = d->posture == POSTURE_IN_BED || d->rough_sleeper;
    d->covering = word_by(r, cover, bed ? in_bed : elsewhere, COUNT_OF(cover));
    if (d->setting == SETTING_WOODLAND && rng_chance(r, .12)) d->covering = "vegetation";
    d->signs_moved = word_by(r, moved, d->homicide ? if_killed : if_not, COUNT_OF(moved));
    d->clothing = word_by(r, dress, d->setting == SETTING_WATER ? wet : dry, COUNT_OF(dress));
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
