/* What lies beside a death in other systems: the call, a missing report, telephones and handles; and the
 * look-alikes made of identifiers: stolen telephones, a dealer's number, handles that half the town uses. */
#include "synth/run.h"

#include "synth/narrative.h"
#include "synth/phrases.h"

#include "base/caldate.h"

/* Rates; approximate; general knowledge, unverified. */
#define PHONE_ON_RECORD_SHARE 0.24
#define STOLEN_PHONE_SHARE    0.004 /* of the deaths of people over 14: the number is in an unrelated theft */
#define MISSING_REPORT_SHARE  0.022
#define CALL_SHARE_HOME       0.12
#define CALL_SHARE_OPEN       0.35
#define HANDLE_SHARE          0.035
#define DEALER_SHARE                                                                                         \
    0.12 /* of drug deaths with a thorough report: the dealer's number is in the telephone                   \
          */
#define DEALERS_PER_UNIT 4
#define DEALER_DAYS      120 /* then the number is changed */

static RecordId group_of(const char *prefix, RecordId id)
{
    RecordId g = id;
    memcpy(g.text, prefix, 2);
    return g;
}

static void fill_his(struct buf *out, const void *facts, Str name, struct rng *r)
{
    const struct dossier *d = facts;
    (void)r;
    MUST(str_eq(name, S("his")));
    buf_add_cstr(out, d->sex == 'F' ? "her" : "his");
}

static void put_missing_report(struct run *run, struct rng *r, const struct dossier *d, RecordId death)
{
    int64_t at = d->seen_to_ms + rng_between(r, 4, 40) * MS_PER_HOUR / 2;
    if (at >= d->found_ms || d->found_ms - at > (LEAD_DAYS - 1) * MS_PER_DAY || at < run->options->from_ms)
        return;
    buf_clear(&run->text);
    synth_phrase_expand(&run->text, str_of(synth_phrase_missing_report), r, fill_his, d);
    at = synth_round_minute(at);
    struct incident_facts facts = {.type = "missing_person",
                                   .from_ms = d->seen_to_ms,
                                   .to_ms = at,
                                   .spot = &d->home,
                                   .narrative = buf_str(&run->text)};
    RecordId incident = synth_put_incident(run, at, "missing_report", &facts);
    struct person_facts p = {.name = synth_name_text(run->scratch, &d->name), .sex = d->sex};
    p.born_day = d->born_day;
    p.dob_parts = 3;
    RecordId person = synth_put_person(run, at, "missing_report", &p);
    synth_put_involvement(run, at, "missing_report", incident, person, "missing");
    synth_truth_add(&run->feed, group_of("BM", death), "benign", incident, MADE_INCIDENT, d->known_ms);
    synth_truth_add(&run->feed, group_of("BM", death), "benign", death, MADE_DEATH, d->known_ms);
}

static void put_theft(struct run *run, const struct dossier *d, Str phone)
{
    struct rng r = synth_rng(&run->root, CONCERN_STOLEN_PHONES, d->planned->number ^ 1);
    int64_t at = synth_round_minute(d->found_ms - rng_between(&r, 24, 24 * (LEAD_DAYS - 5)) * MS_PER_HOUR);
    if (at < run->options->from_ms) return;
    struct spot spot = synth_run_street(run, &r);
    buf_clear(&run->text);
    synth_phrase_expand(&run->text, str_of(synth_phrase_theft), &r, NULL, NULL);
    struct incident_facts facts = {.type = "crime",
                                   .from_ms = at - MS_PER_HOUR,
                                   .to_ms = at,
                                   .spot = &spot,
                                   .narrative = buf_str(&run->text)};
    RecordId incident = synth_put_incident(run, at, "crime_report", &facts);
    synth_put_identifier(run, at, "crime_report", "phone", synth_phone_rewrite(run->scratch, &r, phone),
                         incident, "own");
}

