#include "synth/dossier.h"

#include "base/caldate.h"

#include <math.h>

/* Reports that hold little more than place, time, age, sex and a few lines of text; approximate, unverified
 * ("most records with basic omissions", inspectorate 2023). */
#define THIN_SHARE 0.24

static void draw_intake(struct dossier *d, const struct rng *root)
{
    struct rng r = synth_rng(root, CONCERN_SUBSTANCES, d->planned->number);
    enum cause_kind kind = d->cause->kind;
    if (synth_profiles(kind, &(size_t){0}) != NULL) {
        size_t count;
        d->profile = synth_profiles(kind, &count) + synth_profile_draw(&r, kind);
        d->found = synth_intake(&r, d->profile);
        if (d->batch != NULL) d->found = d->batch->intake;
        if (d->planned->given != NULL) d->found = d->planned->given->found;
        for (size_t i = 0; i < d->found.count; i++)
            if (rng_chance(&r, i == 0 ? 0.58 : 0.22)) synth_intake_add(&d->suspected, d->found.name[i]);
        if (d->found.count == 0 && rng_chance(&r, 0.2)) synth_intake_add(&d->suspected, "heroin");
    } else {
        d->found = synth_intake_incidental(&r);
        if (d->found.count > 0 && rng_chance(&r, 0.15)) synth_intake_add(&d->suspected, d->found.name[0]);
    }
    d->toxicology = rng_chance(&r, d->cause->toxicology);
}

static void draw_person(struct dossier *d, const struct rng *root)
{
    struct rng r = synth_rng(root, CONCERN_PERSON, d->planned->number);
    const struct ages *g = &d->cause->age;
    double men = d->cause->men, mean = g->mean, sd = g->sd;
    if (d->profile != NULL && d->batch == NULL) {
        if (d->profile->men > 0) men = d->profile->men;
        if (d->profile->age_mean > 0) {
            mean = d->profile->age_mean;
            sd = d->profile->age_sd;
        }
    }
    d->sex = rng_chance(&r, men) ? 'M' : 'F';
    if (rng_chance(&r, g->second_share)) {
        mean = g->second_mean;
        sd = g->second_sd;
    } else if (d->cause->kind == CAUSE_NATURAL && d->sex == 'F') {
        mean += 4; /* women live longer: approximate, general knowledge, unverified */
    }
    double age = synth_normal_within(&r, mean, sd, g->low, g->high);
    const struct given *given = d->planned->given;
    if (given != NULL && given->sex != 0) d->sex = given->sex;
    if (given != NULL && given->age >= 0) age = given->age + 0.5;
    d->age = (int)age;
    d->born_day = caldate_day_of(d->planned->found_ms) - (int64_t)(age * 365.25);
    d->name = synth_name(&r, d->sex, d->age);
    d->occupation = synth_occupation(&r, d->age);
    d->alone = rng_chance(&r, d->age >= 65 ? 0.52 : d->age < 18 ? 0.0 : 0.42);
}

static void draw_setting(struct dossier *d, const struct rng *root)
{
    struct rng r = synth_rng(root, CONCERN_SETTING, d->planned->number);
    if (d->planned->given != NULL)
        d->setting = d->planned->given->setting;
    else if (d->planned->rule == RULE_COUPLE)
        d->setting = SETTING_PRIVATE_HOME;
    else if (d->profile != NULL && d->profile->at_home > 0 && rng_chance(&r, d->profile->at_home))
        d->setting = SETTING_PRIVATE_HOME;
    else {
        uint16_t weight[SETTING_COUNT];
        for (int i = 0; i < SETTING_COUNT; i++)
            weight[i] = d->cause->setting[i];
        if (d->profile != NULL && d->profile->at_home > 0) weight[SETTING_PRIVATE_HOME] = 0;
        if (d->age < 16) weight[SETTING_HOSTEL] = weight[SETTING_PRISON] = weight[SETTING_CARE_HOME] = 0;
        d->setting = (enum setting)synth_pick(&r, weight, SETTING_COUNT);
    }
    double rough = synth_setting[d->setting].rough ? 0.24 : d->setting == SETTING_VEHICLE ? 0.04 : 0;
    if (d->cause->kind == CAUSE_COLD) rough *= 2;
    if (d->cause->kind == CAUSE_ROAD) rough = 0.01;
    d->rough_sleeper = d->age >= 18 && d->age < 80 && rng_chance(&r, rough);
}

