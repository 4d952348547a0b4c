/* A report of a death as it is being written: kept as a sealed note of the account that writes it, saved at
 * every step, gone when it was sent or thrown away. Holds what was typed, by part and field. */
#ifndef APP_REPORT_DRAFT_H
#define APP_REPORT_DRAFT_H

#include "app/report_steps.h"
#include "base/json.h"
#include "base/rng.h"
#include "model/policy.h"
#include "model/record.h"
#include "store/accounts.h"

struct report_draft {
    Str id; /* ten letters and digits, not guessable; the death is made under it */
    int64_t changed_ms;
    struct json_doc doc;
};
void report_draft_done(struct report_draft *d); /* repeated calls are allowed */
#define CLEANUP_DRAFT __attribute__((cleanup(report_draft_done)))

/* A new one, not saved yet. */
void report_draft_begin(const struct entropy *entropy, struct arena *a, struct report_draft *out);
/* E_NOT_FOUND: there is none of this account under that id, whoever else's it may be. */
MUST_USE enum status report_draft_load(struct store *s, uint64_t account, Str id, struct arena *a,
                                       struct report_draft *out, struct err *e);
MUST_USE enum status report_draft_save(struct store *s, uint64_t account, const struct report_draft *d,
                                       struct err *e);
MUST_USE enum status report_draft_drop(struct store *s, uint64_t account, Str id, struct err *e);

/* The drafts of an account, the one last changed first. */
struct report_draft_line {
    Str id, place; /* place: what was said of it; "" : nothing */
    int64_t changed_ms;
    int answered; /* steps */
    int next;     /* the first step without an answer; REPORT_STEPS: all have one */
};
MUST_USE enum status report_draft_list(struct store *s, uint64_t account, struct arena *a,
                                       struct report_draft_line **out, size_t *count, struct err *e);

/* The fields of a part as they were typed, to read and to put values in (null: taken back). */
Json *report_draft_part(struct report_draft *d, enum report_part part);
/* The same as text, without what was taken back: "{}" when there is nothing. */
Str report_draft_set(const struct report_draft *d, enum report_part part, struct arena *a);
Str report_draft_extra(const struct report_draft *d, enum report_extra extra); /* "" : not answered */
void report_draft_put_extra(struct report_draft *d, enum report_extra extra, Str code);

enum report_answer { ANSWER_NONE, ANSWER_GIVEN, ANSWER_NOT_KNOWN };
enum report_answer report_draft_answered(const struct report_draft *d, int step);
void report_draft_answer(struct report_draft *d, int step, enum report_answer answer);
int report_draft_next(const struct report_draft *d); /* the first step without an answer */

/* One field's value, checked and normalised. out->value STR_NONE: nothing was said. E_INVALID says what is
 * wrong with it, for the person who typed it. */
MUST_USE enum status report_draft_fact(const struct report_draft *d, const struct policy *policy,
                                       enum report_part part, int field, struct arena *a, struct fact *out,
                                       struct err *e);

#endif
