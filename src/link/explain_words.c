/* The phrases of an explanation: one row a code, one row a feature. */
#include "link/explain.h"

/* ---- codes ---------------------------------------------------------------------------------------- */

struct phrase {
    enum feature feature;
    const char *code, *words; /* alone: "seated and propped up" */
    const char *shared;       /* the whole clause, NULL: the feature's lead and the words */
    const char *brief;        /* the same for a headline, NULL: likewise */
};

/* clang-format off */
static const struct phrase PHRASES[] = {
    {FEATURE_SEX, "F", "female", NULL, NULL},
    {FEATURE_SEX, "M", "male", NULL, NULL},
    {FEATURE_SEX, "X", "neither male nor female by record", NULL, NULL},
    {FEATURE_SEX, "U", "of unknown sex", NULL, NULL},
    {FEATURE_ACCESS, "public", "open to everybody", NULL, NULL},
    {FEATURE_ACCESS, "shared", "shared with others", NULL, NULL},
    {FEATURE_ACCESS, "private", "private", NULL, NULL},
    {FEATURE_POSTURE, "supine", "lying on the back", NULL, NULL},
    {FEATURE_POSTURE, "prone", "lying face down", NULL, NULL},
    {FEATURE_POSTURE, "on_side", "lying on the side", NULL, NULL},
    {FEATURE_POSTURE, "seated_propped", "seated and propped up", NULL, NULL},
    {FEATURE_POSTURE, "seated", "seated", NULL, NULL},
    {FEATURE_POSTURE, "kneeling", "kneeling", NULL, NULL},
    {FEATURE_POSTURE, "curled", "curled up", NULL, NULL},
    {FEATURE_POSTURE, "hanging_full", "hanging, feet off the ground", NULL, NULL},
    {FEATURE_POSTURE, "hanging_partial", "hanging, partly held by the ground", NULL, NULL},
    {FEATURE_POSTURE, "in_bed", "in bed", NULL, NULL},
    {FEATURE_POSTURE, "in_bath", "in the bath", NULL, NULL},
    {FEATURE_POSTURE, "in_water", "in water", NULL, NULL},
    {FEATURE_POSTURE, "in_vehicle", "in a vehicle", NULL, NULL},
    {FEATURE_MOVED, "yes", "signs of having been moved", "Both bodies showed signs of having been moved", "both perhaps moved"},
    {FEATURE_MOVED, "suspected", "suspected of having been moved", "Both bodies are suspected of having been moved", "both perhaps moved"},
    {FEATURE_MOVED, "no", "no signs of having been moved", "Neither body showed signs of having been moved", "neither moved"},
    {FEATURE_COVERING, "none", "not covered", "Neither was covered or laid on anything", "neither covered"},
    {FEATURE_COVERING, "blanket", "under a blanket", NULL, NULL},
    {FEATURE_COVERING, "sheet_over", "under a sheet", NULL, NULL},
    {FEATURE_COVERING, "sheet_under", "on top of a sheet", NULL, NULL},
    {FEATURE_COVERING, "plastic", "wrapped or covered in plastic", NULL, NULL},
    {FEATURE_COVERING, "vegetation", "under leaves or branches", NULL, NULL},
    {FEATURE_COVERING, "bag", "in a bag", NULL, NULL},
    {FEATURE_FOUND_BY, "household", "somebody of the household", NULL, NULL},
    {FEATURE_FOUND_BY, "family", "family", NULL, NULL},
    {FEATURE_FOUND_BY, "friend", "a friend", NULL, NULL},
    {FEATURE_FOUND_BY, "neighbour", "a neighbour", NULL, NULL},
    {FEATURE_FOUND_BY, "passer_by", "a passer-by", NULL, NULL},
    {FEATURE_FOUND_BY, "staff", "staff of the place", NULL, NULL},
    {FEATURE_FOUND_BY, "emergency_service", "an emergency service", NULL, NULL},
    {FEATURE_FOUND_BY, "police", "the police", NULL, NULL},
    {FEATURE_TIE, "lives_here", "lived there", NULL, NULL},
    {FEATURE_TIE, "lives_near", "lived nearby", NULL, NULL},
    {FEATURE_TIE, "works_near", "worked nearby", NULL, NULL},
    {FEATURE_TIE, "visiting", "came on a visit", NULL, NULL},
    {FEATURE_TIE, "travelling", "was travelling through", "Both were travelling through", "both travelling through"},
    {FEATURE_TIE, "none", "no known tie to the place", "Neither had a known tie to the place", "neither tied to the place"},
    {FEATURE_EXPLANATION, "none", "none offered", "No explanation was offered for either", "neither explained"},
    {FEATURE_EXPLANATION, "note", "a note", NULL, NULL},
    {FEATURE_EXPLANATION, "witness_account", "the account of a witness", NULL, NULL},
    {FEATURE_EXPLANATION, "medical_history", "the medical history", NULL, NULL},
    {FEATURE_EXPLANATION, "drug_history", "a history of drug use", NULL, NULL},
    {FEATURE_EXPLANATION, "mental_health_history", "a history of poor mental health", NULL, NULL},
    {FEATURE_EXPLANATION, "accident_account", "the account of an accident", NULL, NULL},
    {FEATURE_HOUSING, "settled", "in a settled home", NULL, NULL},
    {FEATURE_HOUSING, "new_to_area", "new to the area", NULL, NULL},
    {FEATURE_HOUSING, "hostel", "living in a hostel", NULL, NULL},
    {FEATURE_HOUSING, "rough_sleeping", "sleeping rough", NULL, NULL},
    {FEATURE_HOUSING, "care", "living in care", NULL, NULL},
    {FEATURE_HOUSING, "custody", "in custody", NULL, NULL},
    {FEATURE_DAY_PART, "night", "between midnight and 6am", NULL, NULL},
    {FEATURE_DAY_PART, "morning", "between 6am and noon", NULL, NULL},
    {FEATURE_DAY_PART, "afternoon", "between noon and 6pm", NULL, NULL},
    {FEATURE_DAY_PART, "evening", "between 6pm and midnight", NULL, NULL},
    {FEATURE_WEEKDAY, "monday", "on a Monday", NULL, NULL},
    {FEATURE_WEEKDAY, "tuesday", "on a Tuesday", NULL, NULL},
    {FEATURE_WEEKDAY, "wednesday", "on a Wednesday", NULL, NULL},
    {FEATURE_WEEKDAY, "thursday", "on a Thursday", NULL, NULL},
    {FEATURE_WEEKDAY, "friday", "on a Friday", NULL, NULL},
    {FEATURE_WEEKDAY, "saturday", "on a Saturday", NULL, NULL},
    {FEATURE_WEEKDAY, "sunday", "on a Sunday", NULL, NULL},
    {FEATURE_PRESENT, "drug_container", "a container for a drug", NULL, NULL},
    {FEATURE_PRESENT, "syringe", "a syringe", NULL, NULL},
    {FEATURE_PRESENT, "drug_paraphernalia", "things used for taking drugs", NULL, NULL},
    {FEATURE_PRESENT, "alcohol", "alcohol", NULL, NULL},
    {FEATURE_PRESENT, "medication", "medication", NULL, NULL},
    {FEATURE_PRESENT, "note", "a note", NULL, NULL},
    {FEATURE_PRESENT, "ligature", "a ligature", NULL, NULL},
    {FEATURE_PRESENT, "weapon", "a weapon", NULL, NULL},
    {FEATURE_PRESENT, "bedding", "bedding", NULL, NULL},
    {FEATURE_PRESENT, "sheet", "a sheet", NULL, NULL},
    {FEATURE_PRESENT, "bag", "a bag", NULL, NULL},
    {FEATURE_PRESENT, "wallet", "a wallet", NULL, NULL},
    {FEATURE_PRESENT, "cash", "cash", NULL, NULL},
    {FEATURE_PRESENT, "keys", "keys", NULL, NULL},
    {FEATURE_PRESENT, "phone", "a phone", NULL, NULL},
    {FEATURE_PRESENT, "device", "another device", NULL, NULL},
    {FEATURE_PRESENT, "vehicle", "a vehicle", NULL, NULL},
    {FEATURE_PRESENT, "sunglasses", "sunglasses", NULL, NULL},
    {FEATURE_ABSENT, "phone", "a phone", NULL, NULL},
    {FEATURE_ABSENT, "wallet", "a wallet", NULL, NULL},
    {FEATURE_ABSENT, "cash", "cash", NULL, NULL},
    {FEATURE_ABSENT, "keys", "keys", NULL, NULL},
    {FEATURE_ABSENT, "jewellery", "jewellery", NULL, NULL},
    {FEATURE_ABSENT, "id_document", "a document of identity", NULL, NULL},
    {FEATURE_ABSENT, "clothing", "clothing", NULL, NULL},
    {FEATURE_ABSENT, "shoes", "shoes", NULL, NULL},
    {FEATURE_ABSENT, "vehicle", "a vehicle", NULL, NULL},
    {FEATURE_ABSENT, "medication", "medication", NULL, NULL},
    {FEATURE_ABSENT, "device", "another device", NULL, NULL},
    {FEATURE_CLOTHING, "normal", "in order", NULL, NULL},
    {FEATURE_CLOTHING, "disturbed", "disturbed", NULL, NULL},
    {FEATURE_CLOTHING, "removed", "taken off", NULL, NULL},
    {FEATURE_CLOTHING, "inside_out", "inside out", NULL, NULL},
    {FEATURE_CLOTHING, "wet", "wet", NULL, NULL},
    {FEATURE_CLOTHING, "missing_items", "not complete", NULL, NULL},
    {FEATURE_INJURIES, "bruising", "bruises", NULL, NULL},
    {FEATURE_INJURIES, "bruising_underarms", "bruises under the arms", NULL, NULL},
    {FEATURE_INJURIES, "ligature_mark", "the mark of a ligature", NULL, NULL},
    {FEATURE_INJURIES, "neck_marks", "marks on the neck", NULL, NULL},
    {FEATURE_INJURIES, "defensive", "injuries of self-defence", NULL, NULL},
    {FEATURE_INJURIES, "needle_mark", "the mark of a needle", NULL, NULL},
    {FEATURE_INJURIES, "blunt", "injuries by blunt force", NULL, NULL},
    {FEATURE_INJURIES, "sharp", "injuries by something sharp", NULL, NULL},
    {FEATURE_INJURIES, "gunshot", "gunshot injuries", NULL, NULL},
    {FEATURE_INJURIES, "burn", "burns", NULL, NULL},
    {FEATURE_INJURIES, "bite", "bite marks", NULL, NULL},
    {FEATURE_INJURIES, "restraint", "marks of restraint", NULL, NULL},
    {FEATURE_INJURIES, "sexual_indicator", "signs that point to sexual contact", NULL, NULL},
    {FEATURE_CONFLICT, "time_of_death", "the time of death", NULL, NULL},
    {FEATURE_CONFLICT, "position", "the position of the body", NULL, NULL},
    {FEATURE_CONFLICT, "lividity", "the lividity", NULL, NULL},
    {FEATURE_CONFLICT, "rigor", "the stiffness of the body", NULL, NULL},
    {FEATURE_CONFLICT, "temperature", "the temperature of the body", NULL, NULL},
    {FEATURE_CONFLICT, "injury", "the injuries", NULL, NULL},
    {FEATURE_CONFLICT, "movement", "signs of movement", NULL, NULL},
    {FEATURE_CONFLICT, "identity", "who the person was", NULL, NULL},
    {FEATURE_ROUTE, "dating_app", "a dating app", NULL, NULL},
    {FEATURE_ROUTE, "escort_site", "an escort site", NULL, NULL},
    {FEATURE_ROUTE, "social_media", "social media", NULL, NULL},
    {FEATURE_ROUTE, "phone", "the telephone", NULL, NULL},
    {FEATURE_ROUTE, "in_person", "meeting in person", NULL, NULL},
    {FEATURE_ROUTE, "work", "work", NULL, NULL},
    {FEATURE_ROUTE, "care", "care", NULL, NULL},
    {FEATURE_SETTING, "private_home", "in a private home", NULL, NULL},
    {FEATURE_SETTING, "shared_home", "in a shared home", NULL, NULL},
    {FEATURE_SETTING, "hostel", "in a hostel", NULL, NULL},
    {FEATURE_SETTING, "hotel", "in a hotel", NULL, NULL},
    {FEATURE_SETTING, "care_home", "in a care home", NULL, NULL},
    {FEATURE_SETTING, "hospital", "in a hospital", NULL, NULL},
    {FEATURE_SETTING, "prison_custody", "in prison or custody", NULL, NULL},
    {FEATURE_SETTING, "street", "in the street", NULL, NULL},
    {FEATURE_SETTING, "park_open_space", "in a park or open space", NULL, NULL},
    {FEATURE_SETTING, "woodland", "in woodland", NULL, NULL},
    {FEATURE_SETTING, "churchyard", "in a churchyard", NULL, NULL},
    {FEATURE_SETTING, "water", "in or by water", NULL, NULL},
    {FEATURE_SETTING, "rail", "on or by a railway", NULL, NULL},
    {FEATURE_SETTING, "road_vehicle", "in a vehicle on the road", NULL, NULL},
    {FEATURE_SETTING, "licensed_premises", "in a pub, bar or club", NULL, NULL},
    {FEATURE_SETTING, "workplace", "at a place of work", NULL, NULL},
    {FEATURE_SETTING, "school", "at a school", NULL, NULL},
    {FEATURE_SETTING, "building_site", "on a building site", NULL, NULL},
    {FEATURE_SETTING, "derelict", "in a derelict place", NULL, NULL},
    {FEATURE_MECHANISM, "overdose", "an overdose", NULL, "both overdoses"},
    {FEATURE_MECHANISM, "poisoning", "a poisoning", NULL, "both poisonings"},
    {FEATURE_MECHANISM, "hanging", "a hanging", NULL, "both hangings"},
    {FEATURE_MECHANISM, "strangulation", "a strangulation", NULL, "both strangulations"},
    {FEATURE_MECHANISM, "asphyxia", "a death from lack of air", NULL, "both from lack of air"},
    {FEATURE_MECHANISM, "drowning", "a drowning", NULL, "both drownings"},
    {FEATURE_MECHANISM, "fall", "a fall", NULL, "both falls"},
    {FEATURE_MECHANISM, "blunt", "a death by blunt force", NULL, "both by blunt force"},
    {FEATURE_MECHANISM, "sharp", "a death by something sharp", NULL, "both by something sharp"},
    {FEATURE_MECHANISM, "gunshot", "a gunshot", NULL, "both by gunshot"},
    {FEATURE_MECHANISM, "fire", "a death by fire", NULL, "both by fire"},
    {FEATURE_MECHANISM, "cold_heat", "a death by cold or heat", NULL, "both by cold or heat"},
    {FEATURE_MECHANISM, "electrocution", "a death by electric current", NULL, "both by electric current"},
    {FEATURE_MECHANISM, "road", "a road death", NULL, "both on the road"},
    {FEATURE_MECHANISM, "rail", "a death on the railway", NULL, "both on the railway"},
    {FEATURE_MECHANISM, "natural", "a natural death", NULL, "both natural by appearance"},
};

