/* What was found, said and examined, and the events around a death.
 * A row is as in struct field: kind, name, type, values, when asked, sensitivity, comparison, unit, label,
 * hint. A new field is one row here and a migration in sql/; a new kind also a line in model/kinds.h. */
#ifndef MODEL_KIND_EVIDENCE_H
#define MODEL_KIND_EVIDENCE_H

/* clang-format off */

/* What can be examined: asked for in a submission, named again in its result. */
#define TEST_CODES \
    "toxicology toxicology_extended dna fingerprint handwriting device phone pm_standard pm_forensic " \
    "histology other"

/* An event that is not a death: what came before or beside it. */
#define INCIDENT_FIELDS(F, K) \
    F(K, type, CODE, \
      "missing_person allegation crime intelligence emergency_call interview custody court release " \
      "sighting information media near_miss other", LATER, PLAIN, "", "", \
      "Type", "") \
    F(K, at, SPAN, "", LATER, PLAIN, "time", "", "When", "") \
    F(K, place, PLACE, "", LATER, PLAIN, "place", "", "Where", "") \
    F(K, address, ADDRESS, "", LATER, PERSONAL, "address", "", "Address", "") \
    F(K, source_force, TEXT, "", LATER, PLAIN, "", "", "From which force or body", "") \
    F(K, substances, CODES, "@substances", LATER, PLAIN, "substances", "", "Substances", "") \
    F(K, narrative, NARRATIVE, "", LATER, PERSONAL, "text", "", "What", "")

/* An item seized, or property held. */
#define EXHIBIT_FIELDS(F, K) \
    F(K, death, REF, "death", LATER, PLAIN, "", "", "Death", "") \
    F(K, ref, TEXT, "", LATER, PLAIN, "", "", "Exhibit reference", "initials/number") \
    F(K, description, TEXT, "", LATER, PERSONAL, "", "", "Description", "") \
    F(K, item, CODE, \
      "document device phone drug medication container textile clothing weapon ligature cash jewellery " \
      "key vehicle biological other", LATER, PLAIN, "", "", \
      "Kind", "") \
    F(K, seal, TEXT, "", LATER, PLAIN, "", "", "Seal number", "") \
    F(K, found_where, TEXT, "", LATER, PLAIN, "", "", "Where found", "") \
    F(K, found_by, REF, "person", LATER, PLAIN, "", "", "Found by", "") \
    F(K, found_at, TIME, "", LATER, PLAIN, "", "", "When found", "") \
    F(K, packaging, CODE, "bag tube box paper container none other", LATER, PLAIN, "", "", "Packaging", "") \
    F(K, quantity, TEXT, "", LATER, PLAIN, "", "", "Quantity or count", "cash: counted by two") \
    F(K, state, CODE, "seized held in_transit at_lab returned disposed missing", LATER, PLAIN, "", "", \
      "State", "") \
    F(K, listed_by, CODE, \
      "scene_search mortuary family station_property laboratory", LATER, PLAIN, "", "", \
      "On which list", "the lists are compared: what is on one and not on another is a discrepancy")

/* One hand-over of an exhibit: at any time it has exactly one holder (assure/custody.h). */
#define MOVEMENT_FIELDS(F, K) \
    F(K, exhibit, REF, "exhibit", LATER, PLAIN, "", "", "Exhibit", "") \
    F(K, from, REF, "any", LATER, PLAIN, "", "", "From", "") \
    F(K, to, REF, "any", LATER, PLAIN, "", "", "To", "") \
    F(K, at, TIME, "", LATER, PLAIN, "", "", "When", "") \
    F(K, seal_seen, TEXT, "", LATER, PLAIN, "", "", "Seal number read by the receiver", "") \
    F(K, why, TEXT, "", LATER, PLAIN, "", "", "Why", "") \
    F(K, type, CODE, "booked sealed hand_over return dispose missing found", LATER, PLAIN, "", "", \
      "What happened", "hand_over when nothing is said") \
    F(K, by, REF, "officer", LATER, PLAIN, "", "", "Handed over by", "") \
    F(K, confirmed_at, TIME, "", LATER, PLAIN, "", "", "Receiver confirmed", "") \
    F(K, confirmed_by, REF, "officer", LATER, PLAIN, "", "", "Confirmed by", "") \
    F(K, ended_at, TIME, "", LATER, PLAIN, "", "", "Taken back or not accepted", "")

