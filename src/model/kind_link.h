/* What links ask for: the suggestion itself, who may not see what, and the meeting that goes through it.
 * A row is as in struct field (see kind_work.h). None of these ever scores. */
#ifndef MODEL_KIND_LINK_H
#define MODEL_KIND_LINK_H

/* clang-format off */

/* A link that the linker or a person suggests: one record a pair or series, which grows by later lines. What
 * people answer are records of their own (decision, type link), so that nothing said is ever overwritten. */
#define LINK_FIELDS(F, K) \
    F(K, deaths, REFS, "death", LATER, PLAIN, "", "", "Deaths it ties", "") \
    F(K, incidents, REFS, "incident", LATER, PLAIN, "", "", "Incidents it ties", "") \
    F(K, raised_by, CODE, "pair series three scan rate exposure person", LATER, PLAIN, "", "", "Raised by", \
      "three: three together that no pair of them shows; scan: a cluster in place and time; rate, exposure: " \
      "more deaths than expected; person: somebody suggested it") \
    F(K, first, REF, "death|incident", LATER, PLAIN, "", "", "The event that raised it", "") \
    F(K, second, REF, "death|incident", LATER, PLAIN, "", "", "The one it was tied to", "") \
    F(K, weight, NUMBER, "", LATER, PLAIN, "", "tenfold steps", "Weight of the evidence", "") \
    F(K, threshold, NUMBER, "", LATER, PLAIN, "", "tenfold steps", "Threshold on that day", "") \
    F(K, second_look, NUMBER, "", LATER, PLAIN, "", "tenfold steps", "Weight at the second look", \
      "where given, it raised the link, and the threshold is of it") \
    F(K, once_in_weeks, NUMBER, "", LATER, PLAIN, "", "weeks", "By chance once in", \
      "how rarely one as strong has come up in the force's own last half year") \
    F(K, unverified, YESNO, "", LATER, PLAIN, "", "", "Is an offered explanation unverified?", "") \
    F(K, back_record, YESNO, "", LATER, PLAIN, "", "", "Found in records of earlier years?", \
      "worked by value, so many a day, apart from what happens today") \
    F(K, told_at, TIME, "", LATER, PLAIN, "", "", "Told", "work on it begins then") \
    F(K, model, TEXT, "", LATER, PLAIN, "", "", "Linkage model", "") \
    F(K, counts_at, TIME, "", LATER, PLAIN, "", "", "Frequencies as of", "") \
    F(K, facts, TEXT, "", LATER, PLAIN, "", "", "Digest of the facts compared", \
      "the same facts give the same digest; a decision stands until it changes") \
    F(K, part_of, REF, "link", LATER, PLAIN, "", "", "Became part of", "two series that became one") \
    F(K, by, REF, "officer", LATER, PLAIN, "", "", "Suggested by", "when a person did") \
    F(K, note, NARRATIVE, "", LATER, PERSONAL, "", "", "Note", "")

/* Who alone may see a death or an incident. To everybody else it does not exist. */
#define RESTRICTION_FIELDS(F, K) \
    F(K, events, REFS, "death|incident", LATER, PLAIN, "", "", "What is restricted", "") \
    F(K, reason, NARRATIVE, "", LATER, PERSONAL, "", "", "Reason", "") \
    F(K, by, REF, "officer", LATER, PLAIN, "", "", "Restricted by", "") \
    F(K, approved_by, REF, "officer", LATER, PLAIN, "", "", "Approved by (another person)", "") \
    F(K, cleared, REFS, "officer", LATER, PLAIN, "", "", "Officers cleared", "") \
    F(K, units, CODES, "", LATER, PLAIN, "", "", "Units cleared", "") \
    F(K, from, TIME, "", LATER, PLAIN, "", "", "From", "") \
    F(K, lifted_at, TIME, "", LATER, PLAIN, "", "", "Lifted", "")

/* An officer who must not act on, or see, what concerns somebody close. */
#define CONFLICT_FIELDS(F, K) \
    F(K, officer, REF, "officer", LATER, PLAIN, "", "", "Officer", "") \
    F(K, with, REFS, "any", LATER, PLAIN, "", "", "With whom or what", "a person, a death, an incident") \
    F(K, why, NARRATIVE, "", LATER, PERSONAL, "", "", "Why", "") \
    F(K, declared_at, TIME, "", LATER, PLAIN, "", "", "Declared", "") \
    F(K, recorded_by, REF, "officer", LATER, PLAIN, "", "", "Recorded by", "") \
    F(K, ended_at, TIME, "", LATER, PLAIN, "", "", "Ended", "")

/* The meeting that goes through a day's deaths and suggested links, with its minutes. */
#define MEETING_FIELDS(F, K) \
    F(K, unit, CODE, "", LATER, PLAIN, "", "", "Unit", "") \
    F(K, at, TIME, "", LATER, PLAIN, "", "", "When", "") \
    F(K, chair, REF, "officer", LATER, PLAIN, "", "", "Chair", "") \
    F(K, present, REFS, "officer", LATER, PLAIN, "", "", "Present", "") \
    F(K, deaths, REFS, "death", LATER, PLAIN, "", "", "Deaths gone through", "") \
    F(K, links, REFS, "link", LATER, PLAIN, "", "", "Suggested links gone through", "") \
    F(K, minutes, NARRATIVE, "", LATER, PERSONAL, "", "", "Minutes", "")

/* clang-format on */

#endif