struct beside synth_beside_before(struct run *run, struct dossier *d, RecordId death)
{
    struct rng r = synth_rng(&run->root, CONCERN_IDENTIFIERS, d->planned->number);
    struct rng theft = synth_rng(&run->root, CONCERN_STOLEN_PHONES, d->planned->number);
    struct beside b = {.phone = STR_NONE};
    Str phone = synth_phone(run->scratch, &r);
    if (d->age > 10 && rng_chance(&r, PHONE_ON_RECORD_SHARE * d->thoroughness)) b.phone = phone;
    if (d->age > 14 && !d->thin && rng_chance(&theft, STOLEN_PHONE_SHARE)) {
        b.phone = phone;
        d->present &= ~BIT(THING_PHONE);
        d->absent |= BIT(MISSED_PHONE);
        put_theft(run, d, phone);
    }
    double missing = d->setting == SETTING_WATER || d->setting == SETTING_WOODLAND ? 6 : 1;
    struct rng report = synth_rng(&run->root, CONCERN_CALL, d->planned->number ^ 1);
    if (d->age > 11 && d->ever_known && rng_chance(&report, MISSING_REPORT_SHARE * missing))
        put_missing_report(run, &report, d, death);
    return b;
}

static void put_call(struct run *run, const struct dossier *d, RecordId death)
{
    struct rng r = synth_rng(&run->root, CONCERN_CALL, d->planned->number);
    bool home = d->setting == SETTING_PRIVATE_HOME || d->setting == SETTING_SHARED_HOME;
    if (d->thin || !rng_chance(&r, home ? CALL_SHARE_HOME : CALL_SHARE_OPEN)) return;
    buf_clear(&run->text);
    synth_phrase_expand(&run->text, str_of(synth_phrase_call), &r, NULL, NULL);
    struct spot spot = d->place;
    spot.radius_m = 150;
    if (rng_chance(&r, 0.5)) spot.address = STR_NONE;
    struct incident_facts facts = {.type = "emergency_call",
                                   .from_ms = d->reported_ms,
                                   .to_ms = d->reported_ms,
                                   .spot = &spot,
                                   .narrative = buf_str(&run->text)};
    RecordId incident = synth_put_incident(run, d->reported_ms, "call", &facts);
    if (rng_chance(&r, 0.8))
        synth_put_identifier(run, d->reported_ms, "call", "phone", synth_phone(run->scratch, &r), incident,
                             "caller");
    RecordId group = group_of("BC", death);
    synth_truth_add(&run->feed, group, "same_event", incident, MADE_INCIDENT, d->known_ms);
    synth_truth_add(&run->feed, group, "same_event", death, MADE_DEATH, d->known_ms);
}

static Str dealer_phone(struct run *run, struct rng *r, const struct dossier *d)
{
    uint64_t unit = (uint64_t)synth_unit_of(&d->place);
    uint64_t period = (uint64_t)(caldate_day_of(d->found_ms) / DEALER_DAYS);
    struct rng own = synth_rng(&run->root, CONCERN_DEALERS,
                               (unit * 100000 + period) * DEALERS_PER_UNIT + rng_below(r, DEALERS_PER_UNIT));
    return synth_phone_rewrite(run->scratch, r, synth_phone(run->scratch, &own));
}

void synth_beside_write(struct run *run, const struct dossier *d, const struct beside *b, RecordId death)
{
    struct rng r = synth_rng(&run->root, CONCERN_IDENTIFIERS, d->planned->number ^ 1);
    int64_t later = d->known_ms + rng_between(&r, 0, 72) * MS_PER_HOUR;
    if (str_present(b->phone))
        synth_put_identifier(run, d->known_ms, "death_report", "phone",
                             synth_phone_rewrite(run->scratch, &r, b->phone), death, "own");
    if (!d->thin && d->age > 15 && rng_chance(&r, HANDLE_SHARE)) {
        Str handle = synth_handle(run->scratch, &r);
        synth_put_identifier(run, later, "death_report", "handle", handle, death, "contact");
        struct json_writer *w = synth_line(&run->feed, later, MADE_DEATH, death, "death_report");
        synth_set_text(w, "last_contact_name", handle);
        synth_line_end(&run->feed);
    }
    struct rng dealer = synth_rng(&run->root, CONCERN_DEALERS, d->planned->number);
    if (d->cause->kind == CAUSE_DRUGS && rng_chance(&dealer, DEALER_SHARE * d->thoroughness))
        synth_put_identifier(run, later, "phone_download", "phone", dealer_phone(run, &dealer, d), death,
                             "contact");
    put_call(run, d, death);
}
