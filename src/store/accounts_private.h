/* What the files of accounts.db share. */
#ifndef STORE_ACCOUNTS_PRIVATE_H
#define STORE_ACCOUNTS_PRIVATE_H

#include "store/accounts.h"
#include "store/db.h"
#include "store/store_private.h"

/* Takes accounts.db; one call at a time has it. Makes it when the store is older than accounts. Give it back
 * with accounts_give, also after a failure of the work. */
MUST_USE enum status accounts_take(struct store *s, struct db **out, struct err *e);
void accounts_give(struct store *s);

/* The time by which sessions and second factors go. */
static inline int64_t sign_in_now_ms(const struct store *s)
{
    return clock_now_ms(s->env.sign_in.now_ms != NULL ? &s->env.sign_in : &s->env.clock);
}

/* One entry of administration in the change ledger, before what it tells of is done. */
MUST_USE enum status administration_note(struct store *s, const struct actor *actor, Str verb, Str body,
                                         struct err *e);

/* The row of account_find, account_get and account_list that a query stands on; texts in `a`. */
void account_read_row(struct query *q, struct arena *a, struct account *out);
MUST_USE enum status account_get(struct db *db, uint64_t number, struct arena *a, struct account *out,
                                 struct err *e);
MUST_USE enum status sessions_drop(struct db *db, uint64_t account, struct err *e);

/* A new token, and the hash that is kept of one. */
void token_make(struct store *s, Token *out);
Sha256 token_hash(Str token);

struct account_secrets {
    char password[128]; /* as libsodium writes it; "" when there is none */
    unsigned char totp[TOTP_SECRET_BYTES];
    bool has_totp;
    uint64_t totp_step;
    uint64_t failures;
    int64_t failures_since_ms;
};
MUST_USE enum status secrets_read(struct db *db, uint64_t number, struct account_secrets *out, struct err *e);
/* Is it a code of the secret that has not been used? *step: the one to remember. */
bool totp_matches(const struct account_secrets *secrets, int64_t now_ms, Str code, uint64_t *step);

#endif
