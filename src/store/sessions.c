/* Signing in, second factors and sessions. */
#include "store/accounts_private.h"

#include <nettle/hmac.h>
#include <sodium.h>
#include <stdio.h>

#define TOTP_STEP_MS  30000
#define TOTP_DIGITS   6
#define SEEN_EVERY_MS 60000 /* how exact the time of the last request is kept */

/* ---- second factor ---------------------------------------------------------------------------------- */

/* RFC 4226, section 5.3 */
static uint32_t hotp(const unsigned char secret[TOTP_SECRET_BYTES], uint64_t step)
{
    struct hmac_sha1_ctx mac;
    uint8_t text[8], digest[SHA1_DIGEST_SIZE];
    for (int i = 0; i < 8; i++)
        text[i] = (uint8_t)(step >> (56 - 8 * i));
    hmac_sha1_set_key(&mac, TOTP_SECRET_BYTES, secret);
    hmac_sha1_update(&mac, sizeof text, text);
    hmac_sha1_digest(&mac, sizeof digest, digest);
    const uint8_t *at = digest + (digest[SHA1_DIGEST_SIZE - 1] & 0xf);
    uint32_t code = ((uint32_t)at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    return code % 1000000;
}

void totp_code(const unsigned char secret[TOTP_SECRET_BYTES], int64_t at_ms, char out[7])
{
    snprintf(out, TOTP_DIGITS + 1, "%06u",
             (unsigned)hotp(secret, (uint64_t)(at_ms / TOTP_STEP_MS)) % 1000000);
}

bool totp_matches(const struct account_secrets *secrets, int64_t now_ms, Str code, uint64_t *step)
{
    uint64_t now = (uint64_t)(now_ms / TOTP_STEP_MS);
    bool found = false;
    code = str_trim(code);
    if (!secrets->has_totp || code.len != TOTP_DIGITS) return false;
    for (uint64_t at = now - 1; at <= now + 1; at++) { /* all three, so that time tells nothing */
        char wanted[TOTP_DIGITS + 1];
        snprintf(wanted, sizeof wanted, "%06u", (unsigned)hotp(secrets->totp, at) % 1000000);
        bool same = sodium_memcmp(wanted, code.ptr, TOTP_DIGITS) == 0 && at > secrets->totp_step;
        if (same && !found) *step = at;
        found = found || same;
    }
    return found;
}

enum status secrets_read(struct db *db, uint64_t number, struct account_secrets *out, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    bool row = false;
    *out = (struct account_secrets){0};
    TRY(query_start(&q, db, Q_account_secrets, e));
    query_u64(&q, number);
    TRY(query_step(&q, &row, e));
    if (!row) return ERR(e, E_NOT_FOUND, "", "there is no such account.");
    Str password = query_get_str(&q, 0), totp = query_get_blob(&q, 1);
    if (str_present(password) && password.len < sizeof out->password)
        memcpy(out->password, password.ptr, password.len);
    out->has_totp = totp.len == TOTP_SECRET_BYTES;
    if (out->has_totp) memcpy(out->totp, totp.ptr, TOTP_SECRET_BYTES);
    out->totp_step = query_get_u64(&q, 2);
    out->failures = query_get_u64(&q, 3);
    out->failures_since_ms = query_get_i64(&q, 4);
    return OK;
}

static enum status totp_set(struct db *db, uint64_t account, const unsigned char secret[TOTP_SECRET_BYTES],
                            bool confirmed, uint64_t step, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, db, Q_account_set_totp, e));
    query_u64(&q, account);
    query_blob(&q, secret, TOTP_SECRET_BYTES);
    query_i64(&q, confirmed ? 1 : 0);
    query_u64(&q, step);
    return query_run(&q, e);
}

enum status second_factor_begin(struct store *s, uint64_t account, unsigned char secret[TOTP_SECRET_BYTES],
                                struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("an account", 1 << 16);
    unsigned char made[TOTP_SECRET_BYTES];
    struct account x;
    struct db *db = NULL;
    s->env.entropy.fill(s->env.entropy.state, made, sizeof made);
    TRY(accounts_take(s, &db, e));
    enum status status = account_get(db, account, scratch, &x, e);
    if (status == OK && x.has_second_factor)
        status = ERR(e, E_CONFLICT, "", "the account has a second factor; an administrator can reset it.");
    if (status == OK) status = totp_set(db, account, made, false, 0, e);
    accounts_give(s);
    if (status == OK) memcpy(secret, made, sizeof made);
    sodium_memzero(made, sizeof made);
    return status;
}