/* A search of a person, a body or premises, also when nothing was found. */
#define SEARCH_FIELDS(F, K) \
    F(K, death, REF, "death", LATER, PLAIN, "", "", "Death", "") \
    F(K, of, CODE, "body clothing premises vehicle bag area", LATER, PLAIN, "", "", "Of what", "") \
    F(K, by, REF, "officer", LATER, PLAIN, "", "", "By", "") \
    F(K, witnessed_by, REF, "officer", LATER, PLAIN, "", "", "Witnessed by", "") \
    F(K, at, TIME, "", LATER, PLAIN, "", "", "When", "") \
    F(K, result, NARRATIVE, "", LATER, PERSONAL, "", "", "Result", "") \
    F(K, nothing_found, YESNO, "", LATER, PLAIN, "", "", "Nothing found?", "")

/* How the scene was managed, and why it was released. */
#define SCENE_FIELDS(F, K) \
    F(K, death, REF, "death", LATER, PLAIN, "", "", "Death", "") \
    F(K, cordon_from, TIME, "", LATER, PLAIN, "", "", "Cordon from", "") \
    F(K, log_kept_by, REF, "officer", LATER, PLAIN, "", "", "Log kept by", "") \
    F(K, photographed, YESNO, "", LATER, PLAIN, "", "", "Photographed?", "") \
    F(K, examined_by, TEXT, "", LATER, PERSONAL, "", "", "Examined by (crime scene manager)", "") \
    F(K, released_at, TIME, "", LATER, PLAIN, "", "", "Released", "") \
    F(K, released_by, REF, "officer", LATER, PLAIN, "", "", "Released on whose authority", "") \
    F(K, release_reason, NARRATIVE, "", LATER, PERSONAL, "", "", "Why it was safe to release", "")

/* A request to a laboratory or an examiner. */
#define SUBMISSION_FIELDS(F, K) \
    F(K, death, REF, "death", LATER, PLAIN, "", "", "Death", "") \
    F(K, exhibits, REFS, "exhibit", LATER, PLAIN, "", "", "Exhibits", "") \
    F(K, test, CODE, TEST_CODES, LATER, PLAIN, "", "", "Examination", "") \
    F(K, asked_at, TIME, "", LATER, PLAIN, "", "", "Asked", "") \
    F(K, due_at, TIME, "", LATER, PLAIN, "", "", "Due", "") \
    F(K, state, CODE, "asked accepted refused done cancelled", LATER, PLAIN, "", "", "State", "") \
    F(K, refusal, TEXT, "", LATER, PERSONAL, "", "", "Refused by whom and why", "")

/* What came back from a laboratory or an examiner. */
#define RESULT_FIELDS(F, K) \
    F(K, death, REF, "death", LATER, PLAIN, "", "", "Death", "") \
    F(K, submission, REF, "submission", LATER, PLAIN, "", "", "Submission", "") \
    F(K, test, CODE, TEST_CODES, LATER, PLAIN, "", "", "Examination", "") \
    F(K, finding, CODES, INJURY_CODES, LATER, PLAIN, "", "", "Findings, coded", "") \
    F(K, substances, LEVELS, "", LATER, PLAIN, "", "", "Substances with levels", "name, mg/L, specimen") \
    F(K, advises, TEXT, "", LATER, PLAIN, "", "", "Advises further examination", "") \
    F(K, text, NARRATIVE, "", LATER, PERSONAL, "", "", "Report", "") \
    F(K, read_by, REF, "officer", LATER, PLAIN, "", "", "Read by", "") \
    F(K, acted_on, TEXT, "", LATER, PLAIN, "", "", "What was done about it", "")

/* What a witness said. */
#define STATEMENT_FIELDS(F, K) \
    F(K, death, REF, "death", LATER, PLAIN, "", "", "Death", "") \
    F(K, type, CODE, \
      "first_account body_worn_video signed_statement interview note_of_call", LATER, PLAIN, "", "", \
      "Type", "") \
    F(K, person, REF, "person", LATER, PLAIN, "", "", "By", "") \
    F(K, taken_by, REF, "officer", LATER, PLAIN, "", "", "Taken by", "") \
    F(K, taken_at, TIME, "", LATER, PLAIN, "", "", "When", "") \
    F(K, text, NARRATIVE, "", LATER, PERSONAL, "", "", "Statement", "") \
    F(K, covers, CODES, "@substances", LATER, PLAIN, "", "", "Covers", "")

/* clang-format on */

#endif
