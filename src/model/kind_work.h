/* What was decided, done, asked and answered.
 * A row is as in struct field: kind, name, type, values, when asked, sensitivity, comparison, unit, label,
 * hint. A new field is one row here and a migration in sql/; a new kind also a line in model/kinds.h. */
#ifndef MODEL_KIND_WORK_H
#define MODEL_KIND_WORK_H

/* clang-format off */

/* A judgement with its reasons: by whom, approved by whom, on what was known then. */
#define DECISION_FIELDS(F, K) \
    F(K, death, REF, "death", LATER, PLAIN, "", "", "Death", "") \
    F(K, type, CODE, \
      "classify propose prioritise request_specialist specialist_accepts specialist_declines release_scene " \
      "inquest_conclusion close reopen not_needed link answer", LATER, PLAIN, "", "", \
      "Type", "propose: a lower category, which holds once another person has approved it and made it " \
      "classify; link: on a suggested link; answer: to what a check asks") \
    F(K, to, CODE, "", LATER, PLAIN, "", "", "New category or outcome", \
      "not_needed: the check's name; link: linked, needs_work or not_linked; answer: what is answered, " \
      "not_agreed to a request for a second person") \
    F(K, decided_at, TIME, "", LATER, PLAIN, "", "", "When", "") \
    F(K, by, REF, "officer", LATER, PLAIN, "", "", "By", "") \
    F(K, by_role, TEXT, "", LATER, PLAIN, "", "", "Role and rank at the time", "") \
    F(K, approved_by, REF, "officer", LATER, PLAIN, "", "", "Approved by (another person)", "") \
    F(K, on, REF, "link", LATER, PLAIN, "", "", "Suggested link it answers", "") \
    F(K, why, CODE, \
      "chance common explained different_people wrong_record same_event other", LATER, PLAIN, "", "", \
      "Why not linked", \
      "common: what is shared is common there; explained: each death is explained, and that was verified; " \
      "same_event: two records of one event") \
    F(K, owner, REF, "officer", LATER, PLAIN, "", "", "Who does what is still needed", "") \
    F(K, due_at, TIME, "", LATER, PLAIN, "", "", "By when", "") \
    F(K, relied_on, REFS, "any", LATER, PLAIN, "", "", "What it rested on", "") \
    F(K, rationale, NARRATIVE, "", LATER, PERSONAL, "", "", "Rationale", "")

/* Who was told, asked and attended, when and in what capacity. */
#define ATTENDANCE_FIELDS(F, K) \
    F(K, death, REF, "death", LATER, PLAIN, "", "", "Death", "") \
    F(K, officer, REF, "officer", LATER, PLAIN, "", "", "Officer", "") \
    F(K, capacity, CODE, \
      "first_response supervisor duty_inspector detective specialist_homicide forensic exhibits " \
      "coroner_officer ambulance forensic_medical_examiner other", LATER, PLAIN, "", "", \
      "Capacity", "") \
    F(K, told_at, TIME, "", LATER, PLAIN, "", "", "Told", "") \
    F(K, asked_at, TIME, "", LATER, PLAIN, "", "", "Asked to attend", "") \
    F(K, asked_by, REF, "officer", LATER, PLAIN, "", "", "Asked by", "") \
    F(K, from, TIME, "", LATER, PLAIN, "", "", "Arrived", "") \
    F(K, to, TIME, "", LATER, PLAIN, "", "", "Left", "") \
    F(K, acting, YESNO, "", LATER, PLAIN, "", "", "Acting rank?", "") \
    F(K, declined_reason, TEXT, "", LATER, PLAIN, "", "", "Did not attend because", "")

/* A look at the whole record by somebody else. */
#define REVIEW_FIELDS(F, K) \
    F(K, death, REF, "death", LATER, PLAIN, "", "", "Death", "") \
    F(K, by, REF, "officer", LATER, PLAIN, "", "", "By", "") \
    F(K, at, TIME, "", LATER, PLAIN, "", "", "When", "") \
    F(K, kind, CODE, \
      "supervisor dip_sample back_record random_specialist after_new_link before_closing independent", \
      LATER, PLAIN, "", "", \
      "Kind", "back-record and random re-reviews by specialists estimate how many homicides were missed") \
    F(K, outcome, CODE, "agree return escalate recategorise", LATER, PLAIN, "", "", "Outcome", "") \
    F(K, text, NARRATIVE, "", LATER, PERSONAL, "", "", "Findings", "")

