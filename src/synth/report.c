/* The first report of a death, with as many fields as its writer cared to fill in. */
#include "synth/narrative.h"
#include "synth/run.h"

#include "base/caldate.h"

enum police_unit synth_unit_of(const struct spot *spot)
{
    return synth_borough[synth_outcode[spot->outcode].borough].unit;
}

/* Whether a field was filled in: `share` of the most thorough reports have it. */
static bool given(struct rng *r, const struct dossier *d, double share)
{
    return rng_chance(r, share * d->thoroughness);
}

static void set_where(struct json_writer *w, const struct dossier *d, struct rng *r)
{
    bool placed = d->place.radius_m > 0;
    if (placed) synth_set_place(w, "place", d->place.lat, d->place.lon, d->place.radius_m);
    if (!d->thin || rng_chance(r, 0.8)) synth_set_text(w, "address", d->place.address);
    if ((!d->thin || rng_chance(r, 0.7)) && placed) synth_set_text(w, "postcode", synth_postcode(&d->place));
    synth_set_word(w, "setting", synth_setting[d->setting].word);
    if (given(r, d, 0.7)) synth_set_word(w, "access", synth_setting[d->setting].access);
    if (given(r, d, 0.6)) synth_set_word(w, "tie_to_place", synth_tie_word[d->tie]);
    if (given(r, d, 0.5)) synth_set_word(w, "housing", d->housing);
    if (given(r, d, 0.7) && d->name_known) synth_set_text(w, "home_postcode", synth_postcode(&d->home));
}

static void set_who(struct json_writer *w, const struct dossier *d, struct rng *r, struct arena *a)
{
    json_kv_i64(w, S("age"), d->age_told);
    synth_set_word(w, "sex", rng_chance(r, 0.002) ? "U" : d->sex == 'F' ? "F" : "M");
    if (d->name_known) synth_set_text(w, "deceased_name", synth_name_text(a, &d->name));
    bool dob = given(r, d, 0.8), job = given(r, d, 0.45);
    if (d->name_known && dob) synth_set_born(w, d->born_day, 3);
    if (d->name_known && job) synth_set_word(w, "occupation", d->occupation);
}

static void set_when(struct json_writer *w, const struct dossier *d, struct rng *r)
{
    synth_set_time(w, "reported_at", d->reported_ms);
    int64_t from = d->found_ms;
    if (rng_chance(r, 0.04)) from -= rng_between(r, 5, 90) * 60 * MS_PER_SECOND;
    synth_set_span(w, "found", from, d->found_ms);
    if (given(r, d, 0.62)) synth_set_span(w, "last_seen_alive", d->seen_from_ms, d->seen_to_ms);
    if (given(r, d, 0.12)) synth_set_span(w, "died", d->seen_to_ms, d->found_ms);
    if (given(r, d, 0.55)) synth_set_time(w, "pronounced_at", d->pronounced_ms);
}

static void set_scene(struct json_writer *w, const struct dossier *d, struct rng *r)
{
    if (given(r, d, 0.85)) synth_set_word(w, "found_by", synth_found_by_word[d->found_by]);
    if (given(r, d, 0.80)) synth_set_word(w, "posture", synth_posture_word[d->posture]);
    if (given(r, d, 0.60)) synth_set_word(w, "signs_moved", d->signs_moved);
    if (given(r, d, 0.40)) synth_set_words(w, "clothing", &d->clothing, 1);
    if (given(r, d, 0.50)) synth_set_word(w, "covering", d->covering);
    if (given(r, d, 0.85)) synth_set_bits(w, "present", d->present, synth_thing_word, THING_COUNT);
    if (given(r, d, 0.65)) synth_set_bits(w, "absent", d->absent, synth_missed_word, MISSED_COUNT);
    if (given(r, d, 0.80)) synth_set_bits(w, "injuries", d->injuries, synth_injury_word, INJURY_COUNT);
}

