/* Recorded values in the words people read: codes by their labels, times and places in full. Pure. */
#ifndef APP_WORDS_H
#define APP_WORDS_H

#include "base/buf.h"
#include "model/policy.h"
#include "model/record.h"

/* A value as it stands in a fact or a holding (canonical JSON, with its key). "null" gives "withdrawn". Times
 * are UTC: "28 August 2014, 8:00am"; a span "between X and Y"; a place "51.5350, 0.0790, give or take 150 m".
 */
void words_value(struct buf *out, struct arena *a, const struct policy *policy, const struct kind *kind,
                 int field, Str value, Str key);
/* The same in the arena. */
Str words_of(struct arena *a, const struct policy *policy, const struct kind *kind, int field, Str value,
             Str key);

/* "pronounced_dead" -> "pronounced dead"; the label of a vocabulary where the field has one. */
Str words_code(struct arena *a, const struct policy *policy, const struct kind *kind, int field, Str code);

/* Who or what a reference leads to, in a few words; STR_NONE when nothing is known of it. `ns`: of the record
 * that refers. */
struct words_names {
    Str (*name)(void *state, const struct field *field, Str ns, Str reference);
    void *state;
};
/* "P-WALKER (Dog walker W1)", or the reference alone. names may be NULL. */
Str words_reference(struct arena *a, const struct words_names *names, const struct field *field, Str ns,
                    Str reference);

/* What a record is, in a few words without its id: "Aidan Warden, KG/2014/0619"; "the finder, P-WALKER (Dog
 * walker W1)"; "" when nothing says so. `about` (NULL allowed): a record that need not be named, because it
 * is beside it. */
Str words_record(struct arena *a, const struct policy *policy, const struct record *record,
                 const struct record_id *about, const struct words_names *names);
/* "death D1", "death cook:123" (the namespace unless it is the default one). */
Str words_id(struct arena *a, const struct record_id *id);
Str words_name(Str name); /* "Name not known" when it is empty */
/* "Aidan Warden, KG/2014/0619", as deaths are named everywhere; without a reference by the id. */
Str words_death(struct arena *a, Str name, Str ref, const struct record_id *id);
struct incident;
/* "Missing person, 19 June 2014, Flat 26, Crane Street": what kind of record it is, when and where. */
Str words_incident(struct arena *a, const struct policy *policy, const struct incident *incident);
/* "2014-08-28T08:00:00Z" -> "28 August 2014, 8:00am" */
Str words_time(struct arena *a, int64_t ms);

/* "about 250 m apart" -> "About 250 m apart", and with a full stop where it has none. */
Str words_capital(struct arena *a, Str text);
Str words_sentence(struct arena *a, Str text);

#endif