/* The same word in the plural, for the group that is compared with. */
struct group_word {
    const char *code, *words;
};
static const struct group_word MECHANISM_GROUPS[] = {
    {"overdose", "overdoses"}, {"poisoning", "poisonings"}, {"hanging", "hangings"},
    {"strangulation", "strangulations"}, {"asphyxia", "deaths from lack of air"}, {"drowning", "drownings"},
    {"fall", "falls"}, {"blunt", "deaths by blunt force"}, {"sharp", "deaths by something sharp"},
    {"gunshot", "deaths by gunshot"}, {"fire", "deaths by fire"}, {"cold_heat", "deaths by cold or heat"},
    {"electrocution", "deaths by electric current"}, {"road", "road deaths"}, {"rail", "deaths on the railway"},
    {"natural", "natural deaths"},
};

/* The groups of policy/settings.tsv. */
static const struct group_word SETTING_GROUPS[] = {
    {"@home", "in homes"}, {"@lodging", "in hostels or hotels"}, {"@care", "in places of care"},
    {"@custody", "in custody"}, {"@open_air", "in the open air"}, {"@water", "in or by water"},
    {"@transport", "on road or rail"}, {"@premises", "on public or business premises"},
};

/* ---- features ------------------------------------------------------------------------------------- */

/* worth: how far an answer, once asked for, can move the weight. */
struct feature_words {
    enum feature feature;
    const char *lead, *brief; /* before the words of the value; "" in brief: not for headlines */
    const char *so;
    int worth;
    bool incident, quoted;
};
/* ORDER feature.h */
static const struct feature_words WORDS[FEATURE_COUNT] = {
    {FEATURE_SEX, "Both were ", "both ", "so were", 1, false, false},
    {FEATURE_ACCESS, "Both places were ", "", "so were the places of", 2, false, false},
    {FEATURE_POSTURE, "Both were found ", "both found ", "so were", 18, false, false},
    {FEATURE_MOVED, "Signs of having been moved: ", "", "the same goes for", 14, false, false},
    {FEATURE_COVERING, "Both were found ", "both ", "so were", 12, false, false},
    {FEATURE_FOUND_BY, "Both were found by ", "both found by ", "so were", 8, false, false},
    {FEATURE_TIE, "Both ", "both ", "the same goes for", 13, false, false},
    {FEATURE_EXPLANATION, "The explanation offered for both is ", "both explained by ", "the same goes for", 10, false, false},
    {FEATURE_HOUSING, "Both were ", "both ", "so were", 5, false, false},
    {FEATURE_OCCUPATION, "Both had the same occupation, ", "both of the occupation ", "so had", 6, false, true},
    {FEATURE_DAY_PART, "Both were found ", "both ", "so were", 4, false, false},
    {FEATURE_WEEKDAY, "Both were found ", "both ", "so were", 3, false, false},
    {FEATURE_PRESENT, "Found at both scenes: ", "both with ", "the same goes for", 17, false, false},
    {FEATURE_ABSENT, "Missing from both scenes: ", "both without ", "the same goes for", 22, false, false},
    {FEATURE_CLOTHING, "The clothing of both was ", "both with clothing ", "so was that of", 11, false, false},
    {FEATURE_INJURIES, "Both had ", "both with ", "so had", 15, false, false},
    {FEATURE_CONFLICT, "In both, an account does not fit ", "both accounts at odds with ", "the same goes for", 9, false, false},
    {FEATURE_ROUTE, "Both met their last contact through ", "both last contacts through ", "so did", 19, false, false},
    {FEATURE_SUBSTANCES, "Known or suspected in both: ", "both ", "the same goes for", 21, true, false},
    {FEATURE_SITE, "Both used the same site or app, ", "both on ", "so did", 20, false, true},
    {FEATURE_TEXT, "Both accounts say ", "both accounts say ", "the same goes for", 7, true, true},
    {FEATURE_MECHANISM, "Each looks like ", "both ", "so do", 16, false, false},
    {FEATURE_SETTING, "Both were found ", "both ", "so were", 15, false, false},
    {FEATURE_AGE, "They were of nearly the same age", "of nearly the same age", "", 5, false, false},
    {FEATURE_TIME, "They were found close together in time", "close in time", "", 23, true, false},
    {FEATURE_PLACE, "They were found close together", "close together", "", 24, true, false},
    {FEATURE_ADDRESS, "They were found at the same address", "at the same address", "", 0, true, false},
    {FEATURE_IDENTIFIER, "The same person or number occurs in both", "", "", 0, true, false},
};