static void set_how(struct json_writer *w, const struct dossier *d, struct rng *r)
{
    bool said = given(r, d, 0.95);
    double u = rng_unit(r);
    const char *mechanism = u < 0.05 ? "unknown" : d->cause->mechanism;
    if (said) synth_set_word(w, "mechanism", mechanism);
    if (given(r, d, 0.95)) synth_set_words(w, "substances", d->suspected.name, d->suspected.count);
    if (given(r, d, 0.75)) {
        synth_set_word(w, "explanation", d->explanation);
        if (!str_eq(str_of(d->explanation), S("none")) && rng_chance(r, 0.7))
            synth_set_word(w, "explanation_verified", d->explanation_verified);
    }
    if (given(r, d, 0.10) && d->cause->kind != CAUSE_NATURAL) {
        static const char *const route[] = {"none_known", "unknown",      "in_person",
                                            "phone",      "social_media", "dating_app"};
        static const uint16_t weight[] = {30, 40, 14, 10, 4, 2};
        const char *word = route[synth_pick(r, weight, COUNT_OF(route))];
        synth_set_words(w, "contact_route", &word, 1);
    }
    static const char *const priority[] = {"routine", "routine", "raised", "urgent"};
    if (given(r, d, 0.35))
        synth_set_word(w, "priority", d->homicide ? "critical" : priority[rng_below(r, 4)]);
    if (given(r, d, 0.03)) {
        static const char *const conflict[] = {"time_of_death", "position", "temperature", "identity",
                                               "movement"};
        const char *word = synth_choose(r, conflict, COUNT_OF(conflict));
        synth_set_words(w, "account_conflict", &word, 1);
    }
    synth_set_word(w, "category", d->category);
}

static void set_narrative(struct run *run, struct json_writer *w, const struct dossier *d, bool ambulance)
{
    struct rng r = synth_rng(&run->root, CONCERN_NARRATIVE, d->planned->number * 2 + ambulance);
    buf_clear(&run->text);
    synth_narrative_write(&run->text, d, &r, ambulance);
    if (str_present(d->remark) && !ambulance) buf_addf(&run->text, " %.*s.", STR_ARG(d->remark));
    synth_set_text(w, "narrative", buf_str(&run->text));
}

static void put_death(struct run *run, const struct dossier *d, RecordId death)
{
    struct rng r = synth_rng(&run->root, CONCERN_FIELDS, d->planned->number ^ 1);
    struct json_writer *w = synth_line(&run->feed, d->known_ms, MADE_DEATH, death, "death_report");
    enum police_unit unit = synth_unit_of(&d->place);
    int year, month, day;
    caldate_from_days(caldate_day_of(d->reported_ms), &year, &month, &day);
    synth_set_text(w, "ref",
                   str_format(run->scratch, "%s/%d/%05u", synth_unit_code[unit], year, ++run->refs[unit]));
    synth_set_word(w, "unit", synth_unit_code[unit]);
    set_when(w, d, &r);
    set_where(w, d, &r);
    set_who(w, d, &r, run->scratch);
    set_scene(w, d, &r);
    set_how(w, d, &r);
    set_narrative(run, w, d, false);
    synth_line_end(&run->feed);
}

static void put_finder(struct run *run, const struct dossier *d, RecordId death)
{
    struct rng r = synth_rng(&run->root, CONCERN_FINDER, d->planned->number ^ 1);
    double named = d->thin ? 0.12 : 0.65 * d->thoroughness;
    if (!rng_chance(&r, named)) return;
    RecordId person;
    if (d->regular != NULL) {
        person = synth_put_regular(run, d->found_ms, d->regular);
    } else {
        if (d->found_by == FOUND_BY_POLICE || d->found_by == FOUND_BY_EMERGENCY ||
            d->found_by == FOUND_BY_UNKNOWN)
            return;
        char sex = rng_chance(&r, 0.5) ? 'F' : 'M';
        bool kin = d->found_by == FOUND_BY_HOUSEHOLD || d->found_by == FOUND_BY_FAMILY;
        struct name n =
            kin && rng_chance(&r, 0.75) ? synth_name_of_kin(&r, &d->name, sex, 40) : synth_name(&r, sex, 40);
        struct person_facts p = {.name = synth_name_text(run->scratch, &n), .sex = sex};
        if (d->found_by == FOUND_BY_HOUSEHOLD) p.address = d->place.address;
        person = synth_put_person(run, d->known_ms, "death_report", &p);
    }
    synth_put_involvement(run, d->known_ms, "death_report", death, person, "finder");
}