enum status second_factor_confirm(struct store *s, uint64_t account, Str code, struct err *e)
{
    struct account_secrets secrets;
    struct db *db = NULL;
    uint64_t step = 0;
    TRY(accounts_take(s, &db, e));
    enum status status = secrets_read(db, account, &secrets, e);
    if (status == OK && !totp_matches(&secrets, sign_in_now_ms(s), code, &step))
        status =
            ERR(e, E_INVALID, "code", "that is not the code shown now; check the clock of the telephone.");
    if (status == OK) status = totp_set(db, account, secrets.totp, true, step, e);
    accounts_give(s);
    sodium_memzero(&secrets, sizeof secrets);
    return status;
}

/* ---- signing in ------------------------------------------------------------------------------------- */

/* A hash of a password that nobody knows is checked for a name without one, so that it takes as long. */
static enum status nobody_make(struct store *s, struct err *e)
{
    Token secret;
    struct db *db = NULL;
    TRY(accounts_take(s, &db, e));
    enum status status = OK;
    if (s->nobody[0] == '\0') {
        token_make(s, &secret);
        if (crypto_pwhash_str(s->nobody, secret.text, TOKEN_CHARS, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                              crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
            status = ERR(e, E_LIMIT, "", "there is not enough memory to check a password; try again.");
    }
    accounts_give(s);
    return status;
}

static bool password_right(const struct store *s, const char *hash, Str password)
{
    const char *against = hash[0] != '\0' ? hash : s->nobody;
    return crypto_pwhash_str_verify(against, password.ptr, password.len) == 0 && hash[0] != '\0';
}

static enum status failures_set(struct db *db, uint64_t account, uint64_t failures, int64_t since_ms,
                                int64_t locked_until_ms, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, db, Q_account_set_failures, e));
    query_u64(&q, account);
    query_u64(&q, failures);
    query_i64(&q, since_ms);
    query_i64(&q, locked_until_ms);
    return query_run(&q, e);
}

static enum status failure_count(struct db *db, uint64_t account, const struct account_secrets *secrets,
                                 int64_t now_ms, struct err *e)
{
    bool within = secrets->failures > 0 && now_ms - secrets->failures_since_ms < LOCK_WITHIN_MS;
    uint64_t failures = within ? secrets->failures + 1 : 1;
    int64_t since_ms = within ? secrets->failures_since_ms : now_ms;
    bool locks = failures >= LOCK_FAILURES;
    return failures_set(db, account, locks ? 0 : failures, since_ms, locks ? now_ms + LOCK_FOR_MS : 0, e);
}

static enum status session_put(struct db *db, const Token *token, uint64_t account, int64_t now_ms,
                               bool second_factor, Str peer, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    Sha256 hash = token_hash(str_of(token->text));
    TRY(query_start(&q, db, Q_session_put, e));
    query_blob(&q, hash.byte, SHA256_BYTES);
    query_u64(&q, account);
    query_i64(&q, now_ms);
    query_i64(&q, second_factor ? 1 : 0);
    query_str(&q, str_present(peer) ? peer : S(""));
    return query_run(&q, e);
}

static enum status sessions_forget(struct db *db, int64_t now_ms, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, db, Q_session_drop_older, e));
    query_i64(&q, now_ms - SESSION_ABSOLUTE_MS);
    return query_run(&q, e);
}

/* What the store knows of who wants to sign in; number 0: nobody of that name. */
struct candidate {
    struct account account;
    struct account_secrets secrets;
};

static enum status candidate_read(struct store *s, Str name, struct arena *a, struct candidate *out,
                                  struct err *e)
{
    struct err none = {0};
    struct db *db = NULL;
    *out = (struct candidate){0};
    enum status status = account_find(s, name, a, &out->account, &none);
    if (status == E_NOT_FOUND) return OK;
    if (status != OK) return ERR(e, status, "", "%s", none.text);
    TRY(accounts_take(s, &db, e));
    status = secrets_read(db, out->account.number, &out->secrets, e);
    accounts_give(s);
    return status;
}

/* With the password judged. The code is judged here, where its step can be used up at once. */
static enum status admit(struct store *s, struct db *db, const struct candidate *x,
                         const struct credentials *given, bool right, Token *token, enum sign_in *outcome,
                         struct err *e)
{
    struct account_secrets now_secrets;
    int64_t now_ms = sign_in_now_ms(s);
    uint64_t step = 0;
    bool has_code = x->account.has_second_factor;
    TRY(db_begin_write(db, e));
    TRY(secrets_read(db, x->account.number, &now_secrets, e)); /* others may have tried meanwhile */
    bool code_typed = !str_empty(str_trim(given->code));
    if (right && has_code && !code_typed) {
        *outcome = SIGN_IN_NEEDS_CODE;
        return OK;
    }
    bool code_right = !has_code || totp_matches(&now_secrets, now_ms, given->code, &step);
    if (!right || !code_right) {
        *outcome = SIGN_IN_WRONG;
        TRY(failure_count(db, x->account.number, &now_secrets, now_ms, e));
        return db_commit(db, e);
    }
    token_make(s, token);
    if (has_code) TRY(totp_set(db, x->account.number, now_secrets.totp, true, step, e));
    TRY(failures_set(db, x->account.number, 0, 0, 0, e));
    TRY(sessions_forget(db, now_ms, e));
    TRY(session_put(db, token, x->account.number, now_ms, has_code, given->peer, e));
    *outcome = SIGN_IN_DONE;
    return db_commit(db, e);
}