static const struct group_word IDENTIFIER_TYPES[] = {
    {"name", "name"},
    {"name_like", "nearly the same name"},
    {"handle_like", "nearly the same handle"},
    {"phone_like", "nearly the same telephone number"},
    {"phone", "telephone number"}, {"email", "e-mail address"}, {"handle", "screen name"},
    {"account", "account"}, {"address", "address"}, {"vehicle", "vehicle"}, {"device", "device"},
    {"imei", "handset number"}, {"ip", "internet address"}, {"dna", "DNA profile"},
    {"fingerprint", "fingerprint"}, {"document", "document"}, {"person", "person"},
};

/* Roles as they are said in a sentence, where the policy has no label. */
static const struct group_word ROLES[] = {
    {"deceased", "the person who died"}, {"finder", "the finder"}, {"caller", "the caller"},
    {"witness", "a witness"}, {"last_seen_with", "the person last seen with them"}, {"occupant", "the occupant"},
    {"keyholder", "a keyholder"}, {"partner", "the partner"}, {"former_partner", "a former partner"},
    {"next_of_kin", "next of kin"}, {"family", "family"}, {"friend", "a friend"}, {"neighbour", "a neighbour"},
    {"employer", "the employer"}, {"carer", "a carer"}, {"certifier", "the certifier"},
    {"pathologist", "the pathologist"}, {"accused", "the accused"}, {"suspect", "a suspect"},
    {"interviewed", "a person interviewed"}, {"defendant", "the defendant"}, {"released", "the person released"},
    {"present", "a person who was there"}, {"seen", "a person who was seen"}, {"missing", "the missing person"},
    {"subject", "the subject"}, {"contact", "the last contact"}, {"informant", "the informant"},
    {"own", "the holder's own"}, {"destination", "the destination"}, {"used", "used there"},
    {"found_with", "found with the body"}, {"scene", "the place itself"},
};
/* clang-format on */