static void draw_home(struct dossier *d, struct arena *a, struct rng *r, bool here)
{
    if (here) {
        d->home = d->place;
        d->tie = TIE_LIVES_HERE;
        return;
    }
    static const uint16_t tie[TIE_COUNT] = {[TIE_LIVES_NEAR] = 44, [TIE_WORKS_NEAR] = 8, [TIE_VISITING] = 14,
                                            [TIE_TRAVELLING] = 9,  [TIE_NONE] = 7,       [TIE_UNKNOWN] = 18};
    d->tie = (enum tie)synth_pick(r, tie, TIE_COUNT);
    uint16_t outcode = d->tie == TIE_LIVES_NEAR ? synth_outcode_near(r, d->place.outcode, 3.0)
                       : rng_chance(r, 0.35)    ? synth_outcode_near(r, d->place.outcode, 6.0)
                                                : synth_outcode_draw(r);
    d->home = d->planned->given != NULL ? d->planned->given->home : synth_home(a, r, outcode, false);
}

static const char *housing_of(struct rng *r, const struct dossier *d)
{
    if (d->setting == SETTING_HOSTEL) return "hostel";
    if (d->setting == SETTING_CARE_HOME) return "care";
    if (d->setting == SETTING_PRISON) return "custody";
    if (d->rough_sleeper) return "rough_sleeping";
    if (rng_chance(r, 0.03)) return "new_to_area";
    return rng_chance(r, 0.12) ? "unknown" : "settled";
}

static void draw_place(struct dossier *d, struct arena *a, const struct rng *root, struct sites *sites)
{
    struct rng r = synth_rng(root, CONCERN_PLACE, d->planned->number);
    const struct given *given = d->planned->given;
    d->site = given != NULL ? given->site
                            : synth_site_draw(sites, &r, d->setting, d->cause->kind, d->rough_sleeper);
    uint16_t outcode = d->batch != NULL ? synth_outcode_near(&r, d->batch->outcode, BATCH_SPREAD_KM)
                                        : synth_outcode_draw(&r);
    bool dwelling = d->setting == SETTING_PRIVATE_HOME || d->setting == SETTING_SHARED_HOME;
    if (given != NULL)
        d->place = given->place;
    else if (d->site != NULL)
        d->place = synth_site_spot(a, &r, d->site);
    else if (dwelling)
        d->place = synth_home(a, &r, outcode, d->setting == SETTING_SHARED_HOME);
    else
        d->place = synth_street(a, &r, outcode);
    bool lives_in =
        d->setting == SETTING_HOSTEL || d->setting == SETTING_CARE_HOME || d->setting == SETTING_PRISON;
    bool here = lives_in || (dwelling && (d->planned->rule == RULE_COUPLE || rng_chance(&r, 0.93)));
    draw_home(d, a, &r, here);
    if (dwelling && !here) d->tie = rng_chance(&r, 0.8) ? TIE_VISITING : TIE_UNKNOWN;
    d->housing = housing_of(&r, d);
}

