/* A draft as records: the death, its people with their parts and telephones, what was said, who attended and
 * who was told. Sent as one unit, once: the ids come from the draft's, so that a report sent twice is one
 * report. */
#ifndef APP_REPORT_SEND_H
#define APP_REPORT_SEND_H

#include "app/near.h"
#include "app/report_draft.h"
#include "app/session.h"
#include "assure/quality.h"

/* In whose name a report stands among the sources. */
#define REPORT_SOURCE "death_report"

/* The death that a draft becomes. */
struct record_id report_death_id(struct arena *a, Str draft);
/* UNIT/YEAR/ and the first five letters of the draft's id, more of them where another death has that already.
 * Numbers in a row would tell how many deaths there are that the reader may not see. */
Str report_reference(const struct roll *r, Str unit, int64_t now_ms, Str draft, struct arena *a);

struct report_records {
    struct record_id death;
    Str ref;
    struct change *change; /* the death first */
    size_t count;
};
/* E_INVALID names the field that is wrong. */
MUST_USE enum status report_records_make(struct session *s, const struct roll *r, const struct viewer *who,
                                         int64_t now_ms, const struct report_draft *d, struct arena *a,
                                         struct report_records *out, struct err *e);
/* What is thin in it, and what contradicts itself: hints, never a refusal. */
MUST_USE enum status report_quality(struct session *s, const struct report_records *records, int64_t now_ms,
                                    struct arena *a, struct quality *out, struct err *e);
/* What is asked about deaths near by, from what is known so far. */
MUST_USE enum status report_near_query(const struct report_draft *d, const struct policy *policy,
                                       int64_t now_ms, struct arena *a, struct near_query *out,
                                       struct err *e);

/* Puts the records on the ledger, all or none, and drops the draft. *last_seq: the entry after which its
 * links are looked for; 0 when it had been sent before. */
MUST_USE enum status report_send(struct session *s, uint64_t account, const struct report_draft *d,
                                 const struct report_records *records, uint64_t *last_seq, struct err *e);

#endif
