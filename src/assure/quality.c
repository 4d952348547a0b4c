#include "assure/quality.h"

#include "base/caldate.h"

#include <math.h>

enum {
    AGE_MAX_YEARS = 115,
    AGE_SLACK_YEARS = 2,
    NARRATIVE_MIN_BYTES = 60,
    FULL_MARKS = 100,
    TIME_SLACK_MINUTES = 5,
    CALL_SLACK_MINUTES = 60, /* a call may come before the body is found by those who are sent */
};
#define DAYS_IN_YEAR 365.2425

struct judging {
    struct arena *a;
    const struct death *d;
    const struct record *record;
    struct quality *q;
};

static void find(struct judging *j, enum quality_nature nature, const char *rule, Str sentence)
{
    if (j->q->count == QUALITY_FINDINGS_MAX) return;
    j->q->finding[j->q->count++] = (struct quality_finding){nature, rule, sentence};
    j->q->contradictions += nature == QUALITY_CONTRADICTION;
}

static void against(struct judging *j, const char *rule, const char *sentence)
{
    find(j, QUALITY_CONTRADICTION, rule, str_of(sentence));
}

const char *quality_nature_name(enum quality_nature n)
{
    static const char *const names[] = {"missing", "unknown", "contradiction", "thin"};
    return names[n];
}

/* ---- what is missing -------------------------------------------------------------------------------- */

static bool only_unknown(Str value)
{
    return str_eq(value, S("\"unknown\"")) || str_eq(value, S("[\"unknown\"]")) || str_eq(value, S("\"U\""));
}

static void missing(struct judging *j)
{
    const struct kind *kind = kind_of(KIND_DEATH);
    for (size_t i = 0; i < kind->field_count; i++) {
        const struct field *field = &kind->field[i];
        Str value = j->record->held[i].value;
        if (field->asked != ASKED_SCENE) continue;
        j->q->asked++;
        if (!str_present(value)) {
            find(j, QUALITY_MISSING, field->name, str_format(j->a, "Not answered: %s", field->label));
        } else {
            j->q->answered++;
            if (!only_unknown(value)) continue;
            j->q->unknown++;
            find(j, QUALITY_UNKNOWN, field->name, str_format(j->a, "Answered \"unknown\": %s", field->label));
        }
    }
}

/* ---- times ------------------------------------------------------------------------------------------ */

/* Is `late` certainly after `early`? Days are compared as whole days. */
static bool later_by(const struct moment *late, const struct moment *early, int minutes)
{
    int64_t slack = INT64_C(60000) * minutes;
    if (late->precision == PRECISION_NONE || early->precision == PRECISION_NONE) return false;
    if (late->precision == PRECISION_DAY || early->precision == PRECISION_DAY)
        return caldate_day_of(late->ms) > caldate_day_of(early->ms);
    return late->ms > early->ms + slack;
}

static bool certainly_after(const struct moment *late, const struct moment *early)
{
    return later_by(late, early, TIME_SLACK_MINUTES);
}

static struct moment first_of(const struct span *s)
{
    return s->from.precision != PRECISION_NONE ? s->from : s->to;
}

static struct moment last_of(const struct span *s)
{
    return s->to.precision != PRECISION_NONE ? s->to : s->from;
}