/* A line of enquiry with an owner and a due date. */
#define ACTION_FIELDS(F, K) \
    F(K, death, REF, "death", LATER, PLAIN, "", "", "Death", "") \
    F(K, type, CODE, \
      "intelligence_check house_to_house cctv phone_trace account_trace witness access_to_premises " \
      "time_of_death medical_records financial other", LATER, PLAIN, "", "", \
      "Type", "") \
    F(K, subject, REF, "any", LATER, PLAIN, "", "", "About whom or what", "") \
    F(K, system, CODE, \
      "local PNC PND BTP other_force missing_persons sex_offenders ambulance health none", \
      LATER, PLAIN, "", "", \
      "System searched (intelligence checks)", "") \
    F(K, owner, REF, "officer", LATER, PLAIN, "", "", "Owner", "") \
    F(K, due_at, TIME, "", LATER, PLAIN, "", "", "Due", "") \
    F(K, state, CODE, "open done not_possible", LATER, PLAIN, "", "", "State", "") \
    F(K, result, NARRATIVE, "", LATER, PERSONAL, "", "", "Result", "") \
    F(K, told, REFS, "officer", LATER, PLAIN, "", "", "Who was told", "") \
    F(K, done_at, TIME, "", LATER, PLAIN, "", "", "Done", "")

/* A contact with the family or those close to the dead: partners and friends count. */
#define CONTACT_FIELDS(F, K) \
    F(K, death, REF, "death", LATER, PLAIN, "", "", "Death", "") \
    F(K, person, REF, "person", LATER, PLAIN, "", "", "With", "") \
    F(K, by, REF, "officer", LATER, PLAIN, "", "", "By", "") \
    F(K, at, TIME, "", LATER, PLAIN, "", "", "When", "") \
    F(K, how, CODE, "in_person phone letter message", LATER, PLAIN, "", "", "How", "") \
    F(K, told, NARRATIVE, "", LATER, PERSONAL, "", "", "What they were told", "") \
    F(K, said, NARRATIVE, "", LATER, PERSONAL, "", "", "What they said", "")

/* Something raised that must be answered: by family, friend, coroner, adviser, community or press. */
#define CONCERN_FIELDS(F, K) \
    F(K, events, REFS, "death|incident", LATER, PLAIN, "", "", "About (one death or several)", "") \
    F(K, raised_by, TEXT, "", LATER, PERSONAL, "", "", "By whom", "") \
    F(K, channel, CODE, \
      "family friend coroner adviser community press officer other", LATER, PLAIN, "", "", \
      "Channel", "") \
    F(K, at, TIME, "", LATER, PLAIN, "", "", "When", "") \
    F(K, text, NARRATIVE, "", LATER, PERSONAL, "", "", "What", "") \
    F(K, owner, REF, "officer", LATER, PLAIN, "", "", "Owner", "") \
    F(K, due_at, TIME, "", LATER, PLAIN, "", "", "Due", "") \
    F(K, answer, NARRATIVE, "", LATER, PERSONAL, "", "", "Answer", "") \
    F(K, answered_at, TIME, "", LATER, PLAIN, "", "", "Answered", "")

/* An adviser offered, asked or declined. */
#define ADVICE_FIELDS(F, K) \
    F(K, events, REFS, "death|incident", LATER, PLAIN, "", "", "About (one death or several)", "") \
    F(K, adviser, TEXT, "", LATER, PERSONAL, "", "", "Adviser", "") \
    F(K, kind, CODE, \
      "lgbt faith_culture drugs_chemsex homelessness disability sex_work domestic_abuse other", \
      LATER, PLAIN, "", "", \
      "Kind", "") \
    F(K, asked_at, TIME, "", LATER, PLAIN, "", "", "Asked", "") \
    F(K, text, NARRATIVE, "", LATER, PERSONAL, "", "", "Advice", "") \
    F(K, acted_on, NARRATIVE, "", LATER, PERSONAL, "", "", "What was done", "")

/* A referral to or from a body outside, with its clock and its answer. */
#define REFERRAL_FIELDS(F, K) \
    F(K, events, REFS, "death|incident", LATER, PLAIN, "", "", "About", "") \
    F(K, to, CODE, "IOPC coroner inspectorate professional_standards other", LATER, PLAIN, "", "", \
      "To or from", "") \
    F(K, kind, CODE, "complaint conduct_referral prevention_report recommendation", LATER, PLAIN, "", "", \
      "Kind", "") \
    F(K, at, TIME, "", LATER, PLAIN, "", "", "When", "") \
    F(K, due_at, TIME, "", LATER, PLAIN, "", "", "Answer due", "") \
    F(K, text, NARRATIVE, "", LATER, PERSONAL, "", "", "What", "") \
    F(K, answer, NARRATIVE, "", LATER, PERSONAL, "", "", "Answer", "") \
    F(K, reopened, YESNO, "", LATER, PLAIN, "", "", "Reopened?", "")

/* clang-format on */

#endif
