#include "store/keys.h"

#include <sodium.h>

static enum status named_put(struct db *keys, Str name, const void *secret, size_t bytes, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, keys, Q_key_named_put, e));
    query_str(&q, name);
    query_blob(&q, secret, bytes);
    return query_run(&q, e);
}

static enum status named_get(struct db *keys, Str name, void *secret, size_t bytes, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&q, keys, Q_key_named_get, e));
    query_str(&q, name);
    TRY(query_step(&q, &row, e));
    Str found = row ? query_get_blob(&q, 0) : STR_NONE;
    if (found.len != bytes)
        return ERR(e, E_DB, "", "keys.db holds no %.*s key; restore it from a backup.", STR_ARG(name));
    memcpy(secret, found.ptr, bytes);
    return OK;
}

enum status keys_make(struct db *keys, const struct entropy *entropy, struct err *e)
{
    struct store_keys made;
    signing_key_make(entropy, &made.signing);
    entropy->fill(entropy->state, made.access.byte, RECORD_KEY_BYTES);
    entropy->fill(entropy->state, made.admin.byte, RECORD_KEY_BYTES);
    enum status status = db_begin_write(keys, e);
    if (status == OK) status = named_put(keys, S("signing"), &made.signing, sizeof made.signing, e);
    if (status == OK) status = named_put(keys, S("access"), made.access.byte, RECORD_KEY_BYTES, e);
    if (status == OK) status = named_put(keys, S("admin"), made.admin.byte, RECORD_KEY_BYTES, e);
    if (status == OK) status = db_commit(keys, e);
    if (status != OK) db_rollback(keys);
    sodium_memzero(&made, sizeof made);
    return status;
}

enum status keys_load(struct db *keys, struct store_keys *out, struct err *e)
{
    TRY(named_get(keys, S("signing"), &out->signing, sizeof out->signing, e));
    TRY(named_get(keys, S("access"), out->access.byte, RECORD_KEY_BYTES, e));
    return named_get(keys, S("admin"), out->admin.byte, RECORD_KEY_BYTES, e);
}

enum status keys_get(struct db *keys, uint64_t record, struct record_key *out, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    TRY(query_start(&q, keys, Q_key_get, e));
    query_u64(&q, record);
    TRY(query_step(&q, &row, e));
    if (!row)
        return ERR(e, E_NOT_FOUND, "", "the key of record number %llu is gone.", (unsigned long long)record);
    Str secret = query_get_blob(&q, 0);
    if (secret.len != RECORD_KEY_BYTES)
        return ERR(e, E_DB, "", "the key of record number %llu is damaged.", (unsigned long long)record);
    memcpy(out->byte, secret.ptr, RECORD_KEY_BYTES);
    return OK;
}

enum status keys_put(struct db *keys, uint64_t record, const struct record_key *key, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, keys, Q_key_put, e));
    query_u64(&q, record);
    query_blob(&q, key->byte, RECORD_KEY_BYTES);
    return query_run(&q, e);
}

static enum status for_record(struct db *keys, enum statement id, uint64_t record, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, keys, id, e));
    query_u64(&q, record);
    return query_run(&q, e);
}

enum status keys_destroy(struct db *keys, uint64_t record, struct err *e)
{
    TRY(db_begin_write(keys, e));
    enum status status = for_record(keys, Q_key_overwrite, record, e);
    if (status == OK) status = for_record(keys, Q_key_delete, record, e);
    if (status == OK) status = db_commit(keys, e);
    if (status != OK) db_rollback(keys);
    return status;
}
