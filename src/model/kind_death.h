/* The report of a death, and two reports of one death.
 * A row is as in struct field: kind, name, type, values, when asked, sensitivity, comparison, unit, label,
 * hint. A new field is one row here and a migration in sql/; a new kind also a line in model/kinds.h. */
#ifndef MODEL_KIND_DEATH_H
#define MODEL_KIND_DEATH_H

/* clang-format off */

/* Seen at the scene, or found afterwards in a result. */
#define INJURY_CODES \
    "none_seen bruising bruising_underarms ligature_mark neck_marks defensive needle_mark blunt sharp " \
    "gunshot burn bite restraint sexual_indicator other"

/* A report of a death: whatever its category, every one is recorded and compared. */
#define DEATH_FIELDS(F, K) \
    F(K, ref, TEXT, "", LATER, PLAIN, "", "", "Force reference", "unique within the force") \
    F(K, force, CODE, "", LATER, PLAIN, "", "", "Force", "") \
    F(K, unit, CODE, "", LATER, PLAIN, "", "", "Unit (district, or the like)", "") \
    F(K, reported_at, TIME, "", SCENE, PLAIN, "", "", \
      "When was it reported?", "first contact with police or the office") \
    F(K, last_seen_alive, SPAN, "", LATER, PLAIN, "time", "", \
      "Last seen or heard from alive", "earliest and latest") \
    F(K, found, SPAN, "", SCENE, PLAIN, "time", "", "When was the person found?", "") \
    F(K, died, SPAN, "", LATER, PLAIN, "time", "", "When did they die?", "range; leave empty when unknown") \
    F(K, pronounced_at, TIME, "", LATER, PLAIN, "", "", "When was life pronounced extinct?", "") \
    F(K, category, CODE, \
      "expected unexpected_not_suspicious unexpected_investigating homicide", LATER, PLAIN, "", "", \
      "First category", "what was first assessed; afterwards the latest classify decision leads") \
    F(K, manner, CODE, "natural accident suicide homicide undetermined pending", LATER, PLAIN, "", "", \
      "Manner of death (certified)", "FHIR MDI codes") \
    F(K, coroner_conclusion, CODE, \
      "none_yet natural_causes accident_misadventure suicide drug_related unlawful_killing " \
      "lawful_killing industrial_disease road_traffic_collision open narrative no_inquest", \
      LATER, PLAIN, "", "", \
      "Conclusion of the inquest", "England and Wales") \
    F(K, priority, CODE, "routine raised urgent critical", LATER, PLAIN, "", "", \
      "Priority", "how it was prioritised and why is a decision") \
    F(K, place, PLACE, "", SCENE, PLAIN, "place", "", \
      "Where was the person found?", "latitude, longitude, radius in metres") \
    F(K, address, ADDRESS, "", SCENE, PERSONAL, "address", "", \
      "Address or description of the place", "flat level where there is one") \
    F(K, postcode, POSTCODE, "", LATER, PLAIN, "", "", "Postcode or district", "") \
    F(K, setting, CODE, \
      "private_home shared_home hostel hotel care_home hospital prison_custody street park_open_space " \
      "woodland churchyard water rail road_vehicle licensed_premises workplace school building_site " \
      "derelict other unknown", SCENE, PLAIN, "setting", "", \
      "What kind of place?", "") \
    F(K, access, CODE, "public shared private unknown", LATER, PLAIN, "access", "", "Who can get in?", "") \
    F(K, deceased_name, NAME, "", SCENE, PERSONAL, "", "", "Name, if known", "") \
    F(K, aliases, NAMES, "", LATER, PERSONAL, "", "", "Other names used", "") \
    F(K, identified, YESNO, "", LATER, PLAIN, "", "", "Formally identified?", "") \
    F(K, dob, DATE, "", LATER, PERSONAL, "", "", "Date of birth", "") \
    F(K, age, NUMBER, "", SCENE, PLAIN, "age", "years", "Age, or best estimate", "") \
    F(K, sex, CODE, "F M X U", SCENE, PLAIN, "sex", "", "Sex", "") \
    F(K, occupation, TEXT, "", LATER, PLAIN, "occupation", "", "Occupation", "") \
    F(K, home_postcode, POSTCODE, "", LATER, PERSONAL, "", "", "Home postcode or district", "") \
    F(K, home_place, PLACE, "", LATER, PERSONAL, "", "", "Where did they live?", "") \
    F(K, housing, CODE, \
      "settled new_to_area hostel rough_sleeping care custody unknown", LATER, PLAIN, "housing", "", \
      "Housing", "") \
    F(K, tie_to_place, CODE, \
      "lives_here lives_near works_near visiting travelling none unknown", LATER, PLAIN, "tie", "", \
      "What ties the person to this place?", "'none' matters: record it") \
    F(K, found_by, CODE, \
      "household family friend neighbour passer_by staff emergency_service police other unknown", \
      SCENE, PLAIN, "found_by", "", \
      "Who found the person?", "the person is recorded as an involvement") \
    F(K, posture, CODE, \
      "supine prone on_side seated_propped seated kneeling curled hanging_full hanging_partial in_bed " \
      "in_bath in_water in_vehicle other unknown", SCENE, PLAIN, "posture", "", \
      "Position of the body", "") \
    F(K, signs_moved, CODE, "yes suspected no unknown", SCENE, PLAIN, "moved", "", \
      "Anything that suggests the body was moved?", "") \
    F(K, clothing, CODES, \
      "normal disturbed removed inside_out wet missing_items other", LATER, PLAIN, "clothing", "", \
      "Clothing", "") \
    F(K, covering, CODE, \
      "none blanket sheet_over sheet_under plastic vegetation bag other", LATER, PLAIN, "covering", "", \
      "Covered or laid on something?", "") \
    F(K, present, CODES, \
      "drug_container syringe drug_paraphernalia alcohol medication note ligature weapon bedding sheet " \
      "bag wallet cash keys phone device vehicle sunglasses other", SCENE, PLAIN, "present", "", \
      "What was there?", "each becomes an exhibit or a note why not") \
    F(K, absent, CODES, \
      "phone wallet cash keys jewellery id_document clothing shoes vehicle medication device other", \
      SCENE, PLAIN, "absent", "", \
      "What would you expect that is not there?", "absence is evidence") \
    F(K, injuries, CODES, INJURY_CODES, SCENE, PLAIN, "injuries", "", "Injuries seen", "") \
    F(K, mechanism, CODE, \
      "overdose poisoning hanging strangulation asphyxia drowning fall blunt sharp gunshot fire " \
      "cold_heat electrocution road rail natural unknown other", LATER, PLAIN, "mechanism", "", \
      "Apparent mechanism", "") \
    F(K, substances, CODES, "@substances", SCENE, PLAIN, "substances", "", \
      "Substances known or suspected", "normalised from the vocabulary; results override") \
    F(K, contact_route, CODES, \
      "dating_app escort_site social_media phone in_person work care none_known unknown", \
      LATER, PLAIN, "contact_route", "", \
      "How had they met whoever they were last with?", "") \
    F(K, contact_site, TEXTS, "", LATER, PLAIN, "contact_site", "", "Name of the site or app", "") \
    F(K, last_contact_name, NAME, "", LATER, PERSONAL, "contact_name", "", \
      "Name or handle of the last contact", "") \
    F(K, account_conflict, CODES, \
      "time_of_death position lividity rigor temperature injury movement identity other", \
      SCENE, PLAIN, "account_conflict", "", \
      "Does any account conflict with the body or the scene?", "each must be answered") \
    F(K, explanation, CODE, \
      "none note witness_account medical_history drug_history mental_health_history accident_account " \
      "other", LATER, PLAIN, "explanation", "", \
      "What is offered as the explanation?", "") \
    F(K, explanation_verified, CODE, "no partly yes", LATER, PLAIN, "", "", \
      "Has the explanation been verified?", "a linked death with an unverified explanation stays open") \
    F(K, cause_1a, TEXT, "", LATER, PLAIN, "", "", "Cause of death 1a", "") \
    F(K, cause_1b, TEXT, "", LATER, PLAIN, "", "", "Cause of death 1b", "") \
    F(K, cause_1c, TEXT, "", LATER, PLAIN, "", "", "Cause of death 1c", "") \
    F(K, cause_2, TEXT, "", LATER, PLAIN, "", "", "Cause of death 2", "") \
    F(K, certifier, REF, "person", LATER, PLAIN, "person", "", "Who certified the cause?", "") \
    F(K, narrative, NARRATIVE, "", SCENE, PERSONAL, "text", "", \
      "What happened and what was seen", "facts, then opinion, marked") \
    F(K, other_refs, REFS, "", LATER, PLAIN, "", "", "References in other systems", "system and number")

/* Two records of one death from two feeds: read together, both kept, undone at will. */
#define SAME_EVENT_FIELDS(F, K) \
    F(K, a, REF, "death", LATER, PLAIN, "", "", "Record", "") \
    F(K, b, REF, "death", LATER, PLAIN, "", "", "Record", "") \
    F(K, by, REF, "officer", LATER, PLAIN, "", "", "By", "") \
    F(K, why, TEXT, "", LATER, PLAIN, "", "", "Why", "")

/* clang-format on */

#endif