static void times(struct judging *j)
{
    const struct death *d = j->d;
    struct moment found = first_of(&d->found), found_last = last_of(&d->found), died = first_of(&d->died);
    struct moment seen = first_of(&d->last_seen_alive);
    struct moment recorded = {j->record->first_known_ms, PRECISION_TIME};
    if (later_by(&found, &d->reported_at, CALL_SLACK_MINUTES))
        against(j, "found_after_reported", "The person was found long after the death was reported.");
    if (certainly_after(&seen, &found_last))
        against(j, "seen_after_found", "The person was last seen alive after being found.");
    if (certainly_after(&died, &found_last))
        against(j, "died_after_found",
                "The death is put after the time of finding; if the person was alive when found, the text "
                "should say so.");
    if (d->last_seen_alive.from.precision != PRECISION_NONE) {
        struct moment died_last = last_of(&d->died);
        if (certainly_after(&seen, &died_last))
            against(j, "seen_after_died", "The person was last seen alive after the time of death.");
    }
    if (certainly_after(&found, &d->pronounced_at))
        against(j, "pronounced_before_found", "Life was pronounced extinct before the person was found.");
    if (certainly_after(&found, &recorded))
        against(j, "found_in_future", "The time of finding lies after the report was recorded.");
    if (certainly_after(&d->reported_at, &recorded))
        against(j, "reported_in_future", "The time of reporting lies after the report was recorded.");
    if (d->last_seen_alive.from.precision != PRECISION_NONE &&
        d->last_seen_alive.to.precision != PRECISION_NONE &&
        certainly_after(&d->last_seen_alive.from, &d->last_seen_alive.to))
        against(j, "seen_backwards", "\"Last seen alive\" ends before it begins.");
}

static void ages(struct judging *j)
{
    const struct death *d = j->d;
    if (!number_present(d->age)) return;
    if (d->age < 0 || d->age > AGE_MAX_YEARS) {
        against(j, "age_impossible", "The age cannot be right.");
        return;
    }
    struct moment at = first_of(&d->found);
    if (d->dob.year == 0 || at.precision == PRECISION_NONE) return;
    double born =
        (double)caldate_to_days(d->dob.year, d->dob.month ? d->dob.month : 7, d->dob.day ? d->dob.day : 1);
    double years = ((double)caldate_day_of(at.ms) - born) / DAYS_IN_YEAR;
    if (fabs(years - d->age) > AGE_SLACK_YEARS)
        find(j, QUALITY_CONTRADICTION, "age_against_birth",
             str_format(j->a,
                        "By the date of birth the person was about %.0f years old; the report says %.0f.",
                        years, d->age));
}

/* ---- one answer against another --------------------------------------------------------------------- */

static bool has(const struct str_list *list, const char *word)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->item[i], str_of(word))) return true;
    return false;
}

/* A posture needs a kind of place. settings: those in which it can be. */
struct posture_row {
    const char *posture, *settings, *sentence;
};
static const struct posture_row postures[] = {
    {"in_bed",
     "private_home shared_home hostel hotel care_home hospital prison_custody licensed_premises other "
     "unknown derelict",
     "The person lay in bed, but the place is one without beds."},
    {"in_bath",
     "private_home shared_home hostel hotel care_home hospital prison_custody licensed_premises other "
     "unknown derelict school",
     "The person lay in a bath, but the place is one without baths."},
    {"in_vehicle",
     "road_vehicle street rail park_open_space woodland workplace building_site private_home water other "
     "unknown",
     "The person was in a vehicle, but the place is one without vehicles."},
};

/* A mechanism and the postures that speak against it. */
struct mechanism_row {
    const char *mechanism, *postures, *sentence;
};
static const struct mechanism_row mechanisms[] = {
    {"drowning", "in_bed in_vehicle hanging_full hanging_partial seated_propped seated",
     "Drowning is given, but the position of the body does not fit it; was the body moved?"},
    {"hanging", "in_bed in_bath in_water in_vehicle",
     "Hanging is given, but the position of the body does not fit it; was the body moved?"},
    {"fall", "in_bed in_bath hanging_full",
     "A fall is given, but the position of the body does not fit it; was the body moved?"},
};

static void posture(struct judging *j)
{
    const struct death *d = j->d;
    for (size_t i = 0; i < COUNT_OF(postures); i++)
        if (str_eq(d->posture, str_of(postures[i].posture)) && str_present(d->setting) &&
            !field_value_listed(postures[i].settings, d->setting))
            against(j, "posture_against_setting", postures[i].sentence);
    if (str_eq(d->posture, S("in_water")) && str_eq(d->setting, S("woodland")))
        against(j, "posture_against_setting", "The person lay in water; the kind of place should say so.");
    for (size_t i = 0; i < COUNT_OF(mechanisms); i++)
        if (str_eq(d->mechanism, str_of(mechanisms[i].mechanism)) && str_present(d->posture) &&
            field_value_listed(mechanisms[i].postures, d->posture))
            against(j, "mechanism_against_posture", mechanisms[i].sentence);
}

