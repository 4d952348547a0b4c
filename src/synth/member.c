/* One member of a planted group: what it takes from the group, and what stays its own. */
#include "synth/plant.h"

#include "base/caldate.h"

#include <math.h>

#define METRES_PER_DEGREE 111195.0
#define RADIUS_SPREAD     0.7 /* of the lognormal distance from the anchor */

bool synth_member_follows(const struct group *g, const struct rng *own, enum habit_kind kind)
{
    struct rng r = rng_fork(own, 100 + (uint64_t)kind);
    return g->kept[kind] != NULL && rng_chance(&r, g->pattern->habit[kind].share);
}

static void move_to(struct spot *s, double metres, double bearing)
{
    s->lat += metres * cos(bearing) / METRES_PER_DEGREE;
    s->lon += metres * sin(bearing) / (METRES_PER_DEGREE * cos(s->lat * 3.14159265 / 180));
}

static void give_place(const struct town *t, const struct group *g, uint32_t index, struct rng *r,
                       struct arena *a, struct given *given)
{
    const struct pattern *p = g->pattern;
    bool own_anchor = p->anchor == ANCHOR_OWN && index == 0;
    if (p->where == WHERE_ANYWHERE || own_anchor || !rng_chance(r, p->where_share)) return;
    if (!t->placed) { /* a file without places: at most the house is known */
        given->site = g->site;
        return;
    }
    struct spot s = g->anchor;
    if (p->where == WHERE_DOWNSTREAM) {
        synth_town_river(t, g->river_m + rng_exponential(r, p->metres), &s.lat, &s.lon);
        move_to(&s, 60 * rng_unit(r), 6.2832 * rng_unit(r));
    } else {
        move_to(&s, p->metres * exp(rng_normal(r, 0, RADIUS_SPREAD)), 6.2832 * rng_unit(r));
    }
    s.outcode = synth_town_outcode(t, s.lat, s.lon);
    s.radius_m = (int)rng_between(r, 3, 8) * 10;
    if (p->address != ADDRESS_SAME) {
        synth_town_address(t, a, r, &s);
        if (p->where == WHERE_DOWNSTREAM && rng_chance(r, 0.5)) s.address = STR_NONE;
    }
    given->place = s;
    given->site = g->site;
}

static enum setting setting_named(const char *word)
{
    for (int i = 0; i < SETTING_COUNT; i++)
        if (str_eq(str_of(synth_setting[i].word), str_of(word))) return (enum setting)i;
    BUG("no such setting: %s", word);
}

static bool is_intake(enum cause_kind c)
{
    return c == CAUSE_DRUGS || c == CAUSE_MEDICINES || c == CAUSE_POISON;
}

static void give_substances(const struct group *g, const struct rng *own, bool changed, enum cause_kind cause,
                            struct given *given)
{
    struct intake before = given->found;
    struct rng r = rng_fork(own, 90);
    bool follows = synth_member_follows(g, own, HABIT_SUBSTANCES);
    if (!follows && !changed) return;
    given->found = (struct intake){.count = 0};
    if (follows)
        for (size_t i = 0; i < g->kept[HABIT_SUBSTANCES]->words; i++)
            synth_intake_add(&given->found, g->kept[HABIT_SUBSTANCES]->word[i]);
    /* what killed somebody of the file is not what killed a member; what was in the blood besides may be */
    for (size_t i = 0; i < before.count; i++)
        if (rng_chance(&r, is_intake(cause) && !follows ? 1 : is_intake(cause) ? 0.4 : 0.15))
            synth_intake_add(&given->found, before.name[i]);
}

void synth_member_given(const struct town *t, const struct group *g, uint32_t index, const struct rng *own,
                        struct arena *a, struct given *given, enum cause_kind *cause)
{
    const struct pattern *p = g->pattern;
    struct rng r = rng_fork(own, 1), years = rng_fork(own, 91);
    if (given->age >= 0 && (given->age < p->age_low || given->age > p->age_high))
        given->age = (int)rng_between(&years, p->age_low, p->age_high < 100 ? p->age_high : 100);
    give_place(t, g, index, &r, a, given);
    if (synth_member_follows(g, own, HABIT_SETTING))
        given->setting = setting_named(g->kept[HABIT_SETTING]->word[0]);
    bool changed = synth_member_follows(g, own, HABIT_MECHANISM);
    if (changed)
        *cause =
            synth_town_cause(synth_mechanism(str_of(g->kept[HABIT_MECHANISM]->word[0])), given->age, false);
    give_substances(g, own, changed, *cause, given);
    if (p->nature == NATURE_SERIES) given->homicide = false; /* nobody took it for one */
}

static int index_of(const char *const *word, size_t count, const char *wanted)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(str_of(word[i]), str_of(wanted))) return (int)i;
    BUG("no such code: %s", wanted);
}

static uint32_t bits_of(const struct choice *c, const char *const *word, size_t count)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < c->words; i++)
        bits |= BIT((unsigned)index_of(word, count, c->word[i]));
    return bits;
}

static void keep_words(const struct group *g, const struct rng *own, struct dossier *d)
{
    const struct {
        enum habit_kind kind;
        const char **into;
    } word[] = {{HABIT_MOVED, &d->signs_moved},
                {HABIT_COVERING, &d->covering},
                {HABIT_CLOTHING, &d->clothing},
                {HABIT_EXPLANATION, &d->explanation}};
    for (size_t i = 0; i < COUNT_OF(word); i++)
        if (synth_member_follows(g, own, word[i].kind)) *word[i].into = g->kept[word[i].kind]->word[0];
}

/* What is missing is not there, and what is there is not missing. */
static void keep_things(const struct group *g, const struct rng *own, struct dossier *d)
{
    static const struct {
        enum missed missed;
        enum thing thing;
    } either[] = {{MISSED_PHONE, THING_PHONE},
                  {MISSED_WALLET, THING_WALLET},
                  {MISSED_KEYS, THING_KEYS},
                  {MISSED_CASH, THING_CASH},
                  {MISSED_MEDICATION, THING_MEDICATION}};
    if (synth_member_follows(g, own, HABIT_PRESENT))
        d->present |= bits_of(g->kept[HABIT_PRESENT], synth_thing_word, THING_COUNT);
    if (synth_member_follows(g, own, HABIT_ABSENT))
        d->absent |= bits_of(g->kept[HABIT_ABSENT], synth_missed_word, MISSED_COUNT);
    for (size_t i = 0; i < COUNT_OF(either); i++)
        if (d->absent & BIT(either[i].missed)) d->present &= ~BIT(either[i].thing);
    if (!synth_member_follows(g, own, HABIT_INJURIES)) return;
    uint32_t seen = bits_of(g->kept[HABIT_INJURIES], synth_injury_word, INJURY_COUNT);
    d->injuries = seen & BIT(INJURY_NONE_SEEN) ? seen : (d->injuries & ~BIT(INJURY_NONE_SEEN)) | seen;
}

void synth_member_scene(const struct group *g, const struct rng *own, struct dossier *d)
{
    if (synth_member_follows(g, own, HABIT_POSTURE))
        d->posture =
            (enum posture)index_of(synth_posture_word, POSTURE_COUNT, g->kept[HABIT_POSTURE]->word[0]);
    if (synth_member_follows(g, own, HABIT_FOUND_BY)) {
        d->found_by =
            (enum found_by)index_of(synth_found_by_word, FOUND_BY_COUNT, g->kept[HABIT_FOUND_BY]->word[0]);
        if (d->found_by != FOUND_BY_STAFF) d->regular = NULL;
    }
    keep_words(g, own, d);
    keep_things(g, own, d);
}