/* Hours between last seen and found, lognormal: the median by where and how. */
static double hours_unseen(struct rng *r, const struct dossier *d)
{
    double median = 16, spread = 1.3;
    if (d->cause->kind == CAUSE_UNASCERTAINED) {
        median = 240;
        spread = 1.0;
    } else if (d->setting == SETTING_HOSPITAL || d->setting == SETTING_CARE_HOME ||
               d->setting == SETTING_PRISON) {
        median = 4;
        spread = 0.7;
    } else if (d->setting != SETTING_PRIVATE_HOME && d->setting != SETTING_SHARED_HOME) {
        median = 7;
    } else if (!d->alone) {
        median = 6;
        spread = 0.9;
    }
    double hours = median * exp(rng_normal(r, 0, spread));
    return hours < 0.2 ? 0.2 : hours > 24.0 * 60 ? 24.0 * 60 : hours;
}

static void draw_times(struct dossier *d, const struct rng *root)
{
    struct rng r = synth_rng(root, CONCERN_TIMES, d->planned->number);
    int64_t minute = 60 * MS_PER_SECOND;
    d->found_ms = d->planned->found_ms;
    d->reported_ms = d->found_ms + rng_between(&r, 1, 18) * minute;
    d->pronounced_ms = d->reported_ms + rng_between(&r, 8, 55) * minute;
    d->seen_to_ms = synth_round_minute(d->found_ms - (int64_t)(hours_unseen(&r, d) * (double)MS_PER_HOUR));
    d->seen_from_ms = d->seen_to_ms - (rng_chance(&r, 0.5) ? 0 : rng_between(&r, 1, 12) * MS_PER_HOUR / 2);
    double written_h = 2.6 * exp(rng_normal(&r, 0, 0.65));
    if (written_h > 30) written_h = 30;
    d->known_ms = synth_round_minute(d->pronounced_ms + (int64_t)(written_h * (double)MS_PER_HOUR));
}

static void draw_judgement(struct dossier *d, const struct rng *root)
{
    struct rng r = synth_rng(root, CONCERN_FIELDS, d->planned->number);
    const struct cause *c = d->cause;
    d->thin = rng_chance(&r, THIN_SHARE);
    d->thoroughness = d->thin ? 0.12 * rng_unit(&r) : 0.35 + 0.63 * sqrt(rng_unit(&r));
    d->homicide = rng_chance(&r, c->homicide);
    if (d->planned->given != NULL) {
        d->thin = d->planned->given->thin;
        d->thoroughness = d->planned->given->thoroughness;
        d->homicide = d->planned->given->homicide;
        d->remark = d->planned->given->remark;
    }
    if (d->homicide)
        d->category = "homicide";
    else if (rng_chance(&r, c->investigating))
        d->category = "unexpected_investigating";
    else
        d->category =
            c->kind == CAUSE_NATURAL && rng_chance(&r, 0.13) ? "expected" : "unexpected_not_suspicious";
    double known = synth_setting[d->setting].anonymous ? .55 : .93;
    d->name_known = rng_chance(&r, known);
    d->age_told = d->name_known || d->age < 15 ? d->age : (d->age + 2) / 5 * 5;
    d->ever_known = d->name_known || rng_chance(&r, 0.93);
}

/* What a cause is certified as: the first word for its share, the second for a share of the rest, else
 * undetermined. approximate; general knowledge, unverified */
struct manner_row {
    const char *mostly;
    double share;
    const char *next;
    double next_share;
};

