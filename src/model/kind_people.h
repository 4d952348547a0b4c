/* People, what identifies them, and the part they play.
 * A row is as in struct field: kind, name, type, values, when asked, sensitivity, comparison, unit, label,
 * hint. A new field is one row here and a migration in sql/; a new kind also a line in model/kinds.h. */
#ifndef MODEL_KIND_PEOPLE_H
#define MODEL_KIND_PEOPLE_H

/* clang-format off */

/* Anybody named: the dead, finders, callers, family, witnesses, officers of other bodies. */
#define PERSON_FIELDS(F, K) \
    F(K, name, NAME, "", LATER, PERSONAL, "", "", "Name", "") \
    F(K, aliases, NAMES, "", LATER, PERSONAL, "", "", "Other names", "") \
    F(K, dob, DATE, "", LATER, PERSONAL, "", "", "Date of birth (year, month or day precision)", "") \
    F(K, sex, CODE, "F M X U", LATER, PLAIN, "", "", "Sex", "") \
    F(K, addresses, ADDRESSES, "", LATER, PERSONAL, "identifier", "", "Addresses", "") \
    F(K, note, NARRATIVE, "", LATER, PERSONAL, "", "", "Note", "")

/* A person's part in an event (a death or an incident), since when and on whose word. */
#define INVOLVEMENT_FIELDS(F, K) \
    F(K, event, REF, "death|incident", LATER, PLAIN, "", "", "Event", "") \
    F(K, person, REF, "person", LATER, PLAIN, "person", "", "Person", "") \
    F(K, since, TIME, "", LATER, PLAIN, "", "", "Since when", "") \
    F(K, on_word_of, TEXT, "", LATER, PERSONAL, "", "", "On whose word", "") \
    F(K, role, CODE, \
      "deceased finder caller witness last_seen_with occupant keyholder partner former_partner " \
      "next_of_kin family friend neighbour employer carer certifier pathologist accused suspect " \
      "interviewed defendant released present seen missing subject contact informant", \
      LATER, PLAIN, "", "", \
      "Role", "")

/* A value that can recur, such as a telephone number: the strongest links come from these. */
#define IDENTIFIER_FIELDS(F, K) \
    F(K, type, CODE, \
      "phone email handle account address vehicle device imei ip dna fingerprint document other", \
      LATER, PLAIN, "", "", \
      "Type", "") \
    F(K, value, IDENTIFIER, "", LATER, PERSONAL, "identifier", "", \
      "Value", "stored as given and normalised (E.164, upper-case, flat-level address)") \
    F(K, holder, REF, "person|death|incident|exhibit", LATER, PLAIN, "", "", "Belongs to", "") \
    F(K, role, CODE, "own caller destination contact used found_with", LATER, PLAIN, "", "", \
      "In what capacity", "")

/* A member of staff, or of another body, who acts on a death. */
#define OFFICER_FIELDS(F, K) \
    F(K, name, NAME, "", LATER, PERSONAL, "", "", "Name", "") \
    F(K, number, TEXT, "", LATER, PERSONAL, "", "", "Number", "") \
    F(K, rank, CODE, \
      "constable detective_constable sergeant detective_sergeant inspector detective_inspector " \
      "chief_inspector detective_chief_inspector superintendent staff coroner_officer medical_examiner " \
      "other", LATER, PLAIN, "", "", \
      "Rank or grade", "") \
    F(K, unit, CODE, "", LATER, PLAIN, "", "", "Unit", "") \
    F(K, service_start, DATE, "", LATER, PLAIN, "", "", "In service since", "") \
    F(K, courses, DATED, "", LATER, PLAIN, "", "", "Courses passed, with dates and expiry", "")

/* A command unit, district, office or team. */
#define UNIT_FIELDS(F, K) \
    F(K, name, TEXT, "", LATER, PLAIN, "", "", "Name", "") \
    F(K, boroughs, TEXTS, "", LATER, PLAIN, "", "", "Boroughs or districts", "") \
    F(K, parent, REF, "unit", LATER, PLAIN, "", "", "Part of", "") \
    F(K, kind, CODE, \
      "response detective homicide intelligence exhibits store laboratory coroner_office " \
      "professional_standards inspectorate other", LATER, PLAIN, "", "", \
      "Kind", "")

/* Held apart, for equality reports only: never in a link, never shown with the record. */
#define CHARACTERISTICS_FIELDS(F, K) \
    F(K, person, REF, "person", LATER, RESTRICTED, "", "", "Person", "") \
    F(K, ethnicity, CODE, "", LATER, RESTRICTED, "", "", "Ethnicity", "") \
    F(K, nationality, TEXT, "", LATER, RESTRICTED, "", "", "Nationality", "") \
    F(K, orientation, CODE, "", LATER, RESTRICTED, "", "", "Sexual orientation", "") \
    F(K, gender_identity, CODE, "", LATER, RESTRICTED, "", "", "Gender identity", "") \
    F(K, religion, CODE, "", LATER, RESTRICTED, "", "", "Religion or belief", "") \
    F(K, disability, CODE, "", LATER, RESTRICTED, "", "", "Disability", "") \
    F(K, source, TEXT, "", LATER, RESTRICTED, "", "", "Who said so", "")

/* clang-format on */

#endif
