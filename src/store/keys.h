/* The key store. */
#ifndef STORE_KEYS_H
#define STORE_KEYS_H

#include "store/db.h"
#include "store/ledger.h"

/* Keys that belong to no record. */
struct store_keys {
    struct signing_key signing;
    struct record_key access, admin;
};
MUST_USE enum status keys_make(struct db *keys, const struct entropy *entropy, struct err *e);
MUST_USE enum status keys_load(struct db *keys, struct store_keys *out, struct err *e);

/* E_NOT_FOUND: never made, or destroyed. */
MUST_USE enum status keys_get(struct db *keys, uint64_t record, struct record_key *out, struct err *e);
MUST_USE enum status keys_put(struct db *keys, uint64_t record, const struct record_key *key, struct err *e);
/* Overwrites and deletes; OK when it is gone already. Empties the write-ahead log too, or says why it cannot.
 */
MUST_USE enum status keys_destroy(struct db *keys, uint64_t record, struct err *e);

#endif