static const struct manner_row manner[CAUSE_COUNT] = {
    [CAUSE_NATURAL] = {"natural", 1, "natural", 1},
    [CAUSE_INFANT] = {"natural", .60, "accident", .10},
    [CAUSE_UNASCERTAINED] = {"natural", .60, "accident", .10},
    [CAUSE_DRUGS] = {"accident", .86, "suicide", .50},
    [CAUSE_MEDICINES] = {"suicide", .62, "accident", .60},
    [CAUSE_POISON] = {"suicide", .42, "accident", .55},
    [CAUSE_HANGING] = {"suicide", .88, "accident", .10},
    [CAUSE_ASPHYXIA] = {"accident", .70, "suicide", .60},
    [CAUSE_STRANGLED] = {"undetermined", .50, "suicide", .50},
    [CAUSE_DROWNING] = {"suicide", .42, "accident", .55},
    [CAUSE_FALL_AT_HOME] = {"accident", .95, "natural", .50},
    [CAUSE_FALL_FROM_HEIGHT] = {"suicide", .66, "accident", .50},
    [CAUSE_BLUNT] = {"accident", .70, "natural", .20},
    [CAUSE_SHARP] = {"suicide", .80, "accident", .40},
    [CAUSE_GUNSHOT] = {"suicide", .85, "accident", .40},
    [CAUSE_FIRE] = {"accident", .90, "suicide", .50},
    [CAUSE_COLD] = {"accident", .85, "natural", .60},
    [CAUSE_ELECTRIC] = {"accident", .90, "suicide", .60},
    [CAUSE_ROAD] = {"accident", .96, "suicide", .70},
    [CAUSE_RAIL] = {"suicide", .70, "accident", .50},
    [CAUSE_OTHER] = {"natural", .60, "accident", .40},
};

static const char *manner_of(struct rng *r, const struct dossier *d)
{
    const struct manner_row *m = &manner[d->cause->kind];
    if (d->homicide) return "homicide";
    if (rng_chance(r, m->share)) return m->mostly;
    return rng_chance(r, m->next_share) ? m->next : "undetermined";
}

void synth_dossier_draw(struct dossier *d, struct arena *a, const struct rng *root, const struct plan *plan,
                        const struct planned *planned, struct sites *sites)
{
    *d = (struct dossier){.planned = planned, .cause = &synth_cause[planned->cause]};
    if (planned->rule == RULE_BATCH) d->batch = &plan->batch[planned->group];
    draw_intake(d, root);
    draw_person(d, root);
    draw_setting(d, root);
    draw_place(d, a, root, sites);
    draw_times(d, root);
    draw_judgement(d, root);
    struct rng r = synth_rng(root, CONCERN_FOLLOW_UP, planned->number ^ 1);
    d->manner = manner_of(&r, d);
    synth_scene_draw(d, root, sites);
}

void synth_dossier_partner(struct dossier *d, struct arena *a, const struct rng *root,
                           const struct plan *plan, const struct dossier *first, struct sites *sites)
{
    struct planned *own = NEW(a, struct planned);
    *own = *first->planned;
    own->number |= UINT64_C(1) << 15; /* generators of its own */
    synth_dossier_draw(d, a, root, plan, own, sites);
    struct rng r = synth_rng(root, CONCERN_COUPLES, own->number);
    d->sex = rng_chance(&r, 0.92) ? (first->sex == 'M' ? 'F' : 'M') : first->sex;
    double low = first->age < 18 ? first->age : 18;
    d->age = (int)synth_normal_within(&r, first->age, 4, low, 101);
    d->born_day = caldate_day_of(d->found_ms) - (int64_t)(d->age * 365.25) - (int64_t)rng_below(&r, 364);
    d->name = rng_chance(&r, 0.7) ? synth_name_of_kin(&r, &first->name, d->sex, d->age)
                                  : synth_name(&r, d->sex, d->age);
    d->occupation = synth_occupation(&r, d->age);
    d->place = d->home = first->place;
    d->tie = TIE_LIVES_HERE;
    d->housing = first->housing;
    d->found_by = first->found_by;
    d->regular = first->regular;
    d->found_ms = first->found_ms;
    d->reported_ms = first->reported_ms;
    d->seen_from_ms = first->seen_from_ms;
    d->seen_to_ms = first->seen_to_ms;
    d->pronounced_ms = first->pronounced_ms + 2 * 60 * MS_PER_SECOND;
    d->known_ms = first->known_ms + rng_between(&r, 3, 50) * 60 * MS_PER_SECOND;
    d->found = first->found;
    d->suspected = first->suspected;
    d->profile = first->profile;
    d->name_known = first->name_known;
    d->age_told = d->age;
    d->ever_known = first->ever_known;
}