enum status session_begin(struct store *s, const struct credentials *given, Token *token,
                          enum sign_in *outcome, struct err *e)
{
    struct arena *scratch CLEANUP_ARENA = arena_new("signing in", 1 << 16);
    struct candidate x;
    struct db *db = NULL;
    Str name = str_lower(scratch, str_trim(given->name));
    TRY(nobody_make(s, e));
    TRY(candidate_read(s, name, scratch, &x, e));
    bool exists = x.account.number != 0 && !x.account.disabled;
    bool long_enough = given->password.len > 0 && given->password.len <= PASSWORD_BYTES_MAX;
    bool right =
        password_right(s, exists ? x.secrets.password : "", long_enough ? given->password : S("x")) &&
        long_enough;
    *outcome = SIGN_IN_WRONG;
    if (!exists) return OK;
    if (x.account.locked_until_ms > sign_in_now_ms(s)) {
        *outcome = SIGN_IN_LOCKED;
        return OK;
    }
    TRY(accounts_take(s, &db, e));
    enum status status = admit(s, db, &x, given, right, token, outcome, e);
    accounts_give(s);
    sodium_memzero(&x.secrets, sizeof x.secrets);
    return status;
}

/* ---- sessions --------------------------------------------------------------------------------------- */

static enum status session_drop(struct db *db, const Sha256 *hash, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, db, Q_session_drop, e));
    query_blob(&q, hash->byte, SHA256_BYTES);
    return query_run(&q, e);
}

static enum status seen_set(struct db *db, const Sha256 *hash, int64_t now_ms, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    TRY(query_start(&q, db, Q_session_set_seen, e));
    query_blob(&q, hash->byte, SHA256_BYTES);
    query_i64(&q, now_ms);
    return query_run(&q, e);
}

static enum status session_find_in(struct store *s, struct db *db, Str token, bool used, struct arena *a,
                                   struct signed_in *out, struct err *e)
{
    struct query q CLEANUP_QUERY = {0};
    Sha256 hash = token_hash(token);
    int64_t now_ms = sign_in_now_ms(s);
    bool row = false;
    TRY(query_start(&q, db, Q_session_get, e));
    query_blob(&q, hash.byte, SHA256_BYTES);
    TRY(query_step(&q, &row, e));
    if (!row) return ERR(e, E_DENIED, "", "sign in first.");
    uint64_t account = query_get_u64(&q, 0);
    int64_t began_ms = query_get_i64(&q, 1), seen_ms = query_get_i64(&q, 2);
    *out = (struct signed_in){.began_ms = began_ms, .second_factor = query_get_i64(&q, 3) != 0};
    query_done(&q);
    if (now_ms - seen_ms > SESSION_IDLE_MS || now_ms - began_ms > SESSION_ABSOLUTE_MS) {
        TRY(session_drop(db, &hash, e));
        return ERR(e, E_DENIED, "", "you were signed out after a while without use; sign in again.");
    }
    if (used && now_ms - seen_ms >= SEEN_EVERY_MS) TRY(seen_set(db, &hash, now_ms, e));
    TRY(account_get(db, account, a, &out->account, e));
    return out->account.disabled ? ERR(e, E_DENIED, "", "this account is disabled.") : OK;
}

static enum status session_look(struct store *s, Str token, bool used, struct arena *a, struct signed_in *out,
                                struct err *e)
{
    struct db *db = NULL;
    if (token.len != TOKEN_CHARS) return ERR(e, E_DENIED, "", "sign in first.");
    TRY(accounts_take(s, &db, e));
    enum status status = session_find_in(s, db, token, used, a, out, e);
    accounts_give(s);
    return status;
}

enum status session_find(struct store *s, Str token, struct arena *a, struct signed_in *out, struct err *e)
{
    return session_look(s, token, true, a, out, e);
}

enum status session_peek(struct store *s, Str token, struct arena *a, struct signed_in *out, struct err *e)
{
    return session_look(s, token, false, a, out, e);
}

enum status session_end(struct store *s, Str token, struct err *e)
{
    struct db *db = NULL;
    Sha256 hash = token_hash(token);
    TRY(accounts_take(s, &db, e));
    enum status status = session_drop(db, &hash, e);
    accounts_give(s);
    return status;
}