static const char *word_in(const struct group_word *list, size_t count, Str code)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(code, str_of(list[i].code))) return list[i].words;
    return NULL;
}

static const struct phrase *phrase_of(enum feature f, Str code)
{
    for (size_t i = 0; i < COUNT_OF(PHRASES); i++)
        if (PHRASES[i].feature == f && str_eq(code, str_of(PHRASES[i].code))) return &PHRASES[i];
    return NULL;
}

static const struct feature_words *words_of(enum feature f)
{
    MUST((unsigned)f < FEATURE_COUNT && WORDS[f].feature == f);
    return &WORDS[f];
}

/* "@open_air" -> "open air" */
static void add_humanised(struct buf *out, Str code)
{
    for (size_t i = 0; i < code.len; i++)
        if (code.ptr[i] != '@') buf_add_char(out, code.ptr[i] == '_' ? ' ' : code.ptr[i]);
}

/* The policy's label of a substance, without what it adds in brackets: "GHB", not "GHB
 * (gamma-hydroxybutyrate)". */
static void add_substance(struct buf *out, const struct policy *policy, Str code)
{
    const struct vocabulary *v = policy ? policy->substances : NULL;
    if (!v || !vocabulary_has(v, code)) {
        add_humanised(out, code);
        return;
    }
    Str label = vocabulary_label(v, code);
    size_t bracket = str_find(label, S(" ("));
    buf_add(out, bracket == STR_NPOS || bracket == 0 ? label : str_slice(label, 0, bracket));
}

