/* Incidents that have to do with no death: most missing people come home, most allegations concern strangers
 * to every death. Numbers a day for a force with 30 deaths a day; a real force has many times more: only
 * those that would be compared with deaths are made. Approximate; general knowledge, unverified. */
#include "synth/run.h"

#include "synth/narrative.h"

#include "base/caldate.h"

struct incident_rule {
    const char *type, *source, *role; /* the code, the feed, the part its person had */
    double per_day;
    double named;      /* share with a named person */
    const char *phone; /* in what capacity a number is in it; NULL for none */
    double phone_share;
    double handle_share; /* a contact's name or handle */
    double substance_share;
    const char *text;
};

/* clang-format off */
static const struct incident_rule rule[] = {
    {.type = "missing_person", .source = "missing_report", .role = "missing", .per_day = 3.0, .named = .95,
     .phone = "own", .phone_share = .35, .handle_share = .05,
     .text = "[Reported missing by [family|a friend|staff|partner]|Missing from [home|hostel|hospital "
             "ward|care]]. [Left after an argument|Did not return from [work|a night out|school]|Went "
             "to meet [a friend|somebody met online]|Not heard from since [Friday|yesterday|the "
             "weekend]][. Phone [off|going to voicemail]|][. Medium risk|. High risk|. Returned "
             "later|. Low risk|]."},
    {.type = "allegation", .source = "crime_report", .role = "accused", .per_day = 1.6, .named = .55,
     .phone = "contact", .phone_share = .12, .handle_share = .08, .substance_share = .12,
     .text = "[Reports [being assaulted|a sexual assault|being followed|harassment|threats|a drink "
             "being spiked|theft by a date]|Alleges [assault by a man known to them|threats over a "
             "debt|being given something in a drink]] [at a flat|in a bar|in the street|at home|at a "
             "party]. [No further action|Suspect interviewed|Enquiries continue|Victim does not "
             "support|Forensic samples taken]."},
    {.type = "crime", .source = "crime_report", .role = "suspect", .per_day = 1.8, .named = .25,
     .phone = "own", .phone_share = .30, .substance_share = .02,
     .text = "[Burglary|Theft from the person|Robbery|Phone snatch|Criminal damage|Theft of a "
             "vehicle][ in the evening| overnight| in daylight|]. [No suspects|CCTV requested|Suspect "
             "detained|Property not recovered]."},
    {.type = "intelligence", .source = "intelligence", .role = "subject", .per_day = 1.5, .named = .60,
     .phone = "used", .phone_share = .30, .handle_share = .10, .substance_share = .35,
     .text = "[Information that|Caller says|Source says] [drugs are sold from the address|a man "
             "offers drugs at parties|people deal near the station|somebody is carrying a "
             "knife|stolen phones are sold in the market|rough sleepers are being given spice]. [Not "
             "corroborated|Passed to the local team|Believed reliable]."},
    {.type = "emergency_call", .source = "call", .role = "caller", .per_day = 2.4, .named = .35,
     .phone = "caller", .phone_share = .85, .substance_share = .05,
     .text = "[Caller reports [a fight|a man asleep in the doorway|shouting next door|a person "
             "unconscious, now awake|somebody drunk|a seizure in the street|a concern for "
             "welfare]|Call dropped, rung back, no answer]. [Ambulance attending|No trace|All in "
             "order|Advised]."},
    {.type = "custody", .source = "custody", .role = "subject", .per_day = 0.8, .named = 1,
     .substance_share = .15,
     .text = "Arrested for [assault|possession|theft|drunk and disorderly|breach of bail]. "
             "[Charged|Bailed|Released without charge|Cautioned]."},
    {.type = "near_miss", .source = "ambulance", .role = "subject", .per_day = 0.6, .named = .50,
     .handle_share = .04, .substance_share = .75,
     .text = "[Collapsed|Found unresponsive] [at home|in a bar|in the street|at a party], "
             "[revived|taken to hospital|recovered after naloxone|airway managed][. Friends present|. "
             "Alone|. Says drink only|]."},
};
/* clang-format on */

static void put_one(struct run *run, struct rng *r, const struct incident_rule *i, int64_t day)
{
    static const char *const substance[] = {"alcohol",
                                            "cocaine",
                                            "heroin",
                                            "cannabis",
                                            "ghb",
                                            "ketamine",
                                            "mdma",
                                            "synthetic_cannabinoid",
                                            "unknown_sedative"};
    static const uint16_t weight[] = {40, 22, 20, 22, 6, 5, 6, 10, 4};
    int64_t at = day * MS_PER_DAY + (int64_t)rng_below(r, 24 * 60) * 60 * MS_PER_SECOND;
    int64_t known = at + rng_between(r, 0, 20) * 15 * 60 * MS_PER_SECOND;
    uint16_t outcode = synth_outcode_draw(r);
    struct spot spot = rng_chance(r, 0.55) ? synth_home(run->scratch, r, outcode, false)
                                           : synth_street(run->scratch, r, outcode);
    buf_clear(&run->text);
    synth_phrase_expand(&run->text, str_of(i->text), r, NULL, NULL);
    struct incident_facts facts = {
        .type = i->type, .from_ms = at, .to_ms = known, .spot = &spot, .narrative = buf_str(&run->text)};
    if (rng_chance(r, i->substance_share))
        facts.substance = substance[synth_pick(r, weight, COUNT_OF(weight))];
    RecordId incident = synth_put_incident(run, known, i->source, &facts);
    if (rng_chance(r, i->named)) {
        int age = (int)synth_normal_within(r, 35, 13, 14, 88);
        char sex = rng_chance(r, 0.64) ? 'M' : 'F';
        struct name n = synth_name(r, sex, age);
        struct person_facts p = {.name = synth_name_text(run->scratch, &n), .sex = sex};
        if (rng_chance(r, 0.7)) {
            p.born_day = day - (int64_t)(age * 365.25) - (int64_t)rng_below(r, 365);
            p.dob_parts = 3;
        }
        if (rng_chance(r, 0.5)) {
            struct spot home = synth_home(run->scratch, r, synth_outcode_near(r, outcode, 6), false);
            p.address = home.address;
        }
        RecordId person = synth_put_person(run, known, i->source, &p);
        synth_put_involvement(run, known, i->source, incident, person, i->role);
    }
    if (i->phone != NULL && rng_chance(r, i->phone_share))
        synth_put_identifier(run, known, i->source, "phone", synth_phone(run->scratch, r), incident,
                             i->phone);
    if (rng_chance(r, i->handle_share))
        synth_put_identifier(run, known, i->source, "handle", synth_handle(run->scratch, r), incident,
                             "contact");
}

void synth_incidents_day(struct run *run, int64_t day)
{
    for (size_t k = 0; k < COUNT_OF(rule); k++) {
        struct rng r = synth_rng(&run->root, CONCERN_INCIDENTS, ((uint64_t)day << 8) | k);
        unsigned count = rng_poisson(&r, rule[k].per_day * run->options->per_day / 30.0);
        for (unsigned n = 0; n < count; n++) {
            put_one(run, &r, &rule[k], day);
            arena_reset(run->scratch);
        }
    }
}
