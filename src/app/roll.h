/* The roll: every death as it is now, in a few words and figures, in memory; with the units, the officers and
 * what says who may see which. Lists, maps, counts and hints read it, so that they answer at once with a
 * hundred thousand deaths. It follows the ledger: roll_follow reads what has changed.
 *
 * Many may read at once (roll_hold), one follows. What is read from it is not yet a reading of anybody: who
 * shows it notes it (store_note_shown). */
#ifndef APP_ROLL_H
#define APP_ROLL_H

#include "base/table.h"
#include "compare/name_index.h"
#include "model/value.h"
#include "store/store.h"

#define ROLL_NONE UINT32_MAX

struct roll;
struct roll *roll_new(void);
void roll_free(struct roll *r); /* NULL is allowed */

/* Reads what entered the ledger since the last call; the first call reads everything. Cheap when there is
 * nothing new. Not while held by the same thread. */
MUST_USE enum status roll_follow(struct roll *r, struct store *s, struct err *e);
uint64_t roll_seq(struct roll *r); /* the entry up to which it was read */

/* Everything below: between hold and release. */
void roll_hold(struct roll *r);
void roll_release(struct roll *r);

/* Texts are "" when not recorded; the pointers hold until release. */
struct roll_death {
    struct record_id id;
    uint64_t version;
    Str ref, force, unit, name, sex, setting, mechanism, posture, address, postcode, manner, explanation,
        explanation_verified;
    Str category;              /* in force: of the latest classify decision, else the report's */
    struct str_list substance; /* codes */
    struct str_list absent;
    double age; /* NAN: not recorded */
    struct place place;
    struct span found;
    int64_t when_ms; /* to order by: found, else reported, died, last seen; INT64_MIN: no time at all */
    bool restricted; /* a restriction is in force */
    bool gone;       /* no longer visible: to be passed over */
};
size_t roll_count(const struct roll *r); /* gone ones count */
const struct roll_death *roll_death(const struct roll *r, uint32_t i);
uint32_t roll_find(const struct roll *r, const struct record_id *id); /* ROLL_NONE */
/* By a person's word for it: its force reference, "ns:id", or its id; ROLL_NONE when none or several. */
uint32_t roll_find_word(const struct roll *r, Str word);
/* The names of the deaths, by their places in the roll. */
const struct name_index *roll_names(const struct roll *r);
/* Newest first, by when_ms, then id. */
const uint32_t *roll_by_time(struct roll *r, size_t *count);

struct roll_officer {
    struct record_id id;
    Str name, number, rank, unit;
};
struct roll_unit {
    struct record_id id;
    Str name, kind, parent;
};
const struct roll_officer *roll_officer(const struct roll *r, Str ns, Str reference); /* NULL */
const struct roll_unit *roll_unit(const struct roll *r, Str ns, Str reference);       /* NULL */
size_t roll_officers(const struct roll *r, const struct roll_officer **out);
size_t roll_units(const struct roll *r, const struct roll_unit **out);
/* Its name, else the code itself. */
Str roll_unit_words(const struct roll *r, Str unit);

/* Restricted events are seen by nobody but those who are cleared, by name or by unit. officer, unit: record
 * ids as an account has them ("" : none). Events are deaths and incidents. */
bool roll_is_restricted(const struct roll *r, const struct record_id *event);
bool roll_is_cleared(const struct roll *r, const struct record_id *event, Str officer, Str unit);
/* Adds the keys (roll_key) of the events in which the officer has declared an interest: in the event, or in
 * somebody who has a part in it. */
void roll_conflicts(const struct roll *r, Str officer, struct table *events);
/* "ns:id": what tells events apart. out: room for any record's. */
Str roll_key(const struct record_id *event, struct buf *out);
/* The same of a reference seen from the namespace `ns`, in the arena; "" for none. */
Str roll_ref_key(struct arena *a, Str ns, Str reference);

#endif