bool explain_has_words(enum feature f, Str code)
{
    return phrase_of(f, code) != NULL;
}

void explain_value(struct buf *out, const struct policy *policy, enum feature f, Str value)
{
    const struct phrase *p = phrase_of(f, value);
    if (!str_present(value)) {
        buf_add_cstr(out, "not recorded");
    } else if (p) {
        buf_add_cstr(out, p->words);
    } else if (f == FEATURE_SUBSTANCES) {
        add_substance(out, policy, value);
    } else if (words_of(f)->quoted) {
        buf_addf(out, "“%.*s”", STR_ARG(value));
    } else {
        add_humanised(out, value);
    }
}

void explain_shared(struct buf *out, const struct policy *policy, enum feature f, Str value)
{
    const struct phrase *p = phrase_of(f, value);
    if (p && p->shared) {
        buf_add_cstr(out, p->shared);
        return;
    }
    buf_add_cstr(out, words_of(f)->lead);
    if (str_present(value) && f < FEATURE_AGE) explain_value(out, policy, f, value);
}

void explain_shared_brief(struct buf *out, const struct policy *policy, enum feature f, Str value)
{
    const struct phrase *p = phrase_of(f, value);
    const char *lead = words_of(f)->brief;
    if (p && p->brief) {
        buf_add_cstr(out, p->brief);
    } else if (lead[0] != '\0') {
        buf_add_cstr(out, lead);
        if (str_present(value) && f < FEATURE_AGE) explain_value(out, policy, f, value);
    }
}