static void items(struct judging *j)
{
    const struct death *d = j->d;
    for (size_t i = 0; i < d->present.count; i++)
        for (size_t n = 0; n < d->absent.count; n++)
            if (str_eq(d->present.item[i], d->absent.item[n]) && !str_eq(d->present.item[i], S("other")))
                find(j, QUALITY_CONTRADICTION, "present_and_absent",
                     str_format(j->a, "The same item (%.*s) is recorded as present and as missing.",
                                STR_ARG(d->present.item[i])));
    /* what a laboratory found later does not make the report contradict itself */
    bool one_source = j->record->held[death_field_injuries].sources == 1;
    if (one_source && has(&d->injuries, "none_seen") && d->injuries.count > 1)
        against(j, "injuries_and_none", "Injuries are recorded beside \"none seen\".");
    if (str_eq(d->explanation, S("note")) && str_present(j->record->held[death_field_present].value) &&
        !has(&d->present, "note"))
        against(j, "note_not_present", "A note is offered as the explanation, but no note was there.");
    if (str_eq(d->covering, S("none")) && (has(&d->present, "sheet") || has(&d->present, "bedding")) &&
        !str_eq(d->posture, S("in_bed")))
        find(j, QUALITY_THIN, "bedding_unexplained",
             S("A sheet or bedding was there, but nothing says what it was doing there."));
}

static bool marks_of_another(const struct death *d)
{
    static const char *const marks[] = {"ligature_mark", "neck_marks", "defensive", "restraint", "gunshot"};
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (has(&d->injuries, marks[i])) return true;
    return false;
}

static void judgements(struct judging *j)
{
    const struct death *d = j->d;
    if (str_eq(d->category, S("expected")) && marks_of_another(d))
        against(j, "expected_with_injuries",
                "The death is called expected, but the injuries seen need an answer.");
    if (str_eq(d->identified, S("yes")) && str_empty(d->deceased_name))
        against(j, "identified_without_name", "The person is formally identified, but no name is recorded.");
    if (str_eq(d->explanation_verified, S("yes")) && d->account_conflict.count > 0)
        against(j, "verified_despite_conflict",
                "The explanation is called verified, but an account conflicts with the body or the scene.");
    if (str_eq(d->found_by, S("passer_by")) && str_eq(d->access, S("private")))
        against(j, "passer_by_in_private",
                "A passer-by is said to have found the person in a place that is closed to the public.");
}

static void thin(struct judging *j)
{
    const struct death *d = j->d;
    if ((str_eq(d->mechanism, S("overdose")) || str_eq(d->mechanism, S("poisoning"))) &&
        d->substances.count == 0)
        find(j, QUALITY_THIN, "substance_not_named",
             S("An overdose or poisoning is given, but no substance is named or suspected."));
    if (str_present(d->explanation) && !str_eq(d->explanation, S("none")) &&
        str_empty(d->explanation_verified))
        find(j, QUALITY_THIN, "verification_not_said",
             S("An explanation is offered, but it is not said whether anybody verified it."));
    if (str_present(d->narrative) && d->narrative.len < NARRATIVE_MIN_BYTES)
        find(j, QUALITY_THIN, "narrative_short",
             S("What happened and what was seen is told in a few words only."));
}

void quality_of_death(struct arena *a, const struct record *record, struct quality *out)
{
    *out = (struct quality){.finding = NEW_ARRAY(a, struct quality_finding, QUALITY_FINDINGS_MAX)};
    struct judging j = {.a = a, .d = record->data, .record = record, .q = out};
    missing(&j);
    times(&j);
    ages(&j);
    posture(&j);
    items(&j);
    judgements(&j);
    thin(&j);
    int full = 2 * out->answered - out->unknown;
    int score = out->asked > 0 ? FULL_MARKS * full / (2 * out->asked) : FULL_MARKS;
    score -= CONTRADICTION_COST * out->contradictions;
    out->score = score < 0 ? 0 : score;
}
