/* What became known of a death afterwards: the laboratory, the certificate, the decision, the inquest. Delays
 * and shares are approximate; general knowledge, unverified. */
#include "synth/run.h"

#include "base/caldate.h"

static int64_t days_after(struct rng *r, int64_t ms, double mean_days, double least_days)
{
    double days = least_days + rng_exponential(r, mean_days - least_days);
    int64_t at = synth_round_minute(ms + (int64_t)(days * (double)MS_PER_DAY));
    /* offices work by day */
    return caldate_midnight(at) + rng_between(r, 8 * 60, 17 * 60) * 60 * MS_PER_SECOND + MS_PER_DAY;
}

static void put_laboratory(struct run *run, const struct dossier *d, RecordId death)
{
    struct rng r = synth_rng(&run->root, CONCERN_FOLLOW_UP, d->planned->number ^ 2);
    int64_t at = days_after(&r, d->known_ms, 42, 12);
    bool quiet = d->thin && rng_chance(&r, 0.4);
    if (!d->toxicology || quiet) return;
    RecordId id = synth_feed_new(&run->feed, MADE_RESULT);
    struct json_writer *w = synth_line(&run->feed, at, MADE_RESULT, id, "lab");
    synth_set_word(w, "death", death.text);
    synth_set_word(w, "test", "toxicology");
    buf_clear(&run->text);
    if (d->found.count == 0)
        buf_add_cstr(&run->text, rng_chance(&r, 0.5) ? "No alcohol or drugs detected."
                                                     : "Nothing found that would explain death.");
    for (size_t i = 0; i < d->found.count; i++)
        buf_addf(&run->text, "%s%s",
                 i == 0                    ? "Found: "
                 : i + 1 == d->found.count ? " and "
                                           : ", ",
                 d->found.name[i]);
    if (d->found.count > 0) buf_add_char(&run->text, '.');
    synth_set_text(w, "text", buf_str(&run->text));
    synth_line_end(&run->feed);
    if (d->found.count == 0) return;
    w = synth_line(&run->feed, at, MADE_DEATH, death, "lab");
    synth_set_words(w, "substances", d->found.name, d->found.count);
    bool unclear = d->cause->kind == CAUSE_DRUGS && rng_chance(&r, 0.2);
    if (unclear) synth_set_word(w, "mechanism", "overdose");
    synth_line_end(&run->feed);
}

/* NULL: one of the natural causes, or the substances say it. */
static const char *const certified_as[CAUSE_COUNT] = {
    [CAUSE_INFANT] = "Unascertained",
    [CAUSE_UNASCERTAINED] = "Unascertained",
    [CAUSE_HANGING] = "Hanging",
    [CAUSE_STRANGLED] = "Compression of the neck",
    [CAUSE_ASPHYXIA] = "Asphyxia",
    [CAUSE_DROWNING] = "Drowning",
    [CAUSE_FALL_AT_HOME] = "Subdural haematoma",
    [CAUSE_FALL_FROM_HEIGHT] = "Multiple injuries",
    [CAUSE_ROAD] = "Multiple injuries",
    [CAUSE_RAIL] = "Multiple injuries",
    [CAUSE_BLUNT] = "Head injury",
    [CAUSE_SHARP] = "Stab wound",
    [CAUSE_GUNSHOT] = "Gunshot wound",
    [CAUSE_FIRE] = "Inhalation of products of combustion",
    [CAUSE_COLD] = "Hypothermia",
    [CAUSE_ELECTRIC] = "Electrocution",
};

static const char *cause_text(struct rng *r, const struct dossier *d)
{
    static const char *const natural[] = {"Ischaemic heart disease",
                                          "Coronary artery atheroma",
                                          "Bronchopneumonia",
                                          "Acute myocardial infarction",
                                          "Chronic obstructive pulmonary disease",
                                          "Hypertensive heart disease",
                                          "Pulmonary thromboembolism",
                                          "Cerebrovascular accident",
                                          "Ruptured abdominal aortic aneurysm",
                                          "Carcinoma of the lung",
                                          "Alcoholic liver disease",
                                          "Sudden unexpected death in epilepsy",
                                          "Old age",
                                          "Gastrointestinal haemorrhage",
                                          "Diabetic ketoacidosis",
                                          "Sepsis"};
    if (d->cause->kind == CAUSE_NATURAL || d->cause->kind == CAUSE_OTHER)
        return synth_choose(r, natural, COUNT_OF(natural));
    return certified_as[d->cause->kind];
}