const char *explain_so(enum feature f)
{
    return words_of(f)->so;
}

int explain_worth(enum feature f)
{
    return words_of(f)->worth;
}

bool explain_incident_has(enum feature f)
{
    return words_of(f)->incident;
}

static bool level_has_setting(enum node_level level)
{
    return level == NODE_SETTING || level == NODE_SETTING_ALONE;
}

static bool level_has_mechanism(enum node_level level)
{
    return level == NODE_MECHANISM || level == NODE_SETTING_GROUP || level == NODE_SETTING;
}

void explain_setting_group(struct buf *out, const struct pair_evidence *ev)
{
    const char *group = str_present(ev->setting_group)
                            ? word_in(SETTING_GROUPS, COUNT_OF(SETTING_GROUPS), ev->setting_group)
                            : NULL;
    buf_add_cstr(out, group ? group : "in places of one kind");
}

void explain_group(struct buf *out, const struct pair_evidence *ev, enum node_level level)
{
    if (level == NODE_ALL) {
        buf_add_cstr(out, "all deaths and incidents");
        return;
    }
    const char *deaths = NULL;
    if (level_has_mechanism(level))
        deaths = word_in(MECHANISM_GROUPS, COUNT_OF(MECHANISM_GROUPS), ev->mechanism);
    if (deaths) {
        buf_add_cstr(out, deaths);
    } else if (level_has_mechanism(level)) {
        buf_add_cstr(out, "deaths recorded as ");
        add_humanised(out, ev->mechanism);
    } else {
        buf_add_cstr(out, "deaths");
    }
    const struct phrase *where = phrase_of(FEATURE_SETTING, ev->setting);
    if (level_has_setting(level) && where) {
        buf_addf(out, " %s", where->words);
    } else if (level_has_setting(level) && str_present(ev->setting)) {
        buf_add_cstr(out, " in a place recorded as ");
        add_humanised(out, ev->setting);
    } else if (level != NODE_MECHANISM && str_present(ev->setting_group)) {
        const char *group = word_in(SETTING_GROUPS, COUNT_OF(SETTING_GROUPS), ev->setting_group);
        buf_addf(out, " %s", group ? group : "in places of one kind, ");
        if (!group) add_humanised(out, ev->setting_group);
    }
}

void explain_role(struct buf *out, const struct policy *policy, Str role)
{
    const char *words = word_in(ROLES, COUNT_OF(ROLES), role);
    if (policy && policy->roles && vocabulary_has(policy->roles, role))
        buf_add(out, vocabulary_label(policy->roles, role));
    else if (words)
        buf_add_cstr(out, words);
    else
        add_humanised(out, role);
}

const char *explain_identifier_type(Str type)
{
    const char *words = word_in(IDENTIFIER_TYPES, COUNT_OF(IDENTIFIER_TYPES), type);
    return words ? words : "identifier";
}
