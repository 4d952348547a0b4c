/* Reading what hangs together as one consultation: the lines of many records, what refers to them and who was
 * shown them, on one connection, in one snapshot, and with one entry of the access ledger that names them
 * all. Nothing of it may be shown before gathering_note has returned OK. One thread. */
#ifndef STORE_GATHER_H
#define STORE_GATHER_H

#include "store/store.h"

struct gathering;
/* Everything pointed to must outlive it. */
MUST_USE enum status gathering_begin(struct store *s, const struct actor *viewer, struct view view,
                                     struct gathering **out, struct err *e);
void gathering_end(struct gathering *g); /* NULL is allowed */

/* The lines of a record that the view sees, oldest entry first; none when it has not arrived or was erased.
 */
MUST_USE enum status gathering_lines(struct gathering *g, const struct record_id *id, struct arena *a,
                                     struct entry_line **out, size_t *count, struct err *e);
/* As store_referrers: those of the present, by kind, namespace, id. */
MUST_USE enum status gathering_referrers(struct gathering *g, const struct record_id *id, struct arena *a,
                                         struct record_id **out, size_t *count, struct err *e);
/* Of those only the ones of kind `from` that refer to no record of kind `unless` that is on record: not the
 * hundreds of deaths that a doctor is named in. */
MUST_USE enum status gathering_referrers_unless(struct gathering *g, const struct record_id *id,
                                                enum kind_id from, enum kind_id unless, struct arena *a,
                                                struct record_id **out, size_t *count, struct err *e);
/* As store_readings. None when there is no such record. */
MUST_USE enum status gathering_readings(struct gathering *g, const struct record_id *id, struct arena *a,
                                        struct shown **out, size_t *count, struct err *e);

/* One entry for all records whose lines were read since the last one; nothing when there were none. verb: one
 * word; query: what for, in a few words; about: the one record that was asked for (NULL: several). */
MUST_USE enum status gathering_note(struct gathering *g, Str verb, Str query, const struct record_id *about,
                                    struct err *e);

#endif