/* A family doctor certifies a natural death; else a pathologist examines. */
static void put_certificate(struct run *run, const struct dossier *d, RecordId death)
{
    struct rng r = synth_rng(&run->root, CONCERN_FOLLOW_UP, d->planned->number ^ 3);
    uint16_t borough = synth_outcode[d->home.outcode].borough;
    bool natural = d->cause->kind == CAUSE_NATURAL;
    bool doctor = natural && rng_chance(&r, 0.45);
    struct regular *who = synth_pool_draw(&run->sites, &r, doctor ? POOL_DOCTOR : POOL_PATHOLOGIST, borough);
    int64_t at = days_after(&r, d->known_ms, doctor ? 2.5 : 7, 0.5);
    const char *text = cause_text(&r, d);
    if (!rng_chance(&r, d->thin ? 0.25 : 0.65)) return;
    RecordId person = synth_put_regular(run, d->found_ms, who);
    synth_put_involvement(run, at, "coroner", death, person, doctor ? "certifier" : "pathologist");
    struct json_writer *w = synth_line(&run->feed, at, MADE_DEATH, death, "coroner");
    if (doctor) synth_set_word(w, "certifier", person.text);
    if (text != NULL)
        synth_set_word(w, "cause_1a", text);
    else if (d->found.count > 0)
        synth_set_text(w, "cause_1a", str_format(run->scratch, "Toxic effects of %s", d->found.name[0]));
    synth_set_word(w, "manner", natural && (doctor || rng_chance(&r, 0.8)) ? "natural" : "pending");
    synth_line_end(&run->feed);
}

/* From "under investigation" to "not suspicious": usually by a detective or inspector, mostly with a second
 * name. */
static void put_decision(struct run *run, const struct dossier *d, RecordId death)
{
    struct rng r = synth_rng(&run->root, CONCERN_FOLLOW_UP, d->planned->number ^ 4);
    static const char *const why[] = {"no third party apparent",
                                      "post-mortem and history consistent with the account",
                                      "premises secure, no sign of disturbance",
                                      "drug history, scene consistent with overdose",
                                      "witness accounts agree, CCTV viewed",
                                      "medical history confirmed by GP",
                                      "note confirmed as genuine by family",
                                      "toxicology as expected",
                                      "no suspicious circumstances identified"};
    if (d->homicide || !str_eq(str_of(d->category), S("unexpected_investigating"))) return;
    int64_t at = days_after(&r, d->known_ms, 9, 0.2);
    enum police_unit unit = synth_unit_of(&d->place);
    const struct officer *by =
        rng_chance(&r, 0.6) ? synth_staff_detective(run, &r, unit) : synth_staff_inspector(run, &r, unit);
    const struct officer *second = synth_staff_inspector(run, &r, unit);
    if (!rng_chance(&r, d->thin ? 0.35 : 0.75)) return;
    RecordId id = synth_feed_new(&run->feed, MADE_DECISION);
    struct json_writer *w = synth_line(&run->feed, at, MADE_DECISION, id, "decision");
    synth_set_word(w, "death", death.text);
    synth_set_word(w, "type", "classify");
    synth_set_word(w, "to", rng_chance(&r, 0.015) ? "homicide" : "unexpected_not_suspicious");
    synth_set_time(w, "decided_at", at);
    synth_set_word(w, "by", by->id.text);
    synth_set_word(w, "by_role", by->rank);
    if (second != by && rng_chance(&r, 0.6)) synth_set_word(w, "approved_by", second->id.text);
    if (rng_chance(&r, 0.85)) synth_set_word(w, "rationale", synth_choose(&r, why, COUNT_OF(why)));
    synth_line_end(&run->feed);
}

static const char *conclusion_of(const struct dossier *d)
{
    Str manner = str_of(d->manner);
    if (str_eq(manner, S("suicide"))) return "suicide";
    if (str_eq(manner, S("homicide"))) return "unlawful_killing";
    if (str_eq(manner, S("natural"))) return "natural_causes";
    if (str_eq(manner, S("undetermined"))) return "open";
    if (d->cause->kind == CAUSE_DRUGS) return "drug_related";
    if (d->cause->kind == CAUSE_ROAD) return "road_traffic_collision";
    return "accident_misadventure";
}

static void put_inquest(struct run *run, const struct dossier *d, RecordId death)
{
    struct rng r = synth_rng(&run->root, CONCERN_FOLLOW_UP, d->planned->number ^ 5);
    int64_t at = days_after(&r, d->known_ms, 190, 60);
    double held = d->cause->kind == CAUSE_NATURAL ? 0.08 : d->homicide ? 0.05 : 0.75;
    if (!rng_chance(&r, held)) return;
    struct json_writer *w = synth_line(&run->feed, at, MADE_DEATH, death, "coroner");
    synth_set_word(w, "manner", d->manner);
    synth_set_word(w, "coroner_conclusion", conclusion_of(d));
    synth_line_end(&run->feed);
}

void synth_followup_write(struct run *run, const struct dossier *d, RecordId death)
{
    put_laboratory(run, d, death);
    put_certificate(run, d, death);
    put_decision(run, d, death);
    put_inquest(run, d, death);
}
