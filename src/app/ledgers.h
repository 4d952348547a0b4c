/* Proving, and taking back: what people do with the ledgers rather than with records. */
#ifndef APP_LEDGERS_H
#define APP_LEDGERS_H

#include "app/session.h"

/* What a verification or a rebuild found, kept for showing; no more than LEDGER_FINDINGS_MAX are kept. */
#define LEDGER_FINDINGS_MAX 1000
struct ledger_findings {
    struct finding *finding;
    size_t count;
    uint64_t found; /* also those not kept */
};

/* session_prepare is enough: nothing is opened for use. checkpoint_path: a checkpoint kept elsewhere, NULL:
 * none. */
MUST_USE enum status ledger_verify(const struct session *s, const char *checkpoint_path, struct arena *a,
                                   struct verify_report *report, struct ledger_findings *findings,
                                   struct err *e);

MUST_USE enum status ledger_rebuild(struct session *s, bool check, struct arena *a,
                                    struct rebuild_report *report, struct ledger_findings *findings,
                                    struct err *e);

/* The batch with its number, as store_batches lists it. */
MUST_USE enum status ledger_batch(struct session *s, uint64_t batch, struct arena *a, struct batch_row *out,
                                  struct err *e);
/* Withdraws a batch and brings the search index up to date. E_CONFLICT when it is withdrawn already. */
MUST_USE enum status ledger_withdraw(struct session *s, Str approved_by, uint64_t batch, Str reason,
                                     struct batch_row *out, struct err *e);

#endif