/* Who the dead person was, once that is settled. */
static void put_identity(struct run *run, const struct dossier *d, RecordId death)
{
    struct rng r = synth_rng(&run->root, CONCERN_FOLLOW_UP, d->planned->number);
    if (!d->ever_known || !rng_chance(&r, d->thin ? 0.35 : 0.85)) return;
    int64_t at = d->known_ms;
    if (!d->name_known)
        at += synth_round_minute((int64_t)(rng_exponential(&r, 4) * (double)MS_PER_DAY));
    else if (rng_chance(&r, 0.6))
        at += rng_between(&r, 1, 40) * MS_PER_HOUR / 2;
    struct person_facts p = {.name = synth_name_text(run->scratch, &d->name), .sex = d->sex};
    if (rng_chance(&r, 0.85)) {
        p.born_day = d->born_day;
        p.dob_parts = rng_chance(&r, 0.9) ? 3 : 1;
    }
    if (rng_chance(&r, 0.7)) p.address = d->rough_sleeper ? S("no fixed abode") : d->home.address;
    RecordId person = synth_put_person(run, at, "death_report", &p);
    synth_put_involvement(run, at, "death_report", death, person, "deceased");
    if (d->name_known && at == d->known_ms) return;
    struct json_writer *w = synth_line(&run->feed, at, MADE_DEATH, death, "death_report");
    synth_set_word(w, "identified", "yes");
    if (!d->name_known) {
        synth_set_text(w, "deceased_name", synth_name_text(run->scratch, &d->name));
        json_kv_i64(w, S("age"), d->age);
        if (!d->rough_sleeper) synth_set_text(w, "home_postcode", synth_postcode(&d->home));
    }
    synth_line_end(&run->feed);
}

RecordId synth_report_write(struct run *run, struct dossier *d)
{
    RecordId death = synth_feed_new(&run->feed, MADE_DEATH);
    struct beside beside = synth_beside_before(run, d, death);
    synth_attendance_write(run, d, death);
    put_death(run, d, death);
    put_finder(run, d, death);
    put_identity(run, d, death);
    synth_beside_write(run, d, &beside, death);
    synth_followup_write(run, d, death);
    return death;
}

void synth_report_twin(struct run *run, const struct dossier *d, RecordId death)
{
    struct rng r = synth_rng(&run->root, CONCERN_TWINS, d->planned->number);
    RecordId twin = synth_feed_new(&run->feed, MADE_DEATH);
    int64_t minute = 60 * MS_PER_SECOND;
    int64_t known = d->pronounced_ms + rng_between(&r, 20, 20 * 60) * minute;
    struct json_writer *w = synth_line(&run->feed, known, MADE_DEATH, twin, "ambulance");
    synth_set_word(w, "unit", synth_unit_code[synth_unit_of(&d->place)]);
    synth_set_time(w, "reported_at", d->reported_ms - rng_between(&r, 0, 6) * minute);
    synth_set_span(w, "found", d->found_ms - rng_between(&r, 0, 5) * minute, d->found_ms + 10 * minute);
    synth_set_time(w, "pronounced_at", d->pronounced_ms);
    double lat, lon;
    synth_scatter(&r, d->place.lat, d->place.lon, 0.04, &lat, &lon);
    synth_set_place(w, "place", lat, lon, 50);
    if (rng_chance(&r, 0.8)) synth_set_text(w, "address", d->place.address);
    synth_set_word(w, "postcode", synth_outcode[d->place.outcode].code);
    synth_set_word(w, "setting", synth_setting[d->setting].word);
    json_kv_i64(w, S("age"), d->age < 15 ? d->age : d->age + rng_between(&r, -3, 3));
    synth_set_word(w, "sex", d->sex == 'F' ? "F" : "M");
    if (d->name_known && rng_chance(&r, 0.7))
        synth_set_text(w, "deceased_name", synth_name_misheard(run->scratch, &r, &d->name));
    set_narrative(run, w, d, true);
    synth_line_end(&run->feed);
    RecordId group = {.text = ""};
    memcpy(group.text, "BS", 2);
    memcpy(group.text + 2, death.text + 2, sizeof group.text - 3);
    synth_truth_add(&run->feed, group, "same_event", death, MADE_DEATH, d->known_ms);
    synth_truth_add(&run->feed, group, "same_event", twin, MADE_DEATH, known);
}
